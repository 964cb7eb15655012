"""Document and rules in, findings out: spans through markup, quotations, exceptions, topics, fixes, time limits."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import engine
from linter.checks.encoding.note import Note as NoteCheck
from linter.checks.pattern.pattern import Pattern
from linter.checks.pattern.phrases import Phrases
from linter.checks.pattern.swap import Swap
from linter.document import OBJECT, Block, Document, Metadata, Note, Span, simple_block
from linter.finding import Finding
from linter.matching import Limits
from linter.prefilter import NoPrefilter
from linter.rule import Rule, RuleFix
from linter.source import LINE_END, Source

PARAGRAPH = frozenset({"paragraph"})


def block(source: str, *pieces: tuple[str, int, int], scopes: frozenset[str] = PARAGRAPH) -> Block:
    """Return a block of pieces (text, start, end), or of the whole source if there are none."""
    if not pieces:
        return simple_block(source, Span(0, len(source)), scopes)
    text, places = "", ()
    for shown, start, end in pieces:
        places += (len(text), start, end)
        text += shown
    return Block(text, scopes, places)


def document(source: str, *blocks: Block, kind: str = "markdown", **more: Any) -> Document:
    return Document(Source(source, "a.md"), kind, blocks or (block(source),), **more)


def rule(check: object, **more: Any) -> Rule:
    fields: dict[str, Any] = {"pack": "style", "id": "tram", "summary": "", "why": "", "severity": "error"}
    return Rule(**{**fields, "check": check, "message": "“{match}”", **more})


def check(one: Rule, where: Document) -> list[Finding]:
    findings, problems = engine.check(where, NoPrefilter((one,)))
    assert not problems
    return findings


def fixed(where: Document, findings: list[Finding]) -> str:
    text = where.source.text
    for finding in reversed(findings):
        for edit in reversed(finding.fix.edits if finding.fix else ()):
            text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def test_a_finding_has_all_fields() -> None:
    source = "# Trams\n\nOne.\r\n\r\nThe 🚋 tram\ris late."
    blocks = (
        simple_block("Trams", Span(2, 7), frozenset({"heading"})),
        simple_block("One.", Span(9, 13), PARAGRAPH),
        simple_block("The 🚋 tram\ris late.", Span(17, 36), PARAGRAPH),
    )
    (finding,) = check(rule(Pattern(r"tram\ris")), document(source, *blocks))
    assert finding == Finding(
        path="a.md",
        record=None,
        rule="style/tram",
        severity="error",
        message="“tram is”",
        line=5,
        column=7,
        end_line=6,
        end_column=3,
        start=23,
        end=30,
        text="tram\ris",
        paragraph=2,
        heading="Trams",
        fix=None,
        before="The 🚋 ",
        after=" late.",
        beside="d6a9fd-9a7d37",  # of “The 🚋” and “late.”
    )


@pytest.mark.parametrize(
    ("source", "pieces", "phrase", "expected"),
    [
        pytest.param(
            "Xi <em>jinping</em>",
            [("Xi ", 0, 3), ("jinping", 7, 14)],
            "xi jinping",
            "Xi <em>jinping",
            id="a phrase over markup is one span, without the markup at its edges",
        ),
        pytest.param(
            "a&amp;b c", [("a", 0, 1), ("&", 1, 6), ("b c", 6, 9)], "a&b", "a&amp;b", id="an entity is one character"
        ),
        pytest.param(
            "> the\n> tram",
            [("the", 2, 5), ("\n", 5, 8), ("tram", 8, 12)],
            "the tram",
            "the\n> tram",
            id="a soft break",
        ),
    ],
)
def test_spans_go_through_markup(source: str, pieces: list[tuple[str, int, int]], phrase: str, expected: str) -> None:
    (finding,) = check(rule(Phrases((phrase,))), document(source, block(source, *pieces)))
    assert finding.text == expected


@pytest.mark.parametrize(
    ("in_quotes", "expected"),
    [
        pytest.param("both", [4, 19], id="both"),
        pytest.param("skip", [4], id="outside of quotations"),
        pytest.param("only", [19], id="in quotations"),
    ],
)
def test_quotations(in_quotes: str, expected: list[int]) -> None:
    found = check(rule(Phrases(("tram",)), in_quotes=in_quotes), document("The tram, said “my tram, yes”."))
    assert [finding.start for finding in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The Tram Museum and the tram", [24], id="a match inside an exception is none"),
        pytest.param("the tram  museum", [], id="in any case and with any white space"),
        pytest.param("the tram museums", [4], id="an exception is whole words"),
    ],
)
def test_exceptions(text: str, expected: list[int]) -> None:
    found = check(rule(Phrases(("tram",)), exceptions=("Tram Museum",)), document(text))
    assert [finding.start for finding in found] == expected


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        pytest.param(["slug: a tram"], 1, id="one mention of its own is none"),
        pytest.param(["slug: a tram", "The SEO of it."], 1, id="one mention is not what an article is about"),
        pytest.param(["slug: a tram", "The SEO of it.", "More seo."], 0, id="two mentions are"),
        pytest.param(["# SEO for trams", "slug: a tram"], 0, id="a heading is enough"),
    ],
)
def test_a_rule_ignores_articles_about_its_topics(texts: list[str], count: int) -> None:
    source = "\n".join(texts)
    blocks = [
        simple_block(
            text, Span(start, start + len(text)), frozenset({"heading" if text.startswith("#") else "paragraph"})
        )
        for text in texts
        for start in (source.index(text),)
    ]
    one = rule(Pattern("slug: .*"), not_about=("SEO", "slug"))
    assert len(check(one, document(source, *blocks))) == count


def test_a_rule_may_have_another_severity_in_drafts() -> None:
    one = rule(Phrases(("tram",)), in_drafts="info")
    for values, severity in (({"draft": True}, "info"), ({}, "error")):
        (finding,) = check(one, document("tram", metadata=Metadata(values)))
        assert finding.severity == severity
    (finding,) = check(rule(Phrases(("tram",))), document("tram", metadata=Metadata({"draft": True})))
    assert finding.severity == "error"


@pytest.mark.parametrize(
    ("not_from", "site", "count"),
    [
        pytest.param({"any"}, "Hugo", 0, id="any generator"),
        pytest.param({"jekyll", "hugo"}, "Hugo", 0, id="the one that is named"),
        pytest.param({"jekyll"}, "Hugo", 1, id="another one"),
        pytest.param({"any"}, "", 1, id="none"),
        pytest.param(set(), "Hugo", 1, id="a rule that is for sources too"),
    ],
)
def test_a_rule_ignores_the_sources_of_some_generators(not_from: set[str], site: str, count: int) -> None:
    assert len(check(rule(Phrases(("tram",)), not_from=frozenset(not_from)), document("tram", site=site))) == count


@pytest.mark.parametrize(("formats", "count"), [({"text", "markdown"}, 1), ({"html"}, 0), (set(), 1)])
def test_a_rule_ignores_other_formats(formats: set[str], count: int) -> None:
    assert len(check(rule(Phrases(("tram",)), formats=frozenset(formats)), document("tram"))) == count
    assert (
        len(check(rule(NoteCheck("x"), formats=frozenset(formats)), document("", notes=(Note("x", Span(0, 0)),))))
        == count
    )


def test_the_same_place_is_found_once() -> None:
    in_list_and_quote = simple_block("tram", Span(0, 4), frozenset({"list", "quote"}))
    again = simple_block("tram", Span(0, 4), frozenset({"metadata"}))
    one = rule(Phrases(("tram",)), scope=frozenset({"list", "quote", "metadata"}))
    assert len(check(one, document("tram", in_list_and_quote, again))) == 1


@pytest.mark.parametrize(
    ("languages", "count"),
    [
        pytest.param(frozenset(), 1, id="a rule for any language"),
        pytest.param(frozenset({"en", "fr"}), 1, id="a rule for that language"),
        pytest.param(frozenset({"de"}), 0, id="a rule for another one"),
    ],
)
def test_a_rule_ignores_other_languages(languages: frozenset[str], count: int) -> None:
    where = document("tram", language="fr")
    assert len(check(rule(Phrases(("tram",)), languages=languages), where)) == count


def test_a_document_check_gets_the_notes_of_the_reader() -> None:
    where = document("caf\ufffd", notes=(Note("undecodable", Span(3, 4), {"what": "0xE9"}),))
    (finding,) = check(rule(NoteCheck("undecodable"), message="lost {what}: “{match}”"), where)
    assert (finding.message, finding.line, finding.column, finding.text) == ("lost 0xE9: “\ufffd”", 1, 4, "\ufffd")


BREAK = ("\n", 3, 6)


@pytest.mark.parametrize(
    ("source", "pieces", "check_", "replace_", "expected"),
    [
        pytest.param("a tram is", [], Swap({"tram": "bus"}), None, "a bus is", id="a word"),
        pytest.param(
            "a *tram*!",
            [("a ", 0, 2), ("tram", 3, 7), ("!", 8, 9)],
            Swap({"tram": "bus"}),
            None,
            "a *bus*!",
            id="the whole of an emphasis by something else",
        ),
        pytest.param(
            "a *tram*!",
            [("a ", 0, 2), ("tram", 3, 7), ("!", 8, 9)],
            Pattern("tram"),
            "",
            None,
            id="the whole of an emphasis by nothing would leave its marks",
        ),
        pytest.param(
            "a *tram is* it",
            [("a ", 0, 2), ("tram is", 3, 10), (" it", 11, 14)],
            Pattern("tram"),
            "",
            None,
            id="white space behind a mark of emphasis would leave it without effect",
        ),
        pytest.param("a<b>x</b>", [("a", 0, 1), ("x", 4, 5)], Pattern("ax"), "y", None, id="markup lies within"),
        pytest.param(
            "a<b>x</b>",
            [("a", 0, 1), ("x", 4, 5)],
            Pattern("ax"),
            "ay",
            "a<b>y</b>",
            id="markup lies before what truly changes",
        ),
        pytest.param(
            "a&lt;b",
            [("a", 0, 1), ("<", 1, 5), ("b", 5, 6)],
            Pattern("a<b"),
            "a < b",
            None,
            id="an entity would come back as the character",
        ),
        pytest.param(
            "a&lt;b",
            [("a", 0, 1), ("<", 1, 5), ("b", 5, 6)],
            Pattern("<"),
            "-",
            "a-b",
            id="an entity by something else",
        ),
        pytest.param(
            "x&x;y", [("x", 0, 1), ("<\u0338", 1, 4), ("y", 4, 5)], Pattern("<"), "-", None, id="half of an entity"
        ),
        pytest.param(
            "the\n> tram",
            [("the", 0, 3), BREAK, ("tram", 6, 10)],
            Swap({"the tram": "it"}),
            None,
            "it",
            id="a soft break goes with the words",
        ),
        pytest.param(
            "the\n> tram",
            [("the", 0, 3), BREAK, ("tram", 6, 10)],
            Pattern(r"the\stram"),
            "“{match}”",
            None,
            id="a soft break would come back without its mark",
        ),
        pytest.param(
            "a `x` b",
            [("a ", 0, 2), (OBJECT, 2, 5), (" b", 5, 7)],
            Pattern(f"a {OBJECT}"),
            "",
            None,
            id="code that was not checked",
        ),
    ],
)
def test_a_fix_keeps_markup_intact(
    source: str, pieces: list[tuple[str, int, int]], check_: object, replace_: str | None, expected: str | None
) -> None:
    where = document(source, block(source, *pieces))
    found = check(rule(check_, fix=RuleFix(False, replace_)), where)
    assert found
    assert (fixed(where, found) if found[0].fix else None) == expected


def test_marks_of_emphasis_are_words_in_plain_text() -> None:
    where = document("a *tram*", kind="text")
    assert fixed(where, check(rule(Pattern("tram"), fix=RuleFix(False, "")), where)) == "a **"


def test_a_pattern_that_takes_too_long_is_cut_off_and_reported() -> None:
    bad = rule(Pattern("(?:a|aa)+$"), id="hungry")
    good = rule(Phrases(("tram",)))
    source = "a" * 60 + "b\ntram"
    where = document(
        source, simple_block(source[:61], Span(0, 61), PARAGRAPH), simple_block("tram", Span(62, 66), PARAGRAPH)
    )
    findings, problems = engine.check(where, NoPrefilter((bad, good)), Limits(rule=0.05))
    assert [finding.rule for finding in findings] == ["style/tram"]
    assert [(problem.path, problem.message.split(" ")[0]) for problem in problems] == [("a.md", "style/hungry")]


def test_in_a_batch_a_slow_article_does_not_affect_the_others() -> None:
    hungry = rule(Pattern("(?:a|aa)+$|tram"), id="hungry")
    texts = ["tram", "a" * 60 + "b", "tram"]
    documents = [replace(document(text), source=Source(text, f"{number}.md")) for number, text in enumerate(texts)]
    limits = Limits(rule=0.05)
    checked = engine.check_batch(documents, NoPrefilter((hungry,)), limits)
    assert checked == [engine.check(each, NoPrefilter((hungry,)), limits) for each in documents]
    assert [(len(findings), len(problems)) for findings, problems in checked] == [(1, 0), (0, 1), (1, 0)]


@given(st.text(alphabet="ab \n\r\t🚋é<", max_size=40), st.sampled_from(["a+", r"\S+", "[ab\n\r]+", "🚋", "."]))
def test_line_and_column_agree_with_the_offsets(text: str, pattern: str) -> None:
    for finding in check(rule(Pattern(f"(?s){pattern}")), document(text)):
        assert text[finding.start : finding.end] == finding.text
        for offset, line, column in (
            (finding.start, finding.line, finding.column),
            (finding.end, finding.end_line, finding.end_column),
        ):
            ends = [end.end() for end in LINE_END.finditer(text) if end.end() <= offset]
            assert (line, column) == (len(ends) + 1, offset - (ends[-1] if ends else 0) + 1)
        assert text[: finding.start].endswith(finding.before)
        assert text[finding.end :].startswith(finding.after)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", " ", "&", "<"]), st.integers(0, 3)), min_size=1, max_size=12))
def test_an_edit_changes_what_the_reader_sees_and_nothing_else(parts: list[tuple[str, int]]) -> None:
    """Each part is a character and the number of markup pieces before it; `&` and `<` are written as entities."""
    source, pieces = "", []
    for text, markup in parts:
        source += "[" * markup
        written = {"&": "&amp;", "<": "&lt;"}.get(text, text)
        pieces.append((text, len(source), len(source) + len(written)))
        source += written
    where = document(source, block(source, *pieces), kind="html")
    found = check(rule(Pattern("a b|[ab]+|<"), fix=RuleFix(False, "a")), where)
    if all(finding.fix for finding in found):
        text = fixed(where, found)
        assert text.count("[") == source.count("[")
        seen = html.unescape(source.replace("[", ""))
        assert html.unescape(text.replace("[", "")) == re.sub("a b|[ab]+|<", "a", seen)


def test_the_prefilter_keeps_the_order_of_the_rules() -> None:
    rules = tuple(rule(Phrases(("tram",)), id=name) for name in ("a", "b", "c"))
    other = replace(rules[0], id="alt", scope=frozenset({"alt"}))
    where = document(
        "tram", simple_block("tram", Span(0, 4), PARAGRAPH), simple_block("tram", Span(0, 4), frozenset({"alt"}))
    )
    candidates = [one.id for one in NoPrefilter((*rules, other)).candidates([where])]
    assert candidates == ["a", "b", "c", "alt"]
