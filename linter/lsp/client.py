"""The client of the server: its capabilities, and the messages that the server has sent to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from linter.lsp.positions import LineTable

_ONLY_NEWLINES = frozenset({"Neovim", "helix", "Eglot"})  # clients in which a \r inside a line does not end it


class Client:
    """The client of `server`. `name` is the name of the program, or "". It is set by the request “initialize”."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self.name = ""
        self._shown: set[str] = set()

    def can(self, capability: str) -> bool:
        """Whether the client has announced a capability, such as `workspace.workspace_edit.document_changes`."""
        return bool(self.capability(capability))

    def capability(self, name: str) -> Any:
        """Return the value of a capability, or None."""
        return get_capability(self._server.client_capabilities, name)

    @property
    def encoding(self) -> str:
        """The encoding in which positions are counted: "utf-8", "utf-16" or "utf-32"."""
        return str(types.PositionEncodingKind(self._server.workspace.position_encoding or "utf-16").value)

    def lines(self, text: str) -> LineTable:
        """Return the line table of a text, with lines as the client counts them. Any thread may call this method."""
        return LineTable(text, self.encoding, only_newlines=self.name in _ONLY_NEWLINES)

    @property
    def pulls(self) -> bool:
        """Whether the client requests the diagnostics of open documents, so that the server does not publish them.

        The client must also support refresh requests, which the server sends, for example, when the config changes.
        """
        return self.can("text_document.diagnostic") and self.can("workspace.diagnostics.refresh_support")

    @property
    def resolves_edits(self) -> bool:
        """Whether the client requests the edit of a code action when the user chooses the action."""
        support = self.capability("text_document.code_action.resolve_support")
        return bool(support) and "edit" in support.properties and self.can("text_document.code_action.data_support")

    def show(self, message: str, kind: types.MessageType = types.MessageType.Warning, *, once: str = "") -> None:
        """Show a message to the user. With `once`, a second message with the same key is not shown."""
        if once and once in self._shown:
            return
        self._shown.add(once)
        self._server.window_show_message(types.ShowMessageParams(kind, f"copydesk: {message}"))

    def log(self, message: str, *, once: str = "") -> None:
        """Write a line to the log of the client. With `once`, a second line with the same key is not written."""
        if once and once in self._shown:
            return
        self._shown.add(once)
        self._server.window_log_message(types.LogMessageParams(types.MessageType.Log, message))

    def forget(self, once: str) -> None:
        """Allow a message with this key to be shown again."""
        self._shown.discard(once)

    def edit(self, changes: Mapping[str, tuple[int, list[types.TextEdit]]]) -> types.WorkspaceEdit:
        """Return an edit of documents. `changes` maps the URI of each document to its version and edits."""
        if not self.can("workspace.workspace_edit.document_changes"):
            return types.WorkspaceEdit(changes={uri: edits for uri, (_, edits) in changes.items()})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version), edits)
                for uri, (version, edits) in changes.items()
            ]
        )
