"""What findings come to, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from linter.finding import Finding, Result

NOUNS = {"error": "error", "warning": "warning", "info": "note"}


def where(result: Result) -> str:
    """In how many articles something was found, and of how many: “3 of 12 articles”, or “1 article” of 1."""
    some = len({(finding.path, finding.record) for finding in result.findings})
    return number(some, "article") if some >= result.files else f"{some:,} of {result.files:,} articles"


def left_out(result: Result) -> list[str]:
    """How many findings do not count, and why: “5 known before”, “1 silenced”."""
    counts = ((result.known, "known before"), (result.silenced, "silenced"))
    return [f"{count:,} {why}" for count, why in counts if count]


def counted(findings: Iterable[Finding]) -> str:
    """“17 errors, 49 warnings and 1 note”."""
    numbers = Counter(finding.severity for finding in findings)
    parts = [number(numbers[severity], noun) for severity, noun in NOUNS.items() if numbers[severity]]
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def number(count: int, noun: str) -> str:
    """“1 article”, “1,200 articles”."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
