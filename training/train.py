"""Train the English tagger, lemmatiser and parser. See README.md."""
import argparse
import json
import math
import os
import random
import time

import numpy as np
import torch
import torch.nn.functional as F

import vectors
from data import Types, Vocab, augment, batches, read, tensors
from evaluate import evaluate
from export import export
from net import Net


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("syntax")
    p.add_argument("--text", default="", help="speeches, JSONL gzip, for word vectors")
    p.add_argument("--out", default="out")
    p.add_argument("--minutes", type=float, default=44)
    p.add_argument("--layers", default="csss")
    p.add_argument("--dim", type=int, default=160)
    p.add_argument("--words", type=int, default=20000)
    p.add_argument("--tokens", type=int, default=1200)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--gum", type=float, default=1.2)
    p.add_argument("--every", type=float, default=4, help="minutes between evaluations")
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def loss_of(net, b):
    x = net.encode(b)
    o = net.heads(x, b)
    wt, tgt = b["wt"], b["tgt"]

    def ce(logits, t, w):
        keep = t != -100
        l = F.cross_entropy(logits[keep], t[keep], reduction="none")
        return (l * w[keep]).sum() / wt.sum()

    head = tgt[3].t()
    wb = wt.t()
    lab = net.labels(o["ld"], o["lh"], head.clamp(min=0))
    return (ce(o["tags"][..., :17], tgt[0], wt) + ce(o["tags"][..., 17:], tgt[1], wt)
            + 0.5 * ce(o["lemma"], tgt[2], wt) + ce(o["arc"], head, wb)
            + ce(lab, tgt[4].t(), wb))


def main():
    a = arguments()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    dev = "cuda" if torch.cuda.is_available() else "cpu"
    p = lambda n: os.path.join(a.syntax, n)
    train = read(p("ewt-train.conllu")) + read(p("gum-open-train.conllu"), a.gum)
    devs = {n: read(p(f"{n}-dev.conllu")) for n in ("ewt", "gum-open")}
    os.makedirs(a.out, exist_ok=True)

    cfg = dict(dim=a.dim, word=96, affix=96, gram=64, layers=a.layers, arc=128, label=96,
               drop=0.25, mlp_drop=0.3, emb_drop=0.2, word_drop=0.25)
    cache = os.path.join(a.out, "vectors.npz")
    if os.path.exists(cache):
        z = np.load(cache)
        vw, vm = json.loads(str(z["words"])), z["vec"]
    else:
        docs = [s.forms for s in train]
        if a.text:
            docs += list(vectors.stream(a.text))
        from feats import norm
        must = {norm(f) for s in train for f in s.forms}
        vw, vm = vectors.build(docs, must, a.words + 5000, cfg["word"])
        np.savez(cache, words=json.dumps(vw), vec=vm)
    vocab = Vocab(train, vw, a.words)
    pre = torch.zeros(len(vocab.words), cfg["word"])
    for w, v in zip(vw, vm):
        if w in vocab.iw:
            pre[vocab.iw[w]] = torch.from_numpy(v)
    trained = torch.tensor([[float(w in vocab.trained or w == "<unk>")] for w in vocab.words])
    types = Types(vocab)
    net = Net(cfg, len(vocab.words), len(vocab.xpos), len(vocab.scripts), len(vocab.rels), pre, trained)
    net = net.to(dev)
    print(cfg, len(vocab.words), "words", len(vocab.scripts), "scripts", len(vocab.rels), "relations",
          sum(q.numel() for q in net.parameters()), "parameters", flush=True)

    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, betas=(0.9, 0.98), weight_decay=1e-4, fused=True)
    ema = {k: v.clone() for k, v in net.state_dict().items()}
    start, step, next_eval, epoch = time.time(), 0, a.every, 0
    budget, best = a.minutes * 60, -1.0
    while True:
        for idx in batches(train, a.tokens, rng):
            done = (time.time() - start) / budget
            if done >= 1:
                break
            lr = a.lr * min(1, (step + 1) / 300) * (0.5 + 0.5 * math.cos(math.pi * done) * 0.98)
            for gp in opt.param_groups:
                gp["lr"] = lr
            b = tensors([augment(train[i], rng) for i in idx], types, vocab, torch)
            b = {k: v.to(dev) for k, v in b.items()}
            loss = loss_of(net.train(), b)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            opt.step()
            step += 1
            if step % 4 == 0:
                k = min(0.998, step / (step + 40.0))
                with torch.no_grad():
                    for n, v in net.named_parameters():
                        ema[n].lerp_(v, 1 - k)
            if step % 100 == 0:
                print(f"epoch {epoch} step {step} {time.time() - start:.0f}s loss {loss.item():.3f}", flush=True)
        epoch += 1
        minutes = (time.time() - start) / 60
        if minutes >= next_eval or minutes * 60 >= budget:
            next_eval = minutes + a.every
            live = {k: v.clone() for k, v in net.state_dict().items()}
            net.load_state_dict(ema)
            scores = {n: evaluate(net.eval(), s, types, vocab, dev) for n, s in devs.items()}
            print(f"epoch {epoch} {minutes:.1f} min {json.dumps(scores)}", flush=True)
            total = sum(s["las"] + s["upos"] for s in scores.values())
            if total > best:
                best = total
                export(net, vocab, os.path.join(a.out, "en.safetensors"), scores)
            net.load_state_dict(live)
        if minutes * 60 >= budget:
            break


main()
