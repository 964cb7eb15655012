"""Rules as bytes and back: what reading their files again would give, without their examples.

The bytes lie in the cache and are not trusted: the kind of a rule is one of the kinds of check, and its options have
the types of that kind's fields. Its patterns are not parsed as those of a rule file are (loading.soundness), which
takes as long as to compile them; only their size is estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple

import regex

from linter import patterns, serialize
from linter.config import rule_file
from linter.prefilter import index
from linter.rule import NO_WORDS, Check, Rule, RuleFix

Severity = Literal["error", "warning", "info"]

_LARGEST = 100_000  # parts of a pattern when its repetitions are written out; `regex` takes 300 bytes for each
_PART = patterns.lazy_regex(
    r"\\.|\[(?:\\.|[^\]\\])*+\]?+|\(\?\#[^)]*+\)?+|\{(?P<least>\d++)[^{}]*+\}|\s++|.", regex.DOTALL
)


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
    held = rule.__dict__
    held.update(row._asdict(), bad=(), good=(), words=NO_WORDS, given=row.options, stored=row.needs, full=full)
    held["options"] = {name: tuple(value) if type(value) is list else value for name, value in row.options.items()}
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
