"""Files that are not text, or of an unknown format: `fix` leaves them alone, `check` reports them."""

from __future__ import annotations

import codecs
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from linter.cli import main

LATE = "The tram is late.But it came.\n"
FIXED = "The tram is late. But it came.\n"
NUL = "this file cannot be read and was not checked: it is not text: NUL character (U+0000) at 1:"
INCOMPLETE = "copydesk: no problems found in 1 article, but not everything could be checked\n"
UNKNOWN = "left alone: its name does not identify it as Markdown, HTML or text; if it is one of these, pass --kind"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "options", "why"),
    [
        pytest.param("t.exe", b"MZ\0\1\2 hello , world\0", [], UNKNOWN, id="a program"),
        pytest.param("t.exe", b"MZ\0\1\2 hello , world\0", ["--kind=text"], NUL, id="a program that is called text"),
        pytest.param("a.yaml", LATE.encode(), [], UNKNOWN, id="YAML"),
        pytest.param("a.dat", LATE.encode(), [], UNKNOWN, id="a table"),
        pytest.param("story", LATE.encode(), [], UNKNOWN, id="no suffix"),
        pytest.param("a.txt", LATE.encode() + b"\0", [], NUL[:-2], id="text with a NUL byte"),
        pytest.param("a.md", LATE.encode() + b"\0", ["--kind=markdown"], NUL[:-2], id="--kind does not allow NUL"),
        pytest.param("a.txt", b"Clean.\0\n", [], NUL, id="a NUL byte in a file with nothing to fix"),
        pytest.param("a.txt", b"Clean.\0\n", ["--select=spacing"], NUL, id="a NUL byte where few rules are on"),
        pytest.param("a.txt", b"Clean.\0\n", ["--ignore=copydesk"], NUL, id="a NUL byte where its rule is off"),
        pytest.param("a.txt", b"Clean.\0\n", ["--check"], NUL, id="a NUL byte where nothing is written"),
        pytest.param(
            "a.txt",
            codecs.BOM_UTF16_LE + (LATE + "\0").encode("utf-16-le"),
            [],
            NUL[:-2],
            id="a NUL character in UTF-16",
        ),
        pytest.param(
            "a.txt",
            bytes(range(256)) * 20,
            [],
            "this file cannot be read and was not checked: it is not text, or",
            id="a picture",
        ),
    ],
)
def test_fix_leaves_alone_what_is_no_article_and_fixes_the_others(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, options: list[str], why: str
) -> None:
    (here / name).write_bytes(content)
    (here / "other.md").write_text(LATE, "utf-8")
    assert main(["fix", name, "other.md", *options]) == 2
    assert f"copydesk: {name}: {why}" in capsys.readouterr().err
    assert (here / name).read_bytes() == content
    assert ((here / "other.md").read_text("utf-8") == FIXED) is ("--check" not in options)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-8-sig"])
