"""Checks whose rules specify patterns, phrases, labels or lengths."""
