#!/usr/bin/env python3
"""Reads a large web archive of made-up pages: `archive.py PROGRAM [MB] [FOLDER]`.

Makes a WARC of gzip members (1,000 MB unless told otherwise), reads it once undisturbed and once killed five times on the
way, and prints time, peak memory and counts. Both ways must come to the same rows, in less memory than LIMIT.
"""
import gzip, hashlib, os, random, signal, sqlite3, subprocess, sys, tempfile, time, zlib
from pathlib import Path

LIMIT_MB = 500

NAMES = "Ruritania Borduria Syldavia Freedonia Sylvania Graustark Illyria Zenda".split()
WHO = ["the foreign minister of {}", "the army of {}", "envoys of {}", "the parliament of {}", "fishermen from {}", "the central bank of {}"]
DID = ["met", "accused", "thanked", "warned", "invited", "sued", "praised", "called on", "signed a paper with", "broke off talks with"]
WHEN = ["on Monday", "late on Tuesday", "last week", "before dawn", "for the second time this year", "in the old town", "at the border"]
WHY = ["after a row over fish", "because the bridge was closed", "to settle the matter of the mines", "as prices rose again",
       "although nobody had asked for it", "while the talks on water went on"]


def sentence(rng):
    who = lambda: rng.choice(WHO).format(rng.choice(NAMES))
    text = f"{who()} {rng.choice(DID)} {who()} {rng.choice(WHEN)}, {rng.choice(WHY)}, report {rng.randrange(10**6)}"
    return text[0].upper() + text[1:] + "."


def page(rng, n, noise):
    """A page: article, furniture, and scripts that pack badly, as pages have them."""
    body = "".join(f"<p>{' '.join(sentence(rng) for _ in range(rng.randrange(2, 6)))}</p>\n" for _ in range(rng.randrange(4, 20)))
    links = "".join(f'<li><a href="/{rng.randrange(9999)}">{sentence(rng)}</a></li>' for _ in range(40))
    at = rng.randrange(len(noise) - 300_000)
    script = noise[at : at + rng.randrange(60_000, 240_000)]
    title = sentence(rng)
    return (f'<!doctype html><html lang="en"><head><title>{title} | The Example</title><meta charset="utf-8">'
            f'<meta property="article:published_time" content="2018-{1 + n % 12:02}-{1 + n % 28:02}T09:00:00Z">'
            f'<script>var state = "{script}";</script></head><body><nav><ul>{links}</ul></nav>'
            f"<article><h1>{title}</h1>{body}</article><aside><ul>{links}</ul></aside><footer>Page {n}</footer></body></html>")


def answer(rng, n, noise):
    """What a server sent: mostly a page, now and then something broken."""
    head = lambda more="": f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{more}\r\n".encode()
    kind = n % 50
    html = page(rng, n, noise).encode()
    if kind == 3:
        return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>no</h1>"
    if kind == 7:
        return b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG" + noise[:40_000].encode()
    if kind == 11:
        return head() + html[: len(html) // 2]  # Cut in the middle.
    if kind == 13:
        return head("Content-Encoding: gzip\r\n") + gzip.compress(html, 1)
    if kind == 17:
        return head("Content-Encoding: gzip\r\n") + gzip.compress(html, 1)[:20_000]  # A packed body cut short.
    if kind == 19:
        return head("Transfer-Encoding: chunked\r\n") + b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (html[:9000], html[9000:])) + b"0\r\n\r\n"
    if kind == 23:
        return head() + "<html><h1>Встреча</h1><p>Министры встретились в старом городе.</p>".encode("windows-1251") * 3
    if kind == 29:
        return head() + b"<html>" + b"<div>" * 20_000 + html
    if kind == 31:
        return head() + b"\x00\x01\x02" * 500
    if kind == 37:
        return b"no answer at all"
    if n % 1000 == 41:
        return head() + html.replace(b"<nav>", b'<img src="data:image/png;base64,' + noise[:9_000_000].encode() + b'"><nav>')
    if n % 1000 == 43:
        return head() + b"<html><body>" + html * 40  # Many elements.
    if n % 1000 == 47:
        return head() + b"x" * (40 << 20)  # Too long to be read.
    return head() + html


