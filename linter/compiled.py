"""All rules of a run, from the cache (without their examples) or from their files.

The cache is not trusted: the kind of a rule must be a kind of check, and its options must have the types of the fields
of that kind. Patterns are not parsed, unlike those of rule files (config/rule_file.py), since this takes as long as
compiling them; only their size is estimated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import regex

from linter import patterns, serialize
from linter.analysis.syntax_tree import load_analysis, new_analysis
from linter.cache import Cache
from linter.config import packs, rule_file
from linter.rule import NO_WORDS, Check, Needs, Rule, RuleFix

_RULES, _ANALYSIS = b"y", b"p"  # suffixes of cache keys: rules, and the analysis of their patterns
Severity = Literal["error", "warning", "info"]

_LARGEST = 100_000  # parts of a pattern with its repetitions expanded; `regex` needs 300 bytes for each
_CLASS = patterns.lazy(r"\[(?:[^\[\]\\]|\\.)+\]\+?", re.DOTALL)  # one character, or several: it cannot backtrack
_PART = patterns.lazy_regex(
    r"\\.|\[(?:\\.|[^\]\\])*+\]?+|\(\?\#[^)]*+\)?+|\{(?P<least>\d++)[^{}]*+\}|\s++|.", regex.DOTALL
)


class CompiledRules:
    """All rules of the shipped packs and of `folders`, whether they are on or off.

    `digest` is a digest of everything that they depend on; `cache` is None if nothing is cached.
    """

    def __init__(self, folders: Iterable[str | Path], cache: Cache | None, digest: bytes) -> None:
        self._folders, self._cache, self._digest = tuple(folders), cache, digest
        self._from_files = False
        self._from_cache = False

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules; those from the cache lack their examples. Raises BadRule with all mistakes."""
        known = self._cache.get([self._digest + _RULES, self._digest + _ANALYSIS]) if self._cache else {}
        if data := known.get(self._digest + _ANALYSIS):
            load_analysis(data)
        if data := known.get(self._digest + _RULES):
            with suppress(ValueError):
                rules = unpack_rules(data, lambda name: self._in_full[name])
                self._from_cache = True
                return rules
        self._from_files = True
        return packs.load_packs(self._folders)

    def with_examples(self, rule: Rule) -> Rule:
        """Return one of the rules, as changed by the config, with its examples. Raises BadRule."""
        full = self._in_full.get(rule.name) if self.rules and self._from_cache else None
        return replace(rule, bad=full.bad, good=full.good) if full else rule

    @cached_property
    def _in_full(self) -> dict[str, Rule]:
        """The rules from their files, by name."""
        return {rule.name: rule for rule in packs.load_packs(self._folders)}

    def store(self, cache: Cache, digest: bytes, active: Iterable[Rule]) -> None:
        """Store the rules for the next run with the same digest, and the prefilter data of the `active` ones."""
        if data := new_analysis():
            cache.put([(digest + _ANALYSIS, data)])
        if self._from_files:
            self._from_files = False
            with suppress(ValueError, TypeError):  # an option that is not plain data
                cache.put([(digest + _RULES, pack_rules(self.rules, active))])


class _Row(NamedTuple):
    """The fields of a rule, and the prefilter data of its check (`needs`), or None if unknown."""

    pack: str
    id: str
    summary: str
    why: str
    severity: Severity
    message: str
    headline: str
    source: str
    in_drafts: Literal["error", "warning", "info", ""]
    enabled: bool
    languages: frozenset[str]
    formats: frozenset[str]
    scope: frozenset[str]
    not_scope: frozenset[str]
    in_quotes: Literal["skip", "only", "both"]
    exceptions: tuple[str, ...]
    not_about: tuple[str, ...]
    not_from: frozenset[str]
    fix: RuleFix
    file: str
    trusted: bool
    kind: str
    options: Mapping[str, object]
    looks_at: Literal["block", "document", "folder"]
    vocabulary: bool
    needs: Needs | None


class StoredRule(Rule):
    """A rule from the cache. Its check is created on first use, since most are never needed in a run.

    `given` are the options of its check as in JSON. `full` reads a rule from its file by its name, in case the options
    are damaged.
    """

    given: Mapping[str, Any]
    full: Callable[[str], Rule]

    @cached_property
    def check(self) -> Check:
        try:
            return _check(self.kind, self.given)
        except (ValueError, TypeError):
            return self.full(self.name).check


def pack_rules(rules: Iterable[Rule], active: Iterable[Rule] = ()) -> bytes:
    """Return rules as bytes, with the prefilter data of those that are `active` and not changed by the config.

    Raises TypeError and ValueError for an option that is not plain data.
    """
    active_checks = {rule.name: rule.check for rule in active}  # which the config may have changed
    return serialize.dump_json([_row(rule, active=active_checks.get(rule.name) is rule.check) for rule in rules])


def unpack_rules(data: bytes, full: Callable[[str], Rule]) -> tuple[Rule, ...]:
    """Return the rules that `pack_rules` was given. Raises ValueError for anything else.

    `full` reads a rule from its file by its name.
    """
    return tuple(_rule(row, full) for row in serialize.load_json(data, serialize.typed_reader(list[_Row])))


def _row(rule: Rule, *, active: bool) -> _Row:
    own = {name: getattr(rule, name) for name in _Row._fields if name != "needs"}
    return _Row(**own, needs=rule.needs if active and rule.looks_at != "folder" else None)


def _rule(row: _Row, full: Callable[[str], Rule]) -> Rule:
    if row.kind not in rule_file.check_kinds() or (
        row.needs and row.needs.chars and not _CLASS.fullmatch(row.needs.chars)
    ):
        raise ValueError("no rule")
    rule = StoredRule.__new__(StoredRule)  # without `check`
    fields = rule.__dict__
    fields.update(row._asdict(), bad=(), good=(), words=NO_WORDS, given=row.options, full=full)
    if row.needs is None:
        del fields["needs"]
    fields["options"] = {name: tuple(value) if type(value) is list else value for name, value in row.options.items()}
    return rule


def _check(kind: str, given: Mapping[str, Any]) -> Check:
    """Return a check of a kind with these options. Raises ValueError and TypeError for wrong options."""
    if not all(_fits_memory(text) for text in given.values() if isinstance(text, str)):
        raise ValueError("too large a pattern")
    types = {name: type_ for name, (type_, _) in rule_file.options_of_kind(kind).items()}
    if not types.keys() >= given.keys():
        raise ValueError("no option")
    return rule_file.check_class(kind)(**{name: serialize.typed_reader(types[name])(given[name]) for name in given})  # type: ignore[no-any-return]


def _fits_memory(pattern: str) -> bool:
    """Whether a text, if it is a pattern, is small enough with its repetitions expanded."""
    return len(pattern) <= _LARGEST and ("{" not in pattern or _size(pattern) <= _LARGEST)


def _size(pattern: str) -> int:
    """Return the approximate number of parts of a pattern with `{n}` expanded, as `regex` does."""
    sizes, last = [0], 0
    for part in _PART.finditer(pattern):
        if part["least"]:
            sizes[-1] += last * max(0, int(part["least"][:9]) - 1)
            last *= max(1, int(part["least"][:9]))
        elif part[0] == "(":
            sizes.append(1)
        elif part[0] == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif not part[0].isspace():
            last = 1
            sizes[-1] += 1
    return max(sizes)
