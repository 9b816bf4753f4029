//! What an archive's job needs of the coder: rows in, one row an article out, and the pieces of the search for copies.

use crate::coding::defaults;
use crate::engine::loaded;
use crate::errors::{Error, failed};
use crate::table::Table;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use detente::engine::Engine;
use detente::import::{Raw, WarcReader};
use detente::input::Work;
use detente::read::Defaults;
use detente::record::telling::number;
use detente::record::{ArticleRecord, EventRecord, StatementRecord, group_id};
use detente::store::ImportRow;
use detente::tables::Columns;
use detente_arrow::Batches;
use detente_arrow::read::{at, bytes, rows, texts};
use detente_core::link::event::{self, Sides, Where, place_name};
use detente_core::link::mutual;
use detente_core::link::story::{self, Telling};
use detente_core::model::{Article, FORCE, Mode};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3_arrow::input::AnyRecordBatch;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A row of [`detente_arrow::schema::coded`].
#[derive(serde::Serialize)]
struct Row<'a> {
    id: Option<&'a str>,
    published: Option<String>,
    place: Option<&'a str>,
    failure: Option<&'a str>,
    text: Option<&'a str>,
    sketch: Vec<u32>,
    details: Vec<String>,
    statements: &'a [StatementRecord],
    events: &'a [EventRecord],
    articles: &'a [ArticleRecord],
}

/// Words of a row that could not be read, kept for whoever looks into it.
const KEPT: usize = 2_000;

struct Coder<'a> {
    engine: Engine,
    defaults: &'a Defaults,
    bare_states: bool,
    articles: bool,
    batches: Batches,
    out: Vec<RecordBatch>,
}

impl Coder<'_> {
    fn push(&mut self, row: &Row<'_>, weight: usize) -> PyResult<()> {
        let full = self.batches.push(row, weight).map_err(|err| Error::new_err(err.to_string()))?;
        self.out.extend(full);
        Ok(())
    }

    fn failed(&mut self, place: Option<&str>, id: Option<&str>, failure: &str, text: &str) -> PyResult<()> {
        let cut = text.char_indices().nth(KEPT).map_or(text.len(), |(i, _)| i);
        let row = Row {
            id,
            published: None,
            place,
            failure: Some(failure),
            text: Some(&text[..cut]).filter(|t| !t.is_empty()),
            sketch: Vec::new(),
            details: Vec::new(),
            statements: &[],
            events: &[],
            articles: &[],
        };
        self.push(&row, cut)
    }

    fn article(&mut self, place: Option<&str>, article: &Article, name: &str) -> PyResult<()> {
        match self.engine.read(article, self.bare_states, name) {
            Ok((coded, records)) => {
                let telling = Telling::of(article, &coded);
                let row = Row {
                    id: Some(&article.id),
                    published: article.published.map(|d| d.to_string()),
                    place,
                    failure: None,
                    text: None,
                    sketch: telling.sketch.shingles().to_vec(),
                    details: records.events.iter().map(|e| e.details.to_string()).collect(),
                    statements: &records.statements,
                    events: &records.events,
                    articles: if self.articles { std::slice::from_ref(&records.article) } else { &[] },
                };
                self.push(&row, 4 * article.text.len())
            }
            Err(failure) => self.failed(place, Some(&article.id), &failure.to_string(), &article.text),
        }
    }

    fn work(&mut self, place: Option<&str>, work: &Work) -> PyResult<()> {
        match work.article(self.defaults) {
            Ok(article) => self.article(place, &article, &work.name()),
            Err(failure) => {
                let (id, text) = match work {
                    Work::Row { fields, .. } => (fields.id.as_deref(), fields.text.clone().unwrap_or_default()),
                    Work::Line { json, .. } => (None, String::from_utf8_lossy(json).into_owned()),
                    _ => (None, String::new()),
                };
                self.failed(place, id, &failure.to_string(), &text)
            }
        }
    }

    /// A record of a web archive whose separator "\r\n\r\nWARC/1." was cut away.
    fn warc(&mut self, place: Option<&str>, chunk: &[u8]) -> PyResult<()> {
        let whole = if chunk.starts_with(b"WARC/") { chunk.to_vec() } else { [b"WARC/1.", chunk].concat() };
        match WarcReader::new(whole.as_slice()).next() {
            Some(Ok((_, Raw::Page(record)))) => match record.article(self.defaults) {
                Some(ImportRow::Article(article)) => self.article(place, &article, article.url.as_deref().unwrap_or("a page")),
                Some(ImportRow::Rejected(why, url)) => self.failed(place, None, &why, &url),
                _ => Ok(()),
            },
            Some(Ok((_, Raw::Broken(why)))) => self.failed(place, None, &why, &String::from_utf8_lossy(chunk)),
            Some(Err(err)) => self.failed(place, None, &err.to_string(), ""),
            _ => Ok(()),
        }
    }
}

