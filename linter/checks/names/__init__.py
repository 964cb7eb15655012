"""Checks for names: missing capitals, and names written in two ways."""
