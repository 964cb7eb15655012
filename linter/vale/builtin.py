"""The rules that come with Vale, in the style “Vale”."""

from __future__ import annotations

from collections.abc import Iterator

from linter.vale.definition import Action, Definition, Vocabulary


def builtin_rules(vocabulary: Vocabulary) -> Iterator[Definition]:
    """Yield the rules of the style “Vale” for a config with a vocabulary.

    `Vale.Terms` requires the spelling of accepted terms, and `Vale.Avoid` finds rejected terms; without such terms, the
    rule does not exist.
    """
    yield Definition(
        "Vale.Repetition",
        "repetition",
        "'%s' is repeated!",
        level="error",
        action=Action("edit", ("truncate", " ")),
        options={"ignorecase": True, "alpha": True, "tokens": (r"[^\s.!?]+",)},
    )
    yield Definition(
        "Vale.Spelling",
        "spelling",
        "Did you really mean '%s'?",
        level="error",
        action=Action("suggest", ("spellings",)),
    )
    if vocabulary.accept:
        swap = {term.lower(): term for term in vocabulary.accept}
        options = {"ignorecase": True, "vocab": False, "swap": swap}
        yield Definition("Vale.Terms", "substitution", "Use '%s' instead of '%s'.", level="error", options=options)
    if vocabulary.reject:
        options = {"ignorecase": False, "tokens": vocabulary.reject}
        yield Definition("Vale.Avoid", "existence", "Avoid using '%s'.", level="error", options=options)
