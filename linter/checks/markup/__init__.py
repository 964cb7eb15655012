"""Broken or misplaced tags, attributes and Markdown syntax."""
