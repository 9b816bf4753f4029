import { geoNaturalEarth1, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { useCallback, useEffect, useState } from "preact/hooks";
import { useData } from "../data";
import { Drawing, Empty, Strength, Filters, QUADS, Shown, Table, Title, many, number, side } from "../parts";
import { data, go, here, to } from "../url";
import type { Row } from "../data";

declare const WORLD: string;
let world: Promise<any> | undefined;
const load = () => (world ??= fetch(WORLD).then((r) => r.json()).then((t) => feature(t, t.objects.countries)));

const SVG = "http://www.w3.org/2000/svg";
function make(name: string, attributes: Record<string, string | number>, ...children: Element[]): SVGElement {
  const el = document.createElementNS(SVG, name);
  for (const [k, v] of Object.entries(attributes)) el.setAttribute(k, String(v));
  el.append(...children);
  return el;
}

/** The steps of the colours: the same number of countries in each, as far as that goes. */
function levels(rows: Row[]): (n: number) => number {
  const all = rows.map((r) => r.events).sort((a, b) => a - b);
  const cuts = [0.25, 0.5, 0.75].map((q) => all[Math.floor(q * (all.length - 1))] ?? 0);
  return (n) => 1 + cuts.filter((c) => n > c).length;
}

function drawn(shapes: any, d: Row, width: number, behind: (r: Row) => string): Element {
  // Antarctica has no events, and takes a quarter of the room.
  const lived = { type: "FeatureCollection", features: shapes.features.filter((f: any) => f.id !== "ATA") } as any;
  const projection = geoNaturalEarth1().fitWidth(width - 4, lived);
  const [[, upper], [, lower]] = geoPath(projection).bounds(lived);
  const height = Math.ceil(lower - upper) + 4;
  projection.translate([projection.translate()[0] + 2, projection.translate()[1] + 2 - upper]);
  const path = geoPath(projection), rows = new Map<string, Row>(d.rows.map((r: Row) => [r.country, r])), level = levels(d.rows);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "map" });
  svg.append(make("rect", { width, height, rx: 8, class: "sea" }));
  const withRows: SVGElement[] = [];
  for (const shape of lived.features) {
    const code = shape.id ?? "", row = rows.get(code), outline = path(shape);
    if (!outline) continue;
    if (!row) { svg.append(make("path", { d: outline, class: "land" })); continue; }
    const label = `${side(code, d.names)}: ${many(row.events, "event")}, ${many(row.conflict, "of conflict", "of conflict")}`;
    const title = make("title", {}); title.textContent = label;
    withRows.push(make("a", { href: behind(row), "aria-label": label }, make("path", { d: outline, class: `land ${row.conflict * 2 > row.events ? "cold" : "warm"} level-${level(row.events)}` }, title)));
  }
  svg.append(...withRows);
  const most = Math.max(1, ...d.towns.map((t: Row) => t.events));
  for (const t of d.towns) {
    const at = projection([t.lon, t.lat]);
    if (!at) continue;
    const label = `${t.name}: ${many(t.events, "event")}`, title = make("title", {}); title.textContent = label;
    svg.append(make("a", { href: to("/events", { place: t.name, from: d.from, to: d.to, coder: d.coder }), "aria-label": label }, make("circle", { cx: at[0].toFixed(1), cy: at[1].toFixed(1), r: (1.8 + 4 * Math.sqrt(t.events / most)).toFixed(1), class: "town" }, title)));
  }
  return svg;
}

export function MapPage() {
  const answer = useData<Row>(data("json"));
  const [shapes, set] = useState<any>(null);
  useEffect(() => { void load().then(set); }, []);
  const by = here.value.query.get("by") ?? "place";
  return <>
    <Title about={by === "place" ? "Countries in which events took place. Dots stand only where a town was named." : by === "source" ? "Countries that acted." : "Countries that were acted on."}>Map</Title>
    <Filters fields={[{ name: "by", label: "Colour by", options: [["", "place"], ["source", "who acted"], ["target", "who was acted on"]] }, { name: "quad", label: "Class", options: QUADS }, { name: "from", label: "From", kind: "date" }, { name: "to", label: "To", kind: "date" }]} />
    <Shown answer={answer}>{(d) => d.rows.length === 0
      ? <Empty title={d.coder ? "No event of these days names such a country." : "There are no events yet."}><p>{d.coder ? <>Widen the days, or colour by <a href="/map?by=source">who acted</a>.</> : <>Import a history or code articles: <code>detente import FILE; detente code --new</code></>}</p></Empty>
      : <World d={d} shapes={shapes} by={by} />}</Shown>
  </>;
}

function World({ d, shapes, by }: { d: Row; shapes: any; by: string }) {
  const behind = (r: Row) => to("/events", { [by]: r.country, from: d.from, to: d.to, mode: "happened,claimed", coder: d.coder, quad: here.value.query.get("quad") });
  const draw = useCallback((width: number) => shapes ? drawn(shapes, d, width, behind) : document.createElement("p"), [shapes, d]);
  const first = d.rows[0];
  return <>
    <p class="summary">{d.from} to {d.to}, coded by {d.coder}: {many(d.rows.length, "country", "countries")}. Most conflict: <a href={behind(first)}>{side(first.country, d.names)}</a>, {many(first.conflict, "event")}.
      {d.unplaced > 0 && <> {many(d.unplaced, "event")} name no country and are not on the map.</>}</p>
    <Drawing draw={draw} label="Map of countries by events; the table below has the same rows" />
    <p class="legend"><span class="key cold-key">mostly conflict</span> <span class="key warm-key">mostly cooperation</span> <Strength /> <span>● named town</span></p>
    <Table caption="Countries by events" rows={d.rows} columns={[
      { name: "country", head: "Country", cell: (r) => side(r.country, d.names) }, { name: "events", head: "events", number: true, cell: (r) => <a href={behind(r)}>{number(r.events)}</a> },
      { name: "conflict", head: "conflict", number: true, cell: (r) => number(r.conflict) }, { name: "cooperation", head: "cooperation", number: true, cell: (r) => number(r.cooperation) }]} />
  </>;
}
