"""Checks for the URLs, texts and targets of links, and for the URLs of images."""
