"""Findings that several tests of reports share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from linter import engine, readers
from linter.article_linter import ArticleLinter
from linter.document import Document
from linter.finding import Finding, Problem
from linter.rule import Rule
from linter.source import Source
from steps import steps

LEAK = Finding(
    path="posts/tram.txt",
    record=None,
    rule="leaks/raw-tag",
    severity="error",
    message="“</b>” shows up as text. Remove the tag and keep the words.",
    line=3,
    column=12,
    end_line=3,
    end_column=16,
    start=40,
    end=44,
    text="</b>",
)
NAME = LEAK._replace(
    path="a.md", rule="names/proper-noun", severity="warning", message="“russia” should be capitalized."
)
NOTE = LEAK._replace(path="a.md", rule="copydesk/encoding", severity="info", message="Read as Windows-1252.")
PROBLEM = Problem("nowhere.md", "there is no such file or folder")


def with_prefilter(linter: ArticleLinter, candidates: Any) -> ArticleLinter:
    """Return the linter with a prefilter that yields these candidates for a document to which no override applies."""
    linter.run_rules.active().__dict__["prefilter"] = SimpleNamespace(candidates=candidates, prepare=lambda: None)
    return linter


def compare(rule: Rule, documents: Sequence[Document]) -> list[Finding]:
    """Return the findings of a rule that compares articles."""
    facts = [each for document in documents for each in engine.collect_facts(document, (rule,))[0]]
    matches, problems = engine.match_across((rule,), facts, lambda path, address: True)
    assert problems == []
    return [
        finding
        for document in documents
        for finding in engine.cross_findings(document, matches.get(document.source.name, ()))[0]
    ]


def steps_to_match(rule: Rule, texts: Iterable[str]) -> int:
    """Return the number of steps that it takes to collect the facts of articles and to match them."""

    def work() -> None:
        facts = [each for document in documents for each in engine.collect_facts(document, (rule,))[0]]
        engine.match_across((rule,), facts, lambda path, address: True)

    documents = [readers.read(Source(text, f"{number}.md"), "markdown") for number, text in enumerate(texts)]
    return steps(work)
