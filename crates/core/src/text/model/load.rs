//! The weights: a safetensors file, the label sets in its metadata.

use rustc_hash::FxHashMap as HashMap;
use std::str::FromStr;

use serde_json::Value;

use super::ModelError;
use super::dense::Dense;
use super::features::{AFFIX_ROWS, GRAM_ROWS};
use super::lemma::{Lexicon, Script};
use super::rows::fast;
use crate::model::syntax::{Deprel, Upos, Xpos};

/// Distances beyond this count as this.
pub(super) const DIST: usize = 16;

/// Byte rows with a scale each, left where they lie in the file.
#[derive(Debug)]
pub(super) struct Table {
    pub width: usize,
    q: &'static [u8],
    scale: &'static [[u8; 4]],
}

impl Table {
    /// Row `i`, the last one when there is no such row.
    #[inline(always)]
    pub(super) fn row(&self, i: usize) -> (&[u8], f32) {
        let i = i.min(self.scale.len() - 1);
        (&self.q[i * self.width..(i + 1) * self.width], f32::from_le_bytes(self.scale[i]))
    }
}

#[derive(Debug)]
pub(super) struct Norm {
    pub gain: Vec<f32>,
    pub bias: Vec<f32>,
}

/// One residual layer of the encoder.
#[derive(Debug)]
pub(super) enum Layer {
    /// Window of three, gated.
    Conv { norm: Norm, lin: Dense },
    /// Gated linear recurrence in both directions.
    Sru { norm: Norm, lin: Dense, out: Dense },
}

#[derive(Debug)]
pub(super) struct Weights {
    pub dim: usize,
    pub arc: usize,
    pub label: usize,
    pub words: HashMap<&'static str, u32>,
    pub word: Table,
    pub affix: Table,
    pub gram: Table,
    pub input: Dense,
    pub layers: Vec<Layer>,
    pub norm: Norm,
    pub proj: Dense,
    pub arc_u: Dense,
    pub root: Vec<f32>,
    pub dist: Vec<f32>,
    /// The relation out of what dependent and head share, the dependent and the head.
    pub lab: [Dense; 3],
    pub tags: Dense,
    pub lemma: Dense,
    pub upos: Vec<Upos>,
    pub xpos: Vec<Xpos>,
    pub rels: Vec<Deprel>,
    pub root_rel: usize,
    pub scripts: Vec<Script>,
    pub lexicon: Lexicon,
}

struct File {
    header: Value,
    data: &'static [u8],
}

fn bad(what: impl Into<String>) -> ModelError {
    ModelError(what.into())
}

/// IEEE half to single precision.
#[inline(always)]
fn half(bits: u16) -> f32 {
    // The exponent is moved by a multiplication, which sees to the smallest numbers too.
    let magnitude = u32::from(bits & 0x7FFF) << 13;
    let v = f32::from_bits(magnitude) * f32::from_bits(0x7780_0000);
    let v = if bits & 0x7C00 == 0x7C00 { f32::from_bits(magnitude | 0x7F80_0000) } else { v };
    f32::from_bits(v.to_bits() | u32::from(bits & 0x8000) << 16)
}

impl File {
    fn open(bytes: &'static [u8]) -> Result<File, ModelError> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or_else(|| bad("too short"))?;
        let size = usize::try_from(u64::from_le_bytes(*size)).map_err(|_| bad("header size"))?;
        if size > rest.len() {
            return Err(bad("header size"));
        }
        let (header, data) = rest.split_at(size);
        let header = serde_json::from_slice(header).map_err(|e| bad(format!("header: {e}")))?;
        Ok(File { header, data })
    }

    fn meta(&self, key: &str) -> Result<&str, ModelError> {
        self.header["__metadata__"][key].as_str().ok_or_else(|| bad(format!("no {key}")))
    }

    fn list(&self, key: &str) -> Result<Vec<String>, ModelError> {
        serde_json::from_str(self.meta(key)?).map_err(|e| bad(format!("{key}: {e}")))
    }

