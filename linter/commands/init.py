"""Begin with copydesk in this folder: write settings that fit it, and a first rule of your own with its test.

Nothing is asked, and no file is overwritten.
"""

from __future__ import annotations

import argparse
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.folders.sites import Site
    from linter.settled import Settings

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
    from linter import output, settings
    from linter.escaping import one_line
    from linter.folders import sites, starting

    here = Path.cwd()
    file = here / settings.NAME
    if os.path.lexists(file):
        output.to_standard_error(f"copydesk: {settings.NAME} is here already; nothing was written")
        return 2
    above = settings.find(here)
    found = sites.find(here)
    excluded = [pattern for site in found for pattern in site.patterns]
    house, written = _first_rule(here)
    _write(file, _head("config") + starting.settings(house, found[-1].kind.name, _paths(here, found[-1]), excluded))
    lines = [
        *_recognised(found),
        *(f"Wrote {name}" for name in (settings.NAME, *written)),
        *([f"{os.path.relpath(above, here)} no longer holds in this folder."] if above else []),
        "",
        *_looked_at(settings.read(file)),
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
    from linter import packs
    from linter.folders import starting
    from linter.rule import BadRule

    for name in _HOUSES:
        folder = here / name
        if not os.path.lexists(folder):
            file = folder / starting.RULE[0] / f"{starting.RULE[1]}.yaml"
            file.parent.mkdir(parents=True)
            _write(file, _head("rule") + starting.FIRST_RULE)
            return name, [f"{file.relative_to(here).as_posix()}, a first rule of your own, with its examples"]
        try:
            if folder.is_dir() and packs.load(folder):
                return name, []
        except BadRule:
            continue
    raise FileExistsError(errno.EEXIST, "there is something of this name already, and no rules", "/".join(_HOUSES))


def _head(schema: str) -> str:
    """The line by which editors know what may stand in a file."""
    from linter.manual import schemas

    return f"# yaml-language-server: $schema={schemas.address(schema)}\n"


def _write(file: Path, text: str) -> None:
    with open(file, "x", encoding="utf-8", newline="\n") as opened:
        opened.write(text)


def _paths(here: Path, site: Site) -> list[str]:
    """The folders of a site that hold articles; “.” where it is not known to have any."""
    from linter.folders.walking import Walk

    return [f"{path}/" for path in site.content if next(Walk(str(here / path)).articles(), None)] or ["."]


def _recognised(found: Iterable[Site]) -> Iterator[str]:
    for site in found:
        if site.kind.name:
            where = f"{site.folder}/" if site.folder else "This"
            yield f"{where} is a site made with {site.kind.name} ({', '.join(site.because)})."


def _looked_at(settled: Settings) -> Iterator[str]:
    """How many articles are checked, and how many lie elsewhere."""
    from linter import discovery

    checked = discovery.find(settled.paths, settled.excludes).articles
    every = discovery.find(["."], settled.excludes).articles
    number = f"{len(checked):,} article{'' if len(checked) == 1 else 's'}"
    where = ", ".join(os.path.relpath(path) + "/" for path in settled.paths if path != os.getcwd())
    yield f"copydesk check looks at {number}{f' in {where}' if where else ''}."
    if elsewhere := sorted({article.path for article in every} - {article.path for article in checked}):
        yield f"Not at {_listed(elsewhere)}: add what are articles to “paths”."


def _left_out(here: Path, found: Iterable[Site]) -> Iterator[str]:
    from linter.folders import leftovers

    reasons: dict[str, list[str]] = {}
    for path, why in leftovers.left_out(here, {path: what for site in found for path, what in site.other.items()}):
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
    from linter import regularfile
    from linter.loading import yamlfile

    try:
        return regularfile.read(file, yamlfile.LIMIT).decode("utf-8", "replace")
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
