"""Select the active rules with their severities and options: defaults, then the config, then the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, get_origin

from linter.config import former, rule_file
from linter.config.config import BadConfig, Config
from linter.config.yaml_file import MISTAKES, Value
from linter.rule import OWN, Rule, fits
from linter.suggest import did_you_mean, shortened, suggest_rule

if TYPE_CHECKING:
    from linter.config.overrides import Options, Override, RuleSelector

DEFAULT = "default"
COMMON_KEYS = ("not_about", "message")
BLOCK_KEYS = ("scope", "not_scope", "in_quotes", "exceptions")
ADD_SUFFIX = "+"  # after a key whose list or mapping is extended


class RuleState(NamedTuple):
    """A rule as in its file (`own`), and as configured (`here`): None if it is off.

    `on_by` and `severity_by` are the positions in the config that determine this, `options_by` those of its options.
    """

    own: Rule
    here: Rule | None
    on_by: str = DEFAULT
    severity_by: str = DEFAULT
    options_by: tuple[tuple[str, str], ...] = ()


def enabled_rules(
    rules: Iterable[Rule],
    config: Config,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    overrides: Iterable[Override] = (),
) -> tuple[Rule, ...]:
    """Return the active rules, sorted by name, for articles to which `overrides` apply.

    In the config, `packs` turns all other packs off, and `select` turns opt-in rules on. Overrides take precedence over
    the rest of the config. On the command line, `select` turns off all other rules, whatever the config says. `ignore`
    wins over `select` at the same level. The pack copydesk/ stays on unless ignored. Raises BadConfig for names that
    match no rule, and for options that a rule does not have.
    """
    all_rules = tuple(rules)
    if found := selection_mistakes(all_rules, config, select, ignore):
        raise BadConfig(found)
    return choose_rules(all_rules, config, select, ignore, overrides)


def choose_rules(
    rules: Iterable[Rule],
    config: Config,
    select: Sequence[str],
    ignore: Sequence[str],
    overrides: Iterable[Override] = (),
) -> tuple[Rule, ...]:
    """Return the same as `enabled_rules`, for a config that is known to have no mistakes."""
    layers = tuple(overrides)
    states = (rule_state(rule, config, select, ignore, layers).here for rule in rules)
    return tuple(sorted((rule for rule in states if rule), key=lambda rule: rule.name))


def possible_rules(
    rules: Iterable[Rule], config: Config, select: Sequence[str], ignore: Sequence[str]
) -> tuple[Rule, ...]:
    """Return the rules that are on for any article, sorted by name. The config must have no mistakes.

    A rule that is on only through overrides is configured as in the last override that turns it on.
    """
    found = {rule.name: rule for rule in choose_rules(rules, config, select, ignore)}
    switching = [each for each in reversed(config.overrides) if each.select or each.severity]
    for rule in rules:
        if rule.name not in found and switching:
            usual = _apply_config(rule, config)
            here = (_with_override(usual, override, select, ignore).state_here(rule).here for override in switching)
            if on := next(filter(None, here), None):
                found[rule.name] = on
    return tuple(found[name] for name in sorted(found))


def rule_state(
    rule: Rule, config: Config, select: Sequence[str], ignore: Sequence[str], overrides: Iterable[Override] = ()
) -> RuleState:
    """Return the state of one rule."""
    state = _apply_config(rule, config)
    for layer in overrides:
        state.apply(layer)
    return _apply_command_line(state, select, ignore).state_here(rule)


def _apply_config(rule: Rule, config: Config) -> _LayeredRule:
    """Return a rule as configured where no override applies."""
    state = _LayeredRule(rule, rule.enabled)
    if config.packs and rule.pack != OWN and not _last(config.packs, rule):
        state.on, state.on_by = False, config.places.get("packs", "")
    state.apply(config)
    return state


def _with_override(
    usual: _LayeredRule, override: Override, select: Sequence[str], ignore: Sequence[str]
) -> _LayeredRule:
    """Return a rule as configured where one override applies, from its `usual` state."""
    state = replace(usual, options_by=dict(usual.options_by))
    state.apply(override)
    return _apply_command_line(state, select, ignore)


def _apply_command_line(state: _LayeredRule, select: Sequence[str], ignore: Sequence[str]) -> _LayeredRule:
    """Apply the command line to the state of a rule, and return it."""
    rule = state.here
    if select and rule.pack != OWN:
        state.on, state.on_by = any(fits(name, rule.name) for name in select), "--select"
    if any(fits(name, rule.name) for name in ignore):
        state.on, state.on_by = False, "--ignore"
    return state


@dataclass(eq=False)
class _LayeredRule:
    """A rule to which the layers of the config are applied, one after the other."""

    here: Rule
    on: bool
    off: str = ""  # the position of its severity “off”
    on_by: str = DEFAULT
    severity_by: str = DEFAULT
    options_by: dict[str, str] = field(default_factory=dict)

    def apply(self, layer: Config | Override) -> None:
        if selector := _last(layer.ignore, self.here):
            self.on, self.on_by = False, selector.place
        elif selector := _last(layer.select, self.here):
            self.on, self.on_by, self.off = True, selector.place, ""
        for selector, severity in reversed(layer.severity):
            if fits(selector.name, self.here.name):
                self.off = selector.place if severity == "off" else ""
                if not self.off:
                    self.here, self.severity_by = replace(self.here, severity=severity), selector.place
                break
        for selector, options in layer.options:
            if selector.name == self.here.name:
                self.here = with_options(self.here, options)
                self.options_by |= {
                    str(key.node.value).removesuffix(ADD_SUFFIX): key.place for key, _ in options.pairs()
                }

    def state_here(self, own: Rule) -> RuleState:
        on = self.on and not self.off
        options = tuple(self.options_by.items())
        return RuleState(own, self.here if on else None, self.off or self.on_by, self.severity_by, options)


def _last(selectors: Sequence[RuleSelector], rule: Rule) -> RuleSelector | None:
    return next((selector for selector in reversed(selectors) if fits(selector.name, rule.name)), None)


def selection_mistakes(
    rules: Sequence[Rule], config: Config, select: Sequence[str], ignore: Sequence[str]
) -> list[str]:
    """Return the mistakes in a config: names that match no rule, and options that a rule does not have.

    There are at most MISTAKES of them, and a line that says so: suggestions take time.
    """
    found = [*islice(_mistakes(rules, config, select, ignore), MISTAKES + 1)]
    if len(found) > MISTAKES:
        found[-1] = f"{config.file}: there are more than {MISTAKES} mistakes; correct those above first"
    return found


def _mistakes(rules: Sequence[Rule], config: Config, select: Sequence[str], ignore: Sequence[str]) -> Iterator[str]:
    from linter.config.overrides import RuleSelector

    packs, names = {rule.pack for rule in rules}, [rule.name for rule in rules]
    for selector in config.packs:
        if selector.name not in packs:
            problem = shortened(f"there is no pack “{selector.name}”")
            yield f"{selector.place}: {problem}{did_you_mean(selector.name, packs)}"
    layers: tuple[Config | Override, ...] = (config, *config.overrides)
    selectors = [
        selector
        for layer in layers
        for selector in (*layer.select, *layer.ignore, *(selector for selector, _ in layer.severity))
    ]
    selectors += [selector for entry in config.suppressions for selector in entry.rules]
    selectors += [
        RuleSelector(name, option) for option, list_ in (("--select", select), ("--ignore", ignore)) for name in list_
    ]
    known = {name for name in {selector.name for selector in selectors} if any(fits(name, rule) for rule in names)}
    for selector in selectors:
        if selector.name not in known:
            problem = shortened(f"no rule or pack is called “{selector.name}”")
            yield f"{selector.place}: {problem}{suggest_rule(selector.name, names)}"
    by_name = {rule.name: rule for rule in rules}
    for layer in layers:
        yield from _option_mistakes(layer.options, by_name, everywhere=layer is config)


def _option_mistakes(options: Options, rules: dict[str, Rule], *, everywhere: bool) -> Iterator[str]:
    """Yield the mistakes in the options of single rules; `everywhere` if these apply to all articles."""
    for selector, value in options:
        rule = rules.get(selector.name)
        if rule is None:
            problem = shortened(f"no rule is called “{selector.name}”")
            yield f"{selector.place}: {problem}{suggest_rule(selector.name, list(rules))}"
        elif rule.looks_at == "folder" and not everywhere:
            yield f"{selector.place}: {selector.name} looks across the folder; its options stand at the top of the file"
        else:
            before = value.file.mistakes
            with_options(rule, value)
            yield from value.file.mistakes[len(before) :]


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
    renamed = former.OPTIONS.get(rule.kind, {})
    for key, value in options.pairs():
        name = str(key.node.value)
        plain = name.removesuffix(ADD_SUFFIX)
        if plain in renamed:
            name = name.replace(plain, renamed[plain])
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
