"""The baseline: known and new findings, and its file."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linter import baseline, lint_text
from linter.api import lint_paths
from linter.baseline import BaselineEntry, KnownFindings, entry_of, split_known
from linter.cli import main
from linter.config import packs
from linter.config.config import BASELINE, BadConfig
from linter.finding import Finding

LEAK = "The ferry to the island sails at noon.</div>"
STORY = f"""\
# The harbour

{LEAK}

The council met on Monday, and the mayor said [insert quote here] about the tram.
"""


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two old articles that have defects, all of them known."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.yaml").write_text("packs: [leaks, fences, placeholders]\n", "utf-8")
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "harbour.txt").write_text(STORY, "utf-8")
    (tmp_path / "posts" / "bridge.md").write_text("The bridge is closed.\n\n```\n", "utf-8")
    assert main(["baseline", "create"]) == 0
    return tmp_path


def rules(*paths: str) -> list[str]:
    return [finding.rule for finding in lint_paths(paths or ["."]).findings]


def changed(file: Path, change: Callable[[str], str]) -> None:
    text = file.read_text("utf-8")
    assert change(text) != text
    file.write_text(change(text), "utf-8")


def test_known_findings_are_not_reported(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["check", "--fail-on=info"]) == 0
    seen = capsys.readouterr()
    assert (seen.out, seen.err) == ("", "copydesk: no problems found in 2 articles; 3 in the baseline\n")
    assert main(["check", "--no-baseline", "--report=json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["findings"]) == 3
    assert main(["check", "--isolated", "--quiet"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: "A new first paragraph.\n\n" + text, id="a paragraph on top"),
        pytest.param(lambda text: text + "\nAnother paragraph at the end.\n", id="a paragraph at the end"),
        pytest.param(lambda text: text.replace("The council", "\n\n\nThe council"), id="lines that move"),
        pytest.param(lambda text: "\n\n".join(reversed(text.split("\n\n"))), id="paragraphs in another order"),
        pytest.param(
            lambda text: text.replace("The council met on Monday", "Nobody met on Sunday"), id="words far away"
        ),
        pytest.param(lambda text: text.replace("about the tram", "of the harbour"), id="the words on one side"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="other line ends"),
        pytest.param(
            lambda text: text.replace("The ferry to the island sails at noon.", "The boat was late, and it rained."),
            id="the words on the only side there is",
        ),
        pytest.param(lambda text: f"{text}\n{LEAK}\n".replace(LEAK, "At noon.", 1), id="a paragraph moved to the end"),
    ],
)
def test_an_entry_survives(archive: Path, change: Callable[[str], str]) -> None:
    changed(archive / "posts" / "harbour.txt", change)
    assert rules() == []
    assert main(["check", "--strict-baseline"]) == 0


def test_a_strict_run_needs_no_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.yaml").write_text("suppressions: [{path: a.md, rule: leaks}]\n", "utf-8")
    (tmp_path / "a.md").write_text("The tram is late.\n", "utf-8")
    assert main(["check", "--strict-baseline", "--no-cache", "a.md"]) == 0


@pytest.mark.parametrize(
    ("change", "new"),
    [
        pytest.param(lambda text: f"{text}\n{LEAK}\n", ["leaks/raw-tag"], id="a second copy of the defect"),
        pytest.param(
            lambda text: f"The boat is late.</div>\n\n{text}", ["leaks/raw-tag"], id="a second copy behind other words"
        ),
        pytest.param(
            lambda text: f"The boat is late.</div>\n\n{text}".replace(LEAK, "At noon.</div>"),
            ["leaks/raw-tag"],
            id="two copies in place of one",
        ),
        pytest.param(lambda text: text.replace("</div>", "</span>"), ["leaks/raw-tag"], id="another match"),
    ],
)
def test_new_findings_are_reported(archive: Path, change: Callable[[str], str], new: list[str]) -> None:
    changed(archive / "posts" / "harbour.txt", change)
    assert rules() == new


def test_an_entry_survives_when_the_paragraphs_around_it_are_deleted(archive: Path) -> None:
    changed(archive / "posts" / "harbour.txt", lambda _: f"{LEAK}\n")
    assert rules() == []


@pytest.mark.parametrize("name", ["bridge.md", "port.md"])
def test_a_line_below_the_last_one_makes_nothing_new(archive: Path, name: str) -> None:
    file = archive / "posts" / "bridge.md"
    file.write_text(f"{LEAK}\n\n[insert quote here]", "utf-8")
    assert main(["baseline", "create"]) == 0
    changed(file, lambda text: f"{text}\nThe bridge is open again.\n")
    file.rename(archive / "posts" / name)
    assert rules() == []
    assert main(["check", "--strict-baseline"]) == 0


def test_the_copy_with_the_known_context_is_the_known_one(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(archive / "posts" / "harbour.txt", lambda text: f"The boat is late.</div>\n\n{text}")
    capsys.readouterr()
    assert main(["check", "--quiet"]) == 1
    assert capsys.readouterr().out.startswith("posts/harbour.txt:1:18: ")


def test_a_baseline_written_by_an_earlier_version_is_still_known(archive: Path) -> None:
    (archive / BASELINE).write_text(
        """\
