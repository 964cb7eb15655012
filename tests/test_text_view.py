"""Texts joined into one string: matches are the same as in the blocks, even if only odd marks are searched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.spacing import around_bracket, mark_spacing, quote_spacing, stray_mark
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


BRACKET = around_bracket.AroundBracket((), (), ())
CHECKS = [
    *((mark_spacing.MarkSpacing("missing", mark), pattern) for mark, pattern in mark_spacing._CANDIDATES.items()),
    *((check := mark_spacing.MarkSpacing("extra", mark), check._after_space[mark]) for mark in ".,!?;:)"),
    *((BRACKET, pattern) for pattern in (around_bracket._OPENING, around_bracket._CLOSING, around_bracket._DASH)),
    *((stray_mark.StrayMark(), pattern) for pattern in (stray_mark._LINE, stray_mark._OPEN)),
    *((quote_spacing.QuoteSpacing(side), pattern) for side, pattern in quote_spacing._MAY_BE.items()),
    *((quote_spacing.QuoteSpacing("inside"), re.compile(gap)) for gap in quote_spacing._GAPS),
]


@given(TEXTS)
def test_the_index_finds_all_checks_that_may_match(text: str) -> None:
    document = plain_text.read(Source(text))
    text = view.text_view(document).text
    hits = view.TextIndex([check for check, _ in CHECKS]).hits(document)
    assert hits >= {number for number, (_, pattern) in enumerate(CHECKS) if pattern.search(text)}


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
