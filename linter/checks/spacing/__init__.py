"""Checks for missing and extra spaces and for misused punctuation marks."""
