"""Load the styles of a `.vale.ini` as rules, and decide which of them are on for an article."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import file_safety
from linter.config.config import DEFAULT, BadConfig, Config
from linter.config.yaml_file import shown_path
from linter.digest import inputs_digest
from linter.document import Document
from linter.extensions import Sections
from linter.rule import Rule
from linter.typed_json import dump_json, load_json, typed_reader
from linter.vale import styles, view
from linter.vale.checks._base import BlockRule
from linter.vale.config import ValeConfig
from linter.vale.config_file import read_vale_config
from linter.vale.definition import LEVELS, BadOption, Context, Definition
from linter.vale.files import DiskFiles, Files, GivenFiles, RecordedFiles
from linter.vale.filter import Filter, read_filter
from linter.vale.options import ValeOptions, not_run_phrase
from linter.vale.rules import make_check, rule_of
from linter.vale.stored import pack_checks, unpack_checks

if TYPE_CHECKING:
    from linter.cache import Cache

_VARIANTS = 64  # combinations of sections whose rules are cached
_SUFFIXES = {"markdown": ".md", "html": ".html", "text": ".txt", "wordpress": ".html", "org": ".org"}
_SUMMARY, _CHECKS = b"s", b"c"  # suffixes of the keys in the cache
_CHANGED = "the files of the Vale styles have changed since the linter was created; create it again"


class _Summary(NamedTuple):
    """The stored values about rule files without mistakes.

    `files` are those in `ValeStyles._other_files`, and `digest` is that of `ValeStyles`.
    """

    notices: tuple[str, ...]
    not_run: tuple[str, ...]
    files: tuple[str, ...]
    digest: bytes


class ValeStyles:
    """The rules of the styles that a `.vale.ini` uses.

    The config is read at once; raises BadConfig with all mistakes in it. The rule files are read when the rules are
    first needed, unless `cache` has their content from an earlier run. `versions` is as for `CompiledRules`.
    """

    def __init__(self, options: ValeOptions, files: Files, cache: Cache | None = None, versions: bytes = b"") -> None:
        self.options, self._files, self._cache = options, RecordedFiles(files), cache
        self.config: ValeConfig = read_vale_config(options.file, self._files, styles_path=options.styles_path)
        self._versions = versions
        self._stored = self._read_stored()
        self._here = lru_cache(_VARIANTS)(self._choose)

    @cached_property
    def _key(self) -> bytes:
        """A digest of the options, the working folder, and the contents of the files of the config."""
        return inputs_digest(self._versions, self.config.files, (self.options, os.getcwd()))

    def _read_stored(self) -> _Summary | None:
        """Return the summary in the cache, or None if it is not there or a file has changed."""
        data = self._cache.get([self._key + _SUMMARY]) if self._cache else {}
        with suppress(ValueError):
            for value in data.values():
                summary: _Summary = load_json(value, typed_reader(_Summary))
                return summary if summary.digest == self._digest(summary.files) else None
        return None

    @cached_property
    def _loaded(self) -> styles.LoadedStyles:
        return styles.load_styles(self.config, self._files)

    @cached_property
    def _context(self) -> Context:
        return self.config.context(self._files)._replace(corrects=not self.options.only)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all styles that the config uses, whether they are on or off, sorted by name.

        Raises BadConfig with all mistakes in the rule files.
        """
        return tuple(map(rule_of, self._stored_checks() or self._checks))

    def _stored_checks(self) -> Sequence[BlockRule]:
        """Return the checks in the cache, or () if they are not there."""
        data = self._cache.get([self._key + _CHECKS]) if self._cache and self._stored else {}
        with suppress(ValueError):
            for value in data.values():
                return unpack_checks(value, dict(self.config.rule_files), self._make)
        return ()

    def _make(self, definition: Definition) -> BlockRule:
        """Return the check for a definition from the cache. If the definition is not valid, read its file again."""
        try:
            return make_check(definition, self._context)
        except BadOption:
            for check in self._checks:
                if check.definition.name == definition.name:
                    return check
            raise

    @cached_property
    def _checks(self) -> Sequence[BlockRule]:
        """The checks of all rules, as read from the rule files. Raises BadConfig with all mistakes in them."""
        checks, mistakes = [], [*self._loaded.mistakes]
        for definition in self._loaded.definitions:
            try:
                checks.append(make_check(definition, self._context))
            except BadOption as bad:
                mistakes += self._loaded.mistakes_in(definition, bad, self._files)
        if mistakes:
            raise BadConfig(mistakes)
        return checks

    @property
    def is_stored(self) -> bool:
        """Whether an earlier run stored that the rule files have no mistakes."""
        return self._stored is not None

    @cached_property
    def digest(self) -> bytes:
        """A digest of the options, the working folder, and the contents of all files that the rules depend on.

        Raises BadConfig with all mistakes in the rule files, unless the cache shows that there are none.
        """
        return self._stored.digest if self._stored else self._digest(self._other_files)

    def _digest(self, files: Iterable[str]) -> bytes:
        return inputs_digest(self._key, files, ())

    @property
    def _other_files(self) -> tuple[str, ...]:
        """The paths of other files that were used, such as dictionaries. Some of them may not exist."""
        _ = self.anywhere  # which reads the files
        return tuple(sorted({*self._files.used}.difference(self.config.files)))

    def store(self) -> None:
        """Store the checks in the cache for the next run, unless they are from the cache or were not needed."""
        if self._cache and self._stored is None and "anywhere" in self.__dict__:
            summary = _Summary(tuple(self._notices), tuple(self.not_run), self._other_files, self.digest)
            self._cache.put(
                [(self._key + _SUMMARY, dump_json(summary)), (self._key + _CHECKS, pack_checks(self._checks))]
            )

    def portable(self) -> tuple[ValeOptions, dict[str, str]]:
        """Return the options for a bundle, and the texts of all files that the rules depend on, by absolute path.

        The options have relative paths, and the text of the filter instead of its path. `GivenFiles` takes the texts.
        Raises BadConfig if the files have changed since they were read.
        """
        from linter.bundle import relative_path

        fresh = open_styles(self.options, None, self._versions)
        if fresh.digest != self.digest:
            raise BadConfig([_CHANGED])
        folder = self.options.styles_path and relative_path(self.options.styles_path)
        text = self._filter.text if self._filter else ""
        options = self.options._replace(file=relative_path(self.file), styles_path=folder, filter=text)
        return options, fresh._files.texts

    @property
    def file(self) -> str:
        """The path of the `.vale.ini`."""
        return self.options.file

    @property
    def only(self) -> bool:
        """Whether only the rules of Vale run."""
        return self.options.only

    @property
    def watched_files(self) -> Iterator[str]:
        """The paths of the files that the rules depend on, and of rule files that were added since they were read."""
        yield from dict.fromkeys((*self.config.files, *self._files.used))
        for folder in dict.fromkeys(os.path.dirname(path) for _, path in self.config.rule_files):
            with suppress(BadConfig):
                names = self._files.names(folder) if self._files.is_folder(folder) else ()
                yield from (os.path.join(folder, name) for name in names if name.endswith(".yml"))

    @property
    def notices(self) -> Sequence[str]:
        """Messages about settings without effect, and about rules that are not run."""
        not_run = not_run_phrase(self.not_run)
        return (*self._notices, *([f"copydesk: {not_run}"] if not_run else ()))

    @property
    def _notices(self) -> Sequence[str]:
        return self._stored.notices if self._stored else (*self.config.notices, *self._loaded.notices)

    @property
    def not_run(self) -> Sequence[str]:
        """The names of rules that are not run, because their extension points are not supported."""
        return (self._stored or self._loaded).not_run

    def here(self, sections: Sections) -> tuple[Rule, ...]:
        """Return all rules, with those `enabled` that are on for articles to which `sections` apply."""
        return self._here(sections)

    def _choose(self, sections: Sections) -> tuple[Rule, ...]:
        kept = self._filtered
        return tuple(replace(rule, enabled=rule.name in kept and self._is_on(rule, sections)) for rule in self.rules)

    @cached_property
    def anywhere(self) -> tuple[Rule, ...]:
        """All rules, with those `enabled` that are on for at least one combination of sections."""
        every = [(), *((number,) for number in range(len(self.config.sections)))]
        on = {rule.name for sections in every for rule in self.here(sections) if rule.enabled}
        return tuple(replace(rule, enabled=rule.name in on) for rule in self.rules)

    def _is_on(self, rule: Rule, sections: Sections) -> bool:
        level = self._definitions[rule.name].level
        return LEVELS.index(level) >= self._min_level and self.config.is_on(rule.name, sections)

    @cached_property
    def _definitions(self) -> dict[str, Definition]:
        return {rule.name: rule.check.definition for rule in self.rules}  # type: ignore[union-attr]

    @cached_property
    def _filter(self) -> Filter | None:
        return read_filter(self.options.filter, self.config, self._files) if self.options.filter else None

    @cached_property
    def _filtered(self) -> frozenset[str]:
        """The names of the rules that the option --filter keeps; without it, all names."""
        return self._filter.kept(self._definitions.values()) if self._filter else frozenset(self._definitions)

    @cached_property
    def _min_level(self) -> int:
        """The index in LEVELS of the lowest level that is reported."""
        least = LEVELS.index(self.options.min_level or self.config.min_level)
        if self._filter and self._filter.mentions_level:  # as in Vale, the filter has the last word
            kept = [LEVELS.index(self._definitions[name].level) for name in self._filtered]
            least = min([least, *kept])
        return least

    def sections(self, path: str, kind: str, *, is_record: bool = False) -> Sections:
        """Return the sections that apply to an article.

        `path` is its absolute path, or "" if it has none; it then counts as a file of this kind in the folder of the
        config. For a record, `path` is that of the archive, and sections for files of its kind also apply.
        """
        paths = {path, self._path(path, kind, is_record=is_record)} - {""}
        return tuple(sorted({number for each in paths for number in self.config.sections_for(each)}))

    def _path(self, path: str, kind: str, *, is_record: bool) -> str:
        """Return the path that an article would have as a file. The arguments are those of `sections`."""
        suffix = _SUFFIXES[kind]
        return f"{os.path.splitext(path)[0]}{suffix}" if path and is_record else path or self.config.unnamed(suffix)

    def values(self, config: Config, sections: Sections) -> Iterator[tuple[str, str, str]]:
        """Yield rows for `copydesk config`: names, values and places."""
        file = shown_path(Path(self.file))
        yield "vale", file, "--vale" if config.run.rule_source else config.places.get("vale", DEFAULT)
        yield "vale styles", ", ".join(self.config.styles(sections)) or "none", file

    def prepare(self, document: Document, path: str) -> Sections:
        """Set the options for the views of a document, before rules check it; return the sections that apply.

        `path` is as in `sections`.
        """
        is_record = document.source.record is not None
        sections = self.sections(path, document.kind, is_record=is_record)
        options = self.config.view_options(self._path(path, document.kind, is_record=is_record))
        view.set_options(document, options._replace(ignore_syntax=self.options.ignore_syntax))
        return sections


def open_styles(options: ValeOptions, cache: Cache | None = None, versions: bytes = b"") -> ValeStyles:
    """Return the styles that a config on disk uses (see ValeStyles). Raises BadConfig for mistakes in the config.

    Unless the command line names the config, its files must be in its repository or, without one, in its folder.
    """
    folder = os.path.dirname(os.path.realpath(options.file))
    files = DiskFiles("" if options.named else file_safety.repository_top(folder))
    return ValeStyles(options, files, cache, versions)


def bundled_styles(options: tuple[object, ...], texts: Mapping[str, str]) -> ValeStyles:
    """Return the styles for the options and the texts in a bundle, without opening files.

    Raises BadConfig for mistakes in the config of Vale, and if the options are damaged.
    """
    from linter.bundle import DAMAGED, is_relative

    try:
        own: ValeOptions = typed_reader(ValeOptions)(list(options))
    except ValueError:
        raise BadConfig([DAMAGED]) from None
    paths = (own.file, own.styles_path or own.file)
    if own.min_level not in ("", *LEVELS) or not all(map(is_relative, paths)):
        raise BadConfig([DAMAGED])
    return ValeStyles(own, GivenFiles(texts))
