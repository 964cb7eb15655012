from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.text import quotes


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        pytest.param("He said “no” and “yes”.", ["“no”", "“yes”"], id="curly marks"),
        pytest.param('He said "no" and "yes".', ['"no"', '"yes"'], id="straight marks"),
        pytest.param("Er sagte „nein“ und „ja”.", ["„nein“", "„ja”"], id="German marks, closed either way"),
        pytest.param("Er sagte »nein« und ging.", ["»nein«"], id="guillemets that point inwards"),
        pytest.param("Il a dit « non » et « oui ».", ["« non »", "« oui »"], id="French spaces"),
        pytest.param("Hon sade ”nej” och gick.", ["”nej”"], id="the same mark twice, as in Swedish"),
        pytest.param("他说「不」。", ["「不」"], id="corner brackets"),
        pytest.param("他说“不”。", ["“不”"], id="no space before, as in Chinese"),
        pytest.param("“He said ‘no’ to me”, she said.", ["“He said ‘no’ to me”"], id="the outermost only"),
        pytest.param("He said ‘it isn’t mine’ twice.", ["‘it isn’t mine’"], id="an apostrophe closes nothing"),
        pytest.param("He stated,“There is none”.", ["“There is none”"], id="a mark without its space opens"),
        pytest.param('A 6" pipe and a 7" one.', [], id="inches are no speech"),
        pytest.param("Er ging.“ Dann kam sie.“ Ende.", [], id="closing marks alone open nothing"),
        pytest.param("He said “no and left.", [], id="an unclosed mark encloses nothing"),
        pytest.param("He said “no. Then “yes”.", ["“yes”"], id="an unclosed one does not reach the next"),
        pytest.param("“I came. I saw.", ["“I came. I saw."], id="speech goes on in the next paragraph"),
        pytest.param("", [], id="an empty text"),
    ],
)
def test_finds_direct_speech(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotes.quote_spans(text)] == quoted


@given(st.text(alphabet="ab “”„«»‘’\"'.", max_size=60))
def test_spans_are_in_order_and_apart(text: str) -> None:
    at = 0
    for start, end in quotes.quote_spans(text):
        assert at <= start < end <= len(text)
        at = end
