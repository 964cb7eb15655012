"""Which rules are on, and how grave: what the rules say, then the settings, then the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from linter.loading.rulefile import OWN
from linter.loading.wishes import Wish
from linter.loading.wording import likely, meant
from linter.rule import Rule, fits
from linter.settings import BadConfig, Settings


def enabled(
    rules: Iterable[Rule], settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> tuple[Rule, ...]:
    """The rules to run, with their severities, by name.

    In the settings, `packs` keeps only those packs, and `select` switches opt-in rules on besides. At the command
    line, `select` keeps only what it names, whatever the settings say of it. What is ignored at the same level is
    off. The pack copydesk/ stays unless ignored. Raises BadConfig for names that fit no rule.
    """
    every = tuple(rules)
    asked = [Wish(name, "--select") for name in select]
    refused = [Wish(name, "--ignore") for name in ignore]
    _all_known(every, settings, (*asked, *refused))
    chosen = (
        rule
        for rule in every
        if not _any(refused, rule) and (_any(asked, rule) if asked and rule.pack != OWN else _settled(settings, rule))
    )
    graded = (_graded(rule, settings) for rule in chosen)
    return tuple(sorted((rule for rule in graded if rule), key=lambda rule: rule.name))


def _any(wishes: Iterable[Wish], rule: Rule) -> bool:
    return any(fits(wish.name, rule.name) for wish in wishes)


def _settled(settings: Settings, rule: Rule) -> bool:
    """Whether a rule is on by what it says itself and what the settings say."""
    if _any(settings.ignore, rule):
        return False
    if _any(settings.select, rule):
        return True
    kept = not settings.packs or rule.pack == OWN or _any(settings.packs, rule)
    return rule.enabled and kept


def _graded(rule: Rule, settings: Settings) -> Rule | None:
    """The rule with the severity that the settings give it, the last that fits; None where it is off."""
    for wish, severity in reversed(settings.severity):
        if fits(wish.name, rule.name):
            return None if severity == "off" else replace(rule, severity=severity)
    return rule


def _all_known(rules: Sequence[Rule], settings: Settings, words: Iterable[Wish]) -> None:
    packs, names = {rule.pack for rule in rules}, [rule.name for rule in rules]
    graded = (wish for wish, _ in settings.severity)
    silenced = (wish for entry in settings.suppressions for wish in entry.rules)
    wishes = (*settings.select, *settings.ignore, *graded, *silenced, *words)
    mistakes = [
        f"{wish.place}: there is no pack “{wish.name}”{meant(wish.name, packs)}"
        for wish in settings.packs
        if wish.name not in packs
    ]
    mistakes += [
        f"{wish.place}: no rule or pack is called “{wish.name}”{likely(wish.name, names)}"
        for wish in wishes
        if not any(fits(wish.name, name) for name in names)
    ]
    if mistakes:
        raise BadConfig(mistakes)
