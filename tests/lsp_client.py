"""A client of the language server, with the capabilities of an editor, for tests."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import attrs
import pytest
from lsprotocol import types
from pygls.client import JsonRPCClient
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

COMMAND = [sys.executable, "-m", "linter", "lsp"]
VS_CODE, NEOVIM_10, NEOVIM_11, EMACS = EDITORS = (
    "visual_studio_code@v1.65.2",
    "neovim@v0.10",
    "neovim@v0.11",
    "emacs@v29.1",
)
# A warning fails a test, unless it is about an object that another test has left to the garbage collector.
NO_WARNINGS = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")
_ROOT = Path(__file__).resolve().parents[1]
_LINE_END = re.compile("\r\n|\r|\n")
_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_TIMEOUT = 30.0  # seconds; a test that has to wait longer fails
_PAUSE = 0.005  # seconds


class Client(LanguageClient):
    """A client that stores the published diagnostics, and the texts of its documents by URI."""

    def __init__(self) -> None:
        super().__init__(converter_factory=_converter)
        register_lsp_features(self, {**DEFAULT_CLIENT_FEATURES, types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _publish})
        self.published: list[types.PublishDiagnosticsParams] = []
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.registered: list[types.Registration] = []
        self.encoding = "utf-16"
        self.errors = b""  # what the server wrote to standard error
        self.forked: BaseProcess | None = None  # the process of a server that was forked
        self._reading: asyncio.Task[bytes] | None = None

    async def start_io(self, cmd: str, *args: Any, **options: Any) -> None:
        await JsonRPCClient.start_io(self, cmd, *args, **options)
        self._reading = asyncio.create_task(self.process.stderr.read())  # type: ignore[union-attr]

    async def fork(self, environment: dict[str, str], folder: Path) -> None:
        """Start a server in a folder, in a process that has loaded everything (see lsp_server.py)."""
        from lsp_server import serve

        with socket.create_server(("127.0.0.1", 0)) as listening:
            await self.start_tcp(*listening.getsockname())
            connection, _ = listening.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, tempfile.NamedTemporaryFile(delete=False) as errors:
            self._errors = Path(errors.name)
            self.forked = _fork_server().Process(target=serve, args=(connection, self._errors, environment, folder))
            self.forked.start()

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The process of a server that was not forked."""
        assert self._server
        return self._server

    async def ended(self) -> int:
        """Wait until the server has ended, and return its status."""
        if forked := self.forked:
            await self.until(lambda: forked.exitcode is not None)
            self.errors = self._errors.read_bytes()
            self._errors.unlink()
            return int(forked.exitcode or 0)
        status = await asyncio.wait_for(self.process.wait(), _TIMEOUT)
        assert self._reading
        self.errors = await self._reading
        return status

    def kill(self) -> None:
        """End the server if it is still running."""
        if self.forked:
            self.forked.kill()
        elif self.process.returncode is None:
            self.process.kill()

    async def stop(self) -> None:
        await super().stop()
        if self.forked:  # pygls leaves the connection open
            writer = self.protocol.writer
            assert isinstance(writer, asyncio.StreamWriter)
            writer.close()

    async def until(self, fits: Callable[[], Any]) -> Any:
        """Wait until `fits` returns something true, and return it."""
        async with asyncio.timeout(_TIMEOUT):
            while not (result := fits()):
                await asyncio.sleep(_PAUSE)
        return result

    # Documents

    def open(self, where: Path | str, text: str | None = None, *, language: str = "markdown", version: int = 0) -> str:
        """Open a document; return its URI. Without a text, it has the text of its file."""
        uri = where if isinstance(where, str) else where.as_uri()
        if text is None:
            assert isinstance(where, Path)
            text = where.read_bytes().decode("utf-8-sig")
        self.texts[uri], self.versions[uri] = text, version
        self.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, language, version, text))
        )
        return uri

    def edit(self, uri: str, text: str) -> int:
        """Replace the text of a document; return the new version."""
        self.texts[uri] = text
        self.versions[uri] += 1
        version = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(version, [change]))
        return self.versions[uri]

    def save(self, uri: str) -> None:
        self.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        del self.texts[uri]
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def changed(self, *changes: tuple[Path, types.FileChangeType]) -> None:
        """Notify the server of files that were changed on disk."""
        events = [types.FileEvent(path.as_uri(), kind) for path, kind in changes]
        self.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    # Results

    def publishes_of(self, uri: str) -> list[types.PublishDiagnosticsParams]:
        return [each for each in self.published if each.uri == uri]

    async def found(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """Wait for the published diagnostics of the current version of a document, or of `version`."""
        wanted = self.versions[uri] if version is None else version
        fitting = await self.until(lambda: [each for each in self.publishes_of(uri) if each.version == wanted])
        return list(fitting[-1].diagnostics)

    async def codes(self, uri: str) -> list[str]:
        return sorted(str(each.code) for each in await self.found(uri))

    async def until_codes(self, uri: str, *codes: str) -> None:
        """Wait until the last published diagnostics of a document or file have these codes."""
        await self.until(lambda: uri in self.diagnostics and self.shown(uri) == sorted(codes))

    def shown(self, uri: str) -> list[str]:
        """Return the codes of the last published diagnostics."""
        return sorted(str(each.code) for each in self.diagnostics.get(uri, ()))

    async def pull(self, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=previous)
        return await self.text_document_diagnostic_async(params)

    async def checked(self, uri: str) -> None:
        """Wait until the server has checked the current version of a document."""
        nowhere = types.Position(0, 0)
        await self.actions(uri, types.Range(nowhere, nowhere), only=["source"])

    def shown_messages(self, part: str = "") -> list[str]:
        return [each.message for each in self.messages if part in each.message]

    async def actions(
        self, uri: str, place: types.Range, *, only: Sequence[str] | None = None
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only=only)  # type: ignore[arg-type]
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, context)
        found = await self.text_document_code_action_async(params)
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    async def edited(self, uri: str, action: types.CodeAction) -> str:
        """Return the text of a document after a code action, which is resolved if it has no edit."""
        if action.edit is None:
            action = await self.code_action_resolve_async(action)
        assert action.edit
        if action.edit.document_changes:
            [document] = action.edit.document_changes
            assert isinstance(document, types.TextDocumentEdit)
            assert document.text_document.version == self.versions[uri]
            assert document.text_document.uri == uri
            return applied(self.texts[uri], document.edits, self.encoding)  # type: ignore[arg-type]
        assert action.edit.changes
        return applied(self.texts[uri], action.edit.changes[uri], self.encoding)


