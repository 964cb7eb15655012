"""A file is replaced as a whole, and left alone where that would change more than its content."""

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

from linter.fixing import replacing
from linter.fixing.replacing import LeftAlone


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "ferry.md"
    file.write_bytes(b"old\r\n")
    return file


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755])
def test_mode_and_bytes_stay(file: Path, mode: int) -> None:
    file.chmod(mode)
    replacing.write(str(file), replacing.read(str(file)), b"new\r\n\xff")
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
        pytest.param(second_name, "it has a second name, by a hard link", id="a file with two names"),
    ],
)
def test_what_is_left_alone(file: Path, make: Callable[[Path], Path], why: str) -> None:
    with pytest.raises(LeftAlone, match=why):
        replacing.read(str(make(file)))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anything")
def test_a_file_that_is_read_only_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(LeftAlone, match="read-only"):
        replacing.read(str(file))


def test_a_folder_cannot_be_read(file: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011  # which one, depends on the system
        replacing.read(str(folder(file)))


def rewritten(file: Path) -> None:
    file.write_bytes(b"more\r\n")


def replaced(file: Path) -> None:
    status = file.stat()
    file.unlink()
    file.write_bytes(b"OLD\r\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("meddle", [rewritten, replaced])
def test_a_file_that_changes_meanwhile_is_left_alone(file: Path, meddle: Callable[[Path], None]) -> None:
    old = replacing.read(str(file))
    meddle(file)
    now = file.read_bytes()
    with pytest.raises(LeftAlone, match="changed meanwhile"):
        replacing.write(str(file), old, b"new")
    assert file.read_bytes() == now
    assert os.listdir(file.parent) == ["ferry.md"]


def test_a_folder_that_takes_no_file_leaves_the_old_one(file: Path) -> None:
    old = replacing.read(str(file))
    file.rename(file.parent.parent / "ferry.md")
    file.parent.rmdir()
    with pytest.raises(OSError, match="No such file"):
        replacing.write(str(file), old, b"new")


LOOP = """
import sys
from linter.fixing import replacing
one, other = b"1" * 3_000_000, b"2" * 3_000_000
print("ready", flush=True)
while True:
    for data in (one, other):
        replacing.write(sys.argv[1], replacing.read(sys.argv[1]), data)
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
