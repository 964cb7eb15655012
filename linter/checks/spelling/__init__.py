"""Checks for misspelled words, and for British and American spellings mixed in one article."""
