"""The settings in `.vale.ini`: sections, levels, vocabularies, and which files they name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.config.config import BadConfig
from linter.vale import files as files_module
from linter.vale.config import ValeConfig
from linter.vale.config_file import SECTIONS, read_vale_config
from linter.vale.files import DiskFiles, GivenFiles

RULE = "extends: existence\nmessage: No.\n"
STYLES = {f"styles/{style}/{rule}.yml": RULE for style in ("House", "Desk") for rule in ("One", "Two")}


def read(text: str, more: Mapping[str, str] = STYLES) -> ValeConfig:
    return read_vale_config(".vale.ini", GivenFiles({".vale.ini": text, **more}))


def mistakes(text: str, more: Mapping[str, str] = STYLES) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        read(text, more)
    return bad.value.mistakes


def on(config: ValeConfig, path: str) -> set[str]:
    """Return the rules that are on for a path in the working folder."""
    sections = config.sections_for(os.path.abspath(path))
    return {name for name, _ in config.rule_files if config.is_on(name, sections)}


HEAD = "StylesPath = styles\n"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param("[*]\nBasedOnStyles = House", "House.One House.Two", id="all articles"),
        pytest.param("[*.md]\nBasedOnStyles = House, Desk", "House.One House.Two Desk.One Desk.Two", id="two styles"),
        pytest.param("[*.txt]\nBasedOnStyles = House", "", id="other articles"),
        pytest.param(
            "[*.md]\nBasedOnStyles = House\n[t*]\nBasedOnStyles = Desk\n[*]\nBasedOnStyles = House",
            "Desk.One Desk.Two",
            id="the last BasedOnStyles counts, and precedes that of [*]",
        ),
        pytest.param("[*]\nBasedOnStyles = House\n[*.md]\nBasedOnStyles =", "", id="an empty BasedOnStyles"),
        pytest.param(
            "[*]\nBasedOnStyles = House\nBasedOnStyles = Desk\nHouse.One = NO\nDesk.Two = NO",
            "House.Two Desk.One",
            id="repeated keys add up",
        ),
        pytest.param("[*.md]\nHouse.One = YES", "House.One", id="a rule without its style"),
        pytest.param("[*.md]\nHouse.One = warning", "House.One", id="a level turns a rule on"),
        pytest.param("[*]\nBasedOnStyles = House\nHouse.One = no", "House.Two", id="any other value turns it off"),
        pytest.param("[*]\nHouse.One = NO\n[*.md]\nHouse.One = YES", "House.One", id="a section precedes [*]"),
        pytest.param("[*.md]\nHouse.One = YES\n[tram*]\nHouse.One = NO", "", id="the last section that matches counts"),
        pytest.param("[*.md]\nHouse.One = YES\nHouse.One = NO", "House.One", id="the first value in a section counts"),
    ],
)
def test_rules_that_are_on(text: str, rules: str) -> None:
    assert on(read(HEAD + text), "docs/../tram.md") == set(rules.split())


def test_globs_match_paths_relative_to_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "StylesPath = styles\n[tram.md]\nHouse.One = YES\n[docs/tram.md]\nHouse.Two = YES\n"
    config = read_vale_config("site/.vale.ini", GivenFiles({"site/.vale.ini": text, "site/styles/House/One.yml": RULE}))
    assert config.sections_for(os.path.abspath("site/tram.md")) == (0,)
    assert config.sections_for(os.path.abspath("tram.md")) == (0,)
    assert config.sections_for(os.path.abspath("docs/tram.md")) == (1,)
    assert config.sections_for(os.path.abspath("site/docs/tram.md")) == (1,)
    assert config.sections_for(str(tmp_path.parent / "tram.md")) == ()


def test_levels() -> None:
    text = "[*.md]\nHouse.One = error\nHouse.Two = suggestion\n[*]\nHouse.One = suggestion\n[*.txt]\nHouse.Two = YES\n"
    config = read(HEAD + text)
    assert [config.levels.get(name) for name in ("House.One", "House.Two", "Desk.One")] == ["error", "suggestion", None]


def test_which_articles_are_checked() -> None:
    text = "[formats]\nmdx = md\n[*.md]\nBasedOnStyles = House\n"
    config = read(HEAD + text)
    assert [config.lints(os.path.abspath(name)) for name in ("a.md", "a.mdx", "a.txt")] == [True, True, False]
    assert config.sections_for(os.path.abspath("a.mdx")) == ()
    assert read(HEAD + "[*]\nHouse.One = NO\n").lints(os.path.abspath("a.txt"))


def test_settings_above_the_sections() -> None:
    text = """
    MinAlertLevel = suggestion
    MinAlertLevel = warning
    IgnoredScopes = code, tt
    SkippedScopes: script
    IgnoredClasses = metrics, blurb
    WordTemplate = \\b(?:%s)\\b
    Packages = Google
    """
    config = read(text)
    view = config.view_options(os.path.abspath("a.md"))
    assert (config.min_level, config.word_template) == ("warning", r"\b(?:%s)\b")
    assert (view.ignored_scopes, view.skipped_scopes) == (("code", "tt"), ("script",))
    assert (view.ignored_classes, view.suffix) == (("metrics", "blurb"), ".md")


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("[*]\nTokenIgnores = a, (b)\nBlockIgnores = c", "a.md", (("c",), ("a", "(b)")), id="everywhere"),
        pytest.param("[*.{md,rst}]\nTokenIgnores = a", "a.md", ((), ("a",)), id="the glob matches the suffix"),
        pytest.param("[docs/*.md]\nTokenIgnores = a", "docs/a.md", ((), ()), id="the glob does not match a suffix"),
        pytest.param("[*.md]\nTokenIgnores = a", "a.markdown", ((), ("a",)), id="the usual suffix of Markdown"),
        pytest.param("[*.markdown]\nTokenIgnores = a", "a.markdown", ((), ("a",)), id="the real suffix"),
        pytest.param("[formats]\nnote = md\n[*.md]\nTokenIgnores = a", "a.note", ((), ("a",)), id="a mapped suffix"),
        pytest.param("[*]\nTokenIgnores = a", "a.html", ((), ()), id="HTML has no patterns to ignore"),
        pytest.param("[*]\nTokenIgnores = a\n[*.md]\nTokenIgnores = b", "a.md", ((), ("a", "b")), id="sections add up"),
        pytest.param("[*]\nIgnorePatterns = a\\,b, c\\d", "a.md", (("a,b", "c\\d"), ()), id="the old name"),
        pytest.param("[*]\nIgnorePatterns = a\nBlockIgnores = b", "a.md", (("b",), ()), id="the last name counts"),
    ],
)
def test_ignored_patterns(text: str, path: str, expected: tuple[tuple[str, ...], ...]) -> None:
    view = read(text).view_options(os.path.abspath(path))
    assert (view.block_ignores, view.token_ignores) == expected


def test_comment_delimiters() -> None:
    config = read("[*.mdx]\nCommentDelimiters = {/*, */}\n")
    assert config.view_options(os.path.abspath("a.mdx")).comment_delimiters == ("{/*", "*/}")
    assert config.view_options(os.path.abspath("a.md")).comment_delimiters == ("", "")


def test_vocabulary() -> None:
    vocabularies = {
        "styles/config/vocabularies/City/accept.txt": "# Trams\n tram \n\n[Tt]rolley\ntram\n#tag\n",
        "styles/config/vocabularies/City/more/reject.txt": "street car\n",
        "styles/config/vocabularies/City/notes.txt": "no\n",
        "styles/config/vocabularies/Sea/accept.txt": "ferry\n",
    }
    config = read("Vocab = City, Sea\nStylesPath = styles\n", vocabularies)
    assert config.vocabulary.accept == ("tram", "[Tt]rolley", "#tag", "ferry")
    assert config.vocabulary.reject == ("street car",)
    assert {os.path.basename(path) for path in config.files} >= {".vale.ini", "accept.txt", "reject.txt"}


def test_rules_of_inner_folders_have_the_names_of_these_folders() -> None:
    more = {
        "styles/House/Inner/Three.yml": RULE,
        "styles/House/Four.old.yml": RULE,
        "styles/House/meta.json": "{}",
        "styles/Other/Five.yml": RULE,
        "more/House/One.yml": RULE,
        "more/House/Six.yml": RULE,
    }
    text = "StylesPath = styles\nStylesPath = more\n[*]\nBasedOnStyles = House, Vale\nOther.Five = YES\nOther.Six = NO"
    config = read(text, {**STYLES, **more})
    names = {name: os.path.relpath(path).replace(os.sep, "/") for name, path in config.rule_files}
    assert names == {
        "House.Four": "styles/House/Four.old.yml",
        "Inner.Three": "styles/House/Inner/Three.yml",
        "House.One": "styles/House/One.yml",
        "House.Two": "styles/House/Two.yml",
        "House.Six": "more/House/Six.yml",
        "Other.Five": "styles/Other/Five.yml",
    }


def test_configs_of_packages_precede_that_of_the_project() -> None:
    package = "[*.md]\nBasedOnStyles = Desk\nHouse.One = NO\nHouse.Two = YES\nDesk.One = error\n"
    own = "MinAlertLevel = error\n[*.md]\nBasedOnStyles = House\nHouse.One = YES\nHouse.Two = error\nDesk.One = warning"
    more = {"styles/.vale-config/0-Desk.ini": package, "styles/.vale-config/1-Sea.ini": "Vocab = Sea\n"}
    config = read(HEAD + own, {**STYLES, **more})
    assert config.styles((0,)) == ("Desk", "House")
    assert on(config, "a.md") == {"House.Two", "Desk.One", "Desk.Two"}
    assert (config.levels.get("Desk.One"), config.levels.get("House.Two"), config.min_level) == (
        "error",
        "error",
        "error",
    )
    assert [notice for notice in config.notices if "1-Sea.ini:1:9: there is no vocabulary “Sea”" in notice]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("BasedOnStyles = House", "1:1: BasedOnStyles must be in a section such as [*]"),
        ("[*]\n\nMinAlertLevel = error", "3:1: MinAlertLevel must be above the first section"),
        ("[*]\nTransform = a.xsl", "2:1: Transform must be in a section such as [*.md], not in [*]"),
        ("MinAlertLevl = error", "1:1: unknown key “MinAlertLevl”; did you mean “MinAlertLevel”?"),
        ("[*.md]\nbasedOnStyles = A", "2:1: unknown key “basedOnStyles”; did you mean “BasedOnStyles”?"),
        ("[*]\nZzz = A", "2:1: unknown key “Zzz”; the name of a rule has the form Style.Rule"),
        (
            "MinAlertLevel = warning, eror",
            "1:26: MinAlertLevel must be suggestion, warning or error, not “eror”; did you mean “error”?",
        ),
        ("StylesPath = no", "1:14: StylesPath: there is no folder “no”, or it is outside the repository"),
        (
            "StylesPath = styles\n[*]\nBasedOnStyles = Vale, Google",
            "3:23: the style “Google” is not in styles; copydesk downloads nothing: run “vale sync”, "
            "or copy the package to styles/Google",
        ),
        (
            "StylesPath = styles\n[*]\nBasedOnStyles = house",
            "3:17: the style “house” is not in styles; did you mean “House”?",
        ),
        (
            "StylesPath = styles\nVocab = Sea",
            "2:9: there is no vocabulary “Sea”; its folder would be styles/config/vocabularies/Sea",
        ),
        ("[*.{md]\nA.B = YES", "1:2: “*.{md” is not a glob: “{” without “}”"),
        ("[*.md]\nCommentDelimiters = a", "2:21: CommentDelimiters must be two texts, such as {/*, */}"),
        ("[*.md]\nnonsense", "2:1: “nonsense” is neither a section nor “key = value”"),
        (
            "[a]\n" * SECTIONS + "".join(f"[{number}]\n" for number in range(SECTIONS)),
            "this file has too many sections",
        ),
    ],
)
def test_mistakes(text: str, mistake: str) -> None:
    found = mistakes(text)
    assert any(mistake in each for each in found), found
    assert all(re.match(r"\.vale\.ini:\d+:\d+: ", each) for each in found)


def test_all_mistakes_are_reported_together() -> None:
    assert len(mistakes("One = 1\nTwo = 2\n[*]\nBasedOnStyles = No, Nor\n")) == 4


def test_a_config_that_does_not_exist() -> None:
    with pytest.raises(BadConfig, match=r"no-such\.ini: there is no such file"):
        read_vale_config("no-such.ini", GivenFiles({}))


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("[*.xml]\nTransform = a.xsl", "2:1: Transform has no effect: copydesk does not run XSLT"),
        ("[*]\nLang = de", "2:1: Lang has no effect"),
        ("NLPEndpoint = http://example.org", "1:1: NLPEndpoint has no effect: copydesk sends no text"),
        ("Project = A", "1:1: Project has no effect: Vale dropped it in version 3"),
        ("House.One = NO", "1:1: “House.One” has no effect here; move it to a section such as [*]"),
        ("[*]\nHouse.One = yes", "2:13: “yes” turns House.One off, as every value except YES, NO, suggestion"),
        ("[*]\nHouse.One = eror", "or error; did you mean “error”?"),
    ],
)
def test_notices(text: str, notice: str) -> None:
    found = read(text, {}).notices
    assert any(notice in each for each in found), found


def test_an_article_without_a_path() -> None:
    config = read(HEAD + "[*.md]\nHouse.One = YES")
    assert config.sections_for(config.unnamed(".md")) == (0,)
    assert config.sections_for(config.unnamed(".txt")) == ()


def test_files_outside_the_repository(tmp_path: Path) -> None:
    top, outside = tmp_path / "site", tmp_path / "styles"
    (top / "styles" / "House").mkdir(parents=True)
    (outside / "Far").mkdir(parents=True)
    (outside / "Far" / "One.yml").write_text(RULE)
    (top / "styles" / "House" / "Link.yml").symlink_to(outside / "Far" / "One.yml")
    (top / "styles" / "Far").symlink_to(outside / "Far")
    ini = top / ".vale.ini"
    ini.write_text("StylesPath = ../styles\n[*]\nBasedOnStyles = Far\n")
    assert [name for name, _ in read_vale_config(str(ini), DiskFiles()).rule_files] == ["Far.One"]
    with pytest.raises(BadConfig, match="outside the repository"):
        read_vale_config(str(ini), DiskFiles(str(top)))
    ini.write_text("StylesPath = styles\n[*]\nBasedOnStyles = Far\n")
    with pytest.raises(BadConfig, match="the style “Far” is not in"):
        read_vale_config(str(ini), DiskFiles(str(top)))
    ini.write_text("StylesPath = styles\n[*]\nBasedOnStyles = House\n")
    (_, link), *_ = read_vale_config(str(ini), DiskFiles(str(top))).rule_files
    with pytest.raises(BadConfig, match=r"Link\.yml: this leads outside the repository"):
        DiskFiles(str(top)).text(link)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "latin").write_bytes(b"a\n\xe4")
    (tmp_path / "large").write_bytes(b"a" * 200)
    monkeypatch.setattr(files_module, "TOTAL", 100)
    with pytest.raises(BadConfig, match="latin:2:1: this is not UTF-8"):
        DiskFiles().text(str(tmp_path / "latin"))
    with pytest.raises(BadConfig, match="larger than 100 bytes"):
        DiskFiles().text(str(tmp_path / "large"))
    assert DiskFiles().text(str(tmp_path / "none")) is None
    assert DiskFiles().text(str(tmp_path)) is None
    assert DiskFiles().names(str(tmp_path / "none")) == []
    assert DiskFiles().names(str(tmp_path)) == ["large", "latin"]


def test_folders_with_loops(tmp_path: Path) -> None:
    (tmp_path / "styles" / "House").mkdir(parents=True)
    (tmp_path / "styles" / "House" / "again").symlink_to(tmp_path / "styles")
    (tmp_path / ".vale.ini").write_text("StylesPath = styles\n[*]\nBasedOnStyles = House\n")
    with pytest.raises(BadConfig, match=r"styles/House: this folder has .* 20 levels of folders"):
        read_vale_config(str(tmp_path / ".vale.ini"), DiskFiles())


KEYS = st.sampled_from(
    ["StylesPath", "MinAlertLevel", "Vocab", "BasedOnStyles", "TokenIgnores", "House.One", "[*]", "x"]
)


@given(st.lists(st.tuples(KEYS, st.sampled_from("= :"), st.text("House.One,*/\\'`\n[]{} ", max_size=20)), max_size=8))
def test_any_config(lines: list[tuple[str, str, str]]) -> None:
    """Any text gives a config, or mistakes in lines of the file."""
    text = "\n".join("".join(line) for line in lines)
    found: list[str] = []
    try:
        config = read(text)
    except BadConfig as bad:
        found = bad.mistakes
    else:
        assert on(config, "a.md") <= {name for name, _ in config.rule_files}
    assert all(re.match(r"\.vale\.ini:\d+:\d+: ", each) for each in found)
