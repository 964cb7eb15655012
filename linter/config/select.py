"""Select the rules that a config turns on, with their severities and options, and report unknown names and options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, get_origin

from linter.config.config import DEFAULT, Config
from linter.rule import OWN, Rule, StoredCheck, fits, traits_of
from linter.suggest import did_you_mean, shortened, suggest_rule

if TYPE_CHECKING:
    from linter.config.overrides import Override, RuleSelector
    from linter.config.yaml_file import Value

_COMMON_KEYS = ("not_about", "message")
_LISTS = ("exceptions", "not_about")
ADD_SUFFIX = "+"  # after a key whose list or mapping is extended


class RuleState(NamedTuple):
    """Whether a rule is on, how it is configured, and which settings decided this.

    `own` is the rule as in its file, and `configured` is the rule with the severity and options of the config. The rule
    is on if `switched_on` is true and `off_by` is "".

    Four fields say where something was set. This is usually `file:line:column`, but may also be a command-line option
    or DEFAULT.
    - `switched_by`: where `switched_on` was set
    - `off_by`: where the severity was set to “off”, or ""
    - `severity_by`: where the severity of `configured` was set
    - `options_by`: where each configured option was set, by the name of the option

    `is_ready` is false for a preview rule while previews are off. Such a rule can be turned on only by its full name.
    """

    own: Rule
    configured: Rule
    switched_on: bool
    switched_by: str = DEFAULT
    off_by: str = ""
    severity_by: str = DEFAULT
    options_by: Mapping[str, str] = MappingProxyType({})
    is_ready: bool = True

    @property
    def here(self) -> Rule | None:
        """The rule as configured, or None if it is off."""
        return self.configured if self.switched_on and not self.off_by else None

    @property
    def on_by(self) -> str:
        """Where the rule was turned on or off: `file:line:column`, a command-line option, or DEFAULT."""
        return self.off_by or self.switched_by

    @property
    def severity(self) -> str:
        """The configured severity, or the severity in the rule's file if the rule is off."""
        return (self.here or self.own).severity

    def under(self, layer: Config | Override) -> RuleState:
        """Return the state after applying `layer`, which is the top level of the config or an override."""
        if not (layer.ignore or layer.select or layer.severity or layer.options):
            return self
        state, name = self, self.own.name
        if selector := _last(layer.ignore, name):
            state = state._replace(switched_on=False, switched_by=selector.place)
        elif (selector := _last(layer.select, name)) and (self.is_ready or selector.name == name):
            state = state._replace(switched_on=True, switched_by=selector.place, off_by="")
        for selector, severity in reversed(layer.severity):
            if fits(selector.name, name):
                state = state._graded(severity, selector.place)
                break
        for selector, options in layer.options:
            if selector.name == name:
                by = {str(key.node.value).removesuffix(ADD_SUFFIX): key.place for key, _ in options.pairs()}
                changed = with_options(state.configured, options)
                state = state._replace(configured=changed, options_by={**state.options_by, **by})
        return state

    def _graded(self, severity: str, place: str) -> RuleState:
        if severity == "off":
            return self._replace(off_by=place)
        return self._replace(configured=replace(self.configured, severity=severity), severity_by=place, off_by="")

    def under_command_line(self, config: Config) -> RuleState:
        """Return the state with --select and --ignore applied. Call this after all calls of `under`."""
        state, name = self, self.own.name
        if config.run.select and self.own.pack != OWN:
            chosen = any(fits(each, name) and (self.is_ready or each == name) for each in config.run.select)
            off_by = "" if name in config.run.select else self.off_by
            state = state._replace(switched_on=chosen, switched_by="--select", off_by=off_by)
        if any(fits(each, name) for each in config.run.ignore):
            state = state._replace(switched_on=False, switched_by="--ignore")
        return state


