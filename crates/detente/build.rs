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
}
