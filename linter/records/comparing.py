"""Compare the articles of archives, group by group."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any

from linter import engine, typed_json, workers
from linter.api import Linter
from linter.config.config import BadConfig
from linter.records.archives import BatchId
from linter.records.state import FactRow, State
from linter.rule import Rule
from linter.workers import Chunk, Work

MOST = 200_000  # records of a group that are compared; all facts of a group for one rule are in memory at once

_FAILED = "copydesk failed while it compared the articles: {}; please report it"

Found = tuple[BatchId, int, tuple[Any, ...]]


def compare(state: State, linter: Linter) -> None:
    """Replace the facts in `state` by the matches of the rules that compare articles.

    This happens in another process, which frees the memory for the facts when it ends. What is left out is stored in
    `state`: groups with too many records, and rules that took too long. Raises BadConfig if the state cannot be used,
    or if the process failed or died.
    """
    state.close()
    fork = workers.can_fork()
    make = partial(_work, linter) if fork else partial(_spawned, linter.bundle())
    chunks: list[Chunk] = [[(state.file,)]]
    (done,) = workers.results(chunks, 1, make, fork=fork, on_wait=lambda: None)
    state.reopen()
    if done.data is None:
        raise BadConfig([f"copydesk: the articles could not be compared: the process died ({done.death})"])
    if mistakes := typed_json.load_json(done.data, typed_json.typed_reader(list[str])):
        raise BadConfig(mistakes)


def _spawned(bundle: bytes) -> Work:
    return _work(Linter.from_bundle(bundle))


def _work(linter: Linter) -> Work:
    """Return the function that compares the articles. It returns mistakes, as bytes."""

    def work(chunk: Chunk) -> bytes:
        ((file,),) = chunk
        try:
            with closing(State(file)) as state:
                _compare(state, linter)
        except BadConfig as bad:
            return typed_json.dump_json(bad.mistakes)
        except Exception as error:
            return typed_json.dump_json([_FAILED.format(f"{type(error).__name__}: {error}")])
        return typed_json.dump_json([])

    return work


def _compare(state: State, linter: Linter) -> None:
    """Replace the facts in `state` by matches."""
    left_out: list[str] = []
    groups = []
    for group, records in state.groups():
        if records <= MOST:
            groups.append(group)
        else:
            left_out.append(_phrase(group, records))
    state.set_matches((found for group in groups for found in _matches(state, linter, group, left_out)), left_out)


def _phrase(group: str, records: int) -> str:
    which = f"the {records:,} records of the group “{group}”" if group else f"{records:,} records"
    return f"{which}, more than {MOST:,}; to compare smaller groups, set “group” in “records:”"


def _matches(state: State, linter: Linter, group: str, left_out: list[str]) -> Iterator[Found]:
    """Yield the matches in the records of a group, each with the place of its record. Add problems to `left_out`."""
    for rule in linter.run_rules.across:
        facts = state.facts(group, rule.name, linter.run_rules.fact_readers[rule.name])
        yield from _of_rule(rule, facts, left_out)


def _of_rule(rule: Rule, rows: list[FactRow], left_out: list[str]) -> Iterator[Found]:
    places = {id(row.facts): (row.batch, row.position) for row in rows}
    by_name = {row.facts.path: (row.batch, row.position) for row in rows}
    matches, problems = engine.match_across([rule], [row.facts for row in rows], lambda path, address: True)
    left_out += [f"{problem.path}: {problem.message}" for problem in problems]
    for name, own in matches.items():
        for _, facts, match in own:
            batch, position = places.get(id(facts), by_name[name])
            start, end, values, edits, sure = match
            yield batch, position, (rule.name, facts.length, (start, end, values, [*map(tuple, edits)], sure))
