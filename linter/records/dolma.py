"""Findings as attributes of the Dolma toolkit (allenai/dolma, docs/data-format.md): spans of the text, by rule.

The mixer of this toolkit can leave out the documents with such spans, or replace the spans. It counts in code points,
and needs one line per document, in the same order. An empty span makes it lose a character and ignore the spans that
follow, and it ends two overlapping spans at the end of the first, so there are no such spans.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath

from linter import patterns
from linter.config.config import BadConfig
from linter.finding import Finding
from linter.records.archives import Archive
from linter.records.checking import RecordResult

_DOCUMENTS = "documents"  # the folder that the mixer replaces by “attributes/…”
_SCORE = 1.0
_NO_WORD = patterns.lazy(r"[^A-Za-z0-9_]")


def attribute_files(archives: Sequence[Archive], reserved: Sequence[str]) -> tuple[str, ...]:
    """Return the path of the attributes of each archive, relative to the folder of attributes.

    It is the path below the last folder called “documents” or, without one, the name of the archive. Raises BadConfig
    if an archive is not JSON Lines, or if a path is used twice, or begins with a name in `reserved`.
    """
    found: dict[str, Archive] = {}
    for archive in archives:
        if archive.format != "jsonl":
            raise BadConfig([f"--out-format dolma: {archive.path} is not JSON Lines"])
        parts = PurePath(archive.file).parts
        start = max((at for at, part in enumerate(parts[:-1], 1) if part == _DOCUMENTS), default=len(parts) - 1)
        path = "/".join(parts[start:])
        if path in found:
            raise BadConfig([f"--out-format dolma: {found[path].path} and {archive.path} have the same name"])
        if parts[start] in reserved or path.startswith("."):
            raise BadConfig([f"--out-format dolma: the name of {archive.path} is reserved; rename it"])
        found[path] = archive
    return tuple(found)


def attributes_line(result: RecordResult) -> str:
    """Return the attributes of a record as a line of JSON. The spans of each rule are in order, and do not touch.

    If a rule has only findings without text, the list of its spans is empty.
    """
    spans: dict[str, list[list[float]]] = {}
    for finding in sorted(result.result.findings, key=lambda finding: (finding.rule, finding.start)):
        own = spans.setdefault(attribute(finding), [])
        if own and finding.start <= own[-1][1]:
            own[-1][1] = max(own[-1][1], finding.end)
        elif finding.start < finding.end:
            own.append([finding.start, finding.end, _SCORE])
    return f"{json.dumps({'id': result.key, 'attributes': spans}, ensure_ascii=False)}\n"


def attribute(finding: Finding) -> str:
    """Return the name of the attribute for the rule of a finding, a word that needs no quotes in JSONPath or jq."""
    return f"copydesk__{_NO_WORD.sub('_', finding.rule)}"
