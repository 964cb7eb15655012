"""The folders of a client, each with its own linter, which is recreated when the config or the rules change."""

from __future__ import annotations

import gc
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from linter import file_safety
from linter.article_linter import ArticleLinter, file_path
from linter.baseline import Baseline, BaselineEntry, split_known
from linter.cache import Cache, cache_folder
from linter.config import load
from linter.config.config import BASELINE, BadConfig, RunOptions
from linter.digest import rule_files
from linter.files import articles, sites
from linter.files.articles import Article
from linter.finding import Finding, Problem
from linter.lsp.settings import DEFAULTS, Settings
from linter.matching import Limits
from linter.rule import WORDS_FILE, BadRule, Rule
from linter.source import UNNAMED, Source

CONFIG_NAMES = (load.NAME, load.PYPROJECT, *load.MISNAMED)
_MISTAKE = re.compile(r"(?s)(.+?):(\d+):(\d+): (.+)")

_LIMITS = Limits(rule=0.25, article=2.0)  # lower than in a run, because a user is waiting
_SLOW = 0.05  # seconds to look at all files
_REST = 20  # times as long as it took, until files are looked at again
Files = tuple[tuple[str | int, ...], ...]  # paths, each with the state of the file (see `articles.state_of`)


class FileMistake(NamedTuple):
    """A mistake in the config or in a rule: the absolute path of the file, a 1-based line and column, and a message.

    If the mistake has no place in a file, `file` is "", and `line` and `column` are 1.
    """

    file: str
    line: int
    column: int
    message: str


class Folder:
    """A folder whose articles share a linter.

    `root` is the absolute path of the folder, or "" for documents without a folder, which are checked without a config.
    If `in_workspace` is true, the folder is a workspace folder. Then, articles that `copydesk check` would leave out,
    if it ran in the folder, are not checked. `rule_folders` are the folders of packs that the config names. All methods
    block, and must be called by one thread at a time.
    """

    def __init__(self, root: str, settings: Settings = DEFAULTS, *, in_workspace: bool = False) -> None:
        self.root, self.in_workspace = root, in_workspace
        self.settings = settings
        self.linter: ArticleLinter | None = None
        self.config_file = ""  # the absolute path of the config in use, or "" if there is none
        self.rules: Mapping[str, Rule] = {}
        self.mistakes: tuple[FileMistake, ...] = ()
        self.generation = 0  # how often `refresh` has created the linter, or has failed to
        self.unused_suppressions: Sequence[Finding] = ()  # in the config, as found by the last check of the folder
        self.rule_folders: tuple[Path, ...] = ()
        self._next_look = 0.0  # when to look at the files again, if that takes long
        self._stamp: tuple[RunOptions, Files] | None = None  # what the linter was created from
        self._cache = Cache(cache_folder())  # of analyzed rules, so that the next linter starts faster
        self._is_stored = False
        self._known: Mapping[str, Sequence[BaselineEntry]] = {}
        self._deleted: Sequence[BaselineEntry] = ()
        self._baseline: Baseline | None = None

    @property
    def options(self) -> RunOptions:
        """The options of a run in this folder."""
        config = os.path.join(self.root, os.path.expanduser(self.settings.config)) if self.settings.config else None
        return RunOptions(
            config=config,
            isolated=not self.root,
            select=self.settings.select,
            ignore=self.settings.ignore,
            folder=self.root,
        )

    @property
    def description(self) -> str:
        """A line for the log: the folder, its config, and the number of rules."""
        if self.mistakes:
            count = len(self.mistakes)
            return f"{self.root}: {count} mistake{'' if count == 1 else 's'} in the config or the rules"
        config = self.config_file or "no config"
        return f"{self.root or 'documents without a folder'}: {config}, {len(self.rules)} rules"

    def refresh(self, *, at_once: bool = True) -> bool:
        """Recreate the linter if its options or files have changed. Return whether they have changed.

        If the config or the rules have mistakes, these are in `mistakes`, and the previous linter remains in use. If
        looking at the files takes long, as on a network drive, and `at_once` is false, they are not looked at again for
        some time.
        """
        _change_to(self.root if self.in_workspace else os.sep)
        options = self.options
        if not at_once and self._stamp and options == self._stamp[0] and monotonic() < self._next_look:
            return False
        start = monotonic()
        files = self._current_files(options)
        taken = monotonic() - start
        self._next_look = start + (_REST * taken if taken > _SLOW else 0)
        if (options, files) == self._stamp:
            return False
        sites.forget()
        try:
            linter = ArticleLinter(options, self._cache)
            linter.limits = _LIMITS
            self._read_baseline(linter)
            self.linter, self.mistakes = linter, ()
            self.config_file = os.path.abspath(linter.config.file) if linter.config.file else ""
            self.rule_folders = linter.config.rule_folders
            self.rules = {rule.name: rule for rule in linter.run_rules.possible}
        except (BadConfig, BadRule) as bad:
            self.mistakes = tuple(map(_mistake, bad.mistakes))
            self.rule_folders = self._folders_in_broken_config()
        self.generation += 1
        _forget_replaced()
        self._is_stored = False
        now = self._current_files(options)  # the linter may depend on other files now
        self._stamp = (options, now) if set(files) <= set(now) else None  # None: a file has changed; read it next time
        return True

    def check(self, text: str, kind: str, path: str) -> tuple[list[Finding], list[Problem]]:
        """Return the new findings of an article, as `copydesk check` reports them, and rules that took too long.

        `path` is absolute, or "" for a document that is not a file.
        """
        if self.linter is None:
            return [], []
        article = Article(path or UNNAMED, path, kind)
        document = self.linter.document(article, Source(text, article.path))
        active = self.linter.active_in(document, file_path(article))
        result = active.check(document, file_path(article), self.linter.limits)
        if not self._is_stored:  # the check has analyzed the patterns of the rules
            self._is_stored = True
            self.linter.store_rules(self._cache)
            self._cache.close()
        return self._new(result.findings, path) if path else result.findings, result.problems

    def skips(self, path: str) -> str:
        """Return why `copydesk check` would leave out an article if it ran in this folder, or "".

        `path` is absolute, or "" for a document that is not a file.
        """
        config = self.linter.config if self.linter else None
        if not path or config is None:
            return ""
        if config.excludes(path):
            return "excluded"
        if not self.in_workspace:
            return ""
        if config.paths and not any(_is_in(path, area) for area in config.paths):
            return "not in the “paths” of the settings"
        return articles.reason_to_skip(path, self.root)

    def _new(self, findings: list[Finding], path: str) -> list[Finding]:
        """Return the findings that are not in the baseline."""
        baseline = self._baseline
        if baseline is None:
            return findings
        entries = self._known.get(baseline.entry_path(path)) or self._deleted
        if not entries:
            return findings
        return list(split_known(findings, entries, baseline.entry_path, self._is_deleted).new)

    def _is_deleted(self, path: str) -> bool:
        if self._baseline is None:
            return False
        return not os.path.lexists(os.path.join(os.path.dirname(self._baseline.path), path))

    def _read_baseline(self, linter: ArticleLinter) -> None:
        """Read the known findings. Raises BadConfig for a baseline with mistakes."""
        if linter.options.isolated or not os.path.lexists(linter.config.baseline):
            self._baseline, self._known, self._deleted = None, {}, ()
            return
        self._baseline = Baseline.open(linter, ())
        known: dict[str, list[BaselineEntry]] = defaultdict(list)
        for entry in self._baseline.known.entries:
            known[entry.path].append(entry)
        self._known = known
        self._deleted = [entry for path, entries in known.items() if self._is_deleted(path) for entry in entries]

    def _folders_in_broken_config(self) -> tuple[Path, ...]:
        """Return the folders of packs of a config with mistakes, as far as they can be read."""
        try:
            return load.resolve_config(self.options.config, isolated=not self.root, folder=self.root).rule_folders
        except BadConfig as bad:
            return bad.config.rule_folders if bad.config else self.rule_folders

    def _current_files(self, options: RunOptions) -> Files:
        """Return the names, times and sizes of the files that the linter depends on."""
        return tuple((file, *articles.state_of(file)) for file in dict.fromkeys(self._files(options)))

    def _files(self, options: RunOptions) -> Iterator[str]:
        if self.root:
            for folder in file_safety.parent_folders(self.root):
                yield from (os.path.join(folder, name) for name in CONFIG_NAMES)
            yield os.path.join(self.root, WORDS_FILE)
        if options.config:
            yield options.config
        if self.linter:
            yield self.linter.config.baseline
            yield from self.linter.config.files
            if self.linter.rule_source:
                yield from self.linter.rule_source.watched_files
        yield from (mistake.file for mistake in self.mistakes if mistake.file)
        if self.config_file:
            yield os.path.join(os.path.dirname(self.config_file), WORDS_FILE)
            yield os.path.join(os.path.dirname(self.config_file), BASELINE)
        for rules in self.rule_folders:
            yield from rule_files(str(rules))


