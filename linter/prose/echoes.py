"""Paragraphs that say something over again, whose words stand elsewhere in the article too: few, in most articles."""

from __future__ import annotations

from functools import lru_cache

from linter.document import Document
from linter.prose.likeness import hashes, in_several
from linter.prose.wording import wording

APART = frozenset({"list", "quote", "table", "caption", "heading"})  # what repeats itself for reasons of its own


@lru_cache(1)  # several rules ask it of the same article
def echoes(document: Document) -> frozenset[int]:
    """The paragraphs of which some run of likeness.SHINGLE words, with their marks, stands twice in paragraphs.

    They are numbers among the blocks of the story; those in lists, quotations and tables do not count.
    """
    runs = {
        number: hashes(text.split(" "))
        for number, (block, text) in enumerate(wording(document).items())
        if "paragraph" in block.scopes and block.scopes.isdisjoint(APART)
    }
    again = in_several(runs.values())
    return frozenset(number for number, own in runs.items() if not again.isdisjoint(own) or len({*own}) < len(own))
