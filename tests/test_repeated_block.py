"""Text that appears in several articles: where and how often it is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from linter import readers
from linter.config import packs
from linter.finding import Finding
from linter.rule import Rule
from linter.source import Source
from samples import compare, steps_to_match

FOOT = "Written for the harbour page; all rights are with the house."


@pytest.fixture(scope="module")
def rule() -> Rule:
    """Return the rule with `blocks: 1` and `share: 0`, so that one repeated block is enough."""
    rule = next(rule for rule in packs.load_packs(()) if rule.name == "boilerplate/repeated-block")
    return replace(rule, check=replace(rule.check, blocks=1, share=0))


def story(number: int) -> str:
    """Return words that differ for each number."""
    return " ".join(f"word{number}x{i}" for i in range(30)) + "."


def many(number: int) -> str:
    """Return nine sentences that differ for each number."""
    return " ".join(story(100 * number + 100 + i) for i in range(9))


def found(rule: Rule, texts: Sequence[str], paths: Sequence[str] = ()) -> list[Finding]:
    paths = paths or [f"{number:03}.md" for number in range(len(texts))]
    documents = [readers.read(Source(text, path), "markdown") for text, path in zip(texts, paths, strict=True)]
    return compare(rule, documents)


@pytest.mark.parametrize(
    ("make", "count"),
    [
        pytest.param(lambda i: f"{story(i)}\n\n{FOOT}\n", 4, id="at the end"),
        pytest.param(lambda i: f"{FOOT}\n\n{story(i)}\n", 4, id="at the start"),
        pytest.param(lambda i: f"{story(i)} {FOOT}\n", 0, id="at the end of a paragraph"),
        pytest.param(lambda i: f"{story(i)}\n\n{FOOT.upper() if i % 2 else FOOT}\n", 4, id="in other capitals"),
        pytest.param(lambda i: f"{story(i)}\n\n- {FOOT}\n", 4, id="as a list"),
        pytest.param(lambda i: f"{story(i)}\n\nThe sea page\n", 4, id="a short line"),
        pytest.param(lambda i: f"{story(i)}\n\nThe sea page.\n", 0, id="a short sentence by itself"),
        pytest.param(
            lambda i: f"{story(i)}\n\nThe sea page. Go there.\n\nMay 4, 2026\nBy Anna Berg of the Page\n",
            0,
            id="a byline",
        ),
        pytest.param(lambda i: f"{story(i)}\n\nPosted on Monday, May 4th, 2026 at 10:30 a.m.\n", 0, id="a date"),
        pytest.param(lambda i: f"{story(i)}\n\n- [All of the places](#{i})\n", 0, id="an entry of contents"),
        pytest.param(lambda i: f"{story(i)}\n\nThe end.\n", 0, id="a few words"),
        pytest.param(lambda i: f"{story(i)} The sea page.\n", 0, id="a short sentence"),
        pytest.param(lambda i: f"{story(i)}\n\n- The sea page.\n", 0, id="a short item"),
        pytest.param(lambda i: f"{many(i)}\n\n{FOOT}\n\n{many(i + 9)}\n", 0, id="within the story"),
        pytest.param(lambda i: f"{story(i)}\n\n## {FOOT}\n\n{story(i + 9)}\n", 0, id="as a heading"),
        pytest.param(lambda i: f"{story(i)}\n\n> {FOOT}\n", 0, id="as a quotation"),
        pytest.param(lambda i: f"{story(i)}\n\n| a |\n|---|\n| {FOOT} |\n", 0, id="in a table"),
        pytest.param(lambda i: f"{story(i)}\n\nThis is what it will do:\n\n- {i}\n", 0, id="before a list"),
        pytest.param(lambda i: f"{story(i)}\n\nWrite `{i}` now and wait for it.\n", 0, id="with code in it"),
        pytest.param(lambda i: f"{story(0)}\n\n{story(1)}\n\n{FOOT}\n", 0, id="copies of one article"),
    ],
)
def test_span_of_repeated_text(rule: Rule, make: object, count: int) -> None:
    findings = found(rule, [make(i) for i in range(4)])  # type: ignore[operator]
    assert len(findings) == count
    assert {finding.text.casefold() for finding in findings} <= {FOOT.casefold(), "the sea page"}


@pytest.mark.parametrize(("blocks", "count"), [(2, 8), (3, 0)])
def test_an_article_needs_several_repeated_blocks(rule: Rule, blocks: int, count: int) -> None:
    several = replace(rule, check=replace(rule.check, blocks=blocks))
    texts = [f"{FOOT}\n\n{story(i)}\n\n{FOOT.replace('page', 'site')}\n" for i in range(4)]
    assert len(found(several, texts)) == count


def test_two_articles_are_too_few(rule: Rule) -> None:
    assert found(rule, [f"{story(i)}\n\n{FOOT}\n" for i in range(2)]) == []


def test_large_folders_need_more_articles(rule: Rule) -> None:
    def texts(others: int) -> list[str]:
        return [f"{story(i)}\n\n{FOOT}\n" for i in range(3)] + [f"{story(i + 5)}\n" for i in range(others)]

    assert len(found(rule, texts(60))) == 3
    assert found(rule, texts(300)) == []


def test_text_in_many_articles_is_reported_once(rule: Rule) -> None:
    findings = found(rule, [f"{story(i)}\n\n{FOOT}\n" for i in range(30)])
    assert [finding.path for finding in findings] == ["000.md"]
    assert "in 30 articles" in findings[0].message


def test_versions_of_an_article_count_as_one(rule: Rule) -> None:
    texts = [f"{story(i)}\n\n{FOOT}\n" for i in range(4)]
    assert found(rule, texts, [f"v{i}/manual.md" for i in range(4)]) == []
    assert found(rule, texts, [f"docs/{code}/manual.md" for code in ("en", "fr", "zh-cn", "pt_BR")]) == []
    assert len(found(rule, texts, [f"{i}/index.md" for i in range(4)])) == 4
    assert len(found(rule, texts, [f"tram-{i}/post.md" for i in range(4)])) == 4


def test_adjacent_texts_are_one_match(rule: Rule) -> None:
    same = f"{FOOT} Nobody else may print it.\n\nWrite to us about boats.\n"
    findings = found(rule, [f"{story(i)}\n\n{same}\n## {i}\n\n{FOOT.replace('page', 'site')}\n" for i in range(4)])
    assert [finding.text for finding in findings[:2]] == [same.rstrip(), FOOT.replace("page", "site")]
    assert len(findings) == 8


def test_lines_of_plain_text(rule: Rule) -> None:
    texts = [f"{story(i)}\nThe sea page\n{story(i + 9)}\n" for i in range(4)]
    findings = compare(rule, [readers.read(Source(text, f"{i}.txt"), "text") for i, text in enumerate(texts)])
    assert [finding.text for finding in findings] == 4 * ["The sea page"]


def test_versions_of_several_articles_are_reported_once(rule: Rule) -> None:
    texts = {f"v{i}/page{j}.md": f"{story(100 * i + j)}\n\n{FOOT}\n" for i in range(10) for j in range(3)}
    findings = found(rule, list(texts.values()), list(texts))
    assert [finding.path for finding in findings] == ["v0/page0.md"]
    assert "in 30 articles" in findings[0].message


def test_time_is_linear_in_the_number_of_articles(rule: Rule) -> None:
    def steps_for(articles: int) -> int:
        texts = [f"# Tram {i}\n\n{story(i)}\n\n## More\n\n{story(i + 10_000)}\n\n{FOOT}\n" for i in range(articles)]
        return steps_to_match(rule, texts)

    steps_for(20)
    assert steps_for(200) < 8 * steps_for(50)
