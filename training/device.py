"""The whole recipe on one GPU: large networks from hidden words and treebanks, then the small one from them.

    device.py CORPUS --out FILE [--keep FOLDER] [--pre S] [--tune S] [--small-pre S] [--small S]

CORPUS is what corpus.py wrote; the times are seconds of each stage, from whose pace the steps are set.
"""
import argparse
import copy
import gc
import json
import lzma
import os
import pickle
import random
import time
from types import SimpleNamespace as Space

import numpy as np
import torch
import torch.nn.functional as F

from big import Big, Loop, Muon, Small, adam
from export import export
from pool import LENGTHS, Bucket, Forms, pack
from train import loss_of

GOLD, VARIANT, NEWS, SPEECH = range(4)
GUESS = 20000
START = time.time()


def say(*x):
    print(f"[{time.time() - START:.0f}s]", *x, flush=True)


def load(a, dev):
    with lzma.open(a.corpus) as fh:
        c = pickle.load(fh)
    say("read", len(c["forms"]), "forms", len(c["speeches"][0]), "tokens of speeches")
    if a.tiny:
        tokens, sizes = c["speeches"]
        sizes = sizes[:300]
        tokens = tokens[:sizes.sum()]
        c["speeches"] = tokens, sizes
        for k in ("train", "ewt", "gum-open"):
            pick = np.arange(len(c[k][1])) % 50 == 7
            c[k] = c[k][0][:, np.repeat(pick, c[k][1][:, 0].astype(int))], c[k][1][pick]
        c["news"] = c["news"][0][:c["news"][1][:200].sum()], c["news"][1][:200]
        used = np.unique(np.concatenate([tokens, c["news"][0], c["strange"][:200], np.arange(8)] + [c[k][0][0] for k in ("train", "ewt", "gum-open")]))
        new = np.zeros(len(c["forms"]), dtype=np.int32)
        new[used] = np.arange(len(used))
        c["forms"] = [c["forms"][i] for i in used]
        c["speeches"], c["news"], c["strange"] = (new[tokens], sizes), (new[c["news"][0]], c["news"][1]), new[c["strange"][:200]]
        for k in ("train", "ewt", "gum-open"):
            c[k][0][0] = new[c[k][0][0]]
    w = Space(c=c, dev=dev, f=Forms(c, dev, a.workers))
    say("features of", len(w.f.forms), "forms")
    f = w.f
    rows, sizes = c["train"]
    w.gold = pack(rows, sizes[:, 0], sizes[:, 1], f, dev, True)
    w.devs = {k: pack(c[k][0], c[k][1][:, 0], c[k][1][:, 1], f, dev, True) for k in ("ewt", "gum-open")}
    tokens, sizes = c["speeches"]
    ok = (sizes >= 4) & (sizes <= 50)
    at = np.repeat(ok, sizes)
    w.open = {NEWS: pack(c["news"][0][None], c["news"][1], 0.5, f, dev, False),
              SPEECH: pack(tokens[at][None], sizes[ok], 0.5, f, dev, False)}
    treebank = rows[0][:sizes_of_treebank(c)]
    stream = np.concatenate([treebank] * 6 + [c["news"][0]] * 10 + [tokens])
    w.stream = torch.from_numpy(stream).to(dev)
    count = np.bincount(stream, minlength=len(f.forms))
    best = np.argsort(-count, kind="stable")[:GUESS]
    w.guessed = torch.from_numpy(best).to(dev)
    g = np.full(len(f.forms), -100)
    g[best] = np.arange(len(best))
    g[count == 0] = -100
    w.guess = torch.from_numpy(g).to(dev)
    by = {}
    for n, k in zip(f.norms, count):
        by[n] = by.get(n, 0) + int(k)
    number = {n: i + 1 for i, n in enumerate(n for n, k in by.items() if k >= 3)}
    number[f.norms[f.hidden]] = len(number) + 1
    w.lex = torch.tensor([number.get(n, 0) for n in f.norms], device=dev)
    w.pre, w.trained = torch.from_numpy(c["pre"].astype(np.float32)), torch.from_numpy(c["trained"])
    w.kinds = None
    return w


def sizes_of_treebank(c):
    """Tokens of sentences with full weight: ours, at a half, stand behind the treebanks."""
    sizes = c["train"][1]
    return int(sizes[:int(np.argmax(sizes[:, 1] < 1)), 0].sum())


