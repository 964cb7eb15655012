"""The rule files of styles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.config.yaml_file import File
from linter.vale.config_file import read_vale_config
from linter.vale.definition import Action, BadOption, Definition
from linter.vale.files import GivenFiles
from linter.vale.rule_file import RuleFile, read_rule
from linter.vale.styles import LoadedStyles, load_styles

HEAD = "extends: existence\nmessage: No.\n"


def rule(text: str) -> Definition:
    file = File("One.yml")
    found = read_rule(text, "House.One", "/House/One.yml", file).definition
    assert found is not None, file.mistakes
    return found


def mistakes(text: str) -> list[str]:
    file = File("One.yml")
    assert read_rule(text, "House.One", "/House/One.yml", file).definition is None
    return file.mistakes


def load(ini: str, **texts: str) -> LoadedStyles:
    """Return the rules of a style with the files `texts`."""
    rules = {f"styles/House/{name}.yml": text for name, text in texts.items()}
    files = GivenFiles({".vale.ini": f"StylesPath = styles\n{ini}", **rules})
    return load_styles(read_vale_config(".vale.ini", files), files)


def test_a_rule() -> None:
    found = rule("""
extends: substitution
message: Use '%s', not '%s'.
description: Words of the house.
link: https://example.org/words
level: error
scope:
  - heading & ~blockquote
  - text
limit: 3
action:
  name: replace
  params: tram
ignorecase: true
swap:
  trolley: tram
  on: off
  1:30: half past one
  2020-01-02: ~
