"""What a check says it needs, so that it need not be asked in vain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from linter import late
from linter.block import Block
from linter.document import ADDRESSES, DERIVED, SCOPES
from linter.rule import Rule

if TYPE_CHECKING:
    from linter.planning.literals import Literals
    from linter.planning.shapes import Pick
    from linter.planning.signs import Signs

Glance = Callable[[str], Iterable[int]]
_CLASS = late.pattern(r"\[(?:[^\[\]\\]|\\.)+\]\+?", re.DOTALL)  # one character, or several: it cannot backtrack
_FLAGS, _FLAGS_REGEX = 32, 16_672  # `re.U`, and those that `regex` gives a pattern of VERSION1
OWN = SCOPES - DERIVED  # the scopes of a document's own blocks


class Needs(NamedTuple):
    """What there must be for a rule to find anything; None, or empty, where nothing is known of that.

    `literals`: texts in folded form, of each set one. They stand in one block that the rule looks at, or, where
    it looks at documents, in one of the scopes `within`. `signs` fits single odd characters, of which one
    stands in that block, or in the source. `glance` takes the texts of blocks, with what no text holds between
    them, and gives places: one, at least, in each block that is worth a look; `pick` takes the blocks
    themselves and gives those. `among`: names of what a document has (Document.things), of which there is one.
    `begins`: ways in which a line of the story begins (planning.beginnings), one of them, unless what
    `literals` says stands in the document.
    """

    literals: Literals | None
    signs: Signs | None
    within: frozenset[str]
    glance: Glance | None = None
    pick: Pick | None = None
    among: frozenset[str] = frozenset()
    begins: frozenset[str] | None = None


class Stored(NamedTuple):
    """Needs as plain data, as the cache has them. Of what is a function it says that there is one.

    `signs` is a class of characters, or "" for none; `of_regex` says that it is one of `regex`.
    """

    literals: tuple[frozenset[str], ...] | None
    within: frozenset[str]
    among: frozenset[str]
    begins: frozenset[str] | None
    signs: str
    of_regex: bool
    glances: bool
    picks: bool


def of(rule: Rule) -> Needs:
    """What the rule's check has under these names."""
    if stored := getattr(rule, "stored", None):
        return _from_data(stored, rule)
    if rule.looks_at == "folder":
        return Needs(None, None, frozenset())
    within = rule.scope if rule.looks_at == "block" else getattr(rule.check, "within", OWN)
    literals, signs, glance = (getattr(rule.check, name, None) for name in ("literals", "signs", "glance"))
    if within <= ADDRESSES:
        literals = getattr(rule.check, "literals_in_addresses", literals)
    may_pick = literals is None and signs is None and rule.looks_at == "block"
    pick: Pick | None = getattr(rule.check, "pick", None) if may_pick else None
    among: frozenset[str] = getattr(rule.check, "among", frozenset())
    begins: frozenset[str] | None = getattr(rule.check, "begins", None)
    return Needs(literals, signs, within, glance, pick, among, begins)


def data(need: Needs) -> Stored | None:
    """What a rule needs as plain data, for `of` to find as its `stored`; None where that is not possible."""
    pattern: Any = need.signs
    signs = pattern.pattern if pattern else ""
    of_regex = bool(pattern) and type(pattern.search.__self__).__module__ != "re"
    if signs and (not _CLASS.fullmatch(signs) or int(pattern.flags) != (_FLAGS_REGEX if of_regex else _FLAGS)):
        return None
    picks = need.glance is not None, need.pick is not None
    return Stored(need.literals, need.within, need.among, need.begins, signs, of_regex, *picks)


def is_sound(stored: Stored) -> bool:
    """Whether `data` can have made it."""
    return not stored.signs or bool(_CLASS.fullmatch(stored.signs))


def _from_data(stored: Stored, rule: Rule) -> Needs:
    """What `data` was given; the check of the rule is made when a function of it is first called."""
    signs = None
    if stored.signs:
        signs = late.regex(stored.signs, _FLAGS_REGEX) if stored.of_regex else late.pattern(stored.signs, _FLAGS)

    def glance(text: str) -> Iterable[int]:
        return rule.check.glance(text)  # type: ignore[union-attr,no-any-return]

    def pick(blocks: Iterable[Block]) -> Iterable[Block]:
        return rule.check.pick(blocks)  # type: ignore[union-attr,no-any-return]

    return Needs(
        stored.literals,
        signs,
        stored.within,
        glance if stored.glances else None,
        pick if stored.picks else None,
        stored.among,
        stored.begins,
    )
