"""Use git to find the changed files and lines for the option `--changed`.

Git runs as a subprocess, without a shell, and starts no other program, whatever the configuration of the repository
says: a repository, with its `.git` folder, may be untrusted. Names of files and commits are never parsed as options.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from linter import patterns
from linter.config.config import BadConfig
from linter.files.articles import STANDARD_INPUT, Article, Found
from linter.finding import Finding
from linter.output import one_line

OPTION = "--changed"
_DIFF = (
    *("diff", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--ignore-submodules=all", "--find-renames", "--diff-algorithm=histogram", "-O/dev/null"),
)
_RAW = ("--raw", "-z", "--no-abbrev", "--diff-filter=AMRT")
_PATCH = ("--patch", "--text", "--unified=0", "--inter-hunk-context=0", "--diff-filter=MR")
_HUNK = patterns.lazy(rb"\n@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_LONE_CR = patterns.lazy(rb"\r(?!\n)")
# Possible names of the main branch, which is used if no reference is given.
_MAIN_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_FETCH = "fetch the whole history (fetch-depth: 0)"
_FILE = "100"  # start of the mode of a file; links and submodules have other modes
Lines = Sequence[range]  # ranges of 1-based line numbers, in order
ALL: Lines = (range(1, 1 << 62),)

# Settings that keep git from starting programs and make its output predictable. They are passed on the command line,
# which takes precedence over all config files.
_GIT_CONFIG = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "safe.bareRepository=explicit",  # a folder in the work tree may look like a repository; git 2.38 and later
    "core.quotepath=off",
    "color.ui=false",
    "diff.autoRefreshIndex=true",
)
_UNSET_VARIABLES = ("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_TRACE")
_SET_VARIABLES = {
    "LC_ALL": "C",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone must not fetch objects
    "GIT_ALLOW_PROTOCOL": "none",  # the same for older versions of git: no protocol is allowed
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class _Changed(NamedTuple):
    """A file in a diff: its path in the repository, the id of its content, and whether the file is new."""

    path: str
    blob: str  # zeros if git has not stored the content, or "" if this is not a regular file
    new: bool  # also true if the type of the file changed


@dataclass(frozen=True, eq=False)
class Changes:
    """The changed lines of files, by the keys of the files (see `_key`).

    `texts` are contents to check instead of the contents of the files, by the same keys. `chosen` is true if pre-commit
    runs copydesk on staged changes. In this case, pre-commit usually passes only files that have staged changes.
    """

    lines: Mapping[str, Lines]
    texts: Mapping[str, bytes] = field(default_factory=dict)
    chosen: bool = False

    def has(self, article: Article) -> bool:
        return _key(article.file) in self.lines

    def text_of(self, article: Article) -> Article:
        """Return `article` with its content in `texts` as its `data`, or unchanged if `texts` has no content for it."""
        text = self.texts.get(_key(article.file))
        return article if text is None else article._replace(data=text, size=len(text))

    def touches(self, finding: Finding, article: Article) -> bool:
        """Whether a finding in `article` is on a changed line, or is about the article as a whole."""
        if finding.start == finding.end == 0:
            return True
        last = finding.end_line - (finding.end_column == 1 and finding.end_line > finding.line)
        return any(lines.start <= last and finding.line < lines.stop for lines in self.lines[_key(article.file)])


def parse_reference(reference: str, paths: Sequence[str]) -> tuple[str, list[str]]:
    """Return the reference to compare with, or "" for the default, and the paths to check.

    If `reference`, the value of --changed, is an existing path and not a commit, it is added to the paths, as in git.
    """
    if reference and os.path.lexists(reference) and not open_repository().commit(reference):
        return "", [reference, *paths]
    return reference, [*paths]


def select_changed(found: Found, reference: str) -> tuple[Found, Changes | None]:
    """Return `found` with only the changed articles, and the changes.

    If the changes are None, all articles are returned, and all their lines count as changed. This happens only in a
    pre-commit hook, if a named file has no staged changes, as in `pre-commit run --all-files`. Raises BadConfig if
    git fails, if an article is outside the repository, or for standard input.
    """
    if any(article.file == STANDARD_INPUT for article in found.articles):
        raise BadConfig([f"{OPTION}: standard input is not in the git repository"])
    repository = open_repository()
    inside = os.path.join(os.path.normcase(repository.top), "")
    if outside := next((one.path for one in found.articles if not _key(one.file).startswith(inside)), ""):
        raise BadConfig([f"{OPTION}: “{outside}” is outside this repository"])
    changes = _find_changes(repository, reference, found.articles)
    if changes.chosen and not found.folder and not all(map(changes.has, found.articles)):
        return found, None
    articles = tuple(changes.text_of(article) for article in found.articles if changes.has(article))
    return found._replace(articles=articles, folder=False, folders=()), changes


def _find_changes(repository: Repository, reference: str, articles: Iterable[Article]) -> Changes:
    """Return the changes since `reference` or, if it is "", the changes that --changed selects by default."""
    environment = os.environ
    # pre-commit may pass two commits in these variables.
    old, new = environment.get("PRE_COMMIT_FROM_REF", ""), environment.get("PRE_COMMIT_TO_REF", "")
    if not reference and old and new:
        commits = _commit(repository, old), _commit(repository, new)
        return _from_git_objects(repository, (repository.common(*commits) or commits[0], commits[1]))
    # pre-commit sets PRE_COMMIT in its hooks, and git sets GIT_INDEX_FILE in the hooks of `git commit`.
    if not reference and (environment.get("PRE_COMMIT") or environment.get("GIT_INDEX_FILE")):
        return _from_git_objects(repository, ("--cached",), chosen=bool(environment.get("PRE_COMMIT")))
    return _since(repository, reference, articles)


def _since(repository: Repository, reference: str, articles: Iterable[Article]) -> Changes:
    """Return the changes since the last common commit of `reference` and this branch.

    All lines of untracked `articles` count as changed. If the reference is "", the main branch is usually used. Raises
    BadConfig if the changes cannot be determined.
    """
    base = _base(repository, reference)
    files = _files(repository, (base,))
    lines = _lines(repository, (base,), files)
    for path, own in lines.items():
        try:
            lines[path] = own if own is ALL else _numbered(Path(path).read_bytes(), own)
        except OSError:
            lines[path] = ALL
    untracked = _untracked(repository, [os.path.realpath(article.file) for article in articles])
    return Changes(lines | dict.fromkeys(untracked, ALL))


def _untracked(repository: Repository, files: Iterable[str]) -> Iterator[str]:
    """Yield the keys of the `files` in the repository that git neither tracks nor ignores.

    `files` are real paths.
    """
    from linter import file_safety
    from linter.files.ignore import GitignoreReader

    # Git would wait forever for a .gitignore that is a pipe.
    reader, top = GitignoreReader(), os.path.normcase(repository.top)
    known = {os.path.normcase(os.path.join(top, path)) for path in _decoded(repository.git("ls-files", "-z"))}
    for file in files:
        key, above = os.path.normcase(file), file_safety.repository_top(os.path.dirname(file))
        if key not in known and os.path.normcase(above) == top and not reader.ignores(file):
            yield key


def _from_git_objects(repository: Repository, what: Sequence[str], *, chosen: bool = False) -> Changes:
    """Return the changes in a diff, with the contents that git has stored.

    `what` are the arguments of `git diff` that select what is compared. `chosen` is as in Changes.
    """
    files = _files(repository, what)
    lines = _lines(repository, what, files)
    texts = _blobs(repository, files)
    return Changes({path: _numbered(texts[path], own) for path, own in lines.items()}, texts, chosen)


def _base(repository: Repository, reference: str) -> str:
    head = repository.commit("HEAD")
    branches = filter(None, map(repository.commit, _MAIN_BRANCHES))
    other = _commit(repository, reference) if reference else next(branches, head)
    if not head:
        return other or repository.git("hash-object", "-t", "tree", "--stdin").decode("ascii").strip()  # no files
    if base := repository.common(other, head):
        return base
    advice = _FETCH if repository.is_shallow() else "use another reference"
    raise BadConfig([f"{OPTION}: “{reference or 'the main branch'}” and this branch have no common commit; {advice}"])


def _commit(repository: Repository, name: str) -> str:
    if found := repository.commit(name):
        return found
    advice = f"; {_FETCH}" if repository.is_shallow() else "; if it is a branch of a remote, run “git fetch” first"
    raise BadConfig([f"{OPTION}: git does not know the commit “{name}”{advice}"])


def _files(repository: Repository, what: Sequence[str]) -> list[_Changed]:
    """Return the files of a diff, in order, except deleted files.

    `what` are the arguments of `git diff` that select what is compared.
    """
    fields = iter(_decoded(repository.git(*_DIFF, *_RAW, *what, "--")))
    files = []
    for head in fields:
        _, mode, _, blob, status = head.split(" ")
        path = next(fields)
        if status.startswith("R"):
            path = next(fields)
        files.append(_Changed(path, blob if mode.startswith(_FILE) else "", status[0] in "AT"))
    return files


def _decoded(answer: bytes) -> list[str]:
    """Return the strings in the output of git, each of which ends in a zero byte."""
    # On Windows, `os.fsdecode` raises UnicodeError for names that are not UTF-8.
    return [text.decode(sys.getfilesystemencoding(), "surrogateescape") for text in answer.split(b"\0")[:-1]]


def _lines(repository: Repository, what: Sequence[str], files: Sequence[_Changed]) -> dict[str, Lines]:
    r"""Return the new or changed lines of each regular file in a diff, by the key of the file.

    In these line numbers, only `\n` ends a line. `files` are the result of `_files` for the same `what`.
    """
    lines: dict[str, Lines] = {_full(repository, file.path): ALL for file in files if file.new and file.blob}
    modified = [file for file in files if not file.new]
    hunks = [*_hunks(repository.git(*_DIFF, *_PATCH, *what, "--"))] if modified else []
    for at, file in enumerate(modified):
        if file.blob:  # there are as many patches as files, unless a file has just changed
            lines[_full(repository, file.path)] = hunks[at] if len(hunks) == len(modified) else ALL
    return lines


def _hunks(patch: bytes) -> Iterator[list[range]]:
    """Yield the ranges of new or changed lines for each file in a patch."""
    # In a patch, lines of the files have a prefix, so that they cannot be mistaken for headers.
    for own in (b"\n" + patch).split(b"\ndiff --git ")[1:]:
        places = ((int(hunk[1]), int(hunk[2] or 1)) for hunk in _HUNK.finditer(own))
        yield [range(first, first + count) for first, count in places]


def _blobs(repository: Repository, files: Sequence[_Changed]) -> dict[str, bytes]:
    """Return the contents of regular files as stored by git, by the keys of the files."""
    wanted = [file for file in files if file.blob]
    answer = repository.git("cat-file", "--batch", stdin="".join(f"{file.blob}\n" for file in wanted).encode())
    texts, at = {}, 0
    for file in wanted:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split(b" ")[2])
        texts[_full(repository, file.path)] = answer[end + 1 : end + 1 + size]
        at = end + size + 2
    return texts


def _numbered(text: bytes, lines: Lines) -> Lines:
    r"""Return `lines`, or ALL if a lone `\r` ends a line in `text`, because git counts only `\n` as a line end.

    If `text` contains a zero byte, as in UTF-16, or no lines have changed, `lines` are returned unchanged.
    """
    return ALL if lines and b"\0" not in text and _LONE_CR.search(text) else lines


def _full(repository: Repository, path: str) -> str:
    return _key(os.path.join(repository.top, path))


def _key(path: str) -> str:
    """Return the key of the file at `path`: the real path of the file, in lowercase on Windows."""
    return os.path.normcase(os.path.realpath(path))


@dataclass(frozen=True)
class Repository:
    """The work tree of a repository.

    `top` is the absolute path of its top folder. `config` are settings that are passed to every git command.
    """

    top: str
    config: tuple[str, ...]

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Return the output of a git command that reads `stdin` on its standard input.

        Raises BadConfig if the command fails.
        """
        completed = _run(self.top, self.config, *arguments, stdin=stdin)
        if completed.returncode:
            raise BadConfig([f"{OPTION}: git {arguments[0]} failed: {_reason(completed)}"])
        return completed.stdout

    def commit(self, name: str) -> str:
        """Return the id of the commit that `name` refers to, or "" if there is none."""
        if not name or name.startswith("-") or "\0" in name:
            return ""
        return self._id("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")

    def is_shallow(self) -> bool:
        """Whether the repository lacks a part of its history, as after `git clone --depth 1`."""
        return self.git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def common(self, one: str, other: str) -> str:
        """Return the id of the latest common ancestor of two commits (`git merge-base`), or "" if they have none."""
        return self._id("merge-base", one, other)

    def _id(self, *arguments: str) -> str:
        completed = _run(self.top, self.config, *arguments)
        return "" if completed.returncode else completed.stdout.decode("ascii").split("\n")[0]