# Known findings, which copydesk does not report again. “copydesk baseline update” removes outdated entries.
version: 1
findings:
- {path: "posts/bridge.md", rule: fences/unclosed, text: "```", beside: "-"}
- {path: "posts/harbour.txt", rule: leaks/raw-tag, text: "</div>", beside: "2998b8-"}
- {path: "posts/harbour.txt", rule: placeholders/slot, text: "[insert quote here]", beside: "34ee00-4c647c"}
""",
        "utf-8",
    )
    assert rules() == []
    assert main(["check", "--strict-baseline"]) == 0


def test_a_renamed_article_keeps_its_entries(archive: Path) -> None:
    (archive / "old").mkdir()
    os.rename("posts/harbour.txt", "old/port.txt")
    assert rules() == []
    assert rules("old/port.txt") == []
    assert main(["baseline", "update"]) == 0
    text = (archive / BASELINE).read_text("utf-8")
    assert "posts/harbour.txt" not in text
    assert text.count('"old/port.txt"') == 2


def test_a_copy_of_an_article_is_new(archive: Path) -> None:
    (archive / "posts" / "copy.txt").write_text(STORY, "utf-8")
    assert len(rules()) == 2


def test_an_article_added_while_another_is_removed_is_new(archive: Path) -> None:
    os.unlink("posts/harbour.txt")
    (archive / "posts" / "museum.txt").write_text("The museum opens.</div>\n", "utf-8")
    assert rules() == ["leaks/raw-tag"]


def test_an_outdated_entry_fails_a_strict_run_until_it_is_removed(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(archive / "posts" / "harbour.txt", lambda text: text.replace("</div>", ""))
    assert main(["check"]) == 0
    assert main(["check", "--strict-baseline", "posts/bridge.md"]) == 0
    capsys.readouterr()
    assert main(["check", "--strict-baseline"]) == 1
    assert capsys.readouterr().out == (
        "copydesk-baseline.yaml:5:1: error: “</div>” (leaks/raw-tag) in posts/harbour.txt no longer occurs."
        " Run “copydesk baseline update”. [copydesk/stale-baseline]\n"
    )
    assert main(["baseline", "update"]) == 0
    assert main(["check", "--strict-baseline"]) == 0
    assert "</div>" not in (archive / BASELINE).read_text("utf-8")


def test_an_update_adds_nothing(archive: Path) -> None:
    before = (archive / BASELINE).read_text("utf-8")
    changed(archive / "posts" / "bridge.md", lambda text: f"{text}```\n\n{LEAK}\n")
    assert main(["baseline", "update"]) == 0
    assert len((archive / BASELINE).read_text("utf-8").splitlines()) <= len(before.splitlines())
    assert "leaks/unopened-tag" in rules()


def test_some_articles_or_rules_leave_the_entries_of_others_alone(archive: Path) -> None:
    before = (archive / BASELINE).read_text("utf-8")
    for words in (["create", "posts/bridge.md"], ["update", "posts/bridge.md"], ["update", "--select=fences"]):
        assert main(["baseline", *words]) == 0
        assert (archive / BASELINE).read_text("utf-8") == before


def test_the_baseline_is_next_to_the_config(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(archive / "posts")
    assert rules() == []
    assert main(["baseline", "create"]) == 0
    assert not (archive / "posts" / BASELINE).exists()


def test_the_file_is_sorted_with_an_entry_a_line(archive: Path) -> None:
    text = (archive / BASELINE).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert lines == sorted(lines)
    assert len(lines) == len(yaml.safe_load(text)["findings"]) == 3


def test_show_lists_what_is_known(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["baseline", "show", "posts/harbour.txt"]) == 0
    seen = capsys.readouterr()
    assert seen.out.splitlines()[0] == "posts/harbour.txt: “</div>” [leaks/raw-tag]"
    assert seen.err == "copydesk: 2 known findings in 1 article\n"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ENTRIES = st.builds(
    BaselineEntry,
    TEXTS,
    TEXTS,
    st.sampled_from(["leaks/raw-tag", "a/b"]),
    TEXTS,
    st.sampled_from(["-", "1a-", "12e3-77"]),
)


@settings(deadline=None)
@given(st.lists(ENTRIES, max_size=4), st.randoms())
def test_a_written_baseline_is_read_back(entries: list[BaselineEntry], chance: random.Random) -> None:
    text = baseline.format_baseline(entries)
    file = Path(os.devnull)
    fast, slow = baseline._read_lines(text), baseline._read_yaml(text, baseline.File(str(file)))
    assert slow.entries == tuple(sorted(entries))
    assert fast == (slow if entries else None)
    chance.shuffle(entries)
    assert baseline.format_baseline(entries) == text


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        pytest.param("version: 1\n<<<<<<< ours\n", "2:1: unresolved merge", id="an unresolved conflict"),
        pytest.param("version: 2\nfindings: []\n", "1:10: this baseline needs a later", id="a later version"),
        pytest.param("findings:\n- {path: a.md}\n", "2:3: “rule” is missing", id="half an entry"),
        pytest.param("findings: [tram]\n", "1:12: “findings” must be keys with values", id="no entry"),
    ],
)
def test_a_mistake_in_the_file_is_reported_with_its_position(tmp_path: Path, text: str, mistake: str) -> None:
    file = tmp_path / BASELINE
    file.write_text(text, "utf-8")
    with pytest.raises(BadConfig) as bad:
        baseline.read_baseline(str(file))
    assert bad.value.mistakes[0].removeprefix(f"{file.as_posix()}:").startswith(mistake)


def test_no_file_is_an_empty_one(tmp_path: Path) -> None:
    assert baseline.read_baseline(str(tmp_path / BASELINE)) == KnownFindings()


DEFECTS = [
    LEAK,
    "</p>",
    "</figcaption>",
    "Read [Your Name] here.",
    "[insert quote here]",
    "TODO",
    "The tram.</b> It</b> stops.",
]
CLEAN = ["The bridge is open.", "Two trams came at noon, and a bus.", "It rained for most of the afternoon."]
BETWEEN = ["\n\n", "\n"]  # a separate paragraph, or more words of the paragraph above


RULES = [rule for rule in packs.shipped_rules() if rule.pack in ("leaks", "placeholders", "spacing") and rule.enabled]


def found(text: str, kind: str) -> list[Finding]:
    return lint_text(text, kind=kind, rules=RULES)


def counted(findings: Sequence[Finding]) -> Counter[tuple[str, str]]:
    return Counter((each.rule, each.text) for each in findings)


def new(now: Sequence[Finding], before: Sequence[Finding]) -> Counter[tuple[str, str]]:
    """Return the rule and the text of each finding in one article that is new compared with a baseline of `before`."""
    known = [entry_of(finding, "a.md") for finding in before]
    return counted(split_known(now, known, lambda path: "a.md", lambda path: False).new)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from(DEFECTS + CLEAN), st.sampled_from(BETWEEN)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(CLEAN), st.sampled_from(BETWEEN)), min_size=1, max_size=3),
    st.sampled_from(["text", "markdown"]),
)
def test_clean_text_inserted_anywhere_makes_nothing_new(
    paragraphs: list[tuple[str, str]], inserted: list[tuple[int, str, str]], kind: str
) -> None:
    before = found("".join(map("".join, paragraphs)), kind)
    edited = list(paragraphs)
    for at, text, between in inserted:
        edited.insert(at, (text, between))
    now = found("".join(map("".join, edited)), kind)
    assert new(now, before) == counted(now) - counted(before)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.sampled_from(DEFECTS), min_size=1, max_size=4), st.randoms())
def test_of_several_copies_as_many_are_new_as_were_added(defects: list[str], chance: random.Random) -> None:
    before = found("\n\n".join(defects), "text")
    edited = [*defects, *defects]
    chance.shuffle(edited)
    now = found("\n\n".join(edited), "text")
    assert new(now, before) == counted(now) - counted(before)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from([LEAK, "The tram stops.", "Read [Your Name] here."]), max_size=6), st.randoms())
def test_paragraphs_in_another_order_are_still_known(paragraphs: list[str], chance: random.Random) -> None:
    before = [entry_of(finding, "a.txt") for finding in found("\n\n".join(paragraphs), "text")]
    chance.shuffle(paragraphs)
    now = found("\n\n".join([*paragraphs, LEAK]), "text")
    split = split_known(now, before, lambda path: "a.txt", lambda path: False)
    assert [finding.rule for finding in split.new] == ["leaks/raw-tag"]
    assert split.unmatched == ()
