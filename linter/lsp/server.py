"""The server: its folders, settings and open documents, and the checks of the documents."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from linter import __version__, file_safety, readers
from linter.files import ignore
from linter.finding import Finding, Problem
from linter.lsp import diagnostics, rule_files
from linter.lsp.client import Client
from linter.lsp.closed_files import ClosedFiles
from linter.lsp.folders import Folder, root_of
from linter.lsp.open_documents import (
    ARTICLE,
    CONFIG,
    OTHER,
    RULE,
    Checked,
    OpenDocument,
    Schedule,
    key_of,
    path_of,
    uri_of,
)
from linter.lsp.positions import LineTable, moved
from linter.lsp.protocol import Protocol
from linter.lsp.settings import DEFAULTS, read_settings
from linter.rule import WORDS_FILE
from linter.source import BYTE_ORDER_MARK
from linter.suggest import sentence

_KINDS = {
    "markdown": "markdown",
    "mdx": "markdown",
    "html": "html",
    "xhtml": "html",
    "plaintext": "text",
    "text": "text",  # of Neovim and Emacs
}
_MAX_OUTSIDE = 16  # folders outside of the workspace whose linters are kept
_SETTINGS_TIMEOUT = 5.0  # seconds to wait for the settings of the client before the first check
_REFRESH_DELAY = 0.05  # seconds; refresh requests within this time are sent as one
_LOG = logging.getLogger(__name__)


class _Job(NamedTuple):
    """A version of a document for the worker thread to check.

    `saved` is true if the document has not been edited since it was opened or saved. `lines` returns the line table of
    a text.
    """

    uri: str
    path: str
    role: str
    kind: str
    version: int
    text: str
    folder: Folder
    lines: Callable[[str], LineTable]
    saved: bool


class _Result(NamedTuple):
    """The result of a job.

    `reloaded` is true if the linter of the folder was recreated. `generation` is that of the linter. `problems` are
    about rules that took too long. `skipped` is the reason why an article was not checked, or "".
    """

    checked: Checked
    reloaded: bool = False
    generation: int = 0
    problems: Sequence[Problem] = ()
    skipped: str = ""


class Server(LanguageServer):
    """The language server of copydesk.

    All methods run in the thread of the event loop. Linters are used only in the worker thread.
    """

    def __init__(self) -> None:
        super().__init__("copydesk", __version__, types.TextDocumentSyncKind.Full, protocol_cls=Protocol)
        self.client = Client(self)
        self.worker = ThreadPoolExecutor(1, "copydesk")
        self.documents: dict[str, OpenDocument] = {}  # by the keys of their URIs
        self.closed_files = ClosedFiles(self.client, self.documents.__contains__, self.publish, self.in_worker)
        self.folders: dict[str, Folder] = {}  # workspace folders by path
        self.outside: dict[str, Folder] = {}  # other folders by path
        self.settings = DEFAULTS
        self._initial = DEFAULTS  # the settings in the initialization options
        self.ready = asyncio.Event()  # set when the settings of the client have arrived
        self.is_shut_down = False  # whether the client has sent the request “shutdown”
        self.is_checking = False  # whether the workspace is being checked
        self.processes: list[BaseProcess] = []  # those that check the workspace
        self._is_pull_requested = False
        self._schedules: dict[str, Schedule] = {}

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Show an internal error to the user, once."""
        if source.__name__ != "FeatureRequestError":  # the client shows errors in responses
            reason = str(error).rpartition("JsonRpcInternalError: ")[2]
            text = f"internal error: {reason}; please report it"
            self.client.show(text, types.MessageType.Error, once=text)

    async def in_worker(self, function: Any, *arguments: Any) -> Any:
        """Return the result of a function that runs in the worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self.worker, partial(function, *arguments))

    # Folders and settings

    def start(self, params: types.InitializeParams) -> None:
        """Store the folders and the settings that the client has sent."""
        self.client.name = params.client_info.name if params.client_info else ""
        listed = params.workspace_folders or []
        paths = [path_of(folder.uri) for folder in listed]
        if not listed:
            paths = [path_of(params.root_uri or "") or params.root_path or ""]
        self.set_settings(params.initialization_options)
        self._initial = self.settings
        self.add_folders(filter(None, paths))

    def add_folders(self, paths: Iterable[str]) -> None:
        """Add workspace folders."""
        for path in map(os.path.abspath, paths):
            if path in self.outside:
                self._drop(self.outside[path])
            if path not in self.folders:
                self.folders[path] = Folder(path, self.settings, in_workspace=True)

    def remove_folder(self, path: str) -> None:
        """Remove a workspace folder and the diagnostics of its files."""
        if folder := self.folders.pop(os.path.abspath(path), None):
            self.closed_files.forget_folder(folder)
            self.classify_documents()

    def all_folders(self) -> list[Folder]:
        """Return the folders in use."""
        return [*self.folders.values(), *self.outside.values()]

    def folder_of(self, path: str) -> Folder:
        """Return the folder for a document: the innermost workspace folder, or the folder of the nearest config.

        `path` is absolute, or "" for a document that is not a file.
        """
        inside = [root for root in self.folders if path and file_safety.is_inside(path, root)]
        if inside:
            return self.folders[max(inside, key=len)]
        if not path and len(self.folders) == 1:
            return next(iter(self.folders.values()))
        root = root_of(path) if path else ""
        folder = self.outside.pop(root, None) or Folder(root, self.settings)
        self.outside[root] = folder  # the last is the one used last
        if len(self.outside) > _MAX_OUTSIDE:
            used = [folder, *(document.folder for document in self.documents.values())]
            if unused := next((each for each in self.outside.values() if each not in used), None):
                self._drop(unused)
        return folder

    def _drop(self, folder: Folder) -> None:
        del self.outside[folder.root]
        self.closed_files.forget_folder(folder)

    def set_settings(self, value: object) -> None:
        """Apply settings to all folders, and show mistakes in them. None changes nothing."""
        if value is None:
            return
        self.settings, mistakes = read_settings(value, self._initial)
        self._show_mistakes_in_settings(mistakes)
        for folder in self.all_folders():
            folder.settings = self.settings

    async def fetch_settings(self) -> None:
        """Request the settings of each folder, if the client supports it."""
        try:
            await self._fetch_settings()
        except JsonRpcException as error:
            self.client.log(f"the client did not send its settings: {error}")
        self.ready.set()
        self.closed_files.update_all()

    async def _fetch_settings(self) -> None:
        if self.client.can("workspace.configuration"):
            folders = list(self.folders.values())
            items = [types.ConfigurationItem(section="copydesk")]
            items += (types.ConfigurationItem(uri_of(folder.root), "copydesk") for folder in folders)
            values = await self.workspace_configuration_async(types.ConfigurationParams(items))
            self.set_settings(values[0] if values else None)
            for folder, value in zip(folders, values[1:], strict=False):
                folder.settings, mistakes = read_settings(value, self.settings)
                self._show_mistakes_in_settings(mistakes)

    def _show_mistakes_in_settings(self, mistakes: Sequence[str]) -> None:
        for mistake in mistakes:
            self.client.show(f"{sentence(mistake)} The setting is ignored.", once=mistake)

    # Documents

    def document(self, uri: str) -> OpenDocument | None:
        """Return an open document, or None if it is not open."""
        return self.documents.get(key_of(uri))

    def open(self, document: OpenDocument) -> None:
        """Add a document, and check it."""
        self.close(document.uri)
        key = key_of(document.uri)
        self._classify(document)
        self.documents[key] = document
        self._schedules[key] = Schedule(partial(self._check, document))
        self.closed_files.hide(key, document.uri)
        self.request_check(document)

    def _classify(self, document: OpenDocument) -> None:
        """Set the folder, the role and the format of a document."""
        document.folder = self.folder_of(document.path)
        document.role, document.kind = self._role(document)

    def classify_documents(self) -> None:
        """Set the folders and roles of all documents again, and check the documents."""
        for document in self.documents.values():
            self._classify(document)
            self.request_check(document)

    def _role(self, document: OpenDocument) -> tuple[str, str]:
        """Return the role of a document and, for an article, its format."""
        path = document.path
        if path and rule_files.is_config(Path(path)):
            return CONFIG, ""
        if path.endswith((".yaml", ".yml")) or document.language == "yaml":
            is_rule = path and rule_files.is_rule(document.text, Path(path), document.folder.rule_folders)
            return (RULE if is_rule else OTHER), ""
        if os.path.basename(path) == WORDS_FILE:
            return OTHER, ""
        kind = (path and readers.kind_of(path)) or _KINDS.get(document.language, "")
        if path and kind == "text" and not readers.kind_of(path):  # such as LICENSE
            kind = ""
        return (ARTICLE if kind else OTHER), kind

    def close(self, uri: str) -> None:
        """Remove a document, and clear its diagnostics."""
        key = key_of(uri)
        if schedule := self._schedules.pop(key, None):
            schedule.cancel()
        if document := self.documents.pop(key, None):
            self.publish(document.uri, [])
            self.closed_files.update(key)
            folder = document.folder
            is_used = any(other.folder is folder for other in self.documents.values())
            if folder.mistakes and self.outside.get(folder.root) is folder and not is_used:
                self._drop(folder)

    def edit(self, document: OpenDocument, version: int, text: str) -> None:
        """Replace the text of a document, and check it later, unless documents are checked only when they are saved."""
        document.update(version, text)
        document.saved = False
        settings = document.folder.settings
        large = document.role == ARTICLE and len(text) > settings.maxSize
        if large and not document.is_large:
            name = os.path.basename(document.path) or "this document"
            limit = f"more than “maxSize” ({settings.maxSize:,})"
            message = f"{name} has {len(text):,} characters, {limit}; save it to check it"
            self.client.show(message, types.MessageType.Info, once=document.uri)
        document.is_large = large
        if document.role != ARTICLE:
            document.role, document.kind = self._role(document)
        if settings.run == "onType" and not large:
            self.request_check(document, settings.debounce / 1000)

    def save(self, document: OpenDocument) -> None:
        """Check a document that has been saved."""
        document.saved = True
        self.request_check(document)

    def request_check(self, document: OpenDocument, delay: float = 0) -> None:
        """Check a document after a delay in seconds. A later request replaces the delay."""
        schedule = self._schedules[key_of(document.uri)]
        if document.role != OTHER:
            schedule.request(delay)
            return
        schedule.cancel()
        if document.checked:  # it is no longer a rule
            document.checked = None
            self._show(document, [])

    async def wait_for_result(self, document: OpenDocument, *, at_once: bool = False) -> Checked | None:
        """Return the result for a document when no check is due. With `at_once`, a check that is due starts now."""
        if schedule := self._schedules.get(key_of(document.uri)):
            if at_once:
                schedule.start()
            await schedule.wait()
        return document.checked

    async def _check(self, document: OpenDocument) -> None:
        """Check the current version of a document, and publish the result unless it is outdated."""
        if not self.ready.is_set():
            try:
                await asyncio.wait_for(self.ready.wait(), _SETTINGS_TIMEOUT)
            except TimeoutError:
                self.ready.set()
        schedule = self._schedules.get(key_of(document.uri))
        job = _Job(
            document.uri,
            document.path,
            document.role,
            document.kind,
            document.version,
            document.text,
            document.folder,
            self.client.lines,
            document.saved,
        )
        try:
            result = await self.in_worker(_run_job, job)
        except Exception as error:
            result = self._report_failure(document, error)
        if result.reloaded:
            self.after_reload(job.folder)
        if schedule is None or schedule is not self._schedules.get(key_of(document.uri)):
            return  # the document was closed
        if (document.folder, document.role) != (job.folder, job.role) or result.generation != job.folder.generation:
            self.request_check(document)
        elif not schedule.is_due:
            self._accept(document, result)

    def _accept(self, document: OpenDocument, result: _Result) -> None:
        """Publish the result of the current version of a document."""
        document.checked, document.suppressions = result.checked, {}
        name = os.path.basename(document.path)
        for problem in result.problems:
            about = f"{problem.path}: " if problem.path in document.folder.rules else ""  # else the article
            self.client.show(f"{about}{problem.message}", once=problem.message)
        if result.skipped:
            self.client.log(f"{name} is not checked: {result.skipped}", once=f"{document.path} {result.skipped}")
        self._show(document, result.checked.diagnostics, result.checked.version)

    def _show(self, document: OpenDocument, found: Sequence[types.Diagnostic], version: int | None = None) -> None:
        """Publish the diagnostics of a document, or make a client that pulls ask for them."""
        if not self.client.pulls:
            self.publish(document.uri, found, version)
        elif not document.pulls:
            self.request_pull()

    def _report_failure(self, document: OpenDocument, error: Exception) -> _Result:
        """Show that a document could not be checked, and return an empty result."""
        name = os.path.basename(document.path) or document.uri
        text = f"{name} could not be checked: {type(error).__name__}: {error}; please report it"
        _LOG.debug("check failed", exc_info=error)
        self.client.show(text, types.MessageType.Error, once=f"{type(error).__name__} {document.uri}")
        checked = Checked(document.version, self.client.lines(document.text))
        return _Result(checked, generation=document.folder.generation)

    def publish(self, uri: str, found: Sequence[types.Diagnostic], version: int | None = None) -> None:
        """Publish the diagnostics of a document or file, in place of those that were published before."""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, list(found), version))

    def request_pull(self) -> None:
        """Make the client request the diagnostics of all open documents. Calls within a short time send one request."""
        if not self._is_pull_requested:
            self._is_pull_requested = True
            asyncio.get_running_loop().call_later(_REFRESH_DELAY, self._request_pull)

    def _request_pull(self) -> None:
        self._is_pull_requested = False
        self.workspace_diagnostic_refresh(None)

    async def show_workspace(self, folder: Folder, by_path: Mapping[str, Sequence[Finding]], since: int) -> None:
        """Show the findings of a check of a folder (see `ClosedFiles.set_findings`)."""
        if folder not in self.all_folders():
            return  # it was removed during the check
        folder.unused_suppressions = by_path.get(folder.config_file, ())
        document = self.documents.get(os.path.normcase(folder.config_file))
        if document and document.role == CONFIG:
            self.request_check(document)
        await self.closed_files.set_findings(folder, by_path, since)

    # Config and rules

    async def watch(self) -> None:
        """Make the client report changes of articles, and of files that linters depend on."""
        suffixes = ",".join(suffix[1:] for suffix in readers.SUFFIXES)
        globs = (f"**/*.{{{suffixes},yaml,yml,ini}}", "**/pyproject.toml", f"**/{ignore.NAME}")
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(glob) for glob in globs])
        registration = types.Registration("copydesk files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        try:
            await self.client_register_capability_async(types.RegistrationParams([registration]))
        except JsonRpcException as error:
            self.client.log(f"the client did not agree to watch files: {error}")

    async def refresh(self, folder: Folder) -> None:
        """Recreate the linter of a folder if its files have changed, and check its documents."""
        if await self.in_worker(folder.refresh):
            self.after_reload(folder)

    def after_reload(self, folder: Folder) -> None:
        """Check the documents of a folder whose linter was recreated, and show mistakes in its config and rules."""
        if folder not in self.all_folders():
            return  # it was removed meanwhile
        self.closed_files.set_mistakes(folder)
        self.client.log(folder.description)
        once = f"config {folder.root}"
        if folder.mistakes:
            self.client.show(_mistakes_message(folder), types.MessageType.Error, once=once)
        else:
            self.client.forget(once)
        for key, document in self.documents.items():
            if document.folder is folder:
                document.role, document.kind = self._role(document)
                if not self._schedules[key].is_busy:  # a running check detects the new linter
                    self.request_check(document)


def _mistakes_message(folder: Folder) -> str:
    """Return the message about the mistakes in the config or the rules of a folder."""
    first, more = folder.mistakes[0], len(folder.mistakes) - 1
    place = f"{os.path.basename(first.file)}:{first.line}:{first.column}: " if first.file else ""
    rest = f" There {'is 1 more mistake' if more == 1 else f'are {more} more mistakes'}." if more else ""
    state = "copydesk uses the previous config and rules" if folder.linter else "articles are not checked"
    return f"{place}{sentence(first.message)}{rest} Until {'they are' if more else 'it is'} corrected, {state}."


def _run_job(job: _Job) -> _Result:
    """Check a document. Runs in the worker thread."""
    folder = job.folder
    reloaded = folder.refresh(at_once=job.saved)
    table, problems, skipped = job.lines(job.text), list[Problem](), ""
    found: list[Finding] = []
    mistakes: list[rule_files.Mistake] = []
    if job.role == ARTICLE and folder.linter is None:
        where = os.path.basename(folder.mistakes[0].file) or "the settings"
        mistakes = [rule_files.Mistake(0, 0, f"This article is not checked, because {where} has mistakes.")]
    elif job.role == ARTICLE:
        if not (skipped := folder.skips(job.path)):
            found, problems = _findings(job)
    elif job.role == CONFIG:
        mistakes = rule_files.config_mistakes(job.text, Path(job.path))
        if key_of(job.uri) == os.path.normcase(folder.config_file):
            found = [finding for finding in folder.unused_suppressions if diagnostics.fits(finding, job.text)]
    else:
        mistakes = rule_files.rule_mistakes(job.text, Path(job.path))
        if job.saved and not mistakes:
            mistakes = rule_files.example_failures(job.text, Path(job.path))
    shown = [diagnostics.of_finding(finding, folder.rules, table, job.uri, folder.root) for finding in found]
    shown += [diagnostics.of_open_mistake(table, mistake) for mistake in mistakes]
    return _Result(Checked(job.version, table, found, shown), reloaded, folder.generation, problems, skipped)


def _findings(job: _Job) -> tuple[list[Finding], list[Problem]]:
    """Return the findings that are shown, and the problems. A byte-order mark in the text counts in the offsets."""
    mark = int(job.text.startswith(BYTE_ORDER_MARK))
    found, problems = job.folder.check(job.text[mark:], job.kind, job.path)
    shown = [finding for finding in found if job.folder.settings.shows(finding.severity)]
    return [moved(finding, mark) for finding in shown] if mark else shown, problems
