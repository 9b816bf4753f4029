"""CoNLL-U reading, lemma edit scripts, vocabularies, augmentation, batches."""
from collections import Counter, defaultdict
from functools import lru_cache

import numpy as np

from feats import features, norm

UPOS = ("ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X").split()


class Sent:
    __slots__ = ("forms", "lemmas", "upos", "xpos", "heads", "rels", "weight", "soft", "ids")

    def __init__(self, rows, weight):
        self.forms = [r[1] for r in rows]
        self.lemmas = [r[2] for r in rows]
        self.upos = [r[3] for r in rows]
        self.xpos = [r[4] for r in rows]
        self.heads = [int(r[6]) for r in rows]
        self.rels = [r[7] for r in rows]
        self.weight = weight
        self.soft = None  # teachers' probabilities: arc [n, n+1], rel [n, R], tag [n, U+X]
        self.ids = None

    def copy(self):
        s = Sent.__new__(Sent)
        for k in Sent.__slots__:
            v = getattr(self, k)
            setattr(s, k, list(v) if isinstance(v, list) else v)
        s.ids = None
        return s


def read(path, weight=1.0):
    """Sentences of a CoNLL-U file; multiword ranges and empty nodes are skipped."""
    out, rows = [], []
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.rstrip("\n")
            if not line:
                if rows:
                    out.append(Sent(rows, weight))
                rows = []
            elif line[0] != "#":
                c = line.split("\t")
                if "-" in c[0] or "." in c[0]:
                    continue
                rows.append(c)
    if rows:
        out.append(Sent(rows, weight))
    return out


def title(s):
    return s[:1].upper() + s[1:].lower()


CASES = {"l": str.lower, "k": lambda s: s, "t": title, "u": str.upper}


@lru_cache(1 << 18)
def script(form, lemma):
    """Shortest edit: case operation, characters to strip at the end, suffix to add."""
    best = None
    for rank, op in enumerate("lktu"):
        f = CASES[op](form)
        n = 0
        while n < min(len(f), len(lemma)) and f[n] == lemma[n]:
            n += 1
        cost = (len(f) - n + len(lemma) - n, rank)
        if best is None or cost < best[0]:
            best = (cost, f"{op}{len(f) - n}{'+' + lemma[n:]}")
    return best[1]


def apply_script(form, s):
    i = s.index("+")
    f, strip = CASES[s[0]](form), int(s[1:i])
    return (f[:len(f) - strip] if strip <= len(f) else "") + s[i + 1:]


class Vocab:
    """Label sets, word table keys, lemma scripts and lexicon."""

    def __init__(self, sents, extra_words, size):
        self.xpos = sorted({x for s in sents for x in s.xpos})
        rels = Counter(r for s in sents for r in s.rels)
        self.rels = sorted(r for r, n in rels.items() if n >= 2 or ":" not in r)
        words = Counter(norm(w) for s in sents for w in s.forms)
        self.trained = {w for w, n in words.items() if n >= 2}
        keep = sorted(self.trained, key=lambda w: (-words[w], w))[:size]
        seen = set(keep)
        for w in extra_words:
            if len(keep) >= size:
                break
            if w not in seen:
                seen.add(w)
                keep.append(w)
        self.words = ["<unk>"] + keep
        scripts = Counter(script(f, l) for s in sents for f, l in zip(s.forms, s.lemmas) if l != "_")
        self.scripts = [x for x, n in sorted(scripts.items(), key=lambda t: (-t[1], t[0])) if n >= 2]
        lex = defaultdict(Counter)
        for s in sents:
            for f, u, l in zip(s.forms, s.upos, s.lemmas):
                if l != "_" and u not in ("PROPN", "X") and f.isalpha():
                    lex[(f.lower(), u)][l] += 1
        self.lexicon = {}
        for (f, u), c in sorted(lex.items()):
            (lemma, n), total = c.most_common(1)[0], sum(c.values())
            if total >= 2 and n >= 0.9 * total:
                self.lexicon.setdefault(u, {})[f] = lemma
        self.iw = {w: i for i, w in enumerate(self.words)}
        self.ix = {w: i for i, w in enumerate(self.xpos)}
        self.ir = {w: i for i, w in enumerate(self.rels)}
        self.iu = {w: i for i, w in enumerate(UPOS)}
        self.il = {w: i for i, w in enumerate(self.scripts)}

    def rel(self, r):
        if r in self.ir:
            return self.ir[r]
        return self.ir.get(r.split(":")[0], 0)


