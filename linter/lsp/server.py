"""The server: what it does when the client opens, edits, saves and closes documents."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from linter import __version__, file_safety, readers
from linter.files import ignore
from linter.files.articles import Article
from linter.finding import Edit, Finding
from linter.lsp import diagnostics, rule_files
from linter.lsp.client import Client
from linter.lsp.folders import Folder, Mistake, root_of
from linter.lsp.open_documents import ARTICLE, CONFIG, RULE, Checked, OpenDocument, Schedule
from linter.lsp.positions import LineTable
from linter.lsp.settings import DEFAULTS, read_settings
from linter.rule import WORDS_FILE

_KINDS = {"markdown": "markdown", "mdx": "markdown", "html": "html", "xhtml": "html", "plaintext": "text"}
_MAX_LOOSE = 16  # folders outside of the workspace whose linters are kept
_WAIT = 5.0  # seconds to wait for the settings of the client before the first check
_TOGETHER = 0.05  # seconds; requests to the client within this time are sent as one
_MARK = "\ufeff"
_LOG = logging.getLogger(__name__)


class _Job(NamedTuple):
    """What the worker thread needs to check one version of a document. With `examples`, it tests those of a rule."""

    uri: str
    path: str
    what: str
    kind: str
    version: int
    text: str
    folder: Folder
    encoding: str
    examples: bool


class _Protocol(LanguageServerProtocol):
    """The protocol of pygls, with corrections.

    - The result of a notification is not kept until the server ends.
    - If the server ends while a command is running, there is no error.
    - A message to a client that no longer reads is lost. The server ends when the client closes its input.
    """

    def _send_data(self, data: Any) -> None:
        with suppress(BrokenPipeError):
            super()._send_data(data)

    def _execute_handler(self, msg_id: Any, handler: Any, callback: Any, args: Any = None, kwargs: Any = None) -> None:
        def finish(future: Any) -> None:
            loop = asyncio.get_running_loop()
            if future.cancelled():
                loop.call_soon(callback, future)  # pygls may be iterating over the futures
            else:
                callback(future)
            loop.call_soon(self._request_futures.pop, msg_id, None)

        super()._execute_handler(msg_id, handler, finish, args, kwargs)

    def _run_generator(self, future: Any, *, gen: Any, result_future: Any) -> None:
        if future is not None and future.cancelled():
            gen.close()
            result_future.cancel()
        else:
            super()._run_generator(future, gen=gen, result_future=result_future)


class Server(LanguageServer):
    """The language server of copydesk.

    All methods run in the thread of the event loop. Linters are used only in the worker thread.
    """

    def __init__(self) -> None:
        super().__init__("copydesk", __version__, types.TextDocumentSyncKind.Full, protocol_cls=_Protocol)
        self.client = Client(self)
        self.worker = ThreadPoolExecutor(1, "copydesk")
        self.documents: dict[str, OpenDocument] = {}
        self.folders: dict[str, Folder] = {}  # workspace folders by path
        self.loose: dict[str, Folder] = {}  # other folders by path
        self.settings = DEFAULTS
        self._initial = DEFAULTS  # the settings that the client has sent at the start
        self.ready = asyncio.Event()  # set when the settings of the client are known
        self.published: set[str] = set()  # URIs with published diagnostics
        self._reported: dict[str, set[str]] = {}  # URIs with mistakes in the config, by the root of the folder
        self._asks_to_pull = False
        self.is_shut_down = False  # whether the client has asked the server to end
        self.is_checking = False  # whether the workspace is being checked
        self.processes: list[BaseProcess] = []  # those that check it
        self._files: dict[str, Folder] = {}  # URIs with diagnostics from a check of the workspace
        self._schedules: dict[str, Schedule] = {}

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Show an internal error to the user, once."""
        if source.__name__ != "FeatureRequestError":  # the client shows errors of requests
            reason = str(error).rpartition("JsonRpcInternalError: ")[2]
            text = f"internal error: {reason}; please report it"
            self.client.show(text, types.MessageType.Error, once=text)

    async def in_worker(self, function: Any, *arguments: Any) -> Any:
        """Return the result of a function that runs in the worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self.worker, partial(function, *arguments))

    # Folders

    def start(self, params: types.InitializeParams) -> None:
        """Remember the folders and the settings that the client has sent."""
        listed = params.workspace_folders or []
        paths = [uris.to_fs_path(folder.uri) for folder in listed]
        if not listed:
            root = params.root_uri and uris.to_fs_path(params.root_uri)
            paths = [root or params.root_path]
        self.set_settings(params.initialization_options)
        self._initial = self.settings
        self.add_folders(path for path in paths if path)

    def add_folders(self, paths: Iterable[str]) -> None:
        """Add workspace folders."""
        for path in map(os.path.abspath, paths):
            self.folders.setdefault(path, Folder(path, self.settings, listed=True))

    def remove_folder(self, path: str) -> None:
        """Remove a workspace folder, and the mistakes that were published for its config."""
        if folder := self.folders.pop(os.path.abspath(path), None):
            folder.mistakes = ()
            self._publish_mistakes(folder)
            for uri in [uri for uri, owner in self._files.items() if owner is folder]:
                self.forget_file(uri)
            self.place_documents()

    def all_folders(self) -> list[Folder]:
        """Return the folders in use."""
        return [*self.folders.values(), *self.loose.values()]

    def folder_of(self, path: str) -> Folder:
        """Return the folder for a document: the innermost workspace folder, or the folder of the nearest config.

        `path` is absolute, or "" for a document that is not a file.
        """
        inside = [root for root in self.folders if _is_inside(path, root)]
        if inside:
            return self.folders[max(inside, key=len)]
        if not path and len(self.folders) == 1:
            return next(iter(self.folders.values()))
        root = root_of(path) if path else ""
        folder = self.loose.pop(root, None) or Folder(root, self.settings)
        self.loose[root] = folder  # the last is the one used last
        if len(self.loose) > _MAX_LOOSE:
            used = {document.folder.root for document in self.documents.values()}
            if unused := next((root for root in self.loose if root not in used), None):
                del self.loose[unused]
        return folder

    def set_settings(self, value: object) -> None:
        """Apply settings to all folders, and show mistakes in them. None changes nothing."""
        if value is None:
            return
        self.settings, mistakes = read_settings(value, self._initial)
        self._show_mistakes_in_settings(mistakes)
        for folder in self.all_folders():
            folder.use(self.settings)

    async def fetch_settings(self) -> None:
        """Ask the client for the settings of each folder, if it can tell them."""
        try:
            await self._fetch_settings()
        except JsonRpcException as error:
            self.client.log(f"the client has no settings: {error}")
        self.ready.set()

    async def _fetch_settings(self) -> None:
        if self.client.can("workspace.configuration"):
            folders = [None, *self.folders.values()]
            items = [
                types.ConfigurationItem(scope_uri=uri_of(folder.root) if folder else None, section="copydesk")
                for folder in folders
            ]
            values = await self.workspace_configuration_async(types.ConfigurationParams(items))
            self.set_settings(values[0])
            for folder, value in zip(folders[1:], values[1:], strict=False):
                settings, mistakes = read_settings(value, self.settings)
                self._show_mistakes_in_settings(mistakes)
                if folder:
                    folder.use(settings)

    def _show_mistakes_in_settings(self, mistakes: Sequence[str]) -> None:
        for mistake in mistakes:
            self.client.show(f"{mistake}; the setting is not used", once=mistake)

    # Documents

    def open(self, document: OpenDocument) -> None:
        """Begin to check a document."""
        self.close(document.uri)
        self.documents[document.uri] = document
        file = _file_uri(document.uri)
        if file in self.published and (self.client.pulls or file != document.uri):
            self.publish(file, [])  # the diagnostics of the document replace those of the file
        self._schedules[document.uri] = Schedule(partial(self._check, document))
        self._place(document)
        self.want(document)

    def _place(self, document: OpenDocument) -> None:
        """Find the folder of a document, and what the document is."""
        document.folder = self.folder_of(document.path)
        document.what, document.kind = self._what(document)

    def place_documents(self) -> None:
        """Find the folders of all documents anew, and check the documents."""
        for document in self.documents.values():
            self._place(document)
            self.want(document)

    def _what(self, document: OpenDocument) -> tuple[str, str]:
        """Return what a document is and, for an article, its format."""
        path = document.path
        if path and rule_files.is_config(Path(path)):
            return CONFIG, ""
        if path.endswith((".yaml", ".yml")) or document.language == "yaml":
            is_rule = path and rule_files.is_rule(document.text, Path(path), document.folder.rule_folders)
            return (RULE, "") if is_rule else ("", "")
        if os.path.basename(path) == WORDS_FILE:
            return "", ""
        kind = (readers.kind_of(path) if path else None) or _KINDS.get(document.language, "")
        return (ARTICLE, kind) if kind else ("", "")

    def close(self, uri: str) -> None:
        """Forget a document, and clear its diagnostics."""
        if schedule := self._schedules.pop(uri, None):
            schedule.close()
        if self.documents.pop(uri, None):
            self.publish(uri, [])
            file = _file_uri(uri)
            for folder in self.all_folders():
                if file in self._reported.get(folder.root, ()):
                    self._publish_mistakes(folder)
            if file in self._files:
                asyncio.get_running_loop().create_task(self.check_file(file))

    def edit(self, document: OpenDocument, version: int, text: str) -> None:
        """Replace the text of a document, and check it later, unless documents are checked only when they are saved."""
        document.update(version, text)
        document.saved = False
        settings = document.folder.settings
        large = document.what == ARTICLE and len(text) > settings.maxSize
        if large and not document.is_large:
            name = os.path.basename(document.path) or "this document"
            limit = f"more than “maxSize” ({settings.maxSize:,})"
            text = f"{name} has {len(text):,} characters, {limit}; it is checked when it is saved"
            self.client.show(text, types.MessageType.Info, once=document.uri)
        document.is_large = large
        if settings.run == "onType" and not large:
            self.want(document, settings.debounce / 1000)

    def save(self, document: OpenDocument) -> None:
        """Check a document that has been saved."""
        document.saved = True
        self.want(document)

    def want(self, document: OpenDocument, delay: float = 0) -> None:
        """Check a document after a delay in seconds, unless it is edited again before."""
        if document.what:
            self._schedules[document.uri].want(delay)
        elif document.uri in self.published:
            self.publish(document.uri, [])

    async def settled(self, document: OpenDocument, *, at_once: bool = False) -> Checked | None:
        """Return the last result for a document, after the checks that are wanted. With `at_once`, they start now."""
        schedule = self._schedules.get(document.uri)
        if schedule:
            if at_once:
                schedule.start()
            await schedule.settle()
        return document.checked

    async def _check(self, document: OpenDocument) -> None:
        """Check the current version of a document, and publish the result unless a later version is wanted."""
        if not self.ready.is_set():
            try:
                await asyncio.wait_for(self.ready.wait(), _WAIT)
            except TimeoutError:
                self.ready.set()
        schedule = self._schedules.get(document.uri)
        job = _Job(
            document.uri,
            document.path,
            document.what,
            document.kind,
            document.version,
            document.text,
            document.folder,
            self.client.encoding,
            document.saved,
        )
        try:
            reloaded, checked = await self.in_worker(_work, job)
        except Exception as error:
            reloaded, checked = False, self._report_failure(document, error)
        if reloaded:
            self.after_reload(document.folder, document)
        if schedule and schedule is self._schedules.get(document.uri) and not schedule.is_wanted:
            document.checked = checked
            if not self.client.pulls:
                self.publish(document.uri, checked.diagnostics, checked.version)
            elif not document.pulls:
                self.ask_to_pull()

    def _report_failure(self, document: OpenDocument, error: Exception) -> Checked:
        """Show that a document could not be checked, and return an empty result."""
        name = os.path.basename(document.path) or document.uri
        text = f"{name} could not be checked: {type(error).__name__}: {error}; please report it"
        _LOG.debug("check failed", exc_info=error)
        self.client.show(text, types.MessageType.Error, once=f"{type(error).__name__} {document.uri}")
        return Checked(document.version, LineTable(document.text, self.client.encoding))

    def publish(self, uri: str, found: Sequence[types.Diagnostic], version: int | None = None) -> None:
        """Publish the diagnostics of a document or file, in place of those that were published before."""
        (self.published.add if found else self.published.discard)(uri)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, list(found), version))

    def ask_to_pull(self) -> None:
        """Make the client ask for the diagnostics of all open documents, once for many calls in a short time."""
        if not self._asks_to_pull:
            self._asks_to_pull = True
            asyncio.get_running_loop().call_later(_TOGETHER, self._ask_to_pull)

    def _ask_to_pull(self) -> None:
        self._asks_to_pull = False
        self.workspace_diagnostic_refresh(None)

    # Files that are not open

    async def publish_files(self, folder: Folder, by_path: Mapping[str, Sequence[Finding]]) -> None:
        """Publish the findings of a check of a folder, by absolute paths, in place of those of the last check."""
        now = {uri_of(path): path for path in by_path}
        for uri in [uri for uri, owner in self._files.items() if owner is folder and uri not in now]:
            self.forget_file(uri)
        for uri, path in now.items():
            self._files[uri] = folder
            if not self._is_open(path):
                work = partial(_diagnostics_of_file, folder, path, self.client.encoding, by_path[path])
                found = await self.in_worker(work)
                if not self._is_open(path):
                    self.publish(uri, found)

    async def check_file(self, uri: str) -> None:
        """Check a file again that is not open, if a check of the workspace found something in it."""
        uri = _file_uri(uri)
        folder, path = self._files.get(uri), uris.to_fs_path(uri)
        if folder and path and not self._is_open(path):
            found = await self.in_worker(_diagnostics_of_file, folder, path, self.client.encoding)
            if not self._is_open(path) and uri in self._files:
                self.publish(uri, found)

    def forget_file(self, uri: str) -> None:
        """Clear the diagnostics of a file that was deleted or renamed, or of all files in such a folder."""
        uri = _file_uri(uri)
        for file in [file for file in self._files if file == uri or file.startswith(f"{uri}/")]:
            del self._files[file]
            if not self._is_open(uris.to_fs_path(file) or ""):
                self.publish(file, [])

    def _is_open(self, path: str) -> bool:
        """Whether a file is open. Clients may write its URI in different ways."""
        return any(document.path == path for document in self.documents.values())

    async def watch(self) -> None:
        """Make the client report changes of articles and of the files that linters depend on."""
        suffixes = ",".join(suffix[1:] for suffix in readers.SUFFIXES)
        globs = (f"**/*.{{{suffixes},yaml,yml}}", "**/pyproject.toml", f"**/{ignore.NAME}")
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(glob) for glob in globs])
        registration = types.Registration("copydesk files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        try:
            await self.client_register_capability_async(types.RegistrationParams([registration]))
        except JsonRpcException as error:
            self.client.log(f"the client does not watch files: {error}")

    # Config and rules

    async def refresh(self, folder: Folder) -> None:
        """Create the linter of a folder anew if its files have changed, and check its documents."""
        if await self.in_worker(folder.refresh):
            self.after_reload(folder)

    def after_reload(self, folder: Folder, current: OpenDocument | None = None) -> None:
        """Check the documents of a folder whose linter is new, except `current`, and show mistakes in its config."""
        self._publish_mistakes(folder)
        once = f"config {folder.root}"
        if folder.mistakes:
            first, more = folder.mistakes[0], len(folder.mistakes) - 1
            place = f"{os.path.basename(first.file)}:{first.line}:{first.column}: " if first.file else ""
            rest = f" ({more} more)" if more else ""
            state = "articles are checked as before" if folder.linter else "articles are not checked"
            text = f"{place}{first.message}{rest}; {state} until this is corrected"
            self.client.show(text, types.MessageType.Error, once=once)
        else:
            self.client.forget(once)
        for document in self.documents.values():
            if document.folder is folder:
                document.what, document.kind = self._what(document)
                if document is not current:
                    self.want(document)

    def _publish_mistakes(self, folder: Folder) -> None:
        """Publish mistakes in files that are not open. Open files have their own diagnostics."""
        by_file: dict[str, list[Mistake]] = {}
        for mistake in folder.mistakes:
            by_file.setdefault(mistake.file, []).append(mistake)
        by_file.pop("", None)
        now = {uri_of(file) for file in by_file}
        for file in self._reported.get(folder.root, set()) - now:
            by_file[uris.to_fs_path(file) or ""] = []
        for path, mistakes in by_file.items():
            if not self._is_open(path):
                self.publish(uri_of(path), [diagnostics.mistake(mistake) for mistake in mistakes])
        self._reported[folder.root] = now


def uri_of(path: str) -> str:
    """Return the URI of a file."""
    return str(uris.from_fs_path(path))


def _file_uri(uri: str) -> str:
    """Return the URI of a file as `uri_of` writes it, or `uri` if it is not that of a file."""
    path = uris.to_fs_path(uri)
    return uri_of(os.path.abspath(path)) if path else uri


def _is_inside(path: str, folder: str) -> bool:
    return bool(path) and file_safety.is_inside(path, folder)


def _work(job: _Job) -> tuple[bool, Checked]:
    """Check a document. Return whether the linter of its folder was created anew, and the result."""
    folder = job.folder
    reloaded = folder.refresh()
    table = LineTable(job.text, job.encoding)
    if job.what == ARTICLE:
        found = _findings(job)
        shown = [diagnostics.diagnostic(finding, folder.rules, table, job.uri) for finding in found]
        return reloaded, Checked(job.version, table, found, shown)
    if job.what == CONFIG:
        mistakes = rule_files.config_mistakes(job.text, Path(job.path))
    else:
        mistakes = rule_files.rule_mistakes(job.text, Path(job.path))
        if job.examples and not mistakes:
            mistakes = rule_files.example_failures(job.text, Path(job.path))
    shown = [diagnostics.mistake_in(table, mistake) for mistake in mistakes]
    return reloaded, Checked(job.version, table, (), shown)


def _findings(job: _Job) -> list[Finding]:
    """Return the findings of an article. If its text has a byte-order mark, the offsets count it."""
    if job.folder.skips(job.path):
        return []
    mark = job.text.startswith(_MARK)
    found = job.folder.check(job.text[mark:], job.kind, job.path)
    return [_after_mark(finding) for finding in found] if mark else found


def _diagnostics_of_file(
    folder: Folder, path: str, encoding: str, found: Sequence[Finding] | None = None
) -> list[types.Diagnostic]:
    """Return the diagnostics of a file: for `found` or, if it is None, for the findings of a new check.

    Findings are left out if they do not fit the text. The result is [] if the file cannot be read.
    """
    if folder.linter is None:
        return []
    article = Article(path, path, readers.kind_of(path) or "text")
    try:
        text = folder.linter.source(article).text
    except (OSError, LookupError):
        return []
    table = LineTable(text, encoding)
    if found is None:
        found = folder.check(text, article.kind, path)
    fitting = [finding for finding in found if text[finding.start : finding.end] == finding.text]
    return [diagnostics.diagnostic(finding, folder.rules, table, uri_of(path)) for finding in fitting]


def _after_mark(finding: Finding) -> Finding:
    edits = tuple(Edit(edit.start + 1, edit.end + 1, edit.text) for edit in finding.edits)
    fix = finding.fix and finding.fix._replace(edits=edits)
    return finding._replace(start=finding.start + 1, end=finding.end + 1, fix=fix)
