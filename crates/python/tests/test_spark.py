"""The job on Spark against the program: a cluster of two workers on this machine, an executor killed mid-way.

DETENTE names the program (built with the feature `tables`), ARTICLES_MADE_UP how many articles are made up (2,000;
`bench/spark.py` does it with 200,000).
"""

from __future__ import annotations

import gzip
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark")
from cluster import KINDS, PROGRAM, archive, by_job, by_program, cluster, digests, executors  # noqa: E402

from detente import spark as on_spark  # noqa: E402

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ARTICLES = int(os.environ.get("ARTICLES_MADE_UP", "2000"))
Records = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("archive")
    archive(folder, ARTICLES)
    return folder


@pytest.fixture(scope="module")
def expected(folder: pathlib.Path) -> Records:
    """What the program makes of them."""
    records, seconds, _ = by_program(folder)
    print(f"program: {ARTICLES} articles in {seconds:.1f} s", file=sys.stderr)
    return records


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    session = cluster()
    yield session
    session.stop()


def test_the_same_records_though_an_executor_is_killed(session: SparkSession, expected: Records, folder: pathlib.Path) -> None:
    out = folder / "killed"
    killed: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 300
        # One task is done, others are not.
        while time.monotonic() < deadline and not list(out.glob("coded/*/_temporary/*/task_*")):
            time.sleep(0.05)
        for pid in executors()[:1]:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    start = time.monotonic()
    counts = on_spark.job(session, [str(folder / "articles")], str(out), files_per_part=4)
    print(f"spark, an executor killed: {time.monotonic() - start:.1f} s, {counts}", file=sys.stderr)
    killer.join()
    assert killed, "no executor was found to kill"
    assert counts["failures"] == 0 and counts["events"] > 0
    for kind in KINDS:
        assert digests(by_job(out, kind)) == digests(expected[kind])
    # Some of them are copies of an earlier text, in another part of the archive.
    assert any(e["story_id"] != f"t:{e['article_id']}" for e in expected["event"])


def test_parts_that_are_done_are_not_done_again(session: SparkSession, expected: Records, folder: pathlib.Path) -> None:
    out = folder / "killed"
    before = {p: p.stat().st_mtime_ns for p in out.glob("coded/*/_SUCCESS")}
    assert len(before) == 2
    gone = min(before)
    gone.unlink()
    on_spark.job(session, [str(folder / "articles")], str(out), files_per_part=4)
    after = {p: p.stat().st_mtime_ns for p in out.glob("coded/*/_SUCCESS")}
    assert {p for p in after if after[p] != before[p]} == {gone}
    assert digests(by_job(out, "event")) == digests(expected["event"])


def test_a_store_takes_the_result(session: SparkSession, expected: Records, folder: pathlib.Path) -> None:
    store = str(folder / "archive.db")

    def run(*args: str, codes: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run([PROGRAM, *args, "--store", store], capture_output=True, text=True, check=False)
        assert done.returncode in codes, done.stderr
        return done.stdout

    run("init")
    run("import", str(folder / "killed"))
    found = [json.loads(line) for line in run("events", "--json").splitlines()]
    what = ["source", "target", "cameo", "mode", "quad", "date_first", "date_last", "outlet", "url", "evidence", "confidence", "place_name"]

    def rows(records: list[dict[str, object]]) -> list[str]:
        return sorted(json.dumps([r.get(name) for name in what]) for r in records)

    assert rows(found) == rows(expected["event"])
    # A second time nothing is new.
    run("import", str(folder / "killed"), codes=(0, 1))
    assert len(run("events", "--json").splitlines()) == len(found)


def test_bad_articles_are_failures_not_failed_tasks(session: SparkSession, folder: pathlib.Path) -> None:
    lines = ["{broken", '{"title": "no text"}', '{"text": "Israel struck Iranian targets in Syria.", "date": "someday"}']
    good = json.dumps({"text": "Israel struck Iranian targets in Syria.", "date": "2018-07-18", "id": "good"})
    (folder / "lines.jsonl").write_bytes("\n".join([*lines, good, ""]).encode() + b'{"text": "\xff\xfe"}\n')
    out = folder / "lines"
    counts = on_spark.job(session, [str(folder / "lines.jsonl")], str(out), on_spark.Options("jsonl"), find_copies=False)
    assert counts["failures"] == 4
    failures = pq.read_table(out / "failures").to_pylist()
    assert all(f["failure"] and f["place"].endswith("lines.jsonl") for f in failures)
    assert {e["article_id"] for e in by_job(out, "event")} == {"good"}


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
    assert sorted(str(e["id"]) for e in by_job(out, "event")) == own and own
