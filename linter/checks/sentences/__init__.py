"""Checks for the start and end of sentences and paragraphs, and for words within them."""
