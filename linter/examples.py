"""Run the examples of rules, each with its rule alone, and describe the failures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from difflib import ndiff
from pathlib import Path
from typing import NamedTuple

from linter import engine, readers
from linter.config import packs, yaml_file
from linter.config.config import Config
from linter.document import Document
from linter.finding import Edit, Finding
from linter.prefilter import NoPrefilter
from linter.rule import OWN, BadRule, Example, Rule, Spans, mark_spans
from linter.source import Source
from linter.text import language

_NO_RULES = (
    "there are no rules here; name a rule file (.yaml), a pack, which is a folder of rule files, or a folder of packs"
)


class Failure(NamedTuple):
    """A problem with one example of a rule. `problem` may have several lines."""

    rule: Rule
    example: Example
    problem: str

    @property
    def place(self) -> str:
        """The position of the example, as `file:line`."""
        return f"{self.rule.file}:{self.example.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.rule.name}: {self.problem}"


def test_path(path: Path) -> tuple[int, list[Failure]]:
    """Run the examples in a rule file, a pack, or a folder of packs. Return the number of examples, and the failures.

    Raises BadRule for rules with mistakes, and if there are no rules or no such path.
    """
    rules: Sequence[Rule]
    if not path.exists():
        raise BadRule([f"{yaml_file.shown_path(path)}: there is no such file or folder"])
    if path.is_file():
        rules = [packs.load_rule(path, explained=True)]
    else:
        rules = (packs.load_pack if packs.is_pack(path) else packs.load_folder)(path, explained=True)
    if not rules:
        raise BadRule([f"{yaml_file.shown_path(path)}: {_NO_RULES}"])
    failed = [failure for rule in rules for failure in failures(rule)]
    return sum(len(rule.bad + rule.good) for rule in rules), failed


test_path.__test__ = False  # type: ignore[attr-defined]  # not a test for pytest


def failures(rule: Rule) -> list[Failure]:
    """Return the failures of the examples of one rule. Each example is run with that rule alone."""
    return [Failure(rule, example, problem) for example in rule.bad + rule.good for problem in problems(rule, example)]


def problems(rule: Rule, example: Example) -> list[str]:
    """Return the problems of one example, in all its articles, as messages.

    The result is empty if the rule needs a package that is missing.
    """
    if rule.lacks:
        return []
    articles = example.articles or (example,)
    try:
        read = [_source(article) for article in articles]
    except UnicodeError:
        encodings = sorted({article.encoded for article in articles if article.encoded})
        return [f"the text cannot be encoded in {' or '.join(encodings)}"]
    found, wrong = _lint(rule, example, [source for source, _ in read])
    for (source, expected), own in zip(read, found, strict=True):
        seen = tuple(sorted((finding.start, finding.end) for finding in own))
        if seen != expected:
            marked = mark_spans(source.text, expected), mark_spans(source.text, seen)
            wrong.append(_difference("expected", marked[0], "found", marked[1]))
    if not wrong and any(article.fixed is not None for article in articles):
        wrong += _check_fixes(rule, example, [source for source, _ in read], found)
    return wrong


def _source(example: Example) -> tuple[Source, Spans]:
    """Return the source of an example, and the marked spans in that source.

    Raises UnicodeError if the text cannot be encoded.
    """
    if example.encoded is None:
        return Source(example.text), example.spans
    source = Source.from_bytes(example.text.encode(example.encoded))

    def read(offset: int) -> int:  # decoding may change the number of characters
        before = example.text[:offset].encode(example.encoded or "")
        return len(before.removeprefix(source.bom).decode(source.encoding, "surrogateescape"))

    return source, tuple((read(start), read(end)) for start, end in example.spans)


def _lint(rule: Rule, example: Example, sources: Sequence[Source]) -> tuple[list[list[Finding]], list[str]]:
    """Return the findings of the rule in each of `sources`, and the problems as messages.

    `sources` are the articles of the example.
    """
    kinds = [article.kind for article in example.articles or (example,)]
    code = min(rule.languages, default="")  # the language to assume, if the rule is only for some languages
    documents = [
        language.with_language(readers.read(replace(source, path=f"article {number}"), kind), code)
        for number, (source, kind) in enumerate(zip(sources, kinds, strict=True), 1)
    ]
    if rule.looks_at == "folder":
        return _lint_folder(rule, documents, example.files)
    results = [engine.check(document, NoPrefilter((rule,))) for document in documents]
    wrong = [problem.message for _, problems in results for problem in problems]
    found = [findings for findings, _ in results]
    if rule.pack == OWN:  # a rule about mistakes in suppressions; it runs as if no other rule had any findings
        others = [other for other in packs.shipped_rules() if other.pack != OWN]
        from linter.suppressions.apply import SuppressionFilter  # only the rules of this pack need it

        suppressions = SuppressionFilter([*others, rule], packs.shipped_rules(), Config(reasons_required=True))
        found = [suppressions.filter(one, own, "", across=True)[0] for one, own in zip(documents, found, strict=True)]
    return found, wrong


def _lint_folder(
    rule: Rule, documents: Sequence[Document], files: Collection[str]
) -> tuple[list[list[Finding]], list[str]]:
    """Return the findings and problems (see `_lint`) for a rule that compares articles.

    `files` are the paths of other files in the folder of the articles.
    """
    facts, problems = [], []
    for document in documents:
        own, cut_off = engine.collect_facts(document, (rule,))
        facts += own
        problems += cut_off
    matches, cut_off = engine.match_across((rule,), facts, lambda path, address: address in files)
    problems += cut_off
    found = []
    for document in documents:
        findings, cut_off = engine.cross_findings(document, matches.get(document.source.path, ()))
        found.append(findings)
        problems += cut_off
    return found, [problem.message for problem in problems]


def _check_fixes(rule: Rule, example: Example, sources: Sequence[Source], found: list[list[Finding]]) -> list[str]:
    """Return the problems with the fixes of an example, as messages."""
    wrong, fixed = [], []
    for article, source, own in zip(example.articles or (example,), sources, found, strict=True):
        text = _apply_edits(source.text, (edit for finding in own for edit in finding.edits))
        fixed.append(text)
        wanted = source.text if article.fixed is None else article.fixed
        if text != wanted:
            wrong.append(_difference("expected after the fix", wanted, "fixed", text))
    if wrong:
        return wrong
    again, wrong = _lint(rule, example, list(map(Source, fixed)))
    for text, own in zip(fixed, again, strict=True):
        if own:
            marked = mark_spans(text, ((finding.start, finding.end) for finding in own))
            wrong.append(_difference("expected no findings after the fix", text, "found", marked))
    return wrong


def _apply_edits(text: str, edits: Iterable[Edit]) -> str:
    parts, done = [], 0
    for edit in sorted(set(edits)):
        if edit.start >= done:
            parts += [text[done : edit.start], edit.text]
            done = edit.end
    return "".join(parts) + text[done:]


def _difference(wanted: str, one: str, had: str, other: str) -> str:
    """Return a diff of the texts `one` and `other`, which are described as `wanted` and `had`."""
    lines = ndiff(one.split("\n"), other.split("\n"))
    return "\n".join([f"- {wanted}, + {had}", *(f"    {line}" for line in lines if not line.startswith("?"))])
