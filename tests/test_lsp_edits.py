"""Edits that suppress a finding in its article."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter import readers
from linter.api import Linter
from linter.config import packs
from linter.document import Document
from linter.finding import Edit, Finding
from linter.lsp.suppression_edits import suppress_here, suppress_in_article
from linter.source import Source

RULES = packs.shipped_rules()
EXAMPLES = [
    (article.text, article.kind)
    for rule in RULES
    for example in rule.bad
    for article in example.articles or (example,)
    if not article.encoded
]
SUFFIXES = {"markdown": ".md", "html": ".html", "wordpress": ".html", "text": ".txt"}
RULE = "style/tram"
Suppress = Callable[..., tuple[Edit, ...]]


@cache
def linter() -> Linter:
    return Linter(isolated=True, rules=RULES)


def document_of(text: str, path: str) -> Document:
    return readers.read(Source(text, path), readers.kind_of(path) or "markdown")


def finding_at(text: str, start: int, end: int, path: str = "a.md") -> Finding:
    line, column = Source(text).position(start)
    end_line, end_column = Source(text).position(end)
    found = text[start:end]
    return Finding(path, None, RULE, "error", "A tram.", line, column, end_line, end_column, start, end, found)


def apply(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def suppressed(suppress: Suppress, marked: str, path: str = "a.md", reason: str = "why") -> str | None:
    """Return the text after a suppression of the finding between “⟦” and “⟧”, or None if there is no edit."""
    start = marked.index("⟦")
    end = marked.index("⟧") - 1
    text = marked.replace("⟦", "").replace("⟧", "")
    edits = suppress(document_of(text, path), finding_at(text, start, end, path), reason)
    return apply(text, edits) if edits else None


COMMENT = "<!-- copydesk: ignore style/tram -- why -->"
HERE = [
    pytest.param("A ⟦tram⟧.\n", f"{COMMENT}\n\nA tram.\n", id="paragraph"),
    pytest.param("One\ntwo ⟦tram⟧.\n", f"{COMMENT}\n\nOne\ntwo tram.\n", id="paragraph of two lines"),
    pytest.param("# H\nA ⟦tram⟧.\n", f"# H\n\n{COMMENT}\n\nA tram.\n", id="paragraph below a heading"),
    pytest.param("# ⟦tram⟧ #\n\nA.\n", f"{COMMENT}\n\n# tram #\n\nA.\n", id="heading"),
    pytest.param("# ⟦tram⟧\nA.\n", f"# tram {COMMENT}\nA.\n", id="heading with text directly below"),
    pytest.param("- a\n- ⟦tram⟧  \n  c\n", f"- a\n- tram {COMMENT}  \n  c\n", id="list item with a hard break"),
    pytest.param("- a ⟦tram⟧\\\n  c\n", f"- a tram {COMMENT}\\\n  c\n", id="backslash as a hard break"),
    pytest.param("> A ⟦tram⟧.\n> b\n", f"> A tram. {COMMENT}\n> b\n", id="quotation"),
    pytest.param("|a|b|\n|-|-|\n|c|⟦tram⟧|\n", f"|a|b|\n|-|-|\n|c|tram {COMMENT}|\n", id="table row"),
    pytest.param("A.\n\n```\n⟦tram⟧\n```\n", f"A.\n\n{COMMENT}\n\n```\ntram\n```\n", id="code block"),
    pytest.param("---\ntitle: x\n---\nA ⟦tram⟧.\n", f"---\ntitle: x\n---\n\n{COMMENT}\n\nA tram.\n", id="front matter"),
    pytest.param("😀\r\n\r\nA ⟦tram⟧.\r\n", f"😀\r\n\r\n{COMMENT}\r\n\r\nA tram.\r\n", id="CRLF"),
    pytest.param("---\ntitle: ⟦tram⟧\n---\nA.\n", None, id="in the front matter"),
]


@pytest.mark.parametrize(("marked", "expected"), HERE)
def test_a_comment_in_markdown(marked: str, expected: str | None) -> None:
    assert suppressed(suppress_here, marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "<div>\n  <p>A ⟦tram⟧.</p>\n</div>", f"<div>\n  {COMMENT}\n  <p>A tram.</p>\n</div>", id="own line"
        ),
        pytest.param("<ul><li>⟦tram⟧</li></ul>", f"<ul>{COMMENT}<li>tram</li></ul>", id="before the element"),
        pytest.param("<p>a</p>A ⟦tram⟧.<p>b</p>", f"<p>a</p>A tram. {COMMENT}<p>b</p>", id="between elements"),
        pytest.param("<title>⟦tram⟧</title><p>b</p>", f"{COMMENT}\n<title>tram</title><p>b</p>", id="title"),
    ],
)
def test_a_comment_in_html(marked: str, expected: str) -> None:
    assert suppressed(suppress_here, marked, "a.html") == expected


@pytest.mark.parametrize("suppress", [suppress_here, suppress_in_article])
def test_plain_text_has_no_comments(suppress: Suppress) -> None:
    assert suppressed(suppress, "A ⟦tram⟧.\n", "a.txt") is None


def test_a_comment_in_mdx_has_braces() -> None:
    found = suppressed(suppress_here, "A ⟦tram⟧.\n", "a.mdx", "a */ b")
    assert found == "{/* copydesk: ignore style/tram -- a * / b */}\n\nA tram.\n"


@pytest.mark.parametrize(
    ("reason", "written"),
    [
        ("", "style/tram"),
        ("a -- b", "style/tram -- a — b"),
        ("x --> y\n-", "style/tram -- x —> y -"),
        ("--", "style/tram -- —"),
    ],
)
def test_the_reason_never_ends_the_comment(reason: str, written: str) -> None:
    expected = f"<!-- copydesk: ignore {written} -->\n\nA tram.\n"
    assert suppressed(suppress_here, "A ⟦tram⟧.\n", reason=reason) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("<!-- copydesk: ignore names -- why -->", "<!-- copydesk: ignore names, style/tram -- why -->"),
        ("<!-- copydesk: ignore names -- x -->", f"<!-- copydesk: ignore names -- x -->\n\n{COMMENT}"),
        ("<!-- copydesk: ignore-file names -- why -->", f"<!-- copydesk: ignore-file names -- why -->\n\n{COMMENT}"),
    ],
)
def test_a_comment_with_the_same_reason_is_extended(comment: str, expected: str) -> None:
    assert suppressed(suppress_here, f"{comment}\n\nA ⟦tram⟧.\n") == f"{expected}\n\nA tram.\n"


WHOLE = "<!-- copydesk: ignore-file style/tram -- why -->"
ITEM = "style/tram -- why"


@pytest.mark.parametrize(
    ("path", "marked", "expected"),
    [
        pytest.param("a.md", "\nA ⟦tram⟧.\n", f"\n{WHOLE}\n\nA tram.\n", id="no front matter"),
        pytest.param(
            "a.md",
            "---\na: 1\n---\n\n⟦tram⟧",
            f"---\na: 1\ncopydesk:\n  ignore:\n    - {ITEM}\n---\n\ntram",
            id="no key",
        ),
        pytest.param(
            "a.md",
            "---\r\na: 1\r\n---\r\n⟦tram⟧",
            f"---\r\na: 1\r\ncopydesk:\r\n  ignore:\r\n    - {ITEM}\r\n---\r\ntram",
            id="CRLF",
        ),
        pytest.param(
            "a.md", "---\n---\n⟦tram⟧", f"---\ncopydesk:\n  ignore:\n    - {ITEM}\n---\ntram", id="empty front matter"
        ),
        pytest.param(
            "a.md",
            "---\ncopydesk: {ignore: [names], reason: x}\n---\n⟦tram⟧",
            f"---\ncopydesk: {{ignore: [names, {ITEM}], reason: x}}\n---\ntram",
            id="flow list",
        ),
        pytest.param(
            "a.md",
            "---\ncopydesk: {reason: x}\n---\n⟦tram⟧",
            f"---\ncopydesk: {{reason: x, ignore: [{ITEM}]}}\n---\ntram",
            id="flow mapping",
        ),
        pytest.param(
            "a.md",
            "---\ncopydesk:\n  ignore:\n  - names # x\nb: 1\n---\n⟦tram⟧",
            f"---\ncopydesk:\n  ignore:\n  - names # x\n  - {ITEM}\nb: 1\n---\ntram",
            id="block list",
        ),
        pytest.param(
            "a.md",
            "---\ncopydesk:\n  ignore: names\n---\n⟦tram⟧",
            f"---\ncopydesk:\n  ignore: [names, {ITEM}]\n---\ntram",
            id="single name",
        ),
        pytest.param(
            "a.md",
            "---\ncopydesk:\n---\n⟦tram⟧",
            f"---\ncopydesk:\n  ignore:\n    - {ITEM}\n---\ntram",
            id="empty value",
        ),
        pytest.param("a.md", "+++\na = 1\n+++\n\n⟦tram⟧", f"+++\na = 1\n+++\n\n{WHOLE}\n\ntram", id="TOML"),
        pytest.param(
            "a.txt",
            "---\ntitle: a\n---\n⟦tram⟧",
            f"---\ntitle: a\ncopydesk:\n  ignore:\n    - {ITEM}\n---\ntram",
            id="plain text",
        ),
        pytest.param(
            "a.html",
            "<!doctype html><html><body><p>⟦tram⟧</p></body></html>",
            f"<!doctype html><html><body>\n{WHOLE}<p>tram</p></body></html>",
            id="HTML",
        ),
        pytest.param("a.html", "<p>⟦tram⟧</p>", f"{WHOLE}\n<p>tram</p>", id="part of a page"),
        pytest.param("a.mdx", "⟦tram⟧", "{/* copydesk: ignore-file style/tram -- why */}\n\ntram", id="MDX"),
        pytest.param(
            "a.md",
            "<!-- copydesk: ignore-file names -- why -->\n\n⟦tram⟧",
            "<!-- copydesk: ignore-file names, style/tram -- why -->\n\ntram",
            id="existing comment",
        ),
    ],
)
def test_a_rule_is_suppressed_in_the_whole_article(path: str, marked: str, expected: str) -> None:
    assert suppressed(suppress_in_article, marked, path) == expected


def test_a_reason_in_front_matter_is_quoted_if_needed() -> None:
    found = suppressed(suppress_in_article, "---\na: 1\n---\n⟦tram⟧", reason="it's: # “yes”")
    assert found == "---\na: 1\ncopydesk:\n  ignore:\n    - 'style/tram -- it''s: # “yes”'\n---\ntram"


def check_source(kind: str, source: Source) -> list[Finding]:
    return linter().check(source.text, kind=kind, path=source.path)


def moved(finding: Finding, edits: tuple[Edit, ...]) -> int:
    grown = (len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= finding.start)
    return finding.start + sum(grown)


def verify(source: Source, kind: str, finding: Finding, suppress: Suppress) -> bool:
    """Check that the edits for a finding suppress it; return whether there are any."""
    edits = suppress(readers.read(source, kind), finding, "quoted -- yes")
    if not edits:
        return False
    after = check_source(kind, Source(apply(source.text, edits), source.path))
    assert not [
        each
        for each in after
        if (each.rule, each.start, each.message) == (finding.rule, moved(finding, edits), finding.message)
    ]
    return True


@pytest.mark.parametrize("suppress", [suppress_here, suppress_in_article])
@settings(max_examples=50)
@given(
    example=st.sampled_from(EXAMPLES),
    line_end=st.sampled_from(["\n", "\r\n"]),
    before=st.sampled_from(["", "😀 ", "😀\n\n"]),
    mdx=st.booleans(),
)
def test_edits_for_examples_suppress_their_findings(
    suppress: Suppress, example: tuple[str, str], line_end: str, before: str, mdx: bool
) -> None:
    text, kind = example
    path = "a.mdx" if mdx and kind == "markdown" else f"a{SUFFIXES[kind]}"
    source = Source((before + text).replace("\n", line_end), path)
    for finding in check_source(kind, source)[:5]:
        verify(source, kind, finding, suppress)


@pytest.mark.parametrize(("suppress", "share"), [(suppress_here, 0.9), (suppress_in_article, 0.98)])
def test_nearly_all_findings_can_be_suppressed(suppress: Suppress, share: float) -> None:
    done = []
    for text, kind in [each for each in EXAMPLES if each[1] != "text"][::15]:
        source = Source(text, f"a{SUFFIXES[kind]}")
        done += [verify(source, kind, each, suppress) for each in check_source(kind, source)]
    assert len(done) > 100
    assert sum(done) >= share * len(done)
