"""Find the JavaScript of MDX: expressions in braces, and tags with such expressions as attributes."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from linter import patterns
from linter.document import Span
from linter.readers.modules import NOTHING_ELSE, UNREAD
from linter.readers.recover import Damage

# Code blocks and code, which are skipped; the start of a tag, an end tag, and a line that begins with an expression.
_PART = patterns.lazy(
    r"^[ \t>]*+(?P<fence>`{3,}|~{3,})[^\n]*+\n"
    r"(?:(?![ \t>]*+(?P=fence))[^\n]*+(?:\n|\Z))*+(?:[ \t>]*+(?P=fence)[^\n]*+)?"
    r"|(?P<code>`++)[^`\n]++(?P=code)"
    r"|</(?P<end>[A-Za-z][\w.:-]*+)[ \t]*+>"
    r"|<(?P<name>[A-Za-z][\w.:-]*+)(?=[\s/>])"
    r"|^[ \t]{0,3}(?P<braces>\{)(?![/{%])",
    re.MULTILINE,
)
_TOKEN = patterns.lazy(
    r"(?P<opens>\{)|(?P<closes>\})|(?P<end>/?>)|(?P<blank>\n[ \t]*+\n)"
    rf"|\"[^\"\n]{{0,5000}}+\"|(?<![\w'])'(?:[^'\\\n]|\\.){{0,500}}+'|{UNREAD}"
)
_CONTAINERS = frozenset("article aside center details div figure p section span".split())
_MAX_LENGTH = 20_000  # maximum code points of an expression or a tag


def find_jsx(text: str, body: int) -> Damage:
    """Return, as damage, the expressions in `text[body:]` that are blocks, and tags that mislead a Markdown parser.

    Such tags have expressions as attributes, or they stand alone on their lines around Markdown, which MDX allows. What
    is alone on its lines is blank; a tag within a line is cut, so that only its content is left.
    """
    damage = Damage()
    masked_tags: Counter[str] = Counter()  # names of tags that are open
    done = body
    for part in _PART.finditer(text, body):
        start, name, closed = part.start(), part["name"], part["end"]
        if start < done or not (name or closed or part["braces"]):
            continue
        at = part.end() if name else part.start("braces")
        found = _Part(part.end(), False, False) if closed else _read(text, at, in_tag=bool(name))
        if not found:
            continue
        begins_line = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        is_alone = begins_line and NOTHING_ELSE.match(text, found.end) is not None
        if closed:
            is_masked = masked_tags[closed] > 0
        elif name and not found.has_braces:
            is_masked = is_alone and _is_around_blocks(name) and " id=" not in text[start : found.end]
        else:
            is_masked = is_alone or bool(name)
        if is_masked:
            masked_tags[name or closed] += -1 if closed else found.is_open
            done = found.end
            (damage.blanks if is_alone else damage.cuts).append(Span(start, done))
    return damage


class _Part(NamedTuple):
    """An expression or a tag that ends at `end`. A tag may be open, that is, have an end tag."""

    end: int
    is_open: bool
    has_braces: bool


def _is_around_blocks(name: str) -> bool:
    return name[0].isupper() or name in _CONTAINERS


def _read(text: str, start: int, *, in_tag: bool) -> _Part | None:
    """Return the expression at `start`, or the tag whose attributes begin there, or None if it does not end."""
    depth, has_braces = 0, False
    for token in _TOKEN.finditer(text, start, start + _MAX_LENGTH):
        if token["opens"]:
            depth, has_braces = depth + 1, True
        elif token["closes"]:
            depth -= 1
            if depth < 0:
                return None
            if depth == 0 and not in_tag:
                return _Part(token.end(), is_open=False, has_braces=True)
        elif depth == 0 and token["blank"]:
            return None
        elif depth == 0 and in_tag and token["end"]:
            return _Part(token.end(), token["end"] == ">", has_braces)
    return None
