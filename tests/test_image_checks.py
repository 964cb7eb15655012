"""Checks that look at images and at tags."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.images.alt_text import AltText
from linter.checks.markup.element import Element
from linter.rule import DocumentCheck
from linter.source import Source


def found(check: DocumentCheck, text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in check.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("alt", "file", "expected"),
    [
        pytest.param("red_tram", "/a/red_tram.jpg?w=4", True, id="the name of the file"),
        pytest.param("red-tram.jpg", "red-tram.jpg", True, id="with its ending"),
        pytest.param("tram2024", "tram2024.jpg", True, id="a long number"),
        pytest.param("red%20tram", "red tram.jpg", False, id="another name"),
        pytest.param("Tram", "tram.jpg", False, id="a word"),
        pytest.param("X-Ray", "x-ray.jpg", False, id="a word with a hyphen"),
        pytest.param("", "tram_2.jpg", False, id="no text"),
    ],
)
def test_texts_that_are_file_names(alt: str, file: str, expected: bool) -> None:
    assert bool(found(AltText("file"), f"![{alt}](<{file}>)")) is expected


def test_texts_that_are_captions() -> None:
    figure = '<figure><img src="a.png" alt="A tram"><figcaption>{}</figcaption></figure>'
    check = AltText("caption")
    assert found(check, figure.format("A tram."), "html") == ["A tram"]
    assert not found(check, figure.format("A bus."), "html")
    assert not found(check, figure.format("A bus.") + "<figure><figcaption>A tram</figcaption></figure>", "html")
    assert not found(check, '<img src="a.png" alt="A tram"><table><caption>A tram</caption></table>', "html")


def test_texts_that_are_titles() -> None:
    assert found(AltText("title"), '![A tram](a.png "A tram") ![A tram](a.png "A bus")') == ["A tram"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        pytest.param('<img width="1" height="1px" src="a">', True, id="both"),
        pytest.param('<img width="1" height="10" src="a">', False, id="one of them as a part alone"),
        pytest.param('<img width="1" src="a">', False, id="one of them missing"),
        pytest.param('<b width="1" height="1">a</b>', False, id="another element"),
        pytest.param("`<img width=1 height=1>`", False, id="code"),
    ],
)
def test_elements(tag: str, expected: bool) -> None:
    check = Element(("img",), {"width": "1(?:px)?", "height": "1(?:px)?"}, address="src")
    (*matches,) = check.find_in(readers.read(Source(f"It is {tag} late."), "markdown"))
    assert bool(matches) is expected
    assert [match.values["address"] for match in matches] == ["a"] * expected
