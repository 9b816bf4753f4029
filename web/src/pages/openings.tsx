import { useData } from "../data";
import { Empty, Filters, Shown, Table, Title, many, side } from "../parts";
import { data, here, to, withFilters } from "../url";
import { Choose } from "./mediators";
import type { Row } from "../data";

/** "talks: IRN 036 ISR" and "mediation by RUS" with names for codes. */
export function openingWords(what: string, names: Row): string {
  const [, kind, a, code, b] = /^(.+): (\S+) (\d+) (\S+)$/.exec(what) ?? [];
  if (kind) return `${kind}: ${side(a, names)} to ${side(b, names)}, CAMEO ${code}`;
  return what.replace(/ by (\S+)$/, (_, by) => ` by ${side(by, names)}`);
}

export function Openings() {
  const dyad = here.value.query.get("dyad");
  const answer = useData<Row>(dyad ? data("json") : null);
  return <>
    <Title about="Talks, mediation, agreements, releases and easing between two sides, and third parties who turned to both within a week.">Openings</Title>
    <Filters fields={[{ name: "dyad", label: "Pair" }, { name: "from", label: "From", kind: "date" }, { name: "to", label: "To", kind: "date" }, { name: "coder", label: "Coder" }]} />
    {!dyad ? <Choose page="/openings" /> : <Shown answer={answer}>{(d) => d.rows.length === 0
      ? <Empty title={d.from ? `No opening between ${side(d.a, d.names)} and ${side(d.b, d.names)} from ${d.from} to ${d.to}.` : "There are no events yet."}>{d.from && <p>Look at <a href={withFilters({ from: null, to: null })}>all days</a>, or at <a href={to(`/dyad/${d.a}-${d.b}`, { coder: d.coder })}>the line of the two</a>.</p>}</Empty>
      : <><p class="summary">{d.more ? "The latest " : ""}{many(d.rows.length, "opening")} between <a href={to(`/dyad/${d.a}-${d.b}`, { coder: d.coder })}>{side(d.a, d.names)} and {side(d.b, d.names)}</a> from {d.from} to {d.to}, coded by {d.coder}.{d.more && " For earlier ones choose days."}</p>
        <Table caption="Openings" rows={d.rows.map((r: Row, i: number) => ({ ...r, id: `${r.day} ${i}` }))} why={(r) => to("/record", { id: r.events[0] })} columns={[
          { name: "day", head: "Day", narrow: true, cell: (r) => r.day },
          { name: "what", head: "What", wide: true, cell: (r) => <><span class="mark warm" aria-hidden="true">▲</span> {openingWords(r.what, d.names)}</> },
          { name: "events", head: "Events behind it", cell: (r) => <>{r.events.slice(0, 12).map((id: string, i: number) => <span key={id}>{i > 0 && ", "}<a href={to("/record", { id })}>{id}</a></span>)}{r.events.length > 12 && ` and ${r.events.length - 12} more`}</> },
        ]} /></>}</Shown>}
  </>;
}