/// Rows of a partition to coded rows, one an article. `kind` is "table", "jsonl" or "warc"; the column `_place`, when
/// there is one, tells where a row came from.
#[pyfunction]
#[pyo3(name = "_code_rows")]
#[pyo3(signature = (data, kind, *, outlet=None, published=None, knowledge=None, bare_states=false, articles=false, max_size=None))]
#[allow(clippy::too_many_arguments)] // Named arguments of a Python function.
pub fn code_rows(
    py: Python<'_>,
    data: AnyRecordBatch,
    kind: &str,
    outlet: Option<&Bound<'_, PyAny>>,
    published: Option<&Bound<'_, PyAny>>,
    knowledge: Option<PathBuf>,
    bare_states: bool,
    articles: bool,
    max_size: Option<i64>,
) -> PyResult<Table> {
    let defaults = defaults(outlet, published, None, max_size)?;
    let engine = loaded(py, knowledge.as_deref())?;
    let reader = data.into_reader()?;
    let broken = |err: &dyn std::fmt::Display| Error::new_err(format!("cannot read the rows: {err}"));
    py.detach(|| {
        let schema = detente_arrow::schema::coded(articles);
        let batches = Batches::of(SchemaRef::clone(&schema)).map_err(|err| broken(&err))?;
        let mut coder = Coder { engine, defaults: &defaults, bare_states, articles, batches, out: Vec::new() };
        for batch in reader {
            let batch = batch.map_err(|err| broken(&err))?;
            let names = batch.schema();
            let places = names.index_of("_place").ok().map(|i| texts(&batch, i)).transpose().map_err(|err| broken(&err))?;
            let place = |row: usize| places.as_ref().and_then(|p| at(p, row));
            if kind == "table" {
                let columns = Columns::find(names.fields().iter().map(|f| f.name().as_str()), "the table").map_err(failed)?;
                let texts = columns.texts(&batch, "the table").map_err(failed)?;
                for row in 0..batch.num_rows() {
                    let file = place(row).unwrap_or("the table").to_owned();
                    coder.work(place(row), &Work::Row { file, number: row as u64, fields: Box::new(texts.row(row)) })?;
                }
                continue;
            }
            let values = names.index_of("value").map_err(|err| broken(&err)).and_then(|i| bytes(&batch, i).map_err(|err| broken(&err)))?;
            for row in 0..batch.num_rows() {
                let value = if values.is_valid(row) { values.value(row) } else { &[] };
                match kind {
                    "warc" => coder.warc(place(row), value)?,
                    _ if value.trim_ascii().is_empty() => {}
                    _ => {
                        let file = place(row).unwrap_or("the lines").to_owned();
                        coder.work(place(row), &Work::Line { file, number: row, json: value.to_vec() })?;
                    }
                }
            }
        }
        let last = coder.batches.rest().map_err(|err| broken(&err))?;
        coder.out.push(last);
        Ok(Table::new(schema, coder.out))
    })
}

