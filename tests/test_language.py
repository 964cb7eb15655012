"""English is recognized by its function words; any other language must be declared."""

from __future__ import annotations

import pytest

from linter import readers
from linter.source import Source
from linter.text import language

ENGLISH = (
    "The council met on Monday to hear what the tram would cost. It is twice as much as it was told in spring, and "
    "nobody could say why."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(ENGLISH, "en", id="English"),
        pytest.param(
            "Where’s the tram that we were promised, and who’s to pay for it?", "en", id="English in one line"
        ),
        pytest.param("THE TRAM IS LATE AGAIN, SAYS THE COUNCIL OF OSTERVIK", "en", id="English in capitals"),
        pytest.param(
            "Le conseil s'est réuni lundi pour entendre ce que coûterait le tram. C'est le double de ce qu'on lui "
            "avait dit au printemps, et personne n'a su dire pourquoi.",
            "",
            id="French",
        ),
        pytest.param(
            "Der Rat traf sich am Montag, um zu hören, was die Bahn kosten wird. Es ist doppelt so viel, wie man ihm "
            "im Frühjahr gesagt hatte, und niemand konnte sagen, warum. Also war es das in der Stadt.",
            "",
            id="German",
        ),
        pytest.param(
            "El consejo se reunió el lunes para oír lo que costaría el tranvía. Es el doble de lo que le habían dicho "
            "en primavera, y nadie supo decir por qué. Me lo dijo a mí.",
            "",
            id="Spanish",
        ),
        pytest.param(
            "De raad kwam maandag bijeen om te horen wat de tram zou kosten. Het is twee keer zo veel als in het "
            "voorjaar was gezegd, en niemand wist waarom. Is het waar of niet? We weten het in de stad niet.",
            "",
            id="Dutch, which shares small words with English",
        ),
        pytest.param(
            "Rådet mødtes mandag for at høre, hvad sporvognen ville koste. Det er dobbelt så meget, som de havde fået "
            "at vide i foråret, og ingen kunne sige hvorfor. Her er vi, for det var det, de ville have.",
            "",
            id="Danish, which shares small words with English",
        ),
        pytest.param(
            "市议会星期一开会，听取有轨电车的造价。比春天时说的多了一倍，没有人能说出原因。", "", id="Chinese"
        ),
        pytest.param("اجتمع المجلس يوم الاثنين ليسمع كم سيكلف الترام.", "", id="Arabic"),
        pytest.param("Совет собрался в понедельник, чтобы узнать, сколько будет стоить трамвай.", "", id="Russian"),
        pytest.param(
            "Hier soir, au cinéma du port: The Artist, en version muette.", "", id="an English title in French"
        ),
        pytest.param("https, libuv, zlib, openssl, npm, v8, node-gyp, url, crypto, fs", "", id="a list of names"),
        pytest.param("", "", id="nothing"),
        pytest.param("84 %, 12:30, 2025-03-18", "", id="numbers alone"),
    ],
)
def test_guess(text: str, expected: str) -> None:
    assert language.guess_language(text) == expected


def language_of(text: str, configured: str = "") -> str:
    return language.with_language(readers.read(Source(text), "markdown"), configured).language


def test_the_configured_language_wins() -> None:
    assert language_of(f"---\nlang: fr\n---\n\n{ENGLISH}", "de") == "de"


def test_the_declared_language_comes_next() -> None:
    assert language_of(f"---\nlang: fr-CA\n---\n\n{ENGLISH}") == "fr"


def test_the_rest_is_a_guess_from_its_prose() -> None:
    assert language_of(ENGLISH) == "en"
    assert language_of("    the of and to that with this\n\n```\nthe of and to that with this\n```\n\nLa ville.") == ""


def test_only_the_beginning_counts() -> None:
    assert language_of("La ville et le port. " * 60 + "\n\n" + ENGLISH * 20) == ""


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        pytest.param("en-GB", "en", id="a country"),
        pytest.param("EN_us", "en", id="another way to write it"),
        pytest.param("zh-Hans-CN", "zh", id="a script"),
        pytest.param("English", "", id="no code"),
        pytest.param("1", "", id="no letters"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_language_tags(tag: str, code: str) -> None:
    assert language_of("La ville et le port.", tag) == code


def test_a_page_may_be_english_by_its_template_alone() -> None:
    french = "Le conseil s'est réuni lundi pour entendre ce que coûterait le tram. " * 4
    page = '<html lang="en"><p>{}</p>'
    assert _language(page.format(french)) == ""
    assert _language(page.format(ENGLISH)) == "en"
    assert _language(page.format("Le tram")) == "en"
    assert _language(page.format("(You can read this in English, too, if you like.)" + french * 8)) == ""
    assert _language(page.format(french).replace('"en"', '"fr"')) == "fr"


def _language(page: str) -> str:
    return language.with_language(readers.read(Source(page), "html")).language
