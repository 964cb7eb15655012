"""What there is to say about a rule, in short texts: for `copydesk explain`, reports and docs/rules.md."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import NamedTuple

from linter import origin, template
from linter.loading import iso639, kinds
from linter.loading.wording import listed
from linter.prose.spellings import NAME as WORDS
from linter.rule import Example, Rule

SAFE, UNSAFE = "It cannot change the meaning.", "Look at it first: it may change the meaning."


class Option(NamedTuple):
    """A key of a kind of check: what it holds in a rule, one text an entry.

    `given` says that the rule sets it, `plain` that it is a single text.
    """

    name: str
    values: tuple[str, ...]
    given: bool
    plain: bool


class Way(NamedTuple):
    """A way to silence a rule: what it does, and what to write."""

    does: str
    snippet: str


def fixable(rule: Rule) -> bool:
    """Whether the examples show that the rule mends what it finds."""
    return any(map(mends, rule.bad))


def mends(example: Example) -> bool:
    """Whether the example shows a text, or one of several, after the fix."""
    return any(article.fixed is not None for article in example.articles or (example,))


def languages(rule: Rule) -> str:
    """“any”, or the languages by their names."""
    return ", ".join(sorted(iso639.NAMES.get(code, code) for code in rule.languages)) or "any"


def formats(rule: Rule) -> str:
    """The kinds of source it is for, or "" where it is for all."""
    names = {"html": "HTML", "markdown": "Markdown", "text": "plain text"}
    return ", ".join(names[kind] for kind in sorted(rule.formats))


def places(rule: Rule) -> str:
    """What of an article the rule looks at."""
    if rule.looks_at != "block":
        return "the whole article" if rule.looks_at == "document" else "all articles of a folder"
    wanted = ", ".join(sorted(rule.scope))
    without = f", but not {listed(sorted(rule.not_scope))}" if rule.not_scope else ""
    speech = {"skip": "; not in direct speech", "only": "; in direct speech only"}.get(rule.in_quotes, "")
    return wanted + without + speech


def silent(rule: Rule) -> str:
    """Where the rule says nothing, by what its file says; "" where it says nothing of that."""
    places = [f"on articles about {listed(rule.not_about)}"] if rule.not_about else []
    if rule.not_from:
        named = "any generator" if origin.ANY in rule.not_from else listed(sorted(rule.not_from))
        places.append(f"in what is, or may be, a source for {named}")
    places += [f"in {listed([f'“{phrase}”' for phrase in rule.exceptions])}"] if rule.exceptions else []
    return ", and ".join(places)


def mending(rule: Rule) -> str:
    """What its fix does, or that it has none."""
    if not fixable(rule):
        return "None; this is for a person to mend."
    return f"{_edit(rule.fix.replace)} {SAFE if rule.fix.safe else UNSAFE}"


def _edit(replacement: str | None) -> str:
    if replacement is None:
        return "Puts it right as the examples show."
    if not replacement:
        return "Deletes what is marked."
    names = template.fields(replacement)
    return "Puts it right as the examples show." if names else f"Writes “{replacement}” in its place."


def kind(name: str) -> tuple[str, str]:
    """What a kind of check looks for, in one line, and what its keys mean; its own docstrings."""
    made = kinds.check_class(name)
    module = inspect.getmodule(made)
    return _paragraph(inspect.getdoc(module)), _paragraph(made.__doc__)


def _paragraph(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


def options(rule: Rule) -> tuple[Option, ...]:
    """The keys of its kind of check, in order, those too that it leaves as they are."""
    held = {name: getattr(rule.check, name) for name in kinds.options(rule.kind)}
    return tuple(
        Option(name, _values(value), name in rule.options, isinstance(value, str)) for name, value in held.items()
    )


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(f"{key} → {each}" for key, each in value.items())
    if isinstance(value, tuple):
        return tuple(map(str, value))
    return (str(value).lower() if isinstance(value, bool) else str(value),)


def ways(rule: Rule, *, shipped: bool) -> tuple[Way, ...]:
    """How to silence a rule that is on: here and there, or for good."""
    found = [
        Way("in copydesk.yaml, for some articles", f"suppressions: [{{path: old/, rule: {rule.name}}}]"),
        Way("in the article, above the block", f"<!-- copydesk: ignore {rule.name} -- why -->"),
        Way("in copydesk.yaml, for good", f"ignore: [{rule.name}]"),
        Way("for one run", f"copydesk check --ignore {rule.name}"),
        Way("in copydesk.yaml, for all rules", "exclude: [drafts/]"),
    ]
    if rule.severity != "info":
        found.insert(3, Way("in copydesk.yaml, to count it only", f"severity: {{{rule.name}: info}}"))
    if rule.vocabulary:
        found.insert(0, Way(f"in {WORDS}, a word or name a line", "a right spelling"))
    if not shipped and rule.looks_at == "block":
        found.insert(0, Way(f"in {rule.file}", "exceptions: [a phrase it is right in]"))
    return tuple(found)
