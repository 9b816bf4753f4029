"""Word vectors from running text: directional windows, positive PMI, truncated SVD.

Each word is described by what stands one and two places left and right of it. Such vectors carry
word class and syntax, which is what a small parser lacks for words its treebanks never show.
"""
from collections import Counter

import numpy as np

from feats import norm


def build(docs, must, size, dim, contexts=3000, seed=7):
    """docs: token lists; must: words which get a row. Returns (words, matrix [n, dim])."""
    import scipy.sparse as sp
    from scipy.sparse.linalg import svds

    cache, flat = {}, []
    for d in docs:
        for t in d:
            w = cache.get(t)
            if w is None:
                w = cache[t] = norm(t)
            flat.append(w)
        flat.append("</s>")
    count = Counter(flat)
    del count["</s>"]
    words = [w for w, n in count.most_common() if n >= 5 and (w in must or n >= 10)][:size]
    wid = {w: i for i, w in enumerate(words)}
    C = min(contexts, len(words))
    stop = len(words) + 1
    ids = np.fromiter((wid.get(w, stop) if w != "</s>" else stop for w in flat),
                      dtype=np.int64, count=len(flat))
    del flat
    n = len(words)
    parts = []
    for k, off in enumerate((-2, -1, 1, 2)):
        a, b = (ids[-off:], ids[:off]) if off < 0 else (ids[:-off], ids[off:])
        b = np.where(b < C, b, C)  # rare and unknown contexts share one column
        keep = a < n
        a, b = a[keep], b[keep]
        m = sp.coo_matrix((np.ones(len(a), dtype=np.float32), (a, b)), shape=(n, C + 1)).tocsr()
        row = np.asarray(m.sum(1)).ravel()
        col = np.asarray(m.sum(0)).ravel() ** 0.75
        m = m.tocoo()
        pmi = np.log(m.data * col.sum() / np.maximum(row[m.row] * col[m.col], 1e-9))
        ok = pmi > 0
        parts.append(sp.csr_matrix((pmi[ok], (m.row[ok], m.col[ok])), shape=m.shape))
    full = sp.hstack(parts).tocsr().astype(np.float32)
    v0 = np.random.default_rng(seed).standard_normal(min(full.shape)).astype(np.float32)
    u, s, _ = svds(full, k=dim, v0=v0, tol=1e-2)
    vec = u * np.sqrt(s)
    vec /= np.linalg.norm(vec, axis=1, keepdims=True) + 1e-6
    return words, (vec * np.sqrt(dim) * 0.5).astype(np.float32)
