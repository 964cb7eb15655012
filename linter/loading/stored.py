"""Rules as bytes and back: what reading their files anew would come to, but for their examples."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any

from linter.loading import kinds
from linter.planning import needs
from linter.prose.spellings import NO_WORDS
from linter.rule import Check, Rule, RuleFix

_APART = frozenset({"check", "fix", "options", "bad", "good", "words"})
_NAMES = tuple(name for name in Rule.__match_args__ if name not in _APART)


class Kept(Rule):
    """A rule that comes from bytes. Its check is made when somebody first asks for it, as hardly anybody does for most.

    `given` are the fields of its check, `told` is what it needs (planning.needs), or None where that is not known.
    """

    given: Mapping[str, Any]
    told: tuple[Any, ...] | None

    @cached_property
    def check(self) -> Check:
        return kinds.check_class(self.kind)(**self.given)  # type: ignore[no-any-return]


def pack(rules: Iterable[Rule], planned: Iterable[Rule] = ()) -> bytes:
    """Rules of any desk, before it taught them its words, with what those need that are `planned`.

    Raises ValueError for a check that holds no plain data.
    """
    asked = {rule.name: rule.check for rule in planned}  # which settings may have changed
    return marshal.dumps([_row(rule, planned=asked.get(rule.name) is rule.check) for rule in rules])


def unpack(data: bytes) -> tuple[Rule, ...]:
    """What `pack` made."""
    return tuple(_rule(*row) for row in marshal.loads(data))


def _row(rule: Rule, *, planned: bool) -> tuple[Any, ...]:
    given = {field.name: _plain(getattr(rule.check, field.name)) for field in fields(rule.check)}  # type: ignore[arg-type]
    told = needs.data(needs.of(rule)) if planned else None
    seen = (rule.looks_at, rule.vocabulary)
    return [getattr(rule, name) for name in _NAMES], tuple(rule.fix), _plain(rule.options), given, told, seen


def _rule(
    values: list[Any],
    fix: tuple[Any, ...],
    options: dict[str, Any],
    given: dict[str, Any],
    told: tuple[Any, ...] | None,
    seen: tuple[str, bool],
) -> Rule:
    rule = Kept.__new__(Kept)  # all fields are known, but one
    rule.__dict__.update(zip(_NAMES, values, strict=True))
    rule.__dict__.update(fix=RuleFix(*fix), options=options, bad=(), good=(), words=NO_WORDS, given=given, told=told)
    rule.__dict__["looks_at"], rule.__dict__["vocabulary"] = seen
    return rule


def _plain(value: object) -> object:
    return {name: _plain(held) for name, held in value.items()} if isinstance(value, Mapping) else value
