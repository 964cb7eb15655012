"""A cache that another program has changed: values with valid checksums, and files in another format."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linter import runner, serialize
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.config.config import RunOptions
from linter.files import articles
from linter.finding import Edit, Finding, Fix, SuppressedFinding
from linter.serialize import ArticleResult

pytestmark = pytest.mark.slow

RULE = """\
id: tram
summary: No trams.
severity: warning
check: pattern
pattern: 'tram(?=s?)'
message: '“{match}”.'
"""
CONFIG = """\
rules: [house]
packs: [style, structure, spacing, sentences, leaks, metadata, duplicates, images, boilerplate]
"""
STORY = "A tram , a bus and the the ferry met in vladimir’s harbour, where forty people had been waiting for hours "
ARTICLES = {
    "news/a.md": f"---\ntitle: Trams\ndescription: All about the tram\n---\n\n# Trams\n\n{STORY * 2}</b>.\n",
    "news/b.txt": f"{STORY * 2}.\n",
    "news/c.md": f"---\nsummary: All about the tram\n---\n\n{STORY * 2}.\n\n<!-- copydesk: ignore style -->\n\nTram.\n",
}
Change = Callable[[Any], Any]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with articles and rules, cached in `kept`."""
    monkeypatch.chdir(tmp_path)
    for name, text in {**ARTICLES, "house/style/tram.yaml": RULE, "copydesk.yaml": CONFIG}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    check(Cache("kept"))
    return tmp_path


def check(cache: Cache | None) -> tuple[object, ...]:
    linter = ArticleLinter(RunOptions(), cache)
    result = runner.run(articles.discover(["news"]), linter, 1, cache=cache)
    if cache:
        cache.close()
        assert cache.failure == ""
    return result


def forge(change: Callable[[bytes, bytes], bytes | None]) -> int:
    """Replace values with the results of `change`, with valid checksums, and return how many."""
    cache = Cache("kept")
    connection = sqlite3.connect(cache.file)
    rows = connection.execute("SELECT key, value FROM kept").fetchall()
    connection.close()
    forged = [(key, made) for key, value in rows if (made := change(key, value)) is not None]
    cache.put(forged)
    cache.close()
    return len(forged)


def forge_kind(kind: bytes, change: Change) -> int:
    """Do the same for the parsed JSON of the values whose keys end with the byte `kind`."""
    return forge(lambda key, value: json.dumps(change(json.loads(value))).encode() if key[-1:] == kind else None)


def edit() -> None:
    """Change an article, so that the rules are needed again."""
    with open("news/b.txt", "a", encoding="utf-8") as file:
        file.write("\nAnother tram.\n")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xe9\x01\x00\x00\x00\xdb\xff\xff\xff\x7f", id="bytes"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[[]]", id="an empty row"),
        pytest.param(b"{}", id="an empty object"),
        pytest.param(b'{"a": [1]}', id="an object"),
        pytest.param(b"[[], []] []", id="two values"),
        pytest.param(b"[[[]], [[]]]", id="lists of empty rows"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deep nesting"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="deep nesting of objects"),
        pytest.param(b"9" * 100_000, id="a number of 100,000 digits"),
        pytest.param(b"[1e999, NaN, -Infinity]", id="numbers without a value"),
        pytest.param(b'"\\ud800"', id="a lone surrogate"),
        pytest.param("“”".encode(), id="not ASCII"),
        pytest.param(b"false", id="false"),
    ],
)
def test_a_value_of_another_form_is_ignored(kept: Path, value: bytes) -> None:
    expected = check(None)
    assert forge(lambda key, old: value if old else None) > 5
    assert check(Cache("kept")) == expected
    edit()
    assert forge(lambda key, old: value if old else None) > 5
    assert check(Cache("kept")) == check(None)


def test_bytes_that_end_the_interpreter_when_they_are_unmarshalled_do_nothing(kept: Path) -> None:
    command = [sys.executable, "-m", "linter", "check", "news", "--report", "json", "--cache-dir", "kept", "--quiet"]
    expected = subprocess.run(command, capture_output=True, check=False)
    code = b"c" + bytes(8)
    forge(lambda key, old: code + b"\x7f" * 40 if old else None)
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, b"")


def place(name: str, value: object) -> Change:
    """Replace one field of every finding."""

    def changed(result: Any) -> Any:
        for row in result[-2]:
            row[Finding._fields.index(name)] = value
        return result

    return changed


def cut(result: Any) -> Any:
    return [[row[:-1] for row in result[-2]], result[-1]]


