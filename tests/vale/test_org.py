"""Org articles: their blocks, and the positions of these in the source."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.document import OBJECT, Document
from linter.source import Source
from steps import steps


def read(text: str) -> Document:
    return readers.read(Source(text), "org")


def scoped(text: str) -> list[str]:
    return [f"{' '.join(sorted(block.scopes))}: {block.text}" for block in read(text).blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "* One :a:b:\n** TODO [#A] Two\nthree",
            ["heading: One", "heading: TODO [#A] Two", "paragraph: three"],
            id="headings",
        ),
        pytest.param("one\ntwo\n\nthree", ["paragraph: one\ntwo", "paragraph: three"], id="paragraphs"),
        pytest.param(
            "- one\n  two\n\n  three\n2. [X] four\nfive",
            ["list: one\ntwo", "paragraph: three", "list: four\nfive"],
            id="lists",
        ),
        pytest.param(
            "| a | b |\n|---+---|\n| c |  |\n| d",
            ["table table.header: a", "table table.header: b", "table table.cell: c", "table table.cell: d"],
            id="a table",
        ),
        pytest.param("| a |", ["table table.cell: a"], id="a table without header"),
        pytest.param(
            "#+BEGIN_QUOTE\none\n\ntwo\n#+END_QUOTE\nthree",
            ["quote: one", "paragraph: two", "paragraph: three"],
            id="a quote",
        ),
        pytest.param(
            "#+begin_src py\na = 1\n#+end_src\n: fixed\nb",
            ["code: a = 1\n", "code: : fixed", "paragraph: b"],
            id="code",
        ),
        pytest.param("#+begin_src\na\n* b", ["paragraph: a", "heading: b"], id="an unclosed block hides nothing"),
        pytest.param(
            "#+TITLE: a\n:PROPERTIES:\n:ID: b\n:END:\nCLOSED: [2026-01-01]\n-----\nc",
            ["paragraph: c"],
            id="keywords and drawers",
        ),
        pytest.param(":ID:\na", ["paragraph: :ID:\na"], id="an unclosed drawer"),
        pytest.param("one\n# two\n#three", ["paragraph: one", "paragraph: #three"], id="comments"),
        pytest.param(
            "a *b /c/* _d_ +e+ =f= g*h*i 2 * 3", ["code: f", f"paragraph: a b c d e {OBJECT} g*h*i 2 * 3"], id="markup"
        ),
        pytest.param("[[https://a.example][b]] [[c]][fn:1] <<d>> [[e.png]]", [f"paragraph: b c  {OBJECT}"], id="links"),
    ],
)
def test_blocks(text: str, expected: list[str]) -> None:
    assert scoped(text) == expected


def test_the_parts_of_an_article() -> None:
    document = read("* One\n\nSee [[https://a.example][b]] and https://c.example.\n\n# vale off\n[[d.png]]")
    assert [(heading.level, heading.block.text) for heading in document.headings] == [(2, "One")]
    assert [(link.text, link.url) for link in document.links] == [
        ("b", "https://a.example"),
        ("https://c.example", "https://c.example"),
    ]
    assert [document.source.text[slice(*tag.span)] for tag in document.tags] == ["# vale off"]
    assert [image.url for image in document.images] == ["d.png"]
    assert (document.kind, document.markup) == ("org", "text")


PIECES = (
    *("One ", "two.", "\n", "\n\n", "\r\n", "\r", "* ", "** TODO ", "- ", "  - ", "1. ", "| a | b |\n", "|--+--|\n"),
    *("=", "~", "*", "/", "_", "+", "[[", "][", "]]", "[fn:1]", "# ", "#+BEGIN_QUOTE\n", "#+END_QUOTE\n", "#+KEY: x\n"),
    *("#+begin_src\n", "#+end_src\n", ":PROPERTIES:\n", ":END:\n", ": x\n", "https://a.example", "<<a>>", OBJECT, "\0"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_every_position_is_exact(text: str) -> None:
    for block in read(text).blocks:
        ends = (*block.starts[1:], len(block.text))
        done = 0
        for low, high, (start, end) in zip(block.starts, ends, block.pieces, strict=True):
            assert done <= start < end <= len(text)
            assert high - low != end - start or block.text[low:high] in (text[start:end], "\n", OBJECT)
            done = end


@pytest.mark.parametrize(
    "part", ["#+begin_x\n", ":a:\n", "=a ", "*a ", "[[", "| ", "* a\n#+begin_x\n", "<<", "- ", "\n"]
)
def test_hostile_articles_take_linear_time(part: str) -> None:
    read(part)
    small, large = (steps(partial(read, part * (size // len(part)))) for size in (2_000, 8_000))
    assert large < 8 * small
    read(part * (200_000 // len(part)))
