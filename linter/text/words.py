"""Find the words of an article with their positions, and determine which words belong to English sentences.

`Passage` wraps a block for checks that examine words; `word_places` finds given words in the whole article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache, cached_property, lru_cache
from itertools import compress, islice
from operator import eq
from typing import NamedTuple

from linter import patterns
from linter.document import OBJECT, Block, Document, Link
from linter.source import slices, word_slices
from linter.text import quotes
from linter.text.lexicon import NOTHING, frequent, lexicon, word_list
from linter.text.view import text_view
from linter.views import per_document

WORD = patterns.lazy(r"[^\W\d_]+")
_ASCII = bytes(range(0x80))
_NO_LETTERS = {code: " " for code in range(0x80) if not chr(code).isalpha()}
_NO_LETTER_BYTES = bytes(0x20 if code in _NO_LETTERS else code for code in range(0x100))
_MAX_ASIDE_WORDS = 10  # maximum words of a text without capitals that may be a search query, a value or a label
# Doubled words at the start of a sentence: “The the”, “This this”.
_OPEN = patterns.lazy("Th(?:e(?<= The)(?= the )|is(?<= This)(?= this ))")
_MIN_ENGLISH_WORDS = 10  # an English passage of this many words contains a very frequent word
# Maximum number of words to search for one by one; for more, a single pass over the text is faster.
_MAX_SEPARATE_SEARCHES = 40
_MAX_HEADLINE_WORDS = 25  # maximum words of a headline; a longer passage may be full of names
_CODE = frozenset({"code"})
_MAX_KEPT_PASSAGES = 1024  # maximum number of passages of an article that are kept
_MAX_CHUNK = 100  # maximum code points on each side of a word; longer chunks are not words
_BRACKETS = patterns.lazy(
    r"\[[^\[\]]{1,200}\]|(?<=\])\((?:https?:)?//[^()\n]{1,400}\)|\{\{[^{}]{0,400}\}\}|\{%[^{}]{0,400}%\}"
)
_BREAK = patterns.lazy(r"[\s,;()“”\"«»„…—–]")  # ends a chunk, which is a word with everything attached to it
# A chunk that is not a word of a sentence: a URL, handle, file, domain, identifier, flag or version.
_MACHINE = patterns.lazy(rf"[@_/\\#=~$%^*<>|{{}}+&{OBJECT}\d]|^[-.]|\w:\w|::|[a-z]\.[a-z]|[A-Za-z]\.[A-Z]\w*\.[A-Z]")
_COMMIT = patterns.lazy(r"/commits?/[0-9a-f]{7,40}\b")
_SPELLED_OUT = patterns.lazy(r"[ \w.-]{0,20}[\[({] ?(?:at|@|dot) ?[\])}]", re.IGNORECASE)  # anna (at) example (dot) org
_IN_URLS = str.maketrans("+_\u2010\u2011", "  --")
_MARKS = "'\"`‘’“”«»"
_OPENERS = "“„«‹‘’'\"([{¿¡*_ \t\n\u00a0"
_STOPS = ".!?:;…•·|»›>—–"
_NO_STOP = patterns.lazy(
    r"\b(?:M(?:rs?|s)|[DL]r|Prof|Gen|Sen|Rep|Gov|L?t|Col|Capt|Sgt|Maj|Adm|Rev|Hon|Pres|St|[A-Z])\.$"
)
_ENDED = patterns.lazy(r"[.!?][\"”’»)\]]*\Z")
_SENTENCE_END_REACH = 24  # code points before a word that are searched for the end of a sentence


class Word(NamedTuple):
    """A run of letters in text. `start` and `end` are a half-open range of code points in that text."""

    text: str
    start: int
    end: int

    @property
    def is_capitalized(self) -> bool:
        """Whether only the first of several letters is a capital: “Street”, but not “STREET”, “McKay” or “A”."""
        return self.text[0].isupper() and self.text[1:].islower()


class Passage:
    """A block and its words. Costly properties are computed on first use.

    `letters` is the text of the block as returned by `letters_only`, and `links` are the links in the block.
    """

    def __init__(self, block: Block, letters: str, links: Sequence[Link]) -> None:
        self.block = block
        self.text = block.text
        self._letters = letters
        self._links = links

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The distinct words of the passage."""
        return frozenset(self._texts)

    @cached_property
    def words(self) -> list[Word]:
        """The words of the passage, in order."""
        return [Word(match[0], *match.span()) for match in WORD.finditer(self.text)]

    @property
    def _texts(self) -> list[str]:
        return self._letters.split()  # not cached, because a list of words needs more memory than the text

    def before(self, word: Word) -> Word | None:
        """Return the nearest word before `word` in the passage, whatever is between them, or None if there is none."""
        letters, end = self._letters, word.start
        while end and letters[end - 1] == " ":
            end -= 1
        return self._word(letters.rfind(" ", 0, end) + 1, end) if end else None

    def behind(self, word: Word) -> Word | None:
        """Return the nearest word after `word` in the passage, whatever is between them, or None if there is none."""
        found = WORD.search(self.text, word.end)
        return self._word(*found.span()) if found else None

    def _word(self, start: int, end: int) -> Word:
        return Word(self.text[start:end], start, end)

    @cached_property
    def is_english(self) -> bool:
        """Whether the passage may be English: it contains a very frequent English word, or has fewer than ten words."""
        words = self._texts
        return len(words) < _MIN_ENGLISH_WORDS or not word_list("english").isdisjoint(words)

    @cached_property
    def is_surely_english(self) -> bool:
        """Whether the passage contains an English function word, in any case, or has fewer than ten words."""
        words = self.text.lower().split()
        return len(words) < _MIN_ENGLISH_WORDS or not word_list("english only").isdisjoint(words)

    @cached_property
    def is_title_case(self) -> bool:
        """Whether the passage is in Title Case, like a headline, so that capitals do not indicate names."""
        if _ENDED.search(self.text) and "heading" not in self.block.scopes:
            return False
        words = self._texts
        long = [word for word in words if len(word) > 3]
        return sum(word[0].isupper() for word in long) > (0.6 if len(words) <= _MAX_HEADLINE_WORDS else 0.8) * len(long)

    def is_prose(self, word: Word, *, in_compound: bool = False) -> bool:
        """Whether `word` belongs to an English sentence, and not to a URL, path, slug, code or search query.

        If `in_compound` is true, hyphens next to the word do not make it part of a slug.
        """
        return self.is_plain(word, in_compound=in_compound) and self.is_english

    def is_plain(self, word: Word, *, in_compound: bool = False) -> bool:
        """Whether `word` belongs to a sentence: the same as `is_prose`, but for any language."""
        if self._is_commit or self._is_label(word):
            return False
        chunk = self._chunk(word)
        if _MACHINE.search(chunk) or len(chunk) > _MAX_CHUNK or (not in_compound and _is_slug(chunk)):
            return False
        if _SPELLED_OUT.match(self.text, word.end):
            return False
        before, after = self.text[max(0, word.start - 1) : word.start], self.text[word.end : word.end + 1]
        if before and after and before in _MARKS and after in _MARKS:  # 'english'
            return False
        if before in ("'", "’") and self.text[word.start - 2 : word.start - 1].isalpha():  # l'angola
            return False
        at = bisect_right(self._asides, (word.start, len(self.text))) - 1
        return at < 0 or word.end > self._asides[at][1]

    def starts_sentence(self, word: Word) -> bool:
        """Whether `word` starts a sentence, quotation or line, or follows a colon, semicolon, dash or similar mark.

        A capital in such a position does not indicate a name. A period after an abbreviation such as “Mr” does not end
        a sentence.
        """
        before = self.text[max(0, word.start - _SENTENCE_END_REACH) : word.start]
        rest = before.rstrip(_OPENERS)
        if not rest or "\n" in before[len(rest) :] or any(mark in before[len(rest) :] for mark in '“„«‹‘"'):
            return True
        return rest[-1] in _STOPS and not _NO_STOP.search(rest)

    @cached_property
    def _is_commit(self) -> bool:
        """Whether the passage is a list item with a link to a commit, as in a changelog, which quotes the message."""
        return "list" in self.block.scopes and any(_COMMIT.search(link.url) for link in self._links)

    def _is_label(self, word: Word) -> bool:
        """Whether `word` is in a link whose text repeats the last part of its URL, such as a repository or tag."""
        return any(
            link.start <= word.start < link.end
            and _with_spaces(self.text[link.start : link.end]) == _with_spaces(link.url.rstrip("/").rpartition("/")[2])
            for link in self._links
        )

    def _chunk(self, word: Word) -> str:
        """Return `word` with the text attached to it, at most _MAX_CHUNK code points on each side."""
        start, end = max(0, word.start - _MAX_CHUNK), min(len(self.text), word.end + _MAX_CHUNK)
        start = max(start, self.text.rfind(" ", start, word.start))  # splitting a short text is faster
        left = _BREAK.split(self.text[start : word.start])[-1]
        right = _BREAK.split(self.text[word.end : end], maxsplit=1)[0]
        return left + word.text + right

    @cached_property
    def _asides(self) -> list[tuple[int, int]]:
        """Ranges where lower case seems intended, such as quoted phrases and template tags, in order."""
        if len(self.text.split()) <= _MAX_ASIDE_WORDS and self.text.islower() and self.text[-1] not in ".!?":
            return [(0, len(self.text))]
        spans = [*quotes.quote_spans(self.text), *(match.span() for match in _BRACKETS.finditer(self.text))]
        return sorted((start, end) for start, end in spans if _is_aside(self.text[start:end]))


