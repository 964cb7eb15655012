"""Find the JavaScript of MDX: expressions in braces, and tags with such expressions as attributes."""

from __future__ import annotations

import re
from collections import Counter

from linter import patterns
from linter.document import Span
from linter.readers.recover import Damage

# Code blocks and code, which are skipped; the start of a tag, an end tag, and a line that begins with an expression.
_PART = patterns.lazy(
    r"^[ \t>]*+(?P<fence>`{3,}|~{3,})[^\n]*+\n(?:(?![ \t>]*+(?P=fence))[^\n]*+\n)*+"
    r"|(?P<code>`++)[^`\n]++(?P=code)"
    r"|</(?P<end>[A-Za-z][\w.:-]*+)[ \t]*+>"
    r"|<(?P<name>[A-Za-z][\w.:-]*+)(?=\s)"
    r"|^[ \t]{0,3}(?P<braces>\{)(?![/{%])",
    re.MULTILINE,
)
_TOKEN = patterns.lazy(
    r"(?P<opens>\{)|(?P<closes>\})|(?P<end>/?>)|(?P<blank>\n[ \t]*+\n)"
    r"|\"[^\"\n]{0,5000}+\"|(?<![\w'])'(?:[^'\\\n]|\\.){0,500}+'|`(?:[^`\\]|\\[\s\S]){0,5000}+`"
    r"|(?<![:\w])//[^\n]*+|/\*(?:[^*]|\*(?!/)){0,2000}+\*/"
)
_LONGEST = 20_000  # maximum code points of an expression or a tag
_LINE_END = patterns.lazy(r"[ \t]*+(?:\r?\n|\Z)")


def find_jsx(text: str, body: int) -> Damage:
    """Return, as damage, the expressions in `text[body:]` that are blocks, and the tags that have expressions.

    What is alone on its lines is code; a tag within a line is cut, so that only its content is left.
    """
    damage = Damage()
    if "{" not in text:
        return damage
    open_tags: Counter[str] = Counter()
    done = body
    for part in _PART.finditer(text, body):
        start, end, name = part.start(), part.end(), part["end"]
        if start < done:
            continue
        if name:
            if not open_tags[name]:
                continue
            open_tags[name] -= 1
        elif part["name"] or part["braces"]:
            end, is_open = _end(text, part.start("braces") if part["braces"] else end, in_tag=bool(part["name"]))
            if end < 0 or (part["braces"] and not _LINE_END.match(text, end)):
                continue
            open_tags[part["name"]] += is_open
        else:
            continue
        done = end
        is_alone = not text[text.rfind("\n", 0, start) + 1 : start].strip() and _LINE_END.match(text, end)
        (damage.code if is_alone else damage.cuts).append(Span(start, end))
    return damage


def _end(text: str, start: int, *, in_tag: bool) -> tuple[int, bool]:
    """Return the end of the expression at `start`, or of the tag whose attributes begin there, and whether it is open.

    The end is -1 if the braces are never closed, or if the tag has no expression.
    """
    depth, braces = 0, False
    for token in _TOKEN.finditer(text, start, start + _LONGEST):
        if token["opens"]:
            depth, braces = depth + 1, True
        elif token["closes"]:
            depth -= 1
            if depth < 0 or (depth == 0 and not in_tag):
                return (token.end(), False) if depth == 0 else (-1, False)
        elif depth == 0 and token["blank"]:
            break
        elif depth == 0 and in_tag and token["end"]:
            return (token.end() if braces else -1), token["end"] == ">"
    return -1, False
