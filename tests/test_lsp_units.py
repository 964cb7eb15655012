"""Positions, settings and folders of the language server, without a server."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from itertools import product
from pathlib import Path
from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import Position

from linter.files import articles
from linter.lsp.folders import Folder, root_of
from linter.lsp.positions import LineTable
from linter.lsp.settings import DEFAULTS, Settings, read_settings

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
ENCODINGS = st.sampled_from([*CODECS])
ODD = "a é\u0301😀\n\r\u2028\u2029\x85\x0b\x0c\x1c\ufeff\ud83d\ude00"
TEXTS = st.text(st.sampled_from(ODD), max_size=40) | st.text()


def units(text: str, encoding: str) -> int:
    codec, size = CODECS[encoding]
    return len(text.encode(codec, "surrogatepass")) // size


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text) + ([""] if not text or text[-1] in "\r\n" else [])


# Positions


@given(TEXTS, ENCODINGS, st.data())
def test_a_position_counts_lines_and_code_units(text: str, encoding: str, data: st.DataObject) -> None:
    table, lines = LineTable(text, encoding), lines_of(text)
    for offset in data.draw(st.lists(st.integers(0, len(text)), max_size=5)):
        place = table.position(offset)
        start = len("".join(lines[: place.line]))
        assert start <= offset <= start + len(lines[place.line])
        assert offset < start + len(lines[place.line]) or place.line == len(lines) - 1
        assert place.character == units(text[start:offset], encoding)


@given(TEXTS, ENCODINGS, st.data())
def test_an_offset_comes_back_from_its_position(text: str, encoding: str, data: st.DataObject) -> None:
    table = LineTable(text, encoding)
    offset = data.draw(st.integers(0, len(text)))
    split = text[max(0, offset - 1) : offset + 1] == "\r\n"
    assert table.offset(table.position(offset)) == (offset - 1 if split else offset)


@given(TEXTS, ENCODINGS, st.integers(0, 60), st.integers(0, 60))
def test_any_position_has_an_offset_in_its_line(text: str, encoding: str, line: int, character: int) -> None:
    offset, lines = LineTable(text, encoding).offset(Position(line, character)), lines_of(text)
    if line >= len(lines):
        assert offset == len(text)
        return
    start, content = len("".join(lines[:line])), lines[line].rstrip("\r\n")
    head = text[start:offset]
    assert start <= offset <= start + len(content)
    assert units(head, encoding) <= character
    if offset < start + len(content):
        assert units(head + text[offset], encoding) > character


# Settings

RIGHT = {
    "run": "onSave",
    "config": "house.yaml",
    "minimumSeverity": "warning",
    "maxSize": 0,
    "select": ["names"],
    "ignore": [],
    "debounce": 10_000,
}
WRONG = {
    "run": ["always", 1, []],
    "config": [1, ["x"], "a\0.yaml", "\ud800.yaml"],
    "minimumSeverity": ["note", None.__class__, 3],
    "maxSize": [-1, 1.5, "1", True, 10**12],
    "select": ["names", [1], [""], {}],
    "ignore": ["names", [None]],
    "debounce": [-1, 10_001, False],
}


def test_settings_are_read() -> None:
    expected = Settings(**{key: tuple(value) if isinstance(value, list) else value for key, value in RIGHT.items()})
    assert set(RIGHT) == set(Settings._fields)
    for value in (RIGHT, {"copydesk": RIGHT}, {**RIGHT, "path": "x", "trace": "off"}, {**RIGHT, "pylsp": {"a": 1}}):
        assert read_settings(value) == (expected, [])


def test_a_missing_setting_and_null_change_nothing() -> None:
    base = DEFAULTS._replace(select=("names",), debounce=1)
    for value in (None, {}, {"select": None, "run": None}, {"copydesk": {}}):
        assert read_settings(value, base) == (base, [])


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in WRONG for value in WRONG[key]])
def test_a_wrong_setting_is_not_used(key: str, value: object) -> None:
    read, [message] = read_settings({**RIGHT, key: value})
    assert getattr(read, key) == getattr(DEFAULTS, key)
    assert message.startswith(f"“{key}” must be ")
    others = {other: getattr(read, other) for other in RIGHT if other != key}
    assert {name: [*each] if isinstance(each, tuple) else each for name, each in others.items()} == {
        name: RIGHT[name] for name in others
    }


@pytest.mark.parametrize("value", [1, "x", [], [1], True])
def test_settings_that_are_no_object_are_a_mistake(value: object) -> None:
    read, [message] = read_settings(value)
    assert read == DEFAULTS
    assert message.startswith("the “copydesk” settings must be an object")


def test_an_unknown_setting_has_a_suggestion() -> None:
    assert read_settings({"debonce": 1}) == (DEFAULTS, ["unknown setting “debonce”; did you mean “debounce”?"])


def test_severities_are_shown_from_the_lowest() -> None:
    shown = [
        (lowest, severity)
        for lowest, severity in product(("error", "warning", "info"), repeat=2)
        if Settings(minimumSeverity=lowest).shows(severity)
    ]
    assert shown == [
        ("error", "error"),
        ("warning", "error"),
        ("warning", "warning"),
        ("info", "error"),
        ("info", "warning"),
        ("info", "info"),
    ]


# Folders

NAMES = ["a.md", "b.html", "notes.txt", "README.md", "requirements.txt", ".hidden.md", "a.py", "report.html"]
HEAD = '<meta charset="utf-8">\n<meta name="generator" content="copydesk 1">'
REPORT = f'<!doctype html>\n<html lang="en">\n<head>\n{HEAD}\n'
FOLDERS = ["news", "deep", ".git", ".hidden", "node_modules", "build", "a.md"]
PATTERNS = [
    "*.md",
    "!a.md",
    "news/",
    "/deep",
    "build/**",
    "**/b.html",
    "#x",
    "notes.*",
    "!deep/",
    "deep/*",
    "!news/a.md",
]
MARKS = ["pyvenv.cfg", "CACHEDIR.TAG"]
PLACES = st.lists(st.sampled_from(FOLDERS), max_size=3).map(lambda parts: "/".join(parts))
FILES = st.tuples(PLACES, st.sampled_from([*NAMES, *NAMES, *MARKS]))
IGNORES = st.dictionaries(PLACES, st.lists(st.sampled_from(PATTERNS), max_size=4), max_size=3)


@settings(max_examples=150)
@given(st.sets(FILES, max_size=12), IGNORES)
def test_a_file_is_skipped_if_and_only_if_a_run_does_not_find_it(
    files: set[tuple[str, str]], ignores: dict[str, list[str]]
) -> None:
    with tempfile.TemporaryDirectory(prefix="copydesk-test-") as place:
        root = Path(place).resolve()
        contents = {(folder, ".gitignore"): "\n".join(lines) for folder, lines in ignores.items()}
        written = []
        for folder, name in sorted([*files, *contents]):
            try:
                (root / folder).mkdir(parents=True, exist_ok=True)
                (root / folder / name).write_text(
                    contents.get((folder, name), REPORT if name == "report.html" else "x")
                )
            except OSError:  # a file has the name of a folder, or the other way round
                continue
            written.append(root / folder / name)
        found = {article.file for article in articles.discover([str(root)]).articles}
        wanted = [file for file in written if file.suffix in (".md", ".html", ".txt")]
        assert {str(file) for file in wanted if not articles.reason_to_skip(str(file), str(root))} == found


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "copydesk.yaml").write_text("exclude: ['drafts/**']\npaths: [news, 'notes/**/*.md', x.md]\n")
    return tmp_path


def test_a_folder_skips_what_a_run_in_it_leaves_out(site: Path) -> None:
    names = ["news/a.md", "news/deep/a.md", "notes/a.md", "notes/deep/a.md", "notes/a.txt", "x.md", "y.md"]
    names += ["drafts/a.md", "news/README.md", "news/.a.md"]
    for name in names:
        (site / name).parent.mkdir(exist_ok=True, parents=True)
        (site / name).write_text("x")
    opened, loose = Folder(str(site), in_workspace=True), Folder(str(site))
    assert [name for name in names if not opened.skips(str(site / name))] == names, "the config is not read yet"
    for folder in (opened, loose):
        assert folder.refresh()
        assert not folder.refresh()
    linter = opened.linter
    assert linter
    here = os.getcwd()
    try:
        os.chdir(site)
        run = {article.file for article in articles.discover(linter.config.paths, linter.config.excludes).articles}
    finally:
        os.chdir(here)
    assert {str(site / name) for name in names if not opened.skips(str(site / name))} == run
    assert len(run) == 5
    assert {name for name in names if loose.skips(str(site / name))} == {"drafts/a.md"}
    assert opened.skips("") == ""


def test_a_folder_keeps_its_linter_while_the_config_has_mistakes(site: Path) -> None:
    folder, config = Folder(str(site)), site / "copydesk.yaml"
    assert folder.refresh()
    assert folder.config_file == str(config)
    text, path = "The mayor of berlin spoke.\n", str(site / "news" / "a.md")
    assert len(folder.check(text, "markdown", path)[0]) == 1
    config.write_text("ignroe: []\nfail-no: x\n")
    assert folder.refresh()
    assert [each[:3] for each in folder.mistakes] == [
        (str(config), 1, 1),
        (str(config), 2, 1),
    ]
    assert len(folder.check(text, "markdown", path)[0]) == 1
    config.unlink()
    (site / "words.txt").write_text("berlin\n")
    assert folder.refresh()
    assert (folder.mistakes, folder.config_file) == ((), "")
    assert folder.check(text, "markdown", path) == ([], [])


def test_the_folder_of_a_document_outside_of_the_workspace_is_that_of_its_config(tmp_path: Path) -> None:
    deep = tmp_path / "one" / "deep"
    deep.mkdir(parents=True)
    assert root_of(str(deep / "a.md")) == ""
    (deep / "words.txt").write_text("")
    assert root_of(str(deep / "a.md")) == str(deep)
    (tmp_path / "one" / "copydesk.yaml").write_text("")
    assert root_of(str(deep / "a.md")) == str(tmp_path / "one")
    shutil.rmtree(tmp_path / "one")
    assert root_of(str(deep / "a.md")) == ""


def test_a_file_that_is_replaced_is_read_again_although_its_size_and_time_are_the_same(tmp_path: Path) -> None:
    words, new = tmp_path / "words.txt", tmp_path / "new"
    words.write_text("berlin\n")
    folder = Folder(str(tmp_path), in_workspace=True)
    assert folder.refresh()
    assert not folder.refresh()
    new.write_text("london\n")
    shutil.copystat(words, new)
    new.replace(words)
    assert folder.refresh()


@pytest.mark.slow
def test_files_on_a_slow_drive_are_not_looked_at_for_each_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(str(tmp_path), in_workspace=True)
    folder.refresh()
    looks, stat = [], articles.state_of

    def slow(file: str) -> tuple[int, ...]:
        looks.append(file)
        sleep(0.02)
        return stat(file)

    monkeypatch.setattr(articles, "state_of", slow)
    for _ in range(3):
        assert not folder.refresh(at_once=False)
    assert len(looks) == len(set(looks)) > 2
    (tmp_path / "words.txt").write_text("berlin\n")
    assert not folder.refresh(at_once=False)
    assert folder.refresh()
    folder.settings = folder.settings._replace(ignore=("names",))
    assert folder.refresh(at_once=False)
