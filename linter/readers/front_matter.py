"""Read front matter: find where it ends, read its values, and describe its mistakes in plain words.

Front matter in YAML or TOML that cannot be parsed can still be read line by line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from linter import patterns
from linter.document import Metadata, Note, Span
from linter.readers import front_matter_values
from linter.readers.builder import Builder
from linter.readers.front_matter_values import FrontMatterValues, Malformed, String

# Blank lines may precede the mark, as in Hugo.
_OPENING = patterns.lazy(r"(?:[ \t]*+(?:\r\n?|\n))*+(---|\+\+\+)[ \t]*+(\r\n?|\n)")
_OBJECT = patterns.lazy(r"\s*+\{\s*+\"")
_CLOSING = {
    # The patterns begin with the literal and then look back, which is ten times as fast.
    "---": patterns.lazy(r"(?:---(?<=[\r\n]---)|\.\.\.(?<=[\r\n]\.\.\.))[ \t]*+(?:\r\n?|\n|\Z)"),
    "+++": patterns.lazy(r"\+\+\+(?<=[\r\n]\+\+\+)[ \t]*+(?:\r\n?|\n|\Z)"),
}
_MORE = patterns.lazy(r"[ \t]+\S|-(?:[ \t]|\Z)|\#|[\]}]")  # continues the pair above it, or is a comment
# After a horizontal rule, a single line with one of these keys is enough for front matter.
_KEYS = frozenset(
    """
    title date author authors description summary tags categories category layout slug draft lang language
    permalink published image type weight keywords subtitle excerpt id
    """.split()
)
# Minimum code points of a value in HTML that is not checked as text, because it is a stored page.
_MIN_PAGE_LENGTH = 1000
_LANGUAGES = ("lang", "language", "locale")
_CODE = patterns.lazy(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?\Z")


class _Lines(NamedTuple):
    """Possible front matter: its opening mark, the start and end of its content, and the start of the body.

    The mark is `---`, `+++`, `{` for JSON, or "" for a header without marks.
    """

    mark: str
    start: int
    end: int
    body: int


def read_front_matter(builder: Builder) -> int:
    """Add the front matter of a source, if any, to `builder`; return the offset at which the body begins.

    The offset is 0 if there is no front matter. If front matter in YAML or TOML cannot be parsed, a note usually
    reports the mistake, and the `key: value` or `key = value` lines are read one by one.
    """
    text = builder.source.text
    opening = _OPENING.match(text)
    if not opening:
        if end := header_end(text):
            return _add(builder, _Lines("", 0, end, end), read_header(text, 0, end))
        return _json(builder)
    closing = _CLOSING[opening[1]].search(text, opening.end())
    lines = _Lines(opening[1], opening.end(), *(closing.span() if closing else (len(text), len(text))))
    if not closing:
        return _unclosed(builder, lines)
    try:
        parsed = _parsed(text, lines)
    except Malformed as error:
        if not _is_whole(text, lines):
            return _unclosed(builder, lines)
        if lines.mark != "+++" or not _JULIA.search(text, lines.start, lines.end):
            builder.notes.append(_note(text, lines, error))
        parsed = read_header(text, lines.start, lines.end)
    if parsed.values is None and not text[lines.start : lines.end].strip():
        parsed.values = {}
    return _add(builder, lines, parsed) if isinstance(parsed.values, dict) else 0


def read_closed_front_matter(builder: Builder) -> int:
    """Add front matter between marks to `builder`, if it can be parsed and has a common key such as `title`.

    Return the offset at which the body begins, or 0 if nothing is added. This function is for plain text, where
    anything else is more likely to be text than damaged front matter.
    """
    text = builder.source.text
    opening = _OPENING.match(text)
    closing = opening and _CLOSING[opening[1]].search(text, opening.end())
    if not opening or not closing:
        return 0
    lines = _Lines(opening[1], opening.end(), *closing.span())
    try:
        parsed = _parsed(text, lines)
    except Malformed:
        return 0
    is_front_matter = isinstance(parsed.values, dict) and any(str(key).lower() in _KEYS for key in parsed.values)
    return _add(builder, lines, parsed) if is_front_matter else 0


def _json(builder: Builder) -> int:
    """Add front matter in JSON to `builder`; return the offset at which the body begins, or 0 if nothing is added."""
    text = builder.source.text
    if not _OBJECT.match(text):
        return 0
    try:
        parsed = _parsed(text, _Lines("{", 0, len(text), len(text)))
    except Malformed:
        return 0
    return _add(builder, _Lines("{", 0, parsed.end, parsed.end), parsed)


def front_matter_language(values: Mapping[Any, Any]) -> str:
    """Return the language code that `values` declare, in lowercase and without a region, such as "en".

    If they declare none, return "".
    """
    for key, value in values.items():
        if str(key).lower() in _LANGUAGES and isinstance(value, str) and (code := _CODE.match(value.strip())):
            return code[1].lower()
    return ""


def _parsed(text: str, lines: _Lines) -> FrontMatterValues:
    from linter.readers import front_matter_formats as formats  # importing yaml takes 16 ms

    read = {"---": formats.read_yaml, "+++": formats.read_toml, "{": formats.read_json}[lines.mark]
    return read(text, lines.start, lines.end)


def _mark(text: str) -> Span:
    """Return the span of the opening mark of the front matter at the start of `text`."""
    start = len(text) - len(text.lstrip(" \t\r\n"))
    return Span(start, start + 3)


def _unclosed(builder: Builder, lines: _Lines) -> int:
    """Add front matter without a closing mark to `builder`; return the offset at which the body begins.

    The offset is 0 if nothing is added.
    """
    text, end, keys = builder.source.text, lines.start, []
    for line in LINE.finditer(text, lines.start, lines.end):
        pair = PAIR.match(line[1])
        if pair and (pair["separator"] == "=") == (lines.mark == "+++"):
            keys.append(pair["key"].strip("\"'").lower())
        elif not keys or not _MORE.match(line[1]):
            break
        end = line.end()
    if not keys or (len(keys) == 1 and keys[0] not in _KEYS):
        return 0  # the mark is a horizontal rule
    what = f"it has no closing mark; add a line “{lines.mark}” after the last key"
    builder.notes.append(Note("front-matter", _mark(text), {"what": what}))
    lines = lines._replace(end=end, body=end)
    return _add(builder, lines, read_header(text, lines.start, lines.end))


def _is_whole(text: str, lines: _Lines) -> bool:
    """Whether all the text between two marks seems to be front matter."""
    blank, seen, quotation = False, 0, ""
    for line in LINE.finditer(text, lines.start, lines.end):
        words = line[1].strip()
        if not words:
            blank = blank or bool(line[0])  # not after the last line end
        elif quotation:
            quotation = "" if words.endswith(quotation) else quotation
        elif pair := PAIR.match(line[1]):
            blank, seen = False, seen + 1
            quotation = pair["value"][0] if unclosed(line[1]) else ""
        elif blank and not _MORE.match(line[1]):
            return False
    return seen > 0 and not (quotation and blank)


def _add(builder: Builder, lines: _Lines, parsed: FrontMatterValues) -> int:
    """Add parsed front matter to `builder`, as metadata and blocks; return the offset at which the body begins."""
    text, end = builder.source.text, lines.body
    while end > lines.start and text[end - 1] in "\r\n":
        end -= 1
    places = {key: Span(*place) for key, place in parsed.places.items()}
    builder.metadata = Metadata(parsed.values, Span(0, end), places)
    for string in parsed.strings:
        if len(string.value) >= _MIN_PAGE_LENGTH and string.value.lstrip().startswith("<"):
            continue
        key = ".".join(string.path).lower()
        scopes = ("metadata", f"metadata.{key}", *(("title",) if key == "title" else ()))
        pieces = front_matter_values.scalar_pieces(text, string.start, string.end, string.style, string.value)
        for piece in pieces:
            builder.atom(piece.start, piece.end, piece.text)
        builder.flush(*scopes)
    return lines.body


def _note(text: str, lines: _Lines, error: Malformed) -> Note:
    """Return a note that describes the mistake that led to `error`, usually at its most likely location."""
    if error.what:
        return Note("front-matter", _mark(text), {"what": error.what})
    if error.end > error.start:
        return Note("front-matter", Span(error.start, error.end), {"what": "it contains an invisible character"})
    start, end = _line(text, lines, min(error.start, lines.end))
    if not error.unclosed and not PAIR.match(text[start:end]) and (opened := _quotation_before(text, lines, start)):
        what = "an apostrophe" if text[opened] == "'" else "a quotation mark"
        return Note("front-matter", Span(opened, end), {"what": f"{what} closes the quotation too early"})
    above = _line_above(text, lines, start)
    if (
        above
        and not error.unclosed
        and (unclosed(text[slice(*above)]) or not (PAIR.match(text[slice(*above)]) or _MORE.match(text[slice(*above)])))
    ):
        start, end = above
    find = toml_mistake if lines.mark == "+++" else yaml_mistake
    for low, high in ((start, end), above or (start, end)):
        if mistake := find(text[low:high]):
            note = "unquoted-colon" if mistake.what == _COLON else "front-matter"
            return Note(note, Span(low + mistake.start, low + mistake.end), {"what": mistake.what})
    what = "this line does not match the lines around it"
    if not PAIR.match(text[start:end]):
        what = "this line is not “key = value”" if lines.mark == "+++" else "this line is not “key: value”"
    words = text[start:end].strip()
    low = start + text[start:end].index(words)
    return Note("front-matter", Span(low, low + len(words)), {"what": what})


def _line(text: str, lines: _Lines, at: int) -> tuple[int, int]:
    """Return the span of the last nonblank line of front matter that begins at or before the offset `at`.

    The span excludes the line end. It is empty if there is no such line.
    """
    found = (lines.start, lines.start)
    for line in LINE.finditer(text, lines.start, lines.end):
        if line[1].strip():
            found = line.span(1)
        if line.end() > at or line.end() == lines.end:
            break
    return found


def _quotation_before(text: str, lines: _Lines, at: int) -> int | None:
    """Return the start of a quoted string that is still open at the offset `at`, or None if no string is open there."""
    opened = None
    for line in LINE.finditer(text, lines.start, at):
        pair = PAIR.match(line[1])
        if pair:
            opened = line.start() + pair.start("value") if unclosed(line[1]) else None
        elif opened is not None and line[1].rstrip().endswith(text[opened]):
            opened = None
    return opened


def _line_above(text: str, lines: _Lines, start: int) -> tuple[int, int] | None:
    above = [line.span(1) for line in LINE.finditer(text, lines.start, start) if line[1].strip()]
    return above[-1] if above else None


# Mistakes in a line, in plain words.

_PAIR = patterns.lazy(
    r"(?P<lead>[ ]*+(?:-[ ]++)*+)(?P<key>[^\s:=#](?:[^:=#]*[^:=# \t])?+)"
    r"[ \t]*+[:=](?:[ \t]++(?P<value>(?:.*[^ \t\n])?+))?+[ \t]*+\Z"
)
_JULIA = patterns.lazy(r"^[ \t]*\w+[ \t]*=[ \t]*(?:[A-Z]\w*\(|\[\s*\()", re.MULTILINE)  # in pages of Franklin.jl
_UNSPACED = patterns.lazy(r"[ ]*+([\w-]++:[^\s:].*)")
_TAB = patterns.lazy(r"[ ]*+\t[ \t]*+")
_QUOTATIONS = {'"': patterns.lazy(r'"(?:[^"\\]|\\.)*+"'), "'": patterns.lazy(r"'(?:[^']|'')*+'")}
_ESCAPE = patterns.lazy(r'\\[^0abtnvfreN_LPxuU"/\\ \t]')
_COLON = "a value that contains a colon needs quotation marks"
_COMMENT = patterns.lazy(r"[ \t]+#|[ \t]*\Z")
_RESERVED = "@`%&*!|>?"
_TOML_VALUE = patterns.lazy(r"[-+\d\[{]|true\b|false\b|inf\b|nan\b")


class SyntaxMistake(NamedTuple):
    """A mistake in `line[start:end]`, described by `what`."""

    what: str
    start: int
    end: int


def yaml_mistake(line: str) -> SyntaxMistake | None:
    """Return the mistake in a line that is or should be `key: value`, or None if no mistake is found."""
    if tab := _TAB.match(line):
        return SyntaxMistake("the line is indented with a tab, where only spaces are allowed", *tab.span())
    pair = _PAIR.match(line)
    if not pair and (unspaced := _UNSPACED.match(line)):
        return SyntaxMistake("the space after the colon is missing", *unspaced.span(1))
    if not pair or not pair["value"]:
        return None
    what = _quoted(pair["value"]) if pair["value"][0] in _QUOTATIONS else _bare(pair["value"])
    return SyntaxMistake(what, *pair.span("value")) if what else None


def toml_mistake(line: str) -> SyntaxMistake | None:
    """Return the mistake in a line that is or should be `key = value`, or None if no mistake is found."""
    pair = _PAIR.match(line)
    if not pair or not pair["value"]:
        return None
    value = pair["value"]
    if value[0] in _QUOTATIONS:
        what = _quoted(value) if not value.startswith(('"""', "'''")) else ""
    else:
        what = "" if _TOML_VALUE.match(value) else "the text has no quotation marks"
    return SyntaxMistake(what, *pair.span("value")) if what else None


