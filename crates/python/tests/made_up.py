"""Articles made up out of sentences of our corpus and of ordinary ones, always the same ones.

Three sentences of ten are of the corpus, in which there is an event in nearly each: so an archive holds as many events for its
words as the news does (2.5 in 250 words of 376 texts of newswire).
"""

from __future__ import annotations

import pathlib
import random
import re
from collections.abc import Iterator

CORPUS = pathlib.Path(__file__).resolve().parents[3] / "corpus"
ORDINARY = pathlib.Path(__file__).with_name("ordinary.txt")
STATES = ["Russia", "Iran", "Israel", "Turkey", "Syria", "India", "Pakistan", "Egypt", "Ethiopia", "China", "Japan", "France"]


def sentences() -> list[str]:
    texts = [f.read_text() for f in sorted(CORPUS.glob("*.txt"))]
    found = [s.strip() for t in texts for p in t.split("\n\n") for s in re.split(r"(?<=[.!?”]) +(?=[A-Z“])", p)]
    return [s for s in found if 40 < len(s) < 300 and s[-1] in ".!?”"]


def made_up(n: int, least: int = 2, most: int = 4) -> Iterator[dict[str, str]]:
    """Articles of so many sentences, states in them changed about; every tenth is a copy of an earlier one, some cut or added to."""
    chance = random.Random(7)
    pool, ordinary = sentences(), ORDINARY.read_text().splitlines()
    earlier: list[dict[str, str]] = []
    for i in range(n):
        day = f"{chance.choice([2017, 2018, 2019])}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        if earlier and i % 10 == 9:
            of = chance.choice(earlier)
            text = f"{of['text']}\n\nThis report was edited by the desk in the capital." if i % 20 == 9 else of["text"]
            day = of["published"]
        else:
            length = chance.randint(least, most)
            told = max(1, round(0.3 * length))
            parts = chance.sample(pool, told) + chance.sample(ordinary, length - told)
            # What happened comes first, as in the news.
            text = "\n\n".join(parts)
            for state in STATES:
                if state in text and chance.random() < 0.5:
                    text = text.replace(state, chance.choice(STATES))
        article = {"id": f"a{i:07d}", "text": text, "published": day, "outlet": f"Post {i % 7}", "url": f"https://example.org/{i}"}
        earlier = [*earlier[-39:], article]
        yield article
