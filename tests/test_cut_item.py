"""List items whose text is cut off."""

from __future__ import annotations

import pytest

from linter.checks.sentences.cut_item import CutItem
from linter.readers import markdown
from linter.source import Source


def found(text: str) -> list[str]:
    document = markdown.read(Source(text))
    return [text[match.start : match.end] for match in CutItem(words=("of", "the")).find_in(document)]


def test_the_last_word_is_the_match() -> None:
    assert found("- **Tram:** Give the crew clear explanations of\n- **Ferry:** It is early.") == ["of"]
    assert found("- It is late. We asked for the plans of the  \n") == ["the"]


@pytest.mark.parametrize(
    "item", ["the plans of", "It is late. The plan is made.", "It is late. We asked for plans", "Of", "", "It is. Of"]
)
def test_other_items_are_whole(item: str) -> None:
    assert found(f"- {item}\n- The ferry is early.\n") == []
