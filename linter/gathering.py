"""What the articles of a folder told, put together: accounts → matches in the articles that they concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from linter.finding import Problem
from linter.rule import Account, Match, Rule


class Claim(NamedTuple):
    """That a rule found something in the article that told `account`."""

    rule: Rule
    account: Account
    match: Match


@dataclass(frozen=True)
class Told:
    """The accounts of one rule, in the order of their paths; `present` says whether an address leads to a file."""

    accounts: Sequence[Account]
    present: Callable[[str, str], bool]

    def holds(self, account: Account, address: str) -> bool:
        return self.present(account.path, address)


def gather(
    rules: Iterable[Rule], accounts: Iterable[Account], present: Callable[[str, str], bool]
) -> tuple[Mapping[str, list[Claim]], list[Problem]]:
    """What `rules` make of all accounts, by the path of the article, and the rules that were cut off.

    `present(path, address)` says whether `address`, in the article of that path, leads to a file that is there.
    The order of the accounts does not matter.
    """
    own = defaultdict(list)
    for account in sorted(accounts, key=attrgetter("path")):
        own[account.rule].append(account)
    claims, problems = defaultdict(list), []
    for rule in rules:
        try:
            for account, match in rule.check.gather(Told(own[rule.name], present)):  # type: ignore[union-attr]
                claims[account.path].append(Claim(rule, account, match))
        except TimeoutError:
            problems.append(Problem(rule.name, "this rule took too long over all articles and was cut off"))
    return claims, problems
