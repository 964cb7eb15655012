"""A single bullet left over from a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match

_BULLET = patterns.lazy(r"^[*•‣▪][ \t\u00a0]+(?=[^\W\d_])", re.MULTILINE)


@dataclass(frozen=True)
class LoneBullet:
    """The only line of an article that starts with a bullet; several such lines are a list.

    The line must be the first line of a paragraph or list item. An asterisk counts as a bullet only in plain text, and
    only if it is the only asterisk in the article, because two asterisks may mark a footnote. The fix deletes the
    bullet.
    """

    def find_in(self, document: Document) -> Iterator[Match]:
        if not any(map(document.source.text.__contains__, "•‣▪*" if document.kind == "text" else "•‣▪")):
            return
        blocks = [block for block in document.top_level_blocks if "code" not in block.scopes]
        bullets = [(block, bullet) for block in blocks for bullet in _BULLET.finditer(block.text)]
        if len(bullets) != 1:
            return
        block, bullet = bullets[0]
        if bullet[0][0] == "*" and (document.kind != "text" or sum(other.text.count("*") for other in blocks) > 1):
            return
        if bullet.start() == 0 and block.scopes <= {"paragraph", "list"}:
            span = block.span(*bullet.span())
            yield Match(*span, {}, (Edit(*span, ""),))
