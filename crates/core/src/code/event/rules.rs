//! Which pairs of sides a deed may have.

use super::super::rels::Rels;
use super::{Maker, by_deed, root, somebody};
use crate::code::deed::Deed;
use crate::code::memory::{Resolved, Sort};
use crate::model::Link;

impl Maker<'_, '_> {
    /// Whether the codebook takes such a pair for such a deed.
    pub(super) fn allowed(&self, deed: &Deed, s: Option<&Resolved>, t: Option<&Resolved>) -> Result<(), &'static str> {
        let political = |r: &Resolved| {
            let sector = r.code.get(3..6).unwrap_or("");
            !r.stateless
                && r.code.len() >= 3
                && sector != "BUS"
                && (r.nation
                    || matches!(r.sort, Sort::State | Sort::Body | Sort::Place)
                    || r.code.starts_with("IMG")
                    || r.code.starts_with("IGO")
                    || matches!(sector, "" | "GOV" | "MIL" | "COP" | "JUD" | "LEG" | "OPP" | "PTY" | "REB" | "PRM" | "SPY" | "UAF" | "ELI"))
        };
        // A sector without a country is somebody only when it bears arms or holds power.
        let known = somebody;
        let yes = |held: bool, reason: &'static str| if held { Ok(()) } else { Err(reason) };
        match (s, t) {
            (Some(s), Some(t)) => {
                let oneself = s.sort == Sort::State && t.sort == Sort::State && s.code == t.code && t.link != Link::Implied;
                let one_body = oneself && matches!(root(deed), "18" | "19" | "20")
                    || s.acting() == t.acting() && !matches!(root(deed), "08" | "14" | "17" | "18" | "19" | "20");
                let ruled = t.sort == Sort::Place && s.sort == Sort::State && t.link == Link::Implied;
                let government = |r: &Resolved| matches!(r.acting().get(3..6), Some("GOV"));
                let organ = |r: &Resolved| matches!(r.acting().get(3..6), Some("GOV" | "MIL" | "LEG" | "COP" | "SPY" | "JUD"));
                let visit = s.country() == t.country() && organ(s) && organ(t) && root(deed) == "04";
                let inside = visit
                    || s.country() == t.country()
                        && government(s)
                        && government(t)
                        && (deed.code == "080"
                            || matches!(root(deed), "01" | "02" | "03" | "04" | "05" | "06" | "07" | "10" | "11" | "12" | "13"));
                // "an agreement between the government and the region's": two by name.
                let two = deed.symmetric && s.name != t.name && [s, t].iter().any(|r| r.sort == Sort::Body) && {
                    let plain = |r: &Resolved| matches!(r.sort, Sort::Body | Sort::Agent) && !r.country_implied && r.link == Link::Named;
                    plain(s) && plain(t) && s.span != t.span
                };
                let firm = |r: &Resolved| matches!(r.code.get(3..6), Some("BUS"));
                // "French doctors delivered medicines to a hospital in Baghdad"
                let abroad = |s: &Resolved, t: &Resolved| !s.country_implied && s.country() != t.country() && !firm(s) && !firm(t);
                let reason = if !known(s) || !known(t) {
                    "a side nobody can place"
                } else if firm(s) && matches!(root(deed), "15" | "18" | "19" | "20") {
                    "firms use no force"
                } else if s.code.starts_with("NGO") && matches!(root(deed), "15" | "18" | "19" | "20") {
                    "aid bodies use no force"
                } else if firm(s) && s.sort == Sort::Body && root(deed) == "14" {
                    "firms do not take to the street"
                } else if firm(s) && t.sort == Sort::Place && matches!(root(deed), "03" | "06") {
                    "business"
                } else if !(political(s) || political(t) || root(deed) == "07" && abroad(s, t)) {
                    "no side is a political actor"
                } else if two && organ(s) && organ(t) {
                    return Ok(());
                } else if one_body || s.code == t.code && !ruled {
                    "both sides are one body"
                } else if s.country() == t.country() && t.sort == Sort::Place && root(deed) == "04" {
                    "a trip at home"
                } else if deed.code == "130" && organ(s) && s.country() == t.country() && t.code.get(3..6) == Some("CVL") {
                    "a caution to the own people"
                } else if inside {
                    "inside one government"
                } else {
                    return Ok(());
                };
                Err(reason)
            }
            (Some(_), None) if deed.hollow && !matches!(root(deed), "03") => Err("nobody it is said to, and nothing known that is done"),
            // Any public protests.
            (Some(s), None) if root(deed) == "14" && s.sort == Sort::Body && s.code.get(3..6) == Some("BUS") => {
                Err("firms do not take to the street")
            }
            (Some(s), None) if root(deed) == "14" => yes(!s.stateless, "a doer without a country"),
            (Some(s), None) if matches!(deed.code.as_str(), "133" | "082" | "0352" | "1242") && !s.country_implied => {
                yes(!s.stateless, "a doer without a country")
            }
            (Some(s), None) if deed.code.starts_with("172") => {
                yes(political(s) && !s.country_implied, "no political doer, and nobody it is done to")
            }
            // "a news release", "their return": a bare noun tells no yielding.
            (Some(_), None) if root(deed) == "08" && !self.tree.verbal(deed.trigger) && deed.used.is_empty() => Err("nobody it is done to"),
            // "a village held by the rebels" tells where.
            (Some(_), None)
                if deed.code == "192"
                    && self.tree.base(deed.trigger) == "acl"
                    && self.tree.xpos(deed.trigger) == "VBN"
                    && self.tree.with(deed.trigger, Rels::AUX).next().is_none() =>
            {
                Err("nobody it is done to")
            }
            // "has used chemical weapons"
            (Some(s), None) if deed.code.starts_with("204") => yes(political(s) && !s.country_implied, "nobody it is done to"),
            (Some(s), None) => yes(
                political(s)
                    && !s.country_implied
                    && !(deed.code == "057" && deed.symmetric && !self.tree.verbal(deed.trigger))
                    && matches!(
                        root(deed),
                        "01" | "02" | "03" | "05" | "08" | "09" | "10" | "11" | "12" | "13" | "14" | "15" | "16" | "19"
                    )
                    && !matches!(deed.code.as_str(), "010"),
                "nobody it is done to",
            ),
            (None, Some(t)) if root(deed) == "16" && t.code.get(3..6) == Some("BUS") => Err("business"),
            (None, Some(t)) => {
                // "arms seized last year": in passing only violence is told without its doer.
                let passing = matches!(self.tree.rel(deed.trigger), "amod" | "acl");
                // "evacuated 300 wounded civilians": what they are, not what is told.
                let state = self.tree.base(deed.trigger) == "amod" && deed.code == "190";
                let violent = matches!(root(deed), "18" | "19" | "20") && !matches!(deed.code.as_str(), "191" | "192") && !state;
                let measure = matches!(root(deed), "16" | "17" | "19") && !passing;
                yes(known(t) && !t.stateless && (violent || measure || deed.code == "1245"), "no doer")
            }
            // Kept only if the article tells the sides before.
            (None, None) => yes(
                matches!(deed.code.get(..3), Some("190" | "194" | "195"))
                    && (!self.tree.verbal(deed.trigger) || by_deed(self.tree, self.memory.k, deed.trigger)),
                "neither doer nor anybody it is done to",
            ),
        }
    }
}
