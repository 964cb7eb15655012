"""Where the results of a run over archives go: into memory, for reports, or into a folder, as parts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from linter.config.config import BadConfig
from linter.output import replace
from linter.records import state
from linter.records.archives import BatchId
from linter.records.arrow import findings_table, write_parquet
from linter.records.checking import RecordResult
from linter.records.state import BatchSummary, State
from linter.serialize import ArticleResult

FORMATS = ("jsonl", "parquet")
_STATE, _SUMMARY, _PROBLEMS = ".copydesk-run.sqlite3", "summary.json", "problems.jsonl"
_FOLDERS = {"check": "findings", "compare": "across"}  # the folder of the parts of each step
_IDENTITY = "identity"  # key of the state


class Collected:
    """Collects the results of a run in memory."""

    def __init__(self) -> None:
        self.articles = 0
        self.total = ArticleResult([], [], [], [])

    def write(self, step: str, batch: BatchId, results: Sequence[RecordResult]) -> None:
        """Add the results of a batch; see `Output`."""
        for result in results:
            self.articles += result.articles if step == "check" else 0
            self.total.add(result.result._replace(facts=[]))


class OutputFolder:
    """A folder for findings, as parts in the format `format`, one of FORMATS.

    The folder has these files:

    - `findings/…` and `across/…`: the findings in single articles, and those from comparing articles, one file per
      batch that has any
    - `problems.jsonl`: the problems
    - `summary.json`: the totals, written last
    """

    def __init__(self, folder: str, format: str) -> None:
        self.folder, self._format = Path(folder), format

    def open(self, identity: str) -> State | None:
        """Return the state of the run, or None if the folder already has the complete result of an equal run.

        `identity` is a digest of everything that the result depends on. If the folder has the result of another run,
        it is deleted. Raises BadConfig if the folder contains other files, or if another run uses it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        names = {entry.name for entry in self.folder.iterdir()}
        others = names if {_STATE, _SUMMARY}.isdisjoint(names) else {name for name in names if not _is_own(name)}
        if others:
            advice = "choose a new folder, or delete its files"
            raise BadConfig([f"--out: “{self.folder}” contains other files, such as “{min(others)}”; {advice}"])
        own = State(str(self.folder / _STATE))
        self._delete_unfinished()
        if self._summary().get("run") == identity:
            self._close(own)
            return None
        if own.value(_IDENTITY) != identity:
            self._close(own)
            self._clear()
            own = State(str(self.folder / _STATE))
            own.set_value(_IDENTITY, identity)
        return own

    def write(self, step: str, batch: BatchId, results: Sequence[RecordResult]) -> None:
        """Write the findings of a batch as a part; see `Output`. Raises OSError."""
        findings = [finding for result in results for finding in result.result.findings]
        if not findings:
            return
        file = self.folder / _FOLDERS[step] / f"{'-'.join(f'{number:05}' for number in batch)}.{self._format}"
        file.parent.mkdir(exist_ok=True)
        new = file.with_name(f".{file.name}.new")
        if self._format == "parquet":
            write_parquet(findings_table(findings), str(new))
        else:
            lines = (f"{json.dumps(finding.as_json(), ensure_ascii=False)}\n" for finding in findings)
            new.write_bytes("".join(lines).encode("utf-8", "backslashreplace"))
        replace(str(new), str(file))

    def finish(self, own: State, totals: BatchSummary, compared: Sequence[str] | None) -> None:
        """Write the problems and the summary, and delete the state. Raises OSError."""
        problems = totals.problem_list
        self._write(_PROBLEMS, "".join(f"{json.dumps(one.as_json(), ensure_ascii=False)}\n" for one in problems))
        counts = [{"rule": rule, "severity": severity, "count": count} for rule, severity, count in totals.counts]
        summary = {
            "version": 1,
            "run": own.value(_IDENTITY),
            "articles": totals.articles,
            "with_findings": totals.with_findings,
            "findings": counts,
            "problems": len(problems),
            "suppressed": totals.suppressed,
            "not_compared": list(compared or ()),
        }
        self._write(_SUMMARY, f"{json.dumps(summary, ensure_ascii=False, indent=1)}\n")
        self._close(own)

    def stored_totals(self) -> BatchSummary:
        """Return the totals of a complete result. Raises BadConfig if they are damaged."""
        found = self._summary()
        try:
            problems = [json.loads(line) for line in (self.folder / _PROBLEMS).read_text("utf-8").splitlines()]
            return BatchSummary(
                articles=int(found["articles"]),
                with_findings=int(found["with_findings"]),
                counts=[(str(one["rule"]), str(one["severity"]), int(one["count"])) for one in found["findings"]],
                problems=[(str(one["path"]), str(one["message"]), str(one.get("record", ""))) for one in problems],
                suppressed=int(found["suppressed"]),
                used_suppressions=[],
            )
        except (OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
            raise BadConfig([f"--out: “{self.folder}” is damaged; delete it to check the archives again"]) from None

    def _summary(self) -> dict[str, Any]:
        """Return the content of `summary.json`, or {} if there is none."""
        try:
            found = json.loads((self.folder / _SUMMARY).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, name: str, text: str) -> None:
        new = self.folder / f".{name}.new"
        new.write_bytes(text.encode("utf-8", "backslashreplace"))
        replace(str(new), str(self.folder / name))

    def _close(self, own: State) -> None:
        own.close()
        state.delete(own.file)

    def _delete_unfinished(self) -> None:
        """Delete the files that an interrupted run was writing."""
        for file in self.folder.glob("**/.*.new"):
            file.unlink(missing_ok=True)

    def _clear(self) -> None:
        for name in (_SUMMARY, _PROBLEMS):
            (self.folder / name).unlink(missing_ok=True)
        for name in _FOLDERS.values():
            shutil.rmtree(self.folder / name, ignore_errors=True)


def _is_own(name: str) -> bool:
    return (
        name in (_SUMMARY, _PROBLEMS, *_FOLDERS.values())
        or name.startswith(_STATE)
        or name in (f".{_SUMMARY}.new", f".{_PROBLEMS}.new")
    )
