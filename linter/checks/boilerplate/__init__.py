"""Lines and blocks of the page around an article."""
