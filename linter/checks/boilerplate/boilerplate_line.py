"""Page boilerplate on lines of its own: forms, buttons, notices, navigation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal, NamedTuple

import regex

from linter.analysis.literals import Literals, any_of, contains, line_literals, literals_of_pattern
from linter.analysis.pattern_base import compile_pattern
from linter.analysis.results import cached_analysis
from linter.analysis.scan import Scanner, scanner
from linter.checks.boilerplate._standalone_lines import StandaloneLine, StandaloneLines, standalone_lines
from linter.document import Document
from linter.matching import fits
from linter.patterns import lazy
from linter.rule import Match
from linter.source_edits import line_deletion

_NAME = lazy(r"\{(?<!\\[pP].)([a-z]+)\}")
_EITHER = lazy(r"(?<!\s)\s++\|\s++")
_FLAGS = regex.VERSION1 | regex.IGNORECASE
_RECORDING = lazy(r"\.(?:mp3|m4a|m4b|ogg|oga|opus|wav|flac|aac)(?:[?#]|\Z)", re.IGNORECASE)
_MAX_EDGE_PARAGRAPHS = 2  # maximum number of running paragraphs between a line and the edge of the article
_MAX_COMPILED = 4096  # patterns that are kept compiled
_MAX_GAP = 2  # maximum difference between the numbers of two lines that are close together


@dataclass(frozen=True)
class BoilerplateLine:
    """Lines of the article that match one of `lines`, and more lines that other options add.

    The patterns in `lines`, `together` and `nearby` are regular expressions for the `regex` package. They ignore case
    and must match a whole line, except for decorations around the words and periods or exclamation marks at the end. A
    space in a pattern matches any white space, and a straight apostrophe also matches a curly one. `words` maps names
    to alternatives, such as `news | sport`; `{name}` in a pattern matches any of the alternatives called `name`.

    Lines are close together if at most one other line is between them. Lines that match one of `together` count as
    matches in two cases: if they are close to a line that matches one of `lines`, or if at least `several` different
    ones are close together and no sentence introduces them. Lines that match one of `nearby` count only if they are
    close to another line that counts.

    `where: start` limits the matches to lines before the second paragraph of running text, and `where: end` to lines
    after the second-to-last one; `where: edge` allows both. The default is `anywhere`. `link: whole` limits the matches
    to lines that consist of links, and `link: none` to lines without linked words. `link: button` allows both, except
    HTML links in Markdown that the author styled as buttons, and links that also end earlier parts of the article, as
    in a newsletter. The default is `any`. `with_links: true` adds the lines
    that consist of links and directly follow a match, except headings.

    `headings: false` excludes headings. `items: false` excludes list items. `counts: false` excludes list items that
    begin with a digit if the item above or below does, too. `sources: false` excludes lines that name the source of a
    quotation: lines with a link directly after the quotation, and lines directly above a URL. `not_below` is a regular
    expression for whole headings, in any case. Below such a heading, lines of `together` count only if they are close
    to a line that matches one of `lines`.

    `address` is a regular expression for URLs. A line with at most 20 letters and digits, and four words, outside links
    counts if one of its links leads to a matching URL. So does a link that is a whole block, has no text and leads to a
    matching URL. The other options do not exclude these lines and links.

    Quotations, tables, captions, code and the lines of a wrapped sentence are ignored. So are three kinds of lines,
    unless `address` finds them: lines directly above a code block, lines that introduce a quotation with a colon, and
    lines with a link to a recording.
    """

    lines: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    several: int = 0
    nearby: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    where: Literal["anywhere", "start", "end", "edge"] = "anywhere"
    link: Literal["any", "whole", "none", "button"] = "any"
    with_links: bool = False
    headings: bool = True
    items: bool = True
    sources: bool = True
    counts: bool = True
    not_below: str = ""
    address: str = ""

    @property
    def index(self) -> type[_LineIndex]:
        return _LineIndex

    def __post_init__(self) -> None:
        for name in _NAME.findall(" ".join(self._all)):
            if name not in self.words:
                raise ValueError(f"“{{{name}}}” is not defined in “words”")
        if bool(self.together) != bool(self.several) or not self.lines + self.together:
            raise ValueError("“boilerplate_line” needs “lines”, or “together” and “several”")

    @property
    def _all(self) -> tuple[str, ...]:
        return self.lines + self.together + self.nearby

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        lines = {name: self.written(getattr(self, name)) for name in ("lines", "together", "nearby")}
        others = {"address": self.address, "not_below": self.not_below}
        return {**lines, **{name: (pattern,) if pattern else () for name, pattern in others.items()}}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        """All line patterns, joined into one. Raises `regex.error` if any pattern of the check cannot be compiled."""
        _ = self._address, self._reserved
        return compile_pattern(_either(self.written(self._all)), _FLAGS)

    @cached_property
    def _address(self) -> regex.Pattern[str]:
        return compile_pattern(self.address)

    @cached_property
    def _reserved(self) -> regex.Pattern[str]:
        return compile_pattern(self.not_below or "(?!)", _FLAGS)

    @cached_property
    def groups(self) -> Sequence[Sequence[str]]:
        """The patterns in `lines`, in `together` and in `nearby`, as they are compiled."""
        return [self.written(patterns) for patterns in (self.lines, self.together, self.nearby)]

    @cached_property
    def _patterns(self) -> _LinePatterns:
        return _LinePatterns(chain(*self.groups))

    @cached_property
    def literals_of_address(self) -> Literals | None:
        return literals_of_pattern(self.address, address=True)

    def has_address(self, story: StandaloneLines) -> bool:
        """Whether the URL of any link in the article contains a match of `address`."""
        return next(story.links_to(self._address, self.literals_of_address), None) is not None

    def written(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """Return patterns of the rule as they are compiled."""
        return tuple(_written(pattern, self.words) for pattern in patterns)

    def find_in(self, document: Document) -> Iterator[Match]:
        story = standalone_lines(document)
        lines, together, nearby = self.groups
        found = self._fitting(lines, story)
        if self.address:
            links = [*story.links_to(self._address, self.literals_of_address)]
            linking = story.lines_with(links)
            found |= {line.number: line for line in linking if story.is_standalone(line)}
        unsure = self._fitting(together, story)
        if unsure:
            found = {**self._close_together(found, unsure, story), **found}
        if self.nearby and found:
            found = {**_adjoining(found, {**self._fitting(nearby, story), **unsure}), **found}
        if self.with_links and found:
            found |= _lists(story, found)
        for number in sorted(found):
            span = story.span(found[number])
            yield Match(*span, {}, line_deletion(span, document))
        if self.address:
            for link in story.empty_ones(links):
                yield Match(*link.span, {}, line_deletion(link.span, document))

    def _fitting(self, patterns: Sequence[str], story: StandaloneLines) -> dict[int, StandaloneLine]:
        """Return, by number, the standalone lines that match one of `patterns` and may be boilerplate."""
        lines = [*self._patterns.matching(patterns, story)]
        here = [line for line in lines if self._is_here(line, story)]
        texts = {line.text.casefold() for line in lines if line not in here and story.is_link(line)}
        return {
            line.number: line
            for line in here
            if story.is_standalone(line)
            and not self._is_wanted(line, story)
            and not (self.link == "button" and line.text.casefold() in texts and story.is_link(line))
        }

    def _is_wanted(self, line: StandaloneLine, story: StandaloneLines) -> bool:
        """Whether a line probably belongs to the article although it matches a pattern."""
        links = story.links_in(line)
        if any(_RECORDING.search(link.url) for link in links):
            return True
        if story.leads_to_code(line) or story.leads_to_quotation(line):
            return True
        return not self.sources and story.names_source(line)

    def _is_here(self, line: StandaloneLine, story: StandaloneLines) -> bool:
        scopes = line.block.scopes
        if (not self.headings and "heading" in scopes) or (not self.items and "list" in scopes):
            return False
        if not self.counts and story.is_one_of_counts(line):
            return False
        if self.where != "anywhere":
            start = story.paragraphs_before(line) < _MAX_EDGE_PARAGRAPHS
            end = story.paragraphs_behind(line) < _MAX_EDGE_PARAGRAPHS
            if not {"start": start, "end": end, "edge": start or end}[self.where]:
                return False
        if self.link == "any":
            return True
        unlinked = not story.linked_length(line)
        if self.link == "button":
            return unlinked or (story.is_link(line) and not story.is_styled_link(line))
        return unlinked if self.link == "none" else story.is_link(line)

    def _close_together(
        self, sure: Mapping[int, StandaloneLine], unsure: Mapping[int, StandaloneLine], story: StandaloneLines
    ) -> dict[int, StandaloneLine]:
        """Return, by number, the lines of `unsure` that belong to a convincing group of nearby matches."""
        found: dict[int, StandaloneLine] = {}
        for run in _runs(sorted({*sure, *unsure})):
            others = {line.text.casefold() for number in run if (line := unsure.get(number))}
            several = self.several <= len(others) and not story.follows_lead_in(run[0])
            if several and self.not_below:
                several = not fits(self._reserved, story.title_above(run[0]))
            if several or any(number in sure for number in run):
                found |= {number: unsure[number] for number in run if number in unsure}
        return found


class _LinePatterns:
    """Patterns for whole lines. On a line, only those are tried whose literals it contains."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(dict.fromkeys(texts))

    def matching(self, texts: Iterable[str], story: StandaloneLines) -> Iterator[StandaloneLine]:
        """Yield, in any order, the lines whose entire text matches one of the patterns `texts`.

        A line may be yielded more than once. Raises TimeoutError if a pattern takes too long.
        """
        candidates = self.candidates(story)
        for text in texts:
            for line in filter(None, map(story.line, candidates.get(text, ()))):
                if fits(_compiled(text), line.text):
                    yield line

    def candidates(self, story: StandaloneLines) -> Mapping[str, Set[int]]:
        """Return the numbers of the lines that each pattern may match.

        The results of a search are kept with the lines, since an index searches for the patterns of all checks.
        """
        for known, found in story.candidates:
            if known.issuperset(self._texts):
                return found
        found = defaultdict[str, set[int]](set)
        story.candidates.append((self._unique, found))
        seen = set[tuple[int, str]]()
        for literal, start in self._scanner.hits(story.view.text):
            number = story.view.number(start)
            for text in self._by_literal[literal]:
                if (number, text) not in seen:
                    seen.add((number, text))
                    if contains(story.view.part(number), line_literals(text, int(_FLAGS))[1:]):
                        found[text].add(number)
        return found

    @cached_property
    def _unique(self) -> frozenset[str]:
        return frozenset(self._texts)

    @cached_property
    def _scanner(self) -> Scanner:
        return scanner([*_by_literal(self._texts)])

    @cached_property
    def _by_literal(self) -> Sequence[Sequence[str]]:
        return [[self._texts[which] for which in owners] for owners in _by_literal(self._texts).values()]


