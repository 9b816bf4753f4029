"""Networks for a GPU: the small one over arrays of forms, a large transformer, an optimiser, captured steps."""
import math
import time
import traceback

import torch
import torch.nn as nn
import torch.nn.functional as F

from net import Net
from pool import Mean, Rows


class Small(Net):
    """The network of net.py; looks its forms up in arrays on the device."""

    def __init__(self, cfg, f, pre, trained):
        v = f.v
        super().__init__(cfg, len(v.words), len(v.xpos), len(v.scripts), len(v.rels), pre, trained)
        self.f = f

    def look(self, b):
        f, ids = self.f, b["ids"].reshape(-1)
        w = f.word[ids]
        return (Rows.apply(self.word.weight, w) * self.trained[w], self.pre[w], Rows.apply(self.affix.weight, f.affix[ids].long()),
                Mean.apply(self.gram.weight, f.grams[ids].long(), f.n[ids]))

    def place(self, x, b):
        return x.view(*b["ids"].shape, -1)


def turn(x, cos, sin):
    """Rotary places: x [B, T, H, C], angles [T, 1, C / 2]."""
    a, b = x.chunk(2, -1)
    return torch.cat([torch.addcmul(a * cos, b, sin, value=-1), torch.addcmul(b * cos, a, sin)], -1)


