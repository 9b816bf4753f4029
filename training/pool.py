"""Sentences and running text as arrays on the GPU, where batches are cut and varied without the processor."""
import multiprocessing

import numpy as np
import torch

from augment import SMALL
from data import CASES, UPOS
from feats import AFFIX_ROWS, KINDS, NGRAM_ROWS, features, norm
from pretrain import HIDDEN

LENGTHS = (6, 9, 12, 15, 18, 21, 24, 28, 32, 38, 46, 60, 104)  # sentences are filled up to these
GRAMS = 48  # n-grams of a form that are read; one form in a thousand has more


def one(form):
    a, g = features(form)
    return norm(form), a, g[:GRAMS], len(g[:GRAMS])


class Labels:
    """Label sets, in the shape the training code uses."""

    def __init__(self, d):
        self.__dict__.update(d)
        self.iw = {w: i for i, w in enumerate(self.words)}
        self.ir = {w: i for i, w in enumerate(self.rels)}
        self.ix = {w: i for i, w in enumerate(self.xpos)}
        self.il = {w: i for i, w in enumerate(self.scripts)}
        self.iu = {w: i for i, w in enumerate(UPOS)}


class Forms:
    """What is known of every form: feature rows, and its number in other spellings."""

    def __deepcopy__(self, memo):
        return self

    def __init__(self, c, dev, workers):
        forms, v = list(c["forms"]), Labels(c["labels"])
        index = {f: i for i, f in enumerate(forms)}

        def number(f):
            if f not in index:
                index[f] = len(forms)
                forms.append(f)
            return index[f]

        base = list(forms)
        cap = lambda w: w[:1].upper() + w[1:]
        plain = lambda f: not f.startswith("\0")
        turned = [[number(g(f)) if plain(f) else i for i, f in enumerate(base)]
                  for g in (str.lower, str.upper, cap, lambda w: w.replace("'", "\u2019"))]
        fill = [list(range(len(base), len(forms)))] * 4  # a spelling of a spelling is left as it is
        if workers > 1:
            with multiprocessing.Pool(workers) as p:
                rows = p.map(one, forms, chunksize=2000)
        else:
            rows = [one(f) for f in forms]
        t = lambda x, k=torch.long: torch.tensor(np.array(x), dtype=k, device=dev)
        grams = np.zeros((len(forms), GRAMS), dtype=np.int32) + np.arange(GRAMS) * 331 % NGRAM_ROWS
        for i, r in enumerate(rows):
            grams[i, :r[3]] = r[2]
        self.word = t([v.iw.get(r[0], 0) for r in rows])
        self.affix = t([r[1] for r in rows], torch.int32)
        self.grams, self.n = t(grams, torch.int32), t([r[3] for r in rows])
        self.turned = torch.stack([t(a + b) for a, b in zip(turned, fill)])
        self.small = t([f.lower() in SMALL or f == "n't" for f in forms], torch.bool)
        self.alpha = t([f.isalpha() and len(f) > 3 and f[0].isupper() for f in forms], torch.bool)
        self.punct = t([not any(x.isalnum() for x in f) for f in forms], torch.bool)
        self.strange = t(c["strange"])
        self.forms, self.index, self.norms, self.v = forms, index, [r[0] for r in rows], v
        self.hidden, self.stop = index[HIDDEN], index["."]
        self.quote, self.opens, self.closes = index['"'], index["\u201c"], index["\u201d"]


class Rows(torch.autograd.Function):
    """Rows of a table. The gradient is summed in place, which a captured graph can hold."""

    @staticmethod
    def forward(ctx, table, idx):
        ctx.save_for_backward(idx)
        ctx.shape = table.shape
        return torch.nn.functional.embedding(idx, table)

    @staticmethod
    def backward(ctx, g):
        idx, = ctx.saved_tensors
        out = torch.zeros(ctx.shape, device=g.device)
        return out.index_add_(0, idx.reshape(-1), g.reshape(-1, ctx.shape[1]).float()), None


class Mean(torch.autograd.Function):
    """The mean of the first n of each row of table rows."""

    @staticmethod
    def forward(ctx, table, idx, n):
        coef = (torch.arange(idx.shape[1], device=n.device) < n[:, None]) / n[:, None].float()
        ctx.save_for_backward(idx, coef)
        ctx.shape = table.shape
        return torch.nn.functional.embedding_bag(idx, table, per_sample_weights=coef, mode="sum")

    @staticmethod
    def backward(ctx, g):
        idx, coef = ctx.saved_tensors
        out = torch.zeros(ctx.shape, device=g.device)
        part = (g.float()[:, None] * coef[..., None]).view(-1, g.shape[1])
        return out.index_add_(0, idx.reshape(-1), part), None, None


