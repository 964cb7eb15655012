"""Items of lists that break off."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.sentences.cut_item import CutItem
from linter.source import Source

CHECK = CutItem(words=("the", "of"))


def cut(text: str) -> list[str]:
    """What is found in a text."""
    document = readers.read(Source(text), "markdown")
    return [text[match.start : match.end] for match in CHECK.find(document)]


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ("It is late. The crew waits for the", ["the"]),
        ("**Tram:** The crew waits in front of", ["of"]),
        ("The crew waits for the", []),
        ("It is late. The crew waits for the tram", []),
        ("It is late. The crew waits for the.", []),
        ("It is late. The crew is part, of", ["of"]),
        ("It is late. Line B of", []),
        ("It is late. " + "The crew waits and waits for trams " * 9 + "of", []),
    ],
)
def test_the_last_sentence_of_an_item_ends_in_one_of_the_words(item: str, found: list[str]) -> None:
    assert cut(f"The tram:\n\n- {item}\n- It is early.\n") == found


def test_paragraphs_are_passed_over() -> None:
    assert not cut("It is late. The crew waits for the\n")
