"""Deleting the paragraphs that have findings."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.document import Document
from linter.finding import Finding
from linter.records import paragraphs
from linter.records.paragraphs import without_paragraphs
from linter.source import Source


def document(text: str, kind: str) -> Document:
    return readers.read(Source(text, "a.jsonl", "1"), kind)


def finding(text: str, start: int, end: int) -> Finding:
    return Finding("a.jsonl", "1", "leaks/x", "error", "", 1, 1, 1, 1, start, end, text[start:end])


def without(marked: str, kind: str) -> str:
    """Return the text without the paragraphs that contain a part of the text in «»."""
    text, findings = "", []
    for at, piece in enumerate(re.split("[«»]", marked)):
        if at % 2:
            findings.append((len(text), len(text) + len(piece)))
        text += piece
    return without_paragraphs(document(text, kind), [finding(text, *span) for span in findings]).text


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        pytest.param("one\n\n«two»\n\nthree\n", "one\n\nthree\n", id="a paragraph and the blank lines after it"),
        pytest.param("one\n\na «two» b\nmore\n\nthree", "one\n\nthree", id="all lines of a paragraph"),
        pytest.param("«one»\n\ntwo", "two", id="the first"),
        pytest.param("one\n\n«two»", "one\n\n", id="the last"),
        pytest.param("«one»", "", id="the only one"),
        pytest.param("one\r\n\r\n«two»\r\nmore\r\n\r\nthree", "one\r\n\r\nthree", id="CRLF"),
        pytest.param("one\r\r«two»\r\rthree", "one\r\rthree", id="CR"),
        pytest.param("«o»n«e»\n\n«two»\n\nthree", "three", id="several findings"),
        pytest.param("o«ne\n\nt»wo\n\nthree", "three", id="a finding in two paragraphs"),
        pytest.param("one«\n\nt»w«o»\n\nthree", "one\n\nthree", id="a finding that starts with line ends"),
        pytest.param("One«\n===\n\nt»w«o»\n\nthree", "One\n\nthree", id="a finding that starts with an underline"),
        pytest.param("- one\n- «two»\n  more\n- three\n", "- one\n- three\n", id="an item of a list"),
        pytest.param("one\n- «two»\n\nthree", "one\n\nthree", id="blank lines stay between other paragraphs"),
        pytest.param("> «one»\n> two\n\nthree", "three", id="a quotation"),
        pytest.param("«Title»\n=====\n\none", "one", id="the underline of a heading"),
        pytest.param("one\n\n«Title»\n---\n\ntwo", "one\n\ntwo", id="the other underline"),
        pytest.param("# «Title»\n\none", "one", id="a heading"),
        pytest.param("one\n\n```\n«code»\nmore\n```\n\ntwo", "one\n\ntwo", id="a code fence with its marks"),
        pytest.param("one\n\n    «code»\n    more\n\ntwo", "one\n\ntwo", id="indented code"),
        pytest.param("|a|b|\n|-|-|\n|«c»|d|\n|e|f|\n", "|a|b|\n|-|-|\n|e|f|\n", id="a row of a table"),
        pytest.param("one\n\n|«a»|b|\n|-|-|\n|c|d|\n\ntwo", "one\n\ntwo", id="a table whose head is deleted"),
        pytest.param("---\ntitle: «X»\n---\n\none", "---\ntitle: X\n---\n\none", id="no metadata"),
        pytest.param("one\n\ntwo«</div>»\n\nthree", "one\n\nthree", id="a stray tag that touches a paragraph"),
        pytest.param(
            "<div>\n<p>one</p> «two»</div>\n\nthree", "<div>\n<p>one</p> </div>\n\nthree", id="tags on the same line"
        ),
    ],
)
def test_markdown(marked: str, left: str) -> None:
    assert without(marked, "markdown") == left


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        pytest.param("<p>one</p>\n<p>«two»</p>\n<p>three</p>", "<p>one</p>\n\n<p>three</p>", id="the element"),
        pytest.param("<p>one <b>«two»</b></p>x", "x", id="tags inside, at the end"),
        pytest.param("<p><b>«one»</b> two</p>x", "x", id="tags inside, at the start"),
        pytest.param("<p><a href='x'><b>«one»</b></a></p>x", "x", id="nested tags"),
        pytest.param("<p>a<br>«b»<img src=x></p>x", "x", id="tags without end tags"),
        pytest.param("<ul><li>a</li><li>«b»</li></ul>", "<ul><li>a</li></ul>", id="an item of a list"),
        pytest.param("<ul><li>«a»</li></ul>x", "x", id="a list that becomes empty"),
        pytest.param(
            "<ul><li>«a»<ul><li>b</li></ul></li></ul>",
            "<ul><li><ul><li>b</li></ul></li></ul>",
            id="a nested list stays",
        ),
        pytest.param("<div>«a» <p>b</p> c</div>", "<div> <p>b</p> c</div>", id="text beside a paragraph"),
        pytest.param("<table><tr><td>«a»</td><td>b</td></tr></table>", "<table><tr><td></td><td>b</td></tr></table>"),
        pytest.param("<html><body><p>«a»</p></body></html>", "<html><body></body></html>", id="the page stays"),
        pytest.param("<p>a</p>b«</div>»", "<p>a</p>", id="a stray tag that touches a paragraph"),
        pytest.param("<div>«»a<p>b</p></div>", "<div><p>b</p></div>", id="an empty finding"),
        pytest.param("<section>«<div>»<p>a</p></div></section>", "<section><div><p>a</p></div></section>"),
        pytest.param("<!-- wp:paragraph -->\n<p>«a»</p>\n<!-- /wp:paragraph -->\n\n<p>b</p>", "\n\n<p>b</p>"),
        pytest.param("<p>«a»<p>b", "<p><p>b", id="end tags that are left out"),
    ],
)
def test_html(marked: str, left: str) -> None:
    assert without(marked, "html") == left


def test_a_line_of_text_is_a_paragraph() -> None:
    assert without("one\n«two»\n\nthree", "text") == "one\n\nthree"


WORDS = st.sampled_from(["tram", "harbor", "a <b>bold</b> word", "<i>all</i>", "x<br>y", "é😀"])
ELEMENTS = st.recursive(
    st.builds("<p>{}</p>".format, WORDS) | WORDS,
    lambda inner: st.builds(
        lambda tag, children: f"<{tag}>{''.join(children)}</{tag}>",
        st.sampled_from(["div", "section", "blockquote", "ul", "li", "table", "td"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
HTML = st.lists(ELEMENTS, max_size=4).map("\n".join)
MARKDOWN = st.lists(
    st.sampled_from(
        [
            "tram",
            "# H",
            "T\n===",
            "- a\n- b\n\n  c",
            "> q\n> r",
            "```\nx\n\ny\n```",
            "|a|b|\n|-|-|\n|c|d|",
            "1. x\n2. y",
        ]
        + [
            f"{start}z{end}"
            for start, end in (("<div>\n\n", "\n\n</div>"), ("<p>a</p> ", ""), ("    ", ""), ("[", "](y)"))
        ]
    ),
    max_size=6,
)


def cut(text: str, kind: str, data: st.DataObject) -> tuple[Sequence[str], str]:
    """Return the texts of the paragraphs that have no finding, and the text without the others."""
    read = document(text, kind)
    ends = st.integers(0, len(text))
    spans = [tuple(sorted(span)) for span in data.draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=3))]
    left = without_paragraphs(read, [finding(text, *span) for span in spans]).text
    whole = [paragraphs._whole(text, *span) for span in spans]
    touched = [
        block
        for block in read.top_level_blocks
        if any(block.source_span.start <= end and start <= block.source_span.end for start, end in whole)
    ]
    others = [block for block in read.top_level_blocks if block not in touched]
    # With a cell, a row or a table is deleted in Markdown.
    return [block.text for block in others if kind == "html" or "table" not in block.scopes], left


def is_subsequence(part: str, whole: str) -> bool:
    characters = iter(whole)
    return all(character in characters for character in part)


@given(HTML, st.data())
def test_html_stays_balanced_and_keeps_the_other_paragraphs(text: str, data: st.DataObject) -> None:
    kept, left = cut(text, "html", data)
    assert is_subsequence(left, text)
    assert paragraphs._unmatched(left) == paragraphs._unmatched(text) == 0
    remaining = "".join(block.text for block in document(left, "html").top_level_blocks)
    assert is_subsequence("".join(kept), remaining)


@given(MARKDOWN, st.sampled_from(["\n", "\r\n", "\r"]), st.data())
def test_markdown_keeps_the_other_paragraphs(blocks: list[str], line_end: str, data: st.DataObject) -> None:
    text = "\n\n".join(blocks).replace("\n", line_end)
    kept, left = cut(text, "markdown", data)
    assert is_subsequence(left, text)
    assert set(re.findall(r"\r\n|\r|\n", left)) <= {line_end}
    words = re.compile(r"\w+")
    assert is_subsequence(words.findall(" ".join(kept)), words.findall(left))  # type: ignore[arg-type]


@given(st.text("<>/pbdiv -\n\r|`#=é", max_size=60), st.sampled_from(readers.KINDS), st.data())
def test_any_text(text: str, kind: str, data: st.DataObject) -> None:
    _, left = cut(text, kind, data)
    assert is_subsequence(left, text)
    assert paragraphs._unmatched(left) <= max(paragraphs._unmatched(text), 0)


@given(st.sampled_from(["<p>a</p>\n", "a\n\n", "<b>", "</b>", "- a\n"]), st.integers(1, 400))
def test_many_findings(piece: str, number: int) -> None:
    text = piece * number
    findings = [finding(text, at, at + 1) for at in range(0, len(text), len(piece))]
    left = without_paragraphs(document(text, "html" if "<" in piece else "markdown"), findings).text
    assert is_subsequence(left, text)


def test_a_deletion_completes_no_tag() -> None:
    assert without("<<<b«===<b==»>", "html") == "<<<b===<b==>"
