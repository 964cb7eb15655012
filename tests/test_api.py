"""The public API: text in, findings out, for any text."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import copydesk
import linter
from linter import matching, readers, runner, workers
from linter.checks.pattern.pattern import Pattern
from linter.checks.pattern.phrases import Phrases

PIECES = [
    *"the |The tram |vladimir Putin |café|🚋|e\u0301|שלום|, |. |.|&amp;|&nbsp;|&lt;p&gt;|*|**|_".split("|"),
    *'`|```|```html|“`|“|”|"|<p>|</p>|<b|</b>|<a href="x.org">|<!--|-->|">|[|](|)|![|www.x.org'.split("|"),
    *"> |- |1. |# |---|title: |Slug: |Meta Description: |#tram|u003cp|\\|\t| |\n|\r\n|\r|\n\n".split("|"),
    *"\ufffd|\ufeff|\x00|\x0b|\u2028|\x85".split("|"),
]


@pytest.mark.parametrize("kind", readers.KINDS)
@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_findings_have_correct_positions(kind: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    lines = [0]
    for at, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
            lines.append(at + 1)
    findings = linter.lint_text(text, kind=kind)
    for finding in findings:
        assert text[finding.start : finding.end] == finding.text
        assert lines[finding.line - 1] + finding.column - 1 == finding.start
        assert lines[finding.end_line - 1] + finding.end_column - 1 == finding.end
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= len(text)
    assert findings == sorted(findings, key=lambda finding: finding.order)


def test_own_rules() -> None:
    rule = linter.Rule("house", "tram", "", "", "info", Phrases(("tram",)), "“{match}”")
    (finding,) = linter.lint_text("The tram.", kind="text", path="a.txt", rules=[rule])
    assert (finding.path, finding.rule, finding.message, finding.start) == ("a.txt", "house/tram", "“tram”", 4)


def test_an_unknown_kind() -> None:
    with pytest.raises(ValueError, match="unknown kind “rtf”; use markdown, html, text or wordpress"):
        linter.lint_text("", kind="rtf")


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="has no “lint_txt”"):
        linter.lint_txt  # noqa: B018


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose config has an override for drafts and a suppression for old articles."""
    text = "overrides: [{path: drafts/, severity: {spacing: error}}]\nsuppressions: [{path: old/, rule: spacing}]\n"
    (tmp_path / "copydesk.yaml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


TEXT = "The tram is late.It is full, as vladimir Putin said."


def test_a_linter_reads_the_config_once(house: Path) -> None:
    made = linter.Linter()
    (house / "copydesk.yaml").write_text("no such key: 1\n", "utf-8")
    usual = {finding.rule: finding.severity for finding in made.check(TEXT)}
    assert usual == {"spacing/after-stop": "warning", "names/proper-noun": "warning"}
    (draft,) = [finding for finding in made.check(TEXT, path="drafts/a.md") if finding.rule == "spacing/after-stop"]
    assert (draft.severity, draft.path) == ("error", "drafts/a.md")
    assert [finding.rule for finding in made.check(TEXT, path=house / "old" / "a.md")] == ["names/proper-noun"]


def test_fixes_change_nothing_else() -> None:
    made = linter.Linter(isolated=True)
    done = made.fix(TEXT)
    assert done.text == "The tram is late. It is full, as vladimir Putin said."
    assert [finding.rule for finding in done.fixed] == ["spacing/after-stop"]
    assert [(finding.rule, done.text[finding.start : finding.end]) for finding in done.left] == [
        ("names/proper-noun", "vladimir")
    ]
    assert made.fix(TEXT, unsafe=True).text == "The tram is late. It is full, as Vladimir Putin said."
    assert made.fix(done.text) == done._replace(fixed=())


def test_paths_and_texts_have_the_same_findings(house: Path) -> None:
    (house / "drafts").mkdir()
    (house / "drafts" / "a.md").write_text(TEXT, "utf-8")
    made = linter.Linter()
    assert list(made.check_paths(["drafts"]).findings) == made.check(TEXT, path="drafts/a.md")
    assert made.check_paths(["drafts"]) == linter.lint_paths(["drafts"])


def test_threads_share_a_linter() -> None:
    texts = [f"{'x ' * number}{TEXT}" for number in range(40)]
    alone = [linter.Linter(isolated=True).check(text) for text in texts[:3]]
    made = linter.Linter(isolated=True)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(made.check, texts))[:3] == alone


