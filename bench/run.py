"""Compare copydesk with codespell and typos: `python bench/run.py FOLDER`, a folder of Markdown articles.

The tools take turns, so that other load on the machine affects all of them; medians are shown. The exit status is 1 if
a goal is not met. codespell and typos are looked up next to this Python, then in PATH.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import workloads
from measuring import Run, measured, program

Command = tuple[list[str], int, Callable[[], None] | None]  # arguments, bytes of articles, and what to do before a run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of Markdown articles")
    parser.add_argument("--times", type=int, default=5, help="number of runs of each command (default: 5)")
    parser.add_argument("--rules", type=int, default=3000, help="number of additional rules (default: 3000)")
    parser.add_argument("--large", type=int, default=50, help="MB of the large article (default: 50)")
    parser.add_argument("--many", type=int, default=20_000, help="number of articles in an archive (default: 20000)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        seen = _measure(given, Path(folder))
    import show

    return show.table(seen)


def _measure(given: argparse.Namespace, place: Path) -> dict[str, Run]:
    """Create articles and rules in the folder `place`, run all commands, and return the medians of each command."""
    hook = Path(__file__).parent.parent / "tools" / "build_hook.py"
    subprocess.run([sys.executable, str(hook)], check=True)  # stores the shipped rules, as in an installed package
    # in a separate process, because the memory of this process counts as memory of the processes that it starts
    made = [str(given.folder), str(place), *map(str, (given.rules, given.large * 1_000_000, given.many))]
    subprocess.run([sys.executable, workloads.__file__, *made], check=True)
    kept = str(place / "kept")
    check = [*program("copydesk"), "check", "--isolated", "--quiet"]
    commands = _commands(given.folder, place, check, kept)
    for known in ([given.folder], (place / "few").iterdir(), [place / "site"], [place / "archive"]):
        measured([*check, "--cache-dir", kept, *map(str, known)])
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(given.times):
        for name, (command, bytes_, before) in commands.items():
            if before:
                before()
            runs[name].append(measured(command)._replace(size=bytes_))
            print(f"{runs[name][-1].wall:8.2f} s  {name}", file=sys.stderr)
    large = [*check, "--no-cache", "--jobs", "1", str(place / "large")]
    runs["large"] = [measured(large)._replace(size=given.large * 1_000_000)]
    return {name: _median(some) for name, some in runs.items()}


def _commands(folder: Path, place: Path, check: list[str], kept: str) -> dict[str, Command]:
    """Return the commands by name. `check` is the command to which options are added, and `kept` is a cache folder."""
    markdown, html, fresh = str(folder), str(place / "html"), str(place / "fresh")
    few, edited = sorted((place / "few").iterdir()), place / "edited"
    one, cold, small = ["--jobs", "1"], [*check, "--no-cache"], [str(file) for file in few]
    size = workloads.size(Path(markdown))
    return {
        "markdown": ([*cold, *one, markdown], size, None),
        "codespell": ([*program("codespell"), markdown], size, None),
        "typos": ([*program("typos"), markdown], size, None),
        "two": ([*cold, "--jobs", "2", markdown], size, None),
        "rules": ([*cold, *one, "--rules", str(place / "house"), markdown], size, None),
        "kept": ([*check, "--cache-dir", kept, markdown], size, None),
        "html": ([*cold, *one, html], workloads.size(Path(html)), None),
        "codespell html": ([*program("codespell"), html], workloads.size(Path(html)), None),
        "few": ([*check, "--cache-dir", kept, *small], 0, lambda: workloads.touch(few)),
        "few in site": _few_in(place / "site", few, check, kept),
        "few in archive": _few_in(place / "archive", few, check, kept),
        "few kept": ([*check, "--cache-dir", kept, *small], 0, None),
        "few cold": ([*check, "--cache-dir", fresh, "--rules", str(edited), *small], 0, lambda: _anew(edited, fresh)),
        "codespell few": ([*program("codespell"), *small], 0, None),
        "typos few": ([*program("typos"), *small], 0, None),
    }


def _few_in(folder: Path, few: list[Path], check: list[str], cache: str) -> Command:
    """Return the command that checks the articles `few` in `folder`, which are changed before each run."""
    files = [folder / file.name for file in few]
    return [*check, "--cache-dir", cache, *map(str, files)], 0, lambda: workloads.touch(files)


def _anew(rules: Path, cache: str) -> None:
    """Change the rule files in the folder `rules`, and delete the folder `cache`."""
    shutil.rmtree(cache, ignore_errors=True)
    workloads.touch(list(rules.glob("*/*.yaml")))


def _median(runs: list[Run]) -> Run:
    return Run(*(median(values) for values in zip(*runs, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
