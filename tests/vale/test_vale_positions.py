"""Findings of Vale's rules are exactly at the text that their messages name, in any article."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import engine, readers
from linter.finding import Finding
from linter.prefilter import NoPrefilter
from linter.source import Source
from linter.vale.definition import Context, Definition, Vocabulary
from linter.vale.rules import make_check, rule_of
from linter.vale.view import set_options
from linter.vale.view_options import ViewOptions

NAMED = "“%s”"


def definition(name: str, extends: str, *scope: str, message: str = NAMED, **options: Any) -> Definition:
    return Definition(f"House.{name}", extends, message, scope=scope or ("text",), options=options)


WORDS = ("tram", "bus", "cafe")
DEFINITIONS = (
    definition("Word", "existence", tokens=WORDS, ignorecase=True),
    definition("Phrase", "existence", tokens=(r"old\s+tram", r"the \w+ bus")),
    definition("Mark", "existence", tokens=(r"\w[&é!]",), nonword=True),
    definition("Source", "existence", "raw", tokens=("tram",)),
    definition("Summary", "existence", "summary", tokens=("bus",)),
    definition("Sentence", "existence", "sentence", tokens=(r"^\w+",), nonword=True),
    definition("Paragraph", "existence", "paragraph", tokens=(r"\w+\W*$",), nonword=True),
    definition("Parts", "existence", "heading", "list", "table", "blockquote", "text.attr", tokens=WORDS),
    definition("Swap", "substitution", message="“%[2]s”", swap={"cafe": "café", "old tram": "tram"}),
    definition("Twice", "repetition", tokens=(r"[^\s]+",), alpha=True),
    definition("Undefined", "conditional", first=r"\b([A-Z]{3})\b", second=r"\(([A-Z]{3})\)"),
    definition("Mixed", "consistency", either={"tram": "bus"}),
    definition("Title", "capitalization", "heading", match="$title"),
    definition("Lower", "capitalization", "list", match="$lower"),
    definition("Often", "occurrence", "paragraph", max=1, token=r"\b(?:tram|bus)\b", message="“%s” times"),
)
RULES = tuple(rule_of(make_check(each, Context(Vocabulary()))) for each in DEFINITIONS)
ARTICLE = """\
# the old tram

The tram is old. The old bus is a bus! A cafe & a cafe cafe there.

- Tram `code` and AGP
"""
PIECES = (
    *(
        "tram ",
        "Bus ",
        "old ",
        "the ",
        "cafe",
        " cafe ",
        "AGP ",
        "(AGP) ",
        "no! ",
        "Yes. ",
        "é",
        "&amp;",
        "& ",
        "\n",
        "\n\n",
    ),
    *(
        "# ",
        "- ",
        "> ",
        "| a | tram |\n|---|---|\n| bus | ",
        "`bus` ",
        "**",
        "*",
        "_",
        "~~",
        "[",
        "](bus.png) ",
        "![tram",
    ),
    *(
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<h2>",
        "</h2>",
        "<li>",
        "<td>",
        "<br>",
        '<i class="tram">',
        "</i>",
        "<!-- bus -->",
    ),
    *("---\ntitle: old tram\n---\n", "https://bus.example/tram ", "{{ tram }}", "```\n", "&#116;ram ", "\\", "    "),
)
ARTICLES = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
OPTIONS = st.sampled_from(
    (
        {},
        {"skipped_scopes": ("code", "strong", "li", "b")},
        {"ignored_scopes": ("em", "i"), "token_ignores": ("o[a-z]d",)},
    )
)


def check(text: str, kind: str, **options: Any) -> list[Finding]:
    document = readers.read(Source(text), kind)
    suffix = {"markdown": ".md", "html": ".html", "text": ".txt"}[kind]
    set_options(document, ViewOptions(**{"suffix": suffix, **options}))
    findings, problems = engine.check(document, NoPrefilter(RULES))
    assert not problems
    return findings


def test_every_rule_finds_something() -> None:
    assert {finding.rule for finding in check(ARTICLE, "markdown")} == {rule.name for rule in RULES}


@given(ARTICLES, st.sampled_from(("markdown", "html", "text")), OPTIONS)
def test_findings_are_at_the_text_that_they_name(text: str, kind: str, options: dict[str, Any]) -> None:
    for finding in check(text, kind, **options):
        before = text[: finding.start]
        assert finding.text == text[finding.start : finding.end]
        assert (finding.line, finding.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
        if finding.rule == "House.Often":
            assert finding.text.lower() in ("tram", "bus", "&#116;ram")
        else:
            names(finding)


def names(finding: Finding) -> None:
    """Check that the source of a finding has the letters that its message names, and begins and ends with them."""
    named = finding.message.removeprefix("“").removesuffix("”")
    source = finding.text
    assert any(_shows(shown, named) for shown in (html.unescape(source), source))  # “\\&amp;” is no entity


def _shows(shown: str, named: str) -> bool:
    """Whether `shown`, which may contain markup, shows the text `named`. Other signs than letters and digits vary."""
    if shown.isalnum() and named.isalnum():
        return shown == named
    letters = iter(shown)
    return (
        all(char in letters for char in named if char.isalnum())
        and (not named[0].isalnum() or shown[0] == named[0])
        and (not named[-1].isalnum() or shown[-1] == named[-1])
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The **old** tram", [("House.Phrase", "old** tram"), ("House.Swap", "old** tram"), ("House.Word", "tram")]),
        ("[Tram](/tram) *tram*", [("House.Word", "Tram"), ("House.Word", "tram")]),
        ("A `bus` bus", [("House.Word", "bus")]),
    ],
)
def test_a_finding_extends_over_markup(text: str, expected: list[tuple[str, str]]) -> None:
    chosen = ("House.Word", "House.Phrase", "House.Swap")
    found = [(finding.rule, finding.text) for finding in check(text, "markdown") if finding.rule in chosen]
    assert sorted(found) == sorted(expected)


def test_a_missing_token_is_reported_once_for_a_summary() -> None:
    rule = rule_of(make_check(definition("Few", "occurrence", "summary", min=1, token="tram"), Context(Vocabulary())))
    document = readers.read(Source("# A bus\n\nA *bus*.\n\nA bus.\n"), "markdown")
    findings, _ = engine.check(document, NoPrefilter((rule,)))
    assert [(finding.line, finding.column, finding.text) for finding in findings] == [(1, 1, "")]
