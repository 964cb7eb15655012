"""Former names of checks, options and scopes, which rule files and configs may still use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from linter.record import NamedTuple


class Former(NamedTuple):
    """The replacement for a former check: the current check `kind`, with the `options` that give the same behavior.

    `names` maps renamed options to their current names, and removed options to "".
    """

    kind: str
    options: Mapping[str, object] = MappingProxyType({})
    names: Mapping[str, str] = MappingProxyType({})


def _share(unit: str, pattern: str = "", **more: object) -> Former:
    given = {"pattern": pattern} if pattern else {}
    return Former("share", {"unit": unit, **given, **more})


# Bold paragraphs that are not headings: bylines, dates, notes and file names.
_NO_HEADING = (
    r"(?x) \A (?: (?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or) \s+ [A-Z]"
    r" | (?:[A-Z][a-z]++,?\s+)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*+\.? \s+ \d\d?(?:[a-z]{2})?"
    r" (?:,?\s+\d{4})? \Z"
    r" | (?:Update|UPDATE|Correction|CORRECTION|Edit|EDIT)\b"
    r" | (?=\S*[\w)][._/\\:]\w) \S*+ \Z )"
)

_ORNAMENTS = tuple("icon logo badge avatar spacer pixel separator divider emoji smil arrow star".split())
_DECOMPOSED = r"(?<![\w\p{M}])(?:[\w\p{M}]*?(?P<part>[\p{Latin}\p{Greek}\p{Cyrillic}][\u0300-\u036f]+))+[\w\p{M}]*"
_PLAIN = r"\A[^À-ÖØ-öø-ÿĀ-žΆ-ώЁЙёйЎўЇї]*+\Z"
_DETERMINERS = tuple(
    "the a an this that these those it we you they he she I my our your his her its their there".split()
)

KINDS = {
    "after_comma": Former("mark_spacing", {"space": "missing", "marks": ",;:"}),
    "after_mark": Former("mark_spacing", {"space": "missing"}),
    "after_period": Former("mark_spacing", {"space": "missing", "marks": ".!?", "determiners": _DETERMINERS}),
    "after_stop": Former("mark_spacing", {"space": "missing", "marks": ".!?", "determiners": _DETERMINERS}),
    "around_markup": Former("glued", {"at": "markup"}),
    "auto_link": Former("address", {"pattern": ".+", "marked": True}),
    "bare_markdown": Former("unparsed_markdown", {"form": "pasted"}),
    "bare_link": Former("shown_address", {"problem": "bare"}),
    "before_mark": Former("mark_spacing", {"space": "extra"}),
    "bold_heading": Former("bold", {"problem": "heading", "ignored": _NO_HEADING}),
    "bold_labels": Former("bold", {"problem": "labels"}),
    "cut_off": Former("no_end_mark", {"at_least": 12}),
    "cut_value": Former("cut_text"),
    "date_value": Former("wrong_date"),
    "decomposed": Former("characters", {"pattern": _DECOMPOSED, "unless": _PLAIN, "compose": True}),
    "doubled_link": Former("second_link", {"place": "beside"}),
    "empty_section": Former("heading_order", {"problem": "empty"}),
    "feed_image": Former("address", {"whole_image": True}),
    "fence": Former("note"),
    "fragment": Former("missing_target", {"target": "place"}),
    "furniture": Former("boilerplate_line"),
    "future_date": Former("wrong_date", {"problem": "future"}),
    "headline_again": Former("repeated_headline"),
    "heading_level": Former("heading_order"),
    "impossible_date": Former("wrong_date", {"problem": "impossible"}),
    "left_out": Former("missing", names={"fields": "usual"}),
    "markup": Former("element", {"once": True}),
    "missing_file": Former("missing_target", {"target": "file"}),
    "missing_usual_field": Former("missing", names={"fields": "usual"}),
    "nested_link": Former("second_link", {"place": "within"}),
    "other_slug": Former("slug_mismatch"),
    "outline": Former("label", {"of": "part"}),
    "repeated_attribute": Former("tag", {"state": "repeated-attribute"}),
    "repeated_heading": Former("repeated", {"unit": "heading"}),
    "repeated_image": Former("repeated", {"unit": "image", "ignored": _ORNAMENTS}),
    "repeated_sentence": Former("repeated", {"unit": "sentence"}, {"near": "apart"}),
    "repeated_term": Former("term", {"problem": "repeated"}),
    "shared_value": Former("same_value"),
    "slip": Former("misspelling"),
    "standing": Former("repeated_block"),
    "teaser": Former("cut_text"),
    "term_forms": Former("term", {"problem": "variant"}),
    "title_heading": Former("repeated_headline", {"as_heading": True}),
    "twin": Former("duplicate_article"),
    "typed_link": Former("unparsed_markdown", {"form": "inline"}),
    "typo": Former("misspelling"),
    "undefined_reference": Former("unparsed_markdown", {"form": "reference"}),
    "unparsed_link": Former("unparsed_markdown"),
    "weekday": Former("wrong_date", {"problem": "weekday"}),
    "written_date": Former("wrong_date"),
}
# Replacements for the former check “measure”, by the value of its option `of`, which no longer exists.
MEASURES = {
    "words": Former("article_length", {"unit": "words"}),
    "word-length": Former("article_length", {"unit": "word-length"}),
    "lists": _share("blocks", only="lists"),
    "symbols": _share("words", r"(?<!\S)[^\p{L}\s]++(?!\S)"),
    "marks": _share("words", r"#|…|\.\.\."),
    "links": _share("characters", only="links"),
    "ends": _share("blocks", r'[.!?…。！？:;]["”’»)\]]*\Z'),
    "short": _share("blocks", r"(?s)\A.{1,30}\Z"),
    "dots": _share("blocks", r"(?:…|\.\.\.)[\])]?\Z"),
    "repeated": _share("characters", only="repeats"),
    "digits": _share("characters", r"\p{Nd}"),
    "signs": _share("characters", r"[^\p{L}\p{N}\s]"),
    "addresses": _share("characters", r"(?:https?://|www\.)\S+"),
    "brackets": _share("characters", r"\([^()\n]*\)"),
}
OPTIONS = {  # for each current check, its former options with their current names
    "boilerplate_line": {"beside": "nearby"},
    "case": {"beside": "next_to", "capitalised": "capitalized"},
    "characters": {"mends": "fixable"},
    "element": {"element": "names"},
    "misspelling": {"slip": "correction"},
    "note": {"state": "note"},
    "same_value": {"beside": "same_folder"},
    "shown_address": {"differs": "problem"},
    "spam_link": {"parts": "host_parts"},
    "text_pattern": {"mends": "fixable"},
}
# For each rule whose check was merged with another check, its former options with their current names. A copydesk.yaml
# may still use the former names.
OPTIONS_OF_RULES = {
    "duplicates/sentence": {"near": "apart"},
    "metadata/left-out": {"fields": "usual"},
}
SCOPES = {"furniture": "boilerplate"}
