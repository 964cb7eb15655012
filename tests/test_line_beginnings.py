"""With which letters text begins that a pattern fits."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linter.checks.boilerplate import _line_beginnings
from linter.checks.boilerplate._line_beginnings import OPEN, Beginnings, LinesByBeginning
from test_prefilter import TEXTS, fits_in_time, patterns

SIGNS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("Share this", {"share this"}, id="letters, in small ones"),
        pytest.param("ad", {"ad"}, id="short ones are whole"),
        pytest.param("(?:leave|post) a", {"leave a", "post a"}, id="alternatives"),
        pytest.param("share|tweet", {"share", "tweet"}, id="alternatives without brackets"),
        pytest.param("(?:please )?enable", {"please ena", "enable"}, id="an optional part"),
        pytest.param("e-?mail", {"e-mail", "email"}, id="an optional sign"),
        pytest.param(r"\d\d more", {"0 more"}, id="digits"),
        pytest.param(r"\d+ more", {"0 more"}, id="a run of digits"),
        pytest.param(r"\d[\d,.]* more", {"0 more"}, id="a number"),
        pytest.param(r"\d[\dk]* more", {"0 more", "0" + OPEN, "0k" + OPEN}, id="a number with a letter in it"),
        pytest.param(r"\(c\) x", {"(c) x"}, id="escaped signs"),
        pytest.param(r"a {2,}b", {"a b"}, id="a run of spaces is one"),
        pytest.param(r"abc(?:\)x[)(])?|def", {"abc", "abc)x)", "abc)x(", "def"}, id="brackets that are none"),
        pytest.param("[ab]cd", {"acd", "bcd"}, id="a class"),
        pytest.param("(?!no)yes", {"yes"}, id="what is only looked at"),
        pytest.param("(?-i:A)bc", {"abc"}, id="a group with flags"),
        pytest.param("© .*", {"© ", "© " + OPEN}, id="anything behind a few signs"),
        pytest.param(".{2,9} more", {OPEN}, id="anything"),
        pytest.param("[a-z]x", {OPEN}, id="a range is anything"),
        pytest.param("abcdef.+", {"abcde" + OPEN}, id="anything behind six letters: five of them"),
        pytest.param("|".join(f"share{i}{j}" for i in SIGNS for j in SIGNS), {"share" + OPEN}, id="too many"),
        pytest.param("(?:ab", {OPEN}, id="what is not understood"),
    ],
)
def test_beginnings(pattern: str, expected: set[str]) -> None:
    assert _line_beginnings.beginnings_of_pattern(pattern) == expected


@pytest.mark.parametrize("text", ["no comments", "12 comments", "1,234 comments", "NO comments", "7comments"])
def test_what_fits_begins_so(text: str) -> None:
    pattern = r"(?:no|\d[\d,]*) ?comments?"
    assert regex.fullmatch(pattern, text, regex.IGNORECASE)
    assert not _line_beginnings.beginnings_of_pattern(pattern).isdisjoint(
        _line_beginnings.forms(_line_beginnings.beginning_of_text(text))
    )


@given(patterns(), TEXTS)
@settings(max_examples=300, deadline=None)
@example(("ok", "OK"), " then")
@example(("ok ?", "OK"), "  then")
def test_whatever_fits_the_start_of_a_text_begins_so(made: tuple[str, str], behind: str) -> None:
    pattern, fits = made
    text = fits + behind
    if "\x00" not in text and fits_in_time(regex.match, pattern, text, regex.VERSION1 | regex.IGNORECASE):
        assert not _line_beginnings.beginning_of_start(pattern).isdisjoint(
            _line_beginnings.forms(_line_beginnings.beginning_of_text(text))
        )


@given(patterns(), TEXTS)
@settings(max_examples=300, deadline=None)
@example(("straße", "STRASSE"), "")
@example((r" {2}a", "  A"), "")
@example((r"ab(?:c\s+)+d", "abc \n c D"), "")
def test_whatever_fits_begins_so(made: tuple[str, str], behind: str) -> None:
    pattern, fits = made
    text = fits + behind
    if "\x00" not in text and fits_in_time(regex.fullmatch, pattern, text, regex.VERSION1 | regex.IGNORECASE):
        assert not _line_beginnings.beginnings_of_pattern(pattern).isdisjoint(
            _line_beginnings.forms(_line_beginnings.beginning_of_text(text))
        )


STARTS = st.sets(st.text(st.sampled_from("ab\U0010ffff"), min_size=1, max_size=8), max_size=20)


@given(STARTS, STARTS)
def test_beginnings_are_among_others(whole: set[str], opened: set[str]) -> None:
    some = Beginnings({text + OPEN for text in opened} | {"ab"})
    expected = {text for text in whole if text == "ab" or text.startswith(tuple(opened))}
    assert LinesByBeginning(whole).matching_texts(some) == expected
