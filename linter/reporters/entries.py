"""Groups and findings as entries of the terminal report: with an excerpt, or on one line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linter.finding import CONTEXT, Finding
from linter.reporters import CountedGroup
from linter.rule import Rule
from linter.styled_text import ELLIPSIS, STAND_IN, Lines, Part, cells, cut, head, tail, visible

SIGNS = {"error": "✖", "warning": "!", "info": "·"}
_MAX_LISTED = 4  # line numbers at most beside a group on one line; of more it gives the number
_MIN_LISTED = 3  # line numbers that a list is not cut below to make room for other words


@dataclass(frozen=True)
class Entries:
    """Writes entries into `lines`; `digits` is the width of the line numbers beside them."""

    lines: Lines
    digits: int

    def full(self, group: Group) -> None:
        """A heading, the example with its excerpt, what to do, and where the others are."""
        finding = group.example
        first, *others = sentences(_message(finding))
        heading = group.headline or first.rstrip(".")
        message = _message(finding) if group.headline else " ".join(others)
        number = f" ({len(group.findings):,})" if len(group.findings) > 1 else ""
        sign = (f"{SIGNS[finding.severity]} ", finding.severity)
        self.lines.wrapped(sign, ("  ", ""), (heading + number, "strong"), (group.rules, "faint"))
        self._marked(finding, message)
        for text in self._other_lines(group):
            self.lines.put((" " * (self.digits + 5), ""), (text, ""))

    def short(self, group: Group) -> None:
        """The message of the first finding; of a warning its first sentence will do, to keep to one line."""
        first, rest = self._gutter(group.example.line), self._gutter()
        text = _one_line(group, self.lines.width - cells(first[0]) - 2 - cells(group.rules))
        self.lines.wrapped(first, rest, (text, ""), (group.rules, "faint"))

    def folded(self, covers: Sequence[Finding], alone: bool) -> None:
        """How many findings folded into `covers`; `alone` where nothing else stands under the title."""
        if covers:
            text = folded_phrase(covers).replace(" more", "", 1) if alone else f"and {folded_phrase(covers)}"
            self.lines.put((" " * (self.digits + 5), ""), (text, ""))

    def single(self, finding: Finding) -> None:
        """One finding with its excerpt and its whole message."""
        self._marked(finding, _message(finding), SIGNS[finding.severity], (finding.rule, "faint"))

    def numbered(self, finding: Finding, number: int) -> None:
        """One finding as the one of this number among several of one rule; `digits` leave room for it."""
        self._marked(finding, _message(finding), f"{number}", ("", ""))

    def _marked(self, finding: Finding, message: str, sign: str = "", right: Part = ("", "")) -> None:
        lines, gutter = self.lines, self._gutter()
        text, offset, length = excerpt(finding, lines.width - cells(gutter[0]))
        number = self._gutter(finding.line)[0]
        lines.put((sign, finding.severity), (number[len(sign) :], "faint"), (text, ""))
        marks = (" " * offset + "^" * length, finding.severity)
        room = lines.width - cells(gutter[0]) - offset - length - (right[0] != "" and 2 + cells(right[0]))
        if message and cells(message) < room:
            lines.put(gutter, marks, (f" {message}", ""), right=right)
            return
        beside = right if room >= 0 else ("", "")
        lines.put(gutter, marks, right=beside)
        if message:
            lines.wrapped(gutter, gutter, (message, ""), ("", "") if beside[0] else right)

    def _gutter(self, line: int | None = None) -> Part:
        return f"  {line or '':>{self.digits}} │ ", "faint"

    def _other_lines(self, group: Group) -> Iterator[str]:
        """“and 6 more: lines 13 (3), 14, 15, 18”, and how many are inside something else."""
        room = self.lines.width - self.digits - 5
        folded_text, lines = folded_phrase(group.covers), group.lines()
        if not lines:
            yield from [f"and {folded_text}"] if folded_text else []
            return
        text = _listed(lines, room - cells(folded_text) - 2 if folded_text else room)
        if folded_text and text.endswith("…") and text.count(",") < _MIN_LISTED:
            yield _listed(lines, room)
            yield f"and {folded_text}"
        else:
            yield f"{text}; {folded_text}" if folded_text else text


def folded_phrase(covers: Sequence[Finding]) -> str:
    """“3 more in the page code above” of findings that folded into `covers`, or nothing."""
    place = "the page code" if all(pack_name(cover) == "leaks" for cover in covers) else "what is marked"
    return f"{len(covers):,} more in {place} above" if covers else ""


def _message(finding: Finding) -> str:
    return visible(" ".join(finding.message.split()))


def sentences(message: str) -> list[str]:
    """The sentences of a message, at least one; what it quotes is not looked into."""
    found, start, quoted = [], 0, False
    for at, character in enumerate(message):
        if character in "“”":
            quoted = character == "“"
        elif character in ".?!" and not quoted and message[at + 1 : at + 2] == " ":
            found.append(message[start : at + 1].strip())
            start = at + 1
    return [*found, message[start:].strip()]


def _one_line(group: Group, room: int) -> str:
    """What a group says on one line of `room` cells; where nothing fits, what is to be said on more than one."""
    parts, suffixes = sentences(_message(group.example)), _other_counts(group)
    for size in range(len(parts), 0, -1):
        if size < len(parts) and (group.example.severity == "error" or parts[size - 1].endswith("?")):
            continue
        message = " ".join(parts[:size])
        for suffix in suffixes:
            text = message.rstrip(".") + suffix if suffix or size == 1 else message
            if cells(text) <= room:
                return text
    return text


def _other_counts(group: Group) -> list[str]:
    """What a group on one line says of its other findings behind the message, the longest first."""
    if len(group.findings) == 1:
        return [""]
    number, lines = f" ({len(group.findings):,})", group.lines()
    if group.covers and not lines:
        return [f" ({folded_phrase(group.covers)})", number]
    if group.covers or len(lines) > _MAX_LISTED or group.example.line in lines or max(lines.values()) > 1:
        return [number]
    places = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
    same = all(finding.message == group.example.message for finding in group.shown)
    return [f" (also {places})" if same else f" (and {len(lines)} more: {places})", number]


def _listed(lines: Counter[int], room: int) -> str:
    """“and 6 more: lines 13 (3), 14, 15, …” in `room` cells."""
    more = f"and {lines.total():,} more"
    if len(lines) == 1:
        return f"{more} on line {next(iter(lines))}"
    places = [f"{line} ({number:,})" if number > 1 else str(line) for line, number in lines.items()]
    for size in range(min(len(places), room), 0, -1):
        text = f"{more}: lines {', '.join(places[:size])}{', …' if size < len(places) else ''}"
        if cells(text) <= room:
            return text
    return f"{more}, …"


# Findings of one kind as one group, and those inside a leak folded into it.

_SHORT = 40  # cells of a match that a message can hold and still be read at a glance
_LARGE = 10  # findings; groups of warnings from this size on get an excerpt
_LARGEST = 2  # and so do as many of the largest ones


@dataclass(frozen=True, eq=False)
class Group:
    """Findings of one severity whose rules share a headline, or of one rule without one, in page order.

    `shown` are those that stand on their own, at least one; `covers` are the errors around the others.
    """

    headline: str
    findings: tuple[Finding, ...]
    shown: tuple[Finding, ...]
    covers: tuple[Finding, ...]

    @property
    def example(self) -> Finding:
        return self.shown[0]

    @property
    def rules(self) -> str:
        """The rule of the example, and how many others are in the group: `spacing/after-comma +1`."""
        others = len({finding.rule for finding in self.findings}) - 1
        return f"{self.example.rule} +{others}" if others else self.example.rule

    @property
    def is_self_explanatory(self) -> bool:
        """Whether it is one finding whose message quotes the words it is about."""
        return len(self.shown) == 1 and quotes_match(self.example)

    def lines(self) -> Counter[int]:
        """How many of the findings shown, without the example, stand on which line."""
        return Counter(finding.line for finding in self.shown[1:])


def quotes_match(finding: Finding) -> bool:
    """Whether the message holds the words found, in quotation marks or before a colon, and they are short."""
    match = " ".join(finding.text.split())
    if not match or cells(match) > _SHORT:
        return False
    if finding.message.startswith(f"{match}: ") or f"“{match}”" in finding.message:
        return True
    quoted = (part.partition("”")[0] for part in finding.message.split("“")[1:])
    return any(match in part for part in quoted)


class Section(NamedTuple):
    """Findings of one article and one severity: groups with an excerpt, groups of one line, both in order.

    `covers` are the errors around the findings of groups of which nothing stands on its own.
    """

    full: list[Group]
    short: list[Group]
    covers: list[Finding]


def section(findings: Sequence[Finding], covers: Mapping[Finding, Finding], rules: Mapping[str, Rule]) -> Section:
    """Sort findings of one severity into groups.

    A single finding whose message quotes its words needs no excerpt. Every other group of errors has one; of
    other warnings the two largest groups have one, and any of ten or more. Among errors those lead that others
    folded into, then those that mark more of the text, since so much of it would a reader see; warnings go by
    their number; equal ones by their place.
    """
    by_kind: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_kind[_headline(finding, rules) or finding.rule].append(finding)
    groups: list[Group] = []
    fully_folded: list[Finding] = []
    for members in by_kind.values():
        shown = tuple(finding for finding in members if finding not in covers)
        around = tuple(covers[finding] for finding in members if finding in covers)
        if shown:
            groups.append(Group(_headline(members[0], rules), tuple(members), shown, around))
        else:
            fully_folded += around
    covering = frozenset(covers.values())
    groups.sort(key=lambda group: _rank(group, covering))
    full = _with_excerpt(groups)
    return Section(
        [group for group in groups if group in full], [group for group in groups if group not in full], fully_folded
    )


def _headline(finding: Finding, rules: Mapping[str, Rule]) -> str:
    return rules[finding.rule].headline if finding.rule in rules else ""


def _rank(group: Group, covering: frozenset[Finding]) -> tuple[bool, bool, int]:
    if group.example.severity != "error":
        return False, False, -len(group.findings)
    marked = sum(finding.end - finding.start for finding in group.shown)
    return covering.isdisjoint(group.shown), bool(group.covers), -marked


def _with_excerpt(groups: Sequence[Group]) -> set[Group]:
    """Those of `groups`, the largest of which come first, that one line does not do for."""
    candidates = [group for group in groups if not group.is_self_explanatory]
    return {
        group
        for rank, group in enumerate(candidates)
        if group.example.severity == "error" or rank < _LARGEST or len(group.findings) >= _LARGE
    }


def folded_findings(findings: Iterable[Finding]) -> dict[Finding, Finding]:
    """Findings of one article that lie inside a longer error of another rule → that error.

    An error folds only into one of its own pack: spilled page code is one thing, the bad link in it another.
    """
    folded: dict[Finding, Finding] = {}
    widest: list[Finding] = []  # of the errors begun so far that which ends last, and that of another rule
    for finding in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        for cover in widest:
            if cover.rule != finding.rule and _covers(cover, finding):
                folded[finding] = cover
                break
        if finding.severity == "error":
            widest = _two_widest(widest, finding)
    return folded


def _covers(cover: Finding, finding: Finding) -> bool:
    longer = cover.end - cover.start > finding.end - finding.start
    return (
        longer and finding.end <= cover.end and (finding.severity != "error" or pack_name(cover) == pack_name(finding))
    )


def _two_widest(widest: list[Finding], finding: Finding) -> list[Finding]:
    ranked = sorted([*widest, finding], key=lambda finding: -finding.end)
    return [ranked[0], *[other for other in ranked[1:] if other.rule != ranked[0].rule][:1]]


def pack_name(finding: Finding) -> str:
    return finding.rule.partition("/")[0]


# The line of an article that a finding stands on, cut to fit, and where the mark under the finding goes.

_READ = 512  # code points looked at on either end of a long finding: more than any terminal shows
_BEFORE_SHARE = 2, 5  # share of the context that stands before the finding, where both sides are long
_WORD = 16  # cells; a word is kept whole at a cut unless it is longer


class Excerpt(NamedTuple):
    """`text` is safe to print; the finding lies `offset` cells from its start and is `length` ≥ 1 cells wide."""

    text: str
    offset: int
    length: int


def excerpt(finding: Finding, room: int) -> Excerpt:
    """The finding on its line in at most `room` cells (≥ 10).

    A long finding shows both of its ends; what is left of the line is cut to … around a short one. Of a
    finding over several lines the line ends are shown.
    """
    before, more_before = visible(finding.before), finding.column - 1 > len(finding.before)
    after, more_after = visible(finding.after), len(finding.after) >= CONTEXT
    before = before if more_before else before.lstrip()
    after = after if more_after else after.rstrip()
    left_least, right_least = int(more_before or bool(before)), int(more_after or bool(after))
    match = _visible_match(finding.text)
    spare = room - max(1, cells(match))
    if spare < left_least + right_least:
        left, right = ELLIPSIS * left_least, ELLIPSIS * right_least
        match = _both_ends(match, room - left_least - right_least)
    else:
        share = max(left_least, spare * _BEFORE_SHARE[0] // _BEFORE_SHARE[1], spare - cells(after) - more_after)
        left = _left(before, more_before, min(share, spare - right_least))
        right = _right(after, more_after, spare - cells(left))
    return Excerpt(left + match + right, cells(left), max(1, cells(match)))


def _visible_match(text: str) -> str:
    if len(text) > 2 * _READ:
        text = text[:_READ] + ELLIPSIS + text[-_READ:]
    return visible(text) or STAND_IN * bool(text)


def _both_ends(match: str, room: int) -> str:
    size = (room - 1) // 2
    return f"{head(match, size)}{ELLIPSIS}{tail(match, room - 1 - size)}"


def _left(text: str, more: bool, room: int) -> str:
    """The end of `text` in `room` cells, from the start of a word; … for what does not show."""
    if not more and cells(text) <= room:
        return text
    kept = tail(text, room - 1)
    space = kept.find(" ", 0, _WORD)
    at_word = text[: len(text) - len(kept)].endswith(" ")
    if space >= 0 and not at_word:
        kept = kept[space + 1 :]
    return ELLIPSIS + kept.lstrip()


def _right(text: str, more: bool, room: int) -> str:
    """The start of `text` in `room` cells, up to the end of a word; … for what does not show."""
    if not more and cells(text) <= room:
        return text
    kept = head(text, room - 1)
    space = kept.rfind(" ", max(0, len(kept) - _WORD))
    at_word = text[len(kept) :].startswith(" ")
    if space >= 0 and not at_word:
        kept = kept[:space]
    return kept.rstrip() + ELLIPSIS


# Findings of many articles as a table with one line a rule, a pack or a folder.

_NUMBERS = 2 + 24  # cells of the sign and of the numbers
_NAME = 32  # cells at most of a name that has more to be said of it
_READABLE = 20  # cells; a summary in less is left out


def text_table(
    lines: Lines, what: str, groups: Sequence[CountedGroup], rules: Mapping[str, Rule] | None = None
) -> None:
    """Write name, findings and articles of each, and the summaries of `rules`; `what` heads the column of names."""
    most = lines.width - _NUMBERS if rules is None else _NAME
    width = min(most, max(cells(visible(group.name)) for group in groups))
    room = lines.width - _NUMBERS - width
    lines.put((f"  {what:<{width}}  findings  articles", "faint"))
    for group in groups:
        name = visible(group.name)
        name = name if cells(name) <= width else ELLIPSIS + tail(name, width - 1)
        summary = rules[group.name].summary if rules and group.name in rules and room >= _READABLE else ""
        lines.put(
            (f"{SIGNS[group.severity]} ", group.severity),
            (f"{name}{' ' * (width - cells(name))}  {group.findings:>8,}  {group.articles:>8,}", ""),
            (f"  {cut(summary, room - 2)}", "faint"),
        )
