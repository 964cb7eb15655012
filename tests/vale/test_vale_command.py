"""`copydesk vale`: the options, the search for files, the output formats and the exit status of Vale."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from linter import output
from linter.cli import main
from linter.finding import Finding, Result
from linter.reporters import View
from linter.vale import formats, outputs
from tests.vale.house import INI, write, write_style

ARTICLE = "# The tram\n\nWe utilize a very old bus, to be\nhonest, whilst waiting.\n"
TRAM_ERROR = 'extends: existence\nmessage: "A new %s."\nlevel: error\ntokens: [tram]\n'
NOT_RUN = "copydesk: not run, because they are scripts or sequences of parts of speech: House.Script\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a style."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    write_style(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return the exit status, standard output and standard error of `copydesk vale`."""
    output.notice.cache_clear()
    status = main(["vale", *arguments])
    return (status, *capsys.readouterr())


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the lines that `copydesk vale --output=line` prints, up to the name of the rule."""
    _, printed, _ = run(capsys, "--output=line", "-q", *arguments)
    return [":".join(line.split(":")[:4]) for line in printed.splitlines()]


def test_lines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"docs/a.md": ARTICLE})
    assert run(capsys, "--output=line", "docs") == (
        1,
        "docs/a.md:1:7:House.Tram:A tram.\n"
        "docs/a.md:3:4:House.Terms:Use 'use' or 'apply' instead of 'utilize' & <not> that.\n"
        "docs/a.md:3:14:House.Weak:Don't use 'very'.\n"
        "docs/a.md:3:28:House.Weak:Don't use 'to be honest'.\n"
        "docs/a.md:4:9:House.Terms:Use 'while' instead of 'whilst' & <not> that.\n",
        NOT_RUN,
    )


def test_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"docs/a.md": ARTICLE})
    status, printed, _ = run(capsys, "--output", "JSON", "docs")
    assert status == 1
    assert printed.startswith(
        """{
  "docs/a.md": [
    {
      "Action": {
        "Name": "",
        "Params": null
      },
      "Span": [
        7,
        10
      ],
      "Check": "House.Tram",
      "Description": "",
      "Link": "",
      "Message": "A tram.",
      "Severity": "suggestion",
      "Match": "tram",
      "Line": 1
    },
    {
"""
    )
    assert r"Use 'use' or 'apply' instead of 'utilize' \u0026 \u003cnot\u003e that." in printed
    alerts = json.loads(printed)["docs/a.md"]
    assert [alert["Action"] for alert in alerts[1:3]] == [
        {"Name": "replace", "Params": ["use", "apply"]},
        {"Name": "remove", "Params": None},
    ]
    assert alerts[1]["Link"] == "https://example.org/terms"
    assert alerts[1]["Description"] == "The house has its own terms."
    assert (alerts[3]["Match"], alerts[3]["Span"]) == ("to be\nhonest", [28, 32])  # up to the end of its first line


def test_no_findings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.md": "A bus.\n"})
    assert run(capsys, "a.md", "-q") == (0, "✔ 0 errors, 0 warnings and 0 suggestions in 1 file.\n", "")
    assert run(capsys, "a.md", "-q", "--output=JSON") == (0, "{}\n", "")
    assert run(capsys, "a.md", "-q", "--output=line") == (0, "", "")


def test_the_table(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"docs/a.md": "A very late tram.\n", "docs/b.md": "Fine.\n", "docs/c.md": "We utilize it.\n"})
    assert run(capsys, "docs", "-q")[1] == (
        "\n docs/a.md\n"
        " 1:3   warning     Don't use 'very'.  House.Weak\n"
        " 1:13  suggestion  A tram.            House.Tram\n"
        "\n"
        "\n docs/c.md\n"
        " 1:4  error  Use 'use' or 'apply' instead of 'utilize' & <not> that.  House.Terms\n"
        "\n"
        "✖ 1 error, 1 warning and 1 suggestion in 3 files.\n"
    )


def test_the_table_on_a_narrow_terminal_with_colors() -> None:
    found = Finding("a.md", None, "A.B", "error", "one two three four five six seven", 3, 1, 3, 4, 8, 11, "abc")
    text = outputs.render("CLI", Result(1, (found,), ()), View(width=40, color=True, paths=("a.md",)))
    assert text == (
        "\n \x1b[1ma.md\x1b[0m\n"
        " 3:1  \x1b[31merror\x1b[0m  one two three four five  A.B\n"
        "             six seven\n"
        "\n"
        "✖ \x1b[31m1 error\x1b[0m, \x1b[33m0 warnings\x1b[0m and \x1b[36m0 suggestions\x1b[0m in 1 file.\n"
    )


@pytest.mark.parametrize(
    ("text", "options", "status"),
    [
        ("A very late bus.\n", [], 0),
        ("We utilize it.\n", [], 1),
        ("We utilize it.\n", ["--no-exit"], 0),
        ("We utilize it.\n", ["--minAlertLevel=error"], 1),
        ("A \0 very late bus.\n", [], 2),
        ("We utilize \0 it.\n", ["--no-exit"], 2),
    ],
)
def test_the_exit_status(
    here: Path, capsys: pytest.CaptureFixture[str], text: str, options: list[str], status: int
) -> None:
    write(here, {"a.md": text})
    assert run(capsys, "a.md", *options)[0] == status


def test_what_cannot_be_read_is_named_on_standard_error(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.md": "A \0 bus\n", "b.md": "A tram.\n"})
    status, printed, error = run(capsys, "a.md", "b.md", "c.md", "-q", "--output=line")
    assert (status, printed) == (2, "b.md:1:3:House.Tram:A tram.\n")
    assert error.splitlines()[0].startswith("copydesk: a.md: ")
    assert error.splitlines()[1].startswith("copydesk: c.md: no such file or folder")


def test_the_lowest_level(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.md": "A very late tram.\n"})
    assert lines(capsys, "a.md", "--minAlertLevel", "warning") == ["a.md:1:3:House.Weak"]


@pytest.mark.parametrize("options", [["--ext=.md"], ["--ext", ".md"], ["--ext", "md"], ["--path", "notes/x.md"]])
def test_standard_input(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    for paths in ([], ["-"]):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"A `tram` and a tram.\n")))
        name = "notes/x.md" if "--path" in options else "stdin.md"
        assert lines(capsys, *paths, *options) == [f"{name}:1:16:House.Tram"]


def test_text_on_the_command_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, "a very `tram`") == ["stdin.txt:1:3:House.Weak", "stdin.txt:1:9:House.Tram"]
    assert run(capsys, "a bus", "-q")[1] == "✔ 0 errors, 0 warnings and 0 suggestions in stdin.\n"
    assert run(capsys, "# a tram", "--ext=.py") == (
        2,
        "✔ 0 errors, 0 warnings and 0 suggestions in 0 files.\n",
        f"{NOT_RUN}copydesk: *.py: 1 file was not checked: {MISSED}",
    )
    status, _, error = run(capsys, "missing.md", "-q")
    assert (status, error) == (2, "copydesk: missing.md: no such file or folder\n")


MISSED = "copydesk does not read this format; to leave it out, use --glob\n"


@pytest.mark.parametrize(
    ("section", "argv", "status"),
    [
        pytest.param("[*]", ["docs"], 2, id="texts in another format"),
        pytest.param("[*.adoc]", ["docs"], 2, id="that a section names"),
        pytest.param("[*]", ["docs", "-q"], 2, id="also if quiet"),
        pytest.param("[*.md]", ["docs"], 0, id="to which no section applies, which Vale skips"),
        pytest.param("[*]", ["docs", "--glob=*.md"], 0, id="that the user leaves out"),
        pytest.param("[*]", ["code"], 0, id="program code that nobody names"),
        pytest.param("[*]", ["code/a.py"], 2, id="program code that the user names"),
        pytest.param("[*.py]", ["code"], 2, id="program code that a section names"),
    ],
)
def test_files_that_vale_would_check_are_never_passed_over_silently(
    here: Path, capsys: pytest.CaptureFixture[str], section: str, argv: list[str], status: int
) -> None:
    write(here, {".vale.ini": INI.replace("[*]", section), "docs/a.adoc": "A tram.\n", "docs/b.adoc": "A tram.\n"})
    write(here, {"code/a.py": "# A tram.\n", "code/b.py": "# A tram.\n"})
    seen = run(capsys, *argv)
    assert seen[0] == status
    assert (MISSED in seen[2]) is (status == 2)
    if argv[0] == "docs" and status:
        assert f"copydesk: *.adoc: 2 files were not checked: {MISSED}" in seen[2]


def test_which_files_are_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("a.md", ".hidden/b.html", "c.org.txt", "ignored.txt", "node_modules/d.md", ".git/e.md", "f.rst", "g.xyz")
    write(
        here, {f"docs/{name}": "A tram.\n" for name in names} | {"docs/.gitignore": "ignored.txt\n", "out.md": "tram"}
    )
    (here / "docs" / "link.md").symlink_to(here / "out.md")
    (here / "docs" / "again").symlink_to(here / "docs", target_is_directory=True)
    assert [line.partition(":")[0] for line in lines(capsys, "docs")] == [
        "docs/.hidden/b.html",
        "docs/a.md",
        "docs/c.org.txt",
        "docs/ignored.txt",
    ]
    said = "copydesk: not checked, because the format is not supported: 1 without a suffix and 1 .xyz\n"
    assert run(capsys, "docs")[2] == f"{said}{NOT_RUN}copydesk: *.rst: 1 file was not checked: {MISSED}"
    assert lines(capsys, "docs/g.xyz") == ["docs/g.xyz:1:3:House.Tram"]
    assert lines(capsys, "docs/f.rst") == []
    assert lines(capsys, "docs/f.rst", "--ignore-syntax") == ["docs/f.rst:1:3:House.Tram"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.md", ["a.md", "b/c.md"]),
        ("*.{txt,html}", ["b/d.txt"]),
        ("!*.md", ["b/d.txt"]),
        ("b/**", ["b/c.md", "b/d.txt"]),
    ],
)
def test_globs(here: Path, capsys: pytest.CaptureFixture[str], pattern: str, found: list[str]) -> None:
    write(here, dict.fromkeys(("a.md", "b/c.md", "b/d.txt"), "A tram.\n"))
    checked = [line.partition(":")[0] for line in lines(capsys, ".", f"--glob={pattern}")]
    assert [name for name in checked if not name.startswith(("styles", ".vale"))] == found


def test_only_files_to_which_a_section_applies_are_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {".vale.ini": INI.replace("[*]", "[*.{md,xyz}]")})
    write(here, dict.fromkeys(("docs/a.md", "docs/b.txt", "docs/c.xyz"), "A tram.\n"))
    assert lines(capsys, "docs") == ["docs/a.md:1:3:House.Tram", "docs/c.xyz:1:3:House.Tram"]
    assert run(capsys, "docs/b.txt", "-q")[1] == "✔ 0 errors, 0 warnings and 0 suggestions in 0 files.\n"


def test_formats(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {".vale.ini": INI.replace("[*]", "[formats]\nxyz = md\n\n[*]")})
    write(here, dict.fromkeys(("docs/a.xyz", "docs/b.xyz"), "`tram`, tram\n"))
    assert lines(capsys, "docs") == ["docs/a.xyz:1:9:House.Tram", "docs/b.xyz:1:9:House.Tram"]


@pytest.mark.parametrize(
    ("path", "mapping", "kind"),
    [
        ("a/b.md", {}, "markdown"),
        ("b.mdx", {}, "markdown"),
        ("b.MD", {}, "lines"),
        ("b.org", {}, "org"),
        ("b.adoc", {}, ""),
        ("b.adoc", {"adoc": "md"}, "markdown"),
        ("b.md", {"md": "txt"}, "text"),
        ("b.xyz", {"xyz": "rst"}, ""),
        ("b.py", {"py": "md"}, ""),
        ("b.yml", {"yml": "md"}, "lines"),
        ("a.d/Makefile", {}, "lines"),
        ("go", {}, "lines"),
        (".html", {}, "html"),
    ],
)
def test_the_format_of_a_file(path: str, mapping: dict[str, str], kind: str) -> None:
    assert formats.kind_of(path, mapping) == kind


def test_which_config_is_used(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "sub" / "deep").mkdir(parents=True)
    monkeypatch.chdir(here / "sub" / "deep")
    assert lines(capsys, "a tram") == ["stdin.txt:1:3:House.Tram"]
    write(here, {"sub/_vale.ini": INI.replace("suggestion", "error"), "sub/styles/House/A.yml": TRAM_ERROR})
    assert lines(capsys, "a tram") == ["stdin.txt:1:3:House.A"]
    assert lines(capsys, "a tram", "--config", "../../.vale.ini") == ["stdin.txt:1:3:House.Tram"]
    monkeypatch.setenv("VALE_CONFIG_PATH", str(here / ".vale.ini"))
    assert lines(capsys, "a tram") == ["stdin.txt:1:3:House.Tram"]


def test_the_config_of_the_user(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = here / "user" / "vale"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder.parent))
    write(folder, {".vale.ini": INI.replace("styles", str(here / "styles").replace("\\", "/"))})
    error = run(capsys, "a tram")[2]
    because = f"because {here / '.vale.ini'} applies to this folder"
    assert error == f"copydesk: {folder / '.vale.ini'} is not read, {because}\n{NOT_RUN}"
    (here / ".vale.ini").unlink()
    assert lines(capsys, "a tram") == ["stdin.txt:1:3:House.Tram"]
    status, printed, error = run(capsys, "a tram", "--no-global")
    assert (status, printed) == (2, "")
    assert error.startswith("copydesk: there is no .vale, _vale, vale.ini, .vale.ini or _vale.ini in this folder")


def test_mistakes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"styles/House/Tram.yml": "extends: existence\nmessage: x\ntokens: [tram]\nlevel: grave\n"})
    status, printed, error = run(capsys, "a tram")
    assert (status, printed) == (2, "")
    assert error.startswith("styles/House/Tram.yml:4:8: ")
    status, printed, error = run(capsys, "a tram", "--output=JSON")
    assert (status, printed) == (2, "")
    reported = json.loads(error)
    assert [*reported] == ["Line", "Path", "Text", "Code", "Span"]
    assert (reported["Path"], reported["Line"], reported["Span"]) == ("styles/House/Tram.yml", 4, 8)
    assert not reported["Text"].startswith("styles")
    assert json.loads(run(capsys, "a tram", "--output=JSON", "--config=x.ini")[2])["Code"] == "E100"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sync"], "copydesk downloads nothing"),
        (["ls-config"], "use “copydesk config PATH --vale FILE”"),
        (["--output=short.tmpl", "a.md"], "“short.tmpl” is not CLI, line or JSON; templates are not supported"),
        (["--minAlertLevel=fatal", "a.md"], "“fatal” is not suggestion, warning or error"),
        (["--glob={a", "a.md"], "--glob: “{a” is not a file pattern: “{” without “}”"),
        (["-", "a.md"], "“-” must be the only path"),
    ],
)
def test_what_is_not_supported(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    status, printed, error = run(capsys, *arguments)
    assert (status, printed) == (2, "")
    assert message in error


def test_the_result_comes_from_the_cache(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"docs/a.md": ARTICLE})
    first = run(capsys, "docs", "--output=JSON")
    assert run(capsys, "docs", "--output=JSON") == first
    write(here, {"styles/House/Tram.yml": TRAM_ERROR})
    assert json.loads(run(capsys, "docs", "--output=JSON")[1])["docs/a.md"][0]["Message"] == "A new tram."
