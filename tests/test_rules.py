"""Every shipped rule: its examples, its keys and its wording."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from linter import examples
from linter.config import packs, rule_file
from linter.rule import Rule

FOLDER = Path(__file__).parent.parent / "rules"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the fast one, if PyYAML has it
FILES = sorted(FOLDER.glob("*/*.yaml"))
PACKS = sorted({file.parent.name for file in FILES})
# These find defects that no text can show, so they have no examples, but separate tests.
NOT_SHOWN = {"copydesk/stale-baseline"}
# Technical terms that no copy chief would use.
JARGON = re.compile(r"\b(?:invalid|token|attribute|parse[rd]?|regex|illegal|forbidden|please|error)s?\b", re.IGNORECASE)

assert FILES


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(scope="module")
def rules() -> tuple[Rule, ...]:
    """The rules in the folder, not those that are stored in the package."""
    return tuple(packs.load_folder(FOLDER))


@pytest.mark.parametrize("pack", PACKS)
def test_examples(rules: tuple[Rule, ...], pack: str) -> None:
    failed = [str(failure) for rule in rules if rule.pack == pack for failure in examples.failures(rule)]
    assert not failed, "\n".join(failed)


def test_a_rule_has_its_reason_and_examples_of_both_kinds(rules: tuple[Rule, ...]) -> None:
    assert [rule.name for rule in rules if not rule.why] == []
    assert {rule.name for rule in rules if not (rule.bad and rule.good)} <= NOT_SHOWN


def test_a_rule_uses_no_technical_terms(rules: tuple[Rule, ...]) -> None:
    assert [rule.name for rule in rules if JARGON.search(re.sub(r"\{.*?\}", "", rule.message))] == []
    assert [rule.name for rule in rules if not rule.message.endswith((".", "?"))] == []
    assert [rule.name for rule in rules if not rule.summary[0].isupper() or rule.summary.endswith(".")] == []


def test_keys_are_in_order() -> None:
    assert [named(path) for path in FILES if not keys_in_order(yaml.load(path.read_bytes(), LOADER))] == []


def keys_in_order(content: dict[str, Any]) -> bool:
    order = (*rule_file.KEYS_BEFORE_CHECK, *rule_file.options_of_kind(content["check"]), *rule_file.KEYS_AFTER_CHECK)
    return list(content) == [key for key in order if key in content]


def test_only_rules_lie_in_the_folder_of_rules() -> None:
    assert [path for path in FOLDER.rglob("*") if path.is_file() and path not in FILES] == []
    assert [path for path in FOLDER.rglob("*") if path.is_dir() and path.parent != FOLDER] == []


def test_the_shipped_rules_are_those_of_the_folder(rules: tuple[Rule, ...]) -> None:
    assert (
        [rule.name for rule in packs.shipped_rules()]
        == [rule.name for rule in rules]
        == [named(path) for path in FILES]
    )
