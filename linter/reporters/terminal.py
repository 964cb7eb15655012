"""The terminal report: for each article, errors and then warnings, with an example of each kind of defect.

The report ends with the totals and suggestions for the next commands. `fix_summary` renders the report of
`copydesk fix`.
"""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from linter import patterns
from linter.finding import Finding, Result
from linter.readers import kind_of
from linter.record import NamedTuple
from linter.reporters import (
    NOUNS,
    Flood,
    View,
    articles_phrase,
    count_by_folder,
    count_by_pack,
    count_by_rule,
    flood_phrases,
    number_phrase,
    severity_counts,
    severity_phrase,
    split_floods,
)
from linter.reporters.entries import SIGNS, Entries, folded_findings, quotes_match, section, text_table
from linter.styled_text import UNLIMITED, Lines, cells, visible

NARROWEST, WIDEST, DEFAULT_WIDTH = 40, 200, 80  # columns; the default is for a terminal of unknown size
MAX_IN_FULL = 10  # articles; if there are more, only the worst articles are shown, and a table of all findings
MAX_FOLDERS = 20  # folders in the statistics
_TITLES = {
    "error": ("ERRORS", ": readers would see these"),
    "warning": ("WARNINGS", ": mistakes that do not block a commit"),
}
_STRICT = ": mistakes to fix"  # if warnings fail the run

_ISOLATED = "The articles were not compared with each other because no folder was given."
_GAP = " " * 6  # between hints

_ON_WINDOWS = os.name == "nt"
_PLAIN = patterns.lazy(r"[\w+./-][\w+./:=@-]*")  # words that need no quotes on Windows
_MAX_PATHS = 3  # paths in a suggested command; if there are more, “PATH …” replaces them
_MAX_FIXED_IN_FULL = 20  # articles; if there are more, only the rules are listed


def render(result: Result, view: View) -> str:
    """Render the report in lines of `view.width` cells (40 to 200; 0 means 80).

    Each article has a section for its errors and a section for its warnings, with a group for each kind of defect (see
    `entries.section`). Findings inside a longer error, such as leaked page code, are only counted. If more than 10
    articles have errors or warnings, the worst 10 and a table of rules are shown. If `view.everything` is true, every
    finding is shown separately, in page order, including notes; only floods of notes (see `Flood`) are combined, at the
    end. If `view.statistics` is true, findings are only counted.
    """
    lines = Lines(min(max(view.width, NARROWEST), WIDEST) if view.width > 0 else DEFAULT_WIDTH, view.color)
    if view.statistics:
        _statistics(lines, result, view)
        return lines.text()
    shown, floods = split_floods(view.shown(result.findings), view)
    articles = [list(found) for _, found in groupby(shown, key=lambda finding: finding.article)]
    named = view.named or result.files > 1 or len(articles) > 1
    many = len(articles) > MAX_IN_FULL and not view.everything
    if many:
        lines.put((f"The worst {MAX_IN_FULL} of {len(articles):,} articles", "strong"))
    worst = sorted(articles, key=lambda found: [-count for count in severity_counts(found)])
    for found in worst[:MAX_IN_FULL] if many else articles:
        if named:
            _heading(lines, found)
        entries = Entries(lines, max(2, max(len(str(finding.line)) for finding in found)))
        if view.everything:
            for finding in found:
                entries.single(finding)
        else:
            _sections(entries, found, view, named)
    if many:
        lines.put()
        lines.put((f"All {len(articles):,} articles, by rule", "strong"))
        text_table(lines, "rule", count_by_rule(shown), view.rules)
    if floods:
        _floods(lines, floods, view)
    if not view.quiet:
        if named and lines.done:
            lines.put()
        write_summary(lines, result, view)
    return lines.text()


def _floods(lines: Lines, floods: Sequence[Flood], view: View) -> None:
    """Write a summary of each flood of findings of severity info, and a command that lists those of the first flood."""
    if lines.done:
        lines.put()
    lines.put(("NOTES ON WHOLE FOLDERS", "info"))
    for flood in floods:
        what, where = flood_phrases(flood, view)
        lines.wrapped((f"{SIGNS['info']} ", "info"), ("  ", ""), (visible(what), "strong"), (flood.group.name, "faint"))
        lines.wrapped(("  ", ""), ("  ", ""), (visible(where), ""))
    example = repeat_command(f"check --all --select {floods[0].group.name}", (), view)
    lines.wrapped(("", ""), ("  ", ""), (f"List the notes of a rule: {example}", "faint"))


def _statistics(lines: Lines, result: Result, view: View) -> None:
    """Write tables that count all findings, including notes, by pack, folder and rule."""
    if result.findings:
        folders = count_by_folder(result.findings)
        text_table(lines, "pack", count_by_pack(result.findings))
        lines.put()
        text_table(lines, "folder", folders[:MAX_FOLDERS])
        if len(folders) > MAX_FOLDERS:
            lines.put((f"  and {len(folders) - MAX_FOLDERS:,} more folders", "faint"))
        lines.put()
        text_table(lines, "rule", count_by_rule(result.findings), view.rules)
        lines.put()
    if not view.quiet:
        write_summary(lines, result, view)


