"""What the language server adds to copydesk: the command `lsp`."""

from __future__ import annotations

from typing import ClassVar

from linter.extensions import Extension


class _Lsp(Extension):
    name = "lsp"
    commands: ClassVar = {"lsp": "start the language server for editors"}


EXTENSION = _Lsp()
