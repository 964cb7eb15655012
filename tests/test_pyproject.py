"""[tool.copydesk] in pyproject.toml: the same settings as in copydesk.yaml, with exact positions."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linter.cli import main
from linter.config import load, pyproject, yaml_file
from linter.config.config import BadConfig, Config
from linter.config.overrides import OVERRIDE_KEYS, SUPPRESSION_KEYS, RuleSelector
from linter.config.yaml_file import File, Value

TABLE = "[tool.copydesk]\n"
Keys = tuple[Any, ...]


def save(folder: Path, text: str | bytes, name: str = load.PYPROJECT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / name


def mistakes(file: Path) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        load.read_config(file)
    return [mistake.removeprefix(f"{file.as_posix()}:") for mistake in bad.value.mistakes]


ALL = """\
# copydesk
[project]
name = "paper"

[tool.copydesk]
rules = ["house"]  # our own
packs = [
  "leaks",  # a comment ]
  'style',
]
select = "style/tramway"
fail-on = "warning"
severity."leaks/raw-tag" = "warning"
paths = ["articles", "newsletter/"]

[tool.copydesk.encoding]
"old/**" = "windows-1252"

[[tool.copydesk.overrides]]
path = "letters/**"
ignore = ["names"]

[[tool.copydesk.overrides]]
metadata = {section = "opinion"}
severity = { sentences = "info" }

