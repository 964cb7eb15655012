"""Front matter in JSON: its values as plain data, and where each string stands."""

from __future__ import annotations

import json
from typing import NamedTuple

from linter.readers import yamlmatter
from linter.readers.matter import Malformed, Matter


class Object(NamedTuple):
    """What the object says that a text begins with, and the code point where the line behind it begins."""

    matter: Matter
    end: int


def read(text: str) -> Object | None:
    """The front matter that a text begins with; None where that is no object, or other text follows in its line.

    JSON is YAML too, which tells where its strings stand.
    """
    start = len(text) - len(text.lstrip())
    try:
        values, end = json.JSONDecoder(strict=False).raw_decode(text, start)
        matter = yamlmatter.read(text, start, end)
    except (ValueError, RecursionError, Malformed):
        return None
    behind, line_end, _ = text[end:].partition("\n")
    if not values or behind.strip():
        return None
    matter.values = values
    return Object(matter, end + len(behind) + len(line_end))
