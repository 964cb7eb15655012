"""What the settings say otherwise for some articles: by their paths, and by what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

from linter.folders.globs import Globs
from linter.loading.fields import Value
from linter.loading.wishes import Wish, globs, severities, wishes

_SAYS = ("select", "ignore", "severity", "options")
KEYS = ("path", "metadata", *_SAYS)
Options = tuple[tuple[Wish, Value], ...]


@dataclass(frozen=True, eq=False)
class Override:
    """What holds where `globs` fit the path, if there are any, and the metadata has all that is asked for.

    `metadata` are keys, dotted where nested, each with globs of which one must fit, in any case. `options` are the keys
    of rules, as they stand in the settings. `place` is `file:line:column`.
    """

    place: str
    globs: Globs | None = None
    metadata: tuple[tuple[str, tuple[str, ...]], ...] = ()
    select: tuple[Wish, ...] = ()
    ignore: tuple[Wish, ...] = ()
    severity: tuple[tuple[Wish, str], ...] = ()
    options: Options = ()

    def concerns(self, path: str, metadata: Mapping[str, object]) -> bool:
        """Whether it holds for the article at `path`, an absolute one, that says `metadata` of itself."""
        if self.globs and not self.globs.fit(path):
            return False
        return all(_has(metadata, key.split("."), wanted) for key, wanted in self._wanted)

    @cached_property
    def _wanted(self) -> Sequence[tuple[str, Sequence[re.Pattern[str]]]]:
        """`metadata` with its globs compiled."""
        return [(key, [re.compile(translate(glob)) for glob in wanted]) for key, wanted in self.metadata]


def read(value: Value | None, folder: str) -> tuple[Override, ...]:
    """The overrides in a value, their paths relative to `folder`."""
    if value is None or value.type == "null":
        return ()
    if value.type not in ("seq", "map"):
        value.mistake("“overrides” must be a list; each says where it holds (path, metadata) and what")
        return ()
    return tuple(_override(item, folder) for item in value.items())


def options(value: Value | None) -> Options:
    """The keys for single rules."""
    return tuple((Wish(key.text(), key.place), each) for key, each in value.pairs()) if value else ()


def _override(item: Value, folder: str) -> Override:
    given = item.fields(KEYS)
    if item.type == "map" and not {"path", "metadata"} & given.keys():
        item.mistake("“path” or “metadata” is missing; what holds for all articles stands at the top of the file")
    if item.type == "map" and given.keys().isdisjoint(_SAYS):
        item.mistake("this changes nothing; add “select”, “ignore”, “severity” or “options”")
    path, metadata = given.get("path"), given.get("metadata")
    return Override(
        place=item.place,
        globs=globs(path, folder, path.filled()) if path else None,
        metadata=tuple(_metadata(metadata)) if metadata else (),
        select=wishes(given.get("select")),
        ignore=wishes(given.get("ignore")),
        severity=severities(given.get("severity")),
        options=options(given.get("options")),
    )


def _metadata(value: Value) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, each in value.pairs():
        if each.type == "map":
            each.mistake(f"“{each.name}” must be a text or a list of them; for nested keys write {each.name}.…")
        else:
            items = each.items()
            if not items:
                each.mistake(f"“{each.name}” is empty")
            yield key.text().lower(), tuple(item.plain.strip().lower() for item in items)


def _has(metadata: Mapping[str, object], path: list[str], wanted: Iterable[re.Pattern[str]]) -> bool:
    """Whether the value under the keys of `path` matches one of `wanted`, or an entry of it does if it is a list."""
    value: object = metadata
    for key in path:
        if not isinstance(value, Mapping):
            return False
        value = next((each for name, each in value.items() if str(name).lower() == key), None)
    held = value if isinstance(value, list) else [value]
    texts = [str(each).strip().lower() for each in held if each is not None]
    return any(glob.match(text) for text in texts for glob in wanted)
