//! Whose time it is: the expression that belongs to a deed.

use super::{Kind, Timex, outer};
use crate::code::tree::Tree;

/// The expression that belongs to a deed: the one whose chain of heads first meets the deed's
/// trigger or the words it used.
pub fn of_deed<'t>(tree: &Tree<'_>, timexes: &'t [Timex], trigger: usize, used: &[usize]) -> Option<&'t Timex> {
    timexes
        .iter()
        .filter_map(|t| {
            let mut at = outer(tree, t.start, t.end);
            for step in 0..5 {
                if at == trigger || used.contains(&at) {
                    return Some((step, t.start.abs_diff(trigger), t));
                }
                at = tree.head(at)?;
                // A clause in between has its own time; so has "archives looted in 1990".
                if (step > 0 || tree.base(at) == "acl")
                    && tree.verbal(at)
                    && at != trigger
                    && !used.contains(&at)
                    && tree.head(trigger) != Some(at)
                {
                    return None;
                }
            }
            (tree.head(trigger) == Some(at)).then_some((6, t.start.abs_diff(trigger), t))
        })
        // "fought for three days in May": the month tells when.
        .min_by_key(|(step, far, t)| (matches!(t.kind, Kind::Duration | Kind::Set) && t.when.first.is_none(), *step, *far))
        .map(|(_, _, t)| t)
}
