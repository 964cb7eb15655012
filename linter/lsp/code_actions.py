"""The code actions for the findings of an article, made from the last result: fixes, and ways to suppress findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from lsprotocol.types import CodeAction, CodeActionKind, Command, Diagnostic, TextEdit

from linter.files.articles import Article
from linter.finding import Edit, Finding
from linter.fix.edits import Rewrite, non_overlapping
from linter.lsp import suppression_edits
from linter.lsp.folders import Folder
from linter.lsp.open_documents import Checked, OpenDocument
from linter.lsp.positions import LineTable
from linter.rule import OWN
from linter.source import LINE_END, Source
from linter.styled_text import visible

FIX_ALL = f"{CodeActionKind.SourceFixAll.value}.copydesk"
ADD_WORD, SUPPRESS_IN_CONFIG, EXPLAIN = "copydesk.addWord", "copydesk.suppressInConfig", "copydesk.explain"
COMMANDS = (ADD_WORD, SUPPRESS_IN_CONFIG, EXPLAIN)
HERE, IN_ARTICLE = "suppress-here", "suppress-in-article"
_QUICK = CodeActionKind.QuickFix
_MAX_SHOWN = 40  # code points of a text in a title


class Place(NamedTuple):
    """A finding of a document, its diagnostic, and the document with the last result."""

    finding: Finding
    diagnostic: Diagnostic
    document: OpenDocument
    checked: Checked


def default_reason() -> str:
    """Return the reason of a suppression for which the user has given none."""
    return f"reviewed {date.today().isoformat()}"


def places(document: OpenDocument, checked: Checked) -> list[Place]:
    """Return all findings of a document."""
    pairs = zip(checked.findings, checked.diagnostics, strict=True)
    return [Place(finding, diagnostic, document, checked) for finding, diagnostic in pairs]


def overlapping(document: OpenDocument, checked: Checked, start: int, end: int) -> list[Place]:
    """Return the findings that contain or touch a part of `[start, end)`, the shortest first."""
    found = [each for each in places(document, checked) if each.finding.start <= end and start <= each.finding.end]
    return sorted(found, key=lambda each: each.finding.end - each.finding.start)


def wants(only: Sequence[str] | None, kind: str) -> bool:
    """Whether a client that asks only for the kinds `only` (None: for all) wants actions of `kind`."""
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)


def fixes(place: Place) -> Iterator[tuple[CodeAction, tuple[Edit, ...]]]:
    """Yield the actions that fix a finding, and all findings of its rule, each with its edits."""
    finding, checked = place.finding, place.checked
    if not finding.fix:
        return
    safe, source = finding.fix.safe, Source(checked.table.text)
    mark = "" if safe else " (unsafe: review it)"
    title = f"{_title(finding)}{mark}"
    preferred = True if safe else None
    yield CodeAction(title, _QUICK, [place.diagnostic], is_preferred=preferred), finding.edits
    same = [each for each in checked.findings if each.rule == finding.rule and each.fix and each.fix.safe == safe]
    chosen = non_overlapping(same, source)
    if len(chosen) > 1:
        title = f"Fix all {len(chosen)} findings of {finding.rule}{mark}"
        yield CodeAction(title, _QUICK, [place.diagnostic]), edits_of(chosen, source)


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
    """Return what the fix of a finding does, such as “Delete “">”” or “Replace “vladimir” with “Vladimir””."""
    edits = sorted(finding.edits)
    old, new = finding.text, finding.text
    if all(finding.start <= edit.start and edit.end <= finding.end for edit in edits):
        for edit in reversed(edits):
            new = new[: edit.start - finding.start] + edit.text + new[edit.end - finding.start :]
        if not new.strip():
            return f"Delete {_quoted(old)}"
        return f"Replace {_quoted(old)} with {_quoted(new)}" if old else f"Insert {_quoted(new)}"
    if any(edit.text for edit in edits):
        return f"Fix {_quoted(old)}" if old.strip() else "Fix it"
    return f"Delete {_quoted(old)} and what belongs to it" if old.strip() else "Delete it"


def _quoted(text: str) -> str:
    """Return a text for a title: in quotation marks, on one line, and without its middle if it is long."""
    if not text.strip():
        return "the line break" if text.strip(" \t") else "the space" if len(text) == 1 else "the spaces"
    plain = visible(" ".join(text.split()))
    half = _MAX_SHOWN // 2
    return f"“{plain}”" if len(plain) <= _MAX_SHOWN else f"“{plain[:half].rstrip()}…{plain[-half:].lstrip()}”"


def suppressions(place: Place) -> Iterator[tuple[CodeAction, str]]:
    """Yield the actions that suppress a finding in the article, each with its name: HERE or IN_ARTICLE."""
    finding = place.finding
    if finding.rule.startswith(f"{OWN}/"):
        return  # a finding about a suppression is corrected there
    for name, where in ((HERE, "here"), (IN_ARTICLE, "in this article")):
        title = f"Suppress {finding.rule} {where}"
        yield CodeAction(title, _QUICK, [place.diagnostic], data=_data(place, name)), name


def _data(place: Place, action: str) -> dict[str, Any]:
    """Return what is needed to find the edits of a suppression later."""
    finding = place.finding
    return {
        "uri": place.document.uri,
        "version": place.checked.version,
        "action": action,
        "rule": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "reason": default_reason(),
        "needsReason": True,
    }


def suppression(folder: Folder, place: Place, action: str, reason: str) -> tuple[Edit, ...]:
    """Return the edits that suppress a finding in its article, or () if that is not possible. Blocks."""
    document, path = place.document, place.document.path
    if folder.linter is None:
        return ()
    article = Article(path or "<text>", path, document.kind)
    read = folder.linter.document(article, Source(place.checked.table.text, article.path))
    if action == HERE:
        return suppression_edits.suppress_here(read, place.finding, reason)
    return suppression_edits.suppress_in_article(read, place.finding, reason)


def commands(place: Place, folder: Folder) -> Iterator[CodeAction]:
    """Yield the actions that the server carries out itself: changes of words.txt and the config, and explanations."""
    finding, uri = place.finding, place.document.uri
    rule = folder.rules.get(finding.rule)
    word = " ".join(finding.text.split())
    if rule and rule.vocabulary and word and place.document.path:
        title = f"Add {_quoted(word)} to words.txt"
        yield _command(title, place, ADD_WORD, [{"uri": uri, "word": word}])
    if place.document.path:
        details = {
            "uri": uri,
            "rule": finding.rule,
            "text": word,
            "reason": default_reason(),
        }
        yield _command(f"Suppress {finding.rule} in the config", place, SUPPRESS_IN_CONFIG, [details])
    yield _command(f"Explain {finding.rule}", place, EXPLAIN, [finding.rule, uri])


def _command(title: str, place: Place, name: str, arguments: list[Any]) -> CodeAction:
    return CodeAction(title, _QUICK, [place.diagnostic], command=Command(title, name, arguments=arguments))
