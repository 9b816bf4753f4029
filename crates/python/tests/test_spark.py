"""The job on Spark against the program: a cluster of two workers on this machine, an executor killed mid-way.

DETENTE names the program, ARTICLES_MADE_UP how many articles are made up (2,000; 200,000 for the figures).
"""

from __future__ import annotations

import gzip
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

pyspark = pytest.importorskip("pyspark")
from pyspark.sql import SparkSession  # noqa: E402

from detente import spark as on_spark  # noqa: E402

PROGRAM = os.environ.get("DETENTE", "detente")
ARTICLES = int(os.environ.get("ARTICLES_MADE_UP", "2000"))
CORPUS = pathlib.Path(__file__).resolve().parents[3] / "corpus"
FILES = 8


def made_up(n: int) -> Iterator[dict[str, str]]:
    """Articles out of paragraphs of our corpus; every tenth is a copy of an earlier one, cut or with another heading."""
    chance = random.Random(7)
    paragraphs = [p.strip() for f in sorted(CORPUS.glob("*.txt")) for p in f.read_text().split("\n\n") if 60 < len(p) < 500]
    earlier: list[dict[str, str]] = []
    for i in range(n):
        day = f"{chance.choice([2017, 2018, 2019])}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        if earlier and i % 10 == 9:
            of = chance.choice(earlier[-40:])
            text = f"{of['text']}\n\nThis report was edited by the desk in the capital." if i % 20 == 9 else of["text"]
            day = of["published"]
        else:
            text = "\n\n".join(chance.sample(paragraphs, 3))
        article = {"id": f"a{i:07d}", "text": text, "published": day, "outlet": f"Post {i % 7}", "url": f"https://example.org/{i}"}
        earlier.append(article)
        yield article


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return tmp_path_factory.mktemp("archive")


@pytest.fixture(scope="module")
def archive(folder: pathlib.Path) -> pathlib.Path:
    """The articles as Parquet files and as lines."""
    rows = list(made_up(ARTICLES))
    (folder / "articles").mkdir()
    for i in range(FILES):
        pq.write_table(pa.Table.from_pylist(rows[i::FILES]), folder / "articles" / f"{i}.parquet", row_group_size=512)
    (folder / "articles.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    return folder


@pytest.fixture(scope="module")
def expected(archive: pathlib.Path) -> dict[str, list[str]]:
    """What the program makes of them on both cores."""
    start = time.monotonic()
    done = subprocess.run(
        [PROGRAM, "code", "--json", "--stories", "--jobs", "2", str(archive / "articles.jsonl")], capture_output=True, text=True, check=True
    )
    print(f"program: {ARTICLES} articles in {time.monotonic() - start:.1f} s", file=sys.stderr)
    out: dict[str, list[str]] = {"event": [], "statement": []}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if record["record"] in out:
            out[record["record"]].append(json.dumps(record, sort_keys=True))
    return {kind: sorted(lines) for kind, lines in out.items()}


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    os.environ["SPARK_HOME"] = str(pathlib.Path(pyspark.__file__).parent)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("detente-test")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .getOrCreate()
    )
    yield session
    session.stop()


def written(folder: pathlib.Path, kind: str) -> list[str]:
    rows = ds.dataset(folder / f"{kind}s", format="parquet", partitioning="hive").to_table().drop_columns("year").to_pylist()
    return sorted(json.dumps(r, sort_keys=True, default=lambda d: d.isoformat()) for r in rows)


