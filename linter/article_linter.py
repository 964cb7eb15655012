"""Check single articles, with config, rules and prefilter that are created once for all articles of a run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from linter import readers
from linter.config.config import Config, RunOptions
from linter.digest import SIZE, blake2b, inputs_digest, rule_files, shipped_folder, versions_digest
from linter.files import sites
from linter.files.articles import STANDARD_INPUT, Article, ReadOptions, read_content
from linter.matching import Budget
from linter.rule import Rule
from linter.serialize import ArticleResult
from linter.source import Source
from linter.suppressions.apply import SuppressionFilter

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.compiled import CompiledRules
    from linter.config.overrides import Override
    from linter.document import Document
    from linter.engine import CrossMatch
    from linter.finding import Finding
    from linter.prefilter.index import IndexedPrefilter

_VALID = b"r"  # suffix of the cache key that says that config and rules have no mistakes
_VARIANTS = 64  # sets of overrides whose rules are cached; an archive has a handful
_LOST_LINK = "it is a link to what is not there"
_NOT_TEXT = "it is not text, or its encoding is not known"
_LOST = 50  # undecodable bytes; a file with fewer is damaged text, a file with more may not be text


@dataclass(frozen=True, eq=False)
class ActiveRules:
    """The rules that are on for some articles, by name, and the suppressions that apply to their findings."""

    rules: tuple[Rule, ...]
    suppressions: SuppressionFilter

    @cached_property
    def prefilter(self) -> IndexedPrefilter:
        """The prefilter of these rules."""
        from linter.prefilter.index import IndexedPrefilter

        return IndexedPrefilter(self.rules)

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The rules that compare the articles of a folder."""
        return across_rules(self.rules)


