"""Bundles: a linter as bytes that any machine opens."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linter import bundle
from linter.api import Linter
from linter.article_linter import ArticleLinter
from linter.config import packs
from linter.config.config import BadConfig, RunOptions
from linter.finding import Finding
from linter.rule import BadRule

ROOT = Path(__file__).parent.parent
CONFIG = """\
rules: [house]
packs: [style, spacing, names, links]
ignore: [style/ferry]
severity: {style/tram: error}
options: {style/bus: {phrases+: [omnibus]}}
preview: true
paths: [articles]
exclude: [drafts/]
language: {'fr/**': fr}
encoding: {'old/*.txt': windows-1252}
overrides:
  - {path: letters/**, severity: {style/bus: info}}
  - {metadata: {section: opinion}, ignore: spacing}
suppressions:
  - {path: old/, rule: style/tram, reason: history}
"""
RULE = """\
id: {word}
summary: s.
severity: warning
check: phrases
phrases: [{word}]
message: No “{{match}}”.
"""
TEXT = "The {word} is late.It is full, as vladimir Putin of the ferry said.\n"
ARTICLES = {
    f"{folder}{name}": f"{head}{TEXT.format(word=word)}"
    for folder in ("", "letters/", "old/", "fr/")
    for name, word, head in (
        ("a.md", "tram", ""),
        ("b.html", "bus", "<p>"),
        ("c.md", "omnibus", "---\nsection: opinion\n---\n"),
        ("d.txt", "cafe", ""),
    )
}
PROGRAM = """\
import json, sys
from linter import Linter
given = json.load(sys.stdin)
linter = Linter.from_bundle(bytes.fromhex(given["bundle"]))
found = {path: linter.check(text, path=path, kind=kind) for path, (text, kind) in given["articles"].items()}
print(json.dumps([found, [rule.name for rule in linter.rules], linter.bundle().hex(), linter.explain("style/bus")]))
"""
KINDS = {".md": "markdown", ".html": "html", ".txt": "text"}


def project(folder: Path, config: str = CONFIG, name: str = "copydesk.yaml") -> Path:
    for word in ("tram", "bus", "ferry"):
        file = folder / "house" / "style" / f"{word}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(RULE.format(word=word), "utf-8")
    (folder / name).write_text(config, "utf-8")
    (folder / "words.txt").write_text("# allowed\nvladimir  # in our pages\n", "utf-8")
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a config, rules and words."""
    folder = project(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


def kind_of(path: str) -> str:
    return KINDS[os.path.splitext(path)[1]]


def rules(linter: ArticleLinter) -> list[tuple[object, ...]]:
    """Return the configured values of the rules that are on."""
    return [
        (rule.name, rule.severity, rule.kind, str(rule.options), rule.message, sorted(rule.words.right))
        for rule in linter.rules
    ]


def findings(linter: Linter) -> dict[str, list[Finding]]:
    return {path: linter.check(text, path=path, kind=kind_of(path)) for path, text in ARTICLES.items()}


def test_another_machine_finds_the_same(here: Path, tmp_path: Path) -> None:
    linter = Linter()
    data = linter.bundle()
    expected = findings(linter)
    seen = {(finding.rule, finding.severity) for found in expected.values() for finding in found}
    assert {("style/tram", "error"), ("style/bus", "warning"), ("style/bus", "info")} <= seen
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    articles = {path: (text, kind_of(path)) for path, text in ARTICLES.items()}
    given = json.dumps({"bundle": data.hex(), "articles": articles})
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=given, capture_output=True, text=True, cwd=elsewhere, env=environment
    )
    assert run.stderr == ""
    found, names, again, explained = json.loads(run.stdout)
    assert found == json.loads(json.dumps(expected))
    assert names == [rule.name for rule in linter.rules]
    assert again == data.hex()
    assert explained == linter.explain("style/bus")
    assert list(elsewhere.iterdir()) == []


def test_files_are_read_with_the_encoding_and_the_language_of_the_bundle(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linter = Linter()
    for folder in (here, tmp_path / "elsewhere"):
        for path, text in ARTICLES.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        (folder / "old" / "e.txt").write_bytes(b"A \x93tram\x94, a bus\x85 late.\n")
    expected = linter.check_paths(["."])
    data = linter.bundle()
    monkeypatch.chdir(tmp_path / "elsewhere")
    other = Linter.from_bundle(data)
    assert other.check_paths(["."])._replace(passed_over=1) == expected
    assert [finding.text for finding in expected.findings if finding.path == "old/e.txt"] == ["bus"]
    assert other.fix("It is late.It is full.", path="a.md") == linter.fix("It is late.It is full.", path="a.md")


def test_equal_settings_give_equal_bundles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundles = []
    for name in ("one", "two/three"):
        folder = project(tmp_path / name)
        (folder / "inner").mkdir()
        for where, options in ((folder, {}), (folder, {"config": folder / "copydesk.yaml"}), (folder / "inner", {})):
            monkeypatch.chdir(where)
            bundles.append(Linter(**options).bundle())
    assert bundles[0] == bundles[1] == bundles[3] == bundles[4]
    assert bundles[2] == bundles[5] != bundles[0]
    assert bundle.digest(bundles[0]) == bundle.digest(bundles[3]) != bundle.digest(bundles[2])
    for data in bundles:
        assert not any(part in data.decode() for part in (str(tmp_path), str(ROOT), "one", "three"))
        content = json.loads(data)
        assert not any(map(os.path.isabs, [content["config"][0], *content["rules"]]))
    assert json.loads(bundles[2])["config"][0] == "../copydesk.yaml"
    assert [*json.loads(bundles[2])["rules"]] == [f"../house/style/{word}.yaml" for word in ("bus", "ferry", "tram")]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"copydesk.yaml": "rules: [house]\n"}, id="the config"),
        pytest.param({"words.txt": "Putin\n"}, id="words.txt"),
        pytest.param({"house/style/bus.yaml": RULE.format(word="bus") + "why: w.\n"}, id="a rule"),
        pytest.param({"house/style/metro.yaml": RULE.format(word="metro")}, id="another rule"),
    ],
)
def test_other_settings_give_another_bundle(here: Path, change: dict[str, str]) -> None:
    before = Linter().bundle()
    for name, text in change.items():
        (here / name).write_text(text, "utf-8")
    assert Linter().bundle() != before


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"select": ["style/tram", "spacing"]}, id="select"),
        pytest.param({"ignore": ["style"]}, id="ignore"),
        pytest.param({"isolated": True}, id="isolated"),
        pytest.param({"isolated": True, "rule_folders": ["house"]}, id="a folder of packs"),
        pytest.param({"isolated": True, "rule_folders": ["house"], "select": ["style/*"]}, id="a glob"),
    ],
)
def test_options_are_in_the_bundle(here: Path, options: dict[str, Any]) -> None:
    linter = Linter(**options)
    assert linter.bundle() != Linter().bundle()
    other = Linter.from_bundle(linter.bundle())
    assert rules(other) == rules(linter)
    assert findings(other) == findings(linter)


@pytest.mark.parametrize("options", [RunOptions(preview=True, isolated=True), RunOptions(no_suppressions=True)])
def test_options_of_the_command_line_are_in_the_bundle(here: Path, options: RunOptions) -> None:
    linter = Linter.of(options)
    other = Linter.from_bundle(linter.bundle())
    assert (other.options, rules(other)) == (options, rules(linter))
    assert findings(other) == findings(linter)


def test_rules_are_found_from_inside_a_pack(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "house" / "style")
    linter = Linter(isolated=True, rule_folders=[".."])
    assert "../style/tram.yaml" in json.loads(linter.bundle())["rules"]
    assert rules(Linter.from_bundle(linter.bundle())) == rules(linter)
    monkeypatch.chdir(here / "house")
    assert "style/tram.yaml" in json.loads(Linter(isolated=True, rule_folders=["."]).bundle())["rules"]


def test_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project(tmp_path, '[tool.copydesk]\nrules = ["house"]\nselect = "style"\r\n', "pyproject.toml"))
    linter = Linter()
    other = Linter.from_bundle(linter.bundle())
    assert other.config.file == "pyproject.toml"
    assert (findings(other), rules(other)) == (findings(linter), rules(linter))


def test_a_bundle_of_a_bundle_is_the_same(here: Path) -> None:
    linter = Linter()
    data = linter.bundle()
    other = Linter.from_bundle(data)
    assert other.bundle() == data
    assert bundle.dump(other.config, ()) != data  # which has no rules
    assert bundle.dump(Linter(isolated=True).config, ()) == Linter(isolated=True).bundle()
    for each in (linter, other):
        unpickled = pickle.loads(pickle.dumps(each))
        assert (unpickled.bundle(), rules(unpickled)) == (data, rules(linter))
    assert (other.is_portable, other.config.files, other.config.paths, other.config.rule_folders) == (True, (), (), ())


def test_places_are_those_of_the_original_files(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "inner").mkdir()
    monkeypatch.chdir(here / "inner")
    data = Linter().bundle()
    config = ArticleLinter.from_bundle(data).config
    assert config.overrides[0].place == "../copydesk.yaml:12:5"
    broken = remade(data, rules={"../house/style/tram.yaml": RULE.format(word="tram") + "what: 1\n"})
    with pytest.raises(BadConfig) as bad:
        Linter.from_bundle(broken)
    assert "../house/style/tram.yaml:7:1: unknown key “what”" in "\n".join(bad.value.mistakes)
    with pytest.raises(BadConfig, match=r"\A\.\./copydesk\.yaml:1:1: unknown key “exlude”; did you mean “exclude”\?\Z"):
        Linter.from_bundle(remade(data, config=["../copydesk.yaml", "exlude: a"]))


def test_unused_suppressions_and_the_baseline(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    for folder in (here, elsewhere):
        (folder / "old").mkdir(parents=True)
        (folder / "old" / "a.md").write_text("Late.It is full.\n", "utf-8")
    linter = Linter()
    expected = linter.check_paths(["."])
    assert "copydesk/unused-suppression" in {finding.rule for finding in expected.findings}
    data = linter.bundle()
    monkeypatch.chdir(elsewhere)
    (elsewhere / "copydesk.yaml").write_text("another: config\n", "utf-8")
    assert Linter.from_bundle(data).check_paths(["."])._replace(passed_over=1) == expected
    (elsewhere / "copydesk-baseline.yaml").write_text("version: 0\n", "utf-8")
    with pytest.raises(BadConfig, match=r"copydesk-baseline\.yaml"):
        Linter.from_bundle(data).check_paths(["."])


def test_the_cache_key_depends_on_the_bundle_and_the_folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Linter().bundle()
    digests = [Linter.from_bundle(data).digest, Linter.from_bundle(Linter(select=["style"]).bundle()).digest]
    assert Linter.from_bundle(data).digest == digests[0]
    monkeypatch.chdir(here.parent)
    digests.append(Linter.from_bundle(data).digest)
    assert len({*digests}) == 3


def test_changed_rule_files_are_noticed(here: Path) -> None:
    linter = Linter()
    file = here / "house" / "style" / "bus.yaml"
    (here / "copydesk.yaml").write_text("ignore: [style]\n", "utf-8")  # of which the linter has a copy
    text = json.loads(linter.bundle())["config"][1]
    assert text == CONFIG
    for change in (lambda: file.write_text(RULE.format(word="metro"), "utf-8"), file.unlink):
        change()
        with pytest.raises(BadConfig, match="the rule files have changed since the linter was created"):
            linter.bundle()


def test_a_bundle_has_a_largest_size(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linter = Linter()
    monkeypatch.setattr(bundle, "LIMIT", len(linter.bundle()) - 1)
    with pytest.raises(BadConfig, match="too large for a bundle of"):
        linter.bundle()


def test_given_rules_have_no_bundle() -> None:
    linter = Linter(isolated=True)
    with pytest.raises(TypeError, match="has no bundle and cannot be pickled"):
        Linter(rules=linter.rules).bundle()


@pytest.mark.parametrize("key", ["version", "code"])
def test_a_bundle_of_another_copydesk_is_refused(key: str) -> None:
    data = remade(Linter(isolated=True).bundle(), **{key: "9.9"})
    with pytest.raises(BadConfig, match=r"made by copydesk .* with other code; this is .*: install the same version"):
        Linter.from_bundle(data)


def test_the_digest_of_the_code_depends_on_content_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bundle._code()
    rules = tmp_path / "rules" / "leaks"
    rules.mkdir(parents=True)
    monkeypatch.setattr(bundle, "shipped_folder", lambda: str(tmp_path / "rules"))
    (rules / "a.yaml").write_text("id: a\n", "utf-8")
    one = bundle._code()
    os.utime(rules / "a.yaml", (0, 0))
    assert bundle._code() == one != before
    (rules / "a.yaml").rename(rules / "b.yaml")
    assert bundle._code() != one
    package = tmp_path / "package"
    (package / "data").mkdir(parents=True)
    monkeypatch.setattr(bundle, "_PACKAGE", package)
    other = bundle._code()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert bundle._code() == other
    (package / "a.py").write_bytes(b"x")
    assert bundle._code() != other


def remade(data: bytes, **values: object) -> bytes:
    """Return a bundle with other values and a correct checksum."""
    content = {**json.loads(data), **values}
    del content["checksum"]
    text = json.dumps(content, separators=(",", ":")).encode()
    return text[:-1] + f',"checksum":"{bundle.digest(text)}"}}'.encode()


SMALL = Linter(isolated=True, select=["spacing/after-stop"]).bundle()


def test_a_remade_bundle_is_a_bundle() -> None:
    """Otherwise, the tests below would not test what they say."""
    assert remade(SMALL) == SMALL
    assert Linter.from_bundle(remade(SMALL, words=["tram"])).config.words.right == {"tram"}


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"config": ["/etc/copydesk.yaml", ""]}, id="an absolute path"),
        pytest.param({"config": ["", ""]}, id="no path"),
        pytest.param({"config": ["a\0b", ""]}, id="U+0000 in a path"),
        pytest.param({"config": ["a.yaml", "\ud800"]}, id="a lone surrogate"),
        pytest.param({"config": ["a.yaml", "a: [" * 2000]}, id="nested lists in the config"),
        pytest.param({"config": ["a.toml", "a = [" * 2000]}, id="nested arrays in the config"),
        pytest.param({"config": ["a.yaml", "ignore: [*a]"]}, id="an alias"),
        pytest.param({"config": ["a.yaml"]}, id="no text"),
        pytest.param({"config": "a.yaml"}, id="text instead of a list"),
        pytest.param({"rules": {"tram.yaml": RULE}}, id="a rule without a pack"),
        pytest.param({"rules": {"house/style/tram": RULE}}, id="a rule without a suffix"),
        pytest.param({"rules": {"house/Style/tram.yaml": RULE}}, id="a pack with a wrong name"),
        pytest.param({"rules": {"/house/style/tram.yaml": RULE}}, id="an absolute path of a rule"),
        pytest.param({"rules": {"a/b/c.yaml": ""}}, id="an empty rule"),
        pytest.param({"rules": {"a/b/c.yaml": 1}}, id="a number instead of a rule"),
        pytest.param({"rules": []}, id="a list of rules"),
        pytest.param({"words": [1]}, id="a number instead of a word"),
        pytest.param({"words": None}, id="no words"),
        pytest.param({"options": [["house"], None, False, [], [], False, False, ""]}, id="a folder of packs"),
        pytest.param({"options": [[], "a.yaml", False, [], [], False, False, ""]}, id="the path of a config"),
        pytest.param({"options": [[], None, False, [], [], False, False, "/"]}, id="a folder"),
        pytest.param({"options": [[], None, False, ["no/such"], [], False, False, ""]}, id="an unknown rule"),
        pytest.param({"options": [[], None, 0, [], [], False, False, ""]}, id="a number instead of a bool"),
        pytest.param({"version": "\x1b[31m"}, id="a control character in the version"),
        pytest.param({"version": "1" * 100}, id="a long version"),
        pytest.param({"bundle": 2}, id="another format"),
        pytest.param({"bundle": True}, id="a bool instead of a number"),
        pytest.param({"more": 1}, id="another key"),
    ],
)
def test_a_hostile_bundle_is_refused(
    values: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadConfig) as bad:
        Linter.from_bundle(remade(SMALL, **values))
    assert all(bad.value.mistakes)
    assert "\x1b" not in str(bad.value)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"1", b"\xff", b"[" * 100_000, SMALL + b" ", b" " + SMALL, SMALL * 2, b"NaN"]
)
def test_what_is_not_a_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(BadConfig, match="this is not a bundle of copydesk, or it is damaged"):
        Linter.from_bundle(data)


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_bundle_is_refused(data: st.DataObject) -> None:
    """Any change of the bytes is noticed."""
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(SMALL))] * 2)))
    damaged = SMALL[:start] + data.draw(st.binary(max_size=8)) + SMALL[end:]
    if damaged != SMALL:
        with pytest.raises(BadConfig):
            bundle.open_bundle(damaged)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5) | st.sampled_from(["a.yaml", RULE, CONFIG]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from([*json.loads(SMALL)][:-1]), JSON, min_size=1))
def test_no_value_leads_to_another_exception(values: dict[str, object]) -> None:
    with suppress(BadConfig):
        bundle.open_bundle(remade(SMALL, **values))


PATHS = st.lists(
    st.sampled_from(["..", "house", "style", "tram.yaml", "", ".", "a:b", "C:", "\\", "\ud800"]), max_size=5
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(PATHS.map("/".join), st.sampled_from([RULE.format(word="tram"), "", "id: 1", "\ud800", "a: *b &b"]))
def test_no_rule_leads_to_another_exception(path: str, text: str) -> None:
    with suppress(BadConfig, BadRule):
        _, texts, _ = bundle.open_bundle(remade(SMALL, rules={path: text}))
        packs.load_packs((), texts=texts)
