"""Patterns, phrases and lengths that a rule gives."""
