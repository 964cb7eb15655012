"""The kinds of check, one module each: `<family>/<kind>.py` with one record.

A rule names its kind without the family (`check: mark_spacing`). The module with the same name is imported when a rule
first needs it. The class in the module has the same name in CamelCase (`MarkSpacing`), and the fields of the class are
the keys of the rule. The protocols are in `linter.rule` and the loader is in `linter.config.rule_file`. Modules whose
names begin with “_” are shared within a family.
"""
