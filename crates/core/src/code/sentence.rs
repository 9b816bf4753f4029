//! One sentence after the other, with what the article told before.

mod once;

use super::attributed::{self, Reading, Said, Tokens};
use super::chain::{self, Asked as AskedWay, Heard, Station, Way};
use super::deed::{Deed, Deeds};
use super::event::{self, Maker, claim};
use super::explain::{Considered, Considering};
use super::memory::{Memory, NEWS, Resolved, Sort};
use super::mention::{self, Mentions};
use super::names::Names;
use super::np;
use super::place::{self, Asked};
use super::rels::Rels;
use super::sense::Sense;
use super::speaker::{Parts, Speakers};
use super::statement::{self, Draft};
use super::time;
use super::tree::Tree;
use super::{Coded, Text};
use crate::knowledge::Knowledge;
use crate::knowledge::gazetteer::PlaceKind;
use crate::knowledge::words::words;
use crate::model::{
    ActorCode, Article, Attribution, Event, Hop, HopKind, Link, Mention, Mode, Pin, Role, Sentence, Span, Statement, Via, Why, syntax::Upos,
};
use std::collections::{HashMap, HashSet};

/// Reading state of one article.
pub struct State<'k> {
    text: &'k str,
    k: &'k Knowledge,
    memory: Memory<'k>,
    /// Places named so far, with what they ask the gazetteer.
    places: Vec<(Span, Asked)>,
    /// States named so far.
    states: HashMap<String, usize>,
    /// Times told so far.
    told: time::Told,
    heard: Heard,
    /// The agency whose text it is.
    credit: Option<String>,
    /// The ways of the statements so far.
    ways: Vec<Way>,
    /// Ways told of in sentences without a statement, with their sentences.
    told_ways: Vec<(Way, u32)>,
    /// Turns of a transcript so far, and the paragraph of the one at hand.
    turns: u32,
    turn: Option<u32>,
    /// What speakers are called.
    called: Speakers,
    coded: Coded,
    article_id: String,
    /// Names that count in this article only.
    local: Vec<(Vec<String>, usize)>,
    /// The last use of force told as fact: later sentences of a report leave its sides out.
    force: Option<Event>,
    /// Whether somebody said "we" before anybody was known to speak.
    unspoken: bool,
    /// A title at the head of the text whose country nobody had told: its last word.
    untitled: Option<String>,
    /// Who turned out to be the "we" of a text that speaks for itself.
    holder: Option<Resolved>,
    /// Whose words follow without quotation marks after "the minister said:".
    opened: Option<Resolved>,
    /// Attributions so far, their quotations not yet followed over sentences.
    readings: Vec<Reading>,
    /// What each sentence tells of beside politics.
    pub senses: Vec<Sense>,
    /// What was considered, when somebody wants to know.
    considered: Option<Vec<Considering>>,
}

impl<'k> State<'k> {
    /// Before the first sentence.
    pub fn new(article: &'k Article, k: &'k Knowledge) -> Self {
        Self {
            text: &article.text,
            k,
            memory: Memory::new(k, article.published),
            places: Vec::new(),
            states: HashMap::new(),
            told: time::Told { published: article.published, ..time::Told::default() },
            heard: Heard::new(article.outlet.clone()),
            credit: None,
            ways: Vec::new(),
            told_ways: Vec::new(),
            turns: 0,
            turn: None,
            called: Speakers::default(),
            coded: Coded::default(),
            article_id: article.id.clone(),
            local: k.actors.in_context(&article.text),
            force: None,
            unspoken: false,
            untitled: None,
            holder: None,
            opened: None,
            readings: Vec::new(),
            senses: Vec::new(),
            considered: None,
        }
    }

    /// Before the first sentence, with the speaker of the text or the bearer of the title at its
    /// head known.
    pub fn again(article: &'k Article, k: &'k Knowledge, speaker: Option<Resolved>, titled: Option<Resolved>) -> Self {
        let mut state = Self::new(article, k);
        state.memory.speaker.clone_from(&speaker);
        state.memory.own = speaker;
        state.memory.titled = titled;
        state
    }

    /// The text's own speaker, when it said "we" before it told who that is.
    pub fn speaker_found_late(&self) -> Option<Resolved> {
        self.holder.clone().filter(|_| self.unspoken)
    }

