"""Run the examples of your own rules, each with its rule alone; failures show the marked spans as a diff.

Exit status: 0 all examples hold, 1 some do not, 2 a rule has a mistake.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from linter import engine, readers
from linter.config import packs
from linter.document import Document
from linter.finding import Edit, Finding
from linter.matching import Budget
from linter.prefilter import NoPrefilter
from linter.rule import OWN, Example, Rule, Spans, mark_spans
from linter.source import Source
from linter.suppressions.filtering import SuppressionFilter
from linter.text import language

SUMMARY = "run the examples of your own rules"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk test [DIR …] [OPTION …]"
    parser.add_argument("folders", nargs="*", metavar="DIR", help="folders of packs; default: “rules” of the settings")
    parser.add_argument("--config", metavar="FILE", help="settings; default: the nearest copydesk.yaml, found upwards")


def run(given: argparse.Namespace) -> int:
    """Run the examples, and say which do not hold."""
    from itertools import chain

    from linter import output
    from linter.config import load
    from linter.output import one_line

    folders = [Path(folder) for folder in given.folders] or load.resolve_config(given.config).rules
    if not folders:
        output.to_standard_error("copydesk: no rules to test; name their folder: copydesk test house")
        return 2
    number, failures = 0, []
    for folder in folders:
        ran, failed = test_folder(folder)
        number += ran
        failures += failed
    hold = f"{number:,} examples hold" if not failures else f"{len(failures):,} failures in {number:,} examples"
    lines = chain.from_iterable(str(failure).split("\n") for failure in failures)
    output.to_standard_output("".join(f"{one_line(line)}\n" for line in lines))
    output.to_standard_error(f"copydesk: {hold}")
    return int(bool(failures))


# The examples of rules, run: what a rule says it finds against what it does find, as a diff of marked spans.


class Failure(NamedTuple):
    """An example that does not hold: `place` is `file:line`, `problem` may have several lines."""

    rule: str
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.problem}"


def test_folder(folder: Path) -> tuple[int, list[Failure]]:
    """Run all examples of a folder of packs → (how many there are, those that fail). Raises BadRule."""
    rules, budget = packs.load_folder(folder, explained=True), Budget()
    failed = [failure for rule in rules for failure in failures(rule, budget)]
    return sum(len(rule.bad + rule.good) for rule in rules), failed


test_folder.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test


def failures(rule: Rule, budget: Budget | None = None) -> list[Failure]:
    """What does not hold of the examples of one rule, each run with that rule alone.

    `budget` is what all rules may spend together. No example is run after the one on which the rule was turned off.
    """
    budget, failed = budget or Budget(), []
    for example in rule.bad + rule.good:
        if rule.name in budget.off:
            break
        wrong = problems(rule, example, budget)
        failed += [Failure(rule.name, f"{rule.file}:{example.line}", problem) for problem in wrong]
    return failed


def problems(rule: Rule, example: Example, budget: Budget | None = None) -> list[str]:
    """What does not hold of one example; of a folder, of any article in it; nothing where the rule cannot be tried."""
    budget = budget or Budget()
    if rule.lacks:
        return []
    articles = example.articles or (example,)
    try:
        read = [_source(article) for article in articles]
    except UnicodeError:
        return [f"the text cannot be written in {_encodings(articles)}"]
    found, wrong = _lint(rule, example, [source for source, _ in read], budget)
    for (source, expected), own in zip(read, found, strict=True):
        seen = tuple(sorted((finding.start, finding.end) for finding in own))
        if seen != expected:
            marked = mark_spans(source.text, expected), mark_spans(source.text, seen)
            wrong.append(_difference("expected", marked[0], "found", marked[1]))
    if not wrong and any(article.fixed is not None for article in articles):
        wrong += _check_fixes(rule, example, [source for source, _ in read], found, budget)
    return wrong


def _encodings(articles: Iterable[Example]) -> str:
    return " or ".join(sorted({article.encoded for article in articles if article.encoded}))


def _source(example: Example) -> tuple[Source, Spans]:
    """The example as it is read, and its spans in that: bytes may be read as other characters than were written."""
    if example.encoded is None:
        return Source(example.text), example.spans
    source = Source.from_bytes(example.text.encode(example.encoded))

    def read(offset: int) -> int:
        before = example.text[:offset].encode(example.encoded or "")
        return len(before.removeprefix(source.bom).decode(source.encoding, "surrogateescape"))

    return source, tuple((read(start), read(end)) for start, end in example.spans)


def _lint(
    rule: Rule, example: Example, sources: Sequence[Source], budget: Budget
) -> tuple[list[list[Finding]], list[str]]:
    """What the rule alone finds in each article of an example, in its own language, and what went wrong."""
    kinds = [article.kind for article in example.articles or (example,)]
    code = min(rule.languages, default="")
    documents = [
        language.with_language(readers.read(replace(source, path=f"article {number}"), kind), code)
        for number, (source, kind) in enumerate(zip(sources, kinds, strict=True), 1)
    ]
    if rule.looks_at == "folder":
        return _lint_folder(rule, documents, example.files, budget)
    results = [engine.check(document, NoPrefilter((rule,)), budget) for document in documents]
    wrong = [problem.message for _, problems in results for problem in problems]
    found = [findings for findings, _ in results]
    if rule.pack == OWN:
        suppressions = _suppression_filter(rule)
        found = [suppressions.sift(one, own, "", across=True)[0] for one, own in zip(documents, found, strict=True)]
    return found, wrong


def _suppression_filter(rule: Rule) -> SuppressionFilter:
    """What tells `rule` of suppressions that are wrong, as if all other rules had been asked and found nothing."""
    others = [other for other in packs.shipped_rules() if other.pack != OWN]
    return SuppressionFilter([*others, rule], packs.shipped_rules(), explained=True)


def _lint_folder(
    rule: Rule, documents: Sequence[Document], files: Collection[str], budget: Budget
) -> tuple[list[list[Finding]], list[str]]:
    """The same for a rule that looks across a folder, in which `files` lie too."""
    facts, problems = [], []
    for document in documents:
        own, cut_off = engine.collect_facts(document, (rule,), budget)
        facts += own
        problems += cut_off
    matches, cut_off = engine.match_across((rule,), facts, lambda path, address: address in files)
    problems += cut_off
    found = []
    for document in documents:
        findings, cut_off = engine.cross_findings(document, matches.get(document.source.path, ()), budget)
        found.append(findings)
        problems += cut_off
    return found, [problem.message for problem in problems]


def _check_fixes(
    rule: Rule, example: Example, sources: Sequence[Source], found: list[list[Finding]], budget: Budget
) -> list[str]:
    """Whether the fixes make the texts that the example says, and whether the rule is silent on those."""
    wrong, fixed = [], []
    for article, source, own in zip(example.articles or (example,), sources, found, strict=True):
        text = _apply_edits(source.text, (edit for finding in own if finding.fix for edit in finding.fix.edits))
        fixed.append(text)
        wanted = source.text if article.fixed is None else article.fixed
        if text != wanted:
            wrong.append(_difference("expected after the fix", wanted, "fixed", text))
    if wrong:
        return wrong
    again, wrong = _lint(rule, example, list(map(Source, fixed)), budget)
    for text, own in zip(fixed, again, strict=True):
        if own:
            marked = mark_spans(text, ((finding.start, finding.end) for finding in own))
            wrong.append(_difference("the fixed text should be clean", text, "found", marked))
    return wrong


def _apply_edits(text: str, edits: Iterable[Edit]) -> str:
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
