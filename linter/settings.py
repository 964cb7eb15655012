"""What a house has settled in its copydesk.yaml."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from linter import overrides
from linter.finding import SEVERITIES
from linter.folders import bounds
from linter.loading import iso639, yamlfile
from linter.loading.fields import File, Value
from linter.loading.wishes import globs, severities, wishes
from linter.loading.wording import cut
from linter.prose import spellings
from linter.prose.spellings import Words
from linter.settled import BadConfig, ForPaths, Settings
from linter.silencing import entries

NAME = "copydesk.yaml"
_MISNAMED = ("copydesk.yml", ".copydesk.yaml", ".copydesk.yml")
REASONS = ("required", "optional")
KEYS = (
    *("rules", "packs", "select", "ignore", "severity", "options", "overrides", "fail-on"),
    *("paths", "exclude", "encoding", "language", "suppressions", "suppression-reasons"),
)


def settle(config: str | None = None, *, isolated: bool = False) -> Settings:
    """The settings for a run: of the file `config`, of the one found from the working folder upwards, or none.

    Raises BadConfig with all mistakes.
    """
    if isolated and config is None:
        return Settings()
    file = Path(config) if config is not None else find(Path.cwd())
    settings = read(file) if file else Settings()
    beside = [file.parent] if file else []
    files = [file] if file else []
    if not isolated and (words := _words_file([*beside, Path.cwd()])):
        files.append(words)
        settings = settings._replace(words=_words(words))
    return settings._replace(files=tuple(map(os.path.abspath, files)))


def _words_file(folders: Iterable[Path]) -> Path | None:
    """The words.txt of the first of `folders` that has one."""
    return next((path for path in (folder / spellings.NAME for folder in folders) if path.is_file()), None)


def _words(path: Path) -> Words:
    """The right spellings in a file. Raises BadConfig if it cannot be read."""
    file = File(yamlfile.shown(path))
    if (text := yamlfile.read(path, file)) is None:
        raise BadConfig(file.mistakes)
    return Words(text.splitlines())


def find(folder: Path) -> Path | None:
    """The nearest copydesk.yaml in `folder` or above it, no further than the top of the repository.

    Raises BadConfig for a file that was surely meant as one.
    """
    for above in (folder, *folder.parents):
        if (above / NAME).is_file():
            return above / NAME
        for name in _MISNAMED:
            if (above / name).is_file():
                raise BadConfig(
                    [f"{yamlfile.shown(above / name)}:1:1: the settings are read from a file called “{NAME}”"]
                )
        if (above / ".git").exists():
            break
    return None


def read(path: Path) -> Settings:
    """The settings in a file. Raises BadConfig with all mistakes."""
    file = File(yamlfile.shown(path))
    top = yamlfile.load(path, file)
    folder = os.path.dirname(os.path.abspath(path))
    settings = _settings(top, folder) if top else Settings()
    if file.mistakes:
        raise BadConfig(file.mistakes, settings)
    return settings


def _settings(top: Value, folder: str) -> Settings:
    given = top.fields(KEYS)
    fail_on, exclude, reasons = given.get("fail-on"), given.get("exclude"), given.get("suppression-reasons")
    explained = reasons is not None and reasons.choice(REASONS, "optional") == "required"
    return Settings(
        file=top.file.path,
        rules=tuple(Path(path) for path in _rules(given.get("rules"), folder)),
        packs=wishes(given.get("packs")),
        select=wishes(given.get("select")),
        ignore=wishes(given.get("ignore")),
        severity=severities(given.get("severity")),
        options=overrides.options(given.get("options")),
        overrides=overrides.read(given.get("overrides"), folder),
        fail_on=fail_on.choice(SEVERITIES) if fail_on else "error",
        paths=_articles(given.get("paths"), folder),
        exclude=globs(exclude, folder, exclude.texts()) if exclude else None,
        encoding=_by_glob(given.get("encoding"), folder, Value.encoding),
        language=_by_glob(given.get("language"), folder, _language),
        suppressions=entries.read(given.get("suppressions"), folder, reasons=explained),
        explained=explained,
        places={key.text(): key.place for key, _ in top.pairs()},
    )


def _rules(value: Value | None, folder: str) -> Iterator[str]:
    """The folders of packs in a value."""
    for item, path in _paths(value, folder):
        if os.path.isdir(path):
            yield path
        else:
            item.mistake(f"there is no folder “{item.text()}” beside this file")


def _articles(value: Value | None, folder: str) -> tuple[str, ...]:
    """The files, folders and globs in a value; what lies outside of `folder`, also behind a link, is a mistake."""
    top, found = os.path.realpath(folder), []
    for item, path in _paths(value, folder):
        if bounds.inside(os.path.realpath(path), top):
            found.append(path)
        else:
            advice = "to check it, name it on the command line"
            item.mistake(f"“{cut(item.text())}” leads out of the folder of this file; {advice}")
    return tuple(found)


def _paths(value: Value | None, folder: str) -> Iterator[tuple[Value, str]]:
    """The paths in a value, relative to `folder` there, as absolute ones."""
    for item in value.items() if value and value.texts() else ():
        yield item, os.path.normpath(os.path.join(folder, item.text()))


def _by_glob(value: Value | None, folder: str, read_one: Callable[[Value], str]) -> tuple[ForPaths, ...]:
    """One text for all, or texts under globs."""
    if value is None:
        return ()
    if value.type != "map":
        return (ForPaths(None, read_one(value), value.place),)
    return tuple(ForPaths(globs(key, folder, (key.text(),)), read_one(each), each.place) for key, each in value.pairs())


def _language(value: Value) -> str:
    code = value.plain  # no is a bool, to YAML
    if code.lower().partition("-")[0] not in iso639.NAMES:
        value.mistake(iso639.unknown(code))
    return code
