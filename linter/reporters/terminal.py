"""The terminal report: errors and then warnings, with an example of each kind of defect, for each article or a folder.

The report ends with the totals and suggestions for the next commands. `fix_summary` renders the report of
`copydesk fix`.
"""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from linter import patterns
from linter.finding import Finding, Result
from linter.readers import kind_of
from linter.reporters import (
    NOUNS,
    View,
    article_count,
    articles_phrase,
    count_by_folder,
    count_by_pack,
    count_by_rule,
    gaps_phrase,
    nothing_phrase,
    number_phrase,
    severity_phrase,
)
from linter.reporters.entries import Entries, folded_findings, quotes_match, section, text_table
from linter.styled_text import UNLIMITED, Lines, cells, visible

NARROWEST, WIDEST, DEFAULT_WIDTH = 40, 200, 80  # columns; the default is for a terminal of unknown size
MAX_LINES = 40  # for the findings in several articles
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
_MANY = 100  # articles with errors; so many are not about to be published, but have been for a long time
_MAX_FIXED_IN_FULL = 20  # articles; if there are more, only the rules are listed


def render(result: Result, view: View) -> str:
    """Render the report in lines of `view.width` cells (40 to 200; 0 means 80).

    Each article has a section for its errors and a section for its warnings, with a group for each kind of defect (see
    `entries.section`). Findings inside a longer error, such as leaked page code, are only counted. If the sections of
    several articles take more than 40 lines, groups of the findings in all articles take their place. If
    `view.everything` is true, every finding is shown separately, in page order, including notes. If `view.statistics`
    is true, findings are only counted.
    """
    lines = Lines(min(max(view.width, NARROWEST), WIDEST) if view.width > 0 else DEFAULT_WIDTH, view.color)
    if view.statistics:
        _statistics(lines, result, view)
        return lines.text()
    shown = view.shown(result.findings)
    articles = [list(found) for _, found in groupby(shown, key=lambda finding: finding.article)]
    named = view.named or result.files > 1 or len(articles) > 1
    for found in articles:
        if named:
            _heading(lines, found)
        entries = Entries(lines, max(2, max(len(str(finding.line)) for finding in found)))
        if view.everything:
            for finding in found:
                entries.single(finding)
            continue
        _sections(entries, found, view, named)
        if len(articles) > 1 and len(lines.done) > MAX_LINES:
            lines.done.clear()
            _folder(lines, shown, view)
            break
    if not view.quiet:
        if named and lines.done:
            lines.put()
        write_summary(lines, result, view)
    return lines.text()


def _folder(lines: Lines, shown: Sequence[Finding], view: View) -> None:
    """Write the groups of the findings in several articles, the errors first, in at most MAX_LINES lines.

    Groups that have no room are counted. Warnings have a third of the lines, or more if the errors leave more.
    """
    errors, warnings = (_folder_groups(lines, shown, view, severity) for severity in _TITLES)
    room = MAX_LINES - min(MAX_LINES // 3, sum(map(len, warnings)) + 1 if warnings else 0)
    for severity, groups in zip(_TITLES, (errors, warnings), strict=True):
        if not groups:
            continue
        own = [finding for finding in shown if finding.severity == severity]
        _title(lines, severity, view, severity_phrase(own))
        for left, group in zip(range(len(groups), 0, -1), groups, strict=True):
            if len(lines.done) + len(group) + (left > 1) > room:
                lines.put((f"  and {number_phrase(left, 'more kind')}: --statistics counts all of them", "faint"))
                break
            lines.done.extend(group)
        room = MAX_LINES


def _folder_groups(lines: Lines, shown: Sequence[Finding], view: View, severity: str) -> list[list[str]]:
    """Return the lines of each group of findings of a severity, the largest group first."""
    groups = section([finding for finding in shown if finding.severity == severity], {}, view.rules)
    found = []
    for group in sorted((*groups.full, *groups.short), key=lambda group: -len(group.findings)):
        own = Lines(lines.width, lines.color)
        Entries(own, 0).of_folder(group)
        found.append(own.done)
    return found


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


def _heading(lines: Lines, findings: Sequence[Finding]) -> None:
    """Write the path of an article, uncut so that it can be copied, and the number of findings of each severity."""
    path = visible(findings[0].name)
    if lines.done:
        lines.put()
    counts = severity_phrase(findings)
    lines.put((path, "strong"), right=(counts, ""))


def _sections(entries: Entries, findings: Sequence[Finding], view: View, named: bool) -> None:
    lines, covers = entries.lines, folded_findings(findings)
    for severity in _TITLES:
        own = [finding for finding in findings if finding.severity == severity]
        if not own:
            continue
        _title(lines, severity, view, "" if named else severity_phrase(own))
        groups = section(own, covers, view.rules)
        for group in groups.full:
            entries.full(group)
        if groups.full and groups.short:
            lines.put()
        for group in groups.short:
            entries.short(group)
        entries.folded(groups.covers, alone=not groups.full and not groups.short)


def _title(lines: Lines, severity: str, view: View, counted: str) -> None:
    """Write the title of the section for a severity, with the phrase `counted` at the right edge."""
    word, meaning = _TITLES[severity]
    if severity == "warning" and view.fail_on != "error":
        meaning = _STRICT
    if cells(word + meaning) + (2 + cells(counted) if counted else 0) > lines.width:
        meaning = ""
    lines.put((word, severity), (meaning, ""), right=(counted, ""))


def write_summary(lines: Lines, result: Result, view: View) -> None:
    """Write the totals, the number of safe fixes, and suggestions for the next command."""
    total, outcome = verdict(result)
    rows = [f"{total} {outcome}".rstrip()]
    if cells(rows[0]) > lines.width:
        rows = [total, outcome]
    for row in rows:
        lines.wrapped(("", ""), ("", ""), (row, ""))
    _write_fix_hint(lines, result.findings, view)
    if _is_old_stock(result) and {"-", "--kind"}.isdisjoint([*view.paths, *view.options]):
        command = repeat_command("baseline create", (), view)
        lines.wrapped(("", ""), ("  ", ""), (f"To report only new findings from now on: {command}", ""))
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
    safe = view.fixable(findings)
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

    If there are neither errors nor warnings, or errors in 100 articles, return a single sentence and "". If something
    could not be done, the outcome or the sentence says so.
    """
    if {finding.severity for finding in result.findings} <= {"info"}:
        found = nothing_phrase(result)
        notes = [severity_phrase(result.findings)] if result.findings else []
        return "; ".join([found[0].upper() + found[1:], *notes]) + ".", ""
    total = f"{severity_phrase(result.findings)} in {articles_phrase(result)}:"
    if _is_old_stock(result):
        return f"{'; '.join([total[:-1], *gaps_phrase(result)])}.", ""
    return total, "; ".join([*gaps_phrase(result), outcome(result.findings)])


def _is_old_stock(result: Result) -> bool:
    return article_count(finding for finding in result.findings if finding.severity == "error") >= _MANY


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
