"""Find code in Markdown that readers do not see: the JavaScript of MDX, and definitions for Franklin.jl.

In MDX, these are imports and exports, expressions in braces, and tags with such expressions as attributes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from linter import patterns
from linter.document import Span
from linter.readers.recover import Damage

_STATEMENT = (
    r"(?:import[ \t]+(?:[\"'{*]|\w+[ \t]*,[ \t]*[{*]|\w+[ \t]+from[ \t]*[\"'])"
    r"|export[ \t]+(?:(?:const|let|var|async|function|class)[ \t]+\w|default[ \t]+[\w({]|[{*]))"
)
_DEFINITION = patterns.lazy(
    r"^@def[ \t]+\w+[ \t]*=[ \t]*(?:\"{3}(?:[^\"]|\"(?!\"\")){0,5000}\"{3}|[^\n]{1,1000})$", re.MULTILINE
)
_FIRST = patterns.lazy(rf"\s*+{_STATEMENT}")
# A fence mark, or a possible statement. It is one only if it begins a paragraph and is not inside a code block.
_BEGINS = patterns.lazy(rf"^(?:[ \t>]*+(?P<fence>`{{3,}}|~{{3,}})|{_STATEMENT})", re.MULTILINE)
# Template literals and comments of JavaScript, in which brackets do not count.
UNREAD = r"`(?:[^`\\]|\\[\s\S]){0,5000}+`|(?<![:\w])//[^\n]*+|/\*(?:[^*]|\*(?!/)){0,2000}+\*/"
_BRACKET = patterns.lazy(
    r"(?P<opens>[{(\[])|(?P<closes>[})\]])|(?P<line>\r?\n|\Z)"
    rf"|\"(?:[^\"\\\n]|\\.){{0,500}}+\"|'(?:[^'\\\n]|\\.){{0,500}}+'|{UNREAD}"
)
NOTHING_ELSE = patterns.lazy(r"[ \t]*+(?:\r?\n|\Z)")  # up to the end of the line


def find_statements(text: str, body: int, path: str) -> list[Span]:
    """Return the spans of imports and exports in `text[body:]`, in order.

    Each span ends before a blank line or at the end of `text`. If `path` does not end with `.mdx`, the result is empty
    unless an import or export is the first text after the offset `body`.
    """
    if not path.endswith(".mdx"):
        if not _FIRST.match(text, body):
            return []
    elif "import" not in text and "export" not in text:
        return []
    return list(_statements(text, body))


def find_definitions(text: str, body: int) -> list[Span]:
    """Return the spans of definitions for Franklin.jl in `text[body:]`, such as `@def title = "The tram"`, in order."""
    if "@" not in text or "@def " not in text:  # a search for a single character is ten times as fast
        return []
    return [Span(*found.span()) for found in _DEFINITION.finditer(text, body)]


def _statements(text: str, body: int) -> Iterator[Span]:
    fence, done = "", body
    for found in _BEGINS.finditer(text, body):
        if mark := found["fence"]:
            if not fence:
                fence = mark
            elif mark.startswith(fence):
                fence = ""
        elif not fence and found.start() >= done and _is_first(text, found.start()):
            done = _end(text, found.start())
            if done == found.start():
                return
            yield Span(found.start(), done)


def _is_first(text: str, start: int) -> bool:
    """Whether the line that begins at `start` follows a blank line or is the first line of `text`."""
    return not text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start].strip()


def _end(text: str, start: int) -> int:
    """Return the end of the statements at `start`, or `start` if their brackets are never closed."""
    depth = 0
    for token in _BRACKET.finditer(text, start):
        if token["opens"]:
            depth += 1
        elif token["closes"]:
            depth -= 1
        elif token["line"] is not None and depth <= 0 and NOTHING_ELSE.match(text, token.end()):
            return token.start()
    return start


# Expressions and tags.

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
