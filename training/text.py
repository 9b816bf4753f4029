"""Running text cut into sentences and tokens, near enough to the program's own cutting."""
import gzip
import json
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
