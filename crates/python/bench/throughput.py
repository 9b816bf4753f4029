"""How fast the module is beside the program, and whether it leaks.

    DETENTE=target/release/detente python crates/python/bench/throughput.py

Prints ratios and judges none of them: machines differ. A ratio of processor time says what the module costs; that of
the clock says the same on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable

import pyarrow as pa

import detente as dt
from detente import spark as on_spark

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))
from made_up import made_up  # noqa: E402

PROGRAM = os.environ.get("DETENTE", "detente")


def spent() -> float:
    """Processor seconds of this process and of those it has waited for."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, [resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN]))


def measured(work: Callable[[], object]) -> tuple[float, float]:
    clock, processor = time.monotonic(), spent()
    work()
    return time.monotonic() - clock, spent() - processor


def compare(name: str, rounds: int, words: int, program: Callable[[], object], module: Callable[[], object]) -> None:
    """Takes turns, so that a busy machine is busy for both; the best of each counts."""
    pairs = [(measured(program), measured(module)) for _ in range(rounds)]
    (p_clock, p_cpu), (m_clock, m_cpu) = ([min(s[i] for s in side) for i in (0, 1)] for side in zip(*pairs, strict=True))
    print(f"{name}: program {p_clock:.1f} s ({p_cpu:.1f} s of processors, {words / p_cpu:,.0f} words a second and core)")
    print(f"    module {m_clock:.1f} s ({m_cpu:.1f} s): {p_clock / m_clock:.0%} of the program's speed, {p_cpu / m_cpu:.0%} by processor time")


def resident() -> int:
    """Kilobytes of memory in use."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--calls", type=int, default=1_000_000, help="calls of dt.code for the look at memory")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:

        def lines(name: str, rows: list[dict[str, str]]) -> tuple[str, int]:
            file = pathlib.Path(folder, name)
            file.write_text("".join(json.dumps(r) + "\n" for r in rows))
            return str(file), sum(len(r["text"].split()) for r in rows)

        def program(jobs: int, file: str) -> Callable[[], object]:
            return lambda: subprocess.run([PROGRAM, "code", "--json", "--jobs", str(jobs), "-o", "/dev/null", file], check=True)

        dt.code("Loads what is known.")
        rows = list(made_up(args.articles, 6, 14))
        table = pa.Table.from_pylist(rows)
        file, words = lines("articles.jsonl", rows)
        compare(
            f"code_batch, {len(rows)} articles, {words} words, {args.jobs} threads",
            args.rounds,
            words,
            program(args.jobs, file),
            lambda: dt.code_batch(table, jobs=args.jobs),
        )
        batches = table.to_batches(max_chunksize=256)
        compare(
            "the function for Spark and other engines, one thread",
            args.rounds,
            words,
            program(1, file),
            lambda: list(on_spark.coder()(iter(batches))),
        )
        rows = list(made_up(args.articles, 1, 2))
        file, words = lines("short.jsonl", rows)
        texts = [r["text"] for r in rows]
        compare(
            f"a loop of code, {len(rows)} short texts, {words} words, one thread",
            args.rounds,
            words,
            program(1, file),
            lambda: [dt.code(t).json() for t in texts],
        )

    def call(n: int) -> None:
        for i in range(n):
            dt.code(SHORT[i % len(SHORT)])

    # The first calls fill what is kept for good.
    warm = min(20_000, args.calls // 10)
    call(warm)
    before, start = resident(), time.monotonic()
    threads = [threading.Thread(target=call, args=((args.calls - warm) // args.jobs,)) for _ in range(args.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - start
    print(f"{args.calls} calls of code: {before / 1024:.1f} MB in use after {warm}, {resident() / 1024:.1f} MB at the end, {seconds:.0f} s")


SHORT = ["Israel struck Iran.", "Russia condemned the attack.", "Turkey and Syria signed a ceasefire on Monday.", "Nothing happened."]

if __name__ == "__main__":
    main()
