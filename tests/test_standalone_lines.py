"""The lines of a story, and how they begin: found all at once as one by one."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linter import readers
from linter.checks.boilerplate import _line_beginnings
from linter.checks.boilerplate._line_beginnings import Beginnings, LinesByBeginning
from linter.checks.boilerplate._standalone_lines import line_starts, standalone_lines
from linter.checks.boilerplate.boilerplate_line import BoilerplateLine
from linter.document import OBJECT
from linter.source import Source

SIGNS = "ab1,. \t\n\xa0\u3000—-*#_:!)“”»…ßİ²١\u0301\u200b©\x00\x1c" + OBJECT
TEXTS = st.text(st.sampled_from(SIGNS), max_size=60) | st.lists(
    st.sampled_from(["Share ", "12,345.6 ", "  ", "* ", "»", "!!!", "the tram", "\n", "ß", ":", "\u0301"]), max_size=20
).map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
@example("Share !!!!!!!!!!!!!!!!!!\nx")
@example("12345678901234567890 comments\nx")
@example("ab  cd  ef  gh  ij\nx")
@example("- • Share\nx")
@example("… Share …\nx")
@example("Print »\nx")
def test_lines_begin_as_each_of_them_does(text: str) -> None:
    lines = standalone_lines(readers.read(Source(text), "text"))
    found = dict(enumerate(lines._beginnings))
    for number, form in found.items():
        line = lines.line(number)
        if line:
            assert form.replace(chr(0), chr(26)) == line.beginning.replace(chr(0), chr(26))  # it is in no pattern


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("Share this page with all", "share this", id="words"),
        pytest.param("* Share!", "share", id="signs around them"),
        pytest.param("", "", id="nothing"),
        pytest.param("• •", "", id="signs alone"),
        pytest.param("1,200.5 of us", "0 of us", id="a number"),
        pytest.param("☞ Share", None, id="a rare sign"),
    ],
)
def test_starts(row: str, expected: str | None) -> None:
    assert line_starts(f"{row}\nThe tram") == [expected, "the tram"]


@given(st.sets(st.text("ab0\x00", max_size=8)), st.sets(st.text("ab0", min_size=1, max_size=8)))
def test_what_begins_so_is_found_with_sets(some: set[str], texts: set[str]) -> None:
    sizes = {len(form) - 1 for form in _line_beginnings.forms("") if form}
    ways = {way for way in some if "\x00" not in way or (way.index("\x00") == len(way) - 1 and len(way) - 1 in sizes)}
    expected = {text for text in texts if not ways.isdisjoint(_forms(text))}
    assert LinesByBeginning(texts).matching_texts(Beginnings(ways)) == expected
    assert LinesByBeginning(texts).matched(Beginnings(ways)) == {form for text in texts for form in _forms(text)} & ways


def _forms(text: str) -> set[str]:
    return {*_line_beginnings.forms(text)}


@pytest.mark.parametrize("line", ["[Share](https://example.org/share)", "Share this"])
def test_twice_the_lines_take_about_twice_the_time(line: str) -> None:
    check = BoilerplateLine(("share(?: this)?",), address="/share$", link="any")

    def seconds(count: int) -> float:
        document = readers.read(Source(f"{line}  \n" * count), "markdown")
        start = process_time()
        assert len(list(check.find(document))) == count
        return process_time() - start

    seconds(10)
    assert seconds(4000) < 8 * seconds(1000) + 0.05
