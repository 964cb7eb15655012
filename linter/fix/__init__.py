"""Fixes: apply edits to articles, and write the files."""
