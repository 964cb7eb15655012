"""The text of a block as Vale's rules see it, with a map to the source.

Inline code becomes as many asterisks as it has characters, and an address that is its own link text becomes asterisks,
too. Images vanish. Next to markup, white space becomes one space, or disappears before closing punctuation and after
opening punctuation. The entity `&rsquo;` becomes an ASCII apostrophe.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from linter import patterns
from linter.document import OBJECT, Block, Document, Link, Span
from linter.vale.masks import Masks

_WHITE = " \t\n"
_CODE = frozenset({"code"})
_CLOSING = frozenset(".?!,:;)]}—–")
_OPENING = frozenset("([{—–")
_APOSTROPHE = "&rsquo;"  # Vale reads this as an ASCII apostrophe
_REPLACED = patterns.lazy(rf"\r\n?|{_APOSTROPHE}")
_SHOWN = patterns.lazy(r"[^\n]")
_TAG = patterns.lazy(r"<([a-z]+)", 2)  # re.IGNORECASE
_EMPHASIS = patterns.lazy(r"(?<!\\)(?:\*+|_+|~+)")
_TARGET = patterns.lazy(r"\]\([^)]*\)|\]\[[^\]]*\]|<[^>]*>")  # of a link, or a tag
_ITS_ELEMENTS = {"*": ("em", "strong"), "_": ("em", "strong"), "~": ("del", "del")}
_MARKUP = frozenset({"em", "strong", "del", "a"})


class Pieces:
    """Collects the text of a block, piece by piece. The pieces must be in source order."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._places: list[int] = []
        self.length = 0

    def copy(self, block: Block, start: int, end: int) -> None:
        """Add `block.text[start:end]` with its map."""
        if start >= end:
            return
        places, size, shift = block.places, len(block.text), self.length - start
        for i in range(3 * bisect_right(block.starts, start) - 3, len(places), 3):
            low, begin, stop = places[i : i + 3]
            if low >= end:
                break
            high = places[i + 3] if i + 3 < len(places) else size
            if high - low == stop - begin:  # verbatim
                begin, stop = begin + max(0, start - low), stop - max(0, high - end)
            self._places += (max(low, start) + shift, begin, stop)
        self._parts.append(block.text[start:end])
        self.length += end - start

    def put(self, text: str, start: int, end: int) -> None:
        """Add `text`, which represents the source at `[start, end)`.

        A piece that has the length of its source counts as verbatim. If it is not, its last character gets a piece of
        its own without source.
        """
        size = len(text)
        if size and size == end - start and text != self._source[start:end]:
            if size > 1:
                self._add(text[:-1], start, end)
            self._add(text[-1], end, end)
        elif size:
            self._add(text, start, end)

    def block(self, scopes: frozenset[str]) -> Block:
        """Return a block with the collected text."""
        return Block("".join(self._parts), scopes, tuple(self._places))

    def _add(self, text: str, start: int, end: int) -> None:
        self._parts.append(text)
        self._places += (self.length, start, end)
        self.length += len(text)


def whole_source(document: Document, scopes: frozenset[str]) -> Block:
    """Return the source as one block. All line ends become "\\n", and `&rsquo;` becomes an apostrophe."""
    text = document.source.text
    if "\r" not in text and _APOSTROPHE not in text:
        return Block(text, scopes, (0, 0, len(text)))
    pieces, done = Pieces(text), 0
    whole = Block(text, scopes, (0, 0, len(text)))
    for found in _REPLACED.finditer(text):
        pieces.copy(whole, done, found.start())
        pieces.put("'" if found[0] == _APOSTROPHE else "\n", *found.span())
        done = found.end()
    pieces.copy(whole, done, len(text))
    return pieces.block(scopes)


class _Change(NamedTuple):
    """The text `new` in place of `text[start:end]` of a block. `span` is its source, or `code` has it with its map."""

    start: int
    end: int
    new: str
    span: Span
    code: Block | None = None


def _by_place(change: _Change) -> tuple[int, int]:
    return change.start, -change.end


