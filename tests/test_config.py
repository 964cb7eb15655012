"""copydesk.yaml: its keys, where it is found, and its mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.config import load
from linter.config.config import BadConfig, Config, fitting
from linter.config.overrides import RuleSelector

ALL = """\
rules: [house]
packs: [leaks, style]
select: style/tramway
ignore: ['links/*']
severity:
  leaks/raw-tag: warning
  style: off
fail-on: warning
paths: [articles, newsletter/]
exclude: [drafts/, '*.min.html', '!kept.min.html']
encoding:
  'old/**': windows-1252
  'old/new.txt': utf-8
language: en-GB
"""


def save(folder: Path, text: str, name: str = "copydesk.yaml") -> Path:
    (folder / "house").mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def mistakes(file: Path) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        load.read_config(file)
    return [mistake.removeprefix(f"{file.as_posix()}:") for mistake in bad.value.mistakes]


def test_every_setting_is_read(tmp_path: Path) -> None:
    file = save(tmp_path, ALL)
    read, place = load.read_config(file), file.as_posix()
    assert read.rule_folders == (tmp_path / "house",)
    assert read.packs == (RuleSelector("leaks", f"{place}:2:9"), RuleSelector("style", f"{place}:2:16"))
    assert (read.select, read.ignore) == (
        (RuleSelector("style/tramway", f"{place}:3:9"),),
        (RuleSelector("links/*", f"{place}:4:10"),),
    )
    assert read.severity == (
        (RuleSelector("leaks/raw-tag", f"{place}:6:3"), "warning"),
        (RuleSelector("style", f"{place}:7:3"), "off"),
    )
    assert read.fail_on == "warning"
    assert read.paths == (str(tmp_path / "articles"), str(tmp_path / "newsletter"))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "select: []\n"])
def test_missing_keys_have_defaults(tmp_path: Path, text: str) -> None:
    read = load.read_config(save(tmp_path, text))
    assert (read.rule_folders, read.select, read.fail_on, read.paths) == ((), (), "error", ())
    assert not read.excludes(str(tmp_path / "a.md"))
    assert fitting(read.encoding, str(tmp_path / "a.md")).value == ""
    assert fitting(read.language, str(tmp_path / "a.md")).value == ""


@pytest.mark.parametrize(
    ("path", "excluded"),
    [
        pytest.param("drafts/a.md", True, id="in a folder"),
        pytest.param("2024/drafts/a.md", True, id="in a folder of that name further down"),
        pytest.param("drafts.md", False, id="a file of that name is no folder"),
        pytest.param("x/a.min.html", True, id="a suffix at any depth"),
        pytest.param("x/kept.min.html", False, id="an exception from earlier patterns"),
        pytest.param("../drafts/a.md", False, id="outside of the folder of the settings"),
    ],
)
def test_what_is_excluded(tmp_path: Path, path: str, excluded: bool) -> None:
    read = load.read_config(save(tmp_path / "site", ALL))
    assert read.excludes(str((tmp_path / "site" / path).resolve())) is excluded


def test_the_last_glob_that_matches_determines_the_encoding(tmp_path: Path) -> None:
    read = load.read_config(save(tmp_path, ALL))
    assert fitting(read.encoding, str(tmp_path / "old" / "a.txt")).value == "windows-1252"
    assert fitting(read.encoding, str(tmp_path / "old" / "new.txt")).value == "utf-8"
    assert fitting(read.encoding, str(tmp_path / "a.txt")).value == ""
    assert fitting(read.language, str(tmp_path / "a.txt")).value == "en-GB"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("exlude: [a]", ["1:1: unknown key “exlude”; did you mean “exclude”?"], id="an unknown key"),
        pytest.param("fail_on: info", ["1:1: unknown key “fail_on”; did you mean “fail-on”?"], id="an underscore"),
        pytest.param(
            "fail-on: errors",
            ["1:10: “fail-on” must be error, warning or info, not “errors”; did you mean “error”?"],
            id="an unknown severity",
        ),
        pytest.param(
            "severity:\n  leaks: of",
            ["2:10: “leaks” must be error, warning, info or off, not “of”; did you mean “off”?"],
            id="an unknown severity of a pack",
        ),
        pytest.param("rules: [hous]", ["1:9: there is no folder “hous” next to this file"], id="no such folder"),
        pytest.param(
            "encoding: {'*.txt': utf8-bom}",
            ["1:21: “utf8-bom” is not a known encoding"],
            id="an unknown encoding under a glob",
        ),
        pytest.param(
            "site: hugoo",
            ["1:7: “hugoo” is not a site generator or dialect of Markdown that copydesk knows; did you mean “hugo”?"],
            id="an unknown site",
        ),
        pytest.param(
            "language: {'de/**': deutsch}", ["1:21: “deutsch” is not a language code such as en"], id="no code"
        ),
        pytest.param(
            "exclude:", ["1:9: “exclude” must be a list of texts, but it is empty"], id="a key without a value"
        ),
        pytest.param("exclude: ['!']", ["1:10: “!” is not a file pattern"], id="a glob that is none"),
        pytest.param("select: [1]\nignore: a: b", ["2:10: this is not YAML"], id="no YAML"),
        pytest.param(
            "select: [1]\nfoo: x", ["2:1: unknown key “foo”", "1:10: “select” must be text"], id="two at once"
        ),
        pytest.param("paths: a\npaths: b", ["2:1: “paths” is repeated; it is also on line 1"], id="a key twice"),
    ],
)
def test_a_mistake_is_reported_with_its_position(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = mistakes(save(tmp_path, text))
    assert len(found) == len(expected)
    assert all(mistake.startswith(start) for mistake, start in zip(found, expected, strict=True)), found


def test_the_config_is_found_in_parent_folders_up_to_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = save(tmp_path, "")
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert load.find_config(inside) == outer
    (tmp_path / "a" / ".git").mkdir()
    assert load.find_config(inside) is None
    nearer = save(tmp_path / "a", "fail-on: info")
    assert load.find_config(inside) == nearer
    monkeypatch.chdir(inside)
    assert load.resolve_config().fail_on == "info"
    assert load.resolve_config(isolated=True) == Config()
    assert load.resolve_config(str(outer)).fail_on == "error"


def test_places_are_named_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, "foo: 1")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadConfig, match=r"^copydesk\.yaml:1:1: unknown key “foo”"):
        load.resolve_config()


@pytest.mark.parametrize("name", ["copydesk.yml", ".copydesk.yaml"])
def test_a_config_with_a_wrong_name_is_reported(tmp_path: Path, name: str) -> None:
    save(tmp_path, "", name)
    with pytest.raises(BadConfig, match=r"rename this file to “copydesk\.yaml”"):
        load.find_config(tmp_path)


def test_a_named_config_must_exist(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="this file cannot be read: No such file"):
        load.resolve_config(str(tmp_path / "none.yaml"))


@pytest.mark.parametrize("name", ["copydesk.yaml", "pyproject.toml"])
def test_text_in_an_editor_is_read_instead_of_the_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    text = "[tool.copydesk]\r\nfail-on = 'info'\r\n" if file.suffix == ".toml" else "\r\nfail-on: info\r\n"
    assert load.read_config(file, text).fail_on == "info"
    assert not file.exists()
    with pytest.raises(BadConfig, match=r":2:\d+: “fail-on” must be"):
        load.read_config(file, text.replace("info", "all"))


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_line_ends_of_yaml_alone_are_refused(tmp_path: Path, character: str) -> None:
    problem = f"U+{ord(character):04X} is not allowed in YAML; delete it or write it as an escape sequence"
    assert mistakes(save(tmp_path, f"fail-on: error\npacks: ['a{character} b']\n")) == [f"2:11: {problem}"]
