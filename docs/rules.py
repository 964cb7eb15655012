"""Make docs/rules.md, the kinds of check in docs/writing-rules.md, and linter/schemas, from rules and checks.

Run `python docs/rules.py` after a change of a rule or a check.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import get_args

from linter.config import packs, rule_file
from linter.reference import rule_texts
from linter.reference.rule_texts import code_span, escaped
from linter.rule import Rule
from linter.suggest import as_list

FOLDER = Path(__file__).resolve().parent
BEGIN, END = "<!-- kinds of check: made by docs/rules.py -->", "<!-- end -->"
INTRODUCTION = """\
# Rules

<!-- made by docs/rules.py -->

What copydesk looks for. *error*: a reader would see machinery, or a stranger's link; *warning*: a copy chief would
mend it; *info*: worth counting. `copydesk explain RULE` says all this in the terminal, `copydesk rules` shows which
rules are on; [configuration.md](configuration.md) says how to switch them on and off,
[writing-rules.md](writing-rules.md) how to add your own.
"""
TYPES = {"str": "text", "bool": "true or false", "int": "a whole number", "float": "a number"}


def rules() -> str:
    """The text of docs/rules.md."""
    parts = [INTRODUCTION]
    for pack, members in groupby(packs.shipped_rules(), key=lambda rule: rule.pack):
        parts += _pack(pack, list(members))
    return "\n".join(parts)


def _pack(pack: str, members: Sequence[Rule]) -> Iterator[str]:
    yield f"## {pack}\n"
    yield "| rule | severity | language | fixes | |"
    yield "|---|---|---|---|---|"
    yield from map(_row, members)
    yield ""
    for rule in members:
        yield f"### {rule.name}\n"
        yield f"{rule_texts.rule_section(rule)}\n"


def _row(rule: Rule) -> str:
    severity = rule.severity if rule.enabled else f"{rule.severity}, off"
    anchor = rule.name.replace("/", "")
    fixes = "yes" if rule_texts.fixable(rule) else ""
    cells = (f"[{rule.name}](#{anchor})", severity, rule_texts.languages_text(rule), fixes, escaped(rule.summary))
    return f"| {' | '.join(cells)} |"


def checks() -> str:
    """What docs/writing-rules.md says of the kinds of check."""
    return "\n\n".join("\n\n".join(_check(kind)) for kind in sorted(rule_file.check_kinds()))


def _check(kind: str) -> Iterator[str]:
    looks_for, keys = rule_texts.kind(kind)
    yield f"### `{kind}`"
    yield looks_for
    if options := rule_file.options_of_kind(kind):
        yield "\n".join(
            f"- {code_span(name)}: {_type(type_)}{_needed(must)}" for name, (type_, must) in options.items()
        )
    yield keys


def _needed(must: bool) -> str:
    return "" if must else "; may be left out"


def _type(type_: object) -> str:
    """What a key holds, in words."""
    shown = str(type_)
    if "Literal" in shown:
        return as_list([code_span(str(value)) for value in get_args(type_)])
    if "Mapping" in shown:
        return "keys with texts"
    return "a list of texts" if "tuple" in shown else TYPES[getattr(type_, "__name__", "")]


def with_checks(text: str) -> str:
    """docs/writing-rules.md, its part about the kinds of check made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{checks()}\n\n{END}{after}"


if __name__ == "__main__":
    (FOLDER / "rules.md").write_text(rules(), encoding="utf-8", newline="\n")
    guide = FOLDER / "writing-rules.md"
    guide.write_text(with_checks(guide.read_text("utf-8")), encoding="utf-8", newline="\n")
    runpy.run_path(str(FOLDER / "schemas.py"), run_name="__main__")
