"""Running text cut into sentences and tokens, near enough to the program's own cutting."""
import glob
import gzip
import json
import os
import random
import re

TOKEN = re.compile(r"""n't\b|'(?:s|re|ve|ll|d|m)\b|\w+(?=n't\b)|(?:[A-Z]\.){2,}
    |\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Prof|Gen|Col|Lt|No|vs|etc|Inc|Co|Corp|e\.g|i\.e)\.(?!$)
    |\d[\d.,:/]*\d\w*|\w+|--+|\.{2,}|[^\w\s]""", re.I | re.X)
ENDS, CLOSES = {".", "?", "!"}, {'"', "'", ")", "\u201d", "\u2019"}


def documents(path):
    with gzip.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            yield TOKEN.findall(json.loads(line)["text"].replace("\u2019", "'"))


def sentences(path, words, seed, low=4, high=50):
    """About `words` tokens of sentences, from documents in random order."""
    with gzip.open(path, "rt", encoding="utf-8") as f:
        lines = f.readlines()
    random.Random(seed).shuffle(lines)
    for line in lines:
        cur, tokens = [], TOKEN.findall(json.loads(line)["text"].replace("\u2019", "'"))
        for i, t in enumerate(tokens):
            cur.append(t)
            after = tokens[i + 1] if i + 1 < len(tokens) else "."
            end = t in ENDS or (t in CLOSES and len(cur) > 1 and cur[-2] in ENDS)
            if end and after not in CLOSES and not after[0].islower():
                if low <= len(cur) <= high:
                    yield cur
                    words -= len(cur)
                cur = []
        if words <= 0:
            return


HYPHEN = re.compile(r"(?<=\w)(-)(?=\w)")
PLAIN = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")", "-lrb-": "(", "-rrb-": ")"}


def news(folder, low=4, high=40):
    """Sentences of news, encyclopedia and statements of governments below `folder`: the token columns of
    CoNLL name files and the lines of the Wikinews texts with dates. Their labels are not read."""
    seen = set()
    for cur in _cut(folder):
        # the treebanks cut at hyphens inside words
        cur = [PLAIN.get(p, p) for t in cur for p in HYPHEN.split(t) if p]
        key = " ".join(cur)
        if low <= len(cur) <= high and key not in seen:
            seen.add(key)
            yield cur


def _cut(folder):
    found = glob.glob(os.path.join(folder, "names", "**", "*.conll*"), recursive=True)
    for path in sorted(f for f in found if os.path.isfile(f)):
        cur = []
        with open(path, encoding="utf-8") as f:
            for line in f:
                form = line.split()[0] if line.strip() else ""
                if form and not form.startswith("-DOCSTART-"):
                    cur.append(form)
                else:
                    yield cur
                    cur = []
        yield cur
    wikinews = os.path.join(folder, "time", "meantime.jsonl")
    if os.path.exists(wikinews):
        with open(wikinews, encoding="utf-8") as f:
            for line in f:
                yield from (l.split() for l in json.loads(line)["text"].split("\n"))
