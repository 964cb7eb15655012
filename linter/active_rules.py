"""All rules of a run, and the rules among them that are on for an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from linter import engine
from linter.config import select
from linter.config.config import BadConfig, Config
from linter.config.select import RuleState
from linter.document import Document
from linter.engine import CrossMatch
from linter.finding import uncovered
from linter.matching import Limits
from linter.prefilter.index import IndexedPrefilter
from linter.rule import OWN, Rule
from linter.serialize import ArticleResult, fact_reader
from linter.suppressions.apply import SuppressionFilter
from linter.typed_json import Reader

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.compiled import CompiledRules
    from linter.config.overrides import Override
    from linter.extensions import RuleSource, Sections

_NOTE = "note"  # the kind of rules that report problems with files and suppressions
_VARIANTS = 64  # combinations of overrides whose rules are cached; a typical archive has only a few


@dataclass(frozen=True, eq=False)
class ActiveRules:
    """The rules that are on for some articles, and the suppressions that apply to their findings.

    Rules that a program has passed are in the order of the program; all other rules are sorted by name.
    """

    rules: tuple[Rule, ...]
    suppressions: SuppressionFilter

    @cached_property
    def prefilter(self) -> IndexedPrefilter:
        """The prefilter of these rules, which selects the few rules that may match in a document."""
        return IndexedPrefilter(self.rules)

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The active rules that compare the articles of a folder."""
        return across_rules(self.rules)

    @cached_property
    def _by_name(self) -> Mapping[str, Rule]:
        return {rule.name: rule for rule in self.rules}

    def check(
        self,
        document: Document,
        path: str,
        limits: Limits | None = None,
        *,
        across: bool = False,
        streamed: bool = False,
    ) -> ArticleResult:
        """Return the result of checking a document. The arguments are as in `check_batch`."""
        (result,) = self.check_batch([document], [path], limits, across=across, streamed=streamed)
        return result

    def check_batch(
        self,
        documents: Sequence[Document],
        paths: Sequence[str],
        limits: Limits | None = None,
        *,
        across: bool = False,
        streamed: bool = False,
    ) -> list[ArticleResult]:
        """Return the result of checking each document. Its findings are in order. `limits` are as in `engine.check`.

        `paths` has the absolute path of each article, or "" if it has none. If `across` is true, results include the
        facts for rules that compare articles. If `streamed` is true, suppressions of such rules are never reported as
        unused, because the articles are compared only after this result was written. Values that are cached on the
        documents are deleted.
        """
        checked = engine.check_batch(documents, self.prefilter, limits)
        collected = engine.collect_batch(documents, self.across if across else (), limits)
        results = []
        for document, path, found, compared in zip(documents, paths, checked, collected, strict=True):
            (findings, problems), (facts, cut_off) = found, compared
            document.results.clear()  # many results refer to the document; without them, its memory is freed at once
            complete = not (problems or cut_off)
            remaining, suppressed = self.suppressions.filter(
                document, findings, path, across=across and not streamed, report_mistakes=complete
            )
            results.append(ArticleResult(uncovered(remaining), sorted(problems + cut_off), facts, suppressed))
        return results

    def check_across(
        self, document: Document, path: str, matches: Iterable[CrossMatch], limits: Limits | None = None
    ) -> ArticleResult:
        """Return the result for `matches`, which rules that compare articles found in this document.

        Matches of rules that are off for the document are left out. The other arguments are as in `check_batch`.
        """
        here = self._by_name
        own = [match._replace(rule=here[match.rule.name]) for match in matches if match.rule.name in here]
        findings, problems = engine.cross_findings(document, own, limits)
        remaining, suppressed = self.suppressions.filter(document, findings, path, report_mistakes=False)
        return ArticleResult(remaining, problems, [], suppressed)


