"""Search text for the expressions of a rule: single blocks, or all blocks of an article at once.

Searching a joined text takes much less time than searching each block. It is exact, because a match that leaves its
block is not used: the blocks that it touches are searched again, one by one. This works for expressions that are
*local*: whether they match in a block does not depend on the text around the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from heapq import heappop, heappush
from typing import Any, NamedTuple

import regex

from linter.analysis.literals import Literals, any_of, contains, literals_of_pattern
from linter.analysis.results import cached_analysis
from linter.analysis.scan import Scanner, scanner
from linter.analysis.syntax_tree import (
    Branch,
    Characters,
    Concatenation,
    Edge,
    Group,
    LookAround,
    Node,
    Other,
    Repeat,
    nodes,
    parsed_pattern,
)
from linter.document import Block, Document
from linter.folding import folded
from linter.matching import matches, search, timed
from linter.patterns import lazy
from linter.vale import patterns
from linter.vale.selectors import Selectors
from linter.views import TextView, per_document

SEPARATOR = "\n"  # between blocks: for `\b`, `^` and `$`, it is like the edge of a text
_LINEAR, _QUADRATIC, _UNKNOWN = range(3)  # see `steps`
_SMALL = 100  # maximum code points of an expression whose steps are counted
_FEW = 10  # copies of a repetition that add few steps
_SHORT = 4_000  # code points of a text in which a search with a quadratic number of steps takes little time
_MOST_VIEWS = 200  # keys of cached views of a document; each view is as large as the document
_MANY = 8  # parts from which it saves time to search only for those whose literals occur
_NOT_LOCAL = frozenset({"StartOfString", "EndOfString", "EndOfStringLine", "SearchAnchor", "Keep"})
_LINE_EDGES = frozenset({"StartOfLine", "EndOfLine"})

# Flags such as `(?i)` also hold for the following alternatives, and references depend on the number of groups.
_LEAKING = lazy(r"\(\?[a-z+-]*\)|\(\?(?:P?<\w|'|\()|\\[1-9k]")


class Found(NamedTuple):
    """A match: `text[start:end]` in the block with the index `block`, and the index of the part that matches."""

    block: int
    start: int
    end: int
    part: int = 0


class BlockView(TextView):
    """The texts of blocks, joined by line feeds."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__([block.text for block in blocks], SEPARATOR, blocks=blocks)

    @cached_property
    def folded(self) -> str:
        return folded(self.text)


def selected_blocks(document: Document, selectors: Selectors) -> BlockView:
    """Return the blocks of a document that a rule checks, in order. Equal blocks have the same view."""
    views = _views(document)
    if selectors in views:
        return views[selectors]
    blocks = (*(block for block in document.blocks_in(selectors.views) if selectors.fit(block.scopes)),)
    view = views.get(blocks) or BlockView(blocks)
    if len(views) < _MOST_VIEWS:
        views[selectors] = views[blocks] = view
    return view


@per_document
def _views(document: Document) -> dict[Selectors | tuple[Block, ...], BlockView]:
    """Return the cached views of a document, by selectors and by blocks."""
    return {}


