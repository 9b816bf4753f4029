//! Universal Dependencies labels as small copyable values.

use std::fmt;
use std::str::FromStr;

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, clippy::upper_case_acronyms)]
        pub enum $name { $($variant),* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The label as UD writes it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(s: &str) -> Result<Self, ()> {
                match s { $($text => Ok($name::$variant),)* _ => Err(()) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

labels! {
    /// Universal part-of-speech tag.
    Upos {
        ADJ = "ADJ", ADP = "ADP", ADV = "ADV", AUX = "AUX", CCONJ = "CCONJ", DET = "DET",
        INTJ = "INTJ", NOUN = "NOUN", NUM = "NUM", PART = "PART", PRON = "PRON",
        PROPN = "PROPN", PUNCT = "PUNCT", SCONJ = "SCONJ", SYM = "SYM", VERB = "VERB", X = "X",
    }
}

/// A label out of the model's own list, leaked once when the model is read: Penn tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Xpos(pub &'static str);

impl Xpos {
    /// The tag ("VBD").
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// Universal dependency relation with its subtype ("nsubj:pass").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deprel(pub &'static str);

impl Deprel {
    /// The whole label.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The label without its subtype ("nsubj").
    pub fn base(self) -> &'static str {
        self.0.split(':').next().unwrap_or(self.0)
    }
}
