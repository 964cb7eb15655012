"""Reference texts about rules and settings, for `copydesk explain`, `rules` and `schema`, reports and docs/rules.md."""
