"""Rules as bytes and back: what reading their files anew would come to, but for their examples."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from linter.loading import kinds
from linter.rule import Rule, RuleFix

_APART = frozenset({"check", "fix", "options", "bad", "good", "words"})
_NAMES = tuple(field.name for field in fields(Rule) if field.name not in _APART)


def pack(rules: Iterable[Rule]) -> bytes:
    """Rules of any desk, before it taught them its words. Raises ValueError for a check that holds no plain data."""
    return marshal.dumps([_row(rule) for rule in rules])


def unpack(data: bytes) -> tuple[Rule, ...]:
    """What `pack` made."""
    return tuple(_rule(*row) for row in marshal.loads(data))


def _row(rule: Rule) -> tuple[Any, ...]:
    given = {field.name: _plain(getattr(rule.check, field.name)) for field in fields(rule.check)}  # type: ignore[arg-type]
    return [getattr(rule, name) for name in _NAMES], given, tuple(rule.fix), _plain(rule.options)


def _rule(values: list[Any], given: dict[str, Any], fix: tuple[Any, ...], options: dict[str, Any]) -> Rule:
    named = dict(zip(_NAMES, values, strict=True))
    check = kinds.check_class(named["kind"])(**given)
    return Rule(**named, check=check, fix=RuleFix(*fix), options=options)


def _plain(value: object) -> object:
    return {name: _plain(held) for name, held in value.items()} if isinstance(value, Mapping) else value
