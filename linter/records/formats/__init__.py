"""Readers of archives, one module per format (see `linter.records.archives`)."""
