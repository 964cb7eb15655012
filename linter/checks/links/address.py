"""URLs of links and images that match a regular expression."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import ClassVar

import regex

from linter.analysis.literals import Literals, literals_of_pattern, texts_with
from linter.analysis.pattern_base import PatternCheck
from linter.checks.links._linking import is_marked
from linter.document import Document, Image, Link, Span
from linter.folding import folded, folded_view
from linter.matching import matches
from linter.rule import Match
from linter.source_edits import line_deletion

# Minimum links with the same part in an article that is a guide to their site; images do not count.
_MIN_GUIDE_LINKS = 3
_BARE = frozenset({"bare", "autolink"})
_TEXT = frozenset({"prose", "title", "metadata", "code"})


@dataclass(frozen=True)
class Address(PatternCheck):
    """URLs that match a regular expression. The match is the whole URL.

    `pattern` is a regular expression for the `regex` package; it may match anywhere in the URL. The part of a URL is
    the text that `pattern` matches or, if the pattern has a group `part`, the text of that group.

    Several options exclude URLs. `hidden: true` excludes a URL if the link text or alt text contains the part, because
    readers then see where the link leads. `alone: true` excludes a URL if the text or code of the article contains the
    part, or if the URLs of three or more links have the same part. `bare: false` excludes bare URLs and URLs in angle
    brackets. `plain: false` excludes URLs outside the scope `odd.url`. `spare` lists beginnings of link text or alt
    text; links and images whose text begins with one of them are excluded. `marked: true` excludes images, and links
    without the mark of a plug-in that inserts links by keyword.

    With `whole_image: true`, only images whose URL matches `pattern` are checked, and the options in the previous
    paragraph have no effect. The match is the image with any link around it; matching images on one line are one match.
    The fix deletes the lines of a match, except in HTML or if the lines contain other text.

    The message may use {anchor}, the link text or alt text, and {part}. With `whole_image`, both are empty.
    """

    pattern: str
    hidden: bool = False
    alone: bool = False
    bare: bool = True
    plain: bool = True
    spare: tuple[str, ...] = ()
    marked: bool = False
    whole_image: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "part"})

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({"tags"} if self.marked else {"links", "images"})  # the marks are attributes of tags

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_pattern(self.pattern, address=True)

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.marked and not any(map(is_marked, document.links)):
            return
        if self.whole_image:
            yield from self._whole_images(document)
            return
        for anchor, address, span in self._addresses(document):
            part = next((match[_part(match)] for match in matches(self.compiled, address)), "")
            if not part or (self.hidden and part.lower() in anchor.lower()) or anchor.startswith(self.spare):
                continue
            if not self.alone or not self._is_spoken_of(part.lower(), document):
                yield Match(*span, {"anchor": " ".join(anchor.split()), "part": part})

    def _addresses(self, document: Document) -> Iterator[tuple[str, str, Span]]:
        """Yield the text (of an image, the alt text), the URL and the URL span of each candidate for a match."""
        for one in self._candidates(document, ["link.url", "image.url"] if self.plain else ["odd.url"]):
            if isinstance(one, Image):
                if not self.marked:
                    yield one.alt.text if one.alt else "", one.url, one.url_span
            elif (self.bare or one.kind not in _BARE) and (not self.marked or is_marked(one)):
                yield one.text, one.url, one.url_span

    def _candidates(self, document: Document, scopes: Iterable[str]) -> Iterator[Link | Image]:
        """Yield the links and images in `scopes` whose URLs `pattern` may match."""
        for scope in scopes:
            every = document.links_or_images(scope)
            if every:
                numbers = texts_with(self.literals, folded_view(document, scope))
                yield from (every[number] for number in numbers)

    def _is_spoken_of(self, part: str, document: Document) -> bool:
        """Whether `part`, in lowercase, is in the text or code of the article or is the part of several link URLs."""
        if folded(part) in folded_view(document).text and any(
            part in block.text.lower() for block in document.blocks_in(_TEXT)
        ):
            return True
        links = self._candidates(document, ["link.url"])
        firsts = (match for link in links for match in islice(matches(self.compiled, link.url), 1))
        return sum(str(match[_part(match)]).lower() == part for match in firsts) >= _MIN_GUIDE_LINKS

    def _whole_images(self, document: Document) -> Iterator[Match]:
        candidates = self._candidates(document, ["image.url"])
        images = sorted(image.span for image in candidates if any(matches(self.compiled, image.url)))
        around = [link.span for link in document.links if _contains(link.span, images)]
        lines: dict[int, Span] = {}
        for span in images + around:
            line, _ = document.source.position(span.start)
            known = lines.get(line, span)
            lines[line] = Span(min(known.start, span.start), max(known.end, span.end))
        for line in sorted(lines):
            yield Match(*lines[line], {"anchor": "", "part": ""}, line_deletion(lines[line], document))


def _part(match: regex.Match[str]) -> str | int:
    return "part" if "part" in match.re.groupindex else 0


def _contains(outer: Span, spans: Sequence[Span]) -> bool:
    """Whether at least one of `spans` is inside `outer`. The spans must be sorted and must not overlap."""
    at = bisect_left(spans, Span(outer.start, outer.start))
    return at < len(spans) and spans[at].end <= outer.end