class BlockTexts:
    """Converts the blocks of a document to blocks with the text that Vale's rules see."""

    def __init__(self, document: Document, masks: Masks) -> None:
        self._document, self._masks = document, masks
        self._source = document.source.text
        self._links = document.links_by_block
        self._is_masked = bool(
            masks.hidden or masks.removed or masks.starred or (masks.ignored | masks.skipped) & _MARKUP
        )

    def shown(self, block: Block, scopes: frozenset[str]) -> list[Block]:
        """Return what rules see of a block, with the scopes `scopes`: usually one block, none if nothing is seen."""
        simple = len(block.places) == 3 and block.text != OBJECT
        if simple and not self._is_masked and block not in self._links:  # as for most blocks
            return [Block(block.text, scopes, block.places)]
        changes, cuts = self._changes(block), self._cuts(block)
        if not changes and not cuts:
            return [Block(block.text, scopes, block.places)]
        found: list[Block] = []
        left, start = deque(changes), 0
        for low, high in (*cuts, (len(block.text), len(block.text))):
            if part := self._changed(block, start, low, left, scopes):
                found.append(part)
            start = max(start, high)
        return found

    def hides_code(self, code: Block) -> bool:
        """Whether rules do not see the text of a block of code as a block of its own."""
        if "pre" in self._masks.skipped or "code" in self._masks.ignored:
            return True
        i = bisect_right(self._inline_code, Span(code.places[1], len(self._source))) - 1
        return i >= 0 and code.places[1] < self._inline_code[i].end

    def _changed(
        self, block: Block, start: int, end: int, changes: deque[_Change], scopes: frozenset[str]
    ) -> Block | None:
        """Return `text[start:end]` of a block, without white space at its edges, or None if it is blank.

        The changes before `end` are taken from `changes` and applied.
        """
        pieces, done = Pieces(self._source), start
        while changes and changes[0].start < end:
            change = changes.popleft()
            if change.start >= done and change.end <= end:
                pieces.copy(block, done, change.start)
                if change.code:
                    pieces.copy(change.code, 0, len(change.new))
                else:
                    pieces.put(change.new, *change.span)
                done = change.end
        pieces.copy(block, done, end)
        made = pieces.block(scopes)
        text = made.text
        if text and not text[0].isspace() and not text[-1].isspace():
            return made
        right = len(text.rstrip())
        return made.part(len(text) - len(text.lstrip()), right) if right else None

    def _changes(self, block: Block) -> list[_Change]:
        """Return the changes of the text of a block, in order. They may overlap; then, the first one counts."""
        found = [*self._in_pieces(block)] if len(block.places) > 3 or block.text == OBJECT else []
        if self._is_masked or block in self._links:
            found += [self._starred(block, low, high) for low, high in self._starred_ranges(block)]
            removed = [_blank(block, *_white(block.text, low, high)) for low, high in self._removed_ranges(block)]
            found = sorted([*removed, *found], key=_by_place)
            if removed:
                return self._with_blanks_joined(block, found)
        return self._with_blanks_joined(block, found) if OBJECT in block.text and self._images else found

    def _cuts(self, block: Block) -> list[tuple[int, int]]:
        """Return the ranges of the text of a block that rules do not see, in order."""
        hidden = self._masks.hidden
        return _text_ranges(block, self._masks.touching(hidden, block.places[1], block.places[-1])) if hidden else []

    # Text that is replaced by asterisks.

    def _starred(self, block: Block, start: int, end: int) -> _Change:
        return _Change(start, end, _stars(block.text[start:end]), block.span(start, end))

    def _starred_ranges(self, block: Block) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the text of a block for which rules see asterisks."""
        masks, every = self._masks, "a" in self._masks.ignored
        for link in self._links.get(block, ()):
            text = link.text
            if text and (every or (text == link.url and self._has_address(link))):
                yield link.start, link.end
        if masks.starred:
            yield from _text_ranges(block, masks.touching(masks.starred, block.places[1], block.places[-1]))
        yield from self._emphasis(block, masks.ignored)

    def _has_address(self, link: Link) -> bool:
        """Whether the address of a link is given in full. Vale adds a scheme to those that it recognizes in text."""
        if link.kind == "bare" and self._document.markup == "html":
            return False
        return ":" in link.url or link.kind not in ("bare", "autolink")

    def _removed_ranges(self, block: Block) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the text of a block that disappear."""
        masks = self._masks
        if "a" in masks.skipped:
            yield from ((link.start, link.end) for link in self._links.get(block, ()) if link.text)
        if masks.removed:
            yield from _text_ranges(block, masks.touching(masks.removed, block.places[1], block.places[-1]))
        yield from self._emphasis(block, masks.skipped)

    def _emphasis(self, block: Block, names: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the text of a block in Markdown emphasis that means one of the elements `names`."""
        if not names & _MARKUP or self._document.markup != "markdown":
            return
        source, places, opened = self._source, block.places, dict[str, int]()
        line = self._document.source.line_span(places[1])[0]
        before = source[line : places[1]].rpartition(" ")[2]
        gaps = [(0, before), *((places[i], source[places[i - 1] : places[i + 1]]) for i in range(3, len(places), 3))]
        for at, gap in gaps:
            for mark in _EMPHASIS.finditer(_TARGET.sub("", gap)):
                one, two = _ITS_ELEMENTS[mark[0][0]]
                for name in {two: None, one: None} if len(mark[0]) > 2 else ((one, two)[len(mark[0]) - 1],):
                    key = mark[0][0] + name
                    if key not in opened:
                        opened[key] = at
                    elif (start := opened.pop(key)) < at and name in names:
                        yield start, at
        end = len(block.text)
        yield from ((start, end) for key, start in opened.items() if key[1:] in names and start < end)

    # Code, images, and white space next to markup.

    def _in_pieces(self, block: Block) -> Iterator[_Change]:
        """Yield the changes of code, images, white space next to markup and code, and line breaks, in order."""
        text, places, source = block.text, block.places, self._source
        end, before, done = places[1], "", 0
        for i in range(0, len(places), 3):
            at, begin, stop = places[i : i + 3]
            after = text[at]
            if before and at >= done and (after in _WHITE or before in _WHITE):
                broken = after == "\n" and source[begin] not in "\r\n"
                if end != begin or after == OBJECT or before == OBJECT or broken:
                    low, done = _white(text, at, at)
                    if seam := self._seam(block, low, done):
                        yield seam
            if after == OBJECT and source[begin] != OBJECT:
                yield self._image(block, at) if begin in self._images else self._code(block, at, Span(begin, stop))
            if after == "’" and source[begin:stop] == _APOSTROPHE:
                yield _Change(at, at + 1, "'", Span(begin, stop))
            end = stop
            before = text[places[i + 3] - 1] if i + 3 < len(places) else ""

    def _image(self, block: Block, at: int) -> _Change:
        """Return the change that deletes the U+FFFC at `at` and the white space around it, except for one space."""
        return _blank(block, *_white(block.text, at, at + 1))

    def _with_blanks_joined(self, block: Block, changes: list[_Change]) -> list[_Change]:
        """Return `changes` in order, with a single change for images and white space that follow each other."""
        found: list[_Change] = []
        for change in sorted(changes, key=_by_place):
            last = found[-1] if found else None
            if last and change.start <= last.end and not last.new.strip() and not change.new.strip():
                found[-1] = _blank(block, last.start, max(last.end, change.end))
            else:
                found.append(change)
        return found

    def _code(self, block: Block, at: int, span: Span) -> _Change:
        """Return the change of the U+FFFC at `at`, which represents the code or the formula at `span`."""
        tag = _TAG.match(self._source, span.start) if self._source[span.start] == "<" else None
        name = tag[1].lower() if tag else "code"
        if name in self._masks.skipped:
            return self._image(block, at)
        i = bisect_left(self._inline_starts, span.start)
        code = self._code_blocks[i] if i < len(self._code_blocks) else None
        if code is None or code.places[-1] > span.end:
            return _Change(at, at + 1, _stars(self._source[slice(*span)]), span)
        if name in self._masks.ignored:
            return _Change(at, at + 1, _stars(code.text), span)
        return _Change(at, at + 1, code.text, span, code)

    @cached_property
    def _images(self) -> frozenset[int]:
        return frozenset(image.span.start for image in self._document.images)

    @cached_property
    def _code_blocks(self) -> list[Block]:
        return sorted(self._document.blocks_in(_CODE), key=lambda block: block.places[1])

    @cached_property
    def _inline_starts(self) -> list[int]:
        return [block.places[1] for block in self._code_blocks]

    @cached_property
    def _inline_code(self) -> list[Span]:
        """The spans of the source that U+FFFC represents in a block, in order."""
        blocks = [block for block in self._document.blocks if OBJECT in block.text]
        return sorted(
            block.span(at, at + 1) for block in blocks for at, char in enumerate(block.text) if char == OBJECT
        )

    def _seam(self, block: Block, low: int, high: int) -> _Change | None:
        """Return the change of the white space `text[low:high]` next to markup, or None if it remains as it is."""
        new = _space(block.text, low, high)
        if new == block.text[low:high]:
            return None
        start, end = block.span(low, high)
        following = block.span(high, high + 1).start if high < len(block.text) else end
        return _Change(low, high, new, Span(start, max(end, following)))


def _stars(text: str) -> str:
    """Return an asterisk for each character of `text` except line ends."""
    return _SHOWN.sub("*", text) if "\n" in text else "*" * len(text)


def _blank(block: Block, start: int, end: int) -> _Change:
    """Return the change that replaces `text[start:end]` of a block with one space, or with nothing."""
    return _Change(start, end, _space(block.text, start, end), block.span(start, end))


def _white(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range from `start` to `end`, extended by the white space around it."""
    while start and text[start - 1] in _WHITE:
        start -= 1
    while end < len(text) and text[end] in _WHITE:
        end += 1
    return start, end


def _space(text: str, start: int, end: int) -> str:
    """Return the space that remains between `text[:start]` and `text[end:]` next to markup: " " or ""."""
    if start == 0 or end == len(text) or text[end] in _CLOSING or text[start - 1] in _OPENING:
        return ""
    return " "


def _text_ranges(block: Block, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the ranges of the text of a block whose source overlaps `spans`, in order, without empty ranges."""
    places, starts = block.places, block.places[1::3]
    found = []
    for start, end in sorted(spans):
        low = high = -1
        for i in range(3 * max(0, bisect_right(starts, start) - 1), len(places), 3):
            first, begin, stop = places[i : i + 3]
            last = places[i + 3] if i + 3 < len(places) else len(block.text)
            if begin >= end:
                break
            if stop > start:
                verbatim = last - first == stop - begin
                low = low if low >= 0 else (first + max(0, start - begin) if verbatim else first)
                high = first + min(end, stop) - begin if verbatim else last
        if 0 <= low < high:
            found.append((low, high))
    return found
