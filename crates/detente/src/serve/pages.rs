//! The pages: one definition from which routes, filters and the OpenAPI document are made.

use super::ask::{Ask, Problem};
use super::{Desk, data};
use crate::store::Store;
use serde_json::Value;

/// A page with its data.
pub(super) struct Page {
    pub(super) name: &'static str,
    /// Address of the page; the data are there with `.json` and `.csv` at its end.
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    /// Names out of [`FILTERS`].
    pub(super) filters: &'static [&'static str],
    /// Keys of the answer, with what they hold.
    pub(super) keys: &'static [(&'static str, &'static str)],
    /// Key of the rows that are the table.
    pub(super) rows: &'static str,
    pub(super) answer: fn(&Desk, &Store, &Ask) -> Result<Value, Problem>,
}

impl Page {
    /// All addresses: the page, JSON, CSV. A variable part takes the endings with it.
    pub(super) fn addresses(&self) -> Vec<String> {
        let stem = if self.path == "/" { "/today" } else { self.path };
        match stem.ends_with('}') {
            true => vec![stem.to_owned()],
            false => vec![self.path.to_owned(), format!("{stem}.json"), format!("{stem}.csv")],
        }
    }
}

/// Something that is written.
pub(super) struct Write {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    /// Fields of the request, with what they hold.
    pub(super) fields: &'static [(&'static str, &'static str)],
    pub(super) make: fn(&Desk, &Value) -> Result<Value, Problem>,
}

/// Filters of the pages, with what they mean. The names are those of the command line.
pub(super) const FILTERS: &[(&str, &str)] = &[
    ("dyad", "a pair of sides in either order, as IRN,ISR or IRNMIL,USA"),
    ("directed", "1: only what the first of the dyad does to the second"),
    ("actor", "either side: IRN with all its sectors, IRNMIL, *REB"),
    ("source", "who does it, or speaks"),
    ("target", "to whom, or whom it is about"),
    ("code", "CAMEO code or the beginning of one, or PLOVER event; several parted by commas"),
    ("quad", "quad class 1 to 4; several parted by commas"),
    ("place", "country of the place, or words of its name"),
    ("outlet", "outlet; * stands for any letters"),
    ("origin", "who first had the words; * stands for any letters"),
    ("act", "what a statement does: concern, demand, red line, …"),
    ("from", "first day, YYYY-MM-DD"),
    ("to", "last day, YYYY-MM-DD"),
    ("mode", "happened, future, hypothetical, negated, historical, claimed; several parted by commas"),
    ("confidence", "lowest confidence, 0 to 1"),
    ("coder", "coder, by the beginning of its name"),
    ("article", "id of an article"),
    ("id", "id of a record or article, or the beginning of one"),
    ("limit", "at most so many rows"),
    ("offset", "rows left out at the beginning"),
    ("step", "length of the steps: day, week, month, year"),
    ("measure", "what the line and its band are of: tension, force, threat, …"),
    ("rule", "rules of alarms; several parted by commas"),
    ("state", "states of alarms: new, seen, snoozed, confirmed, false; several parted by commas"),
    ("deed", "what is forecast: force (CAMEO 18 to 20) or material (14 to 20)"),
    ("kind", "forecasts of onset (after 30 quiet days) or of incidence alone"),
    ("within", "days ahead of a forecast: 7, 14, 30, 90"),
    ("by", "map: place, source or target of the events"),
    ("q", "words to look for; \"words together\", OR, NOT, *"),
];

const EVENTS: &[&str] = &[
    "dyad",
    "directed",
    "actor",
    "source",
    "target",
    "code",
    "quad",
    "place",
    "outlet",
    "from",
    "to",
    "mode",
    "confidence",
    "coder",
    "article",
    "id",
    "limit",
    "offset",
];
const STATEMENTS: &[&str] = &[
    "dyad", "directed", "actor", "source", "target", "outlet", "origin", "act", "from", "to", "coder", "article", "id", "limit", "offset",
];
const NAMES: (&str, &str) = ("names", "names of the actor codes in the answer");
const LIST: &[(&str, &str)] = &[
    ("total", "how many fulfil the filters"),
    ("offset", "rows left out"),
    ("more", "whether there are more"),
    ("rows", "records, as docs/record-v1.md has them"),
    NAMES,
];

