"""The kinds of check that look at one block, on plain text."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import matching, readers
from linter.checks.pattern.pattern import Pattern
from linter.checks.pattern.phrases import Phrases
from linter.checks.pattern.swap import Swap
from linter.document import Span, simple_block
from linter.source import Source


def found(check: Pattern | Phrases | Swap, text: str) -> list[str]:
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    return [text[match.start : match.end] for match in check.find(block)]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        pytest.param("tram", "Tram, trams, the TRAM", ["Tram", "TRAM"], id="whole words, in any case"),
        pytest.param(
            "read more", "Read\n  more, read\u00a0more", ["Read\n  more", "read\u00a0more"], id="any white space"
        ),
        pytest.param("don't", "don't don’t", ["don't", "don’t"], id="a straight apostrophe is a curly one too"),
        pytest.param(
            "C++", "C++ and C++11", ["C++", "C++"], id="a phrase that ends in a sign may have letters behind it"
        ),
        pytest.param("(sic)", "[(sic)]", ["(sic)"], id="signs are no regular expression"),
        pytest.param("STRASSE", "Straße", ["Straße"], id="letters that fold to two"),
        pytest.param("हिन्दी", "हिन्दी, हिन्दीका", ["हिन्दी"], id="vowel signs are of the word"),
        pytest.param("été", "L'été, étés", ["été"], id="letters with accents are letters"),
    ],
)
def test_phrases(phrase: str, text: str, expected: list[str]) -> None:
    assert found(Phrases((phrase,)), text) == expected


def test_capitals_count_if_a_rule_says_so() -> None:
    assert found(Phrases(("May", "polish"), case=True), "May may Polish polish") == ["May", "polish"]


def test_the_longest_phrase_wins() -> None:
    assert found(Phrases(("read", "read more", "read more here")), "Read more here") == ["Read more here"]


@pytest.mark.parametrize(
    ("wrong", "right", "text", "expected"),
    [
        pytest.param("tramway", "tram", "a tramway", "tram", id="small letters"),
        pytest.param("tramway", "tram", "Tramway", "Tram", id="a capital at the start is kept"),
        pytest.param("tramway", "tram", "TRAMWAY", "TRAM", id="capitals throughout are kept"),
        pytest.param("iphone", "iPhone", "Iphone", "iPhone", id="a correct phrase keeps its own capitals"),
        pytest.param("WHO", "World Health Organization", "the WHO", "World Health Organization", id="an acronym"),
        pytest.param("don't", "do not", "Don’t", "Do not", id="a curly apostrophe"),
        pytest.param("street car", "tram", "street\n car", "tram", id="a line break"),
        pytest.param("tram", "tram", "tram", None, id="what is right already"),
        pytest.param("GITHUB", "GitHub", "GitHub", None, id="what is right already in any case"),
        pytest.param("wifi", "Wi-Fi", "w\u0131f\u0131", None, id="letters of Turkish are other letters"),
    ],
)
def test_swap(wrong: str, right: str, text: str, expected: str | None) -> None:
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    matches = list(Swap({wrong: right}).find(block))
    assert [match.values["right"] for match in matches] == ([expected] if expected else [])
    assert [edit.text for match in matches for edit in match.edits] == ([expected] if expected else [])


def test_swap_with_capitals_that_count() -> None:
    assert found(Swap({"Web": "web"}, case=True), "Web web WEB") == ["Web"]


def test_named_groups_are_values_even_where_they_took_no_part() -> None:
    block = simple_block("tram", Span(0, 4), frozenset({"paragraph"}))
    (match,) = Pattern("(?P<one>tram)|(?P<other>bus)").find(block)
    assert dict(match.values) == {"one": "tram", "other": ""}


def test_a_verbatim_match_is_neither_escaped_nor_torn_by_markup() -> None:
    text = "[tram] \\[tram] [*tram*] [&#116;ram]"
    (block,) = readers.read(Source(text), "markdown").prose
    assert [block.span(*match[:2]) for match in Pattern(r"\[tram\]", verbatim=True).find(block)] == [(0, 6)]


def test_an_empty_match_is_none() -> None:
    assert found(Pattern("x*"), "axxb") == ["xx"]


WORDS = st.lists(
    st.text(alphabet="abİıIiſsßK'\"“’ .+(", min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=4
)


@given(words=WORDS, text=st.text(alphabet="abİıIiſsßK'\"“’ .+(\n", max_size=30))
def test_any_phrases_can_be_looked_for_in_any_text(words: list[str], text: str) -> None:
    found(Phrases(tuple(words)), text)
    found(Swap(dict.fromkeys(words, "x")), text)
    for word in words:
        if word == " ".join(word.split()):
            assert matching.phrases([word], case=True).fullmatch(word)


def test_swap_of_many_phrases_finds_what_its_pattern_finds() -> None:
    swap = {f"tram{letter} is late": "tram" for letter in ascii_lowercase} | {
        "can't": "cannot",
        "each-other": "each other",
    }
    text = "Trama is\nlate, tramb is late. They can’t see each-other: Xtrama is late, TRAMZ IS LATE, tramé is late."
    expected = [match.span() for match in Swap(swap).compiled.finditer(text)]
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    assert [(match.start, match.end) for match in Swap(swap).find(block)] == expected
    assert len(expected) == 5
