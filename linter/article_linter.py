"""Check single articles with a config, rules and a prefilter that are created once for all articles of a run."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING

from linter import extensions
from linter.config.config import BadConfig, Config, RunOptions, fitting
from linter.digest import SIZE, inputs_digest, rule_files, shipped_state, versions_digest
from linter.files import sites
from linter.files.articles import STANDARD_INPUT, Article, ReadOptions
from linter.files.sites import Engine
from linter.matching import Limits
from linter.rule import BadRule, Rule
from linter.serialize import ArticleResult

if TYPE_CHECKING:
    from typing import Self

    from linter.active_rules import ActiveRules, RunRules
    from linter.cache import Cache
    from linter.config.overrides import Override
    from linter.document import Document
    from linter.engine import CrossMatch
    from linter.extensions import RuleSource
    from linter.finding import Finding
    from linter.source import Source

_VALID = b"r"  # suffix of the cache key that marks config and rules without mistakes


class ArticleLinter:
    """Config and rules, ready to check one article after another.

    If a cache shows that config and rules have no mistakes, the rules are read only when an article needs them. An
    article with a cached result needs neither the rules nor the modules that read and check articles, which are slow to
    import.
    """

    limits: Limits | None = None  # of the time on each article; None: `matching.LIMITS`
    _bundle = b""  # the bundle that the linter was created from
    _rule_texts: Mapping[str, str] = MappingProxyType({})  # the texts of rule files in the bundle, by path

    def __init__(
        self,
        options: RunOptions | None = None,
        cache: Cache | None = None,
        *,
        rules: Iterable[Rule] | None = None,
    ) -> None:
        """Read the config for `options`, and the rules too unless `cache` shows that they have no mistakes.

        If `rules` are given, no rule files are read: `rules` replace all other rules, and all of them are on. Raises
        BadConfig or BadRule with all mistakes.
        """
        self.options = options or RunOptions()
        self._given_rules = None if rules is None else tuple(rules)
        self._cache = cache
        self.config = _config(self.options)
        self.rule_source = self._open_rule_source()
        if self._given_rules is None:
            self._validate()

    @classmethod
    def from_bundle(cls, data: bytes) -> Self:
        """Return a linter like the one whose `bundle` returned `data`, without opening the files of its config.

        Relative paths in the bundle start at the working folder. Raises BadConfig if the bundle is damaged or was made
        by another version of copydesk, or if the config or rules in it have mistakes.
        """
        from linter import bundle

        made = cls.__new__(cls)
        made.config, made._rule_texts, source_files = bundle.open_bundle(data)
        made.options, made._bundle = made.config.run, data
        made._given_rules = made._cache = None
        try:
            made.rule_source = made._open_rule_source(source_files)
            made._validate()
        except BadRule as bad:
            raise BadConfig(bad.mistakes) from None
        return made

    def with_selection(self, select: tuple[str, ...], ignore: tuple[str, ...]) -> Self:
        """Return a linter with the same config and rules, and other names of rules and packs to select and ignore.

        If `select` is empty, the rules that this linter selects stay selected. The rules that it ignores stay ignored.
        Raises BadConfig if a name is unknown.
        """
        options = self.options._replace(select=select or self.options.select, ignore=(*self.options.ignore, *ignore))
        made = self.__class__.__new__(self.__class__)
        made.__dict__ |= {name: value for name, value in self.__dict__.items() if name not in ("digest", "_own_digest")}
        made.options, made.config, made._bundle = options, self.config._replace(run=options), b""
        made.run_rules = self.run_rules.with_config(made.config)
        made.run_rules.active()
        return made

    def bundle(self) -> bytes:
        """Return the config, the rules and the allowed words as bytes, for `from_bundle` on any machine.

        The bundle contains no code. It depends on the position of the config relative to the working folder, but not on
        the working folder itself. Raises TypeError if a program passed the rules, and BadConfig if rule files have
        changed since they were read, if the bundle would be too large, or if a file is on another drive.
        """
        from linter import bundle

        if self._given_rules is not None:
            raise TypeError("a linter of given rules has no bundle and cannot be pickled")
        return self._bundle or bundle.dump(self.config, self.run_rules.all_rules, self.rule_source)

    def _open_rule_source(self, texts: Mapping[str, str] | None = None) -> RuleSource | None:
        """Return the rules that an extension adds, or None. Raises BadConfig for mistakes in their config.

        If `texts` are given, by path, no file is opened.
        """
        if not (self._given_rules is None or any(rule.is_vale for rule in self._given_rules)):
            return None
        return extensions.open_rule_source(self.config, self._cache, self._versions if self._cache else b"", texts)

    def _validate(self) -> None:
        """Find all mistakes in the rules, unless the cache shows that there are none. Raises BadConfig or BadRule."""
        if self._cache is None:
            self.run_rules.active()
            _ = self.rule_source and self.rule_source.digest  # by which `bundle` sees changes
        elif not self._cache.get([key := self.digest + _VALID]):
            self.run_rules.active()
            self._cache.put([(key, b"")])

    @cached_property
    def run_rules(self) -> RunRules:
        """The rules of the run, which are read when first needed."""
        from linter.active_rules import RunRules
        from linter.compiled import CompiledRules

        folders = [*map(str, self.config.rule_folders), *self.options.rule_folders]
        stored = (self._cache, self._versions) if self._cache else ()
        compiled = CompiledRules(folders, *stored, texts=self._rule_texts)
        return RunRules(self.config, self._given_rules, compiled, self.rule_source)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are on for articles to which no override applies.

        They are sorted by name, except that rules passed by a program keep their order.
        """
        return self.run_rules.active().rules

    @property
    def is_portable(self) -> bool:
        """Whether another process can create the same linter from the bundle."""
        return self._given_rules is None

    def store_rules(self, cache: Cache) -> None:
        """Store the rules, and the analysis of their patterns, in `cache` for the next run with the same rules.

        Nothing is stored if this linter has not needed the rules, or if a program passed them.
        """
        if "run_rules" in self.__dict__:
            self.run_rules.store(cache)

    @cached_property
    def digest(self) -> bytes:
        """A digest of the code, the installed packages, the rule files, the config and the options of the run.

        A bundle takes the place of the user's rule files and the config.
        """
        if self.rule_source is None or self._bundle:
            return self._own_digest
        if not self.rule_source.is_stored:
            _ = self.run_rules.all_rules  # reads the analysis of patterns from the cache before the rules of the source
        return inputs_digest(self._own_digest, (), self.rule_source.digest)

    @cached_property
    def _own_digest(self) -> bytes:
        """The digest without the files of the rule source."""
        folders = map(str, (*self.config.rule_folders, *self.options.rule_folders))
        files = (file for folder in folders for file in rule_files(folder))
        files_of_bundle = self.config.file, self.rule_source.file if self.rule_source else ""
        bundled = self._bundle and (self._bundle, *map(os.path.abspath, files_of_bundle))
        options = (shipped_state(), bundled or self.options)
        return inputs_digest(self._versions, (*files, *self.config.files), options)

    @cached_property
    def _versions(self) -> bytes:
        return versions_digest()

    def key(self, article: Article, content: bytes, *, across: bool) -> bytes:
        """Return the cache key of the result for an article. `content` is the digest of the article's content."""
        about = (article.path, article.kind, self._read_options(article), across, content)
        return blake2b(repr(about).encode("utf-8", "replace"), key=self.digest, digest_size=SIZE).digest()

    def source(self, article: Article, data: bytes | None = None) -> Source:
        """Return the source of an article, decoded from `data` or, if it is None, from the file of the article.

        Raises OSError if the content is not text or cannot be read.
        """
        from linter.files import documents

        return documents.read_source(article, self._read_options(article).encoding, data)

    def read(self, article: Article, data: bytes | None = None) -> Document:
        """Return the document of an article, created from `data` or, if it is None, from the file of the article.

        Raises OSError if the content is not text or cannot be read.
        """
        from linter.files import documents

        return documents.read_document(article, self._read_options(article), data)

    def document(self, article: Article, source: Source) -> Document:
        """Return the document of an article, created from `source` instead of the content of its file."""
        from linter.files import documents

        return documents.document_of(source, article.kind, self._read_options(article))

    def check_documents(
        self, read: Sequence[tuple[Document, str]], *, across: bool = False, streamed: bool = False
    ) -> list[ArticleResult]:
        """Return the result of checking each document of `read`, which come with the absolute paths of their files.

        The documents are checked together, which takes less time. The other arguments are as in
        `ActiveRules.check_batch`.
        """
        groups: dict[ActiveRules, list[int]] = defaultdict(list)
        for number, (document, path) in enumerate(read):
            groups[self.active_in(document, path)].append(number)
        results: dict[int, ArticleResult] = {}
        for active, numbers in groups.items():
            documents, paths = zip(*map(read.__getitem__, numbers), strict=True)
            checked = active.check_batch(documents, paths, self.limits, across=across, streamed=streamed)
            results |= zip(numbers, checked, strict=True)
        return [result for _, result in sorted(results.items())]

    def check_source(self, article: Article, source: Source) -> list[Finding]:
        """Return the findings of an article, with `source` instead of the content of its file."""
        document, path = self.document(article, source), file_path(article)
        return self.active_in(document, path).check(document, path, self.limits).findings

    def check_across(self, document: Document, path: str, matches: Iterable[CrossMatch]) -> ArticleResult:
        """Return the result for `matches`, which rules that compare articles found in this document.

        `path` is the absolute path of the article.
        """
        return self.active_in(document, path).check_across(document, path, matches, self.limits)

    def active_in(self, document: Document, path: str) -> ActiveRules:
        """Return the rules that are on for a document.

        `path` is the absolute path of the article, or "" if it has none.
        """
        if self.rule_source is None:
            return self.run_rules.active(self.overrides(document, path))
        return self.run_rules.active(self.overrides(document, path), self.rule_source.prepare(document, path))

    def overrides(self, document: Document, path: str) -> tuple[Override, ...]:
        """Return the overrides of the config that apply to a document.

        `path` is the absolute path of the article, or "" if it has none.
        """
        metadata = document.metadata.values
        return tuple(each for each in self.config.overrides if each.applies_to(path, metadata))

    def _read_options(self, article: Article) -> ReadOptions:
        path = file_path(article)
        encoding, language = fitting(self.config.encoding, path), fitting(self.config.language, path)
        engine = self.engine(path)
        return ReadOptions(encoding.value or None, language.value, engine.site, engine.dialect)

    def engine(self, path: str) -> Engine:
        """Return the engine that the config or the folders name for the article at the absolute path `path`, or ""."""
        return sites.engine_around(path, fitting(self.config.site, path).value)


def file_path(article: Article) -> str:
    """Return the absolute path that decides which parts of the config apply to an article, or "" if it has no path.

    For standard input, the result is the name that the user gave, or “<stdin>”, as an absolute path.
    """
    return os.path.abspath(article.path) if article.file == STANDARD_INPUT else article.file


def _config(options: RunOptions) -> Config:
    if options.isolated and options.config is None:
        return Config(run=options)
    from linter.config import load  # imports the YAML reader

    return load.load_config(options)
