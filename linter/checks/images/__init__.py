"""Checks for the alt text of images."""
