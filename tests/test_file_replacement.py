"""Files are replaced as a whole, or left alone if more than their content would change."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linter.fix.files import NotFixed, _remove_stale, read_file, replace_file

POSIX = pytest.mark.skipif(os.name != "posix", reason="of POSIX systems")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "ferry.md"
    file.write_bytes(b"old\r\n")
    return file


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755])
def test_mode_and_bytes_stay(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace_file(str(file), read_file(str(file)), b"new\r\n\xff")
    assert file.read_bytes() == b"new\r\n\xff"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert os.listdir(file.parent) == ["ferry.md"]


def link(file: Path) -> Path:
    (file.parent / "link.md").symlink_to("ferry.md")
    return file.parent / "link.md"


def second_name(file: Path) -> Path:
    os.link(file, file.parent / "second.md")
    return file


def folder(file: Path) -> Path:
    (file.parent / "folder.md").mkdir()
    return file.parent / "folder.md"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(link, "it is a link to ferry.md", id="a link"),
        pytest.param(second_name, "it has more than one hard link", id="a file with two names"),
    ],
)
def test_files_that_are_not_replaced(file: Path, make: Callable[[Path], Path], why: str) -> None:
    with pytest.raises(NotFixed, match=why):
        read_file(str(make(file)))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anything")
def test_a_file_that_is_read_only_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(NotFixed, match="read-only"):
        read_file(str(file))


def test_a_folder_cannot_be_read(file: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011  # the exception depends on the system
        read_file(str(folder(file)))


def rewritten(file: Path) -> None:
    file.write_bytes(b"more\r\n")


def replaced(file: Path) -> None:
    status = file.stat()
    file.unlink()
    file.write_bytes(b"OLD\r\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("meddle", [rewritten, replaced])
def test_a_file_that_changes_meanwhile_is_left_alone(file: Path, meddle: Callable[[Path], None]) -> None:
    old = read_file(str(file))
    meddle(file)
    now = file.read_bytes()
    with pytest.raises(NotFixed, match="it has changed since it was read"):
        replace_file(str(file), old, b"new")
    assert file.read_bytes() == now
    assert os.listdir(file.parent) == ["ferry.md"]


def test_a_folder_that_takes_no_file_leaves_the_old_one(file: Path) -> None:
    old = read_file(str(file))
    file.rename(file.parent.parent / "ferry.md")
    file.parent.rmdir()
    with pytest.raises(OSError, match="No such file"):
        replace_file(str(file), old, b"new")


LOOP = """
import sys
from linter.fix import files
one, other = b"1" * 3_000_000, b"2" * 3_000_000
print("ready", flush=True)
while True:
    for data in (one, other):
        files.replace_file(sys.argv[1], files.read_file(sys.argv[1]), data)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_whenever_it_is_killed_the_old_file_or_the_new_one_is_there(file: Path) -> None:
    file.write_bytes(b"2" * 3_000_000)
    for number in range(8):
        loop = subprocess.Popen([sys.executable, "-c", LOOP, str(file)], stdout=subprocess.PIPE)
        assert loop.stdout
        assert loop.stdout.readline()
        time.sleep(0.003 * number)
        loop.send_signal(signal.SIGKILL)
        loop.wait()
        loop.stdout.close()
        assert file.read_bytes() in (b"1" * 3_000_000, b"2" * 3_000_000)


STOPPED = """
import os, signal, sys
from linter.fix import files
files._settle = lambda folder: None
def stop(*_): print("writing", flush=True); signal.pause()
old = files.read_file(sys.argv[1])
os.fsync = stop
files.replace_file(sys.argv[1], old, b"new")
"""


def stopped(file: Path) -> subprocess.Popen[bytes]:
    """A process that waits in the middle of writing a file."""
    process = subprocess.Popen([sys.executable, "-c", STOPPED, str(file)], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"writing\n"
    return process


def killed(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def new_files(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".copydesk-")]


@pytest.fixture
def _nothing_remembered() -> None:
    """Forget the cleaned folders, as in a new process."""
    _remove_stale.cache_clear()


@POSIX
@pytest.mark.usefixtures("_nothing_remembered")
def test_what_a_killed_run_leaves_is_removed_by_the_next_one(file: Path) -> None:
    killed(stopped(file))
    (left,) = new_files(file.parent)
    os.utime(file.parent / left, (time.time() - 7200,) * 2)
    replace_file(str(file), read_file(str(file)), b"new")
    assert os.listdir(file.parent) == ["ferry.md"]


@POSIX
@pytest.mark.usefixtures("_nothing_remembered")
def test_the_new_file_of_a_run_at_the_same_time_stays(file: Path) -> None:
    other = file.parent / "tram.md"
    other.write_bytes(b"old")
    process = stopped(file)
    try:
        replace_file(str(other), read_file(str(other)), b"new")
        assert len(new_files(file.parent)) == 1
    finally:
        killed(process)


@pytest.mark.usefixtures("_nothing_remembered")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(".copydesk-notes.md", id="another suffix"),
        pytest.param("copydesk-a.new", id="another beginning"),
        pytest.param(".copydesk-folder.new", id="a folder"),
        pytest.param(".copydesk-link.new", id="a link"),
        pytest.param(".copydesk-two.new", id="a file with two names"),
        pytest.param(".copydesk-pipe.new", id="a pipe"),
    ],
)
@POSIX
def test_nothing_else_is_removed(file: Path, name: str) -> None:
    place = file.parent / name
    if "folder" in name:
        place.mkdir()
    elif "link" in name:
        place.symlink_to("ferry.md")
    elif "pipe" in name:
        os.mkfifo(place)
    else:
        place.write_bytes(b"kept")
    if "two" in name:
        os.link(place, file.parent / "kept.txt")
    os.utime(place, (time.time() - 7200,) * 2, follow_symlinks=False)
    replace_file(str(file), read_file(str(file)), b"new")
    assert os.path.lexists(place)