    /// Who bears the title at the head of the text, when it was told later.
    pub fn title_found_late(&self) -> Option<Resolved> {
        let word = self.untitled.as_ref()?;
        let bears = |r: &&Resolved| r.office.as_deref().is_some_and(|o| words(o).iter().any(|w| w == word)) && official(r);
        self.memory.first_named(bears).cloned()
    }

    /// Knows the agency whose text it is.
    pub fn credited(&mut self, text: &Text) {
        self.credit = chain::credit(text, self.text, self.heard.own.as_deref(), self.k);
    }

    /// Keeps what is considered.
    pub fn explain(&mut self) {
        self.considered = Some(Vec::new());
    }

    /// Attributions so far.
    pub fn readings(&mut self) -> Vec<Reading> {
        std::mem::take(&mut self.readings)
    }

    /// What was considered so far.
    pub fn considered(&mut self) -> Vec<Considering> {
        self.considered.take().unwrap_or_default()
    }

    /// Reads one sentence; says whether a relative date stayed open.
    pub fn sentence(&mut self, index: u32, sentence: &Sentence, text: &Text) -> bool {
        let tree = Tree::new(sentence, self.text, self.k);
        if tree.is_empty() {
            return false;
        }
        let found = attributed::find(&tree, &self.k.attitudes);
        self.readings.extend(attributed::readings(&tree, &self.k.attitudes, &found, index));
        let names = Names::find(&tree, self.k, self.memory.date, &self.local);
        let mut mentions = mention::read(&tree, &names, &mut self.memory);
        if index == 0 {
            let title = |r: &&Resolved| r.sort == Sort::Person && r.country_implied && !r.named && tree.base(r.head) == "nsubj";
            self.untitled = mentions.at.iter().flatten().find(title).map(|r| tree.forms[r.head].clone());
        }
        self.called.meet(&tree, self.k, sentence.paragraph, &mentions);
        if super::speaker::signs(self.text, sentence) {
            self.memory.speaker = self.called.signed(&tree, self.k, &mentions);
        }
        let stations = self.heard.stations(&tree, &names, self.k);
        let mut saids = attributed::said(&tree, self.k, &mentions, &found);
        let is_outlet = |head: usize| stations.iter().any(|s| head >= s.start && head < s.end);
        if saids.is_empty() {
            saids.extend(attributed::introduced(&tree, self.k, &mentions).filter(|s| s.speaker.is_some_and(|h| !is_outlet(h))));
        }
        if !saids.is_empty() {
            self.called.spoken();
        }
        // "Doe: It will rain. It has rained.": in a transcript the whole paragraph is its speaker's.
        let colon = |v: usize| v > 0 && v < 6 && tree.word(v) == ":";
        if saids.iter().any(|s| s.cue.is_some_and(colon)) {
            self.turns += 1;
            self.turn = Some(sentence.paragraph);
        } else if self.turn != Some(sentence.paragraph) {
            self.turn = None;
        }
        let turn = self.turns > 1 && self.turn.is_some() && saids.is_empty();
        // "The Post, citing the envoy, reported …": the words are the envoy's.
        for s in saids.iter_mut().filter(|s| s.speaker.is_some_and(is_outlet)) {
            let somebody = |c: &usize| !mentions.of(*c).is_empty() || self.k.cues.anonymous.heads.contains(tree.lemma(*c));
            // "quoting the business daily Al Ahali": an outlet by what stands beside it.
            let label = |c: usize| self.k.cues.outlet_noun(tree.lemma(c)) && is_outlet(c + 1);
            let outlet = |c: usize| is_outlet(c) || label(c) || tree.with(c, Rels::APPOS | Rels::FLAT).any(is_outlet);
            let cited = s.cue.and_then(|v| chain::cited(&tree, self.k, v)).filter(|&c| !outlet(c));
            s.speaker = cited.filter(somebody).or(s.speaker);
        }
        // An outlet that reports what another says is a hop, not a speaker.
        let others = saids.iter().any(|s| s.speaker.is_some_and(|h| !is_outlet(h)));
        for s in &mut saids {
            s.relay = others && s.speaker.is_some_and(is_outlet);
        }
        let speakers: Vec<Option<Resolved>> = saids.iter().map(|s| s.speaker.and_then(|h| mentions.of(h).first().cloned())).collect();
        let quoted = sentence.tokens.iter().filter(|t| t.quoted).count();
        let (inside, all) = self::quoted(sentence);
        let wholly_quoted = quoted > 0 && inside * 10 >= all * 8;
        for (said, who) in saids.iter().zip(&speakers) {
            if let Some(who) = who.as_ref().filter(|_| !said.relay) {
                mention::speak(&tree, &names, &mut mentions, &self.memory, |i| said.tokens.has(i), who);
                // What is told in passing ("…, which the group claimed") changes no speaker.
                if said.cue.is_none_or(|v| tree.base(v) != "acl") {
                    self.memory.speaker = Some(who.clone());
                }
            }
        }
        // Whoever speaks without being placed, the words that go on are not those of the one before.
        let placed = |s: &&Said| !s.relay && s.speaker.is_some_and(|h| !is_outlet(h) && tree.upos(h) == Upos::PROPN);
        if let Some(h) = saids.iter().filter(placed).filter_map(|s| s.speaker).next_back()
            && mentions.of(h).is_empty()
        {
            self.memory.speaker = None;
        }
        let writes = |s: &Said| s.speaker.is_some_and(|h| self.k.attitudes.words.writers.contains(&tree.forms[h]));
        let nobody = saids.iter().all(writes);
        // "Doe shrugged. "We shall see."": the words are his of whom the sentence before tells.
        if wholly_quoted
            && nobody
            && let Some(who) = self.called.beat()
        {
            self.memory.speaker = who;
        }
        // "Speaking today the minister said:" opens the words that follow.
        if nobody && tree.word(tree.len() - 1) == ":" {
            let opening = (0..tree.len()).find(|&v| tree.verbal(v) && !self.k.cues.verbs(tree.lemma(v)).is_empty());
            let who = opening.and_then(|v| tree.args(v).subject).and_then(|s| mentions.of(s).first().cloned());
            if who.is_some() {
                self.memory.speaker = who;
            }
        }
        // Words after a colon at the line's end go on without quotation marks.
        if tree.word(tree.len() - 1) == ":" {
            self.memory.release |= self.memory.speaker.as_ref().is_some_and(official);
        }
        if let Some(who) = self.headed(&tree, &mentions) {
            self.memory.speaker = Some(who.clone());
            self.memory.own = Some(who);
        }
        // "On behalf of the president I congratulate …" says whose words these are.
        if self.memory.speaker.is_none() {
            let behalf = (0..tree.len()).find(|&i| self.k.grammar.behalf.contains(&tree.forms[i]));
            let whose = behalf.and_then(|b| tree.with(b, Rels::NMOD).find(|&k| !mentions.of(k).is_empty()));
            self.memory.speaker = whose.and_then(|w| mentions.of(w).first().cloned());
        }
        let speaker = self.memory.speaker.clone();
        let quoted_at = |i: usize| sentence.tokens[i].quoted;
        if let Some(who) = &speaker {
            mention::speak(&tree, &names, &mut mentions, &self.memory, quoted_at, who);
        }
        let outside = |i: usize| self.k.grammar.speakers.contains(&tree.forms[i]) && !quoted_at(i);
        self.memory.release |= self.memory.own.is_some() || speaker.as_ref().is_some_and(official) && (0..tree.len()).any(outside);
        // Outside quotation marks a text speaks for itself, or goes on with an official's words.
        match self.memory.own.clone().or(speaker.filter(official)) {
            Some(who) => mention::speak(&tree, &names, &mut mentions, &self.memory, |_| true, &who),
            None => self.unspoken |= (0..tree.len()).any(outside),
        }
        let timexes = time::find(&tree, self.k, &mut self.told);
        let places = place::find(&tree, &names, self.k);
        place::count_states(&names, self.k, &mut self.states);
        self.places.extend(places.iter().map(|p| p.span).zip(place::asked(&tree, &names, &places)));
        // A history without a date goes on in its own time until it names another.
        if let Some(last) = timexes.iter().filter_map(|t| t.when.last).max().filter(|_| self.memory.date.is_none()) {
            self.memory.long_past = last.year() < NEWS;
        }
        let actors: Vec<bool> = mentions.at.iter().map(|m| !m.is_empty()).collect();
        let long = names.long(tree.len());
        let reader = Deeds::new(&tree, self.k, &actors, &long);
        let mut considering = None;
        let deeds = if self.considered.is_some() {
            let (deeds, tried, used) = reader.explain();
            let used = used.into_iter().map(|v| tree.span(v)).collect();
            considering = Some(Considering { sentence: index, tried, deeds: Vec::new(), used });
            deeds
        } else {
            reader.read()
        };
        let sense = self.senses.get(index as usize).copied().unwrap_or_default();
        let maker = Maker {
            sense,
            tree: &tree,
            index,
            names: &names,
            mentions: &mentions,
            deeds: &deeds,
            timexes: &timexes,
            places: &places,
            memory: &self.memory,
        };
        let within = |said: &Said, token: usize| said.tokens.has(token) && said.cue != Some(token) && !said.relay;
        let mut made: Vec<(usize, Event)> = Vec::new();
        for deed in &deeds {
            // Of nested attributions the innermost speaks.
            let said = saids
                .iter()
                .enumerate()
                .filter(|(_, s)| within(s, deed.trigger))
                .min_by_key(|(_, s)| s.range.1 - s.range.0)
                .map(|(i, _)| i);
            let speaker = match said {
                Some(i) => speakers[i].as_ref(),
                None if sentence.tokens[deed.trigger].quoted => self.memory.speaker.as_ref(),
                // "The regime must let them in", said by whose words these are.
                None if self.opened.is_some() => self.opened.as_ref(),
                None if deed.modal && self.memory.release => {
                    self.memory.own.as_ref().or(self.memory.speaker.as_ref().filter(|r| official(r)))
                }
                None => None,
            };
            // Words that only go on are somebody's claims, but not every stance in them is the speaker's.
            let told = said.is_some() || sentence.tokens[deed.trigger].quoted;
            let voice = speaker.filter(|_| told || deed.modal);
            let reported = told || self.opened.is_some();
            self.deed(deed, voice, speaker.filter(|_| reported && !presupposed(&tree, &deeds, deed)), &maker, &mut made);
            if let Some(c) = &mut considering {
                let words = |side: &[usize]| side.iter().map(|&t| tree.extent_span(t)).collect();
                let mut dropped = Vec::new();
                let events = maker.weigh(deed, voice, &mut dropped);
                c.deeds.push(Considered {
                    word: tree.span(deed.trigger),
                    frame: deed.frame.clone(),
                    code: deed.code.clone(),
                    source: words(&deed.source),
                    target: words(&deed.target),
                    mode: deed.mode,
                    events,
                    dropped,
                });
            }
        }
        if let (Some(all), Some(c)) = (&mut self.considered, considering) {
            all.push(c);
        }
        once::in_passing(&tree, &mentions, &mut made);
        once::same_harm(&tree, &deeds, &mut made);
        once::told_whole(&mut made);
        self.carry_on(index, &tree, &mut made);
        made.retain(|(_, e)| e.source.is_some() || e.target.is_some());
        // A release speaks as "we" for whoever it names first.
        if self.memory.speaker.is_none() && nobody {
            // "We welcome what they have agreed": whoever "we" tells of is not "we".
            let of_others = |t: usize| saids.iter().any(|s| writes(s) && s.tokens.has(t) && s.cue != Some(t));
            let holder = made
                .iter()
                .find(|(t, e)| (e.code.as_str() < "09" || statement::verbal(&e.code)) && !of_others(*t))
                .and_then(|(_, e)| e.source.as_ref());
            let found = holder.and_then(|h| mentions.at.iter().flatten().find(|r| r.span == h.span));
            self.memory.speaker = found.filter(|r| official(r)).cloned();
            self.holder = self.holder.take().or_else(|| self.memory.speaker.clone());
        }
        // "The United States urges …" tells who "we" of the lines before is.
        if self.unspoken && self.holder.is_none() && quoted == 0 {
            self.holder = speakers.iter().flatten().find(|r| official(r)).cloned();
        }
        for (trigger, e) in &made {
            if let (Some(s), Some(t)) = (&e.source, &e.target) {
                if matches!(e.code.get(..3), Some("190" | "193" | "194" | "195" | "087")) {
                    let whole = |r: &Role| mentions.at.iter().flatten().find(|m| m.span == r.span && m.sort != Sort::Thing);
                    if let Some((a, b)) = whole(s).zip(whole(t)) {
                        self.memory.fought(a, b);
                    }
                }
                self.memory.told(&s.code, &t.code, tree.span(*trigger).start as usize);
            }
        }
        let addressed = made.iter().rev().map(|(_, e)| e).find(|e| statement::verbal(&e.code) && e.target.is_some());
        if let Some(e) = addressed.filter(|e| e.source.as_ref().is_some_and(|s| s.link == Link::Speaker)) {
            let span = e.target.as_ref().map(|t| t.span);
            self.memory.hearer = mentions.at.iter().flatten().find(|r| Some(r.span) == span).cloned();
        }
        let open = timexes.iter().any(|t| t.open);
        // "We condemn …" is said by whoever speaks for the text.
        let writer = self.opened.as_ref().or(self.memory.own.as_ref()).or(self.memory.speaker.as_ref().filter(|r| official(r))).cloned();
        let own = |h: usize| {
            let we = self.k.attitudes.words.writers.contains(&tree.forms[h]) && !quoted_at(h);
            writer.as_ref().filter(|_| we).map(|r| np::linked(&tree, h, r.clone(), Link::Speaker))
        };
        let holders: Vec<Option<Resolved>> =
            saids.iter().zip(&speakers).map(|(s, who)| who.clone().or_else(|| s.speaker.and_then(own))).collect();
        let drafts = statement::drafts(&statement::Context {
            tree: &tree,
            index,
            k: self.k,
            mentions: &mentions,
            saids: &saids,
            speakers: &holders,
            events: &made,
            stations: &stations,
            timexes: &timexes,
            quotes: &text.quotes,
            voice: writer.as_ref().filter(|_| quoted == 0 && (self.memory.release || self.opened.is_some() || self.memory.own.is_some())),
            opened: self.opened.is_some() && tree.word(tree.len() - 1) != ":",
            continued: if wholly_quoted && nobody || turn { self.memory.speaker.as_ref() } else { None },
            goes_on: (wholly_quoted && nobody || turn) && self.called.goes_on(),
        });
        // Quotation marks, or somebody else speaking, end words that began without marks.
        if quoted > 0 || speakers.iter().flatten().any(|r| self.opened.as_ref().is_some_and(|o| o.name != r.name)) {
            self.opened = None;
        }
        if tree.word(tree.len() - 1) == ":" && quoted == 0 {
            self.opened = self.memory.speaker.clone().filter(official);
        }
        let first_event = self.coded.events.len();
        self.coded.events.extend(made.into_iter().map(|(_, e)| e));
        for draft in drafts {
            self.statement(draft, first_event, &stations, &tree);
        }
        // Words said tell nothing of the way they came.
        let mut inside = Tokens::of(tree.len(), (0..tree.len()).filter(|&i| quoted_at(i)));
        saids.iter().for_each(|s| inside.join(&s.tokens));
        self.way_told(index, &stations, &tree, &mentions, &inside, saids.is_empty());
        self.remember(&mentions, index);
        open
    }

