"""docs/editors.md and the extension for VS Code describe the settings of the language server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from linter.lsp.settings import DEFAULTS, read_settings

ROOT = Path(__file__).parent.parent
SETTINGS = json.loads(json.dumps(DEFAULTS._asdict()))
OWN = {"path", "trace.server"}  # of the extension, which the server ignores


def test_the_table_has_all_settings_and_their_defaults() -> None:
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| `(\w+)` \| `(.+?)` \|", page)
    assert {name: json.loads(default) for name, default in rows} == SETTINGS


def properties() -> dict[str, Any]:
    """Return the settings of the extension that the server reads, by their names in the server."""
    manifest = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text("utf-8"))
    found = manifest["contributes"]["configuration"]["properties"]
    named = {name.removeprefix("copydesk."): each for name, each in found.items()}
    return {name: each for name, each in named.items() if name not in OWN}


def test_the_extension_has_the_same_settings_and_defaults() -> None:
    assert {name: each["default"] for name, each in properties().items()} == SETTINGS


def test_the_extension_allows_the_values_that_the_server_accepts() -> None:
    limits = {name: (each["minimum"], each["maximum"]) for name, each in properties().items() if "minimum" in each}
    choices = [(name, value) for name, each in properties().items() for value in each.get("enum", ())]
    assert set(limits) == {"maxSize", "debounce"}
    assert len(choices) == 5
    for name, (low, high) in limits.items():
        assert read_settings({name: low - 1})[1]
        assert read_settings({name: high + 1})[1]
        choices += [(name, low), (name, high)]
    assert [read_settings({name: value})[1] for name, value in choices] == [[]] * len(choices)
