"""Make linter/schemas/*.json, with the descriptions of keys from the docs.

Run `python docs/schemas.py` after a change of a config key, a kind of check, or its docs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from linter.reference import schemas
from linter.reference.schemas import Schema

FOLDER = Path(__file__).resolve().parent
_OVERRIDES = {
    "path": "Files for which it holds, with patterns as in `exclude`.",
    "metadata": "What the front matter, or the head of a page, says of the articles for which it holds, by key.",
    "select": "What is switched on there: rules, packs, or globs for rules.",
    "ignore": "What is switched off there: rules, packs, or globs for rules.",
    "severity": "How grave a rule, a pack, or what a glob fits, is there.",
    "options": "Keys of single rules there; behind a list `+` adds to it.",
}
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def made() -> dict[str, Schema]:
    """The schemas by their names."""
    return {"config": schemas.config_schema(_settings()), "rule": schemas.rule_schema(_rows("writing-rules.md"))}


def text(schema: Schema) -> str:
    """A schema as a file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _settings() -> dict[str, str]:
    """The first paragraph below the heading of each setting, and what is said of the keys of its parts."""
    page = (FOLDER / "configuration.md").read_text("utf-8")
    found = re.findall(r"(?m)^### `([\w-]+)`\n\n((?:.+\n)+)", page)
    own = {key: _plain(paragraph) for key, paragraph in found}
    own |= {f"overrides.{key}": text for key, text in _OVERRIDES.items()}
    return own | {f"suppressions.{key}": text for key, text in _rows("silencing.md").items()}


def _rows(page: str) -> dict[str, str]:
    """What the tables of a page say of each key; of two tables the first one."""
    rows = re.findall(r"(?m)^\| `([\w-]+)` \| (.+) \|$", (FOLDER / page).read_text("utf-8"))
    return {key: _plain(said) for key, said in reversed(rows)}


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", " ".join(text.split()))


if __name__ == "__main__":
    for name, schema in made().items():
        (FOLDER.parent / "linter" / "schemas" / f"{name}.json").write_text(text(schema), encoding="utf-8", newline="\n")
