"""The kinds of check, one module each: `<family>/<kind>.py` with one frozen dataclass.

A kind is named flatly in a rule (`check: after_period`) and found by its file, which is imported when a rule first needs
it. The class has the name of the file in CamelCase (`AfterPeriod`); its fields are the keys of the rule. The protocols
are in `linter.rule`, the loader is in `linter.config.rule_file`. Modules that begin with “_” are shared within a family.
"""
