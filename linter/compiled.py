"""Read all rules of a run, from the cache where it has them: what reading their files gives, without their examples.

The bytes in the cache are not trusted: the kind of a rule is one of the kinds of check, and its options have
the types of that kind's fields. Its patterns are not parsed as those of a rule file are (config.rule_file), which
takes as long as to compile them; only their size is estimated.
"""

from __future__ import annotations

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
from linter.prefilter import index
from linter.rule import NO_WORDS, Check, Rule, RuleFix

_RULES, _ANALYSIS = b"y", b"p"  # suffixes of cache keys: rules, and the analysis of their patterns
Severity = Literal["error", "warning", "info"]

_LARGEST = 100_000  # parts of a pattern when its repetitions are written out; `regex` takes 300 bytes for each
_PART = patterns.lazy_regex(
    r"\\.|\[(?:\\.|[^\]\\])*+\]?+|\(\?\#[^)]*+\)?+|\{(?P<least>\d++)[^{}]*+\}|\s++|.", regex.DOTALL
)


class CompiledRules:
    """All rules of the shipped packs and of `folders`, whether they are on or off.

    `digest` stands for all that they depend on; `cache` is None where nothing is kept.
    """

    def __init__(self, folders: Iterable[str | Path], cache: Cache | None, digest: bytes) -> None:
        self._folders, self._cache, self._digest = tuple(folders), cache, digest
        self._from_files = False
        self._from_cache = False

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, without their examples where the cache has them. Raises BadRule with all mistakes."""
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
        """Return one of the rules, whatever the config changed in it, with its examples. Raises BadRule."""
        full = self._in_full.get(rule.name) if self.rules and self._from_cache else None
        return replace(rule, bad=full.bad, good=full.good) if full else rule

    @cached_property
    def _in_full(self) -> dict[str, Rule]:
        """The rules as their files have them, by name."""
        return {rule.name: rule for rule in packs.load_packs(self._folders)}

    def store(self, cache: Cache, digest: bytes, active: Iterable[Rule]) -> None:
        """Keep the rules for the next run with the same digest, and what the prefilter needs of the `active` ones."""
        if data := new_analysis():
            cache.put([(digest + _ANALYSIS, data)])
        if self._from_files:
            self._from_files = False
            with suppress(ValueError, TypeError):  # an option that is not plain data
                cache.put([(digest + _RULES, pack_rules(self.rules, active))])


class _Row(NamedTuple):
    """The fields of a rule, and what is known of its check before it is made; `needs` is None where that is nothing."""

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
    needs: index.Stored | None


class StoredRule(Rule):
    """A rule that comes from bytes. Its check is made when it is first asked for: most are never needed in a run.

    `given` are the options of its check as JSON has them, `stored` is what it needs (planning.needs) or None. `full`
    reads the rule of a name from its file, for options that are damaged.
    """

    given: Mapping[str, Any]
    stored: index.Stored | None
    full: Callable[[str], Rule]

    @cached_property
    def check(self) -> Check:
        try:
            return _check(self.kind, self.given)
        except (ValueError, TypeError):
            return self.full(self.name).check


def pack_rules(rules: Iterable[Rule], planned: Iterable[Rule] = ()) -> bytes:
    """Rules as their files have them, with what those need that are `planned`.

    Raises TypeError and ValueError for an option that is no plain data.
    """
    asked = {rule.name: rule.check for rule in planned}  # which settings may have changed
    return serialize.dump_json([_row(rule, planned=asked.get(rule.name) is rule.check) for rule in rules])


def unpack_rules(data: bytes, full: Callable[[str], Rule]) -> tuple[Rule, ...]:
    """What `pack` made. Raises ValueError for anything else; `full` reads the rule of a name from its file."""
    return tuple(_rule(row, full) for row in serialize.load_json(data, serialize.typed_reader(list[_Row])))


def _row(rule: Rule, *, planned: bool) -> _Row:
    own = {name: getattr(rule, name) for name in _Row._fields if name != "needs"}
    return _Row(**own, needs=index.needs_data(index.needs_of(rule)) if planned else None)


def _rule(row: _Row, full: Callable[[str], Rule]) -> Rule:
    if row.kind not in rule_file.check_kinds() or (row.needs and not index.are_sound(row.needs)):
        raise ValueError("no rule")
    rule = StoredRule.__new__(StoredRule)  # all fields are known, but one
    fields = rule.__dict__
    fields.update(row._asdict(), bad=(), good=(), words=NO_WORDS, given=row.options, stored=row.needs, full=full)
    fields["options"] = {name: tuple(value) if type(value) is list else value for name, value in row.options.items()}
    return rule


def _check(kind: str, given: Mapping[str, Any]) -> Check:
    """A check of one of `check_kinds()`. Raises ValueError and TypeError where these are not options of its."""
    if not all(_fits_memory(text) for text in given.values() if isinstance(text, str)):
        raise ValueError("too large a pattern")
    types = {name: type_ for name, (type_, _) in rule_file.options_of_kind(kind).items()}
    if not types.keys() >= given.keys():
        raise ValueError("no option")
    return rule_file.check_class(kind)(**{name: serialize.typed_reader(types[name])(given[name]) for name in given})  # type: ignore[no-any-return]


def _fits_memory(pattern: str) -> bool:
    """Whether a text that may be a pattern is small when its repetitions are written out."""
    return len(pattern) <= _LARGEST and ("{" not in pattern or _size(pattern) <= _LARGEST)


def _size(pattern: str) -> int:
    """About how many parts a pattern has when `{n}` is written out, as `regex` does."""
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
