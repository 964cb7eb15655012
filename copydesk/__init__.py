"""The public API of copydesk: the package `linter` under the name of its distribution."""

from __future__ import annotations

import linter
from linter import __all__ as __all__
from linter import __version__ as __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linter import *  # noqa: F403


def __getattr__(name: str) -> object:
    """Return a public name, imported when it is first used."""
    if name in __all__:
        return getattr(linter, name)
    raise AttributeError(f"module “copydesk” has no “{name}”")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
