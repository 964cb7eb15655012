"""Duplicate articles in a folder: which articles are duplicates, and where they are reported."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from linter import readers
from linter.config import packs
from linter.finding import Finding
from linter.rule import Rule
from linter.source import Source
from samples import compare, steps_to_match


@pytest.fixture(scope="module")
def rule() -> Rule:
    return next(rule for rule in packs.load_packs(()) if rule.name == "duplicates/article")


def story(number: int, words: int = 150) -> str:
    """Return words that differ for each number."""
    return " ".join(f"{'abcdef'[i % 6]}word{number}x{i}" for i in range(words)) + "."


def found(rule: Rule, texts: Mapping[str, str]) -> list[Finding]:
    documents = [readers.read(Source(text, path), "markdown") for path, text in texts.items()]
    return compare(rule, documents)


FEW = story(0).replace("aword0x0 ", "").replace("cword0x80", "tram").replace("bword0x139", "ferry")
HALF = " ".join(story(0).split()[:75] + story(1).split()[:75])


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        pytest.param(story(0), story(0), "the same", id="word for word"),
        pytest.param(story(0), story(0).upper().replace(" ", "\n"), "the same", id="in other capitals and lines"),
        pytest.param(story(0), FEW, "nearly the same", id="but for a few words"),
        pytest.param(story(0), HALF, "", id="but for the second half"),
        pytest.param(story(0, 40), story(0, 39), "", id="too short to be sure"),
        pytest.param(story(0, 9), story(0, 9), "", id="a note"),
        pytest.param(f"# Out: 1.2\n\n{story(0)}", f"# Out: 1.3\n\n{story(0)}", "", id="numbers in the title differ"),
        pytest.param("字" * 300, "字" * 300, "the same", id="without spaces"),
    ],
)
def test_duplicates(rule: Rule, one: str, other: str, how: str) -> None:
    findings = found(rule, {"a.md": one, "b.md": other})
    assert [finding.message.partition(".")[0] for finding in findings] == [f"This article is {how} as a"] * bool(how)
    assert [finding.path for finding in findings] == ["b.md"] * bool(how)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        pytest.param("2024/tram.md", "2025/ferry.md", True, id="in two folders, by two names"),
        pytest.param("news/tram.md", "press/tram.md", True, id="in two folders, by one name"),
        pytest.param("v1.2/tram.md", "v1.3/tram.md", False, id="versions"),
        pytest.param("docs/en/tram.md", "docs/fr/tram.md", False, id="languages"),
        pytest.param("docs/tram.md", "docs/latest/tram.md", False, id="a version and none"),
    ],
)
def test_versions_are_not_duplicates(rule: Rule, one: str, other: str, *, is_one: bool) -> None:
    assert bool(found(rule, {one: story(0), other: story(0)})) is is_one


def test_numbered_articles_of_a_series_are_not_duplicates(rule: Rule) -> None:
    assert not found(rule, {"news/meeting-2021-09.md": story(0), "news/meeting-2021-10.md": FEW})
    assert found(rule, {"news/2021-09-01-meeting.md": story(0), "news/2021-10-01-meeting.md": FEW})


@pytest.mark.parametrize("archive", ["corpus.jsonl", "postgresql://anna@example.org/blog"])
def test_numbers_of_records_are_no_series(rule: Rule, archive: str) -> None:
    sources = (Source(text, archive, key) for text, key in ((story(0), "11"), (FEW, "12")))
    (finding,) = compare(rule, [readers.read(source, "markdown") for source in sources])
    assert (finding.record, f"{archive}#11" in finding.message) == ("12", True)


def test_dates_and_images_distinguish_short_articles(rule: Rule) -> None:
    assert not found(rule, {"a.md": f"{story(0)} Come in 2023.", "b.md": f"{story(0)} Come in 2024."})
    assert not found(rule, {"a.md": f"{story(0)}\n\n![](a.png)", "b.md": f"{story(0)}\n\n![](b.png)"})
    assert found(rule, {"a.md": f"{story(0)}\n\n![](a/a.png)", "b.md": f"{story(0)}\n\n![](b/a.png)"})
    long = story(0, 600)
    assert found(rule, {"a.md": f"{long} Come in 2023.", "b.md": f"{long} Come in 2024."})


def test_generated_pages_are_ignored(rule: Rule) -> None:
    assert not found(rule, {"docs/generated/join.md": story(0), "docs/generated/reset.md": story(0)})


def test_filled_in_forms_are_not_duplicates(rule: Rule) -> None:
    forms = [f"{story(0)} Ask {name} at noon." for name in ("Anna", "Berg", "Carl", "Dora", "Emil")]
    assert len(found(rule, {f"{i}.md": text for i, text in enumerate(forms[:3])})) == 2
    assert found(rule, {f"{i}.md": text for i, text in enumerate(forms)}) == []


@pytest.mark.parametrize("number", [2, 3, 4, 6, 40])
def test_any_number_of_copies_is_reported_with_the_first(rule: Rule, number: int) -> None:
    copies = found(rule, {f"{i:02}.md": story(0) for i in range(number)})
    assert [finding.path for finding in copies] == [f"{i:02}.md" for i in range(1, number)]
    assert {finding.message for finding in copies} == {
        "This article is the same as 00.md. Keep only one of the two articles."
    }


def test_a_copy_may_have_an_original_that_is_no_version_or_draft(rule: Rule) -> None:
    copies = found(rule, {path: story(0) for path in ("drafts/a.md", "posts/b.md", "posts/c.md", "posts/d.md")})
    assert [(finding.path, "as posts/b.md" in finding.message) for finding in copies] == [
        ("posts/c.md", True),
        ("posts/d.md", True),
    ]


def test_two_folders_with_many_duplicates_are_reported_once(rule: Rule) -> None:
    folders = {f"{folder}/{i}.md": story(i) for i in range(20) for folder in ("news", "press")}
    assert [finding.path for finding in found(rule, folders)] == ["press/0.md"]
    assert len(found(rule, {f"{i // 2}-{i % 2}.md": story(i // 2) for i in range(40)})) == 20


def test_time_is_linear_in_the_number_of_articles(rule: Rule) -> None:
    def steps_for(articles: int) -> int:
        common = story(10_000, 60)
        return steps_to_match(rule, [f"{story(i)}\n\n{common}" for i in range(articles)])

    steps_for(20)
    assert steps_for(200) < 8 * steps_for(50)
