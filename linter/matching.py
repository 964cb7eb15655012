"""Match patterns within time budgets: one for the patterns of each rule on an article, and one for the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from math import inf
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import regex

from linter import REPOSITORY
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from typing import Self

    from linter.finding import Problem

T = TypeVar("T")
DOCS = f"{REPOSITORY}/blob/main/docs/writing-rules.md#patterns-that-take-too-long"
ISSUES = f"{REPOSITORY}/issues"
# Simple case folding. With full folding, `[\w-]` in any case matches “s” and “ss”, because it matches “ß”. “sss…” can
# then be split in so many ways that matching takes exponential time.
SIMPLE_FOLDING = "(?-f)"

# Seconds by which the limits grow for each code point of the article: about 20 times what ordinary patterns and all
# shipped rules need.
_PER_RULE, _PER_ARTICLE = 4e-6, 5e-5
_LEAST = 0.001  # seconds; with less than this left, a budget is used up
_SHORT = 500  # maximum code points of a text on which a trusted pattern is not timed
_WORD = lazy_regex(r"\w")


class Limits(NamedTuple):
    """Seconds of processor time: of the patterns of one `rule` on an article, and of all rules on the `article`.

    Both limits grow with the length of the article, so ordinary rules do not reach them on long articles either.
    """

    rule: float = 1.0
    article: float = 10.0


LIMITS = Limits()


@dataclass(eq=False)
class Budget:
    """The processor time that rules may still take on one article, which has `length` code points.

    Rules run in the context of the budget: `with budget.of(rule): …`. The time of patterns in this context counts
    toward the rule, except for patterns that come with copydesk (`trusted`) on short texts: reading the clock would
    take longer than most of them. They take linear time (`bench/patterns.py`). All time in the context counts toward
    the article.

    `ignored` has the names of the settings whose patterns were cut off.
    """

    length: int
    limits: Limits = field(default_factory=lambda: LIMITS)
    rule: str = ""
    trusted: bool = False
    ignored: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._limit = self.limits.article + _PER_ARTICLE * self.length
        self._elapsed, self._created = 0.0, thread_time()
        self._spent: dict[str, float] = defaultdict(float)  # by patterns, in seconds, by rule

    @property
    def is_used_up(self) -> bool:
        """Whether no rule may run on the article anymore."""
        return self._left < _LEAST

    @property
    def _left(self) -> float:
        """The seconds that are left for the article.

        Elapsed time includes waiting, but is read much faster than processor time. If it is used up, the processor time
        since the budget was created decides, which also includes that on other articles.
        """
        left = self._limit - self._elapsed
        return left if left >= _LEAST else max(left, self._limit - (thread_time() - self._created))

    def of(self, rule: str, *, trusted: bool = False) -> Self:
        """Return this budget, for a rule that runs next. `trusted` is true if its patterns come with copydesk."""
        self.rule, self.trusted = rule, trusted
        return self

    def __enter__(self) -> Self:
        self._token, self._entered = _CURRENT.set(self), perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        self._elapsed += perf_counter() - self._entered
        _CURRENT.reset(self._token)

    def timeout(self, length: int) -> float:
        """Return the seconds that the next call may take on a text of `length` code points.

        Raises TimeoutError if the budget of the current rule or of the article is used up.
        """
        left = self.limits.rule + _PER_RULE * max(length, self.length) - self._spent[self.rule]
        if (least := min(left, self._left)) < _LEAST:
            raise TimeoutError
        return least

    def spend(self, seconds: float) -> None:
        """Count a call that took `seconds` toward the current rule."""
        self._spent[self.rule] += seconds


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def current() -> Budget:
    """Return the budget of the current article or, if there is none, a new budget that limits only single calls."""
    return _CURRENT.get() or Budget(0, LIMITS._replace(article=inf))


def cut_off_message(name: str, *, trusted: bool) -> str:
    """Return the message for a rule or setting that was cut off. `trusted` is true if it comes with copydesk."""
    advice = f"to make it faster, see {DOCS}"
    if trusted:
        advice = f"this is a bug in copydesk, please report it with the article: {ISSUES}"
    return f"{name} was cut off on this article because its pattern took too long; {advice}"


def merged(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems of all processes, sorted and without duplicates."""
    return tuple(sorted({*problems}))


def matches(pattern: regex.Pattern[str], text: str) -> list[regex.Match[str]]:
    """Return the nonempty matches of `pattern` in `text`, in order.

    This function and the following ones raise TimeoutError if the pattern takes longer than the current budget allows,
    or needs too much memory.
    """
    return timed(lambda timeout: [match for match in pattern.finditer(text, timeout=timeout) if match[0]], text)


def search(pattern: regex.Pattern[str], text: str, start: int = 0) -> regex.Match[str] | None:
    """Return the first nonempty match of `pattern` in `text` from the offset `start`, or None if there is none."""
    while match := timed(lambda timeout, start=start: pattern.search(text, start, timeout=timeout), text):  # type: ignore[misc]
        if match.end() > match.start() or match.end() == len(text):
            break
        start = match.end() + 1
    return match if match and match[0] else None


def match_at(pattern: regex.Pattern[str], text: str, place: int) -> regex.Match[str] | None:
    """Return the match of `pattern` at the offset `place` in `text`, or None if there is none or it is empty."""
    match = timed(lambda timeout: pattern.match(text, place, timeout=timeout), text)
    return match if match and match[0] else None


def holds(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether `pattern` matches anywhere in `text`. An empty match counts too."""
    return timed(lambda timeout: pattern.search(text, timeout=timeout), text) is not None


def fits(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether `text` is not empty and `pattern` matches all of it."""
    return text != "" and timed(lambda timeout: pattern.fullmatch(text, timeout=timeout), text) is not None


def timed(call: Callable[[float | None], T], text: str) -> T:
    """Return `call(timeout)`, a search of `text`, and count its time. `timeout` is None if the search is not timed."""
    budget = current()
    if budget.trusted and len(text) <= _SHORT:
        return call(None)
    timeout, start = budget.timeout(len(text)), thread_time()
    try:
        return call(timeout)
    except MemoryError as error:  # `regex` gives up when the stack for backtracking reaches 1 GB
        raise TimeoutError from error
    finally:
        budget.spend(thread_time() - start)


def phrases(words: Iterable[str], *, case: bool) -> regex.Pattern[str]:
    """Return a pattern that matches any of the phrases `words`, but not inside longer words.

    If several phrases match at one position, the longest is found. White space in a phrase matches any run of white
    space. A straight apostrophe also matches “’”, and a straight quotation mark also matches “ and ”. If `case` is
    true, the pattern is case-sensitive. Without phrases, the pattern matches nothing.
    """
    ordered = sorted({" ".join(word.split()) for word in words}, key=lambda word: (-len(word), word))
    flags = regex.VERSION1 | (0 if case else regex.IGNORECASE | regex.FULLCASE)
    return regex.compile("|".join(map(_phrase, ordered)) or r"(?!)", flags)


def _phrase(words: str) -> str:
    spaced = regex.escape(words, literal_spaces=True).replace(" ", r"\s+")
    curly = regex.sub(r"\\?'", "['’]", regex.sub(r'\\?"', '["“”]', spaced))
    left = r"(?<!\w)" if _WORD.match(words) else ""
    right = r"(?!\w)" if _WORD.match(words[-1:]) else ""  # \w, not isalnum: combining marks are part of words too
    return f"{left}{curly}{right}"