@cached_analysis
def _by_literal(texts: tuple[str, ...]) -> Mapping[str, list[int]]:
    """Return the indexes of patterns by the strings in the first set of their literals."""
    found: dict[str, list[int]] = defaultdict(list)
    for which, text in enumerate(texts):
        for literal in sorted(line_literals(text, int(_FLAGS))[0]):
            found[literal].append(which)
    return dict(found)


@lru_cache(_MAX_COMPILED)
def _compiled(text: str) -> regex.Pattern[str]:
    return compile_pattern(text, _FLAGS)


class _Sought(NamedTuple):
    """A pattern of the check `number`, which may find something if `several` lines match such patterns."""

    number: int
    several: int


class _LineIndex:
    """An index of the patterns of many checks, used to find the checks that may match in a document."""

    def __init__(self, checks: Sequence[BoilerplateLine]) -> None:
        self.checks = checks
        self._sought: dict[str, list[_Sought]] = defaultdict(list)  # by pattern
        for number, check in enumerate(checks):
            lines, together, _ = check.groups
            # Unless enough lines match one of the two, or a URL matches `address`, the check finds nothing.
            for some, several in ((lines, 1), (together, check.several)):
                for text in some:
                    self._sought[text].append(_Sought(number, several))
        self._patterns = _LinePatterns(chain.from_iterable(chain(*check.groups) for check in checks))

    def hits(self, document: Document) -> set[int]:
        story = standalone_lines(document)
        found = {*self._linking(story)}
        lines: dict[_Sought, set[int]] = defaultdict(set)
        for text, numbers in self._patterns.candidates(story).items():
            for sought in self._sought.get(text, ()):
                lines[sought] |= numbers
                if len(lines[sought]) >= sought.several:
                    found.add(sought.number)
        return found

    def _linking(self, story: StandaloneLines) -> Iterable[int]:
        """Return the numbers of the checks whose `address` matches a part of the URL of any link in the article."""
        if not self._with_address or not story.has_links(self._literals_of_addresses):
            return ()
        return (number for number in self._with_address if self.checks[number].has_address(story))

    @cached_property
    def _with_address(self) -> Sequence[int]:
        return [number for number, check in enumerate(self.checks) if check.address]

    @cached_property
    def _literals_of_addresses(self) -> Literals | None:
        return any_of(*(self.checks[number].literals_of_address for number in self._with_address))


