from __future__ import annotations

import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.document import Document
from linter.readers import markdown_events
from linter.source import Source

# Pieces of Markdown, damaged and nested, with letters of one to four bytes.
PARTS = st.lists(
    st.sampled_from(
        [
            *(
                "tram",
                "The tram stops.",
                "é",
                "漢",
                "字",
                "🚋",
                r"\*",
                "\\",
                "&amp;",
                "www.a.example",
                "{{ x }}",
                "{% a %}",
            ),
            *("**", "*", "`x`", " `` ` `` ", "```", "> ", "- ", "1. ", "# ", " | a |", "\t", "<b>", "</b>", "<br>"),
            *(
                "[a](b)",
                '[a](<b c> "T")',
                r"[a](b\](c)",
                "![a *b*](c)",
                "[r]",
                "<http://a.example>",
                "](c)",
                "<!-- c -->",
            ),
            *("\n", "\n\n", "  \n", "\r\n", "\n    ", "\n> ", "\n- ", "<div>", "</div>"),
            *("\n\n[r]: http://b.example 'T'\n\n", "\n|a|b|\n|-|-|\n|c|d|\n\n"),
        ]
    ),
    max_size=30,
).map("".join)


@given(st.text(st.sampled_from("aé漢🚋\n"), max_size=600))
def test_byte_offsets_are_converted_to_code_points(text: str) -> None:
    data, at = text.encode(), 0
    point = markdown_events.code_point_offsets(data)
    for i, char in enumerate(text):
        assert point(at) == i
        at += len(char.encode())
    assert point(at) == len(text)


@given(PARTS)
def test_events_come_whole_blocks_at_a_time(text: str) -> None:
    chunks = list(markdown_events.parse_markdown(text).events())
    assert [event for chunk in chunks for event in chunk] == list(
        pyromark.events_with_range(text, options=markdown_events.OPTIONS)
    )


@given(PARTS)
def test_how_many_events_come_at_a_time_makes_no_difference(text: str) -> None:
    whole = seen(readers.read(Source(text), "markdown"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown_events, "_MIN_BATCH", 1)
        assert seen(readers.read(Source(text), "markdown")) == whole


def seen(document: Document) -> object:
    """Return everything that a reader found."""
    return (
        [(block.text, block.scopes, block.places) for block in document.blocks],
        [
            (link.span, link.text, link.block.places, link.url, link.url_span, link.title_span)
            for link in document.links
        ],
        [(image.span, image.url, image.url_span, image.alt and image.alt.text) for image in document.images],
        [
            (tag.name, tag.kind, tag.span, tag.visible, [(one.name, one.value, one.span) for one in tag.attributes])
            for tag in document.tags
        ],
        [(fence.opener, fence.closer, fence.state) for fence in document.fences],
        [(heading.level, heading.block.places) for heading in document.headings],
    )
