"""Suppressions of rules, in articles and in the config."""

from __future__ import annotations

from linter.finding import Finding
from linter.rule import OWN

UNUSED, UNKNOWN, BARE = "unused-suppression", "unknown-suppression", "bare-suppression"


def is_unused_suppression(finding: Finding) -> bool:
    """Whether a finding reports an unused suppression, which findings across the folder may disprove."""
    return finding.rule == f"{OWN}/{UNUSED}"
