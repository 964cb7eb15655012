"""Rules as plain data: those that come with copydesk, in the package, and all others in the cache.

A stored rule is found by the digest of its file, so that after an edit only the changed file is read again. It lacks
its examples, and its check is created when it is first used, since most checks are never needed in a run.

The package is trusted, but the cache is not: the kind of a check must exist, its options must have the types of the
fields of that check, and its patterns must be small enough to compile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache, cached_property, partial
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_type_hints

from linter import typed_json
from linter.analysis import results
from linter.analysis.syntax_tree import is_certainly_small
from linter.cache import Cache
from linter.checks import check_class, check_kinds
from linter.digest import SIZE
from linter.finding import SEVERITIES
from linter.rule import PLACES, Check, Rule, StoredCheck, Traits

_CHARS = r"(?s)(?:\[(?:[^\[\]\\]|\\.)+\]\+?)?"  # a character class, which takes linear time to match, or nothing
_NOT_STORED = ("check", "bad", "good", "words", "stored_traits")
_STORED = (*(field.name for field in fields(Rule) if field.name not in _NOT_STORED), "traits")


class CompiledRules:
    """All rules of the shipped packs and of the packs in `folders`, whether the rules are on or off.

    `texts` are texts of more rules, by the paths of their files, which are not opened. `cache` has the rules and the
    results of analyzing patterns from earlier runs, or is None. `versions` is the digest of the versions that these
    depend on.
    """

    def __init__(
        self,
        folders: Iterable[str | Path],
        cache: Cache | None = None,
        versions: bytes = b"",
        *,
        texts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._folders, self._cache, self._texts = tuple(folders), cache, texts
        names = "\0".join(os.path.abspath(folder) for folder in self._folders)
        key = blake2b(names.encode("utf-8", "surrogateescape"), key=versions, digest_size=SIZE).digest()
        self._rules_key, self._results_key = key + b"y", key + b"p"
        self._in_cache: Collection[bytes] = ()  # digests of the rules that the cache has

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, sorted by name; stored rules lack their examples. Raises BadRule with all mistakes."""
        known = stored_rules()
        if self._cache:
            found = self._cache.get([self._rules_key, self._results_key])
            results.load_results(found.get(self._results_key, b"{}"))
            with suppress(ValueError):
                cached = unpack_rules(found.get(self._rules_key, b""), self._full)
                self._in_cache = cached.keys()
                known = {**cached, **known}
        return self._load(known)

    def _full(self, name: str) -> Rule:
        return self._in_full[name]

    def with_examples(self, rule: Rule) -> Rule:
        """Return `rule` with its examples. Raises BadRule if a rule file has mistakes.

        The config may have changed other fields of `rule`.
        """
        if not rule.stored_traits:
            return rule
        full = self._in_full[rule.name]
        return replace(rule, bad=full.bad, good=full.good)

    @cached_property
    def _in_full(self) -> dict[str, Rule]:
        """All rules with their examples, as read from the rule files, by name."""
        return {rule.name: rule for rule in self._load()}

    def _load(self, known: Mapping[bytes, Rule] | None = None) -> tuple[Rule, ...]:
        from linter.config import packs

        return packs.load_packs(self._folders, known, self._texts)

    def store(self, cache: Cache) -> None:
        """Store in `cache` what neither the package nor the cache has: rules, and results of analyzing patterns.

        If a rule has an option that is not plain data, no rules are stored.
        """
        if data := results.new_results():
            cache.put([(self._results_key, data)])
        own = [rule for rule in self.rules if rule.digest and rule.digest not in stored_rules()]
        digests = {rule.digest for rule in own}
        if digests != set(self._in_cache):
            self._in_cache = digests
            with suppress(ValueError, TypeError):  # an option that is not plain data
                cache.put([(self._rules_key, pack_rules(own))])


@cache
def stored_rules() -> Mapping[bytes, Rule]:
    """Return the rules in the package by the digests of their files."""
    rows = typed_json.load_json(results.shipped().get("rules", b"[]"), _row_reader())
    return {row["digest"]: _stored_rule(row, partial(_created, row["kind"], row["options"])) for row in rows}


def _created(kind: str, options: Mapping[str, Any]) -> Check:
    return check_class(kind)(**_typed_options(kind, options))  # type: ignore[no-any-return]


def write_shipped(rules: Iterable[Rule]) -> None:
    """Write `rules`, and the results of all analyses in this process, to the file in the package."""
    results.write_shipped(_rows(rules))


def pack_rules(rules: Iterable[Rule]) -> bytes:
    """Return rules as bytes. Raises TypeError or ValueError for an option that is not plain data."""
    return typed_json.dump_json(_rows(rules))


def _rows(rules: Iterable[Rule]) -> list[list[object]]:
    return [[getattr(rule, name) for name in _STORED] for rule in rules]


def unpack_rules(data: bytes, full: Callable[[str], Rule]) -> dict[bytes, Rule]:
    """Return the rules in `data`, which `pack_rules` returned, by the digests of their files.

    `full` takes the name of a rule, and reads the rule from its file. Raises ValueError for invalid data.
    """
    return {row["digest"]: _checked_rule(row, full) for row in typed_json.load_json(data, _row_reader())}


@cache
def _row_reader() -> typed_json.Reader:
    """Return a reader for rows of the values of rules by name."""
    from linter.config import rule_file

    types = get_type_hints(Rule) | {
        "severity": Literal[SEVERITIES],
        "in_drafts": Literal[(*SEVERITIES, "")],
        "in_quotes": Literal[rule_file.QUOTES],
        "traits": Traits,
    }
    values = [types[name] for name in _STORED]
    return typed_json.row_reader(list, lambda row: dict(zip(_STORED, row, strict=True)), *values)


def _checked_rule(row: Mapping[str, Any], full: Callable[[str], Rule]) -> Rule:
    """Return the rule with the values `row` from the cache. Raises ValueError if they are not those of a rule."""
    place, needs = row["traits"][:2]
    if row["kind"] not in check_kinds() or place not in PLACES or not re.fullmatch(_CHARS, needs.chars):
        raise ValueError("not a rule")
    return _stored_rule(row, partial(_checked_check, row, full))


def _stored_rule(row: Mapping[str, Any], make: Callable[[], Check]) -> Rule:
    options = {name: tuple(value) if type(value) is list else value for name, value in row["options"].items()}
    values = {name: value for name, value in row.items() if name != "traits"} | {"options": options}
    return Rule(**values, check=StoredCheck(make), stored_traits=row["traits"])


def _checked_check(row: Mapping[str, Any], full: Callable[[str], Rule]) -> Check:
    """Return the check of a rule from the cache or, if its options are invalid, the check in the rule file."""
    kind, options = row["kind"], row["options"]
    try:
        if all(_fits_memory(text) for text in options.values() if isinstance(text, str)):
            return _created(kind, options)
    except (ValueError, TypeError, KeyError):
        pass
    return full(f"{row['pack']}/{row['id']}").check


def _typed_options(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as read from JSON with the types of the fields of a check. Raises ValueError or KeyError."""
    from linter.config import rule_file

    types = {name: type_ for name, (type_, _) in rule_file.options_of_kind(kind).items()}
    return {name: typed_json.typed_reader(types[name])(value) for name, value in options.items()}


def _fits_memory(pattern: str) -> bool:
    """Whether a pattern is small enough to be compiled."""
    from linter.config import rule_file

    # Unlike the patterns in rule files, a pattern that is certainly small is not parsed. Parsing takes as long as
    # compiling.
    return is_certainly_small(pattern) or not rule_file.refusal(pattern)
