"""Where the results of a run over archives go: into memory, for reports, or into a folder, as parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from linter import patterns
from linter.config.config import BadConfig
from linter.digest import SIZE
from linter.finding import Finding, Problem
from linter.output import as_json, replace
from linter.records import dolma, state
from linter.records.archives import KEEP, Archive, BadArchive, BatchId, Change, create, require
from linter.records.arrow import EXTRA, findings_table, write_parquet
from linter.records.checking import RecordResult
from linter.records.state import BatchSummary, State
from linter.serialize import ArticleResult
from linter.typed_json import dump_json, load_json, typed_reader

_STATE, _SUMMARY, _PROBLEMS = ".copydesk-run.sqlite3", "summary.json", "problems.jsonl"
_FOLDERS = {"check": "findings", "compare": "across"}  # the folder of the parts of each step
_OWN = (_SUMMARY, _PROBLEMS, *_FOLDERS.values())
_IDENTITY = "identity"  # key of the state
# The paths of files that only copydesk writes, in an OutputFolder and in a ChangesFolder.
_OWN_FILE = patterns.lazy(
    r"(?:findings|across)/\.?\d{5,}-\d{5,}-\d{5,}\.(?:jsonl|parquet|dolma)(?:\.new)?"
    r"|\.(?:summary\.json|problems\.jsonl)\.new|\.copydesk-run\.sqlite3(?:-wal|-shm|-journal)?"
)
_PART = patterns.lazy(r"(?:\d+-\d+-\d+|copy)\.(?:json|new)")
_DAMAGED = "the result is damaged; to check the archives again, use --overwrite"


class Collected:
    """Collects the results of a run in memory."""

    def __init__(self) -> None:
        self.articles = 0
        self.total = ArticleResult([], [], [], [])

    def write(self, step: str, batch: BatchId, results: Sequence[RecordResult]) -> str:
        """Add the results of a batch; see `Output`."""
        for result in results:
            self.articles += result.articles if step == "check" else 0
            self.total.add(result.result._replace(facts=[]))
        return ""


class OutputFolder:
    """A folder for findings, as parts in the format `format`, one of OUT_FORMATS.

    The folder has these files:

    - `findings/…` and `across/…`: the findings in single articles, and those from comparing articles, one file per
      batch that has any
    - `problems.jsonl`: the problems
    - `summary.json`: the totals and the size and digest of each part, written last
    - the state of the run, unless everything could be read

    With the format `dolma`, a file with the attributes of each archive replaces the parts at the end.
    """

    def __init__(
        self,
        folder: str,
        format: str,
        archives: Sequence[Archive] = (),
        shown: Callable[[Finding], Finding] | None = None,
    ) -> None:
        """Raises BadConfig if the archives cannot have attributes, or if the package for Parquet is missing.

        `shown`, if given, returns each finding as it is written.
        """
        try:
            if format == "parquet":
                require("pyarrow", EXTRA)
        except BadArchive as error:
            raise BadConfig([f"--out-format parquet: {error}"]) from None
        self._shown = shown
        self.folder, self._format = Path(folder), format
        self._attributes = dolma.attribute_files(archives, _OWN) if format == "dolma" else ()

    def open(self, identity: str, *, overwrite: bool = False) -> State | None:
        """Return the state of the run, or None if the folder already has the complete result of an equal run.

        `identity` is a digest of everything that the result depends on. If `overwrite` is true, the result of another
        run is deleted. Raises BadConfig if the folder contains other files or, without `overwrite`, the result of
        another run or a damaged one, if a run uses it, or if it cannot be created.
        """
        _names_in(self.folder)
        self._require_own()
        file, summary = self.folder / _STATE, self._summary()
        own = State(str(file)) if file.exists() else None
        unfinished = own.value(_IDENTITY) if own else ""
        before = unfinished or str(summary.get("run", ""))
        if own and unfinished == identity and not overwrite:
            _forget_lost(own, lambda step, batch: _digest(self._part(step, batch)))
            return own
        if own:
            own.close()
        if before and not overwrite:
            if before != identity:
                advice = "choose a new folder, or use --overwrite"
                raise BadConfig([f"--out: “{self.folder}” has the result of a run with other settings; {advice}"])
            self._require_complete(summary)
            state.delete(str(file))
            return None
        self._clear()
        own = State(str(file))
        own.set_value(_IDENTITY, identity)
        return own

    def write(self, step: str, batch: BatchId, results: Sequence[RecordResult]) -> str:
        """Write the findings of a batch as a part; see `Output`. Raises OSError."""
        shown = self._shown or (lambda finding: finding)
        findings = [shown(finding).as_json() | _address(one) for one in results for finding in one.result.findings]
        file = self._part(step, batch)
        if not findings and not self._attributes:
            file.unlink(missing_ok=True)
            return ""
        file.parent.mkdir(exist_ok=True)
        new = file.with_name(f".{file.name}.new")
        with create(str(new), file.name) as opened:
            if self._format == "parquet":
                write_parquet(findings_table(findings), opened)
            elif self._attributes:
                opened.writelines(dolma.attributes_line(one).encode() for one in results if one.articles)
            else:
                opened.writelines(f"{as_json(finding)}\n".encode() for finding in findings)
        replace(str(new), str(file))
        return _digest(file)

    def finish(self, own: State, totals: BatchSummary) -> None:
        """Write the problems and the summary. Delete the state, unless an archive could not be read completely.

        Raises OSError, and BadConfig if a part is lost.
        """
        self._join(own)
        self._write(_PROBLEMS, "".join(f"{as_json(one.as_json())}\n" for one in totals.problems))
        keys = ("rule", "severity", "count", "records")
        counts = [dict(zip(keys, values, strict=True)) for values in totals.counts]
        parts = self._digests(own)
        summary = {
            "version": 1,
            "run": own.value(_IDENTITY),
            "complete": not totals.damaged,
            "articles": totals.articles,
            "with_findings": totals.with_findings,
            "findings": counts,
            "skipped": dict(totals.skipped),
            "problems": len(totals.problems),
            "suppressed": totals.suppressed,
            "not_compared": own.left_out(),
            "parts": parts,
        }
        self._write(_SUMMARY, f"{as_json(summary, indent=1)}\n")
        own.close()
        if not totals.damaged:
            kept = {_SUMMARY, _PROBLEMS, *parts}
            self._delete(name for name in self._files() if name not in kept)

    def _digests(self, own: State) -> dict[str, str]:
        """Return the size and digest of each part, or of each file with attributes, by its path in the folder."""
        if self._attributes:
            return {path: _digest(self.folder / path) for path in self._attributes}
        summaries = ((self._part(step, batch), summary.part) for batch, step, summary in own.summaries())
        return {file.relative_to(self.folder).as_posix(): part for file, part in summaries if part}

    def _join(self, own: State) -> None:
        """Write the attributes of each archive, compressed like the archive."""
        parts: dict[int, list[Path]] = {}
        for batch, _, _ in own.summaries() if self._attributes else ():
            parts.setdefault(batch.archive, []).append(self._part("check", batch))
        for number, path in enumerate(self._attributes):
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            new = file.with_name(f".{file.name}.new")
            try:
                with create(str(new), file.name) as opened:
                    for part in parts.get(number, ()):
                        opened.write(part.read_bytes())
            except FileNotFoundError:
                raise BadConfig([f"--out: “{self.folder}”: {_DAMAGED}"]) from None
            replace(str(new), str(file))

    def _part(self, step: str, batch: BatchId) -> Path:
        return self.folder / _FOLDERS[step] / f"{_part_name(batch)}.{self._format}"

    def _require_complete(self, summary: Mapping[str, Any]) -> None:
        """Raise BadConfig if a part of a complete result is lost or has changed."""
        parts, files = summary.get("parts"), self._files()
        for path, digest in parts.items() if isinstance(parts, dict) else [("summary.json", "")]:
            if path not in files or _digest(self.folder / path) != digest:
                raise BadConfig([f"--out: “{self.folder}”: {path} is lost or has changed; {_DAMAGED}"])

    def stored_totals(self) -> BatchSummary:
        """Return the totals of a complete result. Raises BadConfig if they are damaged."""
        found = self._summary()
        try:
            lines = (self.folder / _PROBLEMS).read_text("utf-8").splitlines()
            return BatchSummary(
                articles=int(found["articles"]),
                with_findings=int(found["with_findings"]),
                counts=[
                    (str(one["rule"]), str(one["severity"]), int(one["count"]), int(one["records"]))
                    for one in found["findings"]
                ],
                skipped=[(str(why), int(number)) for why, number in found["skipped"].items()],
                problems=[_problem(json.loads(line)) for line in lines],
                suppressed=int(found["suppressed"]),
            )
        except (OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
            raise BadConfig([f"--out: “{self.folder}”: {_DAMAGED}"]) from None

    def not_compared(self) -> list[str]:
        """Return what was not compared in a complete result, as phrases."""
        phrases = self._summary().get("not_compared")
        return [*map(str, phrases)] if isinstance(phrases, list) else []

    def _summary(self) -> dict[str, Any]:
        """Return the content of `summary.json`, or {} if copydesk did not write one."""
        try:
            found = json.loads((self.folder / _SUMMARY).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) and "run" in found else {}

    def _write(self, name: str, text: str) -> None:
        new = self.folder / f".{name}.new"
        with create(str(new), name) as opened:
            opened.write(text.encode("utf-8", "replace"))
        replace(str(new), str(self.folder / name))

    def _files(self) -> set[str]:
        """Return the paths of the files in the folder, relative to it."""
        return {file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if not file.is_dir()}

    def _require_own(self) -> None:
        """Raise BadConfig if the folder has a file that is not from a run of copydesk."""
        summary, own = self._summary(), set[str]()
        if summary or (self.folder / _STATE).exists():
            parts = summary.get("parts")
            own |= {_PROBLEMS, *self._attributes, *(parts if isinstance(parts, dict) else ())}
            own |= {str(PurePosixPath(path).with_name(f".{PurePosixPath(path).name}.new")) for path in self._attributes}
        own |= {_SUMMARY} if summary else set()
        _require_own(self.folder, {name for name in self._files() - own if not _OWN_FILE.fullmatch(name)})

    def _clear(self) -> None:
        """Delete all files. What shows that the others are from a run of copydesk comes last."""
        self._delete(sorted(self._files(), key=lambda name: name == _SUMMARY or name.startswith(_STATE)))

    def _delete(self, names: Iterable[str]) -> None:
        """Delete files, and then the folders of parts if they are empty."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
        for name in _FOLDERS.values():
            with suppress(OSError):
                (self.folder / name).rmdir()


