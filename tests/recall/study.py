"""Measure recall on labelled articles and precision on findings that were read, as docs/recall.md describes.

    python tests/recall/study.py collect CLONES ARTICLES       copy the articles out of clones of their repositories
    python tests/recall/study.py recall ARTICLES [--half held] [--missed] [--wrong]
    python tests/recall/study.py precision [--reading fresh]   count the findings in hits.jsonl by verdict

`articles.jsonl` says where each article comes from, with the SHA-256 of its bytes. `labels.jsonl` has the defects that
a reader found before the linter ran: article, line and columns (1-based code points, end exclusive), kind, whether it
is doubtful, and a digest of the marked text. The texts themselves belong to their publishers and are not here; the ones
in `fixture/` were written for the tests.

`hits.jsonl` has findings on unseen sites that were read one by one, in several readings, each of other sites. After all
but the fresh one, false alarms were taken out (`now`, in the reading called last, is the severity that the finding has
since, null if it is gone). Of the readings called fifth (but for its sample `rare`), sixth and fresh, findings were
drawn at random for each site; before, by rule. The reading called edited has every error and warning of two sites, the
one called notes has infos.

A finding finds a label if it lies on the line of the label and their columns touch, if it is at most three times as
long as all the labels that it touches, plus 20 code points, and if its pack is meant to find that kind (PACKS).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from linter import Linter
from linter.finding import Finding

HERE = Path(__file__).parent
PACKS = {
    "meta-leak": {"leaks", "assistant", "templates", "metadata"},
    "raw-html": {"leaks", "templates", "structure", "encoding"},
    "code-fence": {"fences"},
    "proper-noun-case": {"names"},
    "sentence-case": {"sentences"},
    "spacing": {"spacing", "punctuation"},
    "off-topic-link": {"links"},
    "boilerplate": {"boilerplate", "duplicates"},
    "ai-residue": {"assistant", "placeholders"},
    "template-residue": {"templates", "placeholders", "boilerplate"},
    "duplicate": {"duplicates", "structure", "images", "boilerplate", "sentences"},
    "truncated": {"sentences", "punctuation", "measures"},
    "mojibake": {"encoding"},
    "typo": {"spelling", "sentences", "names", "punctuation", "spacing"},
}
READINGS = ("tuning", "last", "third", "fourth", "fifth", "sixth", "fresh", "edited", "notes")
NOT_CORE = {"typo", "other"}  # mostly grammar, and what has no name
JUDGED = set().union(*PACKS.values())


class Label(NamedTuple):
    """A defect on one line of an article: `start` and `end` are columns, 1-based code points, `end` exclusive."""

    file: str
    line: int
    start: int
    end: int
    kind: str
    doubt: bool
    text: str


class Score(NamedTuple):
    """Labels found and missed, and findings that no label explains. `shares` has the found share by (file, kind)."""

    found: list[Label]
    missed: list[Label]
    judged: list[Finding]
    wrong: list[Finding]

    def shares(self) -> dict[tuple[str, str], float]:
        every, found = Counter(map(_group, [*self.found, *self.missed])), Counter(map(_group, self.found))
        return {group: found[group] / count for group, count in every.items()}

    def core(self) -> float:
        """Return the mean recall over articles and kinds, without typo and other."""
        shares = [share for (_, kind), share in self.shares().items() if kind not in NOT_CORE]
        return sum(shares) / len(shares) if shares else 1.0


def _group(label: Label) -> tuple[str, str]:
    return label.file, label.kind


def digest(text: str) -> str:
    """Return 16 hexadecimal digits for the text of a label or a finding."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def read_labels(path: Path) -> list[Label]:
    """Read labels.jsonl."""
    return [
        Label(row["file"], row["line"], *row["columns"], row["kind"], row.get("doubt", False), row["text"])
        for row in rows(path)
    ]


