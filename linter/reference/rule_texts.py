"""Describe rules in plain text, for `copydesk explain` and reports, and in Markdown, for docs/rules/ and SARIF."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import linter
from linter import finding, patterns
from linter.checks import check_class
from linter.config import rule_file
from linter.digest import rule_files, shipped_folder
from linter.files import sites
from linter.rule import VALE, Example, Rule, mark_spans
from linter.suggest import as_list
from linter.text.language import language_names

SAFE, UNSAFE = "It cannot change the meaning.", "Review it first: it may change the meaning."
_SAFE_IF_SINGLE = "It is safe unless there are several replacements."
# What the actions of Vale's rules do.
_ACTIONS = {
    "replace": "Replaces the match.",
    "remove": "Deletes the match.",
    "edit": "Edits the match.",
    "convert": "Writes the match as separate words in lowercase.",
}

_SPECIAL = patterns.lazy(r"[\\`*_\[\]<&|]")
_TICKS = patterns.lazy("`+")


class Option(NamedTuple):
    """An option of a check and its value in a rule, as strings.

    `given` is true if the rule sets the option. `plain` is true if the value is a single string.
    """

    name: str
    values: tuple[str, ...]
    given: bool
    plain: bool


def fixable(rule: Rule) -> bool:
    """Whether the rule can fix findings, that is, whether at least one of its bad examples has fixed text.

    A rule of Vale can fix findings if it has an action that copydesk supports.
    """
    return _vale_fix(rule) != "" if rule.is_vale else any(map(fixes_text, rule.bad))


def _vale_fix(rule: Rule) -> str:
    """Return two sentences about the fix of a rule of Vale, like `fix_text`, or "" if it has none."""
    definition = rule.check.definition  # type: ignore[union-attr]
    action = definition.action
    if definition.extends == "spelling" and action == ("suggest", ("spellings",)):
        return f"Corrects the spelling of the match. {UNSAFE}"
    return f"{_ACTIONS[action.name]} {_SAFE_IF_SINGLE}" if action.name in _ACTIONS else ""


def fixes_text(example: Example) -> bool:
    """Whether the example, or one of its articles, has fixed text."""
    return any(article.fixed is not None for article in example.articles or (example,))


def languages_text(rule: Rule) -> str:
    """Return the names of the rule's languages, separated by commas, or “any”."""
    return ", ".join(sorted(language_names().get(code, code) for code in rule.languages)) or "any"


def formats_text(rule: Rule) -> str:
    """Return the formats that the rule is for, or "" if it is for all formats."""
    names = {"html": "HTML", "markdown": "Markdown", "text": "plain text"}
    return ", ".join(names[kind] for kind in sorted(rule.formats))


def places(rule: Rule) -> str:
    """Return a phrase for what the rule checks, such as “heading, list; not in direct speech”."""
    if rule.is_vale:
        return ", ".join(rule.check.definition.scope)  # type: ignore[union-attr]
    if rule.looks_at != "block":
        return "the whole article" if rule.looks_at == "document" else "all articles in a folder"
    scopes = ", ".join(sorted(rule.scope))
    excluded = f", but not {as_list(sorted(rule.not_scope))}" if rule.not_scope else ""
    quotes = {"skip": "; not in direct speech", "only": "; in direct speech only"}.get(rule.in_quotes, "")
    return scopes + excluded + quotes


def exclusions_text(rule: Rule) -> str:
    """Return a phrase for what the rule skips because of `not_about`, `not_from` and `exceptions`.

    The phrase is "" if the rule has none of these.
    """
    places = [f"articles about {as_list(rule.not_about)}"] if rule.not_about else []
    if rule.not_from:
        named = "any generator" if sites.ANY in rule.not_from else as_list(sorted(rule.not_from))
        places.append(f"files that are, or may be, source files for {named}")
    places += [f"matches in {as_list([f'“{phrase}”' for phrase in rule.exceptions])}"] if rule.exceptions else []
    return "; ".join(places)


def fix_text(rule: Rule) -> str:
    """Return two sentences: what the fix of the rule does and whether it is safe, or that there is no fix."""
    if not fixable(rule):
        return "None. Fix it by hand."
    if rule.is_vale:
        return _vale_fix(rule)
    return f"{_edit(rule.fix.replace)} {SAFE if rule.fix.safe else UNSAFE}"


def _edit(replacement: str | None) -> str:
    if replacement is None:
        return "Corrects it as the examples show."
    if not replacement:
        return "Deletes the marked text."
    names = finding.template_fields(replacement)
    return "Corrects it as the examples show." if names else f"Replaces it with “{replacement}”."


def kind(name: str) -> tuple[str, str]:
    """Return the summary of a kind of check, and a description of its options.

    The summary is the docstring of the check's module, and the description is the docstring of the check's class.
    """
    class_ = check_class(name)
    module = inspect.getmodule(class_)
    return _paragraph(inspect.getdoc(module)), _paragraph(class_.__doc__)


