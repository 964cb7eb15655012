"""Checks for front matter and HTML heads, such as missing fields, repeated values and wrong dates."""
