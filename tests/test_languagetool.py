"""The protocol of LanguageTool: parameters, errors, positions and replacements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.api import Linter
from linter.finding import Finding
from linter.fix.edits import Rewrite
from linter.serve import languagetool
from linter.serve.tasks import Tasks
from linter.source import Source
from service import Service

pytestmark = pytest.mark.slow

TRAM = "The tram is late.It is full."
TOKEN = "0123456789abcdef"
SLOW = """
id: backtracks
summary: A pattern that backtracks until it is cut off
severity: error
check: pattern
pattern: (a|aa)+$
message: slow
"""
BREAK = """
id: break
summary: Marks instead of paragraphs
severity: error
check: pattern
pattern: " [|][|] "
message: Begin a new paragraph.
fix:
  safe: true
  replace: "\\n\\n"
"""
Match = dict[str, Any]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("newsroom"), "--jobs", "1") as started:
        yield started


@pytest.fixture(scope="module")
def linter() -> Linter:
    return Linter(isolated=True)


@pytest.fixture(scope="module")
def tasks(linter: Linter) -> Tasks:
    return Tasks(linter)


def answered(tasks: Tasks, text: str, **parameters: str) -> dict[str, Any]:
    """Return the response to a check of a plain text."""
    encoded = urlencode({"language": "auto", "text": text, **parameters}, errors="surrogatepass")
    answer = tasks.answer("languagetool", encoded.encode())
    assert answer.status == 200, answer.body
    return dict(json.loads(answer.body))


def annotated(tasks: Tasks, *parts: tuple[str, str], language: str = "auto") -> list[Match]:
    """Return the matches in annotated text, given as pairs such as ("markup", "<b>")."""
    data = json.dumps({"annotation": [{name: text} for name, text in parts]})
    answer = tasks.answer("languagetool", urlencode({"language": language, "data": data}).encode())
    assert answer.status == 200, answer.body
    return list(json.loads(answer.body)["matches"])


def units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def cut(text: str, place: Match) -> str:
    """Return the part of a text that `offset` and `length` name, in UTF-16 code units."""
    start = 2 * place["offset"]
    return units(text)[start : start + 2 * place["length"]].decode("utf-16-le", "surrogatepass")


def replaced(text: str, matches: list[Match]) -> str:
    """Return a text with the first replacement of each match, from the end, as clients apply them."""
    done = units(text)
    for match in reversed(matches):
        if match["replacements"]:
            start = 2 * match["offset"]
            end = start + 2 * match["length"]
            done = done[:start] + units(match["replacements"][0]["value"]) + done[end:]
    return done.decode("utf-16-le", "surrogatepass")


# --- A check -----------------------------------------------------------------------------------


def test_a_check_over_http(service: Service) -> None:
    response = service.client.post("v2/check", data={"language": "en-US", "text": f"😀 {TRAM}"})
    assert response.headers["content-type"] == "application/json"
    answer = response.json()
    (match,) = answer["matches"]
    assert match == {
        "message": "Add a space after the period: “late. It”.",
        "shortMessage": "Missing spaces after punctuation",
        "replacements": [{"value": "late. It"}],
        "offset": 15,
        "length": 7,
        "context": {"text": f"😀 {TRAM}", "offset": 15, "length": 7},
        "sentence": f"😀 {TRAM}",
        "type": {"typeName": "Other"},
        "rule": {
            "id": "spacing/after-stop",
            "description": "Missing spaces after punctuation",
            "issueType": "whitespace",
            "category": {"id": "spacing", "name": "Spacing"},
            "urls": match["rule"]["urls"],
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }
    assert match["rule"]["urls"][0]["value"].endswith("docs/rules/spacing.md#spacingafter-stop")
    assert answer["software"]["apiVersion"] == 1
    assert answer["warnings"] == {"incompleteResults": False}
    assert answer["sentenceRanges"] == [[0, 31]]
    assert answer["language"]["code"] == "en-US"


def test_parameters_in_the_query(service: Service) -> None:
    """Of a parameter that is given twice, the last one counts, and the query is after the body."""
    got = service.client.get("v2/check", params={"language": "en", "text": TRAM}).json()
    assert len(got["matches"]) == 1
    twice = "language=xx&language=en&text=The+tram"
    assert service.client.get(f"v2/check?{twice}").json()["language"]["code"] == "en"
    posted = service.client.post("v2/check?language=de", data={"language": "en", "text": "The tram"}).json()
    assert posted["language"]["code"] == "de"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"language": "en"}, "Missing 'text' or 'data' parameter"),
        ({"language": "en", "text": "a", "data": "{}"}, "Set only 'text' or 'data' parameter, not both"),
        ({"text": "a"}, "Missing 'language' parameter, e.g. 'language=en-US' or 'language=auto'"),
        ({"text": "a", "language": ""}, "Missing 'language' parameter, e.g. 'language=en-US' or 'language=auto'"),
        (
            {"text": "a", "language": "english"},
            "language: “english” is not a language code such as en; did you mean “en”?",
        ),
        ({"language": "en", "data": "{"}, "Could not parse JSON from 'data' parameter"),
        ({"language": "en", "data": "[" * 100_000}, "Could not parse JSON from 'data' parameter"),
        ({"language": "en", "data": "[]"}, "'data' key in JSON requires 'text' or 'annotation' key"),
        ({"language": "en", "data": '{"text": 1}'}, "'data' key in JSON requires 'text' or 'annotation' key"),
        (
            {"language": "en", "data": '{"text": "a", "annotation": []}'},
            "'data' key in JSON requires either 'text' or 'annotation' key, not both",
        ),
        (
            {"language": "en", "data": '{"annotation": [{"text": "a", "markup": "b"}]}'},
            "Only either 'text' or 'markup' are supported in an object in 'annotation' list",
        ),
        (
            {"language": "en", "data": '{"annotation": [{"interpretAs": "b"}]}'},
            "Only 'text' and 'markup' are supported in 'annotation' list",
        ),
        (
            {"language": "en", "text": "a", "enabledOnly": "true", "enabledRules": "a", "disabledRules": "b"},
            "You cannot specify disabled rules or categories using enabledOnly=true",
        ),
        (
            {"language": "en", "text": "a", "enabledOnly": "yes"},
            "You must specify enabled rules or categories when using enabledOnly=true",
        ),
        ({"language": "en", "text": "a", "level": "strict"}, "The parameter 'level' must be default or picky"),
        (
            {"language": "en", "text": "a", "mode": "some"},
            "The parameter 'mode' must be all, textLevelOnly or allButTextLevelOnly",
        ),
        ({"language": "en", "text": "a", **{f"p{number}": "" for number in range(40)}}, "There are more than 40"),
    ],
)
def test_errors_are_plain_text(service: Service, values: dict[str, str], sentence: str) -> None:
    response = service.client.post("v2/check", data=values)
    assert response.status_code == 400
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith(f"Error: {sentence}")


def test_other_errors_are_plain_text(service: Service) -> None:
    for response, status in [
        (service.client.post("v2/check", json={"language": "en"}), 415),
        (service.client.post("v2/check", data={"language": "en", "text": "a" * 500_001}), 413),
        (service.client.get("v2/words"), 404),
        (service.client.delete("v2/check"), 405),
    ]:
        assert response.status_code == status
        assert response.text.startswith("Error: ")


def test_information(service: Service) -> None:
    found = service.client.get("v2/languages").json()
    assert {"name": "English (GB)", "code": "en", "longCode": "en-GB"} in found
    assert {"name": "Ukrainian", "code": "uk", "longCode": "uk"} in found
    assert [language["name"] for language in found] == sorted(language["name"] for language in found)
    assert int(service.client.get("v2/maxtextlength").text) == 500_000
    assert service.client.get("v2/info").json()["software"]["name"] == "copydesk"


# --- Languages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parameters", "code", "detected", "confidence"),
    [
        (TRAM, {"language": "auto"}, "en-US", "en-US", 1.0),
        (TRAM, {"language": "auto", "preferredVariants": "de-AT,en-GB"}, "en-GB", "en-GB", 1.0),
        (TRAM, {"language": "en-AU"}, "en-AU", "en-US", 1.0),
        (TRAM, {"language": "de", "motherTongue": "fr"}, "de", "en-US", 1.0),
        ("Die Bahn kommt.", {"language": "de-AT"}, "de-AT", "de-AT", 0.0),
        ("Die Bahn kommt.", {"language": "auto"}, "und", "und", 0.0),
    ],
)
def test_languages(
    tasks: Tasks, text: str, parameters: dict[str, str], code: str, detected: str, confidence: float
) -> None:
    language = answered(tasks, text, **parameters)["language"]
    assert (language["code"], language["detectedLanguage"]["code"]) == (code, detected)
    assert language["detectedLanguage"]["confidence"] == confidence


def test_rules_for_a_language_are_chosen_by_the_parameter(tasks: Tasks) -> None:
    text = "The the tram came on tuesday."
    assert {match["rule"]["id"] for match in answered(tasks, text, language="en-GB")["matches"]} == {
        "sentences/doubled-word",
        "names/proper-noun",
    }
    assert answered(tasks, text, language="de")["matches"] == []


# --- Rules and categories ----------------------------------------------------------------------

BOTH = "The tram is late.It came on tuesday."


@pytest.mark.parametrize(
    ("parameters", "rules"),
    [
        ({}, ["spacing/after-stop", "names/proper-noun"]),
        ({"level": "picky"}, ["spacing/after-stop", "names/proper-noun"]),
        ({"disabledRules": "spacing/after-stop,WHITESPACE_RULE"}, ["names/proper-noun"]),
        ({"disabledCategories": "SPACING, TYPOS"}, ["names/proper-noun"]),
        ({"disabledCategories": "spacing,names"}, []),
        ({"disabledCategories": "spacing", "enabledRules": "spacing/after-stop"}, None),
        ({"disabledCategories": "spacing", "enabledCategories": "Spacing"}, None),
        ({"disabledRules": "spacing/after-stop", "enabledCategories": "spacing"}, ["names/proper-noun"]),
        ({"enabledOnly": "true", "enabledRules": "spacing/after-stop"}, ["spacing/after-stop"]),
        ({"enabledOnly": "true", "enabledCategories": "NAMES"}, ["names/proper-noun"]),
        ({"enabledOnly": "true", "enabledRules": "UPPERCASE_SENTENCE_START"}, []),
        ({"enabledOnly": "false", "enabledRules": "spacing/after-stop"}, None),
    ],
)
def test_rules_and_categories(tasks: Tasks, parameters: dict[str, str], rules: list[str] | None) -> None:
    """The most specific parameter decides. None stands for all rules."""
    found = [match["rule"]["id"] for match in answered(tasks, BOTH, **parameters)["matches"]]
    assert found == (["spacing/after-stop", "names/proper-noun"] if rules is None else rules)


def test_a_rule_that_is_off_can_be_enabled(linter: Linter, tasks: Tasks) -> None:
    name, text = "measures/too-short", "The tram came."
    assert name not in {rule.name for rule in linter.rules}
    assert answered(tasks, text)["matches"] == []
    for only in ("false", "true"):
        found = answered(tasks, text, enabledRules=name, enabledOnly=only)["matches"]
        assert {match["rule"]["id"] for match in found} == {name}


def test_the_modes_share_the_findings(tasks: Tasks) -> None:
    """A client asks for the rules that look at the whole text, and separately for the others."""
    sentence = "Then everybody went home by bus. "
    text = f"{sentence}{sentence}The cafÃ© is open."
    found = {
        mode: [match["rule"]["id"] for match in answered(tasks, text, mode=mode)["matches"]]
        for mode in ("all", "textLevelOnly", "allButTextLevelOnly")
    }
    assert found["textLevelOnly"] == ["duplicates/neighbor"]
    assert found["allButTextLevelOnly"] == ["encoding/mojibake"]
    assert sorted(found["all"]) == sorted(found["textLevelOnly"] + found["allButTextLevelOnly"])


# --- Annotated text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ((), "text"),
        (("\n\n", "\u200b", "\ufffc"), "text"),
        (("<p>", "</p>\n<p class='a b'>", "<!-- a\nb -->", " &nbsp;<br>", "&#173;"), "html"),
        (("\n<!doctype html>", " "), "html"),
        (("# ", "\n\n"), "markdown"),
        (("\n\n- ", "<b>", "</b>", "&amp;"), "markdown"),
        (("[", "](https://example.org)"), "markdown"),
        (("> ", "<b>", "</b>"), "markdown"),
    ],
)
def test_the_kind_of_annotated_text(markup: tuple[str, ...], kind: str) -> None:
    data = json.dumps({"annotation": [{"text": "Tram"}, *({"markup": each} for each in markup)]})
    article = languagetool.form(urlencode({"language": "en", "data": data})).article
    assert (article.text, article.kind) == (f"Tram{''.join(markup)}", kind)


def test_html_is_read_as_html(tasks: Tasks) -> None:
    """Positions are those in the text with its markup, whatever the markup is interpreted as."""
    parts = [("markup", "<p>"), ("text", "The tram is late.It is "), ("markup", "<b>"), ("text", "full, so")]
    parts += [("markup", "</b>"), ("text", " it left."), ("markup", "&amp;"), ("markup", "</p>\n<p>")]
    parts += [("text", "Nobody came on tuesday."), ("markup", "</p>")]
    text = "".join(part for _, part in parts)
    assert [cut(text, match) for match in annotated(tasks, *parts)] == ["late.It", "tuesday"]


def test_markdown_is_read_as_markdown(tasks: Tasks) -> None:
    parts = [("markup", "# "), ("text", "Tram"), ("markup", "\n\n"), ("text", "The tram is "), ("markup", "**")]
    parts += [("text", "late.It"), ("markup", "**"), ("text", " is "), ("markup", "<b>"), ("text", "full")]
    parts += [("markup", "</b>"), ("text", ".")]
    text = "".join(part for _, part in parts)
    matches = annotated(tasks, *parts)
    assert [(cut(text, match), match["rule"]["id"]) for match in matches] == [("late.It", "spacing/after-stop")]


def test_text_with_invisible_markup_is_read_as_text(tasks: Tasks) -> None:
    """An indented line would be code in Markdown."""
    parts = [("text", "The tram left."), ("markup", "\n\n"), ("text", "    The tram is late.It is full.")]
    parts += [("markup", "\u2060")]
    text = "".join(part for _, part in parts)
    assert "late.It" in [cut(text, match) for match in annotated(tasks, *parts)]


def test_a_character_may_be_split_between_two_parts(tasks: Tasks) -> None:
    parts = [("text", "\ud83d"), ("text", "\ude00 The tram is late.It is full.")]
    (match,) = annotated(tasks, *parts)
    assert cut("😀 The tram is late.It is full.", match) == "late.It"


# --- Positions and replacements ----------------------------------------------------------------

DEFECTS = "late.It |open,but |the the |on tuesday. |donâ€™t |cafeÌ |((|&amp; |  | ,|http://a.example/?utm_source=b "
WORDS = "The tram |it is full. |Á é |漢字 |😀|👩\u200d👩\u200d👧 |e\u0301cole|wo\u00adrd|ﬁsh|“|”|...|<b>|**|[link]()"
CONTROLS = "\r\n|\r|\n|\u2028|\u2029|# |```|\x0b|\x85|\t|\u200b|\u202e|\ufeff|\xa0|\x00|\u2060|\U000e0020|\ud800"
PIECES = st.sampled_from("|".join((DEFECTS, WORDS, CONTROLS)).split("|"))
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.text(max_size=200),
    st.text("a .,;\r\n\u2028😀e\u0301漢", max_size=80),
)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_matches_cover_findings_in_utf16(linter: Linter, tasks: Tasks, text: str) -> None:
    matches = answered(tasks, text)["matches"]
    text = urlencode_loss(text)
    left = [*linter.check(text, kind="text")]
    assert len(left) == len(matches)
    for match in matches:
        covered = cut(text, match)
        finding = next(each for each in left if fits(each, match, text))
        left.remove(finding)
        if not match["replacements"]:
            assert covered == finding.text
        assert cut(match["context"]["text"], match["context"]) == covered.replace("\n", " ")


def urlencode_loss(text: str) -> str:
    """Return what a server receives: a lone surrogate cannot be sent, so that each of its bytes is damaged."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def fits(finding: Finding, match: Match, text: str) -> bool:
    """Whether a match is about a finding: it has its rule and message, and covers its range."""
    start, end = (len(units(text[:at])) // 2 for at in (finding.start, finding.end))
    covers = match["offset"] <= start and end <= match["offset"] + match["length"]
    return covers and (match["rule"]["id"], match["message"]) == (finding.rule, finding.message)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_replacements_do_what_the_fixes_do(linter: Linter, tasks: Tasks, text: str) -> None:
    """Applied together from the end, they give the text with the fixes of the same findings, and nothing else."""
    matches = answered(tasks, text)["matches"]
    text = urlencode_loss(text)
    with_replacement = [match for match in matches if match["replacements"]]
    ends = [match["offset"] + match["length"] for match in with_replacement]
    assert all(end <= match["offset"] for end, match in zip(ends, with_replacement[1:], strict=False))
    left = linter.check(text, kind="text")
    applied = [next(each for each in left if fits(each, match, text)) for match in with_replacement]
    assert all(finding.fix and finding.fix.safe for finding in applied)
    assert replaced(text, matches) == Rewrite.of(Source(text), applied).source.text


def test_a_client_that_repeats_its_request_gets_the_text_of_the_fixes(linter: Linter, tasks: Tasks) -> None:
    """For all examples of rules with a safe fix, whichever fixes of other rules there are."""
    tried = 0
    for rule in map(linter.run_rules.with_examples, linter.rules):
        for example in rule.bad:
            text = example.text
            if not text or not any(finding.fix and finding.fix.safe for finding in linter.check(text, kind="text")):
                continue
            tried += 1
            fixed = linter.fix(text, kind="text").text
            for _ in range(10):
                text = replaced(text, answered(tasks, text)["matches"])
            assert text == fixed, rule.name
    assert tried > 100


@pytest.fixture(scope="module")
def doubled_links() -> Tasks:
    """The rule links/doubled, which is off by default, and others. Its fix begins before its finding."""
    return Tasks(Linter(isolated=True, select=["links", "names", "spacing"]))


def test_ranges_with_replacements_do_not_overlap(doubled_links: Tasks) -> None:
    """The finding “links/doubled” is at the second link, but its fix edits the first one."""
    text = "See [the tram](https://a.example/) [late.It left](https://a.example/)."
    matches = annotated(doubled_links, ("markup", text))
    assert [(cut(text, match), bool(match["replacements"])) for match in matches] == [
        ("late.It", True),
        ("https://a.example/", False),
    ]
    fixed = replaced(text, matches)
    assert fixed == text.replace(".It", ". It")
    matches = annotated(doubled_links, ("markup", fixed))
    assert replaced(fixed, matches) == "See [the tram late. It left](https://a.example/)."


def test_matches_are_sorted_by_their_ranges(doubled_links: Tasks) -> None:
    """Clients apply them in this order. A range with a replacement begins with the first edit."""
    text = "See [the tram](https://a.example/) [on tuesday](https://a.example/)."
    assert [cut(text, match) for match in annotated(doubled_links, ("markup", text), language="en")] == [
        "](https://a.example/) [on tuesday](https://a.example/",
        "tuesday",
    ]


def test_inserted_line_ends_are_those_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "break.yaml").write_text(BREAK, "utf-8")
    tasks = Tasks(Linter(isolated=True, rule_folders=[tmp_path]))
    for line_end in ("\n", "\r\n", "\r"):
        text = f"It came.{line_end}{line_end}It left. || It came back."
        assert replaced(text, answered(tasks, text)["matches"]) == text.replace(" || ", line_end * 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It came. The tram is late.It is full. It left.", "The tram is late.It is full."),
        ("It came at 9.30 a.m. on Monday,but nobody saw it. It left.", None),
        ("Tram\n\nOne. Nobody came on tuesday", "Nobody came on tuesday"),
    ],
)
def test_sentences(tasks: Tasks, text: str, sentence: str | None) -> None:
    answer = answered(tasks, text, language="en")
    shown = sentence or "It came at 9.30 a.m. on Monday,but nobody saw it."
    assert {match["sentence"] for match in answer["matches"]} == {shown}
    places = [{"offset": start, "length": end - start} for start, end in answer["sentenceRanges"]]
    sentences = [cut(text, place) for place in places]
    assert shown in sentences
    assert "".join("".join(sentences).split()) == "".join(text.split())


