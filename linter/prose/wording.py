"""What each block of a story says, as texts are compared: in small letters, with its marks, a single space anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from linter.block import Block
from linter.document import Document


@lru_cache(1)  # all that compare the texts of an article, with each other or with those of others, ask
def wording(document: Document) -> Mapping[Block, str]:
    """The blocks of `document.prose`, in order, with what they say."""
    return {block: said(block.text) for block in document.prose}


def said(text: str) -> str:
    """The words of a text in small letters, with single spaces between them."""
    text = text.casefold().replace("\n", " ")
    if text.isprintable() and "  " not in text and text.strip(" ") == text:  # as nearly all, without any other space
        return text
    return " ".join(text.split())
