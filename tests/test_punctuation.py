"""Punctuation: adjacent marks, and brackets and quotation marks without a partner."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from linter import engine, readers
from linter.config import packs
from linter.prefilter import NoPrefilter
from linter.source import Source

MARK = re.compile("[⟦⟧]")
RULES = {rule.name: rule for rule in packs.shipped_rules() if rule.pack == "punctuation"}


def shown(name: str, marked: str, language: str = "en") -> str:
    """Return the article with marks around the findings of the rule."""
    text = MARK.sub("", marked)
    document = replace(readers.read(Source(text), "markdown"), language=language)
    for finding in reversed(engine.check(document, NoPrefilter((RULES[f"punctuation/{name}"],)))[0]):
        text = f"{text[: finding.start]}⟦{finding.text}⟧{text[finding.end :]}"
    return text


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        pytest.param("double-stop", "It was ⟦late..⟧ He came.", id="two stops"),
        pytest.param("double-stop", "It was late... and ../x and 1..5.", id="an ellipsis, a path, a range"),
        pytest.param("clashing-marks", "It was ⟦late,.⟧ He came.", id="a comma before a stop"),
        pytest.param("clashing-marks", "Was it ⟦so?.⟧ It was.", id="a stop behind a question mark"),
        pytest.param("clashing-marks", "See Berg Jr., the Inc., etc., and so on.", id="abbreviations"),
        pytest.param("clashing-marks", "He reads [Is it so?](/x).", id="the title of a link"),
        pytest.param("repeated-mark", "It is ⟦late!!!⟧ Is it?!", id="rows of marks"),
    ],
)
def test_adjacent_marks(name: str, marked: str) -> None:
    assert shown(name, marked) == marked


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("It passed by a vote of ⟦(nine⟧ against two here.", id="never closed"),
        pytest.param("It passed by a vote of ⟦nine)⟧ against two here.", id="never opened"),
        pytest.param("It will be late a) for the tram, and 2) for us.", id="items of a list"),
        pytest.param("It will be late :) and we are sad ;-( or so.", id="faces"),
        pytest.param("The late one (which is here\n\nand there) will be late.", id="over two paragraphs"),
        pytest.param("The value lies in [0, 100) of all of them.", id="an interval"),
        pytest.param("It was late (and this is what he said…", id="a teaser that breaks off"),
    ],
)
def test_brackets(marked: str) -> None:
    assert shown("unbalanced-bracket", marked) == marked


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        pytest.param("mixed-quotes", 'He said “it is ⟦late"⟧, and left.', id="curly opened and straight closed"),
        pytest.param("mixed-quotes", 'He knows it. ⟦"We⟧ do too,” she said.', id="straight opened and curly closed"),
        pytest.param("mixed-quotes", '“How to "mend" a tram” is 5" long.', id="quotations within another"),
        pytest.param("turned-quote", "The talk was “My tram is ⟦late“⟧ and good.", id="two that open"),
        pytest.param("turned-quote", "Then came ⟦”my⟧ bridge” and all.", id="two that close"),
        pytest.param("turned-quote", "Die Bahn ist „spät“ und “late”.", id="German ones"),
        pytest.param("unbalanced-quote", "He said ⟦“the⟧ plan is late and costs more.", id="never closed"),
        pytest.param("unbalanced-quote", "“It is late.\n\n“And that is all there is.”", id="speech over paragraphs"),
        pytest.param("unbalanced-quote", "A cake pan of 9” and a tart of 10” are here.", id="inches"),
    ],
)
def test_quotation_marks(name: str, marked: str) -> None:
    assert shown(name, marked) == marked


def test_quotation_marks_of_other_languages_are_ignored() -> None:
    assert shown("turned-quote", "Hon sade ”sent” och gick.", "sv") == "Hon sade ”sent” och gick."


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param('She said that ⟦"the⟧ ferry is late today.', id="never closed"),
        pytest.param('She said that the ⟦ferry"⟧ is late today.', id="never opened"),
        pytest.param('She said "ferry" and ⟦"the⟧ tram is late today.', id="behind a pair"),
        pytest.param('She ⟦"ferry⟧ said and "the tram" is late today.', id="before a pair"),
        pytest.param('The "ferry" is late today, and so is the "tram".', id="pairs"),
        pytest.param('The pipe of the ferry is 5" wide, and the "tram" is late.', id="an inch"),
        pytest.param('The character " is on the ferry and late today.', id="a mark alone"),
        pytest.param('"The ferry is late today and has no soup.\n\n"The tram has some."', id="it goes on"),
        pytest.param('"The ferry is late today and has no soup.\n\nThe tram has."', id="closed in the next paragraph"),
        pytest.param('"The ferry of today has on board:\n\n- soup"', id="before a list"),
    ],
)
def test_straight_quotation_marks(marked: str) -> None:
    assert shown("unbalanced-quote", marked) == marked
