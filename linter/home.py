"""Where the rules lie that come with the tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def rules() -> Traversable:
    """In the package where it is installed, else beside it."""
    here = Path(__file__).parent
    return next((place for place in (here / "rules", here.parent / "rules") if place.is_dir()), None) or _packed()


def _packed() -> Traversable:
    """In the archive that Python imports this from."""
    from importlib.resources import files  # with what it takes, 4 ms

    return files("linter") / "rules"