def rule_state(rule: Rule, config: Config, overrides: Iterable[Override] = ()) -> RuleState:
    """Return the state of a rule for articles to which `overrides` apply.

    The config must not have any mistakes (see `mistakes`). In the config, `packs` turns off all packs that it does not
    name, and `select` turns on additional rules. Overrides take precedence over the rest of the config, and later
    overrides over earlier ones. On the command line, `select` also turns off all rules that it does not select. Within
    the config, an override or the command line, `ignore` takes precedence over `select`. Neither `packs` nor the
    command-line `select` turns off rules of the pack copydesk/.
    """
    state = _usual_state(rule, config)
    for override in overrides:
        state = state.under(override)
    return state.under_command_line(config)


def _usual_state(rule: Rule, config: Config) -> RuleState:
    """Return the state of a rule before overrides, --select and --ignore are applied."""
    is_ready = not rule.preview or config.preview or config.run.preview
    if config.packs and rule.pack != OWN and not rule.is_vale and not _last(config.packs, rule.name):
        return RuleState(rule, rule, False, config.places.get("packs", ""), is_ready=is_ready).under(config)
    return RuleState(rule, rule, rule.enabled and is_ready, is_ready=is_ready).under(config)


def rules_for(rules: Iterable[Rule], config: Config, overrides: Sequence[Override] = ()) -> tuple[Rule, ...]:
    """Return the rules that are on for articles to which `overrides` apply, as configured, sorted by name."""
    found = (rule_state(rule, config, overrides).here for rule in rules)
    return tuple(sorted(filter(None, found), key=attrgetter("name")))


def possible_rules(rules: Iterable[Rule], config: Config) -> tuple[Rule, ...]:
    """Return the rules that are on without overrides, or under at least one override alone, sorted by name.

    A rule that is on only under overrides is configured as in the last override that turns it on.
    """
    switching = [override for override in reversed(config.overrides) if override.select or override.severity]
    found = []
    for rule in rules:
        usual = _usual_state(rule, config)
        states = chain([usual], map(usual.under, switching))
        here = (state.under_command_line(config).here for state in states)
        found.append(next(filter(None, here), None))
    return tuple(sorted(filter(None, found), key=attrgetter("name")))


def _last(selectors: Sequence[RuleSelector], name: str) -> RuleSelector | None:
    return next((selector for selector in reversed(selectors) if fits(selector.name, name)), None)


def mistakes(rules: Sequence[Rule], config: Config) -> list[str]:
    """Return the mistakes in a config: names that match none of `rules`, and unknown or invalid options of rules.

    Looking for similar names to suggest takes time, so at most MISTAKES mistakes are returned. If there are more, a
    last line says so.
    """
    every = _mistakes({rule.name: rule for rule in rules}, config)
    if (first := next(every, None)) is None:
        return []
    from linter.config.yaml_file import MISTAKES

    found = [first, *islice(every, MISTAKES)]
    if len(found) > MISTAKES:
        found[-1] = f"{config.file}: there are more than {MISTAKES} mistakes; correct those above first"
    return found


def _mistakes(rules: Mapping[str, Rule], config: Config) -> Iterator[str]:
    packs = {rule.pack for rule in rules.values()}
    for selector in config.packs:
        if selector.name not in packs:
            problem = shortened(f"there is no pack “{selector.name}”")
            yield f"{selector.place}: {problem}{did_you_mean(selector.name, packs)}"
    selectors = [*_selectors(config)]
    names = {selector.name for selector in selectors}
    known = {name for name in names if any(fits(name, rule) for rule in rules)}
    yield from (_unknown(each, "rule or pack", rules) for each in selectors if each.name not in known)
    for layer in _layers(config):
        for selector, options in layer.options:
            if selector.name not in rules:
                yield _unknown(selector, "rule", rules)
            elif layer is not config and rules[selector.name].looks_at == "folder":
                advice = "set its options outside of “overrides”"
                yield f"{selector.place}: {selector.name} compares all articles in a folder; {advice}"
            else:
                before = len(options.file.mistakes)
                with_options(rules[selector.name], options)
                yield from options.file.mistakes[before:]


def _layers(config: Config) -> tuple[Config | Override, ...]:
    return (config, *config.overrides)


