"""Find the archives to which paths and URLs refer."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from linter.config.config import Config
from linter.config.record_mappings import mapping_for
from linter.files.archive_names import is_url, named_format
from linter.files.articles import SKIPPED_FOLDERS, STANDARD_INPUT, display_path, state_of
from linter.readers import kind_of
from linter.records.archives import Archive


def split_paths(
    paths: Sequence[str], config: Config, input: str | None = None, *, kind: str | None = None
) -> tuple[list[Archive], list[str]]:
    """Return the archives among `paths`, and the other paths.

    An archive is a URL of a database, or a file whose name has the suffix of a format. If `input` is given, every file
    in `paths` is an archive in this format. Archives in the folders in `paths` are found only if the setting `records`
    has a `path` that matches them. If `kind` is given, it is the kind of all records.
    """
    found: dict[str, Archive] = {}
    rest: list[str] = []
    for path in paths:
        own = [*_archives(path, config, input, kind)]
        found |= {archive.file: archive for archive in own if not config.excludes(archive.file)}
        if not own or os.path.isdir(path):
            rest.append(path)
    return sorted(found.values()), rest


def _archives(path: str, config: Config, input: str | None, kind: str | None) -> Iterator[Archive]:
    if path == STANDARD_INPUT:
        return
    if is_url(path):
        yield _archive(path, "postgres", config, kind)
    elif os.path.isdir(path):
        for file in _mapped_files(os.path.abspath(path), config):
            if format_ := _format(file, config, input):
                yield _archive(file, format_, config, kind)
    elif os.path.isfile(path) or not glob.has_magic(path):
        if format_ := _format(path, config, input):
            yield _archive(path, format_, config, kind)
    else:
        files = glob.glob(path, recursive=True)
        if files and all(_format(file, config, input) for file in files):
            yield from (archive for file in sorted(files) for archive in _archives(file, config, input, kind))


def _mapped_files(folder: str, config: Config) -> Iterator[str]:
    """Yield the files in `folder` that a `path` of the setting `records` matches."""
    globs = [mapping.globs for mapping in config.records if mapping.globs]
    for above, folders, names in os.walk(folder) if globs else ():
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        for file in (os.path.join(above, name) for name in sorted(names)):
            if any(each.fit(file) for each in globs) and os.path.isfile(file):
                yield file


def _format(path: str, config: Config, input: str | None) -> str:
    """Return the format of the archive at `path`, or "" if it is not an archive."""
    mapping = mapping_for(config.records, os.path.abspath(path))
    if input or mapping.input:
        return input or (mapping.input if mapping.globs or kind_of(path) is None else "")
    return named_format(path)


def _archive(path: str, format_: str, config: Config, kind: str | None) -> Archive:
    is_url = format_ == "postgres"
    file = path if is_url else os.path.abspath(path)
    mapping = mapping_for(config.records, file)
    state = () if is_url else state_of(file)
    shown = without_password(path) if is_url else display_path(file)
    mapping = mapping._replace(globs=None, kind=kind or mapping.kind)  # globs cannot be sent to other processes
    return Archive(shown, file, format_, mapping, state[0] if state else 0)


def without_password(url: str) -> str:
    """Return the URL of a database without its password and its parameters."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"