def test_long_sentences_are_cut(tasks: Tasks) -> None:
    """Otherwise, the size of a response would be that of the text times the number of matches."""
    matches = answered(tasks, "the tram,which " * 2_000, language="en")["matches"]
    assert len(matches) >= 2_000
    assert all("tram,which" in match["sentence"] and len(match["sentence"]) <= 1_000 for match in matches[1:-1])


def test_contexts_are_cut_after_40_characters(tasks: Tasks) -> None:
    before, after = "It was a long way from the town to the harbour. ", " Then everybody went home by bus, or by car."
    text = f"{before}😀\r\nThe tram is late.It is full.{after}"
    (match,) = answered(tasks, text)["matches"]
    context = match["context"]
    assert cut(context["text"], context) == "late.It"
    assert context["text"].startswith("...")
    assert context["text"].endswith("...")
    assert len(context["text"]) == 3 + 40 + 7 + 40 + 3
    assert "😀\r The tram is " in context["text"]


def test_results_may_be_incomplete(tmp_path: Path) -> None:
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "backtracks.yaml").write_text(SLOW, "utf-8")
    tasks = Tasks(Linter(isolated=True, rule_folders=[tmp_path]))
    warnings = answered(tasks, "a" * 60 + "!")["warnings"]
    assert warnings["incompleteResults"] is True
    assert "slow/backtracks" in warnings["incompleteResultsReason"]


