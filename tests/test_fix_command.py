"""`copydesk fix`: the files that it writes or leaves alone, and its output."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from linter import engine
from linter.cli import main
from linter.document import Document

LATE = "The tram is late.But it came.\n"
FIXED = "The tram is late. But it came.\n"
SPACING = ["--select", "spacing"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_output_says_what_was_fixed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.md").write_text(LATE, "utf-8")
    (here / "b.md").write_text(FIXED, "utf-8")
    assert main(["fix"]) == 0
    assert (here / "a.md").read_text("utf-8") == FIXED
    assert capsys.readouterr().out == "a.md: 1 fixed: spacing/after-stop\nFixed 1 place in 1 of 2 articles.\n"
    assert main(["fix"]) == 0
    assert capsys.readouterr().out == "No problems found in 2 articles.\n"


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_remaining_problems_are_not_called_no_problems(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "real.txt").write_text(LATE, "utf-8")
    (here / "a.md").symlink_to("real.txt")
    assert main(["fix", "--isolated", "a.md"]) == 2
    seen = capsys.readouterr()
    assert "a.md: left alone: it is a link to real.txt" in seen.err
    assert seen.out.startswith("Nothing was fixed in 1 article.\nNot fixed: 1 warning: copydesk check a.md")


@pytest.mark.parametrize(
    ("options", "fixed"),
    [
        pytest.param([], "# The tram is late.\n\nIt came. At last.\n", id="no notes"),
        pytest.param(["--all"], "# The tram is late\n\nIt came. At last.\n", id="notes too"),
        pytest.param(["--select=structure"], "# The tram is late\n\nIt came.At last.\n", id="notes that are named"),
    ],
)
def test_notes_are_fixed_on_request(here: Path, options: list[str], fixed: str) -> None:
    (here / "copydesk.yaml").write_text("select: structure/heading-end\n", "utf-8")
    (here / "a.md").write_text("# The tram is late.\n\nIt came.At last.\n", "utf-8")
    assert main(["fix", *options]) == 0
    assert (here / "a.md").read_text("utf-8") == fixed


def test_check_writes_nothing_and_sets_the_exit_status(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.md").write_text(LATE, "utf-8")
    assert main(["fix", "--check"]) == 1
    assert "1 place to fix in 1 article; nothing was written." in capsys.readouterr().out
    assert (here / "a.md").read_text("utf-8") == LATE
    assert main(["fix", "--check", "--select", "leaks"]) == 0


def test_a_difference_is_shown_and_nothing_is_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.md").write_bytes(b"One.\r\n\r\nThe tram is late.But it came.")
    assert main(["fix", "--diff"]) == 0
    seen = capsys.readouterr()
    assert seen.out == (
        "--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n One.\r\n \r\n"
        "-The tram is late.But it came.\n\\ No newline at end of file\n"
        "+The tram is late. But it came.\n\\ No newline at end of file\n"
    )
    assert "nothing was written" in seen.err
    assert main(["fix", "--diff", "--check", "--quiet"]) == 1
    assert (here / "a.md").read_bytes().endswith(b"late.But it came.")


def test_git_can_apply_the_difference(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.md").write_bytes(f"One.\r\n\r\n{LATE}Three.".encode())
    main(["fix", "--diff", "--quiet"])
    subprocess.run(["git", "apply", "-"], input=capsys.readouterr().out.encode(), check=True, cwd=here)
    assert (here / "a.md").read_bytes() == f"One.\r\n\r\n{FIXED}Three.".encode()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_no_name_of_a_file_adds_a_file_to_the_difference(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "victim.txt").write_text("one\n", "utf-8")
    name = 'x"\\\n--- a/victim.txt\n+++ b/victim.txt\n@@ -1 +1 @@\n-one\n+two\n.md'.replace("/", "∕")
    (here / name).write_text(LATE, "utf-8")
    main(["fix", "--diff", "--quiet", "."])
    subprocess.run(["git", "apply", "-"], input=capsys.readouterr().out.encode(), check=True, cwd=here)
    assert (here / name).read_text("utf-8") == FIXED
    assert (here / "victim.txt").read_text("utf-8") == "one\n"


@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"])
def test_a_difference_in_the_log_of_a_job_is_shown_only(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    (here / "a.md").write_text(f"::error::pwned ##vso[task.complete]\n\n\x1b[31m{LATE}", "utf-8")
    monkeypatch.setenv(variable, "true")
    main(["fix", "--diff", "--quiet"])
    assert capsys.readouterr().out == (
        "--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n"
        " \ufffd:error::pwned #\ufffdvso[task.complete]\n \n"
        "-␛[31mThe tram is late.But it came.\n+[31mThe tram is late. But it came.\n"
    )


def test_standard_input_goes_to_standard_output(
    here: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for data, fixed in ((LATE.encode(), FIXED.encode()), (b"\xffkept\r", b"\xffkept\r")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert main(["fix", "-", "--stdin-name", "a.md", *SPACING]) == 0
        seen = capfdbinary.readouterr()
        assert seen.out == fixed
    assert seen.err == b"No problems found in 1 article.\n"
    assert main(["fix", "-", "a.md"]) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"\xef\xbb\xbf" + LATE.encode(), b"\xef\xbb\xbf" + FIXED.encode(), id="a byte-order mark"),
        pytest.param(LATE.encode("utf-16"), FIXED.encode("utf-16"), id="UTF-16"),
        pytest.param(b"Caf\xe9. " + LATE.encode(), b"Caf\xe9. " + FIXED.encode(), id="Windows-1252, as recognised"),
        pytest.param(
            "Café, où. ".encode() + b"\xff" + LATE.encode(),
            "Café, où. ".encode() + b"\xff" + FIXED.encode(),
            id="a byte that is no character",
        ),
        pytest.param(b"A.\r\rB.\r\n" + LATE.encode(), b"A.\r\rB.\r\n" + FIXED.encode(), id="line ends of all kinds"),
    ],
)
def test_all_other_bytes_stay(here: Path, before: bytes, after: bytes) -> None:
    (here / "a.txt").write_bytes(before)
    main(["fix", "a.txt", *SPACING])
    assert (here / "a.txt").read_bytes() == after


def test_a_link_is_left_alone_and_named_and_its_target_fixed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "b.md").write_text(LATE, "utf-8")
    (here / "a.md").symlink_to("b.md")
    assert main(["fix", "a.md"]) == 2
    assert "copydesk: a.md: left alone: it is a link to b.md" in capsys.readouterr().err
    assert (here / "b.md").read_text("utf-8") == LATE
    assert main(["fix"]) == 0
    assert (here / "b.md").read_text("utf-8") == FIXED
    assert (here / "a.md").is_symlink()


def test_known_findings_are_not_fixed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.md").write_text(LATE, "utf-8")
    assert main(["baseline", "create"]) == 0
    (here / "a.md").write_text(LATE + "\nThe bus is late.But it came. And it went again.So what.\n", "utf-8")
    assert main(["fix", "a.md", *SPACING]) == 0
    assert (here / "a.md").read_text("utf-8").startswith(LATE)
    assert "Fixed 2 places" in capsys.readouterr().out
    assert main(["fix", "a.md", "--no-baseline"]) == 0
    assert (here / "a.md").read_text("utf-8").startswith(FIXED)


def count_checks(monkeypatch: pytest.MonkeyPatch, on_first: Callable[[], object] = lambda: None) -> list[str]:
    """Return the texts that are checked from now on, in order; call `on_first` after the first one."""
    texts: list[str] = []
    check = engine.check_batch

    def counted(documents: Sequence[Document], *rest: Any) -> Any:
        found = check(documents, *rest)
        texts.extend(document.source.text for document in documents)
        if len(texts) == 1:
            on_first()
        return found

    monkeypatch.setattr(engine, "check_batch", counted)
    return texts


def test_an_article_is_checked_once_before_and_once_after_its_fixes(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "a.md").write_text(LATE, "utf-8")
    texts = count_checks(monkeypatch)
    assert main(["fix", "--no-cache"]) == 0
    assert (here / "a.md").read_text("utf-8") == FIXED
    assert texts == [LATE, FIXED]


def test_an_article_that_has_changed_since_it_was_checked_is_checked_again(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "a.md").write_text(LATE, "utf-8")
    changed = "The taxi is here.Now he left."  # as long as the other
    assert len(changed) == len(LATE) - 1
    texts = count_checks(monkeypatch, lambda: (here / "a.md").write_text(f"{changed}\n", "utf-8"))
    assert main(["fix", "--no-cache"]) == 0
    assert (here / "a.md").read_text("utf-8") == "The taxi is here. Now he left.\n"
    assert texts == [LATE, f"{changed}\n", "The taxi is here. Now he left.\n"]


RULE = """id: {id}
summary: One word.
why: The desk says so.
severity: warning
check: swap
swap: {{{old}: {new}}}
message: Write “{{right}}”.
fix:
  safe: true