def _problem(value: Mapping[str, Any]) -> Problem:
    """Return the problem that `Problem.as_json` converted to `value`."""
    return Problem(str(value["path"]), str(value["message"]), str(value.get("record", "")))


class Row(NamedTuple):
    """What happens to a record in a copy of an archive. `key` is that of the record, or None if it does not change."""

    key: str | None = None
    change: Change = KEEP


class ChangesFolder:
    """A folder with the changes of a run that fixes records. It exists until the copy of the archive is complete.

    The changes of each batch that has any are a JSON file, an array with one array for each record that changes: its
    position in the batch, its key, its new body or null, and whether it is left out. `copy` is the path of the file
    that becomes the copy.
    """

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.copy = str(self.folder / "copy.new")

    def has_state(self) -> bool:
        """Whether the folder has the state of a run. An empty folder, which a run was deleting, is deleted."""
        with suppress(OSError):
            self.folder.rmdir()
        return (self.folder / _STATE).exists()

    def open(self, identity: str) -> State:
        """Return the state of the run. Changes of another run are deleted.

        `identity` is as in `OutputFolder.open`. Raises BadConfig if the folder contains other files, if another run
        uses it, or if it cannot be created.
        """
        names = _names_in(self.folder, parents=False)
        _require_own(self.folder, {name for name in names if not name.startswith(_STATE) and not _PART.fullmatch(name)})
        own = State(str(self.folder / _STATE))
        if own.value(_IDENTITY) != identity:
            own.set_value(_IDENTITY, "")  # in case this run is killed while it deletes the files
            own.close()
            self._clear()
            own = State(str(self.folder / _STATE))
            own.set_value(_IDENTITY, identity)
        _forget_lost(own, lambda step, batch: _digest(self._part(batch)) if step == "fix" else "")
        return own

    def write(self, step: str, batch: BatchId, results: Sequence[RecordResult]) -> str:
        """Write the changes of a batch; see `Output`. Only the step “fix” has any. Raises OSError."""
        if step != "fix":
            return ""
        changed = [(at, one.key, *one.change) for at, one in enumerate(results) if one.change != KEEP]
        file = self._part(batch)
        if not changed:
            file.unlink(missing_ok=True)
            return ""
        new = file.with_suffix(".new")
        with create(str(new), new.name) as opened:
            opened.write(dump_json(changed))
        replace(str(new), str(file))
        return _digest(file)

    def rows(self, own: State, archive: int) -> Iterator[Row]:
        """Yield what happens to each record of an archive, which is given by its number. Raises BadConfig."""
        for batch, step, summary in own.summaries():
            if batch.archive != archive or step != "fix":
                continue
            number = summary.changed + summary.dropped
            changed = self._rows_of(batch) if number else {}
            if len(changed) != number:
                raise BadConfig([f"--out: “{self.folder}” is damaged; delete it to start anew"])
            for position in range(summary.articles):
                yield changed.get(position, Row())

    def _rows_of(self, batch: BatchId) -> dict[int, Row]:
        try:
            rows = load_json(self._part(batch).read_bytes(), typed_reader(list[tuple[int, str, str | None, bool]]))
        except (OSError, ValueError):
            return {}
        return {at: Row(key, Change(body, drop)) for at, key, body, drop in rows}

    def _part(self, batch: BatchId) -> Path:
        return self.folder / f"{_part_name(batch)}.json"

    def delete(self, own: State) -> None:
        """Delete the folder."""
        own.close()
        self._clear()
        with suppress(OSError):
            self.folder.rmdir()

    def _clear(self) -> None:
        """Delete all files, and the state last: without it, the other files are not recognized."""
        for file in self.folder.iterdir():
            if _PART.fullmatch(file.name):
                file.unlink(missing_ok=True)
        state.delete(str(self.folder / _STATE))


