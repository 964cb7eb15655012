"""The output of `copydesk explain`: the exact page of one rule, and every rule in any width."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter import __version__
from linter.cli import main
from linter.config import packs
from linter.config.select import RuleState
from linter.reference.explain import Explanation
from linter.rule import Rule
from linter.styled_text import Lines, cells

TRAMWAY = """\
id: tramway
summary: We write “tram”.
why: >
  The desk agreed on one word; readers search for it.
source: The harbour style book, page 12
severity: warning
in_drafts: info
language: [en, de]
scope: [paragraph, heading]
not_scope: quote
in_quotes: skip
exceptions: [Tramway Museum]
not_about: [trams, old trams]
check: swap
swap:
  tramway: tram
  street car: tram
message: '“{match}” is “{right}” in this house.'
fix:
  safe: true
bad:
  - text: 'The ⟦tramway⟧ is late.'
    fixed: 'The tram is late.'
    as: text
good:
  - text: "The Tramway Museum  opens\\nat nine."
"""

PAGE = """\
style/tramway                                                            warning
We write “tram”.

why        The desk agreed on one word; readers search for it.
fix        Corrects it as the examples show. It cannot change the meaning.

Finds the marked text
  in plain text:
  │ The ⟦tramway⟧ is late.
  fixed:
  │ The tram is late.

Finds nothing in
  │ The Tramway Museum  opens
  │ at nine.

To suppress it
  in house/style/tramway.yaml:
      exceptions: [a phrase that is correct]
  in copydesk.yaml, for some articles:
      suppressions: [{path: old/, rule: style/tramway}]
  in the article, above the block:
      <!-- copydesk: ignore style/tramway -- why -->
  in copydesk.yaml, for all articles:
      ignore: [style/tramway]
  in copydesk.yaml, to only count it:
      severity: {style/tramway: info}
  for one run:
      copydesk check --ignore style/tramway
  in copydesk.yaml, for all rules:
      exclude: [drafts/]

How it works
source     The harbour style book, page 12
in drafts  info
looks at   heading, paragraph, but not quote; not in direct speech
skips      articles about trams or old trams; matches in “Tramway Museum”
language   English, German
check      swap: Words and phrases to replace with others.
           swap: tramway → tram, street car → tram
           case: false (default)
options    https://github.com/copydesk/copydesk/blob/vVERSION/docs/writing-rules.md#swap
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with its own rule, which its config turns on."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / "house" / "style" / "tramway.yaml").write_text(TRAMWAY, "utf-8")
    (tmp_path / "copydesk.yaml").write_text("rules: [house]\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["style/tramway", "tramway"])
def test_the_page_of_a_rule(house: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["explain", name]) == 0
    seen = capsys.readouterr()
    assert seen.out == PAGE.replace("VERSION", __version__)
    assert seen.err == ""


def test_a_pack_is_its_rules(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "style"]) == 0
    assert capsys.readouterr().out == (
        "style                                                               1 rule, 1 on\n"
        "rule           severity  here  language  fixes  summary\n"
        "style/tramway  warning   on    de, en    yes    We write “tram”.\n"
    )


@pytest.mark.parametrize(
    ("settings", "argv", "state", "ending"),
    [
        pytest.param(
            "severity: {style: error}", [], "error here (default: warning)", "exclude: [drafts/]", id="another severity"
        ),
        pytest.param(
            "ignore: [style]", [], "off", "Turned off here, by copydesk.yaml or an option\n", id="off by settings"
        ),
        pytest.param("", ["--ignore", "style/*"], "off", "Turned off here,", id="off by an option"),
    ],
)
def test_the_state_of_a_rule_is_that_of_the_config(
    house: Path, capsys: pytest.CaptureFixture[str], settings: str, argv: list[str], state: str, ending: str
) -> None:
    (house / "copydesk.yaml").write_text(f"rules: [house]\n{settings}\n", "utf-8")
    assert main(["explain", "tramway", *argv]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"style/tramway{state:>67}"
    assert ending.strip() in "\n".join(rest)


@pytest.mark.parametrize("settings", ["", "options: {leaks/raw-tag: {not_about: [trams]}}\n"])
def test_a_shipped_rule_links_to_its_documentation(
    house: Path, capsys: pytest.CaptureFixture[str], settings: str
) -> None:
    (house / "copydesk.yaml").write_text(settings, "utf-8")
    assert main(["explain", "leaks/raw-tag"]) == 0
    url = f"https://github.com/copydesk/copydesk/blob/v{__version__}/docs/rules/leaks.md#leaksraw-tag"
    assert f"\ndocs       {url}\n" in capsys.readouterr().out


def test_an_opt_in_rule_says_how_to_switch_it_on(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = house / "house" / "style" / "tramway.yaml"
    file.write_text(TRAMWAY.replace("language:", "enabled: false\nlanguage:"), "utf-8")
    main(["explain", "tramway"])
    assert capsys.readouterr().out.count("\nTo turn it on\n  select: [style/tramway]  in copydesk.yaml\n") == 1


@pytest.mark.parametrize(
    ("argv", "advice"),
    [
        pytest.param(
            ["leaks/raw-tags"], "there is no rule or pack “leaks/raw-tags”; did you mean “leaks/raw-tag”?", id="a rule"
        ),
        pytest.param(["tramways"], "did you mean “style/tramway”?", id="an id"),
        pytest.param(["lekas"], "did you mean “leaks”?", id="a pack"),
        pytest.param(["xyzzy"], "“copydesk rules” lists them", id="what is like nothing"),
        pytest.param([], "RULE", id="nothing"),
        pytest.param(
            ["leaks", "--rules", "nowhere"], "this folder of packs does not exist", id="rules that are not there"
        ),
    ],
)
def test_a_slip_is_answered_with_advice(
    house: Path, capsys: pytest.CaptureFixture[str], argv: list[str], advice: str
) -> None:
    assert main(["explain", *argv]) == 2
    seen = capsys.readouterr()
    assert advice in seen.err
    assert seen.out == ""


@pytest.mark.parametrize("width", [30, 60, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert [f"{rule.name}: {line}" for rule in packs.shipped_rules() for line in too_wide(rule, width)] == []


def too_wide(rule: Rule, width: int) -> list[str]:
    """Return the lines of the page of a rule that do not fit, except those that are to be copied whole."""
    page = Explanation(Lines(width, color=False))
    page.rule(RuleState(rule, rule, True))
    snippets = (
        *("suppressions: [", "<!-- copydesk:", "ignore: [", "severity: {", "copydesk check"),
        *("docs       https://", "options    https://"),
    )
    return [line for line in page.lines.done if cells(line) > width and not line.strip().startswith(snippets)]


def test_what_is_marked_is_red_on_a_terminal() -> None:
    rule = next(rule for rule in packs.shipped_rules() if rule.name == "leaks/unopened-tag")
    page = Explanation(Lines(80, color=True))
    page.rule(RuleState(rule, rule, True))
    assert "\x1b[31m</div>\x1b[0m\x1b[31m⟧\x1b[0m" in page.lines.text()
