"""Articles that appear twice in a folder, in the same or nearly the same words."""

from __future__ import annotations

import posixpath
import re
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.document import Document
from linter.folding import comparable_text
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match
from linter.text import similarity

_MIN_SAME_TITLE_SHARE = 0.7  # minimum share of common shingles in a copy with the same title
_MIN_OTHER_TITLE_SHARE = 0.85  # the same for articles with different titles, which may be filled-in forms
_MIN_SKETCHED_WORDS = 100  # minimum words of an article that its sketch can identify
_MAX_ARTICLES_PER_SHINGLE = 12  # a shingle in this many articles is too common to be evidence
_TEXT = 1 << 40  # added to the hash of a text, which is then no number of a sketch
_MAX_CANDIDATES = 4  # each article is compared with at most this many earlier ones: those that share most with it
_MIN_FORM_COPIES = 3  # an article that is similar to this many others is a filled-in form
# A part of a path that names a version or a language.
_VERSION = patterns.lazy(
    r"v?\d+(?:[._-](?:\d+|x))*|latest|next|nightly|stable|current|[a-z]{2,3}(?:[-_][a-z]{2,4})?", re.I
)
_MIN_MIRRORED = 8  # if two folders share at least this many articles, only the first is reported
_MAX_WORD_LENGTH = 20  # maximum average code points per word in a language with spaces between words
_MIN_COMMON_NAME = 0.6  # minimum share of the longer file name that two siblings have in common
_DATE = patterns.lazy(r"\A[\d_-]+")
_DIGITS = patterns.lazy(r"\d+")
_DAY = patterns.lazy(r"\d(?<=\b\d)(?:(?<=1)9\d\d|(?<=2)0\d\d|\d?(?:st|nd|rd|th))\b")
_MIN_LONG_WORDS = 500  # in articles with fewer words, the dates and images may be the main difference
_NUMBER = patterns.lazy(r"\d{2,}")  # a number in a series; a -1 may only mean that the name was taken
_CODEC = ("utf-8", "surrogatepass")
_GENERATED = "/generated/"  # in the paths of generated reference pages
_TEMPLATE = patterns.lazy(r"\{[{%]")
_ORIGINS = "original_url original-url originalurl canonical_url canonicalurl source_url external_url".split()
_ORIGINAL = patterns.lazy(r"\boriginal(?: article| post| story| version| source)?\s?[:–—]\s*+\Z", re.IGNORECASE)
# Links searched for the original, and code points before a link for its label.
_MAX_SEARCHED_LINKS, _LABEL_REACH = 10, 40
_DRAFTS = patterns.lazy(r"(?:\A|/)[_.]?drafts?/", re.IGNORECASE)


class _Article(NamedTuple):
    """The facts about an article that are compared with those of other articles.

    `sketch` is a sample of the hashes of runs of four words, packed as 8-byte numbers to save memory. `size` is the
    word count. `numbers` has numbers that distinguish similar articles, such as those in the title. `text`, `title` and
    `origin` are hashes; `title` or `origin` is 0 if the article has none.
    """

    article_facts: ArticleFacts
    fact: Fact
    sketch: bytes
    size: int
    text: int
    title: int
    numbers: str
    origin: int

    @property
    def shingles(self) -> array[int]:
        return array("Q", self.sketch)


