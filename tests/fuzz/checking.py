"""Check one article with all shipped rules, including opt-in ones."""

from __future__ import annotations

from collections.abc import Sequence

from linter import engine, readers
from linter.config import packs
from linter.document import Document
from linter.finding import Finding
from linter.prefilter import NoPrefilter
from linter.prefilter.index import IndexedPrefilter
from linter.source import Source
from linter.text import language

RULES = packs.shipped_rules()
PLAIN, FAST = NoPrefilter(RULES), IndexedPrefilter(RULES)
ACROSS = [rule for rule in RULES if rule.looks_at == "folder"]


def across(document: Document) -> list[Finding]:
    """Return the findings of rules that compare articles, in a folder with three copies of this one."""
    collected, _ = engine.collect_facts(document, ACROSS)
    folder = [facts._replace(path=path) for facts in collected for path in (document.source.path, "a.md", "b.md")]
    matches, _ = engine.match_across(ACROSS, folder, lambda path, address: False)
    return engine.cross_findings(document, matches.get(document.source.path, ()))[0]


def read(source: Source, kind: str) -> Document:
    return language.with_language(readers.read(source, kind))


def find_in(source: Source, kind: str) -> Sequence[Finding]:
    return engine.check(read(source, kind), FAST)[0]
