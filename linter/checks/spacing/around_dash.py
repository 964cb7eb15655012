"""Dashes with a space on one side only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.document import Block
from linter.finding import Edit
from linter.patterns import lazy
from linter.rule import Match

_LOPSIDED = lazy(r" —(?=[“\"]?(?:[^\W\d_]{2}|[aAI]\b))(?<=[^\W\d_][ ,)”\"].|[,)”\"] .)")
_BEHIND = lazy(r"(?<=[^\W\d_][\w,)”\"])— (?=[“\"]?[^\W\d_])")
# A command whose option begins with a dash instead of two hyphens: gem install rails —include-dependencies.
_COMMAND = lazy(
    r"(?<![\w-])(?:gem|rails|rake|bundle|npm|npx|yarn|git|pip3?|apt(?:-get)?|brew|docker|sudo|curl|python3?|cargo|composer)"
    r" [^\n\"”’'`)]{0,80}\Z"
)
_CLOSING = lazy(r"[^\n—]{0,160}— ?[^\W\d_]")  # the dash that ends an aside in Spanish


@dataclass(frozen=True)
class AroundDash:
    """Em dashes within a sentence that have a space on one side only.

    `side` is the side with the space: `before` (the default) or `behind`. With `before`, dashes that may belong to a
    pair are ignored, and so are dashes before the options of a command. With `behind`, the dash must be the only em
    dash in its block. The match is the space and the dash; the fix deletes the space.
    """

    side: Literal["before", "behind"] = "before"

    chars: ClassVar[str] = "[—]"

    def find(self, block: Block) -> Iterator[Match]:
        if self.side == "behind":
            if block.text.count("—") == 1 and (behind := _BEHIND.search(block.text)):
                yield Match(*behind.span(), {}, (Edit(behind.end() - 1, behind.end(), ""),))
            return
        for found in _LOPSIDED.finditer(block.text):
            if found.start() > 1 and not (_CLOSING.match(block.text, found.end()) or _is_option(block.text, found)):
                yield Match(*found.span(), {}, (Edit(found.start(), found.start() + 1, ""),))


def _is_option(text: str, dash: re.Match[str]) -> bool:
    return _COMMAND.search(text, max(0, dash.start() - 100), dash.start()) is not None
