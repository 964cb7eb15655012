"""One file → its findings: opened with care, decoded, read, and put before the rules."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from linter import engine, readers
from linter.block import Span
from linter.budget import Budget
from linter.discovery import Article
from linter.document import Document, Note
from linter.opening import NOTHING, Told, content
from linter.plan import Plan
from linter.prose import language
from linter.rows import Outcome
from linter.rule import Rule
from linter.source import Source

_LOST_LINK = "it is a link to what is not there"
_NO_TEXT = "it is not text, or its encoding is not known"
_LOST = 50  # bytes that stand for nothing; fewer are damage


def check(document: Document, plan: Plan, across: Sequence[Rule] = (), budget: Budget | None = None) -> Outcome:
    """What `plan` finds in an article, and what that tells for the rules that look `across` its folder."""
    findings, problems = engine.check(document, plan, budget)
    accounts, cut_off = engine.tell(document, across, budget)
    return Outcome(findings, sorted(problems + cut_off), accounts, [])


def read(article: Article, told: Told = NOTHING, data: bytes | None = None) -> Document:
    """A file as rules see it; that it cannot be read is a note of a document without text.

    `data` is what stands in it, where somebody has read that already.
    """
    try:
        return understood(article, source(article, told.encoding, data), told)
    except OSError as error:
        lost = isinstance(error, FileNotFoundError) and os.path.islink(article.file)
        return _unreadable(article, _LOST_LINK if lost else error.strerror or str(error))


def understood(article: Article, text: Source, told: Told = NOTHING) -> Document:
    """The article of this text, as rules see it."""
    document = language.settle(readers.read(text, article.kind), told.language)
    return replace(document, site=told.site) if told.site else document


def source(article: Article, encoding: str | None = None, data: bytes | None = None) -> Source:
    """The text of a file, as often as anybody asks, or what it would be if `data` were saved there.

    Raises OSError where there is none to be read, and for what is not text: decoded text that holds U+0000, as binary
    files do, or mostly undecodable bytes.
    """
    data = content(article) if data is None else data
    if article.kind == "html" and not encoding:
        from linter.readers import charset  # most articles are no pages

        encoding = charset.declared(data)
    text = Source.from_bytes(data, article.path, encoding)
    if _is_no_text(text):
        raise OSError(_NO_TEXT)
    if (nul := text.text.find("\0")) >= 0:
        line, column = text.position(nul)
        raise OSError(f"it is not text: there is a NUL character (U+0000) at {line}:{column}")
    return text


def _is_no_text(source: Source) -> bool:
    """Whether so many bytes stand for nothing that it is a picture, an archive, or the like."""
    lost = sum(len(run) for _, run in source.undecodable)
    return lost > _LOST and lost * 10 > len(source.text)


def _unreadable(article: Article, why: str) -> Document:
    return Document(Source("", article.path), article.kind, (), notes=(Note("unreadable", Span(0, 0), {"what": why}),))
