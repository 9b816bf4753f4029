//! How quickly the desk answers: `cargo bench -p detente --bench desk`.
//!
//! DESK_STORE names a store to ask; without it one is made with DESK_EVENTS events (a million unless told). DESK_SECONDS
//! is how long the load lasts (60). Prints times as a client has them beside the processor time the desk took, which
//! other programs do not change; judges none of them: machines differ.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // A bench that cannot go on says so and ends.

#[path = "../tests/common/desk.rs"]
mod desk;

use desk::Desk;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Requests a second of the load, and the connections they come over.
const RATE: u32 = 200;
const CLIENTS: u32 = 4;

fn main() {
    // `cargo test --all-targets` runs benches too, without --bench and without a wish for figures.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let number = |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise);
    let dir = tempfile::tempdir().unwrap();
    let store = match std::env::var_os("DESK_STORE") {
        Some(path) => PathBuf::from(path),
        None => made(dir.path(), number("DESK_EVENTS", 1_000_000)),
    };
    let desk = Desk::open(&store);
    let mut client = desk.client();
    first_page(&desk, &mut client);
    let pairs = pairs(&mut client);
    dyads(&desk, &mut client, &pairs);
    for others in [false, true] {
        load(&desk, &pairs, Duration::from_secs(number("DESK_SECONDS", 60)), others);
    }
}

/// A store of made-up events over fifteen years: few pairs have most of them, as in the world.
fn made(dir: &Path, events: u64) -> PathBuf {
    const SIDES: &[&str] = &[
        "USA", "CHN", "RUS", "IRN", "ISR", "SYR", "TUR", "SAU", "IRQ", "EGY", "GBR", "FRA", "DEU", "JPN", "KOR", "PRK", "IND", "PAK",
        "AFG", "UKR", "LBN", "JOR", "YEM", "QAT", "ARE", "KWT", "OMN", "BHR", "LBY", "DZA",
    ];
    const CODES: &[(&str, &str)] = &[
        ("010", "0.0"),
        ("020", "3.0"),
        ("036", "4.0"),
        ("042", "1.9"),
        ("051", "3.4"),
        ("112", "-2.0"),
        ("130", "-4.4"),
        ("173", "-5.0"),
        ("190", "-10.0"),
    ];
    let pairs: Vec<(&str, &str)> = (0..SIDES.len()).flat_map(|i| (i + 1..SIDES.len()).map(move |j| (SIDES[i], SIDES[j]))).collect();
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(u32::MAX >> 1)
    };
    let path = dir.join("history.tab");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let columns = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\t\
        Target Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude";
    writeln!(file, "{columns}").unwrap();
    let first: jiff::civil::Date = "2010-01-01".parse().unwrap();
    for i in 0..events {
        let day = first.checked_add(jiff::Span::new().days(i64::try_from(i * 5_475 / events).unwrap())).unwrap();
        let (a, b) = pairs[((pairs.len() as f64).powf(next()) as usize).clamp(1, pairs.len()) - 1];
        let (a, b) = if next() < 0.5 { (a, b) } else { (b, a) };
        let (code, value) = CODES[((next() * CODES.len() as f64) as usize).min(CODES.len() - 1)];
        writeln!(file, "{i}\t{day}\t{a}\t\t{a}\tEvent\t{code}\t{value}\t{b}\t\t{b}\t{i}\t1\tSource\t\t\t\t\t\t").unwrap();
    }
    file.flush().unwrap();
    let store = dir.join("desk.db");
    for args in [&["init"][..], &["import", "history.tab"]] {
        let done = Command::new(env!("CARGO_BIN_EXE_detente")).current_dir(dir).args(args).arg("--store").arg(&store).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    println!("made a store of {events} events");
    store
}

struct Client {
    stream: BufReader<TcpStream>,
    port: u16,
}

struct Answer {
    status: u16,
    body: Vec<u8>,
    took: Duration,
}

impl Desk {
    fn open(store: &Path) -> Self {
        let mut serve = Command::new(env!("CARGO_BIN_EXE_detente"));
        serve.args(["serve", "--port", "0", "--store"]).arg(store);
        Self::start(serve)
    }

    fn client(&self) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream), port: self.port }
    }

    /// Processor time it took so far; nothing where the system does not tell.
    fn processor(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<u64> =
            stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2).filter_map(|f| f.parse().ok()).collect();
        // A hundred ticks a second, on all systems there are.
        Duration::from_millis(10 * fields.iter().sum::<u64>())
    }
}

impl Client {
    fn get(&mut self, path: &str, zipped: bool) -> Answer {
        let began = Instant::now();
        let accept = if zipped { "Accept-Encoding: gzip\r\n" } else { "" };
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{accept}\r\n", self.port);
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            assert!(self.stream.read_line(&mut line).unwrap() > 0, "the desk hung up");
            let low = line.trim().to_ascii_lowercase();
            if low.starts_with("http/1.1 ") {
                status = low[9..12].parse().unwrap();
            } else if let Some(n) = low.strip_prefix("content-length: ") {
                length = n.parse().unwrap();
            } else if low.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        Answer { status, body, took: began.elapsed() }
    }

