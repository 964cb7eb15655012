"""Headings, sections, lists of bold labels, and figures of the article as a whole."""
