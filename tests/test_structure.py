"""Headings, sections and lengths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest

from linter.checks.duplicates.repeated import Repeated
from linter.checks.markup.element import Element
from linter.checks.pattern.length import Length
from linter.checks.structure.bold import Bold, is_bold
from linter.checks.structure.heading_order import HeadingOrder
from linter.checks.structure.repeated_headline import RepeatedHeadline
from linter.document import Document, Span, simple_block
from linter.readers import read
from linter.rule import ArticleFacts, FolderFacts, Match, Rule
from linter.source import Source

BYLINE = r"\A(?:(?:[Bb]y|BY) |(?:\w+, )?May \d|Update|UPDATE|.*/)"  # bold paragraphs that are no headings
BOLD_HEADING = Bold("heading", words=6, ignored=BYLINE)
AS_HEADING = RepeatedHeadline(as_heading=True)
RULE = Rule("test", "as-heading", "", "", "info", AS_HEADING, "")
RUNNING = "The new line to the harbour will cost ten million, and all of it will have to be paid by the town in May."


class Check(Protocol):
    def find_in(self, document: Document) -> Iterator[Match]: ...


def found(check: Check, text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in check.find_in(read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("## A\n\n#### B\n\n#### C", ["B"], id="the first below the hole alone"),
        pytest.param("#### A\n\n# B\n\n## C", [], id="up is as far as it likes"),
        pytest.param("# A\n\n### B\n\n# C\n\n### D", ["B", "D"], id="each hole"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_skipped_levels(text: str, expected: list[str]) -> None:
    assert found(HeadingOrder("skipped"), text) == expected


def test_several_headings_on_the_first_level_are_one_match() -> None:
    text = "# A\n\n# B\n\n# C"
    (match,) = HeadingOrder("several-top").find_in(read(Source(text), "markdown"))
    assert (text[match.start : match.end], match.values["number"]) == ("B", "3")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# A\n\n## The *same*\n\n## the same!", ["the same!"], id="but for capitals, marks and emphasis"),
        pytest.param("# A\n\n## C\n\n# B\n\n## C", [], id="below two headings"),
        pytest.param("## A\n\n### A", [], id="on two levels"),
        pytest.param("## A\n\n## A\n\n## A", [], id="three times"),
        pytest.param("## `a`\n\n## `b`", [], id="with code"),
        pytest.param("## …\n\n## !", [], id="without words"),
    ],
)
def test_repeated_headings(text: str, expected: list[str]) -> None:
    assert found(Repeated("heading"), text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param("# A\n\n## B\n\n## C\n\nc", "markdown", ["B"], id="one before the next"),
        pytest.param("A\n===\n\nB\n---\n\n***\n", "markdown", ["B"], id="underlined, with a rule below"),
        pytest.param("## A {#a}\n\n## B ##\n", "markdown", ["A"], id="two in a row, with attributes behind"),
        pytest.param("## A\n\na\n\n## B ##\n", "markdown", ["B"], id="with marks behind"),
        pytest.param("## A\n\n<!-- more -->\n\n<a name='x'></a>\n", "markdown", ["A"], id="invisible content"),
        pytest.param("## A\n\n---\n\n> ", "markdown", ["A"], id="an empty quotation"),
        pytest.param("## A\n\n| a |\n|---|\n", "markdown", [], id="a table"),
        pytest.param("## A\n\n{{< gallery >}}\n", "markdown", [], id="a shortcode"),
        pytest.param("## A\n\n<video src=a></video>\n", "markdown", [], id="a film"),
        pytest.param("## A\n\n![](a.png)\n", "markdown", [], id="a picture"),
        pytest.param("## A\n\n    code\n", "markdown", [], id="code"),
        pytest.param("## See Also\n", "markdown", [], id="a heading that the site fills"),
        pytest.param("## It is over!\n", "markdown", [], id="a statement"),
        pytest.param("<h2>A</h2><div><br></div><h2>B</h2><p>b</p>", "html", ["A"], id="on a page"),
        pytest.param("<h2>A<br><br>B</h2><p>b</p>", "html", [], id="one heading of two blocks"),
        pytest.param("<h2>A</h2><img src=a><h2>B</h2><form></form>", "html", [], id="elements that show something"),
    ],
)
def test_empty_sections(text: str, kind: str, expected: list[str]) -> None:
    assert found(HeadingOrder("empty", ("see also",)), text, kind) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("**What it costs**", ["What it costs"], id="bold"),
        pytest.param("__What *it* costs__", ["What *it* costs"], id="with emphasis in it"),
        pytest.param("<b>What it costs</b>", ["What it costs"], id="in HTML"),
        pytest.param("***What it costs***", ["What it costs"], id="and in italics"),
        pytest.param("**Phase 2**", ["Phase 2"], id="with a number"),
        pytest.param("*What it costs*", [], id="in italics alone"),
        pytest.param("**What** it costs", [], id="in part"),
        pytest.param("**What** it **costs**", [], id="in two parts"),
        pytest.param("**What it costs:**", [], id="with a mark at its end"),
        pytest.param("**What it [costs](x)**", [], id="with a link"),
        pytest.param("**What it costs\nnow**", [], id="of two lines"),
        pytest.param("**By Anna Smith**", [], id="a byline"),
        pytest.param("**Monday, May 4th, 2024**", [], id="a date"),
        pytest.param("**UPDATE 4/5/2024**", [], id="what came later"),
        pytest.param("**tram/lines.txt**", [], id="a file"),
        pytest.param("**12**", [], id="without a letter"),
        pytest.param("- **What it costs**", [], id="an item"),
        pytest.param("**What it costs and who is to pay for it**", [], id="too long"),
    ],
)
def test_bold_headings(line: str, expected: list[str]) -> None:
    assert found(BOLD_HEADING, f"It is late.\n\n{line}\n\n{RUNNING}") == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"**What it costs**\n\n{RUNNING}", id="the lead"),
        pytest.param("It is late.\n\n**What it costs**\n\nA lot.", id="above a few words"),
        pytest.param(f"It is late.\n\n**What it costs**\n\n**{RUNNING}**", id="above bold words"),
        pytest.param("It is late.\n\n**What it costs**", id="the last line"),
    ],
)
def test_bold_lines_that_are_no_headings(text: str) -> None:
    assert found(BOLD_HEADING, text) == []


def test_what_is_bold_to_its_end() -> None:
    document = read(Source("<p>\n <strong class='a'><span>a</span></strong></p><p><b>b</b> c</p><p>d</p>"), "html")
    assert [is_bold(block, document) for block in document.prose] == [True, False, False]


@pytest.mark.parametrize(
    ("check", "text", "limit"),
    [
        pytest.param(Length("words", at_most=2), "a b  c", "2", id="too many words"),
        pytest.param(Length("words", at_most=3), "a b c", "", id="just as many"),
        pytest.param(Length("characters", at_least=4), "abc", "4", id="too few characters"),
        pytest.param(Length("characters", at_least=3, at_most=4), "abc", "", id="within both limits"),
    ],
)
def test_lengths(check: Length, text: str, limit: str) -> None:
    matches = list(check.find(simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))))
    assert [(match.start, match.end, match.values["limit"]) for match in matches] == (
        [(0, len(text), limit)] if limit else []
    )


def test_a_length_has_a_limit() -> None:
    with pytest.raises(ValueError, match="either"):
        Length("words")


STYLED = Element(attribute="style", pattern="a+", once=True)


def element(*names: str) -> Element:
    return Element(names, once=True)


@pytest.mark.parametrize(
    ("check", "text", "expected"),
    [
        pytest.param(element("font"), "<font><p>a<FONT face=b>c", ["<font>"], id="the first of a name"),
        pytest.param(element("font"), "<nav><font>a</font></nav><p>b</p><font></font>", [], id="around the article"),
        pytest.param(element("p"), "", [], id="nothing"),
        pytest.param(STYLED, "<p style='b aa a' class=a>c", ["aa"], id="the first part of a value"),
        pytest.param(STYLED, "<p style>c", [], id="no value"),
        pytest.param(element("b", "i"), "<i>a</i><b>c</b><b>d</b>", ["<i>", "<b>"], id="of each name"),
    ],
)
def test_elements_of_an_article(check: Check, text: str, expected: list[str]) -> None:
    assert found(check, text, "html") == expected


@pytest.mark.parametrize(
    ("names", "attribute", "pattern"),
    [((), "", ""), ((), "style", ""), (("p",), "", "a")],
)
def test_elements_need_a_name_or_an_attribute(names: tuple[str, ...], attribute: str, pattern: str) -> None:
    with pytest.raises(ValueError, match="both “attribute” and “pattern”"):
        Element(names, {}, attribute, pattern)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- **A:** b\n- **C**: d\n- __E :__ f", ["A:"], id="with the colon in or behind the label"),
        pytest.param("- **A:** b\n- **C:** d", [], id="two items"),
        pytest.param("- **A:** b\n- **C** d\n- **E:** f", [], id="one without a colon"),
        pytest.param("- **A:**\n- **C:**\n- **E:**", [], id="nothing behind the labels"),
        pytest.param("1. **A:** b\n1. **C:** d\n\nx\n\n- **E:** f", [], id="two lists"),
    ],
)
def test_bold_labels(text: str, expected: list[str]) -> None:
    assert found(Bold("labels"), text) == expected


def test_bold_labels_of_a_page() -> None:
    text = "<ul><li><b>A</b>: b</li><li><strong>C:</strong> d</li><li><b><i>E</i></b> : f</li></ul>"
    assert found(Bold("labels"), text, "html") == ["A"]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(
            "---\ntitle: A b\n---\nc\n\n# a B!\n", "markdown", "c\n\n", id="below the lead, in other capitals"
        ),
        pytest.param("---\ntitle: a\n---\na\n===\n", "markdown", None, id="underlined, with no fix"),
        pytest.param("---\ntitle: a\n---\n## a\n\nb\n", "markdown", None, id="of the second level, with no fix"),
        pytest.param("---\ntitle: a\n---\n### a\n", "markdown", "", id="of the third level"),
        pytest.param("---\ntitle: a\n---\n# b\n\n# a\n", "markdown", "", id="of the second heading"),
        pytest.param("<head><title>a</title></head><h1>a</h1>", "html", "", id="of a page"),
        pytest.param("# a", "markdown", "", id="without a title"),
    ],
)
def test_titles_as_headings(text: str, kind: str, expected: str | None) -> None:
    facts = tuple(AS_HEADING.facts(read(Source(text), kind)))
    matches = (
        list(AS_HEADING.gather(FolderFacts(RULE, [ArticleFacts("a.md", "", len(text), facts)], lambda *_: True)))
        if facts
        else []
    )
    assert bool(matches) == (expected != "")
    for _, match in matches:
        assert bool(match.edits) == bool(expected)
        for edit in match.edits:
            assert (text[: edit.start] + edit.text + text[edit.end :]).endswith(f"---\n{expected}")
