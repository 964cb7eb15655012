"""The store of compiled rules: rules without their examples, and the results of analyzing their patterns.

Rules are identified by the digests of their files, and analysis results by their patterns, so that after an edit only
the changed file and its patterns are processed again. The package contains both for the shipped rules. What it lacks is
cached as JSON, which is valid only for the same versions of copydesk, Python and all packages.

The package is trusted, but the cache is not: the check of a rule must exist, its options must have the types of the
fields of that check, and its patterns must be small enough to compile.
"""

from __future__ import annotations

import marshal
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache, cached_property, partial
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_type_hints

from linter import patterns, serialize, store
from linter.analysis.scan import LiteralTable, PackedLiterals, pack_literals
from linter.analysis.syntax_tree import (
    is_certainly_small,
    load_analysis,
    new_analysis,
    pack_analysis,
)
from linter.cache import Cache
from linter.checks import check_class, check_kinds
from linter.digest import SIZE
from linter.finding import SEVERITIES
from linter.rule import NO_WORDS, Check, Needs, Rule, RuleFix
from linter.store import Store, write_store

NO_RULES: Mapping[bytes, Rule] = MappingProxyType({})
_NOT_STORED = ("check", "bad", "good", "words")
_OF_CHECK = ("looks_at", "indexed", "vocabulary", "needs")  # properties of a check that are stored with its rule
_STORED = (*(field.name for field in fields(Rule) if field.name not in _NOT_STORED), *_OF_CHECK)
_LATE = ("summary", "why", "message", "options")  # large values that most rules of a run never need
_EARLY = tuple(name for name in _STORED if name not in _LATE)
_RULES = b"rules"  # the key of the rules in the package

# A character class, perhaps repeated with `+`; such a pattern cannot backtrack.
_CLASS = patterns.lazy(r"\[(?:[^\[\]\\]|\\.)+\]\+?", re.DOTALL)


