"""CoNLL-U reading, lemma edit scripts, vocabularies, augmentation, batches."""
import random
from collections import Counter, defaultdict

import numpy as np

from feats import features, norm

UPOS = ("ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X").split()


class Sent:
    __slots__ = ("forms", "lemmas", "upos", "xpos", "heads", "rels", "weight")

    def __init__(self, rows, weight):
        self.forms = [r[1] for r in rows]
        self.lemmas = [r[2] for r in rows]
        self.upos = [r[3] for r in rows]
        self.xpos = [r[4] for r in rows]
        self.heads = [int(r[6]) for r in rows]
        self.rels = [r[7] for r in rows]
        self.weight = weight

    def copy(self):
        s = Sent.__new__(Sent)
        for k in Sent.__slots__:
            v = getattr(self, k)
            setattr(s, k, list(v) if isinstance(v, list) else v)
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
            self.grams.append(g)
        return i

    def pack(self, uniq):
        word = np.array([self.word[i] for i in uniq], dtype=np.int64)
        affix = np.array([self.affix[i] for i in uniq], dtype=np.int64)
        offs = np.cumsum([0] + [len(self.grams[i]) for i in uniq[:-1]]).astype(np.int64)
        grams = np.array([g for i in uniq for g in self.grams[i]], dtype=np.int64)
        return word, affix, grams, offs


SMALL = {"a", "an", "the", "of", "in", "on", "to", "for", "and", "or", "at", "by", "with", "as"}


def augment(s, rng):
    """One of: unchanged, lower case, ALL CAPS, Headline Case, no final punctuation."""
    r = rng.random()
    if r < 0.80:
        return s
    s = s.copy()
    if r < 0.85:
        s.forms = [f.lower() for f in s.forms]
    elif r < 0.875:
        s.forms = [f.upper() for f in s.forms]
    elif r < 0.91:
        s.forms = [f if i and f.lower() in SMALL else f[:1].upper() + f[1:]
                   for i, f in enumerate(s.forms)]
    if r >= 0.89:
        n = len(s.forms)
        if n > 2 and s.upos[-1] == "PUNCT" and n not in s.heads:
            for k in Sent.__slots__:
                if k != "weight":
                    getattr(s, k).pop()
    return s


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


def tensors(sents, types, vocab, torch):
    """Time-major arrays of one batch."""
    T, B = max(len(s.forms) for s in sents), len(sents)
    form = np.zeros((T, B), dtype=np.int64)
    tgt = np.full((5, T, B), -100, dtype=np.int64)  # upos xpos lemma head rel
    mask = np.zeros((T, B), dtype=np.float32)
    wt = np.zeros((T, B), dtype=np.float32)
    for b, s in enumerate(sents):
        n = len(s.forms)
        form[:n, b] = [types.id(f) for f in s.forms]
        mask[:n, b] = 1
        wt[:n, b] = s.weight
        tgt[0, :n, b] = [vocab.iu.get(u, -100) for u in s.upos]
        tgt[1, :n, b] = [vocab.ix.get(x, -100) for x in s.xpos]
        tgt[2, :n, b] = [vocab.il.get(script(f, l), -100) if l != "_" else -100
                         for f, l in zip(s.forms, s.lemmas)]
        tgt[3, :n, b] = s.heads
        tgt[4, :n, b] = [vocab.rel(r) for r in s.rels]
    pad = types.id("")
    form[mask == 0] = pad
    uniq, inv = np.unique(form, return_inverse=True)
    word, affix, grams, offs = types.pack(list(uniq))
    t = torch.from_numpy
    return dict(word=t(word), affix=t(affix), grams=t(grams), offs=t(offs),
                inv=t(inv.reshape(T, B)), mask=t(mask), tgt=t(tgt), wt=t(wt))
