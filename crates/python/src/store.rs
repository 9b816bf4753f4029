//! A store: its records, series and forecasts as tables, and corrections.

use crate::engine::engine;
use crate::errors::{Error, date, failed, optional, stopped, text};
use crate::table::Table;
use detente::cli::correct;
use detente::config::Settings;
use detente::failure::{Failure, Stop};
use detente::store::{Filter, Kind as Verdict, Row, Rows, Sorted, Store as File, Wanted};
use detente::watch::{self, ForecastQuestion, Rules, SeriesQuestion, Step};
use detente_arrow::{Batches, Kind, SchemaRef, schema};
use detente_core::model::Date;
use detente_watch::onset::Deed;
use detente_watch::series::Measure;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use std::path::PathBuf;

/// A store of détente, as `detente init` makes it.
#[pyclass(module = "detente", frozen)]
pub struct Store {
    path: PathBuf,
    knowledge: Option<PathBuf>,
}

/// Open a store.
#[pyfunction]
#[pyo3(signature = (path="detente.db".into(), *, knowledge=None))]
pub fn open(py: Python<'_>, path: PathBuf, knowledge: Option<PathBuf>) -> PyResult<Store> {
    let store = Store { path, knowledge };
    py.detach(|| store.reader().map(drop)).map_err(failed)?;
    Ok(store)
}

/// Rows gathered into a table.
fn gather(schema: SchemaRef, each: impl FnOnce(&mut dyn FnMut(&Row) -> Result<(), Stop>) -> Result<(), Stop>) -> PyResult<Table> {
    let wrong = |err: detente_arrow::Error| Failure::new(format!("a stored record fits no table: {err}"));
    let made = || {
        let mut batches = Batches::of(SchemaRef::clone(&schema)).map_err(wrong)?;
        let mut out = Vec::new();
        each(&mut |row| {
            out.extend(batches.push(row, detente::tables::weight(row)).map_err(wrong)?);
            Ok(())
        })?;
        if batches.waiting() > 0 {
            out.push(batches.rest().map_err(wrong)?);
        }
        Ok(out)
    };
    Ok(Table::new(SchemaRef::clone(&schema), made().map_err(stopped)?))
}

/// "IRN-ISR", "IRN,ISR" or ("IRN", "ISR").
fn dyad(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<(String, String)>> {
    let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(None) };
    if let Ok(pair) = value.cast::<PyTuple>()
        && pair.len() == 2
    {
        return Ok(Some((text(&pair.get_item(0)?, "dyad")?, text(&pair.get_item(1)?, "dyad")?)));
    }
    let whole = text(value, "dyad")?;
    match whole.split_once([',', '-', ':']) {
        Some((a, b)) if !a.trim().is_empty() && !b.trim().is_empty() => Ok(Some((a.trim().to_owned(), b.trim().to_owned()))),
        _ => Err(Error::new_err(format!("\"{whole}\" is no dyad\n hint: a dyad is two codes, as IRN-ISR"))),
    }
}

/// One text or several.
fn many(value: Option<&Bound<'_, PyAny>>, name: &str) -> PyResult<Vec<String>> {
    let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(Vec::new()) };
    if value.is_instance_of::<PyString>() {
        return Ok(vec![text(value, name)?]);
    }
    let Ok(items) = value.try_iter() else {
        return Err(PyTypeError::new_err(format!("{name} must be str or a list of them, not {}", value.get_type().name()?)));
    };
    items.map(|item| text(&item?, name)).collect()
}

impl Store {
    fn reader(&self) -> Result<File, Failure> {
        File::open_read(&self.path)
    }

    fn records(&self, py: Python<'_>, wanted: Wanted, given: Option<&Bound<'_, PyDict>>) -> PyResult<Table> {
        let (kind, name, own): (_, _, &[&str]) = match wanted {
            Wanted::Events => (Kind::Events, "events", &["code", "quad", "place", "mode", "confidence"]),
            Wanted::Statements => (Kind::Statements, "statements", &["act", "origin"]),
        };
        let (filter, rows) = filters(given, name, &[&OF_RECORDS, own].concat())?;
        py.detach(|| {
            let store = self.reader().map_err(failed)?;
            gather(schema(kind), |take| store.each(wanted, &filter, rows, |row| take(&row)).map(drop))
        })
    }
}

