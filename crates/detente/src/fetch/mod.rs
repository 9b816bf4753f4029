//! Pages and feeds from the network. Everything that came, and every failure, goes to the caller, who keeps it.

mod client;
pub mod feed;
mod hosts;
mod private;
mod robots;

pub use client::{Answer, Client, Known, Manners, Trouble};
pub use private::private;

use crate::read::{self, Defaults, Source};
use crate::store::{FeedItem, FetchRow, Fetched};
use detente_core::model::{Article, Date};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError, mpsc};
use url::Url;

/// Runs after which a page whose failure may pass is given up.
const ENOUGH: i64 = 6;

/// A page's text shorter than this, in bytes, is taken from the feed when that has more.
const SHORT: usize = 400;

/// What is to be asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The address.
    pub url: Url,
    /// What it must be.
    pub kind: Wanted,
    /// What was said last time.
    pub known: Known,
    /// What the answer may lack.
    pub defaults: Defaults,
    /// Heading and text that a feed gives the page.
    pub told: Option<(Option<String>, String)>,
    /// Runs that have asked for it in vain.
    pub tries: i64,
}

/// What an address must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A page or a feed.
    Any,
    /// The feed of this number.
    Feed(i64),
    /// A page.
    Page,
}

/// Asks for everything, `jobs` hosts at a time, and hands what came of it to `keep` in the order of arrival, in lots. Stops
/// when `keep` fails.
///
/// # Errors
/// Those of `keep`.
pub fn run<E>(
    client: &Client<'_>,
    asks: Vec<Ask>,
    jobs: usize,
    today: Date,
    mut keep: impl FnMut(Vec<FetchRow>) -> Result<(), E>,
) -> Result<(), E> {
    let mut hosts: Vec<VecDeque<Ask>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for ask in asks {
        let place = *places.entry(hosts::name(&ask.url)).or_insert_with(|| {
            hosts.push(VecDeque::new());
            hosts.len() - 1
        });
        hosts[place].push_back(ask);
    }
    let threads = jobs.clamp(1, hosts.len().max(1));
    let queue = Mutex::new(VecDeque::from(hosts));
    let (send, receive) = mpsc::sync_channel::<FetchRow>(256);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, queue) = (send.clone(), &queue);
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some(host) = next else { return };
                    for ask in host {
                        let Some(row) = one(client, ask, today) else { return };
                        if send.send(row).is_err() {
                            return;
                        }
                    }
                }
            });
        }
        drop(send);
        while let Ok(first) = receive.recv() {
            let mut rows = vec![first];
            // What else is there is kept in the same step.
            while rows.len() < 256
                && let Ok(row) = receive.try_recv()
            {
                rows.push(row);
            }
            if let Err(err) = keep(rows) {
                drop(receive);
                return Err(err);
            }
        }
        Ok(())
    })
}

/// Asks for one; none when the user stopped.
fn one(client: &Client<'_>, ask: Ask, today: Date) -> Option<FetchRow> {
    if client.stopped() {
        return None;
    }
    let (answer, _) = client.get(&ask.url, &ask.known);
    if client.stopped() && answer.is_err() {
        return None;
    }
    let feed = match ask.kind {
        Wanted::Feed(n) => Some(n),
        _ => None,
    };
    let mut row = FetchRow {
        url: ask.url.to_string(),
        feed,
        status: None,
        etag: ask.known.etag.clone(),
        modified: ask.known.modified.clone(),
        outlet: ask.defaults.outlet.clone(),
        after: None,
        fetched: Fetched::Unchanged,
    };
    let made = answer.and_then(|answer| {
        row.status = Some(answer.status);
        if answer.status == 304 {
            return Ok(Fetched::Unchanged);
        }
        (row.etag, row.modified) = (answer.known.etag.clone(), answer.known.modified.clone());
        taken(&ask, answer, today)
    });
    row.fetched = match made {
        Ok(fetched) => fetched,
        Err(trouble) => {
            row.status = trouble.status.or(row.status);
            row.after = trouble.after.map(|a| a.as_secs());
            failed(&ask, trouble, today)
        }
    };
    Some(row)
}

