import { say, tell, undo, useData } from "../data";
import { Empty, Mark, Shown, Table, Title, many, number, side } from "../parts";
import { data, here, to } from "../url";
import type { Row } from "../data";

/** From the mouth to the page: solid where we hold the text, dashed where we do not. */
export function Chain({ hops }: { hops: Row[] }) {
  if (hops.length === 0) return null;
  return <ol class="chain" aria-label="Chain from the mouth to this page">{hops.map((h, i) => <li key={i} class={h.seen ? "held" : "unheld"}>
    {h.via && i > 0 && <span class="via">{h.via} → </span>}<span>{h.name ?? h.kind}</span><span class="quiet-text">{h.seen ? " (text held)" : " (text not held)"}</span></li>)}</ol>;
}

/** A sentence with the words of the evidence marked. Offsets are bytes, so they are found by their words. */
export function Sentence({ text, words }: { text: string; words: string[] }) {
  const marks = words.map((w) => ({ at: text.indexOf(w), end: text.indexOf(w) + w.length })).filter((m) => m.at >= 0 && m.end > m.at).sort((a, b) => a.at - b.at || b.end - a.end);
  const out = []; let from = 0;
  for (const m of marks) { if (m.at < from) continue; out.push(text.slice(from, m.at), <mark key={m.at}>{text.slice(m.at, m.end)}</mark>); from = m.end; }
  return <blockquote class="sentence">{out}{text.slice(from)}</blockquote>;
}

/** What became of the sentence in the copies of its text: words taken out and put in since the first that has it. */
export function Copies({ copies }: { copies: Row[] }) {
  if (copies.length < 2) return null;
  const first = copies.findIndex((c) => c.sentence !== null);
  const told = copies.filter((c, i) => i === first || c.changed || c.sentence === null), rest = copies.filter((c) => !told.includes(c));
  const outlets = new Set(copies.map((c) => c.outlet).filter(Boolean)).size, changed = copies.filter((c) => c.changed).length, gone = copies.filter((c) => c.sentence === null).length;
  const where = (c: Row) => <><a href={to("/article", { id: c.article_id })}>{c.outlet ?? c.article_id}</a> <span class="quiet">{c.published}</span></>;
  return <section aria-labelledby="copies"><h2 id="copies">In copies of the text</h2>
    <p>{many(copies.length, "article")}{outlets > 0 && <> of {many(outlets, "outlet")}</>}: the sentence stands word for word in {copies.length - changed - gone}, was changed in {changed}, left out in {gone}.</p>
    <ol class="copies">{told.map((c) => <li key={c.article_id}>{where(c)}
      {c.sentence === null ? <p class="quiet">left out</p> : <blockquote class="sentence">{c.changed
        ? c.changes.map((r: Row, i: number) => r.kind === "gone" ? <del key={i}>{r.words} </del> : r.kind === "new" ? <ins key={i}>{r.words} </ins> : `${r.words} `) : c.sentence}</blockquote>}</li>)}
      {rest.length > 0 && <li>Word for word: {rest.map((c, i) => <span key={c.article_id}>{i > 0 && ", "}{where(c)}</span>)}</li>}</ol></section>;
}

/** Mentions that differ in what is shown. */
const unlike = (all: Row[]) => all.filter((m, i) => all.findIndex((n) => n.text === m.text && n.code === m.code && n.link === m.link) === i);

async function judge(record: string, kind: string): Promise<void> {
  try { const done = await tell("/correct", { record, kind }); say(`Kept as correction ${done.n}. u takes it back.`); }
  catch (wrong: any) { say([wrong.error, wrong.hint].filter(Boolean).join(" · "), true); }
}

