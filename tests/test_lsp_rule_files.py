"""Mistakes in configs and rule files that are open in an editor, and failures of examples."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.config import load
from linter.lsp import rule_files
from linter.lsp.rule_files import Mistake

ROOT = Path(__file__).parent.parent
CONFIG = Path("copydesk.yaml").absolute()
PYPROJECT = Path("pyproject.toml").absolute()
TRAMWAY = Path("house/style/tramway.yaml").absolute()
RULE = """\
id: tramway
summary: Uses of “tramway”
why: >
  Readers search for “tram”.
severity: warning
check: swap
swap:
  tramway: tram
message: '“{match}” is not house style. Write “{right}”.'
fix:
  safe: true
bad:
  - text: 'The ⟦tramway⟧ is late.'
    fixed: 'The tram is late.'
good:
  - text: 'The museum opens at nine.'
"""
PYPROJECT_TEXT = """\
[project]
name = "paper"

[tool.copydesk]
ignore = ["sentences/lone-bullet"]
fail-on = "warning"

[tool.copydesk.severity]
"leaks" = "warning"

[[tool.copydesk.overrides]]
path = "letters/**"
severity = {"sentences" = "info"}
"""
CONFIG_TEXT = """\
packs: [leaks, fences, links]
severity:
  links: warning
  links/spam: error
options:
  sentences/lower-start: {abbreviations+: [approx]}
overrides:
  - path: letters/**
    ignore: [names, spelling]
suppressions:
  - rule: leaks
    text: 'tram'
"""
RULES = [*sorted((ROOT / "rules").glob("*/*.yaml"))[::25], ROOT / "rules" / "leaks" / "raw-tag.yaml"]
assert len(RULES) > 10

PIECES = ["\u2028", "\r\n", "- ", ": ", "{", "[", "'", "|", "*a", "\t"]


def shown(text: str, mistakes: list[Mistake]) -> list[tuple[str, str]]:
    """Return the text of each mistake, and its message."""
    assert mistakes == sorted(mistakes)
    return [(text[mistake.start : mistake.end], mistake.message) for mistake in mistakes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(CONFIG_TEXT, [], id="a correct config"),
        pytest.param("", [], id="an empty config"),
        pytest.param(
            "ignroe: leaks\n", [("ignroe", "unknown key “ignroe”; did you mean “ignore”?")], id="an unknown key"
        ),
        pytest.param(
            "\ufeff# 🚋\r\nignroe: leaks\r\n",
            [("ignroe", "unknown key “ignroe”; did you mean “ignore”?")],
            id="a byte-order mark and other line ends",
        ),
        pytest.param(
            "packs: ['a\u2028b\x85']\nx: 1\n",
            [("\u2028b\x85']", "U+2028 is not allowed in YAML")],
            id="line ends of YAML that are no line ends in an editor",
        ),
        pytest.param(
            "fail-on: 'all' # x\n",
            [("'all'", "“fail-on” must be error, warning or info, not “all”")],
            id="a wrong value",
        ),
        pytest.param("fail-on:\n", [("fail-on:", "“fail-on” must be error")], id="no value"),
        pytest.param(
            "ignore: [leaks, lekas]\n",
            [("lekas", "no rule or pack is called “lekas”; did you mean “leaks”?")],
            id="an unknown rule",
        ),
        pytest.param(
            "options:\n  leaks/raw-tag: {tgas: [a]}\nx: 1\n",
            [("tgas", "leaks/raw-tag has no key “tgas”"), ("x", "unknown key “x”")],
            id="an unknown option next to another mistake",
        ),
        pytest.param(
            "overrides:\n  - path: a\n",
            [("path", "this override changes nothing; add “select”, “ignore”, “severity” or “options”")],
            id="a mapping",
        ),
        pytest.param("a: [b\nc: d\n", [("", "this is not YAML")], id="bad syntax"),
        pytest.param("a: \x07\n", [("\x07", "U+0007 is not allowed in YAML")], id="a control character"),
        pytest.param("a: &b c\nd: *b\n", [("*b", "“*b” is an alias")], id="an alias"),
        pytest.param("a: ' \ud800'\n", [("a", "unknown key “a”")], id="a lone surrogate"),
    ],
)
def test_mistakes_in_a_config(text: str, expected: list[tuple[str, str]]) -> None:
    found = shown(text, rule_files.config_mistakes(text, CONFIG))
    assert len(found) == len(expected)
    for (span, message), (wanted, start) in zip(found, expected, strict=True):
        assert (span, message[: len(start)]) == (wanted or span, start)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(PYPROJECT_TEXT, [], id="a correct table"),
        pytest.param("[project]\nname = 'paper'\n", [], id="no table"),
        pytest.param("[project\n", [], id="bad syntax without a table"),
        pytest.param(
            "[tool.copydesk]\n'ignroe' = ['leaks']\n",
            [("'ignroe'", "unknown key “ignroe”; did you mean “ignore”?")],
            id="an unknown key",
        ),
        pytest.param(
            "[tool.copydesk]\nignore = ['leaks', \"lekas\"]\n",
            [('"lekas"', "no rule or pack is called “lekas”; did you mean “leaks”?")],
            id="an unknown rule",
        ),
        pytest.param(
            "[tool.copydesk]\nfail-on = ['a'] # b\n",
            [("['a']", "“fail-on” must be error, warning or info, but it is a list")],
            id="an array",
        ),
        pytest.param("[tool.copydesk]\nx =\n", [("x =", "this is not TOML: invalid value")], id="bad syntax"),
    ],
)
def test_mistakes_in_a_pyproject(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text, rule_files.config_mistakes(text, PYPROJECT)) == expected