[tool.other]
"""


def test_every_kind_of_key_is_read_with_its_position(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    file = save(tmp_path, ALL)
    read, place = load.read_config(file), file.as_posix()
    assert read.rule_folders == (tmp_path / "house",)
    assert read.packs == (RuleSelector("leaks", f"{place}:8:3"), RuleSelector("style", f"{place}:9:3"))
    assert read.select == (RuleSelector("style/tramway", f"{place}:11:10"),)
    assert read.severity == ((RuleSelector("leaks/raw-tag", f"{place}:13:10"), "warning"),)
    assert (read.fail_on, read.places["fail-on"]) == ("warning", f"{place}:12:1")
    assert [entry.place for entry in read.encoding] == [f"{place}:17:12"]
    assert [override.place for override in read.overrides] == [f"{place}:19:1", f"{place}:23:1"]
    assert read.overrides[0].ignore == (RuleSelector("names", f"{place}:21:11"),)
    assert read.overrides[1].metadata == (("section", ("opinion",)),)
    assert read.overrides[1].severity == ((RuleSelector("sentences", f"{place}:25:14"), "info"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('[tool.copydesk]\nexlude = "a"', ["2:1: unknown key “exlude”; did you mean"], id="a pair"),
        pytest.param('tool.copydesk.exlude = "a"', ["1:15: unknown key “exlude”"], id="dotted keys"),
        pytest.param('[tool]\ncopydesk.exlude = "a"', ["2:10: unknown key “exlude”"], id="in a parent table"),
        pytest.param('[tool]\ncopydesk = {exlude = "a"}', ["2:13: unknown key “exlude”"], id="an inline table"),
        pytest.param("tool = {copydesk = {exlude = 1}}", ["1:21: unknown key “exlude”"], id="nested inline tables"),
        pytest.param("[tool.copydesk.exlude]", ["1:16: unknown key “exlude”"], id="a header"),
        pytest.param('["tool" . \'copydesk\'."exlude"]', ["1:22: unknown key “exlude”"], id="a quoted header"),
        pytest.param('[tool."copyd\\u0065sk"]\n"exl\\u0075de" = 1', ["2:1: unknown key “exlude”"], id="escapes"),
        pytest.param("[[tool.copydesk.exlude]]", ["1:17: unknown key “exlude”"], id="an array of tables"),
        pytest.param(
            "[[tool.copydesk]]", ["1:1: “tool.copydesk” must be keys with values, but it is a list"], id="list"
        ),
        pytest.param("tool.copydesk = 3", ["1:17: “tool.copydesk” must be keys with values"], id="no table"),
        pytest.param(TABLE + "select = ['a', [1]]", ["2:16: “select” must be text"], id="a list in a list"),
        pytest.param(
            TABLE + "preview = 1_0", ["2:11: “preview” must be true or false, but it is a number"], id="a number"
        ),
        pytest.param(TABLE + "select = 0x1f", ["2:10: “select” must be text, but it is a number"], id="hexadecimal"),
        pytest.param(TABLE + "select = 1e5 # a", ["2:10: “select” must be text, but it is a number"], id="a float"),
        pytest.param(
            TABLE + "select = 1979-05-27 07:32:00 # a",
            ["2:10: “select” must be text, but it is a date; put it in quotation marks: '1979-05-27 07:32:00'"],
            id="a date",
        ),
        pytest.param(
            "# déjà\r\n[tool.copydesk]\r\nfail-on = 'errors'", ["3:11: “fail-on” must be error"], id="carriage returns"
        ),
        pytest.param("\ufeff[tool.copydesk]\nfail-on = 'errors'", ["2:11: “fail-on” must be error"], id="a BOM"),
        pytest.param(TABLE + "language.'ééé' = 'zz'", ["2:18: “zz” is not a language"], id="columns are code points"),
        pytest.param(
            "[x]\na = \"\"\"\n[tool.copydesk]\nexlude = 1\"\"\"\"\nb = '''''a'''''\n[tool.copydesk]\nfail-on = \"x\"",
            ["7:11: “fail-on” must be"],
            id="a header in a string",
        ),
        pytest.param(
            TABLE + 'options."spacing/after-comma".x = 1\n[tool.copydesk.severity]\n"links" = "of"',
            ["4:11: “links” must be error, warning, info or off, not “of”; did you mean “off”?"],
            id="a table below",
        ),
        pytest.param(
            "[[tool.copydesk.overrides]]\npath = 'a'\nselect = 'x'\n[[tool.copydesk.overrides]]\n"
            "[tool.copydesk.overrides.severity]\nlinks = 'of'",
            ["4:1: “path” or “metadata” is missing", "6:9: “links” must be"],
            id="a table of the second entry",
        ),
        pytest.param(
            "[[tool.copydesk.overrides]]\npath = 'a'\nselect = 'x'\nmetadata.a.b = 'c'",
            ["4:10: “a” must be text or a list of texts; write nested keys as 'a.…'"],
            id="a dotted metadata key",
        ),
        pytest.param("", ["1:1: there is no table [tool.copydesk] in this file"], id="an empty file"),
        pytest.param("tool = 3", ["1:1: there is no table [tool.copydesk] in this file"], id="no tool"),
    ],
)
def test_a_mistake_has_its_exact_position(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = mistakes(save(tmp_path, text))
    assert len(found) == len(expected), found
    assert all(mistake.startswith(start) for mistake, start in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            TABLE + "a b", "2:3: this is not TOML: expected '=' after a key in a key/value pair", id="no value"
        ),
        pytest.param(
            TABLE + "style/x = 1", "2:6: this is not TOML: expected '='", id="a slash without quotation marks"
        ),
        pytest.param(TABLE + "select = [", "2:11: this is not TOML: ", id="the end"),
        pytest.param(TABLE + "select = '\0'", "2:11: this is not TOML: ", id="NUL"),
        pytest.param(TABLE + 'a = "\\ud800"', "2:12: this is not TOML: ", id="a lone surrogate"),
        pytest.param(
            TABLE + "paths='a'\n\n 'paths' = [\n1]", "4:2: “paths” is repeated; it is also on line 2", id="a key"
        ),
        pytest.param(f"{TABLE}\n{TABLE}", "3:7: “copydesk” is repeated; it is also on line 1", id="a table"),
        pytest.param(
            TABLE + "a = {b = 1, b = 2}", "2:13: “b” is repeated; it is also on line 2", id="in an inline table"
        ),
        pytest.param(
            "[[a]]\nb=1\n[[a]]\nb=1\nb=2\n[tool.copydesk]",
            "5:1: “b” is repeated; it is also on line 4",
            id="second entry",
        ),
        pytest.param(
            TABLE + "a = {}\n[tool.copydesk.a.b]",
            "3:19: this is not TOML: cannot declare “tool.copydesk.a.b” twice",
            id="an inline table that is extended",
        ),
        pytest.param(TABLE + "a = " + "1" * 5_000, "1:1: this is not TOML: a number has too many digits", id="digits"),
        pytest.param(TABLE + "a = " + "[" * 100_000, "1:1: arrays and tables are nested too deeply", id="depth"),
        pytest.param(TABLE + "a." * 100_000 + "a = 1", "2:2: this has more than 100 parts; shorten it", id="parts"),
        pytest.param(
            TABLE + f"exclude = '{'a' * 10_001}'",
            "2:11: “aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…” has 10,001",
            id="text",
        ),
        pytest.param(
            TABLE + f"exclude = [{'1,' * 10_001}]",
            "2:11: this has 10,001 entries; at most 10,000 are allowed",
            id="list",
        ),
        pytest.param(
            TABLE + f"exclude = [\n{'1,' * 200_000}]",
            "3:199997: this file has too many values; at most 100,000",
            id="size",
        ),
    ],
)
def test_a_file_that_is_not_toml_or_exceeds_a_limit(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = mistakes(save(tmp_path, text))
    assert found.startswith(expected), found
    assert load.find_config(tmp_path) == tmp_path / load.PYPROJECT


def test_a_file_that_is_not_utf8_or_too_large(tmp_path: Path) -> None:
    assert mistakes(save(tmp_path, b"[tool.copydesk]\na = 'b\xff'")) == [
        "2:7: this is not UTF-8; save the file as UTF-8"
    ]
    assert load.find_config(tmp_path) == tmp_path / load.PYPROJECT
    file = save(tmp_path, TABLE + "#" * 1_000_000)
    assert mistakes(file) == [" this file cannot be read: it is larger than 1,000,000 bytes, the limit for such a file"]
    assert load.find_config(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'copydesk'\n[tool.copydesk-plugin]\n[other.tool.copydesk]\n",
        "tool = 'copydesk'",
        "[project]\nname = 'copydesk\n",
        "# copydesk\n[project\n",
        b"# copydesk \xff",
        b"copydesk = '\0'",
    ],
)
def test_a_file_without_the_table_is_passed_over(tmp_path: Path, text: str | bytes) -> None:
    above = save(tmp_path, "fail-on: info\n", load.NAME)
    save(tmp_path / "a", text)
    assert load.find_config(tmp_path / "a") == above


def test_a_folder_or_pipe_of_that_name_is_passed_over(tmp_path: Path) -> None:
    above = save(tmp_path, TABLE)
    (tmp_path / "a" / load.PYPROJECT).mkdir(parents=True)
    assert load.find_config(tmp_path / "a") == above
    (tmp_path / "b").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "b" / load.PYPROJECT)
    assert load.find_config(tmp_path / "b") == above


def test_the_nearest_config_wins_and_copydesk_yaml_within_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    save(tmp_path, "fail-on: info\n", load.NAME)
    monkeypatch.chdir(inner)
    assert load.resolve_config().fail_on == "info"
    file = save(tmp_path / "a", TABLE + "fail-on = 'warning'\n")
    assert load.resolve_config().fail_on == "warning"
    assert load.resolve_config(isolated=True) == Config()
    assert not capsys.readouterr().err
    nearer = save(tmp_path / "a", "fail-on: error\n", load.NAME)
    for _ in range(2):
        assert load.find_config(inner) == nearer
    notice = "copydesk.yaml in the same folder takes precedence; delete one of them"
    assert capsys.readouterr().err == f"copydesk: [tool.copydesk] in {file} is not used: {notice}\n"
    assert load.resolve_config(str(file)).fail_on == "warning"
    assert load.resolve_config(str(save(tmp_path, TABLE + "fail-on = 'info'", "x.TOML"))).fail_on == "info"


def test_a_syntax_error_ends_the_run_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path, "[tool.copydesk]\nrules = house\n")
    assert main(["check", "--no-cache"]) == 2
    assert capsys.readouterr().err == "pyproject.toml:2:9: this is not TOML: invalid value\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_reported_only_if_it_has_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.delenv("SUDO_UID", raising=False)
    file = save(tmp_path, "[project]\nname = 'copydesk'\n")
    os.chown(file, 54321, 54321)
    assert load.find_config(work) is None
    assert not capsys.readouterr().err
    file.write_text(TABLE, "utf-8")
    assert load.find_config(work) is None
    assert f"{file} is not used: it belongs to another user (uid 54321)" in capsys.readouterr().err
    assert load.resolve_config(str(file)).file == file.as_posix()


# Commands.

CONFIG = """\
[tool.copydesk]
packs = ["leaks"]
severity = {"leaks/raw-tag" = "warning"}
[[tool.copydesk.suppressions]]
rule = "leaks"
path = "a.md"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save(tmp_path, CONFIG)
    save(tmp_path, "The tram.\n", "a.md")
    return tmp_path


