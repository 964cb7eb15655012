"""The kinds of check, one module each: `<family>/<kind>.py` with one record.

A rule names its kind flatly (`check: mark_spacing`). The file of that name is imported when a rule first needs it. Its
class has the name in CamelCase (`MarkSpacing`); the fields are the keys of the rule. The protocols are in `linter.rule`
and the loader in `linter.config.rule_file`. Modules that begin with “_” are shared within a family.
"""
