"""Checks for wrong capitalization of names and of the pronoun “I”, and for names written in two ways."""
