"""Findings as attributes of the Dolma toolkit."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from linter.cli import main
from linter.finding import Finding
from linter.records import work
from linter.records.checking import RecordResult
from linter.records.dolma import attributes_line
from linter.serialize import ArticleResult

ROOT = Path(__file__).resolve().parents[1]
CLEAN = "The council talked about the new tram line for hours."
LATE = "The 😀 tram is late.But it came."
LEAK = "The council met on Monday about the tram.</div>"
DOLMA = ["--out", "attributes/copydesk", "--out-format", "dolma"]
OUT = Path("attributes/copydesk")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a folder for documents."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "documents/2019").mkdir(parents=True)
    return tmp_path


def write(name: str, bodies: Iterable[str]) -> None:
    lines = (json.dumps({"id": f"r{at}", "text": body, "source": "s"}) for at, body in enumerate(bodies))
    data = "".join(f"{line}\n" for line in lines).encode()
    Path(name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)


def rows(file: Path) -> list[dict[str, Any]]:
    opened: Any = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def files() -> list[str]:
    return sorted(str(path.relative_to(OUT)) for path in OUT.rglob("*") if path.is_file())


def test_each_document_has_a_line_with_its_spans(capsys: pytest.CaptureFixture[str]) -> None:
    write("documents/2019/a.jsonl.gz", [CLEAN, LATE, LEAK])
    write("documents/b.jsonl", [LATE])
    assert main(["check", "documents/2019/a.jsonl.gz", "documents/b.jsonl", *DOLMA]) == 1
    after_stop = {"copydesk__spacing_after_stop": [[14, 22, 1.0]]}
    assert LATE[14:22] == "late.But"
    clean, late, leak = rows(OUT / "2019/a.jsonl.gz")
    assert clean == {"id": "r0", "attributes": {}}
    assert late == {"id": "r1", "attributes": after_stop}
    assert [*leak["attributes"].values()] == [[[LEAK.index("</div>"), len(LEAK), 1.0]]]
    assert rows(OUT / "b.jsonl") == [{"id": "r0", "attributes": after_stop}]
    assert files() == ["2019/a.jsonl.gz", "b.jsonl", "problems.jsonl", "summary.json"]
    assert capsys.readouterr().err.count("articles are not compared with each other") == 1


def test_an_equal_run_checks_nothing_and_another_run_replaces_the_attributes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("documents/a.jsonl.gz", [LATE])
    assert main(["check", "documents/a.jsonl.gz", *DOLMA]) == 0
    before = (OUT / "a.jsonl.gz").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(work, "read_batches", lambda *args: pytest.fail("the archive is read"))
        assert main(["check", "documents/a.jsonl.gz", *DOLMA]) == 0
    assert main(["check", "documents/a.jsonl.gz", *DOLMA, "--select", "leaks"]) == 2
    assert main(["check", "documents/a.jsonl.gz", *DOLMA, "--select", "leaks", "--overwrite"]) == 0
    assert rows(OUT / "a.jsonl.gz") == [{"id": "r0", "attributes": {}}]
    assert main(["check", "documents/a.jsonl.gz", *DOLMA, "--overwrite"]) == 0
    assert (OUT / "a.jsonl.gz").read_bytes() == before
    assert "1 warning in 1 article" in capsys.readouterr().err


def test_damaged_documents_have_a_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    write("documents/a.jsonl", [LATE])
    data = Path("documents/a.jsonl").read_bytes()
    Path("documents/a.jsonl").write_bytes(data + b"not JSON\n" + data)
    assert main(["check", "documents/a.jsonl", *DOLMA]) == 2
    assert [row["id"] for row in rows(OUT / "a.jsonl")] == ["r0", "2", "r0"]
    assert "a.jsonl#2: this line is not JSON" in capsys.readouterr().err


def test_a_file_without_documents_has_empty_attributes() -> None:
    Path("documents/a.jsonl").write_bytes(b"")
    write("documents/b.jsonl", [CLEAN])
    assert main(["check", "documents/a.jsonl", "documents/b.jsonl", *DOLMA]) == 0
    assert (OUT / "a.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    ("names", "message"),
    [
        pytest.param(["a.csv"], "--out-format dolma: a.csv is not JSON Lines", id="another format"),
        pytest.param(
            ["a.jsonl", "documents/a.jsonl"],
            "--out-format dolma: a.jsonl and documents/a.jsonl have the same name",
            id="the same name twice",
        ),
        pytest.param(
            ["problems.jsonl"],
            "--out-format dolma: the name of problems.jsonl is reserved; rename it",
            id="a name in the folder of findings",
        ),
    ],
)
def test_archives_that_cannot_have_attributes(
    capsys: pytest.CaptureFixture[str], names: list[str], message: str
) -> None:
    for name in names:
        write(name, [CLEAN])
    assert main(["check", *names, *DOLMA]) == 2
    assert message in capsys.readouterr().err
    assert not OUT.exists()


def test_other_files_in_the_folder_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    write("documents/a.jsonl", [CLEAN])
    OUT.mkdir(parents=True)
    (OUT / "a.jsonl").write_text("mine", "utf-8")
    assert main(["check", "documents/a.jsonl", *DOLMA]) == 2
    assert "contains other files, such as “a.jsonl”" in capsys.readouterr().err
    assert (OUT / "a.jsonl").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("spans", "line"),
    [
        pytest.param([], "{}", id="none"),
        pytest.param([(5, 7), (1, 3)], '{"copydesk__p_r_x": [[1, 3, 1.0], [5, 7, 1.0]]}', id="in order"),
        pytest.param([(1, 5), (2, 4), (3, 8)], '{"copydesk__p_r_x": [[1, 8, 1.0]]}', id="spans that overlap are one"),
        pytest.param([(1, 3), (3, 4)], '{"copydesk__p_r_x": [[1, 4, 1.0]]}', id="spans that touch are one"),
        pytest.param([(2, 2), (4, 5)], '{"copydesk__p_r_x": [[4, 5, 1.0]]}', id="no empty spans"),
        pytest.param([(2, 2)], '{"copydesk__p_r_x": []}', id="a finding without text"),
    ],
)
def test_spans(spans: list[tuple[int, int]], line: str) -> None:
    found = [Finding("a", "k", "p/r-x", "error", "", 1, 1, 1, 1, start, end, "") for start, end in spans]
    result = RecordResult(ArticleResult(found, [], [], []), "k")
    assert attributes_line(result) == f'{{"id": "k", "attributes": {line}}}\n'


KILLED = """
from linter.cli import main
from linter.records import work
work.BATCH_RECORDS = 20
argv = "check documents/a.jsonl.gz --out attributes/copydesk --out-format dolma --jobs 1 --quiet --isolated"
raise SystemExit(main(argv.split()))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_run_that_is_killed_continues_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    write("documents/a.jsonl.gz", [f"{at}. {CLEAN} {LATE}\n\n" * 10 for at in range(120)])
    argv = ["check", "documents/a.jsonl.gz", "--out", "whole", "--out-format", "dolma", "--isolated", "--quiet"]
    assert main(argv) == 0
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for parts in (1, 4):
        process = subprocess.Popen([sys.executable, "-c", KILLED], env=environment)
        until = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < until:
            if len([*OUT.glob("findings/*.dolma")]) >= parts:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
        assert process.wait() == -signal.SIGKILL
    assert subprocess.run([sys.executable, "-c", KILLED], env=environment).returncode == 0
    assert (OUT / "a.jsonl.gz").read_bytes() == Path("whole/a.jsonl.gz").read_bytes()
    assert files() == ["a.jsonl.gz", "problems.jsonl", "summary.json"]