class Expression:
    """An expression of a rule. `key` is the option that contains it.

    Raises BadOption for an expression that is not allowed (see `patterns.translated`).
    """

    def __init__(self, key: str, text: str) -> None:
        self.text = patterns.translated(key, text)
        self.pattern = patterns.expression(key, text)

    @cached_property
    def is_local(self) -> bool:
        """Whether all blocks can be searched at once."""
        return is_local(self.text) and not crosses_blocks(self.text)

    @cached_property
    def literals(self) -> Literals | None:
        """The literals that text must contain (see `linter.rule.Needs`)."""
        return literals_of_pattern(self.text)

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield the start and end of each match in a text, and 0."""
        for match in matches(self.pattern, text):
            yield *match.span(), 0

    def find_in(self, document: Document, selectors: Selectors) -> Iterator[Found]:
        """Yield the matches in all blocks that `selectors` select, in order."""
        for number, match, offset in self.matches_in(selected_blocks(document, selectors)):
            yield Found(number, match.start() - offset, match.end() - offset)

    def matches_in(self, view: TextView) -> Iterator[tuple[int, regex.Match[str], int]]:
        """Yield the matches in the blocks of a view, in order.

        For each match, yield the index of its block, the match, and the offset in its text at which the block begins.
        """
        if not self.is_local:
            for number, block in enumerate(view.blocks):
                yield from ((number, match, 0) for match in matches(self.pattern, block.text))
            return
        spans = ((match.start(), match.end(), match) for match in matches(self.pattern, view.text))
        for number, start, match in _by_block(view, spans):
            if match is not None:
                yield number, match, start
            else:
                yield from ((number, again, 0) for again in matches(self.pattern, view.blocks[number].text))

    def texts(self, text: str) -> list[str]:
        """Return the texts of the matches in a text or, if the expression has groups, those of the groups."""
        cut_off = self._steps > (_QUADRATIC if len(text) <= _SHORT else _LINEAR)
        # Without a timeout, the search is several times faster if there are many matches.
        return timed(lambda timeout: self.pattern.findall(text, timeout=timeout if cut_off else None), text)

    @cached_property
    def _steps(self) -> int:
        return steps(self.text)


class Grouped(Expression):
    """An expression in which each part is a group; a match is the group, and the index of the part is its number."""

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        for match in matches(self.pattern, text):
            yield *_last_group(match), (match.lastindex or 1) - 1

    def find_in(self, document: Document, selectors: Selectors) -> Iterator[Found]:
        for number, match, offset in self.matches_in(selected_blocks(document, selectors)):
            start, end = _last_group(match)
            yield Found(number, start - offset, end - offset, (match.lastindex or 1) - 1)


def _last_group(match: regex.Match[str]) -> tuple[int, int]:
    return match.span(match.lastindex) if match.lastindex else (match.start(), match.start())


class Alternatives:
    """Several expressions, of which the first that matches at a place is found, as in `a|b|c`.

    `form` is an expression with `%s` in place of each of `parts`. A match is that of the form or, if `group` is 1, that
    of the part. Raises BadOption like Expression.
    """

    def __init__(self, key: str, form: str, parts: Sequence[str], group: int) -> None:
        self._group = group
        self._parts = [Expression(key, form.replace("%s", f"({part})")) for part in parts]

    @cached_property
    def is_local(self) -> bool:
        return all(part.is_local for part in self._parts)

    @cached_property
    def literals(self) -> Literals | None:
        """The literals that text must contain (see `linter.rule.Needs`)."""
        return any_of(*(part.literals for part in self._parts))

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield the start and end of each match in a text, and the index of the part."""
        return ((start, end, number) for start, end, number, _, _ in self._merged(text, self._possible(folded(text))))

    def find_in(self, document: Document, selectors: Selectors) -> Iterator[Found]:
        """Yield the matches in all blocks that `selectors` select, in order. The expressions must be local."""
        view = selected_blocks(document, selectors)
        possible = self._possible(view.folded)
        found = ((low, high, (start, end, part)) for start, end, part, low, high in self._merged(view.text, possible))
        for number, offset, match in _by_block(view, found):
            if match is not None:
                start, end, part = match
                yield Found(number, start - offset, end - offset, part)
            else:
                yield from (Found(number, *again) for again in self.find(view.blocks[number].text))

    def _possible(self, form: str) -> list[int]:
        """Return the indexes of the parts that can match in text with the folded form `form`."""
        contained = (self._texts[which] for which in sorted({which for which, _ in self._scanner.hits(form)}))
        found = {number for text in contained for number in self._owners[text]}
        kept = (number for number in found if contains(form, self._parts[number].literals or ()))
        return sorted([*self._always, *kept])

    def _merged(self, text: str, parts: Sequence[int]) -> Iterator[tuple[int, int, int, int, int]]:
        """Yield the span of each match, the index of its part, and the span with the rest of the form."""
        done = 0
        waiting: list[tuple[int, int, int, int, int]] = []  # for each part, its next match: start, part, end, group
        for number in parts:
            self._push(waiting, number, text, 0)
        while waiting:
            low, number, high, start, end = heappop(waiting)
            if low >= done:
                yield start, end, number, low, high
                done = high
            self._push(waiting, number, text, done)

    def _push(self, waiting: list[tuple[int, int, int, int, int]], number: int, text: str, at: int) -> None:
        if match := search(self._parts[number].pattern, text, at):
            heappush(waiting, (match.start(), number, match.end(), *match.span(self._group)))

    @cached_property
    def _always(self) -> list[int]:
        return [number for number, part in enumerate(self._parts) if not part.literals]

    @cached_property
    def _owners(self) -> Mapping[str, Sequence[int]]:
        """For each literal, the indexes of the parts whose first set has this literal."""
        owners: dict[str, list[int]] = {}
        for number, part in enumerate(self._parts):
            for text in part.literals[0] if part.literals else ():
                owners.setdefault(text, []).append(number)
        return owners

    @cached_property
    def _texts(self) -> Sequence[str]:
        return sorted(self._owners)

    @cached_property
    def _scanner(self) -> Scanner:
        return scanner(self._texts)