export function Record() {
  const id = here.value.query.get("id");
  const answer = useData<Row>(id ? data("json") : null);
  const desk = useData<Row>("/review.json?limit=0");
  if (!id) return <><Title>Record</Title><Empty title="No record is named."><p>Open one from <a href="/events">Events</a> or <a href="/statements">Statements</a>.</p></Empty></>;
  return <Shown answer={answer}>{(d) => {
    const r: Row = d.record, event = r.record === "event";
    const facts: [string, any][] = event
      ? [["Source", <>{side(r.source, d.names, r.source_name)} {r.source && <code>{r.source}</code>}</>], ["Target", <>{side(r.target, d.names, r.target_name)} {r.target && <code>{r.target}</code>}</>],
         ["Code", <><Mark row={r} /> {r.cameo} {r.cameo_name}</>], ["PLOVER", [r.plover, r.plover_mode].filter(Boolean).join(", ")], ["Quad class", r.quad && ["", "verbal cooperation", "material cooperation", "verbal conflict", "material conflict"][r.quad]],
         ["Goldstein", r.goldstein === null ? null : number(r.goldstein)], ["Mode", r.mode], ["When", r.date_resolved ? (r.date_first === r.date_last ? r.date_first : `${r.date_first} to ${r.date_last}`) + (r.date_text ? ` (“${r.date_text}”)` : "") : r.date_text ? `“${r.date_text}”, no day is known` : "not told"],
         ["Where", [r.place_name, r.place_country && side(r.place_country, d.names)].filter((x, i, all) => x && all.indexOf(x) === i).join(", ")], ["How many", r.count_text], ["Claimed by", r.claimed_by], ["Confidence", r.confidence], ["Frame", r.frame && <code>{r.frame}</code>]]
      : [["Speaker", <>{r.speaker_name ?? side(r.speaker, d.names)} {r.speaker && <code>{r.speaker}</code>}</>], ["Office", r.speaker_office], ["Acts", (r.acts ?? []).join(", ")], ["About", (r.about ?? []).join(", ")], ["Issue", r.issue],
         ["To", r.addressee_name ?? r.addressee], ["Reason", r.reason], ["Means", r.instrument], ["Repeated", r.repeated], ["Verbatim", r.verbatim ? "yes" : "no"], ["Origin", r.origin ?? "not named"], ["When", r.date_first ? (r.date_first === r.date_last ? r.date_first : `${r.date_first} to ${r.date_last}`) : r.date_text ?? "not told"]];
    const standing = d.corrections.filter((c: Row) => !c.undone);
    const words = [...d.spans.map((s: any[]) => s[2]), r.evidence].filter(Boolean);
    return <>
      <Title about={<><code>{r.id}</code> · coded by {r.coder_version}</>}>{event ? `${r.cameo ?? r.plover ?? ""} ${r.cameo_name ?? ""}`.trim() : `Statement: ${(r.acts ?? []).join(", ") || "assertion"}`}</Title>
      {d.sentence || r.evidence ? <section aria-labelledby="words"><h2 id="words">The words</h2>
        <Sentence text={d.sentence ?? r.evidence} words={words} />
        {r.article_id && <p><a href={to("/article", { id: r.article_id }) + `#${r.id}`}>{d.title ?? "The article"}</a> <span class="quiet">{[r.outlet, r.published].filter(Boolean).join(" · ")}</span></p>}
        {!event && <Chain hops={r.chain ?? []} />}</section>
        : <section><h2>The words</h2><p>{d.own_columns ? "This event was imported; its coder gave no words. Its own columns are below." : "There are no words."}</p></section>}
      {r.statement_id && <p>Said in <a href={to("/record", { id: r.statement_id })}>{r.statement_id}</a>.</p>}
      <section aria-labelledby="facts"><h2 id="facts">What was read from them</h2>
        <dl class="facts">{facts.filter(([, v]) => v !== null && v !== undefined && v !== "").map(([k, v]) => <div key={k}><dt>{k}</dt><dd>{v}</dd></div>)}</dl></section>
      {d.changed && <p class="task">Program or knowledge have changed since this article was coded: <code>detente code --new</code> reads it again.</p>}
      <Copies copies={d.copies} />
      {d.rules.length > 0 && <section aria-labelledby="rules"><h2 id="rules">Rules behind it</h2><ul class="rules">{d.rules.map((rule: any, i: number) => <li key={i}><code>{typeof rule === "string" ? rule : JSON.stringify(rule)}</code></li>)}</ul></section>}
      {d.mentions.length > 0 && <section aria-labelledby="mentions"><h2 id="mentions">Actors in the sentence</h2>
        <Table caption="Actors in the sentence" rows={unlike(d.mentions)} columns={[
          { name: "text", head: "Words", cell: (m) => m.text }, { name: "code", head: "Code", cell: (m) => <code>{m.code}</code> }, { name: "name", head: "Actor", cell: (m) => m.name ?? "" },
          { name: "link", head: "Found by", cell: (m) => m.link }, { name: "why", head: "Entry", cell: (m) => <code>{[m.why].flat().join("; ")}</code> }]} /></section>}
      {d.own_columns && Object.keys(d.own_columns).length > 0 && <section aria-labelledby="own"><h2 id="own">Columns of its own format</h2>
        <dl class="facts">{Object.entries(d.own_columns).map(([k, v]) => <div key={k}><dt>{k}</dt><dd>{String(v)}</dd></div>)}</dl></section>}
      {r.article_id && <section aria-labelledby="judge"><h2 id="judge">Right or wrong?</h2>
        {standing.length > 0 ? <ul>{standing.map((c: Row) => <li key={c.n}>{c.kind === "change" ? `${c.field} is ${c.after ?? "nothing"}` : c.kind} · {c.author}, {c.at} {desk.data?.writable && <button class="button" type="button" onClick={() => void undo(c.n)}>Take back</button>}</li>)}</ul> : <p>Nobody has said anything of it yet.</p>}
        {desk.data?.writable ? <p><button class="button" type="button" onClick={() => void judge(r.id, "right")}>Right</button> <button class="button" type="button" onClick={() => void judge(r.id, "wrong")}>No such {r.record}</button></p>
          : <p class="quiet">This desk only reads. On the command line: <code>detente correct {r.id} --wrong</code></p>}</section>}
    </>;
  }}</Shown>;
}
