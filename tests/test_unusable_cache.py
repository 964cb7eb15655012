"""A cache that must not be used or cannot be written: the same findings, and one line about it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from linter.cache import Cache, clear_cache
from linter.cli import main

POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners and modes of files")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65_534
COPYDESK = [sys.executable, "-m", "linter"]
UNREADABLE = 77  # the exit status of a process that cannot read copydesk itself


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder that every user may read, with articles that take two processes."""
    folder = Path(tempfile.mkdtemp(prefix="copydesk-"))
    folder.chmod(0o755)
    monkeypatch.chdir(folder)
    (folder / "news").mkdir()
    for number in range(6):
        (folder / "news" / f"{number}.md").write_text(f"A tram , no {number} , and the the ferry.</div>\n", "utf-8")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def run(*options: str, before: Callable[[], None] | None = None) -> tuple[bytes, list[str]]:
    """Check the articles, and return the standard output and the lines on standard error."""
    command = [*COPYDESK, "check", "news", "--select=leaks,spacing", "--report=json", "--quiet", *options]
    done = subprocess.run(command, capture_output=True, check=False, preexec_fn=before)
    assert done.returncode == 1, done.stderr
    return done.stdout, done.stderr.decode().splitlines()


@cache
def without_cache() -> bytes:
    """The report without a cache, which is the same in each test: all have the same articles."""
    return run("--no-cache")[0]


def unusable(folder: str, why: str) -> list[str]:
    """Return the message about a cache that cannot be used."""
    return [f"copydesk: the cache in {folder} cannot be used: {why}; results are not kept"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_in_place_of_the_folder(here: Path, jobs: str) -> None:
    expected = without_cache()
    (here / "kept").write_text("a file", "utf-8")
    assert run("--cache-dir", "kept", "--jobs", jobs) == (expected, unusable("kept", "it is not a folder"))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_files_that_may_not_grow(here: Path, jobs: str) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    expected = without_cache()
    said, lines = run("--cache-dir", "kept", "--jobs", jobs, before=limit)
    assert (said, lines) == (expected, unusable("kept", "disk I/O error"))


@pytest.fixture
def tmpfs(here: Path) -> Iterator[Path]:
    """Mount a file system of 64 KB."""
    (here / "disk").mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "disk"], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    yield here / "disk"
    subprocess.run(["umount", "-l", str(here / "disk")], check=True)


@pytest.mark.skipif(not ROOT or sys.platform != "linux", reason="only root may mount a file system")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk(tmpfs: Path, jobs: str) -> None:
    expected = without_cache()
    said, lines = run("--cache-dir", "disk/kept", "--jobs", jobs)
    assert (said, lines) == (expected, unusable("disk/kept", "database or disk is full"))
    (tmpfs / "filler").write_bytes(bytes(1 << 16)) if not any(tmpfs.iterdir()) else None
    assert run("--cache-dir", "disk/kept", "--jobs", jobs)[0] == expected


@pytest.mark.skipif(not ROOT or sys.platform != "linux", reason="only root may mount a file system")
def test_a_disk_that_cannot_be_written(tmpfs: Path) -> None:
    expected = without_cache()
    subprocess.run(["mount", "-o", "remount,ro", str(tmpfs)], check=True)
    assert run("--cache-dir", "disk/kept") == (expected, unusable("disk/kept", "Read-only file system"))


def as_user(function: Callable[[], int]) -> int:
    """Call a function in a process of a user who is not root. Skip the test if that user cannot read our files.

    The process is a copy of this one, since this Python may be in a folder that only root can read.
    """
    child = os.fork()
    if not child:
        status = 99
        try:
            if ROOT:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            os.listdir(os.path.dirname(main.__code__.co_filename))
            status = function()
        except PermissionError:
            status = UNREADABLE
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == UNREADABLE:
        pytest.skip("another user cannot read this copydesk")
    return status


@POSIX
def test_a_folder_that_this_user_may_not_write_to(here: Path) -> None:
    check = ["check", "news", "--select=leaks,spacing", "--quiet", "--report"]
    assert main([*check, f"json={here / 'expected'}", "--no-cache"]) == 1  # import all modules first
    (here / "out").mkdir()
    (here / "out").chmod(0o777)
    (here / "locked").mkdir(mode=0o755)
    if not ROOT:
        (here / "locked").chmod(0o555)

    def work() -> int:
        with open("out/said", "w") as said:
            os.dup2(said.fileno(), 2)
            sys.stderr = said
            return main([*check, "json=out/found", "--cache-dir", "locked/kept"])

    assert as_user(work) == 1
    assert (here / "out" / "found").read_bytes() == (here / "expected").read_bytes()
    assert (here / "out" / "said").read_text().splitlines() == unusable("locked/kept", "Permission denied")