/// What an answer holds.
fn taken(ask: &Ask, answer: Answer, today: Date) -> Result<Fetched, Trouble> {
    let lasting = |what: String| Trouble { status: Some(answer.status), ..Trouble::lasting(what) };
    let most = ask.defaults.most();
    let text = read::decoded(&answer.body, most).map_err(|e| lasting(e.to_string()))?;
    if ask.kind != Wanted::Page && feed::is_feed(&text) {
        let read = feed::read(&text, &answer.url, today).map_err(lasting)?;
        return Ok(taken_feed(ask, read));
    }
    if let Wanted::Feed(_) = ask.kind {
        return Err(lasting("the answer is no feed any more".to_owned()));
    }
    if feed::is_feed(&text) {
        return Err(lasting("it is a feed, not a page; give its address to `detente fetch`".to_owned()));
    }
    let defaults = Defaults { url: Some(answer.url.to_string()), ..ask.defaults.clone() };
    let name = answer.url.path();
    let mut article = read::article(text.as_bytes(), name, &defaults).map_err(|e| {
        let feeds = if Source::of(&text, name) == Source::Html { read::feeds(&text) } else { Vec::new() };
        let named = feeds.iter().find_map(|f| answer.url.join(f).ok()).map_or(String::new(), |f| format!("; it names the feed {f}"));
        lasting(format!("{e}{named}"))
    })?;
    let mut note = None;
    if article.text.len() < SHORT
        && let Some((title, told)) = &ask.told
        && let Some(longer) = read::from_markup(told, title.as_deref(), &defaults).filter(|a| a.text.len() > article.text.len())
    {
        article = Article {
            title: longer.title.or(article.title),
            published: article.published,
            url: article.url,
            outlet: article.outlet,
            ..longer
        };
        article.id = read::article_id(&article.text, article.url.as_deref());
        note = Some("the page has less text than the feed; the feed's was taken".to_owned());
    }
    Ok(dated(article, note, today))
}

/// An article; a date after today is left out.
fn dated(mut article: Article, note: Option<String>, today: Date) -> Fetched {
    let mut notes: Vec<String> = note.into_iter().collect();
    if let Some(day) = article.published.filter(|d| *d > today.tomorrow().unwrap_or(today)) {
        notes.push(format!("it is dated {day}, after today; the date was left out"));
        article.published = None;
    }
    Fetched::Article(Box::new(article), (!notes.is_empty()).then(|| notes.join("; ")))
}

fn taken_feed(ask: &Ask, read: feed::Feed) -> Fetched {
    let outlet = ask.defaults.outlet.clone().or_else(|| read.title.clone());
    let items = read.items.into_iter().map(|item| {
        let article = match &item.url {
            // An item without a page is an article of its own.
            None => {
                let defaults = Defaults { outlet: outlet.clone(), published: item.published, url: None, ..ask.defaults.clone() };
                read::from_markup(item.content.as_deref().unwrap_or_default(), item.title.as_deref(), &defaults)
            }
            Some(_) => None,
        };
        FeedItem { url: item.url.map(String::from), title: item.title, published: item.published, content: item.content, article }
    });
    let note = (!read.notes.is_empty()).then(|| read.notes.join("; "));
    Fetched::Feed { title: read.title.clone(), outlet: outlet.clone(), items: items.collect(), note }
}

/// A failure; the feed's text stands for a page that cannot be had.
fn failed(ask: &Ask, trouble: Trouble, today: Date) -> Fetched {
    let given_up = !trouble.passing || ask.tries + 1 >= ENOUGH;
    if given_up && let Some((title, told)) = &ask.told {
        let defaults = Defaults { url: Some(ask.url.to_string()), ..ask.defaults.clone() };
        if let Some(article) = read::from_markup(told, title.as_deref(), &defaults).filter(|a| a.text.len() >= SHORT) {
            return dated(article, Some(format!("the page could not be had ({}); this is the feed's text", trouble.what)), today);
        }
    }
    let what = if trouble.passing && given_up { format!("{}; given up after {ENOUGH} runs", trouble.what) } else { trouble.what };
    Fetched::Failed { what, passing: !given_up }
}
