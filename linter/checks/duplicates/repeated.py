"""Parts of an article that appear twice, such as headings, images, paragraphs, lines and sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, count, groupby, pairwise
from operator import eq
from typing import Any, ClassVar, Literal, TypeVar

from linter import patterns
from linter.checks.duplicates import _paragraphs, _sentences
from linter.document import OBJECT, Block, Document, Heading, Span
from linter.finding import Edit
from linter.rule import Match
from linter.source_edits import deletion
from linter.text import similarity

T = TypeVar("T")
_OPENING_QUOTES = "“„«"
_QUOTES = '"”»' + _OPENING_QUOTES
# What announces or begins the full text.
_FULL_TEXT = patterns.lazy(
    r"""\b(?: (?i: (?:full|complete|entire)\s(?:text|letter|statement|speech|remarks|transcript)
      | (?:text|transcript)\sof\s(?:the|his|her|their)\s(?:letter|statement|speech|remarks)
      | as\s(?:prepared|delivered) | im\swortlaut | texte\sintégral | na\síntegra
      | (?:carta|texto)\s(?:íntegr|complet)[ao])
    | (?:Dear|Sehr\sgeehrter?|Estimad[oa]s?|Cher|Chère)\s[A-Z] )""",
    re.VERBOSE,
)
_MAX_LINE_LENGTH = 400  # maximum code points of a line that is compared
_COMMON_START = 3  # number of initial code points that are compared first
_MAX_LENGTH_DIFFERENCE = 10  # maximum difference in length, in code points: marks and spaces
_MAX_GAP = 200  # maximum code points of markup between two lines
_SIGNS = patterns.lazy(r"[&|<>=+/]")
# Tabs of Quarto, MkDocs, MDX and Hugo.
_TABS = patterns.lazy(
    r"^:{3,}[^\n]*\.(?:panel-)?tabset|^[ ]*===[!+]? [\"']|<Tabs?[\s>]|\{\{[<%][ ]*tabs?\b", re.MULTILINE
)
_PARAGRAPHS = frozenset({"paragraph"})
_LINE_SCOPES = frozenset({"paragraph", "heading", "caption"})


@dataclass(frozen=True)
class Repeated:
    """The second of two identical parts of an article.

    `unit` is the kind of part to compare. `words` is the minimum number of words of a part (default: 1); it does not
    apply to headings and images. Most parts that appear three times or more are considered intentional, and do not
    match.

    `unit: heading` finds headings with the same words, signs and level below the same heading. `image` finds images
    with the same URL; images next to text and images in lists, tables or quotations are skipped. `ignored` lists
    strings; images whose URLs contain one of them are skipped, too.

    `paragraph` finds paragraphs with the same words. With `near: true`, it finds similar paragraphs instead.
    Repetitions right below different headings are ignored, and so is text that consists of few different words or
    mentions copyright. Short remarks in long articles and notices with a link are ignored if the repetition is not
    close.

    `sentence` finds identical sentences in one section that are at most `apart` blocks apart, or five at the start of
    an article. Sentences that are whole paragraphs, that end both paragraphs or that are in repeated paragraphs are
    ignored. With `far: true`, `sentence` instead finds sentences that are farther apart or in different sections,
    except whole paragraphs and sentences that begin both paragraphs; articles with code are ignored.

    `line` finds a paragraph, caption or heading right below an identical one; two headings are ignored, and so is the
    headline. `item` finds identical items of one list below the same item, except in articles with code. `neighbor`
    finds a sentence right after an identical sentence.

    With `paragraph` and `sentence`, only paragraphs are compared, not lists, quotations or tables. `paragraph` ignores
    verse and text that does not end like a statement. `sentence` ignores questions and sentences with quotation marks.
    Both ignore a part that is first quoted from a letter, a speech or a statement and then appears in its full text.
    Articles with tabs are ignored, because each tab may say the same for other readers. The message may use {line}, the
    line of the first part.
    """

    unit: Literal["heading", "image", "paragraph", "sentence", "line", "item", "neighbor"]
    words: int = 1
    near: bool = False
    apart: int = 0
    far: bool = False
    ignored: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"line"})

    def __post_init__(self) -> None:
        if self.near and self.unit != "paragraph":
            raise ValueError("“near” needs “unit: paragraph”")

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({f"{self.unit}s"} if self.unit in ("heading", "image") else ())

    def find_in(self, document: Document) -> Iterator[Match]:
        pairs = [*_FINDERS[self.unit](self, document)]
        if pairs and _TABS.search(document.source.text):
            return
        for first, second, edits in pairs:
            line, _ = document.source.position(first.start)
            yield Match(*second, {"line": str(line)}, edits)


_Pairs = Iterator[tuple[Span, Span, tuple[Edit, ...]]]  # spans of both parts, and edits to delete the second


def _headings(_: Repeated, document: Document) -> _Pairs:
    texts = [(heading.level, _words_and_signs(heading.block.text)) for heading in document.headings]
    if len(set(texts)) == len(texts):  # the usual case
        return
    equal: dict[tuple[int, int, str], list[Span]] = defaultdict(list)
    above: list[Heading] = []
    for heading, (level, words) in zip(document.headings, texts, strict=True):
        while above and above[-1].level >= level:
            above.pop()
        if words and OBJECT not in heading.block.text:
            parent = above[-1].block.source_span.start if above else -1
            equal[parent, level, words].append(heading.block.source_span)
        above.append(heading)
    for first, second in _twice(equal):
        yield first, second, ()


def _words_and_signs(text: str) -> str:
    """Return the words of a heading, and signs with a meaning, as in “A && B”."""
    return " ".join((*similarity.words(text), *_SIGNS.findall(text)))


def _images(check: Repeated, document: Document) -> _Pairs:
    equal: dict[str, list[Span]] = defaultdict(list)
    for image in () if document.is_slides else document.images:
        equal[image.url].append(image.span)
    pairs = list(_twice({url: spans for url, spans in equal.items() if _is_picture(url.lower(), check.ignored)}))
    blocks = sorted(document.prose, key=lambda block: block.source_span.start) if pairs else []
    starts = [block.source_span.start for block in blocks]

    def alone(image: Span) -> bool:
        at = bisect_right(starts, image.start) - 1
        if at < 0 or image.start >= blocks[at].source_span.end:
            return True
        return blocks[at].scopes == {"paragraph"} and not blocks[at].text.replace(OBJECT, "").strip()

    for first, second in pairs:
        if alone(first) and alone(second):
            yield first, second, ()


def _is_picture(url: str, ignored: Iterable[str]) -> bool:
    return url != "" and not url.startswith("data:") and "{" not in url and not any(word in url for word in ignored)


def _texts(check: Repeated, document: Document) -> _Pairs:
    """Yield the spans of each unintended pair of repeated texts, with the edits that delete the second one."""
    candidates = _paragraphs.candidates(document, check.words)
    pairs = _paragraphs.near_pairs(candidates) if check.near else _twice(_paragraphs.by_words(candidates))
    for first, second in pairs:
        spans = first.block.source_span, second.block.source_span
        if not _paragraphs.are_intended(first, second, document) and not _is_excerpt(document, *spans):
            yield *spans, deletion(second.block, document)


def _repeated_sentences(check: Repeated, document: Document) -> _Pairs:
    if check.far and document.has_code:  # manuals repeat sentences on purpose
        return
    done = set()
    for first, second in _twice(_sentences.by_words(document, check.words)):
        if _sentences.is_first_step(first, second):
            done.add(second.number)
        elif (
            second.number not in done
            and _is_mistake(check, first, second)
            and not _is_excerpt(document, first.span, second.span)
        ):
            done.add(second.number)  # only the first of several in one paragraph is reported
            yield first.span, second.span, ()


def _is_mistake(check: Repeated, first: _sentences.Sentence, second: _sentences.Sentence) -> bool:
    near = _sentences.is_mistake(first, second, check.apart)
    return not near and _sentences.is_far(first, second, check.apart) if check.far else near


def _lines(check: Repeated, document: Document) -> _Pairs:
    blocks = document.top_level_blocks
    starts = [block.text[:_COMMON_START].casefold() for block in blocks]
    untitled = document.kind == "text" and not document.headings  # in this case, the first line is the headline
    for number in compress(count(), map(eq, starts, starts[1:])):
        first, second = blocks[number : number + 2]
        if (
            not first.scopes <= _LINE_SCOPES
            or (untitled and not number)
            or len(first.text) > _MAX_LINE_LENGTH
            or abs(len(first.text) - len(second.text)) > _MAX_LENGTH_DIFFERENCE
            or not _are_equal(first, second, check.words)
            or not _are_lines(first, second, document)
        ):
            continue
        around = blocks[max(0, number - 1) : number] + blocks[number + 2 : number + 3]
        if not any(_are_equal(first, block, 0) for block in around):
            yield first.source_span, second.source_span, deletion(second, document)


def _are_equal(first: Block, second: Block, min_words: int) -> bool:
    words = similarity.words(first.text)
    return len(words) >= min_words and words == similarity.words(second.text)


def _are_lines(first: Block, second: Block, document: Document) -> bool:
    """Whether two adjacent blocks with the same text may be a mistake."""
    if not first.scopes <= _LINE_SCOPES or not second.scopes <= _LINE_SCOPES or OBJECT in first.text + second.text:
        return False
    if first.text.rstrip().endswith(":") or first.text.lstrip()[:1].islower():  # a lead-in without its block; commands
        return False
    if "heading" in first.scopes and ("heading" in second.scopes or first is document.headings[0].block):
        return False
    if "heading" in first.scopes and any(link.block is second for link in document.links):  # the source of the section
        return False
    between = document.source.text[first.source_span.end : second.source_span.start]
    return len(between) <= _MAX_GAP and not any(mark in between for mark in "{`~")


def _items(check: Repeated, document: Document) -> _Pairs:
    if document.has_code:  # manuals repeat list items on purpose
        return
    for is_list, run in groupby(document.prose, key=lambda block: block.scopes == {"list"}):
        blocks = list(run) if is_list else []
        equal: dict[tuple[int, str], list[Span]] = defaultdict(list)
        for parent, block in _children(blocks, document) if len({block.text for block in blocks}) < len(blocks) else ():
            if len(block.text.split()) >= check.words and OBJECT not in block.text and block.text.rstrip()[-1] != ":":
                equal[parent, block.text.casefold()].append(block.source_span)
        for first, second in _twice(equal):
            yield first, second, ()


def _children(blocks: Iterable[Block], document: Document) -> Iterator[tuple[int, Block]]:
    """Yield the items of a list, each with the offset of the less indented item that it belongs to, or -1."""
    above: list[tuple[int, int]] = []
    for block in blocks:
        start = block.source_span.start
        line, end = document.source.line_span(start)
        text = document.source.text[line:end]
        indent = len(text) - len(text.lstrip())
        while above and above[-1][0] >= indent:
            above.pop()
        yield above[-1][1] if above else -1, block
        above.append((indent, start))


def _neighbors(check: Repeated, document: Document) -> _Pairs:
    for block in document.blocks_in(_PARAGRAPHS):
        parts = block.text.split(". ")
        if not any(map(str.startswith, parts[1:], parts)):  # the usual case
            continue
        starts = [0, *accumulate(len(part) + 2 for part in parts)]
        for number, (first, second) in enumerate(pairwise(parts)):
            if not second.startswith(first) or len(first.split()) < check.words or not first[0].isupper():
                continue
            start = starts[number + 1]
            end = start + len(second.rstrip(". "))
            if first != second[: end - start]:
                continue
            if first not in (*parts[number + 2 : number + 3], *parts[max(0, number - 1) : number]):
                yield block.span(start - len(first) - 2, start - 2), block.span(start, end + 1), ()


def _twice(groups: Mapping[Any, Sequence[T]]) -> Iterator[tuple[T, T]]:
    return ((group[0], group[1]) for group in groups.values() if len(group) == 2)


_FINDERS: Mapping[str, Callable[[Repeated, Document], _Pairs]] = {
    "heading": _headings,
    "image": _images,
    "paragraph": _texts,
    "sentence": _repeated_sentences,
    "line": _lines,
    "item": _items,
    "neighbor": _neighbors,
}


def _is_excerpt(document: Document, first: Span, second: Span) -> bool:
    """Whether the text at `first` is an excerpt of the text that `second` is part of.

    This is the case if the first text is in a quotation and the second, the same text, is not, or if something between
    them, such as “full text” or a salutation, announces or begins a letter, a speech or a statement.
    """
    text = document.source.text
    if _FULL_TEXT.search(text, first.end, second.start):
        return True
    return _is_quoted(text, first.start) and not _is_quoted(text, second.start)


def _is_quoted(text: str, at: int) -> bool:
    """Whether the last quotation mark up to the offset `at` opens a quotation, and no paragraph ends between them.

    Unlike `text.quotes`, this is also right for a quotation of several paragraphs that an import has joined.
    """
    mark = max(text.rfind(each, 0, at + 1) for each in _QUOTES)
    if mark < 0 or text.rfind("\n\n", mark, at) >= 0:
        return False
    return text[mark] in _OPENING_QUOTES or (text[mark] == '"' and (mark == 0 or text[mark - 1] in " \n\u00a0(—–:"))
