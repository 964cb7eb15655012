"""`copydesk fix` on archives: the copies that it writes, the changes that it shows, and runs that are interrupted."""

from __future__ import annotations

import csv
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linter import readers
from linter.cli import main
from linter.records import archives, work
from linter.records.archives import Archive, Change
from linter.records.checking import RecordChecker
from linter.records.copies import write_copy
from linter.records.outputs import ChangesFolder, Row
from linter.records.state import State
from tables import read_all

ROOT = Path(__file__).resolve().parents[1]
LATE = "The tram is late.But it came."
FIXED = "The tram is late. But it came."
CLEAN = "The council talked about the new tram line for hours."
LEAK = "The council met on Monday about the tram.</div>"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(name: str, bodies: Iterable[str]) -> None:
    lines = (json.dumps({"id": f"r{at}", "text": body, "n": 1.50}) for at, body in enumerate(bodies))
    Path(name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def bodies(name: str) -> list[str]:
    opened: Any = gzip.open if name.endswith(".gz") else open
    with opened(name, "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def files() -> list[str]:
    return sorted(os.listdir())


def test_a_copy_has_the_fixes_and_the_archive_does_not_change(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [CLEAN, LATE, LEAK])
    before = Path("a.jsonl").read_bytes()
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 0
    assert Path("a.jsonl").read_bytes() == before
    assert Path("b.jsonl").read_bytes() == before.replace(LATE.encode(), FIXED.encode())
    assert capsys.readouterr().out == "1 fix in 1 of 3 records; “b.jsonl” was written.\nNot fixed: 1 error.\n"
    assert files() == ["a.jsonl", "b.jsonl"]


def test_quiet_and_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [LATE])
    assert main(["fix", "a.jsonl", "--out", "b.jsonl", "--ascii"]) == 0
    assert '"b.jsonl" was written' in capsys.readouterr().out
    assert main(["fix", "a.jsonl", "--out", "c.jsonl", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("options", "left"),
    [
        pytest.param([], [CLEAN, FIXED, LEAK], id="no records"),
        pytest.param(["--drop", "leaks"], [CLEAN, FIXED], id="those with a finding of a pack"),
        pytest.param(["--drop", "spacing/after-stop,leaks/*"], [CLEAN], id="those of a rule or a glob"),
        pytest.param(["--drop", "leaks", "--drop", "spacing"], [CLEAN], id="repeated options"),
        pytest.param(["--drop-paragraphs", "leaks"], [CLEAN, FIXED, ""], id="only paragraphs"),
        pytest.param(["--drop", "leaks", "--drop-paragraphs", "spacing"], [CLEAN, ""], id="both"),
    ],
)
def test_records_and_paragraphs_are_left_out(options: list[str], left: list[str]) -> None:
    write("a.jsonl", [CLEAN, LATE, LEAK])
    assert main(["fix", "a.jsonl", "--out", "b.jsonl", *options]) == 0
    assert bodies("b.jsonl") == left


COPY = "The council met on Monday and heard about the tram and the ferry. " * 5


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_copies_are_left_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    monkeypatch.setattr(work, "BATCH_RECORDS", 3)
    write("a.jsonl", [COPY, LATE, COPY, CLEAN, COPY, COPY, LEAK, COPY, COPY])
    argv = ["fix", "a.jsonl", "--drop", "duplicates/article,leaks", "--jobs", jobs]
    assert main([*argv, "--out", "b.jsonl"]) == 0
    assert bodies("b.jsonl") == [COPY, FIXED, CLEAN]
    assert "1 fix in 1 of 9 records; 6 records left out" in capsys.readouterr().out


def test_a_run_that_leaves_out_copies_continues(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.jsonl", [COPY, LATE, COPY, CLEAN])
    argv = ["fix", "a.jsonl", "--drop", "duplicates", "--out", "b.jsonl", "--jobs", "1"]
    with monkeypatch.context() as patch:
        patch.setattr(RecordChecker, "fix", interrupted)
        assert main(argv) == 130
    with monkeypatch.context() as patch:
        patch.setattr(State, "set_matches", lambda *given: pytest.fail("the records are compared again"))
        assert main(argv) == 0
    assert bodies("b.jsonl") == [COPY, FIXED, CLEAN]


def interrupted(*given: object) -> None:
    raise KeyboardInterrupt


def test_the_summary_counts_the_records_that_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [CLEAN, LATE, LEAK])
    assert main(["fix", "a.jsonl", "--out", "b.jsonl", "--drop", "leaks"]) == 0
    assert capsys.readouterr().out == "1 fix in 1 of 3 records; 1 record left out; “b.jsonl” was written.\n"


@pytest.mark.parametrize(
    ("options", "fixed"),
    [
        pytest.param([], "# The tram is late.\n\nIt came. At last.\n", id="no notes"),
        pytest.param(["--all"], "# The tram is late\n\nIt came. At last.\n", id="notes too"),
        pytest.param(["--select=structure"], "# The tram is late\n\nIt came.At last.\n", id="notes that are named"),
    ],
)
def test_notes_are_fixed_on_request(options: list[str], fixed: str) -> None:
    Path("copydesk.yaml").write_text("select: structure/heading-end\n", "utf-8")
    write("a.jsonl", ["# The tram is late.\n\nIt came.At last.\n"])
    assert main(["fix", "a.jsonl", "--out", "b.jsonl", "--kind", "markdown", *options]) == 0
    assert bodies("b.jsonl") == [fixed]


def test_check_writes_nothing_and_sets_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [LATE])
    write("b.jsonl", [LEAK])
    assert main(["fix", "a.jsonl", "b.jsonl", "--check"]) == 1
    assert capsys.readouterr().out.startswith("1 fix in 1 of 2 records; nothing was written.\n")
    assert main(["fix", "b.jsonl", "--check"]) == 0
    assert main(["fix", "b.jsonl", "--check", "--drop", "leaks"]) == 1
    assert files() == ["a.jsonl", "b.jsonl"]


def test_a_diff_shows_each_changed_record(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [CLEAN, LATE, LEAK])
    write("b.jsonl", [LATE])
    assert main(["fix", "a.jsonl", "b.jsonl", "--diff", "--drop", "leaks"]) == 0
    seen = capsys.readouterr()
    assert seen.out == (
        f"--- a/a.jsonl#r1\n+++ b/a.jsonl#r1\n@@ -1 +1 @@\n-{LATE}\n\\ No newline at end of file\n"
        f"+{FIXED}\n\\ No newline at end of file\n"
        f"--- a/a.jsonl#r2\n+++ b/a.jsonl#r2\n@@ -1 +0,0 @@\n-{LEAK}\n\\ No newline at end of file\n"
        f"--- a/b.jsonl#r0\n+++ b/b.jsonl#r0\n@@ -1 +1 @@\n-{LATE}\n\\ No newline at end of file\n"
        f"+{FIXED}\n\\ No newline at end of file\n"
    )
    assert "2 fixes in 2 of 4 records; 1 record left out; nothing was written." in seen.err
    assert files() == ["a.jsonl", "b.jsonl"]
    assert main(["fix", "b.jsonl", "--diff", "--check"]) == 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        pytest.param(
            ["a.jsonl"],
            "a.jsonl: an archive is never changed; pass --out FILE to write a fixed copy",
            id="no --out",
        ),
        pytest.param(
            ["a.jsonl", "b.jsonl", "--out", "c.jsonl"],
            "--out: a file is the copy of one archive; fix a.jsonl and b.jsonl one after the other",
            id="two archives",
        ),
        pytest.param(
            ["a.jsonl", "--out", "a.jsonl"],
            "--out: “a.jsonl” is the archive itself, which is never changed; choose another name",
            id="the archive itself",
        ),
        pytest.param(
            ["a.jsonl", "--out", "b.jsonl"],
            "--out: “b.jsonl” already exists; choose another name, or delete it",
            id="another file",
        ),
        pytest.param(
            ["a.jsonl", "--out", "c.csv"],
            "--out: the name of the copy, “c.csv”, must end in .jsonl",
            id="another format",
        ),
        pytest.param(
            ["a.jsonl", "--out", "no/c.jsonl"],
            "the folder “{}/no/c.jsonl.copydesk-run” cannot be used: No such file or directory",
            id="no folder",
        ),
        pytest.param(
            ["a.jsonl", "c.md", "--out", "c.jsonl"],
            "copydesk: fix “c.md” in a run of its own, without a.jsonl",
            id="an archive and an article",
        ),
        pytest.param(["c.md", "--out", "c.jsonl"], "--out: it is only for archives; name one", id="no archive"),
        pytest.param(["c.md", "--drop", "leaks"], "--drop: it is only for archives; name one", id="--drop alone"),
        pytest.param(
            ["a.jsonl", "--out", "c.jsonl", "--drop", "leeks"],
            "--drop: no rule or pack is called “leeks”; did you mean “leaks”?",
            id="a mistyped rule",
        ),
        pytest.param(
            ["a.jsonl", "--out", "c.jsonl", "--drop-paragraphs", "leaks", "--select", "spacing"],
            "--drop-paragraphs: leaks is off; to turn it on, use --select",
            id="a rule that is off",
        ),
        pytest.param(
            ["a.jsonl", "--out", "c.jsonl", "--drop-paragraphs", "duplicates/article"],
            "--drop-paragraphs: duplicates/article compares whole articles; use --drop",
            id="a rule that compares articles",
        ),
        pytest.param(
            ["a.jsonl", "--out", "c.jsonl", "--ray-address", "x"],
            "--ray-address: this needs --engine ray",
            id="an address without its engine",
        ),
        pytest.param(
            ["a.jsonl", "--out", "c.jsonl", "--changed"],
            "--changed: a.jsonl is an archive; its records have no changed lines",
            id="--changed",
        ),
    ],
)
def test_wrong_arguments(folder: Path, capsys: pytest.CaptureFixture[str], argv: list[str], message: str) -> None:
    write("a.jsonl", [LATE])
    write("b.jsonl", [LATE])
    Path("c.md").write_text(LATE, "utf-8")
    before = files()
    assert main(["fix", *argv]) == 2
    seen = capsys.readouterr()
    assert message.format(folder) in seen.err
    assert seen.out == ""
    assert files() == before


