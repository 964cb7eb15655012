"""The tasks of a worker process: check, fix and convert articles, and describe rules.

A task is a name and plain data. Its answer is an HTTP response: a status, a media type, a body, and the number of
findings of each severity, for the metrics.
"""

from __future__ import annotations

import gc
import marshal
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from linter import reporters
from linter.api import Linter
from linter.config.config import BadConfig
from linter.document import Document
from linter.files.articles import Article
from linter.finding import Finding
from linter.output import as_json
from linter.readers import KINDS
from linter.rule import BadRule
from linter.serve import article_view, convert, languagetool, rule_pages
from linter.serve.answers import JSON, Answer, Refusal, error
from linter.serve.requests import ArticleRequest, article_request, conversion_request
from linter.source import UNNAMED, Source
from linter.suggest import cut_text, sentence
from linter.text.language import with_language
from linter.workers import Chunk, Work

_SELECTIONS = 8  # combinations of “select” and “ignore” whose rules are kept ready
_WARM_UPS = 4  # trial checks; they make CPython specialize most of the code
_SENTENCE = "The tram is late.It is full."
_RULE_TEXT = "## {rule.summary}\n\n{rule.why} *{rule.summary}*: [{rule.name}](https://example.org/)\n"
_IN_ARTICLE = 40  # texts of rules, about 8 kB
_ARTICLE = b'{"text": "The tram is late.It is full."}'
_FIRST_TASKS = (
    ("fix", _ARTICLE),
    ("view", _ARTICLE),
    ("languagetool", b"language=auto&text=The+tram+is+late.It+is+full."),
    ("convert", b'{"text": "<p>The tram.</p>", "kind": "html", "to": "markdown"}'),
    ("convert", b'{"text": "The tram.", "kind": "markdown", "to": "html"}'),
    ("docx", b""),
)
_GARBAGE = 50_000  # new objects after which Python collects garbage; a check of 10 kB creates fewer
_FAILED = "copydesk failed on this article ({}); please report it."
_NO_MEMORY = "There is not enough memory for this article; split it."


def work_with(bundle: bytes) -> Work:
    """Return the function that a worker process runs for each task. It uses the linter in `bundle`."""
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a service manager may send it to all processes at once
    tasks = Tasks(Linter.from_bundle(bundle))
    gc.freeze()
    gc.set_threshold(_GARBAGE)

    def work(chunk: Chunk) -> bytes:
        (task,) = chunk
        return marshal.dumps(tuple(tasks.answer(*task)))

    return work