class CompiledRules:
    """All rules of the shipped packs and of the packs in `folders`, whether the rules are on or off.

    `texts` are texts of more rules, by the paths of their files, which are not opened.
    `cache` contains the store of earlier runs. If `cache` is None, only the store in the package is used. `versions` is
    the digest of the versions that the store depends on. `inputs` is the digest of all inputs of the run. If the rules
    were stored with the same digest of inputs, they are not compared with the rule files.
    """

    def __init__(
        self,
        folders: Iterable[str | Path],
        cache: Cache | None = None,
        versions: bytes = b"",
        inputs: bytes = b"",
        *,
        texts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._folders, self._cache, self._inputs, self._texts = tuple(folders), cache, inputs, texts
        names = "\0".join(os.path.abspath(folder) for folder in self._folders)
        key = blake2b(names.encode("utf-8", "surrogateescape"), key=versions, digest_size=SIZE).digest()
        self._rules_key, self._analysis_key = key + b"y", key + b"p"
        self._code_key = blake2b(b"", key=versions, digest_size=SIZE).digest() + b"d"
        self._is_stored = self._is_code_stored = False

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, sorted by name; rules from the store lack their examples. Raises BadRule with all mistakes."""
        found = self._cache.get([self._rules_key, self._analysis_key, self._code_key]) if self._cache else {}
        if code := found.get(self._code_key):
            self._is_code_stored = True
        known: dict[bytes, Rule] = {rule.digest: rule for rule in shipped_store(self._full, code)}
        load_analysis(found.get(self._analysis_key, b"{}"))
        with suppress(ValueError):
            inputs, rules = unpack_rules(found.get(self._rules_key, b""), self._full, known)
            if inputs == self._inputs:
                self._is_stored = True
                return rules
            known |= {rule.digest: rule for rule in rules}
        return self._load(known)

    def _full(self, name: str) -> Rule:
        return self._in_full[name]

    def with_examples(self, rule: Rule) -> Rule:
        """Return `rule` with its examples. Raises BadRule if a rule file has mistakes.

        The config may have changed other fields of `rule`.
        """
        if not isinstance(rule, StoredRule):
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
        """Store the rules, and the analysis of their patterns, in `cache` for the next run.

        Data that is already there is not stored again. If a rule has an option that is not plain data, no rules are
        stored.
        """
        if data := new_analysis():
            cache.put([(self._analysis_key, data)])
        if not self._is_code_stored:
            self._is_code_stored = True
            cache.put([(self._code_key, digest_of_code())])
        if not self._is_stored:
            self._is_stored = True
            with suppress(ValueError, TypeError):  # an option that is not plain data
                cache.put([(self._rules_key, pack_rules(self._inputs, self.rules))])


# The store of the shipped rules, which is written when the package is built.

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "data" / "compiled.bin"


def shipped_store(full: Callable[[str], Rule], code: bytes | None = None) -> list[StoredRule]:
    """Return the shipped rules as stored in the package, and use the store for the analysis of their patterns, too.

    `code` is the result of `digest_of_code`, if known. If the package has no store for its current code, there are no
    rules. `full` is as in `unpack_rules`.
    """
    with suppress(OSError, EOFError, ValueError, TypeError):
        shipped = Store(_SHIPPED, (code or digest_of_code()).decode())
        rows, by_beginning = _loaded(shipped, _RULES)
        store.use(shipped)
        table = LiteralTable(by_beginning)
        return [_shipped_rule(row, number, full, shipped, table) for number, row in enumerate(rows)]
    return []


def write_shipped_store() -> None:
    """Write the shipped rules, and what this process has analyzed and collected, to the file in the package."""
    from linter.config import packs

    rules = packs.shipped_rules()
    rows = [[_packed(getattr(rule, name)) for name in _EARLY] for rule in rules]
    literals = {number: rule.needs.literals for number, rule in enumerate(rules) if rule.needs.literals}
    values = {_RULES: marshal.dumps((rows, pack_literals(literals)), 4)}
    for number, rule in enumerate(rules):
        values[_late_key(number)] = marshal.dumps([_packed(getattr(rule, name)) for name in _LATE], 4)
        values[_sets_key(number)] = marshal.dumps(rule.needs.literals, 4)
    write_store(_SHIPPED, digest_of_code().decode(), values | pack_analysis() | store.collected())


def _late_key(number: int) -> bytes:
    return b"late %d" % number


def _sets_key(number: int) -> bytes:
    return b"sets %d" % number


def _packed(value: object) -> object:
    """Return `value` with types that `marshal` knows, and of literals only the number of sets."""
    if isinstance(value, Needs):
        return (value.literals and len(value.literals), *value[1:])
    return dict(value) if isinstance(value, Mapping) else tuple(value) if isinstance(value, tuple) else value


def _shipped_rule(
    row: Iterable[Any], number: int, full: Callable[[str], Rule], shipped: Store, table: LiteralTable
) -> StoredRule:
    rule = StoredRule.__new__(StoredRule)
    values = dict(zip(_EARLY, row, strict=True))
    size, *others = values["needs"]
    if size:
        size = PackedLiterals(table, number, size, partial(_loaded, shipped, _sets_key(number)))
    values["needs"] = Needs(size, *others)
    values["fix"] = RuleFix(*values["fix"])
    late = partial(_loaded, shipped, _late_key(number))
    rule.__dict__.update(values, full=full, make=_shipped_check, late=late)
    return rule


def _loaded(shipped: Store, key: bytes) -> Any:
    return marshal.loads(shipped.get(key) or b"")


def _shipped_check(kind: str, given: Mapping[str, Any]) -> Check:
    return check_class(kind)(**given)  # type: ignore[no-any-return]


def digest_of_code() -> bytes:
    """Return a digest of the code and the data of the package, which is the same on all machines."""
    hasher = blake2b(digest_size=SIZE)
    built = {_SHIPPED.name}
    data = (file for file in _PACKAGE.glob("data/*.*") if file.name not in built)  # checks read words from them
    for source in sorted((*_PACKAGE.rglob("*.py"), *data), key=lambda file: file.relative_to(_PACKAGE).parts):
        hasher.update(source.read_bytes())
    return hasher.hexdigest().encode("ascii")


class StoredRule(Rule):
    """A rule from the store. Its check is created on first use, since most checks are never needed in a run.

    `make` creates the check from the name of its kind and the options `given`. If they are invalid, `full` is called
    with the name of the rule, and reads the rule from its file. If the rule is from the package, `late` returns the
    values of _LATE, which are only read if they are needed.
    """

    given: Mapping[str, Any]
    make: Callable[[str, Mapping[str, Any]], Check]
    full: Callable[[str], Rule]
    late: Callable[[], Sequence[Any]]

    def __getattr__(self, name: str) -> Any:
        if name not in _LATE and name != "given":
            raise AttributeError(name)
        values = dict(zip(_LATE, self.late(), strict=True))
        self.__dict__.update(values, given=values["options"])
        return self.__dict__[name]

    @cached_property
    def check(self) -> Check:
        try:
            return self.make(self.kind, self.given)
        except (ValueError, TypeError):
            return self.full(self.name).check


def pack_rules(inputs: bytes, rules: Iterable[Rule]) -> bytes:
    """Return rules as bytes, together with the digest of the inputs of the run.

    Of rules from the package, only the digest is included. Raises TypeError or ValueError for an option that is not
    plain data.
    """
    own = (rule for rule in rules if not (rule.trusted and isinstance(rule, StoredRule)))
    rows = [[getattr(rule, name) for name in _STORED] for rule in own]
    return serialize.dump_json((inputs, [rule.digest for rule in rules], rows))


def unpack_rules(
    data: bytes, full: Callable[[str], Rule], shipped: Mapping[bytes, Rule] = NO_RULES
) -> tuple[bytes, tuple[Rule, ...]]:
    """Return the digest and the rules in `data`, which `pack_rules` returned. The rules lack their examples.

    `full` takes the name of a rule, and reads the rule from its file. `shipped` are the rules in the package, by their
    digests. Raises ValueError for invalid data.
    """
    inputs, digests, rows = serialize.load_json(data, serialize.typed_reader(tuple[bytes, list[bytes], object]))
    own = [_rule(row, full) for row in _row_reader()(rows)] if rows else []
    known = {**shipped, **{rule.digest: rule for rule in own}}
    if not known.keys() >= set(digests):
        raise ValueError("a rule is missing")
    return inputs, tuple(known[digest] for digest in digests)


@cache
def _row_reader() -> serialize.Reader:
    """Return a reader for rows of the values of rules by name."""
    from linter.config import rule_file

    types = get_type_hints(Rule) | {
        "severity": Literal[SEVERITIES],
        "in_drafts": Literal[(*SEVERITIES, "")],
        "in_quotes": Literal[rule_file.QUOTES],
        "looks_at": Literal["block", "document", "folder"],
        "indexed": bool,
        "vocabulary": bool,
        "needs": Needs,
    }
    values = [types[name] for name in _STORED]
    return serialize.row_reader(list, lambda row: dict(zip(_STORED, row, strict=True)), *values)


def _rule(row: Mapping[str, Any], full: Callable[[str], Rule]) -> StoredRule:
    chars, given = row["needs"].chars, row["options"]
    if row["kind"] not in check_kinds() or (chars and not _CLASS.fullmatch(chars)):
        raise ValueError("not a rule")
    options = {name: tuple(value) if type(value) is list else value for name, value in given.items()}
    return _stored_rule({**row, "options": options}, given, full, _check)


def _stored_rule(
    values: Mapping[str, Any],
    given: Mapping[str, Any],
    full: Callable[[str], Rule],
    make: Callable[[str, Mapping[str, Any]], Check],
) -> StoredRule:
    rule = StoredRule.__new__(StoredRule)  # without `check`
    rule.__dict__.update(values, bad=(), good=(), words=NO_WORDS, given=given, full=full, make=make)
    return rule


def _check(kind: str, given: Mapping[str, Any]) -> Check:
    """Return a check of the kind `kind` with the options `given`. Raises ValueError or TypeError for wrong options."""
    if not all(_fits_memory(text) for text in given.values() if isinstance(text, str)):
        raise ValueError("the pattern is too large")
    from linter.config import rule_file

    types = {name: type_ for name, (type_, _) in rule_file.options_of_kind(kind).items()}
    if not types.keys() >= given.keys():
        raise ValueError("unknown option")
    return check_class(kind)(**{name: serialize.typed_reader(types[name])(given[name]) for name in given})  # type: ignore[no-any-return]


def _fits_memory(pattern: str) -> bool:
    """Whether a pattern is small enough to be compiled."""
    from linter.config import rule_file

    # Unlike the patterns in rule files, a pattern that is certainly small is not parsed. Parsing takes as long as
    # compiling.
    return is_certainly_small(pattern) or not rule_file.refusal(pattern)