def test_archives_in_a_folder_are_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [LATE])
    Path("b.md").write_text(LATE, "utf-8")
    Path("copydesk.yaml").write_text('records:\n  - path: "*.jsonl"\n', "utf-8")
    for argv in ([], ["."]):
        Path("b.md").write_text(LATE, "utf-8")
        assert main(["fix", *argv]) == 0
        assert "copydesk: a.jsonl: left alone: it is an archive" in capsys.readouterr().err
        assert Path("b.md").read_text("utf-8") == FIXED
    assert bodies("a.jsonl") == [LATE]


def test_a_damaged_record_keeps_its_bytes_and_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    damaged = b'{"id": "x", "text": "The tram is late.But \\ud800 it came."}\n{"text": \nnot JSON\n'
    write("a.jsonl", [LATE])
    Path("a.jsonl").write_bytes(Path("a.jsonl").read_bytes() + damaged)
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 2
    assert Path("b.jsonl").read_bytes().endswith(damaged)
    assert FIXED.encode() in Path("b.jsonl").read_bytes()
    seen = capsys.readouterr()
    assert "a.jsonl#x: lone surrogate (U+D800)" in seen.err
    assert "a.jsonl#3: this line is not JSON" in seen.err
    assert "1 fix in 1 of 4 records" in seen.out


