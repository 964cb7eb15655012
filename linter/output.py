r"""Write text to standard output, standard error or a file; escape text for terminals and CI logs; show progress.

Articles, rules and file names may contain control characters for terminals, and text that a CI server would run as a
command. Functions such as `one_line` replace both with escapes: `\n`, `\x1b`, `\u202e`, `\x3a:error …`, `#\x23vso[…]`.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TextIO

from linter import patterns

if TYPE_CHECKING:
    import rich.progress

# Variables that are set in CI jobs. The servers of the last two do not set CI.
_CI = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")
_PORTION = 1 << 14  # code points per write to standard output
_LOCKED = frozenset({5, 32})  # errors of Windows: access denied, sharing violation
_ATTEMPTS, _PAUSE = 10, 0.05  # attempts to replace a file; seconds after each attempt

# Characters that control a terminal or the text direction: DEL and C1, line and paragraph separators, marks of writing
# direction, and lone surrogates, which cannot be written at all. JSON already escapes the C0 control characters.
_STEERING = "\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = patterns.lazy(f"[\x00-\x1f{_STEERING}]")
_UNSAFE_IN_JSON = patterns.lazy(f"[{_STEERING}]")
# Commands: for GitHub's runner, `::name …::` at the start of a line, also after white space, and `##[name …]` anywhere
# (ActionCommand.cs); for Azure's agent, `##[name]` and `##vso[…]` anywhere; for TeamCity, `##teamcity[…]`.
_START = patterns.lazy(r"(\s*):(?=:)")
_MARK = patterns.lazy(
    r"(?<=#)#(?=vso\[|teamcity\[|\[(?:(?:add|internal|remove|save|set|stop)-"
    r"|(?:command|debug|echo|endgroup|error|group|notice|section|warning)\b))",
    re.IGNORECASE,
)

_INTERPRET_ESCAPES = 0x0004  # ENABLE_VIRTUAL_TERMINAL_PROCESSING of SetConsoleMode

DELAY = 2.0  # seconds before the bar appears
INTERVAL = 0.1  # seconds between updates


def prepare() -> None:
    """Make standard output and standard error accept any character.

    Files and pipes get UTF-8, since pre-commit and CI servers read both streams as one text. A terminal keeps its
    encoding. Characters that the encoding lacks are written as “?” on standard output, and as escapes on standard
    error. On Windows, a console on standard output is set to interpret escape sequences.
    """
    sys.stdout = sys.stdout or _closed()
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115  # there is no stream left for an error message
    if sys.stdout.isatty():
        _interprets_escapes()
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors=errors, newline="\n")


def _closed() -> TextIO:
    """Return a replacement for standard output, which was closed when the process started.

    Writing to the stream causes an OSError, at the latest when the stream is flushed.
    """
    # This occupies a file descriptor that the next opened file would otherwise get.
    return open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")


def width() -> int:
    """Return `columns()` if standard output is a terminal; otherwise, 0."""
    return columns() if sys.stdout.isatty() else 0


def columns() -> int:
    """Return the width of the terminal on standard output, in columns, or 80 if the width is unknown."""
    return shutil.get_terminal_size().columns


def shows_color() -> bool:
    """Whether text on standard output has colors.

    If NO_COLOR is set, it has no colors. Otherwise, it has colors if standard output is a terminal that can show them,
    or if FORCE_COLOR or CLICOLOR_FORCE is set to a value other than 0. Variables with empty values are ignored.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and _interprets_escapes()


@lru_cache(1)
def _interprets_escapes() -> bool:
    """Whether the terminal on standard output interprets escape sequences.

    On Windows, the console is set to interpret them.
    """
    try:
        from msvcrt import get_osfhandle  # type: ignore[attr-defined]
    except ImportError:  # not Windows
        return True
    import ctypes

    kernel, mode = ctypes.windll.kernel32, ctypes.c_ulong()  # type: ignore[attr-defined]
    handle = ctypes.c_void_p(get_osfhandle(sys.stdout.fileno()))
    is_console = kernel.GetConsoleMode(handle, ctypes.byref(mode))
    return bool(is_console and kernel.SetConsoleMode(handle, mode.value | _INTERPRET_ESCAPES))


def is_log() -> bool:
    """Whether standard output is a terminal or, as far as can be detected, the log of a CI job."""
    if sys.stdout.isatty():
        return True
    in_ci = any(os.environ.get(name) for name in _CI)
    try:
        return in_ci and not stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):
        return in_ci


def to_standard_output(text: str) -> None:
    """Write `text` to standard output, and flush the stream.

    Raises BrokenPipeError if the reader of a pipe has ended, and OSError for any other failure.
    """
    with _named_stdout_errors():
        for start in range(0, len(text), _PORTION):  # a single write with PYTHONUNBUFFERED may lose the rest silently
            sys.stdout.write(text[start : start + _PORTION])
        sys.stdout.flush()


