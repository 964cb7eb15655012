"""Rules and the analysis of their patterns, stored as bytes and read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields

import pytest

from linter import compiled
from linter.analysis import literals, syntax_tree
from linter.config import packs
from linter.rule import Rule


def plain(rule: Rule) -> dict[str, object]:
    """Return the fields of a rule, without its examples."""
    names = {field.name for field in fields(rule)} - {"bad", "good", "words"}
    return {name: getattr(rule, name) for name in names}


def named(rules: Iterable[Rule]) -> Callable[[str], Rule]:
    return {rule.name: rule for rule in rules}.__getitem__


def test_rules_come_back_without_their_examples() -> None:
    rules = packs.shipped_rules()
    again = compiled.unpack_rules(compiled.pack_rules(rules), named(rules))
    assert [plain(rule) for rule in again] == [plain(rule) for rule in rules]
    assert not any(rule.bad or rule.good for rule in again)


def test_the_analysis_of_patterns_comes_back() -> None:
    syntax_tree.new_analysis()
    assert syntax_tree.new_analysis() is None
    found = literals.literals_of_pattern("a harbour (?:tram|bus)")
    data = syntax_tree.new_analysis()
    assert data
    syntax_tree.load_analysis(data)
    assert literals.literals_of_pattern("a harbour (?:tram|bus)") is not None
    assert literals.literals_of_pattern("a harbour (?:tram|bus)") == found
    assert syntax_tree.new_analysis() is None


@pytest.mark.parametrize(
    "answer",
    ["7", "[[7]]", '["bus"]', '[["bus"], 7]', "{}", '{"bus": 1}', "true", '"bus"'],
)
def test_an_answer_of_another_type_is_ignored(answer: str) -> None:
    pattern = f"a {answer.encode().hex()} tram"
    expected = literals.literals_of_pattern(pattern.replace("tram", "ship"))
    key = json.dumps([pattern, 256, False])
    syntax_tree.load_analysis(f'{{"linter.analysis.literals._of_pattern": [[{key}, {answer}]]}}'.encode())
    found = literals.literals_of_pattern(pattern, 256)
    assert found
    assert expected
    assert found == tuple(frozenset(text.replace("ship", "tram") for text in texts) for texts in expected)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'{"linter.analysis.literals._of_pattern": 1}'])
def test_damaged_answers_are_ignored(data: bytes) -> None:
    syntax_tree.load_analysis(data)
    assert literals.literals_of_pattern(f"a tram {data.hex()} bus")
