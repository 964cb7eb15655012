"""Whether a file that was found, not named, may be used: as in git, another user cannot put settings into a run."""

from __future__ import annotations

import os
import sys
from functools import lru_cache


def is_foreign(file: str, advice: str = "to use it, change its owner to your user") -> bool:
    """Whether `file`, an absolute path, belongs to another user; if so, standard error says it, and `advice`.

    A file of this user, of root or of the user who called sudo is not foreign, nor is one in the working folder that
    belongs to the owner of that folder. For a link, both the link and its target count. Windows has no such owners.
    """
    if not hasattr(os, "geteuid"):
        return False
    trusted = {0, os.geteuid(), *_caller()}
    if os.path.dirname(file) == os.getcwd():
        trusted.add(os.stat(os.getcwd()).st_uid)
    others = _owners(file) - trusted
    if others:
        _say(file, min(others), advice)
    return bool(others)


def _caller() -> list[int]:
    """The user who called sudo, if this is root."""
    caller = os.environ.get("SUDO_UID", "")
    return [int(caller)] if caller.isascii() and caller.isdigit() and os.geteuid() == 0 else []


def _owners(file: str) -> set[int]:
    """The owners of a file and of the link to it, if it is one; none if it is gone."""
    owners = set()
    for follow in (False, True):
        try:
            owners.add(os.stat(file, follow_symlinks=follow).st_uid)
        except OSError:
            continue  # opening it will fail too, with a message
    return owners


@lru_cache
def _say(file: str, owner: int, advice: str) -> None:
    """Report a foreign file on standard error, once per run: worker processes do not repeat it."""
    process = sys.modules.get("multiprocessing.process")
    if process and process.parent_process():
        return
    from linter import output

    output.to_standard_error(f"copydesk: {file} is not used: it belongs to another user (uid {owner}); {advice}")
