"""The public API: check and fix texts and files from Python."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from linter import readers
from linter.article_linter import ArticleLinter, read_document
from linter.config.config import RunOptions
from linter.files.articles import Article
from linter.rule import Rule
from linter.source import Source

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.document import Document
    from linter.finding import Finding, Result

_UNNAMED = "<text>"
_WIDTH = 80  # columns of an explanation


class FixedText(NamedTuple):
    """A text after its fixes: `fixed` are the findings that were fixed, `left` those that remain, in order.

    Positions of `left` are those in `text`, positions of `fixed` those in the text before.
    """

    text: str
    fixed: tuple[Finding, ...]
    left: tuple[Finding, ...]


class Linter(ArticleLinter):
    """Config, rules and prefilter, ready to check articles: made once, used for any number of them.

    Several threads may use one linter: their calls run one after the other.
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

        `config` is a copydesk.yaml (None: the nearest one, from the working folder upwards). With `isolated`, config,
        words.txt and baseline of a folder are not used. `rule_folders` are further folders of packs (`--rules`).
        `select` and `ignore` name packs, rules or globs of them. `rules`, if given, are used in place of all others.
        Raises BadConfig and BadRule, whose `mistakes` have one line for each mistake.
        """
        options = RunOptions(
            rule_folders=tuple(os.fspath(folder) for folder in rule_folders),
            config=None if config is None else os.fspath(config),
            isolated=isolated,
            select=tuple(select),
            ignore=tuple(ignore),
        )
        self._open(options, None, rules)

    @classmethod
    def of(cls, options: RunOptions, cache: Cache | None = None, *, rules: Iterable[Rule] | None = None) -> Linter:
        """Return a linter with the options of a command line; `cache` stores its rules."""
        linter = cls.__new__(cls)
        linter._open(options, cache, rules)
        return linter

    def _open(self, options: RunOptions, cache: Cache | None, rules: Iterable[Rule] | None) -> None:
        super().__init__(options, cache, rules=rules)
        self._lock = RLock()

    def __reduce__(self) -> tuple[Callable[[RunOptions], ArticleLinter], tuple[RunOptions]]:
        return Linter.of, super().__reduce__()[1]

    def check(self, text: str, *, kind: str = "markdown", path: str | os.PathLike[str] | None = None) -> list[Finding]:
        """Return the findings of one article, in order of their positions.

        `kind` is "markdown", "html" or "text". With `path`, the article counts as the file there, which need not
        exist: what the config says of that path applies, and findings name it. Offsets of findings are 0-based code
        points of `text`. Raises ValueError for an unknown kind.
        """
        with self._lock:
            document, file = self._read(text, kind, path)
            return self.check_document(document, file).findings

    def fix(
        self,
        text: str,
        *,
        kind: str = "markdown",
        path: str | os.PathLike[str] | None = None,
        unsafe: bool = False,
    ) -> FixedText:
        """Return `text` with all safe fixes applied, and with the unsafe ones too if `unsafe`.

        Arguments and errors are those of `check`.
        """
        from linter.fix import edits

        with self._lock:
            document, file = self._read(text, kind, path)

            def find_in(source: Source) -> list[Finding]:
                read = document if source is document.source else self._read(source.text, kind, path)[0]
                return self.check_document(read, file).findings

            done = edits.apply_fixes(document.source, find_in, unsafe=unsafe)
        return FixedText(done.source.text, tuple(done.fixed), tuple(done.remaining))

    def check_paths(
        self, paths: Iterable[str | os.PathLike[str]], *, jobs: int | None = 1, baseline: bool = True
    ) -> Result:
        """Check files, folders and globs, and return the number of articles, their findings, and problems.

        Without `baseline`, known findings are reported too. `jobs` is the number of processes (None: automatic); with
        several, the main module of the program may be imported again. Never raises for an article: a file that cannot
        be read is a finding or a problem. Raises BadConfig for a baseline with mistakes.
        """
        from linter import runner
        from linter.files import articles

        with self._lock:
            found = articles.discover([os.fspath(path) for path in paths], self.config.excludes)
            result = runner.run(found, self, jobs)
            return runner.filter_findings(result, found, self, known=self.options.isolated or not baseline)

    def explain(self, name: str) -> str:
        """Return what `copydesk explain` prints about a rule such as "leaks/raw-tag", or about all rules of a pack.

        Raises BadConfig for a name that fits no rule.
        """
        from linter.reference import explain
        from linter.styled_text import Lines

        lines = Lines(_WIDTH, False)
        explain.write_explanation(lines, name, explain.rule_entries(self.options))
        return lines.text()

    def _read(self, text: str, kind: str, path: str | os.PathLike[str] | None) -> tuple[Document, str]:
        """Return the document of a text, and the absolute path for which the config is looked up."""
        if kind not in readers.KINDS:
            raise ValueError(f"“{kind}” is no kind of article: {', '.join(readers.KINDS)}")
        name = _UNNAMED if path is None else os.fspath(path)
        file = os.path.abspath(name)
        if path is None:
            return read_document(Source(text, name), kind), file
        return self.document(Article(name, file, kind), Source(text, name)), file


def lint_text(
    text: str, *, kind: str = "markdown", path: str = _UNNAMED, rules: Iterable[Rule] | None = None
) -> list[Finding]:
    """Return the findings of one article, in order, without any config: `Linter.check` of a linter made once.

    `path` is only the name in the findings. `rules`: the shipped ones that are on by default, if none are given.
    """
    linter = _default_linter() if rules is None else Linter(isolated=True, rules=rules)
    return [finding._replace(path=path) for finding in linter.check(text, kind=kind)]


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
    """Check files, folders and globs with a linter of these options: `Linter.check_paths`.

    `rules` are folders of packs.
    """
    linter = Linter(config, isolated=isolated, rule_folders=rules, select=select, ignore=ignore)
    return linter.check_paths(paths, jobs=jobs, baseline=baseline)
