"""Comments of readers below an article."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.boilerplate.comment_thread import CommentThread
from linter.source import Source

CHECK = CommentThread(("comments",), ("says",), (r"march \d, \d{4}",))
STORY = "The harbor tram is late again, and nobody at the town hall can say when that will change."


def found(text: str, kind: str) -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("Anna Berg says:", True, id="a name"),
        pytest.param("Anna Berg says...", True, id="with dots"),
        pytest.param("“Late,” Anna Berg says.", False, id="a quotation"),
        pytest.param("so Anna Berg says:", False, id="the middle of a sentence"),
        pytest.param("says:", False, id="no name"),
    ],
)
def test_name(head: str, expected: bool) -> None:
    thread = f"{head}\n\nMarch 3, 2014\n\nNever early."
    assert found(f"{STORY}\n\n{thread}\n", "text") == ([thread] if expected else [])


def test_name_without_date() -> None:
    assert found(f"{STORY}\n\nAnna Berg says:\n\nNever early.\n", "text") == []


def test_heading_up_to_the_next_one() -> None:
    text = (
        f"{STORY}\n\n## Comments\n\n**Anna**\n\nMarch 3, 2014\n\n### Late\n\nNever early.\n\n## Trams\n\nThey ring.\n"
    )
    assert found(text, "markdown") == ["Comments\n\n**Anna**\n\nMarch 3, 2014\n\n### Late\n\nNever early."]


def test_headings_of_your_own() -> None:
    check = CommentThread(("meinungen?",), ("says",), (r"march \d, \d{4}",))
    text = f"{STORY}\n\n## Meinungen\n\n**Anna**\n\nMarch 3, 2014\n"
    assert len([*check.find_in(readers.read(Source(text), "markdown"))]) == 1


def test_names_in_markdown_need_the_link_of_a_comment() -> None:
    thread = "Anna Berg says:\n\n[March 3, 2014]({}#comment-1)\n\nNever early."
    assert found(f"{STORY}\n\n{thread.format('/late/')}\n", "markdown") == [thread.format("/late/")]
    assert found(f"{STORY}\n\nAnna Berg says:\n\nMarch 3, 2014\n", "markdown") == []
