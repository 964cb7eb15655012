"""Texts about rules and settings, for `copydesk explain`, `rules` and `schema`, for reports, and for docs/rules.md."""
