"""The promises of docs/compatibility.md: the Python API and the JSON report are those of the last release."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import copydesk
from linter import cli
from linter.api import Linter

RELEASED = json.loads((Path(__file__).parent / "released.json").read_text("utf-8"))


def signatures() -> dict[str, list[str]]:
    """Return the parameters of all public functions, classes and methods, by name."""
    found = {name: getattr(copydesk, name) for name in copydesk.__all__}
    found |= {f"Linter.{name}": getattr(Linter, name) for name in ("check", "fix", "check_paths", "rules", "explain")}
    return {name: _parameters(one) for name, one in sorted(found.items()) if callable(one)}


def _parameters(one: object) -> list[str]:
    try:
        return [str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in _signature(one)]
    except ValueError:
        return []


def _signature(one: object) -> list[inspect.Parameter]:
    return [*inspect.signature(one).parameters.values()]  # type: ignore[arg-type]


def report_keys(folder: Path) -> dict[str, list[str]]:
    """Return the keys of the JSON report, of a finding and of its fix."""
    (folder / "a.md").write_text("The tram is late.But it came.\n", "utf-8")
    report = folder / "report.json"
    cli.main(["check", str(folder / "a.md"), "--isolated", "--no-cache", "--report", f"json={report}", "--statistics"])
    data = json.loads(report.read_text("utf-8"))
    finding = data["findings"][0]
    return {"report": [*data], "finding": [*finding], "fix": [*finding["fix"]], "edit": [*finding["fix"]["edits"][0]]}


def test_the_python_api_is_that_of_the_last_release() -> None:
    now = signatures()
    for name, parameters in RELEASED["api"].items():
        assert now[name][: len(parameters)] == parameters, name
        assert all("=" in added or added.startswith("*") for added in now[name][len(parameters) :]), name


def test_the_keys_of_the_json_report_are_those_of_the_last_release(tmp_path: Path) -> None:
    now = report_keys(tmp_path)
    for name, keys in RELEASED["json"].items():
        assert set(keys) <= set(now[name]), name


def test_every_public_name_is_recorded() -> None:
    assert RELEASED["api"].keys() <= signatures().keys()
