"""HTML elements that hold a part of a page."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.boilerplate.page_element import PageElement
from linter.source import Source

CHECK = PageElement(("sharedaddy",), ("related",))
STORY = "<p>The harbor tram is late again, and nobody at the town hall can say when that will change.</p>\n"


def found(text: str, kind: str = "html") -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        pytest.param('<div class="sharedaddy">X</div>', True, id="a class"),
        pytest.param('<div class="box SHAREDADDY-bar">X</div>', True, id="the beginning of a class"),
        pytest.param('<div class="sharedaddys">X</div>', False, id="the beginning of a word"),
        pytest.param('<section id="related_posts">X</section>', True, id="an id"),
        pytest.param('<span class="related">X</span>', False, id="within a line"),
        pytest.param('<span class="sharedaddy">X</span>', True, id="of a plug-in, within a line"),
        pytest.param('<div class="related"><div class="related">X</div></div>', True, id="one in another"),
        pytest.param("<div>sharedaddy</div>", False, id="a word"),
    ],
)
def test_fragment(element: str, expected: bool) -> None:
    assert found(STORY + element) == ([element] if expected else [])


def test_whole_pages_and_templates_are_left_out() -> None:
    element = '<div class="sharedaddy">X</div>'
    assert found(f"<html><body>{STORY}{element}</body></html>") == []
    assert found(f"{STORY}{element}{{{{ footer }}}}") == []


def test_markdown_has_plug_ins_only() -> None:
    element = '<div class="sharedaddy">X</div>'
    text = f'The tram is late.\n\n{element}\n\n<div class="related">X</div>\n'
    assert found(text, "markdown") == [element]


def test_of_a_long_element_the_start_tag_is_the_match() -> None:
    text = f'{STORY}<div class="sharedaddy">{"X" * 5000}</div>'
    assert found(text) == ['<div class="sharedaddy">']
