"""Fix articles and the config: compute the new contents, replace files atomically, and show diffs."""

from __future__ import annotations

import difflib
import errno
import os
import stat
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from linter import file_safety, patterns
from linter.article_linter import ArticleLinter
from linter.files.articles import STANDARD_INPUT, Article, file_state, open_regular, read_content
from linter.finding import Finding, Problem, Result
from linter.fix import edits
from linter.fix.edits import FixedSource, Rewrite
from linter.output import replace, without_command
from linter.source import LINE_END, Source
from linter.styled_text import STAND_IN, visible
from linter.suppressions import is_unused_suppression

_LOST = "its bytes could not be reproduced exactly"
_UNSURE = "its encoding could not be detected after the fix; save it as UTF-8 first"
_PREFIX, _SUFFIX = ".copydesk-", ".new"  # parts of the names of new files, until they replace the old files
_STALE_SECONDS = 3600  # until a new file counts as stale; writing takes less than one second
_CONTENT_ATTRIBUTES = frozenset({"security.ima", "security.evm"})  # signatures of the old content
_UNQUOTED = patterns.lazy(r'[\x00-\x1f\x7f"\\]')
_NO_END = "\\ No newline at end of file\n"
_SGR = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}  # colors of git (ECMA-48, 8.3.117)


class NotFixed(Exception):
    """A file cannot be fixed. The message gives the reason as a clause about the file (“it is read-only”)."""


class FileContent(NamedTuple):
    """The content and the mode of a file, and its state (see `file_state`) when it was read."""

    data: bytes
    mode: int
    state: tuple[int, ...]


class ArticleFix(NamedTuple):
    """The old content of an article, and its content after fixing, ready to be written.

    `old` is the old content of the file, and `before` is the source of that content. `fixed` is the result of applying
    the fixes, including the new source and the remaining findings. `data` is the new source as bytes.
    """

    article: Article
    old: FileContent
    before: Source
    fixed: FixedSource
    data: bytes

    def write(self) -> None:
        """Replace the file if the fixed content is different.

        Raises NotFixed or OSError if the file cannot be replaced (see `replace_file`).
        """
        if self.data != self.old.data:
            replace_file(self.article.file, self.old, self.data)


def fix_articles(
    articles: Iterable[Article],
    run: Result,
    found: Iterable[Finding],
    linter: ArticleLinter,
    *,
    unsafe: bool,
    notes: bool = True,
) -> Iterator[ArticleFix | Problem]:
    """Yield the fix of each article in which `found` has fixable findings, or a problem if the article cannot be fixed.

    `run` is the result of the check, and `found` are those of its findings that may be fixed. Findings that result from
    these fixes are fixed, too. Unsafe fixes are applied only if `unsafe` is true. If `notes` is false, findings with
    severity info are not fixed.

    If the file of an article has changed since it was discovered, or if the run had problems, the article is checked
    again first.
    """
    by_path, checked = _by_path(found), _by_path(run.findings)
    for article in articles:
        own = by_path[article.path]
        try:
            if any(finding.fix and (unsafe or finding.fix.safe) for finding in own):
                old = _content(article)
                known = checked[article.path] if old.state == article.state and not run.problems else None
                yield fix_article(article, old, linter, own, known, unsafe=unsafe, notes=notes)
        except (NotFixed, OSError) as why:
            yield Problem(article.path, f"left alone: {getattr(why, 'strerror', None) or why}")


def fix_config(found: Iterable[Finding], linter: ArticleLinter) -> Iterator[ArticleFix | Problem]:
    """Yield the fix of the config file, which deletes the unused suppressions in `found`.

    If the file cannot be fixed, yield a problem. If there is nothing to delete, yield nothing.
    """
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
    if source.text != linter.config.text:
        yield Problem(path, "left alone: it has changed since it was read")
        return
    new = Rewrite.of(source, own).source
    left = [finding for finding in found if finding.path == path and finding not in own]
    yield ArticleFix(article, old, source, FixedSource(new, tuple(own), tuple(left)), new.to_bytes())


