"""Find and read the config: copydesk.yaml or the table [tool.copydesk] of pyproject.toml, and words.txt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from linter import extensions, file_safety, output, rule
from linter.config import overrides, yaml_file
from linter.config.config import BadConfig, Config, ForPaths, RunOptions
from linter.config.overrides import read_globs, read_selectors, read_severities
from linter.config.yaml_file import File, Value
from linter.files import sites
from linter.finding import SEVERITIES
from linter.rule import BadRule, Words
from linter.suggest import cut_text
from linter.text import language

NAME = "copydesk.yaml"
PYPROJECT = "pyproject.toml"
_WORDS_LIMIT = 16_000_000  # bytes; enough for all word forms of a language
PYPROJECT_LIMIT = 1_000_000  # bytes
LIMITS = yaml_file.Limits(100_000, 10_000, 10_000)
MISNAMED = ("copydesk.yml", ".copydesk.yaml", ".copydesk.yml")
REASONS = ("required", "optional")
KEYS = (
    *("rules", "packs", "select", "ignore", "severity", "options", "overrides", "preview", "fail-on"),
    *("paths", "exclude", "encoding", "language", "site"),
    *(key for each in extensions.installed() for key in each.config_keys),
    *("suppressions", "suppression-reasons"),
)


def load_config(options: RunOptions) -> Config:
    """Return the config of a run.

    Raises BadConfig with all mistakes. If the config file has no mistakes, the rules are not read. If it has mistakes,
    the rules are read too, so that mistakes in the rules are reported at the same time. If the rules have no mistakes,
    unknown rules and options in the config are also reported, unless they may be rules of an extension, which are not
    read.
    """
    try:
        config = resolve_config(options.config, isolated=options.isolated, folder=options.folder)
        return config._replace(run=options)
    except BadConfig as bad:
        if bad.config is None:
            raise
        from linter.config import packs, select

        more: Sequence[str] = ()
        try:
            rules = packs.load_packs((*bad.config.rule_folders, *options.rule_folders))
            config = bad.config._replace(run=options)
            if not any(each.adds_rules(config) for each in extensions.installed()):
                more = select.mistakes(rules, config)
        except BadRule as others:
            more = others.mistakes
        raise BadConfig([*dict.fromkeys((*bad.mistakes, *more))]) from None


def resolve_config(file: str | None = None, *, isolated: bool = False, folder: str = "") -> Config:
    """Return the config in `file` or, if it is None, in the nearest config file in or above `folder`.

    `folder` is an absolute path, or "" for the working folder. If there is no config file, the result has the default
    settings. If `isolated` is true, no file is searched for, and words.txt is not read. Raises BadConfig with all
    mistakes in the config file, if the search finds a file with a wrong name such as copydesk.yml, or if words.txt
    cannot be read.
    """
    if isolated and file is None:
        return Config()
    here = Path(folder or os.getcwd())
    path = Path(file) if file is not None else find_config(here)
    config = read_config(path) if path else Config()
    folders = [path.parent] if path else []
    files = [path] if path else []
    named = folders if file is not None else []
    if not isolated and (words := _words_file([*folders, here], named)):
        files.append(words)
        config = config._replace(words=_words(words))
    return config._replace(files=tuple(map(os.path.abspath, files)))


def _words_file(folders: Iterable[Path], named: Iterable[Path]) -> Path | None:
    """Return the path of the first usable words.txt in `folders`, or None if there is none.

    A file of an untrusted user is used only if its folder is in `named`.
    """
    for folder in folders:
        path = os.path.join(os.path.abspath(folder), rule.WORDS_FILE)
        if os.path.lexists(path) and (folder in named or not file_safety.is_foreign(path)):
            return Path(path)
    return None


def _words(path: Path) -> Words:
    """Return the words in the words.txt at `path`. Raises BadConfig if the file cannot be read."""
    file = File(yaml_file.shown_path(path))
    if (text := yaml_file.read(path, file, _WORDS_LIMIT)) is None:
        raise BadConfig(file.mistakes)
    return Words(text.splitlines())


def find_config(folder: Path) -> Path | None:
    """Return the path of the nearest config in or above `folder`, or None if there is no config.

    The search ends at the top of the repository. If a folder has both copydesk.yaml and a pyproject.toml with settings,
    copydesk.yaml is used, and a notice on standard error says so. Files of untrusted users are skipped, each with a
    notice. Raises BadConfig if a file with a wrong name, such as copydesk.yml, is found before any config.
    """
    for above in map(Path, file_safety.parent_folders(os.path.abspath(folder))):
        file, pyproject = above / NAME, above / PYPROJECT
        if os.path.lexists(file) and _is_trusted(file):
            if has_table(pyproject):
                advice = f"{NAME} in the same folder takes precedence; delete one of them"
                output.notice(f"copydesk: [tool.copydesk] in {pyproject} is not used: {advice}")
            return file
        for other in (above / name for name in MISNAMED):
            if os.path.isfile(other) and not file_safety.is_foreign(str(other)):
                raise BadConfig([f"{yaml_file.shown_path(other)}:1:1: rename this file to “{NAME}”, or it is not read"])
        if has_table(pyproject) and _is_trusted(pyproject):
            return pyproject
    return None


def _is_trusted(file: Path) -> bool:
    return not file_safety.is_foreign(str(file), f"to use it, pass “--config {file}”")


def has_table(file: Path) -> bool:
    """Whether a pyproject.toml has the table [tool.copydesk], or seems to have it but is not TOML.

    The result is False for a file that does not exist, cannot be read, or is larger than 1 MB.
    """
    try:
        data = file_safety.read_regular_file(file, PYPROJECT_LIMIT)
    except OSError:
        return False
    if b"copydesk" not in data:
        return False
    from linter.config import pyproject  # which imports PyYAML and tomllib

    return pyproject.has_table(data)


def read_config(path: Path, text: str | None = None, *, bundled: bool = False) -> Config:
    """Return the config in a file: the table [tool.copydesk] of a `.toml` file, or the content of a YAML file.

    If `text` is given, it is used as the text of the file. If `bundled` is true, messages name `path` as given, and
    “rules”, “paths” and the paths of extensions are left out, because the text is from another machine. Raises
    BadConfig with all mistakes in the file. The `config` of this error has the settings that could be read.
    """
    file = File(path.as_posix() if bundled else yaml_file.shown_path(path))
    is_toml = path.suffix.lower() == ".toml"
    limit = PYPROJECT_LIMIT if is_toml else yaml_file.LIMIT
    content = yaml_file.read_unchanged(path, file, limit, text)
    top = None if content is None else parse(yaml_file.unified_lines(content), file, is_toml=is_toml)
    folder = os.path.dirname(os.path.abspath(path))
    config = _read_top(top, folder, bundled=bundled)._replace(text=content or "") if top else Config()
    if file.mistakes:
        raise BadConfig(file.mistakes, config)
    return config


def parse(text: str, file: File, *, is_toml: bool) -> Value | None:
    r"""Return the content of a YAML config, or the table [tool.copydesk] of a pyproject.toml.

    `text` has `\n` as line ends. If it cannot be read, note a mistake in `file` and return None.
    """
    if not is_toml:
        return yaml_file.parse(text, file, LIMITS)
    from linter.config import pyproject  # which imports PyYAML and tomllib

    return pyproject.parse(text, file, LIMITS)


def _read_top(top: Value, folder: str, *, bundled: bool = False) -> Config:
    """Return the config in a file in `folder` with the content `top`, and note mistakes.

    `bundled` is as in `read_config`.
    """
    given = top.fields(KEYS)
    if bundled:
        given = {key: value for key, value in given.items() if key not in ("rules", "paths")}
    fail_on, exclude, reasons = given.get("fail-on"), given.get("exclude"), given.get("suppression-reasons")
    reasons_required = reasons is not None and reasons.choice(REASONS, "optional") == "required"
    return Config(
        file=top.file.path,
        rule_folders=tuple(Path(path) for path in _rules(given.get("rules"), folder)),
        packs=read_selectors(given.get("packs")),
        select=read_selectors(given.get("select")),
        ignore=read_selectors(given.get("ignore")),
        severity=read_severities(given.get("severity")),
        options=overrides.read_rule_options(given.get("options")),
        overrides=overrides.read_overrides(given.get("overrides"), folder),
        preview="preview" in given and given["preview"].flag(),
        fail_on=fail_on.choice(SEVERITIES) if fail_on else "error",
        paths=_articles(given.get("paths"), folder),
        exclude=read_globs(exclude, folder, exclude.texts()) if exclude else None,
        encoding=_by_glob(given.get("encoding"), folder, Value.encoding),
        language=_by_glob(given.get("language"), folder, _language),
        site=_by_glob(given.get("site"), folder, _engine),
        suppressions=overrides.read_suppression_entries(given.get("suppressions"), folder, reasons=reasons_required),
        reasons_required=reasons_required,
        extensions={
            key: value
            for each in extensions.installed()
            for key, value in each.read_config(given, folder, bundled=bundled).items()
        },
        places={key.text(): key.place for key, _ in top.pairs()},
    )


def _rules(value: Value | None, folder: str) -> Iterator[str]:
    """Yield the absolute paths of the folders of packs that a value names, and note mistakes in the value."""
    top = file_safety.repository_top(os.path.realpath(folder))
    for item, path in named_paths(value, folder):
        if not os.path.isdir(path):
            item.mistake(f"there is no folder “{cut_text(item.text())}” next to this file")
        elif os.path.dirname(path) == path:
            item.mistake(
                f"“{cut_text(item.text())}” is the root of the file system; name a folder that contains only packs"
            )
        elif is_inside(item, path, top, "--rules"):
            yield path


def is_inside(item: Value, path: str, top: str, option: str) -> bool:
    """Whether a path is in the folder `top`. If not, note a mistake that names the option to pass the path with."""
    if file_safety.is_inside(os.path.realpath(path), top):
        return True
    where = "the repository" if file_safety.is_repository_top(top) else "the folder of this file"
    item.mistake(f"“{cut_text(item.text())}” is outside {where}; to use it, pass it with {option}")
    return False


def _articles(value: Value | None, folder: str) -> tuple[str, ...]:
    """Return the files, folders and globs in a value as absolute paths, and note mistakes in the value."""
    top, found = os.path.realpath(folder), []
    for item, path in named_paths(value, folder):
        if file_safety.is_inside(os.path.realpath(path), top):
            found.append(path)
        else:
            advice = "to check it, pass it on the command line"
            item.mistake(f"“{cut_text(item.text())}” is outside the folder of this file; {advice}")
    return tuple(found)


def named_paths(value: Value | None, folder: str) -> Iterator[tuple[Value, str]]:
    """Yield the items of a value with their absolute paths, and note mistakes in the value.

    Relative paths start at `folder`.
    """
    for item in value.items() if value and value.texts() else ():
        text = item.text()
        if "\0" in text:
            item.mistake(f"“{cut_text(text)}” contains U+0000, which is not allowed in paths; delete it")
        elif text.strip():  # an empty text is already reported
            path = os.path.normpath(os.path.join(folder, text))
            # Windows could send the user's name and a hash of the password to another host.
            if _drive(path) == _drive(folder):
                yield item, path
            else:
                item.mistake(f"“{cut_text(text)}” is on another drive or host; move it below the folder of this file")


def _drive(path: str) -> str:
    return os.path.normcase(os.path.splitdrive(path)[0])


def _by_glob(value: Value | None, folder: str, read_one: Callable[[Value], str]) -> tuple[ForPaths, ...]:
    """Return the values of a key that may have different values for different paths.

    `read_one` reads a single value. Globs match paths inside `folder`.
    """
    if value is None:
        return ()
    if value.type != "map":
        return (ForPaths(None, read_one(value), value.place),)
    return tuple(
        ForPaths(read_globs(key, folder, (key.text(),)), read_one(each), each.place) for key, each in value.pairs()
    )


def _engine(value: Value) -> str:
    name = value.text().lower()
    if name and name not in sites.ENGINES and not value.file.is_full:
        advice = value.suggestion(name, sites.ENGINES)
        value.mistake(f"“{cut_text(name)}” is not a site generator or dialect of Markdown that copydesk knows{advice}")
    return name


def _language(value: Value) -> str:
    code = value.plain  # YAML reads the language “no” as a bool
    if code.lower().partition("-")[0] not in language.language_names() and not value.file.is_full:
        value.mistake(language.unknown_language(code))
    return code