def lengthen(result: Any) -> Any:
    return [[[*row, None] for row in result[-2]], result[-1]]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(place("path", "other.md"), id="another path"),
        pytest.param(place("path", None), id="no path"),
        pytest.param(place("record", 7), id="a record that is a number"),
        pytest.param(place("severity", "grave"), id="an unknown severity"),
        pytest.param(place("message", ["a"]), id="a message that is a list"),
        pytest.param(place("line", 0), id="line 0"),
        pytest.param(place("line", 10**40), id="a huge line"),
        pytest.param(place("column", -1), id="a negative column"),
        pytest.param(place("end_line", True), id="a line that is true"),
        pytest.param(place("end_column", 3.0), id="a column with a decimal point"),
        pytest.param(place("start", -1), id="a negative offset"),
        pytest.param(place("end", 10**9), id="an offset beyond the text"),
        pytest.param(place("end", "4"), id="an offset that is a text"),
        pytest.param(place("text", ""), id="a text of another length"),
        pytest.param(place("fix", [True]), id="half a fix"),
        pytest.param(place("fix", [True, [[5, 4, ""]]]), id="a fix from behind"),
        pytest.param(place("fix", [True, [[0, 10**9, ""]]]), id="a fix beyond the text"),
        pytest.param(place("fix", [1, []]), id="a fix that is neither safe nor unsafe"),
        pytest.param(place("paragraph", "1"), id="a paragraph that is a text"),
        pytest.param(place("before", None), id="nothing before"),
        pytest.param(cut, id="a field too few"),
        pytest.param(lengthen, id="a field too many"),
    ],
)
def test_impossible_findings_are_found_again(kept: Path, change: Change) -> None:
    expected = check(None)
    assert forge_kind(b"f", change) == len(ARTICLES)
    assert forge_kind(b"x", change) == 1
    assert check(Cache("kept")) == expected


def of_tram(**changes: object) -> Change:
    """Change fields of the rule style/tram, by their index in a row."""
    from linter.compiled import _STORED

    def changed(stored: Any) -> Any:
        (row,) = (row for row in stored if row[0] == "style")
        for name, value in changes.items():
            row[[*_STORED].index(name)] = value
        return stored

    return changed


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(of_tram(kind="antigravity"), id="a kind that is a module of Python's"),
        pytest.param(of_tram(kind="../commands/check"), id="a kind that is a path"),
        pytest.param(of_tram(kind="__init__"), id="a kind that is no check"),
        pytest.param(of_tram(kind="phrases"), id="another kind, whose options are other ones"),
        pytest.param(of_tram(options={"pattern": ["tram"]}), id="an option of another type"),
        pytest.param(of_tram(options={"pattern": "tram", "check": "tram"}), id="an option that the kind does not have"),
        pytest.param(of_tram(options={}), id="no options"),
        pytest.param(of_tram(options={"pattern": "((a{999}){999}){999}"}), id="a pattern that fills the memory"),
        pytest.param(of_tram(severity="grave"), id="an unknown severity"),
        pytest.param(of_tram(scope="prose"), id="a scope that is no list"),
        pytest.param(of_tram(traits=["file", [None, "", []], False, False]), id="something else to look at"),
        pytest.param(of_tram(fix=[True]), id="half a fix"),
        pytest.param(
            of_tram(traits=["block", [None, "(a+)+$", []], False, False]), id="a pattern for single characters"
        ),
        pytest.param(of_tram(traits=["block", [[["a"], [1]], "", []], False, False]), id="literals that are numbers"),
        pytest.param(of_tram(digest=7), id="a digest that is a number"),
    ],
)
def test_an_impossible_rule_is_read_from_its_file(kept: Path, change: Change) -> None:
    assert forge_kind(b"y", change) == 1
    edit()
    assert check(Cache("kept")) == check(None)
    assert "antigravity" not in sys.modules


def test_facts_of_another_type_are_collected_again(kept: Path) -> None:
    def changed(collected: Any) -> Any:
        for facts in collected:
            facts[3] = [
                [start, end, [7 if isinstance(each, str) else "x" for each in data]] for start, end, data in facts[3]
            ]
        return collected

    assert forge_kind(b"a", changed) == len(ARTICLES)
    edit()
    assert check(Cache("kept")) == check(None)


def test_facts_that_only_the_check_can_reject_are_collected_again(kept: Path) -> None:
    def changed(collected: Any) -> Any:
        for facts in collected:
            facts[3] = [
                [*fact[:2], [each[:5] + "===" if len(str(each)) > 60 else each for each in fact[2]]]
                for fact in facts[3]
            ]
        return collected

    assert forge_kind(b"a", changed) == len(ARTICLES)
    edit()
    assert check(Cache("kept")) == check(None)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            "DROP TABLE kept; CREATE VIEW kept AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS key, i AS sum, i AS value, i AS used FROM n",
            id="a view without end",
        ),
        pytest.param("ALTER TABLE kept RENAME COLUMN value TO data", id="another column"),
        pytest.param("CREATE TRIGGER t AFTER INSERT ON kept BEGIN DELETE FROM kept; END", id="a trigger"),
        pytest.param("DROP TABLE kept", id="no table"),
        pytest.param("UPDATE kept SET value = 'text'", id="values that are texts"),
        pytest.param("UPDATE kept SET value = CAST(x'ff' AS TEXT)", id="values that are not UTF-8"),
    ],
)
def test_a_database_of_another_form_is_replaced(kept: Path, script: str) -> None:
    connection = sqlite3.connect(Cache("kept").file)
    connection.executescript(script)
    connection.close()
    assert check(Cache("kept")) == check(None)
    assert check(Cache("kept")) == check(None)


def test_lone_surrogates_come_back() -> None:
    text = "\udcff\ud800"
    finding = Finding(text, text, "a/b", "error", text, 1, 1, 1, 3, 0, 2, text, 1, text, Fix(True, (Edit(0, 2, text),)))
    result = ArticleResult([finding], [], [], [SuppressedFinding(text, (1,), (2, 3))])
    assert serialize.load_findings(serialize.dump_findings(result), {text}, 10) == result
