"""Score an exported weight file on CoNLL-U files, or write the fixture of the parity test.

    check.py WEIGHTS file.conllu...        figures, with the rounded weights as shipped
    check.py WEIGHTS --genres file...      the same by genre, and in lower case, capitals, headline case
    check.py WEIGHTS --fixture out.tsv     analyses of the sentences below
"""
import json
import sys

import torch
from safetensors import safe_open

from augment import SMALL
from data import UPOS, Sent, Types, read
from evaluate import evaluate, predict
from net import Net

SENTENCES = """The president of the republic was sworn in by the chief justice on Monday .
Rebels shelled two villages near the border , killing at least 14 civilians , officials said .
" We will not negotiate with those who bombed our cities , " the foreign minister told reporters .
UN envoy calls for an immediate ceasefire
POLICE ARREST 30 PROTESTERS
she did n't say whether the talks , which began in 2019 , had been suspended
Kenya 's and Ethiopia 's leaders have agreed to withdraw their soldiers and to exchange prisoners .
Wait !
Zxqv-77 reportedly unlocked € 3.5bn of assets in Ürümqi ; the ministry declined to comment ."""


class Labels:
    """The label sets of a weight file, in the shape the training code uses."""

    def __init__(self, meta):
        self.xpos, self.rels = json.loads(meta["xpos"]), json.loads(meta["rels"])
        self.scripts, self.words = json.loads(meta["scripts"]), meta["words"].split("\n")
        self.lexicon = {}
        for line in meta["lexicon"].splitlines():
            u, f, l = line.split("\t")
            self.lexicon.setdefault(u, {})[f] = l
        self.iw = {w: i for i, w in enumerate(self.words)}
        self.ix = {w: i for i, w in enumerate(self.xpos)}
        self.ir = {w: i for i, w in enumerate(self.rels)}
        self.iu = {w: i for i, w in enumerate(UPOS)}
        self.il = {w: i for i, w in enumerate(self.scripts)}

    def rel(self, r):
        return self.ir.get(r, self.ir.get(r.split(":")[0], 0))


def load(path):
    with safe_open(path, "pt") as f:
        meta = f.metadata()
    labels = Labels(meta)
    net = Net(json.loads(meta["config"]), len(labels.words), len(labels.xpos), len(labels.scripts),
              len(labels.rels))
    net.resume(path)
    return net.eval(), labels


def variants(path):
    """(name, sentences): every genre, as the document names tell it, then other spellings of all."""
    sents, genres, doc = read(path), [], ""
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("# newdoc id"):
                doc = line.split("=")[1].strip()
                doc = doc.split("_")[1] if doc.startswith("GUM_") else doc.split("-")[0]
            elif line.startswith("# sent_id"):
                genres.append(doc)
    for g in sorted(set(genres)):
        yield g, [s for s, d in zip(sents, genres) if d == g]
    yield "all", sents
    for name, turn in (("lower", str.lower), ("capitals", str.upper), ("headline", title_case)):
        out = []
        for s in sents:
            c = s.copy()
            c.forms = [turn(f) for f in c.forms]
            out.append(c)
        yield name, out


def title_case(form):
    return form if form in SMALL else form[:1].upper() + form[1:]


def main():
    torch.set_num_threads(1)
    net, labels = load(sys.argv[1])
    types = Types(labels)
    if sys.argv[2] == "--fixture":
        sents = [Sent([[0, w, "_", "X", "_", "_", 0, "dep"] for w in line.split(" ")], 1)
                 for line in SENTENCES.split("\n")]
        with open(sys.argv[3], "w", encoding="utf-8") as out:
            for s, rows in zip(sents, predict(net, sents, types, labels, "cpu")):
                for r in zip(s.forms, *rows):
                    out.write("\t".join(map(str, r)) + "\n")
                out.write("\n")
        return
    if sys.argv[2] == "--genres":
        for path in sys.argv[3:]:
            name = path.rsplit("/", 1)[-1]
            for what, sents in variants(path):
                e = evaluate(net, sents, types, labels, "cpu")
                print(f"| {name} | {what} | {sum(len(s.forms) for s in sents)} | {e['upos']} | {e['uas']} | {e['las']} |")
        return
    for path in sys.argv[2:]:
        print(path.rsplit("/", 1)[-1], json.dumps(evaluate(net, read(path), types, labels, "cpu")))


if __name__ == "__main__":
    main()