def _heading(lines: Lines, found: Sequence[Finding]) -> None:
    """Write the path of an article, uncut so that it can be copied, and the number of findings of each severity."""
    path = visible(found[0].name)
    if lines.done:
        lines.put()
    counts = severity_phrase(found)
    lines.put((path, "strong"), right=(counts, ""))


def _sections(entries: Entries, found: Sequence[Finding], view: View, named: bool) -> None:
    lines, covers = entries.lines, folded_findings(found)
    for severity, (word, meaning) in _TITLES.items():
        own = [finding for finding in found if finding.severity == severity]
        if not own:
            continue
        if severity == "warning" and view.fail_on != "error":
            meaning = _STRICT
        counted = "" if named else severity_phrase(own)
        if cells(word + meaning) + (2 + cells(counted) if counted else 0) > lines.width:
            meaning = ""
        lines.put((word, severity), (meaning, ""), right=(counted, ""))
        groups = section(own, covers, view.rules)
        for group in groups.full:
            entries.full(group)
        for group in groups.short:
            entries.short(group)
        entries.folded(groups.covers, alone=not groups.full and not groups.short)


def write_summary(lines: Lines, result: Result, view: View) -> None:
    """Write the totals, the number of safe fixes, and suggestions for the next command."""
    total, outcome = verdict(result)
    rows = [f"{total} {outcome}".rstrip()]
    if cells(rows[0]) > lines.width:
        rows = [total, outcome]
    for row in rows:
        lines.wrapped(("", ""), ("", ""), (row, ""))
    _write_fix_hint(lines, result.findings, view)
    unclear = rule_to_explain(result.findings)
    everything = "All findings in page order: --all" if result.findings and not view.everything else ""
    why = f"Explain: {_explain_command(unclear, view)}" if unclear else ""
    hints = [text for text in (everything, why) if text]
    if result.known:
        hints.append(f"{number_phrase(result.known, 'known finding')} not shown: --no-baseline")
    if result.suppressed:
        hints.append(f"{number_phrase(result.suppressed, 'finding')} suppressed: --no-suppressions")
    if result.passed_over:
        hints.append(f"{number_phrase(result.passed_over, 'file')} skipped{'' if view.everything else ': --all'}")
    one = _GAP.join(hints)
    if hints and cells(one) <= lines.width:
        lines.put((one, "faint"))
    else:
        for text in hints:
            lines.wrapped(("", ""), ("  ", ""), (text, "faint"))
    if view.everything and not result.compared and any(rule.looks_at == "folder" for rule in view.rules.values()):
        lines.wrapped(("", ""), ("", ""), (_ISOLATED, "faint"))


def _write_fix_hint(lines: Lines, findings: Sequence[Finding], view: View) -> None:
    """Write how many of the shown findings have a safe fix, if any, and how to apply these fixes."""
    safe = [finding for finding in view.shown(findings) if finding.fix and finding.fix.safe]
    if safe and "-" in view.paths:
        lines.put((f"{len(safe):,} can be fixed automatically: pipe the text to copydesk fix -", ""))
    elif safe:
        words = "fix --all" if any(finding.severity == "info" for finding in safe) else "fix"
        command = repeat_command(words, safe, view)
        if any(finding.record is not None for finding in safe):
            command += " --out FILE"  # an archive is never changed
        text = f"{len(safe):,} can be fixed automatically: {command}"
        hint = f"{text}   (preview: --diff)"
        if cells(hint) <= lines.width:
            lines.put((hint, ""))
        else:
            lines.wrapped(("", ""), ("  ", ""), (text, ""))


def repeat_command(words: str, about: Iterable[Finding], view: View) -> str:
    """Return a command for the paths of this run or, if the findings `about` are all in one file, for that file.

    `words` follow “copydesk”, such as “fix --all”. If there are more than 3 paths, “PATH …” replaces them.
    """
    articles = {finding.path for finding in about if kind_of(finding.path) or finding.path in view.paths}
    paths = [*articles] if len(articles) == 1 and "-" not in view.paths else [*view.paths]
    named = [_quoted(f"./{path}" if path.startswith("-") and path != "-" else path) for path in paths]
    shown = named if len(named) <= _MAX_PATHS else ["PATH …"]
    return " ".join(["copydesk", *words.split(), *shown, *map(_quoted, view.options)])


def _explain_command(rule: str, view: View) -> str:
    """Return the command that explains a rule, with the options `--rules` and `--config` of this run."""
    pairs = [pair for pair in pairwise(view.options) if pair[0] in ("--rules", "--config")]
    return " ".join(["copydesk explain", rule, *(_quoted(word) for pair in pairs for word in pair)])


def _quoted(word: str) -> str:
    return quoted_for_windows(word) if _ON_WINDOWS else shlex.quote(word)