class ArticleLinter:
    """Config and rules, ready to check one article after the other.

    Rules are read when an article first needs them: articles whose results are cached need none.
    """

    def __init__(
        self,
        options: RunOptions | None = None,
        cache: Cache | None = None,
        *,
        rules: Iterable[Rule] | None = None,
    ) -> None:
        """Read the config that `options` name, and the rules unless `cache` says that they have no mistakes.

        `rules`, if given, replace all others, whatever the config says about them. Raises BadConfig and BadRule with
        all mistakes.
        """
        self.options = options or RunOptions()
        self.config = _config(self.options)
        self.budget = Budget()
        self._given_rules = None if rules is None else tuple(rules)
        self._cache = cache
        self._choose = lru_cache(_VARIANTS)(self._choose_rules)
        if self._given_rules is None:
            self._validate()

    def _validate(self) -> None:
        """Read the rules to find all mistakes, unless the cache says that they have none."""
        if self._cache is None:
            self.active()
        elif not self._cache.get([key := self.digest + _VALID]):
            self.active()
            self._cache.put([(key, b"")])

    @cached_property
    def _compiled(self) -> CompiledRules:
        from linter.compiled import CompiledRules  # cached results need no rules

        folders = (*self.config.rule_folders, *self.options.rule_folders)
        if self._cache is None:
            return CompiledRules(map(str, folders))
        return CompiledRules(map(str, folders), self._cache, self._versions, self.digest)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are on where no override applies, sorted by name."""
        return self.active().rules

    @cached_property
    def possible_rules(self) -> tuple[Rule, ...]:
        """The rules that are on for any article, sorted by name."""
        if not self.config.overrides or self._given_rules is not None:
            return self.rules
        from linter.config import select

        self.active()  # raises BadConfig where the config has mistakes
        found = select.possible_rules(self._compiled.rules, self.config, self.options.select, self.options.ignore)
        return tuple(self._with_words(rule) for rule in found)

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """All rules, on or off, with their examples, sorted by name. Raises BadRule."""
        if self._given_rules is not None:
            return self._given_rules
        return tuple(map(self._compiled.with_examples, self._compiled.rules))

    @property
    def is_portable(self) -> bool:
        """Whether another process can make the same linter from the options."""
        return self._given_rules is None

    @cached_property
    def across_rules(self) -> tuple[Rule, ...]:
        """The rules that compare the articles of a folder and are on for any article."""
        return across_rules(self.possible_rules)

    @cached_property
    def rules_by_name(self) -> Mapping[str, Rule]:
        """`possible_rules` by name, read when the first one is looked up."""
        return _RulesByName(self)

    def with_examples(self, rule: Rule) -> Rule:
        """Return one of the rules with its examples, which rules from the cache lack. Raises BadRule."""
        return rule if self._given_rules is not None else self._compiled.with_examples(rule)

    def active(self, overrides: tuple[Override, ...] = ()) -> ActiveRules:
        """Return the rules that are on for articles to which `overrides` apply."""
        return self._choose(overrides)

    def _choose_rules(self, overrides: tuple[Override, ...]) -> ActiveRules:
        options, config = self.options, self.config
        chosen, all_rules = self._given_rules, None
        if chosen is None:
            from linter.config import select

            all_rules = self._compiled.rules
            # the rules for most articles are chosen first, which finds all mistakes of the config
            choose = select.choose_rules if overrides else select.enabled_rules
            chosen = choose(all_rules, config, options.select, options.ignore, overrides)
        rules = tuple(self._with_words(rule) for rule in chosen)
        suppressions = SuppressionFilter(
            rules,
            None if options.isolated else all_rules,
            config.suppressions,
            partial_rules=bool(self._given_rules is not None or options.select or options.ignore),
            reasons_required=config.reasons_required,
            off=options.no_suppressions,
        )
        return ActiveRules(rules, suppressions)

    def _with_words(self, rule: Rule) -> Rule:
        """Return the rule with the words of words.txt, if its check is about spelling."""
        return replace(rule, words=self.config.words) if self.config.words.right and rule.vocabulary else rule

    def prepare(self) -> None:
        """Create what every article needs, so that forked processes share it."""
        self.active().prefilter.prepare()

    def store_rules(self, cache: Cache) -> None:
        """Store the rules, and the analysis of their patterns, for the next run with the same rules."""
        if "_compiled" in self.__dict__:
            self._compiled.store(cache)

    @cached_property
    def digest(self) -> bytes:
        """A digest of everything besides the article that findings depend on: code, rules, config and options."""
        folders = map(str, (shipped_folder(), *self.config.rule_folders, *self.options.rule_folders))
        files = (file for folder in folders for file in rule_files(folder))
        return inputs_digest(self._versions, (*files, *self.config.files), self.options)

    @cached_property
    def _versions(self) -> bytes:
        return versions_digest()

    def key(self, article: Article, data: bytes, *, across: bool) -> bytes:
        """Return the cache key of the result of `check_article` for an article with the content `data`."""
        about = repr((article.path, article.kind, self._read_options(article), across)).encode("utf-8", "replace")
        hasher = blake2b(about + b"\0", key=self.digest, digest_size=SIZE)
        hasher.update(data)  # without copying it
        return hasher.digest()

    def source(self, article: Article, data: bytes | None = None) -> Source:
        """Return the decoded text of an article, from `data` if given.

        Raises OSError if the file cannot be read, or is not text: it has U+0000 or too many undecodable bytes.
        """
        encoding = self.config.encoding_of(file_path(article))
        data = read_content(article) if data is None else data
        if article.kind == "html" and not encoding:
            from linter.readers.html_head import declared_charset  # most articles are not HTML

            encoding = declared_charset(data)
        source = Source.from_bytes(data, article.path, encoding)
        if _is_binary(source):
            raise OSError(_NOT_TEXT)
        if (nul := source.text.find("\0")) >= 0:
            line, column = source.position(nul)
            raise OSError(f"it is not text: there is a NUL character (U+0000) at {line}:{column}")
        return source

    def read(self, article: Article, data: bytes | None = None) -> Document:
        """Return the document of an article; for a file that cannot be read, an empty one with a note that says so."""
        try:
            return self.document(article, self.source(article, data))
        except OSError as error:
            from linter.document import Document, Note, Span

            lost = isinstance(error, FileNotFoundError) and os.path.islink(article.file)
            why = _LOST_LINK if lost else error.strerror or str(error)
            notes = (Note("unreadable", Span(0, 0), {"what": why}),)
            return Document(Source("", article.path), article.kind, (), notes=notes)

    def document(self, article: Article, source: Source) -> Document:
        """Return the document of an article with this source, in its configured or detected language."""
        from linter.text import language

        options = self._read_options(article)
        document = language.with_language(readers.read(source, article.kind), options.language)
        return replace(document, site=options.site) if options.site else document

    def check_article(self, article: Article, data: bytes | None = None, *, across: bool = False) -> ArticleResult:
        """Check one article, with the content `data` if given; with `across`, collect its facts for `match_across`."""
        return self.check_document(self.read(article, data), file_path(article), across=across)

    def check_document(self, document: Document, path: str, *, across: bool = False) -> ArticleResult:
        """Check a document; `path` is the absolute path for which the config is looked up."""
        from linter import engine  # costly to import, and not needed for cached results

        active = self.active(self.overrides(document, path))
        findings, problems = engine.check(document, active.prefilter, self.budget)
        compared = active.across if across else ()
        facts, cut_off = engine.collect_facts(document, compared, self.budget) if compared else ([], [])
        complete = not (problems or cut_off)
        remaining, suppressed = active.suppressions.filter(
            document, findings, path, across=across, report_mistakes=complete
        )
        return ArticleResult(remaining, sorted(problems + cut_off), facts, suppressed)

    def check_source(self, article: Article, source: Source) -> list[Finding]:
        """Return the findings in an article if `source` is its text."""
        return self.check_document(self.document(article, source), file_path(article)).findings

    def check_across(self, article: Article, matches: Iterable[CrossMatch]) -> ArticleResult:
        """Return the findings in an article for `matches` of rules that compared it with others."""
        from linter import engine

        document, path = self.read(article), file_path(article)
        active = self.active(self.overrides(document, path))
        here = {rule.name: rule for rule in active.rules}
        own = [match._replace(rule=here[match.rule.name]) for match in matches if match.rule.name in here]
        findings, problems = engine.cross_findings(document, own, self.budget)
        remaining, suppressed = active.suppressions.filter(document, findings, path, report_mistakes=False)
        return ArticleResult(remaining, problems, [], suppressed)

    def overrides(self, document: Document, path: str) -> tuple[Override, ...]:
        """Return the overrides that apply to a document at an absolute path."""
        metadata = document.metadata.values
        return tuple(each for each in self.config.overrides if each.applies_to(path, metadata))

    def _read_options(self, article: Article) -> ReadOptions:
        path = file_path(article)
        return ReadOptions(
            self.config.encoding_of(path), self.config.language_of(path), sites.site_around(path) if path else ""
        )


class _RulesByName(Mapping[str, Rule]):
    """The `possible_rules` of a linter by name, read when the first one is looked up."""

    def __init__(self, linter: ArticleLinter) -> None:
        self._linter = linter

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self._linter.possible_rules}

    def __getitem__(self, name: str) -> Rule:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def across_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules that compare the articles of a folder."""
    return tuple(rule for rule in rules if rule.looks_at == "folder")


def file_path(article: Article) -> str:
    """Return the absolute path for which the config of an article is looked up."""
    return os.path.abspath(article.path) if article.file == STANDARD_INPUT else article.file


def _config(options: RunOptions) -> Config:
    if options.isolated and options.config is None:
        return Config()
    from linter.config import load  # which imports the YAML reader

    return load.load_config(options)


def _is_binary(source: Source) -> bool:
    """Whether so many bytes are undecodable that the file must be an image, an archive, or the like."""
    lost = sum(len(run) for _, run in source.undecodable)
    return lost > _LOST and lost * 10 > len(source.text)
