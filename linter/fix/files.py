"""Findings of many articles → what these would be with their mistakes mended. Writes nothing."""

from __future__ import annotations

import difflib
import errno
import os
import re
import stat
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from linter import file_safety, patterns
from linter.article_linter import ArticleLinter
from linter.document import Span
from linter.files.articles import STANDARD_INPUT, Article, open_regular, read_content
from linter.finding import Finding, Problem
from linter.fix import edits
from linter.fix.edits import FixedSource, Rewrite
from linter.output import without_command
from linter.source import LINE_END, Source
from linter.styled_text import STAND_IN, visible

_LOST = "not all of its bytes could be written again as they are"
_UNSURE = "mended, it would be taken for one in another encoding; save it as UTF-8 first"


class ArticleFix(NamedTuple):
    """An article, what stands in its file, and what would; `before` is its text, `fixed` what became of it."""

    article: Article
    old: FileContent
    before: Source
    fixed: FixedSource
    data: bytes

    def write(self) -> None:
        """Put the mended article in the place of the old one. Raises OSError and LeftAlone."""
        if self.data != self.old.data:
            replace_file(self.article.file, self.old, self.data)


def fix_articles(
    articles: Iterable[Article], found: Iterable[Finding], linter: ArticleLinter, *, unsafe: bool, notes: bool = True
) -> Iterator[ArticleFix | Problem]:
    """The articles in which something of what was `found` can be mended, in order; a problem for one left alone.

    Nothing else is mended than what was found, and what that brings to light; no note without `notes`. What is not
    text is a problem even where nothing was found: rules that find it may be off.
    """
    by_path = defaultdict(list)
    for finding in found:
        by_path[finding.path].append(finding)
    for article in articles:
        fixable = any(finding.fix and (unsafe or finding.fix.safe) for finding in by_path[article.path])
        try:
            if fixable:
                yield fix_article(article, _content(article), linter, by_path[article.path], unsafe=unsafe, notes=notes)
            else:
                linter.source(article)
        except NotFixed as why:
            yield Problem(article.path, f"left alone: {why}")
        except OSError as error:
            yield Problem(article.path, f"left alone: {error.strerror or error}")


def fix_config(found: Iterable[Finding], linter: ArticleLinter) -> Iterator[ArticleFix | Problem]:
    """The file of the settings without what is idle in it, where that was found and its lines can go."""
    path = linter.config.file
    own = [finding for finding in found if path and finding.path == path and finding.fix and finding.fix.safe]
    if not own:
        return
    article = Article(path, os.path.abspath(path), "text")
    try:
        old = read_file(article.file)
    except (NotFixed, OSError) as why:
        yield Problem(path, f"left alone: {getattr(why, 'strerror', None) or why}")
        return
    source = Source.from_bytes(old.data, path, "utf-8")
    new = Rewrite.of(source, (edit for finding in own if finding.fix for edit in finding.fix.edits)).source
    left = [finding for finding in found if finding.path == path and finding not in own]
    yield ArticleFix(article, old, source, FixedSource(new, tuple(own), tuple(left)), new.to_bytes())


def fix_article(
    article: Article, old: FileContent, linter: ArticleLinter, found: Collection[Finding], *, unsafe: bool, notes: bool
) -> ArticleFix:
    """An article as it is and as it would be; nothing is mended but what was `found`, and what that brings to light.

    Raises LeftAlone where its bytes cannot be written again, and OSError where it is no text.
    """
    source = linter.source(article, old.data)
    if _saved(source) != old.data:
        raise NotFixed(_LOST)

    def findings_in(now: Source) -> list[Finding]:
        return [finding for finding in linter.check_source(article, now) if notes or finding.severity != "info"]

    own = findings_in(source)
    beside, excluded_places = _compared(own, found)

    def look(now: Source) -> list[Finding]:
        return own if now is source else findings_in(now)

    fixed = edits.apply_fixes(source, look, unsafe=unsafe, protected=excluded_places, extra=beside)
    data = fixed.source.to_bytes()
    if linter.source(article, data).text != fixed.source.text:
        raise NotFixed(_UNSURE)
    return ArticleFix(article, old, source, fixed, data)


def _content(article: Article) -> FileContent:
    return FileContent(read_content(article), 0, ()) if article.file == STANDARD_INPUT else read_file(article.file)


