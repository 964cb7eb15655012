"""Check records, and keep their results in the cache of earlier runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

from linter import serialize
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.digest import SIZE
from linter.naming import article_name
from linter.records.archives import Archive
from linter.records.checking import RecordResult

if TYPE_CHECKING:
    from linter.records.work import Item

MOST = 100_000_000  # bytes of archives whose records are cached; more would displace the results of other articles
_FINDINGS, _FACTS = b"f", b"a"  # suffixes of keys


class CachedRecords:
    """The results of checking the records of `archives` with `linter`, kept in `cache`.

    `check` returns the results of items of one batch that are not in the cache. `across` is true if the records are
    compared with each other, so that their results include facts.
    """

    def __init__(
        self,
        linter: ArticleLinter,
        cache: Cache,
        archives: tuple[Archive, ...],
        check: Callable[[Sequence[Item]], list[RecordResult]],
        *,
        across: bool,
    ) -> None:
        self._linter, self._cache, self._archives, self._check = linter, cache, archives, check
        self._across = across

    def process(self, items: Sequence[Item]) -> list[RecordResult]:
        """Return the results of items of one batch, from the cache or by checking them."""
        keys = [self._key(item) for item in items]
        suffixes = (_FINDINGS, _FACTS) if self._across else (_FINDINGS,)
        stored = self._cache.get([key + suffix for key in keys for suffix in suffixes])
        known = [self._load(stored, key, item) for key, item in zip(keys, items, strict=True)]
        unknown = [at for at, result in enumerate(known) if not result]
        checked = self._check([items[at] for at in unknown]) if unknown else []
        new: list[tuple[bytes, bytes]] = []
        for at, result in zip(unknown, checked, strict=True):
            if not result.result.problems:
                new.append((keys[at] + _FINDINGS, serialize.dump_findings(result.result)))
                if self._across:
                    new.append((keys[at] + _FACTS, serialize.dump_facts(result.result.facts)))
        self._cache.put(new)
        found = iter(checked)
        return [result or next(found) for result in known]

    def _key(self, item: Item) -> bytes:
        archive = self._archives[item.batch.archive]
        about = repr((archive.path, archive.file, archive.mapping.kind, item.record, self._across)).encode(
            "utf-8", "surrogatepass"
        )
        return blake2b(about, key=self._linter.digest, digest_size=SIZE).digest()

    def _load(self, stored: dict[bytes, bytes], key: bytes, item: Item) -> RecordResult | None:
        """Return the stored result of an item, or None if there is no valid one."""
        archive, record = self._archives[item.batch.archive], item.record
        name = article_name(archive.path, record.key)
        if key + _FINDINGS not in stored or (self._across and key + _FACTS not in stored):
            return None
        with suppress(ValueError):
            found = serialize.load_findings(stored[key + _FINDINGS], (archive.path, name), len(record.body))
            if self._across:
                readers = self._linter.run_rules.fact_readers
                found.facts.extend(serialize.load_facts(stored[key + _FACTS], readers))
            ours = all(finding.record == record.key for finding in found.findings)
            if ours and all(facts.path == name for facts in found.facts):
                return RecordResult(found, record.key, record.group)
        return None
