from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import pair_tags
from linter.readers.tags import scan_tags


def marked(text: str, known_only: bool = True) -> str:
    """Return `text` with each tag in ⟦ ⟧; a broken tag ends with !⟧."""
    parts, at = [], 0
    for tag in scan_tags(text, known_only=known_only):
        start, end = tag.span
        parts += [text[at:start], "⟦", text[start:end], "!⟧" if tag.kind == "broken" else "⟧"]
        at = end
    return "".join(parts) + text[at:]


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param("The ⟦<em>⟧mayor⟦</em>⟧ left.", id="a start tag and an end tag"),
        pytest.param("One⟦<br>⟧two⟦<br/>⟧three⟦<br />⟧", id="tags without content"),
        pytest.param('⟦<a href="https://example.org/?a=b" title="x > y">⟧', id="a value may hold a >"),
        pytest.param("⟦<a href=https://example.org/a/>⟧x", id="a value needs no quotation marks"),
        pytest.param("⟦<a href= https://example.org/a?b=c&d=e>⟧x", id="an equals sign in a value without them"),
        pytest.param('⟦<a href="x"title="y">⟧', id="attributes may touch"),
        pytest.param('⟦<a\nhref="x"\n  title="y\nz">⟧', id="a tag may run over lines"),
        pytest.param("⟦<video controls>⟧⟦<p hidden data-x>⟧", id="attributes that need no value"),
        pytest.param("⟦<IMG SRC='a.jpg'>⟧", id="capitals"),
        pytest.param("a ⟦<!-- b\n\nc -->⟧ d ⟦<!-->⟧ e ⟦<!--->⟧", id="comments, empty ones too"),
        pytest.param("a ⟦<!--!⟧ b ⟦<!-- c -->⟧ d", id="a comment ends before the next begins"),
        pytest.param("a ⟦<!--!⟧ b", id="a comment that is never closed hides nothing"),
        pytest.param('⟦<!DOCTYPE html PUBLIC "-//W3C//DTD">⟧', id="a document type"),
        pytest.param("⟦<script>⟧if (a < b) '<b>' <!-- ⟦</script>⟧ ⟦<b>⟧", id="what a script holds is no markup"),
        pytest.param("⟦<script>⟧ ⟦<b>⟧", id="an open script hides nothing"),
        pytest.param('⟦<a href="https://example.org!⟧\n\nThe ⟦<b>⟧mayor', id="no value runs over a blank line"),
        pytest.param('⟦<a href="https://example.org!⟧ The mayor left.', id="an unclosed value ends with its word"),
        pytest.param('⟦<a href="https://example.org>!⟧China⟦</a>⟧', id="an unclosed value ends with the tag"),
        pytest.param('⟦<a title="The "big"" one">!⟧c⟦</a>⟧', id="quotation marks in a value"),
        pytest.param('⟦<img src="a" alt="b" wi=!⟧', id="a tag that is cut off"),
        pytest.param("four⟦</div!⟧", id="an end tag that is cut off"),
        pytest.param("<user@example.com> <https://example.org>", id="addresses"),
        pytest.param("Vec<T> List<Object> Map<A, B>", id="types"),
        pytest.param("a < b, c <d and e> f, x <- y, i <3 you", id="comparisons, arrows and hearts"),
        pytest.param("if a <b and c> d", id="words are no attributes"),
        pytest.param("<Note>x</Note> <insert name here>", id="names that HTML does not know"),
    ],
)
def test_scan(expected: str) -> None:
    assert marked(expected.replace("!⟧", "").replace("⟦", "").replace("⟧", "")) == expected


def test_all_names_are_tags_where_they_are_markup() -> None:
    assert marked("<Note x>y</Note>", known_only=False) == "⟦<Note x>⟧y⟦</Note>⟧"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("<a href=\"x y\" title='z'>", [("href", "x y"), ("title", "z")], id="quoted either way"),
        pytest.param("<a href=x>", [("href", "x")], id="not quoted"),
        pytest.param("<a href=“x”>", [("href", "x")], id="in the marks of an editor"),
        pytest.param('<a HREF = "x">', [("href", "x")], id="with capitals and spaces"),
        pytest.param('<a href="a&amp;b">', [("href", "a&b")], id="entities are decoded"),
        pytest.param('<img alt="" hidden>', [("alt", ""), ("hidden", None)], id="empty is not the same as none"),
    ],
)
def test_attributes(text: str, values: list[tuple[str, str | None]]) -> None:
    (tag,) = scan_tags(text)
    assert [(a.name, a.value if a.span else None) for a in tag.attributes] == values
    for attribute in tag.attributes:
        if attribute.span and "&" not in text:
            assert text[slice(*attribute.span)] == attribute.value


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        pytest.param("<b>x</b>", {0: 1, 1: 0}, id="a pair"),
        pytest.param("<b><b>x</b>", {1: 2, 2: 1}, id="the inner one"),
        pytest.param("<b><i></b></i>", {0: 2, 2: 0, 1: 3, 3: 1}, id="crossed ones are pairs"),
        pytest.param("</b><b>", {}, id="in the wrong order"),
    ],
)
def test_partners(text: str, pairs: dict[int, int]) -> None:
    assert pair_tags(list(scan_tags(text))) == pairs


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "</",
        "<!--",
        "-->",
        "<a",
        " href=",
        '"',
        "'",
        "<b>",
        "</b>",
        "/",
        "=",
        " x",
        "\n",
        "\r\n",
        "<script>",
        "</script>",
        "é",
        "&amp;",
        "“",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.booleans())
def test_tags_are_in_order_apart_and_begin_with_a_bracket(text: str, known_only: bool) -> None:
    tags = list(scan_tags(text, known_only=known_only))
    assert all(text[tag.span.start] == "<" and tag.span.end <= len(text) for tag in tags)
    assert all(one.span.end <= other.span.start for one, other in pairwise(tags))
    for tag in tags:
        for attribute in tag.attributes:
            assert attribute.span is None or tag.span.start < attribute.span.start <= attribute.span.end < tag.span.end


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<b>" * 100_000, id="open tags"),
        pytest.param("<!--" * 200_000, id="open comments"),
        pytest.param("<!--" * 200_000 + "-->", id="one comment closed"),
        pytest.param('<a href="' * 100_000, id="open values"),
        pytest.param("<a b=" * 200_000, id="open attributes"),
        pytest.param("<a " + "x " * 500_000, id="many words in a tag"),
        pytest.param("<a " + "x=1 " * 500_000, id="many attributes"),
        pytest.param('<a b="' + "x\n" * 500_000, id="a value over many lines"),
        pytest.param("<script>" * 100_000, id="open scripts"),
        pytest.param("<" * 1_000_000, id="brackets"),
        pytest.param(("<a" + " " * 500) * 2_000, id="spaces"),
    ],
)
def test_scan_of_a_long_text_ends(text: str) -> None:
    assert all(0 <= tag.span.start < tag.span.end <= len(text) for tag in scan_tags(text))
