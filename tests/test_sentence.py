"""Sentences by their beginnings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.sentences.sentence import Sentence
from linter.document import Span, simple_block
from linter.matching import Budget, Limits

CHECK = Sentence(("the tram (?:is|was) late", "it's over"))


def found(text: str, check: Sentence = CHECK) -> list[str]:
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    return [text[match.start : match.end] for match in check.find(block)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The tram is late. It came.", ["The tram is late."], id="the first, up to its end"),
        pytest.param("It came. The tram was late again!", ["The tram was late again!"], id="one behind a stop"),
        pytest.param("He said that the tram is late.", [], id="none within a sentence"),
        pytest.param("(Well.) The\n tram is late, now.", ["The\n tram is late, now."], id="any white space"),
        pytest.param("“The tram is late,” he said.", ["The tram is late,"], id="a quotation ends it"),
        pytest.param("Note: it’s over", ["it’s over"], id="behind a colon, and a curly apostrophe"),
        pytest.param("👉 – The tram is late: it stands.", ["The tram is late:"], id="a pictogram is none of it"),
        pytest.param("The tram is late at 10.30 p.m. now", ["The tram is late at 10.30 p.m."], id="a stop in a number"),
        pytest.param("到了。The tram is late。It came。", ["The tram is late。"], id="stops of Chinese"),
        pytest.param("The tram is later.", ["The tram is later."], id="a beginning may end within a word"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_beginning_of_two_sentences_is_one_match() -> None:
    assert found("Well! The tram is late. It came.", Sentence(("well! the tram", "the tram"))) == [
        "Well! The tram is late."
    ]


def test_words_stand_for_any_of_them() -> None:
    check = Sentence(("the {vehicle}s? (?:is|are) {how}",), {"vehicle": "tram | street car", "how": "late\n| on time"})
    assert found("The street cars are on time. The tram is late. The bus is late.", check) == [
        "The street cars are on time.",
        "The tram is late.",
    ]
    with pytest.raises(ValueError, match=r"“\{what\}” is not defined in “words”"):
        Sentence(("the {what}",))


def test_the_first_sentence_alone() -> None:
    check = Sentence(("the tram",), first=True)
    assert found("The tram is late. The tram stands.", check) == ["The tram is late."]
    assert found("It came. The tram stands.", check) == []


def test_a_pattern_that_blows_up_is_cut_off() -> None:
    with pytest.raises(TimeoutError), Budget(41, Limits(rule=0.01)):
        found("a" * 40 + "!", Sentence(("(?:a|aa)+$",)))


@given(st.text(alphabet="The tram is late.!?:” ’\n。", max_size=60))
def test_matches_are_apart_and_begin_as_they_should(text: str) -> None:
    done = 0
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    for match in CHECK.find(block):
        assert done <= match.start < match.end <= len(text)
        assert text[match.start : match.end].lower().split()[0] in ("the", "it’s")
        done = match.end