def misplaced(labels: Iterable[Label], texts: dict[str, str]) -> list[Label]:
    """Return the labels whose columns do not have the labelled text. `texts` has the articles by file name."""
    lines = {file: text.split("\n") for file, text in texts.items()}
    return [la for la in labels if digest(lines[la.file][la.line - 1][la.start - 1 : la.end - 1]) != la.text]


def check(folder: Path, files: Iterable[str]) -> dict[str, list[Finding]]:
    """Return the findings of articles of a folder by file name. These articles are compared with each other."""
    findings: dict[str, list[Finding]] = {file: [] for file in files}
    with tempfile.TemporaryDirectory() as place:
        for file in findings:
            shutil.copy(folder / file, place)
        for finding in Linter(isolated=True).check_paths([place]).findings:
            findings[Path(finding.path).name].append(finding)
    return findings


def score(labels: Sequence[Label], findings: dict[str, list[Finding]]) -> Score:
    """Compare labels with the findings of the same articles. Doubtful labels only explain findings."""
    touched: dict[tuple[str, int, str, int], list[Label]] = defaultdict(list)
    for label in labels:
        for finding in findings[label.file]:
            if _fits(finding, label):
                touched[_identity(label.file, finding)].append(label)
    found, missed, explained = [], [], set()
    for label in labels:
        hits = [
            identity
            for finding in findings[label.file]
            if _fits(finding, label) and _is_tight(finding, touched[identity := _identity(label.file, finding)])
        ]
        explained.update(hits)
        if not label.doubt:
            (found if hits else missed).append(label)
    judged = [
        (file, finding)
        for file, some in findings.items()
        for finding in some
        if finding.severity != "info" and finding.pack in JUDGED
    ]
    wrong = [finding._replace(path=file) for file, finding in judged if _identity(file, finding) not in explained]
    return Score(found, missed, [finding for _, finding in judged], wrong)


def _identity(file: str, finding: Finding) -> tuple[str, int, str, int]:
    return file, finding.start, finding.rule, finding.end


def _fits(finding: Finding, label: Label) -> bool:
    meant = PACKS.get(label.kind)
    return _touches(finding, label) and (meant is None or finding.pack in meant)


def _touches(finding: Finding, label: Label) -> bool:
    if not finding.line <= label.line <= finding.end_line:
        return False
    start = finding.column if finding.line == label.line else 1
    end = finding.end_column if finding.end_line == label.line else sys.maxsize
    return start - 1 < label.end and label.start < max(end, start) + 1


def _is_tight(finding: Finding, labels: Iterable[Label]) -> bool:
    return finding.end - finding.start <= 3 * sum(label.end - label.start for label in labels) + 20


def collect(clones: Path, folder: Path) -> Iterator[str]:
    """Copy the articles out of clones at CLONES/owner+name. Yield those that are not available or differ."""
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows(HERE / "articles.jsonl"):
        clone = clones / row["repo"].replace("/", "+")
        show = ["git", "-C", str(clone), "show", f"{row['commit']}:{row['path']}"]
        done = subprocess.run(show, capture_output=True, check=False)
        found = (text for text in _texts(done.stdout, row["path"]) if hashlib.sha256(text).hexdigest() == row["sha256"])
        text = next(found, None)
        if text is None:
            yield f"{row['file']}: {row['repo']} {row['path']}"
        else:
            (folder / row["file"]).write_bytes(text)