def test_init_does_not_override_the_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 2
    assert capsys.readouterr().err == "copydesk: pyproject.toml has [tool.copydesk]; nothing was written\n"
    assert sorted(path.name for path in project.iterdir()) == ["a.md", "pyproject.toml"]


def test_init_next_to_a_file_without_the_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(project, "[project]\nname = 'copydesk'\n")
    assert main(["init"]) == 0
    assert "Wrote copydesk.yaml\n" in capsys.readouterr().out


def test_config_shows_positions_in_the_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "a.md"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "settings pyproject.toml default" in page
    assert "suppression leaks pyproject.toml:4:1" in page
    assert "leaks/raw-tag warning pyproject.toml:3:13" in page


def test_an_unused_suppression_is_reported_and_not_deleted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--no-cache"]) == 0
    assert (project / load.PYPROJECT).read_text("utf-8") == CONFIG
    capsys.readouterr()
    assert main(["check", "--no-cache", "--report", "plain"]) == 0
    assert "pyproject.toml:4:1: warning: Unused suppression" in capsys.readouterr().out


def test_explain_shows_hints_in_toml(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "leaks/raw-tag"]) == 0
    shown = capsys.readouterr().out.split("To suppress it")[1]
    assert "copydesk.yaml" not in shown
    hints = re.findall(r"(?m)^ +(\w+ = .*?)(?:  in .*)?$", shown)
    assert len(hints) == 4
    for hint in hints:
        assert not mistakes_in(TABLE + hint)
    assert main(["explain", "links/spam"]) == 0
    assert "Turned off here, by pyproject.toml or an option" in capsys.readouterr().out