def fix_article(
    article: Article,
    old: FileContent,
    linter: ArticleLinter,
    found: Collection[Finding],
    known: Iterable[Finding] | None,
    *,
    unsafe: bool,
    notes: bool,
) -> ArticleFix:
    """Return the fix of an article for the findings in `found` and for findings that result from their fixes.

    `known` are all findings of the article, including those of rules that compare articles, or None if the article must
    be checked again. `unsafe` and `notes` are as in `fix_articles`. Raises NotFixed if the old bytes of the article
    cannot be reproduced or the new ones would be decoded differently, and OSError if the article is not text.
    """
    source = _reproducible_source(article, old.data, linter)
    across = {rule.name for rule in linter.run_rules.across}

    def depends_on_others(finding: Finding) -> bool:
        return finding.rule in across or is_unused_suppression(finding)

    before = list(linter.check_source(article, source) if known is None else known)
    own = [finding for finding in before if not depends_on_others(finding)]
    places = set(map(edits.place_of, found))
    protected = [place for place in map(edits.place_of, before) if place not in places]

    def find_in(now: Source) -> list[Finding]:
        findings = own if now is source else linter.check_source(article, now)
        return [finding for finding in findings if notes or finding.severity != "info"]

    fixed = edits.apply_fixes(
        source, find_in, unsafe=unsafe, protected=protected, extra=filter(depends_on_others, found)
    )
    data = fixed.source.to_bytes()
    if linter.source(article, data).text != fixed.source.text:
        raise NotFixed(_UNSURE)
    return ArticleFix(article, old, source, fixed, data)


def _content(article: Article) -> FileContent:
    return FileContent(read_content(article), 0, ()) if article.file == STANDARD_INPUT else read_file(article.file)


def unfinished_fixes(change: ArticleFix) -> Iterator[Problem]:
    """Yield a problem if the fixes of some rules undo each other, or if the fixes of one rule never end."""
    rules = change.fixed.unstable
    if len(rules) == 1:
        yield Problem(change.article.path, f"the fixes of {rules[0]} never end; none of them was applied")
    elif rules:
        named = ", ".join(rules)
        yield Problem(change.article.path, f"the fixes of {named} undo each other; none of them was applied")