    fn raw(&self, name: &str, dtype: &str, shape: &[usize]) -> Result<&'static [u8], ModelError> {
        let t = &self.header[name];
        let found: Option<Vec<usize>> = t["shape"].as_array().map(|a| a.iter().map(|v| v.as_u64().unwrap_or(0) as usize).collect());
        let at = |i: usize| t["data_offsets"][i].as_u64().map(|v| v as usize);
        let width = match dtype {
            "I8" => 1,
            "F16" => 2,
            _ => 4,
        };
        let bytes = at(0).zip(at(1)).and_then(|(a, b)| self.data.get(a..b));
        match bytes {
            Some(b)
                if t["dtype"].as_str() == Some(dtype)
                    && found.as_deref() == Some(shape)
                    && b.len() == shape.iter().product::<usize>() * width =>
            {
                Ok(b)
            }
            _ => Err(bad(format!("tensor {name}: not {dtype} {shape:?}"))),
        }
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let (pairs, _) = self.raw(name, "F16", shape)?.as_chunks::<2>();
        let mut out = vec![0.0; pairs.len()];
        fast(
            #[inline(always)]
            || {
                for (out, &b) in out.iter_mut().zip(pairs) {
                    *out = half(u16::from_le_bytes(b));
                }
            },
        );
        Ok(out)
    }

    fn dense(&self, name: &str, outputs: usize, inputs: usize) -> Result<Dense, ModelError> {
        let w = self.floats(&format!("{name}.weight"), &[outputs, inputs])?;
        let b = self.floats(&format!("{name}.bias"), &[outputs])?;
        Ok(Dense::new(&w, &b, inputs))
    }

    /// A layer over three vectors of `width` laid end to end, as one layer for each: their values
    /// differ in size, and each is rounded by its own greatest. The bias goes with the last.
    fn thirds(&self, name: &str, outputs: usize, width: usize) -> Result<[Dense; 3], ModelError> {
        let w = self.floats(&format!("{name}.weight"), &[outputs, 3 * width])?;
        let b = self.floats(&format!("{name}.bias"), &[outputs])?;
        let zero = vec![0.0; outputs];
        let part = |k: usize| -> Vec<f32> { w.chunks_exact(3 * width).flat_map(|r| &r[k * width..(k + 1) * width]).copied().collect() };
        Ok([(0, &zero), (1, &zero), (2, &b)].map(|(k, b)| Dense::new(&part(k), b, width)))
    }

    fn norm(&self, name: &str, d: usize) -> Result<Norm, ModelError> {
        Ok(Norm { gain: self.floats(&format!("{name}.weight"), &[d])?, bias: self.floats(&format!("{name}.bias"), &[d])? })
    }

    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, ModelError> {
        let q = self.raw(&format!("{name}.q"), "I8", &[rows, width])?;
        let (scale, _) = self.raw(&format!("{name}.s"), "F32", &[rows])?.as_chunks::<4>();
        if rows == 0 {
            return Err(bad(format!("{name} is empty")));
        }
        Ok(Table { width, q, scale })
    }
}

/// Labels live as long as the program; a model is read once.
fn keep(text: impl Into<Box<str>>) -> &'static str {
    Box::leak(text.into())
}

