//! The program measured on labelled files. Keys and formats are in `accuracy/README.md`.

mod actors;
mod align;
mod chains;
mod conllu;
mod copies;
mod dates;
mod events;
mod gold;
mod history;
mod mediators;
mod metrics;
mod onset;
mod pages;
mod parse;
mod places;
mod ranking;
mod relations;
mod report;
mod statements;
mod times;

pub use actors::actors;
pub use chains::chains;
pub use copies::copies;
pub use dates::dates;
pub use events::events;
pub use mediators::mediators;
pub use metrics::{Counts, classes, multiset_overlap};
pub use onset::onset;
pub use pages::pages;
pub use parse::parse;
pub use places::places;
pub use ranking::ranking;
pub use relations::relations;
pub use report::Report;
pub use statements::statements;
pub use times::times;
