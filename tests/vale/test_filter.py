"""Filters of rules."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.config.config import BadConfig
from linter.vale.config_file import read_vale_config
from linter.vale.definition import Action, Definition
from linter.vale.files import GivenFiles
from linter.vale.filter import DEPTH, LIMIT, Filter, read_filter

RULES = (
    Definition("House.One", "existence", "Avoid '%s'.", "Slang.", "https://example.org", "error", ("heading", "list")),
    Definition("House.Two", "metric", "Too long.", level="suggestion", scope=("summary",), limit=3),
    Definition("Desk.Swap", "substitution", "Use '%s'.", level="warning", action=Action("replace", ("a", "b"))),
)
ONE, TWO, SWAP = (rule.name for rule in RULES)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('.Level == "error"', [ONE]),
        (".Level != 'error'", [TWO, SWAP]),
        ('.Level in ["error", "suggestion"] and .Name != "House.Two"', [ONE]),
        ('.Level not in ["error", "suggestion",]', [SWAP]),
        ('"heading" in .Scope', [ONE]),
        ('any(.Scope, {# == "heading"})', [ONE]),
        ('all(.Scope, # startsWith "su")', [TWO]),
        ('none(.Scope, {# in ["list", "text"]})', [TWO]),
        ('one(.Scope, # == "list")', [ONE]),
        ("len(.Scope) > 1", [ONE]),
        ("len(.Name) <= 9 && .Limit >= 0", [ONE, TWO, SWAP]),
        (".Limit < 3", [ONE, SWAP]),
        (r'.Name matches "^House\\.(One|Three)$"', [ONE]),
        (r".Name matches `\.Two`", [TWO]),
        ('.Message contains "long"', [TWO]),
        ('not (.Message contains "long") and .Extends != "existence"', [SWAP]),
        ('! .Name contains "o"', [SWAP]),
        ('.Name startsWith "House" or .Name endsWith "Swap"', [ONE, TWO, SWAP]),
        ('.Name == "House.One" or .Name == "House.Two" and .Limit == 0', [ONE]),
        ('(.Name == "House.One" || .Name == "House.Two") && .Limit == 0', [ONE]),
        ('.Action.Name == "replace" and "b" in .Action.Params', [SWAP]),
        ('.Link == "" and .Description == ""', [TWO, SWAP]),
        ('lower(.Name) == "house.one"', [ONE]),
        ("// all rules\ntrue", [ONE, TWO, SWAP]),
        (r'"\x41\u0042\t" == "AB\t" or false', [ONE, TWO, SWAP]),
        ('.Name == "and"', []),
    ],
)
def test_kept_rules(text: str, kept: list[str]) -> None:
    assert Filter(text).kept(RULES) == frozenset(kept)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "1:1: the filter ends too early"),
        (".Name", "1:1: a filter must have true or false, not text"),
        ('.Nme == "x"', "1:1: there is no “.Nme” here; did you mean “.Name”?"),
        ("any(.Scope, .Name == 'x')", "1:13: there is no “.Name” here"),
        ("anny(.Scope, true)", "1:1: there is no “anny”; did you mean “any”?"),
        (".Name == 1", "1:7: “==” cannot compare text with a number"),
        (".Name < 1", "1:7: “<” cannot compare text with a number"),
        (".Name in .Level", "1:7: “in” cannot compare text with text"),
        ("# == 'x'", "1:3: “==” cannot compare a rule with text"),
        (".Name != 'x' and .Level", "1:1: “and” must have true or false, not text"),
        ("not .Level", "1:5: “not” must have true or false, not text"),
        ("any(.Name, true)", "1:5: this function must have a list, not text"),
        ("len(1) == 1", "1:5: “len” must have text, not a number"),
        (".Name ==\n ", "2:2: the filter ends too early"),
        ("(true", "1:6: the filter ends too early; “)” is missing"),
        ("[true", "1:6: the filter ends too early; “,” is missing"),
        ("true true", "1:6: “true” is not expected here"),
        (".Name ? 1 : 2", "1:7: “? 1 : 2” is not expected here"),
        ('.Name == "a', '1:10: “"a” is not expected here'),
        (r'.Name == "\d"', r"1:10: “\d” is not an escape sequence; write “\\” for a backslash"),
        (r'.Name == "\ud800"', r"1:10: “\ud800” is not an escape sequence"),
        (".Name matches '('", "1:7: this is not a regular expression"),
        ("(" * (DEPTH + 1), f"1:{DEPTH + 1}: parentheses are nested more than {DEPTH} levels deep"),
        (" " * (LIMIT + 1), f"1:1: this filter has more than {LIMIT:,} characters"),
    ],
)
def test_mistakes(text: str, mistake: str) -> None:
    with pytest.raises(BadConfig) as bad:
        Filter(text).kept(RULES)
    (found,) = bad.value.mistakes
    assert found.startswith(f"--filter:{mistake}")


def test_hostile_filters_are_cut_off() -> None:
    items = ",".join("1" * 200)
    nested = "true"
    for _ in range(20):
        nested = f"all([{items}], {{{nested}}})"
    long_name = Definition(f"House.{'a' * 5000}!", "existence", "No.")
    with pytest.raises(BadConfig, match="takes too long"):
        Filter(nested).kept(RULES)
    with pytest.raises(BadConfig, match="too long"):
        Filter(r".Name matches '(\\w+\\w+)+$'").kept([long_name])


def test_levels() -> None:
    assert Filter(".Level == 'error'").mentions_level
    assert not Filter(".Name == 'error'").mentions_level


def test_filters_in_files() -> None:
    texts = {
        ".vale.ini": "StylesPath = styles\n",
        "here.expr": "true",
        "styles/inner.expr": "false",
        "styles/config/filters/min.expr": "\n.Level in",
    }
    files = GivenFiles(texts)
    config = read_vale_config(".vale.ini", files)
    for value, text, name in [
        ("here.expr", "true", "here.expr"),
        ("inner.expr", "false", "inner.expr"),
        ("min.expr", "\n.Level in", "min.expr"),
        ("filters", "filters", "--filter"),
        (os.path.abspath("here.expr"), "true", os.path.abspath("here.expr")),
        (".Level == 'x'", ".Level == 'x'", "--filter"),
    ]:
        assert read_filter(value, config, files) == Filter(text, name)
    with pytest.raises(BadConfig, match=r"^min\.expr:2:10: the filter ends too early"):
        read_filter("min.expr", config, files).kept(RULES)


@given(
    st.lists(st.sampled_from("( ) [ ] { } , # . .Name .Scope any len not and or in == < matches 'a' 1 true".split()))
)
def test_any_filter(parts: list[str]) -> None:
    """Any text keeps some of the rules or has a mistake with a position."""
    found = ["--filter:1:"]
    try:
        assert Filter(" ".join(parts)).kept(RULES) <= {ONE, TWO, SWAP}
    except BadConfig as bad:
        found = bad.mistakes
    assert [mistake[: len("--filter:1:")] for mistake in found] == ["--filter:1:"]
