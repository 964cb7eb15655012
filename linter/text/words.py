"""Find the words of an article with their spans, and tell which of them belong to English sentences.

`Passage` is a block as checks of words see it; `word_places` finds given words in the whole article. The rules of a
process register the words they look for (`watch_words`), so that one look at the vocabulary of an article leaves out
all ordinary words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, cached_property
from typing import Generic, NamedTuple, TypeVar

from linter import patterns
from linter.document import OBJECT, Block, Document, per_document
from linter.source import slices
from linter.text import quotes
from linter.text.lexicon import NOTHING, frequent, lexicon
from linter.text.view import text_view

WORD = patterns.lazy(r"[^\W\d_]+")
_ASCII = bytes(range(0x80))
_NO_LETTERS = {code: " " for code in range(0x80) if not chr(code).isalpha()}
_NO_LETTER_BYTES = bytes(0x20 if code in _NO_LETTERS else code for code in range(0x100))
_ASIDE = 10  # words that a quotation without a capital may hold and still be a search query
_ENOUGH_WORDS = 10  # words of English, of which one is among these
_ENGLISH = frozenset("the The and And of with that which from are were has this This will its their would".split())
_FEW = 10  # words that are sooner looked for one by one than listed first where they stand
_PART = 5_000  # code points of an article that are searched at a time
_LONG_TEXT = 50_000  # code points of an article for which the parts of each word are indexed
_HEADLINE = 25  # words of the longest headline; a longer passage may be full of names
_CHUNK = 100  # code points on each side; what is longer is no word
_BRACKETS = patterns.lazy(r"\[[^\[\]]{1,200}\]|\{\{[^{}]{0,400}\}\}|\{%[^{}]{0,400}%\}")
_BREAK = patterns.lazy(r"[\s,;()“”\"«»„…—–]")  # ends a chunk: a word with all that is glued to it
# A chunk that is no word of a sentence: an address, a handle, a file, a domain, an identifier, a flag, a version.
_MACHINE = patterns.lazy(rf"[@_/\\#=~$%^*<>|{{}}+&{OBJECT}\d]|^[-.]|\w:\w|[a-z]\.[a-z]")
_SPELLED_OUT = patterns.lazy(r"[ \w.-]{0,20}[\[({] ?(?:at|@|dot) ?[\])}]", re.IGNORECASE)  # anna (at) example (dot) org
_MARKS = "'\"`‘’“”«»"
_OPENERS = "“„«‹‘’'\"([{¿¡*_ \t\n\u00a0"
_STOPS = ".!?:;…•·|»›>—–"
_NO_STOP = patterns.lazy(
    r"\b(?:M(?:rs?|s)|[DL]r|Prof|Gen|Sen|Rep|Gov|L?t|Col|Capt|Sgt|Maj|Adm|Rev|Hon|Pres|St|[A-Z])\.$"
)
_ENDED = patterns.lazy(r"[.!?][\"”’»)\]]*\Z")
_BEHIND = 24  # code points before a word that tell whether a sentence starts with it


class Word(NamedTuple):
    """A run of letters in a text; half-open, in code points of that text."""

    text: str
    start: int
    end: int

    @property
    def is_capitalized(self) -> bool:
        """Whether it is Capitalized; CAPITALS, miXed case and single letters are not."""
        return self.text[0].isupper() and self.text[1:].islower()


class Passage:
    """One block of text, as checks of words see it; whatever is expensive is computed on first use."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.text = block.text

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words, each once."""
        return frozenset(self._texts)

    @cached_property
    def words(self) -> list[Word]:
        """The words in order."""
        return [Word(match[0], *match.span()) for match in WORD.finditer(self.text)]

    @cached_property
    def _letters(self) -> str:
        return letters_only(self.text)

    @property
    def _texts(self) -> list[str]:
        return self._letters.split()  # not kept: of a long article they take more room than its text

    def before(self, word: Word) -> Word | None:
        """Return the word before `word`, whatever lies between."""
        letters, end = self._letters, word.start
        while end and letters[end - 1] == " ":
            end -= 1
        return self._word(letters.rfind(" ", 0, end) + 1, end) if end else None

    def behind(self, word: Word) -> Word | None:
        """Return the word after `word`, whatever lies between."""
        found = WORD.search(self.text, word.end)
        return self._word(*found.span()) if found else None

    def _word(self, start: int, end: int) -> Word:
        return Word(self.text[start:end], start, end)

    @cached_property
    def is_english(self) -> bool:
        """Whether it may be English: among ten words of English there is one of the most frequent."""
        words = self._texts
        return len(words) < _ENOUGH_WORDS or not _ENGLISH.isdisjoint(words)

    @cached_property
    def is_title_case(self) -> bool:
        """Whether it is written in Title Case, as headlines are, where capitals prove nothing."""
        if _ENDED.search(self.text) and "heading" not in self.block.scopes:
            return False
        words = self._texts
        long = [word for word in words if len(word) > 3]
        return sum(word[0].isupper() for word in long) > (0.6 if len(words) <= _HEADLINE else 0.8) * len(long)

    def is_prose(self, word: Word) -> bool:
        """Whether `word` belongs to an English sentence, and not to an address, path, slug, code or search query."""
        if not self.is_english:
            return False
        chunk = self._chunk(word)
        if _SPELLED_OUT.match(self.text, word.end):
            return False
        if _MACHINE.search(chunk) or len(chunk) > _CHUNK or _is_slug(chunk):
            return False
        before, after = self._adjacent(word)
        if before and after and before in _MARKS and after in _MARKS:  # 'english'
            return False
        if before in ("'", "’") and self.text[word.start - 2 : word.start - 1].isalpha():  # l'angola
            return False
        at = bisect_right(self._asides, (word.start, len(self.text))) - 1
        return at < 0 or word.end > self._asides[at][1]

    def starts_sentence(self, word: Word) -> bool:
        """Whether `word` may be capitalized only because a sentence, quotation or line starts with it."""
        before = self.text[max(0, word.start - _BEHIND) : word.start]
        rest = before.rstrip(_OPENERS)
        if not rest or "\n" in before[len(rest) :] or any(mark in before[len(rest) :] for mark in '“„«‹‘"'):
            return True
        return rest[-1] in _STOPS and not _NO_STOP.search(rest)

    def _chunk(self, word: Word) -> str:
        """Return `word` with everything attached to it, cut off where that is too long for a word."""
        start, end = max(0, word.start - _CHUNK), min(len(self.text), word.end + _CHUNK)
        left = _BREAK.split(self.text[start : word.start])[-1]
        right = _BREAK.split(self.text[word.end : end], maxsplit=1)[0]
        return left + word.text + right

    def _adjacent(self, word: Word) -> tuple[str, str]:
        return self.text[word.start - 1 : word.start] if word.start else "", self.text[word.end : word.end + 1]

    @cached_property
    def _asides(self) -> list[tuple[int, int]]:
        """Ranges where lower case is intended: template tags, and short passages without a capital.

        Quoted, the latter are search queries, values or words as words; in square brackets, names of links; a whole
        block without an end mark is a file name, a user name or a label.
        """
        if len(self.text.split()) <= _ASIDE and self.text.islower() and self.text[-1] not in ".!?":
            return [(0, len(self.text))]
        spans = [*quotes.quote_spans(self.text), *(match.span() for match in _BRACKETS.finditer(self.text))]
        return sorted((start, end) for start, end in spans if self._is_aside(self.text[start:end]))

    def _is_aside(self, text: str) -> bool:
        return text.startswith("{") or (text.islower() and len(text.split()) <= _ASIDE)


def words_of(text: str) -> list[str]:
    """Return the words of a text in order, as WORD finds them, in a fraction of the time."""
    return letters_only(text).split()


def letters_only(text: str) -> str:
    """Replace everything but the letters of words with spaces, so that offsets stay the same."""
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
    """Whether hyphenated lowercase words are more than two, or include an unknown one: fiji-flo."""
    if "-" not in chunk or not chunk.islower():
        return False
    parts = WORD.findall(chunk)
    return chunk.count("-") > 1 or any(lexicon().find(part) == NOTHING for part in parts)


def passages(document: Document) -> Iterator[Passage]:
    """Yield the passages of an article."""
    return (passage(document, number) for number in range(len(text_view(document).blocks)))


def passage(document: Document, number: int) -> Passage:
    """Return a passage of an article, by the index of its block in the text view."""
    made = _passages(document)
    if number not in made:
        made[number] = Passage(text_view(document).blocks[number])
    return made[number]


@per_document
def _passages(document: Document) -> dict[int, Passage]:
    return {}


@per_document
def vocabulary(document: Document) -> frozenset[str]:
    """Return the words of an article, each once."""
    text = document_letters(document)
    return frozenset(_index(document)[1] if len(text) > _LONG_TEXT else text.split())


@per_document
def document_letters(document: Document) -> str:
    """Return the text of an article between two spaces, with a space for everything but the letters of words."""
    return f" {letters_only(text_view(document).text)} "


def word_places(document: Document, words: Set[str]) -> Iterator[tuple[Passage, Word]]:
    """Yield the places of `words` in an article, in order; no other passages are examined."""
    some = words & vocabulary(document)
    view = text_view(document)
    for start, word in _starts(document, some):
        number = view.number(start)
        at = start - view.starts[number]
        yield passage(document, number), Word(word, at, at + len(word))


def _starts(document: Document, words: Set[str]) -> Iterator[tuple[int, str]]:
    """Yield the offsets of words of the vocabulary in the text view, in order."""
    for first, part, some in _parts_with(document, words):
        found = []
        for word in some:
            at = part.find(f" {word} ")
            while at >= 0:
                found.append((first + at, word))
                at = part.find(f" {word} ", at + len(word) + 1)
        yield from sorted(found)


def _parts_with(document: Document, words: Set[str]) -> Iterator[tuple[int, str, Iterable[str]]]:
    """Yield the parts of an article's letters, each with its offset and those of the words that it may contain."""
    text = document_letters(document)
    if len(text) > _LONG_TEXT:
        ends, numbers = _index(document)
        words_by_part: dict[int, list[str]] = {}
        for word in words:
            for number in numbers[word]:
                words_by_part.setdefault(number, []).append(word)
        for number in sorted(words_by_part):
            yield ends[number], text[ends[number] : ends[number + 1] + 1], words_by_part[number]
    elif words:
        for first, part in _parts(text):
            yield first, part, words if len(words) <= _FEW else words & {*part.split()}


