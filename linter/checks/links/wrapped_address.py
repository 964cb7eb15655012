"""Redirect URLs that contain the real URL as a parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from linter.document import Document, Link
from linter.finding import Edit
from linter.rule import Match

# Characters that would end a URL in Markdown or HTML.
_ESCAPED = str.maketrans({char: f"%{ord(char):02X}" for char in " \t\r\n\"'<>()[]\\`{}|^*"})


@dataclass(frozen=True)
class WrappedAddress:
    """Redirect URLs that contain the real URL. The match is the whole URL of the link.

    `wrappers` maps a host and path, such as `google.*/url`, to the names of the parameters that may contain the real
    URL, such as `q | url`. The host is written without “www.”, and `*` stands for any characters.

    The fix replaces the match with the real URL. The message may use {target}, the real URL; {anchor}, the link text;
    and {host}, the host of the redirect.
    """

    wrappers: Mapping[str, str]

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "host", "target"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    @cached_property
    def _parameters(self) -> Mapping[str, tuple[str, ...]]:
        return {
            place.lower(): tuple(name.strip() for name in names.split("|")) for place, names in self.wrappers.items()
        }

    def find_in(self, document: Document) -> Iterator[Match]:
        for link in document.links:
            may_wrap = "?" in link.url and "http" in link.url.lower().partition("?")[2]
            if may_wrap and (found := self._target(link.url)):
                host, target = found
                values = {"anchor": " ".join(link.text.split()), "host": host, "target": target}
                yield Match(*link.url_span, values, (Edit(*link.url_span, _written(target, link, document)),))

    def _target(self, url: str) -> tuple[str, str] | None:
        """Return the host and the real URL of the redirect `url`, or None if no real URL is found."""
        try:
            parts = urlsplit(url)
            host, parameters = (parts.hostname or "").removeprefix("www."), parse_qs(parts.query)
        except ValueError:
            return None
        for place, names in self._parameters.items():
            if fnmatchcase(f"{host}{parts.path}".lower(), place):
                for target in (value for name in names for value in parameters.get(name, ())):
                    if target.lower().startswith(("http://", "https://")):
                        return host, target
        return None


def _written(target: str, link: Link, document: Document) -> str:
    """Return the URL `target` as it must be written in the source in place of the URL of `link`."""
    target = target.translate(_ESCAPED)
    return target.replace("&", "&amp;") if "&amp;" in document.source.text[slice(*link.url_span)] else target
