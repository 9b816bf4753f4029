"""Accuracy of both parsers with gold tokens, then their speed from text to trees on the same articles.

    compare.py SPACY_MODEL REPOSITORY SYNTAX_DIR ARTICLE.txt...

Time is that of the processor, so that other work on the machine counts for neither. Both are measured in
turns, the best of some rounds each; the ratio is the median over the turns.
"""
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import spacy
from spacy.tokens import Doc

PROFILE = os.environ.get("PROFILE", "release")
TURNS = 5
ROUNDS = 3
WORDS = 30_000
BASE = re.compile(":.*")


def conllu(path):
    rows = []
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if not line:
            if rows:
                yield rows
            rows = []
        elif line[0] != "#":
            c = line.split("\t")
            if c[0].isdigit():
                rows.append(c)
    if rows:
        yield rows


def score(nlp, path):
    """UPOS and LAS, all tokens counted, relations without their subtypes, as `score parse` does."""
    sents = list(conllu(path))
    docs = nlp.pipe(Doc(nlp.vocab, [r[1] for r in s]) for s in sents)
    n = upos = las = 0
    for rows, doc in zip(sents, docs):
        for r, t in zip(rows, doc):
            n += 1
            upos += t.pos_ == r[3]
            head = 0 if t.head is t or t.head.i == t.i else t.head.i + 1
            rel = "root" if head == 0 else BASE.sub("", t.dep_.lower())
            las += head == int(r[6]) and rel == BASE.sub("", r[7])
    return upos / n, las / n


def own_score(root, path):
    out = subprocess.run(["cargo", "run", "--profile", PROFILE, "--quiet", "--bin", "detente", "--", "score", "parse", path, "--json"],
                         check=True, capture_output=True, text=True, cwd=root).stdout
    figures = json.loads(out)
    return figures["upos"], figures["las"]


def own_speed(root, articles):
    out = subprocess.run(["cargo", "bench", "--profile", PROFILE, "--quiet", "-p", "detente-core", "--bench", "model", "--", *articles],
                         check=True, capture_output=True, text=True, cwd=root).stdout
    return float(re.search(r"text to tree: (\d+) words/s", out)[1])


def spacy_speed(nlp, texts):
    """The best of some rounds, as our own bench takes it: other work only ever costs time."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for doc in nlp.pipe(texts):
            pass
        rounds.append(time.process_time() - start)
    return sum(len(t.split()) for t in texts) / min(rounds)


def main():
    model, root, syntax, *articles = sys.argv[1:]
    root = Path(root).resolve()
    nlp = spacy.load(model)
    print(f"spaCy {spacy.__version__}: {' '.join(nlp.pipe_names)}")
    for name in ("ewt-dev", "gum-open-dev"):
        path = f"{syntax}/{name}.conllu"
        for who, (upos, las) in (("spaCy", score(nlp, path)), ("détente", own_score(root, path))):
            print(f"{name:14} {who:8} UPOS {upos:.4f}  LAS {las:.4f}")
    texts = [Path(a).read_text(encoding="utf-8") for a in articles]
    texts *= -(-WORDS // sum(len(t.split()) for t in texts))
    ratios = []
    for _ in range(TURNS):
        theirs, ours = spacy_speed(nlp, texts), own_speed(root, [str(Path(a).resolve()) for a in articles])
        ratios.append(ours / theirs)
        print(f"words/s of one thread: spaCy {theirs:,.0f}  détente {ours:,.0f}  ratio {ratios[-1]:.1f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()
