// The series of a pair as Observable Plot draws it. Marks are links with labels.
import * as Plot from "@observablehq/plot";
import type { Row } from "./data";

export type Brush = (from: string, to: string) => void;

const day = (s: string) => new Date(`${s}T00:00:00Z`);
const iso = (d: Date) => d.toISOString().slice(0, 10);

type Chart = SVGSVGElement & { scale(name: string): any };

/** A mark on the line: what happened from `day` to `until`, how often, and where that opens. */
export type Mark = { day: string; until: string; sign: string; what: string; n: number };
/** Places on the width that marks are gathered in: two never lie on each other. */
const PLACE = 16;

/** Marks by sign and place: all of them, those that would lie on each other as one. */
function gathered(marks: Mark[], first: Date, last: Date, width: number): (Mark & { at: Date })[] {
  const places = Math.max(1, Math.floor(width / PLACE)), span = Math.max(1, last.getTime() - first.getTime());
  const held = new Map<string, Mark & { at: Date; most: number; kinds: Set<string> }>();
  for (const m of marks) {
    const at = day(m.day), i = Math.min(places - 1, Math.floor((places * (at.getTime() - first.getTime())) / span));
    const known = held.get(`${m.sign}${i}`);
    if (!known) { held.set(`${m.sign}${i}`, { ...m, at, most: m.n, kinds: new Set([m.what]) }); continue; }
    known.n += m.n; known.kinds.add(m.what);
    if (m.day < known.day) known.day = m.day;
    if (m.until > known.until) known.until = m.until;
    // It stands where most happened.
    if (m.n > known.most) { known.most = m.n; known.at = at; }
  }
  return [...held.values()].map(({ most, kinds, ...m }) => ({ ...m, what: kinds.size > 3 ? `${[...kinds].slice(0, 3).join(", ")} and more` : [...kinds].join(", ") }));
}

/** The line of a pair: what is measured, its usual band, and marks that open their rows. */
export function series(points: Row[], marks: Mark[], fan: Row | null, measure: string, width: number, href: (p: Row) => string, open: (m: Mark) => string, brush: Brush): Element {
  const rows: Row[] = points.map((p) => ({ ...p, at: day(p.start) }));
  // The fan begins where the line ends.
  const end = rows.at(-1);
  const ahead: Row[] = fan && end ? [{ at: end.at, low: end.value, lower: end.value, median: end.value, upper: end.value, high: end.value }, ...fan.steps.map((s: Row) => ({ ...s, at: day(s.start) }))] : [];
  const top = Math.max(1, ...ahead.map((s) => s.high), ...rows.map((r) => Math.max(r.value ?? 0, r.usual?.high ?? 0)));
  const band = rows.filter((r) => r.usual);
  const placed = rows.length > 0 ? gathered(marks, rows[0]!.at, end!.at, width - 56) : [];
  const most = new Map<string, number>();
  for (const m of placed) most.set(m.sign, Math.max(most.get(m.sign) ?? 0, m.n));
  const words = (m: Mark) => `${m.day}${m.until > m.day ? ` to ${m.until}` : ""}: ${m.what}, ${m.n} event${m.n === 1 ? "" : "s"}`;
  const row = (sign: string, dy: number) => Plot.text(placed.filter((m) => m.sign === sign), {
    x: "at", frameAnchor: "top", dy, text: "sign", fontSize: (m: Mark) => 9 + 7 * Math.sqrt(m.n / most.get(m.sign)!), className: sign === "▲" ? "marks openings" : "marks", href: open, ariaLabel: words, title: words,
  });
  const height = width < 500 ? 280 : 360;
  const chart = Plot.plot({
    width, height, marginLeft: 44, marginRight: 12, marginTop: 72, marginBottom: 38, className: "plot", ariaLabel: measure,
    x: { type: "utc", label: null }, y: { label: measure, grid: true, domain: [0, top * 1.02], nice: true, ticks: 5 },
    marks: [
      Plot.areaY(band, { x: "at", y1: (d: Row) => d.usual.low, y2: (d: Row) => d.usual.high, className: "band" }),
      Plot.lineY(band, { x: "at", y: (d: Row) => d.usual.median, className: "median" }),
      Plot.areaY(ahead, { x: "at", y1: "low", y2: "high", className: "fan" }),
      Plot.areaY(ahead, { x: "at", y1: "lower", y2: "upper", className: "fan-middle" }),
      Plot.lineY(ahead, { x: "at", y: "median", className: "fan-line" }),
      Plot.lineY(rows, { x: "at", y: "value", className: "line", strokeWidth: 1.6 }),
      Plot.dot(rows.filter((r) => r.value > (r.usual?.high ?? Infinity)), { x: "at", y: "value", r: 3.5, className: "above", href, ariaLabel: (r: Row) => `${r.start}: ${r.value}, above the usual ${r.usual.high}`, title: (r: Row) => `${r.start}: ${r.value} (usual up to ${r.usual.high})` }),
      row("◆", -42), row("◇", -26), row("▲", -10),
      Plot.ruleY([0]),
    ],
  }) as unknown as Chart;
  // Every way into the drawing has a name of its own.
  chart.querySelectorAll("a").forEach((a) => {
    const label = a.querySelector("[aria-label]")?.getAttribute("aria-label") ?? a.querySelector("title")?.textContent;
    if (label) a.setAttribute("aria-label", label);
    // There may be hundreds; the keyboard goes through the same in the list and the table below.
    a.setAttribute("tabindex", "-1");
    a.querySelectorAll("[aria-label]").forEach((e) => e.removeAttribute("aria-label"));
  });
  chart.removeAttribute("aria-label");
  drag(chart, height, brush);
  return chart;
}