/// All pages, in the order of the navigation.
pub(super) const PAGES: &[Page] = &[
    Page {
        name: "today",
        path: "/",
        about: "What moved, what was read, what is to be done",
        filters: &["coder"],
        keys: data::today::KEYS,
        rows: "moved",
        answer: data::today::answer,
    },
    Page {
        name: "dyad",
        path: "/dyad/{pair}",
        about: "A pair's series step by step; steps without events are zero",
        filters: &["step", "measure", "from", "to", "mode", "coder", "directed"],
        keys: data::dyad::KEYS,
        rows: "points",
        answer: data::dyad::answer,
    },
    Page {
        name: "openings",
        path: "/openings",
        about: "Talks, mediation, agreements and easing between the sides of a pair, the latest first",
        filters: &["dyad", "directed", "from", "to", "mode", "coder", "limit"],
        keys: data::openings::KEYS,
        rows: "rows",
        answer: data::openings::answer,
    },
    Page {
        name: "alerts",
        path: "/alerts",
        about: "Alarms and openings of the last 14 days, or since a day",
        filters: &["dyad", "actor", "rule", "state", "from", "to", "coder"],
        keys: data::alerts::KEYS,
        rows: "alarms",
        answer: data::alerts::answer,
    },
    Page {
        name: "events",
        path: "/events",
        about: "Events, the latest first",
        filters: EVENTS,
        keys: LIST,
        rows: "rows",
        answer: data::lists::events,
    },
    Page {
        name: "statements",
        path: "/statements",
        about: "Statements with their chains, the latest first",
        filters: STATEMENTS,
        keys: LIST,
        rows: "rows",
        answer: data::lists::statements,
    },
    Page {
        name: "search",
        path: "/search",
        about: "Articles by their words, the best first",
        filters: &["q", "outlet", "from", "to", "limit"],
        keys: &[("rows", "articles with the place where the words stand")],
        rows: "rows",
        answer: data::lists::search,
    },
    Page {
        name: "article",
        path: "/article",
        about: "An article with everything read from it; its text is a third party's",
        filters: &["id"],
        keys: data::article::KEYS,
        rows: "events",
        answer: data::article::answer,
    },
    Page {
        name: "record",
        path: "/record",
        about: "A record opened to its words, chain, rules and corrections",
        filters: &["id"],
        keys: data::record::KEYS,
        rows: "mentions",
        answer: data::record::answer,
    },
    Page {
        name: "network",
        path: "/network",
        about: "Who does how much to whom",
        filters: &["from", "to", "coder", "actor", "limit"],
        keys: data::network::KEYS,
        rows: "rows",
        answer: data::network::answer,
    },
    Page {
        name: "map",
        path: "/map",
        about: "Events by country; points only for towns that were named",
        filters: &["from", "to", "coder", "by", "quad"],
        keys: data::map::KEYS,
        rows: "rows",
        answer: data::map::answer,
    },
    Page {
        name: "forecast",
        path: "/forecast",
        about: "Will pairs come to force? With base rate, past score and the ledger of what was recorded",
        filters: &["dyad", "actor", "deed", "kind", "within", "coder", "limit"],
        keys: data::forecast::KEYS,
        rows: "rows",
        answer: data::forecast::answer,
    },
    Page {
        name: "redlines",
        path: "/redlines",
        about: "What sides say they will not accept, and later events that may cross it",
        filters: &["dyad", "source", "from", "to", "coder"],
        keys: data::redlines::KEYS,
        rows: "lines",
        answer: data::redlines::answer,
    },
    Page {
        name: "mediators",
        path: "/mediators",
        about: "Third parties for a pair, ranked, with what passed between them and both sides",
        filters: &["dyad", "to", "coder", "limit"],
        keys: data::mediators::KEYS,
        rows: "rows",
        answer: data::mediators::answer,
    },
    Page {
        name: "review",
        path: "/review",
        about: "Events nobody has judged, the least certain first, and the last corrections",
        filters: &["dyad", "actor", "code", "from", "to", "limit"],
        keys: data::review::KEYS,
        rows: "rows",
        answer: data::review::answer,
    },
    Page {
        name: "sources",
        path: "/sources",
        about: "Outlets, imports, feeds and what failed",
        filters: &[],
        keys: data::sources::KEYS,
        rows: "outlets",
        answer: data::sources::answer,
    },
    Page {
        name: "method",
        path: "/method",
        about: "What is counted how, and how well it was measured",
        filters: &[],
        keys: data::method::KEYS,
        rows: "accuracy",
        answer: data::method::answer,
    },
];

const ALARM: &[(&str, &str)] = &[
    ("id", "id of the alarm, as /alerts.json has it"),
    ("dyad", "its pair"),
    ("first", "its first day"),
    ("coder", "its coder"),
    ("state", "seen, snoozed, confirmed or false"),
    ("until", "for snoozed: the day it comes back; 14 days without one"),
    ("note", "why"),
];

/// Everything that is written; only with `--review`.
pub(super) const WRITES: &[Write] = &[
    Write {
        name: "correct",
        path: "/correct",
        about: "Says of a record that it is right, wrong, or that a field is another; the article is read anew",
        fields: &[
            ("record", "id of the record"),
            ("kind", "right, wrong or change"),
            ("field", "for change: source, target, cameo, mode, date, place"),
            ("value", "for change: the new value; nothing takes the old one away"),
            ("note", "why"),
        ],
        make: data::review::correct,
    },
    Write {
        name: "undo",
        path: "/undo",
        about: "Takes back a correction, the last one unless a number is given",
        fields: &[("n", "number of the correction")],
        make: data::review::undo,
    },
    Write {
        name: "alarm",
        path: "/alarm",
        about: "Says of an alarm that it was seen, is snoozed until a day, was right, or was false",
        fields: ALARM,
        make: data::alerts::say,
    },
    Write {
        name: "alarm_undo",
        path: "/alarm/undo",
        about: "Takes back what was said of an alarm last",
        fields: ALARM,
        make: data::alerts::unsay,
    },
    Write {
        name: "judge",
        path: "/redlines/judge",
        about: "Says whether an event crosses a red line; open takes it back",
        fields: &[("line", "id of the red line"), ("event", "id of the event"), ("verdict", "crossed, kept or open"), ("note", "why")],
        make: data::redlines::judge,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_is_described_and_no_description_is_idle() {
        for page in PAGES {
            for filter in page.filters {
                assert!(FILTERS.iter().any(|(n, _)| n == filter), "{} {filter}", page.name);
            }
            assert!(page.keys.iter().any(|(k, _)| *k == page.rows), "{}: the table is a key", page.name);
        }
        for (filter, _) in FILTERS {
            assert!(PAGES.iter().any(|p| p.filters.contains(filter)), "{filter}");
        }
    }
}
