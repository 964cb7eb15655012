"""Match patterns within time budgets: the patterns of each rule have limits per call, per article and per run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from math import inf
from time import monotonic, thread_time
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import regex

from linter import REPOSITORY
from linter.naming import article_name
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.finding import Problem

T = TypeVar("T")
DOCS = f"{REPOSITORY}/blob/main/docs/writing-rules.md#patterns-that-take-too-long"
ISSUES = f"{REPOSITORY}/issues"
# Simple case folding. With full folding, `[\w-]` in any case matches “s” and “ss”, because it matches “ß”. “sss…” can
# then be split in so many ways that matching takes exponential time.
SIMPLE_FOLDING = "(?-f)"

_OFF = "turned off for the rest of the run"
_LEAST = 0.001  # seconds; with less than this left, a budget is used up
_LONG = 0.01  # seconds; for a longer call, the processor time is measured too
_SHORT = 500  # maximum code points of a text on which a trusted pattern is not timed


class Limits(NamedTuple):
    """The seconds that the patterns of a rule may take in one `call`, on one `article`, and in the `run` of a process.

    Each of these limits grows by `code_point` seconds for each code point of the searched text: the text of the call,
    the article, or all articles so far. This is about twenty times as long as an ordinary pattern needs, so an ordinary
    rule does not reach the limits, even in a long run.

    The time that a rule takes on an article beyond `code_point` seconds per code point is its excess. When the total
    excess of all rules on all articles reaches `all_rules` seconds, `reduced` replaces `run`.
    """

    call: float = 1.0
    article: float = 2.0
    run: float = 10.0
    all_rules: float = 60.0
    reduced: float = 0.1
    code_point: float = 4e-6


LIMITS = Limits()
_UNLIMITED = Limits(article=inf, run=inf, reduced=inf)


@dataclass(eq=False)
class RunTime:
    """The time that patterns take on all articles of a run.

    `read` is the number of code points of the articles so far, and `spent` has the seconds by rule. `excess` is the
    number of seconds by which all rules together exceeded the time that the articles so far allowed. `off` has the
    problem to report for each rule that is turned off for the rest of the run, by the name of the rule.
    """

    limits: Limits
    read: int = 0
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    excess: float = 0.0
    off: dict[str, Problem] = field(default_factory=dict)

    def left(self, rule: str) -> float:
        """Return the seconds that a rule may still take in the run."""
        base = self.limits.run if self.excess < self.limits.all_rules else self.limits.reduced
        return base + self.limits.code_point * self.read - self.spent[rule]


@dataclass(eq=False)
class ArticleTime:
    """The time that patterns take on one article of the run whose time is `run`.

    `path` and `record` are those of its source. Each rule may take `allowed` seconds because of the length of the
    article. `spent` has the seconds by rule, and `ignored` the problems to report for patterns in settings that were
    cut off (see `count_for`).
    """

    run: RunTime
    path: str = ""
    record: str = ""
    allowed: float = 0.0
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    ignored: list[Problem] = field(default_factory=list)


@dataclass(eq=False)
class Budget:
    """The time that the patterns of each rule have taken in one run, and may still take.

    Set `rule` to the name of the rule that runs next, `trusted` to whether its patterns come with copydesk, and
    `current` to the time of the article that it runs on. If `together` is false, each article counts as a run of its
    own, so that its result does not depend on other articles. For calls longer than 10 ms, processor time is counted if
    it is less than elapsed time, so that suspending the process has no effect.

    The time of trusted patterns on short texts is not counted, because the clock would take longer than most of these
    calls. They take linear time (`tests/test_linear.py`).
    """

    limits: Limits = field(default_factory=lambda: LIMITS)
    together: bool = True
    rule: str = ""
    trusted: bool = False
    _processor: float = 0.0

    def __post_init__(self) -> None:
        self.run = RunTime(self.limits)
        self.current = ArticleTime(self.run)

    @contextmanager
    def article(self, path: str, length: int, *, record: str | None = None, again: bool = False) -> Iterator[None]:
        """Count the time that patterns take within this context toward an article.

        The arguments are as in `time_of`.
        """
        rule = self.rule
        with self.counted():
            self.rule, self.current = rule, self.time_of(path, length, record=record, again=again)
            yield

    def time_of(self, path: str, length: int, *, record: str | None = None, again: bool = False) -> ArticleTime:
        """Return the time of an article with `length` code points, which is 0 so far.

        `path` and `record` are those of its source. `again` is true if the article has already been checked in this
        run; its length is then not counted a second time.
        """
        run = self.run if self.together else RunTime(self.limits)
        run.read += 0 if again and self.together else length
        return ArticleTime(run, path, record or "", self.limits.code_point * length)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the time that patterns take within this context toward `rule` and `current`, once they are set.

        Until `trusted` is set, patterns are not trusted.
        """
        self.rule, self.trusted, self.current = "", False, ArticleTime(self.run, allowed=inf)
        self._processor = thread_time()
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    def timeout(self, length: int) -> float:
        """Return the seconds that the next call may take on text of `length` code points.

        Raises TimeoutError if the budget of the current rule is used up.
        """
        limits, article = self.limits, self.current
        left = min(limits.article + article.allowed - article.spent[self.rule], article.run.left(self.rule))
        if left < _LEAST:
            raise TimeoutError
        return min(left, limits.call + limits.code_point * length)

    def spend(self, seconds: float) -> None:
        """Count a call that took `seconds` of elapsed time toward the budget of the current rule.

        If a call longer than 10 ms took less processor time, the processor time is counted instead.
        """
        if seconds > _LONG:
            now = thread_time()
            seconds = min(seconds, now - self._processor)
            self._processor = now
        article, run = self.current, self.current.run
        before = article.spent[self.rule]
        article.spent[self.rule] = after = before + seconds
        run.spent[self.rule] += seconds
        if after > article.allowed:
            run.excess += after - max(before, article.allowed)

    def cut_off(self, name: str, *, trusted: bool) -> Problem:
        """Return the problem to report for the rule `name`, which was cut off on the current article.

        If its budget for the run is used up, the rule is turned off, and the problem says so. `trusted` is true if the
        patterns of the rule come with copydesk.
        """
        from linter.finding import Problem

        path, record, run = self.current.path, self.current.record, self.current.run
        if name not in run.off and run.left(name) < _LEAST:
            last = article_name(path, record or None)
            message = f"{_OFF} because its patterns took too long, last on {last}; {_advice(trusted)}"
            run.off[name] = Problem(name, message)
        message = f"{name} was cut off on this article because its pattern took too long; {_advice(trusted)}"
        return run.off.get(name) or Problem(path, message, record)


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def current() -> Budget:
    """Return the current budget.

    Outside `Budget.counted` and `Budget.article`, return a new budget that limits only single calls.
    """
    return _CURRENT.get() or Budget(_UNLIMITED)


