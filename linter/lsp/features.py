"""The handlers of the requests and notifications that the client sends."""

from __future__ import annotations

import logging
import posixpath
from collections.abc import Callable, Iterable, Sequence
from inspect import iscoroutinefunction
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from linter.config import packs
from linter.files import ignore
from linter.finding import Edit
from linter.lsp import code_actions, commands, completion, workspace_check
from linter.lsp.code_actions import FIX_ALL, Target
from linter.lsp.completion import Completion
from linter.lsp.folders import CONFIG_NAMES, Folder
from linter.lsp.open_documents import ARTICLE, CONFIG, RULE, Checked, OpenDocument, path_of
from linter.lsp.positions import LineTable
from linter.lsp.server import Server
from linter.rule import WORDS_FILE

_MAX_VERIFIED = 4  # findings for which suppressions in the article are offered at a time, because each must be verified
_LOG = logging.getLogger(__name__)
_HANDLERS: list[tuple[str, Any, Callable[..., Any]]] = []
_ITEM_KINDS = {
    "key": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.Value,
    "rule": types.CompletionItemKind.Reference,
}
_ALL_FILES = types.FileOperationRegistrationOptions([types.FileOperationFilter(types.FileOperationPattern("**/*"))])
_ACTIONS = types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL], resolve_provider=True)


def create() -> Server:
    """Return a server with all handlers, ready to start."""
    server = Server()
    for method, options, handler in _HANDLERS:
        server.feature(method, options)(_guarded(handler))
    for name, handler in commands.COMMANDS.items():
        server.command(name)(_guarded(handler))
    return server


def _feature(method: str, options: Any = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(handler: Callable[..., Any]) -> Callable[..., Any]:
        _HANDLERS.append((method, options, handler))
        return handler

    return register


def _guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that reports an unexpected error without a traceback."""

    async def guarded_async(ls: Server, *arguments: Any) -> Any:
        try:
            return await handler(ls, *arguments)
        except JsonRpcException:
            raise
        except Exception as error:
            raise _internal_error(error) from None

    def guarded(ls: Server, *arguments: Any) -> Any:
        try:
            return handler(ls, *arguments)
        except Exception as error:
            raise _internal_error(error) from None

    return guarded_async if iscoroutinefunction(handler) else guarded


def _internal_error(error: Exception) -> JsonRpcInternalError:
    _LOG.debug("request failed", exc_info=error)
    return JsonRpcInternalError(message=f"{type(error).__name__}: {error}")


# Start


@_feature(types.INITIALIZE)
def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Store the folders and settings of the client. Offer pull diagnostics if the client supports them fully."""
    ls.start(params)
    if ls.client.pulls:
        options = types.DiagnosticOptions(
            inter_file_dependencies=False, workspace_diagnostics=False, identifier="copydesk"
        )
        ls.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(_guarded(pull))


@_feature(types.INITIALIZED)
async def initialized(ls: Server, _: types.InitializedParams) -> None:
    """Request the settings of the client, read the configs of all folders, and make the client report changed files."""
    await ls.fetch_settings()
    for folder in list(ls.folders.values()):
        await ls.refresh(folder)
    if ls.client.can("workspace.did_change_watched_files.dynamic_registration"):
        await ls.watch()


@_feature(types.SHUTDOWN)
def shutdown(ls: Server, *_: Any) -> None:
    """Stop the checks of the workspace before the server ends."""
    ls.is_shut_down = True
    workspace_check.stop(ls)


# Documents


@_feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Add a document, and check it."""
    item = params.text_document
    language = str(getattr(item.language_id, "value", item.language_id) or "")
    ls.open(OpenDocument(item.uri, path_of(item.uri), language, item.version, item.text))


@_feature(types.TEXT_DOCUMENT_DID_CHANGE)
def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Store the new text of a document."""
    document = ls.document(params.text_document.uri)
    if document and params.content_changes:
        change = params.content_changes[-1]
        if isinstance(change, types.TextDocumentContentChangePartial):
            ls.client.log("a partial edit was ignored; the client must send the whole text of the document")
        else:
            ls.edit(document, params.text_document.version, change.text)


@_feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))
async def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """Check a saved document. If it is not an article, also check the documents that depend on it."""
    if document := ls.document(params.text_document.uri):
        ls.save(document)
        if document.role != ARTICLE:
            await _reload(ls, [document.uri])


@_feature(types.TEXT_DOCUMENT_DID_CLOSE)
def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Remove a document, and clear its diagnostics."""
    ls.close(params.text_document.uri)


async def pull(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """Return the diagnostics of an open document, or a report that they have not changed."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    document.pulls += 1
    try:
        checked = await ls.wait_for_result(document)
    finally:
        document.pulls -= 1
    if checked is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    if checked.result_id == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(checked.result_id)
    return types.RelatedFullDocumentDiagnosticReport(list(checked.diagnostics), result_id=checked.result_id)


