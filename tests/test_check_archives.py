"""`copydesk check` on archives: records are articles, in all reports, on any number of processes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from linter import workers
from linter.cli import main
from linter.records import checking, comparing, discover
from linter.records.checking import RecordChecker

LEAK = 'The council met on Monday about the new tram line.\n\nAll about the costs of the tram">'
CLEAN = "The council met on Monday and talked about the new tram line for hours."
STORY = (
    "The harbour tram will open on the second of June, the council said on Monday after a long meeting. "
    "It will run every ten minutes from the station to the old harbour, and it will cost two crowns a ride. "
    "The line was planned for nine years and was built in three, which is faster than anybody had expected. "
    "The mayor thanked the workers, the neighbours and the engineers, who had to move a medieval wall twice."
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, records: Iterable[dict[str, Any] | str]) -> None:
    """Write a file in JSON Lines. A record that is a string is written as it is."""
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    Path(name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def report(capsys: pytest.CaptureFixture[str], *argv: str, status: int = 1) -> dict[str, Any]:
    """Return the JSON report of a run with the exit status `status`."""
    assert main(["check", *argv, "--report", "json"]) == status
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_a_finding_names_the_record_and_its_offsets_are_those_of_the_body(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": CLEAN}, {"id": 17, "text": LEAK}])
    found = report(capsys, "news.jsonl")
    (finding,) = found["findings"]
    assert found["files"] == 2
    assert (finding["path"], finding["record"], finding["line"], finding["column"]) == ("news.jsonl", "17", 3, 1)
    assert LEAK[finding["start"] : finding["end"]] == finding["text"]


def test_the_plain_report_has_the_path_the_record_and_the_position(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    assert main(["check", "news.jsonl"]) == 1
    assert capsys.readouterr().out.startswith("news.jsonl#a:3:1: error: ")


@pytest.mark.parametrize("name", ["github", "gitlab", "html", "jsonl", "junit", "markdown", "sarif", "terminal"])
def test_every_report_names_the_record(capsys: pytest.CaptureFixture[str], name: str) -> None:
    write("news.jsonl", [{"id": "cobalt", "text": LEAK}])
    assert main(["check", "news.jsonl", "--report", name]) == 1
    assert "cobalt" in capsys.readouterr().out


def test_the_terminal_report_says_how_to_write_a_fixed_copy(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": "The tram is late.It is full."}])
    main(["check", "news.jsonl", "--report", "terminal"])
    assert "copydesk fix news.jsonl --out FILE" in capsys.readouterr().out


def test_the_html_report_shows_the_whole_record(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": f"Far above the leak stands a heron.\n\n{CLEAN}\n\n{LEAK}"}])
    assert main(["check", "news.jsonl", "--report", "html"]) == 1
    assert "stands a heron" in capsys.readouterr().out


def test_archives_and_files_are_checked_in_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    Path("b.md").write_text(LEAK, "utf-8")
    found = report(capsys, "news.jsonl", "b.md")
    assert found["files"] == 2
    assert [(one["path"], one["record"]) for one in found["findings"]] == [("b.md", None), ("news.jsonl", "a")]


def test_a_folder_walk_opens_no_archive(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    Path("b.md").write_text(CLEAN, "utf-8")
    assert report(capsys, ".", status=0)["files"] == 1


def test_a_folder_walk_opens_the_archives_that_records_matches(capsys: pytest.CaptureFixture[str]) -> None:
    Path("exports").mkdir()
    write("exports/news.jsonl", [{"nr": "a", "text": LEAK}])
    write("other.jsonl", [{"nr": "b", "text": LEAK}])
    Path("copydesk.yaml").write_text('records:\n  - path: "exports/*.jsonl"\n    key: nr\n', "utf-8")
    found = report(capsys, ".")
    assert [(one["path"], one["record"]) for one in found["findings"]] == [("exports/news.jsonl", "a")]


@pytest.mark.slow
def test_settings_by_path_reach_processes_that_are_not_forked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    write("news.jsonl", [{"nr": "a", "text": LEAK}, {"nr": "b", "text": CLEAN}])
    Path("copydesk.yaml").write_text("records:\n  - path: news.jsonl\n    key: nr\n", "utf-8")
    found = report(capsys, "news.jsonl", "--jobs", "2", "--no-cache")
    assert [one["record"] for one in found["findings"]] == ["a"]


def test_excluded_archives_are_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    Path("b.md").write_text(CLEAN, "utf-8")
    Path("copydesk.yaml").write_text('exclude: "*.jsonl"\n', "utf-8")
    assert report(capsys, "news.jsonl", "b.md", status=0)["files"] == 1


def test_columns_are_named_in_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"meta": {"nr": 5}, "story": f"<p>{CLEAN}</p><p>{LEAK}</p>", "body": "nothing"}])
    Path("copydesk.yaml").write_text("records:\n  key: meta.nr\n  body: story\n  kind: html\n", "utf-8")
    (finding,) = report(capsys, "news.jsonl")["findings"]
    assert finding["record"] == "5"


def test_input_overrides_the_suffix(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.dump", [{"id": "a", "text": LEAK}])
    assert report(capsys, "news.dump", "--input", "jsonl")["findings"][0]["record"] == "a"


def test_title_and_date_are_metadata(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK, "title": "Tram news"}, {"id": "b", "text": LEAK, "title": "Other"}])
    override = "overrides:\n  - metadata: {title: tram*}\n    ignore: leaks\n"
    Path("copydesk.yaml").write_text(override, "utf-8")
    assert [one["record"] for one in report(capsys, "news.jsonl")["findings"]] == ["b"]


def test_overrides_and_suppressions_apply_by_the_path_of_the_archive(capsys: pytest.CaptureFixture[str]) -> None:
    write("old.jsonl", [{"id": "a", "text": LEAK}])
    write("new.jsonl", [{"id": "a", "text": LEAK}])
    Path("copydesk.yaml").write_text("suppressions:\n  - {path: old.jsonl, rule: leaks, reason: known}\n", "utf-8")
    assert [one["path"] for one in report(capsys, "old.jsonl", "new.jsonl")["findings"]] == ["new.jsonl"]


@pytest.mark.parametrize(
    ("path", "argv", "unused"),
    [
        pytest.param("news.jsonl", ["."], False, id="the folder, in which no archive is opened"),
        pytest.param("/news.jsonl", [], False, id="a path in the working folder"),
        pytest.param("*.jsonl", [".", "news.jsonl"], False, id="a glob, which may match other archives"),
        pytest.param("/news.jsonl", ["news.jsonl"], True, id="the archive"),
        pytest.param("b.md", ["."], True, id="an article"),
    ],
)
def test_unused_suppressions_of_archives_are_reported_only_if_the_archive_was_read(
    capsys: pytest.CaptureFixture[str], path: str, argv: list[str], unused: bool
) -> None:
    write("news.jsonl", [{"id": "a", "text": CLEAN}])
    Path("b.md").write_text(CLEAN, "utf-8")
    Path("copydesk.yaml").write_text(f"suppressions:\n  - {{path: '{path}', rule: leaks/attribute-tail}}\n", "utf-8")
    found = report(capsys, *argv, status=0)["findings"]
    assert [one["rule"] for one in found] == ["copydesk/unused-suppression"] * unused


def test_a_baseline_knows_findings_in_records(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    Path("copydesk.yaml").write_text("", "utf-8")
    assert main(["baseline", "create", "news.jsonl"]) == 0
    write("news.jsonl", [{"id": "a", "text": LEAK}, {"id": "b", "text": LEAK}])
    capsys.readouterr()
    assert [one["record"] for one in report(capsys, "news.jsonl")["findings"]] == ["b"]


def test_what_cannot_be_read_is_a_problem_of_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}, "{broken", '{"id": "s", "text": "The \\ud800 tram is late."}'])
    found = report(capsys, "news.jsonl", status=2)
    assert found["files"] == 3
    assert {one["record"] for one in found["findings"] if one["rule"].startswith("leaks")} == {"a"}
    assert [(one["path"], one.get("record")) for one in found["problems"]] == [("news.jsonl", "s"), ("news.jsonl", "2")]


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        pytest.param(["news.jsonl", "./news.jsonl"], ["news.jsonl"], id="named twice"),
        pytest.param(["news.jsonl", "link.jsonl"], ["news.jsonl"], id="named through a link"),
        pytest.param(["[n].jsonl"], ["[n].jsonl"], id="a name that looks like a glob"),
        pytest.param(["n*.jsonl"], ["news.jsonl"], id="a glob"),
        pytest.param(["sub/*"], ["sub/a.jsonl", "sub/b.md"], id="a glob that matches articles, too"),
        pytest.param(["sub/**"], ["sub/b.md"], id="a glob that is searched like a folder"),
        pytest.param(["**/a.jsonl"], ["sub/a.jsonl"], id="archives at any depth"),
        pytest.param(["sub/*", "--exclude", "*.jsonl"], ["sub/b.md"], id="excluded on the command line"),
    ],
)
def test_which_archives_are_read(capsys: pytest.CaptureFixture[str], argv: list[str], found: list[str]) -> None:
    Path("sub").mkdir()
    Path("sub/b.md").write_text(LEAK, "utf-8")
    for name in ("news.jsonl", "[n].jsonl", "sub/a.jsonl"):
        write(name, [{"id": "a", "text": LEAK}])
    Path("link.jsonl").symlink_to("news.jsonl")
    assert [one["path"] for one in report(capsys, *argv, "--select", "leaks")["findings"]] == found


def test_an_article_that_records_matches_is_only_an_archive(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text(f"text\n{CLEAN}\n", "utf-8")
    Path("copydesk.yaml").write_text("records: [{path: a.txt, input: csv}]\n", "utf-8")
    assert report(capsys, ".", status=0)["files"] == 1


def test_no_archive_is_read_from_standard_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-", "--input", "jsonl"]) == 2
    assert "an archive cannot be read from standard input" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("postgresql://me:secret@db.example/blog?sslmode=x", "postgresql://me@db.example/blog", id="valid"),
        pytest.param("postgres://db/blog?password=secret", "postgres://db/blog", id="a parameter"),
        pytest.param("postgresql://me@a:5432,[::1]:2/blog", "postgresql://me@a:5432,[::1]:2/blog", id="two hosts"),
        pytest.param("postgresql://", "postgresql://", id="defaults"),
        pytest.param("postgresql://me:secret@[bad/blog", "postgresql://…", id="no host"),
        pytest.param("postgresql://me:secret@db:port/blog", "postgresql://…", id="no port"),
        pytest.param("postgresql://me:sec/ret@db/blog", "postgresql://…", id="a slash"),
        pytest.param("postgresql://me:12?secret@db/blog", "postgresql://…", id="a question mark"),
        pytest.param("postgresql://me:sec#ret@db/blog", "postgresql://…", id="a number sign"),
        pytest.param("postgresql://me:sec@ret@db/blog", "postgresql://…", id="an at sign"),
        pytest.param("postgresql://me:sec ret@db/blog", "postgresql://…", id="a space"),
    ],
)
def test_the_password_of_a_database_is_never_shown(url: str, shown: str) -> None:
    assert discover.without_password(url) == shown


@pytest.mark.parametrize("options", [[], ["--out", "out"]], ids=["a report", "a folder"])
def test_an_archive_that_changes_during_the_run_is_a_problem(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    check = RecordChecker.check

    def change(self: RecordChecker, *given: Any, **more: Any) -> Any:
        write("news.jsonl", [{"id": "a", "text": CLEAN}])  # the second record is lost
        return check(self, *given, **more)

    write("news.jsonl", [{"id": "a", "text": CLEAN}, {"id": "b", "text": CLEAN}])
    monkeypatch.setattr(RecordChecker, "check", change)
    assert main(["check", "news.jsonl", "--jobs", "1", "--no-cache", *options]) == 2
    said = "copydesk: news.jsonl: the archive changed during the run; run the command again\n"
    assert said in capsys.readouterr().err


def test_a_missing_archive_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    assert main(["check", "nws.jsonl"]) == 2
    assert "nws.jsonl: no such file; did you mean “news.jsonl”?" in capsys.readouterr().err


def test_a_column_that_no_record_has_is_one_problem(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": number, "text": LEAK} for number in range(200)])
    Path("copydesk.yaml").write_text("records: {key: idd}\n", "utf-8")
    found = report(capsys, "news.jsonl", status=2)
    message = "in the first 100 lines, there is no column “idd”, which “records” names as “key”; did you mean “id”?"
    assert (found["findings"], found["problems"]) == ([], [{"path": "news.jsonl", "message": message}])


def test_standard_input_is_no_archive(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-", "--input", "jsonl"]) == 2
    message = "--input: an archive cannot be read from standard input; pass a file\n"
    assert capsys.readouterr().err == message


def test_changed_lines_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    assert main(["check", "news.jsonl", "--changed"]) == 2
    assert "its records have no changed lines" in capsys.readouterr().err


def test_changed_lines_are_checked_beside_archives(folder: Path) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    Path("copydesk.yaml").write_text('records:\n  - path: "*.jsonl"\n', "utf-8")
    Path("b.md").write_text(CLEAN, "utf-8")
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false")
    for command in (["init", "--quiet"], ["add", "b.md"], ["commit", "--quiet", "--message", "b"]):
        subprocess.run(["git", *who, *command], check=True)
    assert main(["check", "--changed", "HEAD", "."]) == 0


def test_a_report_never_overwrites_the_archive(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": LEAK}])
    assert main(["check", "news.jsonl", "--report", "json=news.jsonl"]) == 2
    assert "may be an article" in capsys.readouterr().err


def test_records_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    write("news.jsonl", [{"id": "a", "text": STORY}, {"id": "b", "text": CLEAN}, {"id": "c", "text": STORY}])
    (finding,) = report(capsys, "news.jsonl", "--select", "duplicates", "--fail-on", "info")["findings"]
    assert (finding["record"], finding["rule"]) == ("c", "duplicates/article")
    assert "news.jsonl#a" in finding["message"]
    assert STORY[finding["start"] : finding["end"]] == finding["text"]


def test_records_are_compared_only_within_their_group(capsys: pytest.CaptureFixture[str]) -> None:
    names = [("a", "x"), ("b", "y"), ("c", "x")]
    write("news.jsonl", [{"id": key, "text": STORY, "site": site} for key, site in names])
    Path("copydesk.yaml").write_text("records: {group: site}\n", "utf-8")
    found = report(capsys, "news.jsonl", "--select", "duplicates", "--fail-on", "info")["findings"]
    assert [one["record"] for one in found] == ["c"]


def test_a_group_that_is_too_large_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST", 1)
    write("news.jsonl", [{"id": "a", "text": STORY}, {"id": "c", "text": STORY}])
    assert main(["check", "news.jsonl", "--select", "duplicates", "--no-cache"]) == 0
    assert "not compared with each other: 2 records, more than 1" in capsys.readouterr().err


def many(number: int) -> None:
    """Write an archive with records of all sorts."""
    texts = [LEAK, CLEAN, STORY, f"{CLEAN} Number {{}}.", "vladimir Putin spoke.", "", "<p>One</p><p>Two,three</p>"]
    write("many.jsonl", [{"id": f"r{n}", "text": texts[n % 7].format(n), "title": f"T {n % 3}"} for n in range(number)])


@pytest.mark.slow
def test_the_bytes_are_the_same_for_any_number_of_processes(capsys: pytest.CaptureFixture[str]) -> None:
    many(300)
    outputs = set()
    for argv in (["--jobs", "1"], ["--jobs", "2"], ["--jobs", "3", "--no-cache"], ["--jobs", "1", "--no-cache"]):
        main(["check", "many.jsonl", "--report", "json", *argv])
        outputs.add(capsys.readouterr().out)
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["files"] == 300


@pytest.mark.slow
def test_spawned_processes_give_the_same_bytes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    many(60)
    Path("copydesk.yaml").write_text("severity: {leaks: info}\n", "utf-8")
    main(["check", "many.jsonl", "--report", "json", "--jobs", "2", "--no-cache"])
    forked = capsys.readouterr().out
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    main(["check", "many.jsonl", "--report", "json", "--jobs", "2", "--no-cache"])
    assert capsys.readouterr().out == forked


@pytest.mark.slow
def test_a_record_that_kills_its_process_is_a_problem_and_the_others_are_checked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = RecordChecker.check

    def check(self: RecordChecker, archive: Any, some: Any, **options: Any) -> Any:
        if any(record.key == "r40" for record in some):
            os._exit(9)
        return real(self, archive, some, **options)

    monkeypatch.setattr(RecordChecker, "check", check)
    many(120)
    found = report(capsys, "many.jsonl", "--jobs", "2", "--no-cache", status=2)
    assert found["files"] == 120
    assert [(one["path"], one["record"]) for one in found["problems"]] == [("many.jsonl", "r40")]
    assert "the process that checked this record died (exit status 9)" in found["problems"][0]["message"]


def test_an_internal_error_is_a_problem_of_the_record(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking.readers, "read", lambda source, kind: 1 / 0)
    write("news.jsonl", [{"id": "a", "text": CLEAN}])
    (problem,) = report(capsys, "news.jsonl", "--no-cache", "--jobs", "1", status=2)["problems"]
    assert re.fullmatch(r"copydesk failed on this record: ZeroDivisionError: .*; please report it", problem["message"])


def test_a_kind_for_all_records_takes_precedence(capsys: pytest.CaptureFixture[str]) -> None:
    text = "The **council** met on Monday, and it talked about the **new** tram line for hours."
    post = {"id": "a", "html": text, "status": "published"}
    Path("ghost.json").write_text(json.dumps({"db": [{"data": {"posts": [post]}}]}), "utf-8")
    select = ["--select", "assistant/bare-markdown", "--fail-on", "info"]
    assert report(capsys, "ghost.json", *select)["findings"]
    assert report(capsys, "ghost.json", *select, "--kind", "markdown", status=0)["findings"] == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param("Plain words.\n\nMore words.", "text", id="no tags"),
        pytest.param("<p>One</p>", "html", id="a paragraph"),
        pytest.param("One<br/>two", "html", id="a line break"),
        pytest.param("a < b and c > d", "text", id="signs that are no tags"),
        pytest.param("**Bold** [link](https://example.org)", "text", id="Markdown is not guessed"),
    ],
)
def test_the_kind_of_a_body_is_detected(body: str, kind: str) -> None:
    assert checking.kind_of_body(body) == kind
