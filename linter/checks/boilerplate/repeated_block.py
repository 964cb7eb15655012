"""Sentences and lines that several articles of a folder have word for word."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import pairwise
from typing import ClassVar, NamedTuple
from zlib import adler32, crc32

from linter import patterns
from linter.document import OBJECT, Block, Document
from linter.record import record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match
from linter.text.view import comparable_words

_EXCLUDED_SCOPES = frozenset({"heading", "quote", "table", "code"})
_SENTENCE, _LINE = 5, 3  # words of a sentence or an item of a list, and of a paragraph; fewer are repeated by chance
_LONG = 80  # words of a sentence or line that is compared
_UNSPACED = 4  # letters that count as a word where no space is, as in Chinese
_EDGE = 8  # sentences at either end of an article that may be no part of its story
_OWN = 0.3  # of an article's text, at least, that no other has; else it is a copy
_MORE, _GROWTH = 1.05, 0.22  # articles of a large folder by its size: 3 of 100, 5 of 1,000, 7 of 5,000; less is chance
_MANY = 20  # articles; a text of more of them is the result of one decision, and marked once
_GAP = 4  # code points between two texts in a row: the end of a paragraph, and the mark of an item
# An end mark, and what divides its sentence from the next one: a group.
_MARK_END = r"[.!?…。！？]((?<=[.!?…])[\"”’)\]]*+\s++|(?<=[。！？])[”’）」]*+)"
_END = patterns.lazy(_MARK_END)
_TEXT_END = patterns.lazy(rf"{_MARK_END}|(\n)")
_LABEL_ENDS = (":", "：", ",")
_CODE = patterns.lazy(r"\{[{%:<]|[}%]\}|<%")
# A part of a path that says which version of a page it is, or in which language.
_VERSION = patterns.lazy(
    r"v\d[\w.-]*|\d+(?:\.(?:\d+|x))+|latest|next|nightly|stable|current|[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE
)


class _Unit(NamedTuple):
    """A sentence or line: its half-open source span, and a number for its words."""

    start: int
    end: int
    key: int


@record
class RepeatedBlock:
    """`articles` is the number of articles that must have the text, at least; of a thousand articles five must have
    it, since three may have the same words by chance.

    The text is a sentence of five words or more, or a paragraph of three; in plain text a line is a paragraph. In half
    of the articles it is one of the first or last eight. Texts next to each other that the same number of articles have
    are one match. Headings, quotations, tables, code, lead-ins with a colon and texts with links or images in them do
    not count. Articles most of whose text others have are copies, and are passed over; those whose paths differ only by
    a version or a language are one. A text of more than twenty articles is marked only in the first of them. The
    message may use {count}, the number of articles.
    """

    articles: int

    values: ClassVar[frozenset[str]] = frozenset({"count"})
    data: ClassVar[object] = tuple[bytes, bytes]

    def facts(self, document: Document) -> Iterator[Fact]:
        units = list(_units(document))
        keys = array("Q", [unit.key for unit in units])
        spans = array("Q", [place for unit in units for place in unit[:2]])
        yield Fact(0, 0, (keys.tobytes(), spans.tobytes()))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        articles = folder.articles
        enough = max(self.articles, _MORE * len(articles) ** _GROWTH)
        shared = _article_counts(articles)
        originals = [article for article in articles if not _is_copy(article, shared.keys())]
        every = Counter(key for article in originals for key in {*_keys(article)} if key in shared)
        at_edges = Counter(key for article in originals for key in _at_edges(article) if key in shared)
        counts = {
            key: every[key]
            for key, count in _article_counts(originals).items()
            if count >= enough and 2 * at_edges[key] >= every[key]
        }
        done: set[int] = set()
        for article in originals:
            if counts.keys().isdisjoint(_keys(article)):
                continue
            for run in _runs(article, counts):
                count, keys = counts[run[0].key], {unit.key for unit in run}
                if count <= _MANY or not done.issuperset(keys):
                    yield article, Match(run[0].start, run[-1].end, {"count": str(count)})
                done |= keys


def _units(document: Document) -> Iterator[_Unit]:
    is_text = document.kind == "text"
    ends = _TEXT_END if is_text else _END
    for block in document.prose:
        text = block.text
        if not block.scopes.isdisjoint(_EXCLUDED_SCOPES) or (("{" in text or "<%" in text) and _CODE.search(text)):
            continue
        start = 0
        gaps = [match.span(match.lastindex or 0) for match in ends.finditer(text)]
        for end, after in [*gaps, (len(text), len(text))]:
            is_line = (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")
            if unit := _unit(block, start, end, _LINE if is_line and "list" not in block.scopes else _SENTENCE):
                yield unit
            start = after


def _unit(block: Block, start: int, end: int, least: int) -> _Unit | None:
    shown = block.text[start:end]
    if OBJECT in shown or shown.rstrip().endswith(_LABEL_ENDS):
        return None
    text = comparable_words(shown)
    words = text.count(" ") + 1
    if not least <= max(words, 0 if text.isascii() else len(text) // _UNSPACED) or words > _LONG:
        return None
    return _Unit(*block.span(start, end), _key(text))


def _key(text: str) -> int:
    """Return a number of 64 bits for a text, the same in any process."""
    data = text.encode("utf-8", "surrogatepass")
    return crc32(data) << 32 | adler32(data)


def _keys(article: ArticleFacts) -> array[int]:
    (_, _, (keys, _)), *_ = article.facts
    return array("Q", keys)


def _unpacked(article: ArticleFacts) -> Iterator[_Unit]:
    (_, _, (_, data)), *_ = article.facts
    spans = array("Q", data)
    return map(_Unit, spans[::2], spans[1::2], _keys(article))


def _article_counts(articles: Iterable[ArticleFacts]) -> Counter[int]:
    """Count the articles of each text that several have; versions of one article count once."""
    named: dict[str, list[ArticleFacts]] = defaultdict(list)
    for article in articles:
        named[_name(article.path)].append(article)
    every = array("Q")
    for versions in named.values():
        every.extend(set[int]().union(*map(_keys, versions)))
    repeats = Counter(key for key, other in pairwise(sorted(every)) if key == other)
    return Counter({key: count + 1 for key, count in repeats.items()})


def _name(path: str) -> str:
    """Return the path of an article without the parts that name a version or translation."""
    *folders, file = path.split("/")
    return "/".join([*(folder for folder in folders if not _VERSION.fullmatch(folder)), file])


def _at_edges(article: ArticleFacts) -> set[int]:
    keys = _keys(article)
    return {*keys[:_EDGE], *keys[-_EDGE:]}


def _is_copy(article: ArticleFacts, shared: Set[int]) -> bool:
    units = list(_unpacked(article))
    own = sum(unit.end - unit.start for unit in units if unit.key not in shared)
    return own < _OWN * sum(unit.end - unit.start for unit in units)


def _runs(article: ArticleFacts, counts: Mapping[int, int]) -> Iterator[list[_Unit]]:
    """Yield the texts next to each other that equally many articles have."""
    run: list[_Unit] = []
    for unit in filter(lambda unit: unit.key in counts, _unpacked(article)):
        if run and (counts[unit.key] != counts[run[-1].key] or unit.start - run[-1].end > _GAP):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run
