"""Several models together: what they hold of the treebanks and of running text, for a small one.

    teach.py SYNTAX --text SPEECHES --out soft --teachers a.pt b.pt ...

writes soft.gold (the treebanks) and soft.silver (running text); --only does one of the two.
"""
import argparse

import numpy as np
import torch

import text
from common import Material, arguments, begin
from data import UPOS, Sent, tensors
from net import Linear, Net
from tree import tree


@torch.no_grad()
def ask(nets, sents, m, free, dev):
    """Per sentence (arc, rel, tag, heads); labels at gold heads, or at their own if `free`."""
    out = [None] * len(sents)
    order = sorted(range(len(sents)), key=lambda i: len(sents[i].forms))
    root = m.vocab.ir["root"]
    for at in range(0, len(order), 48):
        idx = order[at:at + 48]
        b = {k: v.to(dev) for k, v in tensors([sents[i] for i in idx], m.types, m.vocab, torch).items()}
        os = [n.heads(n.encode(b), b) for n in nets]
        mean = lambda xs: (sum(xs) / len(xs)).cpu().numpy()
        arc = mean([o["arc"].softmax(-1) for o in os])
        tag = mean([torch.cat([o["tags"][..., :17].softmax(-1), o["tags"][..., 17:].softmax(-1)], -1) for o in os])
        head = b["tgt"][3].t().clamp(min=0)
        if free:
            h = np.zeros(arc.shape[:2], dtype=np.int64)
            for r, i in enumerate(idx):
                n = len(sents[i].forms)
                h[r, :n] = tree(np.log(arc[r, :n, :n + 1] + 1e-9))
            head = torch.from_numpy(h).to(dev)
        rel = mean([n.labels(o["ld"], o["lh"], head).softmax(-1) for n, o in zip(nets, os)])
        for r, i in enumerate(idx):
            n = len(sents[i].forms)
            hs = head[r, :n].cpu().numpy()
            rel[r, :n][hs > 0, root] = 0
            half = lambda x: x.astype(np.float16)
            out[i] = half(arc[r, :n, :n + 1]), half(rel[r, :n]), half(tag[:n, r]), hs.astype(np.int16)
    return out


def score(answers, sents, vocab):
    base = lambda r: r.split(":")[0]
    total = las = pos = 0
    for s, (_, rel, tag, heads) in zip(sents, answers):
        r, t = rel.argmax(-1), tag[:, :17].argmax(-1)
        for i, h in enumerate(heads):
            name = "root" if h == 0 else vocab.rels[r[i]]
            total += 1
            pos += UPOS[t[i]] == s.upos[i]
            las += int(h) == s.heads[i] and base(name) == base(s.rels[i])
    return dict(upos=round(100 * int(pos) / total, 2), las=round(100 * int(las) / total, 2))


def restore(path, train, weight, vocab):
    """Hangs the soft targets on the treebank sentences; returns the parsed sentences."""
    for s, (arc, rel, tag, _) in zip(train, torch.load(path + ".gold", weights_only=False)):
        s.soft = arc, rel, tag
    out = []
    for forms, (arc, rel, tag, heads) in torch.load(path + ".silver", weights_only=False):
        up, xp, lab = tag[:, :17].argmax(-1), tag[:, 17:].argmax(-1), rel.argmax(-1)
        s = Sent([[0, f, "_", UPOS[up[i]], vocab.xpos[xp[i]], "_", heads[i],
                   "root" if heads[i] == 0 else vocab.rels[lab[i]]] for i, f in enumerate(forms)], weight)
        s.soft = arc, rel, tag
        out.append(s)
    return out


def main():
    p = arguments(argparse.ArgumentParser())
    p.add_argument("--teachers", nargs="+", required=True)
    p.add_argument("--read", type=int, default=250_000, help="words of running text to parse")
    p.add_argument("--only", choices=("gold", "silver"))
    a = p.parse_args()
    _, dev = begin(a)
    m = Material(a)
    v, nets = m.vocab, []
    for path in a.teachers:
        cfg, state = torch.load(path, weights_only=False)
        net = Net(cfg, len(v.words), len(v.xpos), len(v.scripts), len(v.rels), m.pre, m.trained)
        net.load_state_dict(state, strict=False)
        nets.append(net.to(dev).eval())
    if a.only != "silver":
        for name, sents in m.devs.items():
            print(name, score(ask(nets, sents, m, True, dev), sents, v), flush=True)
    Linear.hurry = True
    if a.only != "silver":
        torch.save(ask(nets, m.train, m, False, dev), a.out + ".gold")
    if a.only != "gold":
        raw = list(text.sentences(a.text, a.read, a.seed + 100, high=40)) if a.text else []
        raw += list(text.news(a.news)) if a.news else []
        sents = [Sent([[0, w, "_", "X", "_", "_", 0, "dep"] for w in s], 1) for s in raw]
        silver = [(s, t) for s, t in zip(raw, ask(nets, sents, m, True, dev))
                  if np.mean(t[0].max(-1).astype(np.float32)) > 0.8]
        print(len(raw), "sentences read,", len(silver), "kept", flush=True)
        torch.save(silver, a.out + ".silver")


if __name__ == "__main__":
    main()