def _written(pattern: str, words: Mapping[str, str]) -> str:
    """Return a pattern of a rule as it is compiled. `words` are those of the rule."""

    def alternatives(name: re.Match[str]) -> str:
        return f"(?:{_EITHER.sub('|', words[name[1]].strip())})"

    return _NAME.sub(alternatives, pattern).replace("'", "['’]")


def _either(patterns: Sequence[str]) -> str:
    return "(?:" + ("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)") + ")"


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Split sorted line numbers into lists in which each number is close to the next one."""
    run: list[int] = []
    for number in numbers:
        if run and number - run[-1] > _MAX_GAP:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _adjoining(
    found: Mapping[int, StandaloneLine], candidates: Mapping[int, StandaloneLine]
) -> dict[int, StandaloneLine]:
    """Return, by number, the lines of `candidates` close to a line of `found`, directly or through other lines."""
    added: dict[int, StandaloneLine] = {}
    for run in _runs(sorted({*found, *candidates})):
        if any(number in found for number in run):
            added |= {number: candidates[number] for number in run if number in candidates}
    return added


def _lists(story: StandaloneLines, found: Mapping[int, StandaloneLine]) -> dict[int, StandaloneLine]:
    """Return, by number, the lines in lists of links right below lines of `found`."""
    added: dict[int, StandaloneLine] = {}
    for number in found:
        while number + 1 not in found and (line := story.line(number + 1)):
            if not story.is_link(line) or "heading" in line.block.scopes:
                break
            number += 1
            added[number] = line
    return added
