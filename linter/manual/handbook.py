"""A rule in Markdown: for docs/rules.md, and for the people who read SARIF."""

from __future__ import annotations

from collections.abc import Iterator

from linter import late
from linter.loading import marks
from linter.loading.wording import listed
from linter.manual import texts
from linter.manual.texts import Option
from linter.rule import Example, Rule

_SPECIAL = late.pattern(r"[\\`*_\[\]<&|]")
_TICKS = late.pattern("`+")
_MOST = 12  # entries of a list that are shown
_SHORT = 60  # code points of a text that stands on its line


def escaped(text: str) -> str:
    """`text` as Markdown that shows it, on one line of a paragraph or in a cell of a table."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def code(text: str) -> str:
    """`text` as inline code that may stand in a table."""
    ticks = "`" * (_longest(text) + 1)
    edge = " " if "`" in (text[:1], text[-1:]) or not text.strip() else ""
    return f"{ticks}{edge}{' '.join(text.splitlines())}{edge}{ticks}".replace("|", r"\|")


def fenced(text: str) -> str:
    """`text` as a block of code, lines as they stand."""
    ticks = "`" * max(3, _longest(text) + 1)
    return f"{ticks}text\n{text}\n{ticks}"


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def section(rule: Rule) -> str:
    """What docs/rules.md says below the name of a rule."""
    parts = [escaped(rule.summary), _facts(rule), escaped(rule.why), *_asides(rule), *_options(rule), *_example(rule)]
    return "\n\n".join(filter(None, parts))


def help_text(rule: Rule) -> str:
    """Plain text for whoever met the rule: why, what its fix does, how to silence it."""
    source = rule.source and f"Source: {rule.source}."
    silence = f"To silence it for good, in copydesk.yaml: ignore: [{rule.name}]"
    return "\n\n".join(filter(None, (rule.why, source, f"Fix: {texts.mending(rule)}", silence)))


def help_markdown(rule: Rule) -> str:
    """The same in Markdown, with an example."""
    silence = f"To silence it for good, in copydesk.yaml: {code(f'ignore: [{rule.name}]')}"
    parts = [escaped(rule.why), *_asides(rule), f"Fix: {escaped(texts.mending(rule))}", *_example(rule), silence]
    return "\n\n".join(filter(None, parts))


def _facts(rule: Rule) -> str:
    """“error · in English · looks at prose · can fix”."""
    languages = texts.languages(rule)
    drafts = f", in drafts {rule.in_drafts}" if rule.in_drafts else ""
    facts = [f"{rule.severity}{drafts}{'' if rule.enabled else ', off unless selected'}"]
    facts.append("in any language" if languages == "any" else f"in {languages}")
    if formats := texts.formats(rule):
        facts.append(f"in {formats}")
    facts.append(f"looks at {texts.places(rule)}")
    facts.append("can fix" if texts.fixable(rule) else "cannot fix")
    return f"*{' · '.join(map(escaped, facts))}*"


def _asides(rule: Rule) -> Iterator[str]:
    if silent := texts.silent(rule):
        yield f"Silent {escaped(silent)}."
    if rule.source:
        yield f"Source: {escaped(rule.source)}."


def _options(rule: Rule) -> Iterator[str]:
    """The kind of check, and the keys of it that the rule sets."""
    given = [option for option in texts.options(rule) if option.given]
    short = [option for option in given if not _is_long(option)]
    rows = [f"- {code(option.name)}: {_values(option)}" for option in short]
    if len(short) == 1 and short[0].plain:
        yield f"Check {code(rule.kind)}, {code(short[0].name)}: {_values(short[0])}"
    else:
        yield "\n".join([f"Check {code(rule.kind)}{', with' if rows else ''}", *([""] if rows else []), *rows])
    for option in given:
        if _is_long(option):
            yield f"{code(option.name)}:"
            yield fenced(option.values[0])


def _is_long(option: Option) -> bool:
    return option.plain and len(option.values[0]) > _SHORT


def _values(option: Option) -> str:
    shown = ", ".join(map(code, option.values[:_MOST]))
    more = len(option.values) - _MOST
    return f"{shown} and {more:,} more" if more > 0 else shown


def _example(rule: Rule) -> Iterator[str]:
    """The first example that is mended, or else the first."""
    for example in sorted(rule.bad, key=lambda example: not texts.mends(example))[:1]:
        for number, article in enumerate(example.articles or (example,)):
            yield f"{'And in another article' if number else 'Found'}{_kind(article)}:"
            yield fenced(marks.mark(article.text, article.spans))
            if article.fixed is not None:
                yield "Mended:"
                yield fenced(article.fixed)
        if example.files:
            yield f"Beside {listed(list(map(code, example.files)))}."


def _kind(example: Example) -> str:
    return {"text": ", in plain text", "html": ", in HTML"}.get(example.kind, "")
