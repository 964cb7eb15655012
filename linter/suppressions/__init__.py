"""What is written into an article, or into the settings, so that rules are silent somewhere."""

from __future__ import annotations

UNUSED, UNKNOWN, BARE = "unused-suppression", "unknown-suppression", "bare-suppression"
