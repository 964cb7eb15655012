"""The command line: arguments, exit statuses, and robustness under adverse conditions."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linter import cli, reporters
from linter.cli import main

LEAK = "The council met on Monday.</div>\n"
COMMAND = [sys.executable, "-m", "linter"]


@pytest.fixture
def leak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An article with a leak in an otherwise empty working folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "leak.txt"
    file.write_text(LEAK, "utf-8")
    return file


@pytest.mark.parametrize(
    ("argv", "status", "said"),
    [
        pytest.param(["--version"], 0, "copydesk ", id="its version"),
        pytest.param(["-V"], 0, "copydesk ", id="its version, short"),
        pytest.param(["--help"], 0, "find defects in articles", id="help"),
        pytest.param(["help"], 0, "find defects in articles", id="help as a command"),
        pytest.param([], 2, "find defects in articles", id="nothing at all"),
        pytest.param(["check", "--help"], 0, "--fail-on", id="help of a command"),
        pytest.param(["test", "-h"], 0, "folders of packs", id="help of another command"),
    ],
)
def test_help_and_version(
    leak: Path, capsys: pytest.CaptureFixture[str], argv: list[str], status: int, said: str
) -> None:
    assert main(argv) == status
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "advice"),
    [
        pytest.param(["leak.txt"], "to check it, run “copydesk check leak.txt”", id="a path for a command"),
        pytest.param(["--quiet", "check"], "an option needs a command before it", id="an option for a command"),
        pytest.param(["chck"], "did you mean “check”?", id="a mistyped command"),
        pytest.param(["xyzzy"], "choose baseline, cache, check, ", id="a word that resembles no command"),
        pytest.param(["check", "--isolate"], "did you mean “--isolated”?", id="an option cut short"),
        pytest.param(["check", "--repotr=json"], "did you mean “--report”?", id="a mistyped option with a value"),
        pytest.param(["check", "--fail-on", "warn"], "did you mean “warning”?", id="a severity cut short"),
        pytest.param(["check", "--jobs", "many"], "“many” is not a number of processes", id="no number"),
        pytest.param(["check", "--jobs", "9" * 5000], "…” is not a number of processes", id="too many digits"),
        pytest.param(["check", "--jobs=-1"], "“-1” is not a number of processes", id="no process"),
        pytest.param(
            ["check", "--report", "json="], "“json=” has no file name", id="a report into a file without a name"
        ),
        pytest.param(["check", "--report", "cells"], "there is no report “cells”", id="a module that is no report"),
        pytest.param(["check", "--report", "cells"], "choose github, gitlab, html, json, ", id="the reports"),
        pytest.param(["check", "--color", "sometimes"], "is not auto, always or never", id="no choice of color"),
        pytest.param(["check", "--exclude", "["], "--exclude: “[” is not a file pattern", id="no glob"),
        pytest.param(["lint", "tram.md"], "run “copydesk check”", id="a command of other linters"),
        pytest.param(["check", "--fix"], "“copydesk fix” applies", id="an option that is a command"),
        *[
            pytest.param([command, option], hint, id=f"{option} of other linters")
            for command, option, hint in [
                ("check", "--format=json", "is --report"),
                ("check", "--output-format", "is --report"),
                ("check", "--max-warnings", "“copydesk check --fail-on warning” fails"),
                ("check", "--watch", "“copydesk lsp” checks while you type"),
                ("check", "--list-files", "“copydesk check --all” also lists"),
                ("fix", "--dry-run", "“copydesk fix --diff” shows"),
            ]
        ],
        pytest.param(["check", "--select", "leaks/raw-tags"], "did you mean “leaks/raw-tag”?", id="a mistyped rule"),
        pytest.param(["check", "--config", "nowhere.yaml"], "nowhere.yaml: ", id="settings that are not there"),
        pytest.param(["check", "--rules", "nowhere"], "this folder of packs does not exist", id="rules neither"),
        pytest.param(["check", "--stdin-name", "a.md"], "as in “- --stdin-name a.md”", id="a name alone"),
        pytest.param(["test", "nowhere"], "there is no such file or folder", id="nor rules to test"),
    ],
)
def test_a_wrong_argument_gets_advice(
    leak: Path, capsys: pytest.CaptureFixture[str], argv: list[str], advice: str
) -> None:
    assert main(argv) == 2
    seen = capsys.readouterr()
    assert advice in seen.err
    assert "Traceback" not in seen.err
    assert seen.out == ""


def test_a_report_to_a_dash_goes_to_standard_output(leak: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--isolated", "--report=json=-", "leak.txt"]) == 1
    assert capsys.readouterr().out.startswith('{"version": 1')
    assert not Path("-").exists()


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        pytest.param(["leak.txt"], 1, id="an error fails"),
        pytest.param(["leak.txt", "--ignore=leaks"], 0, id="nothing found does not"),
        pytest.param(["leak.txt", "--fail-on=info"], 1, id="a finding at the severity of --fail-on fails"),
        pytest.param(["leak.txt", "nowhere.txt"], 2, id="what cannot be done weighs more than a finding"),
        pytest.param(["leak.txt", "--no-cache", "--no-color", "--jobs", "2"], 1, id="options change nothing"),
        pytest.param(["--quiet", "leak.txt", "--all", "leak.txt"], 1, id="options and paths in any order"),
        pytest.param([], 1, id="no path is this folder"),
        pytest.param([".", "--exclude=leak.*"], 0, id="the only article is excluded"),
        pytest.param(["leak.txt", "--exit-zero"], 0, id="findings may exit with 0"),
        pytest.param(["leak.txt", "nowhere.txt", "--exit-zero"], 2, id="problems may not"),
    ],
)
def test_exit_status(leak: Path, argv: list[str], status: int) -> None:
    assert main(["check", "--isolated", *argv]) == status


def test_names_that_look_like_options_follow_two_dashes(leak: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leak.rename("-odd.txt")
    assert main(["check", "--isolated", "--quiet", "--", "-odd.txt"]) == 1
    assert capsys.readouterr().out.startswith("-odd.txt:1:27: ")


@pytest.mark.parametrize("option", ["--quiet", "-q"])
def test_quiet_prints_only_findings(leak: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    main(["check", "--isolated", option, "leak.txt"])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "environment", "colored"),
    [
        pytest.param([], {}, False, id="a pipe"),
        pytest.param(["--color", "always"], {"NO_COLOR": "1"}, True, id="always"),
        pytest.param([], {"FORCE_COLOR": "1"}, True, id="FORCE_COLOR"),
        pytest.param([], {"CLICOLOR_FORCE": "1"}, True, id="CLICOLOR_FORCE"),
        pytest.param([], {"FORCE_COLOR": "0"}, False, id="FORCE_COLOR says no"),
        pytest.param([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="NO_COLOR comes first"),
        pytest.param(["--color", "never"], {"FORCE_COLOR": "1"}, False, id="never"),
        pytest.param(["--no-color"], {"FORCE_COLOR": "1"}, False, id="no color"),
    ],
)
def test_color(
    leak: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    environment: dict[str, str],
    colored: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    main(["check", "--isolated", "--report", "terminal", *options, "leak.txt"])
    assert ("\x1b[" in capsys.readouterr().out) == colored


@pytest.mark.parametrize("report", ["terminal", "plain"])
def test_ascii(leak: Path, capsys: pytest.CaptureFixture[str], report: str) -> None:
    Path("long.txt").write_text("The harbor tram is late again, says the council today. " * 5 + "</b> " * 3, "utf-8")
    argv = ["check", "--isolated", "--report", report, "."]
    main(argv)
    usual = capsys.readouterr().out
    main([*argv, "--ascii"])
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert not usual.isascii()
    assert [*map(len, shown.split("\n"))] == [*map(len, usual.split("\n"))]


@pytest.mark.parametrize("report", sorted({*reporters.NAMES} - {"html"}))
def test_redacted_reports_have_no_text_of_articles(leak: Path, capsys: pytest.CaptureFixture[str], report: str) -> None:
    secret = "Zyqwx"
    Path("secret.md").write_text(
        f"# {secret}\n\nThe {secret}.Then {secret}</div>, the {secret} of the the {secret}.\n", "utf-8"
    )
    argv = ["check", "--isolated", "secret.md", "--report", report, "--all"]
    main(argv)
    assert secret in capsys.readouterr().out
    main([*argv, "--redact"])
    seen = capsys.readouterr()
    assert "leaks/unopened-tag" in seen.out
    assert secret not in seen.out + seen.err


def test_the_html_report_cannot_be_redacted(leak: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--redact", "--report", "html=a.html"]) == 2
    assert "--redact: the HTML report shows articles" in capsys.readouterr().err


def test_help_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "check"]) == 0
    assert "--exit-zero" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_completion_in_bash(leak: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    Path("script.sh").write_text(capsys.readouterr().out, "utf-8")

    def completed(*words: str) -> list[str]:
        line = " ".join(f"'{word}'" for word in ("copydesk", *words))
        code = (
            f"source ./script.sh; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _shtab_copydesk; echo ${{COMPREPLY[@]}}"
        )
        done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
        return done.stdout.split()

    assert completed("exp") == ["explain"]
    assert completed("check", "--exit") == ["--exit-zero"]
    assert completed("check", "--fail-on", "w") == ["warning"]
    assert completed("check", "lea") == ["leak.txt"]


def test_completion_names_its_missing_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert 'pip install "copydesk[completion]"' in capsys.readouterr().err


def test_a_named_folder_without_articles_is_a_problem(leak: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pictures").mkdir()
    assert main(["check", "--isolated", "leak.txt", "pictures"]) == 2
    assert "copydesk: pictures: no articles in this folder; supported files: .htm, " in capsys.readouterr().err
    os.chdir("pictures")
    assert main(["check", "--isolated"]) == 0
    assert "no articles to check" in capsys.readouterr().err


def test_files_that_are_passed_over_are_counted_and_with_all_named(
    leak: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("README.md", "old.txt", "ignored.md", "a.pdf"):
        Path(name).touch()
    Path(".gitignore").write_text("ignored.md", "utf-8")
    argv = ["check", "--isolated", "--exclude", "old.txt", "--report"]
    main([*argv, "plain"])
    assert capsys.readouterr().err == "copydesk: 1 error in 1 article; 3 files skipped\n"
    main([*argv, "terminal"])
    assert "3 files skipped: --all" in capsys.readouterr().out
    main([*argv, "plain", "--all"])
    assert capsys.readouterr().err.splitlines()[:3] == [
        "copydesk: README.md: skipped: repository or program file, judging by its name",
        "copydesk: ignored.md: skipped: ignored by git",
        "copydesk: old.txt: skipped: excluded",
    ]


def test_reports_go_to_files_whole_or_not_at_all(leak: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("old.json").write_text("old", "utf-8")
    assert main(["check", "leak.txt", "--report", "json=old.json", "--report=plain=new.txt", "--report=plain"]) == 1
    assert Path("old.json").read_text("utf-8").startswith('{"version": 1, "files": 1,')
    assert Path("new.txt").read_text("utf-8") == capsys.readouterr().out
    assert sorted(os.listdir()) == ["leak.txt", "new.txt", "old.json"]


def test_a_leftover_of_a_killed_run_is_overwritten(leak: Path) -> None:
    Path(f"new.json.{os.getpid()}.new").touch()  # in a container, the next run may have the same process ID
    assert main(["check", "leak.txt", "--report=json=new.json"]) == 1
    assert Path("new.json").exists()


def test_an_unwritable_report_is_named_and_the_others_are_written(
    leak: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "leak.txt", "--report=json=nowhere/a.json", "--report=plain"]) == 2
    seen = capsys.readouterr()
    assert "“nowhere/a.json” cannot be written: " in seen.err
    assert seen.out.startswith("leak.txt:1:27: error: ")


@pytest.mark.skipif(sys.platform == "win32", reason="no links to files without permission")
def test_a_report_is_written_through_a_link(leak: Path) -> None:
    Path("real.json").write_text("old", "utf-8")
    Path("link.json").symlink_to("real.json")
    main(["check", "leak.txt", "--report=json=link.json"])
    assert Path("link.json").is_symlink()
    assert Path("real.json").read_text("utf-8").startswith("{")


def fail(*arguments: object, **more: object) -> None:
    raise ZeroDivisionError("of the number 0")


def test_an_internal_error_is_one_line(
    leak: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linter.cli.options.discover", fail)
    monkeypatch.delenv("COPYDESK_DEBUG", raising=False)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        "copydesk: internal error, ZeroDivisionError: of the number 0; please report it\n"
    )
    monkeypatch.setenv("COPYDESK_DEBUG", "1")
    assert main(["check"]) == 2
    assert "Traceback" in capsys.readouterr().err


def run(*argv: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *argv], capture_output=True, check=False, timeout=60, **more)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("locale", ["C", "ascii", "latin-1", "utf-16"])
def test_standard_output_is_utf_8_whatever_the_locale(leak: Path, locale: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": locale} if locale != "C" else {**os.environ, "LC_ALL": "C"}
    seen = run("check", "leak.txt", "--quiet", env=environment)
    assert seen.stdout.decode("utf-8").startswith("leak.txt:1:27: error: “</div>” shows up as text.")
    assert seen.stderr == b""
    assert seen.returncode == 1


def test_a_closed_pipe_is_no_error(leak: Path) -> None:
    leak.write_text("The council met on Monday , and left.\n\n" * 2000, "utf-8")
    process = subprocess.Popen([*COMMAND, "check", "leak.txt"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk at hand")
def test_a_full_disk_is_one_line(leak: Path) -> None:
    with open("/dev/full", "wb") as full:
        process = subprocess.run(
            [*COMMAND, "check", "leak.txt"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert process.returncode == 2
    assert process.stderr.count(b"\n") == 1
    assert b"No space left" in process.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="closes descriptors as only POSIX does")
@pytest.mark.parametrize(
    ("redirected", "status", "said"),
    [
        pytest.param("check leak.txt >&-", 2, b"copydesk: standard output: it is closed\n", id="standard output"),
        pytest.param("fix leak.txt >&-", 2, b"copydesk: standard output: it is closed\n", id="standard output of fix"),
        pytest.param("check leak.txt --quiet --report json=leak.json >&-", 1, b"", id="an output that is not needed"),
        pytest.param("check leak.txt >&- 2>&-", 2, b"", id="standard output and error"),
        pytest.param("check leak.txt 2>&-", 1, b"", id="standard error"),
        pytest.param("check - <&-", 2, b"copydesk: standard input cannot be read: it is closed\n", id="standard input"),
        pytest.param(
            "fix - <&-", 2, b"copydesk: standard input cannot be read: it is closed\n", id="standard input of fix"
        ),
        pytest.param("check leak.txt --quiet <&-", 1, b"", id="a standard input that is not needed"),
        pytest.param(
            "check - 0>written.txt", 2, b"copydesk: standard input cannot be read: ", id="an input opened for writing"
        ),
    ],
)
def test_a_closed_stream_is_an_error_where_it_is_needed(leak: Path, redirected: str, status: int, said: bytes) -> None:
    shell = f'"{sys.executable}" -m linter {redirected}'
    seen = subprocess.run(shell, shell=True, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (seen.returncode, seen.stderr[: len(said)]) == (status, said)
    assert b"Traceback" not in seen.stderr
    assert seen.stderr.count(b"\n") <= 1


@pytest.mark.skipif(sys.platform == "win32", reason="there no working folder can be deleted")
@pytest.mark.parametrize("argv", [["check"], ["check", "a.md"], ["fix"], ["rules"], ["explain", "leaks/raw-tag"]])
def test_a_deleted_working_folder_is_one_line(tmp_path: Path, argv: list[str]) -> None:
    (tmp_path / "gone").mkdir()
    code = "import os, sys; from linter.cli import main; os.chdir('gone'); os.rmdir('../gone'); sys.exit(main())"
    seen = subprocess.run(
        [sys.executable, "-c", code, *argv], cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    assert seen.returncode == 2
    assert seen.stderr.startswith(b"copydesk: the working folder cannot be used: ")
    assert seen.stderr.count(b"\n") == 1
    assert seen.stdout == b""


SLOW = """
id: slow
summary: A pattern that backtracks until it is cut off, a second on each article.
severity: error
check: pattern
pattern: (a|aa)+$
message: slow
"""


def started(jobs: str) -> subprocess.Popen[bytes]:
    """A long run over the working folder, in its own process group."""
    Path("house/slow").mkdir(parents=True)
    Path("house/slow/slow.yaml").write_text(SLOW, "utf-8")
    for number in range(60):
        Path(f"{number}.txt").write_text("a" * 60 + "!", "utf-8")
    command = [*COMMAND, "check", ".", "--rules", "house", "--jobs", jobs]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=_with_default_sigint
    )
    time.sleep(1.5)
    return process


def _with_default_sigint() -> None:
    """Let the process receive SIGINT; processes that a shell starts in the background ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_gone(group: int, seconds: float = 20) -> bool:
    """Return whether all processes of a group end soon."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_all_processes_quietly(leak: Path, jobs: str) -> None:
    process = started(jobs)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert is_gone(process.pid)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_no_process_outlives_the_one_that_started_it(leak: Path) -> None:
    process = started("2")
    process.kill()
    process.communicate(timeout=60)
    assert is_gone(process.pid)


def shown_on_a_terminal(code: str) -> bytes:
    """Return what a Python program writes to standard error on a terminal."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stderr=theirs, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # Linux reports the closed other end with this error
            pass
    os.close(ours)
    assert process.returncode == 0
    return shown


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_long_run_shows_a_bar_on_a_terminal_and_takes_it_away() -> None:
    shown = shown_on_a_terminal("""
from linter import output
output.DELAY = 0.0
with output.progress(2, shown=True) as advance:
    advance(1)
""")
    assert b"Checking" in shown
    assert b"50%" in shown
    assert shown.rstrip().endswith(b"\x1b[2K")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_the_bar_of_an_archive_names_the_step_and_starts_anew_with_it() -> None:
    pytest.importorskip("linter.records")
    shown = shown_on_a_terminal("""
import itertools
from linter import output
from linter.records import progress
output.DELAY = output.INTERVAL = 0.0
progress.time.monotonic = map(float, itertools.count()).__next__  # a second between two calls
with progress.record_progress(shown=True) as advance:
    advance("Checking", 0.0, 0)
    advance("Checking", 0.25, 1)
    advance("Checking", 0.5, 1204)
    advance("Comparing", 0.5, 2408)
    advance("Comparing", 0.75, 2408)
""")
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[━╸╺]", "", shown.decode()).split("\r")
    seen = [re.sub(r"\s+", " ", re.sub(r"\d+/s|\d:\d\d", "N", line)).strip() for line in lines]
    assert [*filter(None, dict.fromkeys(seen))] == [
        "Checking 0%",
        "Checking 25% 1 record, N left",
        "Checking 50% 1,204 records, N, N left",
        "Comparing 50% 2,408 records",
        "Comparing 75% 2,408 records, N left",
    ]


