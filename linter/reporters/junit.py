"""The JUnit XML report, which CI servers show: a suite per file, and a test case per finding that fails the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from linter import patterns
from linter.finding import SEVERITIES, Finding, Result
from linter.output import one_line
from linter.reporters import View, summary

# Characters that XML 1.0 cannot contain, not even escaped: https://www.w3.org/TR/xml/#charsets.
_UNSAFE = patterns.lazy("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: Result, view: View) -> str:
    """Render findings of the severity `view.fail_on` or higher as failures.

    The other findings are in the `system-out` of the suite for their file. Problems are errors in a separate suite. The
    first test case of that suite always passes, since some servers reject a run without passed tests.
    """
    failing = SEVERITIES[: SEVERITIES.index(view.fail_on) + 1]
    root = Element("testsuites", name="copydesk")
    suite = _suite(root, "copydesk", len(result.problems) + 1, errors=len(result.problems))
    SubElement(suite, "testcase", classname="copydesk", name=summary(result))
    for problem in result.problems:
        case = SubElement(suite, "testcase", classname="copydesk", name=_clean(problem.name))
        SubElement(case, "error", message=_clean(problem.message), type="copydesk").text = _clean(problem.message)
    for path, findings in groupby(result.findings, key=lambda finding: finding.path):
        _article(root, path, list(findings), failing)
    for kind in ("tests", "failures", "errors"):
        root.set(kind, str(sum(int(suite.get(kind, 0)) for suite in root)))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _article(root: Element, path: str, findings: Sequence[Finding], failing: Iterable[str]) -> None:
    failures = [finding for finding in findings if finding.severity in failing]
    suite = _suite(root, path, len(failures), failures=len(failures))
    for finding in failures:
        name = f"{finding.rule} at {finding.place.removeprefix(path).lstrip(':')}"
        case = SubElement(suite, "testcase", classname=_clean(path), name=_clean(name), file=_clean(path))
        if finding.record is None:
            case.set("line", str(finding.line))
        properties = SubElement(case, "properties")
        SubElement(properties, "property", name="group", value=_clean(finding.group))
        failure = SubElement(case, "failure", message=_clean(finding.message), type=finding.rule)
        failure.text = f"{_clean(_line(finding))}\n"
    if others := [finding for finding in findings if finding.severity not in failing]:
        SubElement(suite, "system-out").text = "".join(f"{_clean(_line(finding))}\n" for finding in others)


def _suite(root: Element, name: str, tests: int, failures: int = 0, errors: int = 0) -> Element:
    numbers = {"tests": str(tests), "failures": str(failures), "errors": str(errors)}
    return SubElement(root, "testsuite", {"name": _clean(name), **numbers})


def _line(finding: Finding) -> str:
    return f"{finding.place}: {finding.severity}: {finding.message}"


def _clean(text: str) -> str:
    """Return `text` on one line, with control characters escaped, and U+FFFD for characters that XML cannot contain."""
    return _UNSAFE.sub("\ufffd", one_line(text))