"""


def test_rules_that_undo_each_other_are_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for id_, old, new in (("tram", "tramway", "tram"), ("tramway", "tram", "tramway")):
        (here / "house" / "style").mkdir(parents=True, exist_ok=True)
        (here / "house" / "style" / f"{id_}.yaml").write_text(RULE.format(id=id_, old=old, new=new), "utf-8")
    (here / "a.md").write_text("The tram came.But it was late.\n", "utf-8")
    assert main(["fix", "a.md", "--rules", "house"]) == 2
    assert (
        "copydesk: a.md: the fixes of style/tram, style/tramway undo each other; none of them was applied\n"
        in capsys.readouterr().err
    )
    assert (here / "a.md").read_text("utf-8") == "The tram came. But it was late.\n"


def test_the_terminal_report_says_what_can_be_fixed_and_how(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    (here / "a b.md").write_text(LATE, "utf-8")
    main(["check", ".", "--report", "terminal"])
    said = "1 can be fixed automatically: copydesk fix 'a b.md'   (preview: --diff)\n"
    assert said in capsys.readouterr().out
    (here / "c.md").write_text(LATE, "utf-8")
    main(["check", ".", "--report", "terminal", *SPACING])
    assert "2 can be fixed automatically: copydesk fix . --select spacing   (preview: --diff" in capsys.readouterr().out


def test_many_articles_are_summarized_by_rule(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(30):
        (here / f"{number}.md").write_text(LATE, "utf-8")
    assert main(["fix", "--quiet", "--check"]) == 1
    assert main(["fix"]) == 0
    out = capsys.readouterr().out
    assert "spacing/after-stop" in out.splitlines()[1]
    assert out.endswith("Fixed 30 places in 30 articles.\n")
    assert sorted(os.listdir(here)) == sorted(f"{number}.md" for number in range(30))
