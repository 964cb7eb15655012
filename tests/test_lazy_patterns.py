"""Patterns that are compiled on first use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import regex

from linter import patterns


def test_a_lazy_pattern_equals_a_compiled_one() -> None:
    letters = patterns.lazy("[a-z]+", re.IGNORECASE)
    for _ in range(2):
        assert letters.findall("ab 1 CD") == ["ab", "CD"]
        assert letters.pattern == "[a-z]+"
    assert patterns.lazy(rb"\d").search(b"x1").start() == 1  # type: ignore[union-attr]
    assert patterns.lazy_regex(r"\p{Lu}").sub("-", "aBc", timeout=1.0) == "a-c"


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken, broken_too = patterns.lazy("("), patterns.lazy_regex("(")
    with pytest.raises(re.error):
        broken.search("")
    with pytest.raises(regex.error):
        broken_too.search("")
    with pytest.raises(AttributeError, match="no_such_thing"):
        patterns.lazy("a").no_such_thing  # type: ignore[attr-defined]  # noqa: B018


KEY = (r"(?-f)(?i)(?<town>trams?|straße)(?=\s\p{Lu})", int(regex.VERSION1))
RE_KEY = (r"(?i)(?P<town>trams?|straße)(?=\s\w)", int(re.ASCII))
TEXT = "Tram A, STRASSE B, straße C, trams d"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file with compiled patterns, which contains three patterns."""
    monkeypatch.setattr(patterns, "STORE", tmp_path / "patterns.bin")
    patterns.write_compiled({RE_KEY, (rb"\d", 0)}, {KEY: regex.compile(*KEY)})
    patterns._stored.cache_clear()
    yield patterns.STORE
    patterns._stored.cache_clear()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("key", "module"), [(KEY, regex), (RE_KEY, re)])
def test_a_stored_pattern_equals_a_compiled_one(
    monkeypatch: pytest.MonkeyPatch, key: tuple[str, int], module: ModuleType
) -> None:
    compile_ = patterns.compile_regex if module is regex else patterns.compile_re
    expected = module.compile(*key)
    monkeypatch.setattr(module, "compile", None)
    stored: Any = compile_(*key)
    assert [(match.span(), match.groupdict()) for match in stored.finditer(TEXT)] == [
        (match.span(), match.groupdict()) for match in expected.finditer(TEXT)
    ]
    assert (stored.pattern, stored.flags, stored.groupindex) == (expected.pattern, expected.flags, expected.groupindex)
    with pytest.raises(TypeError):
        compile_(key[0], key[1] | module.DOTALL)


@pytest.mark.usefixtures("store")
def test_a_stored_pattern_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re, "compile", None)
    assert patterns.compile_re(rb"\d").findall(b"a1") == [b"1"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data.replace(regex.__version__.encode(), b"1.0"), id="of another version"),
        pytest.param(lambda data: data[:-9], id="without the end"),
        pytest.param(lambda data: b"", id="empty"),
    ],
)
def test_a_pattern_is_compiled_if_it_is_not_stored(store: Path, damage: Callable[[bytes], bytes]) -> None:
    store.write_bytes(damage(store.read_bytes()))
    assert patterns.compile_re(*RE_KEY).findall(TEXT) == re.compile(*RE_KEY).findall(TEXT)
    assert patterns.compile_regex(*KEY).findall(TEXT) == regex.compile(*KEY).findall(TEXT)