def _texts(data: bytes, path: str) -> Iterator[bytes]:
    """Yield the bytes of a file, and the texts of its records if it has any."""
    yield data
    values: Iterable[Any] = ()
    if path.endswith(".csv"):
        csv.field_size_limit(len(data) + 1)
        values = csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    elif path.endswith(".jsonl"):
        values = (json.loads(line) for line in data.splitlines() if line.strip())
    elif path.endswith(".json"):
        values = (json.loads(data),)
    for value in values:
        yield from (text.encode("utf-8", "replace") for text in _strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _recall_table(score: Score, groups: dict[str, str]) -> Iterator[str]:
    """Yield a Markdown table of recall by kind. `groups` maps files to groups of sites."""
    yield "| kind | found | of | by article |\n|---|---|---|---|"
    shares = score.shares()
    for kind in sorted({label.kind for label in (*score.found, *score.missed)}):
        found = sum(label.kind == kind for label in score.found)
        every = found + sum(label.kind == kind for label in score.missed)
        mean = [share for (_, of), share in shares.items() if of == kind]
        yield f"| {kind} | {found} | {every} | {sum(mean) / len(mean):.0%} |"
    for group in sorted(set(groups.values())):
        mean = [share for (file, kind), share in shares.items() if groups[file] == group and kind not in NOT_CORE]
        yield f"| core, {group} | | | {sum(mean) / len(mean):.0%} |" if mean else f"| core, {group} | | | none |"
    yield f"| **core** | | | **{score.core():.1%}** |"
    right = len(score.judged) - len(score.wrong)
    yield f"\nErrors and warnings: {len(score.judged)}, of which a label explains {right}."


def recall(given: argparse.Namespace) -> Iterator[str]:
    """Yield the table of recall, and with the options what was missed and what no label explains."""
    articles = [row for row in rows(HERE / "articles.jsonl") if given.half in (None, row["half"])]
    present = [row for row in articles if (given.articles / row["file"]).exists()]
    for row in present:
        if hashlib.sha256((given.articles / row["file"]).read_bytes()).hexdigest() != row["sha256"]:
            raise SystemExit(f"{row['file']} is not the article that was labelled")
    files = [row["file"] for row in present]
    labels = [label for label in read_labels(HERE / "labels.jsonl") if label.file in {*files}]
    result = score(labels, check(given.articles, files))
    sites = len({row["site"] for row in present})
    yield f"{len(present)} of {len(articles)} articles from {sites} sites, {len(labels)} labels\n"
    yield from _recall_table(result, {row["file"]: row["group"] for row in present})
    for label in result.missed if given.missed else ():
        line = (given.articles / label.file).read_text("utf-8").split("\n")[label.line - 1]
        yield f"missed {label.kind}: {label.file}:{label.line}:{label.start} {line[label.start - 1 : label.end - 1]!r}"
    for finding in result.wrong if given.wrong else ():
        yield f"wrong {finding.rule}: {finding.path}:{finding.line}:{finding.column} {finding.text!r}"


def precision_tables(hits: Sequence[dict[str, Any]], keys: Sequence[str]) -> Iterator[str]:
    """Yield Markdown tables of findings read and right, by each of `keys`: severity, site, group, rule."""
    for key in keys:
        read = Counter(row[key] for row in hits)
        right = Counter(row[key] for row in hits if row["right"])
        yield f"| {key} | read | right | |\n|---|---|---|---|"
        for name, count in sorted(read.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"| {name} | {count} | {right[name]} | {right[name] / count:.0%} |"
        yield ""


def main() -> None:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("collect")
    command.add_argument("clones", type=Path)
    command.add_argument("articles", type=Path)
    command = commands.add_parser("recall")
    command.add_argument("articles", type=Path)
    command.add_argument("--half", choices=("open", "held"))
    command.add_argument("--missed", action="store_true")
    command.add_argument("--wrong", action="store_true")
    command = commands.add_parser("precision")
    command.add_argument("--reading", choices=READINGS, default="fresh")
    given = parser.parse_args()
    if given.command == "collect":
        lines = collect(given.clones, given.articles)
    elif given.command == "recall":
        lines = recall(given)
    else:
        hits = [row for row in rows(HERE / "hits.jsonl") if row["reading"] == given.reading]
        lines = precision_tables(hits, ("severity", "group", "site", "rule"))
    for line in lines:
        print(line)


if __name__ == "__main__":
    main()
