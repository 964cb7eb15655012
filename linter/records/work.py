"""What a run does with records, and how the records of archives are divided into batches.

Records are numbered by archive, part, batch and position in the batch. The numbers depend only on the archives. So a
run that was interrupted can be continued, and the result is the same on any number of processes and machines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from typing import Any, NamedTuple

from linter.files.articles import path_suggestion
from linter.finding import Problem
from linter.records.archives import (
    DAMAGED,
    Archive,
    BadArchive,
    BatchId,
    Matches,
    OnProgress,
    Part,
    Record,
    Skipped,
    format_module,
)
from linter.records.checking import FixOptions, RecordChecker, RecordResult
from linter.serialize import ArticleResult

BATCH_RECORDS = 500  # maximum records of a batch; a run that is continued repeats at most the unfinished batches
BATCH_SIZE = 8_000_000  # code points; a batch ends when the bodies of its records reach this size
FAILED = "copydesk failed on this archive: {}; please report it"


class Item(NamedTuple):
    """A record to process, with its batch and its position in the batch, from 0.

    `size` is the number of items of the batch. `matches` are the matches of rules that compare articles, as plain data
    (see `RecordChecker.check_across`). The last item of a batch may have no record: `skipped` counts what is not an
    article, by the reason, and if the archive could not be read further, `damage` says why.
    """

    batch: BatchId
    size: int
    position: int
    record: Record
    matches: tuple[Any, ...] = ()
    damage: str = ""
    skipped: tuple[tuple[str, int], ...] = ()

    @property
    def has_record(self) -> bool:
        """Whether the item is a record."""
        return not (self.damage or self.skipped)


class Task(NamedTuple):
    """What to do with each record. By default, it is checked.

    If `across` is true, the result includes facts for comparing articles. If `compare` is true, only the matches of
    rules that compare articles become findings. If `fix` is given, the record is fixed.
    """

    across: bool = False
    compare: bool = False
    fix: FixOptions | None = None

    def run(self, checker: RecordChecker, archive: Archive, items: Sequence[Item]) -> list[RecordResult]:
        """Return the results of items of one batch. `archive` is the archive that contains their records."""
        sound = [item for item in items if item.has_record]
        if self.compare:
            results = [checker.check_across(archive, item.record, item.matches) for item in sound]
        elif self.fix:
            results = [checker.fix(archive, item.record, self.fix, item.matches) for item in sound]
        else:
            results = checker.check(archive, [item.record for item in sound], across=self.across)
        for item in items[len(sound) :]:
            problems = [Problem(archive.path, item.damage)] if item.damage else []
            results.append(RecordResult(ArticleResult([], problems, [], []), articles=0, skipped=item.skipped))
        return results


class Selection(NamedTuple):
    """The records to process: all except those of the batches in `done`.

    `matches` returns the matches of a batch, if it is in `matched`; others have none. If `only_matched` is true, only
    records with matches are processed.
    """

    done: frozenset[BatchId] = frozenset()
    matches: Callable[[BatchId], Matches] = lambda batch: {}
    matched: frozenset[BatchId] = frozenset()
    only_matched: bool = False

    def items(self, batch: BatchId, records: Sequence[Record], skipped: Mapping[str, int], damage: str) -> list[Item]:
        """Return the items of a batch. If `damage` is given, the archive could not be read further."""
        if batch in self.done:
            return []
        matches = self.matches(batch) if batch in self.matched else {}
        chosen: list[tuple[Any, ...]] = [
            (at, record, matches.get(at, ()))
            for at, record in enumerate(records)
            if at in matches or not self.only_matched
        ]
        if (skipped or damage) and not self.only_matched:
            chosen.append((len(records), Record("", ""), (), damage, tuple(sorted(skipped.items()))))
        return [Item(batch, len(chosen), *values) for values in chosen]


def parts_of(archive: Archive) -> Sequence[Part]:
    """Return the parts of an archive. If they cannot be determined, return the whole archive as one part."""
    try:
        return format_module(archive.format).parts(archive) or [Part()]
    except Exception:
        return [Part()]  # reading the part reports the reason


def read_batches(
    archive: Archive, number: tuple[int, int], part: Part, selection: Selection, on_progress: OnProgress
) -> Iterator[list[Item]]:
    """Yield the items of each batch of a part that has any, in order.

    `number` has the numbers of the archive and of the part. If the part cannot be read completely, the last item says
    why.
    """
    records: list[Record] = []
    skipped: Counter[str] = Counter()
    size = batch = 0
    damage = ""
    try:
        for record in format_module(archive.format).read(archive, part, on_progress):
            if isinstance(record, Skipped):
                skipped[record.why] += 1
                continue
            records.append(record)
            size += len(record.body)
            if len(records) >= BATCH_RECORDS or size >= BATCH_SIZE:
                if items := selection.items(BatchId(*number, batch), records, skipped, ""):
                    yield items
                records, skipped, size, batch = [], Counter(), 0, batch + 1
    except FileNotFoundError:
        damage = f"no such file{path_suggestion(archive.path)}"
    except (BadArchive, *DAMAGED) as error:
        damage = getattr(error, "strerror", None) or str(error) or type(error).__name__
    except Exception as error:
        damage = FAILED.format(f"{type(error).__name__}: {error}")
    if items := selection.items(BatchId(*number, batch), records, skipped, damage):
        yield items


def find_bodies(archives: Iterable[Archive], wanted: Set[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
    """Return the bodies of the records in `wanted`, by the path of the archive and the key of the record.

    Records that are not found are left out.
    """
    found: dict[tuple[str, str | None], str] = {}
    for archive in archives:
        if not any(path == archive.path for path, _ in wanted):
            continue
        for part in parts_of(archive):
            with suppress(BadArchive, *DAMAGED):
                for record in format_module(archive.format).read(archive, part, lambda share: None):
                    if isinstance(record, Record) and (archive.path, record.key) in wanted:
                        found.setdefault((archive.path, record.key), record.body)
    return found
