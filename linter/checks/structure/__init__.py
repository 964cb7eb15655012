"""Checks for the structure of articles, such as headings, lists and lost code, and for measures of whole articles."""
