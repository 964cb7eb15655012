"""Texts that contain a literal are found in one pass over all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linter.analysis import literals
from linter.folding import folded
from linter.views import NUL, TextView


@given(
    st.lists(st.text("abA -é", max_size=4), max_size=5), st.sets(st.text("ab é-", min_size=1, max_size=2), min_size=1)
)
def test_texts_that_hold_a_literal(every: list[str], some: set[str]) -> None:
    needed = (frozenset(map(folded, some)),)
    holding = [number for number, text in enumerate(every) if any(one in folded(text) for one in needed[0])]
    view = TextView(every, NUL, folded)
    assert list(literals.texts_with(needed, view)) == holding
