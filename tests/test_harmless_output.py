"""No output controls a terminal or a CI server, whatever the names and texts in it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from linter.cli import main
from linter.finding import Edit, Finding, Fix, Problem, Result
from linter.output import as_json, one_line
from linter.reporters import NAMES, View, render
from linter.source import Source

# The escape sequences for colors; a report for a terminal may contain no others.
COLOR = re.compile(r"\x1b\[(?:1|2|31|33|36|0)m")
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Commands of GitHub, Azure and TeamCity: at the start of a line after white space, or anywhere.
COMMAND = re.compile(r"(?m)^\s*::|##(?:vso|teamcity)?\[(?:error|add-mask|group|task\.|x)")
OWN = re.compile(r"(?m)^::(?:error|warning|notice) (?=file=|title=)")  # how a line of the report github starts
HOSTILE = [
    "::error file=x::pwned",
    " \t\u00a0::stop-commands::x",
    "##[error]pwned",
    "a##[add-mask]b",
    "##[GROUP]x",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[x]",
    "\x1b[2J\x1b]0;x\x07",
    "\x00\x07\x08\x7f\x85\x9b31m",
    "\u202eexe.\u2066x\u2069\u061c\u200f",
    "a\n::error::b\r\n::error::c\u2028::error::d\u2029\x0b\x0c",
    "\udcff\udc80",
    "%0A::error::x",
    "</script><script>]]>&amp;<!--",
    "|a|`b`",
]
BOUNDED = settings(deadline=None, max_examples=60, derandomize=True, phases=[Phase.generate])  # no slow shrinking
TEXTS = st.lists(
    st.sampled_from([*HOSTILE, ":", "#", "[", " ", "“", "”", "word", "ß", "漢"]), min_size=1, max_size=4
).map("".join)
EDITS = st.builds(Edit, st.just(0), st.just(1), TEXTS)
FINDINGS = st.builds(
    Finding,
    path=TEXTS,
    record=st.none() | TEXTS,
    rule=st.sampled_from(["leaks/raw-tag", "house/odd"]),
    severity=st.sampled_from(["error", "warning", "info"]),
    message=TEXTS,
    line=st.just(1),
    column=st.integers(1, 3),
    end_line=st.just(1),
    end_column=st.integers(4, 9),
    start=st.just(0),
    end=st.integers(1, 4),
    text=TEXTS,
    heading=st.none() | TEXTS,
    fix=st.none() | st.builds(Fix, st.booleans(), st.tuples(EDITS)),
    before=TEXTS,
    after=TEXTS,
)
RESULTS = st.builds(
    Result,
    st.integers(1, 9),
    st.lists(FINDINGS, min_size=1, max_size=3).map(lambda found: tuple(sorted(found, key=lambda one: one.order))),
    st.lists(st.builds(Problem, TEXTS, TEXTS), max_size=2).map(tuple),
)


def harm(text: str) -> list[str]:
    """Return the control characters and CI commands in a text."""
    return [*STEERING.findall(text), *COMMAND.findall(text)]


def read(path: str, record: str | None) -> Source:
    return Source("".join(HOSTILE[:11]), path)


@pytest.mark.parametrize("name", NAMES)
@BOUNDED
@given(result=RESULTS, everything=st.booleans(), statistics=st.booleans(), color=st.booleans())
def test_no_report_is_harmful(name: str, result: Result, everything: bool, statistics: bool, color: bool) -> None:
    view = View(
        width=60, color=color, everything=everything, statistics=statistics, paths=(HOSTILE[0],), options=(HOSTILE[7],)
    )
    text = render(name, result, view._replace(source=read) if name == "html" else view)
    if name == "github":
        assert len(OWN.findall(text)) == len(result.findings) + len(result.problems)
        text = OWN.sub("", text)
    if name == "terminal":
        text = COLOR.sub("", text)
    if name == "html":
        text = text.replace("\t", " ")  # a browser shows it as white space
    assert harm(text) == []


@BOUNDED
@given(result=RESULTS)
def test_json_keeps_every_value(result: Result) -> None:
    expected = [finding.as_json() for finding in result.findings]
    found = json.loads(render("json", result, View()))["findings"]
    assert [one["text"] for one in found] == [one["text"] for one in expected]
    assert [one["path"] for one in found] == [one["path"] for one in expected]
    lines = render("jsonl", result, View()).split("\n")[: len(expected)]
    assert sorted(json.loads(line)["finding"]["text"] for line in lines) == sorted(one["text"] for one in expected)
    assert json.loads(render("sarif", result, View()))["runs"][0]["results"]
    assert json.loads(render("gitlab", result, View()))


@BOUNDED
@given(result=RESULTS)
def test_junit_is_well_formed(result: Result) -> None:
    ElementTree.fromstring(render("junit", result, View()))


@BOUNDED
@given(TEXTS)
def test_escaping_twice_is_escaping_once(text: str) -> None:
    assert harm(one_line(text)) == harm(as_json(text)) == []
    assert one_line(one_line(text)) == one_line(text)
    assert json.loads(as_json(text)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("::error::x", r"\x3a:error::x", id="a command of GitHub"),
        pytest.param("  ::error::x", r"  \x3a:error::x", id="a command behind white space"),
        pytest.param("a ##[Error]x", r"a #\x23[Error]x", id="an old command of GitHub"),
        pytest.param("##vso[task.x]##teamcity[x]", r"#\x23vso[task.x]#\x23teamcity[x]", id="Azure and TeamCity"),
        pytest.param("\x1b[31m\n\u202e\ud800", r"\x1b[31m\n\u202e\ud800", id="control characters"),
        pytest.param("a::b ##[Title](x) ## [error]", "a::b ##[Title](x) ## [error]", id="no command"),
    ],
)
def test_commands_are_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown


NAMES = [
    "::error file=x::pwn.md",
    "##vso[task.complete result=Failed;]x.md",
    "a##[error]x.md",
    "esc\x1b[31m\x07.md",
    "rtl\u202ednl.md",
    "line\n::error::x\r.md",
    "c1\x85\x9b.md",
]
ARTICLE = (
    "::error::x</div> The tram is late.But it came.\n\n##vso[task.complete]</p> \x1b[31m\u202e [insert quote here]\n\n"
    "  ::error::y\n\nThe bus is late.But it came.\n\n ::error::z\n"
)
RULE = r"""
id: odd
summary: "A \u202Eword ::error::x ##vso[task.x]"
why: "::error::why\u2028::error::x ##vso[task.x]"
severity: error
check: pattern
pattern: "::error::x|tram"
message: "::error::“{match}” \e[31m\u202E ##[error]x"
bad:
  - text: "⟦::error::x⟧ ##[error]x \u202E\e[31m"
  - text: "::error::y ##[error]x \u202E\e[31m\n\n  ::error::z\n\nThe ⟦bus⟧ came.\r\n"
