"""Check that every dependency has a wheel for each main platform: `python ci/wheels.py`. Needs a package index.

It reads the dependencies and the extra `spelling` from pyproject.toml, and lets pip look for wheels of them and of
their own dependencies. It prints a table; the exit status is 1 if a required wheel is missing. If names of packages are
given as arguments, they are checked instead, for example before adding a dependency. It takes a few minutes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
EXTRAS = ("spelling",)  # extras that users install
# Packages that install from source without a compiler.
PURE = {("pyyaml", "windows arm", "3.11"): "then without libyaml, in pure Python"}


class Platform(NamedTuple):
    """A platform: its tags for pip, and its values of environment markers, which do not distinguish glibc and musl."""

    name: str
    tags: tuple[str, ...]
    system: str  # sys_platform
    machine: str  # platform_machine


def _glibc(machine: str) -> tuple[str, ...]:
    return ("manylinux2014_" + machine, *(f"manylinux_2_{minor}_{machine}" for minor in range(17, 40)))


def _musl(machine: str) -> tuple[str, ...]:
    return tuple(f"musllinux_1_{minor}_{machine}" for minor in range(1, 3))


def _macos(machine: str, *versions: str) -> tuple[str, ...]:
    return tuple(f"macosx_{version}_{kind}" for version in versions for kind in (machine, "universal2"))


PLATFORMS = (
    Platform("linux x86-64", _glibc("x86_64"), "linux", "x86_64"),
    Platform("linux arm", _glibc("aarch64"), "linux", "aarch64"),
    Platform("musl x86-64", _musl("x86_64"), "linux", "x86_64"),
    Platform("musl arm", _musl("aarch64"), "linux", "aarch64"),
    Platform("macos x86-64", _macos("x86_64", "10_12", "10_13", "10_15", "11_0", "13_0"), "darwin", "x86_64"),
    Platform("macos arm", _macos("arm64", "11_0", "12_0", "13_0", "14_0"), "darwin", "arm64"),
    Platform("windows x86-64", ("win_amd64",), "win32", "AMD64"),
    Platform("windows arm", ("win_arm64",), "win32", "ARM64"),
)


def requirements(project: Path = PROJECT) -> list[Requirement]:
    """Return the requirements of an ordinary installation."""
    table = tomllib.loads(project.read_text("utf-8"))["project"]
    extra = (each for name in EXTRAS for each in table["optional-dependencies"][name])
    return [*map(Requirement, (*table["dependencies"], *extra))]


def environment(platform: Platform, python: str) -> Mapping[str, str]:
    """Return the values of environment markers on a platform."""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "nt" if platform.system == "win32" else "posix",
        "platform_machine": platform.machine,
        "platform_python_implementation": "CPython",
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[platform.system],
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": platform.system,
    }


def needed(every: Iterable[Requirement], platform: Platform, python: str) -> list[str]:
    """Return the requirements whose markers apply to a platform, without the markers."""
    seen = environment(platform, python)
    return [f"{each.name}{each.specifier}" for each in every if each.marker is None or each.marker.evaluate(dict(seen))]


def has_wheels(wanted: Iterable[str], platform: Platform, python: str, folder: str) -> bool:
    """Whether pip finds wheels of all `wanted` packages and their dependencies."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", folder]
    command += ["--only-binary=:all:", "--python-version", python, "--implementation", "cp"]
    command += [f"--platform={tag}" for tag in platform.tags]
    done = subprocess.run([*command, *wanted], capture_output=True, text=True, check=False)
    if done.returncode and "No matching distribution" not in done.stderr:
        sys.exit(f"pip: {done.stderr.strip()}")
    return done.returncode == 0


def missing(every: Iterable[Requirement], platform: Platform, python: str) -> Iterator[str]:
    """Yield the names of the requirements without a wheel for a platform."""
    wanted = needed(every, platform, python)
    with tempfile.TemporaryDirectory() as folder:
        if not wanted or has_wheels(wanted, platform, python, folder):
            return
        for one in wanted:
            name = Requirement(one).name
            if (name, platform.name, python) not in PURE and not has_wheels([one], platform, python, folder):
                yield name


def main(names: list[str]) -> int:
    every = [*map(Requirement, names)] or requirements()
    places = [(platform, python) for platform in PLATFORMS for python in PYTHONS]
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(lambda place: tuple(missing(every, *place)), places)]
    width = max(len(platform.name) for platform in PLATFORMS)
    for (platform, python), lacks in zip(places, found, strict=True):
        print(f"{platform.name:{width}} {python}  {', '.join(lacks) or 'all'}")
    return int(any(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