    /// "Statement by the ministry on …": a headline tells whose words follow.
    fn headed(&self, tree: &Tree<'_>, mentions: &Mentions) -> Option<Resolved> {
        let g = &self.k.grammar;
        let finite = |i: usize| matches!(tree.xpos(i), "VBD" | "VBZ" | "VBP" | "MD");
        if self.memory.own.is_some() || self.memory.speaker.is_some() || (0..tree.len()).any(finite) {
            return None;
        }
        let root = (0..tree.len()).find(|&i| tree.head(i).is_none())?;
        if !self.k.cues.said_in(tree.lemma(root)) {
            return None;
        }
        let by = |k: &usize| tree.case(*k).is_some_and(|p| g.agents.contains(&p) || tree.genitive(&p)) || *k < root;
        let speakers = tree.with(root, Rels::NMOD | Rels::OBL | Rels::COMPOUND | Rels::AMOD).filter(by);
        speakers.flat_map(|k| mentions.of(k)).find(|r| official(r) && !r.country_implied).cloned()
    }

    /// `voice` speaks the words and does what in them has no doer; `claimer` vouches for others' deeds.
    fn deed(
        &self,
        deed: &Deed,
        voice: Option<&Resolved>,
        claimer: Option<&Resolved>,
        maker: &Maker<'_, '_>,
        out: &mut Vec<(usize, Event)>,
    ) {
        for mut event in maker.events(deed, voice) {
            if let Some(claimer) = claimer {
                claim(&mut event, claimer);
            }
            // "trained the army and the Peshmerga" names two, if under one code.
            let listed = |e: &Event| {
                e.evidence.first() == event.evidence.first() && e.target.as_ref().map(|r| &r.name) != event.target.as_ref().map(|r| &r.name)
            };
            let same = out.iter_mut().find(|(_, e)| {
                e.code == event.code
                    && side(e.source.as_ref()) == side(event.source.as_ref())
                    && side(e.target.as_ref()) == side(event.target.as_ref())
                    && e.mode == event.mode
                    && !listed(e)
            });
            match same {
                Some((_, e)) => {
                    for span in event.evidence {
                        if !e.evidence.contains(&span) {
                            e.evidence.push(span);
                        }
                    }
                }
                None => out.push((deed.trigger, event)),
            }
        }
        for inner in &deed.inside {
            let accuser = maker.events(deed, voice).into_iter().next().and_then(|e| e.source);
            let mut kept = Vec::new();
            self.deed(inner, voice, claimer, maker, &mut kept);
            for (t, mut e) in kept {
                if e.mode == Mode::Claimed {
                    e.claimed_by = e.claimed_by.or_else(|| accuser.as_ref().map(|c| c.code.clone()));
                }
                out.push((t, e));
            }
        }
    }