def expressions(key: str, form: str, parts: Sequence[str]) -> Expression | Alternatives:
    """Return a search for any of `parts` in `form`, in the way that takes less time.

    A match is that of the whole form. Raises BadOption like Expression.
    """
    if len(parts) < _MANY or any(map(_LEAKING.search, parts)):
        return Expression(key, form.replace("%s", "|".join(parts)))
    return Alternatives(key, form, parts, group=0)


def grouped(key: str, form: str, parts: Sequence[str]) -> Grouped | Alternatives:
    """Return a search for any of `parts`, which have no groups, in `form`, in the way that takes less time.

    A match is that of the part. Raises BadOption like Expression.
    """
    if len(parts) < _MANY:
        return Grouped(key, form.replace("%s", "|".join(f"({part})" for part in parts)))
    return Alternatives(key, form, parts, group=1)


def _by_block(view: TextView, found: Any) -> Iterator[tuple[int, int, Any]]:
    """Yield the index of a block, its offset in the text of the view, and a match in it, in order.

    `found` has the start and end of each match in the text of the view, and the match. For a block that a match leaves,
    None takes the place of its matches.
    """
    inside: dict[int, list[Any]] = {}
    again: set[int] = set()
    starts, number, low, high = view.starts, 0, 0, 0
    for start, end, match in found:
        if not low <= start < high:
            number = view.number(start)
            low, high = starts[number], starts[number + 1]
        if end < high:
            inside.setdefault(number, []).append(match)
        else:
            again.update(range(number, view.number(end - 1) + 1))
    for number in sorted({*inside, *again}):
        if number in again:
            yield number, 0, None
        else:
            yield from ((number, starts[number], match) for match in inside[number])


@cached_analysis
def steps(pattern: str) -> int:
    """Return how the steps of a search grow with the length of a text in the worst case: one of the three constants.

    The result is an upper limit. It is unknown for long expressions, because each of their parts can take a step at
    each place.
    """
    tree = parsed_pattern(pattern, int(regex.VERSION1)) if len(pattern) <= _SMALL else None
    return _UNKNOWN if tree is None else _steps(tree, is_last=True)


def _steps(node: Node, *, is_last: bool) -> int:
    """Return the steps of a part of an expression, which is last if nothing after it can fail to match."""
    if isinstance(node, (Characters, Edge)) or (isinstance(node, Other) and node.name in ("any", "all")):
        return _LINEAR
    if isinstance(node, Group) and not node.atomic:
        return _steps(node.part, is_last=is_last)
    if isinstance(node, Branch):
        return min(_UNKNOWN, sum(_steps(branch, is_last=is_last) for branch in node.parts))
    if isinstance(node, Concatenation):
        last = len(node.parts) - 1
        return min(_UNKNOWN, sum(_steps(item, is_last=is_last and at == last) for at, item in enumerate(node.parts)))
    if isinstance(node, Repeat) and isinstance(node.part, Characters):
        return _LINEAR if is_last and node.kind == "greedy" and node.least <= _FEW else _QUADRATIC
    return _UNKNOWN


@cached_analysis
def is_local(pattern: str) -> bool:
    """Whether an expression in the syntax of `regex` is local (see the top of this module)."""
    tree = parsed_pattern(pattern, int(regex.VERSION1))
    if tree is None:
        return False
    for node, _, _ in nodes(tree):
        if (isinstance(node, Edge) and node.name in _NOT_LOCAL) or (
            isinstance(node, Other) and node.name not in ("any", "all")
        ):
            return False
        looks = isinstance(node, LookAround) or (isinstance(node, Group) and node.atomic)
        if looks and not _never_sees_separator(node):
            return False
    return True


@cached_analysis
def crosses_blocks(pattern: str) -> bool:
    """Whether an attempt to match can go on through many blocks, as in `[^.]+!`, so that a joined text takes too long.

    Repetitions of white space do not, because no block consists of it.
    """
    tree = parsed_pattern(pattern, int(regex.VERSION1))
    for node, _, _ in nodes(tree) if tree else ():
        if isinstance(node, Repeat) and (node.most is None or node.most > _SMALL):
            is_space = isinstance(node.part, Characters) and not node.part.matches("a")
            if not is_space and not _never_sees_separator(node):
                return True
    return False


def _never_sees_separator(group: Node) -> bool:
    """Whether nothing in a lookaround, an atomic group or a repetition matches the separator, or an edge of a line."""
    for node, _, _ in nodes(group):
        if (isinstance(node, Edge) and node.name in _LINE_EDGES) or (isinstance(node, Other) and node.name != "any"):
            return False
        if isinstance(node, Characters) and node.matches(SEPARATOR):
            return False
    return True
