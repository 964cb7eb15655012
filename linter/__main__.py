"""The entry point of the command `copydesk` and of `python -m linter`."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import time
from _signal import SIGINT, default_int_handler, getsignal, signal  # type: ignore[import-not-found]
from _thread import interrupt_main, start_new_thread

# The module `signal` is not used, because its enums would add 0.7 ms to every start, and its import can be interrupted.

INTERRUPTED = 128 + 2  # the status that shells report for a process ended by SIGINT


def command() -> int:
    """Run `main` as the only task of this process: end the process, or return the exit status.

    The process ends without deleting its objects, which would take 5% of a short run, unless a thread is running or a
    module has registered a function for the end.
    """
    status = main()
    threading = sys.modules.get("threading")
    if atexit._ncallbacks() or (threading and threading.active_count() > 1):
        gc.freeze()  # the last garbage collection would take as long
        return status
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def main() -> int:
    """Run `copydesk` with the command-line arguments, and return the exit status.

    While modules are imported, and after the command has ended, an interrupt (SIGINT) ends the process at once, without
    a traceback. In between, an interrupt raises KeyboardInterrupt, so that a command that is writing a file can clean
    up. If the process was started with SIGINT ignored, SIGINT remains ignored.
    """
    heeded = getsignal(SIGINT) is default_int_handler
    if heeded:
        signal(SIGINT, _exit_at_once)
        sys.unraisablehook = _interrupt_again
    gc.disable()  # modules leave no garbage; `cli.main` sets a threshold
    try:
        from linter import patterns

        patterns.use_everywhere()
        from linter import cli

        if heeded:
            signal(SIGINT, default_int_handler)
        return cli.main()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        if heeded:
            signal(SIGINT, _exit_at_once)


def _exit_at_once(*_: object) -> None:
    os._exit(INTERRUPTED)


def _interrupt_again(lost: sys.UnraisableHookArgs) -> None:
    """Repeat an interrupt that arrived in a finalizer, because Python drops exceptions that finalizers raise.

    Other exceptions from finalizers are reported as usual.
    """
    if issubclass(lost.exc_type, KeyboardInterrupt):
        start_new_thread(_interrupt_soon, ())
    else:
        sys.__unraisablehook__(lost)


def _interrupt_soon() -> None:
    time.sleep(0.01)  # seconds; by then, the finalizer has returned
    interrupt_main()


if __name__ == "__main__":
    sys.exit(command())