def mistakes_in(text: str) -> list[str]:
    file = File("x")
    top = pyproject.parse(text, file, load.LIMITS)
    assert top
    load._read_top(top, os.getcwd())
    return file.mistakes


def test_the_baseline_is_next_to_the_file_and_the_cache_sees_its_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save(project / "b", "The end.</div>\n", "b.md")
    monkeypatch.chdir(project / "b")
    check = ["check", "--report", "plain"]
    assert main(check) == 1
    assert "leaks/unopened-tag" in capsys.readouterr().out
    save(project, TABLE + "ignore = ['leaks']")
    assert main(check) == 0
    assert "leaks/unopened-tag" not in capsys.readouterr().out
    save(project, CONFIG)
    assert main(["baseline", "create"]) == 0
    assert (project / "copydesk-baseline.yaml").is_file()
    assert main(check) == 0


# The same config as YAML and as TOML, in random layouts.


class Toml:
    """Writes data as TOML in a random layout, and records the offset of every key and value."""

    def __init__(self, random: Random) -> None:
        self.random, self.text = random, ""
        self.keys: dict[Keys, int] = {}
        self.values: dict[Keys, int] = {}

    def coin(self) -> bool:
        return self.random.random() < 0.5

    def blank(self) -> str:
        return self.random.choice(["", " ", " \t"])

    def table(self, names: Keys, path: Keys, data: Mapping[str, Any]) -> None:
        """Write the content of a table. `names` are its keys in headers, `path` has indexes of lists, too."""
        later = []
        for key, value in data.items():
            tables = isinstance(value, dict) or (value and isinstance(value, list) and all(map(is_table, value)))
            if tables and self.coin():
                later.append((key, value))
            else:
                self.pair(path, [], key, value)
                self.text += self.random.choice(["\n", " # = [x]\n", "\n\n\t"])
        for key, value in later:
            self.headers((*names, key), (*path, key), value)

    def headers(self, names: Keys, path: Keys, value: Any) -> None:
        for at, each in enumerate(value if isinstance(value, list) else [value]):
            own = (*path, at) if isinstance(value, list) else path
            bracket = "[[" if isinstance(value, list) else "["
            self.values.setdefault(path, len(self.text))
            self.values.setdefault(own, len(self.text))
            self.text += bracket
            self.dotted([self.of_header(names, own, number) for number in range(len(names))])
            self.text += bracket.replace("[", "]") + "\n"
            self.table(names, own, each)

    @staticmethod
    def of_header(names: Keys, path: Keys, number: int) -> Keys:
        """Return the path of the key with this number in a header."""
        texts = [at for at, part in enumerate(path) if isinstance(part, str)]
        assert len(texts) == len(names)
        return path[: texts[number] + 1]

    def dotted(self, paths: list[Keys]) -> None:
        for number, path in enumerate(paths):
            self.text += f"{'.' if number else ''}{self.blank()}"
            self.keys.setdefault(path, len(self.text))
            self.text += self.key(path[-1]) + self.blank()

    def pair(self, path: Keys, before: list[Keys], key: str, value: Any) -> None:
        own = (*path, key)
        if value and isinstance(value, dict) and self.coin():
            for number, (below, each) in enumerate(value.items()):
                if number:
                    self.text += self.between
                self.pair(own, [*before, own], below, each)
            return
        self.dotted([*before, own])
        self.text += f"={self.blank()}"
        self.value(own, value)

    between = "\n"

    def value(self, path: Keys, value: Any) -> None:
        self.values[path] = len(self.text)
        if isinstance(value, dict):
            self.text += "{"
            outer, self.between = self.between, ", "
            for number, (key, each) in enumerate(value.items()):
                self.text += ("," if number else "") + self.blank()
                self.pair(path, [], key, each)
            self.between = outer
            self.text += self.blank() + "}"
        elif isinstance(value, list):
            self.text += "["
            for number, each in enumerate(value):
                self.text += self.random.choice(["", " ", "\n", " # ]\n"])
                self.value((*path, number), each)
                self.text += "," if number + 1 < len(value) or self.coin() else ""
            self.text += "]"
        else:
            self.text += self.scalar(value)

    def scalar(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str):
            return str(value).lower()
        forms = [json.dumps(value, ensure_ascii=False)]
        if "'" not in value and "\n" not in value:
            forms += [f"'{value}'", f"'''{value}'''"]
        if not set('"\\') & set(value):
            forms += [f'"""\n{value}"""', f'"""\\\n  \n  {value}"""'] if not value[:1].isspace() else []
        return self.random.choice(forms)

    def key(self, name: str) -> str:
        if re.fullmatch("[A-Za-z0-9_-]+", name) and self.coin():
            return name
        return (
            f"'{name}'"
            if "'" not in name and "\n" not in name and self.coin()
            else json.dumps(name, ensure_ascii=False)
        )


