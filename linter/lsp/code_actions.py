"""Code actions for the last result of a document: fixes, suppressions, explanations, and corrections of mistakes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol.types import CodeAction, CodeActionKind, Command, Diagnostic, TextEdit

from linter.config import load
from linter.files.articles import Article
from linter.finding import Edit, Finding
from linter.fix.edits import Rewrite, non_overlapping
from linter.lsp import suppression_edits
from linter.lsp.open_documents import RULE, Checked, OpenDocument
from linter.lsp.positions import LineTable, moved
from linter.reference import rule_texts
from linter.rule import OWN
from linter.source import BYTE_ORDER_MARK, LINE_END, UNNAMED, Source
from linter.styled_text import visible

if TYPE_CHECKING:
    from linter.lsp.folders import Folder

FIX_ALL = f"{CodeActionKind.SourceFixAll.value}.copydesk"
ADD_WORD, SUPPRESS_IN_CONFIG, EXPLAIN = "copydesk.addWord", "copydesk.suppressInConfig", "copydesk.explain"
OPEN_DOCS = "copydesk.openDocumentation"
HERE, IN_ARTICLE = "suppress-here", "suppress-in-article"
_QUICK = CodeActionKind.QuickFix
_MAX_SHOWN = 40  # code points of a text in a title
_SUGGESTION = re.compile("did you mean “([^“”]+)”\\?")
_PAGES = {RULE: "writing-rules.md"}


Edits = tuple[Edit, ...]


class Target(NamedTuple):
    """A finding for which code actions are offered, with its diagnostic, its document and the last result."""

    finding: Finding
    diagnostic: Diagnostic
    document: OpenDocument
    checked: Checked


def default_reason() -> str:
    """Return the reason for a suppression if the user has not given one."""
    return f"reviewed {date.today().isoformat()}"


def targets(document: OpenDocument, checked: Checked) -> list[Target]:
    """Return the targets for all findings of a document."""
    pairs = zip(checked.findings, checked.diagnostics, strict=False)
    return [Target(finding, diagnostic, document, checked) for finding, diagnostic in pairs]


def target_of(document: OpenDocument | None, data: Mapping[str, Any]) -> Target | None:
    """Return the target for which an action with `data` was offered, or None if the document has changed."""
    checked = document.checked if document else None
    if not document or not checked or not document.version == data.get("version") == checked.version:
        return None
    wanted = data.get("rule"), data.get("start"), data.get("end")
    same = (each for each in targets(document, checked) if _position(each.finding) == wanted)
    return next(same, None)


def _position(finding: Finding) -> tuple[str, int, int]:
    return finding.rule, finding.start, finding.end


def reason_in(data: Mapping[str, Any]) -> str:
    """Return the reason that the client has put into the data of an action, on one line, or the default reason."""
    return " ".join(str(data.get("reason") or "").split()) or default_reason()


def overlapping(document: OpenDocument, checked: Checked, start: int, end: int) -> list[Target]:
    """Return targets for the findings that overlap or touch `[start, end)`, the shortest first.

    Offsets are 0-based code points.
    """
    found = [each for each in targets(document, checked) if each.finding.start <= end and start <= each.finding.end]
    return sorted(found, key=lambda each: each.finding.end - each.finding.start)


def wants(only: Sequence[str] | None, kind: str) -> bool:
    """Whether a client that requests the kinds `only` (all kinds if it is None or empty) wants actions of `kind`."""
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)


def fixes(target: Target) -> Iterator[tuple[CodeAction, tuple[Edit, ...]]]:
    """Yield the action that fixes a finding, and the action that fixes all findings of its rule, with their edits."""
    finding, checked = target.finding, target.checked
    if not finding.fix:
        return
    safe, source = finding.fix.safe, Source(checked.table.text)
    mark = "" if safe else " (unsafe: review the result)"
    title = f"{_title(finding)}{mark}"
    preferred = True if safe else None
    yield CodeAction(title, _QUICK, [target.diagnostic], is_preferred=preferred), finding.edits
    same = [each for each in checked.findings if each.rule == finding.rule and each.fix and each.fix.safe == safe]
    chosen = non_overlapping(same, source)
    if len(chosen) > 1:
        title = f"Fix all {len(chosen)} findings of {finding.rule}{mark}"
        yield CodeAction(title, _QUICK, [target.diagnostic]), edits_of(chosen, source)


def fix_all(checked: Checked) -> tuple[Edit, ...]:
    """Return the edits of all safe fixes that can be applied together."""
    source = Source(checked.table.text)
    safe = [finding for finding in checked.findings if finding.fix and finding.fix.safe]
    return edits_of(non_overlapping(safe, source), source)


def edits_of(findings: Iterable[Finding], source: Source) -> tuple[Edit, ...]:
    """Return the edits of findings whose fixes can be applied together."""
    return tuple(Rewrite.of(source, findings).edits)


def text_edits(edits: Iterable[Edit], table: LineTable) -> list[TextEdit]:
    """Return edits for the client. Inserted text has the line ends of the text in `table`."""
    end = Source(table.text).line_end
    return [TextEdit(table.range(edit.start, edit.end), LINE_END.sub(end, edit.text)) for edit in edits]


def _title(finding: Finding) -> str:
    """Return the title of the fix of a finding, such as “Replace “vladimir” with “Vladimir””."""
    edits = sorted(finding.edits)
    old, new = finding.text, finding.text
    if all(finding.start <= edit.start and edit.end <= finding.end for edit in edits):
        for edit in reversed(edits):
            new = new[: edit.start - finding.start] + edit.text + new[edit.end - finding.start :]
        if not new.strip():
            return f"Delete {_quoted(old)}"
        return f"Replace {_quoted(old)} with {_quoted(new)}" if old else f"Insert {_quoted(new)}"
    if not old.strip():
        return "Fix this finding"
    return f"Fix {_quoted(old)}" if any(edit.text for edit in edits) else f"Delete {_quoted(old)} and related text"


def _quoted(text: str) -> str:
    """Return a text for a title: in quotation marks, on one line, and without its middle if it is long."""
    if not text.strip():
        return "the line break" if text.strip(" \t") else "the space" if len(text) == 1 else "the spaces"
    plain = visible(" ".join(text.split()))
    half = _MAX_SHOWN // 2
    return f"“{plain}”" if len(plain) <= _MAX_SHOWN else f"“{plain[:half].rstrip()}…{plain[-half:].lstrip()}”"


def suppressions(target: Target) -> Iterator[tuple[CodeAction, str]]:
    """Yield the actions that suppress a finding in the article, each with its name: HERE or IN_ARTICLE."""
    finding = target.finding
    if finding.rule.startswith(f"{OWN}/"):
        return  # a finding about a suppression is corrected in the suppression itself
    for name, where in ((HERE, "here"), (IN_ARTICLE, "in this article")):
        title = f"Suppress {finding.rule} {where}"
        yield CodeAction(title, _QUICK, [target.diagnostic], data=_data(target, name)), name


def _data(target: Target, action: str) -> dict[str, Any]:
    """Return the data from which the edits of a suppression are made later."""
    rule, start, end = _position(target.finding)
    return {
        "uri": target.document.uri,
        "version": target.checked.version,
        "action": action,
        "rule": rule,
        "start": start,
        "end": end,
        "reason": default_reason(),
        "needsReason": True,
    }


def suppression(folder: Folder, target: Target, action: str, reason: str) -> tuple[Edit, ...]:
    """Return the edits that suppress a finding in its article, or () if that is not possible.

    Runs in the worker thread.
    """
    if folder.linter is None:
        return ()
    text, path = target.checked.table.text, target.document.path
    mark = int(text.startswith(BYTE_ORDER_MARK))
    article = Article(path or UNNAMED, path, target.document.kind)
    document, finding = folder.linter.document(article, Source(text[mark:], article.path)), moved(target.finding, -mark)
    suppress = suppression_edits.suppress_here if action == HERE else suppression_edits.suppress_in_article
    return tuple(Edit(edit.start + mark, edit.end + mark, edit.text) for edit in suppress(document, finding, reason))


def commands(target: Target, folder: Folder) -> Iterator[CodeAction]:
    """Yield the actions that run a command of the server: change words.txt or the config, or explain the rule."""
    finding, uri = target.finding, target.document.uri
    rule = folder.rules.get(finding.rule)
    word = " ".join(finding.text.split())
    if rule and rule.vocabulary and word and target.document.path:
        title = f"Add {_quoted(word)} to words.txt"
        yield _command(title, target, ADD_WORD, [{"uri": uri, "word": word}])
    if target.document.path and not finding.rule.startswith(f"{OWN}/"):
        details = _data(target, SUPPRESS_IN_CONFIG)
        config = os.path.basename(folder.config_file) or load.NAME
        yield _command(f"Suppress {finding.rule} in {config}", target, SUPPRESS_IN_CONFIG, [details])
    yield _command(f"Explain {finding.rule}", target, EXPLAIN, [finding.rule, uri])


def _command(title: str, target: Target, name: str, arguments: list[Any]) -> CodeAction:
    return CodeAction(title, _QUICK, [target.diagnostic], command=Command(title, name, arguments=arguments))


def for_mistakes(document: OpenDocument, checked: Checked, start: int, end: int) -> Iterator[tuple[CodeAction, Edits]]:
    """Yield the actions for mistakes that overlap or touch `[start, end)`, in a rule or config, with their edits.

    Offsets are 0-based code points. An action that only opens the documentation has no edits.
    """
    table = checked.table
    for diagnostic in checked.diagnostics[len(checked.findings) :]:
        low, high = table.offset(diagnostic.range.start), table.offset(diagnostic.range.end)
        if low > end or start > high:
            continue
        suggestion, written = _SUGGESTION.search(diagnostic.message), table.text[low:high].strip("\"'")
        if suggestion and f"“{written}”" in diagnostic.message:
            title = f"Replace {_quoted(written)} with {_quoted(suggestion[1])}"
            at = low + table.text[low:high].index(written)
            edits = (Edit(at, at + len(written), suggestion[1]),)
            yield CodeAction(title, _QUICK, [diagnostic], is_preferred=True), edits
        title, page = "Open the documentation", rule_texts.docs_url(_PAGES.get(document.role, "configuration.md"))
        yield CodeAction(title, _QUICK, [diagnostic], command=Command(title, OPEN_DOCS, arguments=[page])), ()
