"""Completion and hover in rules and in the config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    Hover,
    MarkupContent,
    MarkupKind,
    Position,
    TextEdit,
)

from linter.config import packs
from linter.lsp import completion
from linter.lsp.folders import Folder
from linter.lsp.open_documents import CONFIG, OpenDocument
from linter.lsp.positions import LineTable
from linter.rule import Rule

if TYPE_CHECKING:
    from linter.lsp.server import Server

_KINDS = {"key": CompletionItemKind.Property, "value": CompletionItemKind.Value, "rule": CompletionItemKind.Reference}


async def items(ls: Server, document: OpenDocument, position: Position) -> list[CompletionItem]:
    """Return the completions at a position of a rule or config."""
    table = LineTable(document.text, ls.client.encoding)
    offset = table.offset(position)
    found = await ls.in_worker(_complete, document.text, offset, document.what, document.folder)
    return [
        CompletionItem(
            one.label,
            kind=_KINDS[one.what],
            detail=one.detail or None,
            documentation=MarkupContent(MarkupKind.Markdown, one.documentation) if one.documentation else None,
            text_edit=TextEdit(table.range(one.start, one.end), one.insert),
            filter_text=one.label,
        )
        for one in found
    ]


async def hover(ls: Server, document: OpenDocument, position: Position) -> Hover | None:
    """Return the description of the key or rule at a position of a rule or config."""
    table = LineTable(document.text, ls.client.encoding)
    offset = table.offset(position)
    found = await ls.in_worker(_describe, document.text, offset, document.what, document.folder)
    if found is None:
        return None
    start, end, text = found
    return Hover(MarkupContent(MarkupKind.Markdown, text), table.range(start, end))


def _complete(text: str, offset: int, what: str, folder: Folder) -> list[completion.Completion]:
    return completion.complete(text, offset, "config" if what == CONFIG else "rule", _rules(folder))


def _describe(text: str, offset: int, what: str, folder: Folder) -> tuple[int, int, str] | None:
    return completion.describe(text, offset, "config" if what == CONFIG else "rule", _rules(folder))


def _rules(folder: Folder) -> tuple[Rule, ...]:
    """Return all rules of a folder, or those that come with copydesk if its rules have mistakes."""
    return tuple(state.own for state in folder.linter.run_rules.states()) if folder.linter else packs.shipped_rules()
