use detente_watch::ranking::{*, measure::*, ranker::*, slate::Step};
use std::time::Instant;
struct Two;
impl Work for Two {
    fn map<T: Send>(&self, n: usize, job: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
        if n < 2 { return (0..n).map(job).collect(); }
        let next = std::sync::atomic::AtomicUsize::new(0);
        let run = || { let mut out = Vec::new(); loop { let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed); if i >= n { return out; } out.push((i, job(i))); } };
        let mut all = std::thread::scope(|s| { let h = s.spawn(run); let mut a = run(); a.extend(h.join().unwrap()); a });
        all.sort_by_key(|x| x.0);
        all.into_iter().map(|x| x.1).collect()
    }
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut ev: Vec<(usize, Event)> = Vec::new();
    for (i, f) in args.iter().filter(|a| !a.contains('=')).enumerate() {
        for l in std::fs::read_to_string(f).unwrap().lines().filter(|l| !l.starts_with('#')) {
            let v: Vec<u32> = l.split('\t').take(4).map(|x| x.trim().parse().unwrap()).collect();
            ev.push((i, Event { step: v[3], source: v[0], deed: v[1], target: v[2] }));
        }
    }
    let opt = |k: &str, d: f64| args.iter().find_map(|a| a.strip_prefix(&format!("{k}="))).map_or(d, |v| v.parse().unwrap());
    if ev.iter().all(|e| e.1.step % 24 == 0) { ev.iter_mut().for_each(|e| e.1.step /= 24); }
    let files = ev.last().unwrap().0;
    ev.sort_by_key(|e| e.1);
    let last = ev.last().unwrap().1.step;
    let ents = ev.iter().map(|e| e.1.source.max(e.1.target)).max().unwrap() + 1;
    let deeds = ev.iter().map(|e| e.1.deed).max().unwrap() + 1;
    let from = if files > 0 { ev.iter().filter(|e| e.0 == files).map(|e| e.1.step).min().unwrap() } else { last + 1 - (last + 1) / 5 };
    let (hist, test): (Vec<Event>, Vec<Event>) = ev.iter().map(|e| e.1).partition(|e| e.step < from);
    let mut o = Options::default();
    o.learn = opt("learn", o.learn as f64) as usize;
    o.questions = opt("q", o.questions as f64) as usize;
    o.growth.trees = opt("trees", o.growth.trees as f64) as usize;
    o.growth.rate = opt("rate", o.growth.rate as f64) as f32;
    o.growth.ridge = opt("ridge", o.growth.ridge as f64) as f32;
    o.growth.questions = opt("gq", o.growth.questions as f64) as f32;
    o.growth.features = opt("gf", o.growth.features as f64) as f32;
    let every = opt("every", 1.0) as u32;
    let t = Instant::now();
    let mut r = Ranker::fit(&hist, ents, deeds, &o, &Two);
    println!("fit {:.1}s", t.elapsed().as_secs_f64());
    let used = r.trees.used(slate::FEATURES);
    println!("used {used:?}");
    let t = Instant::now();
    let _ = every;
    let ans = measure(&mut r, &[], &test, args.iter().any(|a| a == "multi=1"), &Two);
    for (n, f) in [("all", Figures::of(ans.iter().map(|a| a.rank))), ("heads", Figures::of(ans.iter().filter(|a| a.head).map(|a| a.rank))), ("tails", Figures::of(ans.iter().filter(|a| !a.head).map(|a| a.rank))), ("met", Figures::of(ans.iter().filter(|a| a.met).map(|a| a.rank))), ("unmet", Figures::of(ans.iter().filter(|a| !a.met).map(|a| a.rank)))] {
        println!("{n:16} n {:6} mrr {:.4} h {:.3?}", f.n, f.mrr(), f.hits());
    }
    println!("rank {:.1}s", t.elapsed().as_secs_f64());
}
