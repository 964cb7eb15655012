"""The rules and settings of one run, ready to be put to an article."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, overload

from linter import engine, readers
from linter.analysis import syntax_tree
from linter.config import packs
from linter.config.config import Config, RunOptions
from linter.digest import SIZE, blake2b, inputs_digest, rule_files, shipped_folder
from linter.document import Document, Note, Span
from linter.files import sites
from linter.files.articles import DEFAULT_OPTIONS, STANDARD_INPUT, Article, ReadOptions, read_content
from linter.matching import Budget
from linter.prefilter import Prefilter
from linter.rule import Rule
from linter.serialize import ArticleResult
from linter.source import Source
from linter.suppressions.filtering import SuppressionFilter
from linter.text import language

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.config.overrides import Override
    from linter.document import Block
    from linter.engine import CrossMatch
    from linter.finding import Finding
    from linter.prefilter.index import IndexedPrefilter

_SOUND = b"r"  # what a key ends in: that the rules have no mistake
_VARIANTS = 64  # sets of overrides whose rules are kept ready; an archive has a handful


@dataclass(frozen=True, eq=False)
class Linter:
    """What `orders` come to: `rules` are those that are on, with the severities they have here.

    `others` gives the rules for articles about which the settings say otherwise, `every` all that there are.
    `budget` is the time that their patterns may take in this run.
    """

    orders: RunOptions
    settings: Config
    rules: Sequence[Rule]
    plan: Prefilter
    silencer: SuppressionFilter
    others: Callable[[tuple[Override, ...]], Ruleset] | None = None
    every: AllRules | None = None
    budget: Budget = field(default_factory=Budget)

    @classmethod
    def open(cls, orders: RunOptions, cache: Cache | None = None) -> Linter:
        """Read the settings, and the rules unless `cache` knows that they are sound: then when they are needed.

        Raises BadConfig and BadRule, with all mistakes.
        """
        settled = _settings(orders)
        every = AllRules(orders, settled, lambda: desk.digest, cache)
        usual = make_ruleset(orders, settled, every)
        others = lru_cache(_VARIANTS)(partial(make_ruleset, orders, settled, every))
        desk = cls(orders, settled, usual.rules, usual.plan, usual.silencer, others, every)
        rules = desk.rules
        if cache is None:
            len(rules)
        elif not cache.get([key := desk.digest + _SOUND]):
            len(rules)
            cache.put([(key, b"")])
        return desk

    def prepare(self) -> None:
        """Make what every article needs, so that processes that are forked have it."""
        if isinstance(self.plan, LazyPrefilter):
            self.plan.prepare()

    def remember(self, cache: Cache) -> None:
        """Keep the rules for the next run with the same ones, and what was read off their patterns."""
        if self.every:
            self.every.keep(cache, lambda: self.rules)

    def explained(self, rule: Rule) -> Rule:
        """One of the rules with its examples, which rules from the cache lack. Raises BadRule."""
        return self.every.explained(rule) if self.every else rule

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The rules that look at folders: what they say takes more than one article."""
        return across_rules(self.possible)

    @cached_property
    def possible(self) -> Sequence[Rule]:
        """The rules that are on somewhere."""
        return LazyRules(self._possible) if self.others and self.settings.overrides else self.rules

    def _possible(self) -> tuple[Rule, ...]:
        from linter.config import select

        assert self.every
        len(self.rules)  # raises BadConfig where the settings have mistakes
        found = select.possible_rules(self.every(), self.settings, self.orders.select, self.orders.ignore)
        return tuple(with_words(rule, self.settings) for rule in found)

    def _ruleset(self, document: Document, one: Article) -> Ruleset:
        """The rules for an article, by what the settings say of its path and its metadata."""
        applied = self.overriding(document, one) if self.settings.overrides else ()
        if applied and self.others:
            return self.others(applied)
        return self._usual

    @cached_property
    def _usual(self) -> Ruleset:
        return Ruleset(self.rules, self.plan, self.silencer)

    def overriding(self, document: Document, one: Article) -> tuple[Override, ...]:
        """The overrides of the settings that hold for an article."""
        path, metadata = _file(one), document.metadata.values
        return tuple(each for each in self.settings.overrides if each.concerns(path, metadata))

    def read(self, one: Article, data: bytes | None = None) -> Document:
        """An article as rules see it; `data` is what stands in it, where that has been read already."""

        return read_article(one, self._told(one), data)

    def check(self, one: Article, data: bytes | None = None, *, across: bool = False) -> ArticleResult:
        """What the rules find in an article; if there is to be a look `across` its folder, what it tells for that."""

        document = self.read(one, data)
        chosen = self._ruleset(document, one)
        outcome = check_document(document, chosen.plan, chosen.across if across and self.across else (), self.budget)
        judged = not outcome.problems
        findings, suppressed = chosen.silencer.sift(
            document, outcome.findings, _file(one), across=across, judged=judged
        )
        return outcome._replace(findings=findings, suppressed=suppressed)

    def stamp(self, one: Article, claims: Iterable[CrossMatch]) -> ArticleResult:
        """What claims about an article, which rules made that look across its folder, come to."""

        document = self.read(one)
        chosen = self._ruleset(document, one)
        here = {rule.name: rule for rule in chosen.rules}
        own = [claim._replace(rule=here[claim.rule.name]) for claim in claims if claim.rule.name in here]
        found, problems = engine.cross_findings(document, own, self.budget)
        findings, suppressed = chosen.silencer.sift(document, found, _file(one), judged=False)
        return ArticleResult(findings, problems, [], suppressed)

    def key(self, one: Article, data: bytes, *, across: bool) -> bytes:
        """What `check` gives for an article in which `data` stands has this for its name."""
        about = repr((one.path, one.kind, self._told(one), across)).encode("utf-8", "replace")
        named = blake2b(about + b"\0", key=self.digest, digest_size=SIZE)
        named.update(data)  # rather than a copy of it
        return named.digest()

    @cached_property
    def digest(self) -> bytes:
        """What all findings of this desk come of besides the articles."""
        folders = map(str, (shipped_folder(), *self.settings.rules, *self.orders.rules))
        files = (file for folder in folders for file in rule_files(folder))
        return inputs_digest((*files, *self.settings.files), self.orders)

    def _told(self, one: Article) -> ReadOptions:
        path = _file(one)
        return ReadOptions(self.settings.encoding_of(path), self.settings.language_of(path), sites.site_around(path))

    def source(self, one: Article, data: bytes | None = None) -> Source:
        """The text of an article, or of `data` in its place, decoded as it is for the rules.

        Raises OSError where it cannot be read.
        """

        return read_source(one, self.settings.encoding_of(_file(one)), data)

    def look(self, one: Article, source: Source) -> list[Finding]:
        """What the rules find in an article if this is its text."""

        document = read_document(one, source, self._told(one))
        chosen = self._ruleset(document, one)
        findings, problems = engine.check(document, chosen.plan, self.budget)
        return chosen.silencer.sift(document, findings, _file(one), judged=not problems)[0]


