"""Parameters in addresses: their positions, and fixes that leave a valid address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.links.query import Query
from linter.folding import folded_view
from linter.source import Source
from linter.views import NUL

CHECK = Query(("utm_source=bot.example*", "ref=bot"))


def found(text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


def mended(text: str, kind: str = "markdown") -> str:
    matches = CHECK.find_in(readers.read(Source(text), kind))
    for edit in sorted((edit for match in matches for edit in match.edits), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("?ref=bot", "", id="alone"),
        pytest.param("?ref=bot#a", "#a", id="before a fragment"),
        pytest.param("?ref=bot&a=1", "?a=1", id="first"),
        pytest.param("?a=1&ref=bot", "?a=1", id="last"),
        pytest.param("?a=1&REF=bot&b=2#c", "?a=1&b=2#c", id="in the middle, in capitals"),
        pytest.param("?a=1&amp;ref=bot&amp;b=2", "?a=1&amp;b=2", id="as HTML writes it"),
        pytest.param("?ref=bot&#38;a=1", "?a=1", id="as HTML may write it"),
        pytest.param("?ref=bot&utm_source=bot.example%20x", "", id="two are one match"),
        pytest.param("?a=1&ref=bot&utm_source=bot.example", "?a=1", id="two at the end"),
        pytest.param("?ref=bot&a=1&utm_source=bot.example", "?a=1", id="two apart"),
        pytest.param("?a=1?ref=bot", "?a=1", id="joined by the wrong sign"),
        pytest.param("?xref=bot&a=ref=bot", "?xref=bot&a=ref=bot", id="another parameter"),
        pytest.param("#?ref=bot", "#", id="within a fragment"),
        pytest.param("", "", id="no query"),
    ],
)
def test_an_address_is_whole_without_them(address: str, expected: str) -> None:
    assert mended(f"[a](http://b.example/{address})") == f"[a](http://b.example/{expected})"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("markdown", "<http://b.example/?ref=bot>", id="an autolink"),
        pytest.param("markdown", "http://b.example/?ref=bot and", id="a bare address"),
        pytest.param("markdown", "[a][b]\n\n[b]: http://b.example/?ref=bot", id="a reference"),
        pytest.param("markdown", "![a](http://b.example/c.png?ref=bot)", id="an image"),
        pytest.param("html", '<a href="http://b.example/?ref=bot">a</a>', id="HTML"),
        pytest.param("text", "See http://b.example/?ref=bot for more.", id="plain text"),
    ],
)
def test_in_all_sorts_of_links(kind: str, text: str) -> None:
    assert found(text, kind) == ["ref=bot"]
    assert mended(text, kind) == text.replace("?ref=bot", "")


def test_words_that_show_the_address_show_the_parameter_too() -> None:
    text = "[b.example/?utm\\_source=bot.example](http://b.example/?utm_source=bot.example)"
    assert found(text) == ["utm\\_source=bot.example", "utm_source=bot.example"]
    assert mended(text) == "[b.example/](http://b.example/)"


def test_two_apart_are_two_matches_side_by_side_they_are_one() -> None:
    assert found("<http://b.example/?ref=bot&a=1&ref=bot&ref=bot>") == ["ref=bot", "ref=bot&ref=bot"]


def test_code_is_no_link() -> None:
    assert not found("`http://b.example/?ref=bot`")


@given(st.lists(st.sampled_from(["ref=bot", "utm_source=bot.example", "a=1", "b"]), min_size=1, max_size=8))
def test_all_of_them_go_and_the_others_stay(parameters: list[str]) -> None:
    rest = "&".join(parameter for parameter in parameters if "bot" not in parameter)
    expected = f"http://b.example/{'?' if rest else ''}{rest}"
    assert mended(f"<http://b.example/?{'&'.join(parameters)}>") == f"<{expected}>"


def test_a_rule_may_exclude_some() -> None:
    check = Query(("utm_*",), spare=("utm_source=bot*",))
    text = "<http://b.example/?utm_source=bot&utm_medium=mail&UTM_Source=tram>"
    matches = check.find_in(readers.read(Source(text), "markdown"))
    assert [text[match.start : match.end] for match in matches] == ["utm_medium=mail&UTM_Source=tram"]


PARTS = (
    "utm_source=bot.example",
    "ref=bot",
    "&",
    "&amp;",
    "&#114;ef=bot",
    "\\",
    "?",
    "u",
    "utm\\_",
    "#",
    " ",
    "<",
    ")",
    "&para;",
)
FORMS = (
    "The [tram]({}) is late.",
    "The <{}> is late.",
    "The [{}](/) is late.",
    '<a href="{}">tram</a>',
    "<img src='{}'>",
)


@given(st.lists(st.sampled_from(PARTS)).map("".join), st.sampled_from(FORMS), st.sampled_from(("markdown", "html")))
def test_an_address_with_a_match_contains_a_literal(query: str, form: str, kind: str) -> None:
    document = readers.read(Source(form.format(f"https://example.org/?{query}")), kind)
    if any(CHECK.find_in(document)):
        texts = [
            text
            for scope in ("link.url", "link.text", "image.url")
            for text in folded_view(document, scope).text.split(NUL)
        ]
        assert CHECK.literals is not None
        assert any(literal in text for literal in CHECK.literals[0] for text in texts)


@pytest.mark.parametrize("parameter", ["*=bot", "copy=1", "par*", "n*"])
def test_a_parameter_that_may_be_part_of_an_entity_has_no_literal(parameter: str) -> None:
    assert Query(("ref=bot", parameter)).literals is None