def unfinished_fixes(change: ArticleFix) -> Iterator[Problem]:
    """The problem with rules that do not come to rest."""
    rules = change.fixed.unstable
    if len(rules) == 1:
        yield Problem(change.article.path, f"the fixes of {rules[0]} do not come to an end; nothing of it was mended")
    elif rules:
        named = ", ".join(rules)
        yield Problem(change.article.path, f"the fixes of {named} undo each other; nothing of theirs was mended")


def _compared(own: Iterable[Finding], found: Iterable[Finding]) -> tuple[list[Finding], list[edits.Place]]:
    """What was found beside an article's `own` findings, across its folder; and of those what is not to be mended."""
    known = {(finding.rule, finding.start, finding.end) for finding in found}
    excluded_places = [
        (rule, Span(start, end)) for rule, start, end in map(_key, own) if (rule, start, end) not in known
    ]
    keys = set(map(_key, own))
    return [finding for finding in found if _key(finding) not in keys], excluded_places


def _key(finding: Finding) -> tuple[str, int, int]:
    return finding.rule, finding.start, finding.end


def _saved(source: Source) -> bytes:
    try:
        return source.to_bytes()
    except UnicodeError:
        return b""


# A file → the same file with other content, whole at any moment, or left alone with a reason.

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX, _SUFFIX = ".copydesk-", ".new"
_STALE = 3600  # seconds, for systems where locks do not tell whether a new file is in use; to write one takes moments
_OF_CONTENT = frozenset({"security.ima", "security.evm"})  # signatures, which other content does not have


class NotFixed(Exception):
    """The file is not to be written; the message says why, as the end of a sentence about it."""


class FileContent(NamedTuple):
    """What stands in a file, and the mode and the state in which the file was when it was read."""

    data: bytes
    mode: int
    state: tuple[int, ...]


def read_file(file: str) -> FileContent:
    """What stands in a file that may be written later. Raises OSError, and LeftAlone where it may not."""
    with open_regular(file) as opened:
        status = os.fstat(opened.fileno())
        data = opened.read()
    _guard(file, status)
    return FileContent(data, status.st_mode, _state(status))


