"""Rules, files and severities as settings name them, each with its place."""

from __future__ import annotations

from typing import NamedTuple

from linter.finding import SEVERITIES
from linter.folders.globs import Globs
from linter.loading.fields import Value


class Wish(NamedTuple):
    """A rule, a pack or a glob for rules that somebody named, and where: `file:line:column`, or an option."""

    name: str
    place: str


def wishes(value: Value | None) -> tuple[Wish, ...]:
    """The rules that a value names, one or several."""
    return tuple(Wish(item.text(), item.place) for item in value.items()) if value and value.texts() else ()


def severities(value: Value | None) -> tuple[tuple[Wish, str], ...]:
    """A severity, or “off”, for each key."""
    pairs = value.pairs() if value else ()
    return tuple((Wish(key.text(), key.place), each.choice((*SEVERITIES, "off"))) for key, each in pairs)


def globs(value: Value, folder: str, patterns: tuple[str, ...]) -> Globs:
    """The patterns that stand in a value, for files below `folder`."""
    made = Globs(folder, patterns)
    try:
        made.check()
    except ValueError as error:
        value.mistake(f"this is no pattern for files: {error}")
    return made
