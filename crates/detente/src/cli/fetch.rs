//! `detente fetch`: pages and feeds of the network into the store.

use super::options::{Fill, StoreArg};
use clap::Args;

/// Options of `fetch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente fetch https://example.org/feed.xml             # a feed: its pages now, and whenever `detente fetch` is run
  detente fetch https://example.org/2018/07/story.html   # a page
  detente fetch                                          # what is new in all feeds, and what failed before
  detente fetch --file addresses.txt --json
  detente fetch --list; detente fetch --failed

One request at a time goes to a host, with a pause between two; robots.txt is obeyed. What is stopped or
killed goes on with the next `detente fetch`. A failure that may pass is tried again, within the run and in
later ones; every failure is listed by --failed. Nothing is asked of private addresses (this machine, the local network)
unless --allow-private is given. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are respected.
Exit codes: 0 something new, 1 nothing new, 2 something failed, 130 stopped by Ctrl-C.")]
#[cfg_attr(not(feature = "net"), allow(dead_code))] // A build without the network only says so.
pub struct FetchArgs {
    /// Addresses of pages and feeds; without one, all feeds are asked for what is new
    #[arg(value_name = "URL")]
    urls: Vec<String>,
    /// File with one address a line; - is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<std::path::PathBuf>,
    /// List the feeds
    #[arg(long, conflicts_with_all = ["urls", "file", "failed", "forget", "again"])]
    list: bool,
    /// List what could not be had: address, when, why, when it is tried again
    #[arg(long, conflicts_with_all = ["urls", "file", "forget", "again"])]
    failed: bool,
    /// Forget a feed, or a page that could not be had; what was read stays
    #[arg(long, value_name = "URL", conflicts_with_all = ["urls", "file"])]
    forget: Option<String>,
    /// Try everything again that failed, given up or not
    #[arg(long)]
    again: bool,
    /// One JSON object a line for each address, once it is kept
    #[arg(long)]
    json: bool,
    /// Pages asked for in this run at most; the others wait for the next
    #[arg(long, value_name = "N")]
    most: Option<usize>,
    /// Hosts asked at the same time
    #[arg(short, long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// Seconds between two requests to one host; its robots.txt may ask for more
    #[arg(long, value_name = "S", default_value_t = 1.0, value_parser = seconds)]
    delay: f64,
    /// Seconds that an answer may take
    #[arg(long, value_name = "S", default_value_t = 30.0, value_parser = seconds)]
    timeout: f64,
    /// Tries after a failure that may pass
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=10))]
    retries: u32,
    /// Seconds before the second try; each later one waits four times as long
    #[arg(long, value_name = "S", default_value_t = 1.0, value_parser = seconds)]
    back_off: f64,
    /// Ask private addresses too
    #[arg(long)]
    allow_private: bool,
    #[command(flatten)]
    fill: Fill,
    #[command(flatten)]
    store: StoreArg,
}

fn seconds(s: &str) -> Result<f64, String> {
    s.parse().ok().filter(|s| (0.0..=3600.0).contains(s)).ok_or_else(|| "seconds are a number from 0 to 3600".to_owned())
}

#[cfg(not(feature = "net"))]
pub(super) fn run(_args: &FetchArgs) -> Result<super::Exit, crate::failure::Stop> {
    Err(crate::failure::Failure::new("this build of détente has no network: it cannot fetch")
        .hint("`cargo build --release --features net` makes one that can; or give `detente import` files that something else has fetched")
        .into())
}

#[cfg(feature = "net")]
pub(super) use with_net::run;

#[cfg(feature = "net")]
mod with_net {
    use super::super::Exit;
    use super::super::code::stop_on_ctrl_c;
    use super::super::progress::Progress;
    use super::FetchArgs;
    use crate::config::Settings;
    use crate::failure::{self, Failure, Stop};
    use crate::fetch::{self, Ask, Client, Known, Manners, Wanted};
    use crate::output::Output;
    use crate::read::Defaults;
    use crate::show::{BOLD, Columns, DIM, cell, clean};
    use crate::store::{FetchKept, FetchRow, Fetched, Store};
    use std::collections::HashSet;
    use std::io::Read;
    use std::path::{Path, PathBuf};
    use std::sync::atomic::Ordering;
    use std::time::Duration;
    use url::Url;

