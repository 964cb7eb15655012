"""Fixes: apply edits to texts, and write texts to files."""
