"""How sentences and paragraphs begin and end, and words within them."""
