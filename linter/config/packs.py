"""Read packs, which are folders of rule files. The mistakes in all files are reported together."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import count
from pathlib import Path
from types import MappingProxyType

from linter import file_safety
from linter.config import rule_file, yaml_file
from linter.config.config import BadConfig
from linter.config.yaml_file import File
from linter.digest import file_digest, shipped_folder
from linter.rule import BadRule, Rule

ENTRIES = 100_000  # maximum files and folders in one folder of packs
FILES = 10_000  # maximum rule files in one folder of packs
LEADS_OUT = "this link leads outside the repository, or without one outside the folder of packs; copy the rules here"
NO_TEXTS: Mapping[str, str] = MappingProxyType({})
_SUFFIX = ".yaml"
_CHANGED = "the rule files have changed since the linter was created; create it again"
_NO_FOLDER = "this folder of packs does not exist"
_NAME_ANOTHER = "name a folder that contains only packs"
_DEFAULT_PACK = "house"  # the pack of a single rule file, if the name of its folder is not valid for a pack


@lru_cache(2)  # most linters in a process know the same rules: those that the package stores
def shipped_rules(known: frozenset[Rule] = frozenset()) -> tuple[Rule, ...]:
    """Return the shipped rules, sorted by pack and file name. Their patterns are trusted, and compiled on first use.

    Rule files with the digests of rules in `known` are not parsed again.
    """
    by_digest = {rule.digest: rule for rule in known}
    return _without_mistakes(_read(Path(shipped_folder()), "rules", trusted=True, known=by_digest))


def load_folder(folder: Path, *, explained: bool = False) -> tuple[Rule, ...]:
    """Return the rules in `folder`, a folder of packs, sorted by pack and file name.

    `explained` is as in `load_rule`. Raises BadRule with the mistakes in all files.
    """
    return _without_mistakes(_read(folder, yaml_file.shown_path(folder), explained=explained))


def load_pack(folder: Path, *, explained: bool = False) -> tuple[Rule, ...]:
    """Return the rules in `folder`, which is one pack, sorted by file name.

    `explained` is as in `load_rule`. Raises BadRule with the mistakes in all files.
    """
    full = Path(os.path.abspath(folder))
    where = yaml_file.shown_path(full.parent)
    return _without_mistakes(_read(full.parent, where, only=full.name, explained=explained))


def is_pack(folder: Path) -> bool:
    """Return whether a folder is one pack, not a folder of packs: it has rule files, and its folders have none."""
    return any(map(_is_rule_file, folder.glob("*"))) and not any(map(_is_rule_file, folder.glob("*/*")))


def _is_rule_file(path: Path) -> bool:
    return path.name.endswith(_SUFFIX) and not path.name.startswith((".", "_")) and path.is_file()


def _without_mistakes(read: tuple[tuple[Rule, ...], list[str]]) -> tuple[Rule, ...]:
    rules, mistakes = read
    if mistakes:
        raise BadRule(mistakes)
    return rules


def load_packs(
    folders: Iterable[str | Path], known: Mapping[bytes, Rule] | None = None, texts: Mapping[str, str] = NO_TEXTS
) -> tuple[Rule, ...]:
    """Return the shipped rules and the rules in `folders`, which are folders of packs. The rules are sorted by name.

    A folder that is named twice is read only once. `known` maps digests of rule files to rules; files with these
    digests are not parsed again. `texts` are the texts of more rule files, by path (see `rule_texts`). Raises BadRule
    with the mistakes in all files, including repeated rule names.
    """
    stored = frozenset(rule for rule in known.values() if rule.trusted) if known else None
    rules = {rule.name: rule for rule in (shipped_rules(stored) if stored else shipped_rules())}
    mistakes: list[str] = []
    found = [_read(folder, yaml_file.shown_path(folder), known=known) for folder in _unique(folders)]
    for own, own_mistakes in (*found, _parse_texts(texts)):
        mistakes += own_mistakes
        for rule in own:
            other = rules.setdefault(rule.name, rule)
            if other is not rule:
                mistakes.append(f"{rule.file}:1:1: “{rule.name}” is already defined in {other.file}; choose another id")
    if mistakes:
        raise BadRule(mistakes)
    return tuple(sorted(rules.values(), key=lambda rule: rule.name))


def _unique(folders: Iterable[str | Path]) -> Iterable[Path]:
    return dict.fromkeys(Path(os.path.abspath(folder)) for folder in folders)


def rule_texts(folders: Iterable[str | Path], digests: Collection[bytes]) -> dict[str, str]:
    """Return the texts of the rule files in `folders`, which are folders of packs, by the absolute paths of the files.

    Raises BadConfig if the digests of the files are not `digests`, which are those of loaded rules.
    """
    found, texts, mistakes = set(), {}, list[str]()
    for folder in _unique(folders):
        where, boundary = yaml_file.shown_path(folder), file_safety.repository_top(os.path.realpath(folder))
        with suppress(BadRule):  # there are too many files
            for _, file, path in _rule_files(folder, where, mistakes, boundary):
                found.add(file_digest(path, str(file)))
                texts[str(file)] = yaml_file.read(file, File(path)) or ""
    if found != set(digests):
        raise BadConfig([_CHANGED])
    return texts


def _parse_texts(texts: Mapping[str, str]) -> tuple[tuple[Rule, ...], list[str]]:
    """Return the valid rules in the texts of rule files, by path, and the mistakes.

    The last two parts of a path are the pack and the name of the file.
    """
    rules: list[Rule] = []
    mistakes: list[str] = []
    for path, text in texts.items():
        pack, name = ("", *path.split("/"))[-2:]
        origin = File(path)
        if not rule_file.NAME.fullmatch(pack) or not name.endswith(_SUFFIX):
            origin.failure("this is not the path of a rule file, such as house/style/tram.yaml")
        elif top := yaml_file.load(Path(path), origin, rule_file.LIMITS, text):
            rules += filter(None, [rule_file.read_rule(top, pack, name.removesuffix(_SUFFIX))])
        mistakes += origin.mistakes
    return tuple(rules), mistakes


def load_rule(path: Path, text: str | None = None, *, explained: bool = False) -> Rule:
    """Return the rule in the file `path`. If `text` is given, it is used as the text of the file.

    The pack of the rule has the name of the folder that contains the file, or “house” if this is not a valid name. If
    `explained` is true, the rule must have a reason and examples (see `rule_file.read_rule`). Raises BadRule with all
    mistakes in the file.
    """
    pack, origin = Path(os.path.abspath(path)).parent.name, File(yaml_file.shown_path(path))
    top = yaml_file.load(path, origin, rule_file.LIMITS, text)
    pack = pack if rule_file.NAME.fullmatch(pack) else _DEFAULT_PACK
    rule = rule_file.read_rule(top, pack, path.stem, explained=explained) if top else None
    if rule is None:
        raise BadRule(origin.mistakes)
    return rule


def _read(
    folder: Path,
    where: str,
    *,
    only: str = "",
    trusted: bool = False,
    explained: bool = False,
    known: Mapping[bytes, Rule] | None = None,
) -> tuple[tuple[Rule, ...], list[str]]:
    """Read the rules in a folder of packs, and return the valid rules and the mistakes.

    `where` is the path of the folder in messages. If `only` is the name of a pack, no other pack is read.
    """
    rules: list[Rule] = []
    mistakes: list[str] = []
    real = os.path.realpath(folder)
    boundary = "" if trusted else file_safety.repository_top(real)  # shipped rules may be links
    try:
        for pack, file, path in _rule_files(folder, where, mistakes, boundary, only):
            digest = file_digest(path, str(file))
            if known and digest in known:
                rules.append(known[digest])
                continue
            origin = File(path)
            top = yaml_file.load(file, origin, rule_file.LIMITS)
            id_ = file.name.removesuffix(_SUFFIX)
            if top and (rule := rule_file.read_rule(top, pack, id_, trusted=trusted, explained=explained)):
                rules.append(replace(rule, digest=digest))
            mistakes += origin.mistakes
    except BadRule as too_many:
        mistakes += too_many.mistakes
    return tuple(rules), mistakes


def _rule_files(
    folder: Path, where: str, mistakes: list[str], boundary: str, only: str = ""
) -> Iterator[tuple[str, Path, str]]:
    """Yield the pack, the path, and the path for messages of each usable rule file, sorted by pack and file name.

    If `only` is the name of a pack, only its files are yielded. Mistakes are added to `mistakes`. Links must not lead
    out of the folder `boundary`, unless it is "". Raises BadRule if there are too many files and folders.
    """
    if not folder.is_dir():
        is_file = os.path.exists(folder)
        mistakes.append(f"{where}: {'this is a file; name a folder of packs' if is_file else _NO_FOLDER}")
        return
    listed = count(1)
    files = 0
    for pack in [folder / only] if only else _entries(folder, where, mistakes, listed):
        if pack.name.endswith((_SUFFIX, ".yml")):
            move = f"move this rule to the folder of its pack, {where}/<pack>/<id>.yaml"
            mistakes.append(f"{where}/{pack.name}: {move}; if “{where}” is a pack, name the folder that contains it")
        if not pack.is_dir():
            continue
        if _is_outside(pack, boundary):
            mistakes.append(f"{where}/{pack.name}: {LEADS_OUT}")
            continue
        for file in _entries(pack, f"{where}/{pack.name}", mistakes, listed):
            path = f"{where}/{pack.name}/{file.name}"
            if file.name.endswith(".yml"):
                mistakes.append(f"{path}: the name of a rule file must end in “.yaml”")
            elif file.name.endswith(_SUFFIX) and not rule_file.NAME.fullmatch(pack.name):
                mistakes.append(f"{path}: “{pack.name}” is not a pack name; use a-z, 0-9 and hyphens")
            elif file.name.endswith(_SUFFIX) and _is_outside(file, boundary):
                mistakes.append(f"{path}: {LEADS_OUT}")
            elif file.name.endswith(_SUFFIX):
                files += 1
                if files > FILES:
                    raise BadRule([f"{where}: this folder has more than {FILES:,} rule files; {_NAME_ANOTHER}"])
                yield pack.name, file, path


def _is_outside(path: Path, boundary: str) -> bool:
    return bool(boundary) and not file_safety.is_inside(os.path.realpath(path), boundary)


def _entries(folder: Path, where: str, mistakes: list[str], listed: Iterator[int]) -> list[Path]:
    """Return the files and folders in a folder, sorted by name, except those whose names begin with “.” or “_”.

    If the folder cannot be opened, add a mistake to `mistakes` and return []. Raises BadRule if the counter `listed`
    exceeds ENTRIES.
    """
    entries = []
    try:
        for entry in folder.iterdir():
            if next(listed) > ENTRIES:
                raise BadRule([f"{where}: this folder has more than {ENTRIES:,} files and folders; {_NAME_ANOTHER}"])
            if not entry.name.startswith((".", "_")):
                entries.append(entry)
    except OSError as error:
        mistakes.append(f"{where}: this folder cannot be opened: {error.strerror}")
        return []
    return sorted(entries, key=lambda entry: entry.name)
