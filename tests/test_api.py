"""The public API: text in, findings out, for any text."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import copydesk
import linter
from linter.checks.pattern.phrases import Phrases

PIECES = [
    *"the |The tram |vladimir Putin |café|🚋|e\u0301|שלום|, |. |.|&amp;|&nbsp;|&lt;p&gt;|*|**|_".split("|"),
    *'`|```|```html|“`|“|”|"|<p>|</p>|<b|</b>|<a href="x.org">|<!--|-->|">|[|](|)|![|www.x.org'.split("|"),
    *"> |- |1. |# |---|title: |Slug: |Meta Description: |#tram|u003cp|\\|\t| |\n|\r\n|\r|\n\n".split("|"),
    *"\ufffd|\ufeff|\x00|\x0b|\u2028|\x85".split("|"),
]


@pytest.mark.parametrize("kind", ["markdown", "html", "text"])
@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_findings_are_where_they_say(kind: str, pieces: list[str]) -> None:
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


def test_a_check_whose_parameter_has_another_name() -> None:
    class Odd:
        def find(self, doc: object) -> list[object]:
            return []

    with pytest.raises(TypeError, match="is “doc”, not “block” or “document”"):
        linter.lint_text("The tram.", rules=[linter.Rule("house", "tram", "", "", "info", Odd(), "")])  # type: ignore[arg-type]


def test_a_kind_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="“rtf” is no kind of article: markdown, html, text"):
        linter.lint_text("", kind="rtf")


def test_a_name_that_there_is_not() -> None:
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


def test_fixes_leave_what_they_do_not_change() -> None:
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
    made = linter.Linter(isolated=True)
    texts = [f"{'x ' * number}{TEXT}" for number in range(40)]
    alone = [made.check(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(linter.Linter(isolated=True).check, texts)) == alone


def test_a_linter_is_pickled_by_its_options(house: Path) -> None:
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


def test_the_package_has_the_name_of_the_distribution() -> None:
    assert copydesk.Linter is linter.Linter
    assert {name: getattr(copydesk, name) for name in copydesk.__all__} == {
        name: getattr(linter, name) for name in linter.__all__
    }
    seen = subprocess.run([sys.executable, "-m", "copydesk", "--version"], capture_output=True, text=True, check=True)
    assert seen.stdout == f"copydesk {linter.__version__}\n"