def _forget_replaced() -> None:
    """Free replaced linters, which have reference cycles, and leave all that remains out of later collections."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _change_to(folder: str) -> None:
    """Make a folder the working folder, as in a run there, or the top of the file system if the folder is gone.

    The working folder of the editor may be any folder and may be deleted. Messages and trusted owners depend on it.
    """
    try:
        os.chdir(folder)
    except OSError:
        os.chdir(os.sep)


def _mistake(line: str) -> FileMistake:
    """Return the mistake in a message of the form `file:line:column: message`, or without a place."""
    for option in ("select", "ignore"):
        if line.startswith(f"--{option}: "):
            line = f"in the setting “{option}”, {line.removeprefix(f'--{option}: ')}"
    match = _MISTAKE.fullmatch(line)
    if match and os.path.isfile(match[1]):
        return FileMistake(os.path.abspath(match[1]), int(match[2]), int(match[3]), match[4])
    file, colon, message = line.partition(": ")
    if colon and os.path.isfile(file):
        return FileMistake(os.path.abspath(file), 1, 1, message)
    return FileMistake("", 1, 1, line)


def _is_in(path: str, area: str) -> bool:
    """Whether an article is in `area`, one of the `paths` of the settings: a file, a folder or a glob."""
    if file_safety.is_inside(path, area):
        return True
    parts, pattern = Path(path).parts, Path(area).parts
    return articles.matches_glob(parts, pattern) if "**" in pattern else fnmatch(path, area)


def root_of(path: str) -> str:
    """Return the folder whose config applies to an article outside of all workspace folders, or "" if there is none.

    That is the folder of the nearest config or, without one, the folder of the article if it has a words.txt.
    """
    folder = os.path.dirname(path)
    try:
        config = load.find_config(Path(folder))
    except (BadConfig, FileNotFoundError):  # the latter if the working folder has just been deleted
        return folder  # the linter reports the mistake
    if config:
        return str(config.parent)
    return folder if os.path.lexists(os.path.join(folder, WORDS_FILE)) else ""
