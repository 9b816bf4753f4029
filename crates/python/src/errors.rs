//! Failures as exceptions that say what to do.

use detente::failure::{Failure, Stop};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

pyo3::create_exception!(detente, Error, PyValueError, "What is wrong, and what to do about it.");

/// A failure in words; names of flags become names of arguments.
pub fn failed(failure: Failure) -> PyErr {
    let text = match failure.hint {
        Some(hint) => format!("{}\n hint: {hint}", failure.what),
        None => failure.what,
    };
    let said = [
        ("--max-size MB", "max_size="),
        ("--max-size", "max_size="),
        ("--coder", "coder="),
        ("--store or DETENTE_STORE names another", "dt.open(\"path\") opens another"),
    ];
    Error::new_err(said.iter().fold(text, |text, (flag, argument)| text.replace(flag, argument)))
}

/// The same for what ends a command early.
pub fn stopped(stop: Stop) -> PyErr {
    match stop {
        Stop::Failed(failure) => failed(failure),
        Stop::Pipe => Error::new_err("the reader of the output has gone"),
    }
}

/// A text that somebody gave. Lone surrogates, which no UTF-8 can hold, are told with a remedy.
pub fn text(value: &Bound<'_, PyAny>, name: &str) -> PyResult<String> {
    let Ok(string) = value.cast::<PyString>() else {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{name} must be str, not {kind}")));
    };
    string.to_cow().map(|s| s.into_owned()).map_err(|_| {
        PyValueError::new_err(format!(
            "{name} holds half a character (a lone surrogate)\n hint: mend it with {name}.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')"
        ))
    })
}

/// A text or none.
pub fn optional(value: Option<&Bound<'_, PyAny>>, name: &str) -> PyResult<Option<String>> {
    value.filter(|v| !v.is_none()).map(|v| text(v, name)).transpose()
}

/// A day: a text, a `date`, a `datetime`, a pandas `Timestamp`.
pub fn day(value: Option<&Bound<'_, PyAny>>, name: &str) -> PyResult<Option<String>> {
    let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(None) };
    if value.is_instance_of::<PyString>() {
        return text(value, name).map(Some);
    }
    match value.call_method0("isoformat") {
        Ok(text) => self::text(&text, name).map(Some),
        Err(_) => {
            let kind = value.get_type().name()?;
            Err(PyTypeError::new_err(format!("{name} must be a date or a text like 2018-07-18, not {kind}")))
        }
    }
}

/// A day that is one.
pub fn date(value: Option<&Bound<'_, PyAny>>, name: &str) -> PyResult<Option<detente_core::model::Date>> {
    let Some(text) = day(value, name)? else { return Ok(None) };
    let day = text.trim().get(..10).and_then(|d| d.parse().ok());
    day.map(Some).ok_or_else(|| Error::new_err(format!("{name} is \"{text}\"\n hint: a day is written YYYY-MM-DD, as 2018-07-18")))
}
