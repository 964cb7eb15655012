"""The checks of Vale rules, each in a module with the name of its extension point.

Each module has the function `make(definition, context)`, which returns the check of a rule. It raises BadOption if an
option has a value that cannot be used.
"""
