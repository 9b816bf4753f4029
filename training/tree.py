"""Maximum spanning tree with exactly one root (Chu-Liu/Edmonds). Rust twin: decode.rs."""
import numpy as np


def edmonds(s):
    """s[d, h], node 0 is the root; returns the head of each node (head of 0 is 0)."""
    n = s.shape[0]
    s = s.copy()
    s[0, :] = -np.inf
    np.fill_diagonal(s, -np.inf)
    head = s.argmax(1)
    head[0] = 0
    colour = [0] * n
    colour[0] = 2
    for i in range(n):
        path, v = [], i
        while colour[v] == 0:
            colour[v] = 1
            path.append(v)
            v = int(head[v])
        if colour[v] == 1:
            cyc = path[path.index(v):]
            break
        for p in path:
            colour[p] = 2
    else:
        return head
    inside = np.zeros(n, dtype=bool)
    inside[cyc] = True
    rest = [i for i in range(n) if not inside[i]]
    m = len(rest)
    t = np.full((m + 1, m + 1), -np.inf)
    t[:m, :m] = s[np.ix_(rest, rest)]
    own = s[cyc, head[cyc]]
    into = s[np.ix_(cyc, rest)] - own[:, None]
    enter = into.argmax(0)
    t[m, :m] = into.max(0)
    leave = s[np.ix_(rest, cyc)]
    exits = leave.argmax(1)
    t[:m, m] = leave.max(1)
    sub = edmonds(t)
    out = head.copy()
    for k, i in enumerate(rest):
        h = int(sub[k])
        out[i] = cyc[int(exits[k])] if h == m else rest[h]
    h = int(sub[m])
    out[cyc[int(enter[h])]] = rest[h]
    out[0] = 0
    return out


def tree(arc):
    """arc [n, n+1] scores of dependents by heads (0 = root) -> heads, exactly one root."""
    n = arc.shape[0]
    s = np.full((n + 1, n + 1), -np.inf)
    s[1:] = arc
    head = edmonds(s)
    roots = [i for i in range(1, n + 1) if head[i] == 0]
    if len(roots) != 1:
        best = None
        for r in sorted(roots, key=lambda i: -s[i, 0])[:8]:
            t = s.copy()
            t[:, 0] = -np.inf
            t[r, :] = -np.inf
            t[r, 0] = s[r, 0]
            h = edmonds(t)
            total = sum(t[i, h[i]] for i in range(1, n + 1))
            if best is None or total > best[0]:
                best = (total, h)
        head = best[1]
    return head[1:]
