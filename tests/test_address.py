"""Addresses of links and images."""

from __future__ import annotations

import re
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from linter import document, readers
from linter.checks.links.address import Address
from linter.config import packs
from linter.source import Source

PATTERN = r"//(?:[^/]*\.)?(?P<part>harbour\.test)\b"


def found(text: str, kind: str = "markdown", **options: Any) -> list[str]:
    matches = Address(PATTERN, **options).find_in(readers.read(Source(text), kind))
    return [text[match.start : match.end] for match in matches]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("markdown", "[a](http://harbour.test/b)", id="a link"),
        pytest.param("markdown", "![a](http://harbour.test/b)", id="an image"),
        pytest.param("markdown", "See http://harbour.test/b now.", id="a bare address"),
        pytest.param("html", '<a href="http://harbour.test/b">a</a>', id="HTML"),
        pytest.param("text", "See http://harbour.test/b now.", id="plain text"),
    ],
)
def test_the_whole_address_is_the_match(kind: str, text: str) -> None:
    assert found(text, kind) == ["http://harbour.test/b"]


def test_link_text_that_shows_the_part_is_no_defect() -> None:
    text = "See http://harbour.test/b or [harbour.test](http://www.harbour.test/c) or [it](http://harbour.test/d)."
    assert found(text, hidden=True) == ["http://harbour.test/d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[a](http://harbour.test/b)", ["http://harbour.test/b"], id="nothing else mentions it"),
        pytest.param("[a](http://harbour.test/b) and `http://harbour.test`", [], id="code does"),
        pytest.param("[a](http://harbour.test/b) is http://harbour.test", [], id="text does"),
    ],
)
def test_what_the_article_mentions_is_intended(text: str, expected: list[str]) -> None:
    assert found(text, alone=True) == expected


def test_a_guide_to_a_machine_has_several_links_to_it() -> None:
    link, image = "[a](http://harbour.test/b) ", "![a](http://harbour.test/b) "
    assert found(link * 3, alone=True) == []
    assert len(found(link * 3)) == 3
    assert len(found(image * 3, alone=True)) == 3


def test_the_words_and_the_part_are_values() -> None:
    (match,) = Address(PATTERN).find_in(readers.read(Source("[the\nplan](http://a.harbour.test/b)"), "markdown"))
    assert dict(match.values) == {"anchor": "the plan", "part": "harbour.test"}


def test_addresses_that_are_shown_may_be_left_out() -> None:
    text = "See http://harbour.test/b or <http://harbour.test/c> or [it](http://harbour.test/d)."
    assert found(text, bare=False) == ["http://harbour.test/d"]


def test_the_words_of_a_link_may_exclude_it() -> None:
    text = "[the plan](http://harbour.test/b) and [a plan](http://harbour.test/c)"
    assert found(text, spare=("a ",)) == ["http://harbour.test/b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("![](https://harbour.test/1)", ["![](https://harbour.test/1)"], id="one"),
        pytest.param(
            "![](https://harbour.test/1) [![](https://harbour.test/2)](/a)",
            ["![](https://harbour.test/1) [![](https://harbour.test/2)](/a)"],
            id="several on a line are one",
        ),
        pytest.param(
            "![](https://harbour.test/1)\n![](https://harbour.test/2)",
            ["![](https://harbour.test/1)", "![](https://harbour.test/2)"],
            id="on two lines",
        ),
        pytest.param("![](https://example.org/1)", [], id="another address"),
        pytest.param("[the feed](https://harbour.test/1)", [], id="a link"),
    ],
)
def test_whole_images_are_found_line_by_line(text: str, expected: list[str]) -> None:
    assert found(text, whole_image=True) == expected


def test_a_mark_of_a_plug_in() -> None:
    text = '<a href="http://harbour.test/b" class="a wpil_internal_link">a</a> <a href="http://harbour.test/c">b</a>'
    assert found(text, marked=True) == ["http://harbour.test/b"]


# The rules that check only odd addresses.
ODD = [rule for rule in packs.shipped_rules() if rule.scope == {"odd.url"} or not getattr(rule.check, "plain", True)]


def test_an_odd_address_is_one_that_may_be_damaged() -> None:
    text = "[a](http://harbour.test/b,) [b](http://harbour.test/b) [c](/b) [d](/home/b) [e](#b) ![f](f.png)"
    assert [one.url for one in readers.read(Source(text), "markdown").links_or_images("odd.url")] == [
        "http://harbour.test/b,",
        "/home/b",
        "f.png",
    ]


@given(st.from_regex(re.compile(document._PLAIN_ADDRESS.pattern, document._PLAIN_ADDRESS.flags), fullmatch=True))
@settings(max_examples=500, deadline=None)
def test_rules_for_odd_addresses_find_nothing_in_others(address: str) -> None:
    assert len(ODD) >= 10
    for rule in ODD:
        compiled: regex.Pattern[str] = rule.check.compiled  # type: ignore[union-attr]
        assert not compiled.search(address), rule.name
