"""All shipped rules on, off or opt-in, put to one article."""

from __future__ import annotations

from collections.abc import Sequence

from linter import engine, gathering, packs, readers
from linter.document import Document
from linter.finding import Finding
from linter.plan import PlainPlan
from linter.planning.fast import FastPlan
from linter.prose import language
from linter.source import Source

RULES = packs.shipped()
PLAIN, FAST = PlainPlan(RULES), FastPlan(RULES)
ACROSS = [rule for rule in RULES if rule.looks_at == "folder"]


def across(document: Document) -> list[Finding]:
    """The findings of rules that compare articles, in a folder that holds this one three times."""
    accounts, _ = engine.tell(document, ACROSS)
    folder = [account._replace(path=path) for account in accounts for path in (document.source.path, "a.md", "b.md")]
    claims, _ = gathering.gather(ACROSS, folder, lambda path, address: False)
    return engine.stamp(document, claims.get(document.source.path, ()))[0]


def read(source: Source, kind: str) -> Document:
    return language.settle(readers.read(source, kind))


def look(source: Source, kind: str) -> Sequence[Finding]:
    return engine.check(read(source, kind), FAST)[0]
