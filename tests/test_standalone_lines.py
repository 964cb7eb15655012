"""Standalone lines, and the lines that may match a pattern."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linter import readers
from linter.analysis.literals import EDGE, contains, folded_line, line_literals
from linter.checks.boilerplate._standalone_lines import standalone_lines
from linter.checks.boilerplate.boilerplate_line import BoilerplateLine, _LinePatterns
from linter.document import OBJECT
from linter.source import Source
from steps import steps
from test_prefilter import TEXTS as TEXTS_AROUND
from test_prefilter import fits_in_time, patterns

SIGNS = "ab1,. \t\n\xa0\u3000—-*#_:!)“”»…ßİ²١\u0301\u200b©\x1c" + OBJECT
TEXTS = st.text(st.sampled_from(SIGNS), max_size=60) | st.lists(
    st.sampled_from(["Share ", "12,345.6 ", "  ", "* ", "»", "!!!", "the tram", "\n", "ß", ":", "\u0301"]), max_size=20
).map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
@example("Share !!!!!!!!!!!!!!!!!!\nx")
@example("- • Share\nx")
@example("… Share …\nx")
def test_the_view_has_the_text_of_each_line(text: str) -> None:
    lines = standalone_lines(readers.read(Source(text), "text"))
    for number in range(lines._firsts[-1]):
        line = lines.line(number)
        form = folded_line(line.text) if line else ""
        assert lines.view.part(number) == (f"{EDGE}{form}{EDGE}" if form else "")


@given(patterns(), TEXTS_AROUND)
@settings(max_examples=300, deadline=None)
@example(("straße", "STRASSE"), "")
@example((r" {2}a", "  A"), "")
@example((r"ab(?:c\s+)+d", "abc \n c D"), "")
def test_a_line_that_a_pattern_matches_has_its_literals(made: tuple[str, str], behind: str) -> None:
    pattern, fits = made
    text, flags = fits + behind, regex.VERSION1 | regex.IGNORECASE
    if fits_in_time(regex.fullmatch, pattern, text, flags):
        assert contains(f"{EDGE}{folded_line(text)}{EDGE}", line_literals(pattern, int(flags)))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("Share this", {"^share thi"}, id="letters, in small ones"),
        pytest.param("(?:leave|post) a", {"^leave a$", "^post a$"}, id="alternatives"),
        pytest.param("ads?", {"^ad$", "^ads$"}, id="whole lines"),
        pytest.param(".{2,9} more", {" more"}, id="words"),
        pytest.param(r"\d{1,2} of 24", {" of 00"}, id="digits"),
        pytest.param("ad.*", {"^ad"}, id="the beginning"),
        pytest.param(".*", {"^"}, id="anything"),
        pytest.param("(?:ab", {"^"}, id="what is no pattern"),
    ],
)
def test_literals_of_a_line(pattern: str, expected: set[str]) -> None:
    found, *_ = line_literals(pattern, int(regex.VERSION1 | regex.IGNORECASE))
    assert found == {text.replace("^", EDGE).replace("$", EDGE) for text in expected}


def test_lines_that_may_match_are_searched_for_once() -> None:
    story = standalone_lines(
        readers.read(Source("Share this\n\nThe tram is late.\n\nShare this, share it!"), "markdown")
    )
    patterns = _LinePatterns(["share this", "share.*", "bus", r"\w.*"])
    found = patterns.candidates(story)
    assert found == {"share this": {0, 2}, "share.*": {0, 2}, r"\w.*": {0, 1, 2}}
    assert _LinePatterns(["bus", "share.*"]).candidates(story) is found
    assert _LinePatterns(["share.*", "tram.*"]).candidates(story) == {"share.*": {0, 2}}


@pytest.mark.parametrize("line", ["[Share](https://example.org/share)", "Share this"])
def test_time_is_linear_in_the_number_of_lines(line: str) -> None:
    check = BoilerplateLine(("share(?: this)?",), address="/share$", link="any")

    def steps_for(count: int) -> int:
        document = readers.read(Source(f"{line}  \n" * count), "markdown")
        return steps(lambda: len(list(check.find_in(document))) == count or pytest.fail("lines are missing"))

    steps_for(10)
    assert steps_for(1000) < 8 * steps_for(250)


LONG = "The harbor tram is late again, and nobody at the town hall can say when that will change. " * 3


def test_lines_of_a_page_in_one_paragraph_of_markdown() -> None:
    page = "\n".join(["Donate", "What we do", "News", "about us", LONG.strip(), "Search", "RSS", "contact us", "Help"])
    story = standalone_lines(readers.read(Source(page), "markdown"))
    assert [len(passage) for passage in story.passages()] == [4, 4]
    wrapped = "\n".join(["The harbor tram is late again, and nobody", "at the town hall can say when that will"] * 8)
    assert [len(passage) for passage in standalone_lines(readers.read(Source(wrapped), "markdown")).passages()] == [
        0,
        0,
    ]
