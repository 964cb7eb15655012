"""Checks for damaged, invisible and look-alike characters, escapes, and problems in reading a file."""
