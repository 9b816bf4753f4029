import { useData } from "../data";
import { Strength, Empty, Filters, Shown, Table, Title, many, number, side } from "../parts";
import { data, here, to } from "../url";
import type { Row } from "../data";

/** Shade by the share of conflict, size of the figure by the number: both are in the cell as words. */
function Cell({ cell, top, names, d }: { cell: Row | undefined; top: number; names: Row; d: Row }) {
  if (!cell) return <td class="cell none"><span class="quiet-text">none</span></td>;
  const share = cell.conflict / cell.events, weight = Math.sqrt(cell.events / top);
  const level = Math.min(4, 1 + Math.floor(weight * 4));
  const label = `${side(cell.source, names)} to ${side(cell.target, names)}: ${many(cell.events, "event")}, ${number(100 * share)} % conflict`;
  return <td class={`cell ${share > 0.5 ? "cold" : "warm"} level-${level}`}>
    <a href={to("/events", { dyad: `${cell.source}-${cell.target}`, directed: 1, from: d.from, to: d.to, mode: "happened,claimed", coder: d.coder })} title={label} aria-label={label}>{number(cell.events)}</a></td>;
}

export function Network() {
  const answer = useData<Row>(data("json"));
  return <>
    <Title about="Rows act on columns. A cell opens its events.">Network</Title>
    <Filters fields={[{ name: "actor", label: "With" }, { name: "from", label: "From", kind: "date" }, { name: "to", label: "To", kind: "date" }, { name: "limit", label: "Sides", options: [["10", "10"], ["", "20"], ["40", "40"]] }]} />
    <Shown answer={answer}>{(d) => {
      if (d.rows.length === 0) return <Empty title={d.coder ? "No pair has events on these days." : "There are no events yet."}><p>{d.coder ? "Widen the days." : <>Import a history or code articles: <code>detente import FILE; detente code --new</code></>}</p></Empty>;
      const cells = new Map<string, Row>(d.rows.map((r: Row) => [`${r.source} ${r.target}`, r]));
      const top = Math.max(...d.rows.map((r: Row) => r.events));
      const first = [...d.rows].sort((a: Row, b: Row) => b.conflict - a.conflict)[0];
      return <>
        <p class="summary">{d.from} to {d.to}, coded by {d.coder}: {many(d.rows.reduce((n: number, r: Row) => n + r.events, 0), "event")} between the {d.sides.length} most active sides.
          {first.conflict > 0 && <> Most conflict: <a href={`/dyad/${first.source}-${first.target}`}>{side(first.source, d.names)} to {side(first.target, d.names)}</a>, {many(first.conflict, "event")}.</>}</p>
        <p class="legend"><span class="key cold-key">▚ mostly conflict</span> <span class="key warm-key">mostly cooperation</span> <Strength /></p>
        <div class="scroll" tabindex={0} role="region" aria-label="Matrix of who acts on whom"><table class="matrix">
          <caption class="quiet-text">Events by source (rows) and target (columns)</caption>
          <thead><tr><td></td>{d.sides.map((s: string) => <th scope="col" key={s}><abbr title={side(s, d.names)}>{s}</abbr></th>)}</tr></thead>
          <tbody>{d.sides.map((a: string) => <tr key={a}><th scope="row">{side(a, d.names)}</th>{d.sides.map((b: string) => a === b ? <td class="cell self" key={b}></td> : <Cell key={b} cell={cells.get(`${a} ${b}`)} top={top} names={d.names} d={d} />)}</tr>)}</tbody></table></div>
        <details class="rows"><summary>The same as a list</summary>
          <Table caption="Pairs by events" rows={[...d.rows].sort((x: Row, y: Row) => y.events - x.events)} columns={[
            { name: "pair", head: "Pair", cell: (r) => <a href={`/dyad/${r.source}-${r.target}`}>{side(r.source, d.names)} → {side(r.target, d.names)}</a> },
            { name: "events", head: "events", number: true, cell: (r) => number(r.events) }, { name: "conflict", head: "conflict", number: true, cell: (r) => number(r.conflict) },
            { name: "cooperation", head: "cooperation", number: true, cell: (r) => number(r.cooperation) }, { name: "goldstein", head: "Goldstein", number: true, cell: (r) => number(r.goldstein) }]} /></details>
      </>;
    }}</Shown>
  </>;
}
