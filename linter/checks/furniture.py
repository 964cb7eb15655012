"""Lines that belong to a page, not to the story on it: forms, bars, notices, navigation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import regex

from linter.document import Document
from linter.matching import matches_at
from linter.placing import line_deletion
from linter.planning import literals
from linter.prose.ownlines import OwnLine, OwnLines, own_lines
from linter.rule import Match

_NAME = regex.compile(r"(?<!\\[pP])\{([a-z]+)\}")
_EITHER = regex.compile(r"\s+\|\s+")
_PLAIN = re.compile(r"[^\W\d_]{2}(?![?*{|])")
_FLAGS = regex.VERSION1 | regex.IGNORECASE
_LONGEST = 400  # code points of a line of furniture
_EDGE = 2  # paragraphs of running text that may stand between a line and the edge of the article
_GAP = 2  # how far apart the numbers of two lines are that stand together
_LINKED = 0.9  # of the words of a line that is nothing but a link


@dataclass(frozen=True)
class Furniture:
    """`lines` are regular expressions of the package `regex`, in any case, that fit a whole line of the story.

    The signs around its words, its end mark among them, are none of the line; a space is any white space, a straight
    apostrophe is a curly one too, and `{name}` is any of what stands under that name in `words`: `news | sport`. Lines
    that fit `together` count beside one of `lines`, or where `several` of them stand together. `where` is anywhere, or
    the start, the end, or either edge of the article, up to the second paragraph of running text. `link` says whether
    a line is to be one link, or to hold none. `with_links: true` takes the lines that are links right behind one.
    Quotations, tables, captions and code are passed over, and so is a line of a wrapped sentence.
    """

    lines: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    several: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    where: Literal["anywhere", "start", "end", "edge"] = "anywhere"
    link: Literal["any", "whole", "none"] = "any"
    with_links: bool = False

    def __post_init__(self) -> None:
        for name in _NAME.findall(" ".join(self.lines + self.together)):
            if name not in self.words:
                raise ValueError(f"“{{{name}}}” stands nowhere in “words”")
        if not self.lines and not (self.together and self.several):
            raise ValueError("“furniture” needs “lines”, or “together” and “several”")

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return regex.compile(_either(self._written(self.lines + self.together)), _FLAGS)

    @cached_property
    def literals(self) -> literals.Literals | None:
        needed = self.lines + (self.together if self.several else ())
        return literals.of_pattern(_either(self._written(needed)), _FLAGS)

    @cached_property
    def _sure(self) -> _Index:
        return _Index(self._written(self.lines))

    @cached_property
    def _unsure(self) -> _Index:
        return _Index(self._written(self.together))

    def _written(self, patterns: Sequence[str]) -> tuple[str, ...]:
        return tuple(_NAME.sub(self._words, one).replace("'", "['’]") for one in patterns)

    def _words(self, name: regex.Match[str]) -> str:
        return f"(?:{_EITHER.sub('|', self.words[name[1]].strip())})"

    def find(self, document: Document) -> Iterator[Match]:
        story = own_lines(document)
        sure, unsure = {}, {}
        for line in story.lines:
            if line.end - line.start > _LONGEST or not self._is_here(line, story):
                continue
            if self._sure.fits(line.text):
                sure[line.number] = line
            elif self._unsure.fits(line.text):
                unsure[line.number] = line
        found = {**sure, **self._standing_together(sure, unsure)}
        if self.with_links:
            found |= _lists(story, found)
        for number in sorted(found):
            span = story.span(found[number])
            yield Match(*span, {}, line_deletion(span, document))

    def _is_here(self, line: OwnLine, story: OwnLines) -> bool:
        if self.where != "anywhere":
            start, end = story.before(line) < _EDGE, story.behind(line) < _EDGE
            if not {"start": start, "end": end, "edge": start or end}[self.where]:
                return False
        if self.link == "any":
            return True
        linked = story.linked(line)
        return not linked if self.link == "none" else linked >= _LINKED * (line.words[1] - line.words[0])

    def _standing_together(self, sure: Mapping[int, OwnLine], unsure: Mapping[int, OwnLine]) -> dict[int, OwnLine]:
        """Those of the lines in `unsure` that are not alone."""
        found: dict[int, OwnLine] = {}
        for run in _runs(sorted({*sure, *unsure})):
            others = {line.text.casefold() for number in run if (line := unsure.get(number))}
            if any(number in sure for number in run) or 0 < self.several <= len(others):
                found |= {number: unsure[number] for number in run if number in unsure}
        return found


@dataclass(frozen=True, eq=False)
class _Index:
    """Patterns, by the first two letters of what they fit, so that a line is tried on few."""

    patterns: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Whether one of them fits all of a text. Raises TimeoutError as `matching` does."""
        return any(
            match.end() == len(text)
            for begin in (text[:2].casefold(), "")
            if begin in self._by_beginning
            for match in matches_at(self._by_beginning[begin], text, (0,))
        )

    @cached_property
    def _by_beginning(self) -> dict[str, regex.Pattern[str]]:
        groups = defaultdict(list)
        for pattern in self.patterns:
            groups[pattern[:2].casefold() if _PLAIN.match(pattern) and not _is_choice(pattern) else ""].append(pattern)
        return {begin: regex.compile(rf"{_either(some)}\Z", _FLAGS) for begin, some in groups.items()}


def _either(patterns: Sequence[str]) -> str:
    return "(?:" + ("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)") + ")"


def _is_choice(pattern: str) -> bool:
    """Whether a pattern has alternatives that lie in no brackets."""
    depth = 0
    for sign in pattern:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            return True
    return False


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers in order → those that lie close together."""
    run: list[int] = []
    for number in numbers:
        if run and number - run[-1] > _GAP:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _lists(story: OwnLines, found: Mapping[int, OwnLine]) -> dict[int, OwnLine]:
    """The lines right behind those in `found` that are nothing but a link each."""
    added: dict[int, OwnLine] = {}
    last = None
    for line in story.lines:
        if line.number in found:
            last = line.number
        elif last is not None and line.number - last == 1 and line.text:
            if story.linked(line) >= _LINKED * len(line.text) and "heading" not in line.block.scopes:
                added[line.number] = line
                last = line.number
            else:
                last = None
    return added
