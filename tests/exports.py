"""Helpers for tests of the formats of exports and web crawls."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from linter.records.archives import Archive, BadArchive, Change, Part, Record, Skipped, clean, format_module


def read(one: Archive) -> tuple[list[Record], str]:
    """Return the records of an archive and, if it cannot be read further, the reason."""
    module, records = format_module(one.format), list[Record]()
    try:
        assert [*module.parts(one)] == [Part()]
        for record in module.read(one, Part(), lambda share: None):
            if isinstance(record, Skipped):
                continue
            assert clean(record.body) == (record.body, ())
            records.append(record)
    except BadArchive as error:
        return records, str(error)
    return records, ""


def rewrite(one: Archive, changes: Iterable[Change]) -> tuple[bytes, str]:
    """Return the bytes of a copy of an archive and, if it cannot be read further, the reason."""
    file = BytesIO()
    try:
        format_module(one.format).rewrite(one, iter(changes), file)
    except BadArchive as error:
        return file.getvalue(), str(error)
    return file.getvalue(), ""
