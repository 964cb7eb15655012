"""Blocks that are too long or too short."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.document import Block
from linter.rule import Limited, Match


@dataclass(frozen=True)
class Length(Limited):
    """Blocks with fewer than `at_least` or more than `at_most` words or characters.

    `unit` is `words` or `characters`. Words are separated by white space, and characters are code points. At least one
    of `at_least` and `at_most` is required. The match is the whole block. The message may use {length}, the length of
    the block, and {limit}, the limit that it exceeds or falls below.
    """

    unit: Literal["words", "characters"]
    at_least: int = 0
    at_most: int = 0

    values: ClassVar[frozenset[str]] = frozenset({"length", "limit"})

    @property
    def may_match(self) -> Callable[[str], bool] | None:
        least = self.at_most * (2 if self.unit == "words" else 1)  # a word and its space are two characters at least
        return None if self.at_least else lambda text: len(text) > least

    def find(self, block: Block) -> Iterator[Match]:
        length = len(block.text.split()) if self.unit == "words" else len(block.text)
        if limit := self.crossed(length):
            yield Match(0, len(block.text), {"length": str(length), "limit": str(limit)})
