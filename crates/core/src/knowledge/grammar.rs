//! Closed-class words of English the coder asks for by name.

use rustc_hash::FxHashSet as HashSet;
use serde::Deserialize;

macro_rules! grammar {
    ($($(#[$doc:meta])* $field:ident),* $(,)?) => {
        /// Word sets of `knowledge/grammar.toml`, which says what each is for.
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Grammar { $($(#[$doc])* pub $field: HashSet<String>),* }
    };
}

grammar! {
    /// Papers and speeches, said by whoever issued them.
    papers,
    /// Before the reason of a charge.
    reasons,
    /// Adjectives that are verbs after "to" when more of a noun phrase follows.
    verbal,
    /// Deny what they hang on.
    negators,
    /// Before the agent of a passive.
    agents,
    /// Inside a place and nothing else.
    within,
    /// On a place, or on somebody.
    upon,
    /// Before where something goes.
    destinations,
    /// Before a noun of speech that is no place of speaking.
    unplaced,
    /// Between harm and the deed it was done in.
    suffered,
    /// Verbs whose past form without an object is a passive.
    harmed,
    /// Between two states.
    borders,
    /// Called after the town where they were made.
    pacts,
    /// Before a gerund that the object of the verb above does.
    merits,
    /// Make a deed a possibility.
    possible,
    /// Make a clause a condition.
    conditions,
    /// Nouns whose "of" is a possibility.
    possibilities,
    /// Adjectives of possibility.
    hypothetical,
    /// Put a deed in another time.
    past,
    /// Pronouns of one person.
    persons,
    /// Pronouns, forms of address and kin that tell a woman.
    women,
    /// The same of a man.
    men,
    /// Before the station on whose air something is said.
    aired,
    /// Before a noun that is somebody else than told of before.
    others,
    /// Between what somebody is and the name.
    naming,
    /// Pronouns of bodies.
    things,
    /// Pronouns of several.
    plurals,
    /// Pronouns of the speaker.
    speakers,
    /// Pronouns of the hearer.
    hearers,
    /// Relative pronouns.
    relatives,
    /// "each other".
    reciprocals,
    /// Counting words.
    counts,
    /// "times".
    times,
    /// Prepositions of place.
    places,
    /// Before the doer of a deed noun.
    origins,
    /// Prepositions of pure belonging.
    genitives,
    /// Prepositions of belonging.
    belonging,
    /// Definite determiners.
    definites,
    /// Possessive marks.
    possessives,
    /// After a light verb, before the done-to.
    targets,
    /// Operators over somebody else's deed.
    addressed,
    /// Participles that describe the person named behind them.
    guests,
    /// "a", "an".
    indefinites,
    /// Operators that leave a deed all do together to its sides.
    shared,
    /// Before a saying in parenthesis.
    parenthetical,
    /// Nouns for a way of acting.
    ways,
    /// Before what a deed is told against: "after", "during".
    occasions,
    /// Prepositions only an adversary stands after.
    aims,
    /// "at the hands of" whoever did it.
    hands,
    /// Before the other side of a meeting or an agreement.
    partners,
    /// Points of the compass.
    directions,
    /// Forms of the perfect's auxiliary.
    perfect,
    /// Participles whose subject acts: "engaged in".
    acting,
    /// Prepositions that open no clause.
    phrasal,
    /// Nouns that tell a time without a preposition.
    timely,
    /// What is laid upon whoever is spoken to.
    obliging,
    /// Before the one a promised thing is done to or with.
    promised,
    /// "on behalf of": the one spoken for follows.
    behalf,
    /// Nouns of what somebody tells and nobody is named to vouch for: "reports that".
    hearsay,
    /// What is designed to do something has not done it.
    purposes,
    /// After a noun, before what it is about.
    topical,
    /// Before the parties to a thing.
    parties,
    /// Before the other side of a meeting.
    company,
    /// Say that a name is a place.
    place_nouns,
    /// Directions and the like before a place's name.
    compass,
    /// Parts of a place.
    place_parts,
    /// Parts of a place, with a direction before them.
    place_sides,
    /// First words of names of places that say what they are.
    place_heads,
    /// Whose a mosque or a district is.
    creeds,
    /// Measures of the way to a place.
    distances,
    /// Before the place something is at.
    located,
    /// Before the place a way goes through.
    through,
    /// Before where something comes from or goes to.
    bounds,
    /// Before what a deed is for, against or about: no place of it.
    aimless,
    /// Verbs whose object is where they happen.
    grounds,
    /// Those whose object is a place, whatever its name.
    entered,
    /// What stands in a place and may bear a name.
    sites,
    /// Parts of a country.
    wide,
    /// Of these "of" tells the name ("the town of X"), not what they lie in.
    towns,
    /// Prepositions of place beside those of [`Grammar::located`] by which a clause lends its place to another.
    at_hand,
    /// Before who takes part in a deed or what it is about.
    shares,
    /// Before a clause that tells of another time or place.
    apart,
    /// Statement acts on what somebody else does, which happens elsewhere.
    judging,
    /// Verbs of talk about what is elsewhere.
    discussing,
    /// Kinds of regions that are kinds of offices, too.
    offices,
    /// Deeds that are words as well and have a place of their own.
    gatherings,
    /// Before what goes on at the same time, in the same place.
    meanwhile,
    /// After the name of a place that tells whose clock is meant.
    clocks,
    /// Before the occasion on which something is said or done.
    venues,
    /// Nouns that end a phrase of manner.
    manners,
    /// Nouns whose "of" or "for" is not there.
    lacking,
    /// Between a noun said twice.
    twice,
    /// Help that one clause gives the deed of another.
    backing,
    /// What nobody calls the own government.
    disowned,
    /// Before what is not so ("rather than a clash").
    instead,
    /// Deeds that befall the state named before them ("the Kuwait invasion").
    befalling,
}