class RunRules:
    """All rules of a run: those `given` by a program or, if `given` is None, those in `compiled` and in `source`."""

    def __init__(
        self, config: Config, given: tuple[Rule, ...] | None, compiled: CompiledRules, source: RuleSource | None = None
    ) -> None:
        self.config, self._given, self._compiled, self._source = config, given, compiled, source
        self._choose_once = lru_cache(_VARIANTS)(self._choose)

    def with_config(self, config: Config) -> RunRules:
        """Return the same rules with another config, which may turn on others of them."""
        return RunRules(config, self._given, self._compiled, self._source)

    def active(self, overrides: tuple[Override, ...] = (), sections: Sections = ()) -> ActiveRules:
        """Return the rules that are on for articles to which `overrides`, and `sections` of the rule source, apply.

        Raises BadRule or BadConfig with all mistakes.
        """
        return self._choose_once(overrides, sections)

    def _choose(self, overrides: tuple[Override, ...], sections: Sections) -> ActiveRules:
        own = self._given
        if own is None:
            own = select.rules_for(self._rules_in(sections), self.config, overrides)
        rules = tuple(map(self._with_words, own))
        known = None if self._given is not None or self.config.run.isolated else self.all_rules
        return ActiveRules(rules, SuppressionFilter(rules, known, self.config, given=self._given is not None))

    @cached_property
    def all_rules(self) -> tuple[Rule, ...]:
        """All rules, whether they are on or off. Raises BadRule or BadConfig with all mistakes."""
        rules = (*self._packs, *(self._source.anywhere if self._source else ()))
        if mistakes := select.mistakes(rules, self.config):
            raise BadConfig(mistakes)
        return rules

    @cached_property
    def _packs(self) -> tuple[Rule, ...]:
        """The rules of packs. If only the rules of the rule source run, the rules for problems with files remain."""
        rules = self._compiled.rules
        only = self._source is not None and self._source.only
        return tuple(rule for rule in rules if rule.pack == OWN and rule.kind == _NOTE) if only else rules

    def _rules_in(self, sections: Sections) -> tuple[Rule, ...]:
        """Return all rules; those of the rule source are `enabled` if its `sections` turn them on."""
        every = self.all_rules  # raises the mistakes
        return (*self._packs, *self._source.here(sections)) if self._source else every

    @cached_property
    def possible(self) -> tuple[Rule, ...]:
        """The rules that are on without overrides or under at least one override, sorted by name.

        If a program has passed rules, all of them are possible, in the order of the program.
        """
        if self._given is not None or not (self.config.overrides or self._source):
            return self.active().rules
        return tuple(map(self._with_words, select.possible_rules(self.all_rules, self.config)))

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The rules among `possible` that compare the articles of a folder."""
        return across_rules(self.possible)

    @cached_property
    def fact_readers(self) -> dict[str, Reader]:
        """The readers of the facts for the rules in `across`, by the names of the rules."""
        return {rule.name: fact_reader(rule.check.data) for rule in self.across}  # type: ignore[union-attr]

    def states(self, overrides: Sequence[Override] = (), sections: Sections | None = None) -> list[RuleState]:
        """Return the states (on or off, severity) of all rules for articles to which `overrides` and `sections` apply.

        If `sections` is None, rules of the rule source that are on anywhere count as on. The rules have their examples.
        """
        if self._given is not None:
            return [RuleState(rule, rule, True) for rule in self._given]
        rules = self.all_rules if sections is None else self._rules_in(sections)
        return [select.rule_state(self.with_examples(rule), self.config, overrides) for rule in rules]

    def with_examples(self, rule: Rule) -> Rule:
        """Return `rule` with its examples, which rules from the cache lack.

        Raises BadRule if rule files that must be read have mistakes.
        """
        return rule if self._given is not None else self._compiled.with_examples(rule)

    def store(self, cache: Cache) -> None:
        """Store the rules, and the analysis of their patterns, in `cache` for the next run with the same rules.

        Rules that a program has passed are not stored.
        """
        if self._given is None:
            self._compiled.store(cache)
            if self._source:
                self._source.store()

    def _with_words(self, rule: Rule) -> Rule:
        """Return `rule`, with the allowed words of words.txt if they apply to it."""
        return replace(rule, words=self.config.words) if self.config.words.right and rule.vocabulary else rule


def across_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules among `rules` that compare the articles of a folder."""
    return tuple(rule for rule in rules if rule.looks_at == "folder")