def _names_in(folder: Path, *, parents: bool = True) -> set[str]:
    """Return the names of the files in a folder, which is created if needed. Raises BadConfig if it cannot be used."""
    try:
        folder.mkdir(parents=parents, exist_ok=True)
        return {entry.name for entry in folder.iterdir()}
    except OSError as error:
        raise BadConfig([f"--out: the folder “{folder}” cannot be used: {error.strerror}"]) from None


def _address(result: RecordResult) -> dict[str, str]:
    """Return what the record says about where its article is published, as keys of a finding."""
    return {name: value for name, value in (("site", result.group), ("url", result.url)) if value}


def _forget_lost(own: State, digest: Callable[[str, BatchId], str]) -> None:
    """Make the run process again the batches whose part is lost or has changed, or which could not be read completely.

    `digest` returns the digest of the part of a batch as it is now, given the step and the batch.
    """
    batches = own.summaries()
    lost = [(step, batch) for batch, step, one in batches if one.damaged or one.part != digest(step, batch)]
    if lost:
        own.forget(lost)


def _digest(file: Path) -> str:
    """Return the size of a file in bytes and the digest of its content, such as “12-af…”, or "" if there is no file."""
    try:
        with file.open("rb") as opened:
            digest = file_digest(opened, "blake2b").hexdigest()
            return f"{opened.tell()}-{digest[: 2 * SIZE]}"
    except FileNotFoundError:
        return ""


def _part_name(batch: BatchId) -> str:
    return "-".join(f"{number:05}" for number in batch)


def _require_own(folder: Path, others: Collection[str]) -> None:
    """Raise BadConfig if there are other files in a folder."""
    if others:
        advice = "choose a new folder, or delete its files"
        raise BadConfig([f"--out: “{folder}” contains other files, such as “{min(others)}”; {advice}"])
