"""Checks for broken or misplaced tags, attributes and Markdown syntax."""