""")
    assert (found.name, found.extends, found.level, found.file) == (
        "House.One",
        "substitution",
        "error",
        "/House/One.yml",
    )
    assert (found.message, found.description) == ("Use '%s', not '%s'.", "Words of the house.")
    assert (found.link, found.limit) == ("https://example.org/words", 3)
    assert found.scope == ("heading & ~blockquote", "text")
    assert found.action == Action("replace", ("tram",))
    assert found.options == {
        "ignorecase": True,
        "swap": {"trolley": "tram", "on": "off", "1:30": "half past one", "2020-01-02": ""},
    }


def test_defaults() -> None:
    found = rule(HEAD)
    assert (found.level, found.scope, found.limit, found.action, found.options) == (
        "warning",
        ("text",),
        0,
        Action(),
        {},
    )


@pytest.mark.parametrize(
    ("text", "options"),
    [
        pytest.param("tokens: one", {"tokens": ("one",)}, id="a text for a list"),
        pytest.param("tokens: [yes, 1.0, null, '']", {"tokens": ("yes", "1.0", "", "")}, id="scalars are texts"),
        pytest.param("tokens:", {}, id="an empty value is no value"),
        pytest.param("TOKENS: [a]\nIgnoreCase: true", {"tokens": ("a",), "ignorecase": True}, id="keys in any case"),
        pytest.param('nonword: "true"', {"nonword": True}, id="a quoted flag"),
        pytest.param("nonword: 2\nappend: 0", {"nonword": True, "append": False}, id="numbers for flags"),
        pytest.param(r"tokens: [ 'it\''s', '\d' ]", {"tokens": (r"it\'s", r"\d")}, id="backslashes"),
        pytest.param(r'tokens: ["it\'s", "\"\'"]', {"tokens": ("it's", "\"'")}, id="escaped apostrophes"),
        pytest.param("name: x\npath: y\nselector: {}", {}, id="keys that Vale ignores"),
        pytest.param("tokens: !!str 5", {"tokens": ("5",)}, id="a tag"),
    ],
)
def test_options(text: str, options: dict[str, object]) -> None:
    assert rule(HEAD + text).options == options


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max: '3'", 3),
        ("max: 3.9", 3),
        ("max: true", 1),
        ("max: -1", -1),
    ],
)
def test_numbers(text: str, expected: int) -> None:
    assert rule(f"extends: occurrence\nmessage: No.\n{text}").options == {"max": expected}


def test_a_list_of_mappings_is_one_mapping() -> None:
    found = rule("extends: consistency\nmessage: No.\neither:\n- a: b\n- c: d\n  a: b")
    assert found.options == {"either": {"a": "b", "c": "d"}}


@pytest.mark.parametrize(
    ("extends", "scope"),
    [("metric", ("summary",)), ("readability", ("summary",)), ("sequence", ("sentence",)), ("script", ("raw",))],
)
def test_scopes_of_certain_rules(extends: str, scope: tuple[str, ...]) -> None:
    assert rule(f"extends: {extends}\nmessage: No.\nscope: raw").scope == scope


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "One.yml:1:1: “extends” is missing; it must be existence, substitution, "),
        ("extends: existence", "One.yml:1:1: “message” is missing; it is the text to report"),
        ("message: No.\nextends:", "One.yml:1:1: “extends” is missing"),
        ("message: No.\nextends: existense", "not “existense”; did you mean “existence”?"),
        ("message: No.\nextends: [existence]", "One.yml:2:10: “extends” must be existence, "),
        (HEAD + "level: eror", "One.yml:3:8: “level” must be suggestion, warning or error, not “eror”; did you mean"),
        (HEAD + "level:", "One.yml:3:7: “level” must be suggestion, warning or error, but it is empty"),
        (HEAD + "code: true", "One.yml:3:1: “code” is no longer supported; use “scope: raw” instead"),
        (HEAD + "tokns: [a]", "One.yml:3:1: unknown key “tokns”; did you mean “tokens”?"),
        (HEAD + "swap: {a: b}", "One.yml:3:1: unknown key “swap”"),
        (HEAD + "tokens: [a]\nTokens: [b]", "One.yml:4:1: “tokens” is repeated; it is also on line 3"),
        (HEAD + "tokens: {a: b}", "One.yml:3:9: “tokens” must be a list of texts, not keys with values"),
        (HEAD + "tokens: [[a]]", "One.yml:3:10: “tokens” must be text, not a list"),
        (HEAD + "ignorecase: yes", "One.yml:3:13: “ignorecase” must be true or false, not “yes”; write true or false"),
        (HEAD + "nonword: [true]", "One.yml:3:10: “nonword” must be true or false, not a list"),
        (HEAD + "limit: many", "One.yml:3:8: “limit” must be a number, not “many”"),
        (HEAD + "limit: 99999999999", "One.yml:3:8: “limit” must be from -1,000,000,000 to 1,000,000,000"),
        (HEAD + "scope: [text, link]", "One.yml:3:8: the scope “link” is no longer supported; use “raw” instead"),
        (HEAD + "scope: ~code.x", "One.yml:3:8: the scope “code” is no longer supported"),
        (HEAD + "scope: the text", "One.yml:3:8: the scope “the text” contains a space"),
        (HEAD + "action: remove", "One.yml:3:9: “action” must be keys with values, not “remove”"),
        (HEAD + "action: {nme: remove}", "One.yml:3:10: unknown key “nme”; did you mean “name”?"),
        ("extends: substitution\nmessage: No.\nswap: a", "One.yml:3:7: “swap” must be keys with values, not “a”"),
        ("extends: substitution\nmessage: No.\nswap: {a: [b]}", "One.yml:3:11: “a” must be text, not a list"),
        ("extends: substitution\nmessage: No.\nswap: {[a]: b}", "“the key” must be text, not a list"),
        ("- a", "One.yml:1:1: “the file” must be keys with values, such as extends and message, not a list"),
        ("message: {", "One.yml:2:1: this is not YAML"),
        ("a: &x [b]\nc: *x", "One.yml:2:4: “*x” is an alias, which is not supported; write out the value"),
        ("message:\tNo\n\textends: existence", "this is not YAML"),
        (r'message: "\d"', "One.yml:1:11: this is not YAML: found unknown escape character"),
    ],
)
def test_mistakes(text: str, mistake: str) -> None:
    found = mistakes(text)
    assert any(mistake in each for each in found), found


def read(text: str) -> RuleFile:
    return read_rule(text, "House.One", "/House/One.yml", File("One.yml"))


def test_notices() -> None:
    """Vale ignores unknown keys of some extension points, and drops values with repeated keys."""
    found = read("extends: spelling\nmessage: No.\nfilter: [a]")
    assert found.notices == ("One.yml:3:1: unknown key “filter”; did you mean “filters”?",)
    found = read("extends: substitution\nmessage: No.\nswap:\n  a: b\n  c: d\n  c: d\n  a: c")
    assert found.notices == ("One.yml:7:3: “a” is repeated; only its first value is used",)
    assert found.definition is not None
    assert found.definition.options == {"swap": {"a": "b", "c": "d"}}


def test_loaded_styles() -> None:
    script = "extends: script\nmessage: No.\nscript: x"
    sequence = "extends: sequence\nmessage: No.\ntokens:\n- tag: NN\n  pattern: a"
    ini = "[*]\nBasedOnStyles = House\nHouse.One = error\nHouse.Onne = NO\nVale.Spelling = NO"
    loaded = load(ini, One=HEAD, Two=HEAD + "level: suggestion", Three=script, Four=sequence)
    assert [(each.name, each.level) for each in loaded.definitions] == [
        ("House.One", "error"),
        ("House.Two", "suggestion"),
        ("Vale.Repetition", "error"),
        ("Vale.Spelling", "error"),
    ]
    assert loaded.not_run == ("House.Four", "House.Three")
    assert loaded.notices == (".vale.ini:5:1: there is no rule “House.Onne”; did you mean “House.One”?",)
    assert not loaded.mistakes


def test_all_mistakes_are_reported_together() -> None:
    loaded = load("[*]\nBasedOnStyles = House", One="extends: x", Two=HEAD, Three="{")
    assert [each.split(": ")[0] for each in loaded.mistakes] == [
        "styles/House/One.yml:1:1",
        "styles/House/One.yml:1:10",
        "styles/House/Three.yml:2:1",
    ]
    assert [each.name for each in loaded.definitions] == ["House.Two"]


def test_the_place_of_an_option_that_cannot_be_used() -> None:
    loaded = load("[*]\nBasedOnStyles = House", One=HEAD + "Tokens: ['(']")
    (definition,) = loaded.definitions
    files = GivenFiles({})
    bad = BadOption("link", "it is missing")
    assert loaded.mistakes_in(definition, bad, files) == ["styles/House/One.yml:1:1: “link”: it is missing"]
    assert loaded.mistakes_in(definition, BadOption("message", "it is bad"), files) == [
        "styles/House/One.yml:2:10: “message”: it is bad"
    ]


@pytest.mark.parametrize(
    ("option", "places"),
    [
        pytest.param("Tokens: [a, '(', b, '[z-a]']", ["3:13", "3:21"], id="a list"),
        pytest.param("tokens:\n- a\n- (", ["5:3"], id="a list on several lines"),
        pytest.param("tokens: (", ["3:9"], id="a single text"),
    ],
)
def test_each_expression_that_is_not_valid_is_reported(option: str, places: list[str]) -> None:
    text = f"{HEAD}{option}"
    (definition,) = (loaded := load("[*]\nBasedOnStyles = House", One=text)).definitions
    found = loaded.mistakes_in(definition, BadOption("tokens", "bad"), GivenFiles({definition.file: text}))
    assert [each.split(": ")[0] for each in found] == [f"styles/House/One.yml:{place}" for place in places]
    assert all(": “tokens”: this is not a regular expression: " in each for each in found)


def test_large_files_are_read() -> None:
    rule(HEAD + "tokens:\n" + "- a\n" * 50_000)
    assert mistakes(HEAD + "".join(f"key{number}: a\n" for number in range(20_000)))[-1].endswith(
        "correct those above first"
    )
    assert mistakes(HEAD + 'description: "' + "\\'" * 100 + '"') == [
        "One.yml:3:55: this is not YAML: found unknown escape character"
    ]


@given(st.text("extndsmg:[]{}&*!|>-'\"\\ \n\t", max_size=40))
def test_any_text(text: str) -> None:
    file = File("One.yml")
    found = read_rule(f"{HEAD}{text}", "House.One", "/One.yml", file)
    assert (found.definition is None) == bool(file.mistakes)
    assert all(re.match(r"One\.yml:\d+:\d+: ", each) for each in file.mistakes)
