"""Build hook of hatchling: store the shipped rules and the analysis of their patterns in the package.

`python tools/build_hook.py` stores them in this checkout.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILE = "linter/data/compiled.txt"
# Patterns are analyzed when they are first needed. Therefore, the rules run on their own examples here. Of the kinds
# with many patterns, some patterns have no example, so all of them are analyzed.
SCRIPT = """
from linter.api import Linter
from linter.compiled import write_shipped
from linter.config.packs import shipped_rules

linter = Linter(isolated=True)
for rule in shipped_rules():
    for example in rule.bad:
        for article in example.articles or (example,):
            linter.check(article.text, kind=article.kind)
write_shipped(shipped_rules())
"""


def store_rules() -> bool:
    """Write FILE in a process of its own, and return whether that worked."""
    (ROOT / FILE).unlink(missing_ok=True)
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
                build_data["artifacts"].append(FILE)
            else:
                self.app.display_warning("the rules could not be stored")


if __name__ == "__main__":
    sys.exit(not store_rules())