    /// Largest answer unless the user allows more. A feed of 100,000 items has some 50 MB.
    const LARGEST: u64 = 64 << 20;

    /// Pages whose particulars are held at a time.
    const LOT: usize = 2_000;

    /// What a run came to.
    #[derive(Default)]
    struct Tally {
        new: u64,
        known: u64,
        removed: u64,
        unchanged: u64,
        failed: u64,
        items: i64,
        new_items: i64,
        pages: usize,
    }

    pub(in super::super) fn run(args: &FetchArgs) -> Result<Exit, Stop> {
        let settings = Settings::load()?;
        let path = args.store.path(&settings);
        if args.list {
            return list(&Store::open_read(&path)?, args.json);
        }
        if args.failed {
            return failures(&Store::open_read(&path)?, args.json);
        }
        if let Some(url) = &args.forget {
            return match Store::open_write(&path)?.forget_fetch(url)? {
                true => {
                    failure::note(&format!("{url} is forgotten; what was read from it stays"));
                    Ok(Exit::Found)
                }
                false => Err(Failure::new(format!("no feed and no failed page {url}"))
                    .hint("`detente fetch --list`, `--failed` list them")
                    .into()),
            };
        }
        let mut defaults = args.fill.defaults(&settings)?;
        defaults.url = None;
        let wanted = addresses(args)?;
        let stop = stop_on_ctrl_c();
        let _one = only(&path)?;
        let mut store = Store::open_write(&path)?;
        if args.again {
            store.fetch_again()?;
        }
        let mut asks = Vec::new();
        if wanted.is_empty() {
            for feed in store.feeds()? {
                // It was an address when it was put there.
                let Ok(url) = Url::parse(&feed.url) else { continue };
                let defaults = Defaults { outlet: feed.outlet.clone().or_else(|| defaults.outlet.clone()), ..defaults.clone() };
                let known = Known { etag: feed.etag, modified: feed.modified };
                asks.push(Ask { url, kind: Wanted::Feed(feed.n), known, defaults, told: None, tries: 0 });
            }
            let waiting = store.count_due()?;
            if asks.is_empty() && waiting == (0, 0) {
                return Err(Failure::new(format!("{} knows no feeds", path.display())).hint("detente fetch URL adds one").into());
            }
        }
        let known = store.feeds()?;
        for url in &wanted {
            let feed = known.iter().find(|f| f.url == url.as_str());
            let (etag, modified) = match feed {
                Some(feed) => (feed.etag.clone(), feed.modified.clone()),
                None => store.page_known(url.as_str())?,
            };
            let outlet = defaults.outlet.clone().or_else(|| feed.and_then(|f| f.outlet.clone()));
            asks.push(Ask {
                url: url.clone(),
                kind: feed.map_or(Wanted::Any, |f| Wanted::Feed(f.n)),
                known: Known { etag, modified },
                defaults: Defaults { outlet, ..defaults.clone() },
                told: None,
                tries: 0,
            });
        }
        // Others may write while we wait for servers.
        drop(store);
        let manners = Manners {
            allow_private: args.allow_private,
            timeout: Duration::from_secs_f64(args.timeout.max(0.001)),
            delay: Duration::from_secs_f64(args.delay),
            retries: args.retries,
            back_off: Duration::from_secs_f64(args.back_off),
            limit: defaults.limit.unwrap_or(LARGEST),
            agent: format!("detente/{}", env!("CARGO_PKG_VERSION")),
        };
        let client = Client::new(manners, &stop);
        let today = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date();
        let mut out = Output::open(None)?;
        let mut tally = Tally::default();
        let jobs = usize::from(args.jobs);
        let mut progress = Progress::counting(asks.len() as u64, "addresses");
        fetch::run(&client, asks, jobs, today, |rows| keep(&path, &rows, args.json, &mut out, &mut tally, &mut progress))?;
        progress.finish();
        // The pages that feeds have named, those of earlier runs too.
        let mut asked = HashSet::new();
        loop {
            let left = args.most.map_or(LOT, |m| m.saturating_sub(tally.pages).min(LOT));
            let store = Store::open_read(&path)?;
            let due = store.due(left)?;
            let waiting = store.count_due()?.0;
            drop(store);
            let lot: Vec<Ask> = due.into_iter().filter(|d| asked.insert(d.url.clone())).filter_map(|d| ask(d, &defaults)).collect();
            if lot.is_empty() || stop.load(Ordering::Relaxed) {
                break;
            }
            tally.pages += lot.len();
            let mut progress = Progress::counting(waiting.unsigned_abs(), "pages");
            fetch::run(&client, lot, jobs, today, |rows| keep(&path, &rows, args.json, &mut out, &mut tally, &mut progress))?;
            progress.finish();
        }
        let (due, later) = Store::open_read(&path)?.count_due()?;
        if !args.json {
            out.text(&summary(&tally, due, later))?;
        }
        out.flush()?;
        if stop.load(Ordering::Relaxed) {
            failure::warning("stopped: what was fetched is kept; `detente fetch` goes on");
            return Ok(Exit::Interrupted);
        }
        Ok(match (tally.failed, tally.new) {
            (0, 0) => Exit::Nothing,
            (0, _) => Exit::Found,
            _ => Exit::Error,
        })
    }

