"""Check or fix the records of archives: batch by batch, on any engine, with a state that makes runs resumable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from hashlib import blake2b
from typing import NamedTuple, Protocol

from linter import workers
from linter.api import Linter
from linter.digest import SIZE
from linter.files.articles import state_of
from linter.finding import Problem
from linter.records import comparing, processes
from linter.records.archives import CHANGED, Archive, BatchId, Part
from linter.records.checking import FixOptions, RecordResult
from linter.records.state import BatchSummary, State
from linter.records.work import Item, Selection, Task, parts_of, read_batches
from linter.rule import fits

# Takes what is done, such as “Checking”, the share of it that is done, from 0 to 1, and the number of records that are
# done in the whole run.
OnProgress = Callable[[str, float, int], None]
_EMPTY = "there are no articles in this archive"
_NAMES = {"check": "Checking", "compare": "Comparing", "fix": "Fixing"}  # of the steps, for OnProgress


class Engine(NamedTuple):
    """Where records are processed: `name` is one of ENGINES.

    `jobs` is the number of processes on this machine (None: automatic). `address` is that of a Ray cluster, or "" for
    this machine.
    """

    name: str = "processes"
    jobs: int | None = None
    address: str = ""


class Output(Protocol):
    """Where the results of a run go."""

    def write(self, step: str, batch: BatchId, results: Sequence[RecordResult]) -> str:
        """Write the results of a batch, in the order of its records. The same batch may be written twice.

        `step` is “check”, “compare” or “fix”. Return a text that identifies the content of the file with the results,
        or "" if there is none.
        """


class Run:
    """A run over `archives` with `linter`.

    `state` has the finished batches, and `output` gets the results.
    """

    def __init__(
        self,
        archives: Sequence[Archive],
        linter: Linter,
        engine: Engine,
        state: State,
        output: Output,
        on_progress: OnProgress = lambda step, share, records: None,
    ) -> None:
        self._archives, self._linter, self._engine = tuple(archives), linter, engine
        self._state, self._output, self._on_progress = state, output, on_progress
        self._before = [*map(_state, archives)]
        self._parts: list[Sequence[Part]] = [parts_of(archive) for archive in archives]
        self._step = ""
        self._records = 0
        self._share = 0.0  # of the parts, what has been read; each of them counts the same
        self._shares: dict[tuple[int, int], float] = {}

    def check(self, *, across: bool = True) -> list[str]:
        """Check all records and, if `across` is true, compare them. Return the groups that were not compared."""
        across = across and bool(self._linter.run_rules.across)
        self._process("check", Task(across=across), Selection(self._state.done("check")))
        if not across:
            return []
        if not self._state.value("compared"):
            comparing.compare(self._state, self._linter)
        done, matched = self._state.done("compare"), self._state.matched_batches()
        if matched - done:
            selection = Selection(done, self._state.matches, matched, only_matched=True)
            self._process("compare", Task(compare=True), selection)
        return self._state.left_out()

    def totals(self, *steps: str) -> BatchSummary:
        """Return the totals of `steps`. If there are no articles at all, this is a problem of each archive."""
        found = totals(self._state, *steps)
        if found.articles or found.problems:
            return found
        return found._replace(problems=[Problem(archive.path, _EMPTY) for archive in self._archives])

    def changed(self) -> list[Problem]:
        """Return a problem for each archive that has changed since the start, so that records may be left out."""
        pairs = zip(self._archives, self._before, strict=True)
        return [Problem(archive.path, CHANGED) for archive, before in pairs if _state(archive) != before]

    def fix(self, options: FixOptions) -> list[str]:
        """Fix all records. Return the groups that were not compared.

        If `options` leave out the records with a finding of a rule that compares articles, all are compared first.
        """
        across = [rule.name for rule in self._linter.run_rules.across]
        if rules := tuple(rule for rule in across if any(fits(name, rule) for name in options.drop)):
            linter, self._linter = self._linter, self._linter.with_selection(rules, ())
            self._process("check", Task(across=True), Selection(self._state.done("check")))
            if not self._state.value("compared"):
                comparing.compare(self._state, self._linter)
            self._linter = linter
        selection = Selection(self._state.done("fix"), self._state.matches, self._state.matched_batches())
        self._process("fix", Task(fix=options), selection)
        return self._state.left_out()

    def _process(self, step: str, task: Task, selection: Selection) -> None:
        """Process the selected records, and write each batch when all its records are done."""
        waiting: dict[BatchId, dict[int, RecordResult]] = {}
        self._step, self._share, self._shares = step, 0.0, {}
        with closing(self._results(task, selection)) as results:
            for item, result in results:
                own = waiting.setdefault(item.batch, {})
                own[item.position] = result
                self._records += result.articles if step != "compare" else 0
                self._wait()
                if len(own) == item.size:
                    del waiting[item.batch]
                    self._finish(step, item.batch, own)

    def _finish(self, step: str, batch: BatchId, results: dict[int, RecordResult]) -> None:
        ordered = sorted(results.items())
        part = self._output.write(step, batch, [result for _, result in ordered])
        facts = ((at, result.group, facts) for at, result in ordered for facts in result.result.facts)
        self._state.add(step, batch, summarize(ordered)._replace(part=part), facts)

    def _results(self, task: Task, selection: Selection) -> Generator[tuple[Item, RecordResult]]:
        name, jobs, address = self._engine
        linter, archives = self._linter, self._archives
        if name == "ray":
            from linter.records import on_ray

            own = (linter, archives, self._parts, task, selection)
            return on_ray.process(*own, jobs=jobs, address=address, on_read=self._read)
        jobs, batches = jobs or workers.usable_cpus(), self._batches(selection)
        return processes.process(linter, archives, task, batches, jobs=jobs, on_wait=self._wait)

    def _wait(self) -> None:
        self._on_progress(_NAMES[self._step], self._share, self._records)

    def _batches(self, selection: Selection) -> Iterator[list[Item]]:
        """Yield the items of all batches."""
        for number, (archive, parts) in enumerate(zip(self._archives, self._parts, strict=True)):
            for at, part in enumerate(parts):
                yield from read_batches(archive, (number, at), part, selection, partial(self._read, number, at))
                self._read(number, at, 1.0)

    def _read(self, number: int, part: int, share: float) -> None:
        """Note that a share of a part of an archive, from 0 to 1, has been read."""
        more = share - self._shares.get((number, part), 0.0)
        self._share += more / sum(map(len, self._parts))
        self._shares[number, part] = share


def _state(archive: Archive) -> tuple[int, ...]:
    """Return the state of the file of an archive (see `state_of`). Databases may change at any time."""
    return () if archive.format in ("sqlite", "postgres") else state_of(archive.file)


def summarize(results: Sequence[tuple[int, RecordResult]]) -> BatchSummary:
    """Return the totals of the results of a batch, which come with their positions."""
    found = [result.result for _, result in results]
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        for name, number in Counter((finding.rule, finding.severity) for finding in one.findings).items():
            counts[name][0] += number
            counts[name][1] += 1
    return BatchSummary(
        articles=sum(result.articles for _, result in results),
        found_at=[at for at, result in results if result.result.findings],
        counts=[(*name, number, records) for name, (number, records) in sorted(counts.items())],
        skipped=[each for _, result in results for each in result.skipped],
        problems=[problem for one in found for problem in one.problems],
        suppressed=sum(len(one.suppressed) for one in found),
        fixed=sum(len(result.fixed) for _, result in results),
        changed=sum(result.change.body is not None for _, result in results),
        dropped=sum(result.change.drop for _, result in results),
        damaged=any(not result.articles and result.result.problems for _, result in results),
    )


def totals(state: State, *steps: str) -> BatchSummary:
    """Return the totals of all finished batches of `steps`. In the step “compare”, articles are not counted again."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    skipped: Counter[str] = Counter()
    found_at: dict[BatchId, set[int]] = defaultdict(set)
    every: list[BatchSummary] = []
    articles = 0
    for batch, step, one in state.summaries():
        if step not in steps:
            continue
        every.append(one)
        articles += one.articles if step != "compare" else 0
        found_at[batch].update(one.found_at)
        skipped.update(dict(one.skipped))
        for rule, severity, number, records in one.counts:
            counts[rule, severity][0] += number
            counts[rule, severity][1] += records
    return BatchSummary(
        articles=articles,
        with_findings=sum(map(len, found_at.values())),
        counts=[(*name, number, records) for name, (number, records) in sorted(counts.items())],
        skipped=sorted(skipped.items()),
        problems=[problem for one in every for problem in one.problems],
        suppressed=sum(one.suppressed for one in every),
        fixed=sum(one.fixed for one in every),
        changed=sum(one.changed for one in every),
        dropped=sum(one.dropped for one in every),
        damaged=any(one.damaged for one in every),
    )


def identity(archives: Iterable[Archive], linter: Linter, *options: object) -> str:
    """Return a digest of everything that the result of a run depends on.

    Files of archives are represented by their size and the time of their last change. The content of a database is not
    represented.
    """
    files = [(archive.path, archive.format, archive.mapping, state_of(archive.file)[::3]) for archive in archives]
    about = repr((linter.bundle(), files, options)).encode("utf-8", "surrogatepass")
    return blake2b(about, digest_size=SIZE).hexdigest()
