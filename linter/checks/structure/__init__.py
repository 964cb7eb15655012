"""Checks for structure (headings, sections, lists, lost code) and for measures of the whole article."""
