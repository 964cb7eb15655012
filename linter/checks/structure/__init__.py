"""Checks for headings, sections and lists of bold labels, and for measures of the article as a whole."""
