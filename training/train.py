"""Train the English tagger, lemmatiser and parser. See README.md."""
import argparse
import json

import torch
import torch.nn.functional as F

import teach
from augment import Augment
from common import Material, Steps, arguments, begin, feed
from evaluate import evaluate
from export import export


def gold_loss(net, b, o, lab):
    wt, tgt = b["wt"], b["tgt"]

    def ce(logits, t, w):
        t, w = t.reshape(-1), w.reshape(-1)
        l = F.cross_entropy(logits.reshape(len(t), -1), t, reduction="none", ignore_index=-100)
        return (l * w).sum() / wt.sum()

    return (ce(o["tags"][..., :17], tgt[0], wt) + ce(o["tags"][..., 17:], tgt[1], wt),
            0.5 * ce(o["lemma"], tgt[2], wt),
            ce(o["arc"], tgt[3].t(), wt.t()) + ce(lab, tgt[4].t(), wt.t()))


def soft_loss(net, b, o, lab):
    """Against the teachers' distributions."""
    wt = b["wt"]

    def ce(logits, p, w):
        return -((p * F.log_softmax(logits, -1)).sum(-1) * w).sum() / wt.sum()

    t = b["soft_tag"]
    return (ce(o["tags"][..., :17], t[..., :17], wt) + ce(o["tags"][..., 17:], t[..., 17:], wt)
            + ce(o["arc"], b["soft_arc"], wt.t()) + ce(lab, b["soft_rel"], wt.t()))


def loss_of(net, b, gold):
    o = net.heads(net.encode(b), b)
    lab = net.labels(o["ld"], o["lh"], b["tgt"][3].t().clamp(min=0))
    tags, lemma, tree = gold_loss(net, b, o, lab)
    if "soft_arc" not in b:
        return tags + lemma + tree
    return gold * (tags + tree) + lemma + (1 - gold) * soft_loss(net, b, o, lab)


def main():
    p = arguments(argparse.ArgumentParser())
    p.add_argument("--init", default="", help="weights of pretrain.py or train.py; those of equal shape are taken")
    p.add_argument("--soft", default="", help="what teach.py wrote")
    p.add_argument("--gold", type=float, default=0.3, help="share of the gold loss beside the soft")
    p.add_argument("--silver", type=float, default=0.5, help="weight of parsed sentences")
    p.add_argument("--per-epoch", type=int, default=10000, help="parsed sentences of an epoch")
    p.add_argument("--every", type=int, default=3, help="epochs between evaluations")
    a = p.parse_args()
    rng, dev = begin(a)
    m = Material(a)
    net = m.net(a.dim, a.layers, a.arc, a.label, a.drop).to(dev)
    if a.init:
        own = net.state_dict()
        init = torch.load(a.init, weights_only=False)
        init = init if isinstance(init, dict) else init[1]
        net.load_state_dict({k: v for k, v in init.items() if own[k].shape == v.shape}, strict=False)
    silver = teach.restore(a.soft, m.train, a.silver, m.vocab) if a.soft else []
    rng.shuffle(silver)
    change = Augment(m.train, m.vocab, rng)
    words = sum(len(s.forms) for s in m.train)
    if silver:
        words += a.per_epoch * sum(len(s.forms) for s in silver) / len(silver)
    steps = Steps(net, a.lr, words * 1.03 * a.epochs / a.tokens)
    print(net.cfg, len(m.vocab.words), "words", len(silver), "parsed", sum(q.numel() for q in net.parameters()), flush=True)
    best = -1.0
    for epoch in range(1, a.epochs + 1):
        part = [silver[i % len(silver)] for i in range((epoch - 1) * a.per_epoch, epoch * a.per_epoch)] if silver else []
        for b in feed(m.train + part, a, rng, m, dev, change):
            steps.take(loss_of(net.train(), b, a.gold))
        if epoch % a.every and epoch < a.epochs - 1:
            continue
        live = {k: v.clone() for k, v in net.state_dict().items()}
        net.load_state_dict(steps.mean)
        scores = {n: evaluate(net.eval(), s, m.types, m.vocab, dev) for n, s in m.devs.items()}
        print(f"epoch {epoch} {json.dumps(scores)}", flush=True)
        total = sum(s["las"] + s["upos"] for s in scores.values())
        if total > best:
            best = total
            export(net, m.vocab, a.out, scores)
            torch.save((net.cfg, net.state_dict()), a.out + ".pt")
        net.load_state_dict(live)


if __name__ == "__main__":
    main()
