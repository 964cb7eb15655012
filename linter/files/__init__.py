"""What lies in folders: articles, what is none, what is ignored, which site generator they belong to."""
