"""What there is to say about a rule: for `copydesk explain` and `rules`, for reports, for docs/rules.md."""
