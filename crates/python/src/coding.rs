//! `code` and `code_batch`.

use crate::engine::{engine, loaded};
use crate::errors::{Error, day, failed, optional, text};
use crate::table::Table;
use arrow_array::RecordBatch;
use detente::engine::Engine;
use detente::failure::Failure;
use detente::input::{Fields, Work};
use detente::read::Defaults;
use detente::record::{Records, set_groups, story_id};
use detente::tables::{Coded, Columns, KINDS};
use detente_arrow::{Batches, schema};
use detente_core::link::story::{Telling, stories};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use pyo3_arrow::input::AnyRecordBatch;
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// Rows coded between two looks at Ctrl-C.
const PER_JOB: usize = 64;

/// An article with what was read from it.
#[pyclass(module = "detente", frozen)]
pub struct Doc {
    records: Arc<Records>,
}

impl Doc {
    fn table(&self, which: usize) -> PyResult<Table> {
        let mut coded = Coded::new(which == 0).map_err(failed)?;
        coded.add(&self.records).map_err(failed)?;
        let mut tables = Coded::finish([coded]).map_err(failed)?;
        Ok(Table::new(schema(KINDS[which]), std::mem::take(&mut tables[which])))
    }
}

#[pymethods]
impl Doc {
    /// Its events.
    #[getter]
    fn events(&self) -> PyResult<Table> {
        self.table(2)
    }

    /// Its statements.
    #[getter]
    fn statements(&self) -> PyResult<Table> {
        self.table(1)
    }

    /// The article as a dict: id, outlet, published, text, skipped lines, notes, …
    #[getter]
    fn article<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Bound::new(py, self.table(0)?)?.into_any().get_item(0)
    }

    /// The records as `detente code --json` prints them, byte for byte: one JSON object a line.
    fn json(&self, py: Python<'_>) -> String {
        let bytes = py.detach(|| self.records.json_lines());
        // Our own JSON is UTF-8.
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn __repr__(&self) -> String {
        let r = &self.records;
        format!("<detente.Doc {}: {} events, {} statements>", r.article.id, r.events.len(), r.statements.len())
    }
}

/// What was read of many articles.
#[pyclass(module = "detente", frozen)]
pub struct Batch {
    tables: [Py<Table>; 4],
}

#[pymethods]
impl Batch {
    /// The articles, with texts, skipped lines and notes.
    #[getter]
    fn articles(&self, py: Python<'_>) -> Py<Table> {
        self.tables[0].clone_ref(py)
    }

    /// Statements, in the order of the articles.
    #[getter]
    fn statements(&self, py: Python<'_>) -> Py<Table> {
        self.tables[1].clone_ref(py)
    }

    /// Events, in the order of the articles.
    #[getter]
    fn events(&self, py: Python<'_>) -> Py<Table> {
        self.tables[2].clone_ref(py)
    }

