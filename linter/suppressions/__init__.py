"""Suppressions of rules, in articles and in the config."""

from __future__ import annotations

from linter.finding import Finding
from linter.rule import OWN
from linter.source import word_slices

UNUSED, UNKNOWN, BARE = "unused-suppression", "unknown-suppression", "bare-suppression"
# A “[sic]” mark contains one of these strings, in any case. A plain search is fast; most articles have no such mark.
_SIC_FORMS = ("[sic", "(sic", ">sic", "*sic", "_sic")


def is_unused_suppression(finding: Finding) -> bool:
    """Whether a finding reports an unused suppression.

    Rules that compare articles may show later that the suppression is used after all.
    """
    return finding.rule == f"{OWN}/{UNUSED}"


def has_sic_mark(text: str) -> bool:
    """Whether `text` may contain “[sic]” or a common variant of it."""
    return any(form in lower for lower in map(str.lower, word_slices(text)) for form in _SIC_FORMS)
