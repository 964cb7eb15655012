"""The language server in Emacs, if it is installed: tests/emacs/session.el."""

from __future__ import annotations

from pathlib import Path

import pytest

from real_editors import needs, newsroom, run, shown_config

pytestmark = pytest.mark.slow

SESSION = Path(__file__).parent / "emacs" / "session.el"
EMACS = needs("emacs")


def test_emacs(tmp_path: Path) -> None:
    start = tmp_path / "init.el"
    start.write_text(shown_config("elisp", "eglot-ensure") + shown_config("elisp", "before-save-hook"), "utf-8")
    room = newsroom(tmp_path, "newsroom 1")  # Eglot of Emacs 30 shows no diagnostics if a path is not ASCII
    run([EMACS, "--batch", "--quick", "--load", str(start), "--load", str(SESSION)], room)
