"""docs/editors.md and the extension for VS Code describe the settings of the language server."""

from __future__ import annotations

import json
import re
from pathlib import Path

from linter.lsp.settings import DEFAULTS

ROOT = Path(__file__).parent.parent
SETTINGS = json.loads(json.dumps(DEFAULTS._asdict()))
OWN = {"path", "trace.server"}  # of the extension, which the server ignores


def test_the_table_has_all_settings_and_their_defaults() -> None:
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| `(\w+)` \| `(.+?)` \|", page)
    assert {name: json.loads(default) for name, default in rows} == SETTINGS


def test_the_extension_has_the_same_settings_and_defaults() -> None:
    manifest = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text("utf-8"))
    properties = manifest["contributes"]["configuration"]["properties"]
    defaults = {name.removeprefix("copydesk."): each["default"] for name, each in properties.items()}
    shared = {name: default for name, default in defaults.items() if name not in OWN}
    assert len(shared) >= 6
    assert {**SETTINGS, **shared} == SETTINGS
