"""Reports: one function each, from a result to text."""
