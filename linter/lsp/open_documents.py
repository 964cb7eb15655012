"""The documents that are open in the client, and the schedule of their checks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol.types import Diagnostic
from pygls import uris

from linter.finding import Edit, Finding
from linter.lsp.positions import LineTable

if TYPE_CHECKING:
    from linter.lsp.folders import Folder

ARTICLE, RULE, CONFIG, OTHER = "article", "rule", "config", ""  # roles of documents


def uri_of(path: str) -> str:
    """Return the URI of a file."""
    return str(uris.from_fs_path(path))


def path_of(uri: str) -> str:
    """Return the absolute path of the file with this URI, or "" if the URI is not that of a file."""
    try:
        path = uris.to_fs_path(uri)
    except ValueError:
        return ""
    return os.path.abspath(path) if path and "\0" not in path else ""


def key_of(uri: str) -> str:
    """Return a key for a document that does not depend on how a client writes its URI: the path, if it is a file."""
    return os.path.normcase(path_of(uri)) or uri


class Checked(NamedTuple):
    """The result of checking one version of a document.

    `diagnostics` has one diagnostic for each of `findings`, in the same order, and then one for each mistake in a rule
    or config.
    """

    version: int
    table: LineTable
    findings: Sequence[Finding] = ()
    diagnostics: Sequence[Diagnostic] = ()

    @property
    def result_id(self) -> str:
        """An ID of the version and its diagnostics, which a client sends to find out whether they have changed."""
        return f"{self.version}.{sha256(repr(self.diagnostics).encode('utf-8', 'replace')).hexdigest()}"


class OpenDocument:
    """An open document.

    `path` is absolute, or "" if the document is not a file. `language` is the identifier that the client uses. `role`
    is ARTICLE, RULE, CONFIG or OTHER, and `kind` is the format of an article. `checked` is the last result, which may
    be of an earlier version. `pulls` is the number of requests for diagnostics that wait for a result. `suppressions`
    caches the edits of suppressions for `checked`, because verifying them takes time. `saved` is true if the text
    has not been edited since the document was opened or saved.
    """

    folder: Folder  # set when the document is opened

    def __init__(self, uri: str, path: str, language: str, version: int, text: str) -> None:
        self.uri, self.path, self.language = uri, path, language
        self.role, self.kind = OTHER, ""
        self.checked: Checked | None = None
        self.is_large = False
        self.pulls = 0
        self.suppressions: dict[object, tuple[Edit, ...]] = {}
        self.saved = True
        self.update(version, text)

    def update(self, version: int, text: str) -> None:
        """Replace the text."""
        self.version, self.text = version, text

    @property
    def is_current(self) -> bool:
        """Whether the last result is of the current version."""
        return self.checked is not None and self.checked.version == self.version


class Schedule:
    """When to check one document: after a delay, never twice at the same time, and always the latest version.

    `check` checks the document. It must not raise an exception, and is not called after `cancel`.
    """

    def __init__(self, check: Callable[[], Awaitable[None]]) -> None:
        self._check = check
        self._due = False
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[None]] = []

    def request(self, delay: float = 0) -> None:
        """Check the document `delay` seconds from now. A later call replaces the delay of an earlier one."""
        self._due = True
        self._stop_timer()
        if delay:
            self._timer = asyncio.get_running_loop().call_later(delay, self.start)
        else:
            self.start()

    @property
    def is_due(self) -> bool:
        """Whether a check is due, so that the result of a running check will be outdated."""
        return self._due

    @property
    def is_busy(self) -> bool:
        """Whether a check is due or running."""
        return self._due or self._task is not None

    def start(self) -> None:
        """Start a check that is due now, or after the check that is running."""
        self._stop_timer()
        if self._due and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def wait(self) -> None:
        """Wait until no check is due or running."""
        if self.is_busy:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            await waiter

    def cancel(self) -> None:
        """Cancel a check that is due, and release all waiters."""
        self._due = False
        self._stop_timer()
        self._release()

    async def _run(self) -> None:
        try:
            while self._due and self._timer is None:
                self._due = False
                await self._check()
        finally:
            self._task = None
            if not self._due:
                self._release()

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