def _is_aside(text: str) -> bool:
    return text[0] in "{(" or (text.islower() and len(text.split()) <= _MAX_ASIDE_WORDS)


def _with_spaces(text: str) -> str:
    """Return `text` in lowercase, with spaces for the marks that replace them in URLs, and with plain hyphens."""
    return text.lower().replace("%20", " ").translate(_IN_URLS)


def letters_only(text: str) -> str:
    """Return `text` with a space in place of each character that is not a letter, so that offsets do not change."""
    return "".join(map(_letters_of_slice, slices(text)))


def _letters_of_slice(text: str) -> str:
    if text.isascii():
        return text.translate(_NO_LETTERS)
    data = text.encode("utf-8", "surrogatepass")
    for char in set(data.translate(None, _ASCII).decode("utf-8", "surrogatepass")):
        if not char.isalnum() or char.isdecimal():
            text = text.replace(char, " ")
    return text.encode("utf-8", "surrogatepass").translate(_NO_LETTER_BYTES).decode("utf-8", "surrogatepass")


def _is_slug(chunk: str) -> bool:
    if "-" not in chunk or not chunk.islower():
        return False
    parts = WORD.findall(chunk)
    return chunk.count("-") > 1 or any(lexicon().find(part) == NOTHING for part in parts)


def passages(document: Document) -> Iterator[Passage]:
    """Yield the passages of an article in order, one for each block of the text view."""
    return map(_passages(document), range(len(text_view(document).blocks)))