    /// "Near Raqqa, two strikes destroyed a vehicle": sides left out but plain from the article
    /// are those of the last such deed.
    fn carry_on(&mut self, index: u32, tree: &Tree<'_>, made: &mut [(usize, Event)]) {
        let of = |r: &Option<Role>| r.as_ref().and_then(|r| r.code.get(..3)).map(str::to_owned);
        for (trigger, e) in made.iter_mut() {
            let told = matches!(e.mode, Mode::Happened | Mode::Claimed);
            if !told || !matches!(e.code.get(..3), Some("190" | "194" | "195")) {
                continue;
            }
            if let Some(last) = self.force.as_ref().filter(|last| index - last.sentence <= 8) {
                // "The attacks occurred at dawn": a deed told of again, not another.
                let again = tree.definite(*trigger);
                if again && e.source.is_none() && e.target.is_none() {
                    continue;
                }
                let implied = |r: &Option<Role>| r.clone().map(|r| Role { link: Link::Implied, ..r });
                let deed = event::by_deed(tree, self.k, *trigger) || tree.upos(*trigger) == Upos::NOUN && last.code == e.code;
                if e.source.is_none() && deed && (e.target.is_none() || of(&last.source) != of(&e.target)) {
                    e.source = implied(&last.source);
                    e.why.push(format!("doer as in sentence {}", last.sentence));
                    e.confidence *= 0.7;
                    e.target = e.target.take().or_else(|| implied(&last.target));
                } else if e.target.is_none() && e.source.is_some() && of(&e.source) == of(&last.source) {
                    e.target = implied(&last.target);
                    e.why.push(format!("target as in sentence {}", last.sentence));
                    e.confidence *= 0.7;
                }
            }
            if e.source.is_some() && e.target.is_some() {
                self.force = Some(e.clone());
            }
        }
    }