def test_no_copy_is_written_of_an_archive_that_cannot_be_read_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [LATE] * 100)
    data = gzip.compress(Path("a.jsonl").read_bytes())
    Path("a.jsonl.gz").write_bytes(data[:-20])
    assert main(["fix", "a.jsonl.gz", "--out", "b.jsonl"]) == 2
    seen = capsys.readouterr()
    assert "a.jsonl.gz: the file is damaged" in seen.err
    assert "copydesk: “b.jsonl” was not written: a.jsonl.gz could not be read completely" in seen.err
    assert "was written" not in seen.out
    assert files() == ["a.jsonl", "a.jsonl.gz", "b.jsonl.copydesk-run"]
    Path("a.jsonl.gz").write_bytes(data)
    assert main(["fix", "a.jsonl.gz", "--out", "b.jsonl"]) == 0


def test_an_archive_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 2
    assert "a.jsonl: no such file" in capsys.readouterr().err
    assert files() == []


def test_a_missing_package_is_reported_before_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.jsonl", [LATE])
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    assert main(["fix", "a.jsonl", "--out", "b.jsonl.zst"]) == 2
    assert "--out: “b.jsonl.zst” cannot be written: the package " in capsys.readouterr().err
    assert files() == ["a.jsonl"]


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_a_copy_is_compressed_as_its_name_says(suffix: str) -> None:
    if suffix == ".zst" and sys.version_info < (3, 14):
        pytest.importorskip("backports.zstd")
    write("a.jsonl", [CLEAN, LATE])
    for name in ("b", "c"):
        assert main(["fix", "a.jsonl", "--out", f"{name}.jsonl{suffix}"]) == 0
    copy = Archive("b", os.path.abspath(f"b.jsonl{suffix}"), "jsonl")
    assert [record.body for record in read_all(copy)] == [CLEAN, FIXED]
    assert Path(f"b.jsonl{suffix}").read_bytes() == Path(f"c.jsonl{suffix}").read_bytes()