impl Weights {
    pub(super) fn read(bytes: &'static [u8]) -> Result<Weights, ModelError> {
        let f = File::open(bytes)?;
        let config: Value = serde_json::from_str(f.meta("config")?).map_err(|e| bad(format!("config: {e}")))?;
        let size = |k: &str| match config[k].as_u64() {
            Some(v @ 1..=4096) => Ok(v as usize),
            _ => Err(bad(format!("config {k}"))),
        };
        let (dim, arc, label) = (size("dim")?, size("arc")?, size("label")?);
        let (word, affix, gram) = (size("word")?, size("affix")?, size("gram")?);
        if dim % 2 != 0 {
            return Err(bad("config dim is odd"));
        }

        let upos = f.list("upos")?;
        let upos: Vec<Upos> = upos.iter().map(|u| Upos::from_str(u).map_err(|()| bad(format!("tag {u}")))).collect::<Result<_, _>>()?;
        let xpos: Vec<Xpos> = f.list("xpos")?.into_iter().map(|x| Xpos(keep(x))).collect();
        let rels: Vec<Deprel> = f.list("rels")?.into_iter().map(|r| Deprel(keep(r))).collect();
        let root_rel = rels.iter().position(|r| r.as_str() == "root").ok_or_else(|| bad("no root relation"))?;
        let scripts: Vec<Script> =
            f.list("scripts")?.iter().map(|s| Script::parse(s).ok_or_else(|| bad(format!("script {s}")))).collect::<Result<_, _>>()?;
        if upos.is_empty() || xpos.is_empty() || rels.len() < 2 || scripts.is_empty() {
            return Err(bad("an empty label set"));
        }
        let list = keep(f.meta("words")?);
        let mut words = HashMap::with_capacity_and_hasher(list.len() / 8, Default::default());
        words.extend(list.split('\n').zip(0_u32..));
        let rows = list.split('\n').count();
        let list = keep(f.meta("lexicon")?);
        let mut lexicon = Lexicon::new(list.len() / 16);
        for line in list.lines() {
            let mut part = line.split('\t');
            if let (Some(u), Some(form), Some(lemma)) = (part.next(), part.next(), part.next())
                && let Some(u) = upos.iter().position(|t| t.as_str() == u)
            {
                lexicon.add(u, form, lemma);
            }
        }

        let mut layers = Vec::new();
        for (i, kind) in config["layers"].as_str().unwrap_or("").chars().enumerate() {
            let name = format!("layers.{i}");
            let norm = f.norm(&format!("{name}.norm"), dim)?;
            let lin = format!("{name}.lin");
            layers.push(match kind {
                'c' => Layer::Conv { norm, lin: f.dense(&lin, 2 * dim, 3 * dim)? },
                's' => Layer::Sru { norm, lin: f.dense(&lin, 3 * dim, dim)?, out: f.dense(&format!("{name}.out"), dim, dim)? },
                _ => return Err(bad("config layers")),
            });
        }
        let u = f.floats("arc_u", &[arc, arc])?;
        let turned: Vec<f32> = (0..arc * arc).map(|i| u[(i % arc) * arc + i / arc]).collect();
        Ok(Weights {
            word: f.table("word", rows, word)?,
            affix: f.table("affix", AFFIX_ROWS, affix)?,
            gram: f.table("gram", GRAM_ROWS, gram)?,
            input: f.dense("inp", 2 * dim, word + affix + gram)?,
            layers,
            norm: f.norm("norm", dim)?,
            proj: f.dense("proj", 2 * (arc + label), dim)?,
            arc_u: Dense::new(&turned, &f.floats("arc_b", &[arc])?, arc),
            root: f.floats("root", &[arc + label])?,
            dist: f.floats("dist", &[2 * DIST + 1])?,
            lab: f.thirds("lab", rels.len(), label)?,
            tags: f.dense("tags", upos.len() + xpos.len(), dim)?,
            lemma: f.dense("lemma", scripts.len(), dim)?,
            dim,
            arc,
            label,
            words,
            upos,
            xpos,
            rels,
            root_rel,
            scripts,
            lexicon,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::half;

    #[test]
    fn halves() {
        assert_eq!(half(0x3C00), 1.0);
        assert_eq!(half(0xC000), -2.0);
        assert_eq!(half(0x0001), 2.0_f32.powi(-24));
        assert_eq!(half(0x7BFF), 65504.0);
        assert!(half(0x7C00).is_infinite() && half(0xFE00).is_nan());
        assert_eq!(half(0x83FF), -1023.0 * 2.0_f32.powi(-24));
    }
}
