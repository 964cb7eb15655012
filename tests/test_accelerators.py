"""Every report has the same bytes without the libraries that only make a run faster."""

from __future__ import annotations

import random
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from linter.analysis import scan
from linter.config import packs

ROOT = Path(__file__).resolve().parents[1]
# Runs the command line, with the modules in the first argument made impossible to import.
HIDING = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(name)

hidden = set(filter(None, sys.argv.pop(1).split(",")))
sys.meta_path.insert(0, Hidden())
from linter.cli import main
sys.exit(main())
"""


def articles(folder: Path) -> None:
    """Articles that consist of the examples of all rules, in a fixed order."""
    examples = [example for rule in packs.shipped_rules() for example in (*rule.bad, *rule.good) if example.text]
    rng = random.Random(11)
    for number in range(8):
        kind = rng.choice(["markdown", "html", "text"])
        texts = [example.text for example in examples if example.kind == kind]
        suffix = {"markdown": "md", "html": "html", "text": "txt"}[kind]
        (folder / f"{number}.{suffix}").write_text("\n\n".join(rng.sample(texts, 12)), "utf-8", "replace")
    (folder / "long.md").write_text("\n\n".join(example.text for example in examples[::6]), "utf-8", "replace")


@pytest.mark.slow
def test_a_report_has_the_same_bytes_without_the_automaton(tmp_path: Path) -> None:
    articles(tmp_path)
    found = []
    for hidden in ("", "ahocorasick"):
        command = [sys.executable, "-c", HIDING, hidden, "check", str(ROOT / "examples"), str(tmp_path)]
        options = ["--isolated", "--no-cache", "--all", "--report", "json"]
        done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, check=False, timeout=300)
        assert done.returncode == 1, done.stderr
        found.append(done.stdout)
    assert len(found[0]) > 100_000
    assert found[0] == found[1]


@pytest.mark.parametrize("portion", [1, 7, 1 << 18])
def test_all_scanners_find_the_same(portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ahocorasick")
    monkeypatch.setattr(scan, "_PORTION", portion)
    rng = random.Random(portion)
    for _ in range(100):
        literals = sorted(
            {"".join(rng.choices("ab\x00\xff", k=rng.randrange(1, 7))) for _ in range(rng.randrange(1, 9))}
        )
        text = "".join(rng.choices("ab\x00\xff\ue000", k=rng.randrange(40)))
        fast, plain = scan._Automaton(literals), scan._Plain(literals)
        assert sorted(fast.hits(text)) == sorted(plain.hits(text))


def test_a_scanner_of_nothing_finds_nothing() -> None:
    assert list(scan.scanner([]).hits("tram")) == []


@pytest.mark.parametrize(
    ("name", "python", "needed"),
    [
        ("linux x86-64", "3.11", True),
        ("musl arm", "3.14", True),
        ("macos arm", "3.12", True),
        ("windows x86-64", "3.13", True),
        ("windows arm", "3.13", False),
        ("linux x86-64", "3.15", False),
    ],
)
def test_the_automaton_is_required_where_it_has_wheels(name: str, python: str, needed: bool) -> None:
    script = runpy.run_path(str(ROOT / "ci" / "wheels.py"))
    (platform,) = (each for each in script["PLATFORMS"] if each.name == name)
    wanted = script["needed"](script["requirements"](), platform, python)
    assert any(each.startswith("pyahocorasick") for each in wanted) is needed
    assert any(each.startswith("codespell") for each in wanted)