/// An empty table with the schema of what [`code_rows`] gives.
#[pyfunction]
#[pyo3(name = "_coded_schema")]
pub fn coded_schema(articles: bool) -> Table {
    let schema = detente_arrow::schema::coded(articles);
    Table::new(SchemaRef::clone(&schema), vec![RecordBatch::new_empty(schema)])
}

fn numbers(batch: &RecordBatch, name: &str) -> PyResult<Int64Array> {
    let column = batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Int64Type>());
    column.cloned().ok_or_else(|| Error::new_err(format!("no column {name} of 64-bit integers")))
}

/// Of pairs of sketches (columns `a`, `b`, `x`, `y`), those that are copies: their `a` and `b`.
#[pyfunction]
#[pyo3(name = "_copies")]
pub fn copies(py: Python<'_>, data: AnyRecordBatch, shared: f64) -> PyResult<Table> {
    let reader = data.into_reader()?;
    py.detach(|| {
        let schema = pairs("a", "b");
        let mut out = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|err| Error::new_err(err.to_string()))?;
            let list = |name: &str| {
                let column = batch.column_by_name(name).and_then(|c| c.as_list_opt::<i32>());
                column.cloned().ok_or_else(|| Error::new_err(format!("no column {name} of lists")))
            };
            let (x, y) = (list("x")?, list("y")?);
            let sketch = |list: &arrow_array::ListArray, row: usize| -> PyResult<Vec<u32>> {
                let items = list.value(row);
                let items = items.as_primitive_opt::<Int64Type>().ok_or_else(|| Error::new_err("sketches are 64-bit integers"))?;
                Ok(items.values().iter().map(|n| *n as u32).collect())
            };
            let keep = (0..batch.num_rows()).map(|row| Ok(story::copies(&sketch(&x, row)?, &sketch(&y, row)?, shared)));
            let keep: BooleanArray = keep.collect::<PyResult<Vec<bool>>>()?.into();
            let (a, b) = (numbers(&batch, "a")?, numbers(&batch, "b")?);
            let kept =
                |n: &Int64Array| -> Int64Array { n.values().iter().zip(keep.values()).filter(|(_, k)| *k).map(|(n, _)| *n).collect() };
            let columns: Vec<Arc<dyn Array>> = vec![Arc::new(kept(&a)), Arc::new(kept(&b))];
            out.push(RecordBatch::try_new(SchemaRef::clone(&schema), columns).map_err(|err| Error::new_err(err.to_string()))?);
        }
        Ok(Table::new(schema, out))
    })
}

/// Members of pairs (columns `a`, `b`), each with the least member of its group (`n`, `first`).
#[pyfunction]
#[pyo3(name = "_firsts")]
pub fn firsts(py: Python<'_>, data: AnyRecordBatch) -> PyResult<Table> {
    let reader = data.into_reader()?;
    py.detach(|| {
        let mut all = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|err| Error::new_err(err.to_string()))?;
            let (a, b) = (numbers(&batch, "a")?, numbers(&batch, "b")?);
            all.extend(a.values().iter().copied().zip(b.values().iter().copied()));
        }
        let (n, first): (Vec<i64>, Vec<i64>) = story::firsts(&all).into_iter().unzip();
        let schema = pairs("n", "first");
        let columns: Vec<Arc<dyn Array>> = vec![Arc::new(Int64Array::from(n)), Arc::new(Int64Array::from(first))];
        let batch = RecordBatch::try_new(SchemaRef::clone(&schema), columns).map_err(|err| Error::new_err(err.to_string()))?;
        Ok(Table::new(schema, vec![batch]))
    })
}

fn pairs(a: &str, b: &str) -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new(a, DataType::Int64, true), Field::new(b, DataType::Int64, true)]))
}

