"""The commands of the server: change words.txt or the config, explain a rule, and check the whole workspace."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from lsprotocol import types

from linter import output
from linter.config import load
from linter.finding import Edit
from linter.fix.files import NotFixed, read_file, replace_file
from linter.lsp import code_actions, config_edits, workspace_check
from linter.lsp.diagnostics import documentation
from linter.lsp.folders import Folder
from linter.lsp.positions import LineTable
from linter.lsp.server import Server, uri_of
from linter.reference import rule_texts
from linter.rule import WORDS_FILE
from linter.source import Source

_FAILED = types.MessageType.Error


async def add_word(ls: Server, details: dict[str, Any]) -> None:
    """Add a word to words.txt, next to the config or in the folder of the article."""
    document = ls.documents.get(str(details.get("uri")))
    word = str(details.get("word", ""))
    if document is None or not word:
        return
    folder = document.folder
    base = os.path.dirname(folder.config_file) or folder.root or os.path.dirname(document.path)
    await _change(ls, folder, os.path.join(base, WORDS_FILE), lambda text: config_edits.add_word(text, word), word)


async def suppress_in_config(ls: Server, details: dict[str, Any]) -> None:
    """Add a suppression of a finding to the config, or create a config with it."""
    document = ls.documents.get(str(details.get("uri")))
    if document is None:
        return
    folder, path = document.folder, document.path
    base = folder.root or os.path.dirname(path)
    file = folder.config_file or os.path.join(base, load.NAME)
    reason = " ".join(str(details.get("reason") or "").split()) or code_actions.default_reason()
    entry = config_edits.NewSuppression(path, str(details.get("rule")), str(details.get("text") or ""), reason)
    await _change(ls, folder, file, lambda text: config_edits.add_suppression(text, file, entry), entry.rule)


async def _change(ls: Server, folder: Folder, file: str, edits_of: Callable[[str], Sequence[Edit]], what: str) -> None:
    """Change a file by the edits for its text. If it is open, the client changes it; otherwise, it is replaced."""
    uri = uri_of(file)
    if document := ls.documents.get(uri):
        edits = await ls.in_worker(edits_of, document.text)
        table = LineTable(document.text, ls.client.encoding)
        changes = {uri: (document.version, code_actions.text_edits(edits, table))}
        if edits:
            await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(ls.client.edit(changes)))
            ls.client.show(f"{os.path.basename(file)} is changed; save it", types.MessageType.Info)
        else:
            ls.client.show(f"“{what}” cannot be added to {os.path.basename(file)}; add it by hand", _FAILED)
        return
    failure = await ls.in_worker(_rewrite, file, edits_of, what)
    if failure:
        ls.client.show(failure, _FAILED)
    await ls.refresh(folder)


def _rewrite(file: str, edits_of: Callable[[str], Sequence[Edit]], what: str) -> str:
    """Change a file, or create it. Return the reason why this is not possible, or ""."""
    name = os.path.basename(file)
    try:
        if not os.path.lexists(file):
            output.to_file(_applied(Source(""), edits_of("")), file)
            return ""
        old = read_file(file)
        source = Source.from_bytes(old.data, file, "utf-8")
        if source.undecodable:
            return f"{name} is not UTF-8; save it as UTF-8 first"
        edits = edits_of(source.text)
        if not edits:
            return f"“{what}” cannot be added to {name}; add it by hand"
        replace_file(file, old, source.bom + _applied(source, edits).encode("utf-8"))
    except (NotFixed, OSError) as error:
        return f"{name} is left alone: {getattr(error, 'strerror', None) or error}"
    return ""


def _applied(source: Source, edits: Sequence[Edit]) -> str:
    parts, done = [], 0
    for edit in sorted(edits):
        parts += [source.text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, source.text[done:]])


async def explain(ls: Server, rule: str, uri: str = "") -> None:
    """Show why a rule exists, and what its fix does."""
    document = ls.documents.get(uri)
    folder = document.folder if document else ls.folder_of("")
    known = folder.rules.get(rule)
    if known is None:
        ls.client.show(f"there is no rule “{rule}”")
        return
    fix = await ls.in_worker(lambda: rule_texts.fix_text(_explained(folder, rule)))
    link = documentation(known)
    parts = (f"{rule}: {known.summary}.", known.why, f"Fix: {fix}", link)
    ls.client.show("\n".join(filter(None, parts)), types.MessageType.Info)


def page(folder: Folder, name: str) -> str:
    """Return the page about a rule as Markdown, or "" if there is no such rule. Blocks."""
    rule = _explained(folder, name)
    if rule is None:
        return ""
    link = documentation(rule)
    more = f"[Documentation]({link})" if link else ""
    title = f"**{rule.name}** · {rule.severity}: {rule_texts.escaped(rule.summary)}"
    return "\n\n".join(filter(None, (title, rule_texts.help_markdown(rule), more)))


def _explained(folder: Folder, name: str) -> Any:
    """Return a rule with its examples, or None if there is no such rule."""
    rule = folder.rules.get(name)
    return folder.linter.run_rules.with_examples(rule) if rule and folder.linter else None


def rule_list(folder: Folder) -> list[dict[str, Any]]:
    """Return all rules of a folder with their summary, severity and whether they are on. Blocks."""
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
    "copydesk.checkWorkspace": workspace_check.check_workspace,
}
