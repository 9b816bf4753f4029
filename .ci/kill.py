#!/usr/bin/env python3
"""Kills the program at random moments of fetch, code --all, import and correct: `kill.py PROGRAM [TIMES]`.

After each kill the store must open and be whole, nothing that was acknowledged may be missing, and a run that goes on must come
to what an undisturbed run comes to. `fetch` is left out where the program was built without it.
"""
import hashlib, http.server, os, random, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time
from pathlib import Path

# Names of moments and numbers of rows: what a run that was killed may have otherwise.
LOOSE = {
    "articles": "id, outlet, published, url, title, text",
    "events": "id, source, target, cameo, mode, day, date_first, date_last, evidence, line, sentence",
    "statements": "id, sentence, speaker, evidence",
    "corrections": "record, kind, field, after, author",
    "rejects": "line, reason, text",
    "dyad_days": "source, target, day, class, quad, mode, events, goldstein",
    "dyad_series": "source, target, mode, day, events, goldstein",
    "actor_series": "actor, role, mode, day, events, goldstein",
    "months": "month, class, quad, mode, events",
    "read_days": "day, events",
    "article_days": "day, articles",
    "stories": "story",
    "feeds": "url, title, failure",
    "fetches": "url, status, failure, article",
}

ARTICLE = """Envoys of number {n} meet again

Russian Foreign Minister Sergey Lavrov met Iranian Foreign Minister Mohammad Javad Zarif in Moscow on Tuesday for talk {n}.

Israel carried out {n} strikes against Iranian targets inside Syria.

"We condemn these {n} attacks," Zarif said.
"""


def dump(path):
    """A digest of all that must be alike."""
    db = sqlite3.connect(path)
    out = hashlib.sha256()
    for table, columns in sorted(LOOSE.items()):
        for row in sorted(map(repr, db.execute(f"SELECT {columns} FROM {table}"))):
            out.update(row.encode() + b"\n")
    db.close()
    return out.hexdigest()


def whole(path):
    db = sqlite3.connect(path)
    said = db.execute("PRAGMA integrity_check").fetchall() + db.execute("PRAGMA foreign_key_check").fetchall()
    db.close()
    return said == [("ok",)]


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/robots.txt":
            return self.send_error(404)
        if self.path == "/feed":
            items = "".join(f"<item><title>t{n}</title><link>/p/{n}</link></item>" for n in range(60))
            body, kind = f"<rss version='2.0'><channel><title>D</title>{items}</channel></rss>", "application/rss+xml"
        else:
            text = ARTICLE.format(n=self.path.rsplit("/", 1)[-1]).split("\n\n")
            body, kind = "<html><title>%s</title><article>%s</article>" % (text[0], "".join(f"<p>{p}</p>" for p in text[1:] * 3)), "text/html"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


