"""A rule has the same findings, at the same words, in the same article of another kind."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from linter import engine, readers
from linter.config import packs
from linter.prefilter import NoPrefilter
from linter.rule import Example, Rule
from linter.source import Source
from linter.text import language

# Paragraphs of one line each, without text that is markup in Markdown or HTML.
PLAIN = re.compile(
    r"[^\s<>&*_\[\]#|\\`~{}+=>-][^\n<>&*_\[\]#|\\`~{}]*(?:\n\n[^\s<>&*_\[\]#|\\`~{}+=>-][^\n<>&*_\[\]#|\\`~{}]*)*"
)
NUMBERED = re.compile(r"^\d+[.)]\s", re.MULTILINE)


def found(rule: Rule, text: str, kind: str) -> list[tuple[int | None, str]]:
    """Return the paragraph number and the matched words of each finding of one rule."""
    document = language.with_language(readers.read(Source(text), kind), min(rule.languages, default=""))
    findings, problems = engine.check(document, NoPrefilter((rule,)))
    assert not problems
    for finding in findings:
        assert text[finding.start : finding.end] == finding.text
    return [(finding.paragraph, words(finding.text) if kind == "html" else finding.text) for finding in findings]


def words(text: str) -> str:
    """Return the words of a piece of the page, which may extend into the next paragraph."""
    return html.unescape(text.replace("</p>\n<p>", "\n\n"))


def test_findings_are_the_same_in_all_kinds() -> None:
    articles = [
        (rule, example)
        for rule in packs.shipped_rules()
        for example in rule.bad + rule.good
        if example.kind == "markdown" and not example.encoded
        if not rule.formats  # the rule applies to all kinds
        if PLAIN.fullmatch(example.text) and not NUMBERED.search(example.text)
    ]
    assert len(articles) > 50
    assert [line for rule, example in articles for line in differences(rule, example)] == []


def differences(rule: Rule, example: Example) -> Iterator[str]:
    """Yield how the findings in plain text and in HTML differ from those in Markdown."""
    text = example.text
    page = "\n".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))
    expected = found(rule, text, "markdown")
    for kind, content in (("text", text), ("html", page)):
        own = found(rule, content, kind)
        if own != expected:
            yield f"{rule.file}:{example.line}: {kind}: {own} instead of {expected}"