def unclosed(line: str) -> bool:
    """Whether the value in a line `key: value` or `key = value` is a quoted string that does not end on that line."""
    pair = _PAIR.match(line)
    return bool(pair and pair["value"] and pair["value"][0] in _QUOTATIONS and _quotation(pair["value"]) is None)


def _quotation(value: str) -> re.Match[str] | None:
    return _QUOTATIONS[value[0]].match(value)


def _quoted(value: str) -> str:
    quotation = _quotation(value)
    if not quotation:
        return "a quotation mark is never closed"
    if value[0] == '"' and (escape := _ESCAPE.search(quotation[0])):
        return f"“{escape[0]}” has no meaning in double quotation marks; use single ones"
    if _COMMENT.match(value, quotation.end()):
        return ""
    if value[0] == "'" and value[quotation.end()].isalnum():
        return "an apostrophe closes the quotation too early; use double quotation marks"
    return "there is text after the closing quotation mark"


def _bare(value: str) -> str:
    if value[0] in _RESERVED:
        return f"a value that begins with “{value[0]}” needs quotation marks"
    if value[0] in "[{":
        return f"a value that begins with “{value[0]}” but is not a list needs quotation marks"
    if value.startswith("- "):
        return "a list must begin on its own line"
    if ": " in value or value.endswith(":"):
        return _COLON
    return ""


