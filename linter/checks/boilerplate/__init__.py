"""Checks for page boilerplate: text and HTML elements that belong to the page around an article."""
