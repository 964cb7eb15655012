"""Checks for page boilerplate: lines and blocks that belong to the page around an article."""
