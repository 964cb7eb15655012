"""The enabled rules, by the config and by the command line."""

from __future__ import annotations

import pytest

from linter.checks.pattern.phrases import Phrases
from linter.config.config import Config, RunOptions
from linter.config.overrides import RuleSelector
from linter.config.select import mistakes, rules_for
from linter.rule import Rule


def rule(name: str, *, enabled: bool = True, preview: bool = False) -> Rule:
    pack, _, id_ = name.partition("/")
    return Rule(pack, id_, "", "", "error", Phrases(("tram",)), "{match}", enabled=enabled, preview=preview)


RULES = (
    rule("copydesk/encoding"),
    rule("leaks/raw-tag"),
    rule("leaks/tag-tail"),
    rule("links/spam"),
    rule("style/tram"),
    rule("style/vocabulary", enabled=False),
)


def selectors(*names: str) -> tuple[RuleSelector, ...]:
    return tuple(RuleSelector(name, f"copydesk.yaml:{line}:1") for line, name in enumerate(names, 1))


@pytest.mark.parametrize(
    ("config", "select", "preview", "expected"),
    [
        pytest.param(Config(), [], False, "leaks/raw-tag", id="previews are off"),
        pytest.param(Config(preview=True), [], False, "leaks/new leaks/raw-tag", id="the settings turn them on"),
        pytest.param(Config(), [], True, "leaks/new leaks/raw-tag", id="the command line does"),
        pytest.param(Config(), ["leaks"], False, "leaks/raw-tag", id="their pack does not"),
        pytest.param(Config(), ["leaks/*"], False, "leaks/raw-tag", id="a glob does not"),
        pytest.param(Config(), ["leaks/new"], False, "leaks/new", id="the full name does"),
        pytest.param(Config(select=selectors("leaks")), [], False, "leaks/raw-tag", id="the pack in the settings"),
        pytest.param(
            Config(select=selectors("leaks/new")), [], False, "leaks/new leaks/raw-tag", id="the name in the settings"
        ),
        pytest.param(Config(preview=True, ignore=selectors("leaks/new")), [], False, "leaks/raw-tag", id="ignored"),
    ],
)
def test_preview_rules(config: Config, select: list[str], preview: bool, expected: str) -> None:
    rules = (rule("leaks/raw-tag"), rule("leaks/new", preview=True))
    found = rules_for(rules, config._replace(run=RunOptions(select=tuple(select), preview=preview)))
    assert " ".join(one.name for one in found) == expected


@pytest.mark.parametrize(
    ("config", "select", "ignore", "expected"),
    [
        pytest.param(
            Config(),
            [],
            [],
            "copydesk/encoding leaks/raw-tag leaks/tag-tail links/spam style/tram",
            id="all but what is opt-in",
        ),
        pytest.param(
            Config(packs=selectors("leaks")),
            [],
            [],
            "copydesk/encoding leaks/raw-tag leaks/tag-tail",
            id="packs keep only those packs and the pack copydesk",
        ),
        pytest.param(
            Config(packs=selectors("leaks"), select=selectors("style/vocabulary"), ignore=selectors("copydesk")),
            [],
            [],
            "leaks/raw-tag leaks/tag-tail style/vocabulary",
            id="select in the settings turns on more rules",
        ),
        pytest.param(
            Config(select=selectors("style"), ignore=selectors("leaks/*", "links", "style/tram")),
            [],
            [],
            "copydesk/encoding style/vocabulary",
            id="ignore in the settings takes precedence over select there",
        ),
        pytest.param(
            Config(ignore=selectors("leaks")),
            ["leaks"],
            [],
            "copydesk/encoding leaks/raw-tag leaks/tag-tail",
            id="select at the command line keeps only that, ignored by the settings or not",
        ),
        pytest.param(
            Config(),
            ["style", "l*/*t*"],
            ["leaks/raw-tag", "copydesk"],
            "leaks/tag-tail style/tram style/vocabulary",
            id="select turns on opt-in rules; ignore on the command line takes precedence",
        ),
        pytest.param(
            Config(severity=((selectors("l*/*")[0], "off"), (selectors("links/spam")[0], "info"))),
            [],
            [],
            "copydesk/encoding links/spam style/tram",
            id="severity off; the last one that matches wins",
        ),
        pytest.param(
            Config(severity=((selectors("leaks")[0], "off"),)),
            ["leaks/raw-tag"],
            [],
            "copydesk/encoding leaks/raw-tag",
            id="a rule that is selected by its name on the command line is on, whatever its severity in the settings",
        ),
        pytest.param(
            Config(severity=((selectors("leaks/raw-tag")[0], "off"),)),
            ["leaks"],
            [],
            "copydesk/encoding leaks/tag-tail",
            id="a rule of a pack that is selected stays off",
        ),
    ],
)
def test_enabled_rules(config: Config, select: list[str], ignore: list[str], expected: str) -> None:
    run = RunOptions(select=tuple(select), ignore=tuple(ignore))
    assert [rule.name for rule in rules_for(RULES, config._replace(run=run))] == expected.split()


def test_the_config_sets_severities() -> None:
    config = Config(severity=((selectors("leaks")[0], "warning"), (selectors("leaks/raw-tag")[0], "info")))
    severities = {rule.name: rule.severity for rule in rules_for(RULES, config)}
    assert severities["leaks/tag-tail"] == "warning"
    assert severities["leaks/raw-tag"] == "info"
    assert severities["links/spam"] == "error"


@pytest.mark.parametrize(
    ("config", "select", "ignore", "expected"),
    [
        pytest.param(
            Config(packs=selectors("leak")),
            [],
            [],
            "copydesk.yaml:1:1: there is no pack “leak”; did you mean “leaks”?",
            id="a pack",
        ),
        pytest.param(
            Config(ignore=selectors("leaks/rawtag")),
            [],
            [],
            "copydesk.yaml:1:1: no rule or pack is called “leaks/rawtag”; did you mean “leaks/raw-tag”?",
            id="a rule",
        ),
        pytest.param(
            Config(severity=((selectors("spam")[0], "off"),)),
            [],
            [],
            "copydesk.yaml:1:1: no rule or pack is called “spam”; did you mean “links/spam”?",
            id="an id without its pack",
        ),
        pytest.param(
            Config(), ["q/*"], [], "--select: no rule or pack is called “q/*”", id="a glob at the command line"
        ),
        pytest.param(
            Config(select=selectors("a/b")),
            [],
            ["zzz"],
            "copydesk.yaml:1:1: no rule or pack is called “a/b”\n--ignore: no rule or pack is called “zzz”",
            id="two at once",
        ),
    ],
)
def test_a_name_that_matches_no_rule_is_a_mistake(
    config: Config, select: list[str], ignore: list[str], expected: str
) -> None:
    run = RunOptions(select=tuple(select), ignore=tuple(ignore))
    assert "\n".join(mistakes(RULES, config._replace(run=run))) == expected
