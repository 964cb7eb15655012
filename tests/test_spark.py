"""The function that checks Arrow tables, in Spark's `mapInArrow`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components import needs
from linter import Linter, records

pytestmark = pytest.mark.slow

needs("pyspark", "pyarrow", program="java")
import pyarrow as pa  # noqa: E402
from pyspark.sql import DataFrame, SparkSession  # noqa: E402
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema  # noqa: E402

ROOT = Path(__file__).parent.parent
LATE = "The tram is late.It is full."
ROWS = [(number, f"{LATE} This is number {number}.") for number in range(400)]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        options = {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "20",
            "spark.log.level": "OFF",
        }
        builder = SparkSession.builder.master("local[2,4]")  # two processes, and four attempts for each task
        for name, value in options.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="module")
def checker() -> Any:
    return records.checker(Linter(isolated=True).bundle(), columns={"body": "text"}, keep=["id"])


@pytest.fixture(scope="module")
def expected(checker: Any) -> list[dict[str, Any]]:
    identifiers, texts = zip(*ROWS, strict=True)
    rows: list[dict[str, Any]] = checker(pa.table({"id": [*identifiers], "text": [*texts]})).to_pylist()
    assert sum(len(row["findings"]) for row in rows) >= len(rows)
    return rows


def checked(spark: SparkSession, checker: Any) -> DataFrame:
    frame = spark.createDataFrame(ROWS, "id long, text string").repartition(4)
    return frame.mapInArrow(checker, from_arrow_schema(checker.schema(to_arrow_schema(frame.schema))))


def collected(frame: DataFrame) -> list[dict[str, Any]]:
    return sorted((row.asDict(recursive=True) for row in frame.collect()), key=lambda row: row["id"])


def test_spark_gives_the_same_rows(spark: SparkSession, checker: Any, expected: list[dict[str, Any]]) -> None:
    assert collected(checked(spark, checker)) == expected


def test_a_killed_process_changes_nothing(spark: SparkSession, checker: Any, expected: list[dict[str, Any]]) -> None:
    killed: list[int] = []
    ended = threading.Event()

    def kill() -> None:
        while not killed and not ended.is_set():
            killed.extend(busy_workers()[:1])
            for process in killed:
                os.kill(process, signal.SIGKILL)
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = collected(checked(spark, checker))
    finally:
        ended.set()
        killer.join()
    assert killed
    assert found == expected


def busy_workers() -> list[int]:
    """Return the Python processes of Spark in this session that have used the processor in the last 0.1 s."""
    before = workers()
    time.sleep(0.1)
    return [process for process, ticks in workers().items() if ticks > before.get(process, ticks)]


def workers() -> dict[int, int]:
    """Return the time that each worker process of Spark has used. Its daemon is a child of Java, and forks workers."""
    found = {}
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            commands[int(entry.name)] = (entry / "cmdline").read_text()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        found[int(entry.name)] = int(fields[11]) + int(fields[12])

    def is_worker(process: int) -> bool:
        daemon = parents[process]
        java = parents.get(daemon, 0)
        own = parents.get(java) == os.getpid()
        return own and "pyspark" in commands[process] and "pyspark" in commands.get(daemon, "")

    return {process: ticks for process, ticks in found.items() if is_worker(process)}