@pytest.mark.usefixtures("_nothing_remembered")
def test_only_old_files_are_removed(file: Path) -> None:
    for name, age in ((".copydesk-old.new", 7200), (".copydesk-young.new", 60)):
        (file.parent / name).write_bytes(b"")
        os.utime(file.parent / name, (time.time() - age, time.time() - age))
    replace_file(str(file), read_file(str(file)), b"new")
    assert new_files(file.parent) == [".copydesk-young.new"]
    assert file.read_bytes() == b"new"


WRITERS = """
import sys
from linter.fix import files
for number in range(40):
    files._remove_stale.cache_clear()
    files.replace_file(sys.argv[1], files.read_file(sys.argv[1]), b"%d" % number)
"""


@POSIX
def test_runs_at_the_same_time_do_not_remove_what_the_others_write(file: Path) -> None:
    files = [file.parent / f"{number}.md" for number in range(3)]
    for one in files:
        one.write_bytes(b"old")
    processes = [subprocess.Popen([sys.executable, "-c", WRITERS, str(one)]) for one in files]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert [one.read_bytes() for one in files] == [b"39"] * 3
    assert new_files(file.parent) == []


NAMED_USER = bytes.fromhex(
    "02000000 01000600 ffffffff 02000400 01000000 04000400 ffffffff 10000600 ffffffff 20000000 ffffffff"
)


def attribute(file: Path, name: str, value: bytes) -> None:
    if not hasattr(os, "setxattr"):
        pytest.skip("Python sets no extended attributes here")
    try:
        os.setxattr(file, name, value)
    except OSError as error:
        pytest.skip(f"this file system has no {name}: {error.strerror}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("user.origin", b"wire\0service", id="an extended attribute"),
        pytest.param("system.posix_acl_access", NAMED_USER, id="an ACL"),
    ],
)
def test_extended_attributes_and_acls_stay(file: Path, name: str, value: bytes) -> None:
    attribute(file, name, value)
    before = file.stat()
    replace_file(str(file), read_file(str(file)), b"new")
    assert os.getxattr(file, name) == value
    assert (file.stat().st_mode, file.stat().st_ino) != (before.st_mode, before.st_ino)
    assert file.stat().st_mode == before.st_mode


def test_the_acl_that_a_folder_gives_to_new_files_is_not_given_to_an_old_one(file: Path) -> None:
    attribute(file.parent, "system.posix_acl_default", NAMED_USER)
    replace_file(str(file), read_file(str(file)), b"new")
    assert "system.posix_acl_access" not in os.listxattr(file)


def refuse(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("setxattr", "its attribute user.origin cannot be preserved: Operation not permitted"),
        ("fchown", "owner or group"),
    ],
)
def test_a_file_that_would_lose_an_attribute_or_its_owner_is_left_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch, function: str, why: str
) -> None:
    if function == "setxattr":
        attribute(file, "user.origin", b"wire service")
    elif os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can make a file of another owner")
    else:
        os.chown(file, 1, 1)
    monkeypatch.setattr(os, function, refuse)
    with pytest.raises(NotFixed, match=why):
        replace_file(str(file), read_file(str(file)), b"new")
    assert file.read_bytes() == b"old\r\n"
    assert os.listdir(file.parent) == ["ferry.md"]


TIMED = """
import os, sys
from linter.files import articles
from linter.fix import files
here, stat = sys.argv[1], os.stat
def replaced(path, **more):  # by a pipe, right after it was looked at
    status = stat(path, **more)
    if path == here:
        os.unlink(path)
        os.mkfifo(path)
    return status
os.stat = replaced
try:
    if sys.argv[2] == "check":
        articles.read_content(articles.Article("a.md", here, "markdown"))
    else:
        files.read_file(here)
except OSError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
@pytest.mark.parametrize("command", ["check", "fix"])
@pytest.mark.parametrize("code", [TIMED, TIMED.replace("os.stat = replaced", "replaced(here)")], ids=["race", "before"])
def test_a_file_that_is_replaced_by_a_pipe_is_not_waited_for(file: Path, code: str, command: str) -> None:
    argv = [sys.executable, "-c", code, str(file), command]
    seen = subprocess.run(argv, capture_output=True, check=False, timeout=30)
    assert seen.stdout.startswith(b"it is not a regular file")
