"""Suppressions in articles and in the config, unused suppressions, and mistakes in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import engine, lint_text, readers
from linter.api import Linter, lint_paths
from linter.cli import main
from linter.config import packs
from linter.config.config import Config
from linter.finding import Problem
from linter.fix.files import ArticleFix, fix_config
from linter.prefilter import NoPrefilter
from linter.source import Source
from linter.suppressions import article_suppressions
from linter.suppressions.apply import SuppressionFilter

NAMES = [rule for rule in packs.shipped_rules() if rule.name in ("leaks/raw-tag", "names/proper-noun")]
PIECES = [
    "<!-- copydesk: ",
    "{/* copydesk: ",
    "ignore",
    "-start ",
    "-end ",
    "-file ",
    " names/proper-noun",
    ", leaks",
    " -- why",
    " -->",
    " */}",
    "\n",
    "\r\n",
    "\n\n",
    "> ",
    "- ",
    "```\n",
    "a russian tram",
    "<p>",
    "</p>",
    "</div>",
    " [sic]",
    "---\n",
    "copydesk: {ignore: x}\n",
    "`",
]
UNUSED, UNKNOWN = "copydesk/unused-suppression", "copydesk/unknown-suppression"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder whose one rule finds each “tram”."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    for word in ("tram", "bus"):
        (tmp_path / "house" / "style" / f"{word}.yaml").write_text(
            f"id: {word}\nsummary: s.\nwhy: w.\nseverity: error\nscope: source\ncheck: swap\n"
            f"swap:\n  {word}: ferry\nmessage: No “{{match}}”.\nfix: {{safe: true}}\n",
            "utf-8",
        )
    write_config(tmp_path, "")
    return tmp_path


def write_config(project: Path, text: str) -> None:
    (project / "copydesk.yaml").write_text(f"rules: [house]\npacks: [style]\n{text}", "utf-8")


def found(project: Path, text: str, name: str = "a.md", **options: object) -> list[str]:
    """Return the findings, as `rule:line`, without those of the pack copydesk."""
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text(text, "utf-8")
    findings = lint_paths(["."], **options).findings  # type: ignore[arg-type]
    return [f"{finding.rule.removeprefix('style/')}:{finding.line}" for finding in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A tram. <!-- copydesk: ignore style/tram -- quoted -->\nA tram.\n", ["tram:2"], id="the line"),
        pytest.param("<!-- copydesk: ignore tram -->\nA tram.\n", [f"{UNKNOWN}:1", "tram:2"], id="no id alone"),
        pytest.param(
            "A tram.\n\n<!-- copydesk: ignore style/tram -->\n\nA tram,\na tram.\n\nA tram.\n",
            ["tram:1", "tram:8"],
            id="the next block",
        ),
        pytest.param("<!-- copydesk: ignore style -->\nA tram, a bus.\n", [], id="a pack"),
        pytest.param("<!-- copydesk: ignore style/* -->\nA tram, a bus.\n", [], id="a glob"),
        pytest.param("<!-- copydesk: ignore -->\nA tram, a bus.\n", [], id="all rules"),
        pytest.param("<!-- copydesk: ignore style/tram, style/bus -- why -->\nA tram, a bus.\n", [], id="two rules"),
        pytest.param("<!-- copydesk: ignore style/tram — why -->\nA tram, a bus.\n", ["bus:2"], id="an em dash"),
        pytest.param("<!-- copydesk: ignore style/tram --\nwhy, at\nlength -->\nA tram.\n", [], id="a long reason"),
        pytest.param(
            "<!-- copydesk: ignore style/tram -->\n<!-- copydesk: ignore style/bus -->\nA tram, a bus.\n",
            [],
            id="two comments above a block",
        ),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram -->\n\nA tram.\n\nA bus.\n\n"
            "<!-- copydesk: ignore-end -->\n\nA tram.\n",
            ["bus:5", "tram:9"],
            id="a part",
        ),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram -->\n\n<!-- copydesk: ignore-start style/bus -->\n\nA tram.\n\n"
            "<!-- copydesk: ignore-end style/tram -->\n\nA tram, a bus.\n\n<!-- copydesk: ignore-end -->\n\nA bus.\n",
            ["tram:9", "bus:13"],
            id="parts that overlap",
        ),
        pytest.param(
            "A tram.\n\n<!-- copydesk: ignore-file style/tram -- a list of words -->\n\nA tram, a bus.\n",
            ["bus:5"],
            id="the whole article",
        ),
        pytest.param(
            "---\ntitle: The tram\ncopydesk: {ignore: [style/tram -- quoted]}\n---\nA tram, a bus.\n",
            ["bus:5"],
            id="front matter",
        ),
        pytest.param(
            "---\ncopydesk:\n  ignore: [style/tram, style/bus]\n  reason: quoted\n---\nA tram, a bus.\n",
            [],
            id="front matter with one reason for all",
        ),
        pytest.param("---\ncopydesk: {ignore: true}\n---\nA tram, a bus.\n", [], id="front matter, all rules"),
        pytest.param("+++\ncopydesk.ignore = 'style/tram'\n+++\nA tram, a bus.\n", ["bus:4"], id="TOML"),
        pytest.param("A tram [sic] and a tram. (Sic!) A tram\\[*sic*] A tram\n", ["tram:1"], id="sic"),
        pytest.param("A tram is no bus [sic].\n", ["tram:1"], id="sic is about the word before it"),
        pytest.param("A tram [*sic!*] and a tram. A tram [*Sic*]\n", ["tram:1"], id="sic in italics"),
        pytest.param("```\n<!-- copydesk: ignore style/tram -->\n```\n\nA tram.\n", ["tram:5"], id="shown as code"),
        pytest.param("`<!-- copydesk: ignore style/tram -->`\nA tram.\n", ["tram:2"], id="shown as code in a line"),
        pytest.param("> <!-- copydesk: ignore style/tram -->\n> A tram.\n>\n> A tram.\n", ["tram:4"], id="in a quote"),
        pytest.param("- a\n- <!-- copydesk: ignore style/tram --> A tram.\n- A tram.\n", ["tram:3"], id="in an item"),
        pytest.param("<!--copydesk:ignore style/tram--why-->\nA tram.\n", [f"{UNKNOWN}:1", "tram:2"], id="no spaces"),
        pytest.param("<!---copydesk:ignore style/tram --->\nA tram.\n", [], id="three hyphens"),
        pytest.param("{/* copydesk: ignore style/* -- why */}\nA tram.\n", [], id="MDX"),
        pytest.param("{{/* copydesk: ignore style/tram */}}\n\nA tram.\n", [], id="Hugo"),
        pytest.param("{{- /* copydesk: ignore style/tram */ -}}\n\nA tram.\n", [], id="Hugo, trimmed"),
        pytest.param("{% comment %}copydesk: ignore style/tram -- why{% endcomment %}\n\nA tram.\n", [], id="Jekyll"),
        pytest.param("{# copydesk: ignore style/tram -- why #}\n\nA tram.\n", [], id="Eleventy"),
        pytest.param("[//]: # (copydesk: ignore style/tram -- why)\n\nA tram.\n", [], id="a label of Markdown"),
        pytest.param("A tram.\n\n<!-- the copydesk's tram -->\n", ["tram:1", "tram:3"], id="any other comment"),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram -->\n\nA tram.\n", [f"{UNKNOWN}:1", "tram:3"], id="never ended"
        ),
        pytest.param("A tram.\n\n<!-- copydesk: ignore-end -->\n", ["tram:1", f"{UNKNOWN}:3"], id="never begun"),
        pytest.param("<!-- copydesk: ignroe style/tram -->\nA tram.\n", [f"{UNKNOWN}:1", "tram:2"], id="misspelt"),
        pytest.param("<!-- copydesk: ignore style/trem -->\nA tram.\n", [f"{UNKNOWN}:1", "tram:2"], id="no such rule"),
        pytest.param("---\ncopydesk: {ignroe: style/tram}\n---\nA tram.\n", [f"{UNKNOWN}:2", "tram:4"], id="no key"),
        pytest.param("<!-- copydesk: ignore style/tram -->\nA bus.\n", [f"{UNUSED}:1", "bus:2"], id="without effect"),
        pytest.param("<!-- copydesk: ignore -->\nA ferry.\n", [f"{UNUSED}:1"], id="without effect, all rules"),
        pytest.param(
            "<!-- copydesk: ignore style/tram style/bus -->\nA bus.\n", [f"{UNUSED}:1"], id="one of two without effect"
        ),
        pytest.param("<!-- copydesk: ignore leaks/raw-tag -->\nA ferry.\n", [], id="a rule that is off"),
        pytest.param(
            "<!-- copydesk: ignore-file copydesk/unused-suppression style/tram -->\nA ferry.\n",
            [],
            id="suppressed itself",
        ),
        pytest.param(
            "A tram. <!-- copydesk: ignore style/tram -- no tram, no bus -->\n", [], id="findings inside the comment"
        ),
    ],
)
def test_what_an_article_suppresses(project: Path, text: str, expected: list[str]) -> None:
    assert found(project, text) == expected
    windows = text.replace("\n", "\r\n")
    assert found(project, windows) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<!-- copydesk: ignore style/tram -->\n<p>A tram.</p>\n<p>A tram.</p>", ["tram:3"], id="a block"),
        pytest.param(
            "<!-- copydesk: ignore style/tram --><p>A tram.\n<b>A</b>\ntram.</p><p>A tram.</p>",
            ["tram:3"],
            id="minified",
        ),
        pytest.param(
            "<p>A tram.</p><p>A tram. <!-- copydesk: ignore style/tram --></p><p>A tram.",
            ["tram:1", "tram:1"],
            id="a line",
        ),
        pytest.param("<p><!-- copydesk: ignore style/tram -->A tram</p><p>A tram.", ["tram:1"], id="at its start"),
        pytest.param(
            "<div><!-- copydesk: ignore style/tram -->\n<ul><li>A tram<li>A tram</ul>A tram</div>",
            ["tram:2"],
            id="a list",
        ),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram --><p>A tram.<!-- copydesk: ignore-end --><p>A tram.",
            ["tram:1"],
            id="a part",
        ),
        pytest.param("<p>A tram.<p>A <em>tram</em> [<em>sic</em>]", ["tram:1"], id="sic"),
        pytest.param("---\ncopydesk: {ignore: style/tram}\n---\n<p>A tram", [], id="front matter"),
    ],
)
def test_what_an_html_page_suppresses(project: Path, text: str, expected: list[str]) -> None:
    assert found(project, text, "a.html") == expected


def test_plain_text_has_no_comments_but_sic_marks(project: Path) -> None:
    text = "A tram [sic].\n\n<!-- copydesk: ignore style/tram -->\nA tram.\n"
    assert found(project, text, "a.txt") == ["tram:3", "tram:4"]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param("path: b.md\n    rule: style/tram", ["tram:1"], id="a path"),
        pytest.param("path: [b.md, a.md]\n    rule: [style/tram]", [], id="paths"),
        pytest.param("path: '*.md'\n    rule: style", [], id="globs"),
        pytest.param("rule: '*'\n    text: tram", [], id="a text, whatever the rule"),
        pytest.param("rule: style/tram\n    text: 'tr…m'", [], id="a text with its middle left out"),
        pytest.param("rule: style/tram\n    text: tra", ["tram:1", "tram:1", f"{UNUSED}:4"], id="part of a text"),
        pytest.param("rule: style/tram\n    text: Tram", ["tram:1", "tram:1", f"{UNUSED}:4"], id="another case"),
        pytest.param("path: c.md\n    rule: style", ["tram:1", "tram:1", f"{UNUSED}:4"], id="no such article"),
    ],
)
def test_what_the_config_suppresses(project: Path, entry: str, expected: list[str]) -> None:
    write_config(project, f"suppressions:\n  - {entry}\n")
    (project / "b.md").write_text("A tram.\n", "utf-8")
    assert found(project, "A tram.\n") == expected


@pytest.mark.parametrize(
    ("path", "options", "reported"),
    [
        pytest.param("posts/*.md", [], True, id="all of the folder"),
        pytest.param("posts/*.md", ["posts"], True, id="the folder it is about"),
        pytest.param("posts/*.md", ["posts/a.md"], False, id="one of the articles it may be about"),
        pytest.param("posts/a.md", ["posts/a.md"], True, id="the article it is about"),
        pytest.param("posts/a.md", ["posts/b.md"], False, id="another one"),
        pytest.param("a.md", ["posts/a.md"], False, id="articles of a name, of which there may be more"),
        pytest.param("posts/", [".", "--select=style/bus"], False, id="its rule was not selected"),
        pytest.param("posts/", [".", "--ignore=style/bus"], True, id="its rule ran, and another one was ignored"),
        pytest.param("gone/a.md", ["posts/b.md"], True, id="an article that is gone"),
    ],
)
def test_unused_suppressions_of_the_config(
    project: Path, path: str, options: list[str], reported: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(project, f"suppressions:\n  - {{path: {path}, rule: style/tram}}\n")
    (project / "posts").mkdir()
    for name in ("a.md", "b.md"):
        (project / "posts" / name).write_text("A ferry.\n", "utf-8")
    main(["check", *options])
    expected = (
        f"copydesk.yaml:4:5: warning: Unused suppression: there are no findings of style/tram in {path}. "
        f"Delete the suppression. [{UNUSED}]\n"
    )
    assert capsys.readouterr().out == (expected if reported else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "- {path: a, rule: style/trem}", ["4:21: no rule or pack is called “style/trem”; did you"], id="rule"
        ),
        pytest.param("- {path: a}", ["4:5: “rule” is missing"], id="no rule"),
        pytest.param("- {rule: style}", ["4:5: “path” or “text” is missing"], id="everywhere"),
        pytest.param("- {paht: a, rule: style, text: x}", ["4:6: unknown key “paht”; did you mean “path”?"], id="key"),
        pytest.param("- style/tram", ["4:5: “suppressions” must be keys with values"], id="no keys"),
        pytest.param(
            "- {path: a, rule: style}\n  - {path: '!', rule: style, reason: ' '}\nsuppression-reasons: required",
            ["4:5: “reason” is missing", "5:5: “reason” is missing", "5:12: “!” is not a file pattern"],
            id="no reasons, and no pattern",
        ),
        pytest.param(
            "- {path: a, rule: style}\nsuppression-reasons: needed",
            ["5:22: “suppression-reasons” must be"],
            id="neither",
        ),
    ],
)
def test_mistakes_in_the_config_are_reported(
    project: Path, text: str, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(project, f"suppressions:\n  {text}\n")
    assert main(["check"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(expected)
    assert all(one.startswith(f"copydesk.yaml:{start}") for one, start in zip(said, expected, strict=True)), said


def test_reasons_are_required(project: Path) -> None:
    text = "<!-- copydesk: ignore style/tram -->\nA tram.\n\n<!-- copydesk: ignore style/tram -- why -->\nA tram.\n"
    assert found(project, text) == []
    write_config(project, "suppression-reasons: required\n")
    assert found(project, text) == ["copydesk/bare-suppression:1"]
    assert found(project, "---\ncopydesk: {ignore: style}\n---\nA tram [sic].\n") == ["copydesk/bare-suppression:2"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, [f"{UNUSED}:1"], id="all rules"),
        pytest.param({"select": ["style/tram"]}, [f"{UNUSED}:1"], id="the rule"),
        pytest.param({"select": ["style/bus"]}, [], id="another rule"),
        pytest.param({"ignore": ["style/tram"]}, [], id="all rules but this"),
        pytest.param({"isolated": True, "select": ["leaks"]}, [], id="no house rules"),
    ],
)
def test_suppressions_of_unchecked_rules_are_not_unused(
    project: Path, options: dict[str, object], expected: list[str]
) -> None:
    assert found(project, "<!-- copydesk: ignore style/tram -->\nA ferry.\n", **options) == expected
    if options:
        assert found(project, "<!-- copydesk: ignore style -->\nA ferry.\n", **options) == []


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        pytest.param(
            "A tram. <!-- copydesk: ignore style -->\n", "A tram. <!-- copydesk: ignore style -->\n", id="suppressed"
        ),
        pytest.param(
            "<!-- copydesk: ignore style/tram -->\nA tram, a bus.\n",
            "<!-- copydesk: ignore style/tram -->\nA tram, a ferry.\n",
            id="another rule",
        ),
        pytest.param("One.\n\n<!-- copydesk: ignore style -->\n\nTwo.\n", "One.\n\nTwo.\n", id="with its line"),
        pytest.param("One.\n<!-- copydesk: ignore style -->\nTwo.\n", "One.\n\nTwo.\n", id="between two paragraphs"),
        pytest.param("One.\n<!-- copydesk: ignore style -->\n\nTwo.\n", "One.\n\nTwo.\n", id="below a paragraph"),
        pytest.param("One. <!-- copydesk: ignore style -->\nTwo.\n", "One.\nTwo.\n", id="in a line"),
        pytest.param("One. <!-- copydesk: ignore style --> Two.\n", "One. Two.\n", id="in the middle of a line"),
        pytest.param("One.\n\n<!-- copydesk: ignore style -->", "One.\n\n", id="at the end"),
        pytest.param(
            "<!-- copydesk: ignore style/bus, style/tram -- why -->\nA tram.\n",
            "<!-- copydesk: ignore style/tram -- why -->\nA tram.\n",
            id="the first of two rules",
        ),
        pytest.param(
            "<!-- copydesk: ignore style/tram style/bus -- why -->\nA tram.\n",
            "<!-- copydesk: ignore style/tram -- why -->\nA tram.\n",
            id="the last of two rules",
        ),
        pytest.param(
            "<!-- copydesk: ignore-start style -->\n\nOne.\n\n<!-- copydesk: ignore-end -->\n\nTwo.\n",
            "One.\n\nTwo.\n",
            id="both ends of a part",
        ),
        pytest.param(
            "---\ncopydesk: {ignore: ['style/tram -- why', style/bus]}\n---\nA bus [sic], a bus.\n",
            "---\ncopydesk: {ignore: [style/bus]}\n---\nA bus [sic], a bus.\n",
            id="the first of a list in front matter",
        ),
        pytest.param(
            "---\ncopydesk: {ignore: [style/bus, 'style/tram']}\n---\nA bus.\n",
            "---\ncopydesk: {ignore: [style/bus]}\n---\nA bus.\n",
            id="the last of a list in front matter",
        ),
        pytest.param(
            "---\ncopydesk:\n  ignore:\n    - style/bus\n    - style/tram # here\n---\nA bus.\n",
            "---\ncopydesk:\n  ignore:\n    - style/bus\n---\nA bus.\n",
            id="a line of front matter",
        ),
        pytest.param(
            "---\ncopydesk: {ignore: style/bus}\n---\nA ferry.\n",
            "---\ncopydesk: {ignore: []}\n---\nA ferry.\n",
            id="alone",
        ),
        pytest.param(
            "+++\n[copydesk]\nignore = ['style/bus']\n+++\nA ferry.\n",
            "+++\n[copydesk]\nignore = []\n+++\nA ferry.\n",
            id="TOML",
        ),
        pytest.param("A tram [sic], a tram.\n", "A tram [sic], a ferry.\n", id="sic"),
        pytest.param(
            "A tram.\n\n<!-- copydesk: ignore style -->\nA tram.\n\nA tram.\n",
            "A ferry.\n\n<!-- copydesk: ignore style -->\nA tram.\n\nA ferry.\n",
            id="what moves",
        ),
    ],
)
def test_fixes_leave_suppressed_text_and_delete_unused_suppressions(project: Path, text: str, fixed: str) -> None:
    for end in ("\n", "\r\n"):
        (project / "a.md").write_bytes(text.replace("\n", end).encode())
        assert main(["fix", "--quiet"]) == 0
        assert (project / "a.md").read_bytes().decode() == fixed.replace("\n", end)


def test_no_fix_from_elsewhere_changes_suppressed_text(project: Path) -> None:
    text = "Soft\u00adware here.\n\n<!-- copydesk: ignore encoding -- as it came -->\n\nHard\u00adware.\n"
    write_config(project, "")
    (project / "copydesk.yaml").write_text("packs: [encoding]\nselect: [encoding]\n", "utf-8")
    (project / "a.md").write_text(text, "utf-8")
    (reported,) = lint_paths(["."]).findings
    assert (reported.line, reported.fix) == (1, None)
    assert main(["fix", "--quiet", "--all"]) == 0
    assert (project / "a.md").read_text("utf-8") == text
    (project / "a.md").write_text(text.replace("<!-- copydesk: ignore encoding -- as it came -->\n\n", ""), "utf-8")
    assert main(["fix", "--quiet", "--all"]) == 0
    assert "\u00ad" not in (project / "a.md").read_text("utf-8")


def test_fixes_leave_what_the_config_suppresses(project: Path) -> None:
    write_config(project, "suppressions: [{path: a.md, rule: style/tram}]\n")
    for name in ("a.md", "b.md"):
        (project / name).write_text("A bus, a tram.\n", "utf-8")
    assert main(["fix", "--quiet"]) == 0
    assert [(project / name).read_text("utf-8") for name in ("a.md", "b.md")] == [
        "A ferry, a tram.\n",
        "A ferry, a ferry.\n",
    ]


def test_the_cache_keeps_used_suppressions(project: Path) -> None:
    (project / "a.md").write_text("A tram.\n", "utf-8")
    (project / "b.md").write_text("<!-- copydesk: ignore style/tram -->\nA tram.\n", "utf-8")

    def numbers() -> list[int]:
        for _ in range(2):  # the second time from the cache
            assert main(["check", "--report=json=found.json", "--quiet"]) in (0, 1)
        return [len(json.loads((project / "found.json").read_text("utf-8"))["findings"])]

    assert numbers() == [1]
    write_config(project, "suppressions: [{path: a.md, rule: style/tram}]\n")
    assert numbers() == [0]
    write_config(project, "suppressions: [{path: b.md, rule: style/tram}]\n")
    assert numbers() == [1]
    write_config(project, "suppressions: [{path: b.md, rule: style/bus}]\n")
    assert numbers() == [2]


def test_suppressed_findings_can_be_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_config(project, "suppressions: [{path: a.md, rule: style/tram}, {path: a.md, rule: leaks}]\n")
    (project / "a.md").write_text("A tram, a bus. A bus [sic].\n", "utf-8")
    main(["check"])
    assert capsys.readouterr().err == "copydesk: 1 error in 1 article; 2 suppressed\n"
    main(["check", "--no-suppressions"])
    seen = capsys.readouterr()
    assert seen.err == "copydesk: 3 errors in 1 article\n"
    assert UNUSED not in seen.out


def test_the_baseline_has_no_suppressed_findings(project: Path) -> None:
    write_config(project, "suppressions: [{path: a.md, rule: style/tram}]\n")
    (project / "a.md").write_text("A tram, a bus. A bus [sic].\n", "utf-8")
    assert main(["baseline", "create"]) == 0
    assert (project / "copydesk-baseline.yaml").read_text("utf-8").count("- {path") == 1
    assert main(["check", "--strict-baseline"]) == 0


def test_suppressions_apply_to_text_without_a_file() -> None:
    text = "The ferry sails.</div> <!-- copydesk: ignore leaks/raw-tag -- shown -->\n"
    assert [finding.rule for finding in lint_text(text.partition(" <!")[0], kind="text")] == ["leaks/raw-tag"]
    assert lint_text("Wellcome </div> [sic]", kind="text") == []


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(readers.KINDS))
def test_no_text_makes_it_fail(text: str, kind: str) -> None:
    document = readers.read(Source(text), kind)
    for one in article_suppressions.read_suppressions(document).suppressions:
        assert 0 <= one.extent.start <= one.extent.end <= len(text)
    findings = engine.check(document, NoPrefilter(tuple(NAMES)))[0]
    remaining, suppressed = SuppressionFilter(
        packs.shipped_rules(), packs.shipped_rules(), Config(reasons_required=True)
    ).filter(document, findings, "", across=True)
    own = [finding for finding in remaining if finding.rule.startswith("copydesk/")]
    assert len(remaining) - len(own) + len(suppressed) <= len(findings)
    for finding in own:
        assert text[finding.start : finding.end] == finding.text
        assert all(0 <= edit.start <= edit.end <= len(text) for edit in (finding.fix.edits if finding.fix else ()))


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        pytest.param(
            "suppressions:\n  # old\n  - path: a.md\n    rule: style/bus\n"
            "  - path: a.md\n    rule: style/tram\n\nfail-on: info\n",
            "suppressions:\n  # old\n  - path: a.md\n    rule: style/tram\n\nfail-on: info\n",
            id="one of two",
        ),
        pytest.param(
            "suppressions:\n- {path: a.md, rule: style/bus}\n"
            "- path: a.md\n  rule: style/bus\n  text: |\n    x\nfail-on: info\n",
            "suppressions:\nfail-on: info\n",
            id="all",
        ),
        pytest.param(
            "suppressions: [{path: a.md, rule: style/bus}]\n",
            "suppressions: [{path: a.md, rule: style/bus}]\n",
            id="in brackets",
        ),
    ],
)
def test_unused_suppressions_of_the_config_are_deleted(
    project: Path, text: str, fixed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "a.md").write_text("A tram.\n" if "tram" in text else "A ferry.\n", "utf-8")
    for end in ("\n", "\r\n"):
        write_config(project, "")
        before = (project / "copydesk.yaml").read_text("utf-8")
        (project / "copydesk.yaml").write_bytes((before + text).replace("\n", end).encode())
        assert main(["fix", "--quiet"]) == 0
        assert (project / "copydesk.yaml").read_bytes().decode() == (before + fixed).replace("\n", end)
        assert main(["check", "--quiet"]) == 0
        reported = capsys.readouterr().out
        assert (UNUSED in reported) == (fixed == text)


def test_a_config_that_has_changed_is_not_fixed(project: Path) -> None:
    (project / "a.md").write_text("A ferry.\n", "utf-8")
    write_config(project, "suppressions:\n  - {path: a.md, rule: style/bus}\n")
    linter = Linter()
    found = linter.check_paths(["."]).findings
    (fix,) = fix_config(found, linter)
    assert isinstance(fix, ArticleFix)
    write_config(project, "# A comment\nsuppressions:\n  - {path: a.md, rule: style/bus}\n")
    assert [*fix_config(found, linter)] == [Problem("copydesk.yaml", "left alone: it has changed since it was read")]