def hidden(w, T, share, masked):
    """Makes batches of running text with hidden words; idx are the places where the pieces begin."""
    f, at = w.f, torch.arange(T, device=w.dev)

    def make(idx):
        B = len(idx)
        ids = w.stream[idx[:, None] + at].long()
        r = torch.rand(B, 1, device=w.dev)
        for k, lo, hi in ((0, 0, .05), (1, .05, .08), (2, .08, .12)):
            ids = torch.where((r >= lo) & (r < hi), f.turned[k][ids], ids)
        flat = ids.reshape(-1)
        pos = torch.rand(B * T, device=w.dev).topk(int(share * B * T)).indices
        want = flat[pos]
        q = torch.rand(len(pos), device=w.dev)
        other = w.stream[torch.randint(len(w.stream), (len(pos),), device=w.dev)].long()
        shown = torch.where(q < .93, other, want).masked_fill(q < .86, f.hidden)
        ids = flat.scatter(0, pos, shown).view(B, T).t()
        return dict(ids=ids, mask=torch.ones(T, B, device=w.dev) if masked else None, pos=pos, want=w.guess[want])

    return make


def guess_loss(net, b):
    x = net.encode(b).transpose(0, 1).reshape(-1, net.cfg["dim"]).index_select(0, b["pos"])
    with torch.autocast(x.device.type, torch.bfloat16, enabled=x.is_cuda):
        y = net.guess(x)
    return F.cross_entropy(y.float(), b["want"].masked_fill(b["want"] >= y.shape[1], -100), ignore_index=-100)


def pretrain(w, net, opts, seconds, steps, T, B, share, masked=False):
    loop = Loop(net.train(), opts, guess_loss, w.dev, seconds, steps)
    make, more = hidden(w, T, share, masked), True
    while more:
        more = loop.take(0, make, torch.randint(len(w.stream) - T, (B,), device=w.dev))
    loop.swap()
    loop.free()
    say("hidden words:", loop.step, "steps of", B * T, f"loss {loop.last.item():.3f}")


def pieces(idx, size):
    return idx.split(size) if len(idx) else ()


