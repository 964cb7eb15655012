"""The public Python API: check strings and files, and fix strings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple, Self

from linter import readers, runner
from linter.article_linter import ArticleLinter
from linter.config.config import RunOptions
from linter.files import articles, sites
from linter.files.articles import Article
from linter.rule import Rule
from linter.source import UNNAMED, Source
from linter.suggest import as_list

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.document import Document
    from linter.finding import Finding, Result

_LOCK = RLock()  # held during every call, because checks share cached data about words and patterns
_WIDTH = 80  # columns of an explanation


class FixedText(NamedTuple):
    """The result of `Linter.fix`: a string with its fixes applied.

    `fixed` has the findings whose fixes were applied. Fixes are applied in passes, and the offsets of each finding in
    `fixed` refer to the text at the start of the pass that applied its fix. `left` has the findings that remain in
    `text`, in order. `unstable` has the names of rules whose fixes undo each other or never end; none of their fixes
    was applied.
    """

    text: str
    fixed: tuple[Finding, ...]
    left: tuple[Finding, ...]
    unstable: tuple[str, ...] = ()


class Linter(ArticleLinter):
    """A linter with its config and rules, ready to check any number of articles.

    Linters may be used in several threads: calls of `check`, `fix`, `check_paths` and `explain` run one at a time. The
    first check takes about a second, because it compiles patterns; a later check of a sentence takes less than a
    millisecond.
    """

    def __init__(
        self,
        config: str | os.PathLike[str] | None = None,
        *,
        isolated: bool = False,
        rule_folders: Iterable[str | os.PathLike[str]] = (),
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        rules: Iterable[Rule] | None = None,
    ) -> None:
        """Read config and rules once, as `copydesk check` does with the options of the same names.

        `config` is the path of a copydesk.yaml or pyproject.toml. If it is None, the nearest config in or above the
        working folder is used. If `isolated` is true, the nearest config, words.txt and the baseline are not used.
        `rule_folders` are additional folders of packs (`--rules`). `select` and `ignore` are names of packs or rules,
        or globs. `rules`, if given, replace all other rules.

        Raises BadConfig or BadRule, whose `mistakes` has one line for each mistake.
        """
        options = RunOptions(
            rule_folders=tuple(os.fspath(folder) for folder in rule_folders),
            config=None if config is None else os.fspath(config),
            isolated=isolated,
            select=tuple(select),
            ignore=tuple(ignore),
        )
        with _LOCK:
            super().__init__(options, rules=rules)

    @classmethod
    def of(cls, options: RunOptions, cache: Cache | None = None, *, rules: Iterable[Rule] | None = None) -> Linter:
        """Return a linter for the options of a command line.

        `cache` may contain rules from earlier runs. If it records that config and rules have no mistakes, the rules are
        not checked again. `rules`, if given, replace all other rules. Raises BadConfig or BadRule with all mistakes.
        """
        made = cls.__new__(cls)
        with _LOCK:
            ArticleLinter.__init__(made, options, cache, rules=rules)
        return made

    @classmethod
    def from_bundle(cls, data: bytes) -> Self:
        """Return a linter like the one whose `bundle` returned `data`, without opening the files of its config.

        Relative paths in the bundle start at the working folder. Raises BadConfig if the bundle is damaged or was made
        by another version of copydesk, or if the config or rules in it have mistakes.
        """
        with _LOCK:
            return super().from_bundle(data)

    def bundle(self) -> bytes:
        """Return the config, the rules and the allowed words as bytes, for `from_bundle` on any machine.

        The bundle contains no code. It depends on the position of the config relative to the working folder, but not on
        the working folder itself. Raises TypeError if the linter was created with the argument `rules`, and BadConfig
        if rule files have changed since they were read, if the bundle would be too large, or if a file is on another
        drive.
        """
        with _LOCK:
            return super().bundle()

    def __reduce__(self) -> tuple[Callable[[bytes], Linter], tuple[bytes]]:
        """Pickle the linter as its bundle. The errors are those of `bundle`."""
        return Linter.from_bundle, (self.bundle(),)

    def check(self, text: str, *, kind: str = "markdown", path: str | os.PathLike[str] | None = None) -> list[Finding]:
        """Return the findings of one article, in order of their positions.

        `kind` is "markdown", "html", "text" or "wordpress". `path` is the path of the file that the text belongs to;
        the file need not exist. The findings name `path`. The parts of the config that apply to this path are used. The
        offsets of findings are 0-based code points of `text`. If the patterns of a rule take too long, the findings of
        that rule may be incomplete. Raises ValueError for an unknown kind.
        """
        name, file = _name_and_file(path)
        with _LOCK:
            return self._check(self._document(text, kind, name, file), file)

    def fix(
        self,
        text: str,
        *,
        kind: str = "markdown",
        path: str | os.PathLike[str] | None = None,
        unsafe: bool = False,
    ) -> FixedText:
        """Apply the safe fixes for `text`, and also the unsafe fixes if `unsafe` is true; return the result.

        The other arguments and the errors are those of `check`.
        """
        from linter.fix import edits

        name, file = _name_and_file(path)
        with _LOCK:
            document = self._document(text, kind, name, file)

            def check(source: Source) -> list[Finding]:
                same = source is document.source
                return self._check(document if same else self._document(source.text, kind, name, file), file)

            done = edits.apply_fixes(document.source, check, unsafe=unsafe)
        return FixedText(done.source.text, done.fixed, done.remaining, done.unstable)

    def check_paths(
        self, paths: Iterable[str | os.PathLike[str]], *, jobs: int | None = 1, baseline: bool = True
    ) -> Result:
        """Check files, folders and globs; return the number of articles, their findings, and problems.

        If `baseline` is false, or the linter is isolated, known findings are reported too. `jobs` is the number of
        processes (None: automatic). New processes may import the main module of the program again. No article causes an
        exception: a file that cannot be read is a finding, and any other failure is a problem. Raises BadConfig for a
        baseline with mistakes.
        """

        with _LOCK:
            sites.forget()
            found = articles.discover([os.fspath(path) for path in paths], self.config.excludes)
            result = runner.run(found, self, jobs)
            return runner.filter_findings(result, found, self, keep_known=self.options.isolated or not baseline)

    def explain(self, name: str) -> str:
        """Return the text that `copydesk explain` prints for a rule, such as "leaks/raw-tag", or for a whole pack.

        Raises BadConfig if no rule or pack has this name.
        """
        from linter.reference import explain

        with _LOCK:
            return explain.explanation(name, self.run_rules.states(), _WIDTH, color=False, config=self.config.file)

    def _check(self, document: Document, file: str) -> list[Finding]:
        return self.active_in(document, file).check(document, file, self.limits).findings

    def _document(self, text: str, kind: str, name: str, file: str) -> Document:
        """Return the document of an article called `name`.

        `file` is the absolute path of the article, or "" if it has none. Raises ValueError for an unknown kind.
        """
        if kind not in readers.KINDS:
            raise ValueError(f"unknown kind “{kind}”; use {as_list(readers.KINDS)}")
        return self.document(Article(name, file, kind), Source(text, name))


def _name_and_file(path: str | os.PathLike[str] | None) -> tuple[str, str]:
    return (UNNAMED, "") if path is None else (os.fspath(path), os.path.abspath(path))


def lint_text(
    text: str, *, kind: str = "markdown", path: str = UNNAMED, rules: Iterable[Rule] | None = None
) -> list[Finding]:
    """Return the findings of one article, in order, without reading any config.

    The findings name `path`; the file need not exist. `rules`, if given, replace the shipped rules that are on by
    default. Raises ValueError for an unknown kind.
    """
    linter = _default_linter() if rules is None else Linter(isolated=True, rules=rules)
    with _LOCK:
        return linter._check(linter._document(text, kind, path, ""), "")


@cache
def _default_linter() -> Linter:
    return Linter(isolated=True)


def lint_paths(
    paths: Iterable[str | os.PathLike[str]],
    *,
    config: str | None = None,
    isolated: bool = False,
    rules: Iterable[str] = (),
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    jobs: int | None = 1,
    baseline: bool = True,
) -> Result:
    """Check files, folders and globs: create a `Linter` with these options and call its `check_paths`.

    `rules` are folders of packs. The other options and the errors are those of `Linter` and `Linter.check_paths`.
    """
    linter = Linter(config, isolated=isolated, rule_folders=rules, select=select, ignore=ignore)
    return linter.check_paths(paths, jobs=jobs, baseline=baseline)
