"""Completion and descriptions in configs and rule files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.checks import check_kinds
from linter.config import load, overrides, packs, rule_file
from linter.document import SCOPES
from linter.lsp.completion import Completion, complete, describe
from linter.lsp.key_guide import Kind
from linter.lsp.yaml_outline import Path as YamlPath
from linter.lsp.yaml_outline import outline

ROOT = Path(__file__).parent.parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the fast one, if PyYAML has it
RULES = packs.load_packs([])
FILES = [path.read_text("utf-8") for path in sorted((ROOT / "rules").glob("*/*.yaml"))]
DOCS = [
    block
    for file in sorted((ROOT / "docs").glob("*.md"))
    for block in re.findall(r"(?s)```yaml\n(.*?)```", file.read_text("utf-8"))
]
assert len(FILES) > 400
assert len(DOCS) > 20
EXAMPLE_KEYS = ["text", "as", "encoded", "fixed", "articles", "files"]

PIECES = ["\r", "- ", ": ", "{", "[", "'", "|", ">-\n", "]"]


def at_cursor(marked: str, kind: Kind) -> list[Completion]:
    """Return the completions at the mark “|” in a text."""
    offset = marked.index("|")
    return complete(marked.replace("|", "", 1), offset, kind, RULES)


def labels(marked: str, kind: Kind) -> list[str]:
    return [each.label for each in at_cursor(marked, kind)]


def completed(marked: str, label: str, kind: Kind) -> str:
    """Return the text after one of the completions at the mark “|”."""
    text = marked.replace("|", "", 1)
    [one] = [each for each in at_cursor(marked, kind) if each.label == label]
    return text[: one.start] + one.insert + text[one.end :]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("|", list(load.KEYS), id="an empty file"),
        pytest.param("# comment\n|\n", list(load.KEYS), id="after a comment"),
        pytest.param("\ufeff|", list(load.KEYS), id="after a byte-order mark"),
        pytest.param("pa|\npacks: leaks\n", [key for key in load.KEYS if key != "packs"], id="before other keys"),
        pytest.param("packs: leaks\npa|", [key for key in load.KEYS if key != "packs"], id="after other keys"),
        pytest.param("pa|cks: leaks", list(load.KEYS), id="in a key"),
        pytest.param("overrides:\n  - |", list(overrides.OVERRIDE_KEYS), id="a new override"),
        pytest.param("overrides:\n- |", list(overrides.OVERRIDE_KEYS), id="a new override, not indented"),
        pytest.param("overrides:\n  |", list(overrides.OVERRIDE_KEYS), id="no override yet"),
        pytest.param("overrides:\n  - path: a\n    |", list(overrides.OVERRIDE_KEYS[1:]), id="an override"),
        pytest.param(
            "overrides:\n  - path: a\n    metadata: {}\n    select: a\n  - |\n",
            list(overrides.OVERRIDE_KEYS),
            id="another",
        ),
        pytest.param("suppressions: [{|}]", list(overrides.SUPPRESSION_KEYS), id="a suppression in braces"),
        pytest.param("suppressions: [{path: a, |", ["rule", "text", "reason"], id="braces without an end"),
        pytest.param("fail-on: |", ["error", "warning", "info"], id="a severity"),
        pytest.param("fail-on: '|'", ["error", "warning", "info"], id="a severity in quotation marks"),
        pytest.param("severity:\n  leaks: |\n", ["error", "warning", "info", "off"], id="a severity of a pack"),
        pytest.param("severity: {leaks: |}", ["error", "warning", "info", "off"], id="a severity in braces"),
        pytest.param("preview: |", ["true", "false"], id="a Boolean value"),
        pytest.param("suppression-reasons: |", ["required", "optional"], id="another value"),
        pytest.param(
            "options:\n  leaks/raw-tag:\n    |", ["state", "not_about", "message", "not_about+"], id="options of a rule"
        ),
        pytest.param("paths: |", [], id="any text"),
        pytest.param("fail-on: error # |", [], id="a comment"),
        pytest.param("exclude: 'a\n  |'", [], id="a text of two lines"),
        pytest.param("fail-on: error\n  |", [], id="no place for a key"),
        pytest.param("exclude: >\n  packs\n  |", [], id="a block scalar"),
    ],
)
def test_completions_in_a_config(text: str, expected: list[str]) -> None:
    assert labels(text, "config") == expected


@pytest.mark.parametrize(
    "text",
    [
        "ignore: |",
        "ignore: [leaks, |]",
        "select:\n  - names\n  - le|",
        "select:\n  |",
        "overrides: {ignore: |",
        "suppressions:\n  - path: a\n    rule: le|\n    text: b\n",
        "severity: {|",
        "overrides:\n  - severity:\n      |",
    ],
)
def test_names_of_rules_and_packs_are_completed(text: str) -> None:
    found = at_cursor(text, "config")
    assert {each.label for each in found} == {name for rule in RULES for name in (rule.name, rule.pack)}
    assert {each.category for each in found} == {"rule"}
    by_name = {each.label: each for each in found}
    assert by_name["leaks/raw-tag"].detail == "HTML tags showing as text"
    assert by_name["copydesk"].detail == f"pack of {sum(rule.pack == 'copydesk' for rule in RULES)} rules"


def test_packs_takes_packs_and_options_takes_rules() -> None:
    assert set(labels("packs: [|]", "config")) == {rule.pack for rule in RULES}
    assert set(labels("options:\n  |", "config")) == {rule.name for rule in RULES}


def test_a_key_with_the_name_of_a_pack_is_a_key() -> None:
    assert "encoding" in {rule.pack for rule in RULES}
    assert {each.category for each in at_cursor("|", "config")} == {"key"}


def test_a_rule_has_the_options_of_its_check() -> None:
    assert {*check_kinds()} <= {*labels("check: |", "rule")}
    expected, found = {}, {}
    for kind in check_kinds():
        own = rule_file.options_of_kind(kind)
        expected[kind] = {*rule_file.KEYS_BEFORE_CHECK, *rule_file.KEYS_AFTER_CHECK, *own} - {"check"}
        found[kind] = {each.label for each in at_cursor(f"check: {kind}\n|", "rule") if each.documentation}
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("|", [*rule_file.KEYS_BEFORE_CHECK, *rule_file.KEYS_AFTER_CHECK], id="no check yet"),
        pytest.param("severity: |", ["error", "warning", "info"], id="a severity"),
        pytest.param("scope: |", sorted(SCOPES), id="one scope"),
        pytest.param("scope: [code, |]", sorted(SCOPES), id="a list of scopes"),
        pytest.param("not_scope:\n  - |", sorted(SCOPES), id="a list of scopes on lines"),
        pytest.param("enabled: |", ["true", "false"], id="a Boolean value"),
        pytest.param("format: |", ["any", "markdown", "html", "text"], id="a format"),
        pytest.param("fix:\n  |", ["replace", "safe"], id="a fix"),
        pytest.param("fix:\n  |\n  safe: true\n", ["replace"], id="a fix, before another key"),
        pytest.param("fix: {safe: |}", ["true", "false"], id="a value in braces"),
        pytest.param("fix: |", [], id="a mapping cannot begin here"),
        pytest.param("bad:\n  - |", EXAMPLE_KEYS, id="an example"),
        pytest.param("good:\n  |", EXAMPLE_KEYS, id="no example yet"),
        pytest.param("bad:\n  - text: >\n      a: b\n    |", EXAMPLE_KEYS[1:], id="after a block scalar"),
        pytest.param("bad:\n  - articles:\n      - |", EXAMPLE_KEYS[:4], id="an article of an example"),
        pytest.param(
            "bad:\n  - text: a\n    as: |", ["markdown", "html", "text", "wordpress"], id="a format of an example"
        ),
    ],
)
def test_completions_in_a_rule(text: str, expected: list[str]) -> None:
    assert labels(text, "rule") == expected


@pytest.mark.parametrize(
    ("text", "label", "kind", "expected"),
    [
        pytest.param("se|", "select", "config", "select: ", id="a key"),
        pytest.param("se|lec: a", "select", "config", "select: a", id="a key with a colon"),
        pytest.param("{'se|': a", "select", "config", "{'select': a", id="a key in quotation marks"),
        pytest.param("|", "severity", "config", "severity:\n  ", id="a mapping"),
        pytest.param("packs: a\r\n|", "severity", "config", "packs: a\r\nseverity:\r\n  ", id="other line ends"),
        pytest.param("|", "overrides", "config", "overrides:\n  - ", id="a list of mappings"),
        pytest.param("overrides:\n  - |", "options", "config", "overrides:\n  - options:\n      ", id="in a list"),
        pytest.param("overrides:\n  |", "options", "config", "overrides:\n  - options:\n      ", id="a new list"),
        pytest.param("overrides: [{|}]", "options", "config", "overrides: [{options: }]", id="in braces"),
        pytest.param("ignore:\n  l|", "leaks", "config", "ignore:\n  - leaks", id="a name in a new list"),
        pytest.param("ignore: ['l|']", "leaks", "config", "ignore: ['leaks']", id="a name in quotation marks"),
        pytest.param("ignore: leaks/ra|w-tag", "leaks/raw-tag", "config", "ignore: leaks/raw-tag", id="in a name"),
        pytest.param("fail-on: er|ror # x", "info", "config", "fail-on: info # x", id="a value before a comment"),
        pytest.param("check: swap\n|", "swap", "rule", "check: swap\nswap:\n  ", id="a mapping of a check"),
        pytest.param("check: pattern\n|", "pattern", "rule", "check: pattern\npattern: ", id="a text of a check"),
        pytest.param("|", "bad", "rule", "bad:\n  - ", id="examples"),
    ],
)
def test_the_text_after_a_completion(text: str, label: str, kind: Kind, expected: str) -> None:
    assert completed(text, label, kind) == expected


SWAP = "check: swap\nswap: {a: b}\n"


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(f"{SWAP}message: 'No {{|'", "rule", "match right", id="after a brace"),
        pytest.param(f"{SWAP}message: 'No {{ma|tch}}'", "rule", "match right", id="in a value"),
        pytest.param(f"{SWAP}message: 'No {{|\nbad: x\n", "rule", "match right", id="no quotation mark at the end"),
        pytest.param(f"{SWAP}message: >\n  No {{|\nbad: x\n", "rule", "match right", id="a block scalar"),
        pytest.param("check: pattern\npattern: '(?<word>a)'\nmessage: '{|'", "rule", "match word", id="a named group"),
        pytest.param("check: pattern\npattern: '(a'\nmessage: '{|'", "rule", "match", id="a wrong pattern"),
        pytest.param("check: pattern\npattern: '(a){9999}'\nmessage: '{|'", "rule", "match", id="a large pattern"),
        pytest.param("check: sawp\nmessage: '{|'", "rule", "match", id="a wrong check"),
        pytest.param("message: '{|'", "rule", "match", id="no check"),
        pytest.param("options: {names/proper-noun: {message: '{|'}}", "config", None, id="a config"),
    ],
)
def test_values_of_messages(text: str, kind: Kind, expected: str | None) -> None:
    if expected is None:
        [rule] = [rule for rule in RULES if rule.name == "names/proper-noun"]
        names = sorted({"match", *getattr(rule.check, "values", ())})
        assert len(names) > 1
    else:
        names = expected.split()
    assert labels(text, kind) == [f"{{{name}{form}}}" for name in names for form in ("", ":start", ":end")]


def test_a_replacement_uses_whole_values() -> None:
    assert labels(f"{SWAP}fix:\n  replace: '{{|'", "rule") == ["{match}", "{right}"]


def test_a_value_replaces_the_rest_of_the_old_one() -> None:
    assert completed(f"{SWAP}message: 'No {{ma|t:start}}.'", "{right}", "rule") == f"{SWAP}message: 'No {{right}}.'"


@pytest.mark.parametrize("text", ["message: 'No |'", "message: '{{|'", "message: '{match}|'", "why: '{|'"])
def test_values_are_completed_only_after_a_brace(text: str) -> None:
    assert labels(text, "rule") == []


@pytest.mark.parametrize(
    ("text", "kind", "span", "start"),
    [
        ("fail|-on: error", "config", "fail-on", "The severity from which"),
        ("overrides:\n  - 'pa|th': a", "config", "path", "Files that it applies to"),
        ("ignore: [leaks/raw|-tag]", "config", "leaks/raw-tag", "**leaks/raw-tag**: HTML tags showing as text\n\n"),
        ("severity: {le|aks: error}", "config", "leaks", "The pack **leaks**:\n\n- `leaks/"),
        ("options:\n  leaks/raw|-tag: {}", "config", "leaks/raw-tag", "**leaks/raw-tag**"),
        ("options: {leaks/raw-tag: {st|ate: a}}", "config", "state", "Option of `tag`. "),
        ("options: {leaks/raw-tag: {not_ab|out+: a}}", "config", "not_about+", "Phrases: the rule is silent"),
        ("not_ab|out: a", "rule", "not_about", "Phrases: the rule is silent"),
        ("check: sw|ap", "rule", "swap", "Words and phrases to replace with others."),
        ("check: swap\nsw|ap: {}", "rule", "swap", "Option of `swap`. "),
        ("bad:\n  - te|xt: a", "rule", None, None),
        ("fail-on: er|ror", "config", None, None),
        ("paths: le|aks", "config", None, None),
        ("fail-on: error # le|aks", "config", None, None),
        ("wr|ong: leaks", "config", None, None),
    ],
)
def test_descriptions(text: str, kind: Kind, span: str | None, start: str | None) -> None:
    offset = text.index("|")
    text = text.replace("|", "", 1)
    found = describe(text, offset, kind, RULES)
    if span is None or start is None:
        assert found is None
    else:
        assert found is not None
        assert (text[found[0] : found[1]], found[2][: len(start)]) == (span, start)


def nodes(node: Any, path: YamlPath = ()) -> list[tuple[YamlPath, int, bool]]:
    """Return the path and offset of each key and scalar in a PyYAML node, and whether it is a key."""
    if isinstance(node, yaml.SequenceNode):
        return [found for number, each in enumerate(node.value) for found in nodes(each, (*path, number))]
    if isinstance(node, yaml.MappingNode):
        found = []
        for key, value in node.value:
            own = (*path, key.value)
            found += [(own, key.start_mark.index, True), *nodes(value, own)]
        return found
    is_plain = node.style not in ("|", ">") and node.end_mark.index > node.start_mark.index
    return [(path, node.start_mark.index, False)] if is_plain else []


def test_the_outline_of_valid_yaml_is_exact() -> None:
    wrong = []
    for text in [*FILES, *DOCS]:
        found = [
            (part.path, part.start - part.is_quoted, part.is_key)
            for part in outline(text)
            if part.is_key or part.text.count("\n") == 0 or part.is_quoted
        ]
        expected = nodes(yaml.compose(text, Loader=LOADER))
        keys = [[each for each in some if each[2]] for some in (found, expected)]
        among = set(expected)
        if [each for each in found if each in among] != expected or keys[0] != keys[1]:
            wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_does_not_take_long(opening: str) -> None:
    for text in (opening * 100_000, "".join(f"{' ' * depth}{opening}a:\n" for depth in range(1_000))):
        assert len(outline(text)) < 5_000


def test_a_text_of_more_than_a_million_characters_is_not_read() -> None:
    assert outline("a: b\n" + " " * 999_995)
    assert outline("a: b\n" + " " * 999_996) == []


@pytest.mark.slow
@given(st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_files_are_completed_and_described(data: st.DataObject) -> None:
    kind: Kind = data.draw(st.sampled_from(("config", "rule")))
    text = data.draw(st.sampled_from(FILES[::10] if kind == "rule" else DOCS))
    start = data.draw(st.integers(0, len(text)))
    new = data.draw(
        st.one_of(st.text(max_size=4), st.sampled_from(["\r", "- ", ": ", "{", "[", "'", "|", ">-\n", "]"]))
    )
    text = text[:start] + new + (text[start + 1 :] if data.draw(st.booleans()) else "")
    for offset in {0, start, start + len(new), len(text), data.draw(st.integers(0, len(text)))}:
        offset = min(offset, len(text))
        for each in complete(text, offset, kind, RULES):
            assert 0 <= each.start <= offset <= each.end <= len(text)
            assert each.insert.strip().removeprefix("- ").startswith(each.label)
        described = describe(text, offset, kind, RULES)
        assert described is None or 0 <= described[0] <= offset < described[1] <= len(text)
