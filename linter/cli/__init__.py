"""The command line: arguments in, exit status out; one module a command: SUMMARY, arguments(parser), run(given)."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import NoReturn, cast

from linter import output
from linter.output import one_line

_INTERRUPTED = 128 + 2  # as shells count a process that SIGINT ended,
_UNREAD = 128 + 13  # and one that SIGPIPE did
_FAILED = 2
_COMMAND = "_command.py"  # how the file of a command ends
_MISSING = "the following arguments are required: "  # as argparse says it, of “PATH …” too
GARBAGE = 200_000  # objects that are made before a look for garbage; three articles make fewer, and their rules


def main(argv: Sequence[str] | None = None) -> int:
    """Run `copydesk` with `argv` (None: those of the process) → 0, 1 or 2 as docs/design.md has it; never raises."""
    output.prepare()
    gc.set_threshold(GARBAGE)
    try:
        try:
            run = parse(list(sys.argv[1:] if argv is None else argv))
            status = run()
        except SystemExit as end:  # argparse has printed help, or what is wrong
            status = end.code if isinstance(end.code, int) else _FAILED
        sys.stdout.flush()
        if argv is None:
            gc.freeze()  # the process ends, and nothing need look through all that it holds: a tenth of a short run
        return status
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        output.drop_standard_output()
        return _UNREAD
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # Ctrl-C in the middle of a class statement
            return _INTERRUPTED
        return _failed(error)


def parse(arguments: list[str]) -> Callable[[], int]:
    """Return what the arguments ask for: a function that does it and returns the exit status.

    Raises SystemExit for arguments that a command does not have, and for its --help.
    """
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        return partial(_say, _help(), 0 if arguments else _FAILED)
    if arguments[0] in ("-V", "--version", "version"):
        from linter import __version__

        return partial(_say, f"copydesk {__version__}\n", 0)
    if arguments[0] not in command_names():
        return partial(_complain, _unknown(arguments[0]))
    try:
        os.getcwd()
    except OSError as error:
        return partial(_complain, f"the working folder cannot be used: {error.strerror}; change to another one")
    return parse_command(arguments[0], arguments[1:])


def parse_command(name: str, arguments: Sequence[str]) -> Callable[[], int]:
    """Return the run of a command with its arguments. Raises SystemExit for arguments that it does not have."""
    command = _module(name)
    parser = _Parser(
        prog=f"copydesk {name}",
        description=command.__doc__,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    command.arguments(parser)
    given, unknown = parser.parse_known_intermixed_args(_without_dashes(arguments))
    if unknown:
        parser.error(_unknown_argument(unknown[0], parser))
    return partial(command.run, given)


def command_names() -> list[str]:
    """Return the names of the commands: the folder is the list."""
    files = (name for name in os.listdir(os.path.dirname(__file__)) if name.endswith(_COMMAND))
    return sorted(name.removesuffix(_COMMAND) for name in files)


def command_summary(name: str) -> str:
    """Return what a command does, in one line."""
    return cast(str, _module(name).SUMMARY)


def _module(name: str) -> ModuleType:
    return import_module(f"linter.cli.{name}_command")


def _help() -> str:
    lines = [f"  {name:10} {command_summary(name)}\n" for name in command_names()]
    return (
        "usage: copydesk COMMAND [OPTION …]\n\n"
        "Finds in articles what no writer typed, before a reader does.\n\n"
        f"{''.join(lines)}\n"
        "copydesk COMMAND --help shows what a command takes; copydesk --version, which copydesk this is.\n"
    )


def _unknown(word: str) -> str:
    from linter.suggest import did_you_mean

    if word.startswith("-"):
        return f"the command comes first, as in “copydesk check {word}”"
    if os.path.exists(word):
        return f"“{word}” is no command; to check it, say “copydesk check {word}”"
    return f"“{word}” is no command{did_you_mean(word, command_names()) or '; “copydesk --help” shows all'}"


def _failed(error: Exception) -> int:
    """Say why there is no result: mistakes in rules or config, a full disk, or a bug."""
    if mistakes := getattr(error, "mistakes", None):  # BadRule, BadConfig
        for mistake in mistakes:
            output.to_standard_error(mistake)
    elif os.environ.get("COPYDESK_DEBUG"):
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            output.to_standard_error(line)
    elif isinstance(error, OSError):
        _complain(f"{error.filename or 'this could not be done'}: {error.strerror or error}")
        output.drop_standard_output()  # what could not be written cannot be at the end either
    else:
        _complain(f"internal error, {type(error).__name__}: {error}; please report it")
    return _FAILED


def _say(text: str, status: int) -> int:
    output.to_standard_output(text)
    return status


def _complain(text: str) -> int:
    output.to_standard_error(f"copydesk: {text}")
    return _FAILED


class _Help(argparse.RawDescriptionHelpFormatter):
    """Knows the width of the terminal. By itself argparse imports `shutil` for that, whether help is shown or not."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=output.columns() - 2)


class _Parser(argparse.ArgumentParser):
    """Says what is missing by the first word that is."""

    def error(self, message: str) -> NoReturn:
        if message.startswith(_MISSING):
            message = f"{message.removeprefix(_MISSING).split(',')[0]} is missing"
        super().error(one_line(message))


def _without_dashes(arguments: Sequence[str]) -> list[str]:
    """`-- -odd.md` as `./-odd.md`: argparse forgets “--” where options and paths are mixed."""
    if "--" not in arguments:
        return list(arguments)
    end = arguments.index("--")
    paths = (f"./{argument}" if argument.startswith("-") else argument for argument in arguments[end + 1 :])
    return [*arguments[:end], *paths]


def _unknown_argument(argument: str, parser: argparse.ArgumentParser) -> str:
    import re

    from linter.suggest import did_you_mean

    if not argument.startswith("-"):
        return f"“{argument}” is one too many"
    option = argument.partition("=")[0]
    known = re.findall(r"(?<![\w-])--[a-z][a-z-]+", parser.format_help())
    return f"unknown option {option}{did_you_mean(option, known)}"
