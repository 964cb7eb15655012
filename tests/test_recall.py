"""The recall study: its scoring, and the score of the articles in recall/fixture, which were written for it.

In these articles, a mark such as ⟦spacing|here,and⟧ labels a defect with its kind. A question mark after the kind means
that the defect is doubtful.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "recall"))
import study

FIXTURE = Path(__file__).parent / "recall" / "fixture"
FILES = sorted(path.name for path in FIXTURE.iterdir())
_MARK = re.compile(r"⟦(?P<kind>[a-z-]+)(?P<doubt>\??)\|(?P<text>[^⟦⟧]*)⟧")


def unmarked(file: str, marked: str) -> tuple[str, list[study.Label]]:
    """Return the text of a fixture without marks, and its labels, one for each line of a mark."""
    text, labels, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        for part in mark["text"].split("\n"):
            start = len(text) - text.rfind("\n")
            place = text.count("\n") + 1, start, start + len(part)
            labels.append(study.Label(file, *place, mark["kind"], bool(mark["doubt"]), study.digest(part)))
            text += f"{part}\n"
        text, at = text[:-1], mark.end()
    return text + marked[at:], labels


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> study.Score:
    folder, labels = tmp_path_factory.mktemp("recall"), []
    for file in FILES:
        text, own = unmarked(file, (FIXTURE / file).read_text("utf-8"))
        (folder / file).write_text(text, "utf-8")
        labels += own
    return study.score(labels, study.check(folder, FILES))


def test_labels_have_their_text() -> None:
    texts, labels = {}, []
    for file in FILES:
        texts[file], own = unmarked(file, (FIXTURE / file).read_text("utf-8"))
        labels += own
    assert len(labels) > 50
    assert study.misplaced(labels, texts) == []


def test_recall_of_the_fixture(scored: study.Score) -> None:
    missed = [f"{label.file}:{label.line}:{label.start} {label.kind}" for label in scored.missed]
    assert scored.core() >= 0.8, missed


def test_nothing_else_in_the_fixture_is_an_error_or_warning(scored: study.Score) -> None:
    assert [f"{one.path}:{one.line}:{one.column} {one.rule} {one.text}" for one in scored.wrong] == []


def test_edited_articles_have_no_errors_and_warnings(scored: study.Score) -> None:
    assert {finding.path for finding in scored.wrong if finding.path.startswith("edited-")} == set()


def test_kinds_have_packs() -> None:
    labels = study.read_labels(study.HERE / "labels.jsonl")
    assert {label.kind for label in labels} <= {*study.PACKS, "other"}


def test_every_label_has_an_article_and_every_article_a_source() -> None:
    articles = study.rows(study.HERE / "articles.jsonl")
    files = {row["file"] for row in articles}
    assert len(files) == len(articles) >= 80
    assert len({row["site"] for row in articles}) >= 16
    assert {label.file for label in study.read_labels(study.HERE / "labels.jsonl")} <= files
    assert all(re.fullmatch(r"[0-9a-f]{64}", row["sha256"]) for row in articles)


def test_a_long_finding_does_not_find_a_short_label(scored: study.Score) -> None:
    text = "The tram is late, and nobody knows why it is late. " * 5
    label = study.Label("a.txt", 1, 5, 9, "spacing", False, study.digest("tram"))
    finding = next(iter(study.Linter(isolated=True).check("The tram</b> is late.", kind="text")))
    long = finding._replace(rule="spacing/doubled", line=1, column=1, end_line=1, end_column=200, start=0, end=199)
    short = long._replace(end=9, end_column=10)
    assert text
    assert study.score([label], {"a.txt": [long]}).missed == [label]
    assert study.score([label], {"a.txt": [short]}).found == [label]
    assert study.score([label], {"a.txt": [short._replace(rule="names/proper-noun")]}).missed == [label]


def test_the_page_on_precision_counts_the_findings_that_were_read() -> None:
    page = (study.HERE.parent.parent / "docs" / "precision.md").read_text("utf-8")
    hits = [row for row in study.rows(study.HERE / "hits.jsonl") if row["reading"] == "fresh"]
    for severity in ("error", "warning"):
        read = [row for row in hits if row["severity"] == severity]
        assert f"{sum(row['right'] for row in read)} of {len(read)}" in page
    for site in {row["site"] for row in hits}:
        read = [row for row in hits if row["site"] == site]
        assert f"| {site} | {read[0]['group']} | {len(read)} | {sum(row['right'] for row in read)} |" in page
