"""Build hook of hatchling: store the shipped rules and the analysis of their patterns in the package.

Run by hand, it does the same in this folder: `python tools/build_hook.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SCRIPT = """
from linter.api import Linter
from linter.compiled import write_shipped_store
for kind in ("markdown", "html", "text"):
    Linter(isolated=True).check("The tram of the town is late.", kind=kind)
write_shipped_store()
"""


def store_rules() -> bool:
    """Write linter/data/compiled.json in a process of its own, and return whether that worked."""
    (ROOT / "linter" / "data" / "compiled.json").unlink(missing_ok=True)
    return subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, check=False).returncode == 0


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    pass
else:

    class RulesHook(BuildHookInterface):  # type: ignore[type-arg]
        """Adds the stored rules to a wheel. Without them, the package works, but a first run takes longer."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if store_rules():
                build_data["artifacts"].append("linter/data/compiled.json")
            else:
                self.app.display_warning("the rules could not be stored ahead")


if __name__ == "__main__":
    sys.exit(not store_rules())
