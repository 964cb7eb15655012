"""Front matter of Markdown: where it ends, what it says, and what is wrong with it in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from linter import late
from linter.block import Span
from linter.document import Metadata, Note
from linter.readers import mistakes, pairs, plainmatter, scalars
from linter.readers.builder import Builder
from linter.readers.matter import Malformed, Matter
from linter.readers.pairs import LINE, PAIR

# Blank lines may stand before it: so Hugo reads it, and whoever wrote it meant it so.
_OPENING = late.pattern(r"(?:[ \t]*+(?:\r\n?|\n))*+(---|\+\+\+)[ \t]*+(\r\n?|\n)")
_OBJECT = late.pattern(r"\s*+\{\s*+\"")
_CLOSING = {
    # They begin with what they look for, and look back then: a tenth of the time.
    "---": late.pattern(r"(?:---(?<=[\r\n]---)|\.\.\.(?<=[\r\n]\.\.\.))[ \t]*+(?:\r\n?|\n|\Z)"),
    "+++": late.pattern(r"\+\+\+(?<=[\r\n]\+\+\+)[ \t]*+(?:\r\n?|\n|\Z)"),
}
_MORE = late.pattern(r"[ \t]+\S|-(?:[ \t]|\Z)|\#|[\]}]")  # goes on with the pair above it, or is a comment
# One line of these makes front matter of what follows a rule.
_KEYS = frozenset(
    """
    title date author authors description summary tags categories category layout slug draft lang language
    permalink published image type weight keywords subtitle excerpt id
    """.split()
)
_LANGUAGES = ("lang", "language", "locale")
_CODE = late.pattern(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?\Z")


_UNCLOSED = {
    "---": "it begins with “---” and never ends; close it with a line “---”",
    "+++": "it begins with “+++” and never ends; close it with a line “+++”",
}


class _Lines(NamedTuple):
    """What may be front matter: its mark, the span of its content, and where the body begins."""

    mark: str
    start: int
    end: int
    body: int


def read(builder: Builder) -> int:
    """Add the front matter of a source, if it has any, to `builder`; returns the code point where the body begins.

    What cannot be read is a note, and then each line `key: value` is taken at its word.
    """
    text = builder.source.text
    opening = _OPENING.match(text)
    if not opening:
        if end := pairs.header(text):
            return _add(builder, _Lines("", 0, end, end), pairs.at_their_word(text, 0, end))
        return _json(builder)
    closing = _CLOSING[opening[1]].search(text, opening.end())
    lines = _Lines(opening[1], opening.end(), *(closing.span() if closing else (len(text), len(text))))
    if not closing:
        return _unclosed(builder, lines)
    try:
        matter = _parsed(text, lines)
    except Malformed as error:
        if not _is_whole(text, lines):
            return _unclosed(builder, lines)
        builder.notes.append(_note(text, lines, error))
        matter = pairs.at_their_word(text, lines.start, lines.end)
    if matter.values is None and not text[lines.start : lines.end].strip():
        matter.values = {}
    return _add(builder, lines, matter) if isinstance(matter.values, dict) else 0


def _json(builder: Builder) -> int:
    """Add front matter in JSON; what is none is text."""
    text = builder.source.text
    if not _OBJECT.match(text):
        return 0
    from linter.readers import jsonmatter

    found = jsonmatter.read(text)
    return _add(builder, _Lines("{", 0, found.end, found.end), found.matter) if found else 0


def language(values: Mapping[Any, Any]) -> str:
    """The primary subtag of the language that front matter names, in lower case, or ""."""
    for key, value in values.items():
        if str(key).lower() in _LANGUAGES and isinstance(value, str) and (code := _CODE.match(value.strip())):
            return code[1].lower()
    return ""


def _parsed(text: str, lines: _Lines) -> Matter:
    if lines.mark == "+++":
        from linter.readers import tomlmatter

        return tomlmatter.read(text, lines.start, lines.end)
    if matter := plainmatter.read(text, lines.start, lines.end):
        return matter
    from linter.readers import yamlmatter  # yaml takes 16 ms to import

    return yamlmatter.read(text, lines.start, lines.end)


def _mark(text: str) -> Span:
    """Where the mark stands that front matter begins with."""
    start = len(text) - len(text.lstrip(" \t\r\n"))
    return Span(start, start + 3)


def _unclosed(builder: Builder, lines: _Lines) -> int:
    """Front matter that never ends goes as far as its lines do; a rule with other lines below it is a rule."""
    text, end, keys = builder.source.text, lines.start, []
    for line in LINE.finditer(text, lines.start, lines.end):
        pair = PAIR.match(line[1])
        if pair and (pair["sign"] == "=") == (lines.mark == "+++"):
            keys.append(pair["key"].strip("\"'").lower())
        elif not keys or not _MORE.match(line[1]):
            break
        end = line.end()
    if not keys or (len(keys) == 1 and keys[0] not in _KEYS):
        return 0
    builder.notes.append(Note("front-matter", _mark(text), {"what": _UNCLOSED[lines.mark]}))
    lines = lines._replace(end=end, body=end)
    return _add(builder, lines, pairs.at_their_word(text, lines.start, lines.end))


def _is_whole(text: str, lines: _Lines) -> bool:
    """Whether what lies between two marks is front matter to its end: no text follows a blank line in it."""
    blank, seen, quotation = False, 0, ""
    for line in LINE.finditer(text, lines.start, lines.end):
        words = line[1].strip()
        if not words:
            blank = blank or bool(line[0])  # behind the last line end there is none
        elif quotation:
            quotation = "" if words.endswith(quotation) else quotation
        elif pair := PAIR.match(line[1]):
            blank, seen = False, seen + 1
            quotation = pair["value"][0] if mistakes.unclosed(line[1]) else ""
        elif blank and not _MORE.match(line[1]):
            return False
    return seen > 0 and not (quotation and blank)


def _add(builder: Builder, lines: _Lines, matter: Matter) -> int:
    """Add front matter to the document; returns where the body begins."""
    text, end = builder.source.text, lines.body
    while end > lines.start and text[end - 1] in "\r\n":
        end -= 1
    places = {key: Span(*place) for key, place in matter.places.items()}
    builder.metadata = Metadata(matter.values, Span(0, end), places)
    for string in matter.strings:
        key = ".".join(string.path).lower()
        scopes = ("metadata", f"metadata.{key}", *(("title",) if key == "title" else ()))
        pieces = scalars.pieces(text, string.start, string.end, string.style, string.value)
        if len(pieces) == 1 and pieces[0].text == text[pieces[0].start : pieces[0].end]:
            builder.whole(pieces[0].start, pieces[0].end, *scopes)
            continue
        for piece in pieces:
            builder.atom(piece.start, piece.end, piece.text)
        builder.flush(*scopes)
    return lines.body


def _note(text: str, lines: _Lines, error: Malformed) -> Note:
    """What is wrong, and where exactly."""
    if error.what:
        return Note("front-matter", _mark(text), {"what": error.what})
    if error.end > error.start:
        return Note("front-matter", Span(error.start, error.end), {"what": "it holds a character that nobody can see"})
    start, end = _line(text, lines, min(error.start, lines.end))
    if not error.unclosed and not PAIR.match(text[start:end]) and (opened := _quotation_before(text, lines, start)):
        what = "an apostrophe" if text[opened] == "'" else "a quotation mark"
        return Note("front-matter", Span(opened, end), {"what": f"{what} ends the quotation too soon"})
    above = _line_above(text, lines, start)
    if above and not error.unclosed and (mistakes.unclosed(text[slice(*above)]) or not _fits(text[slice(*above)])):
        start, end = above
    find = mistakes.in_toml if lines.mark == "+++" else mistakes.in_yaml
    for low, high in ((start, end), above or (start, end)):
        if mistake := find(text[low:high]):
            return Note("front-matter", Span(low + mistake.start, low + mistake.end), {"what": mistake.what})
    what = "this line does not fit the lines around it"
    if not PAIR.match(text[start:end]):
        what = "this line is no “key = value”" if lines.mark == "+++" else "this line is no “key: value”"
    words = text[start:end].strip()
    low = start + text[start:end].index(words)
    return Note("front-matter", Span(low, low + len(words)), {"what": what})


def _fits(line: str) -> bool:
    return bool(PAIR.match(line) or _MORE.match(line))


def _line(text: str, lines: _Lines, at: int) -> tuple[int, int]:
    """The span of the line at `at`; of the last one with words where that is blank."""
    found = (lines.start, lines.start)
    for line in LINE.finditer(text, lines.start, lines.end):
        if line[1].strip():
            found = line.span(1)
        if line.end() > at or line.end() == lines.end:
            break
    return found


def _quotation_before(text: str, lines: _Lines, at: int) -> int | None:
    """Where a quotation begins that is still open on the line at `at`."""
    opened = None
    for line in LINE.finditer(text, lines.start, at):
        pair = PAIR.match(line[1])
        if pair:
            opened = line.start() + pair.start("value") if mistakes.unclosed(line[1]) else None
        elif opened is not None and line[1].rstrip().endswith(text[opened]):
            opened = None
    return opened


def _line_above(text: str, lines: _Lines, start: int) -> tuple[int, int] | None:
    above = [line.span(1) for line in LINE.finditer(text, lines.start, start) if line[1].strip()]
    return above[-1] if above else None
