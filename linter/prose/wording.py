"""The words of each block of a story as texts are compared: in small letters, with their marks, cut at white space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from linter.document import Block, Document


@lru_cache(1)  # all that compare the texts of an article, with each other or with those of others, ask
def wording(document: Document) -> Mapping[Block, Sequence[str]]:
    """The words of the blocks of `document.prose`, in order."""
    return {block: block.text.casefold().split() for block in document.prose}
