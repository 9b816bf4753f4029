"""The network. Time-major [T, B, D] throughout."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file
from feats import AFFIX_ROWS, KINDS, NGRAM_ROWS

DIST = 16
# Half-width products and ready-made dropout masks: on a CPU with bf16 instructions a step takes
# half the time. Inference is in single precision.
FAST = not torch.cuda.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
POOL = {}


def dropout(x, p, training):
    """Dropout with a window of a fixed random mask, which is cheaper than drawing one."""
    n = x.numel()
    if not training or p == 0:
        return x
    if x.is_cuda or n > 1 << 20:
        return F.dropout(x, p)
    if p not in POOL:
        POOL[p] = torch.empty(1 << 21).bernoulli_(1 - p).div_(1 - p)
    at = int(torch.randint(1 << 20, ()))
    return x * POOL[p][at:at + n].view(x.shape)


def half(x):
    """bf16 with the rows filled up to a multiple of 128: each new shape costs a compilation."""
    n = -len(x) % 128
    return F.pad(x.bfloat16(), (0, 0, 0, n)) if n else x.bfloat16()


class Product(torch.autograd.Function):
    """x @ w.T in bf16 with sums in single precision."""

    @staticmethod
    def forward(ctx, x, w):
        n, x, w = len(x), half(x), w.bfloat16()
        ctx.save_for_backward(x, w)
        return (x @ w.t())[:n].float()

    @staticmethod
    def backward(ctx, g):
        (x, w), n, g = ctx.saved_tensors, len(g), half(g)
        return (g @ w)[:n].float(), (g.t() @ x).float()


class Linear(nn.Linear):
    hurry = False  # bf16 outside training, too

    def forward(self, x):
        if not (FAST and (self.training or Linear.hurry)):
            return super().forward(x)
        y = Product.apply(x.reshape(-1, x.shape[-1]), self.weight) + self.bias
        return y.view(*x.shape[:-1], -1)


def doubled(f, u):
    """The same recurrence in log2(T) steps over all places at once, for a GPU."""
    k = 1
    while k < len(u):
        f2, u2 = f.clone(), u.clone()
        torch.addcmul(u[k:], f[k:], u[:-k], out=u2[k:])
        torch.mul(f[k:], f[:-k], out=f2[k:])
        f, u, k = f2, u2, 2 * k
    return u


class Scan(torch.autograd.Function):
    """c[t] = f[t] * c[t-1] + u[t] along the first axis."""

    @staticmethod
    def forward(ctx, f, u):
        if u.is_cuda:
            c = doubled(f, u)
            ctx.save_for_backward(f, c)
            return c
        c = torch.empty_like(u)
        c[0] = u[0]
        for t in range(1, u.shape[0]):
            torch.addcmul(u[t], f[t], c[t - 1], out=c[t])
        ctx.save_for_backward(f, c)
        return c

    @staticmethod
    def backward(ctx, gc):
        f, c = ctx.saved_tensors
        if gc.is_cuda:
            back = torch.cat([torch.zeros_like(f[:1]), f[1:].flip(0)])
            g = doubled(back, gc.flip(0)).flip(0)
        else:
            g = torch.empty_like(c)
            g[-1] = gc[-1]
            for t in range(c.shape[0] - 2, -1, -1):
                torch.addcmul(gc[t], f[t + 1], g[t + 1], out=g[t])
        gf = torch.zeros_like(f)
        torch.mul(g[1:], c[:-1], out=gf[1:])
        return gf, g


class Conv(nn.Module):
    """x + GLU(window 3 of LN(x))."""

    def __init__(self, d, drop):
        super().__init__()
        self.norm, self.lin, self.drop = nn.LayerNorm(d), Linear(3 * d, 2 * d), drop

    def forward(self, x, mask):
        h = self.norm(x) * mask
        z = torch.zeros_like(h[:1])
        h = torch.cat([torch.cat([z, h[:-1]]), h, torch.cat([h[1:], z])], -1)
        return x + dropout(F.glu(self.lin(h), -1), self.drop, self.training)


class Sru(nn.Module):
    """x + W_o(sigmoid(o) * c), c a gated linear recurrence, half the channels in each direction."""

    def __init__(self, d, drop):
        super().__init__()
        self.norm, self.lin, self.out, self.drop = nn.LayerNorm(d), Linear(d, 3 * d), Linear(d, d), drop
        with torch.no_grad():
            self.lin.bias[d:2 * d] = torch.linspace(-1, 3, d // 2).repeat(2)

    def forward(self, x, mask):
        z, f, o = self.lin(self.norm(x)).chunk(3, -1)
        f = torch.sigmoid(f)
        u = (1 - f) * z * mask
        h = x.shape[-1] // 2
        flip = lambda a: torch.cat([a[..., :h], a[..., h:].flip(0)], -1)
        c = Scan.apply(flip(f).contiguous(), flip(u).contiguous())
        y = self.out(torch.sigmoid(o) * flip(c))
        return x + dropout(y, self.drop, self.training)


class Net(nn.Module):
    def __init__(self, cfg, n_words, n_xpos, n_lemma, n_rel, pre=None, trained=None):
        super().__init__()
        d, w, a, g = cfg["dim"], cfg["word"], cfg["affix"], cfg["gram"]
        self.cfg = cfg
        pre = torch.zeros(n_words, w) if pre is None else pre
        self.register_buffer("pre", pre)
        self.register_buffer("trained", torch.ones(n_words, 1) if trained is None else trained)
        self.word = nn.Embedding(n_words, w)
        self.affix = nn.Embedding(AFFIX_ROWS, a)
        self.gram = nn.EmbeddingBag(NGRAM_ROWS, g, mode="mean")
        nn.init.zeros_(self.word.weight)
        nn.init.normal_(self.affix.weight, std=0.05)
        nn.init.normal_(self.gram.weight, std=0.05)
        self.inp = Linear(w + a + g, 2 * d)
        drop = cfg["drop"]
        self.layers = nn.ModuleList({"c": Conv, "s": Sru}[k](d, drop) for k in cfg["layers"])
        self.norm = nn.LayerNorm(d)
        A, L = cfg["arc"], cfg["label"]
        self.proj = Linear(d, 2 * A + 2 * L)  # arc dep, arc head, label dep, label head
        self.arc_u = nn.Parameter(torch.eye(A) / A ** 0.5)
        self.arc_b = nn.Parameter(torch.zeros(A))
        self.root = nn.Parameter(torch.randn(A + L) * 0.1)
        self.dist = nn.Parameter(torch.zeros(2 * DIST + 1))
        self.lab = Linear(3 * L, n_rel)
        self.tags = Linear(d, 17 + n_xpos)
        self.lemma = Linear(d, n_lemma)
        self.n_xpos = n_xpos

    def resume(self, path):
        """Takes over exported weights, whose word table is the sum of fixed and learned parts."""
        t = load_file(path)
        state = {k: v.float() for k, v in t.items() if not k.endswith((".q", ".s"))}
        for k in ("word", "affix", "gram"):
            state[k + ".weight"] = t[k + ".q"].float() * t[k + ".s"][:, None]
        state["word.weight"] = (state["word.weight"] - self.pre) * self.trained
        self.load_state_dict(state, strict=False)

    def look(self, b):
        """Of every form: learned vector, fixed vector, affix rows, mean of n-gram rows."""
        w = b["word"]
        return self.word(w) * self.trained[w], self.pre[w], self.affix(b["affix"]), self.gram(b["grams"], b["offs"])

    def embed(self, b):
        p = self.cfg["word_drop"]
        e, base, af, gram = self.look(b)
        if self.training:
            r = torch.rand(len(e), 1, device=e.device)
            e = e * (r > p)
            base = base * (r > p / 3)
            # the whole-word hash is dropped with the word, the other kinds now and then
            keep = (torch.rand(af.shape[:2], device=e.device) > 0.05).to(e.dtype)
            keep[:, KINDS - 1] = (r[:, 0] > p).to(e.dtype)
            af = af * keep.unsqueeze(-1)
        x = torch.cat([e + base, af.sum(1), gram], -1)
        if self.training:
            x = dropout(x, self.cfg["emb_drop"], True)
        return F.glu(self.inp(x), -1)

    def place(self, x, b):
        """Rows of forms to the places where they stand, [T, B, D]."""
        return x[b["inv"]]

    def encode(self, b):
        x = self.place(self.embed(b), b)
        mask = b["mask"].unsqueeze(-1)
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x)

    def heads(self, x, b):
        """x [T,B,D] -> dict of logits; arcs [B, T(dep), T+1(head, 0 = root)]."""
        T, B, _ = x.shape
        A, L = self.cfg["arc"], self.cfg["label"]
        p = F.leaky_relu(self.proj(dropout(x, self.cfg["drop"], self.training)), 0.1)
        p = dropout(p, self.cfg["mlp_drop"], self.training)
        ad, ah, ld, lh = p.transpose(0, 1).split([A, A, L, L], -1)
        root = self.root.expand(B, 1, -1)
        ah = torch.cat([root[..., :A], ah], 1)
        lh = torch.cat([root[..., A:], lh], 1)
        s = (ad @ self.arc_u + self.arc_b) @ ah.transpose(1, 2)
        i = torch.arange(T, device=x.device)
        k = (i[None, :] - i[:, None]).clamp(-DIST, DIST) + DIST  # head - dep
        s[..., 1:] = s[..., 1:] + self.dist[k]
        ok = torch.cat([torch.ones(B, 1, device=x.device), b["mask"].t()], 1)
        s = s.masked_fill((ok == 0).unsqueeze(1), -1e4)
        eye = torch.eye(T, dtype=torch.bool, device=x.device)
        s[..., 1:] = s[..., 1:].masked_fill(eye, -1e4)
        return dict(arc=s, ld=ld, lh=lh, tags=self.tags(x), lemma=self.lemma(x))

    def labels(self, ld, lh, head):
        """Label logits of each dependent for the given heads [B, T]."""
        h = torch.gather(lh, 1, head.unsqueeze(-1).expand(-1, -1, lh.shape[-1]))
        return self.lab(torch.cat([ld * h, ld, h], -1))
