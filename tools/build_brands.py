"""Build linter/data/brands.txt: `python tools/build_brands.py simple-icons.json` (needs the extra `data`).

The input is `data/simple-icons.json` of the npm package simple-icons (CC0-1.0), which has the names of brands as their
owners write them. Those with a capital inside are taken from there, and those without one, which only a capital inside
makes wrong; all others are in tools/brands_by_hand.txt.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from linter.text.lexicon import DATA, lexicon

BRANDS = "brands.txt"
_BY_HAND = Path(__file__).with_name("brands_by_hand.txt")
_INNER_CAPITAL = re.compile(r"(?=.*[a-z])[A-Za-z]+[A-Z][A-Za-z]*")
_SINGLE = re.compile(r"[A-Z][a-z]{5,}")  # one capital, at the start
_SHORTEST = 5  # letters; shorter names are abbreviations of something else as often as not
_HEADER = "# Brands as their owners write them. Made by tools/build_brands.py; LICENSES.md tells of what.\n"


def main(path: str) -> None:
    """Write the list from the names at `path` and those by hand."""
    text = _BY_HAND.read_text("utf-8")
    by_hand = {title: set(words.split()) for title, words in re.findall(r"^## ([^\n–]+)(?: –.*)?\n([^#]*)", text, re.M)}
    by_hand = {title.strip(): words for title, words in by_hand.items()}
    kept = by_hand["words"]
    capitalized = by_hand["capitalized"] | {
        name for name in _names(path, _INNER_CAPITAL) if name not in by_hand["others"]
    }
    known = {name.lower() for names in by_hand.values() for name in names} | {name.lower() for name in capitalized}
    single = by_hand["single"] | {name for name in _names(path, _SINGLE) if name.lower() not in known}
    sections = {"words": kept, "capitalized": capitalized - kept, "single": single - kept - capitalized}
    (DATA / BRANDS).write_text(_HEADER + "".join(map(_section, sections.items())), "utf-8", newline="\n")
    print({title: len(names) for title, names in sections.items()})


def _section(section: tuple[str, set[str]]) -> str:
    title, names = section
    return f"\n## {title}\n{fill(' '.join(sorted(names, key=str.lower)), 120)}\n"


def _names(path: str, form: re.Pattern[str]) -> Iterator[str]:
    """Yield the names of one word of this form that are no words otherwise."""
    icons = json.loads(Path(path).read_text("utf-8"))
    for icon in icons if isinstance(icons, list) else icons["icons"]:
        name = icon["title"]
        if len(name) >= _SHORTEST and form.fullmatch(name) and not lexicon().find(name.lower()).dictionary:
            yield name


if __name__ == "__main__":
    main(*sys.argv[1:])
