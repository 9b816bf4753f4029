//! Columns out of tables that others made: texts of whatever type.

use crate::Error;
pub use arrow_array::LargeStringArray;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast::{CastOptions, cast, cast_with_options};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use std::sync::Arc;

/// The rows of a batch as records; dates are texts.
///
/// # Errors
/// A column has a type the records have not.
pub fn rows<T: serde::de::DeserializeOwned>(batch: &RecordBatch) -> Result<Vec<T>, Error> {
    let written = |(field, column): (&Arc<Field>, &ArrayRef)| match field.data_type() {
        DataType::Date32 | DataType::Date64 => {
            let field = Field::new(field.name(), DataType::Utf8, true);
            Ok((Arc::new(field), cast(column, &DataType::Utf8)?))
        }
        _ => Ok((Arc::clone(field), Arc::clone(column))),
    };
    let both = batch.schema_ref().fields().iter().zip(batch.columns()).map(written).collect::<Result<Vec<_>, ArrowError>>()?;
    let (fields, columns): (Vec<Arc<Field>>, Vec<ArrayRef>) = both.into_iter().unzip();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?;
    Ok(serde_arrow::from_record_batch(&batch)?)
}

/// A column as texts: dates as YYYY-MM-DD, numbers in figures. Of texts nothing is copied but the offsets.
///
/// # Errors
/// There is no such column, or its type is no text, date or number.
pub fn texts(batch: &RecordBatch, column: usize) -> Result<LargeStringArray, Error> {
    let array = batch.column(column);
    let plain = match array.data_type() {
        DataType::Dictionary(_, value) => value.as_ref(),
        other => other,
    };
    if plain.is_nested() {
        let name = batch.schema_ref().field(column).name().clone();
        return Err(ArrowError::CastError(format!("column {name} holds {plain}, not text")).into());
    }
    let cast = cast_with_options(array, &DataType::LargeUtf8, &CastOptions { safe: false, ..CastOptions::default() })?;
    Ok(cast.as_string::<i64>().clone())
}

/// A column of bytes.
///
/// # Errors
/// Its type is neither bytes nor text.
pub fn bytes(batch: &RecordBatch, column: usize) -> Result<arrow_array::LargeBinaryArray, Error> {
    let cast = cast_with_options(batch.column(column), &DataType::LargeBinary, &CastOptions { safe: false, ..CastOptions::default() })?;
    Ok(cast.as_binary::<i64>().clone())
}

/// The text of a row, nothing when it is missing.
pub fn at(texts: &LargeStringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int32Type;
    use arrow_array::{Date32Array, DictionaryArray, Int64Array, ListArray, StringArray, StringViewArray, TimestampMillisecondArray};

    #[test]
    fn dates_of_records_are_texts() {
        let day: ArrayRef = Arc::new(Date32Array::from(vec![Some(17_730), None]));
        let n: ArrayRef = Arc::new(Int64Array::from(vec![7, 8]));
        let batch = RecordBatch::try_from_iter_with_nullable([("day", day, true), ("n", n, true)]).unwrap();
        let found: Vec<serde_json::Value> = rows(&batch).unwrap();
        assert_eq!(found, [serde_json::json!({"day": "2018-07-18", "n": 7}), serde_json::json!({"day": null, "n": 8})]);
    }

    #[test]
    fn columns_of_many_types_are_texts() {
        let check = |array: ArrayRef, expect: Option<&str>| {
            let batch = RecordBatch::try_from_iter([("x", array)]).unwrap();
            assert_eq!(texts(&batch, 0).ok().as_ref().and_then(|t| at(t, 0)), expect);
        };
        check(Arc::new(StringArray::from(vec!["a"])), Some("a"));
        check(Arc::new(StringViewArray::from(vec!["a text of some length"])), Some("a text of some length"));
        check(Arc::new(DictionaryArray::<Int32Type>::from_iter(["a"])), Some("a"));
        check(Arc::new(Int64Array::from(vec![7])), Some("7"));
        check(Arc::new(Date32Array::from(vec![17_730])), Some("2018-07-18"));
        check(Arc::new(TimestampMillisecondArray::from(vec![1_531_900_800_000])), Some("2018-07-18T08:00:00"));
        check(Arc::new(StringArray::from(vec![None::<&str>])), None);
        check(Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1)])])), None);
    }
}