class Tasks:
    """The tasks of a service with one linter."""

    def __init__(self, linter: Linter) -> None:
        self._linter = linter
        self._rules_by_name = {rule.name: rule for rule in linter.run_rules.all_rules}
        self._selected = lru_cache(_SELECTIONS)(linter.with_selection)
        self._tasks: Mapping[str, Callable[[bytes], Answer]] = {
            "ready": self._ready,
            "check": self._check,
            "fix": self._fix,
            "view": self._view,
            "convert": self._convert,
            "docx": self._docx,
            "rules": self._rules,
            "rule": self._rule,
            "languagetool": self._languagetool,
        }

    def answer(self, name: str, body: bytes) -> Answer:
        """Return the answer to the task `name`. Errors are answers, too; no exception is raised."""
        try:
            return self._tasks[name](body)
        except Refusal as refused:
            status, message = refused.status, refused.message
        except (BadConfig, BadRule) as bad:
            status, message = 400, sentence(bad.mistakes[0].removeprefix("--"))
        except MemoryError:
            status, message = 503, _NO_MEMORY
        except Exception as bug:
            status, message = 500, _FAILED.format(type(bug).__name__)
        return error(status, message, plain=name == "languagetool")

    def _ready(self, _: bytes) -> Answer:
        """Run the tasks once, so that no client waits for code and patterns that are used for the first time."""
        for kind in KINDS * _WARM_UPS:
            self._linter.check(_SENTENCE, kind=kind)
        texts = [_RULE_TEXT.format(rule=rule) for rule in self._linter.run_rules.all_rules]
        for first in range(0, len(texts), _IN_ARTICLE):
            self._linter.check("\n".join(texts[first : first + _IN_ARTICLE]))
        for name, body in _FIRST_TASKS:
            self.answer(name, body)
        return Answer(200, JSON, b"{}")

    def _check(self, body: bytes) -> Answer:
        checked = self._checked(article_request(body))
        values = {
            "version": 1,
            "files": 1,
            "findings": [finding.as_json() for finding in checked.findings],
            "problems": checked.problems,
            "counts": article_view.counts_by_severity(checked.findings),
        }
        return _answer(values, checked.findings)

    def _fix(self, body: bytes) -> Answer:
        from linter.fix import edits

        request = article_request(body, fix=True)
        first = self._checked(request)
        linter = self._linter_for(request)

        def check(source: Source) -> list[Finding]:
            return first.findings if source is first.document.source else check_source(linter, request, source).findings

        done = edits.apply_fixes(first.document.source, check, unsafe=request.unsafe)
        values = {
            "version": 1,
            "text": done.source.text,
            "fixed": [finding.as_json() for finding in done.fixed],
            "findings": [finding.as_json() for finding in done.remaining],
            "unstable": done.unstable,
            "problems": first.problems,
            "counts": article_view.counts_by_severity(done.remaining),
        }
        return _answer(values, done.remaining)

    def _view(self, body: bytes) -> Answer:
        checked = self._checked(article_request(body))
        explained = self._linter.run_rules.with_examples
        values = article_view.view(checked.document, checked.findings, self._rules_by_name, explained)
        return _answer({**values, "problems": checked.problems}, checked.findings)

    def _languagetool(self, body: bytes) -> Answer:
        form = languagetool.form(body.decode("utf-8", "replace"))
        linter = self._linter
        select = form.selected(linter.run_rules.all_rules, linter.rules)
        checked = self._checked(form.article._replace(select=select))
        rules = self._rules_by_name
        findings = [finding for finding in checked.findings if form.wants(finding, rules.get(finding.rule))]
        problems = [problem["message"] for problem in checked.problems]
        return _answer(languagetool.response(form, checked.document, findings, rules, problems), findings)

    def _convert(self, body: bytes) -> Answer:
        text, kind, to = conversion_request(body)
        return _converted(to, convert.to_markdown if to == "markdown" else convert.to_html, text, kind)

    def _docx(self, body: bytes) -> Answer:
        return _converted("html", convert.docx_to_html, body)

    def _rules(self, _: bytes) -> Answer:
        return _answer({"version": 1, "rules": rule_pages.overview(self._linter.run_rules.states())})

    def _rule(self, body: bytes) -> Answer:
        name = body.decode("utf-8", "replace")
        for state in self._linter.run_rules.states():
            if name == f"{state.own.pack}/{state.own.id}":
                return _answer(rule_pages.page(state))
        raise Refusal(404, f"There is no rule “{cut_text(name)}”; GET /rules lists all rules.")

    def _checked(self, request: ArticleRequest) -> Checked:
        """Check the article of a request. Raises BadConfig if it selects unknown rules."""
        source = Source(request.text, request.path or UNNAMED)
        return check_source(self._linter_for(request), request, source)

    def _linter_for(self, request: ArticleRequest) -> Linter:
        return self._selected(request.select, request.ignore) if request.select or request.ignore else self._linter


class Checked(NamedTuple):
    """A checked article: its document, its findings in order, and its problems as plain data."""

    document: Document
    findings: list[Finding]
    problems: list[dict[str, str]]


def check_source(linter: Linter, request: ArticleRequest, source: Source) -> Checked:
    """Check a source in the way that a request asks for."""
    file = os.path.abspath(request.path) if request.path else ""
    document = linter.document(Article(source.path, file, request.kind), source)
    if request.language:
        document = with_language(document, request.language)
    result = linter.active_in(document, file).check(document, file)
    return Checked(document, result.findings, [problem.as_json() for problem in result.problems])


def _converted(to: str, conversion: Callable[..., str], *given: object) -> Answer:
    try:
        return _answer({"text": conversion(*given), "kind": to})
    except ValueError as error:  # a sentence for editors
        raise Refusal(400, str(error)) from None


def _answer(values: Mapping[str, Any], findings: Iterable[Finding] = ()) -> Answer:
    return Answer(200, JSON, as_json(values).encode(), reporters.severity_counts(findings))