    fn json(&mut self, path: &str) -> Value {
        serde_json::from_slice(&self.get(path, false).body).unwrap()
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// All that a browser asks for to show the first page with its figures; alerts come by themselves after it.
fn first_page(desk: &Desk, client: &mut Client) {
    let page = client.get("/", false);
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let files: Vec<String> = html.split('"').filter(|p| p.starts_with("/assets/")).map(str::to_owned).collect();
    let mut bytes = 0;
    let (mut took, before) = (Duration::ZERO, desk.processor());
    for path in ["/".to_owned(), "/today.json".to_owned()].iter().chain(&files) {
        let answer = client.get(path, true);
        assert_eq!(answer.status, 200, "{path}");
        bytes += answer.body.len();
        took += answer.took;
    }
    println!(
        "first page: {:.0} ms, processor {:.0} ms, {:.1} kB in {} answers",
        ms(took),
        ms(desk.processor() - before),
        bytes as f64 / 1e3,
        files.len() + 2
    );
    let before = desk.processor();
    let alerts = client.get("/alerts.json?state=new", true);
    println!("its alerts, asked for after it: {:.0} ms, processor {:.0} ms", ms(alerts.took), ms(desk.processor() - before));
}

/// The most active pairs.
fn pairs(client: &mut Client) -> Vec<String> {
    let found = client.json("/network.json?limit=30");
    let rows = found["rows"].as_array().cloned().unwrap_or_default();
    let mut out: Vec<(i64, String)> = rows
        .iter()
        .filter_map(|r| Some((r["events"].as_i64()?, r["source"].as_str()?, r["target"].as_str()?)))
        .filter(|(_, a, b)| a != b)
        .map(|(n, a, b)| (n, if a < b { format!("{a}-{b}") } else { format!("{b}-{a}") }))
        .collect();
    out.sort_by(|x, y| y.cmp(x));
    let mut seen = std::collections::BTreeSet::new();
    out.into_iter().map(|p| p.1).filter(|p| seen.insert(p.clone())).take(60).collect()
}

/// Pages of pairs that nobody has asked for before.
fn dyads(desk: &Desk, client: &mut Client, pairs: &[String]) {
    for (what, path) in [("a pair's page, weeks", ".json"), ("its latest events", "")] {
        let mut times = Vec::new();
        let before = desk.processor();
        for pair in pairs {
            let address = if path.is_empty() { format!("/events.json?dyad={pair}&limit=15") } else { format!("/dyad/{pair}{path}") };
            let answer = client.get(&address, true);
            assert_eq!(answer.status, 200, "{address}");
            times.push(answer.took);
        }
        times.sort();
        let at = |share: f64| times.get(((times.len() - 1) as f64 * share) as usize).copied().map_or(f64::NAN, ms);
        let processor = ms(desk.processor() - before) / pairs.len() as f64;
        println!(
            "{what}, {} pairs: median {:.0} ms, 95 % {:.0} ms, slowest {:.0} ms, processor {processor:.0} ms each",
            pairs.len(),
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
}

/// So many requests a second for a while: of one pair's page, or each of another that was not asked for before.
fn load(desk: &Desk, pairs: &[String], lasts: Duration, others: bool) {
    let gap = Duration::from_secs(1) * CLIENTS / RATE;
    let (began, before) = (Instant::now(), desk.processor());
    let results: Vec<(usize, usize, Duration)> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|c| {
                let mut client = desk.client();
                scope.spawn(move || {
                    let (mut asked, mut wrong, mut slowest) = (0, 0, Duration::ZERO);
                    let mut due = began + gap * c / CLIENTS;
                    while began.elapsed() < lasts {
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        let mut path = format!("/dyad/{}.json", pairs[0]);
                        if others {
                            // Another first day is another question.
                            let i = asked * CLIENTS as usize + c as usize;
                            path = format!("/dyad/{}.json", pairs[i % pairs.len()]);
                            let day = i / pairs.len();
                            write!(path, "?from={:04}-{:02}-{:02}", 2000 + day / 336, 1 + day / 28 % 12, 1 + day % 28).unwrap();
                        }
                        let answer = client.get(&path, true);
                        asked += 1;
                        wrong += usize::from(answer.status != 200);
                        slowest = slowest.max(answer.took);
                        // Without a queue: who is late asks at once, and no more often than that.
                        due = (due + gap).max(Instant::now() - gap);
                    }
                    (asked, wrong, slowest)
                })
            })
            .collect();
        clients.into_iter().map(|c| c.join().unwrap()).collect()
    });
    let took = began.elapsed().as_secs_f64();
    let processor = (desk.processor() - before).as_secs_f64();
    let asked: usize = results.iter().map(|r| r.0).sum();
    let wrong: usize = results.iter().map(|r| r.1).sum();
    let slowest = results.iter().map(|r| r.2).max().unwrap_or_default();
    let what = if others { "pages of pairs that nobody asked for before" } else { "the page of one pair" };
    println!(
        "{what}, {RATE} a second wanted for {} s: {:.0} a second, {wrong} errors, slowest {:.0} ms, {:.0} % of one core, {:.0} a second of processor time",
        lasts.as_secs(),
        asked as f64 / took,
        ms(slowest),
        100.0 * processor / took,
        asked as f64 / processor.max(0.01)
    );
}
