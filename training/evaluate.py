"""Scores with gold tokens: all tokens counted, las on base relations, las_full with subtypes."""
import numpy as np
import torch

from data import UPOS, apply_script, tensors
from feats import norm
from tree import tree


MARGIN = 3.0


def choose(form, upos, xpos, score, scripts, vocab):
    """The best script's lemma, unless it is no known word and a near rival's is.

    A name in the singular loses no letters.
    """
    if xpos == "NNP":
        scripts = [s[0] + "0+" for s in scripts]
    first = apply_script(form, scripts[0])
    if upos not in ("VERB", "NOUN", "ADJ") or norm(first) in vocab.iw:
        return first
    for s, text in zip(score[1:], scripts[1:]):
        if score[0] - s <= MARGIN:
            lemma = apply_script(form, text)
            if norm(lemma) in vocab.iw:
                return lemma
    return first


@torch.no_grad()
def predict(net, sents, types, vocab, dev):
    """Per sentence: (upos, xpos, lemma, head 0 = root, rel) lists."""
    out = [None] * len(sents)
    order = sorted(range(len(sents)), key=lambda i: len(sents[i].forms))
    root = vocab.ir["root"]
    for at in range(0, len(order), 32):
        idx = order[at:at + 32]
        b = {k: v.to(dev) for k, v in tensors([sents[i] for i in idx], types, vocab, torch).items()}
        o = net.heads(net.encode(b), b)
        arc = o["arc"].cpu().numpy()
        head = np.zeros(arc.shape[:2], dtype=np.int64)
        for r, i in enumerate(idx):
            n = len(sents[i].forms)
            head[r, :n] = tree(arc[r, :n, :n + 1])
        lab = net.labels(o["ld"], o["lh"], torch.from_numpy(head).to(dev))
        lab[..., root] = -1e9
        rel = lab.argmax(-1).cpu().numpy()
        rel[head == 0] = root
        tags = o["tags"].cpu()
        up, xp = tags[..., :17].argmax(-1).numpy(), tags[..., 17:].argmax(-1).numpy()
        score, lem = o["lemma"].topk(3, -1)
        score, lem = score.cpu().numpy(), lem.cpu().numpy()
        for r, i in enumerate(idx):
            n = len(sents[i].forms)
            u = [UPOS[k] for k in up[:n, r]]
            lemmas = []
            for j, f in enumerate(sents[i].forms):
                known = vocab.lexicon.get(u[j], {}).get(f.lower())
                if known is None:
                    known = choose(f, u[j], vocab.xpos[xp[j, r]], score[j, r], [vocab.scripts[k] for k in lem[j, r]], vocab)
                lemmas.append(known)
            out[i] = (u, [vocab.xpos[k] for k in xp[:n, r]], lemmas, head[r, :n].tolist(),
                      [vocab.rels[k] for k in rel[r, :n]])
    return out


def evaluate(net, sents, types, vocab, dev):
    n = dict(upos=0, xpos=0, lemma=0, uas=0, las=0, las_full=0)
    total = 0
    base = lambda r: r.split(":")[0]
    for s, (u, x, l, h, r) in zip(sents, predict(net, sents, types, vocab, dev)):
        total += len(s.forms)
        for i in range(len(s.forms)):
            n["upos"] += u[i] == s.upos[i]
            n["xpos"] += x[i] == s.xpos[i]
            n["lemma"] += l[i] == s.lemmas[i] or s.lemmas[i] == "_"
            ok = h[i] == s.heads[i]
            n["uas"] += ok
            n["las"] += ok and base(r[i]) == base(s.rels[i])
            n["las_full"] += ok and r[i] == s.rels[i]
    return {k: round(100 * v / total, 2) for k, v in n.items()}
