"""Examples of rules: which of them pass, and the report for those that fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import examples
from linter.checks.encoding.note import Note
from linter.checks.pattern.phrases import Phrases
from linter.checks.pattern.swap import Swap
from linter.cli import main
from linter.rule import BadRule, Example, Rule, RuleFix, Spans, mark_spans, unmark_spans


def rule(check: Phrases | Swap | Note, **more: object) -> Rule:
    fields = {"pack": "style", "id": "tram", "summary": "", "why": "", "severity": "error", "message": "{match}"}
    return Rule(**{**fields, "check": check, **more})  # type: ignore[arg-type]


TRAMWAY = rule(Swap({"tramway": "tram"}))


@pytest.mark.parametrize(
    ("one", "example"),
    [
        pytest.param(TRAMWAY, Example("a tramway", ((2, 9),), "a tram", "text"), id="the span and the fix"),
        pytest.param(TRAMWAY, Example("a tram", kind="text"), id="nothing found, nothing marked"),
        pytest.param(
            rule(Swap({"tramway": "tram"}), languages=frozenset({"fr", "de"})),
            Example("The tramway of the city and the river", ((4, 11),), kind="text"),
            id="in the language of the rule, whatever the text looks like",
        ),
        pytest.param(
            rule(Note("encoding")),
            Example("Le café", ((6, 7),), kind="text", encoded="windows-1252"),
            id="through bytes",
        ),
        pytest.param(
            rule(Note("undecodable")),
            Example("CafÃ©, crÃ¨me, fiancé", ((20, 21),), kind="text", encoded="latin-1"),
            id="spans are those of the text as it was read",
        ),
    ],
)
def test_examples_that_hold(one: Rule, example: Example) -> None:
    assert examples.problems(one, example) == []


@pytest.mark.parametrize(
    ("one", "example", "expected"),
    [
        pytest.param(
            TRAMWAY,
            Example("The tramway\nis late.", ((0, 3),), kind="text"),
            "- expected, + found\n    - ⟦The⟧ tramway\n    + The ⟦tramway⟧\n      is late.",
            id="another span",
        ),
        pytest.param(
            TRAMWAY,
            Example("a tramway", kind="text"),
            "- expected, + found\n    - a tramway\n    + a ⟦tramway⟧",
            id="something where nothing should be",
        ),
        pytest.param(
            TRAMWAY,
            Example("a tramway", ((2, 9),), "a bus", "text"),
            "- expected after the fix, + fixed\n    - a bus\n    + a tram",
            id="another fix",
        ),
        pytest.param(
            rule(Phrases(("tram",))),
            Example("a tram", ((2, 6),), "a bus", "text"),
            "- expected after the fix, + fixed\n    - a bus\n    + a tram",
            id="no fix at all",
        ),
        pytest.param(
            rule(Phrases(("tram",)), fix=RuleFix(True, "tram bus")),
            Example("a tram", ((2, 6),), "a tram bus", "text"),
            "- expected no findings after the fix, + found\n    - a tram bus\n    + a ⟦tram⟧ bus",
            id="a fix that does not help",
        ),
        pytest.param(
            TRAMWAY,
            Example("a 🚋", encoded="latin-1"),
            "the text cannot be encoded in latin-1",
            id="a character that is not in the encoding",
        ),
    ],
)
def test_examples_that_do_not_hold(one: Rule, example: Example, expected: str) -> None:
    assert examples.problems(one, example) == [expected]


RULE_FILE = """\
id: tramway
summary: We write “tram”.
why: One word.
severity: warning
check: swap
swap:
  tramway: tram
message: '“{match}” is “{right}” in this house.'
bad:
  - text: 'The ⟦tramway⟧ is late.'
    as: text
good:
  - text: 'The Tramway Museum.'
    as: text