def _settings(orders: RunOptions) -> Config:
    if orders.isolated and orders.config is None:
        return Config()
    from linter.config import load  # which loads the reader of YAML

    return load.load_config(orders)


def _file(one: Article) -> str:
    """The absolute path that the settings of an article go by."""
    return os.path.abspath(one.path) if one.file == STANDARD_INPUT else one.file


# One file → its findings: opened with care, decoded, read, and put before the rules.

_LOST_LINK = "it is a link to what is not there"
_NO_TEXT = "it is not text, or its encoding is not known"
_LOST = 50  # bytes that stand for nothing; fewer are damage


def check_document(
    document: Document, plan: Prefilter, across: Sequence[Rule] = (), budget: Budget | None = None
) -> ArticleResult:
    """What `plan` finds in an article, and what that tells for the rules that look `across` its folder."""
    findings, problems = engine.check(document, plan, budget)
    accounts, cut_off = engine.collect_facts(document, across, budget)
    return ArticleResult(findings, sorted(problems + cut_off), accounts, [])


def read_article(article: Article, told: ReadOptions = DEFAULT_OPTIONS, data: bytes | None = None) -> Document:
    """A file as rules see it; that it cannot be read is a note of a document without text.

    `data` is what stands in it, where somebody has read that already.
    """
    try:
        return read_document(article, read_source(article, told.encoding, data), told)
    except OSError as error:
        lost = isinstance(error, FileNotFoundError) and os.path.islink(article.file)
        return _unreadable(article, _LOST_LINK if lost else error.strerror or str(error))


