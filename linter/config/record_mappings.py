"""The setting `records`: how to read the articles in archives."""

from __future__ import annotations

from typing import NamedTuple

from linter.files.ignore import Globs


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