/// Filters that events and statements share.
const OF_RECORDS: [&str; 13] =
    ["dyad", "directed", "actor", "source", "target", "outlet", "start", "end", "coder", "article", "id", "limit", "latest"];

/// Named arguments as a filter; `known` are those the method has.
fn filters(given: Option<&Bound<'_, PyDict>>, method: &str, known: &[&str]) -> PyResult<(Filter, Rows)> {
    let (mut filter, mut rows) = (Filter::default(), Rows { limit: None, latest_first: false });
    for (name, value) in given.into_iter().flat_map(|given| given.iter()) {
        let name = text(&name, "a name")?;
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            return Err(PyTypeError::new_err(format!("{method}() has no filter {name}\n hint: the filters are {known}")));
        }
        let wrong = |what: &str| {
            let kind = value.get_type().name().map_or_else(|_| "that".to_owned(), |n| n.to_string());
            PyTypeError::new_err(format!("{name} must be {what}, not {kind}"))
        };
        let some = Some(&value);
        match name.as_str() {
            "dyad" => filter.dyad = dyad(some)?,
            "directed" => filter.directed = value.extract().map_err(|_| wrong("True or False"))?,
            "actor" => filter.actor = optional(some, &name)?,
            "source" => filter.source = optional(some, &name)?,
            "target" => filter.target = optional(some, &name)?,
            "code" => filter.codes = many(some, &name)?,
            "quad" if value.is_none() => {}
            "quad" => {
                let quads = value.extract().map(|q: u8| vec![q]).or_else(|_| value.extract::<Vec<u8>>());
                filter.quads = quads.map_err(|_| wrong("a quad class from 1 to 4, or a list of them"))?;
                if let Some(none) = filter.quads.iter().find(|q| !(1..=4).contains(*q)) {
                    return Err(Error::new_err(format!("no quad class {none}\n hint: the quad classes are 1 to 4")));
                }
            }
            "place" => filter.place = optional(some, &name)?,
            "mode" => filter.modes = many(some, &name)?,
            "act" => filter.acts = many(some, &name)?,
            "origin" => filter.origin = optional(some, &name)?,
            "outlet" => filter.outlet = optional(some, &name)?,
            "start" => filter.from = date(some, &name)?,
            "end" => filter.to = date(some, &name)?,
            "confidence" => filter.confidence = value.extract().map_err(|_| wrong("a number from 0 to 1"))?,
            "coder" => filter.coder = optional(some, &name)?,
            "article" => filter.article = optional(some, &name)?,
            "id" => filter.id = optional(some, &name)?,
            "limit" => rows.limit = value.extract().map_err(|_| wrong("a number of rows, 0 or more"))?,
            _ => rows.latest_first = value.extract().map_err(|_| wrong("True or False"))?,
        }
    }
    Ok((filter, rows))
}

#[pymethods]
impl Store {
    fn __repr__(&self) -> String {
        format!("detente.open({:?})", self.path.display().to_string())
    }

    /// Events that fulfil the filters: dyad, directed, actor, source, target, code, quad, place, mode, outlet, start, end,
    /// confidence, coder, article, id; in the order of arrival, or the latest first (latest=True), so many (limit=…).
    #[pyo3(signature = (**filters))]
    fn events(&self, py: Python<'_>, filters: Option<&Bound<'_, PyDict>>) -> PyResult<Table> {
        self.records(py, Wanted::Events, filters)
    }

    /// Statements that fulfil the filters: dyad, directed, actor, source (who speaks), target (of whom), act, origin, outlet,
    /// start, end, coder, article, id; in the order of arrival, or the latest first (latest=True), so many (limit=…).
    #[pyo3(signature = (**filters))]
    fn statements(&self, py: Python<'_>, filters: Option<&Bound<'_, PyDict>>) -> PyResult<Table> {
        self.records(py, Wanted::Statements, filters)
    }

