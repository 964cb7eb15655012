"""Punctuation marks without a space after them, or with a space before them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from linter import patterns
from linter.checks.spacing._junctions import (
    CLOSERS,
    LETTER,
    OPENERS,
    OTHER,
    Junction,
    east_asian,
    is_code_line,
    is_known,
    is_seen,
    junction,
    known,
    place,
    replacement,
    space,
)
from linter.document import OBJECT, Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import word_list
from linter.text.view import SPACES, find_odd, text_view
from linter.views import per_document

_SENTENCE = rf"(?!\s)(?:[”’»\"]|)(?=[“„(\"]?(?![a-z]){LETTER})"  # what follows a mark after which a sentence may begin
_CANDIDATES = {
    ",": patterns.lazy(rf",(?!\s)(?=[“„‘(]?{LETTER})"),
    ";": patterns.lazy(rf";(?!\s)(?={LETTER})"),
    ":": patterns.lazy(r":(?=[“„][^\W_])"),
    ".": patterns.lazy(rf"\.(?:{_SENTENCE}|(?=\d)(?<=[a-zA-Z]\.))"),
    "!": patterns.lazy(rf"!{_SENTENCE}"),
    "?": patterns.lazy(rf"\?{_SENTENCE}"),
}
_NAMES = {",": "comma", ";": "semicolon", ":": "colon", ".": "period", "!": "exclamation mark", "?": "question mark"}
_END_MARKS = ".!?"
_LINE_REACH = 500  # code points on each side of a mark that count as its line
_QUOTE_REACH = 5000  # code points before a mark in which quotation marks are counted

# Within a sentence
_NUMBERED = patterns.lazy(r",[^\W\d_]+\d")  # Csv,Conf,v7
_CODE_BEFORE = patterns.lazy(r"[\"(=]\s\Z|\w\(\w+ \Z|(?<!\S)--?[a-z][\w-]* \Z")
_CODE_BEHIND = patterns.lazy(r"\s*+[=({\[]|[^\S\n]\"| --?[a-z]")
_CALL = patterns.lazy(r"\w\([^()]*\Z")  # late(tram,ferry
_CONTRACTED = frozenset({"dr", "ll", "re", "ve"})  # tl;dr, you;re
_OTHER_SCRIPT = patterns.lazy(OTHER)
_SCRIPT_REACH = 60  # code points on each side that may not contain letters of another script
_MIN_WORD_DOCS = 300  # a word in at least this many documents of the word table is unlikely to be a name

# Between sentences
_GOES_ON = patterns.lazy(r"[,:;]?[ \n\u00a0]+[“„\"‘(]?[^\W_]|[’'][a-z]")
_NEXT_WORD = patterns.lazy(r"[ \n\u00a0]+(\w+)")
_DAY = patterns.lazy(r"(?:\d{1,2}|\d{4})(?![\w-]|[.:/]\w)")
_CHAIN = patterns.lazy(r"[^\W\d_]\.(?=[^\W\d_])")
_HAS_CAPITALS = patterns.lazy(r"[A-Z]+[a-z]*[A-Z]")
_ACRONYM = patterns.lazy(r"[A-Z]{2,}s?")
_SECTION = patterns.lazy(r"[IVX]+\.[A-Z]\Z")  # number of a section: VII.A
_RUN = patterns.lazy(r"[A-Z][a-z]{3,}(?=[A-Z])")
_ABBREVIATED = patterns.lazy(r"(?:\A|[\s(\"“])[A-Z]\.[A-Z]\.\Z")  # an abbreviation before a sentence: U.S.The
_MIN_STARTER_DOCS = 3000  # a word in more documents of the word table than this may begin a sentence
_MIN_NAME_SHARE = 0.1  # a word with at least this share of capitalized uses may be a name

# Before a mark
_MAX_SPACES = 20  # maximum spaces before a mark
_CODE_REACH = 40  # code points on each side that are searched for code
# Formulas, code, and code with a space around each sign.
_CODE = patterns.lazy(r"[\\$={}<>|^~]|\w_\w|\( \w|-> | \. [a-z]| : (?:str|int|float|bool|string|number|any)\b")
_TORN = patterns.lazy(r"[\\$={}<>|^~]|\( \w|->")  # signs of code even in tokenized text
_MIN_TOKENIZED_COMMAS = 5  # minimum commas with a space on both sides in tokenized text; most commas must be like this
# No comma, period or semicolon should follow these words. After them, a mark is stray, or a word is missing.
_LEADING = frozenset("a an and as at by for from in into nor of or our than the their to with".split())
_NUMBERED_PARTS = frozenset(
    "Appendix Article Chapter Clause Figure Section Table".split()
)  # in “Section .”, a number is missing
_OPENED = patterns.lazy(r"(?:\A|[\s(\"“])!{2,}+ [^!]*\Z")  # !! late !!
_OPENS = patterns.lazy(r"!{2,}+ [^!]{1,40} !!")
_JOINING = frozenset({"and", "or"})  # words before the last of several marks
_NOTE = patterns.lazy(r"</?(?:label|input)\b", re.IGNORECASE)  # markup of a margin note
_FIRST_COLON = patterns.lazy(r"[^:\n]:(?:\s|\Z)")
_MIN_ITEMS = 3  # minimum items of lists with a colon that separates them from their text
_MIN_ITEM_SHARE = 0.75  # minimum share of them with a space before the colon
_NAMED = patterns.lazy(r"\s+([*_]+)[^\w\s]\1 [a-z]")  # use **;** to
_SMILEY = patterns.lazy(r"[;:] ?[-o]? ?[()DPp](?!\w)")
_MACHINE = patterns.lazy(r"[@/#:]|[^\W\d_]\.[^\W\d_]")


@dataclass(frozen=True)
class MarkSpacing:
    """Punctuation marks with a missing or an extra space.

    `space` is `missing` (no space after the mark, between two words) or `extra` (a space between a word and the mark).
    `marks` are the punctuation marks: with `missing`, only `,;:.!?`; with `extra`, any marks. Code, URLs, lists of
    values, pairs in brackets, file names, initials, smileys and scripts without spaces between words are ignored.

    With `extra`, colons that separate parts are also ignored, as in “Trams : Line 1 : Stops”, in the text of a link, or
    in lists in which most items have such a colon. So are marks after an image or inline code, or after a number at the
    start of a line. Articles in Chinese and Japanese, where spaces around Latin marks are a matter of style, are
    ignored. The message may use {wrong} and {right}: the word with the mark as they are and as they should be.

    All other options apply to `missing`. Next to a comma, semicolon or colon in English, lowercase words must be known.

    After a period, exclamation mark or question mark, a sentence must begin. In English, three kinds of words begin a
    sentence: first, `starters`, which are given in lowercase and should not be names in code; second, other known,
    capitalized words, if the article has no code, or if the word is frequent and a comma or one of `determiners`
    follows it; third, acronyms, if the article has no code and the acronym is not one of `extensions`, which are
    extensions of file names. Words in `domains`, which are last parts of host names (“com”), begin a sentence only
    in capitals. In other languages, the word before the mark must be in lowercase, the word after the mark must be
    capitalized, and the next word must be in lowercase. Pairs of words that occur more than once with a mark between
    them are ignored, unless the second word is one of `starters`.

    `titles` are titles before names, such as “Dr”, and `months` are abbreviated months before days, such as “Nov”; both
    are given without the period. A missing space after their period is reported, too.

    With `missing`, the message may use {left}, the first word with the mark; {right}, the second word; and {mark}, the
    name of the mark.
    """

    space: Literal["missing", "extra"]
    marks: str
    starters: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.space == "missing" and (not self.marks or not set(self.marks) <= _CANDIDATES.keys()):
            raise ValueError("“marks” must consist of one or more of “,;:.!?”")

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"left", "right", "mark"} if self.vocabulary else {"wrong", "right"})

    @property
    def vocabulary(self) -> bool:
        return self.space == "missing"

    @cached_property
    def _after_space(self) -> dict[str, re.Pattern[str]]:
        return {
            mark: patterns.lazy(
                rf"{re.escape(mark)}(?<=[{SPACES}].){'!*+' if mark == '!' else ''}"
                rf"(?=[\s\"”’{'' if mark in ';:' else ')'}]|\Z)"
            )
            for mark in self.marks
        }

    def find_in(self, document: Document) -> Iterator[Match]:
        yield from self._missing(document) if self.space == "missing" else self._extra(document)

    def _extra(self, document: Document) -> Iterator[Match]:
        if east_asian(document) == "zh":
            return
        for mark, pattern in self._after_space.items():
            for block, at, _ in find_odd(document, mark, pattern):
                head = block.text[max(0, at - _MAX_SPACES) : at]
                gap = at - len(head) + len(head.rstrip(SPACES))
                if mark == ":" and _is_separator(document, block, at):
                    continue
                if _NAMED.match(document.source.text, block.span(gap - 1, gap).end):
                    continue
                if _is_extra(document, block.text, gap, at) and is_seen(document, block, gap - 1, at):
                    start, end = junction(block.text, gap, at).start, at + 1
                    narrower = (start, at), (gap, end), (at, end)
                    yield replacement(document, block, start, end, Edit(gap, at, ""), *narrower)

    def _missing(self, document: Document) -> Iterator[Match]:
        candidates = list(self._candidates(document))
        pairs = Counter((found.left, found.right) for found, _, _ in candidates if _ends_sentence(found))
        for found, behind, block in candidates:
            if _ends_sentence(found):
                is_mistake = self._is_missing_after_sentence(found, block.text, document, pairs)
            else:
                is_mistake = _is_missing_within_sentence(found, block.text, document)
            if is_mistake and not _is_name_of_link(found, block, document) and not _is_note(block, behind, document):
                yield _match(found, behind, block, document)

    def _candidates(self, document: Document) -> Iterator[tuple[Junction, int, Block]]:
        """Yield the words around each mark that may lack a space, the offset where the space belongs, and the block."""
        for mark in self.marks:
            for block, at, end in find_odd(document, mark, _CANDIDATES[mark]):
                behind = end - _opens_quotation(block.text, end)
                found = junction(block.text, at, behind)
                if found.is_prose:
                    yield found, behind, block

    def _is_missing_after_sentence(
        self, found: Junction, text: str, document: Document, pairs: Counter[tuple[str, str]]
    ) -> bool:
        left, right = found.left, found.right
        if left.lower() in _LEADING:
            return False
        if left in self.months or left in map(str.upper, self.months):
            return _DAY.match(text, found.at) is not None and found.chunk[: found.before].lstrip(OPENERS) == left
        if left in self.titles or left in map(str.upper, self.titles):
            return len(right) > 2 and (right.istitle() or (left.isupper() and right.isupper()))
        if document.language == "en" and _ABBREVIATED.search(text[max(0, found.mark - 5) : found.mark + 1]):
            return right.istitle() and right.lower() in self.starters and _GOES_ON.match(text, found.end) is not None
        if right[0].isdigit() or len(_CHAIN.findall(found.chunk)) > 1 or not _GOES_ON.match(text, found.end):
            return False
        first = re.split("[’'-]", right, maxsplit=1)[0]
        if _SECTION.match(f"{left}.{right}"):
            return False
        if document.language == "en" and first.lower() in self.starters:
            return len(left) > 1 and (first.istitle() or (left.islower() and first != "IT"))
        if document.language == "en" and first.isalpha() and _HAS_CAPITALS.match(first):
            return pairs[left, right] == 1 and not document.has_code and self._is_acronym_or_run(found, first, text)
        if not (left.islower() and left[0].isalpha() and first.istitle() and min(len(left), len(first)) > 1):
            return False
        if first.lower() in self.domains or pairs[left, right] > 1:
            return False
        if document.language == "en":
            return is_known(left) and is_known(first) and self._begins_sentence(first, found.end, text, document)
        behind = text[found.end : found.end + 2].lstrip()
        return behind[:1].islower() and (document.language != "" or not document.has_code)

    def _is_acronym_or_run(self, found: Junction, first: str, text: str) -> bool:
        """Whether `first` begins a sentence as an acronym (“MEPs”) or as two words run together (“BackgroundIn”)."""
        left, is_quoted = found.left, found.chunk[found.before + 1 : found.before + 2] in ("”", "»")
        if first.lower().removesuffix("s") in self.extensions or OBJECT in text:
            return False
        if run := _RUN.match(first):
            rest = first.removeprefix(run[0])
            is_text = rest.isupper() or rest.lower() in self.starters  # not so in menu.SelectedItem
            is_apart = is_quoted or (is_text and left.islower() and left.isalpha() and is_known(left))
            return is_apart and is_known(run[0])
        if not _ACRONYM.fullmatch(first):
            return False
        if is_quoted:
            return True
        is_rare = len(first) < 3 or first.lower() in self.domains  # it.EU, but gov.UK
        return left.islower() and (known(left).docs > _MIN_STARTER_DOCS if is_rare else is_known(left))

    def _begins_sentence(self, word: str, end: int, text: str, document: Document) -> bool:
        """Whether `word`, which ends at `end`, begins an English sentence and is not part of an identifier."""
        row = known(word)
        if row.docs > _MIN_STARTER_DOCS and row.name_share < _MIN_NAME_SHARE:
            following = _NEXT_WORD.match(text, end)
            if text[end : end + 1] == "," or (following and following[1] in self.determiners):
                return True
        return OBJECT not in text and not document.has_code


def _is_separator(document: Document, block: Block, at: int) -> bool:
    """Whether a colon with a space before it separates a page from its site, “a : b : c”, or an item from its text.

    In the last case, several items of lists in the article must have a colon, and most of them a space before it.
    """
    if _line(block.text, at).count(" : ") > 1:
        return True
    if any(link.start <= at < link.end for link in document.links_by_block.get(block, ())):
        return True
    return "list" in block.scopes and _separates_items(document)


@per_document
def _separates_items(document: Document) -> bool:
    colons = filter(None, (_FIRST_COLON.search(block.text) for block in document.blocks_in(frozenset({"list"}))))
    spaced = [colon[0][0] in SPACES for colon in colons]
    return len(spaced) >= _MIN_ITEMS and sum(spaced) >= _MIN_ITEM_SHARE * len(spaced)


def _ends_sentence(found: Junction) -> bool:
    return found.chunk[found.before] in _END_MARKS


def _is_missing_within_sentence(found: Junction, text: str, document: Document) -> bool:
    left, mark, right = found.left, text[found.mark], found.right
    if left == right or right == "DR" or right[-1].isdigit() or len(found.chunk) == len(text):
        return False
    if mark == "," and _CALL.search(text[max(0, found.start - _SCRIPT_REACH) : found.mark]):
        return False
    if found.chunk.count(",") > (1 if found.chunk.islower() else 2) or _NUMBERED.search(found.chunk):
        return False  # a list of values, or a name that looks like a list
    if left.isupper() and right.isupper() and min(len(left), len(right)) > 1:  # ASP,NET
        return False
    if (left.isupper() and found.chunk == _line(text, found.start)) or is_code_line(text, found.start, found.end):
        return False  # PRINT,total alone on its line
    if (len(right) == 1 and right not in "aAI") or (len(left) == 1 and not left.isdigit()):  # x,y
        return False
    if mark == ";" and not (
        left.islower() and right.islower() and right not in _CONTRACTED and found.chunk.count(";") < 2
    ):
        return False  # a list of values, a style, tl;dr
    if found.chunk.endswith(":") and found.chunk.islower():  # scopes of a commit message: build,docs: say what is late
        return False
    if _CODE_BEHIND.match(text, found.end) or _CODE_BEFORE.search(text[max(0, found.start - 40) : found.start]):
        return False
    if _OTHER_SCRIPT.search(text, max(0, found.start - _SCRIPT_REACH), found.end + _SCRIPT_REACH):
        return False
    english = document.language == "en"
    if not (_is_word(right, english) and (left[0].isdigit() or _is_word(left, english))):
        return False
    return not (english and document.has_code and _may_be_name(right))


def _line(text: str, at: int) -> str:
    """Return the line with the offset `at`, up to _LINE_REACH code points on each side, without spaces around it."""
    before, behind = text[max(0, at - _LINE_REACH) : at], text[at : at + _LINE_REACH]
    return (before.rpartition("\n")[2] + behind.partition("\n")[0]).strip()


def _may_be_name(word: str) -> bool:
    """Whether the word after a mark may be a name in the code of the article: “legacy,json”, “Node,RBAC”."""
    if word.islower():
        return known(word).docs < _MIN_WORD_DOCS or word in word_list("code names")
    return len(word) > 1 and word.isupper()


def _is_word(word: str, english: bool) -> bool:
    if word.islower():
        return not english or is_known(word)
    if word.isupper() or word.istitle():
        return True
    return word[0].isupper() and ("-" in word or "’" in word or "'" in word or is_known(word))


def _opens_quotation(text: str, behind: int) -> bool:
    """Whether `text[behind - 1]` is a straight quotation mark that probably opens a quotation."""
    return text[behind - 1] == '"' and text.count('"', max(0, behind - _QUOTE_REACH), behind - 1) % 2 == 0


def _is_name_of_link(found: Junction, block: Block, document: Document) -> bool:
    """Whether the words around the mark are in a link to an address that contains them: [St.Berg](…/stberg)."""
    name = f"{found.left}{found.right}".lower()
    return any(
        link.start <= found.start and found.end <= link.end and name in link.url.lower()
        for link in document.links_by_block.get(block, ())
    )


def _is_note(block: Block, at: int, document: Document) -> bool:
    """Whether the source has the markup for a margin note between `block.text[at - 1]` and `block.text[at]`."""
    start, end = block.span(at - 1, at).end, block.span(at, at + 1).start
    return end > start and _NOTE.search(document.source.text, start, end) is not None


def _match(found: Junction, behind: int, block: Block, document: Document) -> Match:
    left, right = block.text[found.start : behind], block.text[behind : found.end]
    values = {"left": left, "right": right, "mark": _NAMES[block.text[found.mark]]}
    span = place(block, (found.start, found.end), (found.mark, found.end), (found.mark, behind))
    unclear = _ends_sentence(found) and '"' in left + right  # which side of the quotation mark the space belongs on
    beside_markup = block.span(behind, behind).start != block.span(behind, behind + 1).start
    return Match(*span, values, () if unclear else space(block, document, behind), sure=not beside_markup)


@per_document
def _is_tokenized(document: Document) -> bool:
    """Whether the article was split into words and marks: most commas have spaces on both sides, as in “red , blue”."""
    text = text_view(document).text
    torn = text.count(" , ")
    return torn >= _MIN_TOKENIZED_COMMAS and torn * 2 > text.count(", ")


def _is_extra(document: Document, text: str, gap: int, at: int) -> bool:
    """Whether `text[gap:at]` is probably an extra space between a word and the punctuation mark at `at`."""
    found = junction(text, gap, at)
    word = found.left
    before = text[gap - 1] if gap else ""
    if not word or _OTHER_SCRIPT.match(word[-1]) or not (before.isalnum() or before in CLOSERS):
        return False
    if _OTHER_SCRIPT.search(text, max(0, gap - _SCRIPT_REACH), at + _SCRIPT_REACH):
        return False
    if word.isdigit() and (not found.start or text[found.start - 1] == "\n"):
        return False
    if len(text) == at + 1 and word.islower() and not found.start:  # a command in a paragraph of its own: ls .
        return False
    if len(word) < 2 and before not in CLOSERS and not word.isdigit():
        return False
    glued = text[max(0, gap - _CODE_REACH) : gap].split()[-1]
    code = _TORN if _is_tokenized(document) else _CODE
    if _MACHINE.search(glued) or code.search(text[max(0, gap - _CODE_REACH) : at + _CODE_REACH]):
        return False
    if text[at] == ":" and (before == '"' or before.isdigit()):  # a key, a ratio
        return False
    if text[at] == ";" and (word.isdigit() or before == "]"):
        return False
    if text[at] in ",.;" and word in _LEADING | _NUMBERED_PARTS:  # a word is missing there: sent to , on Monday
        return False
    if text[at] in ",;:":
        return _SMILEY.match(text, at) is None
    if (text[at] == "?" and word in _JOINING) or _is_one_of_pair(text, gap, at):
        return False
    behind = text[at + 1 : at + _CODE_REACH].lstrip('"”’) \n\u00a0“(¿¡')
    may_be_sign = text[at] in "!?" or code is _TORN
    return not behind or behind[0].isupper() or (may_be_sign and not behind[0].isalnum())


def _is_one_of_pair(text: str, gap: int, at: int) -> bool:
    """Whether the mark at the offset `at` belongs to one of two groups of exclamation marks, as in “!! late !!”."""
    if not text.startswith("!!", at):
        return False
    return _OPENS.match(text, at) is not None or _OPENED.search(text[max(0, gap - _CODE_REACH) : gap]) is not None