def _by_path(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    by_path = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    return by_path


def _reproducible_source(article: Article, data: bytes, linter: ArticleLinter) -> Source:
    """Return the source of an article with the content `data`.

    Raises NotFixed if `data` cannot be reproduced exactly from the source, and OSError if `data` is not text.
    """
    source = linter.source(article, data)
    with suppress(UnicodeError):
        if source.to_bytes() == data:
            return source
    raise NotFixed(_LOST)


def read_file(file: str) -> FileContent:
    """Return the content of a file that is to be replaced later.

    Raises OSError if the file cannot be read, and NotFixed if it must not be replaced.
    """
    with open_regular(file) as opened:
        status = os.fstat(opened.fileno())
        data = opened.read()
    _guard(file, status)
    return FileContent(data, status.st_mode, file_state(status))


def replace_file(file: str, old: FileContent, data: bytes) -> None:
    """Replace a file atomically: other programs see the content `old` or the content `data`, never a mixture.

    Mode, owner and group are preserved where the system has them, and on Linux also extended attributes and ACLs. The
    new content is on disk before the file is replaced. Raises OSError if an operation on a file fails. Raises NotFixed
    if the file must not be replaced, if it has changed since it was read, or if its owner, group or attributes cannot
    be preserved.
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
        replace(new, file, partial(_require_unchanged, file, old))
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise
    _sync_folder(folder)


def _require_unchanged(file: str, old: FileContent) -> None:
    if read_file(file) != old:
        raise NotFixed("it has changed since it was read")


def _guard(file: str, opened: os.stat_result) -> None:
    """Raise NotFixed if `file` must not be replaced, for example because it is a link, is read-only, or has changed.

    `opened` is the status of the file when it was opened.
    """
    status = os.lstat(file)
    if stat.S_ISLNK(status.st_mode):
        raise NotFixed(f"it is a link to {os.readlink(file)}")
    if out := file_safety.link_leading_out(os.path.dirname(os.path.abspath(file))):
        link, top = out
        raise NotFixed(
            f"it is reached through the link {link}, which leads out of {top}; to fix it, pass {os.path.realpath(file)}"
        )
    if status.st_nlink > 1:
        raise NotFixed("it has more than one hard link")
    if not os.access(file, os.W_OK):
        raise NotFixed("it is read-only")
    if (status.st_dev, status.st_ino) != (opened.st_dev, opened.st_ino):
        raise NotFixed("it has changed since it was read")


def _new_file(folder: str) -> tuple[int, str]:
    """Create a new file, and return its descriptor and its path."""
    # on Windows, `tempfile.mkstemp` tries two billion names in a folder without write permission
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    new = os.path.join(folder, f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}")
    return os.open(new, flags, 0o600), new


@lru_cache(maxsize=1000)  # a run writes many files in a folder but removes stale ones only once
def _remove_stale(folder: str) -> None:
    """Delete the temporary files that were left in a folder, an hour ago or earlier, by runs that were killed."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX):
                with suppress(OSError):
                    _remove_if_stale(entry.path)


def _remove_if_stale(file: str) -> None:
    status = os.lstat(file)
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    is_single = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    if own and is_single and time.time() - status.st_mtime > _STALE_SECONDS:
        os.unlink(file)


def _keep_owner(new: int, old: os.stat_result) -> None:
    """Give a new file the owner and group of the old one, if the system has them. Raises NotFixed if this fails."""
    if not hasattr(os, "fchown"):
        return
    with suppress(OSError):
        os.fchown(new, old.st_uid, old.st_gid)
    status = os.fstat(new)
    if (status.st_uid, status.st_gid) != (old.st_uid, old.st_gid):
        raise NotFixed("its owner or group cannot be preserved; run copydesk fix as a user who may set them")


def _keep_attributes(new: int, file: str) -> None:
    """Give a new file the extended attributes of the old one, if the system supports them.

    Raises NotFixed if an attribute cannot be set or removed, and OSError if the attributes cannot be read.
    """
    if not hasattr(os, "listxattr"):  # macOS and Windows
        return
    old, given = _attributes(file), _attributes(new)
    for name in (old | given).keys() - _CONTENT_ATTRIBUTES:
        if old.get(name) != given.get(name):
            try:
                if name in old:
                    os.setxattr(new, name, old[name])
                else:  # an ACL that new files inherit from the folder
                    os.removexattr(new, name)
            except OSError as error:
                raise NotFixed(f"its attribute {name} cannot be preserved: {error.strerror}") from None


def _attributes(file: str | int) -> dict[str, bytes]:
    """Return the extended attributes of a file by name, or {} if the file system does not support them."""
    try:
        return {name: os.getxattr(file, name) for name in os.listxattr(file)}
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.ENOSYS):
            return {}
        raise


def _sync_folder(folder: str) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unified_diff(path: str, old: str, new: str, *, shown: bool = False, color: bool = False) -> str:
    """Return the unified diff between the old and the new text of an article, or "" if they are identical.

    By default, the diff is for `git apply`. If `shown` is true, it is for a terminal or a log: control characters are
    visible, lines that a CI server would run as commands are changed, and `color` adds colors.
    """
    before, after = (_quoted(f"{side}/{path.lstrip('/')}") for side in "ab")
    lines = difflib.unified_diff(_lines(old), _lines(new), before, after)
    return "".join(_painted(line, color=color) if shown else _ended(line) for line in lines)


def _quoted(name: str) -> str:
    """Return a file name, quoted for Git if necessary."""
    if not _UNQUOTED.search(name):
        return name
    escaped = _UNQUOTED.sub(lambda character: f"\\{ord(character[0]):03o}", name)
    return f'"{escaped}"'


def _lines(text: str) -> list[str]:
    ends = [0, *(end.end() for end in LINE_END.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if start < end]


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n{_NO_END}"


def _painted(line: str, *, color: bool) -> str:
    kind = next((kind for kind in _SGR if color and line.startswith(kind)), "")
    text = without_command(visible(line.rstrip("\r\n")), STAND_IN)
    return f"\x1b[{_SGR[kind]}m{text}\x1b[0m\n" if kind else f"{text}\n"
