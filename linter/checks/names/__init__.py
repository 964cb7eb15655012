"""Names and pronouns in lower case, and names spelled in two ways."""
