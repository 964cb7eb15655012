"""The kinds of checks, each in its own module `<family>/<kind>.py`.

A rule selects a kind with the key `check`, without the family: `check: mark_spacing`. The module with this name is
imported when a rule first needs it. It contains a class with the same name in CamelCase (`MarkSpacing`), and the fields
of this class are the options of the check. The protocols of checks are in `linter.rule`, and the loader is in
`linter.config.rule_file`. Modules whose names begin with a single underscore contain helpers.
"""
