//! `detente` for Python: the coder, the store and the tables of the command line, by the same code.
//!
//! Everything here turns Python's values into those of `detente` and back. Settings are arguments: neither the
//! environment nor `detente.toml` is read, so that a script gives the same on every machine.

mod coding;
mod engine;
mod errors;
mod spark;
mod store;
mod table;

use pyo3::prelude::*;

/// The compiled part of `detente`.
#[pymodule]
fn _detente(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("__version__", env!("CARGO_PKG_VERSION"))?;
    m.add("CODER_VERSION", detente::record::CODER_VERSION)?;
    m.add("ONTOLOGY_VERSION", detente::record::ONTOLOGY_VERSION)?;
    m.add("Error", m.py().get_type::<errors::Error>())?;
    m.add_class::<table::Table>()?;
    m.add_class::<coding::Doc>()?;
    m.add_class::<coding::Batch>()?;
    m.add_class::<store::Store>()?;
    m.add_function(wrap_pyfunction!(coding::code, m)?)?;
    m.add_function(wrap_pyfunction!(coding::code_batch, m)?)?;
    m.add_function(wrap_pyfunction!(store::open, m)?)?;
    m.add_function(wrap_pyfunction!(spark::code_rows, m)?)?;
    m.add_function(wrap_pyfunction!(spark::coded_schema, m)?)?;
    m.add_function(wrap_pyfunction!(spark::copies, m)?)?;
    m.add_function(wrap_pyfunction!(spark::firsts, m)?)?;
    m.add_function(wrap_pyfunction!(spark::groups, m)?)?;
    m.add_function(wrap_pyfunction!(spark::common, m)?)?;
    m.add_function(wrap_pyfunction!(spark::story_limits, m)?)?;
    Ok(())
}