def test_little_is_imported_for_a_small_run(leak: Path) -> None:
    code = "import sys; from linter.cli import main; main(['check', 'leak.txt']); print(*sys.modules, file=sys.stderr)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stderr.decode().split()
    heavy = {"rich", "multiprocessing", "charset_normalizer", "asyncio", "importlib.metadata"}
    assert not heavy & set(loaded)


@pytest.mark.parametrize(("command", "missing"), [("explain", "RULE"), ("try", "RULE"), ("baseline", "ACTION")])
def test_a_missing_argument_is_named(command: str, missing: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == 2
    assert capsys.readouterr().err.endswith(f"copydesk {command}: error: {missing} is missing\n")


def test_every_command_is_listed() -> None:
    files = Path(cli.__file__).parent.parent.glob("*/*_command.py")
    assert sorted(file.stem.removesuffix("_command") for file in files) == list(cli.COMMANDS)


def test_ctrl_c_while_a_module_is_loaded_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before Python 3.12, an interrupt within `__set_name__` becomes a RuntimeError."""

    def parse(name: str, arguments: list[str]) -> int:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr("linter.cli.parse_command", parse)
    assert main(["check"]) == 130
    assert capsys.readouterr().err == ""


INTERRUPTED = """
import os, signal, sys

at = sys.argv.pop(1)

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == at:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
from linter.__main__ import main
status = main()
if at == "after":
    os.kill(os.getpid(), signal.SIGINT)
sys.exit(status)
"""
IMPORTED = "linter.cli linter.output argparse linter.cli.check_command linter.article_linter linter.engine".split()


def interrupted(*argv: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", INTERRUPTED, *argv]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, preexec_fn=_with_default_sigint)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize("module", IMPORTED)
def test_ctrl_c_at_any_import_is_quiet(leak: Path, module: str) -> None:
    seen = interrupted(module, "check", "--no-cache", ".")
    assert (seen.returncode, seen.stdout, seen.stderr) == (130, b"", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_after_the_end_is_quiet(leak: Path) -> None:
    seen = interrupted("after", "--version")
    assert (seen.returncode, seen.stderr) == (-signal.SIGINT, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_that_the_caller_ignores_is_ignored(leak: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, "linter.engine", "check", "--no-cache", "."]
    ignoring = subprocess.run(
        command,
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert ignoring.returncode == 1
    assert ignoring.stdout.startswith(b"leak.txt:1:27: ")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_at_any_time_shows_no_traceback_of_ours(leak: Path) -> None:
    """Tracebacks that Python prints before it runs copydesk are ignored; on a busy machine, that may take a while."""
    code = "import sys; from linter.__main__ import main; sys.exit(main())"
    for number in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", code, "check", "--no-cache", "."],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=_with_default_sigint,
        )
        time.sleep(0.01 * number)
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=60)[1].decode()
        ours = re.findall(r'File "[^"]*linter.(\w+\.py)"', error)
        assert set(ours) <= {"__init__.py", "__main__.py"}, error
        assert not re.search(r'__main__.py", line \d+, in main', error), error


WORKERS = """
import sys, time
from pathlib import Path
from linter import workers

def work(chunk):
    Path(chunk[0][0]).touch()
    end = time.monotonic() + 120
    while time.monotonic() < end:
        pass
    return b""

def make():
    return work

if __name__ == "__main__":
    chunks = [[(name,)] for name in ("one", "two")]
    list(workers.results(chunks, 2, make, fork=sys.argv[1] == "fork", on_wait=lambda: None))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_busy_workers_end_soon_after_a_parent_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    """They have ended once no process has their standard error open. Their work would take two minutes."""
    if start == "fork" and sys.platform == "darwin":
        pytest.skip("no process is forked there")
    monkeypatch.chdir(tmp_path)
    Path("script.py").write_text(WORKERS, "utf-8")
    process = subprocess.Popen([sys.executable, "script.py", start], stderr=subprocess.PIPE)
    for _ in range(1000):
        if os.path.exists("one") and os.path.exists("two"):
            break
        time.sleep(0.02)
    process.kill()
    assert process.communicate(timeout=60)[1] == b""


MASKED = """
import signal, sys
from linter import workers

def make():
    return lambda chunk: repr(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])).encode()

if __name__ == "__main__":
    results = workers.results([[(1,)], [(2,)]], 2, make, fork=sys.argv[1] == "fork", on_wait=lambda: None)
    print(*[done.data.decode() for done in results])
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no signal masks here")
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_workers_never_receive_ctrl_c(tmp_path: Path, start: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(MASKED, "utf-8")
    assert subprocess.check_output([sys.executable, script, start], timeout=60) == b"True True\n"


@pytest.mark.parametrize(
    ("target", "checked"),
    [
        pytest.param("leak.txt", ["leak.txt"], id="the article that is checked"),
        pytest.param("leak.txt", ["."], id="one of its folder"),
        pytest.param("./leak.txt", ["other.md"], id="one that is not checked"),
        pytest.param("story", ["story"], id="one of any name"),
        pytest.param("link.json", ["leak.txt"], id="one behind a link"),
        pytest.param("README.md", ["."], id="a file that is no article, but looks like one"),
    ],
)
@pytest.mark.parametrize("report", ["json", "html", "markdown", "plain"])
def test_no_report_overwrites_an_article(
    leak: Path, capsys: pytest.CaptureFixture[str], target: str, checked: list[str], report: str
) -> None:
    for name in ("other.md", "story", "README.md"):
        Path(name).write_text(LEAK, "utf-8")
    if target == "link.json":
        try:
            Path(target).symlink_to("leak.txt")
        except OSError:
            pytest.skip("no symbolic links here")
    assert main(["check", *checked, "--report", f"{report}={target}"]) == 2
    assert capsys.readouterr().err == (
        f"--report: “{target}” already exists: it is not a copydesk report and may be an article; choose another name "
        "or delete the file\n"
    )
    assert Path(target).read_text("utf-8") == LEAK


@pytest.mark.parametrize("articles", [["leak.txt"], ["clean.md"], ["leak.txt", "clean.md"], ["nowhere.md"]])
@pytest.mark.parametrize("report", reporters.NAMES)
def test_a_report_is_overwritten_by_the_next_one(leak: Path, report: str, articles: list[str]) -> None:
    Path("clean.md").write_text("The council met on Monday.\n", "utf-8")
    for options in ([], ["--all"], ["--statistics"], []):
        status = main(["check", "--isolated", *articles, *options, "--report", f"{report}=report.txt"])
        assert status == (2 if articles == ["nowhere.md"] else int("leak.txt" in articles))
