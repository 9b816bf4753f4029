//! The Arrow schema of record v1. A test of the program holds it against `docs/record-v1.md`.

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use std::sync::{Arc, LazyLock};

/// Kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Articles with their texts.
    Articles,
    /// Events.
    Events,
    /// Statements.
    Statements,
}

impl Kind {
    /// Plural name, as in the names of files and folders.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Articles => "articles",
            Kind::Events => "events",
            Kind::Statements => "statements",
        }
    }

    /// Columns whose values are close together in a sorted table, the first first.
    pub fn sorted_by(self) -> &'static [&'static str] {
        match self {
            Kind::Articles => &["published"],
            Kind::Events => &["source_country", "target_country"],
            Kind::Statements => &["speaker_country"],
        }
    }
}

/// Schema of a kind of record.
pub fn schema(kind: Kind) -> SchemaRef {
    static SCHEMAS: LazyLock<[SchemaRef; 3]> = LazyLock::new(|| [ARTICLE, EVENT, STATEMENT].map(|c| Arc::new(Schema::new(fields(c)))));
    Arc::clone(&SCHEMAS[kind as usize])
}

/// What an archive's job keeps of each article: the reading, the sketch that tells its copies, or the failure.
pub fn coded(articles: bool) -> SchemaRef {
    let inner: &[_] = &[
        ("id", Text),
        ("published", Date),
        ("place", Text),
        ("failure", Text),
        ("text", Text),
        ("sketch", Integers),
        ("statements", Structs(STATEMENT)),
        ("events", Structs(EVENT)),
        ("articles", Structs(ARTICLE)),
    ];
    Arc::new(Schema::new(fields(&inner[..inner.len() - usize::from(!articles)])))
}

/// Rows that could not be read.
pub fn failures() -> SchemaRef {
    Arc::new(Schema::new(fields(&[("row", Integer), ("id", Text), ("failure", Text)])))
}

/// The steps of a series: [`Kind`]s have no place for it.
pub fn series() -> SchemaRef {
    Arc::new(Schema::new(fields(SERIES)))
}

/// Forecasts.
pub fn forecasts() -> SchemaRef {
    Arc::new(Schema::new(fields(FORECAST)))
}

/// Types of columns.
#[derive(Clone, Copy)]
enum Of {
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Texts,
    Integers,
    Structs(&'static [(&'static str, Of)]),
}
use Of::{Boolean, Date, Integer, Integers, Number, Structs, Text, Texts};

fn fields(columns: &[(&str, Of)]) -> Fields {
    let item = |of| Arc::new(Field::new("item", of, true));
    let of = |of: Of| match of {
        Text => DataType::Utf8,
        Integer => DataType::Int64,
        Number => DataType::Float64,
        Boolean => DataType::Boolean,
        Date => DataType::Date32,
        Texts => DataType::List(item(DataType::Utf8)),
        Integers => DataType::List(item(DataType::Int64)),
        Structs(inner) => DataType::List(item(DataType::Struct(fields(inner)))),
    };
    columns.iter().map(|(name, kind)| Field::new(*name, of(*kind), true)).collect()
}

const EVENT: &[(&str, Of)] = &[
    ("record", Text),
    ("id", Text),
    ("article_id", Text),
    ("sentence", Integer),
    ("story_id", Text),
    ("group_id", Text),
    ("source", Text),
    ("source_name", Text),
    ("source_country", Text),
    ("source_sector", Text),
    ("source_bare_state", Boolean),
    ("target", Text),
    ("target_name", Text),
    ("target_country", Text),
    ("target_sector", Text),
    ("target_bare_state", Boolean),
    ("cameo", Text),
    ("cameo_name", Text),
    ("cameo_root", Text),
    ("plover", Text),
    ("plover_mode", Text),
    ("quad", Integer),
    ("goldstein", Number),
    ("mode", Text),
    ("date_first", Date),
    ("date_last", Date),
    ("date_text", Text),
    ("date_resolved", Boolean),
    ("place_name", Text),
    ("place_country", Text),
    ("geonameid", Integer),
    ("lat", Number),
    ("lon", Number),
    ("place_precision", Text),
    ("count_text", Text),
    ("statement_id", Text),
    ("claimed_by", Text),
    ("confidence", Number),
    ("frame", Text),
    ("evidence", Text),
    ("evidence_start", Integer),
    ("evidence_end", Integer),
    ("outlet", Text),
    ("published", Date),
    ("url", Text),
    ("coder_version", Text),
    ("ontology_version", Text),
];

