"""Damaged, invisible and look-alike characters, escapes, and notes on how a file was read."""
