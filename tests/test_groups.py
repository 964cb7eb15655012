"""Findings with the same cause: their group, and what is left out inside a text that is to be deleted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import Linter
from linter.cli import main
from linter.finding import SEVERITIES, Finding, Result, uncovered
from linter.reporters import NAMES, View, render
from samples import LEAK


def finding(text: str = "tram", **values: object) -> Finding:
    return LEAK._replace(rule="links/bare", severity="info", text=text)._replace(**values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("twitter", "Twitter", id="the same word"),
        pytest.param("**Ferry** .", "**The harbor tram** .", id="the same markup"),
        pytest.param("[a](#staff-anna)", "[b](#staff-ben)", id="the same form of link"),
        pytest.param("\u00a0", "\u00a0", id="the same character"),
    ],
)
def test_findings_with_the_same_cause_share_a_group(one: str, other: str) -> None:
    assert finding(one).group == finding(other).group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(finding("othre"), finding("teh"), id="another word"),
        pytest.param(finding("**Ferry** ."), finding("Ferry ."), id="another markup"),
        pytest.param(finding("\u00a0"), finding("\u2028"), id="another character"),
        pytest.param(finding("a, " * 40 + "b"), finding("c, " * 40 + "d"), id="another long text"),
        pytest.param(finding(), finding(rule="links/here"), id="another rule"),
    ],
)
def test_other_findings_do_not(one: Finding, other: Finding) -> None:
    assert one.group != other.group


def test_a_group_reveals_no_text_of_a_redacted_finding() -> None:
    assert finding("secret").redacted("Bare URLs").group == "links/bare"


def at(start: int, end: int, rule: str, severity: str = "warning", *, covers: bool = False) -> Finding:
    return finding("x" * (end - start), start=start, end=end, rule=rule, severity=severity, covers=covers)


BAR = at(10, 50, "boilerplate/share-bar", covers=True)


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(at(12, 20, "names/brand-case"), id="of the same severity"),
        pytest.param(at(10, 50, "boilerplate/repeated-block", "info"), id="of the same span"),
        pytest.param(at(11, 50, "links/bare", "info"), id="up to its end"),
    ],
)
def test_a_finding_that_covers_leaves_out_others_inside(inner: Finding) -> None:
    assert uncovered([BAR, inner]) == [BAR]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(at(12, 20, "leaks/raw-tag", "error"), id="a more severe one"),
        pytest.param(at(45, 51, "names/brand-case"), id="one that reaches out"),
        pytest.param(at(12, 20, "boilerplate/share-bar"), id="one of the same rule"),
        pytest.param(at(12, 20, "names/brand-case")._replace(path="other.md"), id="one in another article"),
        pytest.param(at(12, 20, "names/brand-case")._replace(record="7"), id="one in another record"),
    ],
)
def test_it_keeps(other: Finding) -> None:
    assert uncovered([BAR, other]) == [BAR, other]


def test_an_error_is_left_out_only_inside_an_error_of_the_same_pack() -> None:
    page = at(0, 90, "leaks/json-article", "error", covers=True)
    other, same = at(4, 9, "links/spam", "error"), at(4, 9, "leaks/raw-tag", "error")
    assert uncovered([page, other, same]) == [page, other]


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    made = [
        at(start, start + draw(st.integers(1, 8)), f"{pack}/{start % 3}", severity, covers=covers)
        for start, pack, severity, covers in draw(
            st.lists(
                st.tuples(st.integers(0, 12), st.sampled_from("ab"), st.sampled_from(SEVERITIES), st.booleans()),
                max_size=9,
            )
        )
    ]
    return sorted(set(made), key=lambda each: each.order)


@given(findings())
def test_what_is_left_out_is_inside_a_finding_that_stays_or_was_left_out_itself(found: list[Finding]) -> None:
    kept = uncovered(found)
    assert [each for each in found if each in kept] == kept
    for lost in {*found} - {*kept}:
        assert any(
            outer.covers and outer.rule != lost.rule and outer.start <= lost.start and lost.end <= outer.end
            for outer in found
        )
    assert kept or not found


def test_suppressing_the_finding_brings_back_what_is_inside() -> None:
    notice = "Your email address will not be published. Requiered fields are marked *\n\nThe tram is late.\n"
    assert [each.rule for each in Linter().check(notice)] == ["boilerplate/comment-form"]
    kept = Linter().check(f"<!-- copydesk: ignore boilerplate -->\n{notice}")
    assert [each.rule for each in kept] == ["spelling/extra-letter"]


@pytest.mark.parametrize("name", sorted({*NAMES} - {"html", "plain", "terminal", "markdown", "github", "junit"}))
def test_reports_for_programs_keep_every_finding_with_its_group(name: str) -> None:
    found = tuple(finding(path=f"posts/{number:02}.md", fix=None) for number in range(60))
    shown = render(name, Result(60, found, ()), View())
    assert shown.count("posts/") >= 60
    assert shown.count('"links/bare: tram"') == 60


def test_junit_has_the_group_as_a_property() -> None:
    assert '<property name="group" value="leaks/raw-tag: &lt;/w&gt;" />' in render(
        "junit", Result(1, (LEAK,), ()), View()
    )


def test_the_summary_in_markdown_has_one_row_for_a_group() -> None:
    found = tuple(finding(path=f"posts/{number:02}.md", severity="warning") for number in range(60))
    (row,) = [line for line in render("markdown", Result(60, found, ()), View()).splitlines() if "posts" in line]
    assert "posts/00.md:3, posts/01.md:3, posts/02.md:3, …" in row
    assert "(60 times)" in row


def test_all_lists_every_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(8):
        (tmp_path / f"{number}.md").write_text(f"The timetable of tram {number} is [here](/trams/{number}).\n")
    run = ["check", str(tmp_path), "--isolated", "--no-cache", "--all", "--select", "links/here"]
    main([*run, "--report", "plain"])
    assert capsys.readouterr().out.count("[links/here]") == 8
    main([*run, "--report", "json"])
    assert {each["group"] for each in json.loads(capsys.readouterr().out)["findings"]} == {"links/here: here"}
