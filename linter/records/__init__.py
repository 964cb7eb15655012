"""Check archives: files and databases that contain many articles, such as exports, tables and web crawls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.records.arrow_checker import ArrowChecker


def checker(
    bundle: bytes,
    *,
    columns: Mapping[str, str] | None = None,
    keep: Iterable[str] = (),
    path: str | os.PathLike[str] | None = None,
) -> ArrowChecker:
    """Return a function that checks the rows of Arrow tables, for Ray's `map_batches` and Spark's `mapInArrow`.

    The function takes a pyarrow Table or RecordBatch and returns the result in the same form. If it gets an iterable of
    these, it returns an iterator. The result has one row for each row, in the same order, with these columns: those in
    `keep`; `record`, the key; `findings`, a list of structs with the keys of docs/json.md; `problems`, a list of
    strings; and `suppressed`, the number of suppressed findings. An error in one row becomes a problem of that row.

    `bundle` is the result of `Linter.bundle`. `columns` has the names of columns by field: key, body, title, kind, url,
    language and date, as in the setting `records`. Fields that are left out have the usual names. `path` is the path
    that findings name; the overrides and the language that the config sets for it apply. Raises ValueError for an
    unknown field, and for a name in `keep` that the result already has.
    """
    from linter.records.arrow_checker import ArrowChecker

    return ArrowChecker(bundle, dict(columns or {}), tuple(keep), None if path is None else os.fspath(path))