@POSIX
def test_a_folder_of_another_user(here: Path) -> None:
    expected = without_cache()
    folder = "kept" if ROOT else "/"
    if ROOT:
        run("--cache-dir", folder)
        os.chown(folder, NOBODY, NOBODY)
    assert run("--cache-dir", folder) == (expected, unusable(folder, "the folder belongs to another user"))


@POSIX
@pytest.mark.skipif(not ROOT, reason="only root may give files away")
def test_a_file_of_another_user(here: Path) -> None:
    expected, _ = run("--cache-dir", "kept")
    os.chown("kept/results-2.sqlite3", NOBODY, NOBODY)
    why = "results-2.sqlite3 belongs to another user"
    assert run("--cache-dir", "kept") == (expected, unusable("kept", why))


@POSIX
@pytest.mark.parametrize("end", ["", "-wal", "-journal"])
def test_a_file_that_others_may_write_to(here: Path, end: str) -> None:
    expected, _ = run("--cache-dir", "kept")
    file = here / "kept" / f"results-2.sqlite3{end}"
    file.touch()
    file.chmod(0o622)
    assert run("--cache-dir", "kept") == (expected, unusable("kept", f"other users may write to {file.name}"))


@POSIX
def test_a_folder_that_others_may_write_to(here: Path) -> None:
    expected = without_cache()
    (here / "shared").mkdir()
    (here / "shared").chmod(0o777)
    assert run("--cache-dir", "shared") == (expected, unusable("shared", "other users may write to the folder"))
    assert not any((here / "shared").iterdir())


@POSIX
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda file: file.symlink_to("/dev/zero"), id="a link"),
        pytest.param(lambda file: os.mkfifo(file), id="a pipe"),
        pytest.param(lambda file: file.mkdir(), id="a folder"),
    ],
)
def test_something_else_in_place_of_the_file(here: Path, make: Callable[[Path], None]) -> None:
    expected = without_cache()
    (here / "kept").mkdir()
    make(here / "kept" / "results-2.sqlite3")
    why = "results-2.sqlite3 is not a regular file"
    assert run("--cache-dir", "kept") == (expected, unusable("kept", why))


@POSIX
def test_only_this_user_may_read_the_cache(here: Path) -> None:
    umask = os.umask(0)
    try:
        cache = Cache("kept")
        cache.put([(b"key", b"value")])
    finally:
        os.umask(umask)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (here / "kept").glob("*.sqlite3*")}
    assert modes.keys() >= {"results-2.sqlite3", "results-2.sqlite3-wal", "results-2.sqlite3-shm"}
    assert {*modes.values()} == {0o600}
    assert stat.S_IMODE((here / "kept").stat().st_mode) == 0o700
    cache.close()


@POSIX
def test_rights_of_other_users_are_taken_away(here: Path) -> None:
    (here / "kept").mkdir()
    (here / "kept").chmod(0o775)
    (here / "kept" / "results-2.sqlite3").write_bytes(b"")
    expected = without_cache()
    assert run("--cache-dir", "kept") == (expected, [])
    assert stat.S_IMODE((here / "kept").stat().st_mode) == 0o700
    (here / "kept" / "results-2.sqlite3").chmod(0o644)
    (here / "kept").chmod(0o755)
    assert run("--cache-dir", "kept") == (expected, [])
    assert stat.S_IMODE((here / "kept" / "results-2.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE((here / "kept").stat().st_mode) == 0o700


def test_other_commands_report_it_too(here: Path) -> None:
    (here / "kept").write_text("a file", "utf-8")
    environment = {**os.environ, "COPYDESK_CACHE_DIR": "kept"}
    for command in (["fix", "news", "--diff", "--select=leaks"], ["baseline", "create", "news", "--select=leaks"]):
        done = subprocess.run([*COPYDESK, *command], env=environment, capture_output=True, check=False)
        assert done.stderr.decode().splitlines()[0] == unusable("kept", "it is not a folder")[0]


def test_a_name_that_no_folder_can_have(here: Path) -> None:
    cache = Cache("a\0b")
    assert cache.get([b"key"]) == {}
    cache.put([(b"key", b"value")])
    assert "null" in cache.failure
    assert clear_cache("nowhere/at/all") == 0