    fn statement(&mut self, mut draft: Draft, first_event: usize, stations: &[Station], tree: &Tree<'_>) {
        let asked = AskedWay { tree, k: self.k, stations, cue: draft.cue_token, speaker: draft.speaker_token, content: &draft.tokens };
        let mut path = asked.path();
        if draft.outlet_speaker
            && let Some(s) = stations.iter().find(|s| draft.speaker_token.is_some_and(|h| h >= s.start && h < s.end))
        {
            let (kind, via, cue) = (HopKind::Outlet, Via::Direct, Some(tree.span(s.start)));
            // "The agency, citing the Post, said": the Post had it first.
            let cited = draft.cue_token.is_some_and(|v| chain::cited(tree, self.k, v).is_some());
            let (at, via) = if cited && !path.hops.is_empty() { (1, Via::Quoted) } else { (0, via) };
            path.hops.insert(at, Hop { name: s.name.clone(), kind, via, cue, seen: false });
        }
        let called = self.called.call(tree, self.k, &mut Parts::of(&mut draft));
        let mut statement = draft.statement;
        let person = called.person;
        let speaker = called.name.map(|n| (n, called.kind));
        self.ways.push(Way { speaker, person, path, cue: statement.cue, from: None });
        let index = self.coded.statements.len() as u32;
        for e in draft.events {
            if let Some(event) = self.coded.events.get_mut(first_event + e) {
                event.said_in = event.said_in.or(Some(index));
                // A stance is taken when it is spoken.
                if statement::verbal(&event.code) && event.when.text.is_none() {
                    event.when = statement.when.clone();
                }
            }
        }
        statement.chain = Attribution::default();
        self.coded.statements.push(statement);
    }

