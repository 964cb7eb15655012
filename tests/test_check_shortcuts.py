"""Checks find the same with and without their shortcuts, which skip texts that cannot match."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter import readers
from linter.analysis import literals
from linter.checks.structure import heading_order
from linter.document import Document
from linter.folding import folded
from linter.source import Source
from linter.views import NUL, TextView

NEVER = re.compile("(?!)")


def texts(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=12).map("".join)


HEADED = texts(
    *(
        "# One\n",
        "## Two {#two}\n",
        "One\n===\n",
        "---\n",
        "***\n",
        "\n",
        "words\n",
        "1\n",
        "é\n",
        "&nbsp;\n",
        "\ufeff",
    ),
    *(
        "<p>",
        "</p>\n",
        '<p title="a">',
        "<p title='a>b'>\n",
        "<img src=a>\n",
        "<!-- a -->\n",
        "<",
        "> ",
        "- ",
        "{: .a}\n",
    ),
)


def read(text: str, kind: str = "markdown") -> Document:
    return readers.read(Source(text), kind)


def found(check: Any, document: Document) -> list[Any]:
    return list(check.find_in(document))


quick = settings(max_examples=300, deadline=None)


@given(HEADED, st.sampled_from(["markdown", "html"]))
@quick
def test_sections_with_words(text: str, kind: str) -> None:
    document, check = read(text, kind), heading_order.HeadingOrder("empty")
    quickly = found(check, document)
    with pytest.MonkeyPatch.context() as context:
        context.setattr(heading_order, "_WORDS", NEVER)
        assert found(check, document) == quickly


@given(
    st.lists(st.text("abA -é", max_size=4), max_size=5), st.sets(st.text("ab é-", min_size=1, max_size=2), min_size=1)
)
def test_texts_that_hold_a_literal(every: list[str], some: set[str]) -> None:
    needed = (frozenset(map(folded, some)),)
    holding = [number for number, text in enumerate(every) if any(one in folded(text) for one in needed[0])]
    view = TextView(every, NUL, folded)
    assert list(literals.texts_with(needed, view)) == holding
