"""Apply the suppressions in articles and in the config to findings, and report mistakes and unused suppressions."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from linter import engine, extensions, file_safety
from linter.config.config import DEFAULTS, Config
from linter.document import Document, Note, Span
from linter.files.articles import Found
from linter.finding import Finding, Result, SuppressedFinding
from linter.rule import OWN, Rule, fits
from linter.source import Source
from linter.suggest import did_you_mean, sentence, suggest_rule
from linter.suppressions import BARE, UNKNOWN, UNUSED, article_suppressions, directives, has_sic_mark
from linter.suppressions.article_suppressions import ArticleSuppressions, Suppression
from linter.suppressions.directives import WORDS, Named

if TYPE_CHECKING:
    from linter.config.overrides import SuppressionEntry

    Entries = Sequence[tuple[int, SuppressionEntry]]  # suppressions in the config, each with its index there

_MAX_SUGGESTIONS = 20  # unknown names in one article for which a suggestion is searched
_END = "<!-- copydesk: ignore-end -->"

Replacement = tuple[int, int, str]  # an edit: start and end in the source, and the new text


@dataclass(frozen=True, eq=False)
class SuppressionFilter:
    """Separates suppressed findings from the others.

    `rules` are the rules of the run. `all_rules` are all rules that exist, or None if some may be unknown. `given` is
    true if a program, rather than the config, chose `rules`.
    """

    rules: Sequence[Rule]
    all_rules: Sequence[Rule] | None = None
    config: Config = DEFAULTS
    given: bool = False
    _runs_everywhere: dict[tuple[str, bool], bool] = field(default_factory=dict)

    def filter(
        self,
        document: Document,
        findings: Sequence[Finding],
        file: str,
        *,
        across: bool = False,
        report_mistakes: bool = True,
    ) -> tuple[list[Finding], list[SuppressedFinding]]:
        """Return the findings of an article that are not suppressed, in order, and the suppressed findings.

        A finding loses its fix if the fix extends beyond the finding and would change text where the rule is
        suppressed. `file` is the absolute path of the article. If `report_mistakes` is true, mistakes in the
        suppressions of the article are added as findings. `across` is true if the article is also compared with other
        articles in the run. Findings in comments and metadata for copydesk are left out (see `_split`).
        """
        entries = [(at, entry) for at, entry in enumerate(self.config.suppressions) if entry.applies_to(file)]
        text = document.source.text
        regions = [region for each in extensions.installed() for region in each.regions(document, findings)]
        is_plain = not entries and OWN not in text and not regions and not (findings and has_sic_mark(text))
        if is_plain or self.config.run.no_suppressions:  # as for nearly all articles
            return list(findings), []
        suppressions = article_suppressions.read_suppressions(document, regions, sic_marks=bool(findings))
        remaining, suppressed = _split(suppressions, entries, findings)
        blocked = suppressions.blocked_fixes(remaining)
        remaining = [finding._replace(fix=None) if finding in blocked else finding for finding in remaining]
        if report_mistakes and suppressions is not article_suppressions.NONE:
            used = {place for one in (*(one.places for one in suppressed), *blocked.values()) for place in one}
            found = SuppressionMistakes(document, suppressions, self._names)
            own = engine.note_findings(document.source, self._notes(found, used, across), self.rules, document)
            new, silenced = _split(suppressions, entries, own)
            remaining, suppressed = sorted([*remaining, *new], key=attrgetter("order")), suppressed + silenced
        return remaining, suppressed

    def _notes(self, mistakes: SuppressionMistakes, used: set[int], across: bool) -> Iterator[Note]:
        """Yield notes on the mistakes in the suppressions of an article.

        `used` are the offsets of the names, or of the suppressions without names, that suppress something. `across` is
        as in `filter`.
        """
        yield from mistakes.unknown()
        yield from mistakes.unused(used, lambda name: self.runs_everywhere(name, across=across))
        if self.config.reasons_required:
            yield from mistakes.without_reason()

    def runs_everywhere(self, name: str, *, across: bool) -> bool:
        """Whether `name` matches at least one rule, and the run certainly includes all rules that `name` matches.

        The name "" matches all rules except those of the copydesk pack. `across` is true if articles are compared.
        """
        if (name, across) not in self._runs_everywhere:
            meant = [rule for rule in self.rules if (fits(name, rule.name) if name else rule.pack != OWN)]
            some = self.given or bool(self.config.run.select or self.config.run.ignore)
            whole = not some or (len(meant) == 1 and meant[0].name == name)
            alone = across or all(rule.looks_at != "folder" for rule in meant)
            self._runs_everywhere[name, across] = bool(meant) and whole and alone
        return self._runs_everywhere[name, across]

    @cached_property
    def _names(self) -> frozenset[str] | None:
        return frozenset(rule.name for rule in self.all_rules) if self.all_rules is not None else None


def _split(
    suppressions: ArticleSuppressions, entries: Entries, findings: Sequence[Finding]
) -> tuple[list[Finding], list[SuppressedFinding]]:
    """Split `findings` into those that remain and those that are suppressed, the latter with their suppressions."""
    remaining: list[Finding] = []
    found: list[SuppressedFinding] = []
    for finding, places in suppressions.with_places(findings):  # without most findings in comments for copydesk
        by = tuple(at for at, entry in entries if entry.suppresses(finding))
        if places or by:
            found.append(SuppressedFinding(finding.name, tuple(places), by))
        else:
            remaining.append(finding)
    return remaining, found


# Mistakes in the suppressions of an article, as notes for rules of the copydesk pack, with fixes if possible.


@dataclass(frozen=True, eq=False)
class SuppressionMistakes:
    """The mistakes in the suppressions of one document.

    `rules` are the names of all rules, or None if they are not all known.
    """

    document: Document
    suppressions: ArticleSuppressions
    rules: Collection[str] | None

    def unknown(self) -> Iterator[Note]:
        """Yield notes on unknown keywords, keys and names, and on “ignore-start” or “ignore-end” without the other.

        A missing keyword counts as unknown. Names are checked only if all rules are known.
        """
        for one in self.suppressions.directives:
            what = f"Unknown keyword “{one.word}”" if one.word else "This comment has no keyword"
            yield self._unknown_word(Named(one.word, one.word_span), what, did_you_mean(one.word, WORDS))
        for key in self.suppressions.keys:
            what = f"Unknown key “{key.name}” under “copydesk”{did_you_mean(key.name, directives.KEYS)}"
            yield Note(UNKNOWN, key.span, {"what": sentence(what)})
        for one in self.suppressions.unclosed:
            what = f"“ignore-start” without “ignore-end”. Add {_END} where it should end."
            yield Note(UNKNOWN, one.span, {"what": what})
        for one in self.suppressions.unopened:
            edit = delete_comment(self.document.source, one.span)
            yield Note(UNKNOWN, one.span, {"what": "“ignore-end” without “ignore-start”. Delete it."}, (edit,))
        yield from self._unknown_names(self.rules) if self.rules is not None else ()

    def without_reason(self) -> Iterator[Note]:
        """Yield a note on each comment or item in front matter that suppresses rules without a reason."""
        for one in self._written():
            if not one.reason:
                yield Note(BARE, one.span)

    def unused(self, used: Collection[int], is_checked: Callable[[str], bool]) -> Iterator[Note]:
        """Yield notes on suppressions, and names in suppressions, that suppress nothing.

        `used` are the offsets of the names, or of the suppressions without names, that suppress a finding. `is_checked`
        returns whether the article was checked with every rule that a name matches. The name "" means all rules except
        those of the copydesk pack.
        """
        for one in self._written():
            if not one.names:
                if one.span.start not in used and is_checked(""):
                    yield Note(UNUSED, one.span, {"what": "there are no findings here"}, self._deletion_edits(one))
                continue
            unused = [at for at, name in enumerate(one.names) if name.span.start not in used and is_checked(name.name)]
            if len(unused) == len(one.names):
                what = f"there are no findings of {' or '.join(name.name for name in one.names)} here"
                yield Note(UNUSED, one.span, {"what": what}, self._deletion_edits(one))
            else:
                for at in unused:
                    what = f"there are no findings of {one.names[at].name} here"
                    yield Note(UNUSED, one.names[at].span, {"what": what}, (delete_name(one.names, at),))

    def _unknown_names(self, rules: Collection[str]) -> Iterator[Note]:
        names = [name for one in self._written() for name in one.names]
        unknown = [name for name in names if not any(fits(name.name, rule) for rule in rules)]
        for number, name in enumerate(unknown):
            advice = suggest_rule(name.name, rules) if number < _MAX_SUGGESTIONS else ""  # finding one takes time
            yield self._unknown_word(name, f"Unknown rule or pack “{name.name}”", advice)

    def _written(self) -> Iterable[Suppression]:
        """Return the suppressions in comments and front matter, but not “[sic]” marks and comments of extensions."""
        return (one for one in self.suppressions.suppressions if one.word is None and one.region is None)

    def _deletion_edits(self, one: Suppression) -> tuple[Replacement, ...]:
        """Return the edits that delete a suppression, or () if there are none."""
        if not one.comments:
            return (delete_item(self.document.source, one.span),) if one.names else ()
        return tuple(delete_comment(self.document.source, span) for span in one.comments)

    def _unknown_word(self, named: Named, what: str, advice: str) -> Note:
        """Return a note on an unknown word, with the message `what`.

        `advice` is a suggestion that is added to the message, or "".
        """
        right = advice.removeprefix("; did you mean “").removesuffix("”?")
        edits = ((*named.span, right),) if right else ()
        return Note(UNKNOWN, named.span, {"what": sentence(what + advice)}, edits)


def delete_comment(source: Source, span: Span) -> Replacement:
    """Return the edit that deletes a comment and, if possible, its line.

    The line is kept if it has other text, and left blank if two paragraphs would otherwise be joined. If it is between
    two blank lines, the second of these is deleted, too.
    """
    text, lines = source.text, source.line_starts
    low, high = source.line_span(span.start)[0], source.line_span(span.end)[1]
    if text[low : span.start].strip() or text[span.end : high].strip():
        spaced = text[span.start - 1 : span.start] == " " and (span.end == high or text[span.end].isspace())
        return span.start - spaced, span.end, ""
    first, behind = bisect_right(lines, low) - 1, bisect_right(lines, high)  # indexes of its line and the next
    above_blank = first == 0 or _is_blank(source, first - 1)
    below_blank = behind >= len(lines) or _is_blank(source, behind)
    if not above_blank and not below_blank:
        return low, high, ""  # this line separates two paragraphs; leave it blank
    below = behind + (above_blank and below_blank)
    return low, lines[below] if below < len(lines) else len(text), ""


def delete_name(names: Sequence[Named], at: int) -> Replacement:
    """Return the edit that deletes the name at index `at` and one adjacent separator."""
    span = names[at].span
    if at + 1 < len(names):
        return span.start, names[at + 1].span.start, ""
    return names[at - 1].span.end, span.end, ""


def delete_item(source: Source, span: Span) -> Replacement:
    """Return the edit that deletes an item of `ignore` in front matter, together with its line or its comma.

    If `ignore` is not a list, its value becomes `[]`.
    """
    text, (start, end) = source.text, span
    if text[start - 1 : start] == text[end : end + 1] and text[end : end + 1] in ("'", '"'):
        start, end = start - 1, end + 1
    line, line_end = source.line_span(start)
    if text[line:start].strip() == "-" and not text[end:line_end].partition("#")[0].strip():
        return line, next_line(source, line_end), ""
    before, behind = text[line:start].rstrip(), text[end:line_end].lstrip()
    if before.endswith(","):
        return line + len(before) - 1, end, ""
    if behind.startswith(","):
        return start, line_end - len(behind[1:].lstrip()), ""
    return start, end, "" if before.endswith("[") else "[]"


def next_line(source: Source, line_end: int) -> int:
    """Return the start of the line after the line that ends at `line_end`, or the end of the text if there is none."""
    at = bisect_right(source.line_starts, line_end)
    return source.line_starts[at] if at < len(source.line_starts) else len(source.text)


def _is_blank(source: Source, line: int) -> bool:
    start, end = source.line_span(source.line_starts[line])
    return not source.text[start:end].strip()


# Unused suppressions in the config.


def unused_in_config(result: Result, found: Found, suppressions: SuppressionFilter) -> list[Finding]:
    """Return a finding for each suppression in the config that suppressed nothing in a run over `found`.

    A suppression is not reported if the run left out a rule or an article to which it applies.
    """
    config, coverage = suppressions.config, _Coverage(result, found, suppressions)
    entries = enumerate(config.suppressions)
    unused = [entry for at, entry in entries if at not in result.used_suppressions and coverage.can_judge(entry)]
    if not unused:
        return []
    source = Source(config.text, config.file)
    return engine.note_findings(source, _notes(source, unused), suppressions.rules)


@dataclass(frozen=True, eq=False)
class _Coverage:
    """Which articles a run has checked, and with which rules."""

    result: Result
    found: Found
    suppressions: SuppressionFilter

    def can_judge(self, entry: SuppressionEntry) -> bool:
        """Whether the run has checked all articles to which a suppression applies, with all rules of the suppression.

        Paths that no longer exist count as checked. Archives count as checked only if they are in the run, since a
        search in a folder does not open them.
        """
        runs, across = self.suppressions.runs_everywhere, self.found.folder
        if not all(runs(selector.name, across=across) for selector in entry.rules):
            return False
        here = os.path.dirname(os.path.abspath(self.suppressions.config.file))
        patterns = entry.globs.patterns if entry.globs else ()
        archives = any(each.names_archive(pattern) for each in extensions.installed() for pattern in patterns)
        covers = self._has_checked if archives else self._covers
        everything = self._everything and not archives
        return all(everything or covers(area) or not os.path.lexists(area) for area in entry.areas or [here])

    def _covers(self, area: str) -> bool:
        """Whether the run has checked all articles in `area`, which is the path of a folder or of an article."""
        folders = self.found.folders
        return self._has_checked(area) or any(file_safety.is_inside(area, folder) for folder in folders)

    def _has_checked(self, file: str) -> bool:
        return os.path.normcase(file) in self._checked

    @cached_property
    def _checked(self) -> frozenset[str]:
        """The files of the articles that were checked without a problem."""
        failed = {problem.path for problem in self.result.problems}
        return frozenset(
            os.path.normcase(article.file) for article in self.found.articles if article.path not in failed
        )

    @cached_property
    def _everything(self) -> bool:
        """Whether the run has checked all articles that a run without paths on the command line would check."""
        return all(map(self._covers, self.suppressions.config.paths or (os.getcwd(),)))


def _notes(source: Source, unused: Iterable[SuppressionEntry]) -> Iterator[Note]:
    for entry in unused:
        start, end = source.line_span(source.line_starts[entry.line - 1])
        named = " or ".join(selector.name for selector in entry.rules)
        where = f" in {', '.join(entry.globs.patterns)}" if entry.globs else ""
        text = f" with “{entry.texts[0]}”" if len(entry.texts) == 1 else ""
        start += len(source.text[start:end]) - len(source.text[start:end].lstrip(" -"))
        edits = []
        if entry.last and source.text[:start].endswith("- "):
            last_line_end = source.line_span(source.line_starts[entry.last - 1])[1]
            edits.append((source.line_starts[entry.line - 1], next_line(source, last_line_end), ""))
        yield Note(UNUSED, Span(start, end), {"what": f"there are no findings of {named}{text}{where}"}, tuple(edits))