# Code actions and hover


@_feature(types.TEXT_DOCUMENT_CODE_ACTION, _ACTIONS)
async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return the actions for a range, from the last result for the document."""
    document = ls.document(params.text_document.uri)
    if document is None or not document.role:
        return []
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    fixes_all = code_actions.wants(only, FIX_ALL)
    if fixes_all and only and not document.is_current:
        ls.request_check(document)  # with `run: onSave`, no check is due yet, but the client may be about to save
    checked = await ls.wait_for_result(document, at_once=True)
    if checked is None or checked.version != document.version:
        return []  # its positions are those of an earlier version
    found: list[types.CodeAction] = []
    if code_actions.wants(only, types.CodeActionKind.QuickFix.value):
        start, end = (checked.table.offset(position) for position in (params.range.start, params.range.end))
        found += await _quick_fixes(ls, code_actions.overlapping(document, checked, start, end))
        for action, edits in code_actions.for_mistakes(document, checked, start, end):
            action.edit = _edit(ls, document, checked, edits) if edits else None
            found.append(action)
    if fixes_all and (edits := code_actions.fix_all(checked)):
        found.append(types.CodeAction("Apply all safe fixes", FIX_ALL, edit=_edit(ls, document, checked, edits)))
    return _unique(found)


async def _quick_fixes(ls: Server, targets: Sequence[Target]) -> list[types.CodeAction]:
    """Return the fixes of findings, then the suppressions in the article, then all other actions."""
    found = []
    for target in targets:
        for action, edits in code_actions.fixes(target):
            action.edit = _edit(ls, target.document, target.checked, edits)
            found.append(action)
    for target in targets[:_MAX_VERIFIED]:
        known = target.document.suppressions
        for action, name in code_actions.suppressions(target):
            key = target.finding, name
            if key not in known:
                work = code_actions.suppression, target.document.folder, target, name, code_actions.default_reason()
                known[key] = await ls.in_worker(*work)
            if known[key]:
                if not ls.client.resolves_edits:
                    action.edit, action.data = _edit(ls, target.document, target.checked, known[key]), None
                found.append(action)
    for target in targets:
        found += code_actions.commands(target, target.document.folder)
    return found


def _edit(ls: Server, document: OpenDocument, checked: Checked, edits: Iterable[Edit]) -> types.WorkspaceEdit:
    return ls.client.edit({document.uri: (checked.version, code_actions.text_edits(edits, checked.table))})


def _unique(actions: list[types.CodeAction]) -> list[types.CodeAction]:
    """Return actions without those that repeat the title and the edit or command of an earlier one."""
    seen: dict[str, types.CodeAction] = {}
    for action in actions:
        seen.setdefault(repr((action.title, action.edit, action.command, action.data)), action)
    return list(seen.values())


@_feature(types.CODE_ACTION_RESOLVE)
async def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """Add the edit to the action for a suppression. The client may have changed the reason."""
    data: Any = action.data
    document = ls.document(str(data.get("uri"))) if isinstance(data, dict) else None
    if document and (target := code_actions.target_of(document, data)):
        work = code_actions.suppression, document.folder, target, str(data.get("action")), code_actions.reason_in(data)
        action.edit = _edit(ls, document, target.checked, await ls.in_worker(*work))
    return action


@_feature(types.TEXT_DOCUMENT_HOVER)
async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """Explain the rules of the findings at a position in an article, or the key at a position in a rule or config."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    if document.role != ARTICLE:
        return await _hover_over_key(ls, document, params.position)
    checked = document.checked
    if checked is None or checked.version != document.version:
        return None
    offset = checked.table.offset(params.position)
    targets = code_actions.overlapping(document, checked, offset, offset)
    rules = list(dict.fromkeys(target.finding.rule for target in targets))
    pages = [await ls.in_worker(commands.page, document.folder, rule) for rule in rules]
    if not any(pages):
        return None
    text = "\n\n---\n\n".join(filter(None, pages))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), targets[0].diagnostic.range)


# Rules and configs


async def _hover_over_key(ls: Server, document: OpenDocument, position: types.Position) -> types.Hover | None:
    """Return the description of the key or the rule at a position of a rule or config."""
    if not _is_yaml(document):
        return None
    table = ls.client.lines(document.text)
    found = await _guide(ls, completion.describe, document, table.offset(position))
    if found is None:
        return None
    start, end, text = found
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), table.range(start, end))


