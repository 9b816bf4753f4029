"""The mean of models that grew from the same one.

    average.py SYNTAX --out en --models a.pt b.pt ...
"""
import argparse
import json

import torch

from common import Material, arguments, begin
from evaluate import evaluate
from export import export
from net import Net


def main():
    p = arguments(argparse.ArgumentParser())
    p.add_argument("--models", nargs="+", required=True)
    a = p.parse_args()
    _, dev = begin(a)
    m = Material(a)
    parts = [torch.load(f, weights_only=False) for f in a.models]
    v = m.vocab
    net = Net(parts[0][0], len(v.words), len(v.xpos), len(v.scripts), len(v.rels), m.pre, m.trained)
    net.load_state_dict({k: sum(s[k] for _, s in parts) / len(parts) for k in parts[0][1]})
    net = net.to(dev).eval()
    scores = {n: evaluate(net, s, m.types, v, dev) for n, s in m.devs.items()}
    print(json.dumps(scores), flush=True)
    export(net, v, a.out, scores)
    torch.save((net.cfg, net.state_dict()), a.out + ".pt")


main()
