"""Token features. The Rust twin is crates/core/src/text/model/features.rs; keep both equal."""

MAX_CHARS = 40
AFFIX_ROWS = 1 << 14
NGRAM_ROWS = 1 << 14
KINDS = 10


def bucket(kind: int, text: str, rows: int) -> int:
    """FNV-1a 32 over the kind byte and the UTF-8 bytes, then the murmur3 finaliser."""
    h = ((0x811C9DC5 ^ kind) * 0x01000193) & 0xFFFFFFFF
    for b in text.encode("utf-8"):
        h = ((h ^ b) * 0x01000193) & 0xFFFFFFFF
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & 0xFFFFFFFF
    h ^= h >> 16
    return h & (rows - 1)


def clip(form: str) -> str:
    if len(form) <= MAX_CHARS:
        return form
    half = MAX_CHARS // 2
    return form[:half] + form[-half:]


def norm(form: str) -> str:
    """Lower case, every ASCII digit as 0; the key of the word table."""
    return "".join("0" if "0" <= c <= "9" else c for c in clip(form).lower())


def shape(form: str, run: int) -> str:
    out, last, count = [], "", 0
    for c in clip(form):
        if "0" <= c <= "9":
            k = "d"
        elif c.isupper():
            k = "X"
        elif c.islower():
            k = "x"
        elif ord(c) < 128:
            k = c
        else:
            k = "u"
        count = count + 1 if k == last else 1
        last = k
        if count <= run:
            out.append(k)
    return "".join(out)


def features(form: str):
    """(affix rows [KINDS], n-gram rows [1..])."""
    w = norm(form)
    a = [w[:1], w[:2], w[:3], w[-1:], w[-2:], w[-3:], w[-4:], shape(form, 3), shape(form, 1), w]
    affix = [bucket(i, t, AFFIX_ROWS) for i, t in enumerate(a)]
    p = "^" + w + "$"
    grams = [bucket(16 + n, p[i:i + n], NGRAM_ROWS)
             for n in (3, 4, 5) for i in range(len(p) - n + 1)]
    if not grams:
        grams = [bucket(16, p, NGRAM_ROWS)]
    return affix, grams
