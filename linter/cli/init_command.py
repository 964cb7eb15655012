"""Set up copydesk in this folder: write settings that fit the folder, and a first rule of your own with its examples.

The command asks no questions and overwrites no files.
"""

from __future__ import annotations

import argparse
import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Template

from linter import extensions, file_safety, output, patterns
from linter.config import load, packs, yaml_file
from linter.config.config import Config
from linter.files import sites
from linter.files.articles import Walk, discover
from linter.files.sites import Site
from linter.reporters import number_phrase
from linter.rule import BadRule

_RULE_FOLDERS = ("house", "house-rules", "copydesk-rules")
_HOOKS = ".pre-commit-config.yaml"
_MAX_LISTED = 4  # maximum paths listed for one reason
_PLAIN = patterns.lazy(r"/?[A-Za-z_][\w-]*(?:/[\w-]+)*/|\.")  # paths that need no quotation marks in YAML
_TEMPLATES = Path(__file__).parent.parent / "data" / "init"
_PACK = "style"
_RULE = f"{_PACK}/web-site.yaml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Set the usage message; the command has no arguments."""
    parser.usage = "copydesk init"


def run(given: argparse.Namespace) -> int:
    """Write the config and a first rule, print what was found, written and skipped, and return the exit status.

    The rule is not written if there are rules already. If the folder already has a config, nothing is written, and the
    exit status is 2.
    """
    here = Path.cwd()
    file = here / load.NAME
    if os.path.lexists(file) or load.has_table(here / load.PYPROJECT):
        taken = f"{load.NAME} already exists" if os.path.lexists(file) else f"{load.PYPROJECT} has [tool.copydesk]"
        output.to_standard_error(f"copydesk: {taken}; nothing was written")
        return 2
    above = load.find_config(here)
    found = sites.find_sites(here)
    rules_folder, written = _first_rule(here)
    added = {each.name: each.starting_config(here) for each in extensions.installed()}
    _write(file, _starting_config(here, rules_folder, found, {name: text for name, (text, _) in added.items()}))
    lines = [
        *_recognised(found),
        *(line for _, lines in added.values() for line in lines),
        *(f"Wrote {name}" for name in (load.NAME, *written)),
        *([f"{os.path.relpath(above, here)} no longer applies to this folder."] if above else []),
        "",
        *_checked(load.read_config(file)),
        "",
        *(site.kind.hint for site in found if site.kind.hint),
        f"Next, run “copydesk check”, and “copydesk test {rules_folder}” to test your own rules.",
        *_hook_advice(here),
    ]
    output.to_standard_output("".join(f"{output.one_line(line)}\n" for line in lines))
    return 0


def _first_rule(here: Path) -> tuple[str, list[str]]:
    """Find or create a folder for the user's own rules. Return its name, and a phrase for each file written there.

    Raises FileExistsError if all possible names are taken.
    """
    for name in _RULE_FOLDERS:
        folder = here / name
        if not os.path.lexists(folder):
            (folder / _PACK).mkdir(parents=True)
            _write(folder / _RULE, _filled("rule"))
            return name, [f"{name}/{_RULE}, a first rule of your own, with its examples"]
        try:
            if folder.is_dir() and packs.load_folder(folder):
                return name, []
        except BadRule:
            continue
    raise FileExistsError(errno.EEXIST, "these paths exist, but are not folders of rules", "/".join(_RULE_FOLDERS))


def _write(file: Path, text: str) -> None:
    with open(file, "x", encoding="utf-8", newline="\n") as opened:
        opened.write(text)


def _filled(name: str, **values: str) -> str:
    """Return the text of the template `name` with `values` filled in."""
    return Template((_TEMPLATES / f"{name}.yaml.template").read_text("utf-8")).substitute(values)


def _starting_config(here: Path, rules_folder: str, found: Sequence[Site], added: Mapping[str, str]) -> str:
    """Return the text of copydesk.yaml for the sites that were found. `added` has the paragraphs of extensions."""
    site = found[-1]
    excluded = [(_quoted(pattern), what) for each in found for pattern, what in each.patterns]
    width = max((len(pattern) for pattern, _ in excluded), default=0)
    lines = [f"  - {pattern:<{width}}  # {what}" for pattern, what in excluded]
    paths = [f"{path}/" for path in site.content if next(Walk(str(here / path)).articles(), None)]
    return _filled(
        "copydesk",
        rules_folder=rules_folder,
        site=f" This is a site made with {site.kind.name}." if site.kind.name else "",
        paths=", ".join(map(_quoted, paths or ["."])),
        exclude="\n".join(["exclude:", *lines]) if lines else "# exclude: [/drafts/]",
        pack=_PACK,
        **(dict.fromkeys(extensions.NAMES, "") | dict(added)),
    )


def _quoted(text: str) -> str:
    """Return `text` in YAML syntax, with quotation marks if YAML might not read it as a string without them."""
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def _recognised(found: Iterable[Site]) -> Iterator[str]:
    for site in found:
        if site.kind.name:
            where = f"{site.folder}/" if site.folder else "This"
            yield f"{where} is a site made with {site.kind.name} ({', '.join(site.evidence)})."


def _checked(config: Config) -> Iterator[str]:
    """Yield sentences that say how many articles are checked and where, and which files are not checked, and why."""
    checked, every = discover(config.paths, config.excludes).articles, discover(["."], config.excludes)
    number = number_phrase(len(checked), "article")
    where = ", ".join(os.path.relpath(path) + "/" for path in config.paths if path != os.getcwd())
    yield f"copydesk check covers {number}{f' in {where}' if where else ''}."
    if elsewhere := sorted({article.path for article in every.articles} - {article.path for article in checked}):
        yield f"Not checked: {_listed(elsewhere)}. If these are articles, add them to “paths”."
    skipped: dict[str, list[str]] = {}
    for path, why in every.passed_over:
        skipped.setdefault(why, []).append(path)
    for why, paths in skipped.items():
        yield f"Skipped: {_listed(paths)} ({why})."


def _listed(paths: list[str]) -> str:
    more = len(paths) - _MAX_LISTED
    return ", ".join(paths[:_MAX_LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _hook_advice(here: Path) -> Iterator[str]:
    """Yield lines that explain how to set up the pre-commit hook, or nothing if it seems to be set up."""
    try:
        text = file_safety.read_regular_file(here / _HOOKS, yaml_file.LIMIT).decode("utf-8", "replace")
    except OSError:
        text = ""
    if "copydesk" in text:
        return
    if text:
        yield f"To check articles before each commit, add this to “repos” in {_HOOKS}:"
    else:
        yield f"To check articles before each commit, put this into {_HOOKS} and run “pre-commit install”:"
    yield ""
    yield from ([] if text else ["repos:"])
    yield from _filled("pre-commit").splitlines()
