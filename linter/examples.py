"""The examples of rules, run: what a rule says it finds against what it does find, as a diff of marked spans."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from linter import engine, packs, readers
from linter.finding import Edit, Finding
from linter.loading import marks
from linter.plan import PlainPlan
from linter.prose import language
from linter.rule import Example, Rule
from linter.source import Source


class Failure(NamedTuple):
    """An example that does not hold: `place` is `file:line`, `problem` may have several lines."""

    rule: str
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.problem}"


def test_folder(folder: Path) -> tuple[int, list[Failure]]:
    """Run all examples of a folder of packs → (how many there are, those that fail). Raises BadRule."""
    rules = packs.load(folder, explained=True)
    return sum(len(rule.bad + rule.good) for rule in rules), [failure for rule in rules for failure in failures(rule)]


test_folder.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test


def failures(rule: Rule) -> list[Failure]:
    """What does not hold of the examples of one rule, each run with that rule alone."""
    return [
        Failure(rule.name, f"{rule.file}:{example.line}", problem)
        for example in rule.bad + rule.good
        for problem in problems(rule, example)
    ]


def problems(rule: Rule, example: Example) -> list[str]:
    """What does not hold of one example."""
    try:
        source, expected = _source(example)
    except UnicodeError:
        return [f"the text cannot be written in {example.encoded}"]
    found, wrong = _lint(rule, source, example.kind)
    seen = tuple(sorted((finding.start, finding.end) for finding in found))
    if seen != expected:
        wrong.append(_difference("expected", marks.mark(source.text, expected), "found", marks.mark(source.text, seen)))
    elif example.fixed is not None:
        wrong += _mending(rule, example, source, found)
    return wrong


def _source(example: Example) -> tuple[Source, marks.Spans]:
    """The example as it is read, and its spans in that: bytes may be read as other characters than were written."""
    if example.encoded is None:
        return Source(example.text), example.spans
    source = Source.from_bytes(example.text.encode(example.encoded))

    def read(offset: int) -> int:
        before = example.text[:offset].encode(example.encoded or "")
        return len(before.removeprefix(source.bom).decode(source.encoding, "surrogateescape"))

    return source, tuple((read(start), read(end)) for start, end in example.spans)


def _lint(rule: Rule, source: Source, kind: str) -> tuple[list[Finding], list[str]]:
    """What the rule alone finds, in its own language, and what went wrong."""
    document = language.settle(readers.read(source, kind), min(rule.languages, default=""))
    findings, cut_off = engine.check(document, PlainPlan((rule,)))
    return findings, [problem.message for problem in cut_off]


def _mending(rule: Rule, example: Example, source: Source, found: list[Finding]) -> list[str]:
    """Whether the fixes make the text that the example says, and whether the rule is silent on that."""
    mended = _mended(source.text, (edit for finding in found if finding.fix for edit in finding.fix.edits))
    if mended != example.fixed:
        return [_difference("expected after the fix", example.fixed or "", "fixed", mended)]
    again, wrong = _lint(rule, Source(mended), example.kind)
    if again:
        marked = marks.mark(mended, ((finding.start, finding.end) for finding in again))
        wrong.append(_difference("the fixed text should be clean", mended, "found", marked))
    return wrong


def _mended(text: str, edits: Iterable[Edit]) -> str:
    parts, done = [], 0
    for edit in sorted(set(edits)):
        if edit.start >= done:
            parts += [text[done : edit.start], edit.text]
            done = edit.end
    return "".join(parts) + text[done:]


def _difference(wanted: str, one: str, had: str, other: str) -> str:
    """Two texts, one below the other, lines that differ marked by - and +."""
    import difflib

    lines = list(difflib.ndiff(one.split("\n"), other.split("\n")))
    shown = [line for line in lines if not line.startswith("?")]
    return "\n".join([f"- {wanted}, + {had}", *(f"    {line}" for line in shown)])