    fn ask(due: crate::store::Due, defaults: &Defaults) -> Option<Ask> {
        let published = due.published.or(defaults.published);
        let outlet = due.outlet.or_else(|| defaults.outlet.clone());
        Some(Ask {
            url: Url::parse(&due.url).ok()?,
            kind: Wanted::Page,
            known: Known::default(),
            defaults: Defaults { published, outlet, ..defaults.clone() },
            told: due.content.map(|content| (due.title, content)),
            tries: due.tries,
        })
    }

    /// Writes what came into the store, then says so.
    fn keep(path: &Path, rows: &[FetchRow], json: bool, out: &mut Output, tally: &mut Tally, progress: &mut Progress) -> Result<(), Stop> {
        let kept = Store::open_write(path)?.keep_fetched(rows)?;
        for (row, kept) in rows.iter().zip(&kept) {
            tally.add(kept);
            if json {
                // Plain texts and numbers: nothing in them can fail to serialise.
                let line = serde_json::to_string(kept).expect("a row is plain data");
                out.text(&format!("{line}\n"))?;
            }
            let said = match (&kept.failure, &kept.note) {
                (Some(why), _) => Some(Failure::new(format!("{}: {why}", kept.url))),
                (None, Some(note)) if !matches!(row.fetched, Fetched::Unchanged) => Some(Failure::new(format!("{}: {note}", kept.url))),
                _ => None,
            };
            if let Some(said) = said {
                progress.quietly(|| if kept.failure.is_some() { failure::error(&said) } else { failure::note(&said.what) });
            }
        }
        progress.add(rows.len() as u64);
        if json {
            out.flush()?;
        }
        Ok(())
    }

    impl Tally {
        fn add(&mut self, kept: &FetchKept) {
            self.items += kept.items.unwrap_or(0);
            self.new_items += kept.new_items.unwrap_or(0);
            match kept.result {
                "new" => self.new += 1,
                "known" => self.known += 1,
                "removed" => self.removed += 1,
                "unchanged" => self.unchanged += 1,
                "failed" => self.failed += 1,
                // Articles that stand in the feed itself come with it; pages are counted when they are had.
                _ => self.new += u64::from(kept.new_items.unwrap_or(0) > 0),
            }
        }
    }