def _paragraph(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


def options(rule: Rule) -> tuple[Option, ...]:
    """Return the options of the rule's check with their values in the rule, including default values.

    For a rule of Vale, only the options in its file are returned.
    """
    if rule.is_vale:
        return tuple(Option(name, _values(each), True, isinstance(each, str)) for name, each in rule.options.items())
    values = {name: getattr(rule.check, name) for name in rule_file.options_of_kind(rule.kind)}
    return tuple(
        Option(name, _values(value), name in rule.options, isinstance(value, str)) for name, value in values.items()
    )


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(f"{key} → {each}" for key, each in value.items())
    if isinstance(value, tuple):
        return tuple(map(str, value))
    return (str(value).lower() if isinstance(value, bool) else str(value),)


def escaped(text: str) -> str:
    """Return `text` on one line, for use within a line of Markdown or in a table cell.

    Characters that often begin markup there, such as `*`, `[` and `|`, are escaped.
    """
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def code_span(text: str) -> str:
    """Return `text` as inline code in Markdown, for use outside of tables."""
    ticks = "`" * (_longest(text) + 1)
    edge = " " if "`" in (text[:1], text[-1:]) or not text.strip() else ""
    return f"{ticks}{edge}{' '.join(text.splitlines())}{edge}{ticks}"


def fenced(text: str) -> str:
    """Return `text` as a code block in Markdown."""
    ticks = "`" * max(3, _longest(text) + 1)
    return f"{ticks}text\n{text}\n{ticks}"


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def is_shipped(rule: Rule) -> bool:
    """Whether `rule` comes with copydesk, even if the config changes its options. No rule files are read."""
    return rule.file == f"rules/{rule.name}.yaml" and rule.name in _shipped_names()


@lru_cache(1)
def _shipped_names() -> frozenset[str]:
    files = map(Path, rule_files(shipped_folder()))
    return frozenset(f"{file.parent.name}/{file.stem}" for file in files)


def anchor(rule: Rule) -> str:
    """Return the anchor that GitHub gives to the heading of a rule, which is its name, on the page of its pack."""
    return rule.name.replace("/", "")


def page_url(rule: Rule) -> str:
    """Return the URL of the documentation of a rule for this version of copydesk, or "" if the rule is not shipped.

    For a rule of Vale, this is the link in its rule file.
    """
    if rule.is_vale:
        return rule.source if rule.source.startswith(("https://", "http://")) else ""
    if not is_shipped(rule):
        return ""
    return docs_url(f"rules/{rule.pack}.md#{anchor(rule)}")


def kind_url(kind: str) -> str:
    """Return the URL of the documentation of a kind of check, or "" if copydesk does not document it.

    This is the case for the checks of Vale and for those of other Python modules.
    """
    is_own = not kind.startswith(VALE) and check_class(kind).__module__.startswith("linter.checks.")
    return docs_url(f"writing-rules.md#{kind}") if is_own else ""


def docs_url(page: str) -> str:
    """Return the URL of a page of the documentation for this version of copydesk, such as “writing-rules.md”."""
    return f"{linter.REPOSITORY}/blob/v{linter.__version__}/docs/{page}"


def help_text(rule: Rule) -> str:
    """Return a description of a rule in plain text: reason, source (if any), fix, and how to turn the rule off."""
    source = rule.source and f"Source: {rule.source}."
    advice = f"To turn it off, add “{rule.name}” to “ignore” in copydesk.yaml or pyproject.toml."
    return "\n\n".join(filter(None, (rule.why, source, f"Fix: {fix_text(rule)}", advice)))


def help_markdown(rule: Rule) -> str:
    """Return the content of `help_text` in Markdown, plus what the rule skips (if anything) and an example (if any)."""
    advice = f"To turn it off, add `{rule.name}` to `ignore` in copydesk.yaml or pyproject.toml."
    parts = [escaped(rule.why), *asides(rule), f"Fix: {escaped(fix_text(rule))}", *example(rule), advice]
    return "\n\n".join(filter(None, parts))


def asides(rule: Rule) -> Iterator[str]:
    """Yield up to two sentences in Markdown: what the rule skips, if anything, and the source of the rule, if any."""
    if exclusions := exclusions_text(rule):
        yield f"Skips {escaped(exclusions)}."
    if rule.source:
        yield f"Source: {escaped(rule.source)}."


def example(rule: Rule) -> Iterator[str]:
    """Yield Markdown blocks for one bad example of the rule: the first example with fixed text, or else the first."""
    for first in sorted(rule.bad, key=lambda each: not fixes_text(each))[:1]:
        for number, article in enumerate(first.articles or (first,)):
            yield f"{'And in another article' if number else 'Found'}{_kind(article)}:"
            yield fenced(mark_spans(article.text, article.spans))
            if article.fixed is not None:
                yield "Fixed:"
                yield fenced(article.fixed)
        if first.files:
            yield f"Next to {as_list(list(map(code_span, first.files)))}."


def _kind(example: Example) -> str:
    return {"text": ", in plain text", "html": ", in HTML", "wordpress": ", in a WordPress post"}.get(example.kind, "")
