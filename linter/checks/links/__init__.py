"""Checks for links, for the URLs and alt texts of images, and for numbered citations."""