"""


def save(folder: Path, text: str) -> Path:
    (folder / "style").mkdir()
    (folder / "style" / "tramway.yaml").write_text(text, "utf-8")
    return folder


def test_a_folder_of_packs_is_counted_and_its_failures_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(save(tmp_path, RULE_FILE))
    count, failures = examples.test_path(Path())
    assert count == 2
    assert [(failure.rule.name, failure.place) for failure in failures] == [
        ("style/tramway", "./style/tramway.yaml:13")
    ]
    assert str(failures[0]) == (
        "./style/tramway.yaml:13: style/tramway: - expected, + found\n"
        "    - The Tramway Museum.\n"
        "    + The ⟦Tramway⟧ Museum."
    )


def test_the_examples_of_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = save(tmp_path, RULE_FILE) / "style" / "tramway.yaml"
    assert main(["test", str(file)]) == 1
    assert "tramway.yaml:13: style/tramway: - expected, + found" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["house", "house/style", "house/style/", "house/style/tramway.yaml"])
def test_the_examples_of_packs_of_one_pack_and_of_one_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    (tmp_path / "house").mkdir()
    save(tmp_path / "house", RULE_FILE)
    (tmp_path / "copydesk.yaml").write_text("rules: [house]\n", "utf-8")  # not a rule next to packs
    monkeypatch.chdir(tmp_path)
    assert main(["test", path]) == 1
    seen = capsys.readouterr()
    assert seen.out.startswith("house/style/tramway.yaml:13: style/tramway: - expected, + found\n")
    assert seen.err == "copydesk: 1 failure in 2 examples\n"


def test_the_examples_of_the_pack_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(save(tmp_path, RULE_FILE) / "style")
    assert main(["test", "."]) == 1
    assert "style/tramway: - expected, + found" in capsys.readouterr().out


def test_one_pack_is_tested_whatever_is_wrong_with_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(save(tmp_path, RULE_FILE))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "bad.yaml").write_text("id: bad\n", "utf-8")
    assert main(["test", "style"]) == 1
    assert "other" not in capsys.readouterr().err
    assert main(["test", "."]) == 2
    assert "other/bad.yaml:1:1: “summary” is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("empty", "empty: there are no rules here; name a rule file (.yaml), a pack", id="an empty folder"),
        pytest.param("nowhere", "nowhere: there is no such file or folder", id="a folder that is not there"),
        pytest.param("mixed/bus.yaml", "mixed/bus.yaml: there is no such file or folder", id="no such file"),
        pytest.param("My_Pack", "My_Pack/tram.yaml: “My_Pack” is not a pack name", id="the name of a pack"),
        pytest.param("mixed", "mixed/tram.yaml: move this rule to the folder of its pack", id="rules next to packs"),
    ],
)
def test_a_path_without_rules_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("My_Pack/tram.yaml", "mixed/tram.yaml", "mixed/style/tram.yaml", "empty/article.md"):
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(RULE_FILE.replace("tramway\n", "tram\n", 1), "utf-8")
    assert main(["test", path]) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize("path", ["", "style", "style/tramway.yaml"])
def test_a_rule_without_examples_is_a_mistake(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadRule, match="“bad” is missing"):
        examples.test_path(save(tmp_path, RULE_FILE[: RULE_FILE.index("bad:")]) / path)


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        pytest.param("no marks", "no marks", (), id="none"),
        pytest.param("⟦a⟧ b⟦c⟧", "a bc", ((0, 1), (3, 4)), id="two"),
        pytest.param("a⟦⟧b", "ab", ((1, 1),), id="an empty one"),
        pytest.param("⟦a⟦b⟧⟧", "ab", ((0, 2), (1, 2)), id="one in another"),
    ],
)
def test_marks(marked: str, text: str, spans: Spans) -> None:
    assert unmark_spans(marked) == (text, spans)
    assert mark_spans(text, spans) == marked


@pytest.mark.parametrize("text", ["⟦", "⟧", "⟧⟦", "a⟦b⟦c⟧"])
def test_marks_come_in_pairs(text: str) -> None:
    with pytest.raises(ValueError, match="has no"):
        unmark_spans(text)


@given(st.text(alphabet="ab⟦⟧", max_size=20))
def test_mark_spans_reverses_unmark_spans(marked: str) -> None:
    try:
        text, spans = unmark_spans(marked)
    except ValueError:
        return
    assert unmark_spans(mark_spans(text, spans)) == (text, spans)
