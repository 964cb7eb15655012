"""Checks for repeated parts of an article and for duplicate articles."""