@per_document
def _passages(document: Document) -> Callable[[int], Passage]:
    """A function that takes the number of a block of the text view, and returns its passage."""
    view, letters = text_view(document), document_letters(document)

    @lru_cache(_MAX_KEPT_PASSAGES)
    def passage(number: int) -> Passage:
        block, start = view.blocks[number], view.starts[number] + 1  # skip the space at the start of the letters
        return Passage(block, letters[start : start + len(block.text)], document.links_by_block.get(block, ()))

    return passage


def vocabulary(document: Document) -> frozenset[str]:
    """Return the distinct words of an article."""
    return _word_sets(document)[0]


@per_document
def _word_sets(document: Document) -> tuple[frozenset[str], Sequence[tuple[int, str]]]:
    """Return the distinct words of an article, and each word that is repeated after one character, in no order.

    A repeated word comes with its offset in the text view.
    """
    letters = document_letters(document)
    found: list[frozenset[str]] = []
    doubled: list[tuple[int, str]] = []
    start, last = 0, ""
    for part in word_slices(letters):  # a list of all words would need 10 times the memory
        words, end = part.split(), start + len(part)
        found.append(frozenset(words))
        words.insert(0, last)
        for word in {*compress(words, map(eq, words, islice(words, 1, None)))}:
            doubled += _all_places(letters, word, max(0, start - len(last) - 1), end + 1)
        start, last = end, words[-1]
    return found[0] if len(found) == 1 else frozenset[str]().union(*found), doubled


def words_in_code(document: Document, words: Set[str]) -> set[str]:
    """Return those of `words` that occur in the code of an article, including inline code.

    The code is searched once for each word, so `words` should be few.
    """
    letters = _code_letters(document) if words else ""
    return {word for word in words if f" {word} " in letters}


@per_document
def _code_letters(document: Document) -> str:
    return f" {letters_only(' '.join([block.text for block in document.blocks_in(_CODE)]))} "


@per_document
def document_letters(document: Document) -> str:
    """Return the text view of an article with a space in place of each non-letter, and an extra space at each end."""
    return "".join((" ", *map(_letters_of_slice, slices(text_view(document).text)), " "))


def word_places(document: Document, words: Set[str]) -> Iterator[tuple[Passage, Word]]:
    """Yield each use of `words` in an article, in order: its passage, and the word with its offsets in the passage."""
    for start, word in word_offsets(document, words):
        yield place_of(document, start, word)