@pytest.mark.parametrize(
    ("syntax", "expression"), [("jsonpath", "$.attributes.{}"), ("jq", ".attributes.{}")], ids=["jsonpath", "jq"]
)
def test_the_mixer_of_dolma_replaces_the_spans(folder: Path, syntax: str, expression: str) -> None:
    dolma = pytest.importorskip("dolma")
    write("documents/2019/a.jsonl.gz", [CLEAN, f"{LATE} Twice it is late.But late.", LEAK])
    assert main(["check", "documents/2019/a.jsonl.gz", *DOLMA]) == 1
    replaced = {
        "span": expression.format("copydesk__spacing_after_stop"),
        "syntax": syntax,
        "min_score": 0.5,
        "replacement": "[{}]",
    }
    stream = {
        "name": "mixed",
        "documents": [f"{folder}/documents/*/*.jsonl.gz"],
        "attributes": ["copydesk"],
        "span_replacement": [replaced],
        "output": {"path": f"{folder}/mixed", "max_size_in_bytes": 10**9},
    }
    dolma.mixer({"streams": [stream], "work_dir": {"input": str(folder), "output": str(folder)}, "processes": 1})
    (mixed,) = Path("mixed").iterdir()
    assert [row["text"] for row in rows(mixed)] == [
        CLEAN,
        "The 😀 tram is [late.But] it came. Twice it is [late.But] late.",
        LEAK,
    ]
