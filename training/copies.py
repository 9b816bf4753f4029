"""Makes a labelled file for `detente score copies`: parts of open texts as articles, with edited copies of them.

    python3 training/copies.py texts.jsonl.gz 40000 1 > copies.jsonl

The input has one JSON object a line with "text". Half of the parts are articles; the others lend the paragraphs and
headlines that are put into copies. Nothing is random but for the seed.
"""

import gzip
import json
import random
import re
import sys

WORDS = """said stated;told informed;big large;war conflict;talks negotiations;government administration;people citizens;help support;
country nation;begin start;end finish;attack assault;show demonstrate;important crucial;need require;hope trust;because since;but however;
many numerous;must should;new fresh;problem issue;peace calm;force power;leader chief;work labour;make create;give grant;use employ;
continue proceed;international global;economic financial;development growth;security safety;efforts attempts;general overall;
human personal;political governmental;against versus;between among;more further;only merely;first initial"""
PAIRS = [pair.split() for pair in WORDS.replace("\n", "").split(";")]
SYNONYM = {a: b for a, b in PAIRS} | {b: a for a, b in PAIRS}


def sentences(text):
    return [s for s in re.split(r"(?<=[.!?])\s+", text) if s.strip()]


def parts(path, rnd):
    """Texts cut into parts as long as articles are."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            rest = sentences(json.loads(line)["text"])
            while rest:
                want, part = 6 * rnd.choice([80, 150, 250, 400, 700]), []
                while rest and sum(map(len, part)) < want:
                    part.append(rest.pop(0))
                if len(part) > 2 and len(" ".join(part).split()) > 45:
                    yield " ".join(part)


def synonyms(rnd, part, _):
    swap = lambda m: SYNONYM.get(m[0], m[0]) if rnd.random() < 0.8 else m[0]
    return [re.sub(r"[A-Za-z]+", swap, s) for s in part]


def names(rnd, part, _):
    """Names as another transliteration has them, each the same way throughout."""
    table, known = str.maketrans("kcyiouqv", "ckiyuokw"), {}

    def spell(m):
        name = m[0]
        return known.setdefault(name, name[0] + name[1:].translate(table) if rnd.random() < 0.7 else name)

    return [s[:1] + re.sub(r"\b[A-Z][a-z]{3,}", spell, s[1:]) for s in part]


def cut(rnd, part, _):
    return part[: max(2, int(len(part) * rnd.uniform(0.45, 0.9)))]


def drop(rnd, part, _):
    return [s for s in part if rnd.random() > 0.2] or part


def reorder(rnd, part, _):
    return rnd.sample(part, len(part))


def headline(_, part, other):
    return other[:1] + part


def added(rnd, part, other):
    at = rnd.randrange(len(part) + 1)
    return part[:at] + other[: max(1, len(part) // 3)] + part[at:]


def words(rnd, part, _):
    """One word in fifteen is another."""
    all_words = " ".join(part).split()
    return [" ".join(rnd.choice(all_words) if rnd.random() < 1 / 15 else w for w in s.split()) for s in part]


def main():
    path, count, rnd = sys.argv[1], int(sys.argv[2]), random.Random(int(sys.argv[3]))
    pool = list(parts(path, rnd))
    rnd.shuffle(pool)
    spare, pool, made = pool[: len(pool) // 2], pool[len(pool) // 2 :], 0
    for number, text in enumerate(pool):
        copies = [("", text)]
        for _ in range(rnd.choice([0, 0, 1, 1, 2, 4])):
            edits = rnd.sample([cut, drop, reorder, synonyms, headline, added, names, words], rnd.choice([1, 1, 2, 3]))
            other = sentences(spare.pop()) if spare and {headline, added} & set(edits) else []
            part = sentences(text)
            for edit in edits:
                part = edit(rnd, part, other)
            copies.append(("+".join(sorted(e.__name__ for e in edits)), " ".join(part)))
        for edits, copy in copies:
            row = {"id": f"{rnd.getrandbits(64):016x}", "story": f"s{number}", "published": f"2021-03-{rnd.randint(1, 12):02d}"}
            print(json.dumps(row | {"edits": edits, "text": copy}, ensure_ascii=False))
        made += len(copies)
        if made >= count:
            break


if __name__ == "__main__":
    main()