good:
  - text: "  ::error::y ##vso[task.x] \u202E\e[31m"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder in which all names and texts are hostile."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "true")
    for name in NAMES:
        Path(name).write_text(ARTICLE, "utf-8")
    Path("rules", "house").mkdir(parents=True)
    Path("rules", "house", "odd.yaml").write_text(RULE, "utf-8")
    Path("::error::bad.yaml").write_text("::error::x: [##vso[task.x]]\npacks: 3\n", "utf-8")
    yield tmp_path
    shutil.rmtree(tmp_path)  # names that some tools cannot delete


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "arguments",
    [
        *(pytest.param(["check", "--all", f"--report={name}"], id=f"check, {name}") for name in NAMES),
        pytest.param(["check", "--statistics"], id="check, statistics"),
        pytest.param(["check", *NAMES, *HOSTILE[:-4], "--rules=rules"], id="check of files that are not there"),
        pytest.param(["check", "--config", "::error::bad.yaml"], id="check with wrong settings"),
        pytest.param(["check", "--rules", HOSTILE[5]], id="check with no such rules"),
        pytest.param(["check", f"--{HOSTILE[7]}"], id="check with no such option"),
        pytest.param(["check", f"--jobs={HOSTILE[9]}"], id="check with a wrong value"),
        pytest.param(["check", "--report", HOSTILE[0]], id="check with no such report"),
        pytest.param(["check", "--select", HOSTILE[0]], id="check with no such rule"),
        pytest.param(["check", "--report", f"json={HOSTILE[0]}/x"], id="check with a file that cannot be written"),
        pytest.param(["check", "--changed", HOSTILE[0]], id="check of changes since no commit"),
        pytest.param([HOSTILE[7]], id="no such command"),
        pytest.param(["fix", "--diff"], id="fix, difference"),
        pytest.param(["fix"], id="fix"),
        pytest.param(["baseline", "create"], id="baseline create"),
        pytest.param(["baseline", "show"], id="baseline show"),
        pytest.param(["baseline", HOSTILE[7]], id="no such action"),
        *(pytest.param(["config", name, "--rules=rules"], id=f"config {number}") for number, name in enumerate(NAMES)),
        pytest.param(["config", NAMES[0], "--json"], id="config as JSON"),
        pytest.param(["explain", "house/odd", "--rules=rules"], id="explain"),
        pytest.param(["explain", "house", "--rules=rules"], id="explain a pack"),
        pytest.param(["explain", HOSTILE[9]], id="explain no rule"),
        pytest.param(["rules", "--rules=rules"], id="rules"),
        pytest.param(["rules", "--rules=rules", "--json"], id="rules as JSON"),
        pytest.param(["rules", "--pack", HOSTILE[7]], id="rules of no pack"),
        pytest.param(["schema", "config", "--rules=rules"], id="schema"),
        pytest.param(["schema", HOSTILE[7]], id="no such schema"),
        pytest.param(["test", "rules"], id="test"),
        pytest.param(["test", HOSTILE[0]], id="test of no folder"),
        pytest.param(["try", "rules/house/odd.yaml"], id="try"),
        pytest.param(["try", HOSTILE[0]], id="try no rule"),
        pytest.param(["cache", "--cache-dir", f"cache{HOSTILE[7]}"], id="cache"),
        pytest.param(["cache", "clear", "--cache-dir", "::error file=x::cache"], id="cache clear"),
        pytest.param(["init"], id="init"),
    ],
)
def test_no_command_is_harmful(folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    if arguments[:2] == ["baseline", "show"]:
        main(["baseline", "create"])
        capsys.readouterr()
    status = main(arguments)
    seen = capsys.readouterr()
    assert status in (0, 1, 2)
    assert "internal error" not in seen.err
    assert seen.out + seen.err
    out = OWN.sub("", seen.out) if "--report=github" in arguments else seen.out
    assert harm(out) == []
    assert harm(seen.err) == []
