"""Former names of kinds of check, of their options and of scopes, which rule files may still use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Former(NamedTuple):
    """The present kind of check of a former one, and the options that make it find the same."""

    kind: str
    options: Mapping[str, object] = MappingProxyType({})


_DECOMPOSED = r"(?<![\w\p{M}])(?:[\w\p{M}]*?(?P<part>[\p{Latin}\p{Greek}\p{Cyrillic}][\u0300-\u036f]+))+[\w\p{M}]*"
_PLAIN = r"\A[^À-ÖØ-öø-ÿĀ-žΆ-ώЁЙёйЎўЇї]*+\z"
_DETERMINERS = tuple(
    "the a an this that these those it we you they he she I my our your his her its their there".split()
)
KINDS = {
    "after_comma": Former("after_mark", MappingProxyType({"marks": ",;:"})),
    "after_period": Former("after_mark", MappingProxyType({"marks": ".!?", "determiners": _DETERMINERS})),
    "after_stop": Former("after_mark", MappingProxyType({"marks": ".!?", "determiners": _DETERMINERS})),
    "auto_link": Former("address", MappingProxyType({"pattern": ".+", "marked": True})),
    "cut_off": Former("no_end_mark", MappingProxyType({"at_least": 12})),
    "decomposed": Former("characters", MappingProxyType({"pattern": _DECOMPOSED, "unless": _PLAIN, "compose": True})),
    "doubled_link": Former("second_link", MappingProxyType({"place": "beside"})),
    "fence": Former("note"),
    "feed_image": Former("address", MappingProxyType({"whole_image": True})),
    "furniture": Former("boilerplate_line"),
    "headline_again": Former("repeated_headline"),
    "left_out": Former("missing_usual_field"),
    "markup": Former("element", MappingProxyType({"once": True})),
    "nested_link": Former("second_link", MappingProxyType({"place": "within"})),
    "other_slug": Former("slug_mismatch"),
    "repeated_attribute": Former("tag", MappingProxyType({"state": "repeated-attribute"})),
    "slip": Former("typo"),
    "standing": Former("repeated_block"),
    "twin": Former("duplicate_article"),
    "typed_link": Former("unparsed_link", MappingProxyType({"form": "inline"})),
    "undefined_reference": Former("unparsed_link", MappingProxyType({"form": "reference"})),
}
OPTIONS = {  # by the present kind: the present names of its former options
    "element": {"element": "names"},
    "note": {"state": "note"},
    "spam_link": {"parts": "host_parts"},
}
SCOPES = {"furniture": "boilerplate"}
