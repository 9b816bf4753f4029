import { useCallback } from "preact/hooks";
import { useData, useWorking } from "../data";
import { Bar, Coder, Drawing, Empty, Filters, Shown, Table, Title, Working, many, number, side } from "../parts";
import { calibration } from "../charts";
import { data, to } from "../url";
import type { Row } from "../data";

export const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
const DEED: Row = { force: "force (CAMEO 18 to 20)", material: "material conflict (CAMEO 14 to 20)" };

/** Does what was forecast come about as often as it was said? */
function Calibration({ bins, label }: { bins: Row[]; label: string }) {
  const draw = useCallback((width: number) => calibration(bins, Math.min(width, 380)), [bins]);
  return <><Drawing draw={draw} label={`${label}; the table beside it has the same rows`} height={240} />
    <details class="rows"><summary>The same as a table</summary><Table caption={label} rows={bins} columns={[
      { name: "forecast", head: "forecast", number: true, cell: (b) => percent(b.forecast) }, { name: "came", head: "came true", number: true, cell: (b) => percent(b.came_true) }, { name: "n", head: "forecasts", number: true, cell: (b) => number(b.n) }]} /></details></>;
}

export function pastWords(p: Row | null): string {
  if (!p || p.n === 0) return "No past forecast of this kind has come due: nothing is known of its quality.";
  return `Of ${number(p.n)} past forecasts of this kind ${number(p.came_true)} came true. Brier skill over the base rate ${p.brier_skill.toFixed(3)}, calibration error ${p.ece.toFixed(3)}, average precision ${p.ap.toFixed(3)} (a pair's own record alone ${p.ap_own_record.toFixed(3)}).`;
}

function Rows({ d }: { d: Row }) {
  return <Table caption="Forecasts" rows={d.rows.map((r: Row) => ({ ...r, id: `${r.a}-${r.b}` }))} why={(r) => to("/events", { dyad: `${r.a}-${r.b}`, code: d.deed === "force" ? "18,19,20" : "14,15,16,17,18,19,20", from: d.from, to: d.on, mode: "happened,claimed", coder: d.coder })} columns={[
    { name: "pair", head: "Pair", cell: (r) => <a href={to(`/dyad/${r.a}-${r.b}`, { coder: d.coder })}>{side(r.a, d.names)} and {side(r.b, d.names)}</a> },
    { name: "probability", head: "Probability", narrow: true, cell: (r) => <><Bar share={r.probability} /> <strong>{percent(r.probability)}</strong></> },
    { name: "base", head: "Base rate", number: true, cell: (r) => percent(r.base_rate) },
    { name: "own", head: "Own record", number: true, cell: (r) => <a href={to("/events", { dyad: `${r.a}-${r.b}`, code: d.deed === "force" ? "18,19,20" : "14,15,16,17,18,19,20", from: d.from, to: d.on, mode: "happened,claimed", coder: d.coder })}>{percent(r.own_record)}</a> },
    { name: "kind", head: "Kind", cell: (r) => r.kind === "onset" ? "onset after quiet" : "goes on" },
  ]} />;
}

const OUTCOMES: Row = { yes: "came true", no: "did not come", open: "open", void: "void: too little was read" };

function Ledger({ d }: { d: Row }) {
  const s: Row = d.score;
  return <section aria-labelledby="ledger"><h2 id="ledger">Ledger</h2>
    {d.ledger.length === 0 ? <p class="quiet">Nothing was recorded yet. <code>detente forecast IRN-ISR --record</code> writes a forecast down, so that nobody can change it, and the ledger tells what became of it.</p> : <>
      <p class="summary">{many(d.ledger.length, "forecast")} recorded: {number(s.came_true)} of {number(s.n)} that are settled came true, {number(s.open)} open, {number(s.void)} void.
        {s.brier !== null && <> Brier score {s.brier.toFixed(3)}, that of the base rates {s.brier_base.toFixed(3)}; logarithmic score {s.log_score.toFixed(3)}; calibration error {s.ece.toFixed(3)}.</>}</p>
      <Table caption="Ledger" rows={d.ledger} columns={[
        { name: "asked", head: "Made on", narrow: true, cell: (r) => r.asked }, { name: "pair", head: "Pair", cell: (r) => <a href={`/dyad/${r.a}-${r.b}`}>{side(r.a, d.names)} and {side(r.b, d.names)}</a> },
        { name: "what", head: "What", cell: (r) => <span title={r.rule}>{r.deed} ≥ {r.at_least}</span> }, { name: "due", head: "Due", narrow: true, cell: (r) => r.due },
        { name: "p", head: "Forecast", number: true, cell: (r) => percent(r.probability) }, { name: "base", head: "Base rate", number: true, cell: (r) => percent(r.base_rate) },
        { name: "outcome", head: "Outcome", cell: (r) => <a href={to("/events", { dyad: `${r.a}-${r.b}`, code: r.deed === "force" ? "18,19,20" : "14,15,16,17,18,19,20", from: r.asked, to: r.due, mode: "happened,claimed" })}>{OUTCOMES[r.outcome]}</a> },
        { name: "model", head: "Model", cell: (r) => r.model }]} />
      {s.calibration.length > 0 && <Calibration bins={s.calibration} label="How often recorded forecasts came true" />}</>}
  </section>;
}

export function Forecast() {
  const answer = useData<Row>(data("json"));
  const today = useData<Row>("/today.json");
  useWorking(answer.data);
  return <>
    <Title about="Will a pair come to force? Each figure with its base rate and with how such forecasts did before.">Forecast</Title>
    {today.data && answer.data && <Coder coders={today.data.coders} now={answer.data.coder} />}
    <Filters fields={[{ name: "deed", label: "Of what", options: [["", "force"], ["material", "material conflict"]] }, { name: "within", label: "Within", options: [["7", "7 days"], ["", "14 days"], ["30", "30 days"], ["90", "90 days"]] }, { name: "kind", label: "Kind", options: [["", "any"], ["onset", "onset after quiet"], ["incidence", "goes on"]] }, { name: "dyad", label: "Pair" }, { name: "actor", label: "With" }]} />
    <Shown answer={answer}>{(d) => <>
      {d.working ? <Working>The model is being fitted to the last 400 days.</Working>
        : !d.on ? <Empty title={d.coder ? `${d.coder} has too little history to learn from.` : "There are no events yet."}><p>Three months of events between countries are needed, with ten windows in which it came. A history helps:</p><pre>{"detente import events.tab"}</pre></Empty>
        : d.rows.length === 0 ? <Empty title="No pair fulfils these filters."><p>A pair needs 20 events. Take a filter away.</p></Empty> : <>
          <p class="summary">{DEED[d.deed][0].toUpperCase() + DEED[d.deed].slice(1)} between the two, either way round, from the day after {d.on} to {d.due}, the likeliest first. Learnt from events since {d.from}, coded by {d.coder}.</p>
          <Rows d={d} />
          <div class="two"><section aria-labelledby="onset"><h2 id="onset">How onsets were forecast before</h2><p>{pastWords(d.onset)}</p>{d.onset?.calibration.length > 0 && <Calibration bins={d.onset.calibration} label="How often forecasts of onsets came true" />}</section>
            <section aria-labelledby="incidence"><h2 id="incidence">How going on was forecast before</h2><p>{pastWords(d.incidence)}</p>{d.incidence?.calibration.length > 0 && <Calibration bins={d.incidence.calibration} label="How often forecasts of its going on came true" />}</section></div></>}
      <Ledger d={d} /></>}</Shown>
  </>;
}
