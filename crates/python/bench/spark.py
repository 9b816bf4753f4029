"""The job on Spark beside the program on the same two cores, and whether both give the same records.

    DETENTE=target/release/detente python crates/python/bench/spark.py --articles 200000

Prints seconds and their ratios, that of processor time for machines that do other things too; ends with 1 when a record differs. `--kill` kills an executor (kill -9) half a minute
after the start.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))
from cluster import KINDS, Meter, archive, by_job, by_program, cluster, digests, executors, shuffled  # noqa: E402

from detente import spark as on_spark  # noqa: E402

# Least and most sentences of an article: some 250 words.
LENGTH = (9, 20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--kill", type=float, metavar="SECONDS", help="kill an executor after so many seconds")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        archive(folder, args.articles, LENGTH)
        expected, program, program_used = by_program(folder)
        print(f"program: {args.articles} articles in {program:.0f} s, {program_used:.0f} s of processors", flush=True)
        begun = time.monotonic()
        session = cluster(folder / "log")
        print(f"the cluster stands after {time.monotonic() - begun:.0f} s", flush=True)

        def kill() -> None:
            pid = executors()[0]
            os.kill(pid, signal.SIGKILL)
            print(f"an executor was killed after {time.monotonic() - start:.0f} s", flush=True)

        start = time.monotonic()
        with Meter() as meter:
            if args.kill is not None:
                threading.Timer(args.kill, kill).start()
            counts = on_spark.job(session, [str(folder / "articles")], str(folder / "out"))
        job, used = meter.seconds, meter.used
        session.stop()
        print(f"job: {job:.0f} s, {used:.0f} s of processors, {counts}", flush=True)
        print(f"over the program: {job / program - 1:+.0%}, {used / program_used - 1:+.0%} by processor time", flush=True)
        kept = sum(f.stat().st_size for f in (folder / "out").rglob("*.parquet")) / 1e6
        print(f"{shuffled(folder / 'log') / 1e6:.0f} MB were shuffled, {kept:.0f} MB of Parquet lie in the folder")
        same = {kind: digests(by_job(folder / "out", kind)) == digests(expected[kind]) for kind in KINDS}
        print("records: " + ", ".join(f"{kind}s {'the same' if ok else 'DIFFER'}" for kind, ok in same.items()))
        return 0 if all(same.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
