"""Everything the GPU path reads, as arrays in one file: corpus.py SYNTAX --text SPEECHES --news DATA --out FILE

A token is the number of its form. Treebank sentences carry labels; speeches and news are forms alone.
"""
import argparse
import lzma
import pickle

import numpy as np

import text
from augment import Augment
from common import Material, arguments, begin
from data import script, targets
from pretrain import HIDDEN

STRANGE = 20000


class Forms(dict):
    """Numbers for forms, in order of appearance."""

    def __missing__(self, form):
        self[form] = n = len(self)
        return n


def speeches(path, forms):
    """All tokens of all speeches and the lengths of their sentences; long ones are kept, not cut."""
    tokens, lengths = [], []
    for doc in text.documents(path):
        start = len(tokens)
        tokens.extend(forms[t] for t in doc)
        last = start
        for i, t in enumerate(doc):
            after = doc[i + 1] if i + 1 < len(doc) else "."
            end = t in text.ENDS or (t in text.CLOSES and start + i > last and doc[i - 1] in text.ENDS)
            if end and after not in text.CLOSES and not after[0].islower() or i + 1 == len(doc):
                lengths.append(start + i + 1 - last)
                last = start + i + 1
    return tokens, lengths


def labelled(sents, forms, v):
    """One row a token: form, upos, xpos, head, rel, name?, lemma script as written, lower, capitals, title."""
    rows, sizes = [], []
    for s in sents:
        t = targets(s, v)
        lem = [[v.il.get(script(f(w), l), -100) if l != "_" else -100 for w, l in zip(s.forms, s.lemmas)]
               for f in (str.lower, str.upper, lambda w: w[:1].upper() + w[1:])]
        name = [u == "PROPN" and x == "NNP" and f.isalpha() and len(f) > 3 for f, u, x in zip(s.forms, s.upos, s.xpos)]
        ids = [forms[f] for f in s.forms]
        rows.append(np.array([ids, t[0], t[1], t[3], t[4], name, t[2], *lem], dtype=np.int32))
        sizes.append((len(ids), s.weight))
    return np.concatenate(rows, 1), np.array(sizes)


def build(a):
    rng, _ = begin(a)
    m = Material(a)
    v = m.vocab
    forms = Forms()
    for special in ("", HIDDEN, ".", '"', "\u201c", "\u201d", "n't"):
        forms[special]
    change = Augment(m.train, v, rng)
    datelines = [s.copy() for s in rng.sample([s for s in m.treebanks if 7 < len(s.forms) < 90], 400)]
    for s in datelines:
        change.dateline(s)
    out = dict(train=labelled(m.train + datelines, forms, v))
    for name, sents in m.devs.items():
        out[name] = labelled(sents, forms, v)
    news = list(text.news(a.news))
    out["news"] = np.array([forms[w] for s in news for w in s], dtype=np.int32), np.array([len(s) for s in news])
    tokens, lengths = speeches(a.text, forms)
    out["speeches"] = np.array(tokens, dtype=np.int32), np.array(lengths)
    names = change.names
    strange = set()
    while len(strange) < STRANGE:
        x, y = rng.choice(names), rng.choice(names).lower()
        strange.add(x[:len(x) // 2 + 1] + y[len(y) // 2:])
    out["strange"] = np.array([forms[f] for f in sorted(strange)], dtype=np.int32)
    out["forms"] = list(forms)
    out["labels"] = dict(xpos=v.xpos, rels=v.rels, scripts=v.scripts, words=v.words, lexicon=v.lexicon)
    out["pre"], out["trained"] = m.pre.numpy().astype(np.float16), m.trained.numpy()
    return out


def main():
    a = arguments(argparse.ArgumentParser()).parse_args()
    with lzma.open(a.out, "wb", preset=1) as f:
        pickle.dump(build(a), f, protocol=4)


if __name__ == "__main__":
    main()
