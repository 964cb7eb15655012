"""What differs on Windows, simulated: files that are locked, paths, consoles, and functions that Python lacks there."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from linter.fix import files
from linter.fix.files import read_file, replace_file


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

    monkeypatch.setattr(files, "fcntl", None)
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
