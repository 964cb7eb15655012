"""The title of an article in place of a name."""

from __future__ import annotations

import pytest

from linter.checks.metadata.title_slot import TitleSlot
from linter.readers import markdown
from linter.source import Source

CHECK = TitleSlot(odd=r"[?:]|\bvs\b")


def found(text: str) -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(markdown.read(Source(text)))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("## What is Tram vs Bus Today?\n", ["Tram vs Bus Today"], id="a question"),
        pytest.param("## Is Tram vs Bus Today 2024 worth it?\n", ["Tram vs Bus Today"], id="with a year"),
        pytest.param("## Tram vs Bus Today\n\nTram vs Bus Today is late.", [], id="a heading, and one sentence"),
        pytest.param("Tram vs Bus Today is late. So Tram vs Bus Today is dear.", ["Tram vs Bus Today"] * 2, id="two"),
        pytest.param("See [Tram vs Bus Today](/a) on it, [Tram vs Bus Today](/b) on it.", [], id="links"),
        pytest.param("See *Tram vs Bus Today* on it, <em>Tram vs Bus Today</em> on it.", [], id="emphasis"),
        pytest.param("The tram vs bus today is late, and tram vs bus today is dear.", [], id="in small letters"),
    ],
)
def test_slots(body: str, expected: list[str]) -> None:
    assert found(f"---\ntitle: Tram vs Bus Today\n---\n{body}\n") == expected


@pytest.mark.parametrize("title", ["The Harbour Tram", "Tram: Late", "Tram " * 30 + "?"])
def test_names_and_titles_of_other_lengths(title: str) -> None:
    assert found(f"---\ntitle: '{title}'\n---\n## What is {title}?\n\n{title} is late. So {title} is dear.\n") == []