    /// "He was speaking to the Post": the way of the words told just before; "Doe gave an interview to the Post": of
    /// what Doe says in the article.
    fn way_told(&mut self, index: u32, stations: &[Station], tree: &Tree<'_>, mentions: &Mentions, inside: &Tokens, silent: bool) {
        let about = chain::about_words(tree, self.k);
        let told = || chain::subject(tree).filter(|(v, _)| !stations.is_empty() || silent && chain::posts(tree, self.k, *v));
        let Some((cue, speaker)) = about.map(|cue| (cue, tree.with(cue, Rels::NSUBJ).next())).or_else(|| told().map(|(v, s)| (v, Some(s))))
        else {
            return;
        };
        let none = Tokens::none(tree.len());
        let content = if about.is_some() { &none } else { inside };
        let mut path = AskedWay { tree, k: self.k, stations, cue: Some(cue), speaker, content }.path();
        let subject = speaker.and_then(|s| chain::noun_via(tree, self.k, s)).map(|(via, _)| via);
        path.place = path.place.or(subject.filter(|via| *via != Via::Speech));
        let name = speaker.and_then(|s| mentions.of(s).first()).map(|r| r.name.clone());
        let first = path.hops.first().is_some_and(|h| !matches!(h.via, Via::Quoted | Via::Retold));
        if first || stations.is_empty() && path.place == Some(Via::Post) {
            let named = speaker.and_then(|s| self.called.name_of(tree, self.k, mentions, s));
            if let Some(name) = named {
                let way = Way { speaker: Some((name, HopKind::Speaker)), person: true, path: path.clone(), cue: None, from: None };
                self.told_ways.push((way, index));
            }
        }
        if about.is_none() {
            return;
        }
        let near = |s: &&Statement| s.sentence < index && index - s.sentence <= 4;
        let before = self.ways.iter().zip(&self.coded.statements).rev().filter(|(_, s)| near(s)).filter_map(|(w, _)| w.speaker.clone());
        let told: Vec<(String, HopKind)> = before.collect();
        let Some(who) = told.iter().find(|(n, _)| Some(n) == name.as_ref()).or(told.first()).cloned() else { return };
        for (way, s) in self.ways.iter_mut().zip(&self.coded.statements) {
            if way.speaker.as_ref() != Some(&who) || index - s.sentence > 4 {
                continue;
            }
            way.path.place = way.path.place.or(path.place);
            let told = !way.path.hops.is_empty();
            for hop in &path.hops {
                if way.path.hops.iter().all(|h| h.name != hop.name) {
                    // Who sends on what another has first hand retells it.
                    let via = if told && hop.via != Via::Quoted { Via::Retold } else { hop.via };
                    way.path.hops.push(Hop { via, ..hop.clone() });
                }
            }
            if let Some((hop, via)) = way.path.hops.first_mut().filter(|h| h.via == Via::Direct).zip(path.place) {
                hop.via = via;
            }
        }
    }

