import { useCallback, useMemo } from "preact/hooks";
import { useData, useWorking } from "../data";
import { Drawing, Empty, EventRows, Filters, Shown, STEPS, Table, Title, Working, many, number, side } from "../parts";
import { classes, series } from "../charts";
import type { Mark } from "../charts";
import { pastWords, percent } from "./forecast";
import { openingWords } from "./openings";
import { data, go, here, to, withFilters } from "../url";
import type { Row } from "../data";

/** Last day of a step, as an address asks for it. */
function end(start: string, step: string): string {
  const d = new Date(`${start}T00:00:00Z`);
  if (step === "week") d.setUTCDate(d.getUTCDate() + 6);
  if (step === "month") { d.setUTCMonth(d.getUTCMonth() + 1); d.setUTCDate(0); }
  if (step === "year") { d.setUTCFullYear(d.getUTCFullYear() + 1); d.setUTCDate(0); }
  return d.toISOString().slice(0, 10);
}

const STEP_NAMES: Row = { day: "day", week: "week", month: "month", year: "year" };

export function Dyad({ pair }: { pair: string }) {
  const answer = useData<Row>(data("json"));
  const q = here.value.query;
  return <Shown answer={answer}>{(d) => <Pair key={d.step} d={d} pair={pair} from={q.get("from")} to={q.get("to")} />}</Shown>;
}

