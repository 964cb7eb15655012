"""Load the rules of Vale's styles, including those of the style “Vale”, which comes with Vale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from linter.config.config import BadConfig
from linter.config.yaml_file import MISTAKES, File, shown_path
from linter.suggest import did_you_mean
from linter.vale.config import ValeConfig
from linter.vale.definition import BUILT_IN, NOT_RUN, Action, BadOption, Definition, Vocabulary
from linter.vale.files import Files, sorted_mistakes
from linter.vale.patterns import problem
from linter.vale.rule_file import item_places, read_rule

LIMIT = 2_000_000  # code points of a rule file; the largest have 100,000
TOTAL = 5_000_000  # code points of all rule files; the largest public styles have 500,000
NOTICES = 20  # maximum notices about unknown rules


class LoadedStyles(NamedTuple):
    """The rules that a config uses, sorted by name, except those in `not_run`, which copydesk cannot run.

    The rules have the levels that the config gives them. `not_run` are names of rules. `mistakes` are the messages
    about all mistakes in the rule files, and `notices` those about settings without effect. `places` are the positions
    of the keys in each rule file, as `file:line:column`, by the names of the rules.
    """

    definitions: tuple[Definition, ...]
    mistakes: tuple[str, ...]
    not_run: tuple[str, ...]
    notices: tuple[str, ...]
    places: Mapping[str, Mapping[str, str]]

    def mistakes_in(self, definition: Definition, bad: BadOption, files: Files) -> list[str]:
        """Return the messages for an option of a rule with a value that cannot be used.

        If it is a list of expressions, there is a message for each expression that is not valid.
        """
        value = definition.options.get(bad.key)
        items = value if isinstance(value, (tuple, dict)) and definition.file else ()
        wrong = {item: why for item in items if (why := problem(item))}
        if wrong:
            file = File(shown_path(Path(definition.file)))
            places = item_places(files.text(definition.file) or "", bad.key, file)
            return [f"{places[item]}: “{bad.key}”: {why}" for item, why in [*wrong.items()][:MISTAKES]]
        place = self.places.get(definition.name, {}).get(bad.key.lower())
        where = place or f"{shown_path(Path(definition.file)) if definition.file else definition.name}:1:1"
        return [f"{where}: “{bad.key}”: {bad.why}"]


def load_styles(config: ValeConfig, files: Files) -> LoadedStyles:
    """Return the rules of the styles that a config uses, and of other styles that it mentions."""
    own = builtin_rules(config.vocabulary) if config.uses_builtin_rules else ()
    definitions = {each.name: each for each in own}
    mistakes: list[str] = []
    not_run: list[str] = []
    notices: list[str] = []
    places: dict[str, Mapping[str, str]] = {}
    size = 0
    for name, path in config.rule_files:
        file = File(shown_path(Path(path)))
        try:
            text = files.text(path)
        except BadConfig as bad:
            mistakes += bad.mistakes
            continue
        if len(text or "") > LIMIT:
            file.failure(f"this file cannot be read: it is longer than {LIMIT:,} characters")
            text = ""
        size += len(text or "")
        if size > TOTAL:
            mistakes.append(f"{shown_path(Path(config.file))}: the rule files are longer than {TOTAL:,} characters")
            break
        definition, places[name], own_notices = read_rule(text or "", name, path, file)
        mistakes += sorted_mistakes(file)
        notices += own_notices
        if definition and definition.extends in NOT_RUN:
            not_run.append(name)
        elif definition:
            definitions[name] = definition
    notices += _unknown_rules(config)
    levels = config.levels
    found = (replace(each, level=levels.get(name, each.level)) for name, each in sorted(definitions.items()))
    return LoadedStyles(tuple(found), tuple(mistakes), tuple(not_run), tuple(notices), places)


def builtin_rules(vocabulary: Vocabulary) -> Iterator[Definition]:
    """Yield the rules of the style “Vale” for a config with a vocabulary.

    `Vale.Terms` requires the spelling of accepted terms, and `Vale.Avoid` finds rejected terms; without such terms, the
    rule does not exist.
    """
    yield Definition(
        "Vale.Repetition",
        "repetition",
        "'%s' is repeated!",
        level="error",
        action=Action("edit", ("truncate", " ")),
        options={"ignorecase": True, "alpha": True, "tokens": (r"[^\s.!?]+",)},
    )
    yield Definition(
        "Vale.Spelling",
        "spelling",
        "Did you really mean '%s'?",
        level="error",
        action=Action("suggest", ("spellings",)),
    )
    if vocabulary.accept:
        swap = {term.lower(): term for term in vocabulary.accept}
        options = {"ignorecase": True, "vocab": False, "swap": swap}
        yield Definition("Vale.Terms", "substitution", "Use '%s' instead of '%s'.", level="error", options=options)
    if vocabulary.reject:
        options = {"ignorecase": False, "tokens": vocabulary.reject}
        yield Definition("Vale.Avoid", "existence", "Avoid using '%s'.", level="error", options=options)


def _unknown_rules(config: ValeConfig) -> list[str]:
    """Return notices about rules that the config mentions, but that do not exist. Vale ignores them."""
    known = {name for name, _ in config.rule_files}
    unknown = [name for name in config.mentions if not name.startswith(f"{BUILT_IN}.") and _short(name) not in known]
    return [
        f"{config.mentions[name]}: there is no rule “{name}”{did_you_mean(name, known)}" for name in unknown[:NOTICES]
    ]


def _short(name: str) -> str:
    return ".".join(name.split(".")[:2])
