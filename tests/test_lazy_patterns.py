"""Patterns that are compiled on first use."""

from __future__ import annotations

import re
import subprocess
import sys
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
    patterns._store.cache_clear()
    yield patterns.STORE
    patterns._store.cache_clear()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("key", "module"), [(KEY, regex), (RE_KEY, re)])
def test_a_stored_pattern_equals_a_compiled_one(
    monkeypatch: pytest.MonkeyPatch, key: tuple[str, int], module: ModuleType
) -> None:
    compile_ = patterns.compile_regex if module is regex else patterns.compile_re
    expected = module.compile(*key)
    monkeypatch.setattr(patterns.regex, "compile", None)
    monkeypatch.setattr(patterns, "_compile_re", None)
    stored: Any = compile_(*key)
    assert [(match.span(), match.groupdict()) for match in stored.finditer(TEXT)] == [
        (match.span(), match.groupdict()) for match in expected.finditer(TEXT)
    ]
    assert (stored.pattern, stored.flags, stored.groupindex) == (expected.pattern, expected.flags, expected.groupindex)
    with pytest.raises(TypeError):
        compile_(key[0], key[1] | module.DOTALL)


@pytest.mark.usefixtures("store")
def test_a_stored_pattern_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_compile_re", None)
    assert patterns.compile_re(rb"\d").findall(b"a1") == [b"1"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"other" + data[5:], id="of another form"),
        pytest.param(lambda data: data[:-9], id="without the end"),
        pytest.param(lambda data: b"", id="empty"),
    ],
)
def test_a_pattern_is_compiled_if_it_is_not_stored(store: Path, damage: Callable[[bytes], bytes]) -> None:
    store.write_bytes(damage(store.read_bytes()))
    assert patterns.compile_re(*RE_KEY).findall(TEXT) == re.compile(*RE_KEY).findall(TEXT)
    assert patterns.compile_regex(*KEY).findall(TEXT) == regex.compile(*KEY).findall(TEXT)


def test_the_flags_are_those_of_regex() -> None:
    flags = {name: value for name, value in vars(patterns._LazyRegex).items() if name.isupper()}  # type: ignore[attr-defined]
    assert flags == {name: int(getattr(regex, name)) for name in flags}


@pytest.mark.usefixtures("store")
def test_stored_patterns_are_those_of_other_packages_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re, "compile", re.compile)  # restores it
    patterns.use_everywhere()
    with monkeypatch.context() as patch:
        patch.setattr(patterns, "_compile_re", None)
        stored = re.compile(*RE_KEY)
    assert stored.findall(TEXT) == ["Tram", "straße", "trams"]
    assert re.compile(stored) is stored
    assert re.compile(pattern="a", flags=re.IGNORECASE).match("A")


def test_a_stored_pattern_is_used_without_the_compiler_of_regex(store: Path) -> None:
    code = """
import sys
from pathlib import Path
from linter import patterns

patterns.STORE = Path(sys.argv[1])
pattern = patterns.compile_regex(*eval(sys.argv[2]))
print(pattern.sub("-", "Tram A"), [name for name in sys.modules if name.startswith("regex")])
print(pattern.sub(r"\\g<town>!", "Tram A"))  # templates are compiled
import regex
print(type(pattern) is regex.Pattern, regex.sub(r"\\p{Lu}", "+", "aB"), patterns.regex.escape("."))
"""
    seen = subprocess.run([sys.executable, "-c", code, store, repr(KEY)], capture_output=True, check=True, text=True)
    assert seen.stdout.splitlines() == ["- A ['regex._regex']", "Tram! A", r"True a+ \."]
