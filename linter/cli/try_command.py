"""Try a rule on a folder before you turn it on: count its findings, and print a sample for review.

RULE is a file such as house/style/tramway.yaml, or the name of a rule such as leaks/raw-tag. It runs alone, whether it
is on or off in the settings, and without the baseline. Suppressed findings are only counted.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from linter import output, runner
from linter.api import Linter
from linter.cli import options
from linter.config import load, packs, select
from linter.config.config import BadConfig, Config, RunOptions
from linter.finding import Finding, Result
from linter.reference import explain
from linter.reporters import article_count, count_by, fingerprints, number_phrase
from linter.reporters.entries import SIGNS, Entries
from linter.rule import Rule
from linter.styled_text import Lines, cut_start, visible

_SAMPLE = 30  # findings: few enough to read, and enough to judge a rule
_NARROWEST, _WIDEST, _UNKNOWN = 40, 120, 80  # columns
_WRONG = {"error": 100, "warning": 20}  # by severity; for example, at most 1 in 20 warnings may be wrong
_NOTABLE = 3  # the article with the most findings is named only if it has at least a third of all findings
_SEVERAL = 5  # and at least this number of findings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk try RULE [PATH …] [OPTION …]"
    parser.add_argument("rule", metavar="RULE", help="the file of a rule, or a name that “copydesk rules” lists")
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="articles to check (default: same as “copydesk check”)"
    )
    group = parser.add_argument_group("the sample")
    number = options.number(", such as 30")
    group.add_argument(
        "--sample", type=number, default=_SAMPLE, metavar="N", help=f"number of findings (default: {_SAMPLE})"
    )
    group.add_argument(
        "--seed",
        type=number,
        default=0,
        metavar="N",
        help="seed of the random sample; another number selects other findings (default: 0)",
    )
    group = parser.add_argument_group("rules and settings")
    group.add_argument("--rules", action="append", default=[], metavar="DIR", help="another folder of packs")
    group.add_argument("--config", metavar="FILE", help="settings (default: the nearest, here or above)")
    group.add_argument("--isolated", action="store_true", help="use no settings and no words.txt")


def run(given: argparse.Namespace) -> int:
    """Try the rule, print a report about its findings, and return the exit status.

    Raises BadConfig and BadRule for mistakes in the options, the config or the rules.
    """
    run_options = RunOptions(rule_folders=tuple(given.rules), config=given.config, isolated=given.isolated)
    config = load.resolve_config(given.config, isolated=given.isolated)
    rule = _rule(given.rule, run_options, config)
    found = options.find_articles(given.paths, config)
    with options.progress(found, given) as on_progress:
        result = runner.run(found, Linter.of(run_options, rules=[rule]), on_progress=on_progress)
    lines = Lines.for_output(_NARROWEST, _WIDEST, _UNKNOWN)
    _write_report(lines, rule, result, sample_findings(result.findings, given.sample, given.seed), given.seed)
    output.to_standard_output(lines.text())
    if rule.lacks:
        output.to_standard_error(f"copydesk: {rule.name} finds nothing without {rule.lacks}")
    options.report_problems(result.problems)
    return 2 if result.problems else 0


def _rule(name: str, run_options: RunOptions, config: Config) -> Rule:
    """Return the rule in the file `name`, or the rule called `name`, even if it is off.

    Raises BadRule for mistakes in rules, and BadConfig if `name` is not the name of a single rule.
    """
    if name.endswith((".yaml", ".yml")) or os.path.isfile(name):
        return packs.load_rule(Path(name))
    entries = explain.states_named(name, Linter.of(run_options).run_rules.states())
    if len(entries) > 1 or name == entries[0].own.pack:
        raise BadConfig([f"copydesk: “{name}” is a pack; pass a single rule, such as {entries[0].own.name}"])
    own = entries[0].own
    return select.rule_state(own, config._replace(run=RunOptions(select=(own.name,)))).here or own


def sample_findings(findings: Sequence[Finding], number: int, seed: int) -> list[Finding]:
    """Return a random sample of at most `number` findings, sorted by article and position.

    The sample depends on a hash of `seed` and the fingerprints of the findings, so the same seed selects the same
    findings on any machine. With the same seed, a larger sample contains every smaller sample, and one finding that
    is added to `findings` replaces at most one finding in the sample.
    """
    lots = {key: blake2b(f"{seed} {key}".encode(), digest_size=8).digest() for key in fingerprints(findings)}
    drawn = sorted(zip(lots.values(), findings, strict=True), key=lambda pair: pair[0])[:number]
    return sorted((finding for _, finding in drawn), key=attrgetter("order"))


def _write_report(lines: Lines, rule: Rule, result: Result, drawn: Sequence[Finding], seed: int) -> None:
    """Write a report about the findings of a rule, with the sample `drawn` that `seed` selected."""
    lines.wrapped(
        (f"{SIGNS[rule.severity]} ", rule.severity), ("  ", ""), (rule.summary, "strong"), (rule.name, "faint")
    )
    _write_sentences(lines, _figures(result))
    if not drawn:
        return
    lines.put()
    complete = len(drawn) == len(result.findings)
    title = "All of them" if complete else f"{len(drawn):,} of them, chosen at random (for others: --seed {seed + 1})"
    lines.wrapped(("", ""), ("", ""), (f"{title}:", "faint"))
    entries = Entries(lines, max(len(str(finding.line)) for finding in drawn) + len(str(len(drawn))))
    numbered = enumerate(drawn, 1)
    for (path, record), members in groupby(numbered, lambda pair: pair[1].article):
        lines.put()
        lines.put((cut_start(visible(f"{path} · {record}" if record else path), lines.width), "strong"))
        for number, finding in members:
            entries.numbered(finding, number)
    lines.put()
    _write_sentences(lines, _advice(rule.severity, len(drawn), complete=complete))


def _figures(result: Result) -> list[str]:
    """Return sentences with figures about the findings, such as their number and their rate."""
    number, files, articles = len(result.findings), result.files, article_count(result.findings)
    suppressed = [f"Suppressed: {result.suppressed:,} more."] if result.suppressed else []
    if not number:
        return [f"No findings in {number_phrase(files, 'article')}.", *suppressed]
    rate = 1_000 * number / files
    shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
    places = f"{articles:,} of {number_phrase(files, 'article')}"
    sentences = [f"{number_phrase(number, 'finding')} in {places}: {shown} per 1,000 articles."]
    most = count_by(result.findings, lambda finding: finding.path)[0]
    if articles > 1 and most.findings * _NOTABLE >= number and most.findings >= _SEVERAL:
        sentences.append(f"{most.findings:,} of them are in {most.name}.")
    if safe := sum(bool(finding.fix and finding.fix.safe) for finding in result.findings):
        sentences.append(f"{safe:,} can be fixed safely.")
    return sentences + suppressed


def _advice(severity: str, number: int, *, complete: bool) -> list[str]:
    """Return sentences about how to evaluate a sample of `number` findings."""
    sentences = ["Read each of them."]
    if most := _WRONG.get(severity):
        share = f"{100 - 100 // most} of 100 findings"
        wrong = f"{number // most or 'none'} of these may be wrong"
        sentences.append(f"For “{severity}”, at least {share} must be right: {wrong}.")
    sentences.append("Add wrong findings to the “good” examples of the rule.")
    if not complete:
        sentences.append("For a larger sample: --sample 100.")
    return sentences


def _write_sentences(lines: Lines, sentences: Sequence[str]) -> None:
    lines.wrapped(("  ", ""), ("  ", ""), (" ".join(sentences), ""))