def record(kind, url, body):
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body + b"\r\n\r\n"


def make(path, size):
    """Writes an archive of about `size` bytes; returns how many responses it holds."""
    rng = random.Random(7)
    noise = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=10_000_000))
    n, written = 0, 0
    with open(path, "wb") as out:
        while written < size:
            url = f"https://example.org/{n}"
            for part in (record("request", url, b"GET / HTTP/1.1\r\n\r\n"), record("response", url, answer(rng, n, noise))):
                packer = zlib.compressobj(1, zlib.DEFLATED, 31)
                written += out.write(packer.compress(part) + packer.flush())
            n += 1
        # The end of the archive is lost, as that of a crawl that was broken off.
        out.truncate(written - 5_000)
    return n


def run(command, kill_after=None):
    """Runs to the end, or for so many seconds; returns seconds, peak memory in MB, exit code."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if kill_after is not None:
        time.sleep(kill_after)
        child.send_signal(signal.SIGKILL)
    said = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 2, -signal.SIGKILL):
        raise SystemExit(f"{command} ended with {child.returncode}\n{said}")
    return time.monotonic() - began, usage.ru_maxrss / 1024, said


def dump(store):
    """A digest of all rows, with their numbers, and what the import says of itself."""
    db = sqlite3.connect(store)
    out = hashlib.sha256()
    for sql in ["SELECT n, id, outlet, published, url, title, text FROM articles ORDER BY n", "SELECT line, reason, text FROM rejects ORDER BY line",
                "SELECT lines, taken, known, rejected FROM imports", "SELECT day, articles FROM article_days ORDER BY day"]:
        for row in db.execute(sql):
            out.update(repr(row).encode())
    counts = db.execute("SELECT taken, known, rejected FROM imports").fetchone()
    whole = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    assert whole == ("ok",), whole
    return out.hexdigest(), counts


def main():
    program = os.path.abspath(sys.argv[1])
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with tempfile.TemporaryDirectory(prefix="detente-archive-", dir=sys.argv[3] if len(sys.argv) > 3 else None) as folder:
        folder = Path(folder)
        archive = folder / "pages.warc.gz"
        responses = make(archive, size << 20)
        print(f"{archive.stat().st_size >> 20} MB, {responses} responses", flush=True)
        store = lambda name: str(folder / f"{name}.db")
        command = lambda name: [program, "import", str(archive), "--store", store(name)]
        for name in ("calm", "torn"):
            subprocess.run([program, "init", "--store", store(name)], check=True, stderr=subprocess.DEVNULL)
        length, peak, _ = run(command("calm"))
        calm, (taken, known, rejected) = dump(store("calm"))
        print(f"read in {length:.0f} s, {peak:.0f} MB of memory at most; {taken} taken, {known} known, {rejected} rejected", flush=True)
        # Pages, and the damage at the end as one more; what is lost with the end may be a response or not.
        assert responses - 1 <= taken + known + rejected <= responses + 1, "rows are unaccounted for"
        rng = random.Random(size)
        kept = []
        for _ in range(5):
            _, memory, _ = run(command("torn"), rng.uniform(0.05, 0.3) * length)
            peak = max(peak, memory)
            db = sqlite3.connect(store("torn"))
            kept.append(db.execute("SELECT coalesce(max(lines), 0) FROM imports").fetchone()[0])
            db.close()
        seconds, memory, said = run(command("torn"))
        peak = max(peak, memory)
        torn, _ = dump(store("torn"))
        assert kept == sorted(kept), f"rows that were kept are gone: {kept}"
        assert torn == calm, "going on came to something else"
        print(f"killed five times, rows kept at each: {kept}; gone on with in {seconds:.0f} s to the same rows")
        assert peak <= LIMIT_MB, f"{peak:.0f} MB of memory, {LIMIT_MB} are allowed"
        print(f"{peak:.0f} MB of memory at most")


if __name__ == "__main__":
    main()