def plan(buckets, rates, tokens, rng):
    """One round of batches: of each kind of sentence its share, in random order."""
    out = []
    for k, b in enumerate(buckets):
        parts = []
        for kind, rate in rates.items():
            rows = b.rows.get(kind)
            if rows is not None and len(rows):
                parts.append(rows[torch.randperm(len(rows), device=rows.device)[:int(rate * len(rows) + rng.random())]])
        if not parts:
            continue
        idx = torch.cat(parts)
        idx = idx[torch.randperm(len(idx), device=idx.device)]
        size = max(1, min(tokens // b.T, len(idx)))
        out += [(k, size, c) for c in idx.split(size) if len(c) == size]
    rng.shuffle(out)
    return out


def learn(w, net, opts, seconds, steps, buckets, rates, tokens, gold, seed, each=None, mean=0.998):
    """Training on trees. `each` is called with the running mean in place some ten times."""
    rng = random.Random(seed)
    loop = Loop(net.train(), opts, lambda n, b: loss_of(n, b, gold), w.dev, seconds, steps, mean=mean)
    more, told = True, 0
    while more:
        for k, size, idx in plan(buckets, rates, tokens, rng):
            more = loop.take((k, size), lambda i, k=k: buckets[k].batch(i, True), idx)
            if not more:
                break
            if each and loop.total and loop.step >= loop.total * (told + 1) / 10:
                told += 1
                loop.swap()
                each(net)
                loop.swap()
                net.train()
    loop.swap()
    loop.free()
    return loop


@torch.no_grad()
def score(w, net):
    """UPOS and LAS on base relations, heads by their own best scores (no tree), in parts of 100."""
    v, out = w.f.v, {}
    names = sorted({r.split(":")[0] for r in v.rels})
    base = torch.tensor([names.index(r.split(":")[0]) for r in v.rels], device=w.dev)
    net.eval()
    for name, buckets in w.devs.items():
        n = u = l = torch.zeros((), device=w.dev)
        for b in buckets:
            for idx in pieces(torch.arange(len(b.ids), device=w.dev), 16384 // b.T):
                x = b.batch(idx, False)
                o = net.heads(net.encode(x), x)
                head = o["arc"].argmax(-1)
                lab = net.labels(o["ld"], o["lh"], head)
                lab[..., v.ir["root"]] = -1e9
                rel = torch.where(head == 0, v.ir["root"], lab.argmax(-1)).t()
                ok, t = x["mask"] > 0, x["tgt"]
                n = n + ok.sum()
                u = u + ((o["tags"][..., :17].argmax(-1) == t[0]) & ok).sum()
                l = l + ((head.t() == t[3]) & (base[rel] == base[t[4].clamp(min=0)]) & ok).sum()
        out[name] = dict(upos=round(100 * u.item() / n.item(), 2), las=round(100 * l.item() / n.item(), 2))
    return out


def total(scores):
    return sum(s["upos"] + s["las"] for s in scores.values())


@torch.no_grad()
def label(w, nets, buckets, sure):
    """Hangs the mean of the networks on the sentences; those without gold take its best tree, or go."""
    v = w.f.v
    root, propn = v.ir["root"], v.iu["PROPN"]
    for net in nets:
        net.eval()
    for b in buckets:
        b.make_soft()
        keep = torch.ones(len(b.ids), dtype=torch.bool, device=w.dev)
        for idx in pieces(torch.arange(len(b.ids), device=w.dev), 24576 // b.T):
            x = b.batch_plain(idx)
            os = [n.heads(n.encode(x), x) for n in nets]
            arc = sum(o["arc"].softmax(-1) for o in os) / len(os)
            tag = sum(torch.cat([o["tags"][..., :17].softmax(-1), o["tags"][..., 17:].softmax(-1)], -1) for o in os) / len(os)
            gold, mask = b.gold[idx], x["mask"].t() > 0
            best = arc.argmax(-1)
            head = torch.where(gold[:, None], b.tgt[2][idx].long().clamp(min=0), best) * mask
            rel = sum(n.labels(o["ld"], o["lh"], head).softmax(-1) for n, o in zip(nets, os)) / len(os)
            rel[..., root] = rel[..., root] * (head == 0)
            tag = tag.transpose(0, 1)
            for s, t in zip(b.soft, (arc, rel, tag)):
                s[idx] = t.half()
            up = tag[..., :17].argmax(-1)
            new = torch.stack([up, tag[..., 17:].argmax(-1), head, torch.where(head == 0, root, rel.argmax(-1))]).masked_fill(~mask, -100)
            b.tgt[:, idx] = torch.where(gold[:, None], b.tgt[:, idx], new.short())
            b.name[idx] = torch.where(gold[:, None], b.name[idx], (up == propn) & w.f.alpha[x["ids"].t()] & mask)
            to = F.pad(head, (1, 0))
            for _ in range(7):
                to = to.gather(1, to)
            tree = (to == 0).all(1) & (((head == 0) & mask).sum(1) == 1)
            conf = (arc.max(-1).values * mask).sum(1) / mask.sum(1)
            keep[idx] = gold | tree & (conf > sure)
        b.select(keep)
        b.finish()


@torch.no_grad()
def variants(w, net, rounds):
    """Treebank sentences with words guessed anew by the network of hidden words; as buckets without labels."""
    out = []
    net.eval()
    for b in w.gold:
        new, at = [], torch.arange(b.T, device=w.dev)
        some = (b.weight >= 1).nonzero()[:, 0]
        for _ in range(rounds):
            for idx in pieces(some, 16384 // b.T):
                ids, n = b.ids[idx].long(), b.len[idx]
                p = .1 + .3 * torch.rand(len(idx), 1, device=w.dev)
                hide = (torch.rand(ids.shape, device=w.dev) < p) & (at > 0) & (at < n[:, None]) & ~w.f.punct[ids]
                x = dict(ids=torch.where(hide, w.f.hidden, ids).t(), mask=(at < n[:, None]).t().float())
                with torch.autocast(w.dev, torch.bfloat16, enabled=w.dev == "cuda"):
                    y = net.guess(net.encode(x).transpose(0, 1)[hide])
                top, which = y.float().topk(40, -1)
                pick = torch.multinomial(top.softmax(-1), 1)
                ids[hide] = w.guessed[which.gather(1, pick)[:, 0]]
                new.append((ids.int(), n))
        v = Bucket(b.T, 0, w.f, w.dev)
        if new:
            v = Bucket(b.T, sum(len(i) for i, _ in new), w.f, w.dev)
            v.ids, v.len = torch.cat([i for i, _ in new]), torch.cat([n for _, n in new])
            v.weight[:] = 0.5
        out.append(v)
    return out


def rows_of(buckets, kind):
    for b in buckets:
        b.rows = {kind: torch.arange(len(b.ids), device=b.ids.device)}


def join(sets):
    """One list of buckets from several kinds."""
    out = []
    for parts in zip(*sets.values()):
        rows, n, first = {}, 0, None
        for kind, b in zip(sets, parts):
            rows[kind] = torch.arange(n, n + len(b.ids), device=b.ids.device)
            n += len(b.ids)
            first = b if first is None else (first.append(b), first)[1]
        first.rows = rows
        out.append(first)
    return out


def teachers(w, a, sizes, seconds, tune, steps):
    """Large networks: hidden words, then trees twice with other seeds and rates."""
    nets, words = [], None
    rows_of(w.gold, GOLD)
    for n, size in enumerate(sizes):
        torch.manual_seed(100 + n)
        net = Big(size, w.f, w.pre, w.lex, GUESS if not a.tiny else 500).to(w.dev)
        if a.tiny:
            w.guess[w.guess >= 500] = -100
        matrices = [p for k, p in net.named_parameters() if k.startswith("blocks") and p.ndim == 2]
        ids = {id(p) for p in matrices}
        others = [p for k, p in net.named_parameters() if id(p) not in ids and not k.startswith(("proj", "arc", "root", "dist", "lab", "tags", "lemma"))]
        for k, p in net.named_parameters():
            p.requires_grad_(not k.startswith(("proj", "arc", "root", "dist", "lab", "tags", "lemma")))
        say("large network", size, sum(p.numel() for p in matrices) // 1000, "k in matrices")
        B = 256 if not a.tiny else 4
        pretrain(w, net, [Muon(matrices, 0.02), adam([(others, 2e-3)], w.dev)], seconds, steps, 128 if not a.tiny else 32, B, 0.25)
        for p in net.parameters():
            p.requires_grad_(True)
        if words is None:
            words = copy.deepcopy(net)
        for rate in (4e-4, 8e-4):
            torch.manual_seed(200 + 10 * n + int(rate * 1e4))
            one = copy.deepcopy(net)
            one.set_drop(0.2)
            one.guess.requires_grad_(False)
            heads = [p for k, p in one.named_parameters() if k.startswith(("proj", "arc", "root", "dist", "lab", "tags", "lemma"))]
            ids = {id(p) for p in heads}
            rest = [p for p in one.parameters() if id(p) not in ids and p.requires_grad]
            loop = learn(w, one, [adam([(rest, rate), (heads, 2e-3)], w.dev)], tune, steps, w.gold, {GOLD: 1}, 2500, 1.0, 7 + n)
            s = score(w, one)
            say("large network", size, "rate", rate, loop.step, "steps", json.dumps(s))
            nets.append((total(s), one))
            del loop
    best = max(t for t, _ in nets)
    return [n for t, n in nets if t > best - 1.5], words


def main():
    p = argparse.ArgumentParser()
    p.add_argument("corpus")
    p.add_argument("--out", required=True)
    p.add_argument("--keep", default="")
    p.add_argument("--pre", type=float, default=105)
    p.add_argument("--tune", type=float, default=13)
    p.add_argument("--small-pre", type=float, default=15)
    p.add_argument("--small", type=float, default=130)
    p.add_argument("--init", default="", help="weights of an earlier run of the small network")
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--workers", type=int, default=16)
    p.add_argument("--tiny", action="store_true", help="a trial of all stages on little of the text")
    p.add_argument("--trial", action="store_true", help="first run all stages for a few steps")
    a = p.parse_args()
    dev = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_float32_matmul_precision("high")
    w = load(a, dev)
    gc.collect()
    gc.freeze()
    if a.trial:
        t = copy.copy(a)
        t.keep, t.out, t.init = "", "/tmp/trial", ""
        small = Space(**vars(w))
        small.gold, small.open = copy.deepcopy(w.gold), {k: copy.deepcopy(b) for k, b in w.open.items()}
        for b in small.open[SPEECH]:
            b.select(torch.arange(min(len(b.ids), 400), device=dev))
        run(small, t, 14)
        del small
        gc.collect()
        say("trial done")
    run(w, a, 0)


def run(w, a, steps):
    sizes = [(512, 8, 8), (640, 6, 10)] if not a.tiny else [(64, 2, 2), (32, 1, 2)]
    kept = os.path.join(a.keep, "teachers.pt") if a.keep else ""
    if kept and os.path.exists(kept):
        nets, made = torch.load(kept, weights_only=False, map_location=w.dev)
        for n in nets:
            n.f, n.lex = w.f, w.lex
        for b in made:
            b.f, b.v = w.f, w.f.v
    else:
        nets, words = teachers(w, a, sizes, a.pre, a.tune, steps)
        made = variants(w, words, 12 if not steps else 1)
        if kept:
            os.makedirs(a.keep, exist_ok=True)
            for n in nets:
                n.f = None
            for b in made:
                b.f = b.v = None
            torch.save((nets, made), kept)
            for n in nets:
                n.f = w.f
            for b in made:
                b.f, b.v = w.f, w.f.v
    say(len(nets), "teachers,", sum(len(b.ids) for b in made), "variants of treebank sentences")
    together = Mixed(nets)
    say("together", json.dumps(score(w, together)))
    sets = {GOLD: w.gold, VARIANT: made, NEWS: w.open[NEWS], SPEECH: w.open[SPEECH]}
    for kind, sure in ((GOLD, 0), (VARIANT, .75), (NEWS, .75), (SPEECH, .8)):
        n = sum(len(b.ids) for b in sets[kind])
        label(w, nets, sets[kind], sure)
        say("taught", kind, "kept", sum(len(b.ids) for b in sets[kind]), "of", n, "sentences,", int(sum(b.len.sum() for b in sets[kind])), "tokens")
    buckets = join(sets)
    del nets, together
    torch.manual_seed(a.seed)
    cfg = dict(dim=160, word=96, affix=96, gram=64, layers="csss", arc=128, label=64, drop=0.15, mlp_drop=0.3, emb_drop=0.2, word_drop=0.25)
    net = Small(cfg, w.f, w.pre, w.trained).to(w.dev)
    if a.init:
        net.load_state_dict({k: v.float() for k, v in torch.load(a.init, map_location=w.dev).items()})
    elif a.small_pre:
        net.guess = torch.nn.Linear(160, 8000).to(w.dev)
        net.cfg = dict(cfg, word_drop=0.1, emb_drop=0.1)
        heads = ("proj", "arc", "root", "dist", "lab", "tags", "lemma")
        for k, p in net.named_parameters():
            p.requires_grad_(not k.startswith(heads))
        pretrain(w, net, [adam([([p for p in net.parameters() if p.requires_grad], 3e-3)], w.dev, 1e-4)], a.small_pre, steps, 48, 170 if not a.tiny else 8, 0.2, True)
        for p in net.parameters():
            p.requires_grad_(True)
        del net.guess
        net.cfg = cfg
    best = [-1.0]

    def each(n):
        s = score(w, n)
        say("small", json.dumps(s))
        if total(s) > best[0]:
            best[0] = total(s)
            export(n, w.f.v, a.out, s)
            torch.save({k: x.half() for k, x in n.state_dict().items()}, a.out + ".pt")

    rates = {GOLD: .6, VARIANT: .2, NEWS: 1, SPEECH: .08}
    loop = learn(w, net, [adam([(net.parameters(), a.rate)], w.dev, 1e-4)], a.small, steps, buckets, rates, 4096, .3, a.seed, each, mean=.999)
    each(net)
    say("small network:", loop.step, "steps")


class Mixed:
    """Several networks as one, for scores: mean probabilities, labels of the first heads asked."""

    def __init__(self, nets):
        self.nets = nets

    def eval(self):
        for n in self.nets:
            n.eval()

    def encode(self, b):
        return [n.encode(b) for n in self.nets]

    def heads(self, xs, b):
        os = [n.heads(x, b) for n, x in zip(self.nets, xs)]
        mean = lambda k: (sum(o[k].softmax(-1) for o in os) / len(os)).log()
        tags = torch.cat([sum(o["tags"][..., s].softmax(-1) for o in os) for s in (slice(0, 17), slice(17, None))], -1)
        return dict(arc=mean("arc"), tags=tags, ld=[o["ld"] for o in os], lh=[o["lh"] for o in os])

    def labels(self, ld, lh, head):
        return (sum(n.labels(d, h, head).softmax(-1) for n, d, h in zip(self.nets, ld, lh)) / len(self.nets)).log()


if __name__ == "__main__":
    main()
