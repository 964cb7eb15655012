"""Build hook of hatchling: store the analysis of the patterns of the shipped rules in the package.

`python tools/build_hook.py` stores it in this checkout.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SCRIPT = """
from linter.api import Linter
from linter.compiled import write_shipped_analysis
for kind in ("markdown", "html", "text"):
    Linter(isolated=True).check("The tram of the town is late.", kind=kind)
write_shipped_analysis()
"""


def store_analysis() -> bool:
    """Write linter/data/analysis.json in a process of its own, and return whether that worked."""
    (ROOT / "linter" / "data" / "analysis.json").unlink(missing_ok=True)
    return subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, check=False).returncode == 0


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    pass
else:

    class AnalysisHook(BuildHookInterface):  # type: ignore[type-arg]
        """Adds the stored analysis to a wheel. Without it, the package works, but its first run takes longer."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if store_analysis():
                build_data["artifacts"].append("linter/data/analysis.json")
            else:
                self.app.display_warning("the patterns of the rules could not be analyzed")


if __name__ == "__main__":
    sys.exit(not store_analysis())
