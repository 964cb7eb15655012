"""Text that several articles have: where it is marked, and how often."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from linter import readers
from linter.config import packs
from linter.finding import Finding
from linter.rule import Rule
from linter.source import Source
from samples import compare, seconds_to_match

FOOT = "Written for the harbour page; all rights are with the house."


@pytest.fixture(scope="module")
def rule() -> Rule:
    return next(rule for rule in packs.load_packs(()) if rule.name == "boilerplate/repeated-block")


def story(number: int) -> str:
    """Some words that no other number has."""
    return " ".join(f"word{number}x{i}" for i in range(30)) + "."


def many(number: int) -> str:
    """Nine sentences that no other number has."""
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
        pytest.param(lambda i: f"{story(i)} {FOOT}\n", 4, id="at the end of a paragraph"),
        pytest.param(lambda i: f"{story(i)}\n\n{FOOT.upper() if i % 2 else FOOT}\n", 4, id="in other capitals"),
        pytest.param(lambda i: f"{story(i)}\n\n- {FOOT}\n", 4, id="as a list"),
        pytest.param(lambda i: f"{story(i)}\n\nThe old sea page.\n", 4, id="a short paragraph"),
        pytest.param(lambda i: f"{story(i)}\n\nThe sea page.\n", 0, id="a few words"),
        pytest.param(lambda i: f"{story(i)}\n\n}} ] }} ] 12 }}\n", 0, id="marks"),
        pytest.param(lambda i: f'{story(i)}\n\n{{ "trams": "{i}." }} ] and so is the end of it\n', 0, id="JSON"),
        pytest.param(lambda i: f"{story(i)} The old sea page.\n", 0, id="a short sentence"),
        pytest.param(lambda i: f"{story(i)}\n\n- The old sea page.\n", 0, id="a short item"),
        pytest.param(lambda i: f"{many(i)}\n\n{FOOT}\n\n{many(i + 9)}\n", 0, id="within the story"),
        pytest.param(lambda i: f"{story(i)}\n\n## {FOOT}\n\n{story(i + 9)}\n", 0, id="as a heading"),
        pytest.param(lambda i: f"{story(i)}\n\n> {FOOT}\n", 0, id="as a quotation"),
        pytest.param(lambda i: f"{story(i)}\n\n| a |\n|---|\n| {FOOT} |\n", 0, id="in a table"),
        pytest.param(lambda i: f"{story(i)}\n\nThis is what it will do:\n\n- {i}\n", 0, id="before a list"),
        pytest.param(lambda i: f"{story(i)}\n\nWrite `{i}` now and wait for it.\n", 0, id="with code in it"),
        pytest.param(lambda i: f"{story(0)}\n\n{story(1)}\n\n{FOOT}\n", 0, id="copies of one article"),
    ],
)
def test_where_repeated_text_is_marked(rule: Rule, make: object, count: int) -> None:
    findings = found(rule, [make(i) for i in range(4)])  # type: ignore[operator]
    assert len(findings) == count
    assert {finding.text.casefold() for finding in findings} <= {FOOT.casefold(), "the old sea page."}


def test_two_articles_are_too_few(rule: Rule) -> None:
    assert found(rule, [f"{story(i)}\n\n{FOOT}\n" for i in range(2)]) == []


def test_three_of_many_have_the_same_by_chance(rule: Rule) -> None:
    def texts(others: int) -> list[str]:
        return [f"{story(i)}\n\n{FOOT}\n" for i in range(3)] + [f"{story(i + 5)}\n" for i in range(others)]

    assert len(found(rule, texts(60))) == 3
    assert found(rule, texts(300)) == []


def test_what_many_articles_have_is_marked_once(rule: Rule) -> None:
    findings = found(rule, [f"{story(i)}\n\n{FOOT}\n" for i in range(30)])
    assert [finding.path for finding in findings] == ["000.md"]
    assert "in 30 articles" in findings[0].message


def test_versions_of_an_article_are_one(rule: Rule) -> None:
    texts = [f"{story(i)}\n\n{FOOT}\n" for i in range(4)]
    assert found(rule, texts, [f"v{i}/manual.md" for i in range(4)]) == []
    assert found(rule, texts, [f"docs/{code}/manual.md" for code in ("en", "fr", "zh-cn", "pt_BR")]) == []
    assert len(found(rule, texts, [f"{i}/index.md" for i in range(4)])) == 4
    assert len(found(rule, texts, [f"tram-{i}/post.md" for i in range(4)])) == 4


def test_texts_next_to_each_other_are_one_match(rule: Rule) -> None:
    same = f"{FOOT} Nobody else may print it.\n\nWrite to us about boats.\n"
    findings = found(rule, [f"{story(i)}\n\n{same}\n## {i}\n\n{FOOT.replace('page', 'site')}\n" for i in range(4)])
    assert [finding.text for finding in findings[:2]] == [same.rstrip(), FOOT.replace("page", "site")]
    assert len(findings) == 8


def test_lines_of_plain_text(rule: Rule) -> None:
    texts = [f"{story(i)}\nThe old sea page\n{story(i + 9)}\n" for i in range(4)]
    findings = compare(rule, [readers.read(Source(text, f"{i}.txt"), "text") for i, text in enumerate(texts)])
    assert [finding.text for finding in findings] == 4 * ["The old sea page"]


def test_versions_of_several_articles_are_marked_once(rule: Rule) -> None:
    texts = {f"v{i}/page{j}.md": f"{story(100 * i + j)}\n\n{FOOT}\n" for i in range(10) for j in range(3)}
    findings = found(rule, list(texts.values()), list(texts))
    assert [finding.path for finding in findings] == ["v0/page0.md"]
    assert "in 30 articles" in findings[0].message


def test_twice_the_articles_take_about_twice_the_time(rule: Rule) -> None:
    def spent(articles: int) -> float:
        texts = [f"# Tram {i}\n\n{story(i)}\n\n## More\n\n{story(i + 10_000)}\n\n{FOOT}\n" for i in range(articles)]
        return seconds_to_match(rule, texts)

    spent(20)
    assert spent(800) < 8 * spent(200) + 0.05
