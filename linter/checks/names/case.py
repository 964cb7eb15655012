"""Words in a wrong spelling or capitalization, such as brand names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals, literals_of_phrases
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import word_list
from linter.text.view import text_view
from linter.text.words import WORD, Passage, Word, mixed_names, occurring, vocabulary, word_places, words_in_code
from linter.word_lists import require_table, word_lists

# A command or code before a lowercase word: npm install -g typescript.
_COMMAND = patterns.lazy(
    r"(?:\b(?:install|npm|npx|pip3?|apt|apt-get|brew|sudo|gem|cargo|conda|composer|choco|yum|dnf|pacman|systemctl|kubectl"
    r"|package|command|crate|password|username)|(?<!\S)--?\w[\w-]*| /)[ \n]+[\"'“‘]?\Z"
)
_ALONE = patterns.lazy(r"(?:['’]s\b)?[,;:!?)\]\"”’.*]*(?:\s|\Z)")
_APART = patterns.lazy(r"[\s(\"“‘\[*]|\Z")
_MAX_VALUES_LENGTH = 100  # maximum length of a list of values in brackets, in code points
_COMMAND_REACH = 30  # code points before a word that are searched for a command
_FOLDER = patterns.lazy(  # words after the name of a directory, user, branch and so on
    r"[\"'”’]?[ \n](?:director(?:y|ies)|folders?|user|branch|partition|label|script|container|image|repo(?:sitory)?)\b",
    re.IGNORECASE,
)
_PART = patterns.lazy(r"[^\W_]+")
_HYPHENS = frozenset("-\u2010\u2011")
# google-based
_COMPOUND = patterns.lazy(r"[-\u2010\u2011](?:based|powered|style|like|related|specific|friendly|enabled)\b")
_NAMED = patterns.lazy(r"[^\W\d_]\(\Z")  # data(name)
_CAPITAL = patterns.lazy(r" [A-Z]")
_TWO_PARTS = patterns.lazy(r"([A-Z][a-z]{2,})([A-Z][A-Za-z]*)")  # You, Tube
_BRANDS = "brands.txt"
_VERBS = frozenset({"google"})  # brands whose lowercase form another rule reports
_MAX_PHRASE_WORDS = 5  # maximum words of a phrase that is also searched for with missing capitals
# Words next to a name that is used as a verb.
_OBJECTS = frozenset("it for of me you him her them us that this the a an your my our how what why who where".split())
_EAST_ASIAN = "\u2e80"  # the first code point of the scripts of Chinese and Japanese
_SUBJECTS = frozenset(
    "to can could will would should may might must shall you i we they and or just then please go do don didn not let "
    "s never always quickly simply even also still then people users birds who".split()
)


@dataclass(frozen=True)
class Case:
    """Words in a spelling or capitalization other than the correct one.

    `words` lists correct spellings, which consist of letters only. Common wrong capitalizations of these words are
    reported (“Javascript” for “JavaScript”), except ALL CAPITALS, as in headlines, and except a capital that a word has
    at the start of a sentence (“JQuery is” for “jQuery is”). `accepted` lists other spellings that are also allowed.
    `table` names a file in `linter/data`, such as “brands.txt”, with more `words` and `capitalized` names.

    More options list names for which only some capitalizations are reported. For names in `capitalized`, the lowercase
    form is allowed, because it may be something else, such as a command, a file or an ordinary word. `next_to` maps
    names to words separated by spaces; the lowercase form of the name is reported only in a block that contains one of
    these words. For names in `verbs`, the lowercase form is allowed as a verb (“to google it”). Names in `topics` are
    reported only if the article has the correct spelling at least as often within a sentence or in a headline. For
    names in `small`, only the lowercase form is reported, and only if it does not occur in the code of the article, as
    the name of a package or command does.

    `spellings` maps wrong spellings to correct ones, exactly as written. The wrong spellings may contain digits, spaces
    and punctuation. With `split: true`, words of the table that consist of two capitalized parts are reported if they
    are written as two words within a sentence (“You Tube”).

    `phrases` lists names of several words. Such a name is reported if any of its words lacks a capital, or if the whole
    name is in capitals within a lowercase sentence. `half` lists names that are something else in lowercase or at the
    start of a sentence: “the Red sea” is reported, “a red sea” is not. Forms that other rules report are ignored, and
    so are missing capitals in names of more than five words.

    In text that is not English, lowercase names are ignored, except those in `spellings`. The message may use {right},
    the correct spelling.
    """

    words: tuple[str, ...] = ()
    capitalized: tuple[str, ...] = ()
    next_to: Mapping[str, str] = field(default_factory=dict)
    verbs: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    table: str = ""
    spellings: Mapping[str, str] = field(default_factory=dict)
    split: bool = False
    phrases: tuple[str, ...] = ()
    half: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_table(self.table)
        if bad := next((wrong for wrong in self.spellings if not WORD.search(wrong)), None):
            raise ValueError(f"spellings: “{bad}” contains no letter")

    @cached_property
    def literals(self) -> Literals | None:
        """The literals of the wrong spellings in `_spelled`, or None if other words are also checked."""
        return None if self._rights or self._names else literals_of_phrases(self._spelled)

    @cached_property
    def _rights(self) -> dict[str, str]:
        table = word_lists(self.table) if self.table else {"words": frozenset(), "capitalized": frozenset()}
        wrong = {word.lower(): word for word in self.small}
        for word in (*self.capitalized, *table["capitalized"]):
            swapped = word[0].swapcase() + word[1:]
            wrong |= dict.fromkeys({word.capitalize(), swapped} - {word.lower()}, word)
        for word in (*self.words, *table["words"], *self.next_to, *self.verbs, *self.topics):
            wrong |= dict.fromkeys((word.lower(), word.capitalize(), word[0].swapcase() + word[1:]), word)
            if word.istitle():
                wrong[word[:2].upper() + word[2:]] = word  # GMail
        accepted = frozenset(self.accepted)
        return {
            form: word for form, word in wrong.items() if form != word and not form.isupper() and form not in accepted
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        single = word_lists(self.table)["single"] if self.table else frozenset()
        names = single.union(self._rights.values()).difference(self.small, self.topics)
        return {word.lower(): word for word in names if word not in self.spellings}

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self.small)

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """The wrong spellings from `spellings`, `split`, `phrases` and `half`, each with the correct spelling."""
        return {**self._in_parts, **self._lowered, **self.spellings}

    @cached_property
    def _in_parts(self) -> dict[str, str]:
        """With `split`, brands of the table as two words (“You Tube”), each with the correct spelling.

        Without `split`, there are none.
        """
        table = word_lists(self.table)["words"] if self.split and self.table else frozenset()
        parts = ((_TWO_PARTS.fullmatch(word), word) for word in table)
        return {f"{part[1]} {part[2]}": word for part, word in parts if part}

    @cached_property
    def _lowered(self) -> dict[str, str]:
        """Forms of the names in `phrases` and `half` with wrong capitals, each with the correct form."""
        whole, half = _with_curly(self.phrases), _with_curly(self.half)
        found = {form: name for name in whole for form in _without_capitals(name)}
        found |= {form: name for name in half for form in _without_capitals(name) if not form.islower()}
        brands = {word.lower() for word in word_lists(_BRANDS)["words"]} | _VERBS if found else set()
        names = word_list("names") | word_list("names in context")
        found = {
            form: name
            for form, name in found.items()
            if form != name
            and form.split(" ")[0] not in brands
            and not names.issuperset(word for word in form.split(" ") if word.islower())
        }
        return found | {name.upper(): name for name in whole}

    @cached_property
    def _halves(self) -> frozenset[str]:
        """The names in `half` and the brands of `_in_parts`, which are reported only within a sentence."""
        return frozenset((*_with_curly(self.half), *self._in_parts.values()))

    @cached_property
    def _spellings(self) -> dict[str, list[str]]:
        """The wrong spellings in `_spelled` by their first word, the longest spelling first."""
        found: dict[str, list[str]] = {}
        for wrong in sorted(self._spelled, key=len, reverse=True):
            found.setdefault(WORD.search(wrong)[0], []).append(wrong)  # type: ignore[index]  # there is a letter
        return found

    @cached_property
    def _by_longest(self) -> dict[str, list[tuple[str, str, frozenset[str]]]]:
        """The wrong spellings in `_spelled` by their longest word, which is usually the rarest.

        Each spelling comes with its first word and the set of all its words.
        """
        found: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
        for wrong in self._spelled:
            words = WORD.findall(wrong) or [wrong]
            found.setdefault(max(words, key=len), []).append((wrong, words[0], frozenset(words)))
        return found

    @cached_property
    def _sought(self) -> frozenset[str]:
        """The wrong spellings in `_rights`, and the longest word of each wrong spelling in `_spelled`."""
        return frozenset((*self._rights, *self._by_longest))

    @cached_property
    def _company(self) -> dict[str, frozenset[str]]:
        return {word: frozenset(words.split()) for word, words in self.next_to.items()}

    def find_in(self, document: Document) -> Iterator[Match]:
        mixed = mixed_names(document).items() if self._names else ()
        sought = occurring(document, self._sought)
        words = {word for word, small in mixed if self._names.get(small, word) != word}
        words |= self._rights.keys() & sought
        for longest in sought & self._by_longest.keys():
            for wrong, first, parts in self._by_longest[longest]:
                if parts <= vocabulary(document) and wrong in text_view(document).text:
                    words.add(first)
        if not words:
            return
        if self.topics:
            words -= self._other_topics(document, words)
        words -= words_in_code(document, words & self._packages)
        for passage, word in word_places(document, words):
            right = self._right(word.text)
            if right and self._is_meant(passage, word) and not _is_in_title(document, passage, word):
                start, end = passage.block.span(word.start, word.end)
                yield Match(start, end, {"right": right}, (Edit(start, end, right),))
            elif (found := self._spelling(passage, word)) and passage.block.is_contiguous(*found):
                start, end = passage.block.span(*found)
                right = self._spelled[passage.text[slice(*found)]]
                yield Match(start, end, {"right": right}, (Edit(start, end, right),))

    def _right(self, word: str) -> str:
        """Return the correct spelling of the name `word`, or "" if `word` is accepted or is not a name of this rule."""
        right = self._rights.get(word) or self._names.get(word.lower(), "")
        return "" if word in self.accepted else right

    def _spelling(self, passage: Passage, word: Word) -> tuple[int, int] | None:
        """Return the range, in the text of `passage`, of the wrong spelling to report at `word`, or None."""
        text = passage.text
        for wrong in self._spellings.get(word.text, ()):
            start = word.start - (len(wrong) - len(wrong.lstrip(".")))
            end = start + len(wrong)
            if _NAMED.search(text, max(0, start - 2), start):
                continue
            if text.startswith(wrong, start) and _ALONE.match(text, end) and _APART.match(text[start - 1 : start]):
                return (start, end) if wrong in self.spellings or self._is_name(passage, word, wrong) else None
        return None

    def _is_name(self, passage: Passage, word: Word, wrong: str) -> bool:
        """Whether `wrong`, a wrong spelling that starts with `word`, is probably meant as a name."""
        end = word.start + len(wrong)
        if self._spelled[wrong] in self._halves and (passage.is_title_case or passage.starts_sentence(word)):
            return False
        if wrong in self._in_parts and _CAPITAL.match(passage.text, end):  # Open Office Hours
            return False
        if wrong.isupper() and not _is_shouted(passage, word, end):
            return False
        return passage.is_prose(word) and not passage.text.islower()

    def _only_opens(self, passage: Passage, word: Word) -> bool:
        """Whether a word differs from the right spelling only by a capital at the start of a sentence: “JQuery is”."""
        right = self._right(word.text)
        return right[0] == word.text[0].lower() and right[1:] == word.text[1:] and passage.starts_sentence(word)

    def _other_topics(self, document: Document, words: Set[str]) -> set[str]:
        """Return the `words` whose names are in `topics`, unless the correct spelling is as common in the article."""
        topics = {self._rights[word] for word in words if self._rights.get(word) in self.topics}
        shown = Counter(
            word.text
            for passage, word in word_places(document, topics)
            if "heading" in passage.block.scopes or "title" in passage.block.scopes or not passage.starts_sentence(word)
        )
        lowered = {word for word in words if self._rights.get(word) in topics}
        used = Counter(self._rights[word.text] for _, word in word_places(document, lowered))
        return {word for word in lowered if shown[self._rights[word]] < max(1, used[self._rights[word]])}

    def _is_meant(self, passage: Passage, word: Word) -> bool:
        """Whether `word` is probably meant as a name, and not, for example, as part of a file name."""
        if not word.text.islower():
            is_among_capitals = word.text[0].isupper() and word.text[2:].isupper()  # McLAREN
            if word.is_capitalized and self._right(word.text).isupper() and _is_in_name(passage, word):
                return False
            return not is_among_capitals and passage.is_plain(word) and not self._only_opens(passage, word)
        around = passage.text[word.start - 1 : word.start] + passage.text[word.end : word.end + 1]
        is_compound = around[:1] not in _HYPHENS and _COMPOUND.match(passage.text, word.end)
        if (not _HYPHENS.isdisjoint(around) and not is_compound) or ":" in around or not passage.is_prose(word):
            return False
        right = self._rights[word.text]
        company = self._company.get(right)
        if company is not None and company.isdisjoint(passage.vocabulary):
            return False
        if right in self.verbs and _is_verb(passage, word):
            return False
        if (
            _is_value(passage, word)
            or _FOLDER.match(passage.text, word.end)
            or _NAMED.search(passage.text, max(0, word.start - 2), word.start)
        ):
            return False
        return not _COMMAND.search(passage.text[max(0, word.start - _COMMAND_REACH) : word.start])


def _is_in_name(passage: Passage, word: Word) -> bool:
    """Whether the word before or after `word` is capitalized, too: Sam Roi Yot."""
    around = (passage.before(word), passage.behind(word))
    return not passage.is_title_case and any(other is not None and other.is_capitalized for other in around)


def _is_in_title(document: Document, passage: Passage, word: Word) -> bool:
    """Whether `word` is in a link that shows the title of a page elsewhere: its address has the same three words."""
    for link in document.links_by_block.get(passage.block, ()):
        if link.start <= word.start < link.end and link.url.startswith("http"):
            before = _PART.findall(passage.text[link.start : word.start].lower())[-2:]
            behind = _PART.findall(passage.text[word.end : link.end].lower())[:2]
            words = [*before, word.text.lower(), *behind]
            address = "-".join(_PART.findall(link.url.lower()))
            return any("-".join(words[at : at + 3]) in address for at in range(len(words) - 2))
    return False


def _with_curly(names: Iterable[str]) -> list[str]:
    """Return the names and, for names with straight apostrophes, also their forms with curly apostrophes."""
    return [*names, *(name.replace("'", "’") for name in names if "'" in name)]


def _without_capitals(name: str) -> Iterator[str]:
    """Yield the forms of a name in which each capitalized word has or lacks its capital, including the name itself.

    Yield nothing for a name of more than _MAX_PHRASE_WORDS words.
    """
    words = name.split(" ")
    choices = [(word, word[0].lower() + word[1:]) if word[1:].islower() else (word,) for word in words]
    if len(words) <= _MAX_PHRASE_WORDS:
        yield from (" ".join(choice) for choice in product(*choices))


def _is_shouted(passage: Passage, word: Word, end: int) -> bool:
    """Whether the words from `word` to the offset `end`, which are in capitals, are within a lowercase sentence."""
    if passage.is_title_case or passage.starts_sentence(word):
        return False
    before = passage.before(word)
    behind = passage.behind(Word("", end, end))
    return all(other is not None and other.text.islower() for other in (before, behind))


def _is_value(passage: Passage, word: Word) -> bool:
    """Whether `word` is one of several lowercase values in parentheses: “(google, bing, email)”."""
    start, end = passage.text.rfind("(", 0, word.start), passage.text.find(")", word.end)
    inside = passage.text[start + 1 : end] if 0 <= start < end and end - start <= _MAX_VALUES_LENGTH else ""
    return "," in inside and inside.islower() and all(len(value.split()) == 1 for value in inside.split(","))


def _is_verb(passage: Passage, word: Word) -> bool:
    before, behind = passage.before(word), passage.behind(word)
    return (
        before is None
        or passage.starts_sentence(word)
        or passage.text[: word.start].rstrip()[-1:] > _EAST_ASIAN
        or before.text.lower() in _SUBJECTS
        or (behind is not None and behind.text.lower() in _OBJECTS)
    )
