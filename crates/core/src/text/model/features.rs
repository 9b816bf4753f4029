//! Token features. The Python twin is training/feats.py; keep both equal.

const MAX_CHARS: usize = 40;
pub(super) const AFFIX_ROWS: usize = 1 << 14;
pub(super) const GRAM_ROWS: usize = 1 << 14;
pub(super) const KINDS: usize = 10;

/// FNV-1a over the kind byte and the UTF-8 bytes, then the murmur3 finaliser.
fn bucket(kind: u8, text: &str, rows: usize) -> u16 {
    let mut h = (0x811C_9DC5_u32 ^ u32::from(kind)).wrapping_mul(0x0100_0193);
    for &b in text.as_bytes() {
        h = (h ^ u32::from(b)).wrapping_mul(0x0100_0193);
    }
    h ^= h >> 16;
    h = h.wrapping_mul(0x85EB_CA6B);
    h ^= h >> 13;
    h = h.wrapping_mul(0xC2B2_AE35);
    h ^= h >> 16;
    (h as usize & (rows - 1)) as u16
}

/// The form, or its first and last twenty characters when it is longer than forty.
fn clip(form: &str) -> String {
    let n = if form.len() <= MAX_CHARS { 0 } else { form.chars().count() };
    if n <= MAX_CHARS {
        return form.to_owned();
    }
    let half = MAX_CHARS / 2;
    form.chars().take(half).chain(form.chars().skip(n - half)).collect()
}

fn zero_digits(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// Lower case, every ASCII digit as 0: the key of the word table.
pub(super) fn norm(form: &str) -> String {
    zero_digits(&clip(form).to_lowercase())
}

fn shape(form: &str, run: usize) -> String {
    let mut out = String::with_capacity(8);
    let (mut last, mut count) = ('\0', 0);
    for c in form.chars() {
        let k = if c.is_ascii_digit() {
            'd'
        } else if c.is_uppercase() {
            'X'
        } else if c.is_lowercase() {
            'x'
        } else if c.is_ascii() {
            c
        } else {
            'u'
        };
        count = if k == last && count > 0 { count + 1 } else { 1 };
        last = k;
        if count <= run {
            out.push(k);
        }
    }
    out
}

/// What the network knows of a form.
#[derive(Debug)]
pub(super) struct Features {
    pub norm: String,
    pub affix: [u16; KINDS],
    pub grams: Vec<u16>,
}

impl Features {
    pub(super) fn of(form: &str) -> Features {
        let cut = clip(form);
        let norm = zero_digits(&cut.to_lowercase());
        let ends: Vec<usize> = norm.char_indices().map(|(i, _)| i).chain([norm.len()]).collect();
        let n = ends.len() - 1;
        let pre = |k: usize| &norm[..ends[k.min(n)]];
        let suf = |k: usize| &norm[ends[n - k.min(n)]..];
        let (long, short) = (shape(&cut, 3), shape(&cut, 1));
        let parts: [&str; KINDS] = [pre(1), pre(2), pre(3), suf(1), suf(2), suf(3), suf(4), &long, &short, &norm];
        let mut affix = [0; KINDS];
        for (i, (slot, part)) in affix.iter_mut().zip(parts).enumerate() {
            *slot = bucket(i as u8, part, AFFIX_ROWS);
        }
        let padded = format!("^{norm}$");
        let at: Vec<usize> = padded.char_indices().map(|(i, _)| i).chain([padded.len()]).collect();
        let m = at.len() - 1;
        let mut grams = Vec::with_capacity(3 * m);
        for len in 3..=5 {
            for i in 0..(m + 1).saturating_sub(len) {
                grams.push(bucket(16 + len as u8, &padded[at[i]..at[i + len]], GRAM_ROWS));
            }
        }
        if grams.is_empty() {
            grams.push(bucket(16, &padded, GRAM_ROWS));
        }
        Features { norm, affix, grams }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_that_of_the_training_code() {
        assert_eq!(bucket(0, "t", 1 << 14), 8747);
        assert_eq!(bucket(9, "président", 1 << 14), 4433);
    }

    #[test]
    fn shapes_and_norms() {
        assert_eq!(shape("McDonald-2023", 3), "XxXxxx-ddd");
        assert_eq!(shape("McDonald-2023", 1), "XxXx-d");
        assert_eq!(Features::of("U2").norm, "u0");
        assert_eq!(clip(&"a".repeat(50)).len(), 40);
    }

    #[test]
    fn no_form_is_too_odd() {
        for f in ["", "\u{0}", "İİİ", "ß", "👩‍👩‍👧", &"é".repeat(10_000)] {
            assert!(!Features::of(f).grams.is_empty());
        }
    }
}