@dataclass(frozen=True)
class DuplicateArticle:
    """Pairs of duplicate articles with at least `words` words each.

    The match is the first block of the second article, in the order of the paths. Articles with the same words are
    duplicates, and each of them is reported as a copy of the first. Articles of at least a hundred words are also
    duplicates if they share at least 85% of their runs of four words, or at least 70% if they have the same title.
    These shares are estimates.

    Some similar articles are not duplicates: articles with different words that are similar to three or more others,
    such as filled-in forms; articles with different numbers in their titles; articles of fewer than 500 words with
    different years, days or image names; and articles that name different originals. Nor are articles whose paths
    differ only by a version or a language, or a draft and its article. Articles with different words are also not
    duplicates if their file names differ only in numbers of two or more digits, or if they have different titles and
    similar file names.

    Folders named “generated” and HTML templates are ignored. If two folders share eight or more articles, only the
    first pair is reported. The message may use {twin}, the path of the other article, and {how}, which is “the same” or
    “nearly the same”.
    """

    words: int

    values: ClassVar[frozenset[str]] = frozenset({"twin", "how"})
    data: ClassVar[object] = tuple[bytes, int, int, int, str, int]

    def facts(self, document: Document) -> Iterator[Fact]:
        if document.markup == "html" and _TEMPLATE.search(document.source.text):
            return
        text, size = _comparable(document)
        if size >= self.words:
            data = text.encode(*_CODEC)
            sketch = array("Q", similarity.sketch(data)).tobytes()
            title, numbers = _title(document)
            numbers += _particulars(text, document) if size < _MIN_LONG_WORDS else ""
            yield Fact(
                *document.prose[0].source_span, (sketch, size, zlib.crc32(data), title, numbers, _origin(document))
            )

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        for fact in article.facts if _GENERATED not in article.path else ():
            one = _Article(article, fact, *fact.data)
            yield _TEXT | one.text
            yield from one.shingles

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        if folder.asked is not None and not _may_have_twins(folder):
            return
        articles = [
            _Article(article_facts, fact, *fact.data)
            for article_facts in folder.articles
            if _GENERATED not in article_facts.path
            for fact in article_facts.facts
        ]
        firsts, copies = _without_copies(articles)
        pairs = [(firsts[one], firsts[other]) for one, other in _pairs(firsts)]
        partners = Counter(id(article) for pair in pairs for article in pair)
        similar = [pair for pair in pairs if max(partners[id(one)] for one in pair) < _MIN_FORM_COPIES]
        between: dict[tuple[str, str], list[tuple[ArticleFacts, Match]]] = defaultdict(list)
        for how, some in (("the same", copies), ("nearly the same", similar)):
            for one, (article_facts, fact, *_) in some:
                twin, path = one.article_facts.path, article_facts.path
                if _may_be_copy(twin, path):
                    match = Match(fact.start, fact.end, {"twin": twin, "how": how})
                    between[posixpath.dirname(twin), posixpath.dirname(path)].append((article_facts, match))
        for folders, found in between.items():
            yield from found[:1] if len({*folders}) > 1 and len(found) >= _MIN_MIRRORED else found


def _comparable(document: Document) -> tuple[str, int]:
    """Return the text of an article in a form for comparison, with single spaces between words, and its word count."""
    text = " ".join(filter(None, comparable_text(document).values()))
    size = text.count(" ") + bool(text)
    if size * _MAX_WORD_LENGTH > len(text) or not text:
        return text, size
    words = similarity.words(text)
    return " ".join(words), len(words)


def _origin(document: Document) -> int:
    """Return a hash of the URL that an article names as its original, or 0 if there is none."""
    fields = document.metadata.fields if document.kind == "markdown" else {}
    address = next((value for key in _ORIGINS if isinstance(value := fields.get(key), str) and "://" in value), "")
    for link in document.links[:_MAX_SEARCHED_LINKS] if not address else ():
        if "://" in link.url and _ORIGINAL.search(link.block.text, max(0, link.start - _LABEL_REACH), link.start):
            address = link.url
            break
    return zlib.crc32(address.strip().encode(*_CODEC)) if address else 0


def _particulars(text: str, document: Document) -> str:
    """Return the years and days in `text`, and a hash of the names of the images in the document, as one string."""
    pictures = sorted({posixpath.basename(image.url) for image in document.images})
    return " ".join([*sorted({*_DAY.findall(text)}), str(zlib.crc32("\n".join(pictures).encode(*_CODEC)))])


def _title(document: Document) -> tuple[int, str]:
    """Return a hash of the title of an article, and the numbers in the title; 0 and "" if there is no title."""
    block = next(document.blocks_in(frozenset({"title"})), None)
    if not block and document.headings and document.headings[0].level == 1:
        block = document.headings[0].block
    if not block:
        return 0, ""
    title = " ".join(similarity.words(block.text)).encode(*_CODEC)
    return zlib.crc32(title), " ".join(_DIGITS.findall(block.text))


def _without_copies(articles: Sequence[_Article]) -> tuple[list[_Article], list[tuple[_Article, _Article]]]:
    """Return the articles without copies, which have the text of an earlier article, and the pairs of both.

    All copies of a text are in a pair with the first article that has this text.
    """
    firsts: list[_Article] = []
    copies: list[tuple[_Article, _Article]] = []
    by_text: dict[tuple[int, int, str], list[_Article]] = defaultdict(list)
    for article in articles:
        same = by_text[article.size, article.text, article.numbers]
        for first in same:
            paths = first.article_facts.path, article.article_facts.path
            if not _have_different_origins(first, article) and _may_be_copy(*paths):
                copies.append((first, article))
                break
        else:
            same.append(article)
            firsts.append(article)
    return firsts, copies