def quoted_for_windows(word: str) -> str:
    """Return a word of a command, in double quotes if necessary, for use in cmd, PowerShell and Git Bash.

    Single quotes do not work in cmd. On Windows, file names cannot contain double quotes. A backslash at the end is
    doubled, because it would escape the closing quote.
    """
    if _PLAIN.fullmatch(word):
        return word
    return f'"{word}\\"' if word.endswith("\\") else f'"{word}"'


def rule_to_explain(findings: Sequence[Finding]) -> str:
    """Return the name of the rule that most needs an explanation, or "" if there are no errors or warnings.

    Only findings of the highest severity that occurs are considered. Rules with a message that does not quote the
    matched text are preferred. Of these rules, the rule with the fewest findings is chosen.
    """
    worst = next((same for severity in NOUNS if (same := [f for f in findings if f.severity == severity])), [])
    if not worst or worst[0].severity == "info":
        return ""
    numbers = Counter(finding.rule for finding in worst)
    unquoted = dict.fromkeys(finding.rule for finding in worst if not quotes_match(finding))
    return min(unquoted or numbers, key=lambda rule: numbers[rule])


def verdict(result: Result) -> tuple[str, str]:
    """Return the total and the outcome, such as “17 errors in 1 of 12 articles:” and “not ready to publish.”

    If there are neither errors nor warnings, return a single sentence and "".
    """
    severities = {finding.severity for finding in result.findings}
    if severities <= {"info"}:
        if not result.files:
            return "No articles to check.", ""
        notes = f"; {severity_phrase(result.findings)}" if severities else ""
        return f"No problems found in {number_phrase(result.files, 'article')}{notes}.", ""
    return f"{severity_phrase(result.findings)} in {articles_phrase(result)}:", outcome(result.findings)


def outcome(findings: Iterable[Finding]) -> str:
    """Return “not ready to publish.” if one of `findings` is an error, otherwise “no errors.”"""
    is_bad = any(finding.severity == "error" for finding in findings)
    return "not ready to publish." if is_bad else "no errors."


class FixSummary(NamedTuple):
    """The result of `copydesk fix` on `files` articles: the findings that were fixed, and those that remain.

    `written` is false if the fixes were only shown, and `unsafe` is true if unsafe fixes were included. `failed` is
    true if a problem occurred, such as a file that could not be written.
    """

    files: int
    fixed: Sequence[Finding]
    remaining: Sequence[Finding]
    unsafe: bool
    written: bool
    failed: bool = False


def fix_summary(work: FixSummary, view: View) -> str:
    """Return the report of `copydesk fix`: what was fixed in each article, the total, and the next steps.

    If there are fixes in more than 20 articles, a table of rules replaces the list of articles.
    """
    lines = Lines(view.width or UNLIMITED, view.color)
    articles = [(path, list(own)) for path, own in groupby(work.fixed, key=lambda finding: finding.path)]
    if len(articles) > _MAX_FIXED_IN_FULL:
        text_table(lines, "rule", count_by_rule(work.fixed), view.rules)
    done = "fixed" if work.written else "to fix"
    for path, own in articles if len(articles) <= _MAX_FIXED_IN_FULL else ():
        lines.wrapped(("", ""), ("  ", ""), (f"{path}: {len(own):,} {done}: {_rules(own)}", ""))
    lines.wrapped(("", ""), ("", ""), (_fixed_phrase(work, len(articles)), "strong"))
    for text, words in _next_steps(work):
        lines.wrapped(("", ""), ("  ", ""), (f"{text}: {repeat_command(words, work.remaining, view)}", "faint"))
    return lines.text()


def _rules(findings: Iterable[Finding]) -> str:
    numbers = Counter(finding.rule for finding in findings)
    ranked = sorted(numbers, key=lambda rule: (-numbers[rule], rule))
    return ", ".join(f"{rule} ({numbers[rule]:,})" if numbers[rule] > 1 else rule for rule in ranked)


def _fixed_phrase(work: FixSummary, changed: int) -> str:
    every = number_phrase(work.files, "article")
    if not work.fixed and (work.failed or any(finding.severity != "info" for finding in work.remaining)):
        return f"Nothing was fixed in {every}."
    if not work.fixed:
        return f"No problems found in {every}." if work.files else "No articles to check."
    places = number_phrase(len(work.fixed), "place")
    where = every if changed == work.files else f"{changed:,} of {every}"
    return f"Fixed {places} in {where}." if work.written else f"{places} to fix in {where}; nothing was written."


def _next_steps(work: FixSummary) -> Iterable[tuple[str, str]]:
    """Yield a phrase for each next step, and the words of the command for this step, such as “fix --unsafe --diff”."""
    unsafe_fixes = [finding for finding in work.remaining if finding.fix and not finding.fix.safe]
    if unsafe_fixes and not work.unsafe:
        what = "1 more fix may" if len(unsafe_fixes) == 1 else f"{len(unsafe_fixes):,} more fixes may"
        yield f"{what} change the meaning; see", "fix --unsafe --diff"
    if shown := [finding for finding in work.remaining if finding.severity != "info"]:
        yield f"Not fixed: {severity_phrase(shown)}", "check"
