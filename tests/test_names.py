"""Names, brands and the pronoun “I”: the levels of evidence, their messages, and exceptions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.checks.names.case import Case
from linter.checks.names.names import Names
from linter.checks.names.pronoun import Pronoun
from linter.document import Document
from linter.readers import plain_text
from linter.source import Source

MARK = re.compile("[⟦⟧]")
REN = "The deal was signed by Ren Qiushi. Nobody but Ren Qiushi knew of it.\n\n"
COUNCIL = "He spoke for the Baltic Cooperation Council on Friday.\n\n"
CHINA = (
    "Fairs in China sell what all of China makes, and China buys from China; to China it goes, in China it stays.\n\n"
)


def article(marked: str) -> Document:
    return plain_text.read(Source(MARK.sub("", marked)))


def shown(check: Names | Case | Pronoun, marked: str) -> str:
    """Return the article with marks around the matches of the check."""
    text = MARK.sub("", marked)
    for match in sorted(check.find_in(article(marked)), reverse=True):
        text = f"{text[: match.start]}⟦{text[match.start : match.end]}⟧{text[match.end :]}"
    return text


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("The firm of ⟦chinese⟧ origin left ⟦russia⟧ on a ⟦tuesday⟧.", id="known words need no evidence"),
        pytest.param("The ⟦asia⟧-Pacific plan and the non-⟦english⟧ press.", id="known words beside a hyphen"),
        pytest.param("He said that ⟦russia⟧’s port is closed.", id="a known word with its genitive"),
        pytest.param("The guests of ⟦moscow⟧ City came late.", id="a listed word beside a name"),
        pytest.param(
            "All roads lead to Kremlin.\n\nThe train for ⟦kremlin⟧ was late.", id="a listed word seen elsewhere"
        ),
        pytest.param("The train for kremlin was late.", id="a listed word alone proves nothing"),
        pytest.param("Visit kremlin and see.", id="beside the start of a sentence a listed word proves nothing"),
        pytest.param(
            "Kremlin is big.\n\nThe train for kremlin was late.", id="the start of a sentence shows no capital"
        ),
        pytest.param("She met Kim Ji-moscow there.", id="the second half of a hyphenated given name"),
        pytest.param(REN + "In June Ren ⟦qiushi⟧ left.", id="an unknown word in a pair that the article knows"),
        pytest.param("By Ren Zorblan.\n\nIn June Ren zorblan left.", id="one pair is too little for an unknown word"),
        pytest.param(COUNCIL + "Members of the Baltic ⟦cooperation⟧ Council met.", id="an inner word of a known name"),
        pytest.param("Members of the Baltic cooperation Council met.", id="an inner word of an unknown name"),
        pytest.param(COUNCIL + "Baltic cooperation Council members met.", id="no inner word at a sentence's start"),
        pytest.param("It is on ⟦may⟧ 9 or 10 ⟦march⟧ 2025, not in ⟦august⟧ 2024.", id="months in dates"),
        pytest.param("You may 9 times of 10 march on; an august 30 guests.", id="months that are words"),
        pytest.param("The ⟦china⟧-Russia pact, the U.S.-⟦china⟧ talks.", id="ambiguous countries beside a hyphen"),
        pytest.param(
            CHINA + "He spoke of ⟦china⟧ and France.", id="an ambiguous country that the article keeps naming"
        ),
        pytest.param(CHINA + "The glimmer of china and metal.", id="an ambiguous country in the company of none"),
        pytest.param(CHINA + "He spoke of fine china from France.", id="the ware beside its country"),
        pytest.param("Roast turkey, chad, japan wax, jordan almonds, india rubber.", id="words that are countries too"),
        pytest.param("The train from ⟦london⟧ to ⟦moscow⟧ was late.", id="a place alone"),
        pytest.param("The speech of ⟦barack⟧ ⟦obama⟧ was long.", id="a full name in lower case"),
        pytest.param("Fill in spring / london, city=moscow and a > berlin.", id="values"),
        pytest.param("The monday Service team and the friday Labs app.", id="brands of days"),
    ],
)
def test_names(marked: str) -> None:
    assert shown(Names(), marked) == marked


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Mail to russia@example.org, and see russia.example.org.", id="addresses"),
        pytest.param("Write to russia [@] example.org or to german (at) example (dot) org.", id="addresses in words"),
        pytest.param("Ask @moscow, #ukraine and u/paris about it.", id="handles"),
        pytest.param("Open docs/russia/index.md and russia.md now.", id="files"),
        pytest.param("Set lang=english or --german, or the key lang:english.", id="settings"),
        pytest.param("The page china-russia-ties moved.", id="slugs"),
        pytest.param("Use berlin_2019, russia2 and x.germany here.", id="identifiers"),
        pytest.param("They searched for “russia map” and 'english' a lot.", id="quoted queries"),
        pytest.param("See [moscow video] and [4 july fork] there.", id="names of links in brackets"),
        pytest.param("He wrote {{ russia }} and {% include german %} there.", id="marks of templates"),
        pytest.param("french german italian", id="a label"),
        pytest.param("L’angola e l’ucraina sono lontane.", id="elision"),
        pytest.param(
            "Il viaggio verso angola e albania dura ancora tre giorni buoni, dice lui.", id="another language"
        ),
        pytest.param("A note on the eel Anguilla anguilla, and no more.", id="species"),
    ],
)
def test_code_and_identifiers_are_ignored(text: str) -> None:
    assert shown(Names(), text) == text


@pytest.mark.parametrize(
    ("text", "wrong", "right", "evidence"),
    [
        pytest.param("We left russia.", "russia", "Russia", "", id="the table alone is no line of the article"),
        pytest.param(
            "Where is it?\n\nThey left for Russia.\n\nWe left russia.",
            *("russia", "Russia", ", as on line 3"),
            id="the article itself",
        ),
        pytest.param(
            "In May the director Vladimir Orlov came.\n\nThen vladimir Orlov left.",
            *("vladimir Orlov", "Vladimir Orlov", ", as on line 1"),
            id="with the neighbour it has there",
        ),
        pytest.param(
            COUNCIL + "Members of the Baltic cooperation Council met.",
            *("Baltic cooperation Council", "Baltic Cooperation Council", ", as on line 1"),
            id="with both neighbours",
        ),
    ],
)
def test_the_evidence_is_in_the_message(text: str, wrong: str, right: str, evidence: str) -> None:
    (match,) = Names().find_in(article(text))
    word = wrong.split().index(text[match.start : match.end])
    assert (match.values["wrong"], match.values["right"], match.values["evidence"]) == (wrong, right, evidence)
    assert match.edits == ((match.start, match.start + 1, right.split()[word][0]),)


@given(st.lists(st.sampled_from(["Russia", "russia", "may 9", "on", "Xi", "jinping", ".", "\n\n", "“", "-", "moscow"])))
@settings(max_examples=60)
def test_a_line_of_evidence_has_the_right_form(parts: list[str]) -> None:
    text = " ".join(parts)
    lines = text.split("\n")
    for match in Names().find_in(article(text)):
        assert text[match.start : match.end].islower()
        if match.values["evidence"]:
            number = int(match.values["evidence"].rsplit(None, 1)[1])
            assert match.values["right"] in " ".join(lines[number - 1].split())


def test_a_capitalized_name_is_allowed_in_lower_case() -> None:
    check = Case(capitalized=("Ruby", "NumPy"))
    document = plain_text.read(Source("We use ruby, RubY, numpy and Numpy.\n"))
    assert [document.source.text[match.start : match.end] for match in check.find_in(document)] == ["Numpy"]


BRANDS = Case(words=("GitHub", "iPhone", "eBay"), capitalized=("MySQL",), next_to={"Android": "app apps"})


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("See ⟦Github⟧, ⟦github⟧ or ⟦gitHub⟧ for the ⟦Iphone⟧.", id="wrong capitals"),
        pytest.param("On GITHUB, IPHONE, GitHub and iPhone.", id="right ones, and capitals throughout"),
        pytest.param("Run ⟦Mysql⟧ by the command mysql.", id="small letters that are a command"),
        pytest.param("An android sings.\n\nMost apps run on ⟦android⟧ now.", id="a word that its company explains"),
        pytest.param("See github.com, @github, github-actions and github: here.", id="no copy"),
        pytest.param("⟦Github⟧’s pages and the ⟦Github⟧-hosted ones.", id="genitive and compound"),
    ],
)
def test_brands(marked: str) -> None:
    assert shown(BRANDS, marked) == marked


PRONOUN = Pronoun(verbs=("went", "know", "can", "was"), not_after=("variable", "chapter"))


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("So ⟦i⟧ went, and ⟦i⟧’m glad ⟦i⟧'d seen it.", id="verbs and contractions"),
        pytest.param("What ⟦i⟧ know, and what ⟦i⟧ zorbed.", id="once it is sure, all of them"),
        pytest.param("What i zorbed was odd.", id="never sure"),
        pytest.param("Take i from 1 to n, i.e. all; see (i) and i).", id="numerals and variables"),
        pytest.param("For i and j we know that i can be 3.", id="indices"),
        pytest.param("The variable i was set, and chapter i had a table.", id="named things"),
        pytest.param("She wrote “i know” and left.", id="quoted"),
    ],
)
def test_the_pronoun(marked: str) -> None:
    assert shown(PRONOUN, marked) == marked


CASE = Case(
    words=("YouTube", "Reddit"),
    capitalized=("NumPy",),
    verbs=("Google",),
    spellings={"VS code": "VS Code", ".Net": ".NET", "html5": "HTML5"},
)


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("See ⟦Youtube⟧, ⟦youtube⟧ and ⟦youTube⟧, or YOUTUBE.", id="all forms but capitals"),
        pytest.param("See ⟦reddit⟧, ⟦YouTUBE⟧ and yOUTUBE.", id="other mixtures are code"),
        pytest.param("With ⟦Numpy⟧ and numpy.", id="a package in lower case"),
        pytest.param("We found it on ⟦google⟧, and google it again.", id="a verb before its object"),
        pytest.param("They google all day. Let us just google.", id="a verb behind its subject"),
        pytest.param("Call npm install youtube, or use -g reddit now.", id="commands"),
        pytest.param("The ⟦VS code⟧ and ⟦.Net⟧ team uses (⟦html5⟧), ⟦html5⟧’s tags.", id="spellings of single words"),
        pytest.param(
            "The VS codes, ASP.Net, html5-page, html5.zip and VS\ncode.", id="spellings within something else"
        ),
        pytest.param("La ville est sur ⟦Youtube⟧ et youtube avec les enfants de la rue.", id="another language"),
    ],
)
def test_forms_of_brands(marked: str) -> None:
    assert shown(CASE, marked) == marked


@given(
    st.lists(st.sampled_from(["youtube", "Youtube", "VS code", ".Net", "html5", "x", ".", "*", "-", "&amp;", "\n\n"]))
)
def test_edits_of_brands_are_in_their_place(parts: list[str]) -> None:
    source = article(" ".join(parts))
    for match in CASE.find_in(source):
        (edit,) = match.edits
        assert source.source.text[match.start : match.end].casefold() == edit.text.casefold()
