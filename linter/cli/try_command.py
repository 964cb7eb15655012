"""Try a rule on a folder before it is switched on: how often it speaks, and a sample to judge it by.

RULE is a file such as house/style/tramway.yaml, or the name of a rule such as leaks/raw-tag, on or off. It is put to
the articles alone, whatever settings and baseline say of it; what is silenced by name stays silent.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from linter import runner
from linter.api import Linter
from linter.config.config import Config, RunOptions
from linter.digest import blake2b
from linter.files.articles import Found
from linter.finding import Finding, Problem
from linter.reporters import count_by, fingerprints
from linter.reporters.entries import SIGNS, Entries
from linter.rule import Rule
from linter.styled_text import ELLIPSIS, Lines, cells, tail, visible

SUMMARY = "try a rule on a folder, and judge a sample of its hits"
_SAMPLE = 30  # findings: few enough to read, and enough to judge a rule by
_NARROWEST, _WIDEST, _UNKNOWN = 40, 120, 80  # columns
_WRONG = {"error": 100, "warning": 20}  # one of so many findings may be wrong
_NOTABLE = 3  # an article is named if it has at least a third of all findings,
_SEVERAL = 5  # and at least so many


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.usage = "copydesk try RULE [PATH …] [OPTION …]"
    parser.add_argument("rule", metavar="RULE", help="the file of a rule, or a name that “copydesk rules” lists")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="where; default: as “copydesk check”")
    group = parser.add_argument_group("the sample")
    group.add_argument("--sample", type=_number, default=_SAMPLE, metavar="N", help=f"hits; default: {_SAMPLE}")
    group.add_argument("--seed", type=_number, default=0, metavar="N", help="another number draws others; default: 0")
    group = parser.add_argument_group("rules and settings")
    group.add_argument("--rules", action="append", default=[], metavar="DIR", help="a folder of packs of your own")
    group.add_argument("--config", metavar="FILE", help="settings; default: the nearest copydesk.yaml, found upwards")
    group.add_argument("--isolated", action="store_true", help="no settings, no words.txt of any folder")


def run(given: argparse.Namespace) -> int:
    """Try the rule, and print what it finds."""
    from linter import output
    from linter.cli import options
    from linter.config import load
    from linter.output import Progress

    run_options = RunOptions(rule_folders=tuple(given.rules), config=given.config, isolated=given.isolated)
    config = load.resolve_config(given.config, isolated=given.isolated)
    rule = _rule(given.rule, run_options, config)
    found = options.find_articles(given.paths, config)
    with Progress(len(found.articles), shown=sys.stderr.isatty()) as progress:
        trial = try_rule(rule, run_options, found, progress.advance)
    lines = _lines()
    sample_report(lines, trial, sample_findings(trial.findings, given.sample, given.seed), given.seed)
    output.to_standard_output(lines.text())
    if rule.lacks:
        output.to_standard_error(f"copydesk: {rule.name} finds nothing without {rule.lacks}")
    for problem in trial.problems:
        output.to_standard_error(f"copydesk: {problem.path}: {problem.message}")
    return 2 if trial.problems else 0


def _rule(name: str, run_options: RunOptions, config: Config) -> Rule:
    """Return the rule in a file, or the rule of a name with its configured options. Raises BadRule and BadConfig."""
    from pathlib import Path

    from linter.config import packs, select
    from linter.config.config import BadConfig
    from linter.reference import explain

    if name.endswith((".yaml", ".yml")) or os.path.isfile(name):
        return packs.load_rule(Path(name))
    entries = explain.states_named(name, Linter.of(run_options).run_rules.states())
    if len(entries) > 1 or name == entries[0].own.pack:
        raise BadConfig([f"copydesk: “{name}” is a pack; one rule is tried at a time, such as {entries[0].own.name}"])
    own = entries[0].own
    return select.rule_state(own, config._replace(run=RunOptions(select=(own.name,)))).here or own


def _lines() -> Lines:
    from linter import output

    return Lines(min(max(output.width() or _UNKNOWN, _NARROWEST), _WIDEST), output.shows_color())


def _number(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no number, such as 30")


class Trial(NamedTuple):
    """The findings of one rule in `files` articles; `suppressed` counts those that are suppressed."""

    rule: Rule
    files: int
    findings: tuple[Finding, ...]
    suppressed: int
    problems: tuple[Problem, ...]

    @property
    def articles(self) -> int:
        """The number of articles with findings."""
        return len({(finding.path, finding.record) for finding in self.findings})


def try_rule(rule: Rule, run_options: RunOptions, found: Found, on_progress: Callable[[int], None]) -> Trial:
    """Check all articles with this rule alone; `on_progress` is called as by `runner.run`."""
    linter = Linter.of(run_options, rules=[rule])
    result = runner.run(found, linter, on_progress=on_progress)
    return Trial(rule, result.files, result.findings, result.suppressed, result.problems)


def sample_findings(findings: Sequence[Finding], number: int, seed: int) -> list[Finding]:
    """Return a random sample of `number` findings, in their order.

    It depends on `seed` and the fingerprints of the findings alone: the same seed selects the same findings on any
    machine, a larger sample contains the smaller one, and findings that are added or removed do not affect the others.
    """
    lots = {key: blake2b(f"{seed} {key}".encode(), digest_size=8).digest() for key in fingerprints(findings)}
    drawn = sorted(zip(lots.values(), findings, strict=True), key=lambda pair: pair[0])[:number]
    return sorted((finding for _, finding in drawn), key=attrgetter("order"))


def sample_report(lines: Lines, trial: Trial, drawn: Sequence[Finding], seed: int) -> None:
    """Write the number of findings, the sample that was `drawn` with `seed`, and how to evaluate it."""
    rule = trial.rule
    lines.wrapped(
        (f"{SIGNS[rule.severity]} ", rule.severity), ("  ", ""), (rule.summary, "strong"), (rule.name, "faint")
    )
    _write_sentences(lines, _figures(trial))
    if not drawn:
        return
    lines.put()
    complete = len(drawn) == len(trial.findings)
    title = "All of them" if complete else f"{len(drawn):,} of them, drawn by lot (others: --seed {seed + 1})"
    lines.wrapped(("", ""), ("", ""), (f"{title}:", "faint"))
    entries = Entries(lines, max(len(str(finding.line)) for finding in drawn) + len(str(len(drawn))))
    numbered = enumerate(drawn, 1)
    for (path, record), members in groupby(numbered, lambda pair: (pair[1].path, pair[1].record)):
        lines.put()
        _path(lines, f"{path} · {record}" if record else path)
        for number, finding in members:
            entries.numbered(finding, number)
    lines.put()
    _write_sentences(lines, _advice(trial, len(drawn), complete=complete))


def _figures(trial: Trial) -> list[str]:
    """Return sentences about the number and rate of findings, and the article with most of them."""
    number, files = len(trial.findings), trial.files
    suppressed = [f"Silenced: {trial.suppressed:,} more."] if trial.suppressed else []
    if not number:
        return [f"No hit in {_count(files, 'article')}.", *suppressed]
    rate = 1_000 * number / files
    shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
    sentences = [
        f"{_count(number, 'hit')} in {trial.articles:,} of {_count(files, 'article')}: {shown} per 1,000 articles."
    ]
    most = count_by(trial.findings, lambda finding: finding.path)[0]
    if trial.articles > 1 and most.findings * _NOTABLE >= number and most.findings >= _SEVERAL:
        sentences.append(f"{most.findings:,} of them are in {most.name}.")
    if safe := sum(bool(finding.fix and finding.fix.safe) for finding in trial.findings):
        sentences.append(f"{safe:,} can be mended safely.")
    return sentences + suppressed


def _advice(trial: Trial, number: int, *, complete: bool) -> list[str]:
    """Return sentences about how to evaluate a sample of `number` findings."""
    rule = trial.rule
    sentences = ["Read each of them."]
    if most := _WRONG.get(rule.severity):
        share = f"{100 - 100 // most} of 100 hits"
        wrong = f"{number // most or 'none'} may be wrong"
        sentences.append(f"“{rule.severity}” means that {share} are right: of these, {wrong}.")
    sentences.append("What was wrong belongs into “good” of the rule.")
    if not complete:
        sentences.append("More of them: --sample 100.")
    return sentences


def _write_sentences(lines: Lines, sentences: Sequence[str]) -> None:
    lines.wrapped(("  ", ""), ("  ", ""), (" ".join(sentences), ""))


def _path(lines: Lines, path: str) -> None:
    shown = visible(path)
    lines.put((shown if cells(shown) <= lines.width else ELLIPSIS + tail(shown, lines.width - 1), "strong"))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
