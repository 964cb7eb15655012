"""Blocks repeated word for word in several articles of a folder, outside their stories."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice, pairwise
from typing import ClassVar, NamedTuple
from zlib import adler32, crc32

from linter import patterns
from linter.document import OBJECT, Block, Document
from linter.record import record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match
from linter.text.view import comparable_text, comparable_words

_EDGE = 8  # pieces at either end of a story that may be none of it
_SECTION = 4  # pieces of a section that may be none of it
_FEWEST = 8  # words of a block; fewer may be repeated by chance
_BRIEF, _OFTEN = 6, 10  # so many words are enough in so many articles
_LABEL = 3  # words of a paragraph that is more than a label
_OWN = 0.3  # of an article's words, at least, that no other has; else it is a copy
_SHARED = 0.1  # of them, at most, that others have within their stories too; else it is a form that was filled in
_FIXED = 0.8  # of the articles with a heading that have the same section below it, if it belongs to all of them
_MORE, _GROWTH = 1.05, 0.22  # articles of a large folder by its size: 3 of 100, 5 of 1,000, 7 of 5,000; less is chance
_MANY = 20  # articles; a block of more of them is the result of one decision, and marked once
# A part of a path that says which version of a page it is, or in which language.
_VERSION = patterns.lazy(
    r"v\d[\w.-]*|\d+(?:\.(?:\d+|x))+|latest|next|nightly|stable|current|[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE
)


@record(eq=False)
class _Story:
    """The pieces of one article: candidates for boilerplate by their numbers in it, and the rest in short form.

    `rest` holds the keys and word counts of the other pieces in turn; `size` is the number of all pieces.
    """

    account: ArticleFacts
    candidates: Mapping[int, Piece]
    rest: Sequence[int]
    size: int

    @property
    def counts(self) -> Iterator[tuple[int, int]]:
        """The keys and word counts of all pieces that are not headings."""
        yield from ((piece.key, piece.words) for piece in self.candidates.values() if not piece.level)
        yield from zip(self.rest[::2], self.rest[1::2], strict=True)


@record
class RepeatedBlock:
    """`articles` is the number of articles that must have the block, at least; of a thousand articles five must have
    it, since three may have the same words by chance.

    A repeated block is at the start or the end of an article, or makes up a section without a word of the article's
    own, the same under each heading of these words. Headings alone never count, nor do tables, quotations, labels and
    links with different targets. Articles that share much of their stories are copies, or a filled-in form, and are
    passed over; those whose paths differ only by a version or a language are one. A block of more than twenty articles
    is marked only in the first of them. The message may use {count}, the number of articles.
    """

    articles: int

    values: ClassVar[frozenset[str]] = frozenset({"count"})
    data: ClassVar[object] = tuple[int, bytes, bytes, bytes]

    def facts(self, document: Document) -> Iterator[Fact]:
        every = parts(document)
        candidates = _candidates(every)
        rest: list[int] = []
        rows: list[int] = []
        spans: list[int] = []
        for number, part in enumerate(every):
            if number in candidates:
                blocks, key, words, level = part
                rows += (number, key, words, level, marks(part), len(blocks))
                for block in blocks:
                    spans += (block.places[1], block.places[-1])
            elif part.words:
                rest += (part.key, part.words)
        yield Fact(0, 0, (len(every), *(array("Q", numbers).tobytes() for numbers in (rest, rows, spans))))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        articles = folder.articles
        article_counts = _article_counts(articles)
        enough = max(self.articles, _MORE * len(articles) ** _GROWTH)
        repeated = {key for key, count in article_counts.items() if key and count >= enough}
        places: dict[int, list[tuple[ArticleFacts, Piece]]] = defaultdict(list)
        for article in articles:
            if repeated.isdisjoint(_keys(article)):
                continue
            story = _story(article)
            boilerplate = {piece.spans: piece for piece in _boilerplate(story, repeated, article_counts)}.values()
            if boilerplate and _has_own(story, article_counts, boilerplate):
                for piece in boilerplate:
                    places[piece.key].append((article, piece))
        for key, found in places.items():
            count = len({_name(article.path) for article, _ in found})
            if count >= enough and 2 * count >= article_counts[key]:
                paths = {article.path for article, _ in found}
                for article, piece in found if len(paths) <= _MANY else found[:1]:
                    for start, end in piece.spans:
                        yield article, Match(start, end, {"count": str(len(paths))})


def _candidates(every: Sequence[Part]) -> set[int]:
    """Return the numbers of the pieces near the edges, of the headings, and of short sections."""
    headings = [number for number, part in enumerate(every) if part.level]
    candidates = {*headings, *range(min(_EDGE, len(every))), *range(max(0, len(every) - _EDGE), len(every))}
    for start, end in pairwise([*headings, len(every)]):
        if end - start <= _SECTION + 1:
            candidates |= {*range(start, end)}
    return candidates


# Facts of all articles are held in memory together, so they are packed as numbers of 8 bytes. A row describes one
# candidate; its spans are stored separately.
_ROW_SIZE = 6  # its number in the article, its key, its words, its level, its marks, and how many spans it has


def _unpacked(article: ArticleFacts) -> tuple[int, Sequence[array[int]]]:
    """Unpack facts: the number of all pieces, keys and word counts of the rest, rows and spans of the candidates."""
    (_, _, (size, *data)), *_ = article.facts
    return size, [array("Q", numbers) for numbers in data]


def _keys(article: ArticleFacts) -> set[int]:
    _, (rest, rows, _) = _unpacked(article)
    return {*rest[::2], *rows[1::_ROW_SIZE]}


def _story(article: ArticleFacts) -> _Story:
    size, (rest, rows, spans) = _unpacked(article)
    candidates = {}
    places = zip(spans[::2], spans[1::2], strict=True)
    for number, *row, count in zip(*[iter(rows)] * _ROW_SIZE, strict=True):
        candidates[number] = Piece(tuple(islice(places, count)), *row)
    return _Story(article, candidates, rest, size)


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


def _has_own(story: _Story, article_counts: Mapping[int, int], boilerplate: Iterable[Piece]) -> bool:
    """Whether an article has a story of its own besides the boilerplate."""
    counts = [*story.counts]
    every, shared = (
        sum(words for _, words in counts),
        sum(words for key, words in counts if key and article_counts[key] > 1),
    )
    return every - shared >= _OWN * every and shared - sum(piece.words for piece in boilerplate) <= _SHARED * every


def _boilerplate(story: _Story, repeated: Set[int], article_counts: Counter[int]) -> Iterator[Piece]:
    """Yield the repeated pieces that lie at an edge of the article or fill a section."""
    runs = [[piece for piece in run if not piece.is_a(LIST)] for run in _edges(story, repeated)]
    runs += (
        section
        for heading, *section in _whole(story, repeated)
        if all(article_counts[piece.key] >= _FIXED * article_counts[heading.key] for piece in section)
    )
    for run in runs:
        own = [piece for piece in run if not piece.level and not piece.is_a(SILENT)]
        own = [piece for piece in own if piece.is_a(LIST) or piece.words >= _LABEL]
        if _is_enough(own, article_counts):
            yield from own


def _is_enough(own: Sequence[Piece], article_counts: Counter[int]) -> bool:
    """Whether the pieces are long enough not to be repeated by chance, and one of them is a sentence."""
    often = min((article_counts[piece.key] for piece in own), default=0) >= _OFTEN
    words = sum(piece.words for piece in own)
    return words >= (_BRIEF if often else _FEWEST) and any(piece.is_a(SENTENCE) for piece in own)


def _edges(story: _Story, repeated: Set[int]) -> Iterator[list[Piece]]:
    yield _edge(story, range(story.size), repeated)
    yield _edge(story, range(story.size - 1, -1, -1), repeated)


def _edge(story: _Story, numbers: range, repeated: Set[int]) -> list[Piece]:
    """Return the repeated pieces at one end of an article, from the outside inwards.

    The headline and images are passed over; at the end, so are other headings.
    """
    run: list[Piece] = []
    for number in numbers:
        piece = story.candidates.get(number)
        if not piece:
            break
        passed = piece.level == 1 or (piece.level and numbers.step < 0) or not piece.words
        if not passed and piece.key not in repeated:
            break
        run.append(piece)
    return run


def _whole(story: _Story, repeated: Set[int]) -> Iterator[list[Piece]]:
    """Yield the sections, subsections included, of which every piece is repeated."""
    opened: list[tuple[int, list[Piece]]] = []  # the level of each, and what it holds so far
    for number in range(story.size):
        piece = story.candidates.get(number)
        while piece and piece.level and opened and opened[-1][0] >= piece.level:
            yield opened.pop()[1]
        if not piece or piece.key not in repeated:
            opened.clear()
            continue
        if piece.level:
            opened.append((piece.level, []))
        for _, section in opened:
            section.append(piece)
    yield from (section for _, section in opened)


# Split an article into pieces (paragraphs, headings, whole lists, code), each with a number for its text.

LONG = 200  # words of a piece that is taken for its article's own
LIST, SENTENCE, SILENT = 1, 2, 4  # marks of a piece; silent: its repetition means nothing
_SENTENCE_WORDS = 4  # words of a sentence
_UNSPACED = 12  # letters that count as a word where no space is, as in Chinese; longer than most words
_UNGROUPED = frozenset({"table", "caption", "quote"})
_ENDS, _CLOSERS = (".", "!", "…", "。", "！"), '"”’»)]'
_LABEL_ENDS = (":", "：")
_TURN = patterns.lazy(r"\A[A-Z][\w.-]*(?: [A-Z][\w.-]*){1,2}: ")  # “Ada Byron: See you next week.”
_LETTER = patterns.lazy(r"\w")
_CODE = patterns.lazy(r"\{[{%:<]|[}%]\}|<%")


class Piece(NamedTuple):
    """A piece of an article: the half-open source spans of its blocks, a number for its text, its word count.

    `key` is 0 where repetition does not matter; `level` is that of a heading, else 0; `marks` are LIST, SENTENCE,
    SILENT.
    """

    spans: tuple[tuple[int, int], ...]
    key: int
    words: int
    level: int
    marks: int

    def is_a(self, mark: int) -> bool:
        return bool(self.marks & mark)


class Part(NamedTuple):
    """A piece with its blocks, before its marks are computed."""

    blocks: Sequence[Block]
    key: int
    words: int
    level: int


def parts(document: Document) -> list[Part]:
    """Return the pieces of an article and its code, in order. Texts with different link targets differ."""
    levels = {heading.block: heading.level for heading in document.headings}
    urls: dict[Block, list[str]] = {}
    for link in document.links:
        urls.setdefault(link.block, []).append(link.url)
    texts = comparable_text(document)
    found = []
    for blocks in _groups(document.top_level_blocks):
        first = blocks[0]
        if len(blocks) == 1:
            text = texts[first] if first in texts else comparable_words(first.text)
        else:
            text = " ".join([text for text in map(texts.__getitem__, blocks) if text])
        words = 0
        if text[:1].isalnum() or _LETTER.search(text):
            words, unspaced = text.count(" ") + 1, len(text) // _UNSPACED
            if unspaced > words:
                words = unspaced
        key = 0
        if words <= LONG and "code" not in first.scopes:
            for block in blocks if urls else ():
                if block in urls:
                    text = "\n".join((text, *urls[block]))
            if not words:
                shown = [document.source.text[slice(*block.source_span)] for block in blocks]
                text = "\n".join((text, *shown))
            key = _key(text)
        found.append(Part(blocks, key, words, levels.get(first, 0)))
    return found


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Group the blocks of each list; all other blocks stay alone."""
    kinds = {block.scopes for block in blocks}
    listed = {scopes for scopes in kinds if "list" in scopes and "heading" not in scopes}
    groups: list[list[Block]] = []
    in_list = False
    for block in blocks:
        if in_list and block.scopes in listed:
            groups[-1].append(block)
        else:
            groups.append([block])
            in_list = block.scopes in listed
    return groups


def _key(text: str) -> int:
    """Return a number of 64 bits for a text, the same in any process."""
    data = text.encode("utf-8", "surrogatepass")
    return crc32(data) << 32 | adler32(data)


def marks(part: Part) -> int:
    """Return the marks of a piece; a heading has none."""
    if part.level:
        return 0
    first = part.blocks[0]
    if "code" in first.scopes or any(map(_is_silent, part.blocks)):
        return SILENT
    if "list" in first.scopes:
        return LIST
    return SENTENCE if part.words >= _SENTENCE_WORDS and first.text.rstrip().rstrip(_CLOSERS).endswith(_ENDS) else 0


def _is_silent(block: Block) -> bool:
    """Whether it is a table, a quotation, a label, code of a template, a turn in a talk, or holds code or an image."""
    text = block.text
    if OBJECT in text or not _UNGROUPED.isdisjoint(block.scopes):
        return True
    if ("{" in text or "}" in text or "<%" in text) and _CODE.search(text):
        return True
    if "list" in block.scopes:
        return False
    return text.rstrip().endswith(_LABEL_ENDS) or (": " in text and _TURN.match(text) is not None)
