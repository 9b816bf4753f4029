//! A table of records that every Arrow library takes as it is.

use crate::errors::Error;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use pyo3::exceptions::{PyImportError, PyIndexError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDate, PyDelta, PyDict, PyIterator, PyList};
use pyo3_arrow::PyTable;

/// Records in columns, with the schema of record v1. Anything that reads the Arrow C stream takes it without a copy:
/// `pyarrow.table(t)`, `polars.DataFrame(t)`, `duckdb.from_arrow(pyarrow.table(t))`.
#[pyclass(module = "detente", frozen)]
pub struct Table {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

impl Table {
    /// Of batches that all have this schema.
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn row<'py>(&self, py: Python<'py>, batch: &RecordBatch, row: usize) -> PyResult<Bound<'py, PyDict>> {
        let out = PyDict::new(py);
        for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
            out.set_item(field.name(), value(py, column, row)?)?;
        }
        Ok(out)
    }
}

#[pymethods]
impl Table {
    /// The rows as an Arrow C stream, for `pyarrow`, `polars`, `pandas`, `duckdb` and others.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyCapsule>>) -> PyResult<Bound<'py, PyAny>> {
        let table = PyTable::try_new(self.batches.clone(), SchemaRef::clone(&self.schema))?;
        table.into_pyobject(py)?.call_method1("__arrow_c_stream__", (requested_schema,))
    }

    /// The schema as an Arrow C schema.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(pyo3_arrow::ffi::to_schema_pycapsule(py, self.schema.as_ref())?)
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    /// A row as a dict, counted from 0; negative numbers count from the end.
    fn __getitem__<'py>(&self, py: Python<'py>, index: isize) -> PyResult<Bound<'py, PyDict>> {
        let rows = self.rows();
        let place = if index < 0 { index + rows.cast_signed() } else { index };
        let mut left = usize::try_from(place).ok().filter(|p| *p < rows);
        for batch in &self.batches {
            match left {
                Some(row) if row < batch.num_rows() => return self.row(py, batch, row),
                Some(row) => left = Some(row - batch.num_rows()),
                None => break,
            }
        }
        Err(PyIndexError::new_err(format!("row {index} of a table of {rows}")))
    }

    /// Goes over the rows as dicts.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.to_dicts(py)?.try_iter()
    }

    fn __repr__(&self) -> String {
        let names: Vec<&str> = self.schema.fields().iter().take(8).map(|f| f.name().as_str()).collect();
        let more = if self.schema.fields().len() > 8 { ", …" } else { "" };
        format!("<detente.Table of {} rows: {}{more}>", self.rows(), names.join(", "))
    }

    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    /// The rows as a list of dicts; missing is None, dates are `datetime.date`.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let out = PyList::empty(py);
        for batch in &self.batches {
            for row in 0..batch.num_rows() {
                out.append(self.row(py, batch, row)?)?;
            }
        }
        Ok(out)
    }

    /// A `pyarrow.Table`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        library(slf.py(), "pyarrow")?.call_method1("table", (slf,))
    }

    /// A `pandas.DataFrame`.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        library(slf.py(), "pandas")?;
        Self::to_arrow(slf)?.call_method0("to_pandas")
    }

    /// A `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        library(slf.py(), "polars")?.call_method1("DataFrame", (slf,))
    }
}

fn library<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyModule>> {
    py.import(name).map_err(|err| PyImportError::new_err(format!("{err}\n hint: pip install pyarrow {name}")))
}

/// A value as Python has it.
fn value<'py>(py: Python<'py>, array: &dyn Array, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    Ok(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into_pyobject(py)?.into_any(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into_pyobject(py)?.into_any(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).into_pyobject(py)?.into_any(),
        DataType::Boolean => array.as_boolean().value(row).into_pyobject(py)?.to_owned().into_any(),
        DataType::Date32 => {
            let days = PyDelta::new(py, array.as_primitive::<Date32Type>().value(row), 0, 0, false)?;
            PyDate::new(py, 1970, 1, 1)?.call_method1("__add__", (days,))?
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let out = PyList::empty(py);
            for i in 0..items.len() {
                out.append(value(py, &items, i)?)?;
            }
            out.into_any()
        }
        DataType::Struct(fields) => {
            let out = PyDict::new(py);
            for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                out.set_item(field.name(), value(py, column, row)?)?;
            }
            out.into_any()
        }
        other => return Err(Error::new_err(format!("a column of {other} has no values in Python"))),
    })
}
