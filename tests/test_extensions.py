"""copydesk works without any of its extensions: their folders can be deleted, together with their own tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from copies import copy_project
from linter import extensions

# The tests and the helpers of each extension. Other tests need it only in places, and skip these without it.
TESTS = {
    "lsp": "test_lsp_*.py lsp_*.py test_editor_settings.py test_emacs.py test_neovim.py test_vscode.py",
    "records": "test_tables_*.py test_exports_*.py test_*_archives.py test_record_*.py exports.py tables.py"
    " postgres_server.py test_dolma.py test_output_folder.py test_paragraphs.py test_ray.py test_spark.py",
    "serve": "test_serve_*.py test_languagetool*.py test_service_docs.py test_article_view.py service.py",
    "vale": "vale",
}
# Tests of what an extension adds to: commands, the config, rules, archives, readers and suppressions.
CHOSEN = [f"tests/test_{name}.py" for name in "bundle cases config_command fix_command init runner selection".split()]


def copy_without(names: Iterable[str], folder: Path) -> None:
    """Copy the project to `folder`, without some extensions and their tests."""
    copy_project(folder)
    for name in names:
        shutil.rmtree(folder / "linter" / name)
        for pattern in TESTS[name].split():
            found = [*(folder / "tests").glob(pattern)]
            assert found, pattern
            for path in found:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def run_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a copy of the project."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_core_works_without_extensions(tmp_path: Path) -> None:
    copy_without(TESTS, tmp_path)
    run = run_in(tmp_path, "-m", "pytest", "-n", "2", "-q", "-m", "not slow", *CHOSEN)
    assert run.returncode == 0, run.stdout[-5000:]


@pytest.mark.slow
@pytest.mark.parametrize("name", TESTS)
def test_the_rest_works_without_an_extension(name: str, tmp_path: Path) -> None:
    """All tests of the core and of the other extensions, which do not import each other, can be collected."""
    copy_without([name], tmp_path)
    collected = run_in(tmp_path, "-m", "pytest", "-n", "0", "-q", "--collect-only", "tests")
    assert collected.returncode == 0, collected.stdout[-5000:]
    [extension] = (each for each in extensions.installed() if each.name == name)
    for command in extension.commands:
        run = run_in(tmp_path, "-m", "linter", command)
        assert (run.returncode, run.stdout) == (2, "")
        assert run.stderr.startswith(f"copydesk: “{command}” is not a command")
    for key in extension.config_keys:
        (tmp_path / "copydesk.yaml").write_text(f"{key}: house\n", "utf-8")
        run = run_in(tmp_path, "-m", "linter", "check", "README.md")
        assert (run.returncode, run.stderr) == (2, f"copydesk.yaml:1:1: unknown key “{key}”\n")


def test_every_extension_is_installed() -> None:
    assert [each.name for each in extensions.installed()] == sorted(TESTS)
