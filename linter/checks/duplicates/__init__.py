"""Repeated paragraphs and sentences, and articles that are copies of each other."""
