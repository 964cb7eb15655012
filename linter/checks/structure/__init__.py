"""Checks of headings, sections, lists and lost code, and of measures of the article as a whole."""
