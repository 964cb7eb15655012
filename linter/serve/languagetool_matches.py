"""Findings as matches in the protocol of LanguageTool.

Offsets count UTF-16 code units. Only safe fixes become replacements, because some clients apply the first replacement
of every match without asking. For the same reason, ranges with replacements never overlap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from linter.document import Document
from linter.finding import Edit, Finding, Fix
from linter.fix.edits import non_overlapping
from linter.reference import rule_texts
from linter.rule import Rule
from linter.source import LINE_END, Source
from linter.text.sentences import sentence_spans

_CONTEXT = 40  # code points on either side of a match
_MAX_SENTENCE = 1_000  # code points; every match in a sentence repeats it
# The issue types of the Internationalization Tag Set 2.0, which LanguageTool uses, by pack.
_ISSUE_TYPES = {
    "assistant": "addition",
    "boilerplate": "addition",
    "duplicates": "duplication",
    "encoding": "characters",
    "fences": "markup",
    "leaks": "markup",
    "measures": "style",
    "names": "misspelling",
    "placeholders": "omission",
    "punctuation": "typographical",
    "sentences": "grammar",
    "spacing": "whitespace",
    "spelling": "misspelling",
    "structure": "formatting",
    "templates": "markup",
}


def found(document: Document, findings: Sequence[Finding], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """Return the part of a response about the text: a match for each finding, and the ranges of all sentences.

    `rules` are the rules of the findings by name.
    """
    source = document.source
    offsets, sentences = Offsets(source.text), Sentences(document)
    replaced = _replaced(findings, source)
    matches = []
    for finding in findings:
        edit = replaced.get(id(finding))
        start, end = (edit.start, edit.end) if edit else (finding.start, finding.end)
        first = offsets.utf16(start)
        matches.append(
            {
                **_described(finding, rules.get(finding.rule)),
                "replacements": [{"value": edit.text}] if edit else [],
                "offset": first,
                "length": offsets.utf16(end) - first,
                "context": _context(source.text, start, end),
                "sentence": sentences.at(finding),
            }
        )
    return {
        "matches": sorted(matches, key=itemgetter("offset", "length")),
        "sentenceRanges": [[offsets.utf16(start), offsets.utf16(end)] for start, end in sentences.spans],
    }


def _replaced(findings: Sequence[Finding], source: Source) -> dict[int, Edit]:
    """Return the edits for findings with a safe fix, by the `id` of the finding. They do not overlap.

    Clients replace the whole range of a match. So each edit covers the finding and all edits of its fix.
    """
    safe = [finding for finding in findings if finding.fix and finding.fix.safe]
    whole = {}
    for finding in non_overlapping(safe, source):
        edit = _as_one_edit(finding, source)
        whole[id(finding)] = finding._replace(fix=Fix(safe=True, edits=(edit,)))
    kept = set(map(id, non_overlapping(whole.values(), source)))
    return {key: finding.edits[0] for key, finding in whole.items() if id(finding) in kept}


def _as_one_edit(finding: Finding, source: Source) -> Edit:
    """Return the edit that replaces a finding and everything that its fix edits."""
    edits = sorted(finding.edits)
    start, end = min(finding.start, edits[0].start), max(finding.end, *(edit.end for edit in edits))
    parts, at = [], start
    for edit in edits:
        parts += [source.text[at : edit.start], LINE_END.sub(source.line_end, edit.text)]
        at = edit.end
    return Edit(start, end, "".join((*parts, source.text[at:end])))


class Offsets:
    """Converts offsets in a text from code points to UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [at for at, character in enumerate(text) if character > "\uffff"]

    def utf16(self, at: int) -> int:
        """Return the number of UTF-16 code units before the code point at `at`."""
        return at + bisect_left(self._wide, at)


class Sentences:
    """The sentences of a document. `spans` are their spans in the source, in order."""

    def __init__(self, document: Document) -> None:
        sentences = sorted(
            (*block.span(start, end), block.text[start:end])
            for block in document.prose
            for start, end in sentence_spans(block.text)
        )
        self.spans = [(start, end) for start, end, _ in sentences]
        self._texts = [text for _, _, text in sentences]

    def at(self, finding: Finding) -> str:
        """Return the text of the first sentence with a part of a finding, in at most 1,000 code points.

        If it is in no sentence, or in one that is longer, return the text around it in its line.
        """
        number = bisect_right(self.spans, finding.start, key=itemgetter(1))
        is_in = number < len(self.spans) and self.spans[number][0] < max(finding.end, finding.start + 1)
        if is_in and len(text := self._texts[number]) <= _MAX_SENTENCE:
            return text
        return f"{finding.before}{finding.text}{finding.after}".strip()[:_MAX_SENTENCE]


def _described(finding: Finding, rule: Rule | None) -> dict[str, Any]:
    """Return the part of a match that does not depend on its place."""
    summary = rule.summary if rule else finding.rule
    url = rule_texts.page_url(rule) if rule else ""
    return {
        "message": finding.message,
        "shortMessage": summary,
        "type": {"typeName": _type_name(finding)},
        "rule": {
            "id": finding.rule,
            "description": summary,
            "issueType": _ISSUE_TYPES.get(finding.pack, "non-conformance"),
            "category": {"id": finding.pack, "name": finding.pack.capitalize()},
            **({"urls": [{"value": url}]} if url else {}),
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _context(text: str, start: int, end: int) -> dict[str, Any]:
    """Return a range of the text with 40 code points on either side, and its place in this context."""
    low, high = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    before, after = "..." if low else "", "..." if high < len(text) else ""
    shown = text[low:high].replace("\n", " ")  # nothing else: clients search for it in their text
    offsets = Offsets(shown)
    first = offsets.utf16(start - low)
    return {
        "text": f"{before}{shown}{after}",
        "offset": len(before) + first,
        "length": offsets.utf16(end - low) - first,
    }


def _type_name(finding: Finding) -> str:
    if _ISSUE_TYPES.get(finding.pack) == "misspelling":
        return "UnknownWord"
    return "Hint" if finding.severity == "info" else "Other"
