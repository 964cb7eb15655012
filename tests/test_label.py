"""Labels of the parts of a text, and where they are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.pattern.label import Label
from linter.document import Span, simple_block

CHECK = Label(("Body Paragraph", "Lede"), "part")
PARTS = st.sampled_from(["Lede", "lede", "Body  paragraph 2", ":", ".", " ", "\n", "**", "The tram", "”"])


def found(text: str, check: Label = CHECK) -> list[str]:
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    return [text[match.start : match.end] for match in check.find(block)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Lede: The tram is late.", ["Lede:"], id="at the start"),
        pytest.param("LEDE : late", ["LEDE :"], id="in capitals, with a space"),
        pytest.param("**Lede:** late", ["Lede:"], id="in plain text that was marked up"),
        pytest.param("late\n  body paragraph: x", ["body paragraph:"], id="at the start of a line, of two words"),
        pytest.param("It is late. Body Paragraph 12: x", ["Body Paragraph 12:"], id="behind a sentence, with a number"),
        pytest.param("“Late.” Lede： x", ["Lede："], id="behind a quotation, with a colon of Chinese"),
        pytest.param("The lede: late. So lede: late. A Lede: x", [], id="a word of the story"),
        pytest.param("Lede://example.org Lede", [], id="an address, or no colon"),
        pytest.param("Lede 1: a. Lede (2): b", ["Lede 1:", "Lede (2):"], id="two in one line"),
        pytest.param("The Body Paragraph: x", [], id="within a sentence"),
    ],
)
def test_labels(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@given(st.lists(PARTS, max_size=20).map("".join))
def test_a_label_ends_with_its_colon_and_begins_with_a_letter(text: str) -> None:
    for label in found(text):
        assert label[0].isalpha()
        assert label[-1] == ":"
        assert label[:4].lower() in ("lede", "body")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Lede", ["Lede"], id="alone"),
        pytest.param("**body paragraph 2:** ", [], id="marks behind the colon"),
        pytest.param("2. Body Paragraph 2 :", ["Body Paragraph 2 :"], id="numbers on both sides, and a colon"),
        pytest.param("Lede: late", [], id="with a text"),
        pytest.param("The lede", [], id="in a sentence"),
        pytest.param("Lede" + " " * 90, [], id="a long block"),
    ],
)
def test_labels_that_are_all_of_a_block(text: str, expected: list[str]) -> None:
    assert found(text, Label(("Body Paragraph", "Lede"), "whole")) == expected


def test_labels_with_a_colon() -> None:
    check = Label(("Lede",), "whole", colon=True)
    assert [found(text, check) for text in ("Lede:", "Lede", "Lede :")] == [["Lede:"], [], []]


def test_the_first_line_of_a_block_is_a_label_of_several_words() -> None:
    check = Label(("Body Paragraph", "Lede"), "whole")
    assert found("Body paragraph\nThe tram is late.", check) == ["Body paragraph"]
    assert found("Lede\nThe tram is late.", check) == []


def test_a_field_may_have_a_count_before_its_colon() -> None:
    check = Label(("Meta Title",), "field")
    assert found("Meta Title (58 characters): The tram", check) == ["Meta Title (58 characters): The tram"]
    assert found("Meta Title (see below", check) == []
