"""Misspelled words, and spellings that do not go together."""
