import { useEffect } from "preact/hooks";
import { say, tell, useData } from "../data";
import { Empty, Filters, Shown, Title, many, side } from "../parts";
import { data, here, to, withFilters } from "../url";
import type { Row } from "../data";

const STATES: [string, string][] = [["new", "New"], ["seen", "Seen"], ["snoozed", "Snoozed"], ["confirmed", "Confirmed"], ["false", "False alarm"]];
const wrong = (w: any) => say([w.error, w.hint].filter(Boolean).join(" · "), true);

async function set(a: Row, state: string): Promise<void> {
  try {
    const done = await tell("/alarm", { id: a.id, dyad: a.dyad, first: a.first, coder: a.coder, state });
    say(`${a.dyad}, ${a.rule}: ${done.state}${done.until ? ` until ${done.until}` : ""}. u takes it back.`);
    last = a;
  } catch (w) { wrong(w); }
}

async function unset(a: Row): Promise<void> {
  try { const done = await tell("/alarm/undo", { id: a.id, dyad: a.dyad, first: a.first, coder: a.coder }); say(`${a.dyad}, ${a.rule}: no longer ${done.was}.`); last = null; } catch (w) { wrong(w); }
}

/** What was said last here, for u. */
let last: Row | null = null;

/** e, z, f and u on the alarm that has the focus. */
export function useAlarmKeys(alarms: Row[], writable: boolean): void {
  useEffect(() => {
    const on = (event: KeyboardEvent) => {
      if (!writable || event.metaKey || event.ctrlKey || event.altKey || (event.target as Element).matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
      const id = document.activeElement?.closest<HTMLElement>("[data-alarm]")?.dataset.alarm, a = alarms.find((x) => x.id === id);
      if (event.key === "u" && (last ?? (a && a.state !== "new" ? a : null))) { event.preventDefault(); event.stopImmediatePropagation(); void unset(last ?? a!); return; }
      const state = ({ e: "seen", z: "snoozed", f: "false", c: "confirmed" } as Row)[event.key];
      if (a && state) { event.preventDefault(); void set(a, state); }
    };
    addEventListener("keydown", on, true);
    return () => removeEventListener("keydown", on, true);
  });
}

export function Alarm({ a, names, writable }: { a: Row; names: Row; writable: boolean }) {
  const because = to("/events", { dyad: a.dyad, from: a.cause_from, to: a.cause_to, mode: "happened,claimed", coder: a.coder, quad: a.kind === "opening" ? null : "3,4" });
  return <li class={[a.kind === "opening" && "opening", !a.open && "closed"].filter(Boolean).join(" ")} data-row data-alarm={a.id} data-why={because}>
    <h3><span aria-hidden="true">{a.sign}</span> <a href={to(`/dyad/${a.dyad}`, { coder: a.coder, step: "day", from: earlier(a.first, 120), to: a.last })}>{side(a.a, names)} and {side(a.b, names)}: {a.rule}{a.by ? ` by ${side(a.by, names)}` : ""}</a> {a.state !== "new" && <span class="tag">{a.state}{a.until ? ` until ${a.until}` : ""}</span>}</h3>
    <p>{a.says}</p>
    <p class="quiet">{a.first} to {a.last}{a.open ? ", open" : ", over"} · <a href={because}>the events behind it</a></p>
    {a.note && <p>“{a.note}”</p>}
    {writable && <p class="buttons">{a.state === "new" ? <>
      <button class="button" type="button" onClick={() => void set(a, "seen")}>Seen <kbd>e</kbd></button><button class="button" type="button" onClick={() => void set(a, "snoozed")}>Snooze <kbd>z</kbd></button>
      <button class="button" type="button" onClick={() => void set(a, "confirmed")}>Confirm <kbd>c</kbd></button><button class="button" type="button" onClick={() => void set(a, "false")}>False alarm <kbd>f</kbd></button></>
      : <button class="button" type="button" onClick={() => void unset(a)}>Take back <kbd>u</kbd></button>}</p>}
  </li>;
}

const earlier = (day: string, days: number) => { const d = new Date(`${day}T00:00:00Z`); d.setUTCDate(d.getUTCDate() - days); return d.toISOString().slice(0, 10); };

export function Alerts() {
  const state = here.value.query.get("state") ?? "new";
  const query = new URLSearchParams(here.value.query); query.set("state", state);
  const answer = useData<Row>(`/alerts.json?${query}`);
  useAlarmKeys(answer.data?.alarms ?? [], answer.data?.writable ?? false);
  return <>
    <Title about="What left its usual band, and what opened. A snoozed alarm is still looked after and comes back on its day.">Alerts</Title>
    <Filters fields={[{ name: "dyad", label: "Pair" }, { name: "actor", label: "With" }, { name: "from", label: "Since", kind: "date" }, { name: "coder", label: "Coder" }]} />
    <Shown answer={answer}>{(d) => <>
      <ul class="tabs" aria-label="States">{STATES.map(([s, name]) => <li key={s}><a href={withFilters({ state: s === "new" ? null : s })} aria-current={s === state ? "page" : undefined}>{name} <span class="tag">{d.counts[s] ?? 0}</span></a></li>)}</ul>
      {!d.today ? <Empty title="Nothing was read yet."><p>Import a history or code articles first.</p></Empty> : <>
        <p class="summary">{many(d.alarms.length, STATES.find(([s]) => s === state)![1].toLowerCase() + " alarm or opening", STATES.find(([s]) => s === state)![1].toLowerCase() + " alarms and openings")} from {d.since} to {d.today} over {many(d.pairs, "pair")}, coded by {d.coder}.{!d.writable && <> This desk only reads; <code>--review</code> lets you answer.</>}</p>
        {d.alarms.length === 0 ? <Empty title="Nothing here."><p>{state === "new" ? <>No pair left its usual band. <a href={withFilters({ from: earlier(d.today, 365) })}>Look at the last year</a>.</> : "Nothing has this state."}</p></Empty>
          : <ul class="alarms">{d.alarms.map((a: Row) => <Alarm key={a.id} a={a} names={d.names} writable={d.writable} />)}</ul>}
        <details class="rows"><summary>The rules in force</summary><pre>{d.rules}</pre></details></>}
    </>}</Shown>
  </>;
}
