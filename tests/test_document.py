from __future__ import annotations

import gc
import html
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.document import DERIVED, OBJECT, VALE_VIEWS, Block, Document, Link, Metadata, Span, simple_block
from linter.source import Source

PARAGRAPH = frozenset({"paragraph"})
# Pieces of the source, each with what the reader sees: words, entities, markup, code.
SHOWN = {
    "Xi": "Xi",
    " ": " ",
    "é\U0001f68a": "é\U0001f68a",
    "&amp;": "&",
    "&NotEqualTilde;": "≂\u0338",
    "<b>": "",
    "\r\n  ": "\n",
    "`x`": OBJECT,
}
PIECES = st.lists(st.sampled_from(sorted(SHOWN.items())), max_size=12)


def built(pieces: list[tuple[str, str]]) -> tuple[str, Block]:
    """Return the source made of `pieces`, and the block."""
    text, source = "", ""
    places: list[int] = []
    for raw, shown in pieces:
        if shown:
            places += (len(text), len(source), len(source) + len(raw))
        source += raw
        text += shown
    return source, Block(text, PARAGRAPH, tuple(places))


def shown(source: str, block: Block) -> list[str]:
    """Return the source text of each code point of a block."""
    return [source[slice(*block.span(i, i + 1))] for i in range(len(block.text))]


def test_spans_include_markup_and_entities() -> None:
    source, block = built([("Xi ", "Xi "), ("<em>", ""), ("jinping", "jinping"), ("</em>", ""), ("&amp;", "&")])
    assert source[slice(*block.span(0, 10))] == "Xi <em>jinping"
    assert source[slice(*block.span(3, 10))] == "jinping"
    assert source[slice(*block.span(9, 11))] == "g</em>&amp;"
    assert block.span(10, 10) == (14, 14)  # right behind “jinping”, before “</em>”
    assert block.span(0, 0) == (0, 0)
    assert source[slice(*block.source_span)] == source


@pytest.mark.parametrize(
    ("start", "end", "unbroken"),
    [
        pytest.param(0, 3, True, id="words alone"),
        pytest.param(0, 4, False, id="a tag lies within"),
        pytest.param(3, 11, False, id="an end tag lies within"),
        pytest.param(10, 13, True, id="an entity is no markup"),
        pytest.param(3, 3, True, id="nothing"),
    ],
)
def test_unbroken(start: int, end: int, unbroken: bool) -> None:
    pieces = [("Xi ", "Xi "), ("<em>", ""), ("jinping", "jinping"), ("</em>", ""), ("&amp;", "&"), (" co", " co")]
    _, block = built(pieces)
    assert block.is_contiguous(start, end) is unbroken


@given(PIECES)
def test_every_code_point_maps_to_its_source(pieces: list[tuple[str, str]]) -> None:
    source, block = built(pieces)
    for char, raw in zip(block.text, shown(source, block), strict=True):
        assert raw == char or char in html.unescape(raw) or raw in ("\r\n  ", "`x`")


@given(PIECES, st.integers(0, 30), st.integers(0, 30))
def test_longer_ranges_have_longer_spans(pieces: list[tuple[str, str]], start: int, end: int) -> None:
    source, block = built(pieces)
    if not block.text:
        return
    start, end = sorted((min(start, len(block.text)), min(end, len(block.text))))
    span = block.span(start, end)
    assert 0 <= span.start <= span.end <= len(source)
    if start < end:
        assert span.start == block.span(start, start + 1).start
        assert span.end == block.span(end - 1, end).end


@given(PIECES, st.integers(0, 30), st.integers(0, 30))
def test_a_part_maps_like_the_whole_block(pieces: list[tuple[str, str]], start: int, end: int) -> None:
    source, block = built(pieces)
    if not block.text:
        return
    start, end = sorted((min(start, len(block.text)), min(end, len(block.text))))
    part = block.part(start, end, frozenset({"link.text"}))
    assert part.text == block.text[start:end]
    assert part.scopes == {"link.text"}
    assert shown(source, part) == shown(source, block)[start:end]
    for low in range(len(part.text)):
        for high in range(low + 1, len(part.text) + 1):
            assert part.span(low, high) == block.span(start + low, start + high)
            assert part.is_contiguous(low, high) == block.is_contiguous(start + low, start + high)


def document(*blocks: Block, text: str = "", links: tuple[Link, ...] = ()) -> Document:
    return Document(Source(text), "markdown", blocks, links)


