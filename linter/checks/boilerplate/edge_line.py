"""Page boilerplate before and after the running text of a plain-text article, or above the title in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

import regex

from linter.analysis.pattern_base import compile_pattern
from linter.checks.boilerplate._furniture_runs import furniture_runs
from linter.checks.boilerplate._line_shapes import EVIDENCE, shapes
from linter.checks.boilerplate._standalone_lines import StandaloneLine, StandaloneLines, standalone_lines
from linter.document import Document, Span
from linter.matching import fits
from linter.patterns import lazy
from linter.rule import Match
from linter.source_edits import line_deletion

_MAX_WORDS = 9  # maximum words of a line with evidence; a longer one is a sentence or a headline
_MAX_LINES = 12  # maximum lines before or after the running text; more are a list, a poem or a form
_MIN_HEADLINE_WORDS = 4  # minimum words of a line that may be the headline
_UNLIKE = frozenset({"item", "linked-item", "heading", "event", "link", "links", "title", "address", "row"})
_TELLING = frozenset(EVIDENCE) - _UNLIKE
_DATE, _SIGNED = frozenset({"date"}), frozenset({"date", "stamp", "contact", "phone", "mail", "byline"})
_WRITTEN = frozenset({"byline", "credit", "mail", "contact", "phone"})  # authors write these above a Markdown title
_RELEASE = ("media release", "press release", "news release", "immediate release", "transcript", "media statement")
_SPEECH = ("minister", "senator", "parliament", "embargo", "speech", "address to", "for press", "dear ")
_BETWEEN = lazy(r" ?[|/»>·•,&] ?| and ")
_JOINING = frozenset({"By", "by", "and"})  # words that may be alone on a line between names
_OPENING_LENGTH = 2000  # code points searched for signs of a release or speech


@dataclass(frozen=True)
class EdgeLine:
    """Lines that look like page boilerplate, before or after the running text of a plain-text article.

    A line of at most nine words matches if it has evidence of page boilerplate (see `page_furniture`), such as a date,
    a counter or a byline. Headings, list items, links, URLs, lines about events (“Tickets: $12”) and lines that may be
    the headline do not match.

    `labels` are the texts of more lines that match, in any case. Several of these texts, separated by bars, commas or
    similar marks, may share a line. `forms` are regular expressions for the `regex` package; they ignore case, and a
    line matches if one of them matches the whole line. `below` is a weight: runs of page boilerplate with this weight
    or more, and with evidence in at least two lines, are left to `page_furniture`.

    In Markdown, only lines above a first-level title are checked. If there are more than twelve lines before the
    running text, these are ignored; the same applies to the lines after it. Consecutive matching lines are one
    match, together with a name directly before or after them.

    Authors write some of these lines, too. Therefore, only `labels` and `forms` can match dates after the running text;
    dates in speeches and letters; dates, bylines and contacts in press releases and transcripts; and bylines, credits
    and contacts in Markdown. Lines with “©” never match.
    """

    labels: tuple[str, ...]
    below: float
    forms: tuple[str, ...] = ()

    parts: ClassVar[frozenset[str]] = frozenset({"blocks"})

    @cached_property
    def _labels(self) -> frozenset[str]:
        return frozenset(map(str.casefold, self.labels))

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"forms": self.forms}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern("|".join(f"(?:{form})" for form in self.forms) or "(?!)", regex.IGNORECASE)

    def find_in(self, document: Document) -> Iterator[Match]:
        if document.markup == "html" or (document.kind == "markdown" and not _has_lines_above(document)):
            return
        story = standalone_lines(document)
        passages = story.passages()
        signed = _unlike(document.source.text[:_OPENING_LENGTH].casefold())
        if document.kind == "markdown":
            passages = [_above_title(passages[0], story), []]
            signed |= _WRITTEN
        if len(passages) < 2:
            return
        known = self._in_runs(document)
        for numbers, unlike in ((passages[0], signed), (passages[-1], signed | _DATE)):
            for lines in self._runs(numbers, story, unlike):
                if known.isdisjoint(line.number for line in lines):
                    span = Span(story.span(lines[0]).start, story.span(lines[-1]).end)
                    yield Match(*span, {}, line_deletion(span, document))

    def _in_runs(self, document: Document) -> set[int]:
        """Return the numbers of the lines that `page_furniture` may report."""
        runs = [run for run in furniture_runs(document) if run.weight >= self.below]
        return {
            line.line.number for run in runs if sum(bool(line.evidence) for line in run.lines) > 1 for line in run.lines
        }

    def _runs(
        self, numbers: Sequence[int], story: StandaloneLines, unlike: frozenset[str]
    ) -> Iterator[list[StandaloneLine]]:
        """Yield groups of consecutive lines that match or are names next to a match.

        A line with one of the shapes in `unlike`, which are typical of lines that authors write, does not match unless
        it is a label. If there are more than _MAX_LINES lines, yield nothing.
        """
        lines = [line for line in map(story.line, numbers) if line and line.words < line.words_end]
        if len(lines) > _MAX_LINES:
            return
        matching = [self._is_match(line, story, unlike) for line in lines]
        beside = [any(matching[max(0, at - 1) : at + 2]) and _is_name(line) for at, line in enumerate(lines)]
        both = zip(lines, (any(pair) for pair in zip(matching, beside, strict=True)), strict=True)
        for matches, some in groupby(both, key=itemgetter(1)):
            if matches:
                yield [line for line, _ in some]

    def _is_label(self, text: str) -> bool:
        """Whether `text` is a label, consists of several labels, or matches one of `forms`."""
        if text.casefold() in self._labels:
            return True
        parts = _BETWEEN.split(text.casefold()) if text.count(" ") < _MAX_WORDS else ()
        return (len(parts) > 1 and self._labels.issuperset(parts)) or fits(self.compiled, text)

    def _is_match(self, line: StandaloneLine, story: StandaloneLines, unlike: frozenset[str]) -> bool:
        text = line.text
        if "©" in text:
            return False
        if self._is_label(text):
            return text in _JOINING or story.is_standalone(line)
        many = text.count(" ") + 1
        if many > _MAX_WORDS or not story.is_standalone(line):
            return False
        found = frozenset(shapes(line, story))
        if not found.isdisjoint(_UNLIKE | unlike) or found.isdisjoint(_TELLING):
            return False
        return "page" not in found or "sure" in found or many < _MIN_HEADLINE_WORDS or len(found & _TELLING) > 1


def _has_lines_above(document: Document) -> bool:
    """Whether the first heading is of the first level and the article begins with text other than a heading."""
    blocks = document.top_level_blocks
    return bool(
        document.headings
        and document.headings[0].level == 1
        and blocks[0] is not document.headings[0].block
        and "heading" not in blocks[0].scopes
    )


def _above_title(numbers: Sequence[int], story: StandaloneLines) -> list[int]:
    """Return those of `numbers` that precede the first heading, or [] if none of the lines is that heading."""
    title = story.document.headings[0].block
    at = next((at for at, number in enumerate(numbers) if (line := story.line(number)) and line.block is title), 0)
    return list(numbers[:at])


def _unlike(opening: str) -> frozenset[str]:
    """Return shapes that the author's own lines may have; `opening` is the start of the article in lowercase."""
    if any(word in opening for word in _RELEASE):
        return _SIGNED
    return _DATE if any(word in opening for word in _SPEECH) else frozenset()


def _is_name(line: StandaloneLine) -> bool:
    """Whether a line may be the name of an author or a section: two capitalized words."""
    words = line.text.split()
    return len(words) == 2 and all(word.isalpha() and word.istitle() for word in words)
