"""The setting `records`: how to read the articles in archives."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.cli import main
from linter.config.config import BadConfig
from linter.config.load import read_config
from linter.records.record_mappings import RecordMapping, mapping_for

LISTED = """\
records:
  - path: '*'
    body: text
  - path: ['exports/*.jsonl', '!exports/old.jsonl']
    input: jsonl
    key: post.id
    body: post.html
    title: title
    kind: html
    url: link
    language: lang
    date: published
    group: site
  - path: /stories.db
    input: sqlite
    table: stories
"""


def read(text: str, folder: Path, name: str = "copydesk.yaml") -> tuple[RecordMapping, ...]:
    mappings: tuple[RecordMapping, ...] = read_config(folder / name, text).extensions["records"]
    return mappings


def test_a_mapping_applies_to_every_archive(tmp_path: Path) -> None:
    mappings = read("records: {key: id, body: content}", tmp_path)
    (mapping,) = mappings
    assert (mapping.key, mapping.body, mapping.title, mapping.globs) == ("id", "content", "", None)
    for path in ("/elsewhere/a.jsonl", str(tmp_path / "a.csv"), "postgresql://host/stories"):
        assert mapping_for(mappings, path) == mapping


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("a.csv", {"body": "text"}, id="the first entry"),
        pytest.param("exports/a.jsonl", {"key": "post.id", "body": "post.html", "group": "site"}, id="the last match"),
        pytest.param("exports/old.jsonl", {"body": "text", "key": ""}, id="an exception"),
        pytest.param("stories.db", {"input": "sqlite", "table": "stories", "body": ""}, id="entries are not merged"),
    ],
)
def test_the_last_entry_that_matches_applies(path: str, expected: dict[str, str], tmp_path: Path) -> None:
    mapping = mapping_for(read(LISTED, tmp_path), str(tmp_path / path))
    assert {key: getattr(mapping, key) for key in expected} == expected


def test_every_key_is_read(tmp_path: Path) -> None:
    mapping = read(LISTED, tmp_path)[1]
    assert mapping._replace(globs=None, place="") == RecordMapping(
        None, "jsonl", "", "post.id", "post.html", "title", "html", "link", "lang", "published", "site"
    )
    assert mapping.place.endswith("copydesk.yaml:4:5")
    assert mapping.globs
    assert (mapping.globs.folder, mapping.globs.patterns) == (str(tmp_path), ("exports/*.jsonl", "!exports/old.jsonl"))


def test_globs_match_no_url_and_nothing_outside_the_folder(tmp_path: Path) -> None:
    mappings = read("records: [{path: '**', body: text}]", tmp_path)
    for path in ("postgresql://host/stories", str(tmp_path.parent / "a.jsonl")):
        assert mapping_for(mappings, path) == RecordMapping()


def test_toml(tmp_path: Path) -> None:
    one = read('[tool.copydesk.records]\nbody = "text"\n', tmp_path, "pyproject.toml")
    several = read('[[tool.copydesk.records]]\npath = "*.csv"\nbody = "text"\n', tmp_path, "pyproject.toml")
    assert [(each.body, each.globs is None) for each in (*one, *several)] == [("text", True), ("text", False)]


@pytest.mark.parametrize("text", ["", "records:", "records: []"])
def test_no_mapping(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == ()
    assert mapping_for((), "/a.jsonl") == RecordMapping()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("records: a.jsonl", "1:10: “records” must have keys such as “body”", id="text"),
        pytest.param("records: [{body: a}]", "1:11: “path” is missing; without a list", id="no path in a list"),
        pytest.param("records: [a.jsonl]", "1:11: “records” must be keys with values", id="a list of paths"),
        pytest.param("records: {boddy: a}", "1:11: unknown key “boddy”; did you mean “body”?", id="a key"),
        pytest.param("records: {input: cvs}", "1:18: “input” must be", id="a format"),
        pytest.param("records: {input: cvs}", "not “cvs”; did you mean “csv”?", id="a similar format"),
        pytest.param("records: {key: 1}", "1:16: “key” must be text, but it is a number", id="a number"),
        pytest.param("records: {body: ' '}", "1:17: “body” is empty", id="an empty name"),
        pytest.param("records: {body: [a, b]}", "1:17: “body” must be text", id="several columns"),
        pytest.param("records: {path: '[a'}", "1:17: “[a” is not a file pattern", id="a glob"),
        pytest.param("records: {path: []}", "1:17: “path” is empty", id="no glob"),
    ],
)
def test_mistakes(text: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadConfig) as bad:
        read_config(Path("copydesk.yaml"), text)
    assert expected in str(bad.value)
    assert all(mistake.startswith("copydesk.yaml:1:") for mistake in bad.value.mistakes)


def test_the_command_config_shows_the_entry_for_an_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("copydesk.yaml").write_text("records: [{path: '*.txt', key: id, body: text}]\n", "utf-8")
    for name, expected in (("a.txt", True), ("a.md", False)):
        Path(name).write_text("The tram is late.\n", "utf-8")
        assert main(["config", name]) == 0
        assert ("key: id, body: text" in capsys.readouterr().out) == expected
