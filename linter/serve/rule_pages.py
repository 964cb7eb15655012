"""The rules of the service as plain data: an overview, and one rule with its explanation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linter.config.select import RuleState
from linter.reference import rule_texts
from linter.rule import Example, mark_spans


def overview(states: Iterable[RuleState]) -> list[dict[str, Any]]:
    """Return each rule with its name, severity and summary."""
    return [_short(state) for state in states]


def page(state: RuleState) -> dict[str, Any]:
    """Return one rule with its explanation, options and examples. ⟦ and ⟧ mark the findings in the examples."""
    rule = state.here or state.own
    return {
        "version": 1,
        **_short(state),
        "why": rule.why,
        "fix": rule_texts.fix_text(rule),
        "skips": rule_texts.exclusions_text(rule),
        "formats": sorted(rule.formats),
        "options": {option.name: list(option.values) for option in rule_texts.options(rule)},
        "examples": [_example(example) for bad in state.own.bad for example in bad.articles or (bad,)],
    }


def _short(state: RuleState) -> dict[str, Any]:
    rule = state.here or state.own
    return {
        "name": rule.name,
        "pack": rule.pack,
        "severity": rule.severity,
        "on": state.here is not None,
        "summary": rule.summary,
        "fixes": rule_texts.fixable(state.own),
        "languages": sorted(rule.languages),
        "url": rule_texts.page_url(rule),
    }


def _example(example: Example) -> dict[str, Any]:
    return {"text": mark_spans(example.text, example.spans), "fixed": example.fixed, "kind": example.kind}
