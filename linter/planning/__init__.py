"""How the plan leaves out what is sure to find nothing: what text must hold, and one scan for all of it."""
