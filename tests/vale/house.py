"""A small style for tests of the commands, with its config."""

from __future__ import annotations

from pathlib import Path

INI = "StylesPath = styles\nMinAlertLevel = suggestion\n\n[*]\nBasedOnStyles = House\n"
TERMS = """\
extends: substitution
message: "Use '%s' instead of '%s' & <not> that."
description: The house has its own terms.
link: https://example.org/terms
level: error
ignorecase: true
action:
  name: replace
swap:
  utilize: use|apply
  whilst: while
"""
WEAK = r"""extends: existence
message: "Don't use '%s'."
level: warning
action:
  name: remove
tokens:
  - very
  - to be\s+honest
"""
TRAM = 'extends: existence\nmessage: "A %s."\nlevel: suggestion\ntokens: [tram]\n'
SCRIPT = 'extends: script\nmessage: "Scripted."\nscript: |\n  matches := []\n'
RULES = {"Terms": TERMS, "Weak": WEAK, "Tram": TRAM, "Script": SCRIPT}


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def write_style(folder: Path, ini: str = INI) -> None:
    """Write the config and the style `House` into a folder."""
    write(folder, {".vale.ini": ini, **{f"styles/House/{name}.yml": text for name, text in RULES.items()}})