    /// Rows that could not be read: number (from 0), id, what is wrong.
    #[getter]
    fn failures(&self, py: Python<'_>) -> Py<Table> {
        self.tables[3].clone_ref(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let n: Vec<usize> = self.tables.iter().map(|t| t.bind(py).len()).collect::<PyResult<_>>()?;
        Ok(format!("<detente.Batch: {} statements, {} events, {} failures>", n[1], n[2], n[3]))
    }
}

/// What articles may lack, and the largest that is read.
pub fn defaults(
    outlet: Option<&Bound<'_, PyAny>>,
    published: Option<&Bound<'_, PyAny>>,
    url: Option<&Bound<'_, PyAny>>,
    max_size: Option<i64>,
) -> PyResult<Defaults> {
    let megabytes = |n: i64| match u64::try_from(n) {
        Ok(mb @ 1..) => Ok(mb.saturating_mul(1 << 20)),
        _ => Err(Error::new_err(format!("max_size is {n}\n hint: megabytes, 1 or more"))),
    };
    Ok(Defaults {
        outlet: optional(outlet, "outlet")?,
        published: crate::errors::date(published, "published")?,
        url: optional(url, "url")?,
        limit: max_size.map(megabytes).transpose()?,
    })
}

/// Code one article.
///
/// Text is taken as it stands; bytes are read as the command line reads a file: any encoding, gzip, web pages.
#[pyfunction]
#[pyo3(signature = (text, *, title=None, outlet=None, published=None, url=None, id=None, knowledge=None, bare_states=false, max_size=None))]
#[allow(clippy::too_many_arguments)] // Named arguments of a Python function.
pub fn code(
    py: Python<'_>,
    text: &Bound<'_, PyAny>,
    title: Option<&Bound<'_, PyAny>>,
    outlet: Option<&Bound<'_, PyAny>>,
    published: Option<&Bound<'_, PyAny>>,
    url: Option<&Bound<'_, PyAny>>,
    id: Option<&Bound<'_, PyAny>>,
    knowledge: Option<PathBuf>,
    bare_states: bool,
    max_size: Option<i64>,
) -> PyResult<Doc> {
    let defaults = defaults(outlet, published, url, max_size)?;
    let article = if let Ok(bytes) = text.cast::<PyBytes>() {
        let bytes = bytes.as_bytes();
        let mut article = detente::read::article(bytes, "the bytes", &defaults)
            .map_err(|err| failed(Failure::new(format!("cannot read the bytes: {err}")).hint(err.hint())))?;
        article.title = optional(title, "title")?.or(article.title);
        article.id = optional(id, "id")?.unwrap_or(article.id);
        article
    } else {
        if text.is_none() {
            return Err(PyTypeError::new_err("text is None\n hint: give the article as str, or the bytes of its file"));
        }
        let fields = Fields {
            text: Some(self::text(text, "text")?),
            title: optional(title, "title")?,
            id: optional(id, "id")?,
            ..Fields::default()
        };
        if fields.text.as_ref().is_none_or(|t| t.trim().is_empty()) {
            return Err(Error::new_err("text is empty\n hint: give the words of an article"));
        }
        fields.article("the text", &defaults).map_err(failed)?
    };
    let records = py.detach(|| {
        let engine = engine(knowledge.as_deref())?;
        Ok(engine.read(&article, bare_states, "the text")?.1)
    });
    Ok(Doc { records: Arc::new(records.map_err(failed)?) })
}

/// Rows to be coded, some at a time.
type Source = Box<dyn Iterator<Item = PyResult<Vec<Work>>> + Send>;

/// The rows of whatever was given.
fn source(data: &Bound<'_, PyAny>) -> PyResult<Source> {
    if data.is_none() || data.is_instance_of::<PyString>() || data.is_instance_of::<PyBytes>() {
        let kind = data.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "code_batch takes many articles, not {kind}\n hint: give a list, a pandas or polars DataFrame or an Arrow table; code() takes one text"
        )));
    }
    if data.hasattr("__arrow_c_stream__")? || data.hasattr("__arrow_c_array__")? {
        let reader = data.extract::<AnyRecordBatch>()?.into_reader()?;
        let columns = Columns::find(reader.schema().fields().iter().map(|f| f.name().as_str()), "the table").map_err(failed)?;
        let mut row = 0;
        return Ok(Box::new(reader.flat_map(move |batch| {
            let read = || {
                let batch = batch.map_err(|err| Error::new_err(format!("cannot read the table: {err}")))?;
                let texts = columns.texts(&batch, "the table").map_err(failed)?;
                Ok((texts, batch.num_rows()))
            };
            let parts: Vec<PyResult<Vec<Work>>> = match read() {
                Ok((texts, rows)) => {
                    let all = (0..rows).map(|i| Work::Row {
                        file: "the table".to_owned(),
                        number: row + i as u64,
                        fields: Box::new(texts.row(i)),
                    });
                    let all: Vec<Work> = all.collect();
                    row += rows as u64;
                    vec![Ok(all)]
                }
                Err(err) => vec![Err(err)],
            };
            parts
        })));
    }
    let Ok(items) = data.try_iter() else {
        let kind = data.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "{kind} is no table and no list\n hint: give a list of texts or dicts, a pandas or polars DataFrame, or an Arrow table"
        )));
    };
    let mut all = Vec::new();
    for (number, item) in (0..).zip(items) {
        let file = "the list".to_owned();
        all.push(match fields(&item?) {
            Ok(fields) => Work::Row { file, number, fields: Box::new(fields) },
            // One bad item is a row among the failures.
            Err(err) => Work::Broken(Failure::new(format!("cannot read the list row {number}: {}", err.value(data.py())))),
        });
    }
    Ok(Box::new(std::iter::once(Ok(all))))
}

/// An item of a list: a text, or a dict with the columns of an article.
fn fields(item: &Bound<'_, PyAny>) -> PyResult<Fields> {
    let Ok(dict) = item.cast::<PyDict>() else {
        return Ok(Fields { text: Some(text(item, "an item")?), ..Fields::default() });
    };
    let mut out = Fields::default();
    for (key, value) in dict.iter() {
        let key = text(&key, "a key")?;
        let Some(ours) = detente::input::fields::ours(&key) else { continue };
        let value = Some(&value);
        match ours {
            "text" => out.text = optional(value, &key)?,
            "title" => out.title = optional(value, &key)?,
            "published" => out.published = day(value, &key)?,
            "outlet" => out.outlet = optional(value, &key)?,
            "url" => out.url = optional(value, &key)?,
            _ => out.id = value.filter(|v| !v.is_none()).map(|v| text(v.str()?.as_any(), &key)).transpose()?,
        }
    }
    Ok(out)
}

/// A row that was read, or why it was not.
type Outcome = Result<(Telling, Records), (u64, Option<String>, String)>;

