"""Spaces: missing ones, extra ones, and correct ones."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter import engine, readers
from linter.checks.spacing import _junctions
from linter.checks.spacing.mark_spacing import MarkSpacing
from linter.config import packs
from linter.document import Document
from linter.finding import Finding
from linter.prefilter import NoPrefilter
from linter.source import Source

MARK = re.compile("[⟦⟧]")
RULES = {rule.name: rule for rule in packs.shipped_rules() if rule.pack in ("spacing", "punctuation")}


def article(marked: str, kind: str, language: str) -> Document:
    return replace(readers.read(Source(MARK.sub("", marked)), kind), language=language)


def found(name: str, document: Document) -> list[Finding]:
    findings, problems = engine.check(document, NoPrefilter((RULES[name],)))
    assert not problems
    return findings


def shown(name: str, marked: str, kind: str = "markdown", language: str = "en") -> str:
    """Return the article with marks around the findings of the rule."""
    text = MARK.sub("", marked)
    for finding in reversed(found(name, article(marked, kind, language))):
        text = f"{text[: finding.start]}⟦{finding.text}⟧{text[finding.end :]}"
    return text


def mended(name: str, text: str, kind: str = "markdown", language: str = "en") -> str:
    for finding in reversed(found(name, article(text, kind, language))):
        for edit in finding.fix.edits if finding.fix else ():
            text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("He met the ⟦mayor,but⟧ not the council.", id="before a small letter"),
        pytest.param("On Feb. ⟦20,Minister⟧ Berg met us.", id="behind a number"),
        pytest.param("He ⟦stated,“There⟧ is no tram.”", id="before an opening quotation mark"),
        pytest.param("The ⟦harbour;it⟧ is old.", id="a semicolon between sentences"),
        pytest.param("He said it was (so I ⟦heard),and⟧ he left.", id="behind a bracket"),
        pytest.param("A set {a,b}, a pair (x,y), a cell [i,j].", id="pairs in brackets are formulas"),
        pytest.param("It costs 1,000 or 2,5 kroner.", id="numbers"),
        pytest.param("TL;DR: it is late.", id="too long, didn't read"),
        pytest.param("Write to a,b@example.org or see /a,b.", id="addresses and paths"),
        pytest.param("The keys are name,age,city,country here.", id="a list of values"),
        pytest.param("build,docs: say what is late", id="parts of a program"),
    ],
)
def test_after_comma(marked: str) -> None:
    assert shown("spacing/after-comma", marked) == marked


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("They met in the ⟦States.They⟧ met again.", id="a frequent start of a sentence"),
        pytest.param("The talk is on ⟦GITLAB.It⟧ is open.", id="what only looks like a domain"),
        pytest.param("He told ⟦me.I⟧ know it.", id="the pronoun"),
        pytest.param("They came on ⟦Feb.24⟧ and ⟦Dec.5⟧.", id="months before a day"),
        pytest.param("We met at ⟦ST.MARY⟧ and ⟦Dr.Berg⟧ came.", id="titles before a name"),
        pytest.param("So he said of ⟦it.”The⟧ others wait.", id="behind a closing quotation mark"),
        pytest.param("Is it ⟦late?We⟧ know.", id="behind a question mark"),
        pytest.param("Use Node.js, ASP.NET, appengine.Context and pic.twitter.com.", id="names with a stop in them"),
        pytest.param("The U.S. and J.R. Berg, Ph.D., came at 5 p.m. on it.", id="initials and abbreviations"),
        pytest.param("The file Feb.24.log and Dec.2019-report are files.", id="files"),
        pytest.param("A time.Time is what a time.Time is here.", id="a form that occurs twice is a name"),
        pytest.param("Call `x` and the file.Close method of it.", id="an article with code"),
        pytest.param("System.Out.Print is what we call.", id="a chain of names"),
    ],
)
def test_after_stop(marked: str) -> None:
    assert shown("spacing/after-stop", marked) == marked


@pytest.mark.parametrize("marks", ["", ",x"])
def test_only_known_marks_are_checked(marks: str) -> None:
    with pytest.raises(ValueError, match="must consist of one or more of"):
        MarkSpacing("missing", marks)


@pytest.mark.parametrize(
    ("marked", "language"),
    [
        pytest.param("Le tram est en ⟦retard.Cette⟧ ligne est neuve.", "fr", id="French"),
        pytest.param("Ruft z.B. die Stadt oder den e.V. an.", "de", id="German abbreviations"),
        pytest.param("他说.The 结束。", "zh", id="Chinese"),
        pytest.param("L’appli Data.Subvention est neuve.", "fr", id="a brand"),
    ],
)
def test_after_stop_in_other_languages(marked: str, language: str) -> None:
    assert shown("spacing/after-stop", marked, language=language) == marked


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("after-comma", "The <b>mayor,</b>but no.", "The <b>mayor,</b> but no.", id="behind emphasis"),
        pytest.param("after-comma", "The mayor,**but** not he.", "The mayor, **but** not he.", id="before emphasis"),
        pytest.param("after-comma", "The mayor,[but](/x) he.", "The mayor, [but](/x) he.", id="before a link"),
        pytest.param("after-comma", "See [the plan,](/x)but no.", "See [the plan,](/x) but no.", id="behind a link"),
        pytest.param(
            "around-markup", "* See *the plan*of it.", "* See *the plan* of it.", id="a bullet is no emphasis"
        ),
        pytest.param("around-markup", "See **the plan**of it.", "See **the plan** of it.", id="closing emphasis"),
        pytest.param("around-markup", "See the**plan** of it.", "See the **plan** of it.", id="opening emphasis"),
        pytest.param("before-mark", "The **plan** , it is.", "The **plan**, it is.", id="a space behind emphasis"),
    ],
)
def test_a_fix_keeps_the_markup_intact(name: str, text: str, expected: str) -> None:
    assert mended(f"spacing/{name}", text) == expected


@pytest.mark.parametrize(("text", "safe"), [("See the plan,but no.", True), ("The <b>mayor,</b>but no.", False)])
def test_a_fix_next_to_markup_is_unsafe(text: str, safe: bool) -> None:
    (finding,) = found("spacing/after-comma", article(text, "markdown", "en"))
    assert finding.fix
    assert finding.fix.safe is safe


@pytest.mark.parametrize(
    ("marked", "language"),
    [
        pytest.param("The ⟦plan .⟧ It is late.", "en", id="a stop"),
        pytest.param("Le ⟦plan ,⟧ en retard : oui !", "fr", id="a comma, but no colon, in French"),
        pytest.param("The file .net and ... and . here.", "en", id="a file, an ellipsis, a period that is mentioned"),
        pytest.param("It is `x` . See ![y](z) , then.", "en", id="behind code and images"),
        pytest.param("1 . The plan", "en", id="the number of an item"),
    ],
)
def test_before_mark(marked: str, language: str) -> None:
    assert shown("spacing/before-mark", marked, language=language) == marked


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("What we do ⟦TodayNOV⟧. 9 is the day.", id="a date in capitals"),
        pytest.param("A tram for ⟦everyoneEast⟧ of the river.", id="a name"),
        pytest.param("It had an ⟦effectIn⟧ this case.", id="a new sentence"),
        pytest.param("The ⟦MarketThe⟧ tram and ⟦HarbourHarbour⟧ line.", id="a capitalized word"),
        pytest.param("In ⟦95811United⟧ States, in ⟦2024The⟧ tram, 1080Ti and 60601abc.", id="a number"),
        pytest.param(
            "It is AcmeNewsWireLos Angeles, AcmeWireLos alone, DeSantis Florida.".replace(
                "AcmeNewsWireLos", "⟦AcmeNewsWireLos⟧"
            ),
            id="a name before a place of two words",
        ),
        pytest.param("Use the `x` and the effectThe thing.", id="an article with code"),
        pytest.param("An iPhone, a YouTube video and mySociety here.", id="brands"),
    ],
)
def test_glued(marked: str) -> None:
    assert shown("spacing/glued", marked) == marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Ring the bell`ding` twice.", "Ring the bell `ding` twice.", id="before code"),
        pytest.param("Read `plan`of the mayor.", "Read `plan` of the mayor.", id="behind code"),
        pytest.param("The `stop`s, non`stop` and x`y`.", "The `stop`s, non`stop` and x`y`.", id="parts of words"),
    ],
)
def test_inline_code(text: str, expected: str) -> None:
    assert mended("spacing/around-markup", text) == expected


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("The ⟦rides(the⟧ first ones) are free.", id="before a bracket"),
        pytest.param("It is free (for a ⟦year)and⟧ he pays.", id="behind a bracket"),
        pytest.param("Trams ⟦Bean(4.1⟧)⟦)- Rails⟧ here.".replace(")⟦)", "⟦)"), id="a release, and a dash"),
        pytest.param("The member(s), f(x, y), max(one thing of all) here.", id="endings and functions"),
        pytest.param("The (re)building of (good old)er things.", id="parts of words"),
    ],
)
def test_around_bracket(marked: str) -> None:
    assert shown("spacing/around-bracket", marked) == marked


def test_doubled_spaces_count_in_all_kinds() -> None:
    text = "The mayor knows the plan  of the tram."
    assert found("spacing/doubled", article(text, "text", "en"))
    assert found("spacing/doubled", article(text, "markdown", "en"))


WORDS = ["The", "tram", "a", "I", "St", "Feb", "24", "of", "East", "é", "中", "\u0301", " ", "  ", "\u00a0", "\n\n"]
MARKS = [
    ",",
    ".",
    "..",
    ";",
    "!",
    "(",
    ")",
    "[",
    "]",
    "“",
    "”",
    '"',
    "**",
    "_",
    "`x`",
    "[b](c)",
    "&nbsp;",
    "<b>",
    "</b>",
]
PIECES = st.sampled_from([*WORDS, *MARKS])


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(readers.KINDS))
def test_spans_are_in_the_source_and_edits_are_near_them(text: str, kind: str) -> None:
    document = article(text, kind, "en")
    for name in RULES:
        for finding in found(name, document):
            assert 0 <= finding.start < finding.end <= len(text)
            assert text[finding.start : finding.end] == finding.text
            for edit in finding.fix.edits if finding.fix else ():
                assert finding.start <= edit.start <= edit.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a,B",
        "effectThe ",
        "it.The ",
        "(a b)c ",
        "a(b c",
        "“a ",
        '"a”',
        "a .",
        "**a**b ",
        "..",
        "[",
        ")",
        ",",
        "\u00a0 ",
    ],
)
def test_the_check_of_long_hostile_texts_ends(piece: str) -> None:
    document = article(piece * 5_000, "text", "en")
    for name in RULES:
        found(name, document)


def test_character_classes_of_scripts() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    other = "\u0590-\u1dff\u2e80-\ud7ff\uf900-\uffdc\U00020000-\U000e0fff"
    assert re.findall(_junctions.OTHER, every) == re.findall(f"[{other}]", every)
    assert re.findall(_junctions.LETTER, every) == re.findall(rf"[^\W\d_{other}]", every)
    assert re.findall(_junctions.ALNUM, every) == re.findall(rf"[^\W_{other}]", every)


def test_a_line_with_many_gaps_is_a_table_row() -> None:
    words = "the tram of the harbor is late and "
    assert len(found("spacing/doubled", article(f"{words}  {words}".replace("and   ", "and,  "), "text", "en"))) == 1
    assert found("spacing/doubled", article("tram  ferry  late  soon  never  again", "text", "en")) == []
    long = "  ".join(["the tram of the harbor"] * 30)
    assert len(found("spacing/doubled", article(long, "text", "en"))) == 29
    assert len(found("spacing/doubled", article("It is late.  " * 40 + "Yes", "text", "en"))) == 0


def test_tokenized_text_has_a_space_before_each_mark() -> None:
    text = "The trams of Bergen , Oslo , Trondheim , Stavanger , Narva , and Riga . and they came in 1930 . @ late"
    assert [f.message for f in found("spacing/before-mark", article(text, "text", "en"))][-1].count("1930")
    assert len(found("spacing/before-mark", article(text, "text", "en"))) == 6
