"""Analysis of regular expressions: what a text must contain for a pattern to match."""