@_feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", "-", "/", "{", "[", ","]))
async def complete(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    """Complete keys and values in rules and configs."""
    document = ls.document(params.text_document.uri)
    if document is None or not _is_yaml(document):
        return []
    table = ls.client.lines(document.text)
    found = await _guide(ls, completion.complete, document, table.offset(params.position))
    return [_item(one, table) for one in found]


def _item(one: Completion, table: LineTable) -> types.CompletionItem:
    text = one.documentation and types.MarkupContent(types.MarkupKind.Markdown, one.documentation)
    return types.CompletionItem(
        one.label,
        kind=_ITEM_KINDS[one.category],
        detail=one.detail or None,
        documentation=text or None,
        filter_text=one.label,
        insert_text_mode=types.InsertTextMode.AsIs,
        text_edit=types.TextEdit(table.range(one.start, one.end), one.insert),
    )


def _is_yaml(document: OpenDocument) -> bool:
    return document.role in (RULE, CONFIG) and not document.path.endswith(".toml")


async def _guide(ls: Server, function: Callable[..., Any], document: OpenDocument, offset: int) -> Any:
    """Call `function` of the module `completion` in the worker thread, with all rules of the folder."""
    text, role, folder = document.text, document.role, document.folder  # the document may change meanwhile

    def guide() -> Any:
        linter = folder.linter
        rules = tuple(state.own for state in linter.run_rules.states()) if linter else packs.shipped_rules()
        return function(text, offset, role, rules)

    return await ls.in_worker(guide)


# Folders, settings and files


@_feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
async def did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Add and remove workspace folders."""
    for removed in params.event.removed:
        ls.remove_folder(path_of(removed.uri))
    ls.add_folders(path for added in params.event.added if (path := path_of(added.uri)))
    await ls.fetch_settings()
    ls.classify_documents()
    await _reload(ls, [])


@_feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
async def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Apply changed settings, which the client sends itself or on request."""
    ls.set_settings(params.settings)
    await ls.fetch_settings()
    for document in ls.documents.values():
        ls.request_check(document)


@_feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
async def did_change_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Check changed files that are not open, and read changed configs, rules and words.txt files."""
    ls.closed_files.forget(change.uri for change in params.changes if change.type == types.FileChangeType.Deleted)
    for change in params.changes:
        if change.type != types.FileChangeType.Deleted:
            ls.closed_files.changed(change.uri)
    await _reload(ls, [change.uri for change in params.changes])


async def _reload(ls: Server, changed: list[str]) -> None:
    """Read configs, rules and words.txt again if they have changed. `changed` are the URIs of the changed files."""
    for folder in ls.all_folders():
        await ls.refresh(folder)
    names = {posixpath.basename(uri) for uri in changed}
    if not names.isdisjoint((ignore.NAME, WORDS_FILE, *CONFIG_NAMES)):
        ls.classify_documents()  # their roles and their nearest configs may have changed


@_feature(types.WORKSPACE_DID_RENAME_FILES, _ALL_FILES)
def did_rename_files(ls: Server, params: types.RenameFilesParams) -> None:
    """Clear the diagnostics of renamed files and folders."""
    ls.closed_files.forget(file.old_uri for file in params.files)


@_feature(types.WORKSPACE_DID_DELETE_FILES, _ALL_FILES)
def did_delete_files(ls: Server, params: types.DeleteFilesParams) -> None:
    """Clear the diagnostics of deleted files and folders."""
    ls.closed_files.forget(file.uri for file in params.files)


@_feature("copydesk/rules")
async def rules(ls: Server, params: Any) -> list[dict[str, Any]]:
    """Return all rules with their state in the folder of a document."""
    return list(await ls.in_worker(commands.rule_list, _folder(ls, params)))


@_feature("copydesk/text")
def text(ls: Server, params: Any) -> str | None:
    """Return the text of an open document as the server has it. Tests of clients use this request."""
    document = ls.document(str(_field(params, "uri")))
    return document.text if document else None


@_feature("copydesk/explain")
async def explain(ls: Server, params: Any) -> dict[str, str]:
    """Return the page about a rule, as Markdown."""
    rule = str(_field(params, "rule"))
    page = await ls.in_worker(commands.page, _folder(ls, params), rule)
    return {"title": rule, "markdown": page or f"There is no rule “{rule}”."}


def _folder(ls: Server, params: Any) -> Folder:
    uri = str(_field(params, "uri"))
    document = ls.document(uri)
    return document.folder if document else ls.folder_of(path_of(uri))


def _field(params: Any, name: str) -> Any:
    """Return a field of the parameters of a request that is not part of the protocol, or ""."""
    return (params.get(name) if isinstance(params, dict) else getattr(params, name, None)) or ""
