import { useEffect } from "preact/hooks";
import { useData } from "../data";
import { Empty, EventRows, Mark, Shown, Title, many, recordLink, side } from "../parts";
import { data, here, to } from "../url";
import type { Row } from "../data";

type Piece = { from: number; to: number; ids: string[]; skipped: Row | null };

/** The text cut wherever a record or a skipped line begins or ends. */
function pieces(length: number, spans: Row[], skipped: Row[]): Piece[] {
  const cuts = [...new Set([0, length, ...spans.flatMap((s) => [s.start, s.end])])].filter((c) => c >= 0 && c <= length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, i) => {
    const end = cuts[i + 1]!, over = spans.filter((s) => s.start <= from && s.end >= end);
    const line = over.find((s) => s.skipped !== undefined);
    return { from, to: end, ids: over.filter((s) => s.id).map((s) => s.id), skipped: line ? skipped[line.skipped]! : null };
  });
}

function Text({ article, spans, records }: { article: Row; spans: Row[]; records: Map<string, Row> }) {
  const text: string = article.text;
  // A paragraph for each line, so that it can be read; the pieces keep their places.
  const lines: Piece[][] = [[]];
  for (const p of pieces(text.length, spans, article.skipped)) {
    let from = p.from;
    for (let at = text.indexOf("\n", from); at >= 0 && at < p.to; at = text.indexOf("\n", from)) {
      if (at > from) lines.at(-1)!.push({ ...p, from, to: at });
      if (lines.at(-1)!.length > 0) lines.push([]);
      from = at + 1;
    }
    if (from < p.to) lines.at(-1)!.push({ ...p, from });
  }
  const told = new Set<string>();
  return <div class="text" lang="en">{lines.filter((l) => l.length > 0).map((line, i) => {
    const left = line.every((p) => p.skipped || text.slice(p.from, p.to).trim() === "") && line.some((p) => p.skipped);
    const why = left ? line.find((p) => p.skipped)!.skipped! : null;
    return <p key={i} class={left ? "skipped" : undefined} dir="auto">{line.map((p) => {
      const words = text.slice(p.from, p.to);
      if (p.ids.length === 0) return p.skipped && !left ? <span class="skipped" key={p.from} title={p.skipped.reason}>{words}</span> : words;
      const first = p.ids.filter((id) => !told.has(id));
      first.forEach((id) => told.add(id));
      const record = records.get(p.ids[0]!)!;
      return <a key={p.from} class={`span ${record?.record ?? ""}`} id={first[0]} href={to("/record", { id: p.ids[0] })} data-row data-why={to("/record", { id: p.ids[0] })}
        title={p.ids.map((id) => title(records.get(id))).join("\n")}>{first.slice(1).map((id) => <span key={id} id={id} />)}{words}{p.ids.length > 1 && <sup>{p.ids.length}</sup>}</a>;
    })}{why && <span class="reason"> skipped: {why.reason}</span>}</p>;
  })}</div>;
}

const title = (r?: Row) => !r ? "" : r.record === "event" ? `${r.cameo ?? ""} ${r.cameo_name ?? ""}: ${r.source ?? "?"} → ${r.target ?? "?"}` : `${r.speaker_name ?? r.speaker ?? "?"}: ${(r.acts ?? []).join(", ")}`;

export function Article() {
  const id = here.value.query.get("id");
  const answer = useData<Row>(id ? data("json") : null);
  useEffect(() => {
    const at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const link = at && at.closest("a");
    if (link) { link.scrollIntoView({ block: "center" }); link.classList.add("here"); }
  }, [answer.data]);
  if (!id) return <><Title>Article</Title><Empty title="No article is named."><p>Find one with the search above, or through a record.</p></Empty></>;
  return <Shown answer={answer}>{(d) => {
    const a: Row = d.article, records = new Map<string, Row>([...d.events, ...d.statements].map((r: Row) => [r.id, r]));
    const link = /^https?:\/\//i.test(a.url ?? "") ? a.url : null;
    return <>
      <Title about={<>{[a.outlet, a.byline, a.published ?? "undated"].filter(Boolean).join(" · ")}{link ? <> · <a href={link} rel="noreferrer noopener nofollow">where it was published</a></> : a.url ? ` · ${a.url}` : ""}</>}>{a.title ?? "Without a title"}</Title>
      {!a.coded && <p class="task">This article has not been coded yet: <code>detente code --new</code></p>}
      {a.failure && <p class="problem" role="alert">It could not be coded: {a.failure}</p>}
      <p class="summary">{many(d.statements.length, "statement")} and {many(d.events.length, "event")} were read from {a.sentences === null ? "it" : many(a.sentences, "sentence")}; {a.skipped.length === 0 ? "no line was skipped" : `${many(a.skipped.length, "line")} skipped`}. Underlined words open their records.</p>
      {a.notes.map((n: string, i: number) => <p class="quiet" key={i}>{n}</p>)}
      <div class="reading">
        <Text article={a} spans={d.spans} records={records} />
        <aside aria-label="Records">
          {d.statements.length > 0 && <><h2>Statements</h2><ul class="records">{d.statements.map((r: Row) => <li key={r.id}><span aria-hidden="true">◇</span> <a href={recordLink(r)}>{r.speaker_name ?? side(r.speaker, d.names)}</a> {(r.acts ?? []).map((x: string) => <span class="tag" key={x}>{x}</span>)}</li>)}</ul></>}
          {d.events.length > 0 && <><h2>Events</h2><ul class="records">{d.events.map((r: Row) => <li key={r.id}><Mark row={r} /> {side(r.source, d.names, r.source_name)} → {side(r.target, d.names, r.target_name)}: <a href={recordLink(r)}>{r.cameo} {r.cameo_name}</a>{r.mode !== "happened" && <span class="tag">{r.mode}</span>}</li>)}</ul></>}
          {d.corrections.filter((c: Row) => !c.undone).length > 0 && <><h2>Corrections</h2><ul class="records">{d.corrections.filter((c: Row) => !c.undone).map((c: Row) => <li key={c.n}>{c.record}: {c.kind === "change" ? `${c.field} is ${c.after ?? "nothing"}` : c.kind}</li>)}</ul></>}
        </aside>
      </div>
    </>;
  }}</Shown>;
}
