"""Find the archives to which paths and URLs refer."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence

from linter import patterns
from linter.config.config import Config
from linter.files.articles import SKIPPED_FOLDERS, STANDARD_INPUT, display_path, state_of, working_folder
from linter.readers import kind_of
from linter.records.archive_names import is_url, named_format
from linter.records.archives import Archive
from linter.records.record_mappings import mapping_for, mappings_of

_HOST = r"(?:\[[\w.:%]*+\]|[\w.%-]*+)(?::\d{1,5})?"
_PLACE = rf"{_HOST}(?:,{_HOST})*+(?:/[^\s?#@]*+)?"  # hosts, ports and the database
_URL = patterns.lazy(rf"\w++://(?:(?P<user>[^\s:/?#@]*+)(?::[^\s/?#@]*+)?@)?(?P<place>{_PLACE})(?:\?[^@]*+)?\Z")


def split_paths(
    paths: Sequence[str],
    config: Config,
    excluded: Callable[[str], bool],
    input: str | None = None,
    *,
    kind: str | None = None,
) -> tuple[list[Archive], list[str]]:
    """Return the archives among `paths`, and the other paths.

    An archive is a URL of a database, or a file whose name has the suffix of a format. If `input` is given, every file
    in `paths` is an archive in this format. Archives in the folders in `paths` are found only if the setting `records`
    has a `path` that matches them. If `kind` is given, it is the kind of all records. An archive to which several paths
    refer is found once. `excluded` returns whether an absolute path is excluded.
    """
    found: dict[str, Archive] = {}
    rest: list[str] = []
    for path in _without_globs(paths, config, input):
        own = [*_archives(path, config, input, kind)]
        for archive in own:
            if not excluded(archive.file):
                found.setdefault(archive.file if is_url(archive.file) else os.path.realpath(archive.file), archive)
        if not own or os.path.isdir(path):
            rest.append(path)
    return sorted(found.values()), rest


def _without_globs(paths: Sequence[str], config: Config, input: str | None) -> Iterator[str]:
    """Yield `paths`, with the matches of a glob in its place.

    A glob that matches nothing remains, as does a glob with “**” that does not match archives only: it is searched like
    a folder.
    """
    for path in paths:
        matches = [] if is_url(path) or os.path.lexists(path) else sorted(glob.glob(path, recursive=True))
        if "**" in path and not all(_format(match, config, input) for match in matches):
            matches = []
        yield from matches or [path]


def _archives(path: str, config: Config, input: str | None, kind: str | None) -> Iterator[Archive]:
    if path == STANDARD_INPUT or (glob.has_magic(path) and not os.path.lexists(path) and not is_url(path)):
        return
    if is_url(path):
        yield _archive(path, "postgres", config, kind)
    elif os.path.isdir(path):
        for file in _mapped_files(os.path.abspath(path), config):
            if format_ := _format(file, config, input):
                yield _archive(file, format_, config, kind)
    elif format_ := _format(path, config, input):
        yield _archive(path, format_, config, kind)


def _mapped_files(folder: str, config: Config) -> Iterator[str]:
    """Yield the files in `folder` that a `path` of the setting `records` matches."""
    globs = [mapping.globs for mapping in mappings_of(config) if mapping.globs]
    for above, folders, names in os.walk(folder) if globs else ():
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        for file in (os.path.join(above, name) for name in sorted(names)):
            if any(each.fit(file) for each in globs) and os.path.isfile(file):
                yield file


def _format(path: str, config: Config, input: str | None) -> str:
    """Return the format of the archive at `path`, or "" if it is not an archive."""
    mapping = mapping_for(mappings_of(config), os.path.abspath(path))
    if input or mapping.input:
        return input or (mapping.input if mapping.globs or kind_of(path) is None else "")
    return named_format(path)


def _archive(path: str, format_: str, config: Config, kind: str | None) -> Archive:
    is_database = format_ == "postgres"
    file = path if is_database else os.path.abspath(path)
    mapping = mapping_for(mappings_of(config), file)
    state = () if is_database else state_of(file)
    shown = without_password(path) if is_database else display_path(file, working_folder())
    mapping = mapping._replace(globs=None, kind=kind or mapping.kind)  # globs cannot be sent to other processes
    return Archive(shown, file, format_, mapping, state[0] if state else 0)


def without_password(url: str) -> str:
    """Return the URL of a database without its password and its parameters.

    If the URL is not valid, only its scheme is returned, since any other part may be a part of the password.
    """
    scheme = url.partition("://")[0]
    parts = _URL.match(url)
    if not parts:
        return f"{scheme}://…"
    return f"{scheme}://{parts['user']}@{parts['place']}" if parts["user"] else f"{scheme}://{parts['place']}"
