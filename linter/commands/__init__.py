"""What can be asked at the command line: one module a command, with SUMMARY, arguments(parser), run(given)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from types import ModuleType
from typing import NoReturn, cast

from linter import output
from linter.escaping import one_line

_LACKING = "the following arguments are required: "  # as argparse says it, of “PATH …” too


def names() -> list[str]:
    """The commands there are; the folder is the list."""
    files = (name for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py") and name[0] != "_")
    return sorted(name.removesuffix(".py").rstrip("_") for name in files)


def summary(name: str) -> str:
    """What a command does, in one line."""
    return cast(str, _module(name).SUMMARY)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Knows the width of the terminal. By itself argparse imports `shutil` for that, whether help is shown or not."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=output.columns() - 2)


class _Parser(argparse.ArgumentParser):
    """Says what is missing by the first word that is."""

    def error(self, message: str) -> NoReturn:
        if message.startswith(_LACKING):
            message = f"{message.removeprefix(_LACKING).split(',')[0]} is missing"
        super().error(one_line(message))


def run(name: str, arguments: Sequence[str]) -> int:
    """Run a command → its exit status. Raises SystemExit for arguments that it does not know."""
    command = _module(name)
    parser = _Parser(
        prog=f"copydesk {name}",
        description=command.__doc__,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    command.arguments(parser)
    options, unknown = parser.parse_known_intermixed_args(_without_dashes(arguments))
    if unknown:
        parser.error(_unknown(unknown[0], parser))
    return cast(int, command.run(options))


def _module(name: str) -> ModuleType:
    """The module of a command: `try` is a word of Python's, so that of `copydesk try` is called `try_`."""
    return import_module(f"linter.commands.{name}{'_' if iskeyword(name) else ''}")


def _without_dashes(arguments: Sequence[str]) -> list[str]:
    """`-- -odd.md` as `./-odd.md`: argparse forgets “--” where options and paths are mixed."""
    if "--" not in arguments:
        return list(arguments)
    end = arguments.index("--")
    paths = (f"./{argument}" if argument.startswith("-") else argument for argument in arguments[end + 1 :])
    return [*arguments[:end], *paths]


def _unknown(argument: str, parser: argparse.ArgumentParser) -> str:
    import re

    from linter.loading.wording import meant

    if not argument.startswith("-"):
        return f"“{argument}” is one too many"
    option = argument.partition("=")[0]
    known = re.findall(r"(?<![\w-])--[a-z][a-z-]+", parser.format_help())
    return f"unknown option {option}{meant(option, known)}"
