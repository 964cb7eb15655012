"""The digests of contents: files that have not changed are not read, and changed files always are."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linter import result_cache
from linter.cache import Cache
from linter.digest import SIZE
from linter.files.articles import Article, discover
from linter.result_cache import Content, Contents, content_of

LATER = 10_000_000_000  # nanoseconds; long after a file was written


@pytest.fixture
def look_up(tmp_path: Path) -> Callable[..., dict[str, Content]]:
    """A function that looks up the articles of a folder in a run of its own, by default long after they were written.

    The files in `unread` cannot be read.
    """
    folder = tmp_path / "articles"
    folder.mkdir()

    def look_up(*, later: int = LATER, unread: bool = False) -> dict[str, Content]:
        found = [one._replace(path=os.path.basename(one.file)) for one in discover([str(folder)]).articles]
        with pytest.MonkeyPatch.context() as patch:
            if unread:
                patch.setattr(result_cache, "read_content", _refuse)
            return Contents(Cache(str(tmp_path / "cache")), time.time_ns() + later).look_up(found)

    return look_up


def _refuse(article: Article) -> bytes:
    raise OSError(f"{article.file} is read")


@pytest.mark.skipif(os.name == "nt", reason="files are always read")
def test_unchanged_files_are_not_read(tmp_path: Path, look_up: Callable[..., dict[str, Content]]) -> None:
    (tmp_path / "articles" / "one.md").write_bytes(b"The tram is late.")
    (tmp_path / "articles" / "two.md").write_bytes(b"")
    first = look_up()
    assert first == {"one.md": content_of(b"The tram is late."), "two.md": content_of(b"")}
    assert look_up(unread=True) == first


def test_a_file_of_the_same_size_with_its_old_time_is_read(
    tmp_path: Path, look_up: Callable[..., dict[str, Content]]
) -> None:
    file = tmp_path / "articles" / "one.md"
    file.write_bytes(b"The tram is late.")
    look_up()
    before = file.stat()
    time.sleep(0.02)  # the times of a file may be as coarse as 10 ms
    file.write_bytes(b"The tram is here.")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert look_up() == {"one.md": content_of(b"The tram is here.")}


def test_another_file_with_the_same_times_is_read(tmp_path: Path, look_up: Callable[..., dict[str, Content]]) -> None:
    file = tmp_path / "articles" / "one.md"
    file.write_bytes(b"The tram is late.")
    look_up()
    other = tmp_path / "other"
    other.write_bytes(b"The tram is here.")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    assert look_up() == {"one.md": content_of(b"The tram is here.")}


def test_a_file_written_just_before_the_run_is_read_again(
    tmp_path: Path, look_up: Callable[..., dict[str, Content]]
) -> None:
    (tmp_path / "articles" / "one.md").write_bytes(b"The tram is late.")
    look_up(later=0)
    assert look_up(unread=True) == {}


def test_without_ctime_files_are_read(
    tmp_path: Path, look_up: Callable[..., dict[str, Content]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_cache, "_HAS_CTIME", False)
    (tmp_path / "articles" / "one.md").write_bytes(b"The tram is late.")
    look_up()
    assert look_up(unread=True) == {}


@pytest.mark.parametrize(
    "entry", [b"{state}", b"{state}00", b"{state}" + b"0" * 17, b"", b"\xff", b"1 2 3 4 5 " + b"0" * 16]
)
def test_invalid_entries_are_ignored(tmp_path: Path, look_up: Callable[..., dict[str, Content]], entry: bytes) -> None:
    (tmp_path / "articles" / "one.md").write_bytes(b"The tram is late.")
    look_up()
    cache = Cache(str(tmp_path / "cache"))
    key = result_cache._key(str(tmp_path / "articles" / "one.md"))
    state = cache.get([key])[key][:-SIZE]
    cache.put([(key, entry.replace(b"{state}", state))])
    cache.close()
    assert look_up() == {"one.md": content_of(b"The tram is late.")}


def test_an_article_that_cannot_be_read_has_no_content(
    tmp_path: Path, look_up: Callable[..., dict[str, Content]]
) -> None:
    (tmp_path / "articles" / "one.md").write_bytes(b"The tram is late.")
    assert look_up(unread=True) == {}
    assert look_up() == {"one.md": content_of(b"The tram is late.")}
