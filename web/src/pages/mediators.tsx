import { useData, useWorking } from "../data";
import { Bar, Empty, Filters, Shown, Table, Title, Working, many, number, side } from "../parts";
import { data, here, to } from "../url";
import type { Row } from "../data";

// What each kind of act is told by, so that a cell opens the rows it counts. `from` says who acts.
type Kind = { name: string; head: string; codes: string; acts: "third" | "side" | "both" };
const KINDS: Kind[] = [
  { name: "consultations", head: "Consultations", codes: "040,041,042,043,044,046", acts: "both" },
  { name: "mediations", head: "Mediations", codes: "045", acts: "third" },
  { name: "offers", head: "Offers", codes: "039", acts: "third" },
  { name: "requests", head: "Asked to help", codes: "026,027,028,108", acts: "side" },
  { name: "refusals", head: "Refused", codes: "126,165", acts: "side" },
  { name: "conflict", head: "Own conflict", codes: "09,100,101,102,103,104,105,106,107,11,120,121,122,123,124,125,127,128,129,13,14,15,160,161,162,163,164,166,17,18,19,20", acts: "both" },
];

function Both({ row, kind, d }: { row: Row; kind: Kind; d: Row }) {
  return <>{(["a", "b"] as const).map((s, i) => {
    const n = row[`${kind.name}_${s}`], other = d[s], pair = kind.acts === "side" ? `${other}-${row.third}` : `${row.third}-${other}`;
    const href = to("/events", { dyad: pair, directed: kind.acts === "both" ? null : 1, code: kind.codes, from: d.from, to: d.on, mode: "happened,claimed", coder: d.coder });
    return <span key={s}>{i > 0 && <span class="quiet"> · </span>}{n > 0 ? <a href={href} aria-label={`${kind.head}, ${side(row.third, d.names)} and ${side(other, d.names)}: ${n}`}>{number(n)}</a> : <span class="quiet">0</span>}</span>;
  })}</>;
}

export function MediatorRows({ d, rows }: { d: Row; rows: Row[] }) {
  return <Table caption={`Third parties for ${side(d.a, d.names)} and ${side(d.b, d.names)}`} rows={rows.map((r) => ({ ...r, id: r.third }))} why={(r) => to("/events", { actor: r.third, code: "045,039", from: d.from, to: d.on, coder: d.coder })} columns={[
    { name: "third", head: "Third party", narrow: true, cell: (r) => <a href={to("/events", { actor: r.third, code: "045,039", from: d.from, to: d.on, coder: d.coder })}>{side(r.third, d.names)}</a> },
    { name: "weight", head: "Weight", narrow: true, cell: (r) => <><Bar share={r.weight} /> {r.weight.toFixed(2)}</> },
    ...KINDS.map((k) => ({ name: k.name, head: k.head, number: true, cell: (r: Row) => <Both row={r} kind={k} d={d} /> })),
  ]} />;
}

export function Around({ d }: { d: Row }) {
  if (!d.around) return null;
  const w = d.around;
  return <p class="quiet">Around {many(w.mediations, "mediation")} by these parties with either side: {number(w.before)} events of material conflict between the two in the {w.days} days before, {number(w.after)} in the {w.days} days after. That says what came, not why.</p>;
}

/** Pairs to begin with, where none is named. */
export function Choose({ page }: { page: string }) {
  const answer = useData<Row>("/today.json");
  return <Shown answer={answer}>{(d) => <Empty title="For which pair?"><p>Write it above, as IRN-ISR{d.moved.length > 0 && ", or choose one whose conflict moved"}.</p>
    {d.moved.length > 0 && <ul class="choices">{d.moved.slice(0, 10).map((m: Row) => <li key={`${m.a}-${m.b}`} data-row><a class="button" href={to(page, { dyad: `${m.a}-${m.b}` })}>{side(m.a, d.names)} and {side(m.b, d.names)}</a></li>)}</ul>}</Empty>}</Shown>;
}

export function Mediators() {
  const dyad = here.value.query.get("dyad");
  const answer = useData<Row>(dyad ? data("json") : null);
  useWorking(answer.data);
  return <>
    <Title about="Who has ties to both ends, offered before, or was refused. Each cell holds both sides and opens its events.">Mediators</Title>
    <Filters fields={[{ name: "dyad", label: "Pair" }, { name: "to", label: "As known on", kind: "date" }, { name: "coder", label: "Coder" }]} />
    {!dyad ? <Choose page="/mediators" /> : <Shown answer={answer}>{(d) => d.working ? <Working>The ties of all pairs are being counted.</Working>
      : d.rows.length === 0 ? <Empty title={d.coder ? `No third party has events with ${side(d.a, d.names)} or ${side(d.b, d.names)}.` : "There are no events yet."}><p>{d.coder ? "Try another pair or a later day." : <>Import a history or code articles: <code>detente import FILE; detente code --new</code></>}</p></Empty>
      : <><p class="summary">{side(d.rows[0].third, d.names)} comes first for <a href={`/dyad/${d.a}-${d.b}`}>{side(d.a, d.names)} and {side(d.b, d.names)}</a>: {many(d.rows[0].mediations_a + d.rows[0].mediations_b, "mediation")} and {many(d.rows[0].offers_a + d.rows[0].offers_b, "offer")} since {d.from}, as known on {d.on}, coded by {d.coder}. In each cell: with {side(d.a, d.names)} · with {side(d.b, d.names)}.</p>
        <MediatorRows d={d} rows={d.rows} /><Around d={d} />
        <p class="quiet">The weight is the chance beside that of the first, learnt from the mediations of this store. <a href="/method">How it is counted</a></p></>}</Shown>}
  </>;
}
