"""The language server in Neovim, if it is installed: the tests of tests/neovim/session.lua."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from real_editors import needs, newsroom, run, shown_config

pytestmark = pytest.mark.slow

SESSION = Path(__file__).parent / "neovim" / "session.lua"
TESTS = re.findall(r"(?m)^function tests\.(\w+)", SESSION.read_text("utf-8"))
NVIM = needs("nvim")

assert len(TESTS) >= 8


@pytest.mark.parametrize("name", TESTS)
def test_neovim(tmp_path: Path, name: str) -> None:
    shown = subprocess.run([NVIM, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = map(int, re.findall(r"\d+", shown)[:2])
    start = tmp_path / "init.lua"
    server = shown_config("lua", "vim.lsp.enable" if (major, minor) >= (0, 11) else "vim.lsp.start")
    on_save = shown_config("lua", "BufWritePre") if name == "fix_on_save" else ""
    start.write_text(server + on_save, "utf-8")
    command = [NVIM, "--headless", "--clean", "-i", "NONE", "-n", "-u", str(start), "-S", str(SESSION)]
    run(command, newsroom(tmp_path, "newsroom 漢字"), TEST=name)
