"""What a finding is known by from run to run, whatever happens to the lines above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from linter.digest import blake2b
from linter.finding import Finding

_WORDS = 3  # on either side of a finding, that its fingerprint is made of


def of(findings: Iterable[Finding]) -> list[str]:
    """A fingerprint for each: no line, but its words and those beside it, and how many-th of its like it is."""
    seen: Counter[str] = Counter()
    prints = []
    for finding in findings:
        before, after = finding.before.split()[-_WORDS:], finding.after.split()[:_WORDS]
        beside = " ".join((*before, "⟦", *finding.text.split(), "⟧", *after))
        known_by = "\0".join((finding.rule, finding.path, finding.record or "", beside))
        digest = blake2b(known_by.encode("utf-8", "replace"), digest_size=16).hexdigest()
        seen[digest] += 1
        prints.append(f"{digest}:{seen[digest]}")
    return prints