def test_any_format_can_become_json_lines() -> None:
    Path("a.csv").write_text(f"id,title,text\n7,T,{LATE}\n8,,{LEAK}\n9,,{CLEAN}\n", "utf-8")
    assert main(["fix", "a.csv", "--out", "b.jsonl", "--drop", "leaks"]) == 0
    assert [json.loads(line) for line in Path("b.jsonl").read_text("utf-8").splitlines()] == [
        {"id": "7", "text": FIXED, "title": "T"},
        {"id": "9", "text": CLEAN},
    ]


def make_csv(name: str, rows: list[tuple[str, str]]) -> None:
    with open(name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *rows])


def make_parquet(name: str, rows: list[tuple[str, str]]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"id": [key for key, _ in rows], "text": [body for _, body in rows]})
    parquet.write_table(table, name, row_group_size=3)


def make_sqlite(name: str, rows: list[tuple[str, str]]) -> None:
    connection = sqlite3.connect(name)
    connection.execute("CREATE TABLE posts (id TEXT PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO posts VALUES (?, ?)", rows)
    connection.commit()
    connection.close()


def make_wxr(name: str, rows: list[tuple[str, str]]) -> None:
    items = "".join(
        f"<item><title>T</title><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<wp:post_id>{key}</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>\n"
        for key, body in rows
    )
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    Path(name).write_text(f'<rss version="2.0" {spaces}><channel>{items}</channel></rss>', "utf-8")


@pytest.mark.parametrize(
    ("make", "format_", "suffix"),
    [
        (make_csv, "csv", ".csv"),
        (make_parquet, "parquet", ".parquet"),
        (make_sqlite, "sqlite", ".sqlite"),
        (make_wxr, "wxr", ".xml"),
    ],
)
def test_formats_that_are_copied_in_the_same_format(
    make: Callable[[str, list[tuple[str, str]]], None], format_: str, suffix: str
) -> None:
    rows = [(f"{at:02}", [CLEAN, LATE, LEAK][at % 3]) for at in range(10)]
    make(f"a{suffix}", rows)
    assert main(["fix", f"a{suffix}", "--out", f"b{suffix}", "--drop", "leaks"]) == 0
    records = read_all(Archive("b", os.path.abspath(f"b{suffix}"), format_))
    assert [(record.key, record.body) for record in records] == [
        (key, body.replace(LATE, FIXED)) for key, body in rows if body != LEAK
    ]


def test_input_names_the_format_of_the_archive() -> None:
    write("a.dump", [LATE])
    assert main(["fix", "a.dump", "--input", "jsonl", "--out", "b.dump"]) == 0
    assert bodies("b.dump") == [FIXED]


