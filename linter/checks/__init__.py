"""The kinds of checks, each in its own module `<family>/<kind>.py`.

A rule names its kind without the family (`check: mark_spacing`). The module with the same name is imported when a rule
first needs it. The class in the module has the same name in CamelCase (`MarkSpacing`), and the fields of the class are
the keys of the rule. The protocols are in `linter.rule` and the loader is in `linter.config.rule_file`. Modules whose
names begin with “_” contain code that checks share.
"""
