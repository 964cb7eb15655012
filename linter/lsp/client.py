"""What the server knows about its client: capabilities, settings, and messages that it has already shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from linter.lsp.positions import LineTable

_ONLY_NEWLINES = frozenset({"Neovim", "helix", "Eglot"})  # clients for which a \r in a line is a character of the line


class Client:
    """The client of `server`. Its capabilities are known when it has sent them. `name` is the name of the program."""

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
        """Return the lines of a text, as the client counts them. Any thread may call this method."""
        return LineTable(text, self.encoding, only_newlines=self.name in _ONLY_NEWLINES)

    @property
    def pulls(self) -> bool:
        """Whether the client asks for the diagnostics of open documents, so that the server need not publish them.

        This also requires that the server can make the client ask again, for example after a change in the config.
        """
        return self.can("text_document.diagnostic") and self.can("workspace.diagnostics.refresh_support")

    @property
    def resolves_edits(self) -> bool:
        """Whether the client asks for the edit of a code action when the user chooses the action."""
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
        """Return an edit of documents. `changes` has the version and the edits of each document, by its URI."""
        if not self.can("workspace.workspace_edit.document_changes"):
            return types.WorkspaceEdit(changes={uri: edits for uri, (_, edits) in changes.items()})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version), edits)
                for uri, (version, edits) in changes.items()
            ]
        )
