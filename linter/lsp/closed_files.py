"""Diagnostics of files that are not open: findings of a check of the workspace, and mistakes in configs and rules."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol.types import Diagnostic

from linter import file_safety, readers
from linter.config import yaml_file
from linter.files.articles import Article, state_of
from linter.finding import Finding
from linter.lsp import diagnostics
from linter.lsp.open_documents import key_of, uri_of
from linter.lsp.positions import LineTable

if TYPE_CHECKING:
    from linter.lsp.client import Client
    from linter.lsp.folders import Folder


class _File(NamedTuple):
    """A file with findings from a check of the workspace.

    The findings are those of the file in the state `state`, or at the time `since`, in nanoseconds.
    """

    path: str
    folder: Folder
    findings: Sequence[Finding]
    state: tuple[int, ...] = ()
    since: int = 0


class ClosedFiles:
    """The published diagnostics of files that are not open. Files are identified by their keys (see `key_of`).

    `is_open` returns whether the file with a key is open, `publish` sends the diagnostics for a URI, and `in_worker`
    calls a function in the worker thread.
    """

    def __init__(
        self,
        client: Client,
        is_open: Callable[[str], bool],
        publish: Callable[[str, list[Diagnostic]], None],
        in_worker: Callable[..., Awaitable[Any]],
    ) -> None:
        self._client, self._is_open, self._send, self._in_worker = client, is_open, publish, in_worker
        self._reported: dict[str, _File] = {}
        self._mistakes: dict[str, dict[str, tuple[str, list[Diagnostic]]]] = {}  # paths and mistakes, by folder and key
        self._published: dict[str, str] = {}  # the URIs of files with diagnostics
        self._due: dict[str, None] = {}  # the keys of files to check
        self._task: asyncio.Task[None] | None = None  # checks one file at a time, so that open documents need not wait

    async def set_findings(self, folder: Folder, by_path: Mapping[str, Sequence[Finding]], since: int) -> None:
        """Publish the findings of a check of a folder, by absolute paths, in place of those of the last check.

        Files that have changed since `since`, the time of the check in nanoseconds, are checked again.
        """
        now = {os.path.normcase(path): path for path in by_path}
        for key in [key for key, file in self._reported.items() if file.folder is folder and key not in now]:
            self._forget(key)
        for key, path in now.items():
            self._reported[key] = _File(path, folder, by_path[path], since=since)
            self.update(key)
        if self._task:
            await asyncio.wait([self._task])

    def set_mistakes(self, folder: Folder) -> None:
        """Publish the mistakes in the config and the rules of a folder, in place of those of the last call."""
        now: dict[str, tuple[str, list[Diagnostic]]] = {}
        files = {mistake.file for mistake in folder.mistakes if mistake.file}
        tables = {file: self._client.lines(_text(file)) for file in files}
        for mistake in folder.mistakes:
            if mistake.file:
                entry = now.setdefault(os.path.normcase(mistake.file), (mistake.file, []))
                entry[1].append(diagnostics.of_mistake(tables[mistake.file], mistake))
        before = self._mistakes.get(folder.root, {})
        self._mistakes[folder.root] = now
        for key in before.keys() | now.keys():
            self.update(key, (now.get(key) or before[key])[0])

    def update(self, key: str, path: str = "") -> None:
        """Publish the diagnostics of a file again, for example because it was closed.

        `path` is the path of the file. It is required if the file may have no diagnostics left.
        """
        if self._is_open(key):
            return
        if key in self._reported:
            self._due[key] = None
            if self._task is None or self._task.done():
                self._task = asyncio.get_running_loop().create_task(self._update_due())
            return
        files = [files[key] for files in self._mistakes.values() if key in files]
        path = files[0][0] if files else path
        if path or key in self._published:
            self._publish(key, self._published.get(key) or uri_of(path), self._mistakes_in(key))

    def changed(self, uri: str) -> None:
        """Check a changed file again, if the last check of the workspace found something in it."""
        if key_of(uri) in self._reported:
            self.update(key_of(uri))

    def update_all(self) -> None:
        """Publish all findings again, because settings have changed."""
        for key in list(self._reported):
            self.update(key)

    def hide(self, key: str, uri: str) -> None:
        """Clear the diagnostics of a file that is opened as `uri`, unless those of the document will replace them."""
        shown = self._published.pop(key, None)
        if shown and (self._client.pulls or shown != uri):
            self._send(shown, [])

    def forget(self, uris: Iterable[str]) -> None:
        """Clear the diagnostics of files that were deleted or renamed, and of all files in such folders."""
        gone = set(map(key_of, uris))
        if gone:
            for key in [key for key in self._reported if not gone.isdisjoint((key, *map(str, Path(key).parents)))]:
                self._forget(key)

    def forget_folder(self, folder: Folder) -> None:
        """Clear the diagnostics of all files of a folder."""
        for key in [key for key, file in self._reported.items() if file.folder is folder]:
            self._forget(key)
        folder.mistakes = ()
        self.set_mistakes(folder)
        del self._mistakes[folder.root]

    def _forget(self, key: str) -> None:
        path = self._reported.pop(key).path
        self.update(key, path)

    async def _update_due(self) -> None:
        while self._due:
            key = next(iter(self._due))
            del self._due[key]
            try:
                await self._update_findings(key)
            except Exception as error:
                self._client.log(f"{key} could not be checked: {type(error).__name__}: {error}")

    async def _update_findings(self, key: str) -> None:
        file = self._reported.get(key)
        if file is None:
            return
        current, found = await self._in_worker(_diagnostics, file, self._client.lines)
        if not self._is_open(key) and self._reported.get(key) is file:
            self._reported[key] = current
            self._publish(key, uri_of(file.path), [*self._mistakes_in(key), *found])

    def _mistakes_in(self, key: str) -> list[Diagnostic]:
        return [mistake for files in self._mistakes.values() if key in files for mistake in files[key][1]]

    def _publish(self, key: str, uri: str, found: list[Diagnostic]) -> None:
        if found:
            self._published[key] = uri
        else:
            self._published.pop(key, None)
        self._send(uri, found)


def _text(path: str) -> str:
    """Return the text of a rule or config, or "" if it cannot be read."""
    try:
        return file_safety.read_regular_file(path, yaml_file.LIMIT).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _diagnostics(file: _File, lines: Callable[[str], LineTable]) -> tuple[_File, list[Diagnostic]]:
    """Return a file with its current findings, and their diagnostics. Runs in the worker thread.

    Findings below the minimum severity have no diagnostics. If the file has changed, an article is checked again, and
    the findings of any other file are discarded.
    """
    path, folder, found, state, since = file
    article = Article(path, path, readers.kind_of(path) or "text")
    try:
        if folder.linter is None:
            return file, []
        now = state_of(path)
        text = folder.linter.source(article).text
    except (OSError, LookupError):
        return _File(path, folder, ()), []
    if now != state and max(now[-2:], default=since) >= since:  # `mtime` and `ctime`
        found = folder.check(text, article.kind, path)[0] if readers.kind_of(path) else ()
    table, uri = lines(text), uri_of(path)
    shown = [
        finding for finding in found if folder.settings.shows(finding.severity) and diagnostics.fits(finding, text)
    ]
    return _File(path, folder, found, now), [
        diagnostics.of_finding(finding, folder.rules, table, uri, folder.root) for finding in shown
    ]
