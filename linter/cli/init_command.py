"""Begin with copydesk in this folder: write settings that fit it, and a first rule of your own with its test.

Nothing is asked, and no file is overwritten.
"""

from __future__ import annotations

import argparse
import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from linter import patterns
from linter.files import ignore
from linter.files.articles import MACHINE_MADE, SKIPPED_FOLDERS, is_article
from linter.files.ignore import Ignored
from linter.readers import SUFFIXES

if TYPE_CHECKING:
    from linter.config.config import Config
    from linter.files.sites import Site

SUMMARY = "write settings and a first rule for this folder"
_HOUSES = ("house", "house-rules", "copydesk-rules")
_HOOKS = ".pre-commit-config.yaml"
_HOOK = """\
  - repo: https://github.com/copydesk/copydesk
    rev: v{version}
    hooks:
      - id: copydesk
"""
_MOST = 4  # names of one kind that are listed


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes: nothing."""
    parser.usage = "copydesk init"


def run(given: argparse.Namespace) -> int:
    """Look, write, and say what was found, written and left out."""
    from linter import output
    from linter.config import load
    from linter.files import sites
    from linter.output import one_line

    here = Path.cwd()
    file = here / load.NAME
    if os.path.lexists(file):
        output.to_standard_error(f"copydesk: {load.NAME} is here already; nothing was written")
        return 2
    above = load.find_config(here)
    found = sites.find_sites(here)
    excluded = [pattern for site in found for pattern in site.patterns]
    house, written = _first_rule(here)
    _write(file, _head("config") + starting_config(house, found[-1].kind.name, _paths(here, found[-1]), excluded))
    lines = [
        *_recognised(found),
        *(f"Wrote {name}" for name in (load.NAME, *written)),
        *([f"{os.path.relpath(above, here)} no longer holds in this folder."] if above else []),
        "",
        *_what_is_checked(load.read_config(file)),
        *_left_out(here, found),
        "",
        *(site.kind.hint for site in found if site.kind.hint),
        f"Now run “copydesk check”, and “copydesk test {house}” for the rules of your own.",
        *_hook(here),
    ]
    output.to_standard_output("".join(f"{one_line(line)}\n" for line in lines))
    return 0


def _first_rule(here: Path) -> tuple[str, list[str]]:
    """The folder of the house's rules, and what was written there: nothing where there are rules already."""
    from linter.config import packs
    from linter.rule import BadRule

    for name in _HOUSES:
        folder = here / name
        if not os.path.lexists(folder):
            file = folder / RULE[0] / f"{RULE[1]}.yaml"
            file.parent.mkdir(parents=True)
            _write(file, _head("rule") + FIRST_RULE)
            return name, [f"{file.relative_to(here).as_posix()}, a first rule of your own, with its examples"]
        try:
            if folder.is_dir() and packs.load_folder(folder):
                return name, []
        except BadRule:
            continue
    raise FileExistsError(errno.EEXIST, "there is something of this name already, and no rules", "/".join(_HOUSES))


def _head(schema: str) -> str:
    """The line by which editors know what may stand in a file."""
    from linter.reference import schemas

    return f"# yaml-language-server: $schema={schemas.address(schema)}\n"


def _write(file: Path, text: str) -> None:
    with open(file, "x", encoding="utf-8", newline="\n") as opened:
        opened.write(text)


def _paths(here: Path, site: Site) -> list[str]:
    """The folders of a site that hold articles; “.” where it is not known to have any."""
    from linter.files.articles import Walk

    return [f"{path}/" for path in site.content if next(Walk(str(here / path)).articles(), None)] or ["."]


def _recognised(found: Iterable[Site]) -> Iterator[str]:
    for site in found:
        if site.kind.name:
            where = f"{site.folder}/" if site.folder else "This"
            yield f"{where} is a site made with {site.kind.name} ({', '.join(site.evidence)})."


def _what_is_checked(config: Config) -> Iterator[str]:
    """How many articles are checked, and how many lie elsewhere."""
    from linter.files import articles

    checked = articles.discover(config.paths, config.excludes).articles
    every = articles.discover(["."], config.excludes).articles
    number = f"{len(checked):,} article{'' if len(checked) == 1 else 's'}"
    where = ", ".join(os.path.relpath(path) + "/" for path in config.paths if path != os.getcwd())
    yield f"copydesk check looks at {number}{f' in {where}' if where else ''}."
    if elsewhere := sorted({article.path for article in every} - {article.path for article in checked}):
        yield f"Not at {_listed(elsewhere)}: add what are articles to “paths”."


