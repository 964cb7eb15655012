"""The server: what it does when the client opens, edits, saves and closes documents."""

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
from pygls import uris
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from linter import __version__, file_safety, readers
from linter.files import ignore
from linter.files.articles import Article
from linter.finding import Finding
from linter.lsp import diagnostics, rule_files
from linter.lsp.client import Client
from linter.lsp.folders import Folder, root_of
from linter.lsp.open_documents import ARTICLE, CONFIG, OTHER, RULE, Checked, OpenDocument, Schedule, key_of, uri_of
from linter.lsp.positions import MARK, LineTable, moved
from linter.lsp.protocol import Protocol
from linter.lsp.settings import DEFAULTS, read_settings
from linter.rule import WORDS_FILE

_KINDS = {
    "markdown": "markdown",
    "mdx": "markdown",
    "html": "html",
    "xhtml": "html",
    "plaintext": "text",
    "text": "text",  # of Neovim and Emacs
}
_MAX_LOOSE = 16  # folders outside of the workspace whose linters are kept
_WAIT = 5.0  # seconds to wait for the settings of the client before the first check
_TOGETHER = 0.05  # seconds; requests to the client within this time are sent as one
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
    lines: Callable[[str], LineTable]
    examples: bool


class Server(LanguageServer):
    """The language server of copydesk.

    All methods run in the thread of the event loop. Linters are used only in the worker thread.
    """

    def __init__(self) -> None:
        super().__init__("copydesk", __version__, types.TextDocumentSyncKind.Full, protocol_cls=Protocol)
        self.client = Client(self)
        self.worker = ThreadPoolExecutor(1, "copydesk")
        self.documents: dict[str, OpenDocument] = {}  # by the keys of their URIs
        self.folders: dict[str, Folder] = {}  # workspace folders by path
        self.loose: dict[str, Folder] = {}  # other folders by path
        self.settings = DEFAULTS
        self._initial = DEFAULTS  # the settings that the client has sent at the start
        self.ready = asyncio.Event()  # set when the settings of the client are known
        self._published: dict[str, str] = {}  # the URIs of documents and files with diagnostics, by their keys
        self._reported: dict[str, set[str]] = {}  # files with mistakes in the config, by the root of the folder
        self._asks_to_pull = False
        self.is_shut_down = False  # whether the client has asked the server to end
        self.is_checking = False  # whether the workspace is being checked
        self.processes: list[BaseProcess] = []  # those that check it
        self._files: dict[str, Folder] = {}  # files with findings from a check of the workspace
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
        self.client.name = params.client_info.name if params.client_info else ""
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
            for file in [file for file, owner in self._files.items() if owner is folder]:
                self._forget(file)
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
            folders = list(self.folders.values())
            items = [types.ConfigurationItem(section="copydesk")]
            items += (types.ConfigurationItem(uri_of(folder.root), "copydesk") for folder in folders)
            values = await self.workspace_configuration_async(types.ConfigurationParams(items))
            self.set_settings(values[0] if values else None)
            for folder, value in zip(folders, values[1:], strict=False):
                settings, mistakes = read_settings(value, self.settings)
                self._show_mistakes_in_settings(mistakes)
                folder.use(settings)

    def _show_mistakes_in_settings(self, mistakes: Sequence[str]) -> None:
        for mistake in mistakes:
            self.client.show(f"{mistake}; the setting is not used", once=mistake)

    # Documents

    def document(self, uri: str) -> OpenDocument | None:
        """Return an open document, or None if it is not open."""
        return self.documents.get(key_of(uri))

    def open(self, document: OpenDocument) -> None:
        """Begin to check a document."""
        self.close(document.uri)
        key = key_of(document.uri)
        self.documents[key] = document
        shown = self._published.get(key)
        if shown and (self.client.pulls or shown != document.uri):
            self.publish(shown, [])  # the diagnostics of the document replace those of the file
        self._schedules[key] = Schedule(partial(self._check, document))
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
            return (RULE if is_rule else OTHER), ""
        if os.path.basename(path) == WORDS_FILE:
            return OTHER, ""
        kind = (path and readers.kind_of(path)) or _KINDS.get(document.language, "")
        if path and kind == "text" and not readers.kind_of(path):  # such as LICENSE
            kind = ""
        return (ARTICLE if kind else OTHER), kind

    def close(self, uri: str) -> None:
        """Forget a document, and clear its diagnostics."""
        key = key_of(uri)
        if schedule := self._schedules.pop(key, None):
            schedule.close()
        if self.documents.pop(key, None):
            self.publish(uri, [])
            for folder in self.all_folders():
                if key in self._reported.get(folder.root, ()):
                    self._publish_mistakes(folder)
            if key in self._files:
                asyncio.get_running_loop().create_task(self.check_file(key))

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
        if document.what != ARTICLE:
            document.what, document.kind = self._what(document)
        if settings.run == "onType" and not large:
            self.want(document, settings.debounce / 1000)

    def save(self, document: OpenDocument) -> None:
        """Check a document that has been saved."""
        document.saved = True
        self.want(document)

    def want(self, document: OpenDocument, delay: float = 0) -> None:
        """Check a document after a delay in seconds, unless it is edited again before."""
        if document.what:
            self._schedules[key_of(document.uri)].want(delay)
        elif document.checked:
            document.checked = None  # it was a rule before
            self.publish(document.uri, [])

    async def settled(self, document: OpenDocument, *, at_once: bool = False) -> Checked | None:
        """Return the last result for a document, after the checks that are wanted. With `at_once`, they start now."""
        schedule = self._schedules.get(key_of(document.uri))
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
        schedule = self._schedules.get(key_of(document.uri))
        job = _Job(
            document.uri,
            document.path,
            document.what,
            document.kind,
            document.version,
            document.text,
            document.folder,
            self.client.lines,
            document.saved,
        )
        try:
            reloaded, checked = await self.in_worker(_work, job)
        except Exception as error:
            reloaded, checked = False, self._report_failure(document, error)
        if reloaded:
            self.after_reload(document.folder, document)
        if schedule and schedule is self._schedules.get(key_of(document.uri)) and not schedule.is_wanted:
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
        return Checked(document.version, self.client.lines(document.text))

    def publish(self, uri: str, found: Sequence[types.Diagnostic], version: int | None = None) -> None:
        """Publish the diagnostics of a document or file, in place of those that were published before."""
        if found:
            self._published[key_of(uri)] = uri
        else:
            self._published.pop(key_of(uri), None)
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
        now = {os.path.normcase(path): path for path in by_path}
        for file in [file for file, owner in self._files.items() if owner is folder and file not in now]:
            self._forget(file)
        for file, path in now.items():
            self._files[file] = folder
            if path == folder.config_file:
                folder.unused_suppressions = by_path[path]
            if (document := self.documents.get(file)) and document.what == CONFIG:
                self.want(document)
            if file not in self.documents:
                work = _diagnostics_of_file, folder, path, self.client.lines, by_path[path]
                found = await self.in_worker(*work)
                if file not in self.documents:
                    self.publish(uri_of(path), found)

    async def check_file(self, file: str) -> None:
        """Check a file that is not open, if a check of the workspace has found something in it. `file` is its key."""
        folder = self._files.get(file)
        if folder and not readers.kind_of(file):  # a config with unused suppressions
            self._forget(file)
        elif folder and file not in self.documents:
            found = await self.in_worker(_diagnostics_of_file, folder, file, self.client.lines)
            if file not in self.documents and file in self._files:
                self.publish(uri_of(file), found)

    def forget_file(self, uri: str) -> None:
        """Clear the diagnostics of a file that was deleted or renamed, or of all files in such a folder."""
        gone = key_of(uri)
        for file in [file for file in self._files if file_safety.is_inside(file, gone)]:
            self._forget(file)

    def _forget(self, file: str) -> None:
        del self._files[file]
        if file not in self.documents:
            self.publish(uri_of(file), [])

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
            self.client.show(_explanation(folder), types.MessageType.Error, once=once)
        else:
            self.client.forget(once)
        for document in self.documents.values():
            if document.folder is folder:
                document.what, document.kind = self._what(document)
                if document is not current:
                    self.want(document)

    def _publish_mistakes(self, folder: Folder) -> None:
        """Publish mistakes in files that are not open. Open files have their own diagnostics."""
        by_file: dict[str, list[types.Diagnostic]] = {}
        for mistake in folder.mistakes:
            if mistake.file:
                by_file.setdefault(os.path.normcase(mistake.file), []).append(diagnostics.mistake(mistake))
        before = self._reported.get(folder.root, set())
        self._reported[folder.root] = set(by_file)
        for file in before | by_file.keys():
            if file not in self.documents:
                self.publish(uri_of(file), by_file.get(file, []))


