"""Texts joined into one string: matches are the same as in the blocks, even if only odd marks are searched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.spacing import around_bracket, mark_spacing
from linter.checks.spacing.mark_run import MarkRun
from linter.folding import folded
from linter.readers import plain_text
from linter.source import Source
from linter.text import view
from linter.views import NUL, TextView

TEXTS = st.text(st.sampled_from('ab AÉ1.,!?;:)(…%“”"-–\u00a0\u202f\t\n') | st.characters(), max_size=60)
RUNS = MarkRun(dict.fromkeys((",.", ".,", "..", "!!", "!!!", "??", "?.", ",,", "…,"), "."))
PATTERNS = [
    *mark_spacing._CANDIDATES.items(),
    (")", around_bracket._CLOSING),
    (")", around_bracket._DASH),
    *mark_spacing.MarkSpacing("extra", ".,!?;:)…%")._after_space.items(),
    *RUNS._patterns.items(),
]


@given(TEXTS)
def test_find_odd_finds_all_matches(text: str) -> None:
    document = plain_text.read(Source(text))
    for mark, pattern in PATTERNS:
        assert list(view.find_odd(document, mark, pattern)) == list(view.find(document, pattern))


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        pytest.param("stop", [("a stop", 2, 6), ("stop it", 0, 4)], id="in each block"),
        pytest.param(r"stop(?=\n)", [("a stop", 2, 6)], id="before the end of a block, which looks like a line end"),
        pytest.param(r"stop\n", [], id="not over one"),
    ],
)
def test_places_are_in_one_block(pattern: str, found: list[tuple[str, int, int]]) -> None:
    document = plain_text.read(Source("a stop\n\nstop it"))
    places = view.find(document, re.compile(pattern))
    assert [(place.block.text, place.start, place.end) for place in places] == found


@given(st.lists(TEXTS | st.just("a\x00b")))
def test_offsets_in_folded_texts_lead_back_to_each(texts: list[str]) -> None:
    folded_texts = TextView(texts, NUL, folded)
    assert [*map(folded_texts.part, range(len(texts)))] == [folded(text.replace(NUL, "\x1a")) for text in texts]
    for at in range(len(folded_texts.text)):
        number = folded_texts.number(at)
        assert folded_texts.starts[number] <= at < folded_texts.starts[number + 1]
