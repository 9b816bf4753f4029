"""The wheel against the program: the same bytes, the same records, and errors that say what to do.

DETENTE names the program (built with the feature `tables`).
"""

from __future__ import annotations

import datetime
import doctest
import json
import os
import pathlib
import subprocess
import threading
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import detente as dt

#: The module for calls that its types forbid.
loose: Any = dt
PROGRAM = os.environ.get("DETENTE", "detente")
CORPUS = pathlib.Path(__file__).resolve().parents[3] / "corpus"
TEXT = (
    "Russia meets Iran over Syria\n\n"
    "Russian Foreign Minister Sergey Lavrov met Iranian Foreign Minister Mohammad Javad Zarif in Moscow on Tuesday.\n\n"
    "Israel carried out multiple strikes against Iranian targets inside Syria.\n\n"
    "\u201cWe condemn these attacks,\u201d Zarif said.\n"
)


def program(*args: str, input: str | None = None) -> str:
    done = subprocess.run([PROGRAM, *args], input=input, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def articles() -> list[dict[str, str]]:
    texts = sorted(CORPUS.glob("*.txt"))
    assert texts
    return [{"id": t.stem, "text": t.read_text(), "published": t.name[:10], "outlet": "Example Post"} for t in texts]


def plain(rows: dt.Table) -> list[dict[str, object]]:
    """Rows as JSON has them."""
    found: list[dict[str, object]] = json.loads(json.dumps(rows.to_dicts(), default=lambda d: d.isoformat()))
    return found


def records(lines: str, kind: str) -> list[dict[str, object]]:
    return [r for r in map(json.loads, lines.splitlines()) if r["record"] == kind]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the program prints of the corpus."""
    file = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    file.write_text("".join(json.dumps(a) + "\n" for a in articles()))
    return program("code", "--json", str(file))


def test_the_same_bytes_as_the_program(lines: str) -> None:
    assert "".join(dt.code(a["text"], id=a["id"], published=a["published"], outlet=a["outlet"]).json() for a in articles()) == lines


def test_a_batch_holds_the_same_records(lines: str) -> None:
    batch = dt.code_batch(articles())
    for table, kind in [(batch.events, "event"), (batch.statements, "statement"), (batch.articles, "article")]:
        assert plain(table) == records(lines, kind)
    assert len(batch.failures) == 0 and len(batch.events) > 20


def test_every_kind_of_table_is_read() -> None:
    rows = articles()
    expected = plain(dt.code_batch(rows).events)
    frame = pd.DataFrame(rows)
    dated = frame.assign(published=pd.to_datetime(frame["published"]))
    for data in [pa.Table.from_pylist(rows), pa.RecordBatch.from_pylist(rows), pl.DataFrame(rows), frame, dated, iter(rows)]:
        assert plain(dt.code_batch(data, jobs=2).events) == expected, type(data)
    assert plain(dt.code_batch(pa.Table.from_pylist([]).append_column("text", pa.array([], pa.string()))).events) == []


def test_tables_are_arrow_streams() -> None:
    events = dt.code(TEXT, published="2018-07-18", outlet="Post").events
    table = pa.table(events)
    assert table.num_rows == len(events) and table.schema.field("published").type == pa.date32()
    assert table.schema.field("cameo").type == pa.string()
    assert pl.DataFrame(events).height == events.to_pandas().shape[0] == events.to_polars().height == len(events)
    assert [e["id"] for e in events] == [events[i]["id"] for i in range(len(events))]
    assert events[-1] == events[len(events) - 1] and "Table of" in repr(events)
    with pytest.raises(IndexError, match="table of"):
        events[len(events)]


def test_options_are_the_programs(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT)
    doc = dt.code(TEXT, published=datetime.date(2018, 7, 18), outlet="Post", bare_states=True)
    assert doc.json() == program("code", "--json", "--bare-states", "--published", "2018-07-18", "--outlet", "Post", str(file))
    assert dt.code(TEXT.encode("utf-16"), published="2018-07-18").events[0]["cameo"] == dt.code(TEXT, published="2018-07-18").events[0]["cameo"]
    page = b"<html><head><title>Talks</title></head><body><article><p>Israel struck Iranian targets in Syria.</p></article></body></html>"
    (tmp_path / "a.html").write_bytes(page)
    assert dt.code(page).json() == program("code", "--json", str(tmp_path / "a.html"))
    copies = [{"id": "a", "text": TEXT * 3, "published": "2018-07-18"}, {"id": "b", "text": TEXT * 3, "published": "2018-07-19"}]
    (tmp_path / "copies.jsonl").write_text("".join(json.dumps(c) + "\n" for c in copies))
    found = plain(dt.code_batch(copies, stories=True).events)
    assert {e["story_id"] for e in found} == {"t:a"} and len({e["group_id"] for e in found}) < len(found)
    assert found == records(program("code", "--json", "--stories", str(tmp_path / "copies.jsonl")), "event")


def test_knowledge_is_laid_over(tmp_path: pathlib.Path) -> None:
    own = tmp_path / "own" / "actors"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text('[[actor]]\ncode = "FRAREB"\nname = "Zenda Front"\n')
    text = "Israel condemned the Zenda Front."
    file = tmp_path / "a.txt"
    file.write_text(text)
    with_own = dt.code(text, knowledge=own.parent)
    done = subprocess.run([PROGRAM, "code", "--json", str(file)], env={**os.environ, "DETENTE_KNOWLEDGE": str(own.parent)}, capture_output=True)
    assert with_own.json().encode() == done.stdout and with_own.events[0]["target"] == "FRAREB"
    assert plain(dt.code_batch([text], knowledge=str(own.parent)).events) == plain(with_own.events)
    # Without it nobody knows the name, before and after.
    assert "FRAREB" not in dt.code(text).json()
    (tmp_path / "empty").mkdir()
    assert dt.code(text, knowledge=tmp_path / "empty").json() == dt.code(text).json()
    (own / "mine.toml").write_text("this is no TOML")
    (own.parent).rename(tmp_path / "broken")
    with pytest.raises(dt.Error, match="mine.toml:1:"):
        dt.code(text, knowledge=tmp_path / "broken")
    with pytest.raises(dt.Error, match="no such file"):
        dt.code(text, knowledge=tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: loose.code(None), TypeError, "None"),
        (lambda: loose.code(7), TypeError, "must be str, not int"),
        (lambda: loose.code(""), dt.Error, "empty"),
        (lambda: loose.code("half \ud83d a character"), ValueError, "surrogate"),
        (lambda: loose.code("x", outlet="\udc00"), ValueError, "outlet"),
        (lambda: loose.code("x", outlet=7), TypeError, "outlet must be str"),
        (lambda: loose.code("x", published="18 July"), dt.Error, "YYYY-MM-DD"),
        (lambda: loose.code("x", published=7), TypeError, "published"),
        (lambda: loose.code("x" * (17 << 20)), dt.Error, "max_size="),
        (lambda: loose.code(b""), dt.Error, "empty"),
        (lambda: loose.code(b"\x89PNG\r\n\x1a\n" + bytes(100)), dt.Error, "not text"),
        (lambda: loose.code_batch("one text"), TypeError, "code\\(\\)"),
        (lambda: loose.code_batch(None), TypeError, "None"),
        (lambda: loose.code_batch(7), TypeError, "int"),
        (lambda: loose.code("x", title=7), TypeError, "title must be str"),
        (lambda: loose.code("x", id=b"x"), TypeError, "id must be str"),
        (lambda: loose.code("x", knowledge=7), TypeError, "knowledge"),
        (lambda: loose.code("x", bare_states="yes"), TypeError, "bare_states"),
        (lambda: loose.code("x", max_size=-1), dt.Error, "megabytes"),
        (lambda: loose.code_batch(["x"], jobs=0), dt.Error, "jobs"),
        (lambda: loose.code_batch(["x"], jobs=-1), dt.Error, "jobs"),
        (lambda: loose.code_batch(["x"], jobs=1 << 70), OverflowError, "too large"),
        (lambda: loose.code_batch(["x"], outlet="\ud83d"), ValueError, "surrogate"),
        (lambda: loose.code_batch(pd.DataFrame({"text": ["half \ud83d a character"]})), ValueError, "surrogate"),
        (lambda: loose.code_batch(pa.table({"words": ["x"]})), dt.Error, "no column of texts"),
        (lambda: loose.code_batch(pa.table({"text": [["x"]]})), dt.Error, "text"),
        (lambda: loose.open("/nowhere/a.db"), dt.Error, "no store.*\n.*dt.open"),
    ],
)
def test_bad_input_is_told(call: Callable[[], object], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        call()


def test_a_bad_row_costs_one_row() -> None:
    huge = {"text": "Israel struck Iran. " + "." * (17 << 20), "id": "huge"}
    rows = [{"text": TEXT}, None, {"text": "\ud83d"}, {"title": "no text"}, {"text": TEXT, "published": "someday"}, TEXT, {1: 2}, huge, 7]
    batch = loose.code_batch(rows)
    assert [f["row"] for f in batch.failures] == [1, 2, 3, 4, 6, 7, 8]
    assert len(batch.articles) == 2 and all(f["failure"] for f in batch.failures)
    told = [str(f["failure"]) for f in batch.failures]
    assert "surrogate" in told[1] and "max_size=" in told[5] and batch.failures[5]["id"] == "huge"
    small = [{"text": "Israel struck Iran. " + " " * (1 << 20)}]
    assert len(dt.code_batch(small, max_size=1).failures) == 1 and len(dt.code_batch(small, max_size=2).events) == 1
    # Columns say the same of a missing text; an empty one is an article that tells nothing, as for the program.
    batch = dt.code_batch(pa.table({"text": pa.array([TEXT, None, ""], pa.string())}))
    assert [f["row"] for f in batch.failures] == [1] and len(batch.articles) == 2


def test_threads_share_the_coder() -> None:
    expected, found = dt.code(TEXT).json(), []
    threads = [threading.Thread(target=lambda: found.append(dt.code(TEXT).json())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A made-up history that `detente init --sample` writes."""
    path = str(tmp_path_factory.mktemp("store") / "sample.db")
    program("init", "--sample", "--store", path)
    return path


def test_a_store_gives_what_the_program_lists(store: str, tmp_path: pathlib.Path) -> None:
    db = dt.open(store)
    assert plain(db.events()) == records(program("events", "--json", "--store", store), "event")
    assert plain(db.statements()) == records(program("statements", "--json", "--store", store), "statement")
    pair = program("events", "--json", "--dyad", "IRN,ISR", "--quad", "4", "--store", store)
    dyads: list[str | tuple[str, str]] = ["IRN-ISR", "irn,isr", ("IRN", "ISR")]
    for dyad in dyads:
        assert plain(db.events(dyad=dyad, quad=4)) == records(pair, "event")
    assert len(db.events(limit=3, latest=True)) == 3 and len(db.articles()) > 0
    file = tmp_path / "events.parquet"
    program("export", "--format", "parquet", "--store", store, "-o", str(file))
    ids = sorted(e["id"] for e in db.events())
    assert sorted(pq.read_table(file)["id"].to_pylist()) == ids
    assert plain(db.events(quad=[3, 4], latest=True)) == records(program("events", "--json", "--quad", "3,4", "--latest", "--store", store), "event")


def test_wrong_filters_are_told(store: str) -> None:
    db: Any = dt.open(store)
    wrong: list[tuple[Callable[[], object], type[Exception], str]] = [
        (lambda: db.events(dyad="IRN"), dt.Error, "as IRN-ISR"),
        (lambda: db.events(start="May"), dt.Error, "YYYY-MM-DD"),
        (lambda: db.events(quad=5), dt.Error, "1 to 4"),
        (lambda: db.events(quad="four"), TypeError, "quad class"),
        (lambda: db.events(actor=7), TypeError, "actor must be str"),
        (lambda: db.events(limit=-1), TypeError, "0 or more"),
        (lambda: db.events(act="threat"), TypeError, "no filter act\n hint: the filters are dyad"),
        (lambda: db.statements(quad=4), TypeError, "no filter quad"),
        (lambda: db.articles(dyad="IRN-ISR"), TypeError, "outlet, start, end, id"),
        (lambda: db.series("IRN-ISR", step="hour"), dt.Error, "day, week, month or year"),
        (lambda: db.series("IRN-ISR", measure="anger"), dt.Error, "the measures are"),
        (lambda: db.series(None), TypeError, "dyad"),
        (lambda: db.forecast(within=0), dt.Error, "within"),
    ]
    for call, error, says in wrong:
        with pytest.raises(error, match=says):
            call()


def test_series_and_forecasts(store: str) -> None:
    db = dt.open(store)
    dyad = [json.loads(line) for line in program("dyad", "IRN", "ISR", "--step", "week", "--json", "--store", store).splitlines()]
    series = plain(db.series("IRN-ISR", step="week"))
    assert [(s["start"], s["events"], s["tension"]) for s in series] == [(d["start"], d["events"], d["tension"]) for d in dyad]
    assert len(db.series("IRN")) > len(series)
    try:
        forecasts = db.forecast()
    except dt.Error as err:
        assert "history" in str(err) or "events" in str(err)
    else:
        assert all(0 <= f["probability"] <= 1 for f in forecasts)


def test_corrections_are_kept_and_taken_back(store: str) -> None:
    db = dt.open(store)
    event = next(e for e in db.events() if str(e["id"]).startswith("e:"))
    (number,) = db.correct(str(event["id"]), set={"cameo": "150"}, note="a drill", author="tester")
    assert db.events(id=event["id"])[0]["cameo"] == "150"
    assert db.undo(number) == number
    assert db.events(id=event["id"])[0] == event
    with pytest.raises(dt.Error, match="say one of"):
        db.correct(str(event["id"]))
    with pytest.raises(dt.Error, match="no record"):
        db.correct("e:nothing", wrong=True)


def test_the_function_for_engines_needs_none_of_them() -> None:
    from detente import spark as on_spark

    table = pa.Table.from_pylist([*articles()[:3], {"id": "bad", "text": None}])
    rows = pa.Table.from_batches(on_spark.coder()(iter(table.to_batches(max_chunksize=2)))).to_pylist()
    assert [r["id"] for r in rows] == [a["id"] for a in articles()[:3]] + ["bad"]
    assert rows[3]["failure"] and not rows[3]["events"] and rows[0]["failure"] is None
    events = [e["id"] for r in rows for e in r["events"]]
    assert events == [e["id"] for e in dt.code_batch(articles()[:3]).events]


def test_examples_of_the_documentation() -> None:
    assert doctest.testmod(dt).failed == 0
