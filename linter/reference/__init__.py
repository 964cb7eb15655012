"""Reference texts on rules and config: for `copydesk explain`, `rules` and `schema`, reports, and docs/rules.md."""
