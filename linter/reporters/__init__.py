"""Reports: modules for the formats, and the counts and phrases that several formats use."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from linter.finding import SEVERITIES, Finding, Result
from linter.suggest import as_list

if TYPE_CHECKING:
    from linter.rule import Rule
    from linter.source import Source

_FINGERPRINT_WORDS = 3  # words on either side of a finding
# For each format whose name is not that of its module: the module and the function.
_FUNCTIONS = {"jsonl": ("json", "render_jsonl"), "markdown": ("markdown_summary", "render")}
NAMES = ("github", "gitlab", "html", "json", "jsonl", "junit", "markdown", "plain", "sarif", "terminal")

NOUNS = {"error": "error", "warning": "warning", "info": "note"}


def _no_source(path: str, record: str | None) -> Source:
    raise OSError(f"{path} cannot be read again")


class View(NamedTuple):
    """How to show a report. Each format ignores the options that do not apply to it.

    `width` is in terminal cells, and `color` turns on colors. `everything` shows all findings in page order, including
    notes (findings of severity info). `statistics` counts findings by rule, pack and folder. `quiet` leaves out totals
    and suggestions. `fail_on` is the lowest severity that fails the run. `rules` maps names to rules. `paths` and
    `options` are those of the command line, for commands that a report suggests. `named` is true if the report must
    name the article even if there is only one article.

    `source` reads an article again, by its path and record, for reports that show whole articles. It raises OSError if
    the article is not available. The article may have changed since it was checked. `explained` returns a rule together
    with its examples, which show whether the rule can fix findings; the rules in `rules` may lack examples.
    """

    width: int = 80
    color: bool = False
    everything: bool = False
    statistics: bool = False
    quiet: bool = False
    fail_on: str = "error"
    rules: Mapping[str, Rule] = MappingProxyType({})
    paths: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    named: bool = False
    source: Callable[[str, str | None], Source] = _no_source
    explained: Callable[[Rule], Rule] = lambda rule: rule

    def shown(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return `findings` without notes (findings of severity info), or all findings if `everything` is true."""
        return [finding for finding in findings if self.everything or finding.severity != "info"]

    def fixable(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return those of `findings` that `copydesk fix` fixes or, if `everything` is true, `copydesk fix --all`."""
        return [finding for finding in self.shown(findings) if finding.fix and finding.fix.safe]


def render(name: str, result: Result, view: View) -> str:
    """Return the report on `result` in the format `name`, one of NAMES.

    The report is "" or ends with a line end.
    """
    module, function = _FUNCTIONS.get(name, (name, "render"))
    return str(getattr(import_module(f"linter.reporters.{module}"), function)(result, view))


class CountedGroup(NamedTuple):
    """Counts for a group of findings. `name` is what the findings have in common, such as their rule or folder.

    `severity` is the highest severity of the findings, `findings` is their number, and `articles` is the number of
    articles that contain them. `by_severity` has the number of findings of each severity, errors first.
    """

    name: str
    severity: str
    findings: int
    articles: int
    by_severity: tuple[int, ...]


def count_by_rule(findings: Iterable[Finding]) -> list[CountedGroup]:
    """Count findings by rule. Groups are sorted by their highest severity and then by number, largest first."""
    groups = count_by(findings, lambda finding: finding.rule)
    return sorted(groups, key=lambda group: SEVERITIES.index(group.severity))


def count_by_pack(findings: Iterable[Finding]) -> list[CountedGroup]:
    """Count findings by pack. The largest group comes first."""
    return count_by(findings, lambda finding: finding.pack)


def count_by_folder(findings: Iterable[Finding]) -> list[CountedGroup]:
    """Count findings by folder (see `folder_of`). The largest group comes first. The working folder is called `.`."""
    return count_by(findings, lambda finding: folder_of(finding.path) or ".")


def folder_of(path: str) -> str:
    """Return the folder under which the article at `path` is counted, or "" for the working folder.

    An article `posts/ferry/index.md` is in `posts`, since it has the folder `ferry` to itself, with its images.
    """
    folder, name = posixpath.split(path)
    return posixpath.dirname(folder) if posixpath.splitext(name)[0] == "index" else folder


def count_by(findings: Iterable[Finding], name: Callable[[Finding], str]) -> list[CountedGroup]:
    """Count findings by the name that the function `name` returns for each finding. The largest group comes first."""
    groups = defaultdict(list)
    for finding in findings:
        groups[name(finding)].append(finding)
    counted = [_counted_group(name, found) for name, found in groups.items()]
    return sorted(counted, key=lambda group: (-group.findings, group.name))


def _counted_group(name: str, findings: list[Finding]) -> CountedGroup:
    by_severity = severity_counts(findings)
    severity = next(severity for severity, count in zip(SEVERITIES, by_severity, strict=True) if count)
    return CountedGroup(name, severity, len(findings), article_count(findings), by_severity)


def article_count(findings: Iterable[Finding]) -> int:
    """Return the number of articles that have at least one of `findings`."""
    return len({finding.article for finding in findings})


def severity_counts(findings: Iterable[Finding]) -> tuple[int, ...]:
    """Return the number of findings of each severity, errors first."""
    numbers = Counter(finding.severity for finding in findings)
    return tuple(numbers[severity] for severity in SEVERITIES)


def most_severe_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings sorted by severity and, within each severity, by `Finding.order`."""
    return sorted(findings, key=lambda finding: (SEVERITIES.index(finding.severity), finding.order))


def summary(result: Result) -> str:
    """Return the total in a phrase such as “2 errors and 1 note in 2 of 3 articles; 5 in the baseline”."""
    if not result.findings:
        return "; ".join([nothing_phrase(result), *left_out_phrase(result)])
    found = f"{severity_phrase(result.findings)} in {articles_phrase(result)}"
    return "; ".join([found, *gaps_phrase(result), *left_out_phrase(result)])


def nothing_phrase(result: Result) -> str:
    """Return what to say of a run without errors and warnings, such as “no problems found in 12 articles”."""
    if not result.files:
        return "nothing could be checked" if result.problems else "no articles to check"
    return ", but ".join([f"no problems found in {number_phrase(result.files, 'article')}", *gaps_phrase(result)])


def gaps_phrase(result: Result) -> list[str]:
    """Return a phrase which says that the run is not complete, or an empty list if it is."""
    return ["not everything could be checked"] if result.problems else []


def articles_phrase(result: Result) -> str:
    """Return how many articles have findings: “3 of 12 articles”, or “1 article” if all articles have findings."""
    some = article_count(result.findings)
    return number_phrase(some, "article") if some >= result.files else f"{some:,} of {result.files:,} articles"


def left_out_phrase(result: Result) -> list[str]:
    """Return phrases that count findings and files that are not shown: “5 in the baseline”, “2 files skipped”."""
    counts = ((result.known, "in the baseline"), (result.suppressed, "suppressed"))
    found = [f"{count:,} {why}" for count, why in counts if count]
    return [*found, *([f"{number_phrase(result.passed_over, 'file')} skipped"] if result.passed_over else ())]


def severity_phrase(findings: Iterable[Finding]) -> str:
    """Return the number of findings of each severity: “17 errors and 1 note”. There must be at least one finding."""
    return counts_phrase(Counter(finding.severity for finding in findings))


def counts_phrase(numbers: Counter[str]) -> str:
    """Return numbers of findings by severity, at least one of which is not 0, as a phrase: “17 errors and 1 note”."""
    parts = [number_phrase(numbers[severity], noun) for severity, noun in NOUNS.items() if numbers[severity]]
    return as_list(parts, "and")


def redacted(finding: Finding, rules: Mapping[str, Rule]) -> Finding:
    """Return a finding without article text. `rules` maps names to rules, whose summaries replace messages."""
    rule = rules.get(finding.rule)
    return finding.redacted(rule.summary if rule else finding.rule)


def number_phrase(count: int, noun: str) -> str:
    """Return a number with its noun: “1 article”, “1,200 articles”."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return a fingerprint for each finding. Other tools use it to recognize the finding in later runs.

    A fingerprint is a hash of the rule, the path, the record, the matched text, and up to three words before and after
    this text on the same line. A number after the hash distinguishes findings with the same hash. Since the fingerprint
    does not contain the line number, it normally stays the same if the finding moves to another line.
    """
    seen: Counter[str] = Counter()
    digests = []
    for finding in findings:
        before, after = finding.before.split()[-_FINGERPRINT_WORDS:], finding.after.split()[:_FINGERPRINT_WORDS]
        context = " ".join((*before, "⟦", *finding.text.split(), "⟧", *after))
        identity = "\0".join((finding.rule, finding.path, finding.record or "", context))
        digest = blake2b(identity.encode("utf-8", "replace"), digest_size=16).hexdigest()
        seen[digest] += 1
        digests.append(f"{digest}:{seen[digest]}")
    return digests