def block(text: str, *scopes: str) -> Block:
    return simple_block(text, Span(0, len(text)), frozenset(scopes))


@pytest.mark.parametrize(
    ("scopes", "without", "found"),
    [
        pytest.param({"prose"}, set(), ["a", "b", "c"], id="prose is all of the story"),
        pytest.param({"quote"}, set(), ["c"], id="a block inside two is in both"),
        pytest.param({"list"}, {"quote"}, ["b"], id="but not where one of them is left out"),
        pytest.param({"alt", "list"}, set(), ["b", "c", "d"], id="a list is a union"),
        pytest.param({"metadata.tags"}, set(), ["e"], id="one key of the metadata"),
        pytest.param({"metadata"}, {"metadata.tags"}, [], id="all keys but one"),
        pytest.param({"code"}, {"prose"}, [], id="nothing"),
    ],
)
def test_blocks_in(scopes: set[str], without: set[str], found: list[str]) -> None:
    article = document(
        block("a", "paragraph"),
        block("b", "list"),
        block("c", "quote", "list"),
        block("d", "alt"),
        block("e", "metadata", "metadata.tags"),
    )
    assert [b.text for b in article.blocks_in(frozenset(scopes), frozenset(without))] == found


def test_the_opening_and_the_closing_are_scopes() -> None:
    names = ["H", "a", "b", "I", "c", "d", "J", "e"]
    article = document(*(block(name, "heading" if name.isupper() else "paragraph") for name in names))
    assert "".join(b.text for b in article.blocks_in(frozenset({"lead"}))) == "Ha"
    assert "".join(b.text for b in article.blocks_in(frozenset({"opening"}))) == "HabIc"
    assert "".join(b.text for b in article.blocks_in(frozenset({"closing"}))) == "cdJe"
    assert "".join(b.text for b in article.blocks_in(frozenset({"closing"}), frozenset({"heading"}))) == "cde"
    short = document(block("a", "paragraph"))
    assert [b.text for b in short.blocks_in(frozenset({"opening", "closing"}))] == ["a", "a"]


@pytest.mark.parametrize(
    ("values", "draft"),
    [
        pytest.param({"draft": True}, True, id="a draft of Hugo"),
        pytest.param({"published": False}, True, id="one of Jekyll"),
        pytest.param({"status": "Draft"}, True, id="one of WordPress"),
        pytest.param({"published": "2025-05-06"}, False, id="a date"),
        pytest.param({"draft": "false", "title": "Draft"}, False, id="none"),
        pytest.param({"series": {"draft": True}}, False, id="something else is one"),
    ],
)
def test_drafts(values: dict[str, object], draft: bool) -> None:
    article = Document(Source(""), "markdown", (), metadata=Metadata(values))
    assert article.is_draft is draft


def test_links_are_scopes_too() -> None:
    text = "See the [plan](https://example.org/ 'The plan')."
    home = Block("See the plan.", PARAGRAPH, (0, 0, 8, 8, 9, 13, 12, 47, 48))
    link = Link(Span(8, 47), home, 8, 12, "https://example.org/", Span(15, 35), "inline", "The plan", Span(37, 45))
    article = document(home, text=text, links=(link,))
    for scope, value in (("link.text", "plan"), ("link.url", "https://example.org/"), ("link.title", "The plan")):
        (found,) = article.blocks_in(frozenset({scope}))
        assert (found.text, text[slice(*found.source_span)]) == (value, value)
    assert not list(article.blocks_in(frozenset({"link.text"}), frozenset({"link.text"})))


def test_the_source_is_a_scope_without_code_or_with_it() -> None:
    text = "See `x` and\n\n    y\n"
    code = [simple_block("x", Span(5, 6), frozenset({"code"})), simple_block("y", Span(17, 18), frozenset({"code"}))]
    article = document(*code, text=text)
    (raw,) = article.blocks_in(frozenset({"source"}))
    assert raw.text == f"See `{OBJECT}` and\n\n    {OBJECT}\n"
    assert raw.span(8, 11) == (8, 11)
    (everything,) = article.blocks_in(frozenset({"source+code"}))
    assert everything.text == text


def test_an_unreferenced_document_is_freed() -> None:
    document = readers.read(Source("# Tram\n\nA [tram](/tram) is late.\n"), "markdown")
    assert [block.text for block in document.blocks_in(DERIVED - frozenset(VALE_VIEWS))]
    gone = weakref.ref(document)
    gc.disable()
    del document
    assert gone() is None
    gc.enable()
