"""The kinds of check, one module each; the folder is the list."""
