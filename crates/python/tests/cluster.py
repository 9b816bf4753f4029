"""A cluster of two workers on this machine, and what the job and the program make of one archive, to be compared."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyspark
from made_up import made_up
from pyspark.sql import SparkSession

from detente.spark import JVM

PROGRAM = os.environ.get("DETENTE", "detente")
FILES = 8
KINDS = ["event", "statement"]


def cluster(log: pathlib.Path | None = None) -> SparkSession:
    """Two workers of one core each; Spark's own account of the work goes into the folder `log`."""
    os.environ["SPARK_HOME"] = str(pathlib.Path(pyspark.__file__).parent)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("detente-test")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        # As the job's own command line starts it.
        .config("spark.driver.extraJavaOptions", JVM)
        .config("spark.executor.extraJavaOptions", JVM)
    )
    if log is not None:
        log.mkdir()
        for key, value in {"enabled": "true", "dir": log.as_uri(), "compress": "false", "rolling.enabled": "false"}.items():
            builder = builder.config(f"spark.eventLog.{key}", value)
    return builder.getOrCreate()


def shuffled(log: pathlib.Path) -> int:
    """Bytes that went through shuffles."""
    total = 0
    for file in log.iterdir():
        for line in file.read_text().splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerTaskEnd":
                total += (event.get("Task Metrics") or {}).get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
    return total


def archive(folder: pathlib.Path, articles: int, length: tuple[int, int] = (2, 4)) -> None:
    """Articles as Parquet files and as lines."""
    rows = list(made_up(articles, *length))
    (folder / "articles").mkdir()
    for i in range(FILES):
        pq.write_table(pa.Table.from_pylist(rows[i::FILES]), folder / "articles" / f"{i}.parquet", row_group_size=512)
    (folder / "articles.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))


def digests(rows: Iterable[dict[str, object]]) -> list[str]:
    """Records to be compared whole; some of them stay readable."""
    out = []
    for row in rows:
        text = json.dumps(row, sort_keys=True, default=lambda d: d.isoformat())
        out.append(f"{row['id']} {hashlib.sha256(text.encode()).hexdigest()}")
    return sorted(out)


def by_program(folder: pathlib.Path) -> tuple[dict[str, list[dict[str, object]]], float, float]:
    """Records of the program on both cores, its seconds, and those of its processors."""
    out = folder / "records.jsonl"
    command = [PROGRAM, "code", "--json", "--stories", "--jobs", "2", "-o", str(out), str(folder / "articles.jsonl")]
    with Meter() as meter:
        subprocess.run(command, capture_output=True, check=True)
    found: dict[str, list[dict[str, object]]] = {kind: [] for kind in KINDS}
    with out.open() as lines:
        for line in lines:
            record = json.loads(line)
            if record["record"] in found:
                found[record["record"]].append(record)
    return found, meter.seconds, meter.used


def by_job(folder: pathlib.Path, kind: str) -> list[dict[str, object]]:
    """Records that the job has written."""
    years = ds.partitioning(pa.schema([("year", pa.int32())]), flavor="hive")
    table = ds.dataset(folder / f"{kind}s", format="parquet", partitioning=years).to_table()
    rows: list[dict[str, object]] = table.drop_columns("year").to_pylist()
    return rows


def family() -> dict[int, str]:
    """The processes that descend from this one, with their command lines."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    parents = {int(row[0]): int(row[1]) for row in rows}

    def ours(pid: int) -> bool:
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    return {int(row[0]): row[2] for row in rows if len(row) == 3 and ours(int(row[0]))}


def executors() -> list[int]:
    return [pid for pid, line in family().items() if "CoarseGrainedExecutorBackend" in line]


class Meter:
    """Processor seconds of the processes below this one while it is held.

    They are looked at twice a second and each is counted by itself: what a worker used is lost to its parent when that
    does not wait for it.
    """

    def __enter__(self) -> Meter:
        self.clock, self.seconds = time.monotonic(), 0.0
        self.seen: dict[int, int] = {}
        self.before: dict[int, int] = {pid: self._own(pid) for pid in family()}
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self.clock
        self.done.set()
        self.thread.join()

    @property
    def used(self) -> float:
        ticks = sum(n - self.before.get(pid, 0) for pid, n in self.seen.items())
        return float(ticks / os.sysconf("SC_CLK_TCK"))

    def _own(self, pid: int) -> int:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return sum(map(int, fields[11:13]))

    def _look(self) -> None:
        for pid in family():
            self.seen[pid] = max(self.seen.get(pid, 0), self._own(pid))

    def _watch(self) -> None:
        while not self.done.wait(0.5):
            self._look()
        self._look()
