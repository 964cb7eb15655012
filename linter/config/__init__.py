"""YAML in, typed values out: every mistake in a rule file or in settings with its place."""
