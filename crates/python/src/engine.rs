//! Engines, loaded once for each folder of knowledge.

use crate::errors::failed;
use detente::engine::Engine;
use detente::failure::Failure;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The engine with a folder laid over its knowledge. Call it without the GIL: the first time takes a moment.
pub fn engine(knowledge: Option<&Path>) -> Result<Engine, Failure> {
    static PLAIN: OnceLock<Engine> = OnceLock::new();
    static LAID_OVER: Mutex<Option<HashMap<PathBuf, Engine>>> = Mutex::new(None);
    let Some(folder) = knowledge else {
        if let Some(engine) = PLAIN.get() {
            return Ok(*engine);
        }
        let engine = Engine::with(None)?;
        return Ok(*PLAIN.get_or_init(|| engine));
    };
    let path = folder.canonicalize().map_err(|err| Failure::io("read", &folder.display().to_string(), &err))?;
    let mut all = LAID_OVER.lock().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_default();
    if let Some(engine) = all.get(&path) {
        return Ok(*engine);
    }
    let engine = Engine::with(Some(&path))?;
    all.insert(path, engine);
    Ok(engine)
}

/// The same for a caller who holds the GIL.
pub fn loaded(py: Python<'_>, knowledge: Option<&Path>) -> PyResult<Engine> {
    py.detach(|| engine(knowledge)).map_err(failed)
}