const STATEMENT: &[(&str, Of)] = &[
    ("record", Text),
    ("id", Text),
    ("article_id", Text),
    ("sentence", Integer),
    ("story_id", Text),
    ("speaker", Text),
    ("speaker_name", Text),
    ("speaker_office", Text),
    ("speaker_country", Text),
    ("speaker_sector", Text),
    ("speaker_bare_state", Boolean),
    ("acts", Texts),
    ("about", Texts),
    ("issue", Text),
    ("addressee", Text),
    ("addressee_name", Text),
    ("reason", Text),
    ("instrument", Text),
    ("verbatim", Boolean),
    ("quote", Text),
    ("content", Text),
    ("cue", Text),
    ("repeated", Text),
    ("chain", Structs(HOP)),
    ("origin", Text),
    ("date_first", Date),
    ("date_last", Date),
    ("date_text", Text),
    ("date_resolved", Boolean),
    ("evidence", Text),
    ("evidence_start", Integer),
    ("evidence_end", Integer),
    ("outlet", Text),
    ("published", Date),
    ("url", Text),
    ("coder_version", Text),
    ("ontology_version", Text),
];

const HOP: &[(&str, Of)] = &[("name", Text), ("kind", Text), ("via", Text), ("cue", Text), ("seen", Boolean)];

const ARTICLE: &[(&str, Of)] = &[
    ("record", Text),
    ("id", Text),
    ("outlet", Text),
    ("published", Date),
    ("url", Text),
    ("title", Text),
    ("byline", Text),
    ("lang", Text),
    ("text", Text),
    ("sentences", Integer),
    ("skipped", Structs(SKIPPED)),
    ("notes", Texts),
    ("coder_version", Text),
    ("ontology_version", Text),
];

const SKIPPED: &[(&str, Of)] = &[("kind", Text), ("reason", Text), ("text", Text), ("start", Integer), ("end", Integer)];

const SERIES: &[(&str, Of)] = &[
    ("dyad", Text),
    ("coder", Text),
    ("measure", Text),
    ("start", Date),
    ("end", Date),
    ("events", Integer),
    ("verbal_cooperation", Integer),
    ("material_cooperation", Integer),
    ("verbal_conflict", Integer),
    ("material_conflict", Integer),
    ("unknown", Integer),
    ("goldstein", Number),
    ("goldstein_mean", Number),
    ("cooperation", Number),
    ("conflict", Number),
    ("threat", Number),
    ("posture", Number),
    ("coercion", Number),
    ("force", Number),
    ("tension", Number),
    ("warmth", Number),
    ("origins", Integer),
    ("read_events", Integer),
    ("read_articles", Integer),
    ("value", Number),
    ("usual_low", Number),
    ("usual_median", Number),
    ("usual_high", Number),
    ("r01", Integer),
    ("r02", Integer),
    ("r03", Integer),
    ("r04", Integer),
    ("r05", Integer),
    ("r06", Integer),
    ("r07", Integer),
    ("r08", Integer),
    ("r09", Integer),
    ("r10", Integer),
    ("r11", Integer),
    ("r12", Integer),
    ("r13", Integer),
    ("r14", Integer),
    ("r15", Integer),
    ("r16", Integer),
    ("r17", Integer),
    ("r18", Integer),
    ("r19", Integer),
    ("r20", Integer),
];

const FORECAST: &[(&str, Of)] = &[
    ("dyad", Text),
    ("on", Date),
    ("due", Date),
    ("kind", Text),
    ("probability", Number),
    ("base_rate", Number),
    ("own_record", Number),
    ("at_least", Integer),
    ("within", Integer),
    ("deed", Text),
    ("rule", Text),
    ("model", Text),
    ("trained", Date),
    ("coder", Text),
    ("past_n", Integer),
    ("past_came_true", Integer),
    ("past_brier_skill", Number),
    ("past_ece", Number),
    ("past_ap", Number),
    ("past_ap_own_record", Number),
];
