"""Find the parts of an article that Vale does not check: ignored elements, classes, patterns and formulas."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from linter import matching, patterns
from linter.document import Document, Span, Tag, pair_tags
from linter.vale.definition import BadOption
from linter.vale.patterns import expression
from linter.vale.sections import INLINE

DEFAULT_SKIPPED = ("script", "style", "pre", "figure", "noscript", "iframe")
DEFAULT_IGNORED = ("tt", "code", "kbd")
_CLASSES = frozenset({"problematic", "pre", "code"})  # classes of elements that Vale always ignores
_MATH = patterns.lazy(r"(?ms)^ {0,3}\$\$.*?\$\$")


class Masks:
    """The spans of the source that Vale's rules do not see.

    `hidden` are spans that split a block, `removed` are spans that disappear from it, and `starred` are spans for which
    it has asterisks. All are in order. The text of elements whose names are in `ignored` is starred; that of elements
    in `skipped` is hidden, or removed if they are inline.
    """

    def __init__(
        self, document: Document, ignored: Sequence[str], skipped: Sequence[str], classes: Sequence[str]
    ) -> None:
        self._text = document.source.text
        self.ignored = frozenset(ignored or DEFAULT_IGNORED)
        self.skipped = frozenset(skipped or DEFAULT_SKIPPED)
        self.hidden = list(_elements(document.tags, self.skipped - INLINE))
        self.removed = list(_elements(document.tags, self.skipped & INLINE - {"code"}))
        self.starred = list(_elements(document.tags, self.ignored - set(DEFAULT_IGNORED)))
        self._add_classes(document.tags, _CLASSES | set(classes))
        if document.markup == "markdown" and "$$" in self._text:
            self.hidden += [Span(*found.span()) for found in _MATH.finditer(self._text)]
        self._sort()

    def add_ignores(self, blocks: Sequence[str], tokens: Sequence[str]) -> None:
        """Hide the matches of the patterns `blocks`, and star those of `tokens`.

        A pattern that takes too long has no effect, and is reported.
        """
        for name, ignores, spans in (("BlockIgnores", blocks, self.hidden), ("TokenIgnores", tokens, self.starred)):
            for pattern in ignores:
                with _counted_for(name):
                    spans += _matches(pattern, self._text)
        self._sort()

    def touching(self, spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
        """Yield those of `spans`, such as `hidden` or `starred`, that overlap the range from `start` to `end`."""
        i = bisect_left(spans, end, key=_start)
        while i and spans[i - 1].end > start:
            i -= 1
            yield spans[i]

    def _add_classes(self, tags: Sequence[Tag], classes: frozenset[str]) -> None:
        """Hide the block elements that have one of `classes`, and star the inline elements."""
        named = {tag.span.start for tag in tags if tag.attributes and tag.kind == "open" and _has_class(tag, classes)}
        if named:
            names = {tag.name for tag in tags if tag.span.start in named}
            every = [tag for tag in tags if tag.name in names]
            for i, other in pair_tags(every).items():
                if every[i].span.start in named:
                    spans = self.starred if every[i].name in INLINE else self.hidden
                    spans.append(Span(every[i].span.start, every[other].span.end))

    def _sort(self) -> None:
        self.hidden = _merged(self.hidden)
        self.removed = _merged(self.removed)
        self.starred = _merged(self.starred)


def _start(span: Span) -> int:
    return span.start


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` in order, with overlapping spans joined."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1].end:
            found[-1] = Span(found[-1].start, max(end, found[-1].end))
        elif start < end:
            found.append(Span(start, end))
    return found


@contextmanager
def _counted_for(setting: str) -> Iterator[None]:
    """Count the time of patterns within this context toward a setting, not toward the current rule.

    A TimeoutError ends the context, and the setting is added to `ignored` of the budget.
    """
    budget = matching.current()
    rule, trusted = budget.rule, budget.trusted
    budget.of(setting)
    try:
        yield
    except TimeoutError:
        budget.ignored.append(setting)
    finally:
        budget.of(rule, trusted=trusted)


def _elements(tags: Sequence[Tag], names: frozenset[str]) -> Iterator[Span]:
    """Yield the spans of the elements with the names `names`. Elements without an end tag are left out."""
    every = [tag for tag in tags if tag.name in names]
    for i, other in pair_tags(every).items():
        if i < other:
            yield Span(every[i].span.start, every[other].span.end)


def _has_class(tag: Tag, classes: frozenset[str]) -> bool:
    value = tag.attribute("class")
    return value is not None and not classes.isdisjoint(value.value.split())


def _matches(pattern: str, text: str) -> list[Span]:
    """Return the spans of the matches of a Vale expression, or [] if it is invalid."""
    try:
        return [Span(*found.span()) for found in matching.matches(expression("", pattern), text)]
    except BadOption:
        return []
