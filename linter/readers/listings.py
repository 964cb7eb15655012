"""Recognize elements that show code or a formula on a page, although they are not elements such as `<pre>`.

Editors and syntax highlighters set code in a monospaced font or in a box that has a class.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from linter import patterns
from linter.document import Tag
from linter.readers.html_meaning import BLOCK, unescape
from linter.word_lists import word_lists

_LISTS = word_lists("html_elements.txt")
_CODE_CLASSES, _FORMULA_CLASSES = _LISTS["classes of code"], _LISTS["classes of formulas"]
_FONTS = ("monospace", "courier", "consolas", "monaco", "menlo", "lucida console", " mono", "inconsolata", "typewriter")
_STYLE = patterns.lazy(rf"\b(?:font(?:-family)?\s*:|face\s*=)[^<>;]{{0,200}}?(?:{'|'.join(_FONTS)})", re.IGNORECASE)
_CLASS = patterns.lazy(
    rf"class\s*=\s*[\"']?[^\"'<>]{{0,200}}?(?<![\w-])(?:{'|'.join(sorted(_CODE_CLASSES | _FORMULA_CLASSES))})(?![\w-])"
)
_TAG = patterns.lazy(r"<(?:!--|/?(?P<name>[a-z][a-z\d]*)\b)[^<>]*>", re.IGNORECASE)
# At least four successive words, with the punctuation of sentences. Chinese, Japanese and Korean count as words, too.
_WORD = r"[^\W\d_](?:['’]|[^\W\d_A-Z])*+"
_PROSE = patterns.lazy(
    rf"(?<![\w'’])(?:{_WORD}[.,;:!?)\"”’]*+\s++[\"“‘(]?){{3,}}{_WORD}(?!\w)|[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)
_SIGN = patterns.lazy(r"[{}\[\];=<>$_\\|&@#+*~]|\w\(|[a-z][A-Z]|\w\.\w|-\w|/\w")
_MIN_SIGNS = 0.02  # minimum number of signs of code per code point
_MAX_PROSE_SHARE = 0.5  # maximum share of prose, for example in comments
NESTED = 4  # maximum elements around an element that seemed to be code and are not, so that the search is fast
_START = attrgetter("span.start")


def find_listings(tags: Sequence[Tag], ends: Sequence[int], text: str) -> Iterator[tuple[int, int]]:
    """Yield the indexes of the first and the last tag of each element with code or a formula, in order.

    `ends` has, for each of `tags`, the index of the tag at which its element ends. Elements inside another one are left
    out.
    """
    done = -1
    others: list[int] = []
    for at in _candidates(text):
        i = bisect_right(tags, at, key=_START) - 1
        if i <= done or tags[i].span.end <= at or tags[i].kind != "open" or not i < ends[i] < len(tags):
            continue
        others = [end for end in others if end > i]
        if len(others) < NESTED:
            if shows_code(tags[i], text[tags[i].span.end : tags[ends[i]].span.start]):
                done = ends[i]
                yield i, done
            else:
                others.append(ends[i])


def _candidates(text: str) -> list[int]:
    """Return offsets inside tags that have a class or a style of code, in order. Some offsets are in other text."""
    lowered = text.lower()
    found = [match.start() for match in _CLASS.finditer(text)] if "class" in text else []
    if any(map(lowered.__contains__, _FONTS)):
        found += [match.start() for match in _STYLE.finditer(text)]
    return sorted(found)


def may_show_code(text: str, start: int, end: int) -> bool:
    """Whether the start tag at `text[start:end]` may be that of code or a formula, according to a quick test."""
    return bool(_CLASS.search(text, start, end) or _STYLE.search(text, start, end))


def shows_code(tag: Tag, content: str) -> bool:
    """Whether the element that begins with `tag`, and has the source `content`, shows code or a formula.

    Whole articles may be set in a monospaced font, so the content must also look like code.
    """
    named, style, face = (tag.attribute(name) for name in ("class", "style", "face"))
    classes = named.value.split() if named else []
    if not _FORMULA_CLASSES.isdisjoint(classes):
        return True
    styled = (style and _STYLE.search(style.value)) or (face and face.value.lower().startswith(_FONTS))
    return bool(styled or not _CODE_CLASSES.isdisjoint(classes)) and looks_like_code(content)


def looks_like_code(content: str) -> bool:
    """Whether the text of an element with the source `content` has signs of code and little prose."""
    shown = unescape(_TAG.sub(lambda tag: "\n" if (tag["name"] or "").lower() in _BREAKS else "", content)).strip()
    prose = sum(len(found[0]) for found in _PROSE.finditer(shown))
    signs = sum(1 for _ in _SIGN.finditer(shown))
    return bool(shown) and prose < _MAX_PROSE_SHARE * len(shown) and signs > _MIN_SIGNS * len(shown)


_BREAKS = BLOCK | {"br"}
