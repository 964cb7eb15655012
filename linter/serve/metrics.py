"""Metrics of the service for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

from linter.finding import SEVERITIES

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counters and gauges of one service."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "copydesk_requests", "Requests by route and status.", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "copydesk_request_seconds",
            "Seconds from a request to its response, by route.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._findings = Counter(
            "copydesk_findings", "Findings in responses, by severity.", ("severity",), registry=self._registry
        )
        self._ended = Counter(
            "copydesk_workers_ended", "Worker processes that were replaced.", ("reason",), registry=self._registry
        )

    def watch(self, name: str, description: str, value: Callable[[], float]) -> None:
        """Add a gauge. `value` is called whenever the metrics are read."""
        Gauge(f"copydesk_{name}", description, registry=self._registry).set_function(value)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def findings(self, counts: Sequence[int]) -> None:
        """Count findings. `counts` has the number of each severity, in the order of SEVERITIES, or is empty."""
        for severity, number in zip(SEVERITIES, counts, strict=False):
            self._findings.labels(severity).inc(number)

    def worker_ended(self, reason: str) -> None:
        """Count a worker process that is replaced."""
        self._ended.labels(reason).inc()

    def text(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        return generate_latest(self._registry)
