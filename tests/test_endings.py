"""How paragraphs end, with or without an end mark, and which words a finding covers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.sentences import _endings
from linter.checks.sentences.no_end_mark import NoEndMark
from linter.source import Source
from linter.text import language

LONG = "The council of the town met on Monday to speak of the tram and the harbour"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It is late.", True, id="a full stop"),
        pytest.param("“Is it late?”", True, id="a mark within quotation marks"),
        pytest.param("It is late.[12]", True, id="a note behind the stop"),
        pytest.param("It is late:", True, id="a lead to what follows"),
        pytest.param("“Late”", False, id="quotation marks alone"),
        pytest.param("It is", False, id="a word"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_ended(text: str, expected: bool) -> None:
    assert _endings.ended(text) is expected


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_the_last_words_are_whole_words(text: str) -> None:
    end = len(text.rstrip())
    start = _endings.last_words(text, end)
    assert 0 <= start < end
    assert not text[start].isspace()
    assert start == 0 or text[start - 1].isspace()


@pytest.mark.parametrize(
    ("behind", "before"),
    [
        pytest.param("", [""], id="the article ends"),
        pytest.param("\n\n## Price\n\nIt is high.", ["heading"], id="a heading"),
        pytest.param("\n\nIt is the third tram.", ["paragraph"], id="a new paragraph"),
        pytest.param("\n\nof the town, and of its ferry.", [], id="it goes on in small letters"),
        pytest.param("\n\n- the tram", [], id="a list"),
        pytest.param("\n\n    tram --where", [], id="code"),
        pytest.param("\n\n![A tram](tram.png)", [], id="a picture"),
        pytest.param("\n\nA. the tram of the town", [], id="items with letters"),
    ],
)
def test_what_follows_a_paragraph(behind: str, before: list[str]) -> None:
    document = language.with_language(readers.read(Source(LONG + behind, "a.md"), "markdown"))
    assert [ending.before for ending in _endings.open_endings(document, 12)] == before


SEVERAL = f"{LONG}. It was late. {LONG}"


@pytest.mark.parametrize(
    ("check", "others", "expected"),
    [
        pytest.param(NoEndMark(12, words=("the",)), 0, [], id="a word that may end a sentence"),
        pytest.param(NoEndMark(12, words=("harbour",)), 0, ["of the tram and the harbour"], id="one that cannot"),
        pytest.param(NoEndMark(60, words=("harbour",)), 0, [], id="too short"),
        pytest.param(NoEndMark(others=2), 2, ["of the tram and the harbour"], id="the others have marks"),
        pytest.param(NoEndMark(others=2), 1, ["of the tram and the harbour"], id="sentences before the last one"),
    ],
)
def test_no_end_mark(check: NoEndMark, others: int, expected: list[str]) -> None:
    text = "\n\n".join([*[SEVERAL + "."] * others, SEVERAL])
    document = language.with_language(readers.read(Source(text, "a.md"), "markdown"))
    assert [text[match.start : match.end] for match in check.find_in(document)] == expected


WHOLE = f"{LONG}."
AFTER = "The ferry is here"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([WHOLE, WHOLE, LONG], 1, id="the last paragraph"),
        pytest.param([WHOLE, LONG], 0, id="too few others"),
        pytest.param([WHOLE, f"{WHOLE} {LONG}"], 1, id="another paragraph and a sentence"),
        pytest.param([WHOLE, WHOLE, f"*{LONG}*"], 0, id="all of it is emphasis"),
        pytest.param([WHOLE, WHOLE, f"See the [{LONG.lower()}](tram.md)"], 0, id="a link at its end"),
        pytest.param([WHOLE, WHOLE, f"Photo: {LONG}"], 0, id="a label"),
        pytest.param([WHOLE, WHOLE, f"{LONG}\n{{{{< tram >}}}}"], 0, id="a shortcode prints the rest"),
        pytest.param([WHOLE, WHOLE, LONG, WHOLE], 0, id="too few others within the article"),
        pytest.param([*[WHOLE] * 5, LONG, WHOLE], 1, id="enough others within the article"),
        pytest.param([*[WHOLE] * 5, LONG, LONG, WHOLE], 0, id="two without a mark"),
        pytest.param([*[WHOLE] * 5, f"{LONG} → price", WHOLE], 0, id="steps"),
    ],
)
def test_a_single_sentence(texts: list[str], expected: int) -> None:
    document = language.with_language(readers.read(Source("\n\n".join(texts), "a.md"), "markdown"))
    assert len(list(NoEndMark(12).find_in(document))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{LONG},", ["of the tram and the harbour,"], id="the article ends"),
        pytest.param(f"{LONG},\n\n{AFTER}", [], id="it goes on"),
        pytest.param(f"{LONG},\nAda", [], id="a name below"),
        pytest.param("Yours,", [], id="a greeting"),
    ],
)
def test_a_comma_at_the_end(text: str, expected: list[str]) -> None:
    document = language.with_language(readers.read(Source(text, "a.md"), "markdown"))
    check = NoEndMark(12, words=("the",))
    assert [text[match.start : match.end] for match in check.find_in(document)] == expected