# Lines `key: value`: malformed front matter, and headers without marks around them.

LINE = patterns.lazy(r"([^\r\n]*+)(?:\r\n?|\n|\Z)")
PAIR = patterns.lazy(
    r"""(?P<key>["']?[A-Za-z_][\w .-]{0,40}?["']?)[ \t]*+(?P<separator>[:=])"""
    r"(?:[ \t]++(?P<value>(?:[^\r\n]*[^\r\n \t])?+))?[ \t]*+\Z"
)
_QUOTED = patterns.lazy(r"""(?P<mark>["'])(?P<words>.*?)(?P=mark)?\Z""")
_MAKERS = frozenset({"status", "template", "save_as"})  # keys that only site generators use
_MOMENT = patterns.lazy(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_DAY = patterns.lazy(r"\d{4}-\d\d?-\d\d?(?!\d)")


def header_end(text: str) -> int:
    """Return the end of the `Key: value` lines at the start of an article, or 0 if they are not a header.

    Pelican, Nikola and MultiMarkdown read such headers. So does Hexo if a line `---` follows, and its dates have a
    time, such as `2024-05-03 10:24:51`. A chatbot's outline may begin with similar lines (“Title: …”,
    “Slug: …”), so a header must have a title and either a date such as `2024-05-03` or a key that only site generators
    use.
    """
    end, keys = 0, {}
    for line in LINE.finditer(text):
        pair = PAIR.match(line[1])
        if pair and pair["separator"] == ":":
            keys[pair["key"].lower()] = pair["value"] or ""
        elif not line[1].strip():
            break
        elif line[1].rstrip() == "---":
            return line.end() if "title" in keys and _MOMENT.match(keys.get("date", "")) else 0
        elif not (keys and line[1].startswith((" ", "\t", "- "))):  # otherwise it continues the line above
            return 0
        end = line.end()
    is_header = "title" in keys and (_DAY.match(keys.get("date", "")) or not _MAKERS.isdisjoint(keys))
    return end if is_header else 0


def read_header(text: str, start: int, end: int) -> FrontMatterValues:
    """Return the values of the `key: value` and `key = value` lines in `text[start:end]`, as strings.

    Each line is read separately. If a value is missing, or begins with `|` or `>` like a YAML block, only the location
    of its key is recorded.
    """
    parsed = FrontMatterValues({}, [])
    for line in LINE.finditer(text, start, end):
        pair = PAIR.match(line[1])
        if not pair:
            continue
        name = (line.start() + pair.start("key"), line.start() + pair.end("key"))
        path = (pair["key"].strip("\"'"),)
        if not pair["value"] or pair["value"][0] in "|>":
            parsed.place(path, (0, 0), name)
            continue
        low, high = pair.span("value")
        if quoted := _QUOTED.match(pair["value"]):
            low, high = low + quoted.start("words"), low + quoted.end("words")
        value = line[1][low:high]
        parsed.values[path[0]] = value
        parsed.place(path, (line.start() + low, line.start() + high), name)
        if pair["value"][0] not in "[{":
            parsed.strings.append(String(path, line.start() + low, line.start() + high, "literal", value))
    return parsed
