"""Before any tree is seen: guess hidden words of running text. Writes the encoder's weights."""
import argparse
from collections import Counter

import torch
import torch.nn.functional as F

import text
from common import Material, Steps, arguments, begin, feed
from data import Sent
from feats import norm
from net import Linear

HIDDEN = "\0hidden"


def main():
    p = arguments(argparse.ArgumentParser())
    p.add_argument("--read", type=int, default=3_000_000, help="words of running text")
    p.add_argument("--guess", type=int, default=8000, help="words to guess among")
    a = p.parse_args()
    rng, dev = begin(a)
    m = Material(a)
    raw = [s.forms for s in m.treebanks if len(s.forms) > 3] * 2
    raw += list(text.news(a.news)) * 3 if a.news else []
    raw += list(text.sentences(a.text, a.read, a.seed)) if a.text else []
    count = Counter(norm(w) for s in raw for w in s)
    index = {w: i for i, (w, _) in enumerate(count.most_common(a.guess))}
    m.vocab.ix = index  # the tag column carries the word to guess

    def hide(forms):
        rows = []
        for w in forms:
            away = rng.random() < 0.2
            shown = w if not away or rng.random() < 0.1 else HIDDEN
            rows.append([0, shown, "_", "X", norm(w) if away else "_", "_", 0, "dep"])
        return Sent(rows, 1)

    def change(s):
        r = rng.random()
        forms = [w.lower() for w in s] if r < 0.05 else [w.upper() for w in s] if r < 0.08 else s
        return hide(forms)

    class Raw(list):
        forms = property(lambda self: self)

    raw = [Raw(s) for s in raw]
    net = m.net(a.dim, a.layers, a.arc, a.label, a.drop * 0.4)
    net.cfg["word_drop"], net.cfg["emb_drop"] = 0.1, 0.1
    net.guess = Linear(a.dim, len(index))
    net = net.to(dev).train()
    index.pop("_", None)
    steps = Steps(net, a.lr, sum(len(s) for s in raw) * 1.03 / a.tokens)
    for b in feed(raw, a, rng, m, dev, change):
        x, want = net.encode(b), b["tgt"][1]
        keep = want != -100
        steps.take(F.cross_entropy(net.guess(x[keep]), want[keep]))
    keep = ("word.", "affix.", "gram.", "inp.", "layers.", "norm.")
    torch.save({k: v for k, v in steps.mean.items() if k.startswith(keep)}, a.out)


if __name__ == "__main__":
    main()
