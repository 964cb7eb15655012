"""Headlines repeated at the start of the article or as a heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match
from linter.source_edits import deletion
from linter.text import similarity

_TITLE = frozenset({"title"})
_APART = frozenset({"list", "quote", "table", "caption", "heading"})
_CAPTION = "caption"
_COMMON_START = 8  # number of initial code points that two headings must share
_MIN_REPEATED_SHARE = 0.6  # minimum share of the words of a heading that the second heading repeats
_MAX_LINE_LENGTH = 120  # maximum code points of a line between two headings, such as a date or byline
_OPENING_BLOCKS = 3  # number of blocks at the start, not counting headings
_MIN_HEADLINE_WORDS = 4  # minimum words of a headline; the words of a shorter headline may begin a sentence
_MIN_PLAIN_WORDS = 5  # minimum words of a headline that may end without a dash, bar or line break after it
_MIN_TYPO_SIMILARITY = 60  # minimum similarity of a word and its misspelling, in percent
_MIN_SIMILARITY = 90  # minimum similarity of a headline and text that repeats it, in percent
_SITE = patterns.lazy(r"\s(?<!\s\s)\s*+[|–—»·:-]++\s++")  # before the name of the site or another part of the headline
_CLOSED = patterns.lazy(r"[\"”’»)\]]*+")
_MARKED = patterns.lazy(r"(?:\s*\||\s+[–—-]\s|\n)")
_CAPITAL = patterns.lazy(r"\s+[\"“„«]?[A-ZÀ-ÞА-Я]")
# The rest of a longer headline, but not a byline.
_LONGER = patterns.lazy(r" (?!(?:By|Posted|Published|Written|Updated)\b)(?:[^\d\s]+ ){0,9}[^\d\s]*[^\W\d_][*_]*")
_ENDED = patterns.lazy(r"(?P<mark>[.!?…。！？])[\"”’»)\]]*\s*\Z")
_MAX_LENGTH_RATIO = 3  # times the length of a headline; a longer paragraph is not the headline alone
_MAX_HEADLINE_WORDS = 25  # maximum words of a headline
_LINE = patterns.lazy(r"[ \t]*+#[ \t][^\r\n]*+(?:(?:\r\n?|\n)[ \t]*+(?=[\r\n]|\Z))?(?:\r\n?|\n|\Z)")
_MAX_TOP_LEVEL = 2  # lowest level of a first heading that may repeat the title in the front matter
# If at least this share of the articles in a folder show a title of their own, they do so on purpose.
_MIN_HABIT_SHARE = 0.5
_OTHER = (0,)  # the data of an article that begins with a level-1 heading other than its title


@dataclass(frozen=True)
class RepeatedHeadline:
    """A headline that is repeated at the start of the article or, with `as_heading: true`, as the first heading.

    Without `as_heading`, headlines are the title and the first heading or, if an article has neither, the first block,
    unless that block ends with a period or a similar mark. The paragraphs among the first three other blocks, not
    counting headings, are compared with the headlines. There are three kinds of matches. A paragraph is a match if it
    is the same as a headline, apart from a typo or other small differences. It is also a match if it is the part of a
    headline before a dash, bar or colon with spaces around it (except in plain text). If a paragraph starts with a
    headline and continues after a dash, a bar or a line break or, after a headline of at least five words, with a
    capital letter, the match is usually the headline alone.

    A sentence is not a match if it is the headline with a period added (“Line 4 is open again.”) or begins with the
    words of the headline. Headlines of fewer than 4 or more than 25 words, paragraphs with a link in them, and HTML
    pages with a head but without a level-1 heading are ignored.

    The second heading is also a match if it has at least four words, the first heading begins with these words, and
    they are at least 60 percent of the words of the first heading. At most three blocks, each of fewer than 120
    characters, may be between the two headings. In all these cases, the message may use {headline}.

    With `as_heading: true`, the match is the first heading if it is on the first or second level and has the words of
    the title. HTML pages with a head are ignored. If several articles in a folder have a title, and at least half of
    these articles repeat it as a heading or begin with another level-1 heading, the folder is ignored, because the site
    does not show the titles itself. The fix deletes headings of the form `# Title`, each with the blank line after it.
    """

    as_heading: bool = False

    data: ClassVar[object] = tuple[int, ...]

    @property
    def values(self) -> frozenset[str]:
        return frozenset(() if self.as_heading else {"headline"})

    @property
    def across(self) -> bool:
        return self.as_heading

    def find_in(self, document: Document) -> Iterator[Match]:
        titles = _titles(document)
        if not titles or _is_plain_page(document):  # the headline of a plain page may be a paragraph
            return
        if document.headings:
            yield from _second_heading(document)
        parts = [] if document.kind == "text" else [_SITE.split(title)[0] for title in titles]
        known = {title: similarity.words(title) for title in titles + parts}
        headlines = [
            (title, words)
            for title, words in known.items()
            if _MIN_HEADLINE_WORDS <= len(words) <= _MAX_HEADLINE_WORDS and "{%" not in title
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
        if heading and heading.level <= _MAX_TOP_LEVEL and words and similarity.words(heading.block.text) == words:
            start, _ = document.source.line_span(heading.block.source_span.start)
            line = _LINE.match(document.source.text, start)
            yield Fact(*heading.block.source_span, line.span() if line else (0, 0))
        else:
            begins = heading and heading.level == 1 and heading.block is document.prose[0]
            yield Fact(*title.source_span, _OTHER if begins else ())

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        home = _fields.folder_of(article.path)
        yield home
        if article.facts[0].data:
            yield home, "shown"

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for article in folder.asked_articles:
            home, (start, end, line) = _fields.folder_of(article.path), article.facts[0]
            articles = folder.count(home)
            if len(line) == 2 and (articles == 1 or folder.count((home, "shown")) < _MIN_HABIT_SHARE * articles):
                low, high = line
                yield article, Match(start, end, {}, (Edit(low, high, ""),) if high else ())


def _titles(document: Document) -> list[str]:
    """Return the texts that may be the headline of the article."""
    titles = [] if _fields.is_page(document) else [block.text for block in document.blocks_in(_TITLE)]
    titles += [heading.block.text for heading in document.headings[:1] if _CAPTION not in heading.block.scopes]
    if not titles and document.prose and not _ENDED.search(document.prose[0].text):
        titles = [document.prose[0].text]
    return titles


def _is_plain_page(document: Document) -> bool:
    """Whether the document is a whole HTML page without a level-1 heading."""
    return _fields.is_page(document) and not any(heading.level == 1 for heading in document.headings)


def _second_heading(document: Document) -> Iterator[Match]:
    """Yield a match for the second heading if it repeats the start of the first heading and is near it."""
    first, *second = (heading.block for heading in document.headings[:2])
    if not second or _CAPTION in first.scopes | second[0].scopes:
        return
    if first.text[:_COMMON_START].casefold() != second[0].text[:_COMMON_START].casefold():  # true for nearly all pairs
        return
    words, own = similarity.words(first.text), similarity.words(second[0].text)
    if len(own) < max(_MIN_HEADLINE_WORDS, _MIN_REPEATED_SHARE * len(words)) or words[: len(own)] != own:
        return
    blocks = document.prose
    between = blocks[blocks.index(first) + 1 : blocks.index(second[0])]
    if len(between) <= _OPENING_BLOCKS and all(len(block.text) < _MAX_LINE_LENGTH for block in between):
        yield Match(*second[0].source_span, {"headline": first.text}, deletion(second[0], document))


def _opening(document: Document) -> list[Block]:
    """Return the paragraphs near the start of the document that may repeat the headline."""
    first = 0 if document.headings or any(document.blocks_in(_TITLE)) else 1
    story = (block for block in document.prose if "heading" not in block.scopes)
    return [block for block in islice(story, first, first + _OPENING_BLOCKS) if block.scopes.isdisjoint(_APART)]


def _headline_end(text: str, headline: str, words: list[str]) -> int:
    """Return the offset where the headline at the start of `text` ends, or 0 if `text` does not repeat the headline.

    `words` are the words of the headline.
    """
    number = len(words)
    if len(text) > _MAX_LENGTH_RATIO * len(headline):  # true for most paragraphs, which contain more than the headline
        begin = similarity.WORD.search(text)
        if not begin or begin[0].casefold() != words[0]:
            return 0
    own = list(islice(similarity.WORD.finditer(text), number + 2))
    own_words = [word[0].casefold() for word in own]
    near = abs(len(own) - number) <= 1 and similarity.ratio(" ".join(words), " ".join(own_words)) >= _MIN_SIMILARITY
    if near and not _has_other_words(own_words, words):
        return len(text) if _mark(text) in ("", _mark(headline)) else 0
    if own_words[:number] != words:
        return 0
    end = _CLOSED.match(text, own[number - 1].end()).end()  # type: ignore[union-attr]
    if _MARKED.match(text, end):
        return end
    return end if number >= _MIN_PLAIN_WORDS and _CAPITAL.match(text, end) and not _LONGER.fullmatch(text, end) else 0


def _has_other_words(own: list[str], words: list[str]) -> bool:
    """Whether `own` has a word that is not in `words`, apart from differences such as typos."""
    others = [word for word in own if word not in words]
    if not others or "".join(own) == "".join(words):
        return False
    return any(all(similarity.ratio(other, word) < _MIN_TYPO_SIMILARITY for word in words) for other in others)


def _mark(text: str) -> str:
    """Return the mark that ends `text`, such as a period or an ellipsis, or "" if there is none."""
    return found["mark"] if (found := _ENDED.search(text)) else ""
