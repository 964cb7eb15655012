"""Images: alt text."""
