"""Checks for the starts and ends of sentences and paragraphs, and for the words within sentences."""
