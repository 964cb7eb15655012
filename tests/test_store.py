"""Values in a file of the package, which are read when they are needed."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linter import store
from linter.store import Store, write_store

VALUES = {b"tram": b"7", b"": b"", b"ship\0": b"\0", "straße".encode(): b"x" * 5000}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_store(tmp_path / "store.bin", "label", VALUES)
    return tmp_path / "store.bin"


def test_each_value_is_found_by_its_key(file: Path) -> None:
    opened = Store(file, "label")
    assert {key: bytes(opened.get(key) or b"") for key in VALUES} == VALUES
    assert [opened.get(key) for key in (b"trams", b"tra", b"ship")] == [None, None, None]


def test_keys_with_the_same_checksum_are_told_apart(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "crc32", lambda key: zlib.crc32(key) & 1)
    write_store(file, "label", VALUES)
    test_each_value_is_found_by_its_key(file)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"other" + data[5:], id="with another label"),
        pytest.param(lambda data: data[:-9], id="without the end"),
        pytest.param(lambda data: data[:140], id="with its head alone"),
        pytest.param(lambda data: b"", id="empty"),
    ],
)
def test_a_damaged_file_is_refused(file: Path, damage: Callable[[bytes], bytes]) -> None:
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises((ValueError, TypeError)):
        Store(file, "label")


@pytest.fixture
def nothing_in_use() -> Iterator[None]:
    used = store._in_use
    store.use(None)
    yield
    store.use(used)


@pytest.mark.usefixtures("nothing_in_use")
def test_a_stored_result_is_read_instead_of_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def lengths(words: tuple[str, ...]) -> dict[str, int]:
        calls.append("")
        return {word: len(word) for word in words}

    monkeypatch.setattr(store, "_collected", None)
    store.collect()
    expected = store.stored(lengths)(("tram", "ship"))
    write_store(tmp_path / "store.bin", "", store.collected())
    store.use(Store(tmp_path / "store.bin", ""))
    again = store.stored(lengths)
    assert again(("tram", "ship")) == expected
    assert len(calls) == 1
    assert again(("bus",)) == {"bus": 3}
    assert len(calls) == 2


def test_results_are_collected_only_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_collected", None)
    store.stored(len)(())
    assert store.collected() == {}
    store.collect()
    store.stored(len)(("tram",))
    assert [*map(marshal.loads, store.collected().values())] == [1]
