"""The setting `records`: how to read the articles in archives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from linter.config.config import Config
from linter.config.overrides import read_globs
from linter.config.yaml_file import Value
from linter.files.ignore import Globs
from linter.records.archive_names import FORMATS

_NAMES = ("table", "key", "body", "title", "kind", "url", "language", "date", "group")
MAPPING_KEYS = ("path", "input", *_NAMES)


class RecordMapping(NamedTuple):
    """How to read the records of some archives: an entry of the setting `records`.

    `globs` match the archives to which the entry applies; None matches every archive. `input` is the format, or "" if
    the name of the archive decides. `table` is the name of the table in a database, or "" if it must be found. The
    other values are names of columns, with dots between nested keys, or "" if the usual names are tried. `kind` may
    also be a kind of source, such as "html", for all records. `place` is the position of the entry, as
    `file:line:column`, or "".
    """

    globs: Globs | None = None
    input: str = ""
    table: str = ""
    key: str = ""
    body: str = ""
    title: str = ""
    kind: str = ""
    url: str = ""
    language: str = ""
    date: str = ""
    group: str = ""
    place: str = ""


def read_record_mappings(value: Value | None, folder: str) -> tuple[RecordMapping, ...]:
    """Return the entries in `value`, a mapping or a list of mappings, or () if it is None. Mistakes are noted.

    Globs match archives inside `folder`. Each entry of a list must have “path”.
    """
    if value is None or value.type == "null":
        return ()
    if value.type not in ("seq", "map"):
        value.mistake("“records” must have keys such as “body”, or be a list whose entries have “path”")
        return ()
    for item in value.items() if value.type == "seq" else ():
        if item.type == "map" and item.get("path") is None:
            item.mistake("“path” is missing; without a list, these keys apply to every archive")
    return tuple(_mapping(item, folder) for item in value.items())


def _mapping(item: Value, folder: str) -> RecordMapping:
    given = item.fields(MAPPING_KEYS)
    path, format_ = given.get("path"), given.get("input")
    return RecordMapping(
        globs=read_globs(path, folder, path.nonempty_texts()) if path else None,
        input=format_.choice(FORMATS) if format_ else "",
        place=item.place,
        **{name: _name(given[name]) for name in _NAMES if name in given},
    )


def _name(value: Value) -> str:
    name = value.text()
    if value.type == "str" and not name.strip():
        value.mistake(f"“{value.name}” is empty")
    return name


def mappings_of(config: Config) -> Sequence[RecordMapping]:
    """Return the entries of the setting `records` in a config."""
    mappings: Sequence[RecordMapping] = config.extensions.get("records", ())
    return mappings


def columns_phrase(mapping: RecordMapping) -> str:
    """Return a one-line description of the values of a mapping."""
    values = ((name, getattr(mapping, name)) for name in MAPPING_KEYS if name != "path")
    return ", ".join(f"{name}: {value}" for name, value in values if value) or "as usual"


def mapping_for(mappings: Sequence[RecordMapping], path: str) -> RecordMapping:
    """Return the last of `mappings` that applies to the archive at `path`, an absolute path or a URL.

    Globs never match a URL. If no mapping applies, the result is an empty RecordMapping.
    """
    found = (each for each in reversed(mappings) if each.globs is None or each.globs.fit(path))
    return next(found, RecordMapping())
