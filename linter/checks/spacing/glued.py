"""Words run together at a lost line break, or where emphasis, a link or code begins or ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.spacing._junctions import Junction, is_known, junction, known, place, space
from linter.document import OBJECT, Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import word_list
from linter.text.view import find, text_view
from linter.text.words import camel_case_words, word_places

_SEAM = patterns.lazy(r"[a-z](?=[A-Z])")
_RIGHT = patterns.lazy(r"[A-Z](?:[a-z]*+(?=,? [A-Za-z])|[A-Z]{2,3}(?=\.? ?\d{1,2}\b))")
_LEFT = patterns.lazy(r"(?:(?<=[a-z,] )[a-z]|(?<![^\s(“\"])[A-Z])[a-z]+\Z")
_WIRE = patterns.lazy(r"(?<![^\s(])[A-Z][A-Za-z]{4,}\Z")  # a name before a place: AcmeNewsWireLos Angeles
_TWIN = patterns.lazy(r"([A-Z][a-z]{5,})\1")
_DIGIT = patterns.lazy_regex("[0-9][A-Z][a-z]{2}")  # five times as fast as `re`
_CODE_OR_YEAR = patterns.lazy(r"(?<![\w.,:/-])(?:\d{5}|(?:19|20)\d\d)\Z")  # a postal code or year
_BEHIND_NUMBER = patterns.lazy(r"[A-Z][a-z]{2,}(?=,? [A-Za-z])")
_NEXT_NAME = patterns.lazy(r" ([A-Z][a-z]{2,})\b")
_CODE = patterns.lazy(rf"{OBJECT}(?:(?<=[a-z].)|(?=[a-z]{{2}}))")
_BEFORE_CODE = patterns.lazy(rf"(?<![\w'’{OBJECT}-])[A-Za-z]?[a-z]+\Z")
_BEHIND_CODE = patterns.lazy(rf"[a-z]{{2,}}(?![\w'’{OBJECT}-])")
_TAG = patterns.lazy(r"<[^<>]*>")
_IDENTIFIER = patterns.lazy(r"[A-Z][a-z]+[A-Z]")  # the method **On***TramArrived*
_ORDINALS = frozenset({"st", "nd", "rd", "th"})  # endings after a variable: <i>i</i>th
_MAX_WORD_LENGTH = 40  # maximum code points of a word
_NEXT_WORD = patterns.lazy(r" (\w+)")
_MIN_WORD_DOCS = 100  # minimum documents of the word table that contain the first word
_MIN_NAME_DOCS = 200  # a name must be in more documents than this
_MIN_NAME_SHARE = 0.8  # the share of capitalized uses of a name must be greater than this
_MIN_PLACE_DOCS = 50  # each word of a place must be in more documents than this
_MIN_LETTERS = 4  # minimum letters of a word before a name

# Markup that begins or ends emphasis and links; other tags may be separate boxes on the page.
_LINK = r"\[|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|\]\[[^\[\]]*\]"
_MARKUP = patterns.lazy(rf"(?:\*++|_++|{_LINK}|</?(?:a|b|i|u|em|strong)(?: [^<>]*)?>)+")


@dataclass(frozen=True)
class Glued:
    """Two words that are run together.

    `at` is where the words meet: `line-end` (a lost line break; the default) or `markup` (the start or end of emphasis,
    a link or inline code).

    With `line-end`, four options list words. `starters` start a sentence, such as “our”. `joints` start a sentence if
    one of `determiners` follows, as in “In the”. These three lists are in lowercase. `months` are abbreviated months,
    such as “Nov”. The following pairs match: a lowercase word and the start of a sentence (“legalityOur”); a lowercase
    word and a name (“everyoneEast”); a capitalized word and a word that is in both `starters` and `determiners`
    (“MarketThe”); the same capitalized word twice (“HarborHarbor”); a year or postal code and one of `starters` or a
    name (“2024The”); a name and a place of two words (“AcmeWireLos Angeles”); and a common word and a month in
    capitals, if a day follows (“TodayNOV. 9”). Articles with code are ignored, and so are pairs that occur more than
    once in the article.

    With `markup`, `words` is required; it lists frequent words that are not parts of other words, such as “the”. Next
    to emphasis or a link, one of the two words must be one of `words`, the other word must be known or capitalized, and
    both together must not be a word. A word before inline code must be known or one of `words`; a word after inline
    code must be one of `words`.

    The message may use {left} and {right}, the two words.
    """

    at: Literal["line-end", "markup"] = "line-end"
    starters: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})
    vocabulary: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if bool(self.words) != (self.at == "markup"):
            raise ValueError("“words” and “at: markup” must be used together")

    def find_in(self, document: Document) -> Iterator[Match]:
        yield from self._at_markup(document) if self.at == "markup" else self._at_line_ends(document)

    def _at_markup(self, document: Document) -> Iterator[Match]:
        for block, at in _seams(document.prose):
            found = junction(block.text, at, at)
            if found.is_prose and self._is_mistake(found, block.text) and _is_markup(document, block, at):
                yield _match(found, block, document)
        for block, at, _ in find(document, _CODE) if OBJECT in text_view(document).text else ():
            yield from self._at_code(document, block, at)

    def _at_code(self, document: Document, block: Block, at: int) -> Iterator[Match]:
        """Yield matches for words that seem to lack a space before or after the inline code at the offset `at`."""
        text, source, code = block.text, document.source.text, block.span(at, at + 1)
        shown = source[code.start : code.end]
        inside = _TAG.sub("", shown).strip("`")
        if inside != inside.strip() or not any(map(str.isalnum, inside)):  # space at an edge, an image, or only marks
            return
        before, behind = _BEFORE_CODE.search(text, max(0, at - _MAX_WORD_LENGTH), at), _BEHIND_CODE.match(text, at + 1)
        if (
            before
            and shown[0] in "`<"
            and inside[0] != "."
            and source[code.start - 1] == text[at - 1]
            and self._is_before_code(before[0])
        ):
            span = block.span(before.start(), at + 1)
            yield Match(*span, {"left": before[0], "right": shown}, (Edit(code.start, code.start, " "),))
        if behind and shown[-1] in "`>" and source[code.end] == text[at + 1] and behind[0] in self.words:
            span = block.span(at, behind.end())
            yield Match(*span, {"left": shown, "right": behind[0]}, (Edit(code.end, code.end, " "),))

    def _is_before_code(self, word: str) -> bool:
        if word.lower() in self.words:
            return True
        return len(word) > 1 and is_known(word) and word not in word_list("word prefixes")

    def _is_mistake(self, found: Junction, text: str) -> bool:
        pair = found.left, found.right
        if {word.lower() for word in pair}.isdisjoint(self.words) or all(len(word) == 1 for word in pair):
            return False
        if len(found.right) == 1 and (found.right == "A" or text[found.end : found.end + 1] != " "):  # a note, a list
            return False
        if found.right in _ORDINALS or (found.left.istitle() and _IDENTIFIER.match(found.right)):
            return False
        together = known("".join(pair))
        if together.docs or together.dictionary:
            return False
        return all(word.lower() in self.words or word[0].isupper() or is_known(word) for word in pair)

    def _at_line_ends(self, document: Document) -> Iterator[Match]:
        if document.has_code:
            return
        found = [*self._glued(document), *self._behind_numbers(document)]
        if found:
            text = text_view(document).text
            for block, start, at, end in found:
                left, right = block.text[start:at], block.text[at:end]
                if text.count(left + right) == 1:
                    span = block.span(start, end)
                    yield Match(*span, {"left": left, "right": right}, space(block, document, at))

    def _glued(self, document: Document) -> Iterator[tuple[Block, int, int, int]]:
        """Yield the pairs of words that are run together, as a block and three offsets in its text.

        The offsets are the start of the first word, and the start and the end of the second word.
        """
        for passage, word in word_places(document, camel_case_words(document)):
            block = passage.block
            if twin := _TWIN.fullmatch(word.text):
                yield block, word.start, word.start + len(twin[1]), word.end
                continue
            for seam in _SEAM.finditer(word.text):
                at = word.start + seam.end()
                before, right = block.text[max(0, at - _MAX_WORD_LENGTH) : at], _RIGHT.match(block.text, at)
                if not right or not block.is_contiguous(at - 1, at + 1):
                    continue
                end = right.end()
                word_before, name_before = _LEFT.search(before), _WIRE.search(before)
                if word_before and self._are_words(word_before[0], block.text, at, end):
                    yield block, at - len(word_before[0]), at, end
                elif name_before and _is_place(block.text, at, end):
                    yield block, at - len(name_before[0]), at, end

    def _behind_numbers(self, document: Document) -> Iterator[tuple[Block, int, int, int]]:
        """Yield each year or postal code that runs into a name or one of `starters`, in the same form as `_glued`."""
        view = text_view(document)
        for block, digit, _ in view.places(_DIGIT.finditer(view.text)):
            at = digit + 1
            left = _CODE_OR_YEAR.search(block.text[max(0, at - _MAX_WORD_LENGTH) : at])
            right = _BEHIND_NUMBER.match(block.text, at)
            if left and right and block.is_contiguous(at - 1, at + 1):
                row = known(right[0])
                if right[0].lower() in self.starters or (
                    row.docs > _MIN_NAME_DOCS and row.name_share > _MIN_NAME_SHARE
                ):
                    yield block, at - len(left[0]), at, right.end()

    def _are_words(self, left: str, text: str, at: int, end: int) -> bool:
        right = text[at:end]
        if right in map(str.upper, self.months):
            return known(left).docs > _MIN_WORD_DOCS
        if known(left).docs < _MIN_WORD_DOCS or known(left + right).docs:
            return False
        if right.lower() in self.starters:
            return left.islower() or (
                len(left) >= _MIN_LETTERS and right.lower() in self.determiners and len(right) > 2
            )
        if not left.islower() or text[end : end + 2].strip(" ,").isupper():
            return False
        if right.lower() in self.joints:
            following = _NEXT_WORD.match(text, end)
            return following is not None and following[1] in self.determiners
        row = known(right)
        return len(left) >= _MIN_LETTERS and row.docs > _MIN_NAME_DOCS and row.name_share > _MIN_NAME_SHARE


def _is_place(text: str, at: int, end: int) -> bool:
    """Whether `text[at:end]` and the next word are usually capitalized, as in the name of a place."""
    following = _NEXT_NAME.match(text, end)
    return following is not None and all(
        word == "New" or ((row := known(word)).docs > _MIN_PLACE_DOCS and row.name_share > _MIN_NAME_SHARE)
        for word in (text[at:end], following[1])
    )


def _seams(blocks: Iterable[Block]) -> Iterator[tuple[Block, int]]:
    """Yield the places where two adjacent letters of a block are not adjacent in the source.

    Each place is the block and the offset of the second letter.
    """
    for block in blocks:
        if len(block.places) > 3:  # otherwise the block is one piece of the source
            text = block.text
            for at in [at for at in block.places[3::3] if text[at - 1 : at + 1].isalpha()]:
                if not block.is_contiguous(at - 1, at + 1):
                    yield block, at


def _is_markup(document: Document, block: Block, at: int) -> bool:
    between = document.source.text[block.span(at - 1, at).end : block.span(at, at + 1).start]
    return _MARKUP.fullmatch(between) is not None


def _match(found: Junction, block: Block, document: Document) -> Match:
    span = place(block, (found.start, found.end), (found.at, found.end))
    return Match(*span, {"left": found.left, "right": found.right}, space(block, document, found.at))
