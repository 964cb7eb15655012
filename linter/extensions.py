"""The boundary between the core and its extensions: packages of `linter/` that can be deleted, each with its tests.

An extension is a folder of `linter/` with the module `extension.py`, which has an instance of a class derived from
`Extension`, called `EXTENSION`. The core imports extensions in this module only, and calls them by these methods.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from linter.api import Linter
    from linter.cache import Cache
    from linter.config.config import Config
    from linter.config.yaml_file import Value
    from linter.document import Document
    from linter.files.articles import Article, Found
    from linter.finding import Finding, Result
    from linter.rule import Rule
    from linter.source import Source
    from linter.suppressions.article_suppressions import Region

NAMES = ("lsp", "records", "serve", "vale")
_NONE: Mapping[str, str] = MappingProxyType({})
_Answer = TypeVar("_Answer")
Sections = tuple[int, ...]  # which parts of the config of a rule source apply to an article


class Archives(Protocol):
    """The archives among the paths of a command. Each of them contains many articles."""

    @property
    def articles(self) -> tuple[Article, ...]: ...  # one per archive, for functions that need only paths and files

    def others(self) -> Found:
        """Return the articles at the other paths."""

    def check(self, result: Result) -> Result:
        """Check the archives, and return `result` with their results."""

    def reader(self, findings: Iterable[Finding]) -> Callable[[str, str], Source]:
        """Return a function that reads the source of a finding again, by the path of the archive and the record."""


class RuleSource(Protocol):
    """Rules in addition to those of packs, such as those of Vale styles, which have a config of their own."""

    @property
    def file(self) -> str: ...  # the path of the config
    @property
    def only(self) -> bool: ...  # whether the rules of packs are off
    @property
    def anywhere(self) -> tuple[Rule, ...]: ...  # all rules; those that are on for some articles are `enabled`
    @property
    def notices(self) -> Sequence[str]: ...  # messages about rules and settings without effect
    @property
    def watched_files(self) -> Iterator[str]: ...  # the paths of the files that the rules depend on
    @property
    def is_stored(self) -> bool: ...  # whether the cache shows that the rules have no mistakes
    @property
    def digest(self) -> bytes: ...  # of everything that the rules depend on; raises BadConfig for mistakes in them

    def here(self, sections: Sections) -> tuple[Rule, ...]:
        """Return all rules, with those `enabled` that are on for articles to which `sections` apply."""

    def sections(self, path: str, kind: str) -> Sections:
        """Return the sections that apply to an article with an absolute path, or with the path ""."""

    def prepare(self, document: Document, path: str) -> Sections:
        """Set the options for reading a document, before rules check it, and return the sections that apply."""

    def store(self) -> None:
        """Store the rules in the cache for the next run, if they were needed."""

    def portable(self) -> tuple[tuple[object, ...], Mapping[str, str]]:
        """Return the options for a bundle, with relative paths, and the texts of all files by absolute path."""

    def values(self, config: Config, sections: Sections) -> Iterator[tuple[str, str, str]]:
        """Yield names, values and places for `copydesk config`."""


class OptionGroup(Protocol):
    """What options are added to: a parser or one of its groups."""

    def add_argument(self, *names: str, **given: Any) -> argparse.Action: ...


class Extension:
    """What the core asks an extension. These answers are those of an extension that adds nothing."""

    name: str  # of its package
    commands: ClassVar[Mapping[str, str]] = _NONE  # summaries by name; their modules are `<name>_command`
    config_keys: tuple[str, ...] = ()
    readers: ClassVar[Mapping[str, str]] = _NONE  # modules with `read(source)`, by the kind of source

    def read_config(self, given: Mapping[str, Value], folder: str, *, bundled: bool) -> Mapping[str, Any]:
        """Return values for `Config.extensions`, read from the config in `folder`. `bundled` is as in `read_config`."""
        return {}

    def config_values(self, config: Config, path: str) -> Iterable[tuple[str, str, str]]:
        """Return names, values and places for `copydesk config`, for the article at the absolute path `path`."""
        return ()

    def starting_config(self, folder: Path) -> tuple[str, Sequence[str]]:
        """Return a paragraph for the config that `copydesk init` writes, and lines to print."""
        return "", ()

    def add_rule_options(self, group: OptionGroup, *, needs_file: bool) -> None:
        """Add options for rules. `needs_file` is as in `cli.options.add_rule_options`."""

    def rule_options(self, given: argparse.Namespace) -> tuple[object, ...] | None:
        """Return the plain data for `RunOptions.rule_source`, or None."""
        return None

    def adds_rules(self, config: Config) -> bool:
        """Whether `open_rule_source` returns rules for this config."""
        return False

    def open_rule_source(
        self, config: Config, cache: Cache | None, versions: bytes, texts: Mapping[str, str] | None
    ) -> RuleSource | None:
        """Return the rules for a config. If `texts` of a bundle are given, no file is opened. Raises BadConfig."""
        return None

    def regions(self, document: Document, findings: Sequence[Finding]) -> Sequence[Region]:
        """Return the parts of an article in which comments of the extension may suppress some of `findings`."""
        return ()

    def add_options(self, parser: argparse.ArgumentParser, command: str) -> None:
        """Add options to the command `check` or `fix`."""

    def run_instead(self, command: str, given: argparse.Namespace, linter: Linter) -> int | None:
        """Run `check` or `fix` if its arguments are for the extension, and return the exit status, or else None."""
        return None

    def find_archives(self, given: argparse.Namespace, linter: Linter) -> Archives | None:
        """Remove the archives from `given.paths` and return them, or None. Raises BadConfig."""
        return None

    def names_archive(self, path: str) -> bool:
        """Whether a path or a glob names archives, which a search in a folder does not open."""
        return False


@cache
def installed() -> tuple[Extension, ...]:
    """Return the extensions whose folders exist."""
    folder = os.path.dirname(__file__)
    found = [name for name in NAMES if os.path.isfile(os.path.join(folder, name, "extension.py"))]
    return tuple(import_module(f"linter.{name}.extension").EXTENSION for name in found)


def first(answers: Iterable[_Answer | None]) -> _Answer | None:
    """Return the first answer that is not None, or None."""
    return next((answer for answer in answers if answer is not None), None)


def open_rule_source(
    config: Config, cache: Cache | None = None, versions: bytes = b"", texts: Mapping[str, str] | None = None
) -> RuleSource | None:
    """Return the rules that an extension adds for a config, or None (see `Extension.open_rule_source`)."""
    return first(each.open_rule_source(config, cache, versions, texts) for each in installed())
