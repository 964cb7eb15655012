"""Write copies of archives with changed records, and show the changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from linter.config.config import BadConfig
from linter.fix.files import unified_diff
from linter.records.archives import CHANGED, DAMAGED, Archive, BadArchive, Change, Record, Skipped, format_module
from linter.records.formats import jsonl
from linter.records.work import FAILED, parts_of

if TYPE_CHECKING:
    from linter.records.outputs import Row


def can_rewrite(format: str) -> bool:
    """Whether archives in a format can be copied in the same format."""
    return hasattr(format_module(format), "rewrite")


def write_copy(archive: Archive, rows: Iterator[Row], file: BinaryIO, *, rewrite: bool) -> None:
    """Write a copy of an archive to a file. `rows` has a Row for each record.

    If `rewrite` is true, the copy has the same format as the archive, or else it is JSON Lines. Raises BadArchive or
    OSError, and whatever `rows` raises.
    """
    try:
        if rewrite:
            cast("Any", format_module(archive.format)).rewrite(archive, (row.change for row in rows), file)
        else:
            jsonl.write_records(_kept(archive, rows), file)
        left = next(rows, None)
    except (BadArchive, BadConfig, OSError):
        raise
    except StopIteration:
        raise BadArchive(CHANGED) from None
    except Exception as error:
        raise BadArchive(FAILED.format(f"{type(error).__name__}: {error}")) from None
    if left is not None:
        raise BadArchive(CHANGED)


def _kept(archive: Archive, rows: Iterator[Row]) -> Iterator[Record]:
    """Yield the records of the copy."""
    for record, change in changed_records(archive, rows):
        if not change.drop:
            yield record if change.body is None else record._replace(body=change.body)


def changed_records(archive: Archive, rows: Iterator[Row]) -> Iterator[tuple[Record, Change]]:
    """Yield each record of an archive with its change. Raises BadArchive or OSError."""
    for part in parts_of(archive):
        for record in format_module(archive.format).read(archive, part, lambda share: None):
            if isinstance(record, Skipped):
                continue
            row = next(rows, None)
            if row is None or row.key not in (None, record.key):
                raise BadArchive(CHANGED)
            yield record, row.change


def diffs(archive: Archive, rows: Iterator[Row], *, shown: bool, color: bool) -> Iterator[str]:
    """Yield the unified diff of each record that changes. The text of a record that is left out is deleted in it.

    `shown` and `color` are as in `unified_diff`. Raises BadArchive or OSError.
    """
    try:
        for record, change in changed_records(archive, rows):
            if change.drop or change.body is not None:
                name = f"{archive.path}#{record.key}"
                yield unified_diff(name, record.body, change.body or "", shown=shown, color=color)
    except DAMAGED as error:
        raise BadArchive(str(error)) from None
