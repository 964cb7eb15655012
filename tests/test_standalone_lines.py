"""Standalone lines: found by the prefixes of their words."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linter import readers
from linter.analysis.literals import padded_prefix, prefixes_of_pattern
from linter.checks.boilerplate._standalone_lines import PREFIXES, PrefixTable, standalone_lines
from linter.checks.boilerplate.boilerplate_line import BoilerplateLine
from linter.document import OBJECT
from linter.folding import folded
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
@example("12345678901234567890 comments\nx")
@example("ab  cd  ef  gh  ij\nx")
@example("- • Share\nx")
@example("… Share …\nx")
@example("Print »\nx")
def test_a_line_is_found_by_the_prefix_of_its_words(text: str) -> None:
    lines = standalone_lines(readers.read(Source(text), "text"))
    for number in range(lines._firsts[-1]):
        line = lines.line(number)
        form = folded(line.text) if line else ""
        for size in PREFIXES if form else ():
            prefix = padded_prefix(form, PREFIXES[0])[:size]
            assert (line, form, ["x"]) in [*PrefixTable({prefix: ["x"]}).find(lines)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("Share this page with all", "share this", id="words"),
        pytest.param("* Share it soon", "share it s", id="decorations before them"),
        pytest.param("", "", id="nothing"),
        pytest.param("• •", "", id="decorations alone"),
        pytest.param("1,200.5 of us", "0,000.0 of", id="a number"),
        pytest.param("Share", "share" + 5 * "\0", id="few letters"),
        pytest.param("Read it.", "read it\0\0\0", id="few letters and a period"),
        pytest.param("Share »»»", "share" + 5 * "\0", id="decorations behind few letters"),
        pytest.param("☞ Share", "share" + 5 * "\0", id="a rare decoration"),
        pytest.param("a" + " " * 30 + "tram", "a tram\0\0\0\0", id="a run of spaces"),
    ],
)
def test_prefixes_of_lines(row: str, expected: str) -> None:
    lines = standalone_lines(readers.read(Source(f"<p>{row}</p><p>The tram is late</p>"), "html"))
    assert lines.starts == [*([expected] if row else []), "the tram i"]


@given(patterns(), TEXTS_AROUND)
@settings(max_examples=300, deadline=None)
@example(("straße", "STRASSE"), "")
@example((r" {2}a", "  A"), "")
@example((r"\d+ a", "12 a"), "")
@example((r"ab(?:c\s+)+d", "abc \n c D"), "")
def test_whatever_a_pattern_matches_has_one_of_its_prefixes(made: tuple[str, str], behind: str) -> None:
    pattern, fits = made
    text, flags = fits + behind, regex.VERSION1 | regex.IGNORECASE
    if fits_in_time(regex.fullmatch, pattern, text, flags):
        prefixes = prefixes_of_pattern(pattern, int(flags), PREFIXES)
        assert padded_prefix(folded(text), PREFIXES[0]).startswith(tuple(prefixes))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("Share this", {"share this"}, id="letters, in small ones"),
        pytest.param("(?:leave|post) a", {"leave a\0\0\0", "post a\0\0\0\0"}, id="alternatives"),
        pytest.param("ads?", {"ad" + 8 * "\0", "ads" + 7 * "\0"}, id="whole texts"),
        pytest.param(r"\d+ more", {"0"}, id="digits"),
        pytest.param("ad.*", {"ad"}, id="anything behind letters"),
        pytest.param(".{2,9} more", {""}, id="anything"),
        pytest.param("(?:ab", {""}, id="what is no pattern"),
    ],
)
def test_prefixes_of_a_pattern(pattern: str, expected: set[str]) -> None:
    assert prefixes_of_pattern(pattern, int(regex.VERSION1 | regex.IGNORECASE), PREFIXES) == expected


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
