"""What the fork server imports: all modules of the language server, with all rules read and ready.

Nearly all tests of the language server start one. Starting Python and reading the rules takes longer than the rest of
such a test, so their servers are forked from one process that has done that. It is a fork server of multiprocessing,
because the process of the tests itself has threads. tests/test_lsp_process.py starts servers as editors do.
"""

from __future__ import annotations

import gc
import os
import socket
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from linter.article_linter import ArticleLinter
from linter.config.config import RunOptions
from linter.files.articles import Article
from linter.lsp import features, folders, lsp_command  # noqa: F401  (the command imports features when it runs)
from linter.source import Source

_LINTER = ArticleLinter(RunOptions(isolated=True))
_LINTER.check_source(Article("a.md", "a.md", "markdown"), Source("The mayor of berlin spoke.\n", "a.md"))
folders._forget_replaced = lambda: None  # collecting garbage would copy all memory of the process that is forked
gc.freeze()


def serve(connection: socket.socket, errors: Path, environment: Mapping[str, str], folder: Path) -> None:
    """Run `copydesk lsp` in a folder, with `connection` as standard input and output; write errors to a file."""
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(connection.fileno(), 0)
    os.dup2(connection.fileno(), 1)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
    connection.close()
    lsp_command.run(Namespace())