    /// Articles by the day they were published; filters: outlet, start, end, id.
    #[pyo3(signature = (**filters))]
    fn articles(&self, py: Python<'_>, filters: Option<&Bound<'_, PyDict>>) -> PyResult<Table> {
        let (mut filter, _) = self::filters(filters, "articles", &["outlet", "start", "end", "id"])?;
        filter.article = filter.id.take();
        py.detach(|| {
            let store = self.reader().map_err(failed)?;
            let sorted = Sorted { kind: Kind::Articles, undated: false };
            gather(schema(Kind::Articles), |take| store.each_sorted(sorted, &filter, |row| take(&row)).map(drop))
        })
    }

    /// The series of a pair or of one actor, zero where nothing was told; `read_events` says whether anything was read.
    #[pyo3(signature = (dyad, *, step="day", directed=false, start=None, end=None, measure="tension", mode=None, coder=None, today=None))]
    #[allow(clippy::too_many_arguments)] // Named arguments of a Python method.
    fn series(
        &self,
        py: Python<'_>,
        dyad: &Bound<'_, PyAny>,
        step: &str,
        directed: bool,
        start: Option<&Bound<'_, PyAny>>,
        end: Option<&Bound<'_, PyAny>>,
        measure: &str,
        mode: Option<&Bound<'_, PyAny>>,
        coder: Option<&Bound<'_, PyAny>>,
        today: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Table> {
        let (a, b) = match dyad.cast::<PyString>() {
            Ok(one) if !one.to_cow()?.contains([',', '-', ':']) => (text(dyad, "dyad")?, None),
            _ => self::dyad(Some(dyad))?.map(|(a, b)| (a, Some(b))).ok_or_else(|| PyTypeError::new_err("dyad must be str, not None"))?,
        };
        let step = match step {
            "day" => Step::Day,
            "week" => Step::Week,
            "month" => Step::Month,
            "year" => Step::Year,
            other => return Err(Error::new_err(format!("no step \"{other}\"\n hint: day, week, month or year"))),
        };
        let names = || Measure::ALL.map(|(_, name)| name).join(", ");
        let measure = Measure::named(&measure.replace('-', "_"))
            .ok_or_else(|| Error::new_err(format!("no measure \"{measure}\"\n hint: the measures are {}", names())))?;
        let (coder, modes, from, to) = (optional(coder, "coder")?, many(mode, "mode")?, date(start, "start")?, date(end, "end")?);
        let now = date(today, "today")?.unwrap_or_else(watch::now);
        py.detach(|| {
            let rules = Rules::load(&Settings::default()).map_err(failed)?;
            let store = self.reader().map_err(failed)?;
            let question = SeriesQuestion {
                directed,
                coder,
                modes,
                step,
                from,
                to,
                measure,
                ..SeriesQuestion::new(rules.side(&a), b.as_ref().map(|b| rules.side(b)), now)
            };
            let found = watch::series(&store, &question).map_err(failed)?;
            gather(schema::series(), |take| {
                let Some(found) = found else { return Ok(()) };
                for point in &found.points {
                    // A row of plain values: nothing in it can fail to serialise.
                    let Ok(serde_json::Value::Object(mut row)) = serde_json::to_value(point) else { continue };
                    row.insert("dyad".to_owned(), found.name.clone().into());
                    row.insert("coder".to_owned(), found.coder.clone().into());
                    row.insert("measure".to_owned(), found.measure.into());
                    row.remove("roots");
                    row.remove("usual");
                    for root in 1..=20 {
                        row.insert(format!("r{root:02}"), point.roots.get(&format!("{root:02}")).copied().unwrap_or(0).into());
                    }
                    for (name, value) in [
                        ("low", point.usual.map(|u| u.low)),
                        ("median", point.usual.map(|u| u.median)),
                        ("high", point.usual.map(|u| u.high)),
                    ] {
                        row.insert(format!("usual_{name}"), value.into());
                    }
                    take(&row)?;
                }
                Ok(())
            })
        })
    }

    /// Will a pair come to force? Without a pair, those most likely to come to it after quiet.
    #[pyo3(signature = (dyad=None, *, within=14, at_least=1, material=false, on=None, coder=None, limit=20))]
    #[allow(clippy::too_many_arguments)] // Named arguments of a Python method.
    fn forecast(
        &self,
        py: Python<'_>,
        dyad: Option<&Bound<'_, PyAny>>,
        within: i32,
        at_least: u32,
        material: bool,
        on: Option<&Bound<'_, PyAny>>,
        coder: Option<&Bound<'_, PyAny>>,
        limit: usize,
    ) -> PyResult<Table> {
        if !(1..=90).contains(&within) || at_least == 0 {
            return Err(Error::new_err("within is 1 to 90 days, at_least 1 event or more"));
        }
        let now: Date = watch::now();
        let question = ForecastQuestion {
            dyad: self::dyad(dyad)?,
            within,
            at_least,
            deed: if material { Deed::Material } else { Deed::Force },
            on: date(on, "on")?.map_or(now, |on| on.min(now)),
            coder: optional(coder, "coder")?,
            limit,
        };
        py.detach(|| {
            let store = self.reader().map_err(failed)?;
            let found = watch::forecast(&store, &question).map_err(failed)?;
            gather(schema::forecasts(), |take| {
                for forecast in &found.rows {
                    let serde_json::Value::Object(mut row) = found.json(forecast) else { continue };
                    if let Some(serde_json::Value::Object(past)) = row.remove("past_score") {
                        row.extend(past.into_iter().map(|(name, value)| (format!("past_{name}"), value)));
                    }
                    take(&row)?;
                }
                Ok(())
            })
        })
    }

    /// Say of a record that it is right, wrong, or that a field is another; kept for good. Gives the corrections' numbers.
    #[pyo3(signature = (id, *, right=false, wrong=false, set=None, note=None, author=None))]
    #[allow(clippy::too_many_arguments)] // Named arguments of a Python method.
    fn correct(
        &self,
        py: Python<'_>,
        id: &Bound<'_, PyAny>,
        right: bool,
        wrong: bool,
        set: Option<&Bound<'_, PyDict>>,
        note: Option<&Bound<'_, PyAny>>,
        author: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<i64>> {
        let (id, note, author) = (text(id, "id")?, optional(note, "note")?, optional(author, "author")?);
        let mut said: Vec<(Verdict, correct::Change)> = Vec::new();
        for (field, value) in set.into_iter().flat_map(|set| set.iter()) {
            let field = text(&field, "a field")?;
            said.push((Verdict::Change, Some((field.clone(), optional(Some(&value), &field)?.filter(|v| !v.is_empty())))));
        }
        match (right, wrong, said.is_empty()) {
            (true, false, true) => said.push((Verdict::Right, None)),
            (false, true, true) => said.push((Verdict::Wrong, None)),
            (false, false, false) => {}
            _ => return Err(Error::new_err("say one of right=True, wrong=True or set={\"cameo\": \"150\"}")),
        }
        let author = author.unwrap_or_else(correct::author);
        py.detach(|| {
            let engine = engine(self.knowledge.as_deref()).map_err(failed)?;
            let mut store = File::open_write(&self.path).map_err(failed)?;
            let record = correct::record(&store, &id).map_err(stopped)?;
            let said = said.into_iter().map(|(kind, change)| correct::said(&record, kind, change, &author, note.as_deref()));
            let said = said.collect::<Result<Vec<_>, _>>().map_err(failed)?;
            correct::keep(&mut store, &engine, &said).map_err(failed)
        })
    }

    /// Take back a correction, the last one when none is named.
    #[pyo3(signature = (number=None))]
    fn undo(&self, py: Python<'_>, number: Option<i64>) -> PyResult<i64> {
        py.detach(|| {
            let engine = engine(self.knowledge.as_deref()).map_err(failed)?;
            let mut store = File::open_write(&self.path).map_err(failed)?;
            correct::take_back(&mut store, &engine, number).map(|undone| undone.n).map_err(failed)
        })
    }
}
