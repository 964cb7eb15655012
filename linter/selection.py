"""Which rules are on, and how grave: what the rules say, then the settings, then the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from linter.loading.rulefile import OWN
from linter.loading.wording import meant
from linter.rule import Rule
from linter.settings import BadConfig, Settings, Wish


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


def fits(name: str, rule: Rule) -> bool:
    """Whether `name`, a rule, a pack or a glob, means `rule`."""
    return name in (rule.name, rule.pack) or fnmatchcase(rule.name, name)


def _any(wishes: Iterable[Wish], rule: Rule) -> bool:
    return any(fits(wish.name, rule) for wish in wishes)


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
        if fits(wish.name, rule):
            return None if severity == "off" else replace(rule, severity=severity)
    return rule


def _all_known(rules: Sequence[Rule], settings: Settings, words: Iterable[Wish]) -> None:
    packs = {rule.pack for rule in rules}
    wishes = (*settings.select, *settings.ignore, *(wish for wish, _ in settings.severity), *words)
    mistakes = [
        f"{wish.place}: there is no pack “{wish.name}”{meant(wish.name, packs)}"
        for wish in settings.packs
        if wish.name not in packs
    ]
    mistakes += [
        f"{wish.place}: no rule or pack is called “{wish.name}”{likely(wish.name, rules)}"
        for wish in wishes
        if not any(fits(wish.name, rule) for rule in rules)
    ]
    if mistakes:
        raise BadConfig(mistakes)


def likely(name: str, rules: Sequence[Rule]) -> str:
    """What was likely meant by `name`: a rule by its id alone, or what is written almost so."""
    if by_id := next((rule.name for rule in rules if rule.id == name), ""):
        return f"; did you mean “{by_id}”?"
    return meant(name, {each for rule in rules for each in (rule.name, rule.pack)})
