"""A bullet that stands alone: the list it came from is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linter.document import Document
from linter.finding import Edit
from linter.rule import Match

_BULLET = re.compile(r"[*•·‣▪●○■◦][ \t\u00a0]+(?=[^\W\d_])")


@dataclass(frozen=True)
class LoneBullet:
    """A block that begins with a bullet's sign, between blocks that do not.

    An asterisk is no bullet where it may mark a footnote: there is a second one, or Markdown made it print.
    """

    def find(self, document: Document) -> Iterator[Match]:
        asterisks = 2 if document.kind == "markdown" else sum(block.text.count("*") for block in document.flow)
        bullets = [_BULLET.match(block.text) for block in document.flow]
        for i, (block, bullet) in enumerate(zip(document.flow, bullets, strict=True)):
            beside = (bullets[i - 1] if i else None, bullets[i + 1] if i + 1 < len(bullets) else None)
            if bullet and bullet[0][0] == "*" and asterisks > 1:
                continue
            if bullet and not any(beside) and block.scopes <= {"paragraph", "list"}:
                span = block.span(*bullet.span())
                yield Match(*span, {}, (Edit(*span, ""),))
