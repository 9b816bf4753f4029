"""Write figures.csv and per_class.csv: accuracy/update.py DATA_DIR [PROGRAM]

Runs `detente score` on every file of sets.csv that is there, and sets beside each figure the command
that gives it and what others reach (peers.csv). Needs Python 3.9 and nothing else.
"""
import csv
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Counts and times, which are no measure of accuracy.
LEFT_OUT = {"seconds", "words_per_second", "words", "entities", "history"}


def flat(value, key=""):
    """(key, number) pairs of nested objects, the keys joined by dots."""
    if isinstance(value, dict):
        for k, v in value.items():
            yield from flat(v, f"{key}.{k}" if key else k)
    elif isinstance(value, (int, float)):
        yield key, value


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    data, program = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "detente"
    with open(HERE / "peers.csv", encoding="utf-8") as f:
        peers = {(r["file"], r["key"]): r["peers"] for r in csv.DictReader(f)}
    figures, classes = [], []
    with open(HERE / "sets.csv", encoding="utf-8") as f:
        sets = list(csv.DictReader(f))
    for s in sets:
        # Sets of our own lie beside this file; some sets are several files.
        paths = [next((base / f for base in (data, HERE) if (base / f).exists()), data / f) for f in s["file"].split()]
        missing = [path for path in paths if not path.exists()]
        if missing:
            print(f"{missing[0]}: not there, left out", file=sys.stderr)
            continue
        run = subprocess.run([program, "score", s["task"], *map(str, paths), "--json"], capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{s['file']}: {run.stderr}")
        command = f"detente score {s['task']} {' '.join(path.name for path in paths)}"
        for key, value in flat(json.loads(run.stdout)):
            if key in LEFT_OUT or key.split(".")[0] in s["without"].split():
                continue
            group, _, rest = key.partition(".")
            if group.startswith("per_") or group == "confusion":
                classes.append([s["name"], *rest.rsplit(".", 1), value])
            else:
                figures.append([s["task"], s["name"], key, value, peers.get((s["file"], key), ""), command])
    for name, head, rows in [
        ("figures.csv", ["task", "data set", "figure", "value", "peers", "command"], figures),
        ("per_class.csv", ["data set", "class", "figure", "value"], classes),
    ]:
        with open(HERE / name, "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(head)
            out.writerows(rows)


main()
