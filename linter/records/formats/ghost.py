"""Read exports of Ghost: JSON files whose posts are at `db[0].data.posts`, `data.posts` or `posts`.

Links to the site of an export begin with `__GHOST_URL__`. Bodies keep it, so that positions are those in the export.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from linter import patterns
from linter.records.archives import KEEP, Archive, BadArchive, Change, OnProgress, Part, Record, clean
from linter.records.formats._window import LIMIT, Window, clean_text

_PATHS = (("", "db", "[]", "data", "posts"), ("", "data", "posts"), ("", "posts"))  # of the array of posts
_LONGEST_KEY = 10  # code points; the rest of a key does not matter
_DEPTH = max(map(len, _PATHS))
_DRAFTS = frozenset({"draft", "scheduled"})
_SOURCES = ("lexical", "mobiledoc")  # the documents from which Ghost makes the HTML of a post
# What a document of the editor contains if it is not blank: text, cards, or nodes other than paragraphs.
_CONTENT = patterns.lazy(
    r"""(?x) "text" \s*+ : \s*+ "[^"]
    | "type" \s*+ : \s*+ "(?! (?: root | paragraph | text | extended-text | linebreak ) " )
    | "cards" \s*+ : \s*+ \[ \s*+ \[
    | \[ \s*+ 0 \s*+ , \s*+ \[ [\d,\s]*+ \] \s*+ , \s*+ \d++ \s*+ , \s*+ "[^"]"""
)
_BLANK = ('"root"', '"sections"')  # keys of documents that may be blank

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = patterns.lazy(rf'({_STRING})(\s*+:)?|[\[\]{{}}]|"', re.DOTALL)
_SPACE = patterns.lazy(r"[\s,]*+")
_BETWEEN = patterns.lazy(r"\s*+[:,]\s*+|\s*+")
_NEXT = patterns.lazy(r'\}\s*+,\s*+(?=\{\s*+"(?:id|uuid)"\s*+:)')  # between two posts
_OVERLAP = 1_000  # code points that _NEXT may match
_ID = patterns.lazy(r'\{\s*+"id"\s*+:\s*+"([^"\\]{1,100})"')
# Numbers remain text, since Python does not convert very long ones.
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
_NEAR_END = 16  # code points; an error that is not nearer to the end of the text is not due to the end

_NOT_GHOST = "it is not an export of Ghost: it contains no posts"
_TRUNCATED = "it ends within the data; the rest is missing"
_LONG_STRING = "line {:,}: a string is longer than {:,} characters"
_LONG_SPACE = "line {:,}: there are more than {:,} spaces between two posts"
_LOST = "the rest, from line {:,} on, cannot be read: the JSON is damaged or ends there"
_NOT_JSON = "line {:,}: this post is not JSON: {}"
_DEEP = "line {:,}: this post is nested too deeply"
_TOO_LARGE = "line {:,}: this post is larger than {:,} characters and was not read"
_NO_OBJECT = "line {:,}: this post is not an object"
_NO_HTML = "the post has no HTML, only the format of the editor, which is not read"


class _Post(NamedTuple):
    """A post at `[start, end)` in the text of a window.

    The text between it and the post before begins at `after_last`. `number` is its 1-based position in the file, and
    `first` is true if it is the first one in its array. `value` is the decoded post. If `damage` is given, the post
    could not be read; then, `end` is equal to `start`, its text follows, and `damaged_at` is where the damage begins.
    """

    after_last: int
    start: int
    end: int
    number: int
    first: bool
    value: Any = None
    damage: str = ""
    damaged_at: int = 0


class _Reader:
    """The posts of a file."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._path: list[str] = []  # the keys of the open objects and arrays, at most _DEPTH
        self._arrays: list[bool] = []  # whether they are arrays
        self._depth = 0
        self._key = ""
        self._number = 0
        self._found = False

    def segments(self) -> Iterator[str | _Post]:
        """Yield the whole text: each post, with the text in front of it, and the text between the arrays of posts.

        The offsets of a post are those in the text of the window until the next segment is requested. Raises BadArchive
        at the end if the file is damaged or contains no posts.
        """
        window, at = self.window, 0
        while True:
            token = _TOKEN.search(window.text, at)
            if not token or (token.end() == len(window.text) and not window.ended) or token[0] == '"':
                keep = token.start() if token else len(window.text)
                if token and len(window.text) - keep > LIMIT:
                    raise BadArchive(_LONG_STRING.format(window.line_at(keep), LIMIT))
                yield window.text[:keep]
                at = 0
                if not window.more(keep) and (not token or token[0] == '"'):
                    break
                continue
            at = token.end()
            if self._enter(token[1][1:-1] if token[2] else token[0], is_key=bool(token[2])):
                yield window.text[:at]
                window.more(at)
                yield from self._posts()
                at = 0
        yield window.text
        window.finish()
        if not self._found:
            raise BadArchive(_NOT_GHOST)
        if self._depth:
            raise BadArchive(_TRUNCATED)

    def _enter(self, token: str, *, is_key: bool) -> bool:
        """Note a bracket or a key. Return true if an array of posts begins with it."""
        if is_key:
            self._key = token[:_LONGEST_KEY]
        elif token in ("{", "["):
            self._depth += 1
            if self._depth <= _DEPTH:
                self._path.append(self._key)
                self._arrays.append(token == "[")
                self._key = "[]" if token == "[" else ""
                self._found |= (is_posts := token == "[" and tuple(self._path) in _PATHS)
                return is_posts
        elif token in ("}", "]"):
            if 0 < self._depth <= _DEPTH:
                self._path.pop()
                self._arrays.pop()
                self._key = "[]" if self._arrays and self._arrays[-1] else ""
            self._depth = max(0, self._depth - 1)
        return False

    def _posts(self) -> Iterator[str | _Post]:
        """Yield the posts of the array whose text begins with the window, up to the end of the array."""
        window, first, after_last = self.window, True, 0
        while True:
            space = _SPACE.match(window.text, after_last)
            start = space.end() if space else after_last
            if start == len(window.text):
                if start - after_last > LIMIT:
                    raise BadArchive(_LONG_SPACE.format(window.line_at(after_last), LIMIT))
                if not window.more(after_last) and window.ended:
                    return
                after_last = 0
                continue
            if window.text[start] == "]":
                yield window.text[after_last:start]
                window.more(start)
                return
            self._number += 1
            post = self._post(after_last, start, first)
            yield post
            first, after_last = False, post.end
            if post.damage:
                yield from self._rest(post)
                after_last = 0

    def _post(self, after_last: int, start: int, first: bool) -> _Post:
        """Return the post, or another value, at `start`."""
        window = self.window
        while True:
            text, at = window.text, start
            try:
                value, end = _DECODER.raw_decode(text, start)
                if end < len(text) or window.ended:
                    return _Post(after_last, start, end, self._number, first, value)
                problem = ""
            except json.JSONDecodeError as error:
                is_cut_off = error.pos > len(text) - _NEAR_END or error.msg.startswith("Unterminated")
                problem = "" if is_cut_off and not window.ended else _NOT_JSON.format(window.line_at(start), error.msg)
                at = _last_string(text, start, error.pos) if problem else start
            except RecursionError:
                problem = _DEEP.format(window.line_at(start))
            if not problem and len(text) - start > LIMIT:
                problem = _TOO_LARGE.format(window.line_at(start), LIMIT)
            if problem:
                return _Post(after_last, start, start, self._number, first, None, problem, at)
            window.more(after_last)
            after_last, start = 0, start - after_last

    def _rest(self, post: _Post) -> Iterator[str]:
        """Yield the text of a damaged post, up to the next post. Raises BadArchive if no post follows."""
        window, at, damaged_at = self.window, post.start, post.damaged_at
        line = window.line_at(damaged_at)
        while not (found := _NEXT.search(window.text, damaged_at)):
            keep = len(window.text) if window.ended else max(at, len(window.text) - _OVERLAP)
            yield window.text[at:keep]
            if not window.more(keep) and window.ended:
                window.finish()
                raise BadArchive(_LOST.format(line))
            at, damaged_at = 0, max(0, damaged_at - keep)
        yield window.text[at : found.end()]
        window.more(found.end())


def _last_string(text: str, start: int, end: int) -> int:
    """Return the offset of the last string in the damaged JSON `text[start:end]`: its end may be missing."""
    return max((token.start() for token in _TOKEN.finditer(text, start, end) if token[0][0] == '"'), default=end)


def parts(archive: Archive) -> Sequence[Part]:
    """Return the only part."""
    return (Part(),)


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield the posts and pages. The body is the HTML, or the plain text of a post without HTML."""
    with Window(archive, on_progress, exact=False) as window:
        reader = _Reader(window)
        for segment in reader.segments():
            if isinstance(segment, _Post):
                yield _record(reader, segment)


def rewrite(archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
    """Write a copy of an export with changed bodies.

    In a changed post, `lexical` and `mobiledoc` become null: if one of them is there, Ghost ignores the HTML. Without
    them, the import of Ghost converts the HTML. A post with problems is neither changed nor dropped.
    """
    with Window(archive, lambda share: None, exact=True) as window:
        reader, is_first = _Reader(window), True
        try:
            for segment in reader.segments():
                if isinstance(segment, str):
                    file.write(window.encode(segment))
                    continue
                is_first |= segment.first
                record, change = _record(reader, segment), next(changes, KEEP)
                change = KEEP if record.problems else change
                if not change.drop:
                    file.write(window.encode(_copy(window.text, segment, record, change, is_first)))
                    is_first = False
        finally:
            file.write(window.tail)


def _copy(text: str, post: _Post, record: Record, change: Change, is_first: bool) -> str:
    """Return a post for a copy, with the text in front of it. `is_first` is true if no post of its array precedes."""
    between, own = text[post.after_last : post.start], text[post.start : post.end]
    if is_first and not post.first:
        between = between.replace(",", "", 1)
    if change.body is not None and change.body != record.body:
        own = _changed(own, clean(change.body)[0], record.kind)
    return f"{between}{own}"


def _record(reader: _Reader, post: _Post) -> Record:
    window, number = reader.window, f"post-{post.number}"
    if not isinstance(post.value, Mapping):
        problem = post.damage or _NO_OBJECT.format(window.line_at(post.start))
        found = _ID.match(window.text, post.start)
        return Record(clean_text(found[1], window.encoding).text if found else number, "", problems=(problem,))

    def value(*names: str) -> str:
        """Return the first value that is a text, without problematic characters."""
        values = (post.value.get(name) for name in names)
        text = next((text for text in values if isinstance(text, str) and text), "")
        return clean_text(text, window.encoding).text

    kind = "text" if not post.value.get("html") and value("plaintext") else "html"
    text = post.value.get("html" if kind == "html" else "plaintext")
    body, problems = clean_text(text if isinstance(text, str) else "", window.encoding)
    if not body and any(_has_content(value(source)) for source in _SOURCES):
        problems = (_NO_HTML,)
    return Record(
        value("id", "uuid", "slug") or number,
        body,
        kind,
        value("title"),
        value("url"),
        value("locale"),
        value("published_at"),
        draft=value("status") in _DRAFTS,
        problems=problems,
    )


def _has_content(document: str) -> bool:
    """Whether a document of the editor is not blank, as a new draft is. An unknown document has content."""
    return bool(document) and (_CONTENT.search(document) is not None or not any(key in document for key in _BLANK))


def _changed(post: str, body: str, kind: str) -> str:
    """Return the JSON of a post with a new body: its HTML or, if `kind` is "text", its plain text."""
    spans = _spans(post)
    name = "html" if kind == "html" else "plaintext"
    edits = [(*spans[name], json.dumps(body, ensure_ascii=False))] if name in spans else []
    if kind == "html":
        edits += [(*spans[source], "null") for source in _SOURCES if source in spans]
    for start, end, new in sorted(edits, reverse=True):
        post = f"{post[:start]}{new}{post[end:]}"
    if name not in spans:
        post = f'{{"{name}":{json.dumps(body, ensure_ascii=False)}{"," if spans else ""}{post[1:]}'
    return post


def _spans(post: str) -> dict[str, tuple[int, int]]:
    """Return the spans of the values of a JSON object by key. If a key occurs again, the last value counts."""
    spans, at = dict[str, tuple[int, int]](), _after(post, 1)
    while post[at] == '"':
        key, at = _DECODER.raw_decode(post, at)
        start = _after(post, at)
        _, end = _DECODER.raw_decode(post, start)
        spans[key] = start, end
        at = _after(post, end)
    return spans


def _after(text: str, at: int) -> int:
    """Return the offset after the spaces, colon or comma at `at`."""
    between = _BETWEEN.match(text, at)
    return between.end() if between else at
