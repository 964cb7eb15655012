"""Findings of many articles → what these would be with their mistakes mended. Writes nothing."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from linter.block import Span
from linter.desk import Desk
from linter.discovery import STANDARD_INPUT, Article
from linter.finding import Finding, Problem
from linter.fixing import fixes, replacing
from linter.fixing.fixes import Mended
from linter.fixing.replacing import Content, LeftAlone
from linter.fixing.rewrite import Rewrite
from linter.opening import content
from linter.source import Source

_LOST = "not all of its bytes could be written again as they are"
_UNSURE = "mended, it would be taken for one in another encoding; save it as UTF-8 first"


class Change(NamedTuple):
    """An article, what stands in its file, and what would; `before` is its text, `mended` what became of it."""

    article: Article
    old: Content
    before: Source
    mended: Mended
    data: bytes

    def write(self) -> None:
        """Put the mended article in the place of the old one. Raises OSError and LeftAlone."""
        if self.data != self.old.data:
            replacing.write(self.article.file, self.old, self.data)


def changes(
    articles: Iterable[Article], found: Iterable[Finding], desk: Desk, *, unsafe: bool, notes: bool = True
) -> Iterator[Change | Problem]:
    """The articles in which something of what was `found` can be mended, in order; a problem for one left alone.

    Nothing else is mended than what was found, and what that brings to light; no note without `notes`. What is not
    text is a problem even where nothing was found: rules that find it may be off.
    """
    by_path = defaultdict(list)
    for finding in found:
        by_path[finding.path].append(finding)
    for article in articles:
        fixable = any(finding.fix and (unsafe or finding.fix.safe) for finding in by_path[article.path])
        try:
            if fixable:
                yield change(article, _content(article), desk, by_path[article.path], unsafe=unsafe, notes=notes)
            else:
                desk.source(article)
        except LeftAlone as why:
            yield Problem(article.path, f"left alone: {why}")
        except OSError as error:
            yield Problem(article.path, f"left alone: {error.strerror or error}")


def in_settings(found: Iterable[Finding], desk: Desk) -> Iterator[Change | Problem]:
    """The file of the settings without what is idle in it, where that was found and its lines can go."""
    path = desk.settings.file
    own = [finding for finding in found if path and finding.path == path and finding.fix and finding.fix.safe]
    if not own:
        return
    article = Article(path, os.path.abspath(path), "text")
    try:
        old = replacing.read(article.file)
    except (LeftAlone, OSError) as why:
        yield Problem(path, f"left alone: {getattr(why, 'strerror', None) or why}")
        return
    source = Source.from_bytes(old.data, path, "utf-8")
    new = Rewrite.of(source, (edit for finding in own if finding.fix for edit in finding.fix.edits)).source
    left = [finding for finding in found if finding.path == path and finding not in own]
    yield Change(article, old, source, Mended(new, tuple(own), tuple(left)), new.to_bytes())


def change(
    article: Article, old: Content, desk: Desk, found: Collection[Finding], *, unsafe: bool, notes: bool
) -> Change:
    """An article as it is and as it would be; nothing is mended but what was `found`, and what that brings to light.

    Raises LeftAlone where its bytes cannot be written again, and OSError where it is no text.
    """
    source = desk.source(article, old.data)
    if _saved(source) != old.data:
        raise LeftAlone(_LOST)

    def heeded(now: Source) -> list[Finding]:
        return [finding for finding in desk.look(article, now) if notes or finding.severity != "info"]

    own = heeded(source)
    beside, spared = _compared(own, found)

    def look(now: Source) -> list[Finding]:
        return own if now is source else heeded(now)

    mended = fixes.mend(source, look, unsafe=unsafe, spared=spared, beside=beside)
    data = mended.source.to_bytes()
    if desk.source(article, data).text != mended.source.text:
        raise LeftAlone(_UNSURE)
    return Change(article, old, source, mended, data)


def _content(article: Article) -> Content:
    return Content(content(article), 0, ()) if article.file == STANDARD_INPUT else replacing.read(article.file)


def restless(change: Change) -> Iterator[Problem]:
    """The problem with rules that do not come to rest."""
    rules = change.mended.restless
    if len(rules) == 1:
        yield Problem(change.article.path, f"the fixes of {rules[0]} do not come to an end; nothing of it was mended")
    elif rules:
        named = ", ".join(rules)
        yield Problem(change.article.path, f"the fixes of {named} undo each other; nothing of theirs was mended")


def _compared(own: Iterable[Finding], found: Iterable[Finding]) -> tuple[list[Finding], list[fixes.Place]]:
    """What was found beside an article's `own` findings, across its folder; and of those what is not to be mended."""
    known = {(finding.rule, finding.start, finding.end) for finding in found}
    spared = [(rule, Span(start, end)) for rule, start, end in map(_key, own) if (rule, start, end) not in known]
    keys = set(map(_key, own))
    return [finding for finding in found if _key(finding) not in keys], spared


def _key(finding: Finding) -> tuple[str, int, int]:
    return finding.rule, finding.start, finding.end


def _saved(source: Source) -> bytes:
    try:
        return source.to_bytes()
    except UnicodeError:
        return b""
