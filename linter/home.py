"""Where the rules lie that come with the tool."""

from __future__ import annotations

import os


def rules() -> str:
    """The folder of their packs: in the package where it is installed, else beside it."""
    here = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(here, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(here), "rules")
