"""Find and read articles, match ignore patterns, recognize site generators, and look up images."""
