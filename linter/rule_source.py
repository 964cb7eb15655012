"""The interface of rules in addition to those of packs, which an extension adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from linter import extensions

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.config.config import Config
    from linter.document import Document
    from linter.rule import Rule

Sections = tuple[int, ...]  # which parts of the config of a rule source apply to an article


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


def open_rule_source(
    config: Config, cache: Cache | None = None, versions: bytes = b"", texts: Mapping[str, str] | None = None
) -> RuleSource | None:
    """Return the rules that an extension adds for a config, or None (see `Extension.open_rule_source`)."""
    return extensions.first(each.open_rule_source(config, cache, versions, texts) for each in extensions.installed())
