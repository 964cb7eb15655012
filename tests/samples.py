"""Findings that several tests of reports begin with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from linter.article_linter import ArticleLinter
from linter.finding import Finding, Problem

LEAK = Finding(
    path="posts/tram.txt",
    record=None,
    rule="leaks/raw-tag",
    severity="error",
    message="“</b>” is showing as text. Remove it and keep the words.",
    line=3,
    column=12,
    end_line=3,
    end_column=16,
    start=40,
    end=44,
    text="</b>",
)
NAME = LEAK._replace(path="a.md", rule="names/proper-noun", severity="warning", message="“russia” needs its capital.")
NOTE = LEAK._replace(path="a.md", rule="copydesk/encoding", severity="info", message="Read as Windows-1252.")
PROBLEM = Problem("nowhere.md", "there is no such file or folder")


def with_prefilter(linter: ArticleLinter, candidates: Any) -> ArticleLinter:
    """The linter with a prefilter that gives these candidates for a document, where no override applies."""
    linter.active().__dict__["prefilter"] = SimpleNamespace(candidates=candidates)
    return linter
