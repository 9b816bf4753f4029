"""What `detente export` writes, read by those who will read it: pandas, polars, DuckDB, R.

DETENTE names the program (built with the feature `tables`).
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import shutil
import subprocess
from collections import Counter

import pandas as pd
import polars as pl
import pyarrow.feather as feather
import pytest

PROGRAM = os.environ.get("DETENTE", "detente")
Counts = dict[tuple[str, str], int]


def program(*args: str) -> str:
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A made-up history as Parquet by years, and as one Arrow file."""
    folder = tmp_path_factory.mktemp("export")
    store = str(folder / "sample.db")
    program("init", "--sample", "--store", store)
    program("export", "--format", "parquet", "--by-year", "--store", store, "-o", str(folder / "events"))
    program("export", "--format", "arrow", "--store", store, "-o", str(folder / "events.arrow"))
    program("export", "--format", "parquet", "--records", "statements", "--store", store, "-o", str(folder / "statements.parquet"))
    return folder


@pytest.fixture(scope="module")
def events(folder: pathlib.Path) -> list[dict[str, object]]:
    lines = program("events", "--json", "--store", str(folder / "sample.db")).splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def expected(events: list[dict[str, object]]) -> Counts:
    """Events by source and CAMEO root: codes that start with 0 tell whether they stayed text."""
    found = Counter((str(e["source_country"]), str(e["cameo_root"])) for e in events if e["source_country"] and e["cameo_root"])
    assert found and any(root.startswith("0") for _, root in found)
    return dict(found)


def test_pandas(folder: pathlib.Path, expected: Counts, events: list[dict[str, object]]) -> None:
    frame = pd.read_parquet(folder / "events")
    assert len(frame) == len(events) and "year" in frame.columns
    assert frame.groupby(["source_country", "cameo_root"]).size().to_dict() == expected
    assert isinstance(frame["published"].dropna().iloc[0], datetime.date)
    statements = pd.read_parquet(folder / "statements.parquet")
    assert len(statements) > 0 and "name" in statements["chain"].map(list).explode().dropna().iloc[0]


def test_polars(folder: pathlib.Path, expected: Counts) -> None:
    for frame in [pl.read_parquet(folder / "events", hive_partitioning=True), pl.read_ipc(folder / "events.arrow")]:
        groups = frame.drop_nulls(["source_country", "cameo_root"]).group_by("source_country", "cameo_root").len()
        assert {(c, r): n for c, r, n in groups.rows()} == expected
        assert frame.schema["published"] == pl.Date and frame.schema["quad"] == pl.Int64


def test_duckdb(folder: pathlib.Path, expected: Counts, events: list[dict[str, object]]) -> None:
    duckdb = pytest.importorskip("duckdb")
    files = f"read_parquet('{folder}/events/*/*.parquet', hive_partitioning = true)"
    where = "source_country IS NOT NULL AND cameo_root IS NOT NULL"
    rows = duckdb.sql(f"SELECT source_country, cameo_root, count(*) FROM {files} WHERE {where} GROUP BY ALL").fetchall()
    assert {(c, r): n for c, r, n in rows} == expected
    # A year is a folder, and what has none is not lost.
    years = duckdb.sql(f"SELECT count(*), count(year) FROM {files}").fetchall()[0]
    assert years[0] == len(events) and years[1] > 0


def test_arrow(folder: pathlib.Path, events: list[dict[str, object]]) -> None:
    table = feather.read_table(folder / "events.arrow", memory_map=False)
    assert sorted(table["id"].to_pylist()) == sorted(str(e["id"]) for e in events)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not here")
def test_r(folder: pathlib.Path, expected: Counts) -> None:
    script = """
        if (!requireNamespace("arrow", quietly = TRUE) || !requireNamespace("dplyr", quietly = TRUE)) quit(status = 77)
        suppressPackageStartupMessages({library(arrow); library(dplyr)})
        found <- open_dataset(commandArgs(TRUE)[1]) |> filter(!is.na(source_country), !is.na(cameo_root)) |>
            count(source_country, cameo_root) |> collect()
        write.table(found, sep = "\\t", quote = FALSE, row.names = FALSE, col.names = FALSE)
    """
    done = subprocess.run(["Rscript", "-e", script, str(folder / "events")], capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip("R has no arrow and dplyr")
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert {(c, r): int(n) for c, r, n in rows} == expected
