"""Random .gitignore files in random folders exclude the files that git excludes."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from linter.files import ignore
from linter.files.ignore import GitignoreReader, Ignored

pytestmark = pytest.mark.slow

FOLDERS = 25  # folders with the same files, each with its own .gitignore, so that one call of git is enough
PATTERNS = r"""a b a b ab c A é - . * * ** *** ? / / **/ /** /**/ ! # \ \a \* \/ \]
[ab] [!a] [^b] [a-b] [b-a] [é] []a] [!]a] [--0] [a- [a [ ] [\]] [a/b]
[[:alpha:]] [[:punct:][:space:]] [[:digit:]0-a] [[:upper:]] [[:foo:]] [[:a]""".split()
PATTERNS += [" ", "\\ ", "\t", "\r", "\0"]
NAMES = ["a", "b", "ab", "ba", "aab", "bab"]
ODD = [*NAMES, "a b", "a ", "*", "!a", "#a", "\\", "A", "é", "-", "[a]", "]", "a.b", "c", "0", "a\tb"]


def some_files(rng: random.Random) -> list[str]:
    """Return paths of files, none of which is a folder of another."""
    names = [[rng.choice(NAMES if rng.random() < 0.7 else ODD) for _ in range(rng.randint(1, 4))] for _ in range(40)]
    files = {"/".join(parts) for parts in names}
    folders = {"/".join(parts[:end]) for parts in names for end in range(1, len(parts))}
    return sorted(files - folders)


def some_patterns(rng: random.Random, lines: int) -> bytes:
    """A .gitignore."""
    made = ["".join(rng.choices(PATTERNS, k=rng.choice([1, 2, 2, 3, 3, 4, 5, 8]))) for _ in range(lines)]
    return "\n".join(made).encode() + b"\n" * rng.randint(0, 1)


def kept_by_git(top: Path) -> set[str]:
    listing = ["git", "ls-files", "--others", "--exclude-standard", "-z"]
    answer = subprocess.run(listing, cwd=top, check=True, capture_output=True).stdout
    return {os.fsdecode(path) for path in answer.split(b"\0") if path}


def kept_by_us(top: Path) -> set[str]:
    found, reader = set(), GitignoreReader()
    folders = [(str(top), Ignored())]
    while folders:
        folder, ignored = folders.pop()
        entries = [entry for entry in os.scandir(folder) if entry.name != ".git"]
        if any(entry.name == ignore.NAME for entry in entries):
            ignored = reader.within(ignored, folder)
        for entry in entries:
            if not ignored.ignores(entry.path, folder=entry.is_dir()):
                if entry.is_dir():
                    folders.append((entry.path, ignored))
                else:
                    found.add(os.path.relpath(entry.path, top))
    assert not reader.failures
    return found


@pytest.mark.skipif(os.name == "nt", reason="these names cannot be those of files there")
def test_git_leaves_out_the_same_files(tmp_path: Path, rng: random.Random, scale: int) -> None:
    for number in range(scale):
        top = tmp_path / str(number)
        subprocess.run(["git", "init", "--quiet", top], check=True)
        subprocess.run(["git", "-C", top, "config", "core.excludesFile", os.devnull], check=True)
        folders = [top / str(at) for at in range(FOLDERS)]
        files = some_files(rng)
        for file in (folder / file for folder in folders for file in files):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        for _ in range(8):
            for folder in folders:
                (folder / ignore.NAME).write_bytes(some_patterns(rng, rng.choice([1, 1, 2, 3, 5])))
                if (folder / "a").is_dir() and rng.random() < 0.3:
                    (folder / "a" / ignore.NAME).write_bytes(some_patterns(rng, 2))
            differs = {path.split("/")[0] for path in kept_by_git(top) ^ kept_by_us(top)}
            assert not {(top / folder / ignore.NAME).read_bytes() for folder in differs}
