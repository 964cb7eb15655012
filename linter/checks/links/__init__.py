"""Links: their addresses, their anchor texts, and where they lead."""