def test_zero_bytes_of_an_encoding_are_no_nul_characters(here: Path, encoding: str) -> None:
    (here / "a.txt").write_bytes((LATE * 9).encode(encoding))
    if encoding == "utf-16-le":  # there is no byte-order mark
        (here / "copydesk.yaml").write_text("encoding: utf-16-le\n", "utf-8")
    assert main(["fix", "a.txt"]) == 0
    assert (here / "a.txt").read_bytes() == (FIXED * 9).encode(encoding)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.dat", "text"), ("story", "markdown"), ("a.php", "html"), ("a.md", "text")]
)
def test_kind_says_what_a_file_is(here: Path, name: str, kind: str) -> None:
    (here / name).write_text(f"<p>{LATE}</p>" if kind == "html" else LATE, "utf-8")
    assert main(["fix", name, "--kind", kind, "--select", "spacing"]) == 0
    assert FIXED in (here / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        pytest.param("markdown", "leaks/unopened-tag", id="markdown"),
        pytest.param("text", "leaks/raw-tag", id="text"),
    ],
)
@pytest.mark.parametrize("path", ["a.md", "a.txt", "a.dat", ".", "-"])
def test_check_reads_files_and_standard_input_as_the_given_kind(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    kind: str,
    rule: str,
) -> None:
    text = "The council met on Monday.</div>\n"
    (here / (path if "a" in path else "b.txt")).write_text(text, "utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["check", path, "--kind", kind, "--select", "leaks"]) == 1
    assert f"[{rule}]" in capsys.readouterr().out


def test_the_hint_repeats_the_kind(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "story").write_text(LATE, "utf-8")
    main(["check", "story", "--kind", "markdown", "--report", "terminal"])
    assert "copydesk fix story --kind markdown" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_never_enters_a_baseline(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.txt").write_bytes(b"One.\nTwo,\0three</div>.\n")
    assert main(["baseline", "create"]) == 2
    assert "0 known findings" in capsys.readouterr().err
    assert main(["check"]) == 2
    (here / "a.txt").write_bytes(b"One.\nTwo, three</div>.\n")
    assert main(["check"]) == 1


@pytest.mark.parametrize("hidden", ["ignore: [copydesk]", "severity: {copydesk: info}", "fail-on: error"])
def test_no_setting_hides_that_a_file_cannot_be_read(here: Path, hidden: str) -> None:
    (here / "a.txt").write_bytes(b"One.\nTwo,\0three</div>.\n")
    (here / "copydesk.yaml").write_text(hidden, "utf-8")
    assert main(["check", "--exit-zero", "a.txt"]) == 2


@pytest.mark.parametrize("options", [[], ["--kind=text"], ["--select=leaks"], ["--no-cache"]])
def test_check_says_that_a_file_with_nul_is_not_text(
    here: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    (here / "a.txt").write_bytes(b"One.\nTwo,\0three</div>.\n")
    for _ in range(2):
        assert main(["check", *options]) == 2
        assert capsys.readouterr() == ("", f"copydesk: a.txt: {NUL[:-2]}2:5\n{INCOMPLETE}")


@pytest.mark.parametrize(
    ("options", "content", "out", "status"),
    [
        pytest.param([], LATE.encode(), FIXED.encode(), 0, id="without a name it is text"),
        pytest.param(["--stdin-name=a.csv"], LATE.encode(), LATE.encode(), 2, id="a name of no kind"),
        pytest.param(["--stdin-name=a.csv", "--kind=text"], LATE.encode(), FIXED.encode(), 0, id="a kind with it"),
        pytest.param(["--stdin-name=a.md"], b"A.But\0b.\n", b"A.But\0b.\n", 2, id="a NUL character"),
    ],
)
def test_standard_input_that_is_left_alone_comes_out_as_it_is(
    here: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    content: bytes,
    out: bytes,
    status: int,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert main(["fix", "-", "--select=spacing", *options]) == status
    assert capfdbinary.readouterr().out == out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
@pytest.mark.parametrize("command", ["fix", "check"])
def test_a_pipe_is_reported_and_not_waited_for(here: Path, command: str) -> None:
    os.mkfifo(here / "pipe.md")
    argv = [sys.executable, "-m", "linter", command, "pipe.md"]
    seen = subprocess.run(argv, cwd=here, capture_output=True, check=False, timeout=60)
    assert seen.returncode == 2
    assert b"it is not a regular file" in seen.stdout + seen.stderr


AS_ANOTHER_USER = """
import os, sys
from linter.cli import main
main(["fix", "open.md", "--no-cache"])  # imports what another user could not read
if os.geteuid() == 0:
    os.setresuid(65534, 65534, 65534)
sys.exit(main(["fix", "closed.md", "--no-cache"]))
"""


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="modes of files are other ones there")
def test_fix_reports_files_that_it_may_not_read() -> None:
    """The folder is accessible to every user. If the tests run as root, the command runs as another user."""
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        here.chmod(0o755)
        for file in ("open.md", "closed.md"):
            (here / file).write_text(LATE, "utf-8")
        (here / "closed.md").chmod(0)
        argv = [sys.executable, "-c", AS_ANOTHER_USER]
        seen = subprocess.run(argv, cwd=here, capture_output=True, check=False, timeout=60)
        assert seen.returncode == 2
        assert b"copydesk: closed.md: this file cannot be read and was not checked: Permission denied\n" in seen.stderr
