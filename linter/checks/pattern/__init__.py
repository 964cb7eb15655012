"""Checks for patterns, phrases, labels and lengths given by the rule."""
