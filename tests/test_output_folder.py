"""`check ARCHIVE --out DIR`: findings as parts, and runs that continue."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from linter import engine, workers
from linter.cli import main
from linter.records import comparing, work
from linter.records.archives import Archive, OnProgress, Part, Record
from linter.records.checking import RecordChecker, RecordResult
from linter.records.formats import jsonl
from linter.records.outputs import OutputFolder
from linter.workers import Chunk, Done, Work

COMMAND = [sys.executable, "-m", "linter", "check", "many.jsonl", "--no-cache"]
ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with an archive of 200 records of all sorts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    story = "The harbour tram will open on the second of June, the council said on Monday after a long meeting. " * 3
    texts = ['All about the tram">', "Clean words about the tram.", story, "<b>vladimir Putin</b> spoke,and left.", ""]
    lines = [json.dumps({"id": f"r{n}", "text": f"{texts[n % 5]} Number {n % 9}."}) for n in range(199)]
    lines.insert(77, "{broken")
    Path("many.jsonl").write_text("\n".join(lines), "utf-8")
    return tmp_path


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BATCH_RECORDS", 20)


def contents(folder: str) -> dict[str, bytes]:
    """Return the bytes of all files in a folder, by path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in Path(folder).rglob("*") if file.is_file()}


def findings(folder: str) -> list[dict[str, object]]:
    parts = sorted(Path(folder).glob("*/*.jsonl"))
    return [json.loads(line) for part in parts for line in part.read_text("utf-8").splitlines()]


def order(finding: dict[str, object]) -> tuple[str, ...]:
    return tuple(map(str, (finding["record"], finding["start"], finding["rule"], finding["message"])))


