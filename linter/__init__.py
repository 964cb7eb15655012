"""copydesk finds publishing defects in articles: leaked markup, stray code fences, injected links, page boilerplate."""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know this name; importing `typing` takes longer than everything else before main
if TYPE_CHECKING:
    from typing import Any

    from linter.api import FixedText, Linter, lint_paths, lint_text
    from linter.config.config import BadConfig
    from linter.document import Document
    from linter.finding import Edit, Finding, Fix, Problem, Result
    from linter.rule import BadRule, Match, Rule

__version__ = "0.1.0"
REPOSITORY = "https://github.com/copydesk/copydesk"  # as in pyproject.toml

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
    "api": ("FixedText", "Linter", "lint_paths", "lint_text"),
    "config.config": ("BadConfig",),
    "document": ("Document",),
    "finding": ("Edit", "Finding", "Fix", "Problem", "Result"),
    "rule": ("BadRule", "Match", "Rule"),
}


def __getattr__(name: str) -> Any:
    """Return the public object `name`; its module is imported on first use, so that `import linter` alone is fast.

    Raises AttributeError for any other name.
    """
    for module, names in _MODULES.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"linter.{module}"), name)
    raise AttributeError(f"module “linter” has no “{name}”")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
