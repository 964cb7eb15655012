"""Checks for front matter and HTML heads: missing, repeated or contradictory values, and impossible dates."""
