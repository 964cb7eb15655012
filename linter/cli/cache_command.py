"""Show or clear the cache of results, which makes it unnecessary to check unchanged articles again.

copydesk cache        print the path and size of the cache
copydesk cache clear  delete the cache; the next run creates it again
"""

from __future__ import annotations

import argparse
import os

from linter import cache
from linter.cli import options
from linter.output import one_line, to_standard_output


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk cache [clear] [--cache-dir DIR]"
    parser.add_argument("what", nargs="?", choices=["clear"], metavar="clear", help="delete the cache")
    options.add_cache_option(parser)


def run(given: argparse.Namespace) -> int:
    """Print the path and size of the cache, or clear the cache and print the size freed. Return the exit status 0."""
    folder = given.cache_dir or cache.cache_folder()
    if given.what:
        line = f"{_size(cache.clear_cache(folder))} freed in {folder}"
    else:
        file = cache.Cache(folder).file
        size = os.path.getsize(file) if os.path.exists(file) else 0
        line = f"{file}: {_size(size)}"
    to_standard_output(f"{one_line(line)}\n")
    return 0


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
