"""Git, asked as a program: no shell, no name taken for an option, no configuration in the way."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from linter.escaping import one_line
from linter.settled import BadConfig

# What could run programs, or make other output than the one that is read here.
_PLAIN = ("--no-pager", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false", "-c", "color.ui=false")
_UNWANTED = ("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_TRACE")
_WANTED = {
    "LC_ALL": "C",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone asks nobody for what it lacks
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True)
class Repository:
    """The working tree at `top`, an absolute path; `option` is what a mistake is said to be of."""

    top: str
    option: str

    @classmethod
    def around(cls, folder: str, option: str) -> Repository:
        """The one that holds a folder. Raises BadConfig where there is none, or no git."""
        asked = _run(folder, ("rev-parse", "--show-toplevel"), option)
        if asked.returncode or not asked.stdout.strip():
            raise BadConfig([f"{option}: {_reason(asked) or 'this folder lies in no git repository'}"])
        return cls(os.path.realpath(os.fsdecode(asked.stdout.removesuffix(b"\n"))), option)

    def ask(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git answers, with `given` on its standard input. Raises BadConfig where it fails."""
        asked = _run(self.top, arguments, self.option, given)
        if asked.returncode:
            raise BadConfig([f"{self.option}: git {arguments[0]} failed: {_reason(asked)}"])
        return asked.stdout

    def commit(self, name: str) -> str:
        """The id of the commit that a name stands for, or "" where there is none."""
        if not name or name.startswith("-") or "\0" in name:
            return ""
        asked = _run(self.top, ("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"), self.option)
        return "" if asked.returncode else asked.stdout.decode("ascii").strip()

    def common(self, one: str, other: str) -> str:
        """The id of the last commit that two commits have in common, or ""."""
        asked = _run(self.top, ("merge-base", one, other), self.option)
        return "" if asked.returncode else asked.stdout.decode("ascii").split("\n")[0]


def _run(
    folder: str, arguments: tuple[str, ...], option: str, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED} | _WANTED
    command = ("git", *_PLAIN, *arguments)
    try:
        return subprocess.run(command, cwd=folder, env=environment, input=given, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise BadConfig([f"{option}: git is not installed here, or not in the PATH"]) from error


def _reason(asked: subprocess.CompletedProcess[bytes]) -> str:
    """The first line of what git says is wrong; "" where it says that there is no repository."""
    said = asked.stderr.decode("utf-8", "replace").strip()
    first = one_line(said.split("\n")[0].removeprefix("fatal: "))
    return "" if first.startswith("not a git repository") else first
