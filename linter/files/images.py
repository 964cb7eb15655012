"""Look up the image files to which articles refer."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import unquote

from linter import patterns
from linter.file_safety import is_inside
from linter.files import sites
from linter.files.articles import SKIPPED_FOLDERS

ENDINGS = frozenset(".apng .avif .bmp .gif .heic .jfif .jpe .jpeg .jpg .png .svg .tif .tiff .webp".split())
_ELSEWHERE = patterns.lazy(r"[a-z][a-z0-9+.-]+:|//|[~@$#?&]|\Z", re.I)  # start of a URL that is not a local file
_TEMPLATE_MARK = patterns.lazy(r"\{[{%<]|<%|\$\{|%7B%7B|\[\[|[<>\x00]", re.I)  # template code
# Folders whose content a site publishes at its root.
_PUBLISHED = ("", "static", "public", "source", "src", "docs", "www", "assets", "content", "site")


def is_local(address: str) -> bool:
    """Whether a URL can only refer to a local image file."""
    return not (_ELSEWHERE.match(address.strip()) or _TEMPLATE_MARK.search(address)) and any(
        map(_is_picture, _names(address))
    )


def _names(address: str) -> list[str]:
    """Return the POSIX paths to which a URL may refer, since file names may contain “?” and “#”."""
    plain = address.strip()
    return list(dict.fromkeys(unquote(name).replace("\\", "/") for name in (re.split("[?#]", plain)[0], plain)))


def _is_picture(name: str) -> bool:
    return posixpath.splitext(name)[1].lower() in ENDINGS


class ImageFiles:
    """Looks up the images of articles. `files` maps the paths of articles, as reports show them, to absolute paths.

    No file is opened, and each site is searched at most once. Images outside of the site of an article count as
    present. If an article belongs to no site, the working folder replaces the site; if the article is outside of the
    working folder, too, the deepest folder that contains all articles replaces the site.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._real: dict[str, str] = {}  # real paths of folders
        self._tops: dict[tuple[str, str, str], list[str]] = {}  # possible root folders of a site
        self._names: dict[str, frozenset[str]] = {}  # names of all images in a site

    def present(self, path: str, address: str) -> bool:
        """Whether there is a file for the image URL `address` in the article at `path`.

        In a site, an image with the same name in another folder counts, too. The result is also True if the answer is
        unclear, or if `address` is not the URL of a local image.
        """
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
        here = os.getcwd()
        return here if is_inside(file, here) else self._common

    @cached_property
    def _common(self) -> str:
        try:
            return os.path.commonpath([os.path.dirname(file) for file in self._files.values()])
        except ValueError:  # paths on several drives
            return ""

    def _places(self, file: str, name: str, top: str, *, in_site: bool) -> Iterator[str]:
        """Yield the possible paths of the image `name`, which is an absolute or a relative POSIX path.

        If `name` is absolute and no root folder is found for it, nothing is yielded.
        """
        folder = os.path.dirname(file)
        if not name.startswith("/"):
            yield _path_below(folder, name)
            if in_site:
                yield _path_below(os.path.splitext(file)[0], name)
            return
        rest = name.lstrip("/")
        for root in self._roots(folder, rest.split("/")[0], top):
            yield _path_below(root, rest)

    def _roots(self, folder: str, first: str, top: str) -> list[str]:
        """Return the possible root folders of a site, each with images in a folder called `first`.

        The folders from `folder` up to `top` and some of their subfolders are searched.
        """
        key = folder, first, top
        if key not in self._tops:
            self._tops[key] = []
            if self._is_within(os.path.join(folder, ""), top):
                # many sites publish the content of folders such as `static` at their root
                here = [os.path.join(folder, published) for published in _PUBLISHED]
                above = os.path.dirname(folder)
                self._tops[key] += [root for root in here if _has_pictures(_path_below(root, first))]
                self._tops[key] += self._roots(above, first, top) if above != folder else []
        return self._tops[key]

    def _is_within(self, place: str, top: str) -> bool:
        """Whether a path is inside the folder `top`, after links have been resolved."""
        return bool(top) and self._resolved(os.path.dirname(place)).startswith(self._resolved(top))

    def _resolved(self, folder: str) -> str:
        if folder not in self._real:
            self._real[folder] = os.path.join(os.path.realpath(folder), "")
        return self._real[folder]

    def _all_names(self, site: str) -> frozenset[str]:
        if site not in self._names:
            self._names[site] = frozenset(_pictures(site))
        return self._names[site]


def _path_below(folder: str, name: str) -> str:
    """Return the normalized path of `name`, a POSIX path relative to `folder`."""
    return os.path.normpath(os.path.join(folder, f"./{name}"))  # with “./”, a part such as `C:` is not a drive


def _has_pictures(folder: str) -> bool:
    return os.path.isdir(folder) and any(_pictures(folder))


def _pictures(folder: str) -> Iterator[str]:
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS]
        yield from filter(_is_picture, names)