class Trial:
    """One kind of work on a store that was made ready."""

    def __init__(self, program, folder, name, ready, work, finish, acknowledged=None):
        self.program, self.folder, self.name = program, folder, name
        self.work, self.finish, self.acknowledged = work, finish, acknowledged
        self.base = folder / f"{name}.base.db"
        self.base.unlink(missing_ok=True)
        self.run(["init"], self.base)
        for step in ready:
            self.run(step, self.base)
        # The undisturbed run, and how long it takes.
        store = self.copy()
        began = time.monotonic()
        for step in work:
            self.run(step, store)
        self.length = time.monotonic() - began
        for step in finish:
            self.run(step, store)
        self.expect = dump(store)

    def copy(self):
        store = self.folder / f"{self.name}.db"
        for end in ["", "-wal", "-shm", "-lock", "-fetch"]:
            Path(f"{store}{end}").unlink(missing_ok=True)
        shutil.copy(self.base, store)
        return store

    def run(self, step, store):
        done = subprocess.run([self.program, *step, "--store", str(store)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{self.name}: {step} ended with {done.returncode}\n{done.stdout[-500:]}{done.stderr[-2000:]}")
        return done.stdout

    def kill(self, rng):
        store, said = self.copy(), []
        end = time.monotonic() + rng.uniform(0, self.length * 1.05)
        for step in self.work:
            child = subprocess.Popen(
                [self.program, *step, "--store", str(store)], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            try:
                said.append((step, child.communicate(timeout=max(0.0, end - time.monotonic()))[0], child.returncode))
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                said.append((step, child.communicate()[0], None))
                break
        assert whole(store), f"{self.name}: the store is damaged"
        if self.acknowledged:
            self.acknowledged(store, said)
        for step in self.work + self.finish:
            self.run(step, store)
        assert whole(store), f"{self.name}: the store is damaged after going on"
        assert dump(store) == self.expect, f"{self.name}: going on came to something else"


def kept(store, said):
    """Every article whose line was written is there."""
    import json

    db = sqlite3.connect(store)
    for _, out, _ in said:
        for line in out.splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue  # The last line may be cut.
            if row.get("article"):
                assert db.execute("SELECT 1 FROM articles WHERE id = ?", [row["article"]]).fetchone(), f"lost {row}"
    db.close()


def corrected(store, said):
    """Every correction whose command had ended is there."""
    db = sqlite3.connect(store)
    have = {r[0] for r in db.execute("SELECT record FROM corrections WHERE undone IS NULL")}
    for step, _, code in said:
        assert code is None or code == 0 and step[1] in have, f"lost the correction of {step[1]}"
    db.close()


def main():
    program, times = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    rng = random.Random(times)
    folder = Path(tempfile.mkdtemp(prefix="detente-kill-"))
    news = folder / "news"
    news.mkdir()
    for n in range(60):
        (news / f"{n}.txt").write_text(ARTICLE.format(n=n))
    rows = ["Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\t"
            "Target Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude"]
    rows += [f"{n}\t2018-06-{1 + n % 28:02}\tArmy\tMilitary\tIsrael\tDeed\t190\t-10.0\tTown\t\tIran\t{n}\t1\tThe Example\t\t\t\tSyria\t35.0\t38.5" for n in range(60_000)]
    fill = ["import", str(news), "--published", "2018-07-18"]
    trials = [("code", [fill], [["code", "--all"]], [], None)]
    (folder / "events.tab").write_text("\n".join(rows) + "\n")
    trials.append(("import", [], [["import", str(folder / "events.tab")], fill], [], None))
    probe = Trial(program, folder, "probe", [fill], [["code", "--all"]], [])
    db = sqlite3.connect(folder / "probe.db")
    ids = [r[0] for r in db.execute("SELECT id FROM events WHERE id IS NOT NULL ORDER BY id LIMIT 12")]
    db.close()
    del probe
    # Each correction stands by itself, so that going on does again only what was not there.
    once = [["correct", i, "--wrong", "--author", "test"] for i in ids]
    has_net = subprocess.run([program, "fetch", "x"], capture_output=True, text=True).stderr.find("no network") < 0
    if has_net:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        feed = f"http://127.0.0.1:{server.server_port}/feed"
        fetch = ["fetch", "--allow-private", "--json", "--delay", "0"]
        trials.append(("fetch", [], [[*fetch, feed]], [], kept))
    made = [Trial(program, folder, *t) for t in trials]
    made.append(Corrections(program, folder, "correct", [fill, ["code", "--all"]], once, [], corrected))
    for n in range(times):
        made[n % len(made)].kill(rng)
        print(f"\r{n + 1} of {times}", end="", file=sys.stderr, flush=True)
    print(f"\n{times} kills during {', '.join(t.name for t in made)}: nothing lost, nothing twice", file=sys.stderr)
    shutil.rmtree(folder)


class Corrections(Trial):
    """A correction that is there is not made again when the work goes on."""

    def run(self, step, store):
        if step[0] == "correct":
            db = sqlite3.connect(store)
            there = db.execute("SELECT 1 FROM corrections WHERE record = ?", [step[1]]).fetchone()
            db.close()
            if there:
                # Laid over the reading by the next pass, where the kill came between the two.
                return super().run(["code", "--all"], store)
        return super().run(step, store)


if __name__ == "__main__":
    main()
