"""Every shipped rule: its examples, its keys and its wording."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from linter import examples
from linter.config import packs, rule_file
from linter.rule import Example, Rule

FOLDER = Path(__file__).parent.parent / "rules"
FILES = sorted(FOLDER.glob("*/*.yaml"))
RULES = packs.load_folder(FOLDER)
# These find defects that no text can show, so they have no examples, but separate tests.
NOT_SHOWN = {"copydesk/unreadable", "copydesk/stale-baseline"}
# Technical terms that no copy chief would use.
JARGON = re.compile(r"\b(?:invalid|token|attribute|parse[rd]?|regex|illegal|forbidden|please|error)s?\b", re.IGNORECASE)

assert FILES


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def shown(example: Example) -> str:
    return re.sub(r"\s+", " ", f"line {example.line} {example.text[:40]}")


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(rule, example, id=f"{rule.name} {shown(example)}")
        for rule in RULES
        for example in rule.bad + rule.good
    ],
)
def test_example(rule: Rule, example: Example) -> None:
    problems = examples.problems(rule, example)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_its_reason_and_examples_of_both_kinds(rule: Rule) -> None:
    assert rule.why
    assert (rule.name in NOT_SHOWN) or (rule.bad and rule.good)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_uses_no_technical_terms(rule: Rule) -> None:
    assert not JARGON.search(re.sub(r"\{.*?\}", "", rule.message))
    assert rule.message.endswith((".", "?"))
    assert rule.summary[0].isupper()
    assert not rule.summary.endswith(".")


@pytest.mark.parametrize("path", FILES, ids=named)
def test_keys_are_in_order(path: Path) -> None:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    order = (*rule_file.KEYS_BEFORE_CHECK, *rule_file.options_of_kind(content["check"]), *rule_file.KEYS_AFTER_CHECK)
    assert list(content) == [key for key in order if key in content]


def test_only_rules_lie_in_the_folder_of_rules() -> None:
    assert [path for path in FOLDER.rglob("*") if path.is_file() and path not in FILES] == []
    assert [path for path in FOLDER.rglob("*") if path.is_dir() and path.parent != FOLDER] == []


def test_the_shipped_rules_are_those_of_the_folder() -> None:
    assert (
        [rule.name for rule in packs.shipped_rules()]
        == [rule.name for rule in RULES]
        == [named(path) for path in FILES]
    )
