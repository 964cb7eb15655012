"""Folders of rule files → rules; every mistake in any of them with its place, all in one go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count
from pathlib import Path

from linter import file_safety
from linter.config import rule_file, yaml_file
from linter.config.yaml_file import File
from linter.digest import shipped_folder
from linter.rule import BadRule, Rule

ENTRIES = 100_000  # files and folders that are listed to find the rules of one folder of packs
FILES = 10_000  # rule files in it
LEADS_OUT = "this link leads out of the repository, or out of the folder of packs if there is none; copy the rules here"
_SUFFIX = ".yaml"
_NAME_ANOTHER = "name the folder that holds the packs alone"
_DEFAULT_PACK = "house"  # the pack of a rule whose folder has no name for one


class _TooMany(Exception):
    """A folder of packs holds more than is read; the text is the mistake."""


@lru_cache(1)
def shipped_rules() -> tuple[Rule, ...]:
    """The rules that come with the tool, by name. Their patterns are trusted, and compiled when first used."""
    rules, mistakes = _read(Path(shipped_folder()), "rules", trusted=True)
    if mistakes:
        raise BadRule(mistakes)
    return rules


def load_folder(folder: Path, *, explained: bool = False) -> tuple[Rule, ...]:
    """The rules of `folder`, a folder of packs, by name.

    `explained`: a rule must also have its reason and examples. Raises BadRule with all mistakes of all files.
    """
    rules, mistakes = _read(folder, yaml_file.shown_path(folder), explained=explained)
    if mistakes:
        raise BadRule(mistakes)
    return rules


def load_packs(folders: Iterable[str | Path]) -> tuple[Rule, ...]:
    """The shipped rules and those of `folders`, each read once, by name.

    Raises BadRule with all mistakes; a name that is taken already is one.
    """
    rules = {rule.name: rule for rule in shipped_rules()}
    mistakes: list[str] = []
    for folder in dict.fromkeys(Path(os.path.abspath(folder)) for folder in folders):
        own, own_mistakes = _read(folder, yaml_file.shown_path(folder))
        mistakes += own_mistakes
        for rule in own:
            other = rules.setdefault(rule.name, rule)
            if other is not rule:
                mistakes.append(f"{rule.file}:1:1: “{rule.name}” is taken, by {other.file}; choose another id")
    if mistakes:
        raise BadRule(mistakes)
    return tuple(sorted(rules.values(), key=lambda rule: rule.name))


def load_rule(path: Path) -> Rule:
    """The rule of one file, whatever else lies beside it, in a pack that is called as its folder.

    Raises BadRule with all mistakes in it.
    """
    pack, origin = Path(os.path.abspath(path)).parent.name, File(yaml_file.shown_path(path))
    top = yaml_file.load(path, origin, rule_file.LIMITS)
    rule = (
        rule_file.read_rule(top, pack if rule_file.NAME.fullmatch(pack) else _DEFAULT_PACK, path.stem) if top else None
    )
    if rule is None:
        raise BadRule(origin.mistakes)
    return rule


def _read(
    folder: Path, where: str, *, trusted: bool = False, explained: bool = False
) -> tuple[tuple[Rule, ...], list[str]]:
    """(the rules of a folder of packs, the mistakes in it); rules with mistakes are left out."""
    rules: list[Rule] = []
    mistakes: list[str] = []
    real = os.path.realpath(folder)
    around = "" if trusted else file_safety.repository_top(real)  # installers may link what is shipped
    try:
        for pack, file, path in _rule_files(folder, where, mistakes, around):
            origin = File(path)
            top = yaml_file.load(file, origin, rule_file.LIMITS)
            id_ = file.name.removesuffix(_SUFFIX)
            if top and (rule := rule_file.read_rule(top, pack, id_, trusted=trusted, explained=explained)):
                rules.append(rule)
            mistakes += origin.mistakes
    except _TooMany as error:
        mistakes.append(str(error))
    return tuple(rules), mistakes


def _rule_files(folder: Path, where: str, mistakes: list[str], around: str) -> Iterator[tuple[str, Path, str]]:
    """(pack, file, path in mistakes) of each rule file, in order; what lies where no rule belongs is a mistake.

    So is a link that leads out of the folder `around`, if that is not empty. Packs are looked for in `folder` and rules
    in the packs, never deeper. Raises _TooMany beyond ENTRIES or FILES.
    """
    if not folder.is_dir():
        mistakes.append(f"{where}: there is no such folder of packs")
        return
    listed = count(1)
    files = 0
    for pack in _entries(folder, where, mistakes, listed):
        if pack.name.endswith((_SUFFIX, ".yml")):
            mistakes.append(f"{where}/{pack.name}: a rule lies in the folder of its pack, {where}/<pack>/<id>.yaml")
        if not pack.is_dir():
            continue
        if _is_outside(pack, around):
            mistakes.append(f"{where}/{pack.name}: {LEADS_OUT}")
            continue
        for file in _entries(pack, f"{where}/{pack.name}", mistakes, listed):
            path = f"{where}/{pack.name}/{file.name}"
            if file.name.endswith(".yml"):
                mistakes.append(f"{path}: the name of a rule file ends in “.yaml”")
            elif file.name.endswith(_SUFFIX) and not rule_file.NAME.fullmatch(pack.name):
                mistakes.append(f"{path}: “{pack.name}” is no name for a pack; use a-z, 0-9 and hyphens")
            elif file.name.endswith(_SUFFIX) and _is_outside(file, around):
                mistakes.append(f"{path}: {LEADS_OUT}")
            elif file.name.endswith(_SUFFIX):
                files += 1
                if files > FILES:
                    raise _TooMany(f"{where}: this folder has more than {FILES:,} rule files; {_NAME_ANOTHER}")
                yield pack.name, file, path


def _is_outside(path: Path, around: str) -> bool:
    return bool(around) and not file_safety.is_inside(os.path.realpath(path), around)


def _entries(folder: Path, where: str, mistakes: list[str], listed: Iterator[int]) -> list[Path]:
    """What lies in a folder and is not hidden, in order. Raises _TooMany once `listed` counts beyond ENTRIES."""
    entries = []
    try:
        for entry in folder.iterdir():
            if next(listed) > ENTRIES:
                raise _TooMany(f"{where}: there are more than {ENTRIES:,} files and folders; {_NAME_ANOTHER}")
            if not entry.name.startswith((".", "_")):
                entries.append(entry)
    except OSError as error:
        mistakes.append(f"{where}: this folder cannot be opened: {error.strerror}")
        return []
    return sorted(entries, key=lambda entry: entry.name)
