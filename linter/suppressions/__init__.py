"""Suppressions of rules, in articles and in the config."""

from __future__ import annotations

UNUSED, UNKNOWN, BARE = "unused-suppression", "unknown-suppression", "bare-suppression"
