"""Read the word lists in `linter/data`, each file when it is first needed."""

from __future__ import annotations

import os
from functools import cache

_TABLES = frozenset({"brands.txt"})  # files that rules may name
_FOLDER = os.path.join(os.path.dirname(__file__), "data")


def read_sections(name: str) -> dict[str, str]:
    """Return the sections of a file in `linter/data`, by title.

    A section is the text below a line `## title` or `## title – comment`.
    """
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        sections = file.read().split("\n## ")[1:]
    return {line.partition(" – ")[0]: text for line, _, text in (section.partition("\n") for section in sections)}


def require_table(name: str) -> None:
    """Raise ValueError unless `name` is "" or the name of a table that rules may use."""
    if name and name not in _TABLES:
        raise ValueError(f"table: there is no “{name}”, only {', '.join(sorted(_TABLES))}")


@cache
def word_lists(name: str) -> dict[str, frozenset[str]]:
    """Return the words in each section of a file in `linter/data`, by the title of the section."""
    return {title: frozenset(text.split()) for title, text in read_sections(name).items()}
