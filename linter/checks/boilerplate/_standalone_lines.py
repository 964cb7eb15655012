"""Find the lines of an article, and tell standalone lines from lines of a wrapped sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain
from operator import attrgetter
from typing import NamedTuple

import regex

from linter import patterns
from linter.analysis.literals import EDGE, Literals, folded_line, texts_with
from linter.document import OBJECT, Block, Document, Link, Span, pair_tags
from linter.folding import folded_view
from linter.matching import matches
from linter.views import NUL, TextView, per_document

_EXCLUDED_SCOPES = frozenset({"quote", "table", "caption", "code"})  # words of other people, or text without lines
# Bullets, bars, arrows, icons and emoji around the words of a line, but not ©, ® or quotation marks.
_DECORATIONS = rf"\s\p{{So}}\p{{Sk}}\p{{Sm}}\p{{Cf}}\p{{Mn}}\p{{Pd}}|»«›‹•·*_#:…{OBJECT}"
_FREQUENT_DECORATIONS = f" \t•·*_#:…–—{OBJECT}-"
_BEFORE = patterns.lazy_regex(rf"[{_DECORATIONS}--[©®]]*+", regex.VERSION1)
_BEHIND = patterns.lazy_regex(rf"(?:(?<![{_DECORATIONS}!.--[©®]])|\G)[{_DECORATIONS}!.--[©®]]++\Z", regex.VERSION1)
_STOPS = ".!?…:;。！？："
_ENDED = patterns.lazy(rf"[{_STOPS}][\"”’»)\]]*\s*\Z")
_CODE_BELOW = patterns.lazy(r"[*_:]*+[ \t]*+(?:\r?\n[ \t]*+){1,2}(?:```|~~~)")
_HARD_BREAK = patterns.lazy(r"  |\\|<br", re.IGNORECASE)
_FINISHED = patterns.lazy(r"[^\W\d_]{4}[.!?][\"”’)]?\Z")  # the end of a sentence, unlikely to be an abbreviation
_LOWERCASE = patterns.lazy(r"[a-zß-öø-ÿ]")
_START = attrgetter("start")
_PAGE = frozenset({"html", "body"})
_PLAYERS = frozenset({"video", "audio", "object", "iframe", "canvas", "noscript", "picture"})
_MIN_RUNNING_WORDS = 12  # minimum words of a running paragraph with an end mark
_MIN_UNENDED_WORDS = 40  # minimum words of a running paragraph without an end mark
# Maximum letters and digits, and words, outside the links of a line of buttons: “Share this page:”.
_MAX_BUTTON_LETTERS, _MAX_BUTTON_WORDS = 20, 4
_MAX_LABEL_WORDS = 4  # maximum words of a line that may be a label
# Minimum line ends, and minimum short lines, of a paragraph from a web page (see `is_dump`).
_MIN_DUMP_LINES, _MIN_SHORT_LINES = 7, 4
_MAX_WRAPPED_LINE = 200  # maximum code points of a line of a wrapped paragraph
_MIN_LEAD_IN_WORDS = 3  # minimum words of a line that introduces a list
_MAX_HEADING_DISTANCE = 20  # a heading this many lines above a line, or farther away, does not count as its heading
_OPENING_QUOTES = frozenset("\"“„«‘'「")
_MAX_LINE_LENGTH = 400  # maximum code points of a line that is examined
_MAX_END_LENGTH = 12  # maximum code points of the decorations at the end of a line


class StandaloneLine(NamedTuple):
    """A line of a block, without the white space around it.

    `start` and `end` are the offsets of the line in the text of the block. `words` is the offset of the first word,
    after decorations such as bullets and icons. `number` is the 0-based number of the line among
    the lines of all top-level blocks.
    """

    block: Block
    start: int
    end: int
    words: int
    number: int

    @property
    def text(self) -> str:
        """The text of the line with single spaces, without decorations around it and without `.` and `!` at its end."""
        return " ".join(self.block.text[self.words : self.words_end].split())

    @property
    def words_end(self) -> int:
        """The offset at which the words of the line end, before any decorations, periods and exclamation marks."""
        if self.block.text[self.end - 1].isalnum():
            return self.end
        behind = _BEHIND.search(self.block.text, max(self.words, self.end - _MAX_END_LENGTH), self.end)
        return behind.start() if behind else self.end


@dataclass(frozen=True, eq=False)
class StandaloneLines:
    """The lines of one article, by number, including lines of wrapped sentences (see `is_standalone`).

    Lines are computed on demand, because few of them are examined.
    """

    document: Document
    # Results of searches: the patterns for lines, and the numbers of the lines that each may match, if there are any.
    candidates: list[tuple[frozenset[str], Mapping[str, Set[int]]]] = field(default_factory=list)

    def line(self, number: int) -> StandaloneLine | None:
        """Return the line with this number.

        Return None if there is no such line, if the line is empty or too long, or if it is in an excluded block, such
        as a quotation or code.
        """
        if not 0 <= number < self._firsts[-1]:
            return None
        at = bisect_right(self._firsts, number) - 1
        block = self._blocks[at]
        if not self._texts[at]:
            return None
        start, end = self._rows(at)[number - self._firsts[at]]
        return _line(block, start, end, number)

    def lines(self, numbers: Iterable[int]) -> list[StandaloneLine]:
        """Return the lines with the given numbers, without lines that have no words."""
        return [line for line in map(self.line, numbers) if line and line.words < line.words_end]

    @cached_property
    def _blocks(self) -> Sequence[Block]:
        return () if _is_page(self.document) else self.document.top_level_blocks

    @cached_property
    def _texts(self) -> Sequence[str]:
        """The text of each block, or "" for an excluded block, such as a quotation or code."""
        if fallbacks := _fallback_spans(self.document):
            return [
                block.text
                if block.scopes.isdisjoint(_EXCLUDED_SCOPES)
                and not any(low <= block.source_span.start < high for low, high in fallbacks)
                else ""
                for block in self._blocks
            ]
        kinds = {block.scopes for block in self._blocks}
        excluded = {scopes for scopes in kinds if not scopes.isdisjoint(_EXCLUDED_SCOPES)}
        return [block.text if block.scopes not in excluded else "" for block in self._blocks]

    @cached_property
    def _firsts(self) -> Sequence[int]:
        """The number of the first line of each block, followed by the total number of lines."""
        return [0, *accumulate(text.count("\n") + 1 for text in self._texts)]

    def _rows(self, at: int) -> Sequence[tuple[int, int]]:
        """Return the half-open range of each line in the text of the block `_blocks[at]`."""
        text = self._texts[at]
        if "\n" not in text:
            return ((0, len(text)),)
        if at not in self._split:
            ends = [*accumulate(len(row) + 1 for row in text.split("\n"))]
            self._split[at] = [(start, end - 1) for start, end in zip(chain((0,), ends), ends, strict=False)]
        return self._split[at]

    @cached_property
    def _split(self) -> dict[int, Sequence[tuple[int, int]]]:
        return {}

    @cached_property
    def view(self) -> TextView:
        """The texts of all lines by number, each between two EDGE characters; "" for a line without words.

        They are in the form of `folded_line`.
        """
        rows = chain.from_iterable(text.split("\n") for text in self._texts)
        return TextView([self._between_edges(number, row) for number, row in enumerate(rows)], NUL, folded_line)

    def _between_edges(self, number: int, row: str) -> str:
        if len(row) > _MAX_LINE_LENGTH or not (words := row.lstrip(_FREQUENT_DECORATIONS)):
            return ""
        text = words.rstrip(_FREQUENT_DECORATIONS + ".!")
        if not (text and text[0].isalnum() and text[-1].isalnum() and len(words) - len(text) <= _MAX_END_LENGTH):
            line = self.line(number)
            text = line.text if line else ""
        return f"{EDGE}{text}{EDGE}" if text else ""

    @cached_property
    def _running(self) -> Sequence[int]:
        """The number of the first line of each long block with an end mark, in order."""
        return [
            number
            for text, number in zip(self._texts, self._firsts, strict=False)
            if text.count(" ") >= _MIN_RUNNING_WORDS and _ENDED.search(text[-20:])
        ]

    def paragraphs_before(self, line: StandaloneLine) -> int:
        """Count the paragraphs of running text that begin before a line."""
        return bisect_left(self._running, line.number)

    def paragraphs_behind(self, line: StandaloneLine) -> int:
        """Count the paragraphs of running text that begin after a line."""
        return len(self._running) - bisect_left(self._running, line.number + 1)

    def is_link(self, line: StandaloneLine) -> bool:
        """Whether a line has words and at least 90% of their code points are in links."""
        return line.words < line.words_end and self.linked_length(line) >= 0.9 * (line.words_end - line.words)

    def is_styled_link(self, line: StandaloneLine) -> bool:
        """Whether a line in Markdown has an HTML link with a full URL and with “button” in its class."""
        return self.document.kind == "markdown" and any(
            link.kind == "html" and "://" in link.url and "button" in link.attributes.get("class", "")
            for link in self.links_in(line)
        )

    def links_to(self, address: regex.Pattern[str], needed: Literals | None) -> Iterator[Link]:
        """Yield the links whose URLs contain a match of `address`; `needed` are the literals of that pattern."""
        for number in self._addresses_with(needed):
            if any(matches(address, self.document.links[number].url)):
                yield self.document.links[number]

    def has_links(self, needed: Literals | None) -> bool:
        """Whether the URL of any link may match a pattern with the literals `needed`."""
        return bool(self._addresses_with(needed))

    def _addresses_with(self, needed: Literals | None) -> Sequence[int]:
        """Return the indices of links whose URLs may contain the literals `needed`; without literals, all indices."""
        return texts_with(needed, folded_view(self.document, "link.url")) if self.document.links else ()

    def lines_with(self, links: Iterable[Link]) -> Iterator[StandaloneLine]:
        """For each of `links`, yield the line of the link.

        Lines with more than 20 letters and digits, or four words, outside links are left out.
        """
        for link in links:
            if line := self._line_with(link):
                rest = self._without_links(line)
                if sum(map(str.isalnum, rest)) <= _MAX_BUTTON_LETTERS and len(rest.split()) <= _MAX_BUTTON_WORDS:
                    yield line

    def empty_ones(self, links: Iterable[Link]) -> Iterator[Link]:
        """Yield those of `links` whose blocks contain neither text nor images.

        Yield nothing if the document is a whole HTML page or a template.
        """
        return (link for link in links if self._blocks and not link.block.text.strip())

    def _line_with(self, link: Link) -> StandaloneLine | None:
        """Return the line in which `link` begins, or None if there is no such line."""
        at = self._places.get(id(link.block))
        if at is None or not self._texts[at]:
            return None
        line = self.line(self._firsts[at] + self._row(at, link.start))
        return line if line and line.start <= link.start < line.end else None

    def _row(self, at: int, place: int) -> int:
        """Return the index of the line that contains the offset `place`, among the lines of the block `_blocks[at]`."""
        return max(0, bisect_right(self._rows(at), (place, len(self._texts[at]))) - 1)

    @cached_property
    def _places(self) -> Mapping[int, int]:
        """The index of each block in `_blocks`, by `id(block)`."""
        return {id(block): at for at, block in enumerate(self._blocks)}

    def _without_links(self, line: StandaloneLine) -> str:
        parts, done = [], line.start
        for link in sorted(self.links_in(line), key=lambda link: link.start):
            parts.append(line.block.text[done : link.start])
            done = max(done, link.end)
        return "".join((*parts, line.block.text[done : line.end]))

    def passages(self) -> list[list[int]]:
        """Return the line numbers of each passage before, between and after the paragraphs of running text.

        Quotations, tables, captions and code also separate passages. A passage may be empty.
        """
        found: list[list[int]] = [[]]
        for at, (text, first) in enumerate(zip(self._texts, self._firsts, strict=False)):
            if _is_running(text) and ("\n" not in text or (self.document.kind != "text" and not is_dump(text))):
                found.append([])
            elif "\n" not in text:
                found[-1].append(first)
            else:
                for number, (start, end) in enumerate(self._rows(at), first):
                    if end > start:
                        _add(number, text[start:end], found)
        return found

    def has_block(self, numbers: Sequence[int], besides: frozenset[str]) -> bool:
        """Whether a block without any of the scopes `besides` is among the blocks of the lines `numbers`.

        All blocks from the first to the last of these lines count.
        """
        low, high = bisect_right(self._firsts, numbers[0]) - 1, bisect_right(self._firsts, numbers[-1])
        return any(besides.isdisjoint(block.scopes) for block in self._blocks[low:high])

    def joined(self, numbers: Sequence[int]) -> str:
        """Join, by line feeds, the texts of the blocks that contain the first to the last of the lines `numbers`."""
        low, high = bisect_right(self._firsts, numbers[0]) - 1, bisect_right(self._firsts, numbers[-1])
        return "\n".join(self._texts[low:high])

    def is_wrapped(self, line: StandaloneLine) -> bool:
        """Whether a line belongs to a wrapped paragraph.

        It does if any line of its block is not standalone, or if any line of the block but the first begins with “: ”,
        as a definition does. In plain text, and in a block whose lines are lines of a web page (see `is_dump`), only
        the line itself is tested.
        """
        block = line.block
        if "\n" not in block.text or self.document.kind == "text" or is_dump(block.text):
            return not self.is_standalone(line)
        if id(block) not in self._wrapped:
            first = self._firsts[self._places[id(block)]]
            lines = map(self.line, range(first, first + block.text.count("\n") + 1))
            self._wrapped[id(block)] = "\n: " in block.text or any(
                line is not None and not self.is_standalone(line) for line in lines
            )
        return self._wrapped[id(block)]

    @cached_property
    def _wrapped(self) -> dict[int, bool]:
        return {}

    def last_image(self, line: StandaloneLine) -> StandaloneLine:
        """Return the last of the image-only lines right after `line`, or `line` itself if there are none."""
        while (
            (next_one := self.line(line.number + 1))
            and next_one.words == next_one.words_end
            and OBJECT in next_one.block.text[next_one.start : next_one.end]
        ):
            line = next_one
        return line

    def links_in(self, line: StandaloneLine) -> Sequence[Link]:
        """Return the links that are at least partly in `line`, in order."""
        links = self.document.links_by_block.get(line.block)
        if not links:
            return ()
        low = max(0, bisect_left(links, line.start, key=_START) - 1)  # the previous link may extend into the line
        some = links[low : bisect_right(links, line.end, key=_START)]
        return [link for link in some if line.start <= max(link.start, link.end - 1)]

    def linked_length(self, line: StandaloneLine) -> int:
        """Count the code points that are in links, from the first to the last word of a line."""
        low, high = line.words, line.words_end
        return sum(max(0, min(high, link.end) - max(low, link.start)) for link in self.links_in(line))

    def follows_lead_in(self, number: int) -> bool:
        """Whether the line `number`, or the list that contains that line, has an introduction.

        The introduction is the line right above the line or list. It has at least three words and ends in a colon or,
        above a list, in a colon or period.
        """
        above, line = self.line(number - 1), self.line(number)
        while above and line and "list" in line.block.scopes and "list" in above.block.scopes:
            number -= 1
            above, line = self.line(number - 1), above
        if not above or not line:
            return False
        sentence = above.block.text[above.start : above.end]
        marks = (":", "：", ".") if "list" in line.block.scopes else (":", "：")
        return sentence.endswith(marks) and len(sentence.split()) >= _MIN_LEAD_IN_WORDS

    def names_source(self, line: StandaloneLine) -> bool:
        """Whether a line may name the source of a quotation.

        It may if a URL is right below it, or if it has a link and is the first line after a quotation.
        """
        below = self.line(line.number + 1)
        if below and below.block.text.startswith(("https://", "http://"), below.words):
            return True
        at = bisect_right(self._firsts, line.number) - 1
        is_first = at > 0 and self._firsts[at] == line.number
        return is_first and "quote" in self._blocks[at - 1].scopes and bool(self.links_in(line))

    def leads_to_code(self, line: StandaloneLine) -> bool:
        """Whether a code fence begins right below a line in Markdown, or after one blank line."""
        end = line.block.span(line.start, line.end).end
        return self.document.kind == "markdown" and _CODE_BELOW.match(self.document.source.text, end) is not None

    def leads_to_quotation(self, line: StandaloneLine) -> bool:
        """Whether a line ends in a colon, such as “**Comments:**”, and a quotation follows."""
        if line.block.text[line.words_end : line.end].strip("*_ ") not in (":", "："):
            return False
        below = self.line(line.number + 1)
        if below:
            return below.block.text[below.start : below.end].lstrip("*_-• ")[:1] in _OPENING_QUOTES
        at = bisect_right(self._firsts, line.number + 1) - 1
        return at < len(self._blocks) and "quote" in self._blocks[at].scopes

    def is_one_of_counts(self, line: StandaloneLine) -> bool:
        """Whether a line is a list item that begins with a digit, next to another such item."""
        if "list" not in line.block.scopes or not line.text[:1].isdigit():
            return False
        beside = filter(None, (self.line(line.number - 1), self.line(line.number + 1)))
        return any("list" in other.block.scopes and other.text[:1].isdigit() for other in beside)

    def title_above(self, number: int) -> str:
        """Return the text of the nearest heading in the 19 lines above the line `number`, or "" if there is none."""
        lines = map(self.line, range(number - 1, max(-1, number - _MAX_HEADING_DISTANCE), -1))
        return next((line.text for line in lines if line and "heading" in line.block.scopes), "")

    def span(self, line: StandaloneLine) -> Span:
        """Return the source span of a line, including the markup of links at its start and end."""
        start, end = line.block.span(line.start, line.end)
        for link in self.links_in(line):
            if link.start == line.start and link.end <= line.end:
                start = min(start, link.span.start)
            if link.end == line.end and link.start >= line.start:
                end = max(end, link.span.end)
        return Span(start, end)

    def is_standalone(self, line: StandaloneLine) -> bool:
        """Whether a line is not part of a wrapped sentence, judging by the line breaks before and after the line.

        Both line breaks must be intentional. In HTML, all line breaks are. In other formats, a hard break is
        intentional. So is a line break after the end of a sentence, or where there was still room for the next word
        on the line. If the next line begins with a lowercase letter, further conditions apply, unless the line break is
        a hard break.

        A line that ends in a period and may complete the sentence of the line above is not standalone.
        """
        text = line.block.text
        if "\n" not in text:
            return True
        longest = self._longest(line.block)
        above = text.rfind("\n", 0, line.start)
        below = text.find("\n", line.end)
        if above > 0 and text[line.end - 1] == "." and _is_unfinished(text[text.rfind("\n", 0, above) + 1 : above]):
            return False
        return (above < 0 or self._is_intended(line.block, above, longest)) and (
            below < 0 or self._is_intended(line.block, below, longest)
        )

    def _longest(self, block: Block) -> int:
        """Return the length of the longest line of a block, in code points."""
        known = self._lengths.get(id(block))
        if known is None:
            known = self._lengths[id(block)] = max(map(len, block.text.split("\n")))
        return known

    @cached_property
    def _lengths(self) -> dict[int, int]:
        return {}

    def _is_intended(self, block: Block, at: int, longest: int) -> bool:
        text, source = block.text, self.document.source.text
        above = text[text.rfind("\n", 0, at) + 1 : at].strip()
        row = text[at + 1 : (text.find("\n", at + 1) + 1 or len(text) + 1) - 1]
        below = row.strip()
        if not above or not below or self.document.markup == "html":
            return True
        start = at + 1 + len(row) - len(row.lstrip())
        if _HARD_BREAK.search(source[block.span(at - 1, at).end : block.span(start, start + 1).start]):
            return True
        if _LOWERCASE.match(below):
            is_row = (
                above.count(" ") < _MAX_LABEL_WORDS
                and below.count(" ") < _MAX_LABEL_WORDS
                and len(above) + len(below) < longest / 2
            )
            if not (is_row or (_FINISHED.search(above) and len(above) + len(below) < longest)):
                return False
        return len(above) + 1 + len(below.split()[0]) < longest or _ENDED.search(above) is not None


def is_dump(text: str) -> bool:
    """Whether the lines of a paragraph are separate lines of a web page, not of a wrapped paragraph or of code.

    The paragraph must have at least eight lines, including at least four short ones. In addition, at least half of the
    lines must be short, or one line must have more than 200 code points. A short line has at most four words and no
    comma at its end.
    """
    if text.count("\n") < _MIN_DUMP_LINES or "{" in text or '="' in text:
        return False
    rows = text.split("\n")
    short = sum(row.count(" ") < _MAX_LABEL_WORDS and not row.endswith(",") for row in rows)
    return short >= _MIN_SHORT_LINES and (2 * short >= len(rows) or max(map(len, rows)) > _MAX_WRAPPED_LINE)


@per_document
def standalone_lines(document: Document) -> StandaloneLines:
    """Return the lines of a document, including lines of wrapped sentences (see `StandaloneLines.is_standalone`)."""
    return StandaloneLines(document)


def _is_page(document: Document) -> bool:
    """Whether the document is a whole HTML page or a template, where boilerplate is legitimate."""
    if document.markup != "html":
        return False
    text = document.source.text
    return "{{" in text or "{%" in text or not _PAGE.isdisjoint(document.tags_by_name)


def _is_unfinished(line: str) -> bool:
    """Whether the sentence at the end of a line may continue on the next line."""
    words = line.split()
    return len(words) > _MIN_LEAD_IN_WORDS and words[-1].isalpha() and words[-1].islower()


def _fallback_spans(document: Document) -> list[Span]:
    """Return the spans of fallback content in elements such as `<video>` and `<noscript>`."""
    if _PLAYERS.isdisjoint(document.tags_by_name):
        return []
    tags = document.tags
    pairs = pair_tags(tags).items()
    return [Span(tags[i].span.end, tags[j].span.start) for i, j in pairs if i < j and tags[i].name in _PLAYERS]


def _add(number: int, text: str, passages: list[list[int]]) -> None:
    """Add the line `number` to the last passage in `passages`, or begin a new passage if the line is running text."""
    if _is_running(text):
        passages.append([])
    else:
        passages[-1].append(number)


def _is_running(text: str) -> bool:
    """Whether `text` is running text, judging by its length and end mark, or is "" (an excluded block)."""
    if not text or len(text) > _MAX_LINE_LENGTH:
        return True
    words = text.count(" ")
    if words < _MIN_RUNNING_WORDS:
        return False
    return words >= _MIN_UNENDED_WORDS or text[-1] in _STOPS or _ENDED.search(text[-20:]) is not None


def _line(block: Block, start: int, end: int, number: int) -> StandaloneLine | None:
    """Return the line at `text[start:end]` of a block, or None if the line is empty or too long."""
    text = block.text
    if start == end or end - start > _MAX_LINE_LENGTH:
        return None
    if text[start].isspace() or text[end - 1].isspace():
        row = text[start:end]
        end -= len(row) - len(row.rstrip())
        start += len(row) - len(row.lstrip())
        if start >= end:
            return None
    words = start
    if not text[start].isalnum() and (decorations := _BEFORE.match(text, start, end)):
        words = decorations.end()
    return StandaloneLine(block, start, end, words, number)
