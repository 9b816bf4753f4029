//! Sets of Universal Dependencies relations, for asking a tree for children: one AND instead of comparing words.

use std::ops::BitOr;

/// A set of base relations, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rels(u64);

impl BitOr for Rels {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Rels {
    /// Whether the two share a relation.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

macro_rules! relations {
    ($($name:ident = $text:literal),* $(,)?) => {
        #[repr(u8)]
        #[allow(clippy::upper_case_acronyms)]
        enum Bit { $($name),* }

        #[allow(missing_docs)]
        impl Rels {
            $(pub const $name: Self = Self(1 << Bit::$name as u8);)*

            /// The set of one base relation as UD writes it ("nmod"); of an unknown one, empty.
            pub fn named(base: &str) -> Self {
                match base { $($text => Self::$name,)* _ => Self(0) }
            }
        }
    };
}

// The 37 relations of UD 2 (https://universaldependencies.org/u/dep/).
relations! {
    ACL = "acl", ADVCL = "advcl", ADVMOD = "advmod", AMOD = "amod", APPOS = "appos", AUX = "aux", CASE = "case",
    CC = "cc", CCOMP = "ccomp", CLF = "clf", COMPOUND = "compound", CONJ = "conj", COP = "cop", CSUBJ = "csubj",
    DEP = "dep", DET = "det", DISCOURSE = "discourse", DISLOCATED = "dislocated", EXPL = "expl", FIXED = "fixed",
    FLAT = "flat", GOESWITH = "goeswith", IOBJ = "iobj", LIST = "list", MARK = "mark", NMOD = "nmod", NSUBJ = "nsubj",
    NUMMOD = "nummod", OBJ = "obj", OBL = "obl", ORPHAN = "orphan", PARATAXIS = "parataxis", PUNCT = "punct",
    REPARANDUM = "reparandum", ROOT = "root", VOCATIVE = "vocative", XCOMP = "xcomp",
}

#[cfg(test)]
mod tests {
    use super::Rels;

    #[test]
    fn a_set_meets_what_it_holds() {
        let set = Rels::NMOD | Rels::OBL;
        let check = |base: &str, held: bool| assert_eq!(set.meets(Rels::named(base)), held, "{base}");
        check("nmod", true);
        check("obl", true);
        check("obj", false);
        check("nmod:poss", false);
        check("", false);
    }
}
