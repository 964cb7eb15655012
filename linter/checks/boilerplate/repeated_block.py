"""Sentences and lines that appear word for word in several articles of a folder."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import ClassVar, NamedTuple
from zlib import adler32, crc32

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import OBJECT, Block, Document
from linter.folding import comparable_text
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match

_EXCLUDED_SCOPES = frozenset({"heading", "quote", "table", "code"})
# Minimum words of a sentence, and of a paragraph or list item; fewer repeat by chance.
_MIN_SENTENCE_WORDS, _MIN_LINE_WORDS = 5, 3
_MIN_BLOCK_LENGTH = 2 * _MIN_LINE_WORDS - 1  # minimum code points of a block that is compared
_MIN_LONE_WORDS = 8  # minimum words of a sentence that matches alone; a shorter sentence may be a habit of the author
_MAX_WORDS = 80  # maximum words of a sentence or line that is compared
_MIN_PARAGRAPH_WORDS = 20  # minimum words of a paragraph used to recognize copies
_LETTERS_PER_WORD = 4  # number of code points that count as a word in text without spaces, such as Chinese
_EDGE_SENTENCES = 8  # number of sentences at either end of an article that may be boilerplate
_MIN_OWN_SHARE = 0.3  # minimum share of paragraphs that no other article has; with fewer, an article is a copy
# Factor and exponent of the minimum articles: 3 of 100, 5 of 1,000, 7 of 5,000.
_ARTICLES_FACTOR, _ARTICLES_EXPONENT = 1.05, 0.22
_MAX_REPORTED_ARTICLES = 20  # text that appears in more articles than this is reported only once
_EVERY = "every"  # a key of each article
_IS_SHORT = 1  # the bit of a key that marks a short text
_MAX_STAMP_WORDS = 12  # maximum words of a date or byline
_END_MARKS = (".", "!", "?", "…", "。", "！", "？")
_MAX_GAP = 4  # maximum code points between adjacent sentences: a paragraph break and the bullet of a list item
_KEYS, _SPANS, _PARAGRAPHS = range(3)  # parts of a fact: hashes of sentences, starts and ends, hashes of paragraphs
# An end mark, followed by the separator before the next sentence, which is a group.
_MARK_END = r"[.!?…。！？]((?<=[.!?…])[\"”’)\]]*+\s++|(?<=[。！？])[”’）」]*+)"
_END = patterns.lazy(_MARK_END)
_TEXT_END = patterns.lazy(rf"{_MARK_END}|(\n)")
_LAST = "”’\"')]*_ \n"  # characters that may follow the end mark of a sentence
_LABEL_ENDS = (":", "：", ",")
_ASKING_ENDS = ("?", "？", "…")  # of a line: a question or a sentence to complete, as in interviews
_CODE = patterns.lazy(r"\{[{%:<]|[}%]\}|<%|\{\s*+\"")  # template code, and JSON
# A date or time, a byline, or both: February 14, 2026 at 10:30 · By Anna Berg and Staff.
_STAMP_ONLY = patterns.lazy(
    r"(?:(?=\D*\d)(?:(?i:posted|published|updated|last|on|at|of|the|[ap]\.?m\.?|utc|gmt|[ecmp][ds]?t|\d++(?:st|nd|rd|th)?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,7}+)(?:[\W_]++|\Z))++)?+"
    r"(?:(?:(?i:written|posted|published)\s)?(?i:by)(?:\s(?:[^\W\da-z_]\S*|and|of|the|for|staff)){1,8}\W*)?"
)
_LETTER = patterns.lazy(r"[^\W\d_]")
# A part of a path that names a version or a language.
_VERSION = patterns.lazy(
    r"v\d[\w.-]*|\d+(?:\.(?:\d+|x))+|latest|next|nightly|stable|current|[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE
)


class _Unit(NamedTuple):
    """A sentence or line: its half-open span in the source, a hash of its words (see `_key`), and its place.

    The place is the number of its block. In plain text, each sentence counts as a block.
    """

    start: int
    end: int
    key: int
    place: int


@dataclass(frozen=True)
class RepeatedBlock:
    """Text that appears in at least `articles` articles of a folder.

    The check compares sentences of five to 80 words. A sentence that is a whole paragraph, list item or line of plain
    text needs only three words. Only the first eight and the last eight sentences of an article are compared. A large
    folder requires more articles, such as five of a thousand, because a few articles may share words by chance.

    A sentence matches only if all compared sentences of its paragraph are repeated, except in plain text, and if at
    least `blocks` of the compared paragraphs and list items of the article, and the share `share` of them, are. Many
    are repeated in articles that a program fills in; a few are usually meant by the author: a closing note, a license,
    an introduction to a series. Adjacent sentences that appear in the same number of articles are one match. A sentence
    with an end mark and fewer than eight words, or a list item of fewer than five words, does not match alone unless
    more than twenty articles contain it. Text in more than twenty articles is reported only in the first of them.

    Headings, quotations, tables, code, JSON, dates and bylines are ignored. So are lead-ins that end in a colon or
    comma, lines that are questions or end in an ellipsis, sentences with inline code or images, and list items that
    begin with a link, as in lists of books or related articles. HTML pages with a head are ignored, because the text
    around their article is in the template already.

    Articles that share more than 70% of their long paragraphs with others are copies and are ignored. Articles whose
    paths differ only by a version or a language count as one. The message may use {count}, the number of articles.
    """

    articles: int
    blocks: int = 1
    share: float = 0

    values: ClassVar[frozenset[str]] = frozenset({"count"})
    data: ClassVar[object] = tuple[bytes, bytes, bytes]

    def facts(self, document: Document) -> Iterator[Fact]:
        units = [] if _fields.is_page(document) else _units(document)
        keys = array("Q", [unit.key for unit in units])
        spans = array("Q", [number for unit in units for number in (unit.start, unit.end, unit.place)])
        paragraphs = array("Q", [crc32(text.encode("utf-8", "surrogatepass")) for text in _paragraphs(document)])
        yield Fact(0, 0, (keys.tobytes(), spans.tobytes(), paragraphs.tobytes()))

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        yield _EVERY
        yield from _numbers(article, _KEYS)
        yield from _numbers(article, _PARAGRAPHS)

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        compared, enough, among = self._compared(folder)
        articles = _originals(compared, among)
        counts = {key: count for key, count in _article_counts(articles, _KEYS, among).items() if count >= enough}
        every = Counter(key for article in articles for key in {*_numbers(article, _KEYS)} if key in counts)
        done: set[int] = set()
        for article in articles:
            runs = [*_runs(article, every)]
            places = {unit.place for unit in _all_of(article)}
            if len({unit.place for run in runs for unit in run}) < max(self.blocks, self.share * len(places)):
                continue
            for run in runs:
                keys, count = {unit.key for unit in run}, every[run[0].key]
                if count <= _MAX_REPORTED_ARTICLES and len(run) == 1 and run[0].key & _IS_SHORT:
                    continue
                if count <= _MAX_REPORTED_ARTICLES or not done.issuperset(keys):
                    yield article, Match(run[0].start, run[-1].end, {"count": f"{count}"})
                done |= keys

    def _compared(self, folder: FolderFacts) -> tuple[Sequence[ArticleFacts], float, Set[int] | None]:
        """Return the articles to compare, the minimum number of articles with a text, and the hashes of possible texts.

        The hashes are None if matches in all articles are needed. If not, the articles are those with one of the
        texts, and those that show which of these are copies.
        """
        if folder.asked is None:
            return folder.articles, self._enough(len(folder.articles)), None
        enough = self._enough(folder.count(_EVERY))
        own = {*chain(*(_numbers(one, _KEYS) for one in folder.asked_articles))}
        among = {key for key in own if folder.count(key) >= enough}
        beside = chain(*(_beside(article, among) for article in folder.sharing(among)))
        among |= {key for key in beside if folder.count(key) >= enough}
        some = folder.sharing(among)
        return folder.sharing({*among, *chain(*(_numbers(one, _PARAGRAPHS) for one in some))}), enough, among

    def _enough(self, articles: int) -> float:
        enough: float = max(self.articles, _ARTICLES_FACTOR * articles**_ARTICLES_EXPONENT)
        return enough


def _paragraphs(document: Document) -> Iterator[str]:
    """Yield the folded texts of long blocks, to recognize copies of articles."""
    for block, text in comparable_text(document).items():
        if (
            len(text) > 2 * _MIN_PARAGRAPH_WORDS
            and text.count(" ") >= _MIN_PARAGRAPH_WORDS
            and _EXCLUDED_SCOPES.isdisjoint(block.scopes)
        ):
            yield text


def _units(document: Document) -> list[_Unit]:
    """Return the first eight and the last eight comparable sentences and lines of an article, in order."""
    entries = {link.block for link in document.links if "list" in link.block.scopes and link.start == 0}
    first = {*islice(_all_units(document, entries, 1), _EDGE_SENTENCES)}
    return sorted(
        first.union(islice(_all_units(document, entries, -1), _EDGE_SENTENCES))
        if len(first) == _EDGE_SENTENCES
        else first
    )


def _all_units(document: Document, entries: Set[Block], step: int) -> Iterator[_Unit]:
    """Yield the sentences and lines of an article that may be compared, in reverse order if `step` is -1.

    `entries` are list items that are left out.
    """
    prose, is_text = document.prose, document.kind == "text"
    ends = _TEXT_END if is_text else _END
    for number in range(len(prose))[::step]:
        block, text = prose[number], prose[number].text
        # Text without an end mark that contains code or an image is not compared.
        if len(text) < _MIN_BLOCK_LENGTH or (OBJECT in text and not ends.search(text)):
            continue
        if not _is_compared(block) or block in entries:
            continue
        places = [0]
        for mark in ends.finditer(text):
            places += mark.span(mark.lastindex or 0)
        places.append(len(text))
        for at in range(0, len(places), 2) if step > 0 else range(len(places) - 2, -1, -2):
            if unit := _unit(block, places[at], places[at + 1]):
                yield unit._replace(place=unit.start if is_text else number)


def _is_compared(block: Block) -> bool:
    text = block.text
    return _EXCLUDED_SCOPES.isdisjoint(block.scopes) and not (("{" in text or "<%" in text) and _CODE.search(text))


def _unit(block: Block, start: int, end: int) -> _Unit | None:
    """Return the sentence or line `block.text[start:end]`, or None if it is not compared. Its place is still 0."""
    whole = block.text
    if whole.find(OBJECT, start, end) >= 0:
        return None
    shown = whole[start:end]
    words = shown.casefold().split()
    text, many = " ".join(words), len(words)
    if not text.isascii():
        many = max(many, len(text) // _LETTERS_PER_WORD)
    if not _MIN_LINE_WORDS <= many <= _MAX_WORDS or (many < _MIN_SENTENCE_WORDS and not _is_line(whole, start, end)):
        return None
    if text.endswith(_LABEL_ENDS) or not _LETTER.search(text):
        return None
    if text.endswith(_ASKING_ENDS) and _is_line(whole, start, end):
        return None
    is_short = many < _MIN_SENTENCE_WORDS and "list" in block.scopes
    if many <= _MAX_STAMP_WORDS:
        shown = shown.strip()
        if _STAMP_ONLY.fullmatch(shown):
            return None
        is_short = is_short or (many < _MIN_LONE_WORDS and shown.rstrip(_LAST).endswith(_END_MARKS))
    return _Unit(*block.span(start, end), _key(text, is_short), 0)


def _is_line(text: str, start: int, end: int) -> bool:
    return (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")


def _key(text: str, is_short: bool) -> int:
    """Return a 64-bit hash of `text` that is the same in every process. The lowest bit of the hash is `is_short`."""
    data = text.encode("utf-8", "surrogatepass")
    return (crc32(data) << 32 | adler32(data)) & ~_IS_SHORT | is_short


def _numbers(article: ArticleFacts, part: int) -> array[int]:
    """Return a part of the facts of an article as numbers; `part` is _KEYS, _SPANS or _PARAGRAPHS."""
    (_, _, data), *_ = article.facts
    return array("Q", data[part])


def _originals(articles: Sequence[ArticleFacts], keys: Set[int] | None) -> list[ArticleFacts]:
    """Return the articles that are probably not copies of others; if `keys` are given, only those with one of them."""
    some, paragraphs = articles, None
    if keys is not None:
        some = [article for article in articles if not keys.isdisjoint(_numbers(article, _KEYS))]
        paragraphs = {*chain(*(_numbers(article, _PARAGRAPHS) for article in some))}
    shared = _article_counts(articles, _PARAGRAPHS, paragraphs).keys()
    return [
        article
        for article in some
        if not (numbers := _numbers(article, _PARAGRAPHS))
        or sum(number not in shared for number in numbers) >= _MIN_OWN_SHARE * len(numbers)
    ]


def _article_counts(articles: Iterable[ArticleFacts], part: int, among: Set[int] | None) -> Counter[int]:
    """Map the hash of each repeated sentence or paragraph to the number of articles that contain it.

    Versions of one article count as one article. `part` is _KEYS or _PARAGRAPHS. If `among` is given, only these
    hashes are counted.
    """
    named: dict[str, list[ArticleFacts]] = defaultdict(list)
    for article in articles:
        if among is None or not among.isdisjoint(_numbers(article, part)):
            named[_name(article.path)].append(article)
    every = array("Q")
    for versions in named.values():
        numbers = set[int]().union(*(_numbers(article, part) for article in versions))
        every.extend(numbers if among is None else numbers & among)
    repeats = Counter(key for key, other in pairwise(sorted(every)) if key == other)
    return Counter({key: count + 1 for key, count in repeats.items()})


def _name(path: str) -> str:
    """Return the path of an article without the folders that name a version or a language."""
    *folders, file = path.split("/")
    return "/".join([*(folder for folder in folders if not _VERSION.fullmatch(folder)), file])


def _beside(article: ArticleFacts, keys: Set[int]) -> set[int]:
    """Return the hashes of the sentences in the paragraphs of an article that have a sentence with one of `keys`."""
    units = [*_all_of(article)]
    places = {unit.place for unit in units if unit.key in keys}
    return {unit.key for unit in units if unit.place in places}


def _all_of(article: ArticleFacts) -> Iterator[_Unit]:
    numbers = _numbers(article, _SPANS)
    return map(_Unit, numbers[::3], numbers[1::3], _numbers(article, _KEYS), numbers[2::3])


def _runs(article: ArticleFacts, counts: Mapping[int, int]) -> Iterator[list[_Unit]]:
    """Yield runs of adjacent sentences and lines that appear in the same number of articles.

    All the sentences of a paragraph must be repeated.
    """
    units = [*_all_of(article)]
    own = {unit.place for unit in units if unit.key not in counts}
    run: list[_Unit] = []
    for unit in units:
        if unit.place in own:
            continue
        if run and (counts[unit.key] != counts[run[-1].key] or unit.start - run[-1].end > _MAX_GAP):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run