def open_repository() -> Repository:
    """Return the repository that contains the working folder.

    Raises BadConfig if there is no repository, if git is missing, or if the working folder is part of the git directory
    itself, whose configuration may name any work tree.
    """
    folder = os.getcwd()
    completed = _run(folder, _GIT_CONFIG, "rev-parse", "--is-inside-git-dir", "--show-toplevel")
    inside, _, top = completed.stdout.removesuffix(b"\n").partition(b"\n")
    if completed.returncode or not top.strip():
        raise BadConfig([f"{OPTION}: {_reason(completed) or 'this folder is not in a git repository'}"])
    if inside == b"true":
        raise BadConfig([f"{OPTION}: this folder is a git directory, not a work tree"])
    return Repository(os.path.realpath(os.fsdecode(top)), (*_GIT_CONFIG, *_without_filters(folder)))


def _without_filters(folder: str) -> Iterator[str]:
    """Yield git settings that disable all filters. Raises BadConfig if the filters cannot be disabled."""
    # `git diff` would run clean filters, and git has no option that disables all filters.
    completed = _run(folder, _GIT_CONFIG, "config", "--null", "--name-only", "--get-regexp", r"^filter\.")
    if completed.returncode not in (0, 1):  # 1: there are none
        raise BadConfig([f"{OPTION}: git config failed: {_reason(completed)}"])
    keys = (os.fsdecode(key) for key in completed.stdout.split(b"\0"))
    for name in sorted({key.removeprefix("filter.").rpartition(".")[0] for key in keys if key.count(".") > 1}):
        if "=" in name:
            raise BadConfig([f"{OPTION}: the git filter “{name}” cannot be disabled; rename it without “=”"])
        yield from (f"filter.{name}.{key}" for key in ("clean=", "smudge=", "process=", "required=false"))