def _selectors(config: Config) -> Iterator[RuleSelector]:
    """Yield the rule selectors of the command line and of the config, except those in “packs” and “options”."""
    for layer in _layers(config):
        yield from (*layer.select, *layer.ignore, *(selector for selector, _ in layer.severity))
    for entry in config.suppressions:
        yield from entry.rules
    if config.run.select or config.run.ignore:
        from linter.config.overrides import RuleSelector

        yield from (RuleSelector(name, "--select") for name in config.run.select)
        yield from (RuleSelector(name, "--ignore") for name in config.run.ignore)


def _unknown(selector: RuleSelector, what: str, rules: Iterable[str]) -> str:
    problem = shortened(f"no {what} is called “{selector.name}”")
    return f"{selector.place}: {problem}{suggest_rule(selector.name, list(rules))}"


def with_options(rule: Rule, options: Value) -> Rule:
    """Return `rule` with the changes that `options` makes, or unchanged if there is a mistake.

    A key in `options` replaces an option of the rule or, with ADD_SUFFIX, extends it. Mistakes are noted in
    `options.file`.
    """
    from linter.config import rule_file

    noted = options.file.noted
    given = _known_values(rule, options)
    own = rule_file.options_of_kind(rule.kind)
    of_check: dict[str, Any] = {}
    of_rule: dict[str, Any] = {}
    for key, value in given.items():
        name = key.removesuffix(ADD_SUFFIX)
        if name in own:
            of_check[name] = _joined(getattr(rule.check, name), rule_file.read_option(value, own[name][0]), key)
        else:
            of_rule[name] = _joined(getattr(rule, name), rule_file.READERS[name](value), key)
    if options.file.noted > noted:
        return rule
    try:
        created = rule.check.created if isinstance(rule.check, StoredCheck) else rule.check
        check = replace(created, **of_check)  # type: ignore[type-var]
    except ValueError as error:
        options.mistake(str(error))
        return rule
    trusted = rule.trusted and rule_file.expressions(check) == rule_file.expressions(rule.check)
    traits = rule.stored_traits and traits_of(check)  # a stored rule lacks its examples, as before
    options_of_check = {**rule.options, **of_check}
    changed = replace(rule, check=check, stored_traits=traits, options=options_of_check, trusted=trusted, **of_rule)
    values = {key.removesuffix(ADD_SUFFIX): value for key, value in given.items()}
    rule_file.check_patterns(changed, {"check": options, **values})
    return changed if options.file.noted == noted else rule


def option_keys(rule: Rule) -> tuple[str, ...]:
    """Return the keys of a rule that the config may set.

    The result includes keys that extend a list or mapping, such as `words+`.
    """
    from linter.config import rule_file

    own = rule_file.options_of_kind(rule.kind)
    common = (*_COMMON_KEYS, *(rule_file.BLOCK_KEYS if rule.looks_at == "block" else ()))
    if rule.is_vale:
        common = tuple(key for key in common if key not in ("scope", "not_scope"))
    lists = [name for name, (type_, _) in own.items() if get_origin(type_) in (tuple, Mapping)]
    lists += [name for name in common if name in _LISTS]
    return (*own, *common, *(f"{name}{ADD_SUFFIX}" for name in lists))


def _known_values(rule: Rule, options: Value) -> dict[str, Value]:
    """Return the values in `options` by their keys, and note mistakes in the keys."""
    known, given = option_keys(rule), {}
    for key, value in options.pairs():
        name = str(key.node.value)
        if name in known:
            given[name] = value
        else:
            key.mistake(f"{rule.name} has no key “{name}”{key.suggestion(name, known)}")
    for name in given:
        plain = name.removesuffix(ADD_SUFFIX)
        if plain != name and plain in given:
            given[name].mistake(f"“{plain}” is set here too; add the entries to it")
    return given


def _joined(old: Any, new: Any, key: str) -> object:
    if not key.endswith(ADD_SUFFIX):
        return new
    return {**old, **new} if isinstance(old, Mapping) else (*old, *new)
