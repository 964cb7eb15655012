"""Imports go in one direction, like the data, and heavy modules are imported only when needed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The packages and modules at the top level of the package. Each may import only what is below it.
ORDER = """
__init__ serve lsp records vale __main__ cli reporters api reference runner fix examples baseline changes result_cache
article_linter active_rules suppressions engine bundle compiled prefilter config checks
files readers extensions text analysis
workers cache serialize rule styled_text source_edits folding views document source suggest digest file_safety output
matching finding toml_places patterns typed_json word_lists naming
""".split()
EXTENSIONS = ("serve", "lsp", "records", "vale")
# The only module of the core that imports extensions, and the types of its interface come from the whole core.
BOUNDARY = "linter.extensions"
HEAVY = "yaml rich multiprocessing charset_normalizer turbohtml ftfy jinja2 importlib.metadata asyncio".split()
FOR_ARTICLES = "linter.document linter.engine linter.prefilter.index linter.compiled".split()
LONGEST_CHAIN = 10


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(file): file for file in sorted((ROOT / "linter").rglob("*.py"))}
assert "linter.source" in MODULES


def imports(file: Path, *, inner: bool = True) -> set[str]:
    """Return the modules of the package that a file imports; without `inner`, only those imported at its top level."""
    found = set()
    tree = ast.parse(file.read_text("utf-8"))
    typed = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    skipped = {child for node in typed for child in ast.walk(node)} if module(file) == BOUNDARY else set()
    for node in ast.walk(tree) if inner else tree.body:
        if node in skipped:
            continue
        assert not (isinstance(node, ast.ImportFrom) and node.level), (
            "no relative imports, which this test does not see"
        )
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names} & MODULES.keys()
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "linter":
            named = {f"{node.module}.{name.name}" for name in node.names}
            found |= named & MODULES.keys() or {node.module}
    return found - {"linter"}


@cache
def graph() -> dict[str, set[str]]:
    """Return the modules that each module imports."""
    return {name: imports(file) - {name} for name, file in MODULES.items()}


def part(name: str) -> str:
    """Return the top-level package or module of `linter` that contains a module."""
    return name.split(".")[1] if "." in name else "__init__"


def test_every_package_and_module_has_its_place() -> None:
    missing = {name for name in EXTENSIONS if not (ROOT / "linter" / name).exists()}
    assert {*map(part, MODULES)} == {*ORDER} - missing


def test_imports_go_down() -> None:
    """This includes imports inside functions and for type checkers."""
    assert [
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if ORDER.index(part(other)) < ORDER.index(part(name))
    ] == []


def names_in(file: Path) -> set[str]:
    """Return the modules of the package that a file names in any way: in imports, for types, and in strings."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"^linter(?:\.\w+)+$", node.value))
    return {name for name in found if name.startswith("linter.")}


def test_extensions_are_imported_by_themselves_only() -> None:
    """The core reaches them through one module, and they do not import each other."""
    named = [(name, other) for name, file in MODULES.items() for other in names_in(file)]
    assert [(name, other) for name, other in named if part(other) in EXTENSIONS and part(other) != part(name)] == []


def test_the_design_lists_the_packages_in_this_order() -> None:
    text = (ROOT / "docs" / "design.md").read_text("utf-8").partition("## Packages")[2].partition("## ")[0]
    listed = [
        line.split()[0].removesuffix("/").removesuffix(".py") for line in re.findall(r"(?m)^[a-z_]+(?:/|\.py) .*", text)
    ]
    assert listed == [name for name in ORDER if not name.startswith("__")]


def test_the_picture_in_the_design_shows_the_imports() -> None:
    text = (ROOT / "docs" / "design.md").read_text("utf-8").partition("```mermaid")[2].partition("```")[0]
    arrows = [(line.split()[0], line.split()[2]) for line in text.splitlines() if "-->" in line]
    shown = {name for arrow in arrows for name in arrow}
    real = {(part(name), part(other)) for name, others in graph().items() for other in others}
    assert set(arrows) <= real
    below: dict[str, set[str]] = {}
    for name in reversed([name for name in ORDER if name in shown]):
        direct = [other for one, other in arrows if one == name]
        below[name] = {*direct, *(more for other in direct for more in below[other])}
        longer = {other for other in direct if any(other in below[via] for via in direct)}
        assert not longer, f"{name}: {longer} follow from other arrows"
    assert [
        (one, other) for one, other in real if {one, other} <= shown and one != other and other not in below[one]
    ] == []


def test_no_import_leads_back() -> None:
    list(TopologicalSorter(graph()).static_order())


def test_chains_of_imports_are_short() -> None:
    """Only imports at the top level of modules count."""
    depth: dict[str, int] = {}
    at_top = {name: imports(file, inner=False) - {name} for name, file in MODULES.items()}
    for name in TopologicalSorter(at_top).static_order():
        depth[name] = 1 + max((depth[other] for other in at_top[name]), default=0)
    assert max(depth.values()) <= LONGEST_CHAIN


def test_file_names_are_unique() -> None:
    names = [file.name for file in MODULES.values() if "vale" not in file.parts]
    names = [name for name in names if name not in ("__init__.py", "extension.py")]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("name", "heavy"),
    [
        ("linter", [*HEAVY, "regex"]),
        ("linter.cli", HEAVY),
        ("linter.engine", HEAVY),
        ("linter.config.packs", HEAVY),
        pytest.param(
            "linter.cli.check_command", [*HEAVY, *FOR_ARTICLES], id="a cached result needs no reader and no rule"
        ),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(name: str, heavy: list[str]) -> None:
    code = f"import sys; before = set(sys.modules); import {name}; print(*sys.modules.keys() - before)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(run.stdout.split()) & set(heavy)
