"""Find the keys and values of YAML with their positions, even if the YAML is incomplete because the user is typing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from linter import patterns
from linter.source import BYTE_ORDER_MARK

Path = tuple[str | int, ...]

_MAX_LENGTH = 1_000_000  # code points; a longer text has no outline
_MAX_DEPTH = 50  # nested lists and mappings; those that are nested deeper are left out
_END = r"(?=[ \t\r\n]|\Z)"
_QUOTED = r'"(?:[^"\\\r\n]++|\\[^\r\n])*+"' + r"|'(?:[^'\r\n]++|'')*+'"
_OPENING = frozenset("[{|>\"'")  # these begin values that are not plain scalars
_BLANK = patterns.lazy(r"[ \t]*+")
_LINE = patterns.lazy(r"( *+)([^\r\n]*+)(?:\r\n?|\n)?")
_MARKER = patterns.lazy(rf"(?:---|\.\.\.){_END}")
_DASH = patterns.lazy(rf"-{_END}")
_PLAIN = r"(?:[^\r\n:#]|:(?![ \t\r\n]|\Z)|(?<=[^\s])#)"
_KEY = patterns.lazy(rf"({_QUOTED}|(?!-{_END})[^\s\"'\[\]{{}}&*!|>%@`#,]{_PLAIN}*+)[ \t]*+:{_END}")
_SCALAR = patterns.lazy(r"[^\s#](?:[^\r\n#]|(?<=[^\s])#)*+")
_HEADER = patterns.lazy(r"[|>][0-9+-]*+[ \t]*+(?:#[^\r\n]*+)?(?=[\r\n]|\Z)")
_LONG_QUOTED = patterns.lazy(r'"(?:[^"\\]++|\\[\s\S])*+"' + r"|'(?:[^']++|'')*+'")
_CUT_QUOTED = patterns.lazy(r"[\"'][^\r\n]*+")
_FLOW_SPACE = patterns.lazy(r"(?:\s++|(?<=\s)#[^\r\n]*+)*+")
_FLOW_PLAIN = patterns.lazy(r"[^\s,\[\]{}:#](?:[^\r\n,\[\]{}:#]|:(?![\s,\[\]{}]|\Z)|(?<=[^\s])#)*+")
_FLOW_COLON = patterns.lazy(r"[ \t]*+:(?=[\s,\[\]{}]|\Z)")


class Part(NamedTuple):
    """A key or a scalar value in YAML.

    `path` has the keys and the 0-based list indexes that lead to it; the path of a key ends with the key itself.
    `start` and `end` are offsets in code points. They, and `text`, do not include quotation marks. In `text`, escape
    sequences with a backslash are unchanged. A scalar where only a key is possible is a key, because its colon may be
    missing. `is_alone` is true for a value that begins where a list or mapping without brackets could begin: on its own
    line, or after `- `. `in_brackets` is true inside brackets or braces.
    """

    path: Path
    start: int
    end: int
    text: str
    is_key: bool = False
    is_alone: bool = False
    is_quoted: bool = False
    in_brackets: bool = False


def outline(text: str) -> list[Part]:
    """Return the keys and scalar values in YAML, in order.

    Lines that do not belong to any list or mapping are skipped. The result is empty for a text of more than a million
    code points.
    """
    if len(text) > _MAX_LENGTH:
        return []
    scanner = _Scanner(text)
    at = 1 if text.startswith(BYTE_ORDER_MARK) else 0
    while at < len(text):
        at = scanner.read_line(at)
    return scanner.parts


@dataclass(eq=False)
class _Collection:
    """A list or mapping that is being read. `indent` is -1 inside brackets, and `key` the last key inside braces."""

    path: Path
    is_list: bool
    indent: int = -1
    count: int = 0
    key: str | None = None


class _Scanner:
    def __init__(self, text: str) -> None:
        self.parts: list[Part] = []
        self._text = text
        self._blocks: list[_Collection] = []  # without brackets, from the outermost to the innermost
        self._pending: Path | None = ()  # path of a value that may follow on the next line

    def read_line(self, start: int) -> int:
        """Read the entries that begin on the line at `start`. Return the start of the next line that was not read."""
        indent, content = self._line(start)
        after = self._next(start)
        if not content or content[0] in "#\t":
            return after
        if not indent and _MARKER.match(content):
            self._blocks, self._pending = [], ()
            return after
        at = start + indent
        while _DASH.match(self._text, at):
            block = self._enter(at - start, is_list=True)
            if block is None:
                return after
            block.count += 1
            self._pending = (*block.path, block.count - 1)
            at = self._skip(_BLANK, at + 1)
            if self._is_blank(at):
                return after
        key = _KEY.match(self._text, at)
        if not key:
            return self._lone(at, at - start)
        block = self._enter(at - start, is_list=False)
        if block is None:
            return after
        name = key[1].rstrip()
        path = self._add_key(block.path, at, name)
        self._pending = None
        value = self._skip(_BLANK, key.end())
        if self._is_blank(value):
            self._pending = path
            return after
        return self._value(Part(path, value, value, ""), block.indent)

    def _enter(self, column: int, *, is_list: bool) -> _Collection | None:
        """Return the list or mapping with an entry at `column`, or None if there is no place for an entry."""
        self._leave(column, is_list=is_list)
        top = self._blocks[-1] if self._blocks else None
        if top and top.indent == column and top.is_list == is_list:
            return top
        is_deeper = top is None or top.indent < column or (is_list and top.indent == column)
        if self._pending is None or not is_deeper or len(self._blocks) > _MAX_DEPTH:
            return None
        self._blocks.append(_Collection(self._pending, is_list, column))
        self._pending = None
        return self._blocks[-1]

    def _leave(self, column: int, *, is_list: bool) -> None:
        """Leave the lists and mappings that end before an entry at `column`."""
        while self._blocks and (
            self._blocks[-1].indent > column
            or (self._blocks[-1].indent == column and self._blocks[-1].is_list and not is_list)
        ):
            self._blocks.pop()
            self._pending = None

    def _lone(self, at: int, column: int) -> int:
        """Read a value, or a key without a colon, at the beginning of an entry. Return the start of the next line."""
        self._leave(column, is_list=False)
        top = self._blocks[-1] if self._blocks else None
        scalar = _SCALAR.match(self._text, at)
        if top and top.indent == column and not top.is_list:
            if scalar and self._text[at] not in _OPENING:
                self._add_key(top.path, at, scalar[0].rstrip())
            self._pending = None
            return self._next(at)
        if self._pending is None:  # the value of the last key continues
            return self._next(at)
        path, self._pending = self._pending, None
        end = self._value(Part(path, at, at, "", is_alone=True), top.indent if top else -1)
        if self._text[at] not in _OPENING:  # it may also be a key without a colon, before others
            self._pending = path
        return end

    def _value(self, part: Part, indent: int) -> int:
        """Read a value, of which `part` has the start. Return the start of the next line.

        Its further lines, if any, have more than `indent` spaces.
        """
        at = part.start
        opening = self._text[at]
        if header := _HEADER.match(self._text, at):
            start = self._next(header.end())
            end = self._limit(start, indent)
            self.parts.append(part._replace(start=start, end=end, text=self._text[start:end], is_alone=False))
            return end
        if opening in "[{":
            limit = self._limit(self._next(at), indent, closing=True)
            end = self._brackets(part.path, at, limit)
            return end if end == limit else self._next(end)
        if opening in "\"'":
            end = self._quoted(at, self._limit(self._next(at), indent))
        else:
            end = at + len(self._scalar(at).rstrip())
        self._add(part, end)
        return self._next(end)

    def _brackets(self, path: Path, at: int, limit: int) -> int:
        """Read a list or mapping in brackets or braces at `at`, up to `limit`. Return its end, or `limit`."""
        stack: list[_Collection] = []
        while at < limit:
            opening = self._text[at]
            if opening in "[{":
                if len(stack) > _MAX_DEPTH:
                    return limit
                stack.append(_Collection(_path_in(stack[-1]) if stack else path, opening == "["))
            elif opening in "]}":
                stack.pop()
                if not stack:
                    return at + 1
            elif opening == ",":
                stack[-1].count, stack[-1].key = stack[-1].count + 1, None
            at = self._entry_in_brackets(stack[-1], at, limit) if opening not in "[]{},:" else at + 1
            at = self._skip(_FLOW_SPACE, at, limit)
        return limit

    def _entry_in_brackets(self, inside: _Collection, at: int, limit: int) -> int:
        """Read a key or a scalar value in `inside`. Return its end, including the colon after a key."""
        if self._text[at] in "\"'":
            end = self._quoted(at, limit)
        else:
            plain = _FLOW_PLAIN.match(self._text, at, limit)
            end = at + max(1, len(plain[0].rstrip()) if plain else 0)
        colon = _FLOW_COLON.match(self._text, end, limit)
        if colon or not (inside.is_list or inside.key is not None):
            parent = _path_in(inside) if inside.is_list else inside.path
            path = self._add_key(parent, at, self._text[at:end], in_brackets=True)
            inside.key = str(path[-1]) if colon else None
            return colon.end() if colon else end
        self._add(Part(_path_in(inside), at, at, "", in_brackets=True), end)
        return end

    def _add_key(self, parent: Path, at: int, written: str, *, in_brackets: bool = False) -> Path:
        """Add the key `written`, with its quotation marks, at the offset `at`, and return its path."""
        part = Part(parent, at, at, "", is_key=True, is_alone=not in_brackets, in_brackets=in_brackets)
        self._add(part, at + len(written))
        path = (*parent, self.parts[-1].text)
        self.parts[-1] = self.parts[-1]._replace(path=path)
        return path

    def _add(self, part: Part, end: int) -> None:
        """Add `part`, which ends at `end` and has no text yet."""
        start, quote = part.start, self._text[part.start]
        if is_quoted := quote in "\"'":
            start += 1
            end -= end > start and self._text[end - 1] == quote
        text = self._text[start:end].replace("''", "'") if quote == "'" else self._text[start:end]
        self.parts.append(part._replace(start=start, end=end, text=text, is_quoted=is_quoted))

    def _quoted(self, at: int, limit: int) -> int:
        """Return the end of a text in quotation marks: after the second mark or, if it is missing, of the line."""
        found = _LONG_QUOTED.match(self._text, at, limit) or _CUT_QUOTED.match(self._text, at)
        return found.end() if found else at + 1

    def _scalar(self, at: int) -> str:
        found = _SCALAR.match(self._text, at)
        return found[0] if found else ""

    def _limit(self, start: int, indent: int, *, closing: bool = False) -> int:
        """Return the start of the first line, from `start` on, that is not blank and has at most `indent` spaces.

        If `closing` is true, lines that begin with a closing bracket or brace are included.
        """
        while start < len(self._text):
            spaces, content = self._line(start)
            if content.strip() and spaces <= indent and not (closing and content[0] in "]}"):
                break
            start = self._next(start)
        return start

    def _line(self, start: int) -> tuple[int, str]:
        """Return the number of spaces at the beginning of the line at `start`, and the rest of the line."""
        line = _LINE.match(self._text, start)
        return (len(line[1]), line[2]) if line else (0, "")

    def _next(self, at: int) -> int:
        """Return the start of the line after the one that contains `at`."""
        line = _LINE.match(self._text, at)
        return line.end() if line else len(self._text)

    def _skip(self, pattern: re.Pattern[str], at: int, limit: int | None = None) -> int:
        found = pattern.match(self._text, at, len(self._text) if limit is None else limit)
        return found.end() if found else at

    def _is_blank(self, at: int) -> bool:
        """Whether only a comment, or nothing, follows on the line."""
        return at >= len(self._text) or self._text[at] in "\r\n#"


def _path_in(inside: _Collection) -> Path:
    """Return the path of the current value inside brackets or braces."""
    return (*inside.path, inside.count if inside.is_list else inside.key or "")