def place_of(document: Document, start: int, word: str) -> tuple[Passage, Word]:
    """Return the passage that contains `word` at the offset `start` of the text view, and the word.

    The offsets of the returned word are offsets in the passage.
    """
    view = text_view(document)
    number = view.number(start)
    at = start - view.starts[number]
    return _passages(document)(number), Word(word, at, at + len(word))


def doubled_words(document: Document) -> Iterator[tuple[Passage, Word, Word]]:
    """Yield the words that are repeated after one white-space character, in order: passage, word and repetition.

    Both words must have the same case (“the the”), except in “The the” and “This this”.
    """
    letters, view = document_letters(document), text_view(document)
    found = [(at, word, word) for at, word in _word_sets(document)[1]]
    found += [(opened.start() - 1, opened[0], opened[0].lower()) for opened in _OPEN.finditer(letters)]
    for at, first, second in sorted(found):
        number = view.number(at)
        start = at - view.starts[number]
        middle, passage = start + len(first), _passages(document)(number)
        if passage.text[middle : middle + 1].isspace() and middle < len(passage.text) - len(second):
            yield passage, Word(first, start, middle), Word(second, middle + 1, middle + 1 + len(second))


def _all_places(letters: str, word: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield `word` with its offset in the text view wherever it is repeated in `letters[start:end]`."""
    twice = f" {word} {word} "
    at = letters.find(twice, start, end)
    while at >= 0:
        yield at, word
        at = letters.find(twice, at + 1, end)


def word_offsets(document: Document, words: Set[str]) -> list[tuple[int, str]]:
    """Return a pair for each use of `words` in an article, in order: the offset in the text view, and the word."""
    words = words & vocabulary(document)
    if len(words) > _MAX_SEPARATE_SEARCHES:
        return [(found.start(), found[0]) for found in WORD.finditer(text_view(document).text) if found[0] in words]
    letters = document_letters(document)
    found = []
    for word in words:
        at = letters.find(f" {word} ")
        while at >= 0:
            found.append((at, word))
            at = letters.find(f" {word} ", at + len(word) + 1)
    return sorted(found)


# Words in an unusual form.

# Minimum letters of a capitalized word that probably starts a sentence; shorter words are often names.
_MIN_LONG_WORD = 8
_CAMEL_CASE = patterns.lazy("[a-z][A-Z]")
_CACHED = 1 << 17  # maximum number of ordinary words in the cache
_RECENT = 1 << 14  # maximum number of other words whose lowercase forms are cached


@per_document
def unlisted_words(document: Document) -> Mapping[str, str]:
    """Map the words of an article that are in no dictionary to their lowercase forms.

    Only lowercase words, and capitalized words of at least eight letters, which may start a sentence, are included.
    """
    return {word: small for word in _notable(document) if (small := _unlisted(word))}


@per_document
def camel_case_words(document: Document) -> frozenset[str]:
    """Return the words of an article in which a capital follows a lowercase letter, such as “McKinsey” and “seeThe”."""
    mixed = [word for word in _notable(document) if not (word.islower() or word.istitle())]
    return frozenset(filter(_CAMEL_CASE.search, mixed))


@per_document
def mixed_names(document: Document) -> Mapping[str, str]:
    """Map the camel-case words of an article that start with a capital to their lowercase forms.

    Other camel-case words, such as “seLinux”, are treated as code.
    """
    return {word: word.lower() for word in camel_case_words(document) if word[0].isupper()}


def may_open(word: str) -> bool:
    """Whether `word` is capitalized and so long that it is more likely to start a sentence than to be a name.

    Such a word has at least eight letters.
    """
    return len(word) >= _MIN_LONG_WORD and word[0].isupper() and word[1:].islower()


def occurring(document: Document, words: frozenset[str]) -> frozenset[str]:
    """Return those of `words` that occur in an article."""
    return vocabulary(document) & words


@per_document
def _notable(document: Document) -> frozenset[str]:
    """Return the words of an article that are not yet known to be ordinary, and note those of them that are."""
    ordinary = _ordinary()
    words = vocabulary(document) - ordinary
    if len(ordinary) > _CACHED:
        ordinary.clear()
    ordinary.update([word for word in words if not _unlisted(word) and not _CAMEL_CASE.search(word)])
    return words


@cache
def _ordinary() -> set[str]:
    """Return words that neither `unlisted_words` nor `camel_case_words` of any article contains."""
    return set(frequent())


@lru_cache(_RECENT)
def _unlisted(word: str) -> str:
    """Return the lowercase form of a word that belongs in `unlisted_words`, or "" for any other word."""
    if word.islower() or (word.istitle() and may_open(word)):
        small = word.lower()
        return "" if lexicon().in_dictionary(small) else small
    return ""
