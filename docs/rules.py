"""Generate the pages about rules, and linter/schemas, from rules and checks.

The pages are docs/rules.md, which lists the packs, and docs/rules/<pack>.md. Run `python docs/rules.py` after changing
a rule or a check.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from linter.config import packs
from linter.reference import rule_texts
from linter.reference.rule_texts import Option, code_span, escaped
from linter.rule import Rule

FOLDER = Path(__file__).resolve().parent
NOTE = "<!-- made by docs/rules.py -->"
INTRODUCTION = f"""\
# Rules

{NOTE}

Look up all rules that come with copydesk: what they find, where they look, and whether they have a fix.

The severity of a rule depends on the effect of what it finds: *error* means that readers see something broken, such as
page code; *warning* means that an editor would change it at once; *info* is everything else. Rules about matters of
taste and about what readers do not see are off by default. `copydesk rules --off` lists them, and one line in the
settings turns on those of a pack: `select: [structure]`.

`copydesk explain RULE` shows the description of a rule in the terminal, and `copydesk rules` shows which rules are on.
[configuration.md](configuration.md) describes how to turn rules on and off, and [writing-rules.md](writing-rules.md)
how to add your own.

| pack | rules | on by default | finds |
|---|---|---|---|
"""
PACKS = {
    "assistant": "chatbot replies, prompts, outline labels and citation marks",
    "boilerplate": "parts of the page: menus, bylines, ads, comments, share buttons, related articles",
    "copydesk": "unreadable front matter, and mistakes in suppressions and in the baseline",
    "duplicates": "articles, paragraphs, sentences, headlines, images and list items that repeat others",
    "encoding": "damaged characters, HTML entities showing as text, invisible characters, look-alike letters",
    "fences": "stray and unclosed code fences, code outside code blocks, and articles inside code blocks",
    "images": "missing image files, alt text that describes nothing, placeholder images, tracking pixels",
    "leaks": "HTML tags, metadata fields, SEO keywords and page code showing as text",
    "links": "broken, injected and unrelated links, tracking parameters, uninformative link text",
    "measures": "very short articles, and articles that consist mostly of links, lists, digits or symbols",
    "metadata": "missing, placeholder and repeated titles, descriptions, dates, tags and slugs",
    "names": "miscapitalized and misspelled names of people, places, brands and products",
    "placeholders": "template placeholders, to-do notes, missing content and error messages",
    "punctuation": "stray, doubled, clashing and unmatched punctuation marks",
    "sentences": "cut-off sentences, doubled and confused words, impossible dates",
    "spacing": "missing and extra spaces",
    "spelling": "common misspellings, words run together, and mixed British and American spelling",
    "structure": "headings, lists, tables and HTML markup that are broken or misused",
    "templates": "template variables, shortcodes, scripts, style sheets and missing values showing as text",
}
MAX_ENTRIES = 12  # entries of a list to show
MAX_INLINE = 60  # code points of a text to show inline


def pages() -> dict[str, str]:
    """Return the texts of docs/rules.md and of the page of each pack, by their paths in docs."""
    members_of = {pack: [*members] for pack, members in groupby(packs.shipped_rules(), key=lambda rule: rule.pack)}
    found = {f"rules/{pack}.md": "\n".join(_page(pack, members)) for pack, members in members_of.items()}
    return {"rules.md": _index(members_of), **found}


def _index(members_of: Mapping[str, Sequence[Rule]]) -> str:
    rows = (
        f"| [{pack}](rules/{pack}.md) | {len(members)} | {sum(rule.enabled for rule in members)} | {PACKS[pack]} |\n"
        for pack, members in members_of.items()
    )
    return INTRODUCTION + "".join(rows)


def _page(pack: str, members: Sequence[Rule]) -> Iterator[str]:
    """Yield the parts of the page of a pack: a table of its rules, and a section about each rule."""
    yield f"# {pack}\n"
    yield f"{NOTE}\n"
    yield f"Finds {PACKS[pack]}.\n"
    yield "[rules.md](../rules.md) lists all packs, and describes the severities.\n"
    yield "## Rules\n"
    yield "| rule | severity | language | fixes | finds |"
    yield "|---|---|---|---|---|"
    yield from map(_row, members)
    for rule in members:
        yield f"\n### {rule.name}\n"
        yield _section(rule)
    yield ""


def _row(rule: Rule) -> str:
    severity = rule.severity if rule.enabled else f"{rule.severity}, off"
    fixes = "yes" if rule_texts.fixable(rule) else ""
    cells = (
        f"[{rule.name}](#{rule_texts.anchor(rule)})",
        severity,
        rule_texts.languages_text(rule),
        fixes,
        escaped(rule.summary),
    )
    return f"| {' | '.join(cells)} |"


def _section(rule: Rule) -> str:
    """Return the section about a rule, without its heading."""
    parts = [
        escaped(rule.summary),
        _facts(rule),
        escaped(rule.why),
        *rule_texts.asides(rule),
        *_options(rule),
        *rule_texts.example(rule),
    ]
    return "\n\n".join(filter(None, parts))


def _facts(rule: Rule) -> str:
    """Return a line such as “*error · in English · looks at prose · can fix*”."""
    languages = rule_texts.languages_text(rule)
    drafts = f", in drafts {rule.in_drafts}" if rule.in_drafts else ""
    facts = [f"{rule.severity}{drafts}{'' if rule.enabled else ', off unless selected'}"]
    facts.append("in any language" if languages == "any" else f"in {languages}")
    if formats := rule_texts.formats_text(rule):
        facts.append(f"in {formats}")
    facts.append(f"looks at {rule_texts.places(rule)}")
    facts.append("can fix" if rule_texts.fixable(rule) else "cannot fix")
    return f"*{' · '.join(map(escaped, facts))}*"


def _options(rule: Rule) -> Iterator[str]:
    """Yield Markdown about the check of a rule: its kind, and the keys that the rule sets."""
    given = [option for option in rule_texts.options(rule) if option.given]
    short = [option for option in given if not _is_long(option)]
    rows = [f"- {code_span(option.name)}: {_option_values(option)}" for option in short]
    if len(short) == 1 and short[0].plain:
        yield f"Check {code_span(rule.kind)}, {code_span(short[0].name)}: {_option_values(short[0])}"
    else:
        yield "\n".join([f"Check {code_span(rule.kind)}{', with' if rows else ''}", *([""] if rows else []), *rows])
    for option in given:
        if _is_long(option):
            yield f"{code_span(option.name)}:"
            yield rule_texts.fenced(option.values[0])


def _is_long(option: Option) -> bool:
    return option.plain and len(option.values[0]) > MAX_INLINE


def _option_values(option: Option) -> str:
    shown = ", ".join(map(code_span, option.values[:MAX_ENTRIES]))
    more = len(option.values) - MAX_ENTRIES
    return f"{shown} and {more:,} more" if more > 0 else shown


if __name__ == "__main__":
    made = pages()
    for stale in {*(FOLDER / "rules").glob("*.md")} - {FOLDER / name for name in made}:
        stale.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    runpy.run_path(str(FOLDER / "schemas.py"), run_name="__main__")