@contextmanager
def count_for(setting: str) -> Iterator[None]:
    """Count the time of patterns within this context toward a setting, not toward the current rule.

    A TimeoutError ends the context, and is reported as a problem of the setting.
    """
    own = current()
    rule, trusted, own.rule, own.trusted = own.rule, own.trusted, setting, False
    try:
        yield
    except TimeoutError:
        own.current.ignored.append(own.cut_off(setting, trusted=False))
    finally:
        own.rule, own.trusted = rule, trusted


def merged(problems: list[Problem]) -> tuple[Problem, ...]:
    """Return the problems of all processes, sorted and without duplicates.

    If several processes turned off the same rule, only one problem is reported for it.
    """
    found: dict[tuple[str, str, str], Problem] = {}
    for problem in sorted(problems):
        key = (problem.path, _OFF if problem.message.startswith(_OFF) else problem.message, problem.record)
        found.setdefault(key, problem)
    return tuple(found.values())


def _advice(trusted: bool) -> str:
    if trusted:
        return f"this is a bug in copydesk, please report it with the article: {ISSUES}"
    return f"to make it faster, see {DOCS}"


_WORD = lazy_regex(r"\w")


def matches(pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """Yield the nonempty matches of `pattern` in `text`, in order.

    Raises TimeoutError if the pattern takes longer than the current budget allows, or needs too much memory.
    """
    own = current()
    if own.trusted and len(text) <= _SHORT:
        yield from [match for match in pattern.finditer(text) if match.end() > match.start()]
        return
    timeout, start = own.timeout(len(text)), monotonic()
    try:
        for match in pattern.finditer(text, timeout=timeout):
            if match.end() > match.start():
                yield match
    except MemoryError as error:  # `regex` gives up when the stack for backtracking reaches 1 GB
        raise TimeoutError from error
    finally:
        own.spend(monotonic() - start)


def match_list(pattern: regex.Pattern[str], text: str) -> list[regex.Match[str]]:
    """Return the nonempty matches of `pattern` in `text`, in order. If there are many, this is faster than `matches`.

    Raises TimeoutError like `matches`.
    """
    return _timed(lambda timeout: [match for match in pattern.finditer(text, timeout=timeout) if match[0]], text)


def match_texts(pattern: regex.Pattern[str], text: str, *, cut_off: bool = True) -> list[str]:
    """Return the texts of all matches of `pattern` in `text`, in order, including empty ones.

    If the pattern has groups, they are the texts of the groups. Raises TimeoutError like `matches`. If `cut_off` is
    false, the search itself is never cut off, which is several times faster if there are many matches.
    """
    if not cut_off:
        return _timed(lambda _: pattern.findall(text), text)
    return _timed(lambda timeout: pattern.findall(text, timeout=timeout), text)


def search(pattern: regex.Pattern[str], text: str, start: int = 0) -> regex.Match[str] | None:
    """Return the first nonempty match of `pattern` in `text` from the offset `start`, or None if there is none.

    Raises TimeoutError like `matches`.
    """
    while match := _timed(lambda timeout, start=start: pattern.search(text, start, timeout=timeout), text):  # type: ignore[misc]
        if match.end() > match.start() or match.end() == len(text):
            break
        start = match.end() + 1
    return match if match and match[0] else None


def match_at(pattern: regex.Pattern[str], text: str, place: int) -> regex.Match[str] | None:
    """Return the match of `pattern` at the offset `place` in `text`, or None if there is none or it is empty.

    Raises TimeoutError like `matches`.
    """
    match = _timed(lambda timeout: pattern.match(text, place, timeout=timeout), text)
    return match if match and match.end() > match.start() else None


def holds(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether `pattern` matches anywhere in `text`. An empty match counts too. Raises TimeoutError like `matches`."""
    return _timed(lambda timeout: pattern.search(text, timeout=timeout), text) is not None


def fits(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether `text` is not empty and `pattern` matches all of it. Raises TimeoutError like `matches`."""
    return text != "" and _timed(lambda timeout: pattern.fullmatch(text, timeout=timeout), text) is not None


def _timed(call: Callable[[float | None], T], text: str) -> T:
    """Return `call(timeout)`, a search of `text`, and count its time toward the current budget.

    `timeout` is None if the search is not timed.
    """
    own = current()
    if own.trusted and len(text) <= _SHORT:
        return call(None)
    timeout, start = own.timeout(len(text)), monotonic()
    try:
        return call(timeout)
    except MemoryError as error:
        raise TimeoutError from error
    finally:
        own.spend(monotonic() - start)


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
