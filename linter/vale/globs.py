"""Globs of Vale, which name the sections of a `.vale.ini`, such as `*.{md,rst}`, `!docs/*` and `docs/**/*.md`."""

from __future__ import annotations

from linter import patterns
from linter.files.ignore import GlobPatterns, glob_mistake

LIMIT = 1000  # code points of a glob
ALTERNATIVES = 100  # maximum alternatives that the braces of a glob give
# An escaped character, a character class, or a character with a meaning between braces.
_TOKEN = patterns.lazy(r"(?s)\\.|\[[!^]?\]?[^\]]*\]|[^{},\\\[]+|.")


class BadGlob(Exception):
    """The glob has a mistake. The text says which, as the end of a sentence."""


class Glob:
    """A glob for paths with `/` as separator. Raises BadGlob if it has a mistake.

    `*` and `?` match any characters, including `/`. In a glob with `**`, they stop at `/`, and `**/` matches any number
    of folders. `[abc]` and `{a,b}` match alternatives, and `!` at the start negates the glob.
    """

    def __init__(self, text: str) -> None:
        if len(text) > LIMIT:
            raise BadGlob(f"it has more than {LIMIT:,} characters")
        self._negated = text.startswith("!")
        bare = text.lstrip("!")
        self._deep = "**" in bare
        choices = [choice for each in _expanded(bare) for choice in self._variants(each)]
        for choice in choices:
            if mistake := glob_mistake(f"/{choice}"):
                raise BadGlob(mistake)
        # An initial slash makes a pattern of .gitignore files match whole paths. Without `**`, no slash is special.
        self._patterns = GlobPatterns(f"/{self._flat(choice)}" for choice in choices)

    def match(self, path: str) -> bool:
        """Whether the glob matches a path."""
        return (self._patterns.decide(self._flat(path), folder=False) is True) != self._negated

    def _flat(self, text: str) -> str:
        return text if self._deep else text.replace("/", "\0")

    def _variants(self, choice: str) -> tuple[str, ...]:
        """Return a glob without braces, and if it ends in `/**`, also what is before it: `a/**` matches `a`."""
        before = choice.removesuffix("/").removesuffix("/**") if self._deep else choice
        return (choice, before) if before not in ("", choice, choice.removesuffix("/")) else (choice,)


def _expanded(text: str) -> list[str]:
    """Return the globs without braces that together match the same paths as `text`."""
    # Each open brace has the alternatives before its last comma; `found` are those of the text since then.
    found = [""]
    outer: list[tuple[list[str], list[str]]] = []
    for token in _TOKEN.finditer(text):
        part = token[0]
        if part == "{":
            outer.append((found, []))
            found = [""]
        elif part in (",", "}") and outer:
            before, alternatives = outer[-1]
            alternatives += found
            found = [""]
            if part == "}":
                outer.pop()
                found = _product(before, alternatives)
        else:
            found = [each + part for each in found]
    if outer:
        raise BadGlob("“{” without “}”")
    return found


def _product(before: list[str], alternatives: list[str]) -> list[str]:
    if len(before) * len(alternatives) > ALTERNATIVES:
        raise BadGlob(f"its braces have more than {ALTERNATIVES} alternatives")
    return [first + second for first in before for second in alternatives]
