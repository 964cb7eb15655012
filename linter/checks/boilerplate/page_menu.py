"""Menus and lists of teasers in Markdown that was converted from a whole page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import methodcaller
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from linter.checks.boilerplate._standalone_lines import StandaloneLine, StandaloneLines, standalone_lines
from linter.document import OBJECT, Document, Link, Span
from linter.rule import Match
from linter.source_edits import line_deletion
from linter.views import per_document

_MIN_LABELS = 3  # minimum number of labels in a menu, or of teasers in a list
_MIN_LINKS = 5  # minimum links of a menu on lines of their own
_MAX_LINK_LENGTH = 200  # maximum code points of the text of a link
_SPACE = f" \n{OBJECT}"  # characters that may surround the text of a link
_MAX_TITLE_WORDS = 6  # maximum words of a line above a menu that belongs to it
_MAX_LINES_ABOVE = 6  # maximum lines above a menu that may belong to it
_MAX_TEASER_DISTANCE = 12  # maximum lines between the ends of two teasers


@dataclass(frozen=True)
class PageMenu:
    """Menus and lists of teasers in Markdown, recognized by the texts of their links.

    `labels` are link texts, in any case. `form` is `menu` or `teasers`. Only links with a full URL count, and only on
    lines that consist of links.

    With `form: menu`, a menu has at least five lines of links, and the texts of at least three of them are different
    `labels`. At least two thirds of the lines with `labels` must lead to one site. If the menu is above the title, the
    match includes the lines around the menu, up to the title. Otherwise, the match is the menu with the links and short
    lines directly above it; at the end of the article, it also includes everything that follows the menu.

    With `form: teasers`, a list has at least three links whose text begins with one of `labels`, such as “Read more”.
    Each of these links must be below another link to the same page, and at most 12 lines below the previous one of
    these links. The match includes the lines from the first to the last of all these links.
    """

    form: Literal["menu", "teasers"]
    labels: tuple[str, ...]

    parts: ClassVar[frozenset[str]] = frozenset({"blocks", "links"})

    @cached_property
    def _is_labeled(self) -> Callable[[str], bool]:
        """A function: whether the text of a link, in lowercase, is a label or, for teasers, begins with one."""
        labels = frozenset(map(str.casefold, self.labels))
        return labels.__contains__ if self.form == "menu" else methodcaller("startswith", tuple(labels))

    def find_in(self, document: Document) -> Iterator[Match]:
        if sum(map(self._is_labeled, _site_links(document))) < _MIN_LABELS:  # true for nearly all articles
            return
        story = standalone_lines(document)
        for first, last in (self._menus if self.form == "menu" else self._teasers)(story):
            span = Span(story.span(story.last_image(first, -1)).start, story.span(story.last_image(last)).end)
            yield Match(*span, {}, line_deletion(span, document))

    def _menus(self, story: StandaloneLines) -> Iterator[tuple[StandaloneLine, StandaloneLine]]:
        passages = [lines for numbers in story.passages() if (lines := story.lines(numbers))]
        title = next((heading.block for heading in story.document.headings if heading.level == 1), None)
        for at, lines in enumerate(passages):
            head = next((number for number, line in enumerate(lines) if line.block is title), -1)
            for part, is_above in ((lines[: max(head, 0)], True), (lines[head + 1 :], False)):
                linked = [number for number, line in enumerate(part) if _link(line, story)]
                menu = [number for number in linked if self._is_labeled(part[number].text.casefold())]
                if not self._is_menu([part[number] for number in menu], len(linked), story):
                    continue
                first = 0 if is_above else _above(part, menu[0], story)
                yield part[first], part[-1 if is_above or at == len(passages) - 1 else linked[-1]]

    def _is_menu(self, lines: Sequence[StandaloneLine], linked: int, story: StandaloneLines) -> bool:
        """Whether a passage is probably a menu.

        `lines` are its lines with labels, and `linked` is the number of its lines with links.
        """
        hosts = Counter(urlsplit(link.url).netloc for line in lines if (link := _link(line, story)))
        several = len({line.text.casefold() for line in lines}) >= _MIN_LABELS
        return several and linked >= _MIN_LINKS and 3 * max(hosts.values()) >= 2 * len(lines)

    def _teasers(self, story: StandaloneLines) -> Iterator[tuple[StandaloneLine, StandaloneLine]]:
        places: dict[str, StandaloneLine] = {}
        run: list[tuple[StandaloneLine, StandaloneLine]] = []
        for line in (line for numbers in story.passages() for line in story.lines(numbers)):
            if not (link := _link(line, story)):
                continue
            if not self._is_labeled(line.text.casefold()):
                places[link.url] = line
            elif link.url in places:
                if run and line.number - run[-1][1].number > _MAX_TEASER_DISTANCE:
                    yield from _ends(run)
                    run = []
                run.append((places[link.url], line))
        yield from _ends(run)


@per_document
def _site_links(document: Document) -> Sequence[str]:
    """Return the texts of links that may belong to the site around the article, in lowercase (case-folded)."""
    links = document.links
    if document.kind != "markdown" or len(links) < _MIN_LINKS:
        return ()
    return [
        link.block.text[link.start : link.end].strip(_SPACE).casefold()
        for link in links
        if link.end - link.start <= _MAX_LINK_LENGTH and link.url.startswith("http")
    ]


def _ends(run: Sequence[tuple[StandaloneLine, StandaloneLine]]) -> Iterator[tuple[StandaloneLine, StandaloneLine]]:
    """Yield the first and the last line of a run of teasers, as one pair, if the run has at least three teasers."""
    if len(run) >= _MIN_LABELS:
        yield run[0][0], run[-1][1]


def _link(line: StandaloneLine, story: StandaloneLines) -> Link | None:
    """Return the first link of a line that consists of links, if the link has a full URL; None otherwise."""
    links = story.links_in(line)
    return links[0] if links and links[0].url.startswith("http") and story.is_link(line) else None


def _above(lines: Sequence[StandaloneLine], number: int, story: StandaloneLines) -> int:
    """Return the index of the first line of a menu whose first label is in `lines[number]`."""
    lowest = max(0, number - _MAX_LINES_ABOVE)
    while number > lowest and (lines[number - 1].text.count(" ") < _MAX_TITLE_WORDS or _link(lines[number - 1], story)):
        number -= 1
    return number
