"""With which letters text begins that a pattern fits."""

from __future__ import annotations

import pytest
import regex

from linter.planning import beginnings
from linter.planning.beginnings import OPEN


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("Share this", {"sha"}, id="letters, in small ones"),
        pytest.param("ad", {"ad"}, id="short ones are whole"),
        pytest.param("(?:leave|post) a", {"lea", "pos"}, id="alternatives"),
        pytest.param("share|tweet", {"sha", "twe"}, id="alternatives without brackets"),
        pytest.param("(?:please )?enable", {"ple", "ena"}, id="an optional part"),
        pytest.param("e-?mail", {"e-m", "ema"}, id="an optional sign"),
        pytest.param(r"\d\d more", {"00 "}, id="digits"),
        pytest.param(r"\(c\) x", {"(c)"}, id="escaped signs"),
        pytest.param(r"abc(?:\)x[)(])?|def", {"abc", "def"}, id="brackets that are none"),
        pytest.param("[ab]cd", {"acd", "bcd"}, id="a class"),
        pytest.param("(?!no)yes", {"yes"}, id="what is only looked at"),
        pytest.param("(?-i:A)bc", {"abc"}, id="a group with flags"),
        pytest.param("© .*", {"© " + OPEN}, id="anything behind a few signs"),
        pytest.param(".{2,9} more", {OPEN}, id="anything"),
        pytest.param("[a-z]x", {OPEN}, id="a range is anything"),
        pytest.param("(?:ab", {OPEN}, id="what is not understood"),
    ],
)
def test_beginnings(pattern: str, expected: set[str]) -> None:
    assert beginnings.of_pattern(pattern) == expected


@pytest.mark.parametrize("text", ["no comments", "12 comments", "1,234 comments", "NO comments", "7comments"])
def test_what_fits_begins_so(text: str) -> None:
    pattern = r"(?:no|\d[\d,]*) ?comments?"
    assert regex.fullmatch(pattern, text, regex.IGNORECASE)
    assert not beginnings.of_pattern(pattern).isdisjoint(beginnings.forms(beginnings.of_text(text)))