def test_checks_run_one_after_the_other_in_all_threads() -> None:
    running: list[str] = []

    class Slow:
        def find_in(self, document: linter.Document) -> list[object]:
            running.append(document.source.text)
            time.sleep(0.05)
            assert running == [document.source.text]
            running.clear()
            return []

    rules = [linter.Rule("house", "slow", "", "", "info", Slow(), "")]  # type: ignore[arg-type]
    linters = [linter.Linter(isolated=True, rules=rules) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(linters[number % 2].check, f"Tram {number}") for number in range(6)]
        assert [call.result() for call in calls] == [[]] * 6


def test_a_slow_text_does_not_turn_a_rule_off_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = matching.Limits(rule=0.01)
    monkeypatch.setattr(matching, "LIMITS", tiny)
    pattern = Pattern(r"(?:a|a|aa)+b|zebra")
    made = linter.Linter(isolated=True, rules=[linter.Rule("house", "slow", "", "", "info", pattern, "“{match}”")])
    assert [made.check(f"{'a' * 60} {number}") for number in range(6)] == [[]] * 6
    assert [finding.text for finding in made.check("A zebra.")] == ["zebra"]


def test_without_a_path_only_settings_without_a_path_apply(house: Path) -> None:
    config = "language: de\noverrides: [{path: '*', severity: {spacing: error}}]\n"
    (house / "copydesk.yaml").write_text(config, "utf-8")
    made = linter.Linter()
    assert [(finding.rule, finding.severity) for finding in made.check(TEXT)] == [("spacing/after-stop", "warning")]
    assert [finding.severity for finding in made.check(TEXT, path="a.md")] == ["error"]


def test_the_path_of_a_text_is_the_name_of_its_source() -> None:
    text = "See [the text][nowhere] of it."
    assert [finding.rule for finding in linter.lint_text(text)] == ["links/undefined"]
    assert linter.lint_text(text, path="_includes/a.md") == []


def test_spawned_processes_use_the_config_of_the_linter(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(4):
        (house / f"{number}.md").write_text(TEXT, "utf-8")
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    made = linter.Linter()
    expected = made.check_paths(["."])
    assert "spacing/after-stop" in {finding.rule for finding in expected.findings}
    for config in ("ignore: [spacing]\n", "no such key: 1\n"):
        (house / "copydesk.yaml").write_text(config, "utf-8")
        assert made.check_paths(["."], jobs=2) == expected
    assert capsys.readouterr() == ("", "")


def test_a_spawned_process_with_other_code_checks_nothing() -> None:
    work = runner._spawned(b"{}", b"", None, False)
    failure, result = pickle.loads(work([("a.md", "/a.md", "markdown")]))
    (problem,) = result.problems
    assert failure == ""
    assert (problem.path, problem.message) == ("a.md", "not checked: copydesk was installed again during the run")


def test_given_rules_are_not_sent_to_spawned_processes(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        (house / f"{number}.md").write_text("The tram.", "utf-8")
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    rule = linter.Rule("house", "tram", "", "", "info", Phrases(("tram",)), "“{match}”")
    assert len(linter.Linter(rules=[rule]).check_paths(["."], jobs=2).findings) == 4


def test_a_new_site_is_noticed(house: Path) -> None:
    (house / "a.md").write_text("The tram.", "utf-8")
    rule = linter.Rule("house", "tram", "", "", "info", Phrases(("tram",)), "“{match}”", not_from=frozenset({"hugo"}))
    made = linter.Linter(rules=[rule])
    assert len(made.check_paths(["a.md"]).findings) == 1
    (house / "hugo.toml").write_text("", "utf-8")
    assert made.check_paths(["a.md"]).findings == ()


def test_a_linter_is_pickled_as_its_bundle(house: Path) -> None:
    made = linter.Linter(select=["spacing"])
    other = pickle.loads(pickle.dumps(made))
    assert [rule.name for rule in other.rules] == [rule.name for rule in made.rules]
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(linter.Linter(rules=made.rules))


def test_a_rule_is_explained() -> None:
    made = linter.Linter(isolated=True)
    assert made.explain("after-stop").startswith("spacing/after-stop")
    assert "spacing/after-comma" in made.explain("spacing")
    with pytest.raises(linter.BadConfig):
        made.explain("spacing/nothing")
    own = linter.Rule("house", "tram", "The stop", "", "info", Phrases(("tram",)), "“{match}”")
    assert "The stop" in linter.Linter(rules=[own], isolated=True).explain("house/tram")


def test_the_package_has_the_name_of_the_distribution() -> None:
    assert copydesk.Linter is linter.Linter
    assert {name: getattr(copydesk, name) for name in copydesk.__all__} == {
        name: getattr(linter, name) for name in linter.__all__
    }
    seen = subprocess.run([sys.executable, "-m", "copydesk", "--version"], capture_output=True, text=True, check=True)
    assert seen.stdout == f"copydesk {linter.__version__}\n"
