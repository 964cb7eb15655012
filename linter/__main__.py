"""The entry point of the command `copydesk` and of `python -m linter`."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 128 + signal.SIGINT  # the status that shells report for a process ended by SIGINT


def main() -> int:
    """Run `copydesk` with the command-line arguments, and return the exit status.

    An interrupt (SIGINT) ends the command without a traceback, after files that are being written are cleaned up. After
    the command, it ends the process at once. If the process was started with SIGINT ignored, SIGINT remains ignored.
    """
    try:
        from linter import cli

        return cli.main()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