# --- Tokens ------------------------------------------------------------------------------------


def test_ways_to_send_a_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    text = {"language": "en", "text": TRAM}
    with Service(tmp_path, "--token-file", "token", "--jobs", "1") as guarded:
        client = guarded.client
        for wrong in ({}, {"apiKey": ""}, {"apiKey": f"{TOKEN}x", "username": "editor"}):
            response = client.post("v2/check", data={**text, **wrong})
            assert response.status_code == 403
            assert response.text == "Error: A token is needed: send it as the parameter 'apiKey'."
        assert client.post("v2/check", data=text, auth=("editor", "wrong")).status_code == 403
        assert client.post("v2/check", data=text, headers={"authorization": "Basic é".encode()}).status_code == 403
        for response in (
            client.post("v2/check", data={**text, "username": "editor", "apiKey": TOKEN}),
            client.post("v2/check", data=text, params={"apiKey": TOKEN}),
            client.post("v2/check", data=text, headers={"authorization": f"Bearer {TOKEN}"}),
            client.post("v2/check", data=text, auth=("editor", TOKEN)),
            httpx.get(f"{guarded.url}v2/check", params=text, auth=("", TOKEN)),
        ):
            assert response.status_code == 200, response.text
            assert len(response.json()["matches"]) == 1
        assert client.post("check", json={"text": TRAM}, auth=("editor", TOKEN)).status_code == 200
        assert client.get("v2/languages").status_code == 200
        assert TOKEN not in guarded.log