class Bucket:
    """Sentences filled up to one length: ids, labels and, once taught, what the teachers hold of them."""

    def __init__(self, T, n, f, dev):
        z = lambda *s, k=torch.int16, x=0: torch.full(s, x, dtype=k, device=dev)
        self.T, self.f, self.v = T, f, f.v
        self.ids, self.len = z(n, T, k=torch.int32), z(n, k=torch.long)
        self.tgt, self.lem = z(4, n, T, x=-100), z(4, n, T, x=-100)  # upos xpos head rel; scripts as written, lower, capitals, title
        self.name, self.weight = z(n, T, k=torch.bool), z(n, k=torch.float32)
        self.gold, self.stop = z(n, k=torch.bool), z(n, k=torch.bool)
        self.soft = None

    def make_soft(self):
        n, T = self.ids.shape
        z = lambda *s: torch.zeros(s, dtype=torch.float16, device=self.ids.device)
        self.soft = z(n, T, T + 1), z(n, T, len(self.v.rels)), z(n, T, 17 + len(self.v.xpos))

    def select(self, keep):
        for k in ("ids", "len", "name", "weight", "gold", "stop"):
            setattr(self, k, getattr(self, k)[keep])
        self.tgt, self.lem = self.tgt[:, keep], self.lem[:, keep]
        if self.soft:
            self.soft = tuple(s[keep] for s in self.soft)

    def append(self, o):
        for k in ("ids", "len", "name", "weight", "gold", "stop"):
            setattr(self, k, torch.cat([getattr(self, k), getattr(o, k)]))
        self.tgt, self.lem = torch.cat([self.tgt, o.tgt], 1), torch.cat([self.lem, o.lem], 1)
        if self.soft:
            self.soft = tuple(torch.cat(s) for s in zip(self.soft, o.soft))

    def finish(self):
        """Which final stops can go: punctuation on which nothing hangs."""
        at = torch.arange(self.T, device=self.ids.device)
        last = self.len - 1
        p = self.tgt[0].gather(1, last[:, None])[:, 0] == self.v.iu["PUNCT"]
        free = ~((self.tgt[2] == self.len[:, None]) & (at < self.len[:, None])).any(1)
        self.stop = p & free & (self.len > 2)

    def batch(self, idx, vary):
        """The arrays of data.tensors for these sentences; a third of them changed as augment.py does if `vary`."""
        f, T, ids, n = self.f, self.T, self.ids[idx].long(), self.len[idx]
        dev, B = ids.device, len(idx)
        at = torch.arange(T, device=dev)
        tgt, lem = self.tgt[:, idx].long(), self.lem[:, idx].long()
        lemma = lem[0]
        if vary:
            r = torch.rand(B, 1, device=dev)
            within = lambda a, b: (r >= a) & (r < b)
            small = f.small[ids] & (at > 0)
            quote = ids == f.quote
            opens = quote.cumsum(1) % 2 == 1
            curly = f.turned[3][ids].masked_fill(quote & opens, f.opens).masked_fill(quote & ~opens, f.closes)
            fresh = f.strange[torch.randint(len(f.strange), (B, T), device=dev)]
            name = self.name[idx] & within(.795, .86)
            for k, on in ((0, within(.66, .71)), (1, within(.71, .745)), (2, within(.745, .795) & ~small)):
                ids, lemma = torch.where(on, f.turned[k][ids], ids), torch.where(on, lem[k + 1], lemma)
            new = torch.where(name, fresh, torch.where(within(.86, .90), curly, ids))
            ids, lemma = new, lemma.masked_fill((new != ids) & ~name, -100)
            cut = (r[:, 0] >= .76) & (r[:, 0] < .82) | (r[:, 0] >= .92)
            n = n - (cut & self.stop[idx]).long()
        mask = at < n[:, None]
        ids = ids.masked_fill(~mask, 0)  # no scalars in torch.where: they are copied to the device, which no captured graph can
        tgt = torch.stack([tgt[0], tgt[1], lemma, tgt[2], tgt[3]]).masked_fill(~mask, -100)
        wt = mask * self.weight[idx][:, None]
        out = dict(ids=ids.t(), mask=mask.t().float(), tgt=tgt.transpose(1, 2), wt=wt.t())
        if self.soft:
            arc, rel, tag = (s[idx].float() for s in self.soft)
            ok = torch.cat([torch.ones_like(mask[:, :1]), mask], 1)
            out.update(soft_arc=arc * ok[:, None], soft_rel=rel, soft_tag=tag.transpose(0, 1))
        return out

    def batch_plain(self, idx):
        """As `batch`, without labels of teachers."""
        soft, self.soft = self.soft, None
        out = self.batch(idx, False)
        self.soft = soft
        return out


def pack(rows, sizes, weights, f, dev, gold):
    """Buckets by length of sentences that stand one behind the other; longer ones than the longest are left."""
    rows = torch.from_numpy(rows).to(dev)
    sizes = torch.as_tensor(np.array(sizes), device=dev).long()
    start = sizes.cumsum(0) - sizes
    out, low = [], 0
    for T in LENGTHS:
        pick = ((sizes > low) & (sizes <= T)).nonzero()[:, 0]
        low = T
        b = Bucket(T, len(pick), f, dev)
        at = torch.arange(T, device=dev)
        n = sizes[pick]
        where = (start[pick][:, None] + at).clamp(max=rows.shape[1] - 1)
        in_ = at < n[:, None]
        b.ids, b.len = torch.where(in_, rows[0][where], 0).int(), n
        if len(rows) > 1:
            get = lambda k: torch.where(in_, rows[k][where], -100).short()
            b.tgt = torch.stack([get(k) for k in (1, 2, 3, 4)])
            b.lem = torch.stack([get(k) for k in (6, 7, 8, 9)])
            b.name = in_ & (rows[5][where] > 0)
        b.gold[:] = gold
        w = torch.as_tensor(weights, device=dev, dtype=torch.float32)
        b.weight = w[pick] if w.ndim else w.expand(len(pick)).clone()
        if gold:
            b.finish()
        out.append(b)
    return out
