"""Articles made up out of sentences of our corpus, always the same ones."""

from __future__ import annotations

import pathlib
import random
import re
from collections.abc import Iterator

CORPUS = pathlib.Path(__file__).resolve().parents[3] / "corpus"
STATES = ["Russia", "Iran", "Israel", "Turkey", "Syria", "India", "Pakistan", "Egypt", "Ethiopia", "China", "Japan", "France"]


def sentences() -> list[str]:
    texts = [f.read_text() for f in sorted(CORPUS.glob("*.txt"))]
    found = [s.strip() for t in texts for p in t.split("\n\n") for s in re.split(r"(?<=[.!?”]) +(?=[A-Z“])", p)]
    return [s for s in found if 40 < len(s) < 300 and s[-1] in ".!?”"]


def made_up(n: int, least: int = 2, most: int = 4) -> Iterator[dict[str, str]]:
    """Articles of so many sentences, states in them changed about; every tenth is a copy of an earlier one, some cut or added to."""
    chance = random.Random(7)
    pool = sentences()
    earlier: list[dict[str, str]] = []
    for i in range(n):
        day = f"{chance.choice([2017, 2018, 2019])}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        if earlier and i % 10 == 9:
            of = chance.choice(earlier)
            text = f"{of['text']}\n\nThis report was edited by the desk in the capital." if i % 20 == 9 else of["text"]
            day = of["published"]
        else:
            text = "\n\n".join(chance.sample(pool, chance.randint(least, most)))
            for state in STATES:
                if state in text and chance.random() < 0.5:
                    text = text.replace(state, chance.choice(STATES))
        article = {"id": f"a{i:07d}", "text": text, "published": day, "outlet": f"Post {i % 7}", "url": f"https://example.org/{i}"}
        earlier = [*earlier[-39:], article]
        yield article
