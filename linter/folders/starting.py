"""The files that `copydesk init` writes: settings, and a first rule of the house."""

from __future__ import annotations

from collections.abc import Sequence

from linter import late

RULE = ("style", "web-site")

FIRST_RULE = """\
# A first rule of this house: change it, copy it, or delete it. “copydesk test” runs the examples at its end.
id: web-site
summary: We write “website”.
why: >
  Readers and search boxes find one spelling everywhere.
severity: warning
language: en
check: swap
swap:
  web site: website
  web sites: websites
  web-site: website
message: '“{match}” is “{right}” in this house.'
fix:
  safe: true
bad:
  - text: 'The museum has a new ⟦web site⟧. ⟦Web sites⟧ need care.'
    fixed: 'The museum has a new website. Websites need care.'
good:
  - text: 'The museum has a new website.'
  - text: 'On the web, site by site, the museum grew.'
"""

_SETTINGS = """\
# What this house has settled with copydesk. A key that has “#” before it only shows what can be written.

# Your own rules: folders of packs, house/<pack>/<rule>.yaml. “copydesk test” runs their examples.
rules: [{house}]

# What “copydesk check” looks at when no path is named.{site}
paths: [{paths}]

# What is never checked, also when a hook names it; read as .gitignore is.
{exclude}

# Only these packs of rules. “copydesk rules” lists all.
# packs: [leaks, fences, links, {pack}]

# Rules or packs that are off, and opt-in ones that are on. “copydesk explain RULE” says more of each.
# ignore: [sentences/lone-bullet]
# select: [{pack}/*]

# How grave a rule or pack is here: error, warning, info, or off.
# severity:
#   links: warning

# Keys of single rules in place of their own; “+” adds to a list.
# options:
#   sentences/lower-start:
#     abbreviations+: [approx]

# What holds otherwise for some articles, by their path or by what their front matter says.
# overrides:
#   - path: letters/**
#     severity: {{sentences: info}}

# What is right though a rule does not think so: by path, rule and matched text, with the reason.
# suppressions:
#   - {{path: letters/**, rule: names, reason: letters keep their spelling}}
# suppression-reasons: required

# From what severity on a run fails: error, warning or info.
# fail-on: error

# The language of articles that do not say it themselves: of all, or as here of some.
# language: {{'fr/**': fr}}

# The encoding of files that are not UTF-8: of all, or as here of some.
# encoding: {{'archive/*.txt': windows-1252}}

# Right spellings that rules for names should not touch: words.txt beside this file, one a line.
"""
_PLAIN = late.pattern(r"/?[A-Za-z_][\w-]*(?:/[\w-]+)*/|\.")


def settings(house: str, site: str, paths: Sequence[str], excluded: Sequence[tuple[str, str]]) -> str:
    """The text of copydesk.yaml: every path as it stands, `excluded` patterns with what they are."""
    width = max((len(_quoted(pattern)) for pattern, _ in excluded), default=0)
    lines = [f"  - {_quoted(pattern):<{width}}  # {what}" for pattern, what in excluded]
    return _SETTINGS.format(
        house=house,
        site=f" This is a site made with {site}." if site else "",
        paths=", ".join(map(_quoted, paths)),
        exclude="\n".join(["exclude:", *lines]) if lines else "# exclude: [/drafts/]",
        pack=RULE[0],
    )


def _quoted(text: str) -> str:
    """`text` as YAML that is sure to be read as text."""
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"
