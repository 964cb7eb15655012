"""Folders of rule files → rules; every mistake in any of them with its place, all in one go."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from linter import iso639, kinds, marks, soundness
from linter.document import SCOPES
from linter.fields import File, Value, cut, meant, parse, shown, undecodable
from linter.finding import SEVERITIES
from linter.readers import KINDS
from linter.rule import NO_FIX, BadRule, Example, Rule, RuleFix, looks_at

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

# The keys of a rule file, in their order; the keys of its kind of check stand behind `check`.
BEFORE = (
    *("id", "summary", "headline", "why", "source", "severity", "enabled", "language"),
    *("scope", "not_scope", "in_quotes", "exceptions", "not_about", "check"),
)
BEHIND = ("message", "fix", "bad", "good")
_COMMON = frozenset(BEFORE + BEHIND)
_NEEDED = ("id", "summary", "severity", "check", "message")
_EXAMPLES = ("bad", "good")
OWN = "copydesk"  # the pack that holds what the tool itself has to say
_OF_BLOCKS = ("scope", "not_scope", "in_quotes", "exceptions")
_SUFFIX = ".yaml"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@lru_cache(1)
def shipped() -> tuple[Rule, ...]:
    """The rules that come with the tool, by name. Their patterns are trusted, and compiled when first used."""
    rules, mistakes = _read(_shipped_folder(), "rules", trusted=True)
    if mistakes:
        raise BadRule(mistakes)
    return rules


def load(folder: Path, *, explained: bool = False) -> tuple[Rule, ...]:
    """The rules of `folder`, a folder of packs, by name.

    `explained`: a rule must also have its reason and examples. Raises BadRule with all mistakes of all files.
    """
    rules, mistakes = _read(folder, shown(folder), explained=explained)
    if mistakes:
        raise BadRule(mistakes)
    return rules


def load_all(folders: Iterable[Path]) -> tuple[Rule, ...]:
    """The shipped rules and those of `folders`, each read once, by name.

    Raises BadRule with all mistakes; a name that is taken already is one.
    """
    rules = {rule.name: rule for rule in shipped()}
    mistakes: list[str] = []
    for folder in dict.fromkeys(Path(os.path.abspath(folder)) for folder in folders):
        own, wrong = _read(folder, shown(folder))
        mistakes += wrong
        for rule in own:
            other = rules.setdefault(rule.name, rule)
            if other is not rule:
                mistakes.append(f"{rule.file}:1:1: “{rule.name}” is taken, by {other.file}; choose another id")
    if mistakes:
        raise BadRule(mistakes)
    return tuple(sorted(rules.values(), key=lambda rule: rule.name))


def _shipped_folder() -> Traversable:
    """In the package where it is installed, else beside it."""
    from importlib.resources import files

    inside = files("linter") / "rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


def _read(
    folder: Traversable, where: str, *, trusted: bool = False, explained: bool = False
) -> tuple[tuple[Rule, ...], list[str]]:
    """(the rules of a folder of packs, the mistakes in it); rules with mistakes are left out."""
    rules: list[Rule] = []
    mistakes: list[str] = []
    for pack, file, path in _rule_files(folder, where, mistakes):
        origin = File(path)
        if rule := _rule(pack, file, origin, trusted=trusted, explained=explained):
            rules.append(rule)
        mistakes += origin.mistakes
    return tuple(rules), mistakes


def _rule_files(folder: Traversable, where: str, mistakes: list[str]) -> Iterator[tuple[str, Traversable, str]]:
    """(pack, file, path in mistakes) of each rule file, in order; what lies where no rule belongs is a mistake."""
    if not folder.is_dir():
        mistakes.append(f"{where}: there is no such folder of packs")
        return
    for pack in _entries(folder):
        if pack.name.endswith((_SUFFIX, ".yml")):
            mistakes.append(f"{where}/{pack.name}: a rule lies in the folder of its pack, {where}/<pack>/<id>.yaml")
        if not pack.is_dir():
            continue
        for file in _entries(pack):
            path = f"{where}/{pack.name}/{file.name}"
            if not _NAME.fullmatch(pack.name):
                mistakes.append(f"{path}: “{pack.name}” is no name for a pack; use a-z, 0-9 and hyphens")
                break
            if file.name.endswith(".yml"):
                mistakes.append(f"{path}: the name of a rule file ends in “.yaml”")
            elif file.name.endswith(_SUFFIX) and file.is_file():
                yield pack.name, file, path


def _entries(folder: Traversable) -> list[Traversable]:
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
    return sorted(entries, key=lambda entry: entry.name)


def _rule(pack: str, file: Traversable, origin: File, *, trusted: bool, explained: bool) -> Rule | None:
    """The rule in a file, or None where there is a mistake."""
    try:
        top = parse(origin, file.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        undecodable(origin, error)
        return None
    except OSError as error:
        origin.mistake(1, 1, f"this file cannot be read: {error.strerror}")
        return None
    if not top:
        return None
    kind = _kind(top)
    given = top.fields(_COMMON | kinds.options(kind).keys()) if kind else {k.text(): v for k, v in top.pairs()}
    _name(given.get("id"), file.name)
    _complete(top, given, (*_NEEDED, *(_explained(pack, kind) if explained else ())), kind)
    rule = _build(pack, origin, given, kind) if kind else None
    if rule and not trusted:
        soundness.judge(rule, given)
    return None if origin.mistakes else rule


def _kind(top: Value) -> str:
    """The kind of check that the rule uses, or "" where it is none."""
    value = top.get("check")
    if value is None:
        return ""
    return value.choice(kinds.kinds()) if value.plain in kinds.kinds() else _unknown_kind(value)


def _unknown_kind(value: Value) -> str:
    if name := value.text():
        value.mistake(f"unknown check “{cut(name)}”{meant(name, kinds.kinds())}")
    return ""


def _name(value: Value | None, file: str) -> None:
    if value and (name := value.text()):
        if not _NAME.fullmatch(name):
            value.mistake(f"“{cut(name)}” is no id; use a-z, 0-9 and hyphens")
        elif name != file.removesuffix(_SUFFIX):
            value.mistake(f"the id is “{cut(name)}”, but the name of the file says “{file.removesuffix(_SUFFIX)}”")


def _explained(pack: str, kind: str) -> tuple[str, ...]:
    """The keys without which nobody knows why a rule is there and whether it works.

    What the tool says about files, such as that one cannot be opened, is not always to be shown in a text.
    """
    return ("why",) if (pack, kind) == (OWN, "note") else ("why", *_EXAMPLES)


def _complete(top: Value, given: Mapping[str, Value], needed: Iterable[str], kind: str) -> None:
    if top.type != "map":
        return
    options = kinds.options(kind).items() if kind else ()
    for name in (*needed, *(name for name, (_, required) in options if required)):
        if name not in given:
            top.mistake(f"“{name}” is missing")


def _build(pack: str, origin: File, given: Mapping[str, Value], kind: str) -> Rule | None:
    """The rule that its keys make; None if its check cannot be made."""
    check = kinds.make(kind, given)
    if check is None:
        return None
    if looks_at(check) == "document":
        for name in _OF_BLOCKS:
            if name in given:
                given[name].mistake(f"“{name}” says nothing here: “{kind}” looks at the whole article")
    severity, quotes, fix = given.get("severity"), given.get("in_quotes"), given.get("fix")
    return Rule(
        pack=pack,
        check=check,
        kind=kind,
        file=origin.path,
        **{name: " ".join(_text(given, name).split()) for name in ("id", "summary", "headline", "why", "source")},
        message=_text(given, "message").strip(),
        severity=severity.choice(SEVERITIES) if severity else "",
        enabled=given["enabled"].flag() if "enabled" in given else True,
        languages=_languages(given.get("language")),
        scope=_scopes(given["scope"]) if "scope" in given else frozenset({"prose"}),
        not_scope=_scopes(given["not_scope"]) if "not_scope" in given else frozenset(),
        in_quotes=quotes.choice(("skip", "only", "both")) if quotes else "both",
        exceptions=given["exceptions"].filled() if "exceptions" in given else (),
        not_about=given["not_about"].filled() if "not_about" in given else (),
        fix=_fix(fix) if fix else NO_FIX,
        bad=_examples(given.get("bad"), marked=True),
        good=_examples(given.get("good"), marked=False),
        options={name: getattr(check, name) for name in kinds.options(kind) if name in given},
    )


def _text(given: Mapping[str, Value], name: str) -> str:
    return given[name].text() if name in given else ""


def _languages(value: Value | None) -> frozenset[str]:
    if value is None or value.plain == "any":
        return frozenset()
    for item in value.items():
        if item.plain not in iso639.NAMES:
            item.mistake(iso639.unknown(item.plain))
    return frozenset(item.plain for item in value.items())  # no is a bool, to YAML


def _scopes(value: Value) -> frozenset[str]:
    scopes = value.filled()
    for item in value.items():
        scope = item.plain
        if scope and scope not in SCOPES and not scope.startswith("metadata."):
            item.mistake(f"unknown scope “{cut(scope)}”{meant(scope, SCOPES)}")
    return frozenset(scopes)


def _fix(value: Value) -> RuleFix:
    fields = value.fields(("replace", "safe"))
    return RuleFix(
        fields["safe"].flag() if "safe" in fields else False,
        fields["replace"].text() if "replace" in fields else None,
    )


def _examples(value: Value | None, *, marked: bool) -> tuple[Example, ...]:
    if value is None:
        return ()
    examples = tuple(_example(item, marked=marked) for item in value.items())
    if not examples:
        value.mistake(f"“{value.name}” is empty")
    return examples


def _example(value: Value, *, marked: bool) -> Example:
    """An example: keys, or its text alone. Where it should have marks (or none), that is looked at."""
    fields = value.fields(("text", "as", "encoded", "fixed")) if value.type == "map" else {"text": value}
    if "text" not in fields:
        value.mistake("an example has its “text”")
        return Example("")
    spans: marks.Spans = ()
    text = fields["text"].text()
    try:
        text, spans = marks.unmark(text)
        if marked != bool(spans) and fields["text"].type == "str":
            advice = "mark in it what is found, ⟦so⟧" if marked else "nothing is found in it, so it has no marks"
            fields["text"].mistake(f"an example under “{value.name}”: {advice}")
    except ValueError as error:
        fields["text"].mistake(str(error))
    return Example(
        text,
        spans,
        fields["fixed"].text() if "fixed" in fields else None,
        fields["as"].choice(KINDS) if "as" in fields else "markdown",
        fields["encoded"].encoding() if "encoded" in fields else None,
        value.line,
    )
