"""Write the entries of the terminal report: groups of findings, in full or on one line, and tables of counts."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from linter.finding import CONTEXT, Finding, findings_inside
from linter.reporters import CountedGroup, article_count, number_phrase
from linter.rule import Rule
from linter.styled_text import ELLIPSIS, STAND_IN, Lines, Part, cells, cut, cut_start, head, tail, visible

SIGNS = {"error": "✖", "warning": "!", "info": "·"}
_MAX_LISTED = 4  # line numbers shown for a group on one line; if there are more, they are only counted
_MIN_LISTED = 3  # line numbers to keep when a list is cut to make room for other text

_MAX_PLACES = 3  # places that a group of findings in several articles shows

_MAX_QUOTED = 40  # cells of a quoted match that is short enough to read at a glance
_MIN_EXCERPT_FINDINGS = 10  # findings; a group of warnings of this size gets an excerpt
_MAX_EXCERPT_GROUPS = 2  # groups of warnings that get an excerpt because they are the largest

_MAX_END = 512  # code points kept at either end of a long match; this is more than any terminal shows
_BEFORE_SHARE = 2, 5  # as a fraction: the share of the context before the finding, if both sides are long
_MAX_WORD = 16  # cells; a longer word may be cut

_NUMBER_COLUMNS = 2 + 24  # cells of the sign and of the numbers
_MAX_NAME = 32  # cells of a name that is followed by a summary
_MIN_SUMMARY = 20  # cells; a summary with less room is left out


@dataclass(frozen=True, eq=False)
class Group:
    """Findings in one article, in page order. They have the same severity, and their rules have the same summary.

    A finding inside a longer error (see `folded_findings`) is not shown, but only counted. `shown` are all other
    findings, at least one. `covers` has the longer error for each finding that is only counted.
    """

    summary: str
    findings: tuple[Finding, ...]
    shown: tuple[Finding, ...]
    covers: tuple[Finding, ...]

    @property
    def example(self) -> Finding:
        """The finding that represents the group: the first one that is shown."""
        return self.shown[0]

    @property
    def rules(self) -> str:
        """The rule of the example and the number of other rules: `spacing/after-comma +1 rule`."""
        others = len({finding.rule for finding in self.findings}) - 1
        return f"{self.example.rule} +{number_phrase(others, 'rule')}" if others else self.example.rule

    @property
    def is_self_explanatory(self) -> bool:
        """Whether only one finding is shown, and its message quotes the matched text."""
        return len(self.shown) == 1 and quotes_match(self.example)

    def lines(self) -> Counter[int]:
        """Return the number of shown findings on each line, not counting the example."""
        return Counter(finding.line for finding in self.shown[1:])


def quotes_match(finding: Finding) -> bool:
    """Whether the matched text takes at most 40 cells, and the message of the finding quotes it.

    Text counts as quoted if it is between curly quotation marks, or between a colon and a period.
    """
    match = " ".join(finding.text.split())
    if not match or cells(match) > _MAX_QUOTED:
        return False
    if any(quoted in finding.message for quoted in (f"“{match}”", f": {match}.")):
        return True
    quoted = (part.partition("”")[0] for part in finding.message.split("“")[1:])
    return any(match in part for part in quoted)


class Section(NamedTuple):
    """The groups of findings of one severity in one article.

    `full` are the groups that are shown with an excerpt, and `short` are those that are shown on one line. If all
    findings of a group are inside longer errors (see `folded_findings`), the group is in neither list, and `covers` has
    the longer error for each of its findings.
    """

    full: list[Group]
    short: list[Group]
    covers: list[Finding]


def section(findings: Sequence[Finding], covers: Mapping[Finding, Finding], rules: Mapping[str, Rule]) -> Section:
    """Divide the findings of one severity into groups with and without an excerpt.

    A group gets no excerpt if it shows a single finding whose message quotes the matched text. All other groups of
    errors get an excerpt. Of the other groups of warnings, only the two largest groups, and groups with ten or more
    findings, get an excerpt. `covers` is the result of `folded_findings`.

    Groups of errors with an excerpt are sorted by these criteria, the most important first:
    1. Groups with an error that contains other findings come first.
    2. Groups with findings inside longer errors come last.
    3. Groups that mark more text come first.

    Groups of warnings with an excerpt are sorted by number of findings, largest first. Groups without an excerpt are in
    page order.
    """
    by_kind: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        summary = rules[finding.rule].summary if finding.rule in rules else ""
        by_kind[summary, "" if summary else finding.rule].append(finding)
    groups: list[Group] = []
    fully_folded: list[Finding] = []
    for (summary, _), members in by_kind.items():
        shown = tuple(finding for finding in members if finding not in covers)
        fold_covers = tuple(covers[finding] for finding in members if finding in covers)
        if shown:
            groups.append(Group(summary, tuple(members), shown, fold_covers))
        else:
            fully_folded += fold_covers
    covering = frozenset(covers.values())
    groups.sort(key=lambda group: _rank(group, covering))
    full = {
        group
        for rank, group in enumerate(group for group in groups if not group.is_self_explanatory)
        if group.example.severity == "error"
        or rank < _MAX_EXCERPT_GROUPS
        or len(group.findings) >= _MIN_EXCERPT_FINDINGS
    }
    short = sorted((group for group in groups if group not in full), key=lambda group: group.example.start)
    return Section([group for group in groups if group in full], short, fully_folded)


def _rank(group: Group, covering: frozenset[Finding]) -> tuple[bool, bool, int]:
    if group.example.severity != "error":
        return False, False, -len(group.findings)
    marked = sum(finding.end - finding.start for finding in group.shown)
    return covering.isdisjoint(group.shown), bool(group.covers), -marked


def folded_findings(findings: Iterable[Finding]) -> dict[Finding, Finding]:
    """Map each finding inside an error of another rule to that error. The terminal report only counts the former."""
    return findings_inside(findings, lambda finding: finding.severity == "error")


class Excerpt(NamedTuple):
    """The line of a finding as printable text.

    The finding begins at the cell `offset`, counted from 0, and is `length` cells wide. `length` is at least 1.
    """

    text: str
    offset: int
    length: int


def excerpt(finding: Finding, room: int) -> Excerpt:
    """Return the line of a finding, cut to at most `room` cells. `room` must be at least 10.

    If the finding does not fit, its middle is cut. Otherwise, the text before and after the finding is cut where
    necessary, between words if possible. An ellipsis marks each cut. Line ends inside a finding are shown as a symbol.
    """
    before, more_before = visible(finding.before), finding.column - 1 > len(finding.before)
    after, more_after = visible(finding.after), len(finding.after) >= CONTEXT
    before = before if more_before else before.lstrip()
    after = after if more_after else after.rstrip()
    left_least, right_least = int(more_before or bool(before)), int(more_after or bool(after))
    match = finding.text
    if len(match) > 2 * _MAX_END:
        match = match[:_MAX_END] + ELLIPSIS + match[-_MAX_END:]
    match = visible(match) or STAND_IN * bool(match)
    spare = room - max(1, cells(match))
    if spare < left_least + right_least:
        left, right = ELLIPSIS * left_least, ELLIPSIS * right_least
        room -= left_least + right_least
        match = f"{head(match, (room - 1) // 2)}{ELLIPSIS}{tail(match, room // 2)}"
    else:
        share = max(left_least, spare * _BEFORE_SHARE[0] // _BEFORE_SHARE[1], spare - cells(after) - more_after)
        left = _left(before, more_before, min(share, spare - right_least))
        right = _right(after, more_after, spare - cells(left))
    return Excerpt(left + match + right, cells(left), max(1, cells(match)))


def _left(text: str, more: bool, room: int) -> str:
    """Return the end of `text` in at most `room` cells, with an ellipsis if it is cut.

    `more` is true if `text` itself was already cut at its start.
    """
    if not more and cells(text) <= room:
        return text
    kept = tail(text, room - 1)
    space = kept.find(" ", 0, _MAX_WORD)
    at_word = text[: len(text) - len(kept)].endswith(" ")
    if space >= 0 and not at_word:
        kept = kept[space + 1 :]
    return ELLIPSIS + kept.lstrip()


def _right(text: str, more: bool, room: int) -> str:
    """Return the start of `text` in at most `room` cells, with an ellipsis if it is cut.

    `more` is true if `text` itself was already cut at its end.
    """
    if not more and cells(text) <= room:
        return text
    kept = head(text, room - 1)
    space = kept.rfind(" ", max(0, len(kept) - _MAX_WORD))
    at_word = text[len(kept) :].startswith(" ")
    if space >= 0 and not at_word:
        kept = kept[:space]
    return kept.rstrip() + ELLIPSIS


@dataclass(frozen=True)
class Entries:
    """Writes entries to `lines`. `digits` is the width of the column of line numbers, in cells."""

    lines: Lines
    digits: int

    def full(self, group: Group) -> None:
        """Write a group in full: heading, excerpt, message of its example, and line numbers of its other findings."""
        finding = group.example
        first, *others = sentences(_message(finding))
        heading = group.summary or first.rstrip(".")
        message = _message(finding) if group.summary else " ".join(others)
        number = f" ({len(group.findings):,})" if len(group.findings) > 1 else ""
        sign = (f"{SIGNS[finding.severity]} ", finding.severity)
        self.lines.wrapped(sign, ("  ", ""), (heading + number, "strong"), (group.rules, "faint"))
        self._marked(finding, message)
        for text in self._other_lines(group):
            self.lines.put((" " * (self.digits + 5), ""), (text, ""))

    def short(self, group: Group) -> None:
        """Write a group on one line, or on several lines if necessary: the message of its example, and a count."""
        sign = SIGNS[group.example.severity]
        first, rest = (f"{sign}{self._gutter(group.example.line)[0][1:]}", group.example.severity), self._gutter()
        text = _one_line(group, self.lines.width - cells(first[0]) - 2 - cells(group.rules))
        self.lines.wrapped(first, rest, (text, ""), (group.rules, "faint"))

    def of_folder(self, group: Group) -> None:
        """Write a group of findings in several articles: a heading, the message if it is an error, and three places."""
        lines, finding = self.lines, group.example
        heading = group.summary or sentences(_message(finding))[0].rstrip(".")
        if len(group.findings) > 1:
            articles = number_phrase(article_count(group.findings), "article")
            heading = f"{heading} ({len(group.findings):,} in {articles})"
        sign = (f"{SIGNS[finding.severity]} ", finding.severity)
        lines.wrapped(sign, ("  ", ""), (heading, "strong"), (group.rules, "faint"))
        if finding.severity == "error":
            lines.wrapped(("  ", ""), ("  ", ""), (_message(finding), ""))
        lines.put(("  ", ""), (_places(group.findings, lines.width - 2), ""))

    def folded(self, covers: Sequence[Finding], alone: bool) -> None:
        """Write how many findings are inside the longer errors `covers`, or nothing if `covers` is empty.

        `covers` has one item for each such finding. `alone` is true if the section has no other entry.
        """
        if covers:
            text = folded_phrase(covers).replace(" more", "", 1) if alone else f"and {folded_phrase(covers)}"
            self.lines.put((" " * (self.digits + 5), ""), (text, ""))

    def single(self, finding: Finding) -> None:
        """Write one finding: its position (a click opens the file there in many terminals), excerpt and message."""
        lines, sign, right = self.lines, SIGNS[finding.severity], (finding.rule, "faint")
        place, message = visible(finding.place), _message(finding)
        if cells(f"{sign} {place}  {finding.rule}") > lines.width:
            right, message = ("", ""), f"{message} [{finding.rule}]"
        lines.put((f"{sign} ", finding.severity), (place, "strong"), right=right)
        self._marked(finding, message)

    def numbered(self, finding: Finding, number: int) -> None:
        """Write a finding with its number in front of the line number. `digits` must leave room for both."""
        self._marked(finding, _message(finding), f"{number}")

    def _marked(self, finding: Finding, message: str, number: str = "") -> None:
        lines, gutter = self.lines, self._gutter()
        if not (finding.before or finding.text or finding.after):  # a file that cannot be read, or --redact
            lines.wrapped(self._gutter(finding.line), gutter, (message or finding.rule, ""))
            return
        text, offset, length = excerpt(finding, lines.width - cells(gutter[0]))
        lines.put((number, ""), (self._gutter(finding.line)[0][len(number) :], "faint"), (text, ""))
        marks = (" " * offset + "^" * length, finding.severity)
        if message and cells(message) < lines.width - cells(gutter[0]) - offset - length:
            lines.put(gutter, marks, (f" {message}", ""))
            return
        lines.put(gutter, marks)
        if message:
            lines.wrapped(gutter, gutter, (message, ""))

    def _gutter(self, line: int | None = None) -> Part:
        return f"  {line or '':>{self.digits}} │ ", "faint"

    def _other_lines(self, group: Group) -> Iterator[str]:
        """Yield lines that count the findings besides the example, such as “and 6 more: lines 13 (3), 14, 15, 18”."""
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


def _places(findings: Sequence[Finding], room: int) -> str:
    """Return up to three places of findings, in different articles if possible, with the matched text if there is room.

    If the paths do not fit, the folder that they share is left out, and then their ends. The result has at most `room`
    cells.
    """
    by_article = {finding.article: finding for finding in reversed(findings)}
    firsts = sorted(by_article.values(), key=attrgetter("order"))
    chosen = [*firsts, *(finding for finding in findings if finding not in firsts)][:_MAX_PLACES]
    share = (room - 2 * (len(chosen) - 1)) // len(chosen)
    names = [visible(finding.name) for finding in chosen]
    if any(cells(name) + cells(f":{finding.line}") > share for name, finding in zip(names, chosen, strict=True)):
        shared = len(posixpath.commonprefix([name.split("/")[:-1] for name in names]))
        names = ["/".join(name.split("/")[shared:]) for name in names]
    parts = []
    for name, finding in zip(names, chosen, strict=True):
        line, match = f":{finding.line}", visible(" ".join(finding.text.split()))
        quoted = f" “{match}”" if match and cells(match) + 3 <= share // 2 else ""
        parts.append(cut(name, share - cells(line + quoted)) + line + quoted)
    return ", ".join(parts)


def folded_phrase(covers: Sequence[Finding]) -> str:
    """Return a phrase such as “3 more in the page code above”, or "" if `covers` is empty.

    `covers` has, for each finding that is only counted, the longer error around it.
    """
    place = "the page code" if all(cover.pack == "leaks" for cover in covers) else "the marked text"
    return f"{len(covers):,} more in {place} above" if covers else ""


def _message(finding: Finding) -> str:
    return visible(" ".join(finding.message.split()))


def sentences(message: str) -> list[str]:
    """Split a message into sentences, at least one. Quoted text is not split."""
    found, start, quoted = [], 0, False
    for at, character in enumerate(message):
        if character in "“”":
            quoted = character == "“"
        elif character in ".?!" and not quoted and message[at + 1 : at + 2] == " ":
            found.append(message[start : at + 1].strip())
            start = at + 1
    return [*found, message[start:].strip()]


def _one_line(group: Group, room: int) -> str:
    """Return the message of a group, with a count of its findings if there are several.

    The result has at most `room` cells if possible.
    """
    message = _message(group.example)
    is_short = len(sentences(message)) == 1  # a single sentence needs no period
    for suffix in _other_counts(group):
        text = message.rstrip(".") + suffix if suffix or is_short else message
        if cells(text) <= room:
            break
    return text


def _other_counts(group: Group) -> list[str]:
    """Return alternative endings for the one-line message of a group, longest first.

    Each ending gives the number of findings or says where the other findings are. For a single finding, return [""].
    """
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
    """Return a phrase such as “and 6 more: lines 13 (3), 14, 15, …”, in at most `room` cells if possible.

    `lines` maps each line to the number of findings on it.
    """
    more = f"and {lines.total():,} more"
    if len(lines) == 1:
        return f"{more} on line {next(iter(lines))}"
    places = [f"{line} ({number:,})" if number > 1 else str(line) for line, number in lines.items()]
    for size in range(min(len(places), room), 0, -1):
        text = f"{more}: lines {', '.join(places[:size])}{', …' if size < len(places) else ''}"
        if cells(text) <= room:
            return text
    return f"{more}, …"


def text_table(
    lines: Lines, what: str, groups: Sequence[CountedGroup], rules: Mapping[str, Rule] | None = None
) -> None:
    """Write a table of counts: name, findings, articles and, if `rules` is given, the summary of each rule.

    `what` is the heading of the first column. Summaries are left out if there is no room for them.
    """
    most = lines.width - _NUMBER_COLUMNS if rules is None else min(_MAX_NAME, lines.width - _NUMBER_COLUMNS)
    width = min(most, max(cells(visible(group.name)) for group in groups))
    room = lines.width - _NUMBER_COLUMNS - width
    lines.put((f"  {what:<{width}}  findings  articles", "faint"))
    for group in groups:
        name = cut_start(visible(group.name), width)
        summary = rules[group.name].summary if rules and group.name in rules and room >= _MIN_SUMMARY else ""
        lines.put(
            (f"{SIGNS[group.severity]} ", group.severity),
            (f"{name}{' ' * (width - cells(name))}  {group.findings:>8,}  {group.articles:>8,}", ""),
            (f"  {cut(summary, room - 2)}" if summary else "", "faint"),
        )
