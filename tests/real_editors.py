"""Editors on this machine, configured as docs/editors.md shows, and a folder with articles for them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_CONFIG = "packs: [names, spacing, sentences]\n"
_TRAM = """# Tram

A 😀 漢字 tram, which vladimir Putin took, was late.

On 😀 tuesday.The 漢字 tram left.
"""
_ARTICLES = {
    "tram.md": _TRAM,
    "list.md": "On 😀 Tuesday.The 漢字 tram left. On 😀 Friday.The 漢字 tram left.\n\nIt came back.The end.\n",
    "returns.md": "One line\rtwo lines\r\rare here.\n\nOn 😀 tuesday.The 漢字 tram left.\n",
    "dos.md": _TRAM.replace("\n", "\r\n"),
    "fixed.md": _TRAM.replace("\n", "\r\n").replace("tuesday.The", "tuesday. The"),
}


def needs(name: str) -> str:
    """Return the path of a program; skip the tests of the module if there is none, unless editors are required."""
    program = shutil.which(name)
    if program is None and not os.environ.get("EDITORS_REQUIRED"):
        pytest.skip(f"there is no {name} on this machine", allow_module_level=True)
    return str(program or name)


def shown_config(language: str, text: str) -> str:
    """Return the only block of docs/editors.md in `language` that contains `text`."""
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    (found,) = (each[1] for each in re.finditer(rf"(?s)```{language}\n(.*?)```", page) if text in each[1])
    return str(found)


def newsroom(folder: Path, name: str) -> Path:
    """Create and return the folder `name` with articles and a config inside `folder`."""
    room = folder / name
    room.mkdir()
    (room / "copydesk.yaml").write_text(_CONFIG, "utf-8")
    for article, text in _ARTICLES.items():
        (room / article).write_bytes(text.encode())
    return room


def run(command: list[str], room: Path, **variables: str) -> None:
    """Run an editor in `room`. In its environment, `copydesk` is the one that is tested, and its home is empty."""
    home, programs = room.parent / "home", room.parent / "bin"
    home.mkdir()
    programs.mkdir()
    script = programs / "copydesk"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linter "$@"\n', "utf-8")
    script.chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    environment |= {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    ended = subprocess.run(
        command, cwd=room, env=environment | variables, stdin=subprocess.DEVNULL, capture_output=True, timeout=120
    )
    assert ended.returncode == 0, (ended.stdout + ended.stderr).decode("utf-8", "replace")
