"""Variants of training sentences, as the news writes them."""
import numpy as np

SMALL = {"a", "an", "the", "of", "in", "on", "to", "for", "and", "or", "at", "by", "with", "as"}
AGENCIES = ("Reuters", "AP", "AFP", "UPI", "dpa", "Xinhua", "TASS", "Interfax", "IRNA", "ANSA", "EFE",
            "Kyodo", "Yonhap", "PTI", "APA", "SANA")
FIELDS = ("forms", "lemmas", "upos", "xpos", "heads", "rels")


class Augment:
    """One sentence in three is changed in one way or two; the rest come as they are."""

    def __init__(self, sents, vocab, rng):
        self.rng, self.vocab = rng, vocab
        self.names = sorted({f for s in sents for f, u in zip(s.forms, s.upos)
                             if u == "PROPN" and f.isalpha() and f[0].isupper() and 4 <= len(f) <= 10})

    def __call__(self, s):
        r = self.rng.random()
        if r < 0.66:
            return s
        s = s.copy()
        if r < 0.71:
            s.forms = [f.lower() for f in s.forms]
        elif r < 0.745:
            s.forms = [f.upper() for f in s.forms]
        elif r < 0.795:
            s.forms = [f if i and f.lower() in SMALL or f == "n't" else f[:1].upper() + f[1:]
                       for i, f in enumerate(s.forms)]
        elif r < 0.86:
            self.strange_names(s)
        elif r < 0.90:
            self.typeset(s)
        elif r < 0.92 and len(s.forms) > 7:
            self.dateline(s)
        if 0.76 <= r < 0.82 or r >= 0.92:
            self.no_stop(s)
        return s

    def no_stop(self, s):
        n = len(s.forms)
        if n > 2 and s.upos[-1] == "PUNCT" and n not in s.heads:
            for k in FIELDS:
                getattr(s, k).pop()
            if s.soft is not None:
                arc, rel, tag = s.soft
                s.soft = arc[:-1, :-1], rel[:-1], tag[:-1]

    def strange_names(self, s):
        """Names nobody has seen: the head of one with the tail of another."""
        for i, (f, u) in enumerate(zip(s.forms, s.upos)):
            if u == "PROPN" and f.isalpha() and len(f) > 3 and s.xpos[i] == "NNP":
                a, b = self.rng.choice(self.names), self.rng.choice(self.names).lower()
                g = a[:len(a) // 2 + 1] + b[len(b) // 2:]
                s.forms[i] = g.upper() if f.isupper() else g
                s.lemmas[i] = g if s.lemmas[i] == f else "_"

    def typeset(self, s):
        opened = False
        for i, f in enumerate(s.forms):
            if f in ('"', "``", "''"):
                s.forms[i] = "\u201d" if opened else "\u201c"
                opened = not opened
            elif f in ("--", "-") and s.upos[i] == "PUNCT":
                s.forms[i] = self.rng.choice("\u2013\u2014") if f == "--" else f
            else:
                s.forms[i] = f.replace("'", "\u2019")

    def dateline(self, s):
        """CITY (Agency) - before the sentence; hangs on its root as parataxis."""
        city, agency = self.rng.choice(self.names), self.rng.choice(AGENCIES)
        city = city.upper() if self.rng.random() < 0.7 else city
        dash = self.rng.choice(("-", "--", "\u2013", "\u2014"))
        root = s.heads.index(0) + 1
        if self.rng.random() < 0.8:
            rows = [(city, "PROPN", "NNP", 0, "parataxis"), ("(", "PUNCT", "-LRB-", 3, "punct"),
                    (agency, "PROPN", "NNP", 1, "list"), (")", "PUNCT", "-RRB-", 3, "punct"),
                    (dash, "PUNCT", ":", 1, "punct")]
        else:
            rows = [(city, "PROPN", "NNP", 0, "parataxis"), (dash, "PUNCT", ":", 1, "punct")]
        k = len(rows)
        heads = [r[3] or root + k for r in rows]
        s.heads = heads + [h and h + k for h in s.heads]
        s.forms, s.lemmas = [r[0] for r in rows] + s.forms, ["_"] * k + s.lemmas
        s.upos, s.xpos = [r[1] for r in rows] + s.upos, [r[2] for r in rows] + s.xpos
        s.rels = [r[4] for r in rows] + s.rels
        if s.soft is not None:
            arc, rel, tag = s.soft
            n = len(arc)
            a = np.zeros((n + k, n + k + 1), dtype=arc.dtype)
            a[k:, 0], a[k:, k + 1:] = arc[:, 0], arc[:, 1:]
            l = np.zeros((k, rel.shape[1]), dtype=rel.dtype)
            t = np.zeros((k, tag.shape[1]), dtype=tag.dtype)
            for i, r in enumerate(rows):
                a[i, heads[i]] = 1
                l[i, self.vocab.rel(r[4])] = 1
                t[i, self.vocab.iu[r[1]]] = 1
                t[i, 17 + self.vocab.ix[r[2]]] = 1
            s.soft = a, np.concatenate([l, rel]), np.concatenate([t, tag])
