"""copydesk finds publishing defects in articles: leaked markup, stray code fences, injected links, page boilerplate."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; to import `typing` takes longer than all else before main
if TYPE_CHECKING:
    from typing import Any

    from linter.api import FixedText, Linter, lint_paths, lint_text
    from linter.config.config import BadConfig
    from linter.document import Document
    from linter.finding import Edit, Finding, Fix, Problem, Result
    from linter.rule import BadRule, Match, Rule

__version__ = "0.1.0"

__all__ = [
    "BadConfig",
    "BadRule",
    "Document",
    "Edit",
    "Finding",
    "Fix",
    "FixedText",
    "Linter",
    "Match",
    "Problem",
    "Result",
    "Rule",
    "lint_paths",
    "lint_text",
]

_MODULES = {
    "BadConfig": "config.config",
    "BadRule": "rule",
    "Document": "document",
    "Edit": "finding",
    "Finding": "finding",
    "Fix": "finding",
    "FixedText": "api",
    "Linter": "api",
    "Match": "rule",
    "Problem": "finding",
    "Result": "finding",
    "Rule": "rule",
    "lint_paths": "api",
    "lint_text": "api",
}


def __getattr__(name: str) -> Any:
    """Return a public name, imported when it is first used: `import linter` alone costs nothing."""
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(f"linter.{_MODULES[name]}"), name)
    raise AttributeError(f"module “linter” has no “{name}”")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