def test_a_file_that_is_too_large_is_reported_on_its_first_line() -> None:
    text = "a: b\n" + " " * 8_000_000
    [mistake] = rule_files.config_mistakes(text, CONFIG)
    assert mistake == Mistake(0, 4, "this file cannot be read: it is longer than 8,000,000 characters")


def test_the_first_hundred_mistakes_are_reported() -> None:
    found = rule_files.config_mistakes("".join(f"a{number}: 1\n" for number in range(200)), CONFIG)
    assert len(found) == 101
    assert Mistake(0, 5, "there are more than 100 mistakes; correct those above first") in found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("", "", [], id="a correct rule"),
        pytest.param(
            "swap:", "swpa:", [("id", "“swap” is missing"), ("swpa", "unknown key “swpa”")], id="an unknown key"
        ),
        pytest.param("why: >\n  Readers search for “tram”.\n", "", [("id", "“why” is missing")], id="no reason"),
        pytest.param("warning", "wrong", [("wrong", "“severity” must be")], id="a wrong value"),
        pytest.param("id: tramway", "id: tram", [("tram", "the id is “tram”, but the file is named")], id="a wrong id"),
        pytest.param(
            "{right}",
            "{write}",
            [("'“{match}” is not house style. Write “{write}”.'", "“message” may use {match} or {right}")],
            id="a wrong template",
        ),
        pytest.param("⟦tramway", "tramway", [("'The tramway⟧ is late.'", "a “⟧” has no “⟦”")], id="a lone mark"),
    ],
)
def test_mistakes_in_a_rule(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    text = RULE.replace(old, new, 1)
    found = shown(text, rule_files.rule_mistakes(text, TRAMWAY))
    assert [
        (span, message[: len(start)]) for (span, message), (_, start) in zip(found, expected, strict=True)
    ] == expected


@pytest.mark.parametrize(
    ("old", "new", "span", "problem"),
    [
        pytest.param("⟦tramway⟧", "⟦tram⟧way", "'The ⟦tram⟧way is late.'", "- expected, + found", id="a wrong span"),
        pytest.param("museum", "tramway", "'The tramway opens at nine.'", "- expected, + found", id="a false alarm"),
        pytest.param(
            "'The museum opens at nine.'",
            "|-\n\n      The tramway\n      opens.",
            "The tramway",
            "- expected, + found",
            id="a block scalar",
        ),
        pytest.param(
            "fixed: 'The tram ", "fixed: 'A tram ", "'The ⟦tramway⟧ is late.'", "- expected after", id="a wrong fix"
        ),
        pytest.param(
            "- text: 'The museum opens at nine.'",
            "[ok, A tramway]",
            "A tramway",
            "- expected, + found",
            id="plain texts in brackets",
        ),
    ],
)
def test_failures_of_examples(old: str, new: str, span: str, problem: str) -> None:
    text = RULE.replace(old, new, 1)
    [(found, message)] = shown(text, rule_files.example_failures(text, TRAMWAY))
    assert (found, message[: len(problem)]) == (span, problem)


@pytest.mark.parametrize("text", [RULE, RULE.replace("swap:", "swpa:"), "", "a: ["])
def test_a_passing_rule_and_an_invalid_rule_have_no_failures(text: str) -> None:
    assert rule_files.example_failures(text, TRAMWAY) == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("house/style/tramway.yaml", "", True),
        ("house/style/tramway.yml", "", False),
        ("house/style/_tramway.yaml", "", False),
        ("house/_style/tramway.yaml", "", False),
        ("house/tramway.yaml", "", False),
        ("house/style/deep/tramway.yaml", "", False),
        ("elsewhere/tramway.yaml", RULE, True),
        ("elsewhere/tramway.yaml", RULE.replace("swap:", "swap: [a"), True),
        ("elsewhere/tramway.yaml", RULE.replace("check:", "  check:"), False),
        ("elsewhere/tramway.yaml", RULE.replace("check:", "checks:"), False),
        ("elsewhere/tramway.md", RULE, False),
        ("elsewhere/copydesk.yaml", RULE, False),
    ],
)
def test_rule_files_are_recognized(tmp_path: Path, path: str, text: str, expected: bool) -> None:
    assert rule_files.is_rule(text, tmp_path / path, [tmp_path / "house"]) is expected