def is_table(value: object) -> bool:
    return isinstance(value, dict)


WORDS = [
    "links",
    "leaks/raw-tag",
    "style/*",
    "error",
    "info",
    "off",
    "en",
    "zz",
    "utf-8",
    "a/**",
    "",
    "[tool.copydesk]",
]
TEXTS = st.sampled_from(WORDS) | st.text("aé😀 \t\n\"'\\#=[]{}.,0*!/", max_size=6)
SCALARS = TEXTS | st.booleans() | st.integers(-99, 99) | st.sampled_from([0.5, -1.25])
NAMES = st.sampled_from([*OVERRIDE_KEYS, *SUPPRESSION_KEYS, *WORDS[:4], "é.b"]) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES, inner, max_size=3)
        | st.lists(st.dictionaries(NAMES, inner, min_size=1, max_size=3), max_size=3)
    ),
    max_leaves=12,
)
CONFIGS = st.dictionaries(st.sampled_from([*load.KEYS, "exlude", ""]), VALUES, max_size=6)


def written(data: Mapping[str, Any], random: Random) -> Toml:
    """Write a config as the table of a file, with other tables around it."""
    toml = Toml(random)
    toml.text = random.choice(["", "# copydesk\n", "[project]\nx.'tool' = [1, {a = ']'}]\n", "tool.y.copydesk = 1\n"])
    if random.random() < 0.3 and toml.text[:4] != "tool":
        toml.text += "[tool]\n" + toml.blank()
        toml.pair(("tool",), [], "copydesk", data)
        toml.text += "\n"
    else:
        toml.headers(("tool", "copydesk"), ("tool", "copydesk"), data)
    toml.text += random.choice(["", "\n[tool.z]\nb = 1\n", "[[z]]\n[z.y]\n[[z]]\n[z.y]\n"])
    return toml


