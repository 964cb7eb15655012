"""Former names of kinds of check, of their options and of scopes, which rule files may still use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Former(NamedTuple):
    """The present kind of check of a former one, and the options that make it find the same."""

    kind: str
    options: Mapping[str, object] = MappingProxyType({})


KINDS = {
    "after_stop": Former("after_period"),
    "furniture": Former("boilerplate_line"),
    "headline_again": Former("repeated_headline"),
    "left_out": Former("missing_usual_field"),
    "other_slug": Former("slug_mismatch"),
    "slip": Former("misspelling"),
    "standing": Former("repeated_block"),
    "twin": Former("duplicate_article"),
    "typo": Former("misspelling"),
}
OPTIONS = {  # by the present kind: the present names of its former options
    "misspelling": {"slip": "correction"},
    "spam_link": {"parts": "host_parts"},
}
SCOPES = {"furniture": "boilerplate"}
