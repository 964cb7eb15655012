"""Suppressions in the settings: by path, rule and matched text, outside the published text."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from linter import late
from linter.finding import Finding
from linter.folders.globs import Globs
from linter.loading.fields import Value
from linter.loading.wishes import Wish, globs, wishes
from linter.rule import fits

KEYS = ("path", "rule", "text", "reason")
_MAGIC = late.pattern(r"[*?\[!\\]")
_CUT = "…"  # stands for any words, as in reports that shorten what they quote


@dataclass(frozen=True)
class Entry:
    """One suppression of the settings: on which paths, of which rules, on which matched texts (none: any).

    `place` is where it stands, `file:line:column`; `line` is that line, `last` its last one where it has its lines for
    itself, as an item of a list, else 0.
    """

    rules: tuple[Wish, ...]
    globs: Globs | None = None
    texts: tuple[str, ...] = ()
    reason: str = ""
    place: str = ""
    line: int = 1
    last: int = 0

    def concerns(self, path: str) -> bool:
        """Whether it is about the article at `path`, an absolute one."""
        return self.globs is None or self.globs.fit(path)

    def silences(self, finding: Finding) -> bool:
        """Whether it is about a finding of an article that it concerns."""
        if not any(fits(wish.name, finding.rule) for wish in self.rules):
            return False
        found = " ".join(finding.text.split())
        return not self.texts or any(_fits(parts, found) for parts in self._parts)

    @property
    def areas(self) -> tuple[str, ...]:
        """The files and folders it is about, as absolute paths; where a wildcard stands, the folder before it."""
        return tuple(map(self._area, self.globs.patterns)) if self.globs else ()

    def _area(self, pattern: str) -> str:
        assert self.globs
        anchored = pattern.removeprefix("/") if "/" in pattern.rstrip("/") else ""
        parts = anchored.split("/")
        fixed = next((i for i, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
        return os.path.normpath(os.path.join(self.globs.folder, *parts[:fixed]))

    @cached_property
    def _parts(self) -> tuple[list[str], ...]:
        """Each text as the parts around “…”."""
        return tuple(" ".join(text.split()).split(_CUT) for text in self.texts)


def _fits(parts: Sequence[str], text: str) -> bool:
    """Whether `text` is made of `parts`, with anything between each two of them. Takes linear time."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return text == first
    if not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end


def read(value: Value | None, folder: str, *, reasons: bool) -> tuple[Entry, ...]:
    """The suppressions in a value, their paths relative to `folder`; `reasons`: each must have one."""
    if value is None or value.type == "null":
        return ()
    if value.type not in ("seq", "map"):
        value.mistake("“suppressions” must be a list, each with “path”, “rule”, “text” and “reason”")
        return ()
    listed = value.type == "seq" and not value.flow
    return tuple(_entry(item, folder, reasons, listed=listed) for item in value.items())


def _entry(item: Value, folder: str, reasons: bool, *, listed: bool) -> Entry:
    given = item.fields(KEYS)
    if item.type == "map":
        _complete(item, given, reasons)
    path, text = given.get("path"), given.get("text")
    return Entry(
        rules=wishes(given.get("rule")),
        globs=globs(path, folder, path.filled()) if path else None,
        texts=text.filled() if text else (),
        reason=" ".join(given["reason"].text().split()) if "reason" in given else "",
        place=item.place,
        line=item.line,
        last=item.last_line if listed else 0,
    )


def _complete(item: Value, given: Mapping[str, Value], reasons: bool) -> None:
    if "rule" not in given:
        item.mistake("“rule” is missing; '*' stands for all of them")
    elif "path" not in given and "text" not in given:
        item.mistake("“path” or “text” is missing; what is to be off everywhere stands under “ignore”")
    if reasons and not (given["reason"].plain.strip() if "reason" in given else ""):
        item.mistake("“reason” is missing, and “suppression-reasons” asks for one")
