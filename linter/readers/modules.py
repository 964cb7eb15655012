"""Find code in Markdown that readers do not see: imports and exports in MDX, and definitions for Franklin.jl."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter import patterns
from linter.document import Span

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
_TOKEN = patterns.lazy(
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
    for token in _TOKEN.finditer(text, start):
        if token["opens"]:
            depth += 1
        elif token["closes"]:
            depth -= 1
        elif token["line"] is not None and depth <= 0 and NOTHING_ELSE.match(text, token.end()):
            return token.start()
    return start