fn read(engine: &Engine, work: &Work, row: u64, bare_states: bool, defaults: &Defaults) -> Outcome {
    let (id, number) = match work {
        Work::Row { number, fields, .. } => (fields.id.clone(), *number),
        _ => (None, row),
    };
    let wrong = |failure: Failure| (number, id.clone(), failure.to_string().replace("--max-size", "max_size="));
    let article = work.article(defaults).map_err(wrong)?;
    let (coded, records) = engine.read(&article, bare_states, &work.name()).map_err(wrong)?;
    Ok((Telling::of(&article, &coded), records))
}

#[derive(serde::Serialize)]
struct FailedRow {
    row: u64,
    id: Option<String>,
    failure: String,
}

/// Tables of a batch and the rows that could not be read.
type Made = ([Vec<RecordBatch>; 3], Vec<FailedRow>);

struct How<'a> {
    defaults: &'a Defaults,
    bare_states: bool,
    articles: bool,
    stories: bool,
    jobs: usize,
}

/// Codes all rows, many at once.
fn all(engine: &Engine, source: Source, how: &How<'_>) -> PyResult<Made> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(how.jobs).build();
    let pool = pool.map_err(|err| Error::new_err(format!("cannot start {} threads: {err}\n hint: give fewer jobs=", how.jobs)))?;
    let (mut done, mut failures, mut held, mut row) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for works in source {
        for works in works?.chunks(how.jobs * PER_JOB) {
            // Tasks of several articles share their builders; small enough that no thread waits long for the last.
            let size = works.len().div_ceil(how.jobs * 8).max(1);
            let one = |(n, works): (usize, &[Work])| {
                let (mut coded, mut failed, mut held) = (Coded::new(how.articles)?, Vec::new(), Vec::new());
                for (i, work) in (row + (n * size) as u64..).zip(works) {
                    match read(engine, work, i, how.bare_states, how.defaults) {
                        Ok(read) if how.stories => held.push(read),
                        Ok((_, records)) => coded.add(&records)?,
                        Err((row, id, failure)) => failed.push(FailedRow { row, id, failure }),
                    }
                }
                Ok((coded, failed, held))
            };
            let parts: Result<Vec<_>, Failure> = pool.install(|| works.par_chunks(size).enumerate().with_max_len(1).map(one).collect());
            for (coded, failed, kept) in parts.map_err(failed)? {
                done.push(coded);
                failures.extend(failed);
                held.extend(kept);
            }
            row += works.len() as u64;
            Python::attach(|py| py.check_signals())?;
        }
    }
    if how.stories {
        let (tellings, mut records): (Vec<Telling>, Vec<Records>) = held.into_iter().unzip();
        for (first, records) in stories(&tellings).into_iter().zip(&mut records) {
            records.set_story(&story_id(&tellings[first].id));
        }
        set_groups(&mut records);
        let mut coded = Coded::new(how.articles).map_err(failed)?;
        for records in &records {
            coded.add(records).map_err(failed)?;
        }
        done.push(coded);
    }
    Ok((Coded::finish(done).map_err(failed)?, failures))
}

/// Code many articles, all processors at once.
///
/// A row that cannot be read is a row of `failures`; the others are coded.
#[pyfunction]
#[pyo3(signature = (data, *, outlet=None, published=None, url=None, knowledge=None, bare_states=false, stories=false, articles=true, max_size=None, jobs=None))]
#[allow(clippy::too_many_arguments)] // Named arguments of a Python function.
pub fn code_batch(
    py: Python<'_>,
    data: &Bound<'_, PyAny>,
    outlet: Option<&Bound<'_, PyAny>>,
    published: Option<&Bound<'_, PyAny>>,
    url: Option<&Bound<'_, PyAny>>,
    knowledge: Option<PathBuf>,
    bare_states: bool,
    stories: bool,
    articles: bool,
    max_size: Option<i64>,
    jobs: Option<i64>,
) -> PyResult<Batch> {
    let defaults = defaults(outlet, published, url, max_size)?;
    let jobs = match jobs {
        Some(jobs @ 1..=1024) => jobs.unsigned_abs() as usize,
        Some(jobs) => return Err(Error::new_err(format!("jobs is {jobs}\n hint: a number from 1 to 1024"))),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let source = source(data)?;
    let engine = loaded(py, knowledge.as_deref())?;
    let how = How { defaults: &defaults, bare_states, articles, stories, jobs };
    let (tables, failures) = py.detach(|| all(&engine, source, &how))?;
    let broken = |err: detente_arrow::Error| Error::new_err(err.to_string());
    let mut failed = Batches::of(schema::failures()).map_err(broken)?;
    let mut rows = Vec::new();
    for row in &failures {
        rows.extend(failed.push(row, row.failure.len()).map_err(broken)?);
    }
    if failed.waiting() > 0 {
        rows.push(failed.rest().map_err(broken)?);
    }
    let [a, s, e] = tables;
    let table = |kind: usize, batches| Py::new(py, Table::new(schema(KINDS[kind]), batches));
    let last = Py::new(py, Table::new(schema::failures(), rows))?;
    Ok(Batch { tables: [table(0, a)?, table(1, s)?, table(2, e)?, last] })
}