@pytest.mark.usefixtures("small_batches")
def test_the_parts_have_the_findings_of_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "many.jsonl", "--out", "out"]) == 2
    assert main(["check", "many.jsonl", "--report", "json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert sorted(findings("out"), key=order) == sorted(report["findings"], key=order)
    summary = json.loads(Path("out/summary.json").read_text("utf-8"))
    assert (summary["articles"], summary["problems"]) == (200, 1)
    assert sum(one["count"] for one in summary["findings"]) == len(report["findings"])
    assert [json.loads(line) for line in Path("out/problems.jsonl").read_text("utf-8").splitlines()] == report[
        "problems"
    ]
    assert len([*Path("out/findings").iterdir()]) == 10
    assert not [name for name in os.listdir("out") if name.startswith(".")]


def without_nulls(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value is not None}


def test_records_with_findings_are_counted_once() -> None:
    main(["check", "many.jsonl", "--out", "out"])
    summary, every = json.loads(Path("out/summary.json").read_bytes()), findings("out")
    assert {Path(name).parts[0] for name in contents("out") if "/" in name} == {"findings", "across"}
    assert summary["with_findings"] == len({finding["record"] for finding in every})
    records = {rule["rule"]: rule["records"] for rule in summary["findings"]}
    assert records == {
        rule: len({finding["record"] for finding in every if finding["rule"] == rule}) for rule in records
    }


def test_parquet_parts_have_the_same_findings() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    main(["check", "many.jsonl", "--out", "lines"])
    main(["check", "many.jsonl", "--out", "tables", "--out-format", "parquet"])
    rows = [
        without_nulls(row)
        for part in sorted(Path("tables").glob("*/*.parquet"))
        for row in parquet.read_table(part).to_pylist()
    ]
    assert rows == [without_nulls(finding) for finding in findings("lines")]
    assert rows


@pytest.mark.slow
@pytest.mark.usefixtures("small_batches")
def test_the_bytes_do_not_depend_on_the_number_of_processes() -> None:
    main(["check", "many.jsonl", "--out", "one", "--jobs", "1", "--no-cache"])
    main(["check", "many.jsonl", "--out", "two", "--jobs", "2", "--no-cache"])
    assert contents("one") == contents("two")


@pytest.mark.usefixtures("small_batches")
def test_a_run_that_stopped_continues_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    main(["check", "many.jsonl", "--out", "whole", "--jobs", "1"])
    checked: list[str] = []
    real, stop_at = RecordChecker.check, [80]

    def check(self: RecordChecker, archive: Archive, some: Sequence[Record], **options: bool) -> list[RecordResult]:
        checked.extend(record.key for record in some)
        if len(checked) == stop_at[0]:
            raise KeyboardInterrupt
        return real(self, archive, some, **options)

    monkeypatch.setattr(RecordChecker, "check", check)
    assert main(["check", "many.jsonl", "--out", "out", "--jobs", "1"]) == 130
    stop_at[0] = 0
    checked.clear()
    assert main(["check", "many.jsonl", "--out", "out", "--jobs", "1"]) == 2
    assert len(checked) == 200 - 60
    assert contents("out") == contents("whole")
    checked.clear()
    assert main(["check", "many.jsonl", "--out", "out", "--jobs", "1"]) == 2
    assert checked == []


@pytest.mark.slow
def test_a_killed_run_continues_to_equal_bytes() -> None:
    small = "import linter.records.work as w; w.BATCH_RECORDS = 20; import linter.cli as c"
    code = f"{small}; c.main(['check', 'many.jsonl', '--no-cache', '--jobs', '2', '--out', "
    subprocess.run([sys.executable, "-c", f"{code}'whole'])"], check=True, capture_output=True)
    chance, kills = random.Random(7), 0
    for _ in range(4):
        files = len(contents("out"))
        process = subprocess.Popen([sys.executable, "-c", f"{code}'out'])"], start_new_session=True)
        while process.poll() is None and sum(map(Path.is_file, Path("out").rglob("*"))) <= files:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
        kills += process.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert kills, "each run ended before it was killed"
    subprocess.run([sys.executable, "-c", f"{code}'out'])"], check=True, capture_output=True)
    assert contents("out") == contents("whole")


def test_no_text_of_articles_is_in_a_redacted_folder() -> None:
    main(["check", "many.jsonl", "--out", "out", "--redact"])
    whole = b"".join(contents("out").values())
    assert b'"rule": "leaks/attribute-tail"' in whole
    assert not [word for word in (b"harbour", b"vladimir", b"tram") if word in whole]


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("finished", [True, False])
def test_the_result_of_other_settings_is_deleted_only_if_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, finished: bool
) -> None:
    with monkeypatch.context() as patch:
        if not finished:
            patch.setattr(comparing, "compare", interrupt)
        main(["check", "many.jsonl", "--out", "out", "--select", "leaks,duplicates"])
    before = findings("out")
    assert main(["check", "many.jsonl", "--out", "out", "--select", "spacing"]) == 2
    assert "“out” has the result of a run with other settings; choose a new folder, or use --overwrite" in (
        capsys.readouterr().err
    )
    assert findings("out") == before
    main(["check", "many.jsonl", "--out", "out", "--select", "spacing", "--overwrite"])
    assert {one["rule"].partition("/")[0] for one in findings("out")} == {"spacing"}  # type: ignore[attr-defined]


def test_a_changed_archive_starts_anew() -> None:
    main(["check", "many.jsonl", "--out", "out"])
    Path("many.jsonl").write_text('{"id": "x", "text": "All about the tram\\">"}\n', "utf-8")
    assert main(["check", "many.jsonl", "--out", "out"]) == 2
    main(["check", "many.jsonl", "--out", "out", "--overwrite"])
    assert {one["record"] for one in findings("out")} == {"x"}


@pytest.mark.usefixtures("small_batches")
def test_what_could_not_be_read_is_read_in_the_next_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["check", "many.jsonl", "--out", "whole", "--jobs", "1"])
    real = jsonl.read

    def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
        for number, record in enumerate(real(archive, part, on_progress)):
            if number == 130:
                raise OSError("the network share is away")
            yield record

    with monkeypatch.context() as patch:
        patch.setattr(jsonl, "read", read)
        assert main(["check", "many.jsonl", "--out", "out", "--jobs", "1"]) == 2
    said = capsys.readouterr().err
    assert "many.jsonl: the network share is away" in said
    assert "to read what could not be read, run the command again; the rest is not checked again" in said
    summary = json.loads(Path("out/summary.json").read_bytes())
    assert (summary["complete"], summary["articles"]) == (False, 130)
    checked: list[str] = []
    real_check = RecordChecker.check

    def check(self: RecordChecker, archive: Archive, some: Sequence[Record], **options: bool) -> list[RecordResult]:
        checked.extend(record.key for record in some)
        return real_check(self, archive, some, **options)

    monkeypatch.setattr(RecordChecker, "check", check)
    assert main(["check", "many.jsonl", "--out", "out", "--jobs", "1"]) == 2  # one line is not JSON
    assert len(checked) == 200 - 120
    assert "the run in “out” continues after 120 articles" in capsys.readouterr().err
    assert contents("out") == contents("whole")


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("damage", [Path.unlink, lambda part: part.write_bytes(b""), lambda part: part.write_text("{")])
def test_parts_that_are_lost_are_made_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
) -> None:
    main(["check", "many.jsonl", "--out", "whole"])
    with monkeypatch.context() as patch:
        patch.setattr(OutputFolder, "finish", interrupt)
        assert main(["check", "many.jsonl", "--out", "out"]) == 130
    for part in sorted(Path("out/findings").iterdir())[2:4]:
        damage(part)
    assert main(["check", "many.jsonl", "--out", "out"]) == 2
    assert contents("out") == contents("whole")
    damage(sorted(Path("out/findings").iterdir())[3])
    capsys.readouterr()
    assert main(["check", "many.jsonl", "--out", "out"]) == 2
    said = (
        "“out”: findings/00000-00000-00003.jsonl is lost or has changed; the result is damaged; to check the archives"
    )
    assert said in capsys.readouterr().err
    assert main(["check", "many.jsonl", "--out", "out", "--overwrite"]) == 2
    assert contents("out") == contents("whole")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("findings/mine.txt", "mine"),
        (".notes.new", "mine"),
        ("summary.json", '{"mine": 1}'),
        ("problems.jsonl", "mine"),
    ],
)
def test_files_of_others_are_never_deleted(capsys: pytest.CaptureFixture[str], path: str, text: str) -> None:
    (Path("out") / path).parent.mkdir(parents=True)
    (Path("out") / path).write_text(text, "utf-8")
    for options in ([], ["--overwrite"]):
        assert main(["check", "many.jsonl", "--out", "out", *options]) == 2
        assert f"contains other files, such as “{path}”" in capsys.readouterr().err
        assert contents("out") == {path: text.encode()}