def executors() -> list[int]:
    """The executors that descend from this process."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    parents = {int(pid): int(parent) for pid, parent, *_ in rows}

    def ours(pid: int) -> bool:
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    return [int(r[0]) for r in rows if len(r) == 3 and "CoarseGrainedExecutorBackend" in r[2] and "java" in r[2].split()[0] and ours(int(r[0]))]


def test_the_same_records_though_an_executor_is_killed(
    session: SparkSession, archive: pathlib.Path, expected: dict[str, list[str]], folder: pathlib.Path
) -> None:
    out = folder / "killed"
    killed: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and not list(out.glob("coded/*/_temporary/*/_temporary/*/*.parquet")):
            time.sleep(0.05)
        for pid in executors()[:1]:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    start = time.monotonic()
    counts = on_spark.job(session, [str(archive / "articles")], str(out), files_per_part=4)
    print(f"spark, an executor killed: {time.monotonic() - start:.1f} s, {counts}", file=sys.stderr)
    killer.join()
    assert killed, "no executor was found to kill"
    assert counts["failures"] == 0 and counts["events"] > 0
    for kind in ["event", "statement"]:
        assert written(out, kind) == expected[kind]
    # Some of them are copies of an earlier text.
    assert any(json.loads(e)["story_id"] != f"t:{json.loads(e)['article_id']}" for e in expected["event"])


def test_parts_that_are_done_are_not_done_again(
    session: SparkSession, archive: pathlib.Path, expected: dict[str, list[str]], folder: pathlib.Path
) -> None:
    out = folder / "killed"
    before = {p: p.stat().st_mtime_ns for p in out.glob("coded/*/_SUCCESS")}
    assert len(before) == 2
    gone = min(before)
    gone.unlink()
    start = time.monotonic()
    on_spark.job(session, [str(archive / "articles")], str(out), files_per_part=4)
    print(f"spark, half of it done before: {time.monotonic() - start:.1f} s", file=sys.stderr)
    after = {p: p.stat().st_mtime_ns for p in out.glob("coded/*/_SUCCESS")}
    assert {p for p in after if after[p] != before[p]} == {gone}
    assert written(out, "event") == expected["event"]


def test_bad_articles_are_failures_not_failed_tasks(session: SparkSession, folder: pathlib.Path) -> None:
    lines = ["{broken", '{"title": "no text"}', '{"text": "Israel struck Iranian targets in Syria.", "date": "someday"}']
    good = json.dumps({"text": "Israel struck Iranian targets in Syria.", "date": "2018-07-18", "id": "good"})
    (folder / "lines.jsonl").write_bytes("\n".join([*lines, good, ""]).encode() + b'{"text": "\xff\xfe"}\n')
    out = folder / "lines"
    counts = on_spark.job(session, [str(folder / "lines.jsonl")], str(out), on_spark.Options("jsonl"), find_copies=False)
    assert counts["failures"] == 4
    failures = pq.read_table(out / "failures").to_pylist()
    assert all(f["failure"] and f["place"].endswith("lines.jsonl") for f in failures)
    assert {json.loads(e)["article_id"] for e in written(out, "event")} == {"good"}


def test_web_archives_give_what_import_gives(session: SparkSession, folder: pathlib.Path) -> None:
    def record(kind: str, url: str, body: bytes) -> bytes:
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(body)}\r\n\r\n"
        return gzip.compress(head.encode() + body + b"\r\n\r\n")

    page = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<html><title>Caf\u00e9 talks</title><body><article><p>{}</p></article></body></html>"
    words = "Israel carried out strikes against Iranian targets inside Syria on Monday, the army said in S\u00e3o Paulo. "
    pages = [record("response", f"https://example.org/{i}", page.format(words * (i + 2)).encode("latin-1")) for i in range(20)]
    cut = record("response", "https://example.org/missing", b"HTTP/1.1 404 Not Found\r\n\r\nno")
    (folder / "a.warc.gz").write_bytes(record("warcinfo", "", b"x") + b"".join(pages) + cut)
    out, store = folder / "pages", folder / "pages.db"
    counts = on_spark.job(session, [str(folder / "a.warc.gz")], str(out), on_spark.Options("warc", articles=True), find_copies=False)
    assert counts["failures"] == 1 and counts["articles"] == 20
    for args in (["init"], ["import", str(folder / "a.warc.gz")], ["code", "--all"]):
        subprocess.run([PROGRAM, *args, "--store", str(store)], capture_output=True, check=args[0] != "import")
    listed = subprocess.run([PROGRAM, "events", "--json", "--store", str(store)], capture_output=True, text=True, check=True).stdout
    own = sorted(json.loads(line)["id"] for line in listed.splitlines())
    assert sorted(json.loads(e)["id"] for e in written(out, "event")) == own and own
