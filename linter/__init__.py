"""copydesk: finds and fixes what no writer typed."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; to import `typing` takes longer than all else before main
if TYPE_CHECKING:
    from typing import Any

    from linter.api import lint_paths, lint_text
    from linter.document import Document
    from linter.finding import Finding, Result
    from linter.rule import Match, Rule

__version__ = "0.1.0"

__all__ = ["Document", "Finding", "Match", "Result", "Rule", "lint_paths", "lint_text"]

_HOMES = {
    "Document": "document",
    "Finding": "finding",
    "Match": "rule",
    "Result": "finding",
    "Rule": "rule",
    "lint_paths": "api",
    "lint_text": "api",
}


def __getattr__(name: str) -> Any:
    """The public names, each imported when it is first asked for: `import linter` alone costs nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"linter.{_HOMES[name]}"), name)
    raise AttributeError(f"module “linter” has no “{name}”")
