import { useData } from "../data";
import { Alarm, useAlarmKeys } from "./alerts";
import { Coder, Empty, Shown, Title, many, number, side } from "../parts";
import { here, to } from "../url";
import type { Row } from "../data";

/** A small line of a pair's conflict by week, drawn by hand: twelve of them on a page. */
function Weeks({ weeks, usual }: { weeks: number[]; usual: number }) {
  const [w, h] = [220, 44], top = Math.max(...weeks, usual / 4, 1);
  const x = (i: number) => 2 + (i / (weeks.length - 1)) * (w - 4), y = (v: number) => h - 3 - (v / top) * (h - 8);
  const line = (from: number, end: number) => weeks.slice(from, end).map((v, i) => `${i ? "L" : "M"}${x(from + i).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  return <svg class="weeks" viewBox={`0 0 ${w} ${h}`} aria-hidden="true">
    <line class="usual" x1="0" x2={w} y1={y(usual / 4)} y2={y(usual / 4)} /><path class="past" d={line(0, weeks.length - 3)} /><path class="now" d={line(weeks.length - 4, weeks.length)} /></svg>;
}

function Moved({ row, names, from, today, coder }: { row: Row; names: Row; from: string; today: string; coder: string | null }) {
  const up = row.moved > 0;
  const how = Math.abs(row.moved) < 1 ? "as usual" : up ? "more than usual" : "less than usual";
  return <li class="card" data-row data-why={to("/events", { dyad: `${row.a}-${row.b}`, from, to: today, quad: "3,4", mode: "happened,claimed" })}>
    <h3><a href={to(`/dyad/${row.a}-${row.b}`, { coder })}>{side(row.a, names)} and {side(row.b, names)}</a></h3>
    <Weeks weeks={row.weeks} usual={row.usual} />
    <p><a class="figure" href={to("/events", { dyad: `${row.a}-${row.b}`, from, to: today, quad: "3,4", mode: "happened,claimed", coder })}>{many(row.conflict, "conflict event")}</a>{" "}
      <span class={Math.abs(row.moved) < 1 ? "quiet" : up ? "up" : "down"}>{Math.abs(row.moved) < 1 ? "●" : up ? "▲" : "▼"} {how}</span> <span class="quiet">(usual {number(row.usual)})</span></p>
  </li>;
}

function Read({ days }: { days: Row[] }) {
  const top = Math.max(1, ...days.map((d) => d.events));
  const silent = days.filter((d) => d.events === 0 && d.articles === 0).length;
  return <section aria-labelledby="read"><h2 id="read">What was read</h2>
    <p>{silent === 0 ? "Something was read on every one of these days." : `On ${many(silent, "day")} nothing was read: silence there says nothing.`}</p>
    <ol class="read">{days.map((d) => <li key={d.day}><a href={to("/events", { from: d.day, to: d.day })} aria-label={`${d.day}: ${many(d.events, "event")}, ${many(d.articles, "article")}`} title={`${d.day}: ${many(d.events, "event")}, ${many(d.articles, "article")}`}>
      <svg viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true"><rect class={d.events + d.articles === 0 ? "none" : "some"} x="1" width="8" y={d.events === 0 ? 38 : 40 - Math.max(2, (40 * d.events) / top)} height={d.events === 0 ? 2 : Math.max(2, (40 * d.events) / top)} /></svg></a></li>)}</ol>
    {days.length > 0 && <p class="ends quiet"><span>{days[0]!.day}</span><span>{days.at(-1)!.day}</span></p>}
  </section>;
}

/** New alarms, with openings beside them. They are asked for by themselves: the page need not wait for all pairs to be looked at. */
function Inbox({ coder }: { coder: string }) {
  const answer = useData<Row>(to("/alerts.json", { state: "new", coder }));
  useAlarmKeys(answer.data?.alarms ?? [], answer.data?.writable ?? false);
  const list = (d: Row, opening: boolean) => d.alarms.filter((a: Row) => (a.kind === "opening") === opening).slice(0, 6);
  const part = (d: Row, opening: boolean, none: string) => list(d, opening).length === 0 ? <p class="quiet">{none}</p> : <ul class="alarms">{list(d, opening).map((a: Row) => <Alarm key={a.id} a={a} names={d.names} writable={d.writable} />)}</ul>;
  return <Shown answer={answer}>{(d) => <div class="two">
    <section aria-labelledby="inbox"><h2 id="inbox">Alerts</h2>{part(d, false, `No pair left its usual band since ${d.since}.`)}<p><a href="/alerts">All {number(d.alarms.length)} new ones</a></p></section>
    <section aria-labelledby="openings"><h2 id="openings">Openings</h2>{part(d, true, `No talks, mediation or easing beyond the usual since ${d.since}.`)}</section></div>}</Shown>;
}

export function Today() {
  const answer = useData<Row>("/today.json" + (here.value.query.get("coder") ? `?coder=${encodeURIComponent(here.value.query.get("coder")!)}` : ""));
  return <Shown answer={answer}>{(d) => {
    const s = d.store, warm = d.moved.filter((m: Row) => m.moved >= 1).length;
    return <>
      <Title about={d.today && <>Events up to {d.today}, coded by {d.coder}. {warm > 0 ? `Conflict rose above what is usual in ${many(warm, "pair")}.` : "No pair left what is usual for it."}</>}>Today</Title>
      <Coder coders={d.coders} now={d.coder} />
      {s.articles + s.events === 0 && <Empty title="The store is empty.">
        <p>Bring in articles or a history of events, then come back:</p>
        <pre>{"detente import news/ events.tab\ndetente code --new"}</pre><p>Or look at a sample first: <code>detente init --sample --store sample.db</code></p></Empty>}
      {s.uncoded > 0 && <p class="task">{many(s.uncoded, "article")} not coded yet: <code>detente code --new</code></p>}
      {s.failed > 0 && <p class="task">{many(s.failed, "article")} could not be coded: <a href="/sources">see why</a></p>}
      {s.idle > 0 && <p class="task">{many(s.idle, "correction")} found no record in the present reading: <a href="/review">look at them</a></p>}
      {d.coder && <Inbox coder={d.coder} />}
      {d.moved.length > 0 && <section aria-labelledby="moved"><h2 id="moved">Pairs that moved</h2>
        <p class="quiet">Conflict events of the 28 days up to {d.today} beside the twelve 28 days before. <a href="/method">How it is counted</a></p>
        <ul class="cards">{d.moved.map((m: Row) => <Moved key={`${m.a}-${m.b}`} row={m} names={d.names} from={d.from} today={d.today} coder={here.value.query.get("coder")} />)}</ul></section>}
      {d.read.length > 0 && <Read days={d.read} />}
      <section aria-labelledby="holds"><h2 id="holds">What the store holds</h2>
        <dl class="counts">
          <div><dt>articles</dt><dd><a href="/sources">{number(s.articles)}</a></dd></div><div><dt>events</dt><dd><a href="/events">{number(s.events)}</a></dd></div>
          <div><dt>statements</dt><dd><a href="/statements">{number(s.statements)}</a></dd></div><div><dt>corrections</dt><dd><a href="/review">{number(s.corrections)}</a></dd></div>
        </dl></section>
    </>;
  }}</Shown>;
}
