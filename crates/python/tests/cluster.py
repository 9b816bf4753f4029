"""A cluster of two workers on this machine, and what the job and the program make of one archive, to be compared."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyspark
from made_up import made_up
from pyspark.sql import SparkSession

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


def archive(folder: pathlib.Path, articles: int) -> None:
    """Articles as Parquet files and as lines."""
    rows = list(made_up(articles))
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
    out, start, before = folder / "records.jsonl", time.monotonic(), spent()
    command = [PROGRAM, "code", "--json", "--stories", "--jobs", "2", "-o", str(out), str(folder / "articles.jsonl")]
    subprocess.run(command, capture_output=True, check=True)
    seconds, used = time.monotonic() - start, spent() - before
    found: dict[str, list[dict[str, object]]] = {kind: [] for kind in KINDS}
    with out.open() as lines:
        for line in lines:
            record = json.loads(line)
            if record["record"] in found:
                found[record["record"]].append(record)
    return found, seconds, used


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


def spent() -> float:
    """Processor seconds of this process, of those below it, and of those they have waited for."""
    ticks = 0
    for pid in family():
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
