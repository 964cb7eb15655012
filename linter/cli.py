"""The command line: arguments in, exit status out."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

_INTERRUPTED = 128 + 2  # as shells count a process that SIGINT ended,
_UNREAD = 128 + 13  # and one that SIGPIPE did
_FAILED = 2
GARBAGE = 200_000  # objects that are made before a look for garbage; three articles make fewer, and their rules


def main(argv: Sequence[str] | None = None) -> int:
    """Run `copydesk` with `argv` (None: those of the process) → 0, 1 or 2 as docs/design.md has it; never raises."""
    from linter import output

    output.prepare()
    gc.set_threshold(GARBAGE)
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        if argv is None:
            gc.freeze()  # the process ends, and nobody need look through all that it holds: a tenth of a short run
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


def _run(arguments: list[str]) -> int:
    from linter import commands

    if not arguments or arguments[0] in ("-h", "--help", "help"):
        _say(_help())
        return 0 if arguments else _FAILED
    if arguments[0] in ("-V", "--version", "version"):
        from linter import __version__

        _say(f"copydesk {__version__}\n")
        return 0
    if arguments[0] not in commands.names():
        _complain(_unknown(arguments[0]))
        return _FAILED
    try:
        os.getcwd()
    except OSError as error:
        _complain(f"the working folder cannot be used: {error.strerror}; change to another one")
        return _FAILED
    try:
        return commands.run(arguments[0], arguments[1:])
    except SystemExit as end:  # argparse has shown its help, or said what is wrong
        return end.code if isinstance(end.code, int) else _FAILED


def _help() -> str:
    from linter import commands

    lines = [f"  {name:10} {commands.summary(name)}\n" for name in commands.names()]
    return (
        "usage: copydesk COMMAND [OPTION …]\n\n"
        "Finds in articles what no writer typed, before a reader does.\n\n"
        f"{''.join(lines)}\n"
        "copydesk COMMAND --help shows what a command takes; copydesk --version, which copydesk this is.\n"
    )


def _unknown(word: str) -> str:
    from linter import commands
    from linter.loading.wording import meant

    if word.startswith("-"):
        return f"the command comes first, as in “copydesk check {word}”"
    if os.path.exists(word):
        return f"“{word}” is no command; to check it, say “copydesk check {word}”"
    return f"“{word}” is no command{meant(word, commands.names()) or '; “copydesk --help” shows all'}"


def _failed(error: Exception) -> int:
    """Say why there is no result: mistakes in rules or settings, a full disk, or a mistake of ours."""
    if mistakes := getattr(error, "mistakes", None):  # BadRule, BadConfig
        for mistake in mistakes:
            _complain(mistake, name="")
    elif os.environ.get("COPYDESK_DEBUG"):
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            _complain(line, name="")
    elif isinstance(error, OSError):
        from linter.output import drop_standard_output

        _complain(f"{error.filename or 'this could not be done'}: {error.strerror or error}")
        drop_standard_output()  # what could not be written cannot be at the end either
    else:
        _complain(f"internal error, {type(error).__name__}: {error}; please report it")
    return _FAILED


def _say(text: str) -> None:
    from linter.output import to_standard_output

    to_standard_output(text)


def _complain(text: str, name: str = "copydesk: ") -> None:
    from linter.output import to_standard_error

    to_standard_error(f"{name}{text}")
