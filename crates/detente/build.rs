//! Lists the built web pages, so that they are compiled in. They are made by `npm run build` in `web/` and kept in git,
//! because a plain `cargo build` must not need Node.

use std::path::Path;
use std::{env, fs};

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut names: Vec<_> = fs::read_dir(&dist)
        .unwrap_or_else(|e| panic!("{}: {e}; `npm ci && npm run build` in web/ makes it", dist.display()))
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let lines: String = names.iter().map(|n| format!("    asset({n:?}, include_bytes!({:?})),\n", dist.join(n))).collect();
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("assets.rs");
    fs::write(out, format!("static ASSETS: [Asset; {}] = [\n{lines}];\n", names.len())).expect("the build's folder can be written");
    sample();
}

/// The articles of `corpus/` for `init --sample`: name, text, settings.
fn sample() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    println!("cargo::rerun-if-changed={}", corpus.display());
    let mut texts: Vec<_> = fs::read_dir(&corpus)
        .unwrap_or_else(|e| panic!("{}: {e}", corpus.display()))
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "txt") && p.with_extension("toml").exists())
        .collect();
    texts.sort();
    let line = |p: &std::path::PathBuf| {
        format!(
            "({:?}, include_str!({p:?}), include_str!({:?})),\n",
            p.file_stem().unwrap_or_default().to_string_lossy(),
            p.with_extension("toml")
        )
    };
    let lines: String = texts.iter().map(line).collect();
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("sample.rs");
    fs::write(out, format!("[\n{lines}]\n")).expect("the build's folder can be written");
}