@pytest.mark.parametrize(
    ("name", "expected"), [("copydesk.yaml", True), ("pyproject.toml", True), ("copydesk.yml", False)]
)
def test_configs_are_recognized(name: str, expected: bool) -> None:
    assert rule_files.is_config(Path("folder", name)) is expected


def test_shipped_rules_have_no_mistakes() -> None:
    for path in RULES:
        assert rule_files.rule_mistakes(path.read_text("utf-8"), path) == []


@st.composite
def damaged(draw: st.DrawFn, texts: list[str]) -> str:
    """Return one of `texts`, cut off or with a part replaced."""
    text = draw(st.sampled_from(texts))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 20)))
    new = draw(
        st.one_of(st.text(max_size=5), st.sampled_from(["\u2028", "\r\n", "- ", ": ", "{", "[", "'", "|", "*a", "\t"]))
    )
    return text[:start] + new + ("" if draw(st.booleans()) else text[end:])


@given(damaged([path.read_text("utf-8") for path in RULES]))
@settings(max_examples=60, deadline=None)
def test_every_mistake_in_a_damaged_rule_is_inside_the_text(text: str) -> None:
    for read in (rule_files.rule_mistakes, rule_files.example_failures):
        for mistake in read(text, RULES[0]):
            assert 0 <= mistake.start <= mistake.end <= len(text)
            assert mistake.message


@given(damaged([CONFIG_TEXT, PYPROJECT_TEXT]), st.sampled_from([CONFIG, PYPROJECT]))
@settings(max_examples=100, deadline=None)
def test_every_mistake_in_a_damaged_config_is_inside_the_text(text: str, path: Path) -> None:
    assert rule_files.is_config(path)
    for mistake in rule_files.config_mistakes(text, path):
        assert 0 <= mistake.start <= mistake.end <= len(text)
        assert mistake.message


def test_every_key_of_a_config_has_its_position() -> None:
    for key in load.KEYS:
        text = f"# 🚋\n{key}: 3\nwrong: 1\n"
        found = shown(text, rule_files.config_mistakes(text, CONFIG))
        assert ("wrong", "unknown key “wrong”") in found
        others = [span for span, message in found if "wrong" not in message]
        assert set(others) <= {"3"}
