"""Links: their URLs, their text, and their targets."""