    fn summary(t: &Tally, due: i64, later: i64) -> String {
        let mut columns = Columns::default();
        let mut row = |what: &str, n: i64, more: &str| {
            columns.row([cell(what.to_owned()).style(BOLD), cell(n.to_string()).right(), cell(more.to_owned()).style(DIM)])
        };
        let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        row("items", t.items, &format!("in feeds, {} not seen before", t.new_items));
        row("new", n(t.new), "kept; next: detente code --new");
        row("known", n(t.known + t.unchanged), "or unchanged");
        if t.removed > 0 {
            row("removed", n(t.removed), "taken out of the store on request and not taken in again");
        }
        if t.failed > 0 {
            row("failed", n(t.failed), "detente fetch --failed lists all");
        }
        if due + later > 0 {
            row("waiting", due + later, &format!("{due} for the next run, {later} for later tries"));
        }
        columns.lines()
    }

    /// Only one run at a time asks servers.
    fn only(store: &Path) -> Result<std::fs::File, Failure> {
        let mut name = store.as_os_str().to_owned();
        name.push("-fetch");
        let path = PathBuf::from(name);
        let wrong = |err: &std::io::Error| Failure::io("write", &path.display().to_string(), err);
        if !store.exists() {
            return Err(Failure::new(format!("there is no store at {}", store.display())).hint("`detente init` makes one"));
        }
        let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| wrong(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => {
                Err(Failure::new(format!("another `detente fetch` is at work for {}", store.display())).hint("wait for its end"))
            }
            Err(std::fs::TryLockError::Error(err)) => Err(wrong(&err)),
        }
    }

    /// The addresses given, each once.
    fn addresses(args: &FetchArgs) -> Result<Vec<Url>, Failure> {
        let mut given = args.urls.clone();
        if let Some(file) = &args.file {
            let name = file.display().to_string();
            let text = if file.as_os_str() == "-" {
                let mut text = String::new();
                std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
            } else {
                std::fs::read_to_string(file)
            };
            let text = text.map_err(|e| Failure::io("read", &name, &e))?;
            given.extend(text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned));
        }
        let mut seen = HashSet::new();
        let mut out = Vec::new();
        for text in given {
            let url = Url::parse(text.trim()).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
            let mut url = url.ok_or_else(|| {
                Failure::new(format!("\"{text}\" is no address of a page")).hint("addresses begin with https:// or http://")
            })?;
            url.set_fragment(None);
            if seen.insert(url.clone()) {
                out.push(url);
            }
        }
        if args.file.is_some() && out.is_empty() {
            return Err(Failure::new("the file holds no addresses").hint("give one a line"));
        }
        Ok(out)
    }

    fn list(store: &Store, json: bool) -> Result<Exit, Stop> {
        let feeds = store.feeds()?;
        let mut out = Output::open(None)?;
        let mut columns = Columns::default();
        for f in &feeds {
            if json {
                let line = serde_json::to_string(f).expect("a feed is plain data");
                out.text(&format!("{line}\n"))?;
                continue;
            }
            let state = f.failure.as_deref().or(f.note.as_deref()).unwrap_or("");
            columns.row([
                cell(clean(&f.url).into_owned()).style(BOLD),
                cell(clean(f.title.as_deref().unwrap_or("")).into_owned()),
                cell(format!("{} pages", f.pages)).right(),
                cell(format!("{} waiting", f.due)).right(),
                cell(format!("{} failed", f.failed)).right(),
                cell(f.checked.clone().unwrap_or_default()).style(DIM),
                cell(clean(state).into_owned()),
            ]);
        }
        if !json {
            out.text(&columns.lines())?;
        }
        out.flush()?;
        Ok(if feeds.is_empty() { Exit::Nothing } else { Exit::Found })
    }

    fn failures(store: &Store, json: bool) -> Result<Exit, Stop> {
        let rows = store.fetch_failures()?;
        let mut out = Output::open(None)?;
        for (url, at, why, again) in &rows {
            if json {
                out.text(&format!("{}\n", serde_json::json!({"url": url, "at": at, "failure": why, "again": again})))?;
            } else {
                out.text(&format!("{}\t{at}\t{}\t{}\n", clean(url), clean(why), again.as_deref().unwrap_or("-")))?;
            }
        }
        out.flush()?;
        Ok(if rows.is_empty() { Exit::Nothing } else { Exit::Found })
    }
}