function Pair({ d, pair, from, to: until }: { d: Row; pair: string; from: string | null; to: string | null }) {
  const names = [side(d.a, d.names), side(d.b, d.names)];
  const points: Row[] = d.points;
  const behind = (p: Row, more: Row = {}) => to("/events", { dyad: pair, from: p.start, to: end(p.start, d.step), mode: "happened,claimed", coder: d.coder, ...more });
  const brush = useCallback((a: string, b: string) => go(withFilters({ from: a, to: b })), []);
  // Openings are asked for by themselves, so that the line need not wait for them.
  const opened = useData<Row>(d.coder ? to("/openings.json", { dyad: pair, from, to: until, coder: d.coder, limit: 1000 }) : null);
  const openings: Row[] = opened.data?.rows ?? [];
  const marks = useMemo((): Mark[] => [...d.marks, ...openings.map((m) => ({ day: m.day, until: m.day, sign: m.sign, what: openingWords(m.what, opened.data!.names), n: m.events.length }))], [d.marks, opened.data]);
  const open = (m: Mark) => m.sign === "▲" ? to("/openings", { dyad: pair, from: m.day, to: m.until, coder: d.coder })
    : to("/events", { dyad: pair, from: m.day, to: m.until, code: m.sign === "◆" ? "18,19,20" : "13", mode: "happened,claimed", coder: d.coder });
  const draw = useCallback((width: number) => series(points, marks, until ? null : d.fan, d.measure, width, behind, open, brush), [points, marks, d.fan, until]);
  const bars = useCallback((width: number) => classes(points, width), [points]);
  const newest = useData<Row>(to("/events.json", { dyad: pair, from, to: until, coder: d.coder, limit: 15 }));
  const sum = (k: string) => points.reduce((n, p) => n + p[k], 0);
  const peak = points.reduce<Row | null>((m, p) => (!m || p.value > m.value ? p : m), null);
  const above = points.filter((p) => p.usual && p.value > p.usual.high);
  const last = points.at(-1);
  return <>
    <Title about={d.coder ? <>Both ways, step by step, coded by {d.coder}.{d.today && <> Read up to {d.today}.</>}</> : undefined}>{`${names[0]} and ${names[1]}`}</Title>
    <Filters fields={[{ name: "measure", label: "Measure", options: d.measures.map(([m]: [string]): [string, string] => [m === "tension" ? "" : m, m.replaceAll("_", " ")]) }, { name: "step", label: "Steps", options: STEPS }, { name: "from", label: "From", kind: "date" }, { name: "to", label: "To", kind: "date" }]} />
    {points.length === 0 ? <Empty title={`No events of ${names[0]} and ${names[1]}${from || until ? " on these days" : ""}.`}>
      <p>{from || until ? <a href={withFilters({ from: null, to: null })}>Look at all days</a> : <>Codes are as IRN, ISR, RUS. <a href="/network">Network</a> shows which pairs have events.</>}</p></Empty> : <>
      <section aria-labelledby="line"><h2 id="line">{d.measure ? d.measure[0].toUpperCase() + d.measure.slice(1) : "Events"} by {STEP_NAMES[d.step]}</h2>
        <p class="summary">{many(points.length, d.step)} from {points[0]!.start}: {many(sum("events"), "event")}. The highest {d.measure} was {number(peak!.value)} in the {d.step} of <a href={behind(peak!)}>{peak!.start}</a>.
          {" "}{above.length > 0 ? <>{many(above.length, d.step)} stood above the usual band, the last of <a href={behind(above.at(-1)!)}>{above.at(-1)!.start}</a>.</> : points.some((p) => p.usual) ? "No step stood above the usual band." : "There is too little past for a usual band."}
          {last?.usual && <> Now: {number(last.value)}, usual {number(last.usual.low)} to {number(last.usual.high)}.</>}</p>
        <Drawing draw={draw} label={`${d.measure} of ${names[0]} and ${names[1]}; the table below has the same rows`} height={280} />
        <p class="quiet">{d.measure}: {d.about}. <a href="/method">Formulas</a></p>
        <p class="legend"><span class="key line">measured</span> <span class="key band">usual band</span> {d.fan && !until && <span class="key fan">what may come</span>} <span>◆ force</span> <span>◇ threat</span> <span>▲ opening</span> <span class="quiet wide-only">The larger, the more.</span> <span class="quiet wide-only">Drag over the line to look closer.</span>
          {(from || until) && <a class="button quiet" href={withFilters({ from: null, to: null })}>All days</a>}</p></section>
      {d.fan && !until && <p class="quiet">What may come: quantiles (5, 25, 50, 75, 95 %) of what followed when the {d.measure} stood like now. {d.fan.past > 0 ? <>Of {number(d.fan.past)} {d.step}s forecast this way before, {(100 * d.fan.inside).toFixed(0)} % lay in the outer band (90 % would be right); mean quantile loss {number(d.fan.loss)}, with the pair's whole past as base {number(d.fan.loss_base)}{d.fan.loss < d.fan.loss_base ? "." : ": no better than the base."}</> : "No such forecast has come due."}</p>}
      <Latest marks={marks} open={open} pair={pair} coder={d.coder} more={opened.data?.more ? opened.data.from : null} />
      <Beside pair={pair} coder={d.coder} />
      <section aria-labelledby="classes"><h2 id="classes">Deeds and talk</h2>
        <p class="summary">{many(sum("material_conflict"), "deed")} of conflict and {number(sum("verbal_conflict"))} of talk against each other; {many(sum("material_cooperation"), "deed")} of cooperation and {number(sum("verbal_cooperation"))} of friendly talk.</p>
        <Drawing draw={bars} label="Events by class; the table below has the same rows" height={180} />
        <p class="legend"><span class="key deed-warm">◆ cooperation</span> <span class="key talk-warm">◇ cooperation</span> <span class="key deed-cold">◆ conflict</span> <span class="key talk-cold">◇ conflict</span></p></section>
      <details class="rows"><summary>The same as a table</summary>
        <Table caption={`${names[0]} and ${names[1]} by ${d.step}`} rows={[...points].reverse().slice(0, 1000)} columns={[
          { name: "start", head: STEP_NAMES[d.step], narrow: true, cell: (p) => p.start }, { name: "events", head: "events", number: true, cell: (p) => p.events ? <a href={behind(p)}>{p.events}</a> : 0 },
          { name: "value", head: d.measure ?? "value", number: true, cell: (p) => number(p.value) },
          { name: "usual", head: "usual", number: true, cell: (p) => p.usual ? `${number(p.usual.low)}–${number(p.usual.high)}` : "–" },
          { name: "vc", head: "◇ cooperation", number: true, cell: (p) => p.verbal_cooperation }, { name: "mc", head: "◆ cooperation", number: true, cell: (p) => p.material_cooperation },
          { name: "vx", head: "◇ conflict", number: true, cell: (p) => p.verbal_conflict ? <a href={behind(p, { quad: 3 })}>{p.verbal_conflict}</a> : 0 }, { name: "mx", head: "◆ conflict", number: true, cell: (p) => p.material_conflict ? <a href={behind(p, { quad: 4 })}>{p.material_conflict}</a> : 0 },
          { name: "goldstein", head: "Goldstein", number: true, cell: (p) => number(p.goldstein) },
        ]} /></details>
    </>}
    <section aria-labelledby="latest"><h2 id="latest">Latest events</h2>
      <Shown answer={newest}>{(e) => e.rows.length === 0 ? <p class="quiet">None.</p> : <><EventRows rows={e.rows} names={e.names} caption="Latest events of the pair" />
        <p><a href={to("/events", { dyad: pair, from, to: until, coder: d.coder })}>All {number(e.total)}</a> · <a href={to("/statements", { dyad: pair })}>Statements of the pair</a></p></>}</Shown></section>
  </>;
}

/** The marks in words, the latest first. */
function Latest({ marks, open, pair, coder, more }: { marks: Mark[]; open: (m: Mark) => string; pair: string; coder: string; more: string | null }) {
  if (marks.length === 0) return null;
  const latest = [...marks].sort((x, y) => (x.day < y.day ? 1 : x.day > y.day ? -1 : 0)).slice(0, 60);
  return <details class="rows"><summary>{many(marks.length, "mark")}: force, threats and openings</summary>
    <p class="quiet">{marks.length > latest.length && `The latest ${latest.length}. `}{more && `Openings since ${more}. `}<a href={to("/openings", { dyad: pair, coder })}>All openings</a></p>
    <ul class="records">{latest.map((m, i) => <li key={i}><span aria-hidden="true">{m.sign}</span> <a href={open(m)}>{m.day}</a> {m.what}{m.n > 1 && <span class="quiet">, {number(m.n)} events</span>}</li>)}</ul></details>;
}

/** Beside the line: the risk, who might mediate, and red lines. Each is asked for by itself, so that the line need not wait. */
function Beside({ pair, coder }: { pair: string; coder: string }) {
  const forecast = useData<Row>(to("/forecast.json", { dyad: pair, coder })), mediators = useData<Row>(to("/mediators.json", { dyad: pair, coder, limit: 5 })), lines = useData<Row>(to("/redlines.json", { dyad: pair }));
  useWorking(forecast.data?.working ? forecast.data : mediators.data);
  return <div class="three">
    <section class="card" aria-labelledby="risk"><h2 id="risk">Risk</h2><Shown answer={forecast}>{(f) => {
      const r = f.rows[0];
      if (f.working) return <Working>The model is being fitted.</Working>;
      if (!r) return <p class="quiet">No forecast: the pair has too few events, or {f.coder ?? "the store"} too little history.</p>;
      return <><p><a class="figure big" href={to("/forecast", { dyad: pair, coder })}>{percent(r.probability)}</a> force from the day after {f.on} to {f.due}</p>
        <p class="quiet">Base rate {percent(r.base_rate)}, own record {percent(r.own_record)}. {pastWords(r.kind === "onset" ? f.onset : f.incidence)}</p></>;
    }}</Shown></section>
    <section class="card" aria-labelledby="thirds"><h2 id="thirds">Who might mediate</h2><Shown answer={mediators}>{(m) => m.working ? <Working>Ties are being counted.</Working> : m.rows.length === 0 ? <p class="quiet">No third party has ties to them.</p>
      : <><ol class="records">{m.rows.map((r: Row) => <li key={r.third}><span aria-hidden="true">▲</span> <a href={to("/mediators", { dyad: pair, coder })}>{side(r.third, m.names)}</a> <span class="quiet">{many(r.mediations_a + r.mediations_b, "mediation")}, {many(r.offers_a + r.offers_b, "offer")}, {many(r.consultations_a, "talk")} · {number(r.consultations_b)}</span></li>)}</ol></>}</Shown></section>
    <section class="card" aria-labelledby="lines"><h2 id="lines">Red lines</h2><Shown answer={lines}>{(l) => l.lines.length === 0 ? <p class="quiet">None was read between the two.</p>
      : <ul class="records">{l.lines.slice(0, 5).map((x: Row) => <li key={x.id}><span aria-hidden="true">◇</span> <a href={to("/redlines", { dyad: pair })}>{side(x.holder, l.names)}</a>: {x.matter} <span class="quiet">{many(x.times, "time")}{x.last ? `, last ${x.last}` : ""}{x.candidates > 0 ? `, ${many(x.candidates, "candidate")}` : ""}</span></li>)}</ul>}</Shown></section>
  </div>;
}
