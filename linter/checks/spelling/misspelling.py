"""Misspelled words with their corrections."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from linter.checks.spelling import _codespell
from linter.checks.spelling._typos import typos
from linter.checks.spelling._unknown_words import edits, like, unknown_words
from linter.document import Document
from linter.rule import Match
from linter.text.words import Passage, Word, vocabulary

_MAX_USES = 2  # maximum uses of a misspelling in an article; a more frequent word is probably a term
_MAX_CHOICES = 3  # maximum number of corrections in a message


@dataclass(frozen=True)
class Misspelling:
    """Unknown words that have a known correction, in English sentences.

    `correction` is the kind of misspelling: `swapped` (two letters changed places), `missing` (a letter is missing),
    `doubled` (a letter is doubled), `extra` (there is an extra letter), `vowel` (a vowel is wrong), `joined` (the space
    between two words is missing) or `listed` (the default: the word is in codespell's list, if the list is installed,
    and is of no other kind). Except with `listed`, the correction must be a common word or, for `joined`, two such
    words. A lowercase word at the start of a block or alone in parentheses is not two joined words but a name, such as
    that of a user.

    `words` lists words that are correct, in lowercase. A word that occurs three times or more is reported only if the
    article also contains a correction of it. The fix applies the correction if there is only one. The message may use
    {right}, up to three corrections in quotation marks: “one” or “other”.
    """

    correction: Literal["swapped", "missing", "doubled", "extra", "vowel", "joined", "listed"] = "listed"
    words: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    @property
    def lacks(self) -> str:
        """The name of a missing package without which this check finds nothing, or ""."""
        return _codespell.EXTRA if self.correction == "listed" and not _codespell.place() else ""

    @property
    def index(self) -> type[_KindIndex]:
        return _KindIndex

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.words)

    def find_in(self, document: Document) -> Iterator[Match]:
        if not (corrections := self._corrections(document)):
            return
        found = list(unknown_words(document, corrections))
        counts = Counter(word.text.lower() for _, word in found)
        for passage, word in found:
            rights = corrections[word.text.lower()]
            span = passage.block.span(word.start, word.end)
            choices = [like(word.text, right) for right in rights[:_MAX_CHOICES]]
            if self.correction == "joined" and _is_label(passage, word):
                continue
            fix = edits(document, span, word.text, choices[0])
            if fix and (counts[word.text.lower()] <= _MAX_USES or not vocabulary(document).isdisjoint(rights)):
                yield Match(*span, {"right": _either(choices)}, fix if len(rights) == 1 else ())

    def _corrections(self, document: Document) -> dict[str, tuple[str, ...]]:
        """Map the possible misspellings in an article, in lowercase, to their corrections."""
        if self.correction == "listed":
            found = _codespell.misspellings(document)
        else:
            found = {word: (typo.right,) for word, typo in typos(document).items() if typo.kind == self.correction}
        return {word: rights for word, rights in found.items() if word not in self._words}


@dataclass(frozen=True, eq=False)
class _KindIndex:
    """An index of checks by their kinds of misspelling."""

    checks: Sequence[Misspelling]

    def hits(self, document: Document) -> Collection[int]:
        kinds = {typo.kind for typo in typos(document).values()}
        if "listed" in self._by_kind and _codespell.misspellings(document):
            kinds.add("listed")
        return [number for kind in kinds for number in self._by_kind[kind]]

    @cached_property
    def _by_kind(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the checks by their `correction`."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, check in enumerate(self.checks):
            found[check.correction].append(number)
        return found


def _is_label(passage: Passage, word: Word) -> bool:
    """Whether `word` is in lowercase and starts the passage, or is alone in parentheses: a name, such as a user’s."""
    is_alone = passage.text[word.start - 1 : word.start] == "(" and passage.text[word.end : word.end + 1] == ")"
    return word.text.islower() and (is_alone or not passage.text[: word.start].strip())


def _either(words: Sequence[str]) -> str:
    """Return the words in quotation marks, as a phrase: “one”, “other” or “third”."""
    *most, last = (f"“{word}”" for word in words)
    return f"{', '.join(most)} or {last}" if most else last