/** Dragging over the drawing chooses days. */
function drag(chart: Chart, height: number, brush: Brush): void {
  const x = chart.scale("x");
  const [left, right] = x.range as [number, number];
  let start: number | null = null;
  const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  box.setAttribute("class", "brush"); box.setAttribute("y", "62"); box.setAttribute("height", String(height - 100)); box.setAttribute("width", "0");
  chart.append(box);
  const place = (event: PointerEvent) => {
    const r = chart.getBoundingClientRect();
    return Math.min(right, Math.max(left, ((event.clientX - r.left) / r.width) * Number(chart.getAttribute("width"))));
  };
  const show = (a: number, b: number) => { box.setAttribute("x", String(Math.min(a, b))); box.setAttribute("width", String(Math.abs(a - b))); };
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch" || (event.target as Element).closest("a")) return;
    start = place(event); show(start, start);
    chart.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  chart.addEventListener("pointermove", (event) => { if (start !== null) show(start, place(event)); });
  const end = (event: PointerEvent) => {
    if (start === null) return;
    const [a, b] = [Math.min(start, place(event)), Math.max(start, place(event))];
    start = null; show(0, 0);
    if (event.type === "pointerup" && b - a > 6) brush(iso(x.invert(a)), iso(x.invert(b)));
  };
  chart.addEventListener("pointerup", end);
  chart.addEventListener("pointercancel", end);
}

/** Events by class, cooperation up, conflict down; deeds stand at the zero line, talk beyond them. */
export function classes(points: Row[], width: number): Element {
  const first = points[0], last = points.at(-1);
  const step = points.length > 1 ? (day(last!.start).getTime() - day(first!.start).getTime()) / (points.length - 1) : 86400000;
  const bar = (name: string, from: (p: Row) => number, end: (p: Row) => number) => Plot.rectY(points.filter((p) => from(p) !== end(p)), {
    x1: (p: Row) => day(p.start), x2: (p: Row) => new Date(day(p.start).getTime() + step), y1: from, y2: end, className: name, insetRight: points.length < width / 4 ? 1 : 0,
  });
  return Plot.plot({
    width, height: 180, marginLeft: 44, marginRight: 12, marginBottom: 38, className: "plot",
    x: { type: "utc", label: null, ...(first && last ? { domain: [day(first.start), new Date(day(last.start).getTime() + step)] } : {}) },
    y: { label: null, tickFormat: (n: number) => String(Math.abs(n)), ticks: 5, grid: true },
    marks: [
      bar("deed-warm", () => 0, (p) => p.material_cooperation),
      bar("talk-warm", (p) => p.material_cooperation, (p) => p.material_cooperation + p.verbal_cooperation),
      bar("deed-cold", () => 0, (p) => -p.material_conflict),
      bar("talk-cold", (p) => -p.material_conflict, (p) => -p.material_conflict - p.verbal_conflict),
      Plot.ruleY([0]),
    ],
  });
}

/** Forecasts by tenths against how often they came true; on the diagonal they are right. */
export function calibration(bins: Row[], width: number): Element {
  return Plot.plot({
    width, height: 240, marginLeft: 44, marginBottom: 38, className: "plot",
    x: { label: "forecast, %", domain: [0, 100], ticks: 5 }, y: { label: "came true, %", domain: [0, 100], ticks: 5, grid: true },
    marks: [
      Plot.line([[0, 0], [100, 100]], { className: "median" }),
      Plot.line(bins, { x: (b: Row) => 100 * b.forecast, y: (b: Row) => 100 * b.came_true, className: "line" }),
      Plot.dot(bins, { x: (b: Row) => 100 * b.forecast, y: (b: Row) => 100 * b.came_true, r: (b: Row) => Math.sqrt(b.n), className: "bins", title: (b: Row) => `forecast ${(100 * b.forecast).toFixed(0)} %, came true ${(100 * b.came_true).toFixed(0)} %, ${b.n} forecasts` }),
    ], r: { range: [2, 9] },
  });
}
