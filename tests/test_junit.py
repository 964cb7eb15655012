"""The JUnit XML report, as read by another program."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

from linter.finding import Problem, Result
from linter.reporters import View, render
from samples import LEAK, PROBLEM

NAME = LEAK._replace(rule="names/proper-noun", severity="warning", message="“russia” should be capitalized.", line=4)


def read(result: Result, fail_on: str = "error") -> JUnitXml:
    return JUnitXml.fromstring(render("junit", result, View(fail_on=fail_on)).encode())


def test_what_fails_the_run_is_a_failure_and_the_rest_is_output() -> None:
    report = read(Result(2, (LEAK, NAME), ()))
    assert (report.tests, report.failures, report.errors) == (2, 1, 0)
    ours, article = report
    assert [(case.name, case.is_passed) for case in ours] == [("1 error and 1 warning in 1 of 2 articles", True)]
    (case,) = article
    assert (case.classname, case.name) == ("posts/tram.txt", "leaks/raw-tag at 3:12")
    assert (case.result[0].type, case.result[0].message) == (LEAK.rule, LEAK.message)
    assert case.result[0].text == f"posts/tram.txt:3:12: error: {LEAK.message}\n"
    assert article._elem.findtext("system-out") == "posts/tram.txt:4:12: warning: “russia” should be capitalized.\n"


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2)])
def test_fail_on_decides_what_fails(fail_on: str, failures: int) -> None:
    assert read(Result(1, (LEAK, NAME), ()), fail_on).failures == failures


def test_a_problem_is_an_error() -> None:
    report = read(Result(0, (), (PROBLEM,)))
    assert (report.tests, report.failures, report.errors) == (2, 0, 1)


def test_a_run_without_findings_has_a_passing_test() -> None:
    report = read(Result(3, (), ()))
    assert (report.tests, report.failures, report.errors) == (1, 0, 0)


@given(st.text(), st.sampled_from(["error", "info"]))
def test_any_text_of_an_article_is_xml(text: str, severity: str) -> None:
    finding = LEAK._replace(path=f"{text}.md", message=f"“{text}”", severity=severity)
    ElementTree.fromstring(render("junit", Result(1, (finding,), (Problem(text, text),)), View()).encode())
