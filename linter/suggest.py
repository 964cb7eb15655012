"""Words for what is wrong: what was likely meant, what there is to choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from linter import patterns

_LONGEST = 40  # code points of a value that a mistake quotes
_MESSAGE = 1000  # code points of a mistake, whatever it says
_QUOTED = patterns.lazy(f"“([^“”]{{{3 * _LONGEST}}})[^“”]+”")


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """`; did you mean “…”?` with the likeliest of `options`, or nothing where none is like `word`."""
    close = closest(word, options)
    return f"; did you mean “{close}”?" if close else ""


def closest(word: str, options: Iterable[str]) -> str:
    """The one of `options` that is written most like `word`, or "" where none is."""
    from difflib import get_close_matches

    lower = {option.lower(): option for option in sorted(options, reverse=True)}
    close = get_close_matches(word.lower()[:80], lower, 1, 0.6)
    return lower[close[0]] if close else ""


def suggest_rule(name: str, rules: Collection[str]) -> str:
    """What was likely meant by `name`, as `meant` says it: one of `rules` by its id alone, or a rule or pack."""
    if by_id := next((rule for rule in sorted(rules) if rule.partition("/")[2] == name), ""):
        return f"; did you mean “{by_id}”?"
    return did_you_mean(name, {each for rule in rules for each in (rule, rule.partition("/")[0])})


def as_list(options: Collection[str]) -> str:
    """Words as a list with “or”: `error, warning or info`."""
    *most, last = options
    return f"{', '.join(most)} or {last}" if most else last


def cut_text(text: str) -> str:
    """A value as a mistake quotes it: on one line, and not too long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def shortened(problem: str) -> str:
    """A mistake whose quotations are not too long, and that is not too long itself."""
    if len(problem) <= 3 * _LONGEST:
        return problem
    short = _QUOTED.sub(r"“\1…”", problem)
    return short if len(short) <= _MESSAGE else f"{short[:_MESSAGE]}…"
