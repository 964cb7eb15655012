"""What differs on Windows, simulated: files that are locked, paths, consoles, and functions that Python lacks there."""

from __future__ import annotations

import ctypes
import errno
import ntpath
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from linter import file_safety, output
from linter.changes import select_changed
from linter.cli import main
from linter.config import load, yaml_file
from linter.files import articles, images
from linter.files.articles import discover, matches_glob
from linter.files.ignore import Globs, glob_mistake
from linter.files.images import ImageFiles, is_local
from linter.fix import files
from linter.fix.files import NotFixed, read_file, replace_file
from linter.reporters import terminal

ROOT = Path(__file__).parent.parent


@pytest.fixture
def article(tmp_path: Path) -> Path:
    files._remove_stale.cache_clear()
    file = tmp_path / "ferry.md"
    file.write_bytes(b"old\r\n")
    return file


class WindowsEntry:
    """A directory entry as on Windows: its status has no device, no inode and no number of links."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name, self.path, self._entry = entry.name, entry.path, entry

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        values = list(self._entry.stat(follow_symlinks=follow_symlinks))
        values[1:4] = [0, 0, 0]
        return os.stat_result(values)


def test_what_a_killed_run_leaves_is_removed(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = article.parent / ".copydesk-old.new"
    stale.write_bytes(b"")
    os.utime(stale, (time.time() - 7200,) * 2)
    entries = [*map(WindowsEntry, os.scandir(article.parent))]

    class Scan(list[WindowsEntry]):
        def __enter__(self) -> Scan:
            return self

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(os, "scandir", lambda folder: Scan(entries))
    replace_file(str(article), read_file(str(article)), b"new")
    monkeypatch.undo()
    assert os.listdir(article.parent) == ["ferry.md"]


class OtherOs:
    """The module `os`, with the name it has on Windows."""

    name = "nt"

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


def test_a_folder_without_write_permission_ends_the_fix(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There, `os.access` says that every folder may be written to, and `tempfile` tries one name after the other."""
    open_file, tried = os.open, []

    def refuse(path: str, flags: int, *more: int) -> int:
        if flags & os.O_CREAT:
            tried.append(path)
            assert len(tried) < 10, "it does not end"
            raise PermissionError(errno.EACCES, "Access is denied", path)
        return open_file(path, flags, *more)

    old = read_file(str(article))
    monkeypatch.setattr("tempfile._os", OtherOs())
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match="Access is denied"):
        replace_file(str(article), old, b"new")


def lock(monkeypatch: pytest.MonkeyPatch, name: str, attempts: float, meanwhile: Callable[[], object] = list) -> None:
    """Make a file fail to be replaced so many times, as while a program has it open, and call `meanwhile` each time."""
    replace, failed = os.replace, []

    def fail(new: str, file: str) -> None:
        if os.path.basename(file) != name or len(failed) >= attempts:
            return replace(new, file)
        failed.append(file)
        meanwhile()
        error = PermissionError(errno.EACCES, "Access is denied", new)
        error.winerror = 5  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(output, "_PAUSE", 0.001)
    monkeypatch.setattr(os, "replace", fail)


