"""Overrides of the config for some articles, and options of single rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.api import lint_paths
from linter.cli import main

RULE = """\
id: {word}
summary: s.
why: w.
severity: warning
enabled: {enabled}
check: swap
swap:
  {word}: ferry
message: No “{{match}}”.
fix: {{safe: true}}
"""
ARTICLES = {
    "a.md": "A tram, a bus.\n",
    "letters/b.md": "A tram, a bus.\n",
    "c.md": "---\nsection: Opinion\ntags: [city, sport]\nextra: {desk: city}\nstatus: draft\n---\nA tram, a bus.\n",
    "d.html": '<meta name="author" content="Anna Berg"><meta property="article:section" content="Sport">'
    "<p>A tram, a bus.",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a rule that is on and one that is off, and four articles with a word for each."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / "letters").mkdir()
    for word, enabled in (("tram", "true"), ("bus", "false")):
        file = tmp_path / "house" / "style" / f"{word}.yaml"
        file.write_text(RULE.format(word=word, enabled=enabled), "utf-8")
    for name, text in ARTICLES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def write_config(project: Path, text: str) -> None:
    (project / "copydesk.yaml").write_text(f"rules: [house]\npacks: [style]\n{text}\n", "utf-8")


def found(*arguments: str, **options: object) -> dict[str, list[str]]:
    """Return the findings of each article, as `rule severity`."""
    articles: dict[str, list[str]] = {}
    for finding in lint_paths(arguments or ["."], **options).findings:  # type: ignore[arg-type]
        articles.setdefault(finding.path, []).append(f"{finding.rule.removeprefix('style/')} {finding.severity}")
    return articles


EVERYWHERE = {path: ["tram warning"] for path in sorted(ARTICLES)}


@pytest.mark.parametrize(
    ("override", "changed"),
    [
        pytest.param("path: letters/, ignore: style/tram", {"letters/b.md": []}, id="off below a folder"),
        pytest.param(
            "path: ['*.html', /a.md], select: style",
            {"a.md": ["tram warning", "bus warning"], "d.html": ["tram warning", "bus warning"]},
            id="on for some paths",
        ),
        pytest.param("path: a.md, severity: {style: error}", {"a.md": ["tram error"]}, id="a higher severity"),
        pytest.param("path: a.md, severity: {style: 'off'}", {"a.md": []}, id="off by its severity"),
        pytest.param("metadata: {section: opinion}, ignore: style", {"c.md": []}, id="a section"),
        pytest.param("metadata: {SECTION: 'op*'}, ignore: style", {"c.md": []}, id="a glob for it"),
        pytest.param("metadata: {section: news}, ignore: style", {}, id="another section"),
        pytest.param("metadata: {tags: [sport, music]}, ignore: style", {"c.md": []}, id="one of a list"),
        pytest.param("metadata: {extra.desk: city}, ignore: style", {"c.md": []}, id="a nested key"),
        pytest.param("metadata: {section: opinion, tags: music}, ignore: style", {}, id="both"),
        pytest.param("metadata: {author: '*Berg'}, ignore: style", {"d.html": []}, id="of a page"),
        pytest.param("metadata: {article.section: Sport}, ignore: style", {"d.html": []}, id="the section of a page"),
        pytest.param("path: letters/, metadata: {section: opinion}, ignore: style", {}, id="path and section"),
        pytest.param(
            "path: a.md, options: {style/tram: {swap: {bus: ferry}}}", {"a.md": ["tram warning"]}, id="another list"
        ),
        pytest.param(
            "path: a.md, options: {style/tram: {swap+: {bus: ferry}}}",
            {"a.md": ["tram warning", "tram warning"]},
            id="a longer list",
        ),
        pytest.param("path: a.md, options: {style/tram: {exceptions: [a tram]}}", {"a.md": []}, id="exceptions"),
        pytest.param("path: a.md, options: {style/tram: {scope: heading}}", {"a.md": []}, id="another scope"),
        pytest.param("path: a.md, options: {style/bus: {scope: heading}}", {}, id="options of a rule that is off"),
    ],
)
def test_overrides_apply_to_some_articles(project: Path, override: str, changed: dict[str, list[str]]) -> None:
    write_config(project, f"overrides:\n  - {{{override}}}")
    expected = {path: rules for path, rules in {**EVERYWHERE, **changed}.items() if rules}
    assert found() == expected
    assert found(jobs=2) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(
            "ignore: style/tram\noverrides: [{path: a.md, select: style/tram}]", ["tram warning"], id="on again"
        ),
        pytest.param(
            "severity: {style: 'off'}\noverrides: [{path: a.md, severity: {style/tram: info}}]",
            ["tram info"],
            id="graded",
        ),
        pytest.param(
            "severity: {style: 'off'}\noverrides: [{path: a.md, select: style/tram}]", ["tram warning"], id="back"
        ),
        pytest.param(
            "overrides: [{path: '*.md', ignore: style}, {path: a.md, select: style/bus}]",
            ["bus warning"],
            id="the last",
        ),
        pytest.param(
            "overrides: [{path: a.md, select: style, ignore: style/tram}]",
            ["bus warning"],
            id="ignore takes precedence",
        ),
        pytest.param("options: {style/tram: {swap: {a bus: ferry}}}", ["tram warning"], id="options for all"),
        pytest.param(
            "options: {style/tram: {message: Never}}\noverrides: [{path: a.md, severity: {style: error}}]",
            ["tram error"],
            id="options for all, and a severity",
        ),
    ],
)
def test_precedence(project: Path, config: str, expected: list[str]) -> None:
    write_config(project, config)
    assert found("a.md")["a.md"] == expected


def test_the_command_line_has_precedence(project: Path) -> None:
    write_config(project, "overrides: [{path: a.md, select: style/bus}]")
    assert found("a.md", select=["style/tram"]) == {"a.md": ["tram warning"]}
    assert found("a.md", ignore=["style/bus"]) == {"a.md": ["tram warning"]}
    assert found("a.md") == {"a.md": ["tram warning", "bus warning"]}


def test_fixes_and_the_cache_respect_overrides(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for override, said in (("select: style/bus", "2 warnings"), ("ignore: style", "no problems found")):
        write_config(project, f"overrides: [{{path: a.md, {override}}}]")
        for _ in range(2):
            main(["check", "a.md"])
            assert f"copydesk: {said}" in capsys.readouterr().err
    write_config(project, "overrides: [{metadata: {section: opinion}, select: style/bus}]")
    assert main(["fix", "--quiet"]) == 0
    assert (project / "a.md").read_text("utf-8") == "A ferry, a bus.\n"
    assert (project / "c.md").read_text("utf-8").endswith("A ferry, a ferry.\n")


def test_a_suppression_is_not_unused_if_its_rule_is_off(project: Path) -> None:
    (project / "a.md").write_text("<!-- copydesk: ignore style/tram -->\nA ferry.\n", "utf-8")
    write_config(project, "overrides: [{path: a.md, ignore: style/tram}]")
    assert found("a.md") == {}
    write_config(project, "overrides: [{path: a.md, select: style/bus}]")
    assert found("a.md") == {"a.md": ["copydesk/unused-suppression warning"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("overrides: [{ignore: style}]", ["3:13: “path” or “metadata” is missing"], id="everywhere"),
        pytest.param("overrides: [{path: a.md}]", ["3:13: this override changes nothing; add"], id="nothing"),
        pytest.param(
            "overrides: {a.md: {ignore: style}}",
            ["3:12: this override ch", "3:12: “path” or", "3:13: unknown"],
            id="a map",
        ),
        pytest.param("overrides: letters", ["3:12: “overrides” must be a list"], id="no list"),
        pytest.param(
            "overrides: [{path: a.md, slect: style}]",
            ["3:13: this override changes nothing", "3:26: unknown key “slect”; did you mean “select”?"],
            id="a key",
        ),
        pytest.param(
            "overrides: [{path: a.md, ignore: style/trem, severity: {styel: info}}]",
            ["3:34: no rule or pack is called “style/trem”; did you", "3:57: no rule or pack is called “styel”; did"],
            id="no rules",
        ),
        pytest.param(
            "overrides: [{metadata: {extra: {desk: city}}, ignore: style}]",
            ["3:32: “extra” must be text or a list of texts; write nested keys as 'extra.…'"],
            id="nested keys",
        ),
        pytest.param("options: {style: {swap: {a: b}}}", ["3:11: no rule is called “style”"], id="options of a pack"),
        pytest.param(
            "options: {style/tram: {swpa: {a: b}, exceptions: 1}}",
            ["3:24: style/tram has no key “swpa”; did you mean “swap”?", "3:50: “exceptions” must be text"],
            id="a key of a rule",
        ),
        pytest.param(
            "overrides: [{path: a, options: {style/tram: {message: 'No “{mtach}”'}}}]",
            ["3:55: “message” may use {match} or {right}, not {mtach}; did you mean “match”?"],
            id="a message",
        ),
        pytest.param(
            "options: {leaks/attribute-tail: {pattern: '(tram'}}",
            ["3:43: “pattern” is not a regular expression"],
            id="no pattern",
        ),
        pytest.param(
            "fail-on: eror\nselect: styel\noverrides: [{path: '!', options: {style/tram: {swap: 1}}}]",
            [
                "3:10: “fail-on” must be",
                "4:9: no rule or pack is called “styel”",
                "5:20: “!” is not a file pattern",
                "5:54: “swap” must be",
            ],
            id="all in one run",
        ),
    ],
)
def test_mistakes_are_reported_with_their_position(
    project: Path, text: str, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(project, text)
    assert main(["check"]) == 2
    said = sorted(capsys.readouterr().err.splitlines())
    assert len(said) == len(expected), said
    assert all(one.startswith(f"copydesk.yaml:{start}") for one, start in zip(said, expected, strict=True)), said
