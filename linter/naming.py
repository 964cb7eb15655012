"""Names of articles and of packs."""

from __future__ import annotations


def article_name(path: str, record: str | None) -> str:
    """Return the name of an article: its path or, for a record in an archive, `path#record`."""
    return path if record is None else f"{path}#{record}"


def pack_of(rule: str) -> str:
    """Return the name of the pack of the rule called `rule`, or of its style if it is a rule of Vale: `Style.Rule`."""
    return rule.partition("." if is_vale_rule(rule) else "/")[0]


def is_vale_rule(name: str) -> bool:
    """Whether a rule belongs to a style of Vale, judging by its name, such as `Style.Rule`."""
    return "/" not in name
