"""Make the rules of Vale styles, and their checks, from definitions."""

from __future__ import annotations

from importlib import import_module

from linter import patterns
from linter.analysis.literals import Literals, expected
from linter.rule import VALE, Rule, RuleFix
from linter.vale.checks._base import ArticleRule, BlockRule, JoinedSearch, OncePerArticle, SearchRule
from linter.vale.definition import SEVERITIES, Context, Definition

_MESSAGE = "{message:full}"
_FREQUENT = 2  # occurrences of literals in 1000 characters
_CAPITAL = patterns.lazy(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def make_check(definition: Definition, context: Context) -> BlockRule:
    """Return the check for a definition. Raises BadOption if an option has a value that cannot be used."""
    module = import_module(f"linter.vale.checks.{definition.extends}")
    check: BlockRule = module.make(definition, context)
    if isinstance(check, ArticleRule) or not (_are_frequent(check.literals) or definition.limit):
        return check
    if isinstance(check, SearchRule) and check.search.is_local:
        return JoinedSearch(check)
    return OncePerArticle(check)


def _are_frequent(needed: Literals | None) -> bool:
    """Whether literals occur in so many blocks that a rule takes less time if it searches all blocks at once."""
    return not needed or sum(map(expected, needed[0])) > _FREQUENT


def rule_of(check: BlockRule) -> Rule:
    """Return the rule with a check."""
    definition = check.definition
    name = definition.name.partition(".")[2]
    return Rule(
        pack=definition.style,
        id=name,
        summary=f"{definition.style}: {_words(name)}",
        why=" ".join(definition.description.split()),
        severity=SEVERITIES[definition.level],
        check=check,
        message=_MESSAGE,
        source=definition.link,
        scope=check.selectors.views,
        fix=RuleFix(safe=True),
        file=definition.file,
        kind=f"{VALE}{definition.extends}",
        options=definition.options,
    )


def _words(name: str) -> str:
    """Return the name of a rule as words: “first person” for `FirstPerson`."""
    words = _CAPITAL.split(name)
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
