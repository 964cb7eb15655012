"""Sentences end where Vale ends them: after marks, but not after abbreviations, initials and numbers in a sentence."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.text.sentences import sentence_spans
from steps import steps


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("It rained.|The tram stopped.", id="a period ends a sentence"),
        pytest.param("It rained.|the tram stopped.", id="so does a period before a lowercase word"),
        pytest.param("Did it rain?|Yes!|It did.", id="question and exclamation marks"),
        pytest.param("Mr. Okonjo and Dr. Lindqvist left at noon.", id="a name follows an abbreviation"),
        pytest.param("It was built by Tallow Inc.|They sold it.", id="a common word follows an abbreviation"),
        pytest.param("J. Q. Okonjo left.", id="initials"),
        pytest.param("We use tools, e.g. Ruff, in the U.S. and abroad.", id="spelled-out abbreviations"),
        pytest.param("He lives in the U.S.|There he works.", id="a frequent first word after an abbreviation"),
        pytest.param("See section 4. of the act.", id="a number before a lowercase word"),
        pytest.param("It was 1999.|Nobody left.", id="a number before a capital"),
        pytest.param("Wait... what happened?", id="an ellipsis before a lowercase word"),
        pytest.param("Wait...|What happened?", id="an ellipsis before a capital"),
        pytest.param("It was . . . long.|Very long.", id="a spaced ellipsis"),
        pytest.param("“Stop!” called the driver.|He did.", id="a quotation goes on"),
        pytest.param("She said “stop.”|He did.", id="a period inside a quotation"),
        pytest.param("It rained (again.)|He left.", id="a period inside parentheses"),
        pytest.param("Version 2.5 of tram.py costs 3.50 dollars.", id="periods inside words"),
        pytest.param("He left Yahoo! in 2010.", id="a name with an exclamation mark"),
    ],
)
def test_sentences(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


def test_east_asian_sentences_need_no_space_between_them() -> None:
    assert sentences("雨が降った。電車が止まった。") == ["雨が降った。", "電車が止まった。"]


@pytest.mark.parametrize("text", ["", " \n", "\n\n"])
def test_no_sentences(text: str) -> None:
    assert sentences(text) == []


@given(st.text(alphabet="aB.?!…\"')( \n。\u00a0\ud800" + "U1", max_size=40))
def test_sentences_contain_all_text_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert [place for span in spans for place in span] == sorted(place for span in spans for place in span)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("unit", ["a", ".", "a.", ". ", "a. ", "A.B", "。", "1.", "?(", "\n"])
def test_time_is_linear(unit: str) -> None:
    sentence_spans(unit)
    small, large = (steps(partial(sentence_spans, unit * (size // len(unit)))) for size in (2_000, 8_000))
    assert large < 8 * small
    sentence_spans(unit * (200_000 // len(unit)))
