"""Find front matter in the body of an article: between marks, or in a code block.

The code block may contain only the front matter, or the whole article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from linter import patterns
from linter.document import Fence, Note, Span
from linter.readers.builder import Builder
from linter.readers.fence_marks import FenceMark, find_marks, may_be_plain
from linter.readers.fences import fence_indent, prose_lines
from linter.readers.front_matter import LINE, PAIR
from linter.readers.recover import Damage

# The first key, directly after the mark of front matter or of a code block.
_KEY = r"""(?=["']?[A-Za-z_][\w.-]{0,40}["']?[ \t]*[:=](?:[ \t]|$))"""
_LINE_END = r"[ \t]*\r?\n"
# One pattern for each mark, because a search for a literal prefix is much faster.
_BETWEEN_MARKS = [
    patterns.lazy(rf"(?P<mark>{mark})(?<![^\n]{mark}){_LINE_END}(?:{_LINE_END})?{_KEY}", re.MULTILINE)
    for mark in ("---", r"\+\+\+")
]
_MARK = rf"(?P<mark>-(?<![^\n]-)--|\+(?<![^\n]\+)\+\+){_LINE_END}"
_FENCES = ("```", "~~~")
_IN_FENCE = {
    fence: patterns.lazy(
        rf"{fence}(?<![^\n]{fence}){fence[0]}*+[ \t]*+"
        r"(?:(?:mdx?|markdown|ya?ml|toml|text|plaintext|html?)[ \t]*+)?\r?\n"
        rf"(?:[ \t]*+\r?\n)*+(?:{_MARK})?{_KEY}",
        re.MULTILINE | re.IGNORECASE,
    )
    for fence in _FENCES
}
_DOCUMENT_FENCE = {
    fence: patterns.lazy(rf"{fence}(?<![^\n]{fence}){fence[0]}*[ \t]*(?:mdx?|markdown|html?)\b", re.IGNORECASE)
    for fence in _FENCES
}
_GOES_ON = patterns.lazy(r"[ \t]|-[ \t]|\#|[\]}]|\[[\w -]+\]\([^()]*\):|\Z")  # continues a `key: value` pair
_TITLE = patterns.lazy(r"^title[ \t]*+[:=]([^\r\n]*+)", re.MULTILINE)
_HEADING = patterns.lazy(r"^#[ \t]++([^\r\n]++)", re.MULTILINE)
_MACHINE = patterns.lazy(
    r"^(?:layout|permalink|slug|draft|lastmod|excerpt|categories|[a-z]+(?:_[a-z]+|[A-Z][a-z]+)+)[ \t]*[:=]"
    r"|^tags[ \t]*[:=][ \t]*\[|^(?:date|updated)[ \t]*[:=][ \t]*[\"']?\d{4}-\d\d|^tags:[ \t]*\r?\n[ \t]*-",
    re.MULTILINE,
)
# Keys in the front matter of articles.
_KEYS = frozenset(
    """
    title date author authors description summary tags categories category layout slug draft lang language keywords
    permalink published image subtitle excerpt updated lastmod pubDate publishDate publishedAt cover coverImage toc
    """.split()
)
_MAX_LINES = 80  # maximum lines of front matter
_MAX_SECTIONS = 2  # maximum sections of front matter in one body; if there are more, they separate slides
_MIN_ARTICLE_LINES = 2  # minimum lines of prose in an article
_DOCUMENTS = frozenset({"md", "mdx", "markdown", "html", "htm"})
_MIN_WRAPPED_LINES = 5  # minimum lines of prose in a code block around an article without front matter
_MAX_ASIDE_LINES = 3  # maximum lines of prose around such a code block, for example a chatbot's remarks
_MIN_PROSE_RATIO = 2  # minimum ratio of prose in the code block to prose outside


class _Found(NamedTuple):
    """Front matter in a body. `span` includes any marks; `end` is the end of the last nonblank line of content."""

    span: Span
    end: int


def find_inner_front_matter(text: str, body: int, front: Builder) -> Damage:
    """Return, as damage, front matter inside `text[body:]`, and any fence marks around it or around the whole article.

    For each section of front matter, a note is added to `front`. If there are more than two sections between marks,
    they probably belong to slides and are left out.
    """
    damage = Damage()
    if may_be_plain(text):
        _in_fence(text, body, front, damage)
    if not damage and ("\n---" in text or "\n+++" in text):
        found = list(_between_marks(text, body))
        code = _code_blocks(text, body) if found else []
        for span in found if len(found) <= _MAX_SECTIONS else ():
            if not any(start < span.start < end for start, end in code):
                _add(front, damage, span)
    return damage


def _add(front: Builder, damage: Damage, span: Span) -> None:
    damage.blanks.append(span)
    edits = ((*span, ""),) if front.metadata.span else ()
    front.notes.append(Note("inner-front-matter", span, {}, edits))


def _between_marks(text: str, body: int) -> Iterator[Span]:
    done = body
    openings = [opening for pattern in _BETWEEN_MARKS for opening in pattern.finditer(text, body)]
    for opening in sorted(openings, key=re.Match.start):
        if opening.start() < done:
            continue
        at_top = not text[body : opening.start()].strip()
        found = _front_matter(text, opening.start(), opening.end(), opening["mark"], at_top=at_top)
        if found and found.end < found.span.end:  # it is closed
            done = found.span.end
            yield found.span


def _code_blocks(text: str, body: int) -> list[Span]:
    found, opened = [], -1
    for mark in find_marks(text, body):
        if mark.leads and opened < 0:
            opened = mark.span.start
        elif mark.alone and not mark.info:
            found.append(Span(opened, mark.span.end))
            opened = -1
    return found


def _front_matter(text: str, begin: int, start: int, mark: str | None, *, at_top: bool = False) -> _Found | None:
    """Return the front matter whose lines begin at `start`, or None if these lines are not front matter.

    `begin` is the start of its span, and `mark` the mark above its lines, or None. `at_top` says that it is the first
    thing in the body; two known keys are then enough.
    """
    keys: list[str] = []
    end = closed = start
    for number, line in enumerate(LINE.finditer(text, start)):
        words = line[1].rstrip()
        if mark and words in (mark, "..."):
            closed = line.end(1)
            break
        if number > _MAX_LINES or line.start() == len(text):
            break
        if pair := PAIR.match(line[1]):
            keys.append(pair["key"].strip("\"'"))
        elif not _GOES_ON.match(words):
            break
        end = line.end(1) if words else end
    known = _KEYS.intersection(keys)
    if len(known) < 2 or not (at_top or len(known) > 2 or _MACHINE.search(text, start, end)):
        return None
    return _Found(Span(begin, max(end, closed)), end)


def _in_fence(text: str, body: int, front: Builder, damage: Damage) -> None:
    """Add to `damage` the marks of a code block around the article or its front matter.

    If there is front matter in the block, it is also added, with a note in `front`.
    """
    opening = _first(_IN_FENCE, text, body)
    found = None
    if opening:
        begin = opening.start("mark") if opening["mark"] else opening.end()
        found = _front_matter(text, begin, opening.end(), opening["mark"])
    if not found and not _first(_DOCUMENT_FENCE, text, body):
        return
    marks = find_marks(text, opening.start() if opening and found else body)
    if not marks or not marks[0].alone or fence_indent(text, marks[0].span.start):
        return
    first, last = marks[0], _closer(marks)
    if not last:
        return
    inside = Span(found.span.end if found else first.span.end, last.span.start)
    if not found:
        state = "wrapped" if first.info in _DOCUMENTS and _holds_article(text, body, first, last) else ""
    elif text[slice(*inside)].strip():
        around = _prose_around(text, body, first, last)
        state = "wrapped" if prose_lines(text, *inside) >= max(_MIN_ARTICLE_LINES, _MIN_PROSE_RATIO * around) else ""
    else:
        state = "around-front-matter" if _is_own(text, body, first, last, found, front) else ""
    if state:
        damage.blanks += [first.span, last.span]
        damage.fences.append(Fence(first.span, last.span, first.info, state))
        if found:
            _add(front, damage, found.span)


def _first(by_fence: Mapping[str, re.Pattern[str]], text: str, body: int) -> re.Match[str] | None:
    """Return the first match in `text[body:]` of any pattern in `by_fence`, or None if there is no match."""
    found = (pattern.search(text, body) for fence, pattern in by_fence.items() if fence in text)
    return min(filter(None, found), key=re.Match.start, default=None)


def _closer(marks: list[FenceMark]) -> FenceMark | None:
    """Return the mark that closes the first of `marks`, or None if no mark closes it."""
    within = False
    for mark in marks[1:]:
        if not mark.leads or mark.char != marks[0].char:
            continue
        if mark.info:
            within = True
        elif within:
            within = False
        elif mark.alone:
            return mark
    return None


def _prose_around(text: str, body: int, first: FenceMark, last: FenceMark) -> int:
    return prose_lines(text, body, first.span.start) + prose_lines(text, last.span.end, len(text))


def _holds_article(text: str, body: int, first: FenceMark, last: FenceMark) -> bool:
    """Whether the marks `first` and `last` seem to enclose a whole article, with little prose around them."""
    around = _prose_around(text, body, first, last)
    within = prose_lines(text, first.span.end, last.span.start)
    return around <= _MAX_ASIDE_LINES and within >= max(_MIN_WRAPPED_LINES, 2 * _MIN_PROSE_RATIO * around)


def _is_own(text: str, body: int, first: FenceMark, last: FenceMark, found: _Found, front: Builder) -> bool:
    """Whether the front matter `found`, which is alone in a code block, probably belongs to this article."""
    if prose_lines(text, body, first.span.start) or prose_lines(text, last.span.end, len(text)) < _MIN_ARTICLE_LINES:
        return False
    if not front.metadata.span and not text[body : first.span.start].strip():
        return True
    title = _TITLE.search(text, *found.span)
    heading = _HEADING.search(text, last.span.end) or _HEADING.search(text, body, first.span.start)
    known = {_plain(str(front.metadata.values.get("title", ""))), _plain(heading[1] if heading else "")}
    return title is not None and _plain(title[1]) in known - {""}


def _plain(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))
