"""Check all articles of the workspace folders in separate processes, and publish their diagnostics."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from multiprocessing.connection import Connection
from time import time_ns
from typing import TYPE_CHECKING, NamedTuple, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from linter import runner
from linter.article_linter import ArticleLinter
from linter.cache import Cache, cache_folder
from linter.config.config import BadConfig, RunOptions
from linter.files import articles
from linter.finding import Finding, Result
from linter.rule import BadRule

if TYPE_CHECKING:
    from linter.lsp.folders import Folder
    from linter.lsp.server import Server

_PLURALS = {"error": "errors", "warning": "warnings", "info": "notes"}
_NUMBERS = count(1)
_GARBAGE = 200_000  # new objects that start a garbage collection, as in a run of `copydesk check`


class _Found(NamedTuple):
    """The result of a run, as the process sends it."""

    result: Result


async def check_workspace(ls: Server) -> dict[str, int]:
    """Check all workspace folders; return the number of articles, and of errors, warnings and notes in them."""
    totals: Counter[str] = Counter(articles=0, errors=0, warnings=0, notes=0)
    if not ls.folders:
        ls.client.show("there is no folder to check; open a folder first", types.MessageType.Info)
    if ls.is_checking:
        ls.client.show("the workspace is already being checked; wait until the check ends", types.MessageType.Info)
        return dict(totals)
    ls.is_checking = True
    try:
        for folder in list(ls.folders.values()):
            await _check_folder(ls, folder, totals)
    finally:
        ls.is_checking = False
    return dict(totals)


async def _check_folder(ls: Server, folder: Folder, totals: Counter[str]) -> None:
    """Check a folder in a new process, publish its diagnostics, and add its numbers to `totals`."""
    context, since = multiprocessing.get_context("spawn"), time_ns()
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(folder.options, there), name="copydesk check")
    progress = await Progress.begin(ls, f"Checking {os.path.basename(folder.root) or folder.root}", process.kill)
    process.start()
    ls.processes.append(process)
    there.close()
    loop, answer = asyncio.get_running_loop(), None
    try:
        while (message := await loop.run_in_executor(None, _receive, here)) is not None:
            if isinstance(message, (_Found, str)):
                answer = message
                break
            done, total = cast("tuple[int, int]", message)
            progress.report(done, total)
    finally:
        here.close()
        if answer is None:
            process.kill()
        await loop.run_in_executor(None, process.join)
        ls.processes.remove(process)
    if isinstance(answer, _Found):
        progress.end(f"{answer.result.files:,} articles checked")
        await _publish(ls, folder, answer.result, totals, since)
    elif progress.is_canceled:
        progress.end("Canceled")
    else:
        progress.end("Failed")
        why = answer if isinstance(answer, str) else f"the process of the check ended with status {process.exitcode}"
        ls.client.show(f"the workspace could not be checked: {why}", types.MessageType.Error)


def stop(ls: Server) -> None:
    """Stop all checks of the workspace."""
    for process in ls.processes:
        process.kill()


def _receive(connection: Connection) -> object:
    """Return the next message, or None if the process has ended."""
    try:
        return connection.recv()
    except (EOFError, OSError):
        return None


def _run(options: RunOptions, connection: Connection) -> None:
    """Check a folder. This is the main function of the process.

    Sends tuples of the numbers of checked and of all articles, and then the result or, as a string, the reason for a
    failure.
    """
    gc.set_threshold(_GARBAGE)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # these connect the server and its client
        os.dup2(nothing, stream)
    try:
        os.chdir(options.folder)
        linter = ArticleLinter(options)
        found = articles.discover(linter.config.paths or (os.curdir,), linter.config.excludes)
        done = 0

        def on_progress(number: int) -> None:
            nonlocal done
            done += number
            connection.send((done, len(found.articles)))

        result = runner.run(found, linter, None, on_progress, Cache(cache_folder()))
        connection.send(_Found(runner.filter_findings(result, found, linter)))
    except (BadConfig, BadRule) as bad:
        connection.send(bad.mistakes[0])
    except BrokenPipeError:
        sys.exit(1)  # the server has ended
    except FileNotFoundError as error:
        connection.send(f"{error.filename}: {error.strerror}")
    except Exception as error:
        connection.send(f"{type(error).__name__}: {error}")


async def _publish(ls: Server, folder: Folder, result: Result, totals: Counter[str], since: int) -> None:
    """Publish the findings of a run in files that are not open, in place of those of the last run.

    `since` is the time at which the run has started, in nanoseconds.
    """
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        by_path[os.path.join(folder.root, finding.path)].append(finding)
        if folder.settings.shows(finding.severity):
            totals[_PLURALS[finding.severity]] += 1
    totals["articles"] += result.files
    await ls.show_workspace(folder, by_path, since)


class Progress:
    """The progress of a check in the client, if the client can show it."""

    def __init__(self, ls: Server, token: str) -> None:
        self._ls, self._token = ls, token
        self._percent = -1
        self.is_canceled = False

    @classmethod
    async def begin(cls, ls: Server, title: str, on_cancel: Callable[[], object]) -> Progress:
        """Show that a check has started. If the user cancels it, `on_cancel` is called."""
        token = f"copydesk {title} {next(_NUMBERS)}" if ls.client.can("window.work_done_progress") else ""
        progress = cls(ls, token)
        if token:
            try:
                await ls.work_done_progress.create_async(token)
            except JsonRpcException:  # the check runs without progress
                return cls(ls, "")
            ls.work_done_progress.begin(
                token, types.WorkDoneProgressBegin(title, cancellable=True, percentage=0, message="")
            )

            def cancel(future: Future[object]) -> None:
                if future.cancelled():
                    progress.is_canceled = True
                    on_cancel()

            ls.work_done_progress.tokens[token].add_done_callback(cancel)
        return progress

    def report(self, done: int, total: int) -> None:
        """Show the number of checked articles, at most once for each percent."""
        percent = 100 * done // max(1, total)
        if self._token and percent != self._percent:
            self._percent = percent
            message = f"{done:,} of {total:,} articles"
            self._ls.work_done_progress.report(
                self._token, types.WorkDoneProgressReport(message=message, percentage=percent)
            )

    def end(self, message: str) -> None:
        """Show that the check has ended."""
        if self._token:
            self._ls.work_done_progress.end(self._token, types.WorkDoneProgressEnd(message=message))
            self._ls.work_done_progress.tokens.pop(self._token, None)
