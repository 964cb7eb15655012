"""The actions of Vale rules: the texts that may replace a match."""

from __future__ import annotations

from linter.vale.definition import Action


def replacements(action: Action, match: str) -> tuple[str, ...]:
    """Return the texts that may replace `match`, or () if the action proposes none."""
    if action.name == "remove":
        return ("",)
    return action.params if action.name == "replace" else ()