def read_document(article: Article, text: Source, told: ReadOptions = DEFAULT_OPTIONS) -> Document:
    """The article of this text, as rules see it."""
    document = language.with_language(readers.read(text, article.kind), told.language)
    return replace(document, site=told.site) if told.site else document


def read_source(article: Article, encoding: str | None = None, data: bytes | None = None) -> Source:
    """The text of a file, as often as anybody asks, or what it would be if `data` were saved there.

    Raises OSError where there is none to be read, and for what is not text: decoded text that holds U+0000, as binary
    files do, or mostly undecodable bytes.
    """
    data = read_content(article) if data is None else data
    if article.kind == "html" and not encoding:
        from linter.readers import html_head  # most articles are no pages

        encoding = html_head.declared_charset(data)
    text = Source.from_bytes(data, article.path, encoding)
    if _is_no_text(text):
        raise OSError(_NO_TEXT)
    if (nul := text.text.find("\0")) >= 0:
        line, column = text.position(nul)
        raise OSError(f"it is not text: there is a NUL character (U+0000) at {line}:{column}")
    return text


def _is_no_text(source: Source) -> bool:
    """Whether so many bytes stand for nothing that it is a picture, an archive, or the like."""
    lost = sum(len(run) for _, run in source.undecodable)
    return lost > _LOST and lost * 10 > len(source.text)


def _unreadable(article: Article, why: str) -> Document:
    return Document(Source("", article.path), article.kind, (), notes=(Note("unreadable", Span(0, 0), {"what": why}),))


# The rules for some articles: chosen, taught, planned, and kept for the next run.

_RULES, _PATTERNS = b"y", b"p"  # what a key ends in: rules, and what was read off their patterns


@dataclass(frozen=True, eq=False)
class Ruleset:
    """The rules for some articles, ready to be put to them."""

    rules: Sequence[Rule]
    plan: Prefilter
    silencer: SuppressionFilter

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """Those that look at folders."""
        return across_rules(self.rules)


def make_ruleset(
    orders: RunOptions, settled: Config, found: Callable[[], tuple[Rule, ...]], overrides: tuple[Override, ...] = ()
) -> Ruleset:
    """Those of the rules in `found` that are on where `overrides` hold; chosen and planned when they are needed."""
    rules = LazyRules(partial(_rules, orders, settled, found, overrides))
    return Ruleset(rules, LazyPrefilter(rules), _silencer(orders, settled, rules, found))


