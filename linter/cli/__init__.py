"""The command line: parse the arguments, run the command, and return the exit status.

Each command is a module `<name>_command.py`, here or in an extension, with the functions `arguments(parser)` and
`run(given)`. The docstring of the module is the description that --help prints. A module is imported only when it is
needed.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from linter import __version__, extensions, output
from linter.output import one_line
from linter.suggest import as_list, did_you_mean

_FAILED = 2
_INTERRUPTED = 128 + 2  # the status that shells report for a process ended by SIGINT
_CLOSED_PIPE = 128 + 13  # the status that shells report for a process ended by SIGPIPE
NO_FOLDER = "the working folder cannot be used: {}; change to another one"
_MISSING = "the following arguments are required: "  # the message of argparse
GARBAGE = 200_000  # number of new objects that starts a garbage collection; checking three articles creates fewer
_OWN_COMMANDS = {  # with their summaries
    "baseline": "record the known findings, so that only new ones are reported",
    "cache": "show or clear the cache of earlier runs",
    "check": "find defects in articles",
    "completion": "print a script that completes commands and options in a shell",
    "config": "show the settings that apply to an article, and where they are set",
    "explain": "explain a rule or a pack",
    "fix": "apply the safe fixes",
    "init": "create settings and a first rule for this folder",
    "rules": "list the rules",
    "schema": "print a JSON Schema for an editor",
    "test": "run the examples of your own rules",
    "try": "try a rule on a folder and review a sample of its findings",
}
# What words of other linters are called here: options of “check” and “fix”, and commands.
_CALLED_HERE = {
    "--dry-run": "“copydesk fix --diff” shows the changes and writes nothing",
    "--fix": "“copydesk fix” applies the safe fixes",
    "--format": "the option for the format of the report is --report",
    "--list-files": "“copydesk check --all” also lists the files that are skipped, and why",
    "--max-warnings": "“copydesk check --fail-on warning” fails if there are warnings",
    "--output-format": "the option for the format of the report is --report",
    "--watch": "“copydesk lsp” checks while you type, in an editor",
    "lint": "to find defects in articles, run “copydesk check”",
}
_EXTENSIONS = {command: each for each in extensions.installed() for command in each.commands}
_ADDED_COMMANDS = {command: each.commands[command] for command, each in _EXTENSIONS.items()}
COMMANDS = dict(sorted({**_OWN_COMMANDS, **_ADDED_COMMANDS}.items()))


def main(argv: Sequence[str] | None = None) -> int:
    """Run `copydesk` with the arguments `argv`, by default those of the process, and return the exit status.

    Exceptions are not raised, but converted to an exit status (see docs/design.md). Messages about errors are printed
    on standard error.
    """
    output.prepare()
    gc.set_threshold(GARBAGE)
    try:
        try:
            run = parse(list(sys.argv[1:] if argv is None else argv))
            status = run()
        except SystemExit as end:  # help or an error was printed
            status = end.code if isinstance(end.code, int) else _FAILED
        output.to_standard_output("")  # flushes what argparse has written
        return status
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        output.drop_standard_output()
        return _CLOSED_PIPE
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # Ctrl-C in the middle of a class statement
            return _INTERRUPTED
        return _report_error(error)


def parse(arguments: list[str]) -> Callable[[], int]:
    """Return a function that runs the command in the arguments and returns the exit status.

    Raises SystemExit after printing a help page, the version, or an error message.
    """
    if len(arguments) > 1 and arguments[0] == "help":  # “help check” is “check --help”
        arguments = [arguments[1], "--help"]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        output.to_standard_output(_help())
        raise SystemExit(0 if arguments else _FAILED)
    if arguments[0] in ("-V", "--version", "version"):
        output.to_standard_output(f"copydesk {__version__}\n")
        raise SystemExit(0)
    if arguments[0] not in COMMANDS:
        raise SystemExit(_fail(_unknown(arguments[0])))
    try:
        os.getcwd()
    except OSError as error:
        raise SystemExit(_fail(NO_FOLDER.format(error.strerror))) from None
    return parse_command(arguments[0], arguments[1:])


def parse_command(name: str, arguments: Sequence[str]) -> Callable[[], int]:
    """Return a function that runs the command `name` with `arguments` and returns the exit status.

    Raises SystemExit after printing a help page or a message about wrong arguments.
    """
    command = command_module(name)
    form = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog=f"copydesk {name}", description=command.__doc__, formatter_class=form, allow_abbrev=False)
    command.arguments(parser)
    given, unknown = parser.parse_known_intermixed_args(_without_dashes(arguments))
    if unknown:
        parser.error(_unknown_argument(unknown[0], parser))
    return partial(command.run, given)


def command_module(name: str) -> ModuleType:
    """Return the module of a command."""
    package = _EXTENSIONS[name].name if name in _EXTENSIONS else "cli"
    return import_module(f"linter.{package}.{name}_command")


def _help() -> str:
    lines = [f"  {name:10} {summary}\n" for name, summary in COMMANDS.items()]
    return (
        "usage: copydesk COMMAND [OPTION …]\n\n"
        "Finds publishing defects in articles: leaked markup, stray code fences, miscapitalized names,\n"
        "injected links, page boilerplate.\n\n"
        f"{''.join(lines)}\n"
        "copydesk COMMAND --help lists the options of a command; copydesk --version prints the version.\n"
    )


def _unknown(word: str) -> str:
    """Return the message for a first argument that is not a command."""
    if word.startswith("-"):
        return "an option needs a command before it, as in “copydesk check --all”; to see the version, use --version"
    if os.path.exists(word):
        return f"“{word}” is not a command; to check it, run “copydesk check {word}”"
    if word in _CALLED_HERE:
        return f"“{word}” is not a command; {_CALLED_HERE[word]}"
    return f"“{word}” is not a command{did_you_mean(word, COMMANDS) or f'; choose {as_list(COMMANDS)}'}"


def _report_error(error: Exception) -> int:
    """Print the reason for a failure, and return the exit status 2."""
    if mistakes := getattr(error, "mistakes", None):  # BadRule, BadConfig
        for mistake in mistakes:
            output.to_standard_error(mistake)
    elif os.environ.get("COPYDESK_DEBUG"):
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            output.to_standard_error(line)
    elif isinstance(error, OSError):
        _fail(f"{error.filename or 'the command failed'}: {error.strerror or error}")
        output.drop_standard_output()  # writing the rest at exit would fail too
    else:
        _fail(f"internal error, {type(error).__name__}: {error}; please report it")
    return _FAILED


def _fail(text: str) -> int:
    output.to_standard_error(f"copydesk: {text}")
    return _FAILED


class _Parser(argparse.ArgumentParser):
    """An argument parser whose error messages are on one line and name only the first missing argument."""

    def error(self, message: str) -> NoReturn:
        if message.startswith(_MISSING):
            message = f"{message.removeprefix(_MISSING).split(',')[0]} is missing"
        super().error(one_line(message))


def _without_dashes(arguments: Sequence[str]) -> list[str]:
    """Return equivalent arguments without the separator “--”."""
    if "--" not in arguments:
        return list(arguments)
    end = arguments.index("--")
    # argparse may take a path such as “-odd.md” for an option.
    paths = (f"./{argument}" if argument.startswith("-") else argument for argument in arguments[end + 1 :])
    return [*arguments[:end], *paths]


def _unknown_argument(argument: str, parser: argparse.ArgumentParser) -> str:
    if not argument.startswith("-"):
        return f"unexpected argument “{argument}”"
    option = argument.partition("=")[0]
    if option in _CALLED_HERE:
        return f"unknown option {option}; {_CALLED_HERE[option]}"
    known = re.findall(r"(?<![\w-])--[a-z][A-Za-z-]+", parser.format_help())
    return f"unknown option {option}{did_you_mean(option, known)}"
