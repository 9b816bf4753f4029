//! The types every stage speaks: what an article is and what is found in it.

mod actor;
mod article;
mod attributed;
mod attribution;
mod date;
mod event;
mod span;
mod statement;
pub mod syntax;

pub use actor::{ActorCode, Link, Mention, Why};
pub use article::{Article, Part, Sentence, Skipped, Token};
pub use attributed::Attributed;
pub use attribution::{Attribution, Hop, HopKind, Via};
pub use date::{Date, When, days, parse_loose};
pub use event::{Details, Event, FORCE, Figure, Mode, Pin, Place, Role, is_force, is_harm};
pub use span::Span;
pub use statement::{Acts, Statement};
