"""Start the language server, which shows findings in editors as you type. Editors run this command.

The server reads from standard input and writes to standard output. docs/editors.md describes how to set up an editor.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys

from linter import output

_MISSING = "copydesk: the language server needs the package pygls; install copydesk with its extra, “copydesk[lsp]”"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk lsp [--stdio]"
    parser.add_argument("--stdio", action="store_true", help="use standard input and output (default)")


def run(given: argparse.Namespace) -> int:
    """Serve one client until it ends the connection, and then end the process.

    The exit status is 0 if the client sent the request “shutdown” before it ended the connection, and 1 otherwise.
    Returns 2 if the package pygls is missing.
    """
    try:
        import pygls  # noqa: F401
    except ImportError:
        output.to_standard_error(_MISSING)
        return 2
    from linter.lsp import features

    if os.environ.get("COPYDESK_DEBUG"):
        logging.basicConfig()  # to standard error, which editors write to their logs
        logging.getLogger("linter").setLevel(logging.DEBUG)
    else:
        logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)  # errors are shown in the client
    server = features.create()
    with os.fdopen(os.dup(0), "rb") as incoming, os.fdopen(os.dup(1), "wb") as outgoing:
        os.dup2(2, 1)  # what other code prints must not reach the client
        server.start_io(incoming, outgoing)
    sys.stderr.flush()
    os._exit(0 if server.is_shut_down else 1)  # does not wait for a running check
