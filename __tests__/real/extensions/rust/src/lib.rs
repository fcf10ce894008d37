//! leak() loses a map and a Python list; keep() caches what it makes.
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::collections::HashMap;
use std::sync::Mutex;

static KEPT: Mutex<Option<HashMap<String, u64>>> = Mutex::new(None);

#[pyclass]
struct Table {
    words: HashMap<String, u64>,
}

#[pymethods]
impl Table {
    #[new]
    fn new() -> Self {
        Table { words: HashMap::new() }
    }

    fn learn(&mut self, word: &str) -> usize {
        self.words.insert(word.to_owned(), 1);
        self.words.len()
    }

    #[inline(never)]
    fn lose(&mut self, word: &str) {
        let mut words = HashMap::new();
        words.insert(word.to_owned(), 2u64);
        std::mem::forget(words);
    }
}

#[inline(never)]
fn lose_map(word: &str) {
    let mut words: HashMap<String, u64> = HashMap::new();
    words.insert(word.to_owned(), 1);
    std::mem::forget(words);
}

#[inline(never)]
fn lose_list(py: Python<'_>) -> PyResult<()> {
    let list = PyList::new(py, [1, 2, 3])?;
    std::mem::forget(list);
    Ok(())
}

#[pyfunction]
fn leak(py: Python<'_>) -> PyResult<()> {
    lose_map("planted");
    lose_list(py)?;
    Table::new().lose("planted");
    Ok(())
}

#[pyfunction]
fn keep() -> usize {
    let mut kept = KEPT.lock().unwrap();
    let map = kept.get_or_insert_with(HashMap::new);
    map.insert("kept".to_owned(), 1);
    map.len()
}

#[pymodule]
fn planted_rust(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Table>()?;
    module.add_function(wrap_pyfunction!(leak, module)?)?;
    module.add_function(wrap_pyfunction!(keep, module)?)
}