def test_a_file_of_others_in_a_result_is_never_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "many.jsonl", "--out", "out"])
    Path("out/findings/mine.txt").write_text("mine", "utf-8")
    assert main(["check", "many.jsonl", "--out", "out", "--overwrite"]) == 2
    assert "contains other files, such as “findings/mine.txt”" in capsys.readouterr().err
    assert contents("out")["findings/mine.txt"] == b"mine"


def test_a_folder_with_other_files_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out/findings").mkdir(parents=True)
    Path("out/findings/mine.txt").write_text("mine", "utf-8")
    assert main(["check", "many.jsonl", "--out", "out"]) == 2
    assert "contains other files" in capsys.readouterr().err
    assert contents("out") == {"findings/mine.txt": b"mine"}


@pytest.mark.slow
def test_two_runs_cannot_use_one_folder(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = []
    real = RecordChecker.check

    def check(self: RecordChecker, archive: Archive, some: Sequence[Record], **options: bool) -> list[RecordResult]:
        if not statuses:
            run = subprocess.run([*COMMAND, "--out", "out"], capture_output=True, text=True)
            statuses.append((run.returncode, run.stderr))
        return real(self, archive, some, **options)

    monkeypatch.setattr(RecordChecker, "check", check)
    main(["check", "many.jsonl", "--out", "out", "--jobs", "1"])
    ((status, said),) = statuses
    assert status == 2
    assert "another run uses it" in said
    assert len(said.splitlines()) == 1


def test_a_damaged_state_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    Path("out/.copydesk-run.sqlite3").write_bytes(b"no database" * 1000)
    assert main(["check", "many.jsonl", "--out", "out"]) == 2
    assert "delete this file to start anew" in capsys.readouterr().err


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE batches SET summary = x'00ff'",
        "UPDATE batches SET summary = '[1]'",
        "UPDATE facts SET data = 'x'",
        "UPDATE facts SET data = NULL",
        "UPDATE facts SET data = '[]'",
        "INSERT INTO run VALUES ('compared', 'yes'); INSERT INTO matches VALUES (0, 0, 0, 3, 'x')",
        "DROP TABLE facts; CREATE TABLE facts (x)",
    ],
)
def test_damaged_values_in_the_state_are_a_clear_error(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(comparing, "compare", interrupt)
        assert main(["check", "many.jsonl", "--out", "out"]) == 130
    with closing(sqlite3.connect("out/.copydesk-run.sqlite3")) as state:
        state.executescript(damage)
    assert main(["check", "many.jsonl", "--out", "out"]) == 2
    error = capfd.readouterr().err
    assert "delete this file to start anew" in error
    assert "Traceback" not in error


def interrupt(*given: object) -> None:
    raise KeyboardInterrupt


def test_a_failure_while_articles_are_compared_is_a_clear_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError("no luck")

    def in_this_process(chunks: list[Chunk], jobs: int, make: Callable[[], Work], **options: object) -> list[Done]:
        return [Done(chunks[0], make()(chunks[0]))]

    monkeypatch.setattr(engine, "match_across", fail)
    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(workers, "results", in_this_process)
    assert main(["check", "many.jsonl", "--out", "out", "--jobs", "1"]) == 2
    said = "copydesk failed while it compared the articles: RuntimeError: no luck; please report it\n"
    assert capsys.readouterr().err == said


def test_a_file_instead_of_a_folder_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "many.jsonl", "--out", "many.jsonl"]) == 2
    assert capsys.readouterr().err.startswith("--out: the folder “many.jsonl” cannot be used: ")


def test_what_was_not_compared_is_said_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST", 1)
    for _ in range(2):
        main(["check", "many.jsonl", "--out", "out", "--no-cache"])
        assert "not compared with each other: 200 records" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        pytest.param(["."], "“.” is not an archive; name an archive", id="no archive"),
        pytest.param(["many.jsonl", "--report", "json"], "--report has no effect with it", id="a report"),
        pytest.param(["many.jsonl", "--ray-address", "auto"], "this needs --engine ray", id="an address without Ray"),
    ],
)
def test_options_that_do_not_fit(capsys: pytest.CaptureFixture[str], argv: list[str], said: str) -> None:
    assert main(["check", *argv, "--out", "out"]) == 2
    assert said in capsys.readouterr().err


def test_a_missing_package_is_reported_before_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["check", "many.jsonl", "--out", "out", "--out-format", "parquet"]) == 2
    message = 'the package pyarrow is missing; install it with pip install "copydesk[parquet]"'
    assert capsys.readouterr().err == f"--out-format parquet: {message}\n"
    assert not Path("out").exists()
