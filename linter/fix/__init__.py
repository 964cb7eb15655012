"""Fixes: edits → text → bytes → files."""
