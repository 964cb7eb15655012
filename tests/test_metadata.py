"""Checks of metadata."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linter.checks.metadata import _fields
from linter.checks.metadata.missing import Missing
from linter.checks.metadata.same_value import SameValue
from linter.checks.metadata.term import Term
from linter.checks.metadata.wrong_date import WrongDate, possible_days
from linter.checks.sentences.cut_text import CutText
from linter.document import Document
from linter.readers import read as read_source
from linter.rule import ArticleFacts, FolderCheck, FolderFacts, Rule
from linter.source import Source

STORY = "The council met on Monday to speak of the trams, the harbour and all other works that the town has planned."


def read(text: str, kind: str = "", path: str = "a.md") -> Document:
    return read_source(Source(text, path), kind or ("html" if text.startswith("<") else "markdown"))


def front(lines: str, story: str = STORY) -> str:
    return f"---\n{lines}\n---\n\n{story}\n"


def found(check: Any, text: str) -> list[str]:
    return [text[match.start : match.end] for match in check.find_in(read(text))]


def gathered(check: FolderCheck, articles: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    """Return the path, the matched text and the values of each match; `articles` maps paths to texts."""
    collected = []
    for path, text in articles.items():
        if facts := tuple(check.facts(read(text, path=path))):
            collected.append(ArticleFacts(path, "", len(text), facts))
    folder = FolderFacts(Rule("test", "compared", "", "", "info", check, ""), collected, lambda path, address: True)
    return [
        (article.path, articles[article.path][match.start : match.end], dict(match.values))
        for article, match in check.gather(folder)
    ]


MISSING = Missing(("title", "og.title"), heading=True)
WRITTEN = Missing(("lead",), written=True)


@pytest.mark.parametrize(
    ("check", "text", "expected"),
    [
        pytest.param(MISSING, front("n: 1"), ["---"], id="no key"),
        pytest.param(MISSING, front("Title:"), ["Title"], id="an empty key"),
        pytest.param(MISSING, front("title: ' '"), ["title"], id="blanks"),
        pytest.param(MISSING, front("title: 1"), [], id="a number"),
        pytest.param(MISSING, front("og:\n  title: a"), [], id="a key within another one"),
        pytest.param(MISSING, front("n: 1", f"# A\n\n{STORY}"), [], id="a heading for it"),
        pytest.param(MISSING, front("n: 1", f"## A\n\n{STORY}"), ["---"], id="a lower heading"),
        pytest.param(MISSING, f'{{"n": 1}}\n\n{STORY}', ["{"], id="JSON"),
        pytest.param(Missing(("lead",)), f"Title: a\nDate: 2024-05-01\n\n{STORY}", ["a"], id="a header without marks"),
        pytest.param(MISSING, front("n: 1", "See below."), [], id="a very short article"),
        pytest.param(MISSING, STORY, [], id="no metadata"),
        pytest.param(MISSING, front("", STORY), [], id="empty metadata"),
        pytest.param(MISSING, f"<head class=a></head><h1>A</h1><p>{STORY}</p>", ["<head class=a>"], id="a page"),
        pytest.param(
            MISSING, f"<head><title></title></head><p>{STORY}</p>", ["<title>"], id="a page with an empty one"
        ),
        pytest.param(MISSING, f"<head>{{{{ head }}}}</head><p>{STORY}</p>", [], id="a template"),
        pytest.param(MISSING, f"<p>{STORY}</p>", [], id="a part of a page"),
        pytest.param(WRITTEN, front("n: 1"), [], id="nothing was written"),
        pytest.param(replace(WRITTEN, besides=("n",)), front("n: 1"), ["---"], id="beside what only articles have"),
        pytest.param(WRITTEN, front("lead: ~"), ["~"], id="nothing was written behind the key"),
        pytest.param(WRITTEN, f"<head></head><p>{STORY}</p>", ["<head>"], id="nothing was written on a page"),
    ],
)
def test_missing(check: Missing, text: str, expected: list[str]) -> None:
    assert found(check, text) == expected


BYLINE = Missing(("author",), opening=r"(?m)^By \p{Lu}", attributes={"class": r"\bbyline\b", "rel": r"\bauthor\b"})
HEADLINE = "The tram comes in May"


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(f"{HEADLINE}\n\n{STORY}", "text", [HEADLINE], id="plain text without it"),
        pytest.param(f"{HEADLINE}\nBy Jane Doe\n\n{STORY}", "text", [], id="plain text"),
        pytest.param(f"{HEADLINE}\nWhat it costs\nBy Jane Doe\n\n{STORY}", "text", [], id="below a deck"),
        pytest.param(f"{HEADLINE}\n\n{STORY}\n\n{STORY}\n\nBy Jane Doe", "text", [HEADLINE], id="below the opening"),
        pytest.param(f"{HEADLINE}\n\nBy the harbour: {STORY}", "text", [HEADLINE], id="no name"),
        pytest.param(f"# {HEADLINE}\n\n{STORY}", "markdown", [HEADLINE], id="Markdown without it"),
        pytest.param(f"# {HEADLINE}\n\n*By [Jane Doe](/jane)*\n\n{STORY}", "markdown", [], id="with markup"),
        pytest.param(f"# {HEADLINE}\n\n1 May\nBy Jane Doe\n\n{STORY}", "markdown", [], id="the second line of a block"),
        pytest.param(front("author: Jane Doe"), "markdown", [], id="front matter"),
        pytest.param(front("author: ''", f"By Jane Doe\n\n{STORY}"), "markdown", [], id="an empty key and a byline"),
        pytest.param(front("author:"), "markdown", ["author"], id="an empty key"),
        pytest.param(front("title: A"), "markdown", ["---"], id="front matter without it"),
        pytest.param("See below.", "text", [], id="hardly an article"),
        pytest.param(f"<h1>{HEADLINE}</h1><p>{STORY}</p>", "html", [HEADLINE], id="HTML without it"),
        pytest.param(f"<h1>{HEADLINE}</h1><p>By Jane Doe</p><p>{STORY}</p>", "html", [], id="HTML"),
        pytest.param(f'<p class="post Byline">Jane Doe</p><p>{STORY}</p>', "html", [], id="a class"),
        pytest.param(f'<p class="byline"><b>Jane Doe</b></p><p>{STORY}</p>', "html", [], id="a class with a tag in it"),
        pytest.param(f'<h1>A</h1><p>{STORY} <a rel="author" href="/j">Jane</a></p>', "html", [], id="a link, anywhere"),
        pytest.param(f'<h1>A</h1><p class="byline"> <b></b></p><p>{STORY}</p>', "html", ["A"], id="an empty element"),
        pytest.param(f'<h1>A</h1><p class="bylines">Jane</p><p>{STORY}</p>', "html", ["A"], id="another class"),
        pytest.param(f'<p>{STORY}</p><p class="byline">Jane', "html", [], id="an unclosed element at the end"),
        pytest.param(f'<head><meta name="author" content="Jane Doe"></head><p>{STORY}</p>', "html", [], id="a head"),
        pytest.param(f"<head></head><p>{STORY}</p>", "html", ["<head>"], id="a head without it"),
        pytest.param(f"<h1>A</h1>{{{{ byline }}}}<p>{STORY}</p>", "html", [], id="a template"),
    ],
)
def test_a_byline_may_be_in_the_text(text: str, kind: str, expected: list[str]) -> None:
    assert [text[match.start : match.end] for match in BYLINE.find_in(read(text, kind))] == expected


@pytest.mark.parametrize("options", [{"opening": "By"}, {"attributes": {"rel": "author"}}])
def test_places_in_the_text_need_keys(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="need “keys”"):
        Missing(usual={"author": "author"}, **options)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param("description: The tram is late", ["The tram is late"], id="the very words"),
        pytest.param("description: the “tram” is late!", ["the “tram” is late!"], id="but for capitals and marks"),
        pytest.param("description: The tram is late again", [], id="more words"),
        pytest.param("description: '!'", [], id="no words"),
    ],
)
def test_same_values(lines: str, expected: list[str]) -> None:
    assert found(SameValue(("description",), ("title",)), front(f"title: The tram is late\n{lines}")) == expected


CUT = CutText(("title", "lead"), ("the", "and"))
CHINESE = "市议会星期一开会讨论电车和港口以及城市计划的其他工程"
BEGUN = "The council met on Monday to speak of the trams"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("The council met on Mon", "The council met on Mon", id="within a word"),
        pytest.param("The council met on Mon...", "The council met on Mon...", id="with dots behind"),
        pytest.param(
            "met on Monday to speak of the tr", "on Monday to speak of the tr", id="in the middle of the story"
        ),
        pytest.param("ouncil met on Monday to speak of the tr", "", id="no beginning of a word"),
        pytest.param("The council", "", id="too short to tell"),
        pytest.param("The council met on Monday", "", id="a sentence in itself"),
        pytest.param(f"{BEGUN}, the harbour and all other works", "", id="long, within a sentence"),
        pytest.param(f"{BEGUN}, the harbour and all other works.", "", id="with a stop"),
        pytest.param(f"{BEGUN}, the harbour and all other works…", "", id="with dots behind a word"),
        pytest.param(
            "What it was that the town and the", "it was that the town and the", id="a word that cannot end it"
        ),
        pytest.param("Was das ist, was die Stadt baut, the", "", id="in another language"),
    ],
)
def test_cut_values(value: str, expected: str) -> None:
    text = front(f"lead: '{value}'")
    assert found(CUT, text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(front(f"title: {BEGUN}, the harbour and all other works"), [], id="a title within a sentence"),
        pytest.param(
            front(
                "title: Who is to pay for the new trams to the harb", "# Who is to pay for the new trams to the harbour"
            ),
            ["for the new trams to the harb"],
            id="a title within the word of a heading",
        ),
        pytest.param(front("title: The tram", "# The trams"), [], id="a short title"),
        pytest.param(front(f"lead: {CHINESE}", f"{CHINESE}项目。"), [], id="a script without words"),
    ],
)
def test_cut_titles(text: str, expected: list[str]) -> None:
    assert found(CUT, text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(f"{BEGUN}, the harbour and all other works…", ["harbour and all other works…"], id="dots"),
        pytest.param(
            f"{BEGUN}, the harbour and all other works [...]", ["harbour and all other works [...]"], id="in brackets"
        ),
        pytest.param(f"{BEGUN}, the harbour and all other wor…", [], id="within a word"),
        pytest.param(f"{BEGUN}, the harbour and all other works", ["harbour and all other works"], id="no dots"),
        pytest.param(
            "All other works that the town has planned, and then some, and then some more of them…", [], id="own"
        ),
    ],
)
def test_excerpts(value: str, expected: list[str]) -> None:
    assert found(CutText(("lead",), whole_words=True), front(f"lead: '{value}'")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2024-02-29", [date(2024, 2, 29)], id="a day"),
        pytest.param("2024-02-29T10:00:00Z", [date(2024, 2, 29)], id="with a time"),
        pytest.param("2024/2/9", [date(2024, 2, 9)], id="with slashes"),
        pytest.param("4.5.2024", [date(2024, 5, 4), date(2024, 4, 5)], id="two ways to read it"),
        pytest.param("13/05/2024", [date(2024, 5, 13)], id="one way to read it"),
        pytest.param("2024-13-05", [], id="no such month"),
        pytest.param("31.02.2024", [], id="no such day"),
        pytest.param(date(2024, 5, 4), [date(2024, 5, 4)], id="of TOML"),
        pytest.param(datetime(2024, 5, 4, 1, tzinfo=UTC), [date(2024, 5, 4)], id="of TOML, with a time"),
        pytest.param("May 4, 2024", None, id="in words"),
        pytest.param("2024-05", None, id="a month"),
        pytest.param(2024, None, id="a number"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_days(value: object, expected: list[date] | None) -> None:
    assert possible_days(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(front("date: 2023-02-29"), ["2023-02-29"], id="no such day"),
        pytest.param(front("date: soon"), [], id="no date"),
        pytest.param("+++\ndate = 2024-05-03\n+++\n", [], id="in TOML"),
    ],
)
def test_impossible_dates(text: str, expected: list[str]) -> None:
    assert found(WrongDate("impossible", ("date",)), text) == expected


def test_dates_to_come() -> None:
    now = datetime.now(UTC).date()
    days = {name: (now + timedelta(days=number)).isoformat() for name, number in (("past", 0), ("near", 1), ("far", 9))}
    articles = {name: front(f"date: {day}") for name, day in days.items()}
    articles["draft"] = front(f"date: {days['far']}\ndraft: true")
    assert gathered(WrongDate("future", ("date",)), articles) == [("far", days["far"], {})]


@pytest.mark.parametrize(
    ("text", "expected", "mended"),
    [
        pytest.param("---\ntags:\n- a\n- b\n- a\n---\n", ["a"], "---\ntags:\n- a\n- b\n---\n", id="a list of lines"),
        pytest.param(
            "---\r\ntags:\r\n  - 'a'\r\n  - 'a'\r\n---\r\n", ["a"], "---\r\ntags:\r\n  - 'a'\r\n---\r\n", id="CRLF"
        ),
        pytest.param("---\ntags: [a, b, a, c]\n---\n", ["a"], "---\ntags: [a, b, c]\n---\n", id="a list in a line"),
        pytest.param('+++\ntags = ["a", "a"]\n+++\n', ["a"], '+++\ntags = ["a"]\n+++\n', id="in quotation marks"),
        pytest.param("---\ntags: a, b, a\n---\n", ["a"], "---\ntags: a, b\n---\n", id="a text with commas"),
        pytest.param("---\ntags: [a, A]\n---\n", ["A"], None, id="capitals: which of them is right?"),
        pytest.param("---\ntags: [a b, a-b]\n---\n", [], None, id="two terms"),
        pytest.param("---\ntags: [a]\nother: [b, b]\n---\n", [], None, id="another key"),
    ],
)
def test_repeated_terms(text: str, expected: list[str], mended: str | None) -> None:
    matches = list(Term("repeated", ("tags",)).find_in(read(text)))
    assert [text[match.start : match.end] for match in matches] == expected
    edits = [edit for match in matches for edit in match.edits]
    for edit in edits:
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert (text if edits else None) == mended


def test_forms_of_a_term() -> None:
    articles = {str(number): front("tags: [Open data, tram]") for number in range(3)}
    articles |= {"a": front("tags: open-data"), "b": front("tags: [Trams]\ncategories: [open data]")}
    expected = [("a", "open-data", {"right": "Open data", "articles": "3"})]
    assert gathered(Term("variant", ("tags", "categories")), articles) == expected
    del articles["0"]
    assert gathered(Term("variant", ("tags", "categories")), articles) == []


def test_shared_values() -> None:
    articles = {
        "a/1": front("lead: The tram  is late"),
        "a/2": front("lead: the tram is late"),
        "b/1": front("lead: The tram is late"),
        "b/2": front("lead: Late"),
        "b/3": front("lead: Late"),
    }
    anywhere = SameValue(("lead",), words=2)
    assert [match[0] for match in gathered(anywhere, articles)] == ["a/2", "b/1"]
    assert gathered(anywhere, articles)[1][2] == {"other": "a/1", "articles": "2"}
    assert [match[0] for match in gathered(replace(anywhere, words=1, same_folder=True), articles)] == ["a/2", "b/3"]


def test_fields_that_others_have() -> None:
    check = Missing(usual={"lead": "lead teaser", "author": "author"})
    articles = {f"{year}/{n}/index.md": front(f"teaser: {n}") for n in "abcde" for year in (2023, 2024)}
    articles["2024/x.md"] = front("title: b")
    expected = [("2024/x.md", "---", {"field": "lead", "articles": "10", "all": "11"})]
    assert gathered(check, articles) == expected
    assert gathered(check, {**articles, "2024/y.md": front("title: c")}) == []  # ten of twelve are not enough
    assert gathered(check, dict(list(articles.items())[2:])) == []  # nine articles have none
    assert gathered(check, {**articles, "other/x.md": front("title: d")}) == expected
    same = {path: front("teaser: a") for path in articles} | {"2024/x.md": front("title: b")}
    assert gathered(check, same) == []  # the same value everywhere is a default


def test_terms_are_those_of_lists_and_of_texts_with_commas() -> None:
    document = read("---\ntags: a, b;  c d ,\ncategories: ['e, f', g]\n---\n")
    terms = [(key, term.text) for key, term in _fields.terms(document, ["tags", "labels", "categories"])]
    assert terms == [("tags", "a"), ("tags", "b"), ("tags", "c d"), ("categories", "e, f"), ("categories", "g")]