@per_document
def _index(document: Document) -> tuple[Sequence[int], Mapping[str, Sequence[int]]]:
    """Return the offsets of the parts of a long article's letters, with the last end, and the parts of each word."""
    text = document_letters(document)
    starts: list[int] = []
    numbers: dict[str, list[int]] = {}
    for number, (start, part) in enumerate(_parts(text)):
        starts.append(start)
        for word in {*part.split()}:
            if word in numbers:
                numbers[word].append(number)
            else:
                numbers[word] = [number]
    return [*starts, len(text) - 1], numbers


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the letters of an article in parts that begin and end with a space, each with its offset."""
    start = 0
    while start < len(text) - 1:
        end = text.find(" ", start + _PART) if len(text) - start > _PART else -1
        yield start, text[start : end + 1 or len(text)]
        start = end if end >= 0 else len(text)


# Notable words: the few of an article that any rule may report.

_LONG_WORD = 8  # letters of a word that may open a sentence; shorter ones are names as often as not
_CAMEL_CASE = patterns.lazy("[a-z][A-Z]")
_watched: set[str] = set()  # it grows with the rules of a process, not with its articles


def watch_words(words: Iterable[str]) -> frozenset[str]:
    """Register words that a rule will look up with `watched_words`, and return them."""
    some = frozenset(words)
    if not some <= _watched:
        _watched.update(some)
        _words().forget(some)
    return some


def watched_words(document: Document, words: frozenset[str]) -> frozenset[str]:
    """Return those of `words`, all of which are watched, that appear in an article."""
    return words & _notable_words(document, len(_watched)).words


def unlisted_words(document: Document) -> Mapping[str, str]:
    """Return the words of an article that no dictionary has, each with its lowercase form.

    They are in lower case, or long and capitalized as at the start of a sentence.
    """
    return _notable_words(document, len(_watched)).unlisted


def camel_case_words(document: Document) -> frozenset[str]:
    """Return the words of an article with a capital after a lowercase letter: McKinsey, seeThe."""
    return _notable_words(document, len(_watched)).camel_case


def may_open(word: str) -> bool:
    """Whether it is capitalized as at the start of a sentence, and too long to be taken for a name there."""
    return len(word) >= _LONG_WORD and word[0].isupper() and word[1:].islower()


class _NotableWords(NamedTuple):
    """The notable words of an article."""

    words: frozenset[str]
    unlisted: Mapping[str, str]
    camel_case: frozenset[str]


@per_document
def _notable_words(document: Document, watched: int) -> _NotableWords:
    """Return the notable words of an article; `watched` is the number of words that are watched."""
    found = _words().notable(vocabulary(document))
    unlisted = {word: small for word, small in found.items() if small.islower()}
    return _NotableWords(
        frozenset(found), unlisted, frozenset(word for word, kind in found.items() if kind == _IS_CAMEL_CASE)
    )


_IS_CAMEL_CASE, _IS_WATCHED = "H", "W"  # judgments of words in camel case, and of others that are watched


def _judge(word: str) -> str | None:
    """Return the lowercase form of a word that no dictionary has, _IS_CAMEL_CASE, _IS_WATCHED, or None."""
    if word.islower() or (word.istitle() and may_open(word)):
        small = word.lower()
        if not lexicon().in_dictionary(small):
            return small
    elif _CAMEL_CASE.search(word):
        return _IS_CAMEL_CASE
    return _IS_WATCHED if word in _watched else None


@cache
def _words() -> WordJudgments[str]:
    """Return the judgments of all words; those of frequent ones are known in advance."""
    return WordJudgments(_judge, frequent().keys() - _watched)


_MAX_WORDS = 1 << 17  # words that are kept
T = TypeVar("T")


class WordJudgments(Generic[T]):
    """Judgments of words, each computed by `judge` once a process; None or an empty one marks an ordinary word.

    Words known to be `ordinary` are not judged.
    """

    def __init__(self, judge: Callable[[str], T | None], ordinary: Iterable[str] = ()) -> None:
        self._judge = judge
        self._ordinary = set(ordinary)
        self._others: dict[str, T] = {}

    def notable(self, words: Set[str]) -> dict[str, T]:
        """Return those of `words` that are not ordinary, with their judgments."""
        rest = words - self._ordinary
        found = {word: self._others[word] for word in rest if word in self._others}
        if len(found) < len(rest):
            self._judge_new(rest - found.keys(), found)
        return found

    def forget(self, words: Set[str]) -> None:
        """Judge `words` again, which were ordinary so far."""
        self._ordinary -= words

    def _judge_new(self, words: Set[str], found: dict[str, T]) -> None:
        """Judge new words, and add the judgments of those that are not ordinary to `found`."""
        for known in (self._ordinary, self._others):
            if len(known) > _MAX_WORDS:
                known.clear()
        for word in words:
            if judgment := self._judge(word):
                self._others[word] = found[word] = judgment
            else:
                self._ordinary.add(word)