def _explanation(folder: Folder) -> str:
    """Return the message about the mistakes in the config or the rules of a folder."""
    first, more = folder.mistakes[0], len(folder.mistakes) - 1
    place = f"{os.path.basename(first.file)}:{first.line}:{first.column}: " if first.file else ""
    end = "" if first.message.endswith((".", "?")) else "."
    rest = f" There {'is' if more == 1 else 'are'} {more} more." if more else ""
    state = "checked as before" if folder.linter else "not checked"
    return f"{place}{first.message}{end}{rest} Until this is corrected, articles are {state}."


def _is_inside(path: str, folder: str) -> bool:
    return bool(path) and file_safety.is_inside(path, folder)


def _work(job: _Job) -> tuple[bool, Checked]:
    """Check a document. Return whether the linter of its folder was created anew, and the result."""
    folder = job.folder
    reloaded = folder.refresh()
    table = job.lines(job.text)
    if job.what == ARTICLE:
        found = _findings(job)
        shown = [diagnostics.diagnostic(finding, folder.rules, table, job.uri) for finding in found]
        return reloaded, Checked(job.version, table, found, shown)
    found = []
    if job.what == CONFIG:
        mistakes = rule_files.config_mistakes(job.text, Path(job.path))
        found = [one for one in folder.unused_suppressions if _fits(one, job.text)] if _is_config(job) else []
    else:
        mistakes = rule_files.rule_mistakes(job.text, Path(job.path))
        if job.examples and not mistakes:
            mistakes = rule_files.example_failures(job.text, Path(job.path))
    shown = [diagnostics.diagnostic(finding, folder.rules, table, job.uri) for finding in found]
    shown += [diagnostics.mistake_in(table, mistake) for mistake in mistakes]
    return reloaded, Checked(job.version, table, found, shown)


def _is_config(job: _Job) -> bool:
    """Whether the document is the config of its folder."""
    return key_of(job.uri) == os.path.normcase(job.folder.config_file)


def _fits(finding: Finding, text: str) -> bool:
    return text[finding.start : finding.end] == finding.text


def _findings(job: _Job) -> list[Finding]:
    """Return the findings of an article. If its text has a byte-order mark, the offsets count it."""
    if job.folder.skips(job.path):
        return []
    mark = int(job.text.startswith(MARK))
    found = job.folder.check(job.text[mark:], job.kind, job.path)
    return [moved(finding, mark) for finding in found] if mark else found


def _diagnostics_of_file(
    folder: Folder, path: str, lines: Callable[[str], LineTable], found: Sequence[Finding] | None = None
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
    table = lines(text)
    if found is None:
        found = folder.check(text, article.kind, path)
    fitting = [finding for finding in found if _fits(finding, text)]
    return [diagnostics.diagnostic(finding, folder.rules, table, uri_of(path), folder.root) for finding in fitting]
