"""Run the styles of Vale, another linter for prose, unchanged: its config, its rules, and its comments in articles.

`load.load_vale` reads a `.vale.ini` and returns the rules of its styles, which the engine runs like copydesk's own.
A rule of Vale checks one block of text at a time, with sections such as `text.heading.h2.md` (see `view`). Its class
is in the package `checks`, in a module with the name of the extension point.
"""
