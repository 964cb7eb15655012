"""The code uses only public names of Python and of libraries, changes none of them, and runs no generated code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
OWN = ("linter", "copydesk")
FILES = sorted(file for folder in (*OWN, "tools", "bench", "docs") for file in (ROOT / folder).rglob("*.py"))


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def is_foreign(module: str) -> bool:
    return module.split(".")[0] not in OWN and not any(
        (ROOT / folder / f"{module}.py").exists() for folder in ("bench",)
    )


def foreign_names(tree: ast.Module) -> set[str]:
    """Return the names in a module that refer to modules or classes of Python or of a library."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.asname or each.name.split(".")[0] for each in node.names if is_foreign(each.name)}
        elif isinstance(node, ast.ImportFrom) and is_foreign(node.module or ""):
            names |= {each.asname or each.name for each in node.names}
    return names


def tricks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and a description of each trick in a module."""
    foreign = foreign_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "eval"):
            yield node.lineno, f"{node.func.id} runs generated code"
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names if any(map(is_private, each.name.split("."))))
        if isinstance(node, ast.ImportFrom) and is_foreign(node.module or "") and node.module != "__future__":
            parts = [*(node.module or "").split("."), *(each.name for each in node.names)]
            yield from ((node.lineno, f"{node.module}: {part}") for part in parts if is_private(part))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in foreign:
            if is_private(node.attr) and node.attr != "_exit":  # os._exit is documented
                yield node.lineno, f"{node.value.id}.{node.attr} is private"
            if isinstance(node.ctx, ast.Store) and node.attr not in ("stdout", "stderr"):  # of `sys`, if there is none
                yield node.lineno, f"{node.value.id}.{node.attr} is replaced"
        if isinstance(node, ast.Attribute) and node.attr in ("__code__", "__closure__", "__globals__"):
            yield node.lineno, f"{node.attr} is an implementation detail"


def test_no_module_uses_tricks() -> None:
    assert len(FILES) > 300
    found = [
        f"{file.relative_to(ROOT)}:{line}: {what}"
        for file in FILES
        for line, what in sorted(tricks(ast.parse(file.read_text("utf-8"))))
    ]
    assert not found, "\n".join(found)


def test_tricks_are_recognized() -> None:
    code = """
import re, _sre
import regex._regex_core
from collections import _tuplegetter
from os import path as place
re.compile = print
re._compiler
place._get_sep
exec("1")
find.__code__
self._own
"""
    assert [line for line, _ in sorted(tricks(ast.parse(code)))] == [2, 3, 4, 6, 7, 8, 9, 10]
