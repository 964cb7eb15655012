"""Analysis of regular expressions: what text must contain for a pattern to match it."""