def nodes(node: yaml.Node, path: Keys) -> Iterator[tuple[str, Keys, yaml.Node]]:
    yield "value", path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield "key", (*path, key.value), key
            yield from nodes(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from nodes(value, (*path, number))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(CONFIGS, st.integers(0, 1 << 30))
def test_every_key_and_value_is_found_where_it_was_written(data: dict[str, Any], seed: int) -> None:
    toml = written(data, Random(seed))
    assert tomllib.loads(toml.text)["tool"]["copydesk"] == data, toml.text
    file = File("x")
    top = pyproject.parse(toml.text, file, load.LIMITS)
    assert top, file.mistakes
    lines = toml.text.split("\n")
    for kind, path, node in nodes(top.node, ("tool", "copydesk")):
        expected = toml.keys[path] if kind == "key" else toml.values.get(path, toml.keys.get(path))
        line, column = node.start_mark.line, node.start_mark.column
        assert sum(len(one) + 1 for one in lines[:line]) + column == expected, (kind, path, toml.text)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(CONFIGS, st.integers(0, 1 << 30))
def test_the_same_settings_mean_the_same_in_yaml_and_in_toml(tmp_path: Path, data: dict[str, Any], seed: int) -> None:
    toml = written(data, Random(seed)).text
    ordered = tomllib.loads(toml)["tool"]["copydesk"]  # tables come after other keys
    files = save(tmp_path, toml), save(tmp_path, json.dumps(ordered, ensure_ascii=False), load.NAME)
    (config, wrong), (expected, expected_wrong) = map(outcome, files)
    assert wrong == expected_wrong
    assert config == expected


def outcome(file: Path) -> tuple[Any, list[str]]:
    """Return a config and its mistakes, both without positions."""
    try:
        return plain(load.read_config(file)._replace(text="")), []
    except BadConfig as bad:
        return plain(bad.config and bad.config._replace(text="")), [
            re.sub(r"^.*?:\d+:\d+: |on line \d+", "", mistake) for mistake in bad.mistakes
        ]


def plain(value: Any) -> Any:
    """Return a value as lists, without positions."""
    if isinstance(value, Value):
        return [
            (kind, path, node.tag, isinstance(node.value, str) and node.value)
            for kind, path, node in nodes(value.node, ())
        ]
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return [(key, plain(each)) for key, each in value.items()]
    if is_dataclass(value):
        names = [field.name for field in fields(value)]
        return [(name, plain(getattr(value, name))) for name in names if name not in ("line", "last")]
    return re.sub(r"^\S*(?:\.toml|\.yaml)(?::\d+:\d+)?$", "", value) if isinstance(value, str) else value


FRAGMENTS = r"""[tool.copydesk] [[tool.copydesk.a]] [tool] copydesk tool . a b = a= b= .b= 1 1.5 'x' "y" [1,[2]] {a=1}
 ' " \ [ ] { } , # true 07:32:00""".split()
FRAGMENTS += ['"""', "'''", "\n", "\n\n", "1\n", "'x'\n", "1979-05-27 ", "1979-05-27\n", "[[tool.copydesk.b]]\n"]


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=20).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    text = TABLE + text
    file = File("x")
    assert pyproject.has_table(text.encode())
    top = pyproject.parse(text, file, yaml_file.DEFAULT_LIMITS)
    assert (top is None) == bool(file.mistakes)
    for kind, path, node in nodes(top.node, ()) if top else ():
        if kind == "value" and isinstance(node, yaml.ScalarNode):
            behind = text.split("\n", node.start_mark.line)[-1][node.start_mark.column :]
            assert scalar_at(behind) == value_of(tomllib.loads(text)["tool"]["copydesk"], path), (path, text)


def value_of(content: Any, path: Keys) -> Any:
    for key in path:
        content = content[key]
    return content


def scalar_at(text: str) -> Any:
    """Return the longest scalar that a text begins with."""
    for end in range(len(text), 0, -1):
        if "\n" not in text[:end] or text.startswith(('"""', "'''")):
            try:
                return tomllib.loads(f"x={text[:end]}")["x"]
            except tomllib.TOMLDecodeError:
                continue
    raise AssertionError(text)
