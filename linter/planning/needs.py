"""What a check says it needs, so that it need not be asked in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from linter.document import ADDRESSES, DERIVED, SCOPES
from linter.planning.literals import Literals
from linter.planning.shapes import Pick
from linter.planning.signs import Signs
from linter.rule import Rule, looks_at

Glance = Callable[[str], Iterable[int]]
OWN = SCOPES - DERIVED  # the scopes of a document's own blocks


class Needs(NamedTuple):
    """What must stand in a text for a rule to find anything in it, or None where nothing is known to.

    A text of each set of `literals`, in folded form; a character that `signs` fits, and that fits odd ones alone. Where
    the rule looks at blocks, it is a block's text. Else literals stand in a block of one of the scopes `within`, and
    signs in the source. `glance` takes the texts of blocks, with what no text holds between them, and gives places: one
    in each block, at least, in which a rule that looks at blocks finds anything; `pick` takes blocks, and gives those.
    `among` are names of what a document has (Document.things): one of them, or it finds nothing; where there are none
    nothing is known.
    A line of the story begins in one of the ways `begins` (planning.beginnings), where a rule has these, unless what
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
    if looks_at(rule.check) == "folder":
        return Needs(None, None, frozenset())
    within = rule.scope if looks_at(rule.check) == "block" else getattr(rule.check, "within", OWN)
    literals, signs, glance = (getattr(rule.check, name, None) for name in ("literals", "signs", "glance"))
    if within <= ADDRESSES:
        literals = getattr(rule.check, "literals_in_addresses", literals)
    may_pick = literals is None and signs is None and looks_at(rule.check) == "block"
    pick: Pick | None = getattr(rule.check, "pick", None) if may_pick else None
    among: frozenset[str] = getattr(rule.check, "among", frozenset())
    begins: frozenset[str] | None = getattr(rule.check, "begins", None)
    return Needs(literals, signs, within, glance, pick, among, begins)
