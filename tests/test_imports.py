"""Imports go one way, as data does; what is heavy is imported only when it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WAY = "source document rule checks plan engine article desk runner commands cli".split()
HEAVY = "yaml rich multiprocessing charset_normalizer turbohtml ftfy jinja2 importlib.metadata asyncio".split()


FOR_ARTICLES = "regex linter.document linter.engine linter.prefilter.index linter.compiled hashlib".split()


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(file): file for file in sorted((ROOT / "linter").rglob("*.py"))}
assert "linter.source" in MODULES


def imports(file: Path) -> set[str]:
    """The modules of the package that a file imports, at any time."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "linter":
            found |= {f"{node.module}.{name.name}" for name in node.names} | {node.module}
    return found & MODULES.keys() - {"linter"}


GRAPH = {name: imports(file) - {name} for name, file in MODULES.items()}


def reached(start: str) -> set[str]:
    """What a module, or a folder of them, imports, directly or not."""
    names, todo = set(), [name for name in GRAPH if f"{name}.".startswith(f"linter.{start}.")]
    while todo:
        new = GRAPH[todo.pop()] - names
        names |= new
        todo += new
    return names


def test_no_import_leads_back() -> None:
    list(TopologicalSorter(GRAPH).static_order())


@pytest.mark.parametrize(("early", "late"), [(one, other) for i, one in enumerate(WAY) for other in WAY[i + 1 :]])
def test_imports_go_the_way_of_the_data(early: str, late: str) -> None:
    assert not [name for name in reached(early) if f"{name}.".startswith(f"linter.{late}.")]


def test_readers_know_sources_and_documents_alone() -> None:
    others = {name for name in reached("readers") if not name.startswith("linter.readers")}
    assert others <= {"linter.source", "linter.document", "linter.readers.html_meaning", "linter.patterns"}


@pytest.mark.parametrize(
    ("name", "heavy"),
    [
        ("linter", [*HEAVY, "regex"]),
        ("linter.cli", HEAVY),
        ("linter.engine", HEAVY),
        ("linter.config.packs", HEAVY),
        pytest.param(
            "linter.cli.check_command", [*HEAVY, *FOR_ARTICLES], id="what is known needs no reader and no rule"
        ),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(name: str, heavy: list[str]) -> None:
    code = f"import sys; before = set(sys.modules); import {name}; print(*sys.modules.keys() - before)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(run.stdout.split()) & set(heavy)
