import { useData } from "../data";
import { Empty, EventRows, brief, Filters, MODES, Pager, QUADS, Shown, Title, many, recordLink, side } from "../parts";
import { data, here, to } from "../url";
import type { Row } from "../data";
import { Chain } from "./record";

const WHO = [{ name: "dyad", label: "Pair" }, { name: "source", label: "Source" }, { name: "target", label: "Target" }];
const DAYS = [{ name: "from", label: "From", kind: "date" as const }, { name: "to", label: "To", kind: "date" as const }];
const limit = () => Number(here.value.query.get("limit") ?? 50);
const filtered = () => [...here.value.query.keys()].some((k) => k !== "limit" && k !== "offset");

function None({ what }: { what: string }) {
  return filtered()
    ? <Empty title={`No ${what} fulfil these filters.`}><p>Take a filter away, or widen the days. Codes are as IRN, ISRMIL, *REB; a pair is IRN-ISR.</p></Empty>
    : <Empty title={`There are no ${what} yet.`}><p>Import articles and code them:</p><pre>{"detente import news/\ndetente code --new"}</pre></Empty>;
}

export function Events() {
  const answer = useData<Row>(data("json"));
  return <>
    <Title about="Who did what to whom, the latest first.">Events</Title>
    <Filters fields={[...WHO, { name: "code", label: "Code" }, { name: "quad", label: "Class", options: QUADS }, { name: "mode", label: "Mode", options: MODES }, { name: "place", label: "Place" }, { name: "outlet", label: "Outlet" }, ...DAYS]} />
    <Shown answer={answer}>{(d) => d.rows.length === 0 ? <None what="events" /> : <>
      <p class="summary">{many(d.total, "event")}{filtered() ? " fulfil the filters" : " in the store"}. ◆ deeds, ◇ talk.</p>
      <EventRows rows={d.rows} names={d.names} />
      <Pager offset={d.offset} shown={d.rows.length} total={d.total} more={d.more} limit={limit()} /></>}</Shown>
  </>;
}

const ACTS: [string, string][] = [["", "any"], ...["red line", "threat", "concern", "demand", "rejection", "condemnation", "accusation", "denial", "justification", "praise", "support", "appeal", "offer", "offer to mediate", "intention", "agreement", "hope", "position on means"].map((a): [string, string] => [a, a])];

export function Statements() {
  const answer = useData<Row>(data("json"));
  return <>
    <Title about="Who says what of whom, and through which outlets it came.">Statements</Title>
    <Filters fields={[{ name: "source", label: "Speaker" }, { name: "target", label: "About" }, { name: "act", label: "Act", options: ACTS }, { name: "origin", label: "Origin" }, { name: "outlet", label: "Outlet" }, ...DAYS]} />
    <Shown answer={answer}>{(d) => d.rows.length === 0 ? <None what="statements" /> : <>
      <p class="summary">{many(d.total, "statement")}{filtered() ? " fulfil the filters" : " in the store"}. A solid rail is a text we hold, a dashed one we do not.</p>
      <ol class="ledger">{d.rows.map((r: Row) => <li key={r.id} data-row data-why={recordLink(r)}>
        <p class="meta"><time>{r.published ?? "undated"}</time> <span class="acts">{(r.acts ?? []).map((a: string) => <span class="tag" key={a}>{a}</span>)}</span></p>
        <p><strong>{r.speaker_name ?? side(r.speaker, d.names)}</strong>{r.speaker && <span class="quiet"> {r.speaker}</span>}{r.speaker_office && <span class="quiet">, {r.speaker_office}</span>}
          {(r.about ?? []).length > 0 && <> about {r.about.map((c: string) => side(c, d.names)).join(", ")}</>}</p>
        <blockquote class={r.verbatim ? "verbatim" : undefined}><a href={recordLink(r)}>{r.verbatim && r.quote ? `“${r.quote}”` : r.content ?? r.evidence}</a></blockquote>
        <Chain hops={r.chain ?? []} /></li>)}</ol>
      <Pager offset={d.offset} shown={d.rows.length} total={d.total} more={d.more} limit={limit()} /></>}</Shown>
  </>;
}

export function Search() {
  const q = here.value.query.get("q");
  const answer = useData<Row>(data("json"));
  return <>
    <Title about={'Words, "words that stand together", OR, NOT, begin*.'}>{q ? `Search: ${q}` : "Search"}</Title>
    <Filters fields={[{ name: "q", label: "Words", wide: true }, { name: "outlet", label: "Outlet" }, ...DAYS]} />
    <Shown answer={answer}>{(d) => d.rows.length === 0 ? <Empty title={q ? `No article holds ${q}.` : "Which words?"}><p>Try fewer words, or the beginning of one with * at its end.</p></Empty>
      : <><p class="summary">{many(d.rows.length, "article")}{d.rows.length >= 50 ? ", the best first" : ""}.</p>
        <ol class="found">{d.rows.map((r: Row) => <li key={r.id} data-row><h2><a href={to("/article", { id: r.id })}>{brief(r.title ?? "Without a title")}</a></h2>
          <p class="quiet">{[brief(r.outlet ?? ""), r.published].filter(Boolean).join(" · ")}</p><p>{pieces(brief(r.words ?? "", 1000))}</p></li>)}</ol></>}</Shown>
  </>;
}

/** The words that were found stand in brackets. */
const pieces = (text: string) => text.split(/(\[[^\]]*\])/).map((p, i) => p.startsWith("[") && p.endsWith("]") ? <mark key={i}>{p.slice(1, -1)}</mark> : p);