def test_a_fix_does_not_change_the_kind_of_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the paragraph that is deleted, no tag shows that the body is HTML."""
    kinds = list[str]()
    read = readers.read
    monkeypatch.setattr(readers, "read", lambda source, kind: kinds.append(kind) or read(source, kind))
    write("a.jsonl", [f"<p>{LATE}</p>\n{CLEAN}"])
    argv = ["fix", "a.jsonl", "--out", "b.jsonl", "--jobs", "1", "--drop-paragraphs", "spacing"]
    assert main(argv) == 0
    assert bodies("b.jsonl") == [f"\n{CLEAN}"]
    assert len(kinds) > 2
    assert {*kinds} == {"html"}


def test_processes_give_the_same_bytes() -> None:
    write("a.jsonl", [f"{at}. {[CLEAN, LATE, LEAK][at % 3]}" for at in range(120)])
    for jobs in ("1", "2"):
        argv = ["fix", "a.jsonl", "--out", f"b{jobs}.jsonl", "--jobs", jobs, "--drop", "leaks"]
        assert main(argv) == 0
    assert Path("b1.jsonl").read_bytes() == Path("b2.jsonl").read_bytes()
    assert len(bodies("b1.jsonl")) == 80


def test_another_run_deletes_the_changes_of_an_interrupted_run(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.jsonl", [CLEAN, LATE, LEAK])
    with monkeypatch.context() as patch:
        patch.setattr("linter.records.record_fixes._copy", lambda *args, **options: 1 / 0)
        assert main(["fix", "a.jsonl", "--out", "b.jsonl", "--drop", "leaks"]) == 2
    assert "b.jsonl.copydesk-run" in files()
    assert main(["fix", "a.jsonl", "--out", "b.jsonl", "--select", "spacing"]) == 0
    assert bodies("b.jsonl") == [CLEAN, FIXED, LEAK]
    assert files() == ["a.jsonl", "b.jsonl"]


def test_an_archive_that_changes_after_an_interrupted_run_is_fixed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.jsonl", [CLEAN, LATE])
    with monkeypatch.context() as patch:
        patch.setattr("linter.records.record_fixes._copy", lambda *args, **options: 1 / 0)
        assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 2
    write("a.jsonl", [LATE, CLEAN, CLEAN])
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 0
    assert bodies("b.jsonl") == [FIXED, CLEAN, CLEAN]


@pytest.mark.parametrize("now", [[CLEAN], [CLEAN, LATE, LATE], [LATE, CLEAN]], ids=["shorter", "longer", "other"])
def test_an_archive_that_changes_during_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], now: list[str]
) -> None:
    from linter.records import record_fixes

    copy = record_fixes._copy
    write("a.jsonl", [CLEAN, LATE])

    def changed(*args: Any, **options: Any) -> None:
        write("a.jsonl", now)
        copy(*args, **options)

    monkeypatch.setattr(record_fixes, "_copy", changed)
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 2
    assert "a.jsonl: the archive changed during the run; run the command again" in capsys.readouterr().err
    assert files() == ["a.jsonl"]


def test_other_files_in_the_work_folder_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.jsonl", [LATE])
    Path("b.jsonl.copydesk-run").mkdir()
    Path("b.jsonl.copydesk-run/letter.txt").write_text("x", "utf-8")
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 2
    assert "contains other files, such as “letter.txt”" in capsys.readouterr().err
    assert os.listdir("b.jsonl.copydesk-run") == ["letter.txt"]


def test_a_part_that_is_lost_or_has_changed_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.jsonl", [CLEAN, LATE])
    with monkeypatch.context() as patch:
        patch.setattr("linter.records.record_fixes._copy", lambda *args, **options: 1 / 0)
        assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 2
    (part,) = Path("b.jsonl.copydesk-run").glob("*.json")
    part.write_bytes(b"")
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 0
    assert bodies("b.jsonl") == [CLEAN, FIXED]


@pytest.mark.parametrize("content", [b"", b"[", b'[[0,"r0",5,false]]', b"[[1]]", b"\xff"])
def test_a_part_that_is_damaged_during_the_run_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    write("a.jsonl", [CLEAN, LATE])
    real = ChangesFolder.rows

    def rows(self: ChangesFolder, own: State, archive: int) -> Iterator[Row]:
        (part,) = self.folder.glob("*.json")
        part.write_bytes(content)
        return real(self, own, archive)

    monkeypatch.setattr(ChangesFolder, "rows", rows)
    assert main(["fix", "a.jsonl", "--out", "b.jsonl"]) == 2
    seen = capsys.readouterr().err
    assert "is damaged; delete it to start anew" in seen
    assert "Traceback" not in seen


ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)


@ANY
@given(st.lists(st.tuples(st.text(max_size=5), st.none() | st.text(max_size=5), st.booleans()), max_size=8), st.data())
def test_any_changes(rows: list[tuple[str, str | None, bool]], data: st.DataObject) -> None:
    """The copy reads back as the changed records, in both ways of writing it."""
    clean = [(archives.clean(body)[0], new and archives.clean(new)[0], drop) for body, new, drop in rows]
    write("a.jsonl", [body for body, _, _ in clean])
    archive = Archive("a.jsonl", os.path.abspath("a.jsonl"), "jsonl")
    keys = data.draw(st.lists(st.booleans(), min_size=len(clean), max_size=len(clean)))
    changes = [
        Row(f"r{at}" if key else None, Change(new, drop))
        for at, ((_, new, drop), key) in enumerate(zip(clean, keys, strict=True))
    ]
    for rewrite in (True, False):
        with archives.create("b.jsonl", "b.jsonl") as file:
            write_copy(archive, iter(changes), file, rewrite=rewrite)
        assert bodies("b.jsonl") == [body if new is None else new for body, new, drop in clean if not drop]


DRIVER = """
import os, signal, sys
from pathlib import Path
from linter.cli import main
from linter.records import work