def _left_out(here: Path, found: Iterable[Site]) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for path, why in unlisted_folders(here, {path: what for site in found for path, what in site.excluded.items()}):
        reasons.setdefault(why, []).append(path)
    for site in found:
        for pattern, why in site.patterns[: len(site.kind.templates)]:
            if not pattern.startswith("!"):
                reasons.setdefault(why, []).append(pattern.removeprefix("/"))
    if reasons:
        yield "Left out:"
    for why, paths in reasons.items():
        yield f"  {_listed(paths)} ({why})"


def _listed(paths: list[str]) -> str:
    more = len(paths) - _MOST
    return ", ".join(paths[:_MOST]) + (f" and {more:,} more" if more > 0 else "")


def _content(file: Path) -> str:
    """The text of a file, or "" if there is no such file, or none that can be read."""
    from linter import file_safety
    from linter.config import yaml_file

    try:
        return file_safety.read_regular_file(file, yaml_file.LIMIT).decode("utf-8", "replace")
    except OSError:
        return ""


def _hook(here: Path) -> Iterator[str]:
    """How to check what is committed, with pre-commit."""
    from linter import __version__

    text = _content(here / _HOOKS)
    if "copydesk" in text:
        return
    if text:
        yield f"To check what is committed, add this to “repos” in {_HOOKS}:"
    else:
        yield f"To check what is committed, put this into {_HOOKS}, and run “pre-commit install”:"
    yield ""
    yield from ([] if text else ["repos:"])
    yield from _HOOK.format(version=__version__).splitlines()


# The files that `copydesk init` writes: settings, and a first rule of the house.

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
_PLAIN = patterns.lazy(r"/?[A-Za-z_][\w-]*(?:/[\w-]+)*/|\.")


def starting_config(house: str, site: str, paths: Sequence[str], excluded: Sequence[tuple[str, str]]) -> str:
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


# What in a folder is not checked, and why: for the person who begins.

# Formats of articles that no reader here knows.
_UNREAD = frozenset(
    ".adoc .asciidoc .doc .docx .epub .ipynb .odt .org .pages .pdf .rst .rtf .tex .textile .wiki".split()
)


def unlisted_folders(root: Path, other: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(POSIX path, why) of what a walk through `root` passes over, folders as a whole with a slash behind.

    `excluded` are folders where no articles lie, with what they hold. Hidden files are not spoken of.
    """
    gitignores = ignore.GitignoreReader()
    folders: list[tuple[str, Ignored]] = [("", gitignores.above(os.path.realpath(root)))]
    while folders:
        path, ignored = folders.pop()
        try:
            entries = sorted(os.scandir(root / path), key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == ignore.NAME for entry in entries):
            ignored = gitignores.within(ignored, os.path.realpath(root / path))
        for entry in entries:
            below = f"{path}{entry.name}"
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir():
                why = other.get(below) or _folder(entry, ignored)
                if why:
                    yield f"{below}/", why
                else:
                    folders.append((f"{below}/", ignored))
            elif why := _file(entry, ignored):
                yield below, why


def _folder(entry: os.DirEntry[str], ignored: Ignored) -> str:
    if entry.name in SKIPPED_FOLDERS:
        return "other people's files"
    if ignored.ignores(os.path.realpath(entry.path), folder=True):
        return "git ignores it"
    if any(os.path.exists(os.path.join(entry.path, name)) for name in MACHINE_MADE):
        return "made by a machine"
    return ""


def _file(entry: os.DirEntry[str], ignored: Ignored) -> str:
    suffix = os.path.splitext(entry.name)[1].lower()
    if suffix in _UNREAD:
        return f"copydesk does not read {suffix}"
    if suffix not in SUFFIXES:
        return ""
    if ignored.ignores(os.path.realpath(entry.path), folder=False):
        return "git ignores it"
    return "" if is_article(entry.name) else "about the repository, or for machines"