    fn remember(&mut self, mentions: &Mentions, index: u32) {
        for r in mentions.at.iter().flatten() {
            self.coded.mentions.push(Mention {
                span: r.span,
                sentence: index,
                head: r.head as u32,
                code: ActorCode(r.code.clone()),
                name: r.name.clone(),
                office: r.office.clone(),
                person: r.sort == Sort::Person,
                link: r.link,
                why: Why(r.why.clone()),
            });
        }
    }

    /// Puts records back into text order.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.coded.statements.len()).collect();
        order.sort_by_key(|&i| self.coded.statements[i].sentence);
        let mut place = vec![0u32; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new as u32;
        }
        self.coded.statements.sort_by_key(|s| s.sentence);
        for e in &mut self.coded.events {
            e.said_in = e.said_in.and_then(|i| place.get(i as usize).copied());
        }
        self.coded.events.sort_by_key(|e| e.sentence);
        self.coded.mentions.sort_by_key(|m| (m.sentence, m.head));
    }

    /// Finds the places of the world that the events' places mean, by all the article names.
    fn pin(&mut self) {
        if self.coded.events.iter().all(|e| e.place.is_none()) {
            return;
        }
        let asked: Vec<Asked> = self.places.iter().map(|(_, a)| a.clone()).collect();
        let means = place::resolve(&asked, &self.states, self.k);
        for place in self.coded.events.iter_mut().filter_map(|e| e.place.as_mut()) {
            let at = self.places.iter().position(|(s, _)| s.overlaps(place.span));
            let Some(c) = at.and_then(|i| means.get(i).copied().flatten()) else { continue };
            // What the actor lists say of the country stands.
            let agrees = place.country.is_empty() || c.country_code().is_none_or(|code| code == place.country);
            if !agrees {
                continue;
            }
            if place.country.is_empty() {
                place.country = c.country_code().unwrap_or("").to_owned();
            }
            let point = (c.kind != PlaceKind::Country).then_some((c.lat, c.lon));
            place.pin = Some(Pin { geonameid: c.id, point, precision: c.kind.precision() });
        }
    }

    /// Unites chains, gives ids.
    pub fn finish(mut self) -> Coded {
        self.pin();
        if self.told.never {
            self.coded.notes.push("a date no calendar has stays text".to_owned());
        }
        let sentences: Vec<u32> = self.coded.statements.iter().map(|s| s.sentence).collect();
        chain::unite(&mut self.ways, &sentences, std::mem::take(&mut self.told_ways));
        for (s, way) in self.coded.statements.iter_mut().zip(&self.ways) {
            s.chain = chain::chain(way, self.credit.as_deref(), self.heard.own.as_deref());
            s.why.extend(way.from.filter(|f| *f != s.sentence).map(|from| format!("chain as in sentence {from}")));
        }
        // Quotations may have been read out of order.
        self.sort();
        for s in &mut self.coded.statements {
            let who = s.speaker.as_ref().map_or("", |r| r.code.as_str());
            s.id = format!("s:{:012x}", hash(&[&self.article_id, who, &s.acts.join(","), &span_key(s.evidence), &span_key(s.content)]));
        }
        let mut given: HashSet<String> = HashSet::new();
        for e in &mut self.coded.events {
            let key = span_key(e.evidence.first().copied().unwrap_or_default());
            let mut parts = vec![&*self.article_id, &e.code, side(e.source.as_ref()), side(e.target.as_ref()), &key, e.mode.as_str()];
            let mut id = format!("e:{:012x}", hash(&parts));
            // Two under one code ("the army and the Peshmerga") differ by name.
            if given.contains(&id) {
                parts.extend([&e.source, &e.target].into_iter().flatten().map(|r| r.name.as_str()));
                id = format!("e:{:012x}", hash(&parts));
            }
            given.insert(id.clone());
            e.id = id;
        }
        self.coded
    }
}

