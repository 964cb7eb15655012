"""The headline repeated at the start of the story, or as its first heading."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Block, Document
from linter.finding import Edit
from linter.record import record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match
from linter.source_edits import deletion
from linter.text import similarity

_TITLE = frozenset({"title"})
_APART = frozenset({"list", "quote", "table", "caption", "heading"})
_CAPTION = "caption"
_SAME = 8  # code points with which a heading and the one that repeats it begin
_PART = 0.6  # of the words of a heading, at least, if another one repeats its beginning
_LINE_LENGTH = 120  # code points of a line between two headings that is no paragraph: a date, a byline
_OPENING = 3  # blocks that are no headings
_FEWEST = 4  # words of a headline; a shorter one may well begin a sentence
_PLAIN = 5  # words of one behind which no mark has to stand
_TYPO = 60  # of 100, how alike a word and the one that it is a slip for are
_NEAR = 90  # of 100, how alike a headline and what repeats it are
_SITE = patterns.lazy(r"\s(?<!\s\s)\s*+[|–—»·:-]++\s++")  # before the name of the site, or a part of the headline
_CLOSED = patterns.lazy(r"[\"”’»)\]]*+")
_MARKED = patterns.lazy(r"(?:\s*\||\s+[–—-]\s|\n)")
_CAPITAL = patterns.lazy(r"\s+[\"“„«]?[A-ZÀ-ÞА-Я]")
# The rest of a longer headline, and no byline.
_LONGER = patterns.lazy(r" (?!(?:By|Posted|Published|Written|Updated)\b)(?:[^\d\s]+ ){0,9}[^\d\s]*[^\W\d_][*_]*")
_ENDED = patterns.lazy(r"(?P<mark>[.!?…。！？])[\"”’»)\]]*\s*\Z")
_LONGER_THAN = 3  # times a headline, a paragraph that is not the headline with a few marks
_LONGEST = 25  # words of a headline
_LINE = patterns.lazy(r"[ \t]*+#[ \t][^\r\n]*+(?:(?:\r\n?|\n)[ \t]*+(?=[\r\n]|\Z))?(?:\r\n?|\n|\Z)")
_TOP = 2  # level of a first heading that may repeat the title of the front matter
_HABIT = 0.5  # of the articles of a folder that have a title


@record
class RepeatedHeadline:
    """The headline is the title, or the first heading, or in plain text a first line without an end mark.

    One of the first three paragraphs is a match if it is the headline, but for a letter or two, or its part up to a
    dash. If it goes on after the headline, the headline is, before a dash, a capital or the end of the line. A
    sentence may be the headline too (“Line 4 is open again.”) or begin with it, and paragraphs with a link are ignored.
    So is the title of a whole page without a heading of the first level, and in plain text a part up to a dash. The
    second heading is a match if the first one has its words, or begins with them, and only short lines are between
    them. The message may use {headline}.

    With `as_heading: true` the first heading is the match, if it is of the first or second level and has the words of
    the title. Pages are ignored, as are folders in which half of the titles are repeated so: their sites show none
    themselves. The fix deletes the heading and the blank line after it.
    """

    as_heading: bool = False

    data: ClassVar[object] = tuple[int, ...]

    @property
    def values(self) -> frozenset[str]:
        return frozenset(() if self.as_heading else {"headline"})

    @property
    def across(self) -> bool:
        return self.as_heading

    def find(self, document: Document) -> Iterator[Match]:
        titles = _titles(document)
        if not titles or _is_plain_page(document):
            return
        if document.headings:
            yield from _second_heading(document)
        parts = [] if document.kind == "text" else [_SITE.split(title)[0] for title in titles]
        known = {title: similarity.words(title) for title in titles + parts}
        headlines = [
            (title, words) for title, words in known.items() if _FEWEST <= len(words) <= _LONGEST and "{%" not in title
        ]
        for block in _opening(document) if headlines else ():
            for title, words in headlines:
                end = _headline_end(block.text, title, words)
                if end and any(link.block is block for link in document.links):
                    break
                if end == len(block.text) or (end and title in titles):
                    edits = deletion(block, document) if end == len(block.text) else ()
                    yield Match(*block.span(0, end), {"headline": title}, edits)
                    break

    def facts(self, document: Document) -> Iterator[Fact]:
        title = next(document.blocks_in(_TITLE), None)
        if not title or _fields.is_page(document):
            return
        heading = document.headings[0] if document.headings else None
        words = similarity.words(title.text)
        if heading and heading.level <= _TOP and words and similarity.words(heading.block.text) == words:
            start, _ = document.source.line_span(heading.block.source_span.start)
            line = _LINE.match(document.source.text, start)
            yield Fact(*heading.block.source_span, line.span() if line else (0, 0))
        else:
            yield Fact(*title.source_span)

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for articles in _fields.by_folder(folder.articles):
            repeating = [article for article in articles if article.facts[0].data]
            if len(repeating) >= _HABIT * len(articles) and len(articles) > 1:
                continue
            for article in repeating:
                start, end, (low, high) = article.facts[0]
                yield article, Match(start, end, {}, (Edit(low, high, ""),) if high else ())


def _titles(document: Document) -> list[str]:
    """Return the titles of the article."""
    titles = [block.text for block in document.blocks_in(_TITLE)]
    titles += [heading.block.text for heading in document.headings[:1] if _CAPTION not in heading.block.scopes]
    if not titles and document.prose and not _ENDED.search(document.prose[0].text):
        titles = [document.prose[0].text]
    return titles


def _is_plain_page(document: Document) -> bool:
    """Whether it is a whole page without a heading of the first level: a big line of text is its headline."""
    return _fields.is_page(document) and not any(heading.level == 1 for heading in document.headings)


def _second_heading(document: Document) -> Iterator[Match]:
    """Yield the second heading if the first one begins with its words and is above it, but for a few short lines."""
    first, *second = (heading.block for heading in document.headings[:2])
    if not second or _CAPTION in first.scopes | second[0].scopes:
        return
    if first.text[:_SAME].casefold() != second[0].text[:_SAME].casefold():  # as nearly always
        return
    words, own = similarity.words(first.text), similarity.words(second[0].text)
    if len(own) < max(_FEWEST, _PART * len(words)) or words[: len(own)] != own:
        return
    blocks = document.prose
    between = blocks[blocks.index(first) + 1 : blocks.index(second[0])]
    if len(between) <= _OPENING and all(len(block.text) < _LINE_LENGTH for block in between):
        yield Match(*second[0].source_span, {"headline": first.text}, deletion(second[0], document))


def _opening(document: Document) -> list[Block]:
    """The first paragraphs, without one that is the headline itself."""
    first = 0 if document.headings or any(document.blocks_in(_TITLE)) else 1
    story = (block for block in document.prose if "heading" not in block.scopes)
    return [block for block in islice(story, first, first + _OPENING) if block.scopes.isdisjoint(_APART)]


def _headline_end(text: str, headline: str, words: list[str]) -> int:
    """Where in a text the headline ends that it begins with; 0 where it does not."""
    number = len(words)
    if len(text) > _LONGER_THAN * len(headline):  # as mostly; then it is not nearly the headline
        begin = similarity.WORD.search(text)
        if not begin or begin[0].casefold() != words[0]:
            return 0
    own = list(islice(similarity.WORD.finditer(text), number + 2))
    own_words = [word[0].casefold() for word in own]
    near = abs(len(own) - number) <= 1 and similarity.ratio(" ".join(words), " ".join(own_words)) >= _NEAR
    if near and not _has_other_words(own_words, words):
        return len(text) if _mark(text) in ("", _mark(headline)) else 0
    if own_words[:number] != words:
        return 0
    end = _CLOSED.match(text, own[number - 1].end()).end()  # type: ignore[union-attr]
    if _MARKED.match(text, end):
        return end
    return end if number >= _PLAIN and _CAPITAL.match(text, end) and not _LONGER.fullmatch(text, end) else 0


def _has_other_words(own: list[str], words: list[str]) -> bool:
    """Whether some of a text's own words are none of the headline's, misspelled or joined as they may be."""
    others = [word for word in own if word not in words]
    if not others or "".join(own) == "".join(words):
        return False
    return any(all(similarity.ratio(other, word) < _TYPO for word in words) for other in others)


def _mark(text: str) -> str:
    """The mark with which a sentence ends, or ""."""
    return found["mark"] if (found := _ENDED.search(text)) else ""
