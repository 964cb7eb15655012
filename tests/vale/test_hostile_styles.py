"""Styles, configs, dictionaries and articles that are made to take much time or memory, or to crash the command.

Without limits, many of the cases would take more than a minute.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linter import output
from linter.cli import main
from linter.vale import casing, config_file, messages, styles
from linter.vale.actions import replacements
from linter.vale.comments import Region, read_regions
from linter.vale.definition import Action
from linter.vale.hunspell import Dictionary
from linter.vale.spelling import words
from linter.vale.statistics import syllable_count
from tests.vale.house import INI, write
from tests.vale.test_comments import read

pytestmark = pytest.mark.slow

CUT_OFF = "was cut off on this article because its pattern took too long"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a config that uses the style `House`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    write(tmp_path, {".vale.ini": INI})
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], list[str]]:
    """Return the exit status of a run on `a.md`, and the lines of standard output and standard error."""
    output.notice.cache_clear()
    status = main(["vale", "--output=line", "--no-cache", "--jobs=1", *arguments, "a.md"])
    printed, failed = capsys.readouterr()
    return status, printed.splitlines(), failed.splitlines()


def existence(extra: str = "", tokens: str = "[a]") -> str:
    return f"extends: existence\nmessage: '%s'\nnonword: true\nlevel: error\ntokens: {tokens}\n{extra}"


MANY = "|".join(f"a+{chr(0x4E00 + number)}" for number in range(10_000))


@pytest.mark.parametrize(
    ("rule", "article"),
    [
        pytest.param(f"extends: occurrence\nmessage: x\nmax: 1\ntoken: '{MANY}'", "a" * 4000, id="occurrence"),
        pytest.param("extends: repetition\nmessage: x\ntokens: ['(?:a|aa)+!b']", "a" * 50_000, id="repetition"),
        pytest.param(
            existence("action: {name: edit, params: [regex, '(a|aa)+$$b', x]}", "['a+']"), "a" * 50_000, id="edit"
        ),
        pytest.param(existence("exceptions: ['(a|aa)+$$b']", "['a+']"), "a" * 50_000, id="exceptions"),
        pytest.param(
            "extends: conditional\nmessage: x\nfirst: '(a|aa)+$$b'\nsecond: c", "a" * 50_000, id="conditional"
        ),
        pytest.param(
            "extends: capitalization\nmessage: x\nmatch: $title\nprefix: '(a|aa)+b'", "a" * 50_000, id="prefix"
        ),
    ],
)
def test_patterns_are_cut_off(here: Path, capsys: pytest.CaptureFixture[str], rule: str, article: str) -> None:
    write(here, {"styles/House/Slow.yml": rule, "a.md": article})
    status, printed, failed = run(capsys)
    assert (status, printed) == (2, [])
    assert [line.split("; ")[0] for line in failed] == [f"copydesk: a.md: House.Slow {CUT_OFF}"]


def test_patterns_of_the_config_are_cut_off(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ini = f"{INI}BlockIgnores = (a|aa)+$$b\nTokenIgnores = (a|aa)+$$b\n"
    write(here, {".vale.ini": ini, "styles/House/Bus.yml": existence(tokens="[b]"), "a.md": "a" * 50_000 + " b"})
    status, printed, failed = run(capsys)
    assert (status, printed) == (2, ["a.md:1:50002:House.Bus:b"])
    names = ["BlockIgnores", "TokenIgnores"]
    assert [line.split("; ")[0] for line in failed] == [f"copydesk: a.md: {name} {CUT_OFF}" for name in names]


def test_exceptions_of_several_words_take_linear_time(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"styles/House/Bus.yml": existence("exceptions: ['a b']\nscope: raw"), "a.md": "a b " * 60_000 + "a c"})
    assert run(capsys) == (1, ["a.md:1:240001:House.Bus:a"], [])


def test_a_repetition_that_crosses_blocks_is_searched_for_block_by_block(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = "extends: conditional\nmessage: '%s'\nlevel: error\nfirst: '[^.]+e\\d'\nsecond: tram\n"
    write(here, {"styles/House/Bus.yml": rule, "a.md": "# A short heading\n\n" * 6000 + "A bike3.\n"})
    assert run(capsys) == (1, ["a.md:12001:1:House.Bus:A bike3"], [])


def test_indicators_are_limited(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = f"extends: capitalization\nmessage: x\nmatch: $sentence\nindicators: {[str(n) for n in range(101)]}\n"
    write(here, {"styles/House/Title.yml": rule, "a.md": ""})
    assert run(capsys) == (2, [], ["styles/House/Title.yml:4:13: “indicators”: there are more than 100 indicators"])


@pytest.mark.parametrize("template", ["x", "%s%s", "%s" * 100_000])
def test_a_word_template_has_the_words_once(here: Path, capsys: pytest.CaptureFixture[str], template: str) -> None:
    files = {"styles/House/Bus.yml": existence().replace("nonword: true\n", ""), "a.md": "a"}
    write(here, {".vale.ini": f"WordTemplate = {template}\n{INI}", **files})
    problem = "WordTemplate must contain “%s” once, in place of the words of a rule"
    assert run(capsys) == (2, [], [f".vale.ini:1:16: {problem}"])


def test_a_word_template_may_match_other_text(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = "extends: consistency\nmessage: '%s'\nlevel: error\neither: {bus: tram}\n"
    files = {"styles/House/Bus.yml": rule, "a.md": "taxi\n\nbus tram taxi\n\ntaxi\n"}
    write(here, {".vale.ini": f"WordTemplate = %s|taxi\n{INI}", **files})
    assert run(capsys) == (1, ["a.md:3:5:House.Bus:tram"], [])


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        pytest.param(Action("edit", ("split", " ", "9" * 5000)), (), id="a huge index"),
        pytest.param(Action("edit", ("regex", "a", "$" + "9" * 500)), ("",), id="a huge group"),
        pytest.param(Action("edit", ("regex", "a", "x" * 1000)), ("x" * 1000,), id="a long result"),
    ],
)
def test_edits(action: Action, expected: tuple[str, ...]) -> None:
    assert replacements(action, "a") == expected


@pytest.mark.parametrize("params", [("regex", "a", "x" * 1011), ("regex", ".+", "$0" * 1000), ("regex", "", "x")])
def test_the_results_of_edits_are_limited(params: tuple[str, ...]) -> None:
    if params[1]:
        with pytest.raises(TimeoutError):
            replacements(Action("edit", params), "a" if params[1] == "a" else "a" * 5000)
    else:
        assert replacements(Action("edit", params), "a") == ("a",)


def test_messages_are_limited() -> None:
    assert messages.fill("%[1]s" * 15_000, "a" * 1_000_000) == "a" * 2000
    assert len(messages.fill("x" * 90_000 + "%s", "a")) == 2000


# Configs.


def test_the_numbers_of_names_are_limited(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = "".join(f"StylesPath = {name}\n" for name in range(5_000))
    vocabularies = f"Vocab = {','.join(map(str, range(5_000)))}\n"
    names = ",".join(f"t{number}" for number in range(50_000))
    write(here, {".vale.ini": f"{paths}{vocabularies}[*]\nBasedOnStyles = {names}\n", "a.md": "a"})
    status, _, failed = run(capsys)
    assert (status, len(failed), failed[-1]) == (
        2,
        101,
        ".vale.ini: there are more than 100 mistakes; correct those above first",
    )
    for number in range(21):
        (here / f"s{number}").mkdir()
    paths = "".join(f"StylesPath = s{number}\n" for number in range(21))
    write(here, {".vale.ini": f"{paths}[*]\nBasedOnStyles = Vale\n"})
    problem = "there are too many values of StylesPath; at most 20 are allowed"
    assert run(capsys) == (2, [], [f".vale.ini:21:14: {problem}"])


def test_the_number_of_rules_that_a_config_mentions_is_limited(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mentions = "".join(f"T{number}.R = YES\n" for number in range(config_file.MENTIONS + 1))
    write(here, {".vale.ini": f"[*]\n{mentions}", "a.md": "a"})
    line = config_file.MENTIONS + 2
    assert run(capsys) == (2, [], [f".vale.ini:{line}:1: there are too many rules; at most 5,000 are allowed"])


def test_terms_that_are_no_expressions_are_reported_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terms = "# trams\ntram\n  (bus\n[z-a]\n"
    files = {"styles/config/vocabularies/Own/accept.txt": terms, "a.md": "a", "styles/House/Bus.yml": existence()}
    write(here, {".vale.ini": f"Vocab = Own\n{INI}", **files})
    assert run(capsys) == (
        2,
        [],
        [
            "styles/config/vocabularies/Own/accept.txt:3:3: this is not a regular expression: missing )",
            "styles/config/vocabularies/Own/accept.txt:4:1: this is not a regular expression: bad character range",
        ],
    )


def test_huge_vocabularies_are_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terms = "".join(f"term{number}\n" for number in range(30_000))
    write(here, {"styles/config/vocabularies/Own/reject.txt": terms, "a.md": "a"})
    write(here, {".vale.ini": "StylesPath = styles\nVocab = Own\n[*]\nBasedOnStyles = Vale\n"})
    assert run(capsys) == (2, [], [".vale.ini: the vocabularies have too many terms"])


def test_huge_styles_are_refused(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(styles, "TOTAL", 100)
    write(here, {"styles/House/A.yml": existence(), "styles/House/B.yml": existence(), "a.md": "a"})
    assert run(capsys) == (2, [], [".vale.ini: the rule files are longer than 100 characters"])


@pytest.mark.parametrize(
    ("key", "column"), [("BlockIgnores = a, (b", 19), ("TokenIgnores = (b", 16), ("IgnorePatterns = (b", 18)]
)
def test_ignored_patterns_must_be_expressions(
    here: Path, capsys: pytest.CaptureFixture[str], key: str, column: int
) -> None:
    write(here, {".vale.ini": f"{INI}{key}\n", "styles/House/Bus.yml": existence(), "a.md": "a"})
    name = key.partition(" ")[0]
    assert run(capsys) == (2, [], [f".vale.ini:6:{column}: {name}: this is not a regular expression: missing )"])


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        (".Limit == " + "9" * 5000, "1:11: this number has more than 20 characters"),
        (".Name" * 1500, "1:256: “.Name” is not expected here"),
    ],
)
def test_filters(here: Path, capsys: pytest.CaptureFixture[str], expression: str, problem: str) -> None:
    write(here, {"styles/House/Bus.yml": existence(), "a.md": "a"})
    assert run(capsys, f"--filter={expression}") == (2, [], [f"--filter:{problem}"])


def test_mistakes_of_all_kinds_are_reported_together_in_order(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"A": "extends: existence\nmessage: [x]\nlevel: x\nlink: [y]\n", "B": existence(tokens="['(']")}
    write(here, {f"styles/House/{name}.yml": text for name, text in files.items()} | {"a.md": "a"})
    status, _, failed = run(capsys)
    places = [line.split(": ")[0].removeprefix("styles/House/") for line in failed]
    assert (status, places) == (2, ["A.yml:2:10", "A.yml:3:8", "A.yml:4:7", "B.yml:5:10"])


def test_unknown_actions_and_kinds_of_case(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"styles/House/Bus.yml": existence("action: {name: replaace}"), "a.md": "a"})
    problem = "there is no action “replaace”; did you mean “replace”?"
    assert run(capsys) == (1, ["a.md:1:1:House.Bus:a"], [f"styles/House/Bus.yml:6:16: {problem}"])
    write(here, {"styles/House/Bus.yml": "extends: capitalization\nmessage: x\nmatch: $titel\n"})
    problem = "“match”: “$titel” is unknown; did you mean “$title”?"
    assert run(capsys) == (2, [], [f"styles/House/Bus.yml:3:8: {problem}"])


# Articles and dictionaries.


def test_long_words_end() -> None:
    assert syllable_count("z" * 500_000) == 1
    assert [*words("a." * 50_000 + "!" * 50_000)] == [(0, "a." * 49_999 + "a")]


def test_comments_take_little_memory() -> None:
    text = "<!-- vale styles = A -->\n" + "".join(f"<!-- vale B{n} = YES -->\n" for n in range(2000))
    regions: list[Region] = read_regions(read(text))
    assert max(len(region.kept) for region in regions) == 50


@pytest.mark.parametrize(
    ("aff", "dic"),
    [
        pytest.param("FLAG num\n", "1\n" + "a/1\n" * 500_000, id="a stem with many flags"),
        pytest.param("", "1\n" + "a/b\n" * 900_000, id="a stem in many lines"),
        pytest.param("".join(f"ICONV a{n} b\n" for n in range(40_000)), "1\na\n", id="conversions"),
        pytest.param("COMPOUNDRULE " + "xy*" * 3_000_000, "1\na/x\nb/y\n", id="a rule for compounds"),
        pytest.param("SFX Z Y 1\n" + "SFX Z 0 c .\n" * 40_000, "1\nb/" + "y" * 10_000_000, id="flags"),
        pytest.param("SFX Z Y 1\n" + f"SFX Z {'b' * 400_000} c .\n" * 20, "1\nb/Z", id="long affixes"),
    ],
)
def test_dictionaries(aff: str, dic: str) -> None:
    made = Dictionary(aff, dic)
    for word in ("a" * 100_000, "bc", *("abc" + "x" * n for n in range(20))):
        try:
            made.knows(made.convert(word))
        except TimeoutError:
            continue


def test_terms_with_control_characters_in_names(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.name == "nt":
        pytest.skip("Windows does not allow such names")
    write(here, {"styles/House/B\x1b[31m\n.yml": existence(), "styles/House/C.yml": "extends: x\x1b[2J\n", "a.md": "a"})
    status, _, failed = run(capsys)
    assert status == 2
    assert not any("\x1b" in line for line in failed)


def test_spellings_of_terms_are_cut_off() -> None:
    terms = casing.Terms("exceptions", ["(a|aa)+$$b"])
    with pytest.raises(TimeoutError):
        terms.spelling("a" * 5000)
