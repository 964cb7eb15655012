"""Measure the styles of Vale: `python bench/vale.py ARTICLES PACKAGES`.

ARTICLES is a folder of Markdown articles. PACKAGES is a folder of style packages: each is a folder with a `.vale.ini`
and its styles. The script runs `copydesk vale` with one process and without a cache, for each package and for all at
once, and prints the CPU seconds per MB of Markdown, without those of a run on an empty article. It prints those of Vale
3.15.1 beside them, which were measured in the same way on 150 of the articles, and the alerts.

Goal: 20 times as fast as Vale in sum. The exit status is 1 if the goal is not met.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from measuring import program

GOAL = 20
# CPU seconds per MB of Vale 3.15.1; where a range was measured, its middle
VALE = {
    "Microsoft": 10.5,
    "Google": 7.5,
    "write-good": 4,
    "proselint": 10.5,
    "alex": 6,
    "Joblint": 1.3,
    "Readability": 6.5,
    "ai-tells": 3,
    "Datadog": 16,
    "spectrocloud": 11.5,
    "RedHat": 34,
    "Grafana": 30,
    "Elastic": 12,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="a folder of Markdown articles")
    parser.add_argument("packages", type=Path, help="a folder of style packages")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median counts (default: 3)")
    given = parser.parse_args()
    megabytes = sum(file.stat().st_size for file in given.articles.rglob("*.md")) / 1e6
    configs = {file.parent.name: file for file in sorted(given.packages.glob("*/.vale.ini"))}
    print(f"{megabytes:.1f} MB of Markdown; CPU seconds per MB, median of {given.runs} runs\n")
    print(f"{'':14} {'copydesk':>9} {'Vale':>6} {'ratio':>6} {'alerts':>8} {'start-up':>9}")
    total, of_vale = 0.0, 0.0
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as place:
        for name, config in configs.items():
            cost = _measure(name, config, given, megabytes, Path(place))
            total += cost
            of_vale += VALE.get(name, 0)
        _measure("all at once", _joint(configs, Path(place)), given, megabytes, Path(place))
    ratio = of_vale / total
    print(f"{'sum':14} {total:9.2f} {of_vale:6.1f} {ratio:6.1f}")
    return int(ratio < GOAL)


def _measure(name: str, config: Path, given: argparse.Namespace, megabytes: float, place: Path) -> float:
    """Print the figures for a config, and return its CPU seconds per MB."""
    empty = place / "empty.md"
    empty.write_text("")
    start = median(_run(config, empty)[0] for _ in range(given.runs))
    runs = [_run(config, given.articles) for _ in range(given.runs)]
    cost = (median(seconds for seconds, _ in runs) - start) / megabytes
    known = VALE.get(name, 0)
    ratio = f"{known:6.1f} {known / cost:6.1f}" if known else f"{'':13}"
    print(f"{name:14} {cost:9.2f} {ratio} {runs[0][1]:8,} {start:8.2f}s", flush=True)
    return cost


def _run(config: Path, articles: Path) -> tuple[float, int]:
    """Return the CPU seconds of a run, and the number of alerts."""
    command = [*program("copydesk"), "vale", "--config", str(config), "--output", "line", "--no-cache", "--jobs", "1"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*command, str(articles)], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{config}: {done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout.count("\n")


def _joint(configs: dict[str, Path], place: Path) -> Path:
    """Write a config that uses the styles of all packages, and return its path."""
    paths = [f"StylesPath = {file.parent.resolve() / 'styles'}" for file in configs.values()]
    vocabularies = sorted(
        {folder.name for file in configs.values() for folder in file.parent.glob("styles/config/vocabularies/*")}
    )
    lines = [*paths, "MinAlertLevel = suggestion", f"Vocab = {', '.join(vocabularies)}", "", "[*.md]"]
    joint = place / ".vale.ini"
    joint.write_text("\n".join([*lines, f"BasedOnStyles = {', '.join(configs)}", ""]), encoding="utf-8")
    return joint


if __name__ == "__main__":
    sys.exit(main())
