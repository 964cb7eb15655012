"""Options of rules in the config: keys of the check, and keys that all rules of blocks have."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, get_origin

from linter.config import rule_file
from linter.config.yaml_file import Value
from linter.rule import Rule

COMMON_KEYS = ("not_about", "message")
BLOCK_KEYS = ("scope", "not_scope", "in_quotes", "exceptions")
ADD_SUFFIX = "+"  # after a key whose list or mapping is extended


def with_options(rule: Rule, options: Value) -> Rule:
    """Return `rule` with the keys in `options` replaced or extended; unchanged if there is a mistake.

    Mistakes are noted in the config file.
    """
    before = options.file.noted
    given = _known_values(rule, options)
    own = rule_file.options_of_kind(rule.kind)
    values: dict[str, object] = {}
    for key, value in given.items():
        name = key.removesuffix(ADD_SUFFIX)
        if name in own:
            values[name] = _joined(getattr(rule.check, name), rule_file.read_option(value, own[name][0]), key)
    changed = _rule_fields(rule, given)
    if options.file.noted > before:
        return rule
    check = _replace_check(rule, values, options)
    if check is None:
        return rule
    trusted = rule.trusted and _expressions(check) == _expressions(rule.check)
    result = dataclasses.replace(rule, check=check, options={**rule.options, **values}, trusted=trusted, **changed)
    rule_file.check_patterns(result, _Given(given, options))
    return result if options.file.noted == before else rule


def option_keys(rule: Rule) -> tuple[str, ...]:
    """Return the keys of a rule that the config may set, including those that extend a list."""
    own = rule_file.options_of_kind(rule.kind)
    common = (*COMMON_KEYS, *(BLOCK_KEYS if rule.looks_at == "block" else ()))
    lists = [name for name, (type_, _) in own.items() if get_origin(type_) in (tuple, Mapping)]
    lists += [name for name in common if name in ("exceptions", "not_about")]
    return (*own, *common, *(f"{name}{ADD_SUFFIX}" for name in lists))


def _known_values(rule: Rule, options: Value) -> dict[str, Value]:
    """Return the values by key; an unknown key is a mistake."""
    known, given = option_keys(rule), {}
    for key, value in options.pairs():
        name = str(key.node.value)
        if name in known:
            given[name] = value
        else:
            key.mistake(f"{rule.name} has no key “{name}”{key.suggestion(name, known)}")
    for name in given:
        if name.endswith(ADD_SUFFIX) and name.removesuffix(ADD_SUFFIX) in given:
            given[name].mistake(f"“{name.removesuffix(ADD_SUFFIX)}” stands here too; add to it there")
    return given


def _joined(old: Any, new: Any, key: str) -> object:
    if not key.endswith(ADD_SUFFIX):
        return new
    return {**old, **new} if isinstance(old, Mapping) else (*old, *new)


def _rule_fields(rule: Rule, given: Mapping[str, Value]) -> dict[str, Any]:
    """Return the changed fields of the rule itself."""
    changed: dict[str, Any] = {}
    for key, value in given.items():
        name = key.removesuffix(ADD_SUFFIX)
        if name in rule_file.options_of_kind(rule.kind):
            continue
        if name in ("exceptions", "not_about"):
            changed[name] = _joined(getattr(rule, name), value.nonempty_texts(), key)
        elif name in ("scope", "not_scope"):
            changed[name] = rule_file.read_scopes(value)
        elif name == "in_quotes":
            changed[name] = value.choice(rule_file.QUOTES)
        else:
            changed[name] = " ".join(value.text().split())
    return changed


def _expressions(check: object) -> Any:
    return getattr(check, "expressions", None)


def _replace_check(rule: Rule, values: Mapping[str, object], options: Value) -> Any:
    try:
        return dataclasses.replace(rule.check, **values)  # type: ignore[type-var]
    except ValueError as error:
        options.mistake(str(error))
        return None


class _Given(dict[str, Value]):
    """The given values; missing ones are at the place of the options."""

    def __init__(self, given: Mapping[str, Value], options: Value) -> None:
        super().__init__({key.removesuffix(ADD_SUFFIX): value for key, value in given.items()})
        self._options = options

    def __missing__(self, key: str) -> Value:
        return self._options
