"""What the stages share: the material, the network, one pass of the optimiser."""
import json
import math
import os
import random
import time

import numpy as np
import torch

import own
import text
import vectors
from data import Types, Vocab, batches, read, tensors
from feats import norm
from net import Net


class Material:
    """Treebanks, word vectors (kept in the work folder) and label sets."""

    def __init__(self, a):
        p = lambda n: os.path.join(a.syntax, n)
        self.treebanks = read(p("ewt-train.conllu")) + read(p("gum-open-train.conllu"), 1.2)
        self.train = self.treebanks + own.sentences()
        self.devs = {n: read(p(f"{n}-dev.conllu")) for n in ("ewt", "gum-open")}
        os.makedirs(a.work, exist_ok=True)
        cache = os.path.join(a.work, "vectors.npz")
        if not os.path.exists(cache):
            docs = [s.forms for s in self.treebanks] + (list(text.documents(a.text)) if a.text else [])
            must = {norm(f) for s in self.treebanks for f in s.forms}
            words, vec = vectors.build(docs, must, 25000, 96)
            np.savez(cache, words=json.dumps(words), vec=vec)
        z = np.load(cache)
        words, vec = json.loads(str(z["words"])), z["vec"]
        v = self.vocab = Vocab(self.treebanks, words, 20000)
        self.types = Types(v)
        self.pre = torch.zeros(len(v.words), vec.shape[1])
        for w, row in zip(words, vec):
            if w in v.iw:
                self.pre[v.iw[w]] = torch.from_numpy(row)
        self.trained = torch.tensor([[float(w in v.trained or w == "<unk>")] for w in v.words])

    def net(self, dim, layers, arc, label, drop):
        cfg = dict(dim=dim, word=96, affix=96, gram=64, layers=layers, arc=arc, label=label,
                   drop=drop, mlp_drop=0.3, emb_drop=0.2, word_drop=0.25)
        v = self.vocab
        return Net(cfg, len(v.words), len(v.xpos), len(v.scripts), len(v.rels), self.pre, self.trained)


def arguments(p):
    p.add_argument("syntax")
    p.add_argument("--text", default="", help="speeches, JSONL gzip")
    p.add_argument("--news", default="", help="folder with names/ and time/, whose texts are read")
    p.add_argument("--work", default="out")
    p.add_argument("--out", required=True)
    p.add_argument("--dim", type=int, default=128)
    p.add_argument("--layers", default="css")
    p.add_argument("--arc", type=int, default=128)
    p.add_argument("--label", type=int, default=96)
    p.add_argument("--drop", type=float, default=0.25)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--tokens", type=int, default=1200, help="of one batch")
    p.add_argument("--epochs", type=int, default=15)
    p.add_argument("--seed", type=int, default=1)
    return p


def begin(a):
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    return random.Random(a.seed), "cuda" if torch.cuda.is_available() else "cpu"


class Steps:
    """AdamW with warm-up and a cosine over all the steps, and a running mean of the weights."""

    def __init__(self, net, lr, total):
        self.net, self.lr, self.total, self.step, self.start = net, lr, total, 0, time.time()
        self.opt = torch.optim.AdamW(net.parameters(), lr=lr, betas=(0.9, 0.98), weight_decay=1e-4, fused=True)
        self.mean = {k: v.clone() for k, v in net.state_dict().items()}

    def take(self, loss):
        done = min(1.0, self.step / self.total)
        for g in self.opt.param_groups:
            g["lr"] = self.lr * min(1, (self.step + 1) / 300) * (0.51 + 0.49 * math.cos(math.pi * done))
        self.opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.opt.step()
        self.step += 1
        if self.step % 4 == 0:
            k = min(0.995, self.step / (self.step + 40.0))
            with torch.no_grad():
                for n, v in self.net.named_parameters():
                    self.mean[n].lerp_(v, 1 - k)
        if self.step % 100 == 0:
            print(f"step {self.step}/{self.total} {time.time() - self.start:.0f}s loss {loss.item():.3f}", flush=True)


def feed(sents, a, rng, m, dev, change=None):
    for idx in batches(sents, a.tokens, rng):
        b = tensors([change(sents[i]) if change else sents[i] for i in idx], m.types, m.vocab, torch)
        yield {k: v.to(dev) for k, v in b.items()}