def replace_file(file: str, old: FileContent, data: bytes) -> None:
    """Put `data` in the place of `old`, so that whoever looks sees the one or the other, never a part.

    Mode, owner, group, and on Linux extended attributes and ACLs stay. The new content is on the disk before the name
    of the file stands for it. Raises OSError, and LeftAlone where the file is no longer as it was read, or could not
    be replaced without losing any of these.
    """
    folder = os.path.dirname(file) or "."
    _remove_stale(folder)
    handle, new = _new_file(folder)
    try:
        with open(handle, "wb") as opened:
            opened.write(data)
            opened.flush()
            _keep_owner(opened.fileno(), os.lstat(file))
            _keep_attributes(opened.fileno(), file)
            os.chmod(new, stat.S_IMODE(old.mode))
            os.fsync(opened.fileno())
            if read_file(file) != old:
                raise NotFixed("it was changed meanwhile")
            if fcntl:  # the lock holds until the file has its name
                os.replace(new, file)
        if not fcntl:  # Windows moves no file that is open
            os.replace(new, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise
    _sync_folder(folder)


def _guard(file: str, opened: os.stat_result) -> None:
    """Raises LeftAlone for what a new file in its place would change: links, and what nobody may write."""
    status = os.lstat(file)
    if stat.S_ISLNK(status.st_mode):
        raise NotFixed(f"it is a link to {os.readlink(file)}")
    if out := file_safety.link_leading_out(os.path.dirname(os.path.abspath(file))):
        link, top = out
        raise NotFixed(
            f"it lies behind the link {link}, which leads out of {top}; to change it, name {os.path.realpath(file)}"
        )
    if status.st_nlink > 1:
        raise NotFixed("it has a second name, by a hard link")
    if not os.access(file, os.W_OK):
        raise NotFixed("it is read-only")
    if (status.st_dev, status.st_ino) != (opened.st_dev, opened.st_ino):
        raise NotFixed("it was changed meanwhile")


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _new_file(folder: str) -> tuple[int, str]:
    """A new file with a lock that says that it is in use → (descriptor, path)."""
    while True:
        handle, new = tempfile.mkstemp(_SUFFIX, _PREFIX, folder)
        try:
            if not fcntl:
                return handle, new
            with suppress(OSError):  # some file systems have no locks; there no file is taken for a stale one
                fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return handle, new
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # another run has removed it before it was locked


@lru_cache(maxsize=1000)  # a run writes many files in a folder, and looks for stale ones once
def _remove_stale(folder: str) -> None:
    """Remove new files that a killed run has left in a folder; those in use and those of other users stay."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX):
                with suppress(OSError):
                    _remove_if_stale(entry)


def _remove_if_stale(entry: os.DirEntry[str]) -> None:
    status = entry.stat(follow_symlinks=False)
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    if not (own and stat.S_ISREG(status.st_mode) and status.st_nlink == 1):
        return
    if not fcntl:
        if time.time() - status.st_mtime > _STALE:
            os.unlink(entry.path)
        return
    handle = os.open(entry.path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises OSError while a run holds it
        os.unlink(entry.path)
    finally:
        os.close(handle)


def _keep_owner(new: int, old: os.stat_result) -> None:
    """Give a new file the owner and group of the old one. Raises LeftAlone where only the superuser may."""
    if not hasattr(os, "fchown"):
        return
    with suppress(OSError):
        os.fchown(new, old.st_uid, old.st_gid)
    status = os.fstat(new)
    if (status.st_uid, status.st_gid) != (old.st_uid, old.st_gid):
        raise NotFixed("its owner or group cannot be kept; run copydesk fix as a user who may set them")


def _keep_attributes(new: int, file: str) -> None:
    """Give a new file the extended attributes of the old one, ACLs among them, and no others. Raises LeftAlone."""
    if not hasattr(os, "listxattr"):  # macOS and Windows
        return
    old, given = _attributes(file), _attributes(new)
    for name in (old | given).keys() - _OF_CONTENT:
        if old.get(name) != given.get(name):
            try:
                if name in old:
                    os.setxattr(new, name, old[name])
                else:  # an ACL that the folder gives to what is new in it
                    os.removexattr(new, name)
            except OSError as error:
                raise NotFixed(f"its attribute {name} cannot be kept: {error.strerror}") from None


def _attributes(file: str | int) -> dict[str, bytes]:
    """The extended attributes of a file; none where the file system has none."""
    try:
        return {name: os.getxattr(file, name) for name in os.listxattr(file)}
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.ENOSYS):
            return {}
        raise


def _sync_folder(folder: str) -> None:
    """See the new name to the disk, where folders can be told so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# Two texts of one article as a unified diff.

# SGR parameters (ECMA-48, 8.3.117), as git uses them.
_SGR = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}
_UNQUOTED = patterns.lazy(r'[\x00-\x1f\x7f"\\]')
_NO_END = "\\ No newline at end of file\n"


def unified_diff(path: str, old: str, new: str, *, shown: bool = False, color: bool = False) -> str:
    """What turns `old` into `new`; "" where they are the same.

    The lines are those of the texts, for `git apply`. With `shown` they are for a terminal or a log: control characters
    are visible, no line is a command of a CI server, and `color` may be on.
    """
    before, after = (_quoted(f"{side}/{path.lstrip('/')}") for side in "ab")
    lines = difflib.unified_diff(_lines(old), _lines(new), before, after)
    return "".join(_painted(line, color=color) if shown else _ended(line) for line in lines)


def _quoted(name: str) -> str:
    """The name of a file as git quotes it where it holds a line end, which would start another line of the patch."""
    if not _UNQUOTED.search(name):
        return name
    return f'"{_UNQUOTED.sub(_octal, name)}"'


def _octal(character: re.Match[str]) -> str:
    return f"\\{ord(character[0]):03o}"


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends, which are those of a source and no others."""
    ends = [0, *(end.end() for end in LINE_END.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if start < end]


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n{_NO_END}"


def _painted(line: str, *, color: bool) -> str:
    kind = next((kind for kind in _SGR if color and line.startswith(kind)), "")
    text = without_command(visible(line.rstrip("\r\n")), STAND_IN)
    return f"\x1b[{_SGR[kind]}m{text}\x1b[0m\n" if kind else f"{text}\n"
