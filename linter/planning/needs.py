"""What a check says it needs, so that it need not be asked in vain."""

from __future__ import annotations

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


def of(rule: Rule) -> Needs:
    """What the rule's check has under these names."""
    if told := getattr(rule, "told", None):
        return _from_data(told, rule)
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


def data(need: Needs) -> tuple[Any, ...]:
    """What a rule needs as plain data, for `of` to find as its `told`; of what is a function, that there is one."""
    signs = need.signs and _source(need.signs)
    glances, picks = need.glance is not None, need.pick is not None
    return tuple(need._replace(signs=None, glance=None, pick=None)), signs, glances, picks


def _source(signs: Signs) -> tuple[str, int, bool]:
    """A pattern, its flags, and whether it is one of `regex`."""
    made: Any = signs.search
    return signs.pattern, int(signs.flags), type(made.__self__).__module__ != "re"


def _from_data(told: tuple[Any, ...], rule: Rule) -> Needs:
    """What `data` was given; the check of the rule is made when a function of it is first called."""
    values, signs, glances, picks = told
    if signs:
        pattern, flags, of_regex = signs
        signs = (late.regex if of_regex else late.pattern)(pattern, flags)

    def glance(text: str) -> Iterable[int]:
        return rule.check.glance(text)  # type: ignore[union-attr,no-any-return]

    def pick(blocks: Iterable[Block]) -> Iterable[Block]:
        return rule.check.pick(blocks)  # type: ignore[union-attr,no-any-return]

    return Needs(*values)._replace(signs=signs, glance=glance if glances else None, pick=pick if picks else None)