work.BATCH_RECORDS = 5
ARGUMENTS = "fix a.jsonl --out b.jsonl --isolated --jobs 1 --select spacing,leaks --drop leaks".split()
HERE = os.getcwd()


def child(last):
    # Run the command, and kill it before it opens, renames, creates or deletes the file number `last` in HERE.
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    number = 0

    def hook(event, arguments):
        nonlocal number
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"):
            if arguments and isinstance(arguments[0], (str, bytes)):
                path = os.path.abspath(os.fsdecode(arguments[0]))
                number += path.startswith(os.path.join(HERE, "b.jsonl"))
        if number == last and event != "os.kill":
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    sys.stdout = sys.stderr = open(os.devnull, "w")
    os._exit(main(ARGUMENTS))


assert child(-1) == 0
whole = Path("b.jsonl").read_bytes()
assert sorted(os.listdir()) == ["a.jsonl", "b.jsonl"]
killed = 0
for last in range(1, 1000):
    os.unlink("b.jsonl")
    if child(last) == 0:
        break
    killed += 1
    again = child(last + 3) if last % 3 == 0 else -9  # killed twice
    again == 0 or child(-1)  # 2 if the copy is complete and only its folder was being deleted
    assert Path("b.jsonl").read_bytes() == whole, last
    assert sorted(os.listdir()) == ["a.jsonl", "b.jsonl"], (last, os.listdir("b.jsonl.copydesk-run"))
print(killed)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_run_that_is_killed_at_any_step_continues_to_the_same_bytes() -> None:
    write("a.jsonl", [f"{at}. {[CLEAN, LATE, LEAK][at % 3]}" for at in range(14)])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", DRIVER], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15


KILLED = """
from linter.cli import main
from linter.records import work
work.BATCH_RECORDS = 20
raise SystemExit(main(["fix", "a.jsonl", "--out", "b.jsonl", "--isolated", "--jobs", "2", "--quiet"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_run_with_processes_that_is_killed_continues_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.jsonl", [f"{at}. {CLEAN} {LATE}\n\n" * 20 for at in range(200)])
    monkeypatch.setattr(work, "BATCH_RECORDS", 20)
    assert main(["fix", "a.jsonl", "--out", "whole.jsonl", "--isolated", "--jobs", "2"]) == 0
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED]
    for parts in (1, 4, 7):
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < until:
            if len([*Path().glob("b.jsonl.copydesk-run/*.json")]) >= parts:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
        process.wait()
    assert subprocess.run(command, env=environment).returncode == 0
    assert Path("b.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
    assert files() == ["a.jsonl", "b.jsonl", "whole.jsonl"]
