"""Where the addresses of pictures lead: whether a file is there, as far as a folder can tell."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import unquote

from linter import patterns
from linter.files import sites
from linter.files.articles import SKIPPED_FOLDERS

ENDINGS = frozenset(".apng .avif .bmp .gif .heic .jfif .jpe .jpeg .jpg .png .svg .tif .tiff .webp".split())
_ELSEWHERE = patterns.lazy(
    r"[a-z][a-z0-9+.-]+:|//|[~@$#?&]|\Z", re.I
)  # how an address begins that leads to no file here
_TEMPLATE_MARK = patterns.lazy(r"\{[{%<]|<%|\$\{|%7B%7B|\[\[|[<>\x00]", re.I)  # what a template makes
# Folders whose files a site publishes at its top.
_PUBLISHED = ("", "static", "public", "source", "src", "docs", "www", "assets", "content", "site")


def is_local(address: str) -> bool:
    """Whether an address leads to a picture beside the article, if to anything."""
    return not (_ELSEWHERE.match(address.strip()) or _TEMPLATE_MARK.search(address)) and any(
        map(_is_picture, _names(address))
    )


def _names(address: str) -> list[str]:
    """The paths that an address may mean, POSIX: a mark that begins a query may belong to the name of a file."""
    plain = address.strip().replace("\\", "/")
    return list(dict.fromkeys(map(unquote, (re.split("[?#]", plain)[0], plain))))


def _is_picture(name: str) -> bool:
    return posixpath.splitext(name)[1].lower() in ENDINGS


class ImageFiles:
    """The pictures around articles, by the paths of those: `files` has the absolute path of each.

    Nothing is opened, and what lies outside is taken to be there: outside of the site that an article belongs to, or
    else of the working folder, or of the folder that holds all of them, links followed. It is looked at once.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._real: dict[str, str] = {}  # where folders really are
        self._tops: dict[tuple[str, str, str], list[str]] = {}  # what may be the top of a site
        self._names: dict[str, frozenset[str]] = {}  # what all pictures in a site are called

    def present(self, path: str, address: str) -> bool:
        """Whether `address`, in the article of that path, leads to a file; True where nobody can know."""
        file = self._files.get(path)
        if not file or not is_local(address):
            return True
        site = sites.site_folder(file)
        top = site or self._top(file)
        names = _names(address)
        try:
            places = [place for name in names for place in self._places(file, name, top, in_site=bool(site))]
            if not places or not all(self._is_within(place, top) for place in places):
                return True
            if any(map(os.path.lexists, places)):
                return True
        except (OSError, ValueError):
            return True
        return bool(site) and any(posixpath.basename(name) in self._all_names(site) for name in names)

    def _top(self, file: str) -> str:
        here = os.path.join(os.getcwd(), "")
        return here if file.startswith(here) else self._common

    @cached_property
    def _common(self) -> str:
        try:
            return os.path.commonpath([os.path.dirname(file) for file in self._files.values()])
        except ValueError:  # on several drives
            return ""

    def _places(self, file: str, name: str, top: str, *, in_site: bool) -> Iterator[str]:
        """Where a picture may lie; nowhere if the folder does not show what the top of its site is."""
        folder = os.path.dirname(file)
        if not name.startswith("/"):
            yield os.path.normpath(os.path.join(folder, name))
            if in_site:
                yield os.path.normpath(os.path.join(os.path.splitext(file)[0], name))
            return
        rest = name.lstrip("/")
        for root in self._roots(folder, rest.split("/")[0], top):
            yield os.path.normpath(os.path.join(root, rest))

    def _roots(self, folder: str, first: str, top: str) -> list[str]:
        """The folders at or above one, and what they publish, that hold a folder called `first`."""
        key = folder, first, top
        if key not in self._tops:
            self._tops[key] = []
            if self._is_within(os.path.join(folder, ""), top):
                here = [os.path.join(folder, published) for published in _PUBLISHED]
                above = os.path.dirname(folder)
                self._tops[key] += [root for root in here if os.path.isdir(os.path.join(root, first))]
                self._tops[key] += self._roots(above, first, top) if above != folder else []
        return self._tops[key]

    def _is_within(self, place: str, top: str) -> bool:
        """Whether a path lies in `top`, wherever links lead on the way to it."""
        return bool(top) and self._resolved(os.path.dirname(place)).startswith(self._resolved(top))

    def _resolved(self, folder: str) -> str:
        if folder not in self._real:
            self._real[folder] = os.path.join(os.path.realpath(folder), "")
        return self._real[folder]

    def _all_names(self, site: str) -> frozenset[str]:
        if site not in self._names:
            self._names[site] = frozenset(_pictures(site))
        return self._names[site]


def _pictures(folder: str) -> Iterator[str]:
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS]
        yield from filter(_is_picture, names)