def _run(folder: str, config: Iterable[str], *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _UNSET_VARIABLES} | _SET_VARIABLES
    options = chain.from_iterable(("-c", setting) for setting in config)
    command = (_program(), "--no-pager", *options, *arguments)
    return subprocess.run(command, cwd=folder, env=environment, input=stdin, capture_output=True, check=False)


def _program() -> str:
    """Return the path of the git program. Raises BadConfig if git is missing."""
    name = "git.exe" if os.name == "nt" else "git"
    # Relative paths are skipped, so that a git.exe among the articles is never run.
    files = (os.path.join(folder, name) for folder in os.get_exec_path() if os.path.isabs(folder))
    if file := next((file for file in files if os.path.isfile(file) and os.access(file, os.X_OK)), ""):
        return file
    raise BadConfig([f"{OPTION}: git is not installed, or is not in the PATH"])


def _reason(completed: subprocess.CompletedProcess[bytes]) -> str:
    """Return the error message of git, or "" if there is none or if git found no repository."""
    lines_ = completed.stderr.decode("utf-8", "replace").strip().split("\n")
    first = next((line for line in lines_ if line.startswith(("fatal: ", "error: "))), lines_[0])
    first = one_line(first.removeprefix("fatal: "))
    return "" if first.startswith("not a git repository") else first