def bytes_to_standard_output(data: bytes) -> None:
    """Write bytes to standard output unchanged. Raises the same errors as `to_standard_output`."""
    with _named_stdout_errors():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def _named_stdout_errors() -> Iterator[None]:
    """Add the name “standard output” to each OSError that is raised in this context, except for a broken pipe."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        # On Windows, a pipe whose reader has ended is an invalid argument.
        if error.errno == errno.EINVAL and stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode):
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from None
        why = "it is closed" if error.errno == errno.EBADF else error.strerror or str(error)
        raise OSError(error.errno, why, "standard output") from None


def to_standard_error(line: str) -> None:
    """Write a line to standard error, with special characters escaped by `one_line`. Errors are ignored."""
    with suppress(OSError, ValueError):
        print(one_line(line), file=sys.stderr, flush=True)


@lru_cache
def notice(line: str) -> None:
    """Write a line to standard error, unless this process is a worker or recently wrote the same line."""
    process = sys.modules.get("multiprocessing.process")
    if not (process and process.parent_process()):
        to_standard_error(line)


def to_file(text: str, file: str) -> None:
    """Write `text` to `file` in UTF-8. Raises OSError.

    A regular file is created or replaced as a whole, once the text is complete. If the path leads to something else,
    such as a pipe, the text is written there directly.
    """
    target = os.path.realpath(file)
    if os.path.lexists(target) and not os.path.isfile(target):
        _write(text, target, "w")
        return
    new = f"{target}.{os.urandom(4).hex()}.new"  # not the process ID, which a killed run may share
    try:
        _write(text, new, "x")
        replace(new, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise


def replace(new: str, file: str, require_unchanged: Callable[[], object] = lambda: None) -> None:
    """Replace `file` with the file `new`. Raises OSError.

    Windows does not replace a file that a program such as a virus scanner has open. Most programs close it soon, so the
    replacement is retried for about half a second. Before each attempt, `require_unchanged` is called; an exception
    from it ends the attempts.
    """
    for _ in range(_ATTEMPTS):
        require_unchanged()
        try:
            return os.replace(new, file)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _LOCKED:
                raise
        time.sleep(_PAUSE)
    raise PermissionError(errno.EACCES, "it is read-only, or another program has it open; close it there", file)


def drop_standard_output() -> None:
    """Redirect standard output to the null device after its reader has ended, so that closing it cannot fail."""
    with suppress(OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())


def _write(text: str, file: str, mode: str) -> None:
    with open(file, mode, encoding="utf-8", errors="replace", newline="\n") as opened:
        opened.write(text)


def one_line(text: str) -> str:
    """Return `text` on one line for a log, with control characters and commands of CI servers escaped."""
    return without_command(without_marks(_UNSAFE.sub(_escaped, text), r"\x23"), r"\x3a")


def without_command(line: str, colon: str) -> str:
    """Return `line` with `colon` in place of its first colon if the line begins with `::`, even after white space.

    GitHub Actions would run such a line as a command.
    """
    start = _START.match(line) if "::" in line else None
    return f"{start[1]}{colon}{line[start.end() :]}" if start else line


def without_marks(text: str, number_sign: str) -> str:
    """Return `text` with `number_sign` in place of the second `#` of each CI command, such as `##vso[` and `##[error]`.

    CI servers do not recognize the changed commands.
    """
    return _MARK.sub(lambda _: number_sign, text) if "##" in text else text


def as_json(value: Any, **options: Any) -> str:
    r"""Return `value` as JSON that is safe to print.

    Unsafe characters (`\u202e`) and CI commands (`#\u0023vso[`) are escaped. `options` are options of `json.dumps`.
    """
    import json  # not needed in most runs

    text = json.dumps(value, ensure_ascii=False, **options)
    return without_marks(_UNSAFE_IN_JSON.sub(_unicode, text), r"\u0023")


def json_lines(values: Iterable[Any]) -> str:
    """Return `values` as the items of a JSON array, without its brackets, each item on a line of its own."""
    return ",".join(f"\n{as_json(value)}" for value in values)


def _escaped(character: re.Match[str]) -> str:
    return character[0].encode("unicode_escape").decode("ascii")


def _unicode(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


@contextmanager
def progress(total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show a progress bar for `total` articles on standard error, in runs of more than two seconds.

    The context manager yields a function. Call it with the number of articles finished since the last call, or with 0
    to update the bar. The bar is never shown if `shown` is false, and never starts a thread.
    """
    done, due = 0, time.monotonic() + DELAY
    bar: rich.progress.Progress | None = None

    def advance(articles: int = 0) -> None:
        nonlocal done, due, bar
        done += articles
        if shown and time.monotonic() >= due:
            due = time.monotonic() + INTERVAL
            bar = bar or _started_bar(total)
            bar.update(bar.task_ids[0], completed=done, refresh=True)

    try:
        yield advance
    finally:
        if bar:
            bar.stop()


def _started_bar(total: int) -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(file=sys.stderr), transient=True, auto_refresh=False)
    bar.add_task("Checking", total=total)
    bar.start()
    return bar
