"""What is written into an article, or into the settings, so that rules are silent somewhere."""