def _have_different_origins(one: _Article, other: _Article) -> bool:
    return bool(one.origin and other.origin and one.origin != other.origin)


def _may_be_copy(one: str, other: str) -> bool:
    """Whether two paths are not those of versions of an article, or of an article and its draft."""
    of_draft = (_DRAFTS.search(one) is None) != (_DRAFTS.search(other) is None)
    return not of_draft and not _are_versions(one, other)


def _pairs(articles: Sequence[_Article]) -> Iterator[tuple[int, int]]:
    """Yield pairs of similar articles: their indexes, the lower first."""
    shared = similarity.shared_numbers(set(article.shingles) for article in articles)  # usually a small set
    by_number: dict[int, list[int]] = defaultdict(list)
    for i, article in enumerate(articles):
        counts: Counter[int] = Counter()
        for shingle in sorted(shared.intersection(article.shingles)):
            others = by_number[shingle]
            if len(others) < _MAX_ARTICLES_PER_SHINGLE:
                counts.update(others)
                others.append(i)
        for other, _ in counts.most_common(_MAX_CANDIDATES):
            if _are_similar(articles[other], article):
                yield other, i


def _may_have_twins(folder: FolderFacts) -> bool:
    """Whether one of the asked articles has the text of another, or enough of its shingles.

    Two sketches that are similar enough for `_are_similar` share at least this part of each of them.
    """
    for article_facts in folder.asked_articles:
        for fact in article_facts.facts if _GENERATED not in article_facts.path else ():
            article = _Article(article_facts, fact, *fact.data)
            shingles = article.shingles
            if folder.count(_TEXT | article.text) > 1:
                return True
            if shingles and folder.most_shared(article_facts, shingles) / len(shingles) >= _MIN_SAME_TITLE_SHARE:
                return True
    return False


def _are_similar(one: _Article, other: _Article) -> bool:
    if one.numbers != other.numbers or _have_different_origins(one, other):
        return False
    if _are_numbered(one.article_facts.path, other.article_facts.path):
        return False
    one_title = bool(one.title) and one.title == other.title
    if not one_title and _are_siblings(one.article_facts.path, other.article_facts.path):
        return False
    enough = _MIN_SAME_TITLE_SHARE if one_title else _MIN_OTHER_TITLE_SHARE
    is_long = min(one.size, other.size) >= _MIN_SKETCHED_WORDS
    return is_long and similarity.shared(one.shingles, other.shingles) >= enough


def _name(path: str) -> str:
    """Return the name of a file without its suffix and date. For a record, it is that of the archive."""
    file = path.partition("#")[0]
    return _DATE.sub("", posixpath.splitext(posixpath.basename(file))[0])


def _are_numbered(one: str, other: str) -> bool:
    """Whether two file names differ only in numbers of two or more digits, as in a series.

    Digits at the start of a name, such as a date, and the suffix are ignored.
    """
    names = _name(one), _name(other)
    return names[0] != names[1] and _NUMBER.sub("", names[0]) == _NUMBER.sub("", names[1])


def _are_siblings(one: str, other: str) -> bool:
    """Whether two files have different but similar names, like filled-in copies of a form."""
    names = _name(one), _name(other)
    shared = len(posixpath.commonprefix(names)) + len(posixpath.commonprefix([name[::-1] for name in names]))
    return names[0] != names[1] and shared >= _MIN_COMMON_NAME * max(map(len, names))


def _are_versions(one: str, other: str) -> bool:
    """Whether two paths differ only in one part that names a version or a language. One path may lack this part."""
    parts, others = one.split("/"), other.split("/")
    if len(parts) == len(others):
        different = [(a, b) for a, b in zip(parts, others, strict=True) if a != b]
        return len(different) == 1 and all(map(_VERSION.fullmatch, different[0]))
    short, long = sorted((parts, others), key=len)
    extra = [part for part in long if part not in short]
    return len(long) - len(short) == len(extra) == 1 and bool(_VERSION.fullmatch(extra[0]))
