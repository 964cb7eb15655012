"""The baseline: read and format the file of known findings, and separate the new findings of a run from the known ones.

The file has one finding per line, sorted, so that git can merge concurrent changes.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from posixpath import basename
from typing import NamedTuple

from linter import engine, file_safety, patterns
from linter.article_linter import ArticleLinter
from linter.config import yaml_file
from linter.config.config import BadConfig
from linter.config.yaml_file import File, Value
from linter.document import Note, Span
from linter.files.articles import Article
from linter.finding import Finding, Result
from linter.source import Source

STALE = "stale-baseline"
_MAX_TEXT, _CUT_TEXT = 80, 60  # code points; longer matched texts are cut to the second number
_MIN_WORDS = 3  # a match of this many words identifies its article, even without a digest of the surrounding words
_MAX_CANDIDATES = 20  # maximum removed articles that are compared with an added article

_MAX_FILE = 64_000_000  # bytes; enough for 300,000 known findings
_KEYS = ("path", "record", "rule", "text", "beside")
_HEAD = """\
# Known findings, which copydesk does not report again. “copydesk baseline update” removes outdated entries.
version: 1
findings:
"""
_START = patterns.lazy(r"(?:#.*\n|\n|version: 1\n)*findings:\n")
_STRING = r'"(?:[^"\\\x00-\x1f]|\\.)*"'
# A line as written by this module. It is parsed without PyYAML, which takes ten seconds for a large file.
_LINE = patterns.lazy(
    rf"- \{{path: ({_STRING})(?:, record: ({_STRING}))?, rule: ([a-z0-9/-]+), "
    rf'text: ({_STRING}), beside: "([0-9a-f]*-[0-9a-f]*)"\}}'
)
_BESIDE = patterns.lazy("[0-9a-f]*-[0-9a-f]*")
# Characters that YAML does not allow, or reads as line ends.
_ESCAPED = patterns.lazy("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CONFLICT = patterns.lazy("^(?:<{7}|={7}|>{7})", re.MULTILINE)
_KEEP_BOTH = "unresolved merge conflict; keep the lines of both sides and delete the conflict markers"


class BaselineEntry(NamedTuple):
    """A known finding, as a line of the baseline.

    `path` is the POSIX path of the article, relative to the folder of the baseline if possible. `record` is the name of
    the record if the article is a record in an archive, or "" otherwise. `text` is the matched text with single spaces.
    A text of more than 80 code points is cut, and a digest is added. `beside` has the digests of the words before and
    after the match, separated by a hyphen.
    """

    path: str
    record: str
    rule: str
    text: str
    beside: str


@dataclass(frozen=True)
class KnownFindings:
    """The entries of a baseline, and the 1-based line of each entry in the file."""

    entries: tuple[BaselineEntry, ...] = ()
    lines: tuple[int, ...] = ()


class Split(NamedTuple):
    """The findings of a run, compared with the baseline.

    `new` are the findings that are not in the baseline. `known` are up-to-date entries for the other findings.
    `unmatched` are the indexes of the baseline entries that matched no finding.
    """

    new: tuple[Finding, ...]
    known: tuple[BaselineEntry, ...]
    unmatched: tuple[int, ...]


def stale_findings(baseline: Baseline, split: Split, result: Result) -> list[Finding]:
    """Return a finding for each outdated entry (see `Baseline.stale`), at the line of the entry in the baseline.

    The result is empty if the rule for outdated entries is off. Raises BadConfig if the baseline cannot be read.
    """
    if not baseline.known.entries:  # also if there is no baseline, or one that must not be used
        return []
    shown = yaml_file.shown_path(Path(baseline.path))
    source = Source(baseline_text(baseline.path, File(shown)), shown)
    notes = (
        _note(source, baseline.known.lines[at], baseline.known.entries[at]) for at in baseline.stale(split, result)
    )
    return engine.note_findings(source, notes, baseline.linter.rules)


def _note(source: Source, line: int, entry: BaselineEntry) -> Note:
    start, end = source.line_span(source.line_starts[line - 1])
    return Note(STALE, Span(start, end), {"what": f"“{entry.text}” ({entry.rule}) in {entry.path}"})


def is_foreign_baseline(linter: ArticleLinter) -> bool:
    """Whether the baseline belongs to an untrusted user and therefore must not be used. If so, a notice is printed.

    The result is False if the user passed the config with --config, which also allows any baseline next to the config.
    """
    path = linter.config.baseline
    return linter.options.config is None and os.path.lexists(path) and file_safety.is_foreign(path)


@dataclass(frozen=True, eq=False)
class Baseline:
    """The baseline at the absolute path `path`, to be compared with a run in which `linter` checked `articles`."""

    path: str
    known: KnownFindings
    articles: tuple[Article, ...]
    linter: ArticleLinter

    @classmethod
    def open(cls, linter: ArticleLinter, articles: Iterable[Article]) -> Baseline:
        """Return the baseline that belongs to the config of `linter`.

        If the file must not be used (see `is_foreign_baseline`), the returned baseline has no entries. Raises BadConfig
        for a baseline with mistakes.
        """
        path = linter.config.baseline
        known = KnownFindings() if is_foreign_baseline(linter) else read_baseline(path)
        return cls(path, known, tuple(articles), linter)

    def split(self, findings: Sequence[Finding]) -> Split:
        """Separate new findings from known findings.

        If two findings have the same entry and the baseline contains this entry only once, the first finding counts as
        known.
        """
        return split_known(findings, self.known.entries, self.entry_path, self._is_gone)

    def stale(self, split: Split, result: Result) -> list[int]:
        """Return the indexes of entries that match no finding although their rules ran and their articles were checked.

        Articles that are excluded or no longer exist also count as checked (see `_was_checked`).
        """
        checked = self._checked(result)
        return [at for at in split.unmatched if self._was_checked(self.known.entries[at], checked)]

    def created(self, result: Result) -> list[BaselineEntry]:
        """Return entries for all findings of a run, and the known entries that the run did not check.

        `_was_checked` decides which entries were checked.
        """
        checked = self._checked(result)
        now = Counter(entry_of(finding, self.entry_path(finding.path)) for finding in result.findings)
        kept = Counter(entry for entry in self.known.entries if not self._was_checked(entry, checked))
        return [*(now | kept).elements()]

    def updated(self, result: Result) -> list[BaselineEntry]:
        """Return up-to-date entries for the known findings of a run, and the entries that the run did not check.

        `_was_checked` decides which entries were checked.
        """
        split = self.split(result.findings)
        dropped = {*self.stale(split, result)}
        return [*split.known, *(self.known.entries[at] for at in split.unmatched if at not in dropped)]

    def entry_path(self, path: str) -> str:
        """Return `path` in the form that entries use: POSIX, and relative to the folder of the baseline if possible."""
        full = os.path.abspath(path)
        try:
            return os.path.relpath(full, os.path.dirname(self.path)).replace(os.sep, "/")
        except ValueError:  # on another drive
            return full.replace(os.sep, "/")

    def _checked(self, result: Result) -> set[str]:
        """Return the paths, in the form that entries use, of the articles that were checked without a problem."""
        failed = {problem.path for problem in result.problems}
        return {self.entry_path(article.path) for article in self.articles if article.path not in failed}

    def _was_checked(self, entry: BaselineEntry, checked: set[str]) -> bool:
        """Whether an entry can be removed after this run if no finding matches it.

        `checked` are the paths of the checked articles, in the form that entries use.
        """
        options = self.linter.options
        # Without --select and --ignore, rules that are off also count as having run.
        ran = entry.rule in self._rules or not (options.select or options.ignore)
        excluded = self.linter.config.excludes(self._full(entry.path))
        return ran and (entry.path in checked or excluded or self._is_gone(entry.path))

    def _is_gone(self, path: str) -> bool:
        return not os.path.lexists(self._full(path))

    def _full(self, path: str) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(self.path), path))

    @cached_property
    def _rules(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.linter.rules)


def entry_of(finding: Finding, path: str) -> BaselineEntry:
    """Return the entry for a finding; `path` is the path of its article, in the form that entries use."""
    return BaselineEntry(path, finding.record or "", finding.rule, _shortened(finding.text), finding.beside)


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= _MAX_TEXT:
        return plain
    return f"{plain[:_CUT_TEXT]}… {blake2b(plain.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def split_known(
    findings: Sequence[Finding],
    entries: Sequence[BaselineEntry],
    path_of: Callable[[str], str],
    is_gone: Callable[[str], bool],
) -> Split:
    """Separate new findings from the findings that are known from `entries`.

    Each entry matches at most one finding, so a second copy of a known finding is new. Entries also match findings in a
    renamed article. `path_of` converts the path of a finding to the form that entries use. `is_gone` returns whether
    no file exists at the path of an entry.
    """
    now = [entry_of(finding, path_of(finding.path)) for finding in findings]
    pairing = _Pairing(dict(enumerate(now)), dict(enumerate(entries)))
    pairing.pair_all()
    if renamed := _renamed(pairing, {entry.path for entry in entries}, is_gone):
        pairing.entries = {
            at: entry._replace(path=renamed.get(entry.path, entry.path)) for at, entry in pairing.entries.items()
        }
        pairing.pair_all()
    return Split(
        tuple(findings[at] for at in pairing.found),
        tuple(entry for at, entry in enumerate(now) if at not in pairing.found),
        tuple(pairing.entries),
    )


@dataclass(eq=False)
class _Pairing:
    """The findings (as entries) and the baseline entries that have not been paired yet, by their indexes."""

    found: dict[int, BaselineEntry]
    entries: dict[int, BaselineEntry]

    def pair_all(self) -> None:
        """Pair findings with entries of the same article, rule and text, if possible with the same adjacent words."""
        self._pair(lambda entry: entry)
        self._pair(lambda entry: _one_side(entry, 0))
        self._pair(lambda entry: _one_side(entry, 1))
        self._pair(lambda entry: entry._replace(beside=""))

    def _pair(self, key: Callable[[BaselineEntry], Hashable]) -> None:
        """Pair each finding with the first remaining entry that has the same key, if any.

        A finding or entry with the key None is never paired.
        """
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for at, entry in self.entries.items():
            waiting[key(entry)].append(at)
        waiting.pop(None, None)
        for at, entry in list(self.found.items()):
            if same := waiting.get(key(entry)):
                del self.entries[same.popleft()]
                del self.found[at]


def _one_side(entry: BaselineEntry, side: int) -> Hashable:
    """Return the fields of an entry with only one of its two digests, or None if that digest is empty.

    `side` is 0 for the digest of the words before the text, and 1 for the digest of the words after it.
    """
    words = entry.beside.split("-")[side]
    return (*entry[:-1], words) if words else None


def _renamed(pairing: _Pairing, known: Iterable[str], is_gone: Callable[[str], bool]) -> Mapping[str, str]:
    """Return the new paths of articles that were probably renamed, by their old paths."""
    added = _by_path(pairing.found, lambda path: path not in known)
    removed = _by_path(pairing.entries, is_gone)
    where = defaultdict(list)  # for each finding, the removed articles with an identical finding
    for path, had in removed.items():
        for entry in had:
            where[entry].append(path)
    alike = []
    for new, has in added.items():
        rarest = min((where[entry] for entry in has if entry in where and _is_distinctive(entry)), key=len, default=[])
        same_name_first = sorted((basename(path) != basename(new), path) for path in rarest)
        for other_name, old in same_name_first[:_MAX_CANDIDATES]:
            shared = (removed[old] & has).total()
            if shared * 2 >= removed[old].total():
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
    """Return how often each entry occurs in each article, by the paths for which `wanted` returns true."""
    found: dict[str, Counter[BaselineEntry]] = defaultdict(Counter)
    for entry in entries.values():
        found[entry.path][entry._replace(path="")] += 1  # comparable with entries of other articles
    return {path: own for path, own in found.items() if wanted(path)}


def _is_distinctive(entry: BaselineEntry) -> bool:
    """Whether an entry is unlikely to occur in two articles by chance."""
    return entry.beside != "-" or len(entry.text.split()) >= _MIN_WORDS


def read_baseline(path: str) -> KnownFindings:
    """Return the entries of the baseline at `path`, or no entries if the file does not exist.

    Raises BadConfig with all mistakes.
    """
    if not os.path.lexists(path):
        return KnownFindings()
    file = File(yaml_file.shown_path(Path(path)))
    text = baseline_text(path, file)
    known = _read_lines(text) or _read_yaml(text, file)
    if file.mistakes:
        raise BadConfig(file.mistakes)
    return known


def baseline_text(path: str, file: File) -> str:
    """Return the text of the baseline at `path`. Raises BadConfig if the file cannot be read."""
    text = yaml_file.read(Path(path), file, _MAX_FILE)
    if text is None:
        raise BadConfig(file.mistakes)
    return text


def _read_lines(text: str) -> KnownFindings | None:
    """Return the entries in the text of a baseline, or None if the text must be parsed as YAML."""
    start = _START.match(text)
    if not start:
        return None
    matches = [_LINE.fullmatch(line) for line in text[start.end() :].removesuffix("\n").split("\n")]
    try:
        entries = tuple(_entry(match) for match in matches if match)
    except ValueError:  # not JSON, but possibly YAML
        return None
    first = start[0].count("\n") + 1
    return KnownFindings(entries, tuple(range(first, first + len(entries)))) if None not in matches else None


def _entry(match: re.Match[str]) -> BaselineEntry:
    path, record, rule, text, beside = match.groups()
    return BaselineEntry(json.loads(path), json.loads(record or '""'), rule, json.loads(text), beside)


def _read_yaml(text: str, file: File) -> KnownFindings:
    """Parse the text of a baseline as YAML, note mistakes in `file`, and return the entries."""
    if conflict := _CONFLICT.search(text):
        file.mistake(text.count("\n", 0, conflict.start()) + 1, 1, _KEEP_BOTH)
        return KnownFindings()
    top = yaml_file.parse(text, file)
    fields = top.fields(("version", "findings")) if top else {}
    if "version" in fields and fields["version"].whole(1) != 1:
        fields["version"].mistake("this baseline needs a later version of copydesk; only version 1 is supported")
    findings = fields.get("findings")
    items = findings.items() if findings and findings.type != "null" else []
    return KnownFindings(tuple(map(_from_yaml, items)), tuple(item.line for item in items))


def _from_yaml(item: Value) -> BaselineEntry:
    fields = item.fields(_KEYS)
    for name in _KEYS:
        if name != "record" and name not in fields and item.type == "map":
            item.mistake(f"“{name}” is missing")
    entry = BaselineEntry(*(fields[name].text() if name in fields else "" for name in _KEYS))
    if "beside" in fields and not _BESIDE.fullmatch(entry.beside):
        fields["beside"].mistake("not a digest; run “copydesk baseline create”")
    return entry


def format_baseline(entries: Iterable[BaselineEntry]) -> str:
    """Return the text of a baseline with `entries`, which may be in any order."""
    lines = [*map(_line, sorted(entries))]
    return _HEAD + "".join(lines) if lines else _HEAD.replace("findings:\n", "findings: []\n")


def _line(entry: BaselineEntry) -> str:
    record = f", record: {_string(entry.record)}" if entry.record else ""
    text, beside = _string(entry.text), _string(entry.beside)
    return f"- {{path: {_string(entry.path)}{record}, rule: {entry.rule}, text: {text}, beside: {beside}}}\n"


def _string(text: str) -> str:
    """Return `text` as a JSON string that is also valid YAML."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