/// The columns of an event that tellings are compared by.
#[derive(serde::Deserialize)]
struct Told {
    id: String,
    article_id: String,
    story_id: Option<String>,
    published: Option<String>,
    evidence_start: Option<i64>,
    evidence_end: Option<i64>,
    source: Option<String>,
    target: Option<String>,
    cameo: String,
    mode: String,
    date_first: Option<String>,
    date_last: Option<String>,
    place_name: Option<String>,
    place_country: Option<String>,
    geonameid: Option<i64>,
    lat: Option<f64>,
    lon: Option<f64>,
    place_precision: Option<String>,
    details: Option<String>,
}

impl Told {
    fn telling(self) -> event::Telling {
        let day = |text: Option<String>| number(text.as_deref());
        let at = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
        let place = self.place_name.as_ref().map(|name| Where {
            name: place_name(name),
            country: self.place_country.unwrap_or_default(),
            geonameid: at(self.geonameid),
            point: self.lat.zip(self.lon),
            precision: self.place_precision.unwrap_or_default(),
        });
        event::Telling {
            id: self.id,
            article: self.article_id,
            story: self.story_id,
            published: day(self.published),
            words: (at(self.evidence_start).unwrap_or(0), at(self.evidence_end).unwrap_or(0)),
            sides: Sides { source: self.source, target: self.target, mutual: mutual(&self.cameo) },
            code: self.cameo,
            mode: Mode::named(&self.mode).unwrap_or_default(),
            first: day(self.date_first),
            last: day(self.date_last),
            place,
            details: self.details.and_then(|d| d.parse().ok()).unwrap_or_default(),
        }
    }
}

/// Which of the events of one kind are one: `id`, `article_id` and `group_id` of each that another was told before. `seen` has
/// the words of more than [`event::limit`] of all `tellings` of the archive.
#[pyfunction]
#[pyo3(name = "_groups")]
pub fn groups(py: Python<'_>, data: AnyRecordBatch, tellings: usize, seen: HashMap<u32, usize>) -> PyResult<Table> {
    let reader = data.into_reader()?;
    py.detach(|| {
        let broken = |err: &dyn std::fmt::Display| Error::new_err(format!("cannot read the events: {err}"));
        let mut all = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|err| broken(&err))?;
            all.extend(rows::<Told>(&batch).map_err(|err| broken(&err))?.into_iter().map(Told::telling));
        }
        let first = event::among(&mut all, &event::rarity(tellings, seen));
        let text = |values: Vec<&str>| -> Arc<dyn Array> { Arc::new(StringArray::from(values)) };
        let later: Vec<_> = all.iter().zip(&first).map(|(t, &f)| (t, &all[f])).filter(|(t, f)| t.id != f.id).collect();
        let groups: Vec<String> = later.iter().map(|(_, f)| group_id(&f.id)).collect();
        let columns = vec![
            text(later.iter().map(|(t, _)| t.id.as_str()).collect()),
            text(later.iter().map(|(t, _)| t.article.as_str()).collect()),
            text(groups.iter().map(String::as_str).collect()),
        ];
        let names = ["id", "article_id", "group_id"];
        let schema = Arc::new(Schema::new(names.map(|n| Field::new(n, DataType::Utf8, true)).to_vec()));
        let batch = RecordBatch::try_new(SchemaRef::clone(&schema), columns).map_err(|err| broken(&err))?;
        Ok(Table::new(schema, vec![batch]))
    })
}

/// A word in more than this of so many events weighs less when their tellings are compared.
#[pyfunction]
#[pyo3(name = "_common")]
pub fn common(tellings: usize) -> f64 {
    event::limit(tellings)
}

/// What the searches for copies and for tellings of one event go by, so that a job elsewhere goes by the same.
#[pyfunction]
#[pyo3(name = "_story_limits")]
pub fn story_limits(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("days", story::DAYS)?;
    out.set_item("parts", story::PARTS)?;
    out.set_item("phrase", story::PHRASE)?;
    out.set_item("crowd", story::CROWD)?;
    out.set_item("nearly", story::NEARLY)?;
    out.set_item("shared", story::SHARED)?;
    out.set_item("force", FORCE.to_vec())?;
    Ok(out)
}
