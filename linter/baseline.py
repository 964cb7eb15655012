"""Known findings, which do not fail a run: what makes one known again, and which of a run are known."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import engine, file_safety, patterns
from linter.article_linter import ArticleLinter
from linter.config import yaml_file
from linter.config.config import BadConfig
from linter.config.yaml_file import File, Value
from linter.digest import blake2b
from linter.document import Document, Note, Span
from linter.files.articles import Article, Found
from linter.finding import Finding, Result
from linter.source import Source
from linter.suppressions import unused

if TYPE_CHECKING:
    from linter.changes import Changes

_LONGEST, _SHOWN = 80, 60  # code points of a matched text: more is cut, to so many
_TELLING = 3  # words by which an article is told from others, where a finding has none beside it
_NAMESAKES = 20  # articles that are gone and are compared with one that has come


class BaselineEntry(NamedTuple):
    """A known finding.

    `path` is that of its article, POSIX, from the folder of the baseline; `record` says which one of the file, or is
    empty. `text` is the matched text with single spaces, cut where it is long, `beside` the digest of its surroundings.
    """

    path: str
    record: str
    rule: str
    text: str
    beside: str


class Split(NamedTuple):
    """The findings of a run that are `new`, the others as the entries that they would be today (`known`), and the
    places of the entries that are `left`: there is no finding for them.
    """

    new: tuple[Finding, ...]
    known: tuple[BaselineEntry, ...]
    left: tuple[int, ...]


def entry_of(finding: Finding, path: str) -> BaselineEntry:
    """What a finding in the article at `path` is known by."""
    return BaselineEntry(path, finding.record or "", finding.rule, _shown(finding.text), finding.beside)


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST:
        return plain
    return f"{plain[:_SHOWN]}… {blake2b(plain.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def split_known(
    findings: Sequence[Finding],
    entries: Sequence[BaselineEntry],
    path_of: Callable[[str], str],
    is_gone: Callable[[str], bool],
) -> Split:
    """Tell new findings from known ones. An entry stands for one finding, so that a second copy of it is new.

    `path_of` makes the path of an entry of that of a finding; `is_gone` says whether no file is at the former.
    """
    now = [entry_of(finding, path_of(finding.path)) for finding in findings]
    pairing = _Pairing(dict(enumerate(now)), dict(enumerate(entries)))
    pairing.pair_all()
    if renamed := _renamed(pairing, {one.path for one in entries}, is_gone):
        pairing.entries = {
            at: one._replace(path=renamed.get(one.path, one.path)) for at, one in pairing.entries.items()
        }
        pairing.pair_all()
    return Split(
        tuple(findings[at] for at in pairing.found),
        tuple(one for at, one in enumerate(now) if at not in pairing.found),
        tuple(pairing.entries),
    )


@dataclass(eq=False)
class _Pairing:
    """The findings and the entries that have no partner yet, by their places."""

    found: dict[int, BaselineEntry]
    entries: dict[int, BaselineEntry]

    def pair_all(self) -> None:
        """Pair by the whole context first, then by the words on one side, last by rule and text within the article."""
        self._pair(lambda one: one)
        self._pair(lambda one: _one_side(one, 0))
        self._pair(lambda one: _one_side(one, 1))
        self._pair(lambda one: one._replace(beside=""))

    def _pair(self, key: Callable[[BaselineEntry], Hashable]) -> None:
        """Pair what has the same key; None is none."""
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for at, one in self.entries.items():
            waiting[key(one)].append(at)
        waiting.pop(None, None)
        for at, one in list(self.found.items()):
            if same := waiting.get(key(one)):
                del self.entries[same.popleft()]
                del self.found[at]


def _one_side(one: BaselineEntry, side: int) -> Hashable:
    words = one.beside.split("-")[side]
    return (*one[:-1], words) if words else None


def _renamed(pairing: _Pairing, known: Iterable[str], is_gone: Callable[[str], bool]) -> Mapping[str, str]:
    """The articles that are gone and have come back at another path, by their old paths.

    They hold at least half of the findings that the old one had, and one at least that tells articles apart.
    """
    come = _by_path(pairing.found, lambda path: path not in known)
    gone = _by_path(pairing.entries, is_gone)
    where = defaultdict(list)  # the articles gone that had such a finding
    for path, had in gone.items():
        for one in had:
            where[one].append(path)
    alike = []
    for new, has in come.items():
        rarest = min((where[one] for one in has if one in where and _tells(one)), key=len, default=[])
        for other_name, old in sorted((_name(path) != _name(new), path) for path in rarest)[:_NAMESAKES]:
            shared = (gone[old] & has).total()
            if shared * 2 >= gone[old].total():
                alike.append((-shared, other_name, old, new))
    renamed: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, old, new in sorted(alike):
        if old not in renamed and new not in taken:
            renamed[old] = new
            taken.add(new)
    return renamed


def _by_path(
    entries: Mapping[int, BaselineEntry], wanted: Callable[[str], bool]
) -> Mapping[str, Counter[BaselineEntry]]:
    """The entries of the wanted articles, without their paths."""
    found: dict[str, Counter[BaselineEntry]] = defaultdict(Counter)
    for one in entries.values():
        found[one.path][one._replace(path="")] += 1
    return {path: own for path, own in found.items() if wanted(path)}


def _tells(one: BaselineEntry) -> bool:
    return one.beside != "-" or len(one.text.split()) >= _TELLING


def _name(path: str) -> str:
    return path.rpartition("/")[2]


# The file of known findings: one entry a line, sorted, so that two people's changes merge.

_LIMIT = 64_000_000  # bytes: 300,000 known findings
_HEAD = """\
# What copydesk found here and does not report again. “copydesk baseline update” drops what no longer occurs.
version: 1
findings:
"""
_START = patterns.lazy(r"(?:#.*\n|\n|version: 1\n)*findings:\n")
_STRING = r'"(?:[^"\\\x00-\x1f]|\\.)*"'
# A line as this module writes it. YAML alone would take ten seconds to read a large file.
_LINE = patterns.lazy(
    rf"- \{{path: ({_STRING})(?:, record: ({_STRING}))?, rule: ([a-z0-9/-]+), "
    rf'text: ({_STRING}), beside: "([0-9a-f]*-[0-9a-f]*)"\}}'
)
_CONFLICT = patterns.lazy("^(?:<{7}|={7}|>{7})", re.MULTILINE)
_KEEP_BOTH = "a merge stopped here; keep the lines of both sides, and delete those with the marks"
_KEYS = ("path", "record", "rule", "text", "beside")
_BESIDE = patterns.lazy("[0-9a-f]*-[0-9a-f]*")
# What YAML takes for no character, or for the end of a line.
_ESCAPED = patterns.lazy("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class KnownFindings:
    """The entries of a baseline, and the 1-based line on which each stands."""

    entries: tuple[BaselineEntry, ...] = ()
    lines: tuple[int, ...] = ()


def read_baseline(path: str) -> KnownFindings:
    """The entries in a file; none where there is no file. Raises BadConfig with all mistakes."""
    if not os.path.lexists(path):
        return KnownFindings()
    file = File(yaml_file.shown_path(Path(path)))
    text = baseline_text(path, file)
    known = _quickly(text) or _slowly(text, file)
    if file.mistakes:
        raise BadConfig(file.mistakes)
    return known


def baseline_text(path: str, file: File) -> str:
    """The text of a baseline. Raises BadConfig if it cannot be read."""
    text = yaml_file.read(Path(path), file, _LIMIT)
    if text is None:
        raise BadConfig(file.mistakes)
    return text


def _quickly(text: str) -> KnownFindings | None:
    """The entries, if every line is as this module writes it."""
    start = _START.match(text)
    if not start:
        return None
    matches = [_LINE.fullmatch(line) for line in text[start.end() :].removesuffix("\n").split("\n")]
    try:
        entries = tuple(_entry(match) for match in matches if match)
    except ValueError:  # no JSON, though it may be YAML
        return None
    first = start[0].count("\n") + 1
    return KnownFindings(entries, tuple(range(first, first + len(entries)))) if None not in matches else None


def _entry(match: re.Match[str]) -> BaselineEntry:
    import json  # which a run without a baseline can do without

    path, record, rule, text, beside = match.groups()
    return BaselineEntry(json.loads(path), json.loads(record or '""'), rule, json.loads(text), beside)


def _slowly(text: str, file: File) -> KnownFindings:
    """The entries of a file that somebody has edited, or git has merged."""
    if conflict := _CONFLICT.search(text):
        file.mistake(text.count("\n", 0, conflict.start()) + 1, 1, _KEEP_BOTH)
        return KnownFindings()
    top = yaml_file.parse(text, file)
    fields = top.fields(("version", "findings")) if top else {}
    if "version" in fields and fields["version"].whole(1) != 1:
        fields["version"].mistake("this baseline is of a later copydesk; only version 1 is known here")
    findings = fields.get("findings")
    items = findings.items() if findings and findings.type != "null" else []
    return KnownFindings(tuple(map(_from_yaml, items)), tuple(item.line for item in items))


def _from_yaml(item: Value) -> BaselineEntry:
    fields = item.fields(_KEYS)
    for name in _KEYS:
        if name != "record" and name not in fields and item.type == "map":
            item.mistake(f"“{name}” is missing")
    one = BaselineEntry(*(fields[name].text() if name in fields else "" for name in _KEYS))
    if "beside" in fields and not _BESIDE.fullmatch(one.beside):
        fields["beside"].mistake("this is no digest; run “copydesk baseline create”")
    return one


def format_baseline(entries: Iterable[BaselineEntry]) -> str:
    """A file of these entries: the same text for the same entries, in whatever order they come."""
    lines = [*map(_line, sorted(entries))]
    return _HEAD + "".join(lines) if lines else _HEAD.replace("findings:\n", "findings: []\n")


def _line(one: BaselineEntry) -> str:
    record = f", record: {_string(one.record)}" if one.record else ""
    text, beside = _string(one.text), _string(one.beside)
    return f"- {{path: {_string(one.path)}{record}, rule: {one.rule}, text: {text}, beside: {beside}}}\n"


def _string(text: str) -> str:
    """A text as JSON has it, in characters that YAML takes too."""
    import json

    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


# What of a run's findings counts: those that the baseline does not know, on lines that have changed.

STALE = "stale-baseline"


@dataclass(frozen=True, eq=False)
class Baseline:
    """The baseline at `path`, an absolute one, as it stands to a run: the `articles` that were checked by `linter`."""

    path: str
    known: KnownFindings
    articles: tuple[Article, ...]
    linter: ArticleLinter

    @classmethod
    def open(cls, linter: ArticleLinter, articles: Iterable[Article]) -> Baseline:
        """That of the settings, empty if it belongs to another user. Raises BadConfig for a baseline with mistakes."""
        path = linter.config.baseline
        known = KnownFindings() if is_foreign_baseline(linter) else read_baseline(path)
        return cls(path, known, tuple(articles), linter)

    def split(self, findings: Sequence[Finding]) -> Split:
        """Which findings are new, and which are known; of two that are alike the first is known."""
        return split_known(findings, self.known.entries, self.inside, self._is_gone)

    def stale(self, split: Split, result: Result) -> list[int]:
        """The places of the entries that no longer occur, as far as this run can tell."""
        checked = self._checked(result)
        return [at for at in split.left if self._is_judged(self.known.entries[at], checked)]

    def created(self, result: Result) -> list[BaselineEntry]:
        """The entries of all findings, and those that this run says nothing about."""
        checked = self._checked(result)
        now = Counter(entry_of(finding, self.inside(finding.path)) for finding in result.findings)
        kept = Counter(one for one in self.known.entries if not self._is_judged(one, checked))
        return [*(now | kept).elements()]

    def updated(self, result: Result) -> list[BaselineEntry]:
        """The entries that still occur, as they are today, and those that this run says nothing about."""
        split = self.split(result.findings)
        dropped = {*self.stale(split, result)}
        return [*split.known, *(self.known.entries[at] for at in split.left if at not in dropped)]

    def inside(self, path: str) -> str:
        """A path of the run as entries have it: POSIX, from the folder of the baseline where that is possible."""
        full = os.path.abspath(path)
        try:
            return os.path.relpath(full, os.path.dirname(self.path)).replace(os.sep, "/")
        except ValueError:  # on another drive
            return full.replace(os.sep, "/")

    def _checked(self, result: Result) -> set[str]:
        """The articles that were checked without a problem."""
        failed = {problem.path for problem in result.problems}
        return {self.inside(article.path) for article in self.articles if article.path not in failed}

    def _is_judged(self, one: BaselineEntry, checked: set[str]) -> bool:
        """Whether the rule was put to the article, or never will be again."""
        options = self.linter.options
        ran = one.rule in self._rules or not (options.select or options.ignore)
        return ran and (one.path in checked or self._is_gone(one.path) or self._excluded(one.path))

    def _is_gone(self, path: str) -> bool:
        return not os.path.lexists(self._full(path))

    def _excluded(self, path: str) -> bool:
        return self.linter.config.excludes(self._full(path))

    def _full(self, path: str) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(self.path), path))

    @cached_property
    def _rules(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.linter.rules)


def is_foreign_baseline(linter: ArticleLinter) -> bool:
    """Whether the baseline is one that another user has put there; beside settings that were named, any may be used."""
    path = linter.config.baseline
    return linter.options.config is None and os.path.lexists(path) and file_safety.is_foreign(path)


def filter_findings(
    result: Result,
    found: Found,
    linter: ArticleLinter,
    *,
    changes: Changes | None = None,
    known: bool = False,
    strict: bool = False,
) -> Result:
    """The result with the findings that count: those on lines that have changed, which the baseline does not know.

    Without `changes` all lines count, and with `known` what the baseline knows too. Of two findings that are alike
    the one on lines as they were is the known one. If `strict`, what the baseline has and does not occur is a
    finding, and so is a suppression of the settings that silenced nothing. Raises BadConfig for a baseline with
    mistakes.
    """
    counts = _touched(result, found.articles, changes) if changes else _all
    own = (
        unused.unused_in_config(
            result, found, linter.config, linter.rules, linter.active().suppressions.runs_everywhere
        )
        if not linter.options.no_suppressions
        else []
    )
    if known:
        findings = [*filter(counts, result.findings), *own]
        return result._replace(findings=tuple(sorted(findings, key=attrgetter("order"))))
    baseline = Baseline.open(linter, found.articles)
    split = baseline.split(sorted(result.findings, key=counts))
    new = [*filter(counts, split.new)]
    number = sum(map(counts, result.findings)) - len(new)
    findings = [*new, *own, *(_stale(baseline, baseline.stale(split, result)) if strict else ())]
    return result._replace(findings=tuple(sorted(findings, key=attrgetter("order"))), known=number)


def _all(finding: Finding) -> bool:
    return True


def _touched(result: Result, articles: Iterable[Article], changes: Changes) -> Callable[[Finding], bool]:
    by_path = {article.path: article for article in articles}
    found = {finding for finding in result.findings if changes.touch(finding, by_path[finding.path])}
    return found.__contains__


def _stale(baseline: Baseline, places: Iterable[int]) -> list[Finding]:
    """Findings in the baseline itself: its entries at `places`."""
    shown = yaml_file.shown_path(Path(baseline.path))
    source = Source(baseline_text(baseline.path, File(shown)), shown)
    notes = (_note(source, baseline.known.lines[at], baseline.known.entries[at]) for at in places)
    return engine.note_findings(Document(source, "text", ()), notes, baseline.linter.rules)


def _note(source: Source, line: int, one: BaselineEntry) -> Note:
    start, end = source.line_span(source.line_starts[line - 1])
    return Note(STALE, Span(start, end), {"what": f"“{one.text}” ({one.rule}) in {one.path}"})
