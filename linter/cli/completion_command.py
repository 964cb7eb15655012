"""Print a script that completes commands, options and paths in a shell: bash, zsh or tcsh.

For bash, add this line to ~/.bashrc: source <(copydesk completion bash)
"""

from __future__ import annotations

import argparse

from linter import output
from linter.cli import COMMANDS, command_module, options

_SHELLS = ("bash", "zsh", "tcsh")
_PATHS = frozenset({"PATH", "FILE", "DIR", "NAME[=FILE]"})  # the metavars of arguments that are files or folders
_MISSING = 'copydesk: completion needs the package shtab: pip install "copydesk[completion]"'


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk completion SHELL"
    parser.add_argument("shell", type=options.one_of(_SHELLS), metavar="SHELL", help="bash, zsh or tcsh")


def run(given: argparse.Namespace) -> int:
    """Print the script, and return the exit status, which is 2 if the package shtab is missing."""
    try:
        import shtab
    except ImportError:
        output.to_standard_error(_MISSING)
        return 2
    parser = argparse.ArgumentParser(prog="copydesk")
    commands = parser.add_subparsers()
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary)
        command_module(name).arguments(command)
        for action in command._actions:
            if action.metavar in _PATHS:
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab looks for it
            elif values := getattr(action.type, "values", ()):
                action.choices = values
    output.to_standard_output(shtab.complete(parser, given.shell).rstrip("\n") + "\n")
    return 0
