"""What an article itself says of the rules that are to be silent in it, and which findings that silences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linter.block import Span
from linter.document import Document
from linter.finding import Edit, Finding
from linter.rule import OWN, fits
from linter.silencing import directives, extents, matter, sic
from linter.silencing.directives import Directive, Named
from linter.silencing.reach import Reach, Suppression

_DEEPEST = 100  # parts within parts


@dataclass(frozen=True, eq=False)
class Silences:
    """All suppressions of an article; `said` is where it speaks to copydesk, which is no copy.

    `unclosed` begin a part and never end it, `unopened` end none; both silence nothing, and nor do those of
    `directives` and `keys` of the front matter whose word nobody knows.
    """

    suppressions: tuple[Suppression, ...] = ()
    said: tuple[Span, ...] = ()
    unclosed: tuple[Directive, ...] = ()
    unopened: tuple[Directive, ...] = ()
    directives: tuple[Directive, ...] = ()
    keys: tuple[Named, ...] = ()

    def spare(self, findings: Iterable[Finding]) -> dict[Finding, set[int]]:
        """The findings elsewhere whose fix would change what is silenced, each with the places that silence it."""
        edits = [(edit, finding) for finding in findings if _reaches_out(finding) for edit in _edits(finding)]
        reach = Reach(self.suppressions)
        found: dict[Finding, set[int]] = {}
        for edit, finding in sorted(edits, key=lambda each: each[0].start):
            for one in reach.over(edit):
                for name, span in one.names or (Named("*", one.span),):
                    if fits(name, finding.rule):
                        found.setdefault(finding, set()).add(span.start)
        return found

    def sift(self, findings: Sequence[Finding]) -> tuple[list[Finding], list[tuple[Finding, list[int]]]]:
        """The findings, in order, that are left, and those that are silenced, each with the places that do it."""
        left: list[Finding] = []
        silenced: list[tuple[Finding, list[int]]] = []
        own = Reach(Suppression(span, span) for span in self.said)
        reach = Reach(_each_once(self.suppressions))
        for finding in sorted(findings, key=lambda finding: finding.start):
            if not finding.rule.startswith(f"{OWN}/") and any(
                one.held.end >= finding.end for one in own.over(finding) if one.held.start <= finding.start
            ):
                continue
            places = [place for one in reach.over(finding) for place in one.silences(finding)]
            if places:
                silenced.append((finding, places))
            else:
                left.append(finding)
        return sorted(left, key=lambda finding: finding.order), silenced


NONE = Silences()


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _reaches_out(finding: Finding) -> bool:
    """Whether the fix of a finding changes text outside of it."""
    return not all(finding.start <= edit.start and edit.end <= finding.end for edit in _edits(finding))


def read(document: Document, *, words: bool = True) -> Silences:
    """What an article says of that; without `words` not what it says of single words, as where nothing is found."""
    text = document.source.text
    single = [Suppression(held, held, word=word) for word, held in (sic.find(text) if words else ())]
    if OWN not in text:
        return Silences(tuple(single)) if single else NONE
    found = directives.find(document)
    held, whole = extents.of(document, [one.span for one in found]), Span(0, len(text))
    regions, unclosed, unopened = _regions(found)
    nearby = [_made(one, here) for one, here in zip(found, held, strict=True) if one.word == "ignore"]
    all_over = [_made(one, whole) for one in found if one.word == "ignore-file"]
    front = [Suppression(one.span, whole, one.names, one.reason) for one in matter.find(document)]
    return Silences(
        (*single, *nearby, *regions, *all_over, *front),
        (*(one.span for one in found), *matter.spans(document)),
        tuple(unclosed),
        tuple(unopened),
        tuple(one for one in found if one.word not in directives.WORDS),
        tuple(matter.unknown(document)),
    )


def _each_once(suppressions: Iterable[Suppression]) -> Iterable[Suppression]:
    """Those that do something that none before them does."""
    first: dict[object, Suppression] = {}
    for one in suppressions:
        first.setdefault((one.held, one.word, tuple(name for name, _ in one.names)), one)
    return first.values()


def _made(one: Directive, held: Span) -> Suppression:
    return Suppression(one.span, held, one.names, one.reason, None, (one.span,))


def _regions(found: Iterable[Directive]) -> tuple[list[Suppression], list[Directive], list[Directive]]:
    """What lies between a start and its end; the starts without an end, and the ends without a start.

    An end is that of the last start before it, or, if it has names, of the last one with the same ones.
    """
    regions, opened, unopened = [], [], []
    for one in found:
        if one.word == "ignore-start":
            opened.append(one)
        elif one.word == "ignore-end":
            last = range(max(0, len(opened) - _DEEPEST), len(opened))
            at = next((i for i in reversed(last) if _pair(opened[i], one)), None)
            if at is None:
                unopened.append(one)
            else:
                start = opened.pop(at)
                held = Span(start.span.start, one.span.end)
                regions.append(Suppression(start.span, held, start.names, start.reason, None, (start.span, one.span)))
    return regions, opened, unopened


def _pair(start: Directive, end: Directive) -> bool:
    return not end.names or {name for name, _ in start.names} == {name for name, _ in end.names}