class Block(nn.Module):
    """Attention over the sentence and a gated layer, both residual behind layer normalisation."""

    def __init__(self, d, heads, drop):
        super().__init__()
        ff = (d * 8 // 3 + 63) // 64 * 64
        self.heads, self.drop = heads, drop
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.o = nn.Linear(d, 3 * d, bias=False), nn.Linear(d, d, bias=False)
        self.up, self.down = nn.Linear(d, 2 * ff, bias=False), nn.Linear(ff, d, bias=False)
        self.qkv.weight.parts, self.up.weight.parts = 3, 2
        nn.init.zeros_(self.o.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x, mask, cos, sin):
        B, T, d = x.shape
        qk, v = self.qkv(self.n1(x)).split([2 * d, d], -1)
        qk = turn(qk.view(B, T, 2 * self.heads, -1), cos.to(qk.dtype), sin.to(qk.dtype))
        q, k, v = (t.transpose(1, 2) for t in (*qk.chunk(2, 2), v.view(B, T, self.heads, -1)))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.fade(self.o(y.transpose(1, 2).reshape(B, T, d)))
        g, u = self.up(self.n2(x)).chunk(2, -1)
        return x + self.fade(self.down(F.gelu(g) * u))

    def fade(self, x):
        return F.dropout(x, self.drop, self.training) if self.drop else x


class Big(Net):
    def __init__(self, size, f, pre, lex, n_guess, drop=0.0):
        d, depth, heads = size
        cfg = dict(dim=d, word=96, affix=192, gram=8, layers="", arc=512, label=160, drop=drop, mlp_drop=0.33, emb_drop=0.1, word_drop=0.1)
        v = f.v
        super().__init__(cfg, len(v.words), len(v.xpos), len(v.scripts), len(v.rels), pre)
        self.f, self.lex = f, lex
        self.gram, self.word = None, nn.Embedding(int(lex.max()) + 1, 256)
        nn.init.normal_(self.word.weight, std=0.05)
        self.inp, self.inn = nn.Linear(256 + 96 + 192, d), nn.LayerNorm(d)
        self.blocks = nn.ModuleList(Block(d, heads, drop) for _ in range(depth))
        self.guess = nn.Linear(d, n_guess)
        c = d // heads // 2
        angle = torch.arange(256)[:, None, None] * (1000.0 ** (-torch.arange(c) / c))
        self.register_buffer("cos", angle.cos())
        self.register_buffer("sin", angle.sin())

    def set_drop(self, p):
        self.cfg["drop"] = p
        for b in self.blocks:
            b.drop = p

    def encode(self, b):
        f, (T, B) = self.f, b["ids"].shape
        ids = b["ids"].t().reshape(-1)
        e, af = Rows.apply(self.word.weight, self.lex[ids]), Rows.apply(self.affix.weight, f.affix[ids].long())
        base = self.pre[f.word[ids]]
        if self.training:
            keep = torch.rand(len(ids), 1, device=e.device) > self.cfg["word_drop"]
            e, base = e * keep, base * keep
        mask = b["mask"]
        mask = None if mask is None else mask.t()[:, None, None] > 0
        with torch.autocast(e.device.type, torch.bfloat16, enabled=e.is_cuda):
            x = self.inn(self.inp(torch.cat([e, base, af.sum(1)], -1)))
            x = F.dropout(x, self.cfg["emb_drop"], self.training).view(B, T, -1)
            for k in self.blocks:
                x = k(x, mask, self.cos[:T], self.sin[:T])
        return self.norm(x.float()).transpose(0, 1)


class Muon:
    """Momentum whose matrices are made near orthogonal by a Newton-Schulz iteration (Jordan et al. 2024)."""

    def __init__(self, params, lr):
        self.groups, self.param_groups = {}, [dict(lr=lr)]
        for p in params:
            k = getattr(p, "parts", 1)
            self.groups.setdefault((p.shape[0] // k, p.shape[1]), []).append((p, k))
        self.buf = {s: torch.zeros(sum(k for _, k in ps), *s, device=ps[0][0].device) for s, ps in self.groups.items()}

    @torch.no_grad()
    def step(self):
        lr = self.param_groups[0]["lr"]
        for s, ps in self.groups.items():
            g = torch.cat([p.grad.view(k, *s) for p, k in ps])
            m = self.buf[s]
            m.lerp_(g, 0.05)
            x = g.lerp(m, 0.95).bfloat16()
            tall = s[0] > s[1]
            x = x.mT if tall else x
            x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
            for _ in range(5):
                a = x @ x.mT
                x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
            x = (x.mT if tall else x).float() * (lr * max(1, s[0] / s[1]) ** 0.5)
            at = 0
            for p, k in ps:
                p.mul_(1 - lr * 0.02).sub_(x[at:at + k].reshape(p.shape))
                at += k

    def zero_grad(self):
        pass


def adam(groups, dev, decay=1e-2):
    """groups: (parameters, rate)."""
    groups = [dict(params=list(p), lr=torch.tensor(float(r), device=dev), rate=r) for p, r in groups]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=decay, fused=True, capturable=dev == "cuda")


class Loop:
    """Steps of training. On a GPU each shape of batch is captured once and replayed.

    The number of steps is given, or else set after CALM steps from their pace and `seconds`.
    """
    CALM = 300

    def __init__(self, net, opts, loss, dev, seconds, steps=0, warm=200, mean=0.998, clip=2.0):
        self.net, self.opts, self.loss, self.dev, self.seconds, self.total = net, opts, loss, dev, seconds, steps
        self.warm, self.decay, self.clip = warm, mean, clip
        self.step, self.begun, self.graphs, self.pool = 0, time.time(), {}, None
        for o in opts:
            for g in o.param_groups:
                g["rate"] = g.get("rate", float(g["lr"]))
                g["lr"] = torch.tensor(g["rate"], device=dev)
        self.params = [p for p in net.parameters() if p.requires_grad]
        self.mean = [p.detach().clone() for p in self.params]
        self.last = torch.zeros((), device=dev)
        self.fixed = steps > 0

    def body(self, make, idx):
        for p in self.params:
            p.grad = None
        loss = self.loss(self.net, make(idx))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in self.params if p.grad is not None], self.clip)
        for o in self.opts:
            o.step()
        self.last.copy_(loss.detach())

    def rates(self):
        done = min(1, max(0, self.step - self.warm) / max(1, self.total - self.warm)) if self.total else 0
        k = min(1, (self.step + 1) / self.warm) * (0.51 + 0.49 * math.cos(math.pi * done))
        for o in self.opts:
            for g in o.param_groups:
                g["lr"].fill_(g["rate"] * k)

    def take(self, key, make, idx):
        """One step; false when the last is done."""
        if self.step % 4 == 0:
            self.rates()
        if self.dev != "cuda":
            self.body(make, idx)
        else:
            if key not in self.graphs:
                self.graphs[key] = self.capture(make, idx)
            graph, held = self.graphs[key]
            if graph is None:
                self.body(make, idx)
            else:
                held.copy_(idx)
                graph.replay()
        self.step += 1
        if self.step % 4 == 0:
            k = min(self.decay, self.step / (self.step + 40.0)) ** 4
            with torch.no_grad():
                torch._foreach_lerp_(self.mean, self.params, 1 - k)
        if not self.fixed and self.step in (self.CALM // 2, self.CALM):
            self.last.item()
            if self.step == self.CALM:
                pace = (time.time() - self.then - self.spent) / (self.CALM - self.CALM // 2)
                self.total = self.step + max(50, int((self.seconds - (time.time() - self.begun)) / pace))
                print(f"{1000 * pace:.2f} ms a step, {self.total} steps", flush=True)
            self.then, self.spent = time.time(), 0.0
        if self.step % 500 == 0:
            print(f"step {self.step}/{self.total} {time.time() - self.begun:.0f}s loss {self.last.item():.3f}", flush=True)
        return not self.total or self.step < self.total

    def capture(self, make, idx):
        then, held = time.time(), idx.clone()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            self.body(make, held)
        torch.cuda.current_stream().wait_stream(side)
        torch.cuda.synchronize()
        self.pool = self.pool or torch.cuda.graph_pool_handle()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.stream(side):
            graph.capture_begin(pool=self.pool)
            try:
                self.body(make, held)
                graph.capture_end()
            except RuntimeError:
                traceback.print_exc()
                try:
                    graph.capture_end()
                except RuntimeError as e:
                    print("not captured:", e, flush=True)
                self.pool, graph = None, None
        torch.cuda.current_stream().wait_stream(side)
        torch.cuda.synchronize()
        self.spent = getattr(self, "spent", 0.0) + time.time() - then
        return graph, held

    @torch.no_grad()
    def swap(self):
        """The running mean for the weights, and back."""
        for m, p in zip(self.mean, self.params):
            t = p.detach().clone()
            p.copy_(m)
            m.copy_(t)

    def free(self):
        """Lets the captured graphs go, and the gradients that hold their memory."""
        self.graphs.clear()
        for p in self.params:
            p.grad = None
        if self.dev == "cuda":
            torch.cuda.empty_cache()
