"""Tags that the reader sees, and end tags of fragments of HTML."""

from __future__ import annotations

import pytest

from linter.checks.markup.element import Element
from linter.checks.markup.tag import Tag
from linter.readers import read
from linter.source import Source


def found(check: Tag | Element, text: str, kind: str) -> list[str]:
    return [text[match.start : match.end] for match in check.find_in(read(Source(text, "tram"), kind))]


def test_tags_that_follow_each_other_are_one_match() -> None:
    text = "The <b><i>tram</i> </b>is late.<br>"
    assert found(Tag("showing"), text, "text") == ["<b><i>", "</i> </b>", "<br>"]


def test_a_page_in_a_text_file_is_one_match() -> None:
    text = "<!DOCTYPE html>\n<html><body>" + "<p>The tram is late.</p>\n" * 30 + "</body></html>"
    assert found(Tag("page"), text, "text") == ["<!DOCTYPE html>"]
    assert found(Tag("showing"), text, "text") == ["<html>", "<body>", "</body>", "</html>"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("<p>Late.</p></div>", ["</div>"]), ("<html><body><p>Late.</p></div></body></html>", [])],
)
def test_end_tags_of_a_fragment(text: str, expected: list[str]) -> None:
    assert found(Tag("unopened"), text, "html") == expected


def test_attributes_by_name_up_to_ten() -> None:
    check = Element(names=("p",), any_attribute="on.+|data-x")
    text = '<p onclick="a()" class="b">The <b onclick="a()">tram</b></p>' + "<p DATA-X>is late.</p>" * 12
    assert found(check, text, "html") == ['onclick="a()"', *["DATA-X"] * 10]


def test_attributes_by_name_behind_more_names_than_are_kept() -> None:
    check = Element(names=("p",), any_attribute="on.+")
    names = " ".join(f"a{number}=b" for number in range(10_100))
    assert found(check, f"<p {names}>The tram</p><p onclick=a>is late.</p>", "html") == ["onclick=a"]
