"""Phrases for error messages: suggestions, lists of options, and shortened values."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from linter import patterns
from linter.naming import pack_of

_MAX_QUOTED = 40  # code points of a quoted value
_MAX_MESSAGE = 1000  # code points of a message
_QUOTED = patterns.lazy(f"“([^“”]{{{3 * _MAX_QUOTED}}})[^“”]+”")


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return `; did you mean “…”?` with the option most similar to `word`, or "" if none is similar."""
    close = closest(word, options)
    return f"; did you mean “{close}”?" if close else ""


def closest(word: str, options: Iterable[str]) -> str:
    """Return the option most similar to `word`, or "" if none is similar."""
    from difflib import get_close_matches

    lower = {option.lower(): option for option in sorted(options, reverse=True)}
    close = get_close_matches(word.lower()[:80], lower, 1, 0.6)
    return lower[close[0]] if close else ""


def suggest_rule(name: str, rules: Collection[str]) -> str:
    """Return `; did you mean “…”?` for an unknown rule or pack, or "" if no name is similar.

    A rule whose id is `name` is preferred to similar names of rules and packs.
    """
    if by_id := next((rule for rule in sorted(rules) if rule[len(pack_of(rule)) + 1 :] == name), ""):
        return f"; did you mean “{by_id}”?"
    return did_you_mean(name, {each for rule in rules for each in (rule, pack_of(rule))})


def as_list(options: Collection[str], conjunction: str = "or") -> str:
    """Return `options`, of which there must be at least one, as a list in prose, such as “error, warning or info”."""
    *most, last = options
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def sentence(text: str) -> str:
    """Return `text` with a period at the end, unless it ends in a period or a question mark."""
    return text if text.endswith((".", "?")) else f"{text}."


def cut_text(text: str) -> str:
    """Return `text` for use in a message: on one line, and cut after 40 code points."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _MAX_QUOTED else f"{plain[:_MAX_QUOTED]}…"


def shortened(problem: str) -> str:
    """Return the message `problem`, with each quotation cut after 120 code points.

    If the message still has more than 1000 code points, it is cut after 1000 code points.
    """
    if len(problem) <= 3 * _MAX_QUOTED:
        return problem
    short = _QUOTED.sub(r"“\1…”", problem)
    return short if len(short) <= _MAX_MESSAGE else f"{short[:_MAX_MESSAGE]}…"
