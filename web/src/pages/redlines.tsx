import { say, tell, useData } from "../data";
import { Empty, Filters, Shown, Title, many, side } from "../parts";
import { data, to } from "../url";
import type { Row } from "../data";

async function judge(line: string, event: string, verdict: string): Promise<void> {
  try { await tell("/redlines/judge", { line, event, verdict }); say(verdict === "open" ? "Taken back." : `Kept: ${verdict === "crossed" ? "it crosses the line" : "no crossing"}.`); }
  catch (wrong: any) { say([wrong.error, wrong.hint].filter(Boolean).join(" · "), true); }
}

const VERDICTS: Row = { crossed: "crossed", kept: "no crossing" };

function Crossing({ c, line, names, writable }: { c: Row; line: Row; names: Row; writable: boolean }) {
  const judged = c.verdict === "crossed" || c.verdict === "kept";
  return <li data-row data-why={to("/record", { id: c.event })}>
    <span aria-hidden="true">◆</span> <time>{c.day}</time> {side(c.source, names)} → {side(c.target, names)}: <a href={to("/record", { id: c.event })}>{c.cameo} {c.cameo_name}</a>{c.place_country && ` in ${side(c.place_country, names)}`}
    {" "}<span class="quiet">{c.points} of 6 points: {c.why.join(", ")}</span>{judged && <span class="tag">{VERDICTS[c.verdict]}</span>}
    {writable && <span class="buttons">{judged ? <button class="button quiet" type="button" onClick={() => void judge(line.id, c.event, "open")}>Take back</button> : <>
      <button class="button" type="button" onClick={() => void judge(line.id, c.event, "crossed")} aria-label={`Crossed by the event of ${c.day}`}>Crossed</button><button class="button" type="button" onClick={() => void judge(line.id, c.event, "kept")} aria-label={`No crossing by the event of ${c.day}`}>No crossing</button></>}</span>}
  </li>;
}

function Line({ l, names, writable }: { l: Row; names: Row; writable: boolean }) {
  const crossed = l.crossings.filter((c: Row) => c.verdict === "crossed").length;
  return <li data-row data-why={l.statements.length > 0 ? to("/record", { id: l.statements.at(-1) }) : undefined} id={l.id}>
    <h2><span aria-hidden="true">◇</span> <a href={l.addressee ? `/dyad/${l.holder}-${l.addressee}` : to("/statements", { source: l.holder, act: "red line" })}>{side(l.holder, names)}{l.addressee ? ` to ${side(l.addressee, names)}` : ", to nobody named"}</a>{l.places.length > 0 && <span class="tag">about {l.places.map((p: string) => side(p, names)).join(", ")}</span>}{l.threat && <span class="tag">a consequence was announced</span>}{crossed > 0 && <span class="tag">{many(crossed, "crossing")} confirmed</span>}</h2>
    {l.matter && <blockquote>{l.matter}</blockquote>}
    <p class="quiet">Stated {many(l.times, "time")}{l.first ? `, ${l.first === l.last ? l.first : `${l.first} to ${l.last}`}` : ""}{l.speakers.length > 0 && <> by {l.speakers.join(", ")}</>}: {l.statements.slice(0, 8).map((id: string, i: number) => <span key={id}>{i > 0 && ", "}<a href={to("/record", { id })}>{id}</a></span>)}{l.statements.length > 8 && ` and ${l.statements.length - 8} more`}</p>
    {l.crossings.length === 0 ? <p class="quiet">{l.addressee ? "No later event may cross it." : "Without an addressee no later event can be held against it."}</p> : <details><summary>{many(l.candidates, "later event")} may cross it{l.candidates > l.crossings.length ? `; the ${l.crossings.length} likeliest` : ""}</summary>
      <ul class="records crossings">{l.crossings.map((c: Row) => <Crossing key={c.event} c={c} line={l} names={names} writable={writable} />)}</ul></details>}
  </li>;
}

export function Redlines() {
  const answer = useData<Row>(data("json"));
  return <>
    <Title about="What somebody said they would not accept, and what happened since. A candidate is a question, not a finding.">Red lines</Title>
    <Filters fields={[{ name: "dyad", label: "Pair" }, { name: "source", label: "Holder" }, { name: "from", label: "Stated since", kind: "date" }]} />
    <Shown answer={answer}>{(d) => d.lines.length === 0 ? <Empty title="No red line was read."><p>They are read from statements in articles, such as “we will not accept”: import articles and code them, or take the filters away.</p><pre>{"detente import news/\ndetente code --new"}</pre></Empty>
      : <><p class="summary">{many(d.lines.length, "red line")}, those stated last first.</p><ul class="lines">{d.lines.map((l: Row) => <Line key={l.id} l={l} names={d.names} writable={d.writable} />)}</ul></>}</Shown>
  </>;
}
