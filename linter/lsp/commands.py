"""The commands of the server: change words.txt or the config, explain a rule, open a page, check the workspace."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from linter import output
from linter.config import load
from linter.finding import Edit
from linter.fix.edits import Rewrite
from linter.fix.files import NotFixed, read_file, replace_file
from linter.lsp import code_actions, config_edits, workspace_check
from linter.lsp.diagnostics import documentation
from linter.lsp.open_documents import uri_of
from linter.reference import rule_texts
from linter.rule import WORDS_FILE, Rule
from linter.source import Source

if TYPE_CHECKING:
    from linter.lsp.folders import Folder
    from linter.lsp.server import Server

_FAILED = types.MessageType.Error


async def add_word(ls: Server, details: dict[str, Any]) -> None:
    """Add a word to words.txt, next to the config or in the folder of the article."""
    document = ls.document(str(details.get("uri")))
    word = str(details.get("word", ""))
    if document is None or not word:
        return
    folder = document.folder
    base = os.path.dirname(folder.config_file) or folder.root or os.path.dirname(document.path)
    await _change(ls, folder, os.path.join(base, WORDS_FILE), lambda text: config_edits.add_word(text, word), word)


async def suppress_in_config(ls: Server, details: dict[str, Any]) -> None:
    """Add a suppression of a finding to the config, or create a config with it."""
    document = ls.document(str(details.get("uri")))
    target = code_actions.target_of(document, details)
    if document is None or target is None:
        ls.client.show("the article has changed; try again", types.MessageType.Info)
        return
    folder = document.folder
    file = folder.config_file or os.path.join(folder.root or os.path.dirname(document.path), load.NAME)
    reason = code_actions.reason_in(details)
    entry = config_edits.new_suppression(target.finding, document.path, os.path.dirname(file), reason)
    if entry is None:
        ls.client.show(
            f"{file} cannot suppress findings in {document.path}; suppress the finding in the article instead", _FAILED
        )
        return
    await _change(ls, folder, file, partial(_with_suppression, file=file, entry=entry), entry.rule)


def _with_suppression(text: str, file: str, entry: config_edits.NewSuppression) -> tuple[Edit, ...]:
    if not text.strip() and os.path.basename(file) == load.NAME:
        return (Edit(0, len(text), config_edits.new_config(entry)),)
    return config_edits.add_suppression(text, file, entry)


async def _change(ls: Server, folder: Folder, file: str, edits_of: Callable[[str], Sequence[Edit]], what: str) -> None:
    """Apply the edits that `edits_of` returns for the text of a file: in the client if it is open, or else on disk.

    `what` names the added entry in messages.
    """
    name, document = os.path.basename(file), ls.document(uri_of(file))
    if document is None:
        if failure := await ls.in_worker(_rewrite, file, edits_of, what):
            ls.client.show(failure, _FAILED)
        await ls.refresh(folder)
        ls.classify_documents()  # other documents may now have a different nearest config
    elif edits := await ls.in_worker(edits_of, document.text):
        changes = code_actions.text_edits(edits, ls.client.lines(document.text))
        edit = ls.client.edit({document.uri: (document.version, changes)})
        answer = await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit))
        if answer.applied:
            ls.client.show(f"{name} was changed; save it", types.MessageType.Info)
        else:
            ls.client.show(_not_added(what, name), _FAILED)
    else:
        ls.client.show(_not_added(what, name), _FAILED)


def _rewrite(file: str, edits_of: Callable[[str], Sequence[Edit]], what: str) -> str:
    """Change or create a file. Return "", or a message if this is not possible. Runs in the worker thread."""
    name = os.path.basename(file)
    try:
        if not os.path.lexists(file):
            output.to_file(Rewrite(Source(""), list(edits_of(""))).source.text, file)
            return ""
        old = read_file(file)
        source = Source.from_bytes(old.data, file, "utf-8")
        if source.undecodable:
            return f"{name} is not UTF-8; save it as UTF-8 first"
        edits = edits_of(source.text)
        if not edits:
            return _not_added(what, name)
        replace_file(file, old, Rewrite(source, list(edits)).source.to_bytes())
    except (NotFixed, OSError) as error:
        return f"{name} was not changed: {getattr(error, 'strerror', None) or error}"
    return ""


def _not_added(what: str, name: str) -> str:
    return f"“{what}” could not be added to {name}; add it manually"


async def explain(ls: Server, rule: str, uri: str = "") -> None:
    """Show why a rule exists, and what its fix does."""
    document = ls.document(uri)
    folder = document.folder if document else ls.folder_of("")
    text = await ls.in_worker(_summary, folder, rule)
    if text:
        ls.client.show(text, types.MessageType.Info)
    else:
        ls.client.show(f"there is no rule “{rule}”")


def _summary(folder: Folder, name: str) -> str:
    """Return the summary of a rule as plain text, or "" if there is no such rule. Runs in the worker thread."""
    rule = _explained(folder, name)
    if rule is None:
        return ""
    fix, link = rule_texts.fix_text(rule), documentation(rule, folder.root)
    return "\n".join(filter(None, (f"{rule.name}: {rule.summary}.", rule.why, f"Fix: {fix}", link)))


async def open_documentation(ls: Server, url: str) -> None:
    """Open a page of the documentation in a browser, or show its URL."""
    if ls.client.can("window.show_document.support"):
        await ls.window_show_document_async(types.ShowDocumentParams(url, external=True))
    else:
        ls.client.show(url, types.MessageType.Info)


def page(folder: Folder, name: str) -> str:
    """Return the page about a rule as Markdown, or "" if there is no such rule. Runs in the worker thread."""
    rule = _explained(folder, name)
    if rule is None:
        return ""
    link = documentation(rule, folder.root)
    more = f"[Documentation]({link})" if link else ""
    title = f"**{rule.name}** · {rule.severity}: {rule_texts.escaped(rule.summary)}"
    return "\n\n".join(filter(None, (title, rule_texts.help_markdown(rule), more)))


def _explained(folder: Folder, name: str) -> Rule | None:
    """Return a rule with its examples, or None if there is no such rule."""
    folder.refresh()
    rule = folder.rules.get(name)
    return folder.linter.run_rules.with_examples(rule) if rule and folder.linter else None


def rule_list(folder: Folder) -> list[dict[str, Any]]:
    """Return all rules of a folder: name, summary, severity, and whether the rule is on. Runs in the worker thread."""
    folder.refresh()
    states = folder.linter.run_rules.states() if folder.linter else []
    return [
        {
            "name": state.own.name,
            "summary": state.own.summary,
            "severity": state.severity,
            "on": state.here is not None,
        }
        for state in states
    ]


COMMANDS: dict[str, Callable[..., Any]] = {
    code_actions.ADD_WORD: add_word,
    code_actions.SUPPRESS_IN_CONFIG: suppress_in_config,
    code_actions.EXPLAIN: explain,
    code_actions.OPEN_DOCS: open_documentation,
    "copydesk.checkWorkspace": workspace_check.check_workspace,
}
