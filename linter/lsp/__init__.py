"""The language server, which shows findings and their fixes in editors (Language Server Protocol 3.17)."""
