"""Repeated parts of one article: the distance between them, and linear time."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.duplicates.repeated import Repeated
from linter.document import Document
from linter.source import Source
from steps import steps

SAME = "The last ferry leaves the old quay at eight and comes back with the baker."


def read(text: str, kind: str = "markdown") -> Document:
    return readers.read(Source(text), kind)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(f"One. {SAME} Two.\n\n{SAME} Three.", "1", id="in the next paragraph"),
        pytest.param(f"{SAME}\nOne.\n{SAME}", "1", id="in one paragraph"),
        pytest.param(f"{SAME} One.\n\nTwo.\n\nThree.\n\nFour. {SAME} Five.", "1", id="a standfirst that is said again"),
        pytest.param(f"A.\n\nB.\n\nC.\n\nD.\n\n{SAME} One.\n\nTwo.\n\nThree.\n\n{SAME} Four.", "", id="far apart"),
        pytest.param(f"{SAME} One.\n\n# Two\n\n{SAME} Three.", "", id="under another heading"),
        pytest.param(f"One. {SAME}\n\nTwo. {SAME}", "", id="as the last words of two paragraphs"),
        pytest.param(f"{SAME}\n\n{SAME}", "", id="a whole paragraph"),
        pytest.param(f"{SAME} {SAME} {SAME}", "", id="three times"),
        pytest.param(f"{SAME} One.\n\n> {SAME} Two.", "", id="in a quotation"),
        pytest.param("At sea. At sea. At sea or so.", "", id="a few words"),
    ],
)
def test_sentences(text: str, line: str) -> None:
    found = list(Repeated("sentence", words=12, apart=1).find_in(read(text)))
    assert [match.values["line"] for match in found] == [line] * bool(line)
    assert {text[match.start : match.end] for match in found} <= {SAME}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(SAME, "", id="one paragraph"),
        pytest.param(f"{SAME}\n\nThe trams run.\n\n{SAME.replace('baker', 'mayor')}", "1", id="but for a word"),
        pytest.param(f"{SAME}\n\n{SAME}", "", id="the same"),
        pytest.param(f"{SAME}\n\n{SAME.replace('eight', '8')}", "", id="with another number"),
        pytest.param(f"# A\n\n{SAME}\n\n# B\n\n{SAME.replace('baker', 'mayor')}", "", id="under two headings"),
    ],
)
def test_similar_paragraphs(text: str, line: str) -> None:
    found = list(Repeated("paragraph", words=12, near=True).find_in(read(text)))
    assert [match.values["line"] for match in found] == [line] * bool(line)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("![a](a.jpg)\n\nTram.\n\n![b](a.jpg)", "![b](a.jpg)", id="by another name"),
        pytest.param("![a](a.jpg)\n\nTram.\n\n![a](b.jpg)", "", id="two pictures"),
        pytest.param("![a](icons/a.png)\n\nTram.\n\n![a](icons/a.png)", "", id="an icon"),
        pytest.param("![a](data:image/png;base64,aa)\n\n![a](data:image/png;base64,aa)", "", id="a drop of data"),
        pytest.param("![a](a.jpg)\n\n| a |\n|---|\n| ![a](a.jpg) |", "", id="in a table"),
    ],
)
def test_images(text: str, found: str) -> None:
    assert [text[match.start : match.end] for match in Repeated("image", ignored=("icon",)).find_in(read(text))] == [
        found
    ] * bool(found)


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(Repeated("sentence", words=12, apart=1), id="sentences"),
        pytest.param(Repeated(unit="paragraph", words=25, near=True), id="near paragraphs"),
        pytest.param(Repeated("image"), id="images"),
    ],
)
def test_time_is_linear_in_the_length(check: Repeated) -> None:
    def steps_for(paragraphs: int) -> int:
        words = [" ".join(f"w{i * 7 % 997}x{j * i % 31}" for j in range(40)) for i in range(paragraphs)]
        document = read("\n\n".join(f"{text}. {SAME} ![](a{i}.jpg)" for i, text in enumerate(words)))
        assert document.prose
        return steps(lambda: list(check.find_in(document)))

    steps_for(50)
    assert steps_for(800) < 8 * steps_for(200)


def test_time_is_linear_in_the_length_of_a_paragraph() -> None:
    def steps_for(sentences: int) -> int:
        document = read("The tram is late. " * sentences)
        assert document.prose
        return steps(lambda: list(Repeated("neighbor", words=4).find_in(document)))

    steps_for(50)
    assert steps_for(800) < 8 * steps_for(200)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# A\n\nThe ferry\n\nThe ferry", ["The ferry"], id="two paragraphs"),
        pytest.param("# A\n\n[The ferry](a.md)\n\n**The Ferry!**", ["The Ferry!"], id="a link, emphasis"),
        pytest.param("# A\n\n## The ferry\n\nThe ferry", ["The ferry"], id="a heading, a paragraph"),
        pytest.param("# A\n\n## The ferry\n\n## The ferry", [], id="two headings"),
        pytest.param("# The ferry\n\nThe ferry", [], id="the headline"),
        pytest.param("# A\n\nThe ferry\n\nThe ferry\n\nThe ferry", [], id="three times"),
        pytest.param("# A\n\nThe ferry\n\nIt is late.\n\nThe ferry", [], id="something between"),
        pytest.param("# A\n\nThe ferry\n\n{% ferry %}\n\nThe ferry", [], id="a template between"),
        pytest.param("# A\n\nThe ferry is:\n\nThe ferry is:", [], id="a lead"),
        pytest.param("# A\n\n- The ferry\n- The ferry", [], id="items of a list"),
        pytest.param("# A\n\nFerry\n\nFerry", [], id="one word"),
    ],
)
def test_lines(text: str, expected: list[str]) -> None:
    assert [text[match.start : match.end] for match in Repeated("line", words=2).find_in(read(text))] == expected
