"""Checks for the URLs, text and targets of links."""
