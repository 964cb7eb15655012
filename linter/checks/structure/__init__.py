"""Checks for structure, such as headings, lists and code without formatting, and for statistics about articles."""
