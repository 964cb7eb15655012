"""Damaged and forged bytes in the cache: the same findings, and no exception."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from linter import runner
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.config.config import RunOptions
from linter.files import articles
from linter.finding import Result

pytestmark = pytest.mark.slow

STORY = "A tram , a bus and the the ferry met in vladimir’s harbour, where forty people had been waiting for hours "
RULE = "id: tram\nsummary: No trams.\nseverity: warning\ncheck: pattern\npattern: 'tram(?=s?)'\nmessage: '“{match}”.'\n"
OPTIONS = RunOptions(select=("style", "duplicates", "metadata", "encoding"))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a few articles whose results are in the cache in `kept`."""
    monkeypatch.chdir(tmp_path)
    files = {
        "news/a.md": f"---\ntitle: Trams\ndescription: All about the old tram\n---\n\n# Trams\n\n{STORY * 2}</b>.\n",
        "news/b.txt": f"{STORY * 2}.\n",
        "news/c.md": f"---\ndescription: All about the old tram\n---\n\n{STORY * 2}.\n\nTram\u200btram.\n",
        "house/style/tram.yaml": RULE,
        "copydesk.yaml": "rules: [house]\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    check(Cache("kept"))
    return tmp_path


def check(cache: Cache | None) -> Result:
    result = runner.run(articles.discover(["news"]), ArticleLinter(OPTIONS, cache), 1, cache=cache)
    if cache:
        cache.close()
        assert cache.failure == ""
    return result


def test_random_bytes_in_the_file(kept: Path, rng: random.Random, scale: int) -> None:
    expected = check(None)
    file = Path(Cache("kept").file)
    whole = file.read_bytes()
    for _ in range(20 * scale):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 5, 40, 400])):
            at = rng.choice([rng.randrange(len(data)), rng.randrange(100)])  # damage the header more often
            data[at] = rng.randrange(256)
        file.write_bytes(data[: rng.choice([len(data), len(data), rng.randrange(len(data))])])
        assert check(Cache("kept")) == expected
        assert check(Cache("kept")) == expected


def test_random_values_with_the_right_checksum(kept: Path, rng: random.Random, scale: int) -> None:
    expected, before = check(None), rows()
    for _ in range(20 * scale):
        key = rng.choice([*before])
        text = (
            json.dumps([random_json(rng, 4)])
            if rng.random() < 0.7
            else rng.randbytes(rng.randrange(60)).decode("latin-1")
        )
        put({**before, key: text.encode("latin-1")})
        assert check(Cache("kept")) == expected


def test_parts_of_another_type_with_the_right_checksum(kept: Path, rng: random.Random, scale: int) -> None:
    """One part of a value becomes one that is never allowed in its place, and one article is not cached."""
    expected, before = check(None), rows()
    before |= dict.fromkeys([next(key for key in before if key[-1:] == b"f"), across(before)], b"")
    for _ in range(20 * scale):
        key = rng.choice([key for key, value in before.items() if key[-1:] in b"faxyp" and len(value) > 2])
        value = json.loads(before[key])
        replace_part(value, rng)
        put({**before, key: json.dumps(value).encode()})
        assert check(Cache("kept")) == expected


def rows() -> dict[bytes, bytes]:
    """Return the content of the cache."""
    connection = sqlite3.connect(Cache("kept").file)
    found = dict(connection.execute("SELECT key, value FROM kept"))
    connection.close()
    return found


def across(kept: dict[bytes, bytes]) -> bytes:
    """Return the key of the result across articles."""
    return next(key for key in kept if key[-1:] == b"x")


def put(values: dict[bytes, bytes]) -> None:
    cache = Cache("kept")
    cache.put(values.items())
    cache.close()


def random_json(rng: random.Random, depth: int) -> Any:
    """A value of any form, with odd numbers and texts in it."""
    kinds = 7 if depth else 5
    return [
        lambda: None,
        lambda: rng.random() < 0.5,
        lambda: rng.choice([0, -1, 1, 2**31, 2**63, -(10**30), 10**300]),
        lambda: rng.choice([0.0, -1.5, 1e300]),
        lambda: rng.choice(["", "a", "\ud800", "\0", "news/a.md", "error", "a" * 1000]),
        lambda: [random_json(rng, depth - 1) for _ in range(rng.randrange(5))],
        lambda: {rng.choice("abc"): random_json(rng, depth - 1) for _ in range(rng.randrange(3))},
    ][rng.randrange(kinds)]()


def replace_part(value: Any, rng: random.Random) -> None:
    """Put an object in place of one part, at any depth, of a list or an object: no part may be one like it."""
    while True:
        at = rng.choice([*value]) if isinstance(value, dict) else rng.randrange(len(value))
        if not isinstance(value[at], (list, dict)) or not value[at] or rng.random() < 0.2:
            value[at] = rng.choice([{"a": []}, {"b": 1.5}])
            return
        value = value[at]
