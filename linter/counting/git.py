"""Git as a subprocess that runs no other program, whatever the configuration of a repository says.

There is no shell, and no name is taken for an option. A repository may come from a stranger, with its `.git` folder.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from linter.escaping import one_line
from linter.settled import BadConfig

# Settings that start a program, or that change the output that is parsed here. The command line overrides all files.
_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "safe.bareRepository=explicit",  # a folder of the work tree may look like a repository; git 2.38 and later
    "core.quotepath=off",
    "color.ui=false",
    "diff.autoRefreshIndex=true",
)
_UNWANTED = ("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_TRACE")
_WANTED = {
    "LC_ALL": "C",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone fetches no objects,
    "GIT_ALLOW_PROTOCOL": "none",  # nor does an older git: no transport is allowed, so no ssh and no helper
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True)
class Repository:
    """The work tree at `top`, an absolute path.

    Errors name `option`, the option of copydesk that needs git. `settings` go to every command.
    """

    top: str
    option: str
    settings: tuple[str, ...] = _SETTINGS

    @classmethod
    def around(cls, folder: str, option: str) -> Repository:
        """The repository that holds a folder. Raises BadConfig if there is none, if git is missing, or if the folder
        belongs to the git directory itself: its settings may name any work tree.
        """
        asked = _run(folder, ("rev-parse", "--is-inside-git-dir", "--show-toplevel"), option)
        inside, _, top = asked.stdout.removesuffix(b"\n").partition(b"\n")
        if asked.returncode or not top.strip():
            raise BadConfig([f"{option}: {_reason(asked) or 'this folder lies in no git repository'}"])
        if inside == b"true":
            raise BadConfig([f"{option}: this folder is a git directory, not a work tree"])
        return cls(os.path.realpath(os.fsdecode(top)), option, (*_SETTINGS, *_without_filters(folder, option)))

    def ask(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git answers, with `given` on its standard input. Raises BadConfig where it fails."""
        asked = self._run(arguments, given)
        if asked.returncode:
            raise BadConfig([f"{self.option}: git {arguments[0]} failed: {_reason(asked)}"])
        return asked.stdout

    def commit(self, name: str) -> str:
        """The id of the commit that a name stands for, or "" where there is none."""
        if not name or name.startswith("-") or "\0" in name:
            return ""
        asked = self._run(("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"))
        return "" if asked.returncode else asked.stdout.decode("ascii").strip()

    def common(self, one: str, other: str) -> str:
        """The id of the last commit that two commits have in common, or ""."""
        asked = self._run(("merge-base", one, other))
        return "" if asked.returncode else asked.stdout.decode("ascii").split("\n")[0]

    def _run(self, arguments: tuple[str, ...], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return _run(self.top, arguments, self.option, self.settings, given)


def _without_filters(folder: str, option: str) -> Iterator[str]:
    """Settings that disable every filter: to compare files, `git diff` runs the clean filters that attributes assign.

    There is no switch for all of them, so each is overridden by its name. Raises BadConfig for a name that the command
    line of git cannot express.
    """
    asked = _run(folder, ("config", "--null", "--name-only", "--get-regexp", r"^filter\."), option)
    if asked.returncode not in (0, 1):  # 1: there are none
        raise BadConfig([f"{option}: git config failed: {_reason(asked)}"])
    keys = (os.fsdecode(key) for key in asked.stdout.split(b"\0"))
    for name in sorted({key.removeprefix("filter.").rpartition(".")[0] for key in keys if key.count(".") > 1}):
        if "=" in name:
            raise BadConfig([f"{option}: the git filter “{name}” cannot be disabled; rename it without “=”"])
        yield from (f"filter.{name}.{key}" for key in ("clean=", "smudge=", "process=", "required=false"))


def _run(
    folder: str, arguments: tuple[str, ...], option: str, settings: tuple[str, ...] = _SETTINGS, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED} | _WANTED
    options = chain.from_iterable(("-c", setting) for setting in settings)
    command = (_program(option), "--no-pager", *options, *arguments)
    return subprocess.run(command, cwd=folder, env=environment, input=given, capture_output=True, check=False)


def _program(option: str) -> str:
    """The git of the PATH, from its absolute folders only: no relative one, and no git.exe beside the articles."""
    name = "git.exe" if os.name == "nt" else "git"
    files = (os.path.join(folder, name) for folder in os.get_exec_path() if os.path.isabs(folder))
    if file := next((file for file in files if os.path.isfile(file) and os.access(file, os.X_OK)), ""):
        return file
    raise BadConfig([f"{option}: git is not installed here, or not in the PATH"])


def _reason(asked: subprocess.CompletedProcess[bytes]) -> str:
    """The error that git reports, without its warnings; "" if there is no repository."""
    said = asked.stderr.decode("utf-8", "replace").strip().split("\n")
    first = next((line for line in said if line.startswith(("fatal: ", "error: "))), said[0])
    first = one_line(first.removeprefix("fatal: "))
    return "" if first.startswith("not a git repository") else first
