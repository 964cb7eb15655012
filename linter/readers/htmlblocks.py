"""Blocks of raw HTML in Markdown that never end, and so would hide the rest of the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter import late
from linter.block import Span
from linter.document import Tag
from linter.readers import tags
from linter.readers.shadow import Damage

# How a block of raw HTML begins that may hold blank lines, and what ends it (CommonMark 0.31, 4.6, 1 to 5).
_KINDS = (
    (
        late.pattern(r"<(?:script|pre|style|textarea)(?=[\s>]|\Z)[^<>\r\n]*>?", re.I),
        late.pattern(r"</(?:script|pre|style|textarea)>", re.I),
    ),
    (late.pattern(r"<!--"), late.pattern(r"-->")),
    (late.pattern(r"<\?"), late.pattern(r"\?>")),
    (late.pattern(r"<!\[CDATA\["), late.pattern(r"\]\]>")),
    (late.pattern(r"<![A-Za-z]"), late.pattern(r">")),
)


def judge(text: str, blocks: Sequence[Span]) -> Damage:
    """What begins such a block in `text` without an end in it; `blocks` are those of raw HTML."""
    damage = Damage()
    for start, end in blocks:
        for opening, closing in _KINDS:
            if not opening.match(text, start, end):
                continue
            if not closing.search(text, start, end):
                for found in opening.finditer(text, start, end):
                    damage.cuts.append(Span(*found.span()))
                    damage.tags.append(_tag(text, found))
            break
    return damage


def _tag(text: str, found: re.Match[str]) -> Tag:
    tag = next(tags.scan(text, found.start(), found.end(), known_only=False), None)
    return tag or Tag("", "broken", Span(*found.span()))
