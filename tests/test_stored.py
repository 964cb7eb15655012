"""Rules, and what is read off their patterns, come back from the bytes in which they are kept."""

from __future__ import annotations

from dataclasses import fields

from linter import packs
from linter.loading import stored
from linter.planning import literals, remembered
from linter.rule import Rule


def plain(rule: Rule) -> dict[str, object]:
    """What a rule holds, but for its examples."""
    names = {field.name for field in fields(rule)} - {"bad", "good", "words"}
    return {name: getattr(rule, name) for name in names}


def test_rules_come_back_without_their_examples() -> None:
    rules = packs.shipped()
    again = stored.unpack(stored.pack(rules))
    assert [plain(rule) for rule in again] == [plain(rule) for rule in rules]
    assert not any(rule.bad or rule.good for rule in again)


def test_what_was_read_off_patterns_comes_back() -> None:
    remembered.news()
    assert remembered.news() is None
    found = literals.of_pattern("a harbour (?:tram|bus)")
    data = remembered.news()
    assert data
    remembered.learn(data)
    assert literals.of_pattern("a harbour (?:tram|bus)") is not None
    assert literals.of_pattern("a harbour (?:tram|bus)") == found
    assert remembered.news() is None