@cache
def _converter() -> Any:
    """Return the converter of pygls. Without this hook, it parses a code action that has a command as a command."""
    converter = default_converter()

    def structure(value: Any, _: Any) -> Any:
        kind = types.Command if isinstance(value.get("command"), str) else types.CodeAction
        return converter.structure(value, kind)

    converter.register_structure_hook(types.Command | types.CodeAction, structure)
    return converter


def _publish(client: Client, params: types.PublishDiagnosticsParams) -> None:
    client.published.append(params)
    client.diagnostics[params.uri] = params.diagnostics


def offset(text: str, position: types.Position, encoding: str) -> int:
    """Return the offset of a position, computed independently of the server."""
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    codec, unit = _CODECS[encoding]
    head, units = starts[position.line], 0
    while units < position.character:
        units += len(text[head].encode(codec, "surrogatepass")) // unit
        head += 1
    assert units == position.character
    return head


def part(text: str, place: types.Range, encoding: str) -> str:
    return text[offset(text, place.start, encoding) : offset(text, place.end, encoding)]


def applied(text: str, edits: Iterable[types.TextEdit], encoding: str) -> str:
    """Return a text after edits, which must not overlap."""
    spans = [
        (offset(text, edit.range.start, encoding), offset(text, edit.range.end, encoding), edit.new_text)
        for edit in edits
    ]
    end = len(text)
    for start, stop, new in sorted(spans, reverse=True):
        assert stop <= end
        text, end = text[:start] + new + text[stop:], start
    return text


def whole(text: str, encoding: str = "utf-16") -> types.Range:
    """Return the range of a whole text."""
    lines = _LINE_END.split(text)
    codec, unit = _CODECS[encoding]
    last = len(lines[-1].encode(codec, "surrogatepass")) // unit
    return types.Range(types.Position(0, 0), types.Position(len(lines) - 1, last))


def capabilities(
    editor: str = VS_CODE, *, encodings: Sequence[str] = (), pulls: bool = False, watches: bool | None = None
) -> types.ClientCapabilities:
    """Return the capabilities of an editor, changed by the other arguments."""
    found = client_capabilities(editor)
    assert found.workspace
    assert found.text_document
    if encodings:
        kinds = [types.PositionEncodingKind(each) for each in encodings]
        found.general = attrs.evolve(found.general or types.GeneralClientCapabilities(), position_encodings=kinds)
    if pulls:
        found.text_document.diagnostic = types.DiagnosticClientCapabilities()
        found.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    if watches is not None:
        found.workspace.did_change_watched_files = types.DidChangeWatchedFilesClientCapabilities(watches)
    return found


@cache
def _fork_server() -> ForkServerContext:
    """Start the process that servers are forked from."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["lsp_server"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(_ROOT), str(_ROOT / "tests")]))
        forkserver.ensure_running()
    return context


async def start(cwd: Path | None = None, *, fork: bool = True) -> Client:
    """Start a server in the folder `cwd`, and return its client, which has sent nothing yet.

    If `fork` is false, the server is started as an editor does it.
    """
    client = Client()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        client.registered += params.registrations

    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    if fork:
        await client.fork(environment, cwd or Path.cwd())
    else:
        await client.start_io(*COMMAND, env=environment, cwd=cwd)
    return client


async def initialize(
    client: Client,
    *folders: Path,
    able: types.ClientCapabilities | None = None,
    settings: object = None,
    options: object = None,
    root: Path | None = None,
) -> types.InitializeResult:
    """Start a session with workspace folders. The client sends `options`, and `settings` on request."""
    if settings is not None:
        client.set_configuration(settings, section="copydesk")
    params = types.InitializeParams(
        capabilities=able or capabilities(),
        workspace_folders=[types.WorkspaceFolder(each.as_uri(), each.name) for each in folders] or None,
        root_uri=root and root.as_uri(),
        initialization_options=options,
    )
    result = await asyncio.wait_for(client.initialize_session(params), _TIMEOUT)
    client.encoding = str(types.PositionEncodingKind(result.capabilities.position_encoding or "utf-16").value)
    return result


@asynccontextmanager
async def session(*folders: Path, cwd: Path | None = None, fork: bool = True, **how: Any) -> AsyncIterator[Client]:
    """Yield the client of a server. The server must end with status 0 and write nothing to standard error."""
    client = await start(cwd, fork=fork)
    try:
        await initialize(client, *folders, **how)
        yield client
        await asyncio.wait_for(client.shutdown_session(), _TIMEOUT)
        assert await client.ended() == 0
        assert client.errors == b""
    finally:
        client.kill()
        await client.stop()