class Types:
    """Feature rows per distinct form, computed once."""

    def __init__(self, vocab):
        self.vocab, self.ids = vocab, {}
        self.word, self.affix, self.grams = [], [], []

    def id(self, form):
        i = self.ids.get(form)
        if i is None:
            i = self.ids[form] = len(self.word)
            a, g = features(form)
            self.word.append(self.vocab.iw.get(norm(form), 0))
            self.affix.append(a)
            self.grams.append(np.array(g, dtype=np.int64))
        return i

    def pack(self, uniq):
        word = np.array([self.word[i] for i in uniq], dtype=np.int64)
        affix = np.array([self.affix[i] for i in uniq], dtype=np.int64)
        offs = np.cumsum([0] + [len(self.grams[i]) for i in uniq[:-1]]).astype(np.int64)
        grams = np.concatenate([self.grams[i] for i in uniq])
        return word, affix, grams, offs


def batches(sents, tokens, rng):
    """Index lists of similar length, shuffled."""
    order = sorted(range(len(sents)), key=lambda i: (len(sents[i].forms) + rng.random() * 3))
    out, cur = [], []
    for i in order:
        longest = max([len(sents[i].forms)] + [len(sents[j].forms) for j in cur])
        if cur and longest * (len(cur) + 1) > tokens:
            out.append(cur)
            cur = []
        cur.append(i)
    if cur:
        out.append(cur)
    rng.shuffle(out)
    return out


def targets(s, vocab):
    """upos xpos lemma head rel, one row each; -100 where there is nothing to learn."""
    return np.array([[vocab.iu.get(u, -100) for u in s.upos],
                     [vocab.ix.get(x, -100) for x in s.xpos],
                     [vocab.il.get(script(f, l), -100) if l != "_" else -100
                      for f, l in zip(s.forms, s.lemmas)],
                     s.heads, [vocab.rel(r) for r in s.rels]], dtype=np.int64)


def tensors(sents, types, vocab, torch):
    """Time-major arrays of one batch; with soft targets if the sentences have them."""
    T, B = max(len(s.forms) for s in sents), len(sents)
    form = np.full((T, B), types.id(""), dtype=np.int64)
    tgt = np.full((5, T, B), -100, dtype=np.int64)
    mask = np.zeros((T, B), dtype=np.float32)
    wt = np.zeros((T, B), dtype=np.float32)
    for b, s in enumerate(sents):
        n = len(s.forms)
        if s.ids is None:
            s.ids = np.array([types.id(f) for f in s.forms]), targets(s, vocab)
        form[:n, b], tgt[:, :n, b] = s.ids
        mask[:n, b] = 1
        wt[:n, b] = s.weight
    uniq, inv = np.unique(form, return_inverse=True)
    word, affix, grams, offs = types.pack(list(uniq))
    t = torch.from_numpy
    out = dict(word=t(word), affix=t(affix), grams=t(grams), offs=t(offs),
               inv=t(inv.reshape(T, B)), mask=t(mask), tgt=t(tgt), wt=t(wt))
    if any(s.soft is not None for s in sents):
        arc = np.zeros((B, T, T + 1), dtype=np.float32)
        rel = np.zeros((B, T, len(vocab.rels)), dtype=np.float32)
        tag = np.zeros((T, B, len(UPOS) + len(vocab.xpos)), dtype=np.float32)
        for b, s in enumerate(sents):
            n = len(s.forms)
            arc[b, :n, :n + 1], rel[b, :n], tag[:n, b] = s.soft
        out.update(soft_arc=t(arc), soft_rel=t(rel), soft_tag=t(tag))
    return out
