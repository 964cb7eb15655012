"""Helpers for tests of the formats of tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from linter.records.archives import KEEP, Archive, BadArchive, Change, Record, format_module
from linter.records.record_mappings import RecordMapping

USUAL = RecordMapping()
ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"


def archive(file: Path, format_: str, mapping: RecordMapping = USUAL) -> Archive:
    return Archive(file.name, str(file), format_, mapping, file.stat().st_size)


def read_all(source: Archive) -> list[Record]:
    """Return the records of all parts."""
    module = format_module(source.format)
    progress = list[float]()
    found = [record for part in module.parts(source) for record in module.read(source, part, progress.append)]
    assert all(0 <= share <= 1 for share in progress)
    return found


def read_until_damage(source: Archive) -> tuple[list[Record], str]:
    """Return the records of all parts before the first damage, and the message of the error, or ""."""
    module, found = format_module(source.format), list[Record]()
    try:
        for part in module.parts(source):
            found.extend(module.read(source, part, lambda share: None))
    except BadArchive as error:
        return found, str(error)
    return found, ""


def rewritten(source: Archive, changes: Iterable[Change]) -> bytes:
    """Return the bytes of a copy of an archive."""
    file = BytesIO()
    format_module(source.format).rewrite(source, iter(changes), file)
    return file.getvalue()


def keep_all(source: Archive) -> bytes:
    return rewritten(source, [KEEP] * len(read_all(source)))