/// How many of a sentence's words, marks left out, stand in quotation marks, and how many there are.
pub fn quoted(s: &Sentence) -> (usize, usize) {
    let words = s.tokens.iter().filter(|t| t.upos != Upos::PUNCT);
    words.fold((0, 0), |(quoted, all), t| (quoted + usize::from(t.quoted), all + 1))
}

/// "condemned the attack", "welcomed the agreement": what is judged is taken for a fact.
fn presupposed(tree: &Tree<'_>, deeds: &[Deed], deed: &Deed) -> bool {
    let judges = |d: &&Deed| matches!(d.code.get(..3), Some("111" | "051" | "018" | "012" | "055"));
    let within = |d: &Deed| {
        let (lo, hi) = tree.extent(d.trigger);
        d.trigger != deed.trigger && (lo..=hi).contains(&deed.trigger)
    };
    let plain = |d: &Deed| {
        let mut above = std::iter::successors(tree.head(deed.trigger), |&h| tree.head(h)).take(8);
        above.by_ref().take_while(|&h| h != d.trigger).all(|h| tree.base(h) != "ccomp")
    };
    !tree.verbal(deed.trigger) && deeds.iter().filter(judges).any(|d| within(d) && plain(d))
}

/// Whether somebody may speak for a text that says "we": a government or a body of governments.
fn official(r: &Resolved) -> bool {
    !r.stateless
        && (matches!(r.acting().get(3..6), Some("GOV" | "MIL" | "LEG" | "PTY" | "OPP"))
            || matches!(r.country(), "UNO" | "EUR" | "IGO" | "NGO"))
}

fn side(role: Option<&Role>) -> &str {
    role.map_or("-", |r| r.code.as_str())
}

fn span_key(span: Span) -> String {
    format!("{}-{}", span.start, span.end)
}

/// FNV-1a over the parts, 48 bits: stable across versions and machines.
fn hash(parts: &[&str]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for b in part.bytes().chain([0x1f]) {
            h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    h >> 16
}