def test_a_file_that_is_open_for_a_moment_is_replaced(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(monkeypatch, "ferry.md", 3)
    replace_file(str(article), read_file(str(article)), b"new")
    assert article.read_bytes() == b"new"
    assert os.listdir(article.parent) == ["ferry.md"]


def test_what_the_other_program_writes_is_not_lost(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(monkeypatch, "ferry.md", 1, lambda: article.write_bytes(b"saved in an editor"))
    with pytest.raises(NotFixed, match="it has changed since it was read"):
        replace_file(str(article), read_file(str(article)), b"new")
    assert article.read_bytes() == b"saved in an editor"
    assert os.listdir(article.parent) == ["ferry.md"]


def test_other_errors_are_not_repeated(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(new: str, file: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", new)

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it waits"))
    with pytest.raises(PermissionError, match="Permission denied"):
        replace_file(str(article), read_file(str(article)), b"new")


LOCKED = "it is read-only, or another program has it open; close it there"


def test_fix_leaves_an_open_file_alone_and_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    late, fixed = b"The ferry left on Monday , at noon.\r\n", b"The ferry left on Monday, at noon.\r\n"
    for name in ("ferry.md", "tram.md"):
        (tmp_path / name).write_bytes(late)
    monkeypatch.chdir(tmp_path)
    lock(monkeypatch, "ferry.md", 1000)
    assert main(["fix", ".", "--no-cache"]) == 2
    assert f"copydesk: ferry.md: left alone: {LOCKED}\n" in capsys.readouterr().err
    assert (tmp_path / "ferry.md").read_bytes() == late
    assert (tmp_path / "tram.md").read_bytes() == fixed
    assert sorted(os.listdir(tmp_path)) == ["ferry.md", "tram.md"]


@pytest.mark.parametrize(
    ("arguments", "name", "message"),
    [
        (["check", ".", "--report", "json=a.json"], "a.json", f"copydesk: “a.json” cannot be written: {LOCKED}\n"),
        (["baseline", "create"], "copydesk-baseline.yaml", f"copydesk-baseline.yaml: {LOCKED}\n"),
    ],
)
def test_a_report_or_baseline_that_is_open_is_one_message(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    name: str,
    message: str,
) -> None:
    (tmp_path / "ferry.md").write_text("The ferry left on Monday, at noon.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    lock(monkeypatch, name, 1000)
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["ferry.md"]


def use_windows_paths(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> list[str]:
    """Make a module use `ntpath` in the working folder C:\\news. Return the list of the paths that it will look up."""
    seen: list[str] = []

    def look_up(path: str) -> str:
        seen.append(path)
        return path

    def walk(folder: str) -> list[tuple[str, list[str], list[str]]]:
        return [(folder, [], ["tram.png"])]

    names = "abspath basename dirname join normcase normpath splitdrive splitext".split()
    path = SimpleNamespace(**{name: getattr(ntpath, name) for name in names})
    path.realpath = path.lexists = path.isdir = look_up
    monkeypatch.setattr(module, "os", SimpleNamespace(path=path, getcwd=lambda: "C:\\news", sep="\\", walk=walk))
    return seen


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("\\\\host\\share\\a.png", id="a share"),
        pytest.param("%5C%5Chost%5Cshare%5Ca.png", id="a share, percent-encoded"),
        pytest.param("%5C/host/share/a.png", id="a share, half of it percent-encoded"),
        pytest.param("%5C%5C%3F%5CUNC%5Chost%5Cshare%5Ca.png", id="a share, as a device"),
        pytest.param("D:/pictures/a.png", id="a drive"),
        pytest.param("D%3Aa.png", id="the folder of a drive"),
        pytest.param("/D:/a.png", id="a drive below the root"),
    ],
)
def test_no_image_is_looked_up_on_another_host_or_drive(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Windows sends the name and a hash of the password of the user to the host."""
    seen = use_windows_paths(monkeypatch, images)
    monkeypatch.setattr(images.sites, "site_folder", lambda file: "C:\\news")
    assert is_local(address)
    ImageFiles({"a.md": "C:\\news\\posts\\a.md"}).present("a.md", address)
    assert seen
    assert {ntpath.splitdrive(place)[0] for place in seen} == {"C:"}


@pytest.mark.parametrize("key", ["paths", "rules"])
@pytest.mark.parametrize(
    "path", ["\\\\host\\share\\house", "//host/share/house", "D:\\house", "\\\\?\\UNC\\host\\share"]
)
def test_no_config_names_another_host_or_drive(monkeypatch: pytest.MonkeyPatch, key: str, path: str) -> None:
    file = yaml_file.File("copydesk.yaml")
    top = yaml_file.parse(f"{key}: ['{path}']", file)
    assert top
    seen = use_windows_paths(monkeypatch, load)
    load._read_top(top, "C:\\news")
    assert [place for place in seen if not place.startswith("C:")] == []
    advice = "is on another drive or host; move it below the folder of this file"
    assert file.mistakes == [f"copydesk.yaml:1:{len(key) + 4}: “{path}” {advice}"]


@pytest.mark.parametrize("path", ["house", ".\\house", "C:\\news\\house", "c:/news/house", "\\news\\house"])
def test_a_config_may_name_its_own_drive(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    file = yaml_file.File("copydesk.yaml")
    top = yaml_file.parse(f"paths: ['{path}']", file)
    assert top
    for module in (load, file_safety):
        use_windows_paths(monkeypatch, module)
    assert load._read_top(top, "C:\\news").paths[0].lower() == "c:\\news\\house"


@pytest.mark.parametrize("encoding", ["cp437", "cp1252"])
def test_messages_in_files_and_pipes_are_utf_8_whatever_the_code_page(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "fähren.md").write_text("The ferry left.\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "linter", "check", "fähre.md", "--quiet"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    message = "copydesk: fähre.md: no such file or folder; did you mean “fähren.md”?\n"
    assert done.stderr.decode("utf-8") == message


class LostReader:
    """Standard output as on Windows after its reader has ended."""

    encoding = "utf-8"

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")


@pytest.mark.parametrize("command", [["rules"], ["check", "--help"]])
@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [("pipe", 141, ""), ("file", 2, "copydesk: standard output: Invalid argument\n")],
)
def test_a_reader_that_has_ended_is_no_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    kind: str,
    status: int,
    message: str,
) -> None:
    descriptors = os.pipe() if kind == "pipe" else (os.open(tmp_path / "out.txt", os.O_CREAT | os.O_WRONLY),)
    monkeypatch.setattr(sys, "stdout", LostReader(descriptors[-1]))
    assert main(command) == status
    monkeypatch.undo()
    assert capsys.readouterr().err == message
    for descriptor in descriptors:
        os.close(descriptor)


class Console:
    """The functions of Windows for the mode of a console, which may know escape sequences."""

    def __init__(self, *, knows_escapes: bool) -> None:
        self.mode, self.knows_escapes = 0x3, knows_escapes

    def GetConsoleMode(self, handle: ctypes.c_void_p, mode: object) -> int:  # noqa: N802
        assert handle.value == 1001
        mode._obj.value = self.mode  # type: ignore[attr-defined]
        return 1

    def SetConsoleMode(self, handle: ctypes.c_void_p, mode: int) -> int:  # noqa: N802
        assert handle.value == 1001
        if mode & 0x4 and not self.knows_escapes:
            return 0
        self.mode = mode
        return 1


class Terminal(LostReader):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("knows_escapes", "mode"), [(True, 0x7), (False, 0x3)])
def test_a_console_gets_colors_only_if_it_shows_them(
    monkeypatch: pytest.MonkeyPatch, knows_escapes: bool, mode: int
) -> None:
    console = Console(knows_escapes=knows_escapes)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=console), raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(get_osfhandle=lambda descriptor: 1000 + descriptor))
    monkeypatch.setattr(sys, "stdout", Terminal(1))
    output._interprets_escapes.cache_clear()
    try:
        output.prepare()
        assert console.mode == mode
        assert output.shows_color() is knows_escapes
    finally:
        output._interprets_escapes.cache_clear()


@pytest.fixture
def any_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder with News/Ferry.md, where letter case in paths does not matter.

    Links stand for the other spellings, since `os.path.realpath` follows them as it corrects letter case on Windows.
    """
    monkeypatch.setattr(os.path, "normcase", str.lower)
    (tmp_path / "News").mkdir()
    (tmp_path / "News" / "Ferry.md").write_text("The ferry left on Monday , at noon.\n", "utf-8")
    (tmp_path / "News" / "FERRY.MD").symlink_to("Ferry.md")
    (tmp_path / "NEWS").symlink_to("News")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="there, the file system itself ignores case")
@pytest.mark.parametrize(
    "path",
    ["News/Ferry.md", "NEWS/FERRY.MD", "{here}/NEWS/FERRY.MD"],
    ids=["as stored", "in capitals", "absolute"],
)
def test_paths_have_the_case_of_the_names_on_disk(any_case: Path, path: str) -> None:
    found = discover([path.format(here=any_case)])
    assert [article.path for article in found.articles] == ["News/Ferry.md"]
    assert [article.file for article in found.articles] == [str(any_case / "News" / "Ferry.md")]


@pytest.mark.skipif(os.name == "nt", reason="there, the file system itself ignores case")
def test_folders_have_the_case_of_the_names_on_disk(any_case: Path) -> None:
    found = discover(["NEWS"])
    assert [article.path for article in found.articles] == ["News/Ferry.md"]
    assert found.folders == (str(any_case / "News"),)


def test_excludes_hold_whatever_the_case_of_the_folder(any_case: Path) -> None:
    globs = Globs(str(any_case).upper(), ("/News/",))
    assert globs.fit(str(any_case / "News" / "Ferry.md"))
    assert not globs.fit(str(any_case / "Other" / "Ferry.md"))
    assert not globs.fit("/elsewhere/News/Ferry.md")


def test_recursive_globs_ignore_case(any_case: Path) -> None:
    assert matches_glob(("News", "Ferry.MD"), ("**", "f*.md"))
    assert not matches_glob(("News", "Ferry.MD"), ("**", "t*.md"))


def test_a_drive_in_lower_case_is_the_working_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some editors write it in lower case."""
    use_windows_paths(monkeypatch, articles)
    assert articles.display_path("c:\\news\\a b\\ferry.md", articles.working_folder()) == "a b/ferry.md"
    assert articles.display_path("c:\\newsroom\\ferry.md", articles.working_folder()) == "c:/newsroom/ferry.md"
    assert articles.display_path("\\\\host\\news\\ferry.md", articles.working_folder()) == "//host/news/ferry.md"


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_changes_leave_out_ignored_files_with_capitals(any_case: Path) -> None:
    (any_case / ".gitignore").write_text("/News/\n", "utf-8")
    (any_case / "tram.md").write_text("The tram left.\n", "utf-8")
    git(any_case, "init", "-q")
    git(any_case, "add", ".gitignore")
    git(any_case, "commit", "-qm", "first")
    found, changes = select_changed(discover(["News/Ferry.md", "tram.md"]), "")
    assert changes
    assert [article.path for article in found.articles] == ["tram.md"]


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_file_names_that_are_not_utf_8_are_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits from other systems may contain them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "fsdecode", lambda name: bytes(name).decode("utf-8", "surrogatepass"))
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-qm", "first", "--allow-empty")
    (tmp_path / "ferry.md").write_text("The ferry left.\n", "utf-8")
    git(tmp_path, "add", "ferry.md")
    blob = subprocess.check_output(["git", "rev-parse", ":ferry.md"], cwd=tmp_path).strip()
    index = ["git", "update-index", "--index-info"]
    subprocess.run(index, cwd=tmp_path, input=b"100644 %s\tf\xe4hre.md\n" % blob, check=True)
    found, changes = select_changed(discover(["ferry.md"]), "HEAD")
    assert changes
    assert [article.path for article in found.articles] == ["ferry.md"]


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("articles/ferry.md", "articles/ferry.md"),
        ("C:/news/fähre.md", "C:/news/fähre.md"),
        ("--select", "--select"),
        ("a b.md", '"a b.md"'),
        ("it's.md", '"it\'s.md"'),
        ("a&b.md", '"a&b.md"'),
        ("(1).md", '"(1).md"'),
        ("leaks,names", '"leaks,names"'),
        ("articles\\ferry.md", '"articles\\ferry.md"'),
        ("my articles\\", '"my articles\\\\"'),
        ("articles/*.md", '"articles/*.md"'),
        ("@a.md", '"@a.md"'),
        ("", '""'),
    ],
)
def test_words_of_commands_are_quoted_for_all_shells(word: str, quoted: str) -> None:
    assert terminal.quoted_for_windows(word) == quoted


def test_hints_have_double_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a b.md").write_text("The ferry left on Monday , at noon.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(terminal, "_ON_WINDOWS", True)
    main(["check", "a b.md", "--report", "terminal"])
    assert '1 can be fixed automatically: copydesk fix "a b.md"   (preview: --diff)\n' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("pattern", "mistake"),
    [
        ("drafts\\old.md", True),
        ("drafts\\old\\*.md", True),
        ("/drafts\\*.md\\old", True),
        ("drafts/old.md", False),
        ("\\!important.md", False),
        ("\\#1.md", False),
        ("what\\?.md", False),
        ("a\\\\b", False),
        ("[\\]a]", False),
    ],
)
def test_a_backslash_between_folders_is_a_mistake(pattern: str, mistake: bool) -> None:
    assert bool(glob_mistake(pattern)) is mistake


def test_a_backslash_in_an_option_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--exclude", "drafts\\old"]) == 2
    message = "--exclude: “drafts\\old” is not a file pattern: “\\” does not separate folders; write “/”\n"
    assert capsys.readouterr().err == message


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_commands_in_the_docs_have_no_single_quotes(page: Path) -> None:
    """`cmd` passes them on as part of the argument."""
    commands = re.findall(r"(?m)(?:^(?: {4})?|`)((?:pip|pipx|uv|copydesk) [^`\n#]*)", page.read_text("utf-8"))
    assert [command for command in commands if "'" in command] == []


def test_a_clone_has_the_same_bytes_as_on_other_systems() -> None:
    """Whatever `core.autocrlf` says: git would put a CR before each LF in a table that looks like text."""
    text = (ROOT / ".gitattributes").read_text("utf-8")
    assert {"* text=auto eol=lf", "*.bin binary"} <= {*text.splitlines()}


# Removes from Python what it lacks on Windows, and makes it unsafe to fork. It is an error to open a text file with the
# encoding of the system. Worker processes leave a file.
LIKE_WINDOWS = """
import os, signal, sys, threading, warnings
for name in (
    "chown fchmod fchown fork forkpty getegid geteuid getgid getuid getxattr lchown listxattr mkfifo register_at_fork "
    "removexattr sched_getaffinity setxattr O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK"
).split():
    vars(os).pop(name, None)
for name in ("SIGPIPE", "SIGHUP", "SIGALRM", "pthread_sigmask", "setitimer", "alarm"):
    vars(signal).pop(name, None)
for name in ("fcntl", "grp", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
warnings.filterwarnings("ignore", category=EncodingWarning)
warnings.filterwarnings("error", category=EncodingWarning, module="linter")
threading.Thread(target=threading.Event().wait, daemon=True).start()
if "--multiprocessing-fork" in sys.orig_argv:
    open(os.path.join(os.environ["WORKERS"], str(os.getpid())), "x", encoding="utf-8").close()
"""
PROJECT = {
    "copydesk.yaml": "exclude: [/drafts/]\nsuppressions:\n  - {path: old/, rule: spacing/*, reason: archive}\n",
    "words.txt": "tramline\nFerryman\n",
    ".gitignore": "# built\n/site/\n*.tmp.md\n",
    ".git/HEAD": "",
    "ferry.md": "---\ntitle: The ferry\n---\n\nThe ferry left on Monday , at noon.\n\nIt came back.Everyone cheered.\n",
    "tram.html": "<html lang=en>\n<h1>The tram</h1>\n<p>The tram left on Monday , at noon.</p>\n</html>\n",
    "note.txt": "The note is late.But it came.\n\n<!-- copydesk: off spacing -->\nOn Monday , at noon.\n",
    "old/one.md": "The ferry left on Monday , at noon.\n",
    "drafts/two.md": "The ferry left on Monday , at noon.\n",
    "site/three.md": "The ferry left on Monday , at noon.\n",
    "four.tmp.md": "The ferry left on Monday , at noon.\n",
}


class Project:
    """A folder of articles and settings, in which copydesk runs as a process."""

    def __init__(self, folder: Path, line_end: str, *, like_windows: bool) -> None:
        self.folder, self.like_windows = folder / "news", like_windows
        self.python, self.workers = folder / "python", folder / "workers"
        for path, text in PROJECT.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, "utf-8", newline=line_end)
        self.python.mkdir()
        self.workers.mkdir()
        if like_windows:
            (self.python / "sitecustomize.py").write_text(LIKE_WINDOWS, "utf-8")

    def run(self, *arguments: str) -> tuple[int, str]:
        """Return the exit status and the output; messages on standard error come after the rest."""
        environment = {
            "PYTHONPATH": os.pathsep.join((str(self.python), str(ROOT))),
            "PYTHONIOENCODING": "cp1252",
            "WORKERS": str(self.workers),
            "COPYDESK_CACHE_DIR": str(self.folder.parent / "cache"),
        }
        if self.like_windows:
            environment["PYTHONWARNDEFAULTENCODING"] = "1"
        command = [sys.executable, "-m", "linter", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env={**os.environ, **environment}, capture_output=True, check=False, timeout=120
        )
        return done.returncode, (done.stdout + done.stderr).decode("utf-8")

    def bytes_of(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()


@pytest.mark.slow
def test_whole_runs_without_what_windows_lacks(tmp_path: Path) -> None:
    """The reports are the same as those of an ordinary run over files with `\\n`."""
    ours = Project(tmp_path / "ours", "\n", like_windows=False)
    windows = Project(tmp_path / "windows", "\r\n", like_windows=True)
    for line, status in (
        ("check --jobs 2 --all --no-cache", 1),
        ("check --jobs 2", 1),
        ("check --all", 1),  # from the cache
        ("check *.md --report github", 0),
        ("config ferry.md", 0),
        ("baseline create --jobs 2", 0),
        ("check --fail-on warning", 0),
        ("fix --no-baseline", 0),
        ("check --strict-baseline --fail-on warning", 1),
        ("baseline update", 0),
        ("check --strict-baseline --fail-on warning", 0),
    ):
        expected, seen = ours.run(*line.split()), windows.run(*line.split())
        assert (line, *seen) == (line, *expected)
        assert status == seen[0], (line, *seen)
        if line.startswith("baseline"):  # as git checks it out
            file = windows.folder / "copydesk-baseline.yaml"
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert list(windows.workers.iterdir())
    assert sorted(os.listdir(windows.folder)) == sorted(os.listdir(ours.folder))
    for path in PROJECT:
        assert windows.bytes_of(path) == ours.bytes_of(path).replace(b"\n", b"\r\n"), path
    assert b"Monday, at noon" in windows.bytes_of("ferry.md")


def test_a_redirection_of_powershell_is_fixed_in_its_encoding(tmp_path: Path) -> None:
    """Windows PowerShell writes UTF-16 with a byte-order mark."""
    late = "The ferry left.\r\n\r\nOn Monday , at noon.\r\n"
    outputs = [
        subprocess.run(
            [sys.executable, "-m", "linter", command, "-", "--no-cache"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            input=b"\xff\xfe" + late.encode("utf-16-le"),
            stdout=subprocess.PIPE,
            check=False,
            timeout=60,
        ).stdout
        for command in ("check", "fix")
    ]
    assert outputs[0].startswith(b"<stdin>:3:4: warning: ")
    assert outputs[1] == b"\xff\xfe" + late.replace(" ,", ",").encode("utf-16-le")