def across_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Those of the rules that look at folders."""
    return tuple(rule for rule in rules if rule.looks_at == "folder")


class AllRules:
    """All rules there are, by the `digest` of all that they come of."""

    def __init__(self, orders: RunOptions, settled: Config, digest: Callable[[], bytes], cache: Cache | None) -> None:
        self._orders, self._settled, self._digest, self._cache = orders, settled, digest, cache
        self._are_new = False  # to the cache
        self._are_kept = False  # they come from the cache

    def __call__(self) -> tuple[Rule, ...]:
        """They as the cache has them, without their examples, or else as they are read."""
        return self._rules

    def explained(self, rule: Rule) -> Rule:
        """One of them, whatever settings changed in it, with its examples. Raises BadRule."""
        self()
        full = self._in_full.get(rule.name) if self._are_kept else None
        return replace(rule, bad=full.bad, good=full.good) if full else rule

    @cached_property
    def _in_full(self) -> dict[str, Rule]:
        """As they are read, by their names."""
        return {rule.name: rule for rule in _read(self._orders, self._settled)}

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        from linter import compiled

        digest = self._digest()
        known = self._cache.get([digest + _RULES, digest + _PATTERNS]) if self._cache else {}
        if data := known.get(digest + _PATTERNS):
            syntax_tree.load_analysis(data)
        if data := known.get(digest + _RULES):
            with suppress(ValueError):
                rules = compiled.unpack_rules(data, lambda name: self._in_full[name])
                self._are_kept = True
                return rules
        self._are_new = True
        return _read(self._orders, self._settled)

    def keep(self, cache: Cache, planned: Callable[[], Iterable[Rule]]) -> None:
        """Keep them for the next run with the same ones, and what those need that are `planned`."""
        if data := syntax_tree.new_analysis():
            cache.put([(self._digest() + _PATTERNS, data)])
        if self._are_new:
            from linter import compiled

            self._are_new = False
            with suppress(ValueError, TypeError):  # an option that is no plain data
                cache.put([(self._digest() + _RULES, compiled.pack_rules(self._rules, planned()))])


def _read(orders: RunOptions, settled: Config) -> tuple[Rule, ...]:
    """All rules there are, whether they are on or off. Raises BadRule with all mistakes in them."""

    return packs.load_packs((*settled.rules, *orders.rules))


def with_words(rule: Rule, settled: Config) -> Rule:
    """The rule with the desk's right spellings, if there are any and its check is about spellings at all."""
    return replace(rule, words=settled.words) if settled.words.right and rule.vocabulary else rule


def _rules(
    orders: RunOptions, settled: Config, found: Callable[[], tuple[Rule, ...]], overrides: tuple[Override, ...]
) -> tuple[Rule, ...]:
    from linter.config import select

    # The desk chooses the rules for most articles first, or the cache knows that the settings have no mistakes.
    choose = select.choose_rules if overrides else select.enabled_rules
    return tuple(
        with_words(rule, settled) for rule in choose(found(), settled, orders.select, orders.ignore, overrides)
    )


def _silencer(
    orders: RunOptions, settled: Config, rules: Sequence[Rule], found: Callable[[], tuple[Rule, ...]]
) -> SuppressionFilter:
    return SuppressionFilter(
        rules,
        None if orders.isolated else found,
        settled.suppressions,
        narrowed=bool(orders.select or orders.ignore),
        explained=settled.explained,
        off=orders.unsilenced,
    )


# The rules of a run, read when somebody first needs them: an article that is known already needs none.


class LazyRules(Sequence[Rule]):
    """The rules that `read` gives, in their order."""

    def __init__(self, read: Callable[[], tuple[Rule, ...]]) -> None:
        self._read = read

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return self._read()

    @overload
    def __getitem__(self, at: int) -> Rule: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, at: int | slice) -> Rule | tuple[Rule, ...]:
        return self.rules[at]

    def __len__(self) -> int:
        return len(self.rules)


class RulesByName(Mapping[str, Rule]):
    """Rules by their names."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    @cached_property
    def _names(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self._rules}

    def __getitem__(self, name: str) -> Rule:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class LazyPrefilter:
    """The plan for rules, made when it is first asked."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    @cached_property
    def _plan(self) -> IndexedPrefilter:
        from linter.prefilter.index import IndexedPrefilter

        return IndexedPrefilter(tuple(self._rules))

    def prepare(self) -> None:
        """Make it."""
        self._plan.prepare()

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]:
        return self._plan.candidates(document)
