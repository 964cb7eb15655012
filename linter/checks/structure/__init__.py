"""Headings, sections, lists of bold labels, and measures of the article as a whole."""
