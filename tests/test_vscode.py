"""The extension for VS Code: its own checks, its tests and its package."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from linter import __version__
from linter.readers import SUFFIXES
from real_editors import run

pytestmark = pytest.mark.slow

EXTENSION = Path(__file__).parent.parent / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text("utf-8"))
NPM = shutil.which("npm")
LARGEST = 1_000_000  # bytes
NOT_COPIED = shutil.ignore_patterns("node_modules", "dist", "*.vsix")
LANGUAGES = {"markdown": {"markdown", "mdx"}, "html": {"html"}, "text": {"plaintext"}}  # of VS Code, by kind of source


@cache
def why_not() -> str | None:
    """Return why the packages cannot be installed here, or None."""
    if NPM is None:
        return "there is no npm on this machine"
    ping = subprocess.run([NPM, "ping"], capture_output=True, text=True, timeout=120, check=False)
    return None if ping.returncode == 0 else "npm cannot reach its registry"


def npm(folder: Path, *arguments: str) -> None:
    assert NPM
    done = subprocess.run([NPM, *arguments], cwd=folder, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, f"npm {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the extension with its packages."""
    if (reason := why_not()) and not os.environ.get("EDITORS_REQUIRED"):
        pytest.skip(reason)
    assert reason is None
    folder = tmp_path_factory.mktemp("editors") / "vscode"
    shutil.copytree(EXTENSION, folder, ignore=NOT_COPIED)
    npm(folder, "ci", "--ignore-scripts")
    return folder


def test_the_version_is_that_of_copydesk() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text("utf-8"))
    assert MANIFEST["version"] == lock["version"] == lock["packages"][""]["version"] == __version__
    assert f"- {__version__}: " in (EXTENSION / "CHANGELOG.md").read_text("utf-8")


def test_the_license_is_that_of_copydesk() -> None:
    assert (EXTENSION / "LICENSE").read_bytes() == (EXTENSION.parent.parent / "LICENSE").read_bytes()


def test_the_lock_file_has_checksums_and_no_addresses() -> None:
    packages = json.loads((EXTENSION / "package-lock.json").read_text("utf-8"))["packages"]
    assert len(packages) > 20
    assert all(package.get("integrity") for path, package in packages.items() if path)
    assert not any("resolved" in package for package in packages.values())


def test_the_extension_knows_the_languages_and_suffixes_of_articles() -> None:
    source = (EXTENSION / "src" / "articles.ts").read_text("utf-8")
    languages = re.search(r"ARTICLE_LANGUAGES = \[(.*?)\]", source)
    suffixes = re.search(r"/\\\.\(([\w|]+)\)\$/i", source)
    assert languages
    assert set(re.findall(r'"(\w+)"', languages[1])) == set().union(*(LANGUAGES[kind] for kind in SUFFIXES.values()))
    assert suffixes
    assert {f".{suffix}" for suffix in suffixes[1].split("|")} == SUFFIXES.keys()


@pytest.mark.slow
def test_types_and_format(extension: Path) -> None:
    npm(extension, "run", "check")


@pytest.mark.slow
def test_its_own_tests(extension: Path) -> None:
    npm(extension, "test")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_it_works_with_the_real_server(extension: Path) -> None:
    program = extension.parent / "bin" / "copydesk"
    run([str(NPM), "run", "test:real"], extension, COPYDESK_PROGRAM=str(program))


@pytest.mark.slow
def test_the_package_is_small_and_has_no_modules(extension: Path) -> None:
    npm(extension, "run", "package")
    package = extension / f"copydesk-{__version__}.vsix"
    assert package.stat().st_size < LARGEST
    with zipfile.ZipFile(package) as archive:
        names = {name.removeprefix("extension/") for name in archive.namelist() if name.startswith("extension/")}
        assert json.loads(archive.read("extension/package.json")) == MANIFEST
        licenses = archive.read("extension/dist/licenses.txt").decode()
    assert names == {
        "package.json",
        "readme.md",
        "changelog.md",
        "LICENSE.txt",
        "dist/extension.js",
        "dist/licenses.txt",
    }
    assert re.search(r"(?m)^vscode-languageclient [\d.]+ \(MIT\)$", licenses)
