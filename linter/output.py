"""Where reports go: standard output, or a file that is whole or not there."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from linter.escaping import one_line

_USUAL = 80  # columns of what is no terminal
_CI = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")  # set in jobs; the last two servers do not set the first
_PORTION = 1 << 14  # code points written to standard output in one go


def prepare() -> None:
    """Let standard output take any character: UTF-8 whatever the locale; a terminal shows what it can."""
    sys.stdout = sys.stdout or _closed()
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115  # there is no place left to say so
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        reconfigure(encoding=encoding, errors="replace", newline="\n")


def _closed() -> TextIO:
    """A stream in place of standard output that was closed before this process started: writing raises OSError.

    It takes up the free descriptor, which the next file would have otherwise.
    """
    return open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")


def width() -> int:
    """How many columns the terminal has that standard output is; 0 where it is none."""
    return columns() if sys.stdout.isatty() else 0


def columns() -> int:
    """The same, or 80 where it is none; as `shutil` has it, which takes 2 ms to import."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _USUAL  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return _USUAL


def shows_color() -> bool:
    """Whether standard output is a terminal that shows colours, and nobody minds them."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def is_shown() -> bool:
    """Whether standard output is a terminal or, as far as can be told, the log of a CI job: there it is no file."""
    if sys.stdout.isatty():
        return True
    in_ci = any(os.environ.get(name) for name in _CI)
    try:
        return in_ci and not stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):
        return in_ci


def to_standard_output(text: str) -> None:
    """Write to standard output at once. Raises OSError, as BrokenPipeError where nobody reads it any more."""
    with _named():
        for start in range(0, len(text), _PORTION):  # at once, PYTHONUNBUFFERED would lose the rest without a word
            sys.stdout.write(text[start : start + _PORTION])
        sys.stdout.flush()


def bytes_to_standard_output(data: bytes) -> None:
    """Write bytes to standard output as they are. Raises OSError."""
    with _named():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def _named() -> Iterator[None]:
    """Have an error of standard output say that it is one."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        why = "it is closed" if error.errno == errno.EBADF else error.strerror or str(error)
        raise OSError(error.errno, why, "standard output") from None


def to_standard_error(line: str) -> None:
    """Write a line to standard error, with what cannot be shown escaped; never fails."""
    with suppress(OSError, ValueError):
        print(one_line(line), file=sys.stderr, flush=True)


def to_file(text: str, file: str) -> None:
    """Write a file in UTF-8 so that a reader sees the old one or the new one, never a part. Raises OSError.

    What is there but no ordinary file (a pipe, /dev/stdout) is written to as it is.
    """
    target = os.path.realpath(file)
    if os.path.lexists(target) and not os.path.isfile(target):
        _write(text, target, "w")
        return
    new = f"{target}.{os.urandom(4).hex()}.new"  # not by process id: a killed run in a container had the same
    try:
        _write(text, new, "x")
        os.replace(new, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise


def drop_standard_output() -> None:
    """Forget standard output: its reader has gone, and closing it at the end would fail again."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def _write(text: str, file: str, mode: str) -> None:
    with open(file, mode, encoding="utf-8", errors="replace", newline="\n") as opened:
        opened.write(text)
