// Parts that several pages share.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { data, go, here, to, withFilters } from "./url";
import type { Answer, Row } from "./data";

export const number = (n: number) => n.toLocaleString("en", { maximumFractionDigits: 1 });
export const many = (n: number, one: string, more = `${one}s`) => `${number(n)} ${n === 1 ? one : more}`;

/** The beginning of a text without end: a browser takes seconds over a word of 100,000 letters. */
export const brief = (text: string, most = 400) => text.length > most ? `${text.slice(0, most)} …` : text;

/** "Iran" for IRN, "Iran, MIL" for IRNMIL, the code itself where no name is known. */
export function side(code: string | null | undefined, names: Row = {}, given?: string | null): string {
  if (!code) return given || "nobody named";
  const state = names[code.slice(0, 3)];
  if (state && code.length === 3) return state;
  return given || (state ? `${state}, ${code.slice(3)}` : code);
}

/** ◆ a deed, ◇ talk, ▲ an opening: shape before colour. */
export function sign(row: Row): { sign: string; word: string; kind: string } {
  const code: string = row.cameo ?? "";
  if (/^(0[3-8]|02[5-8])/.test(code) && row.quad <= 2) {
    return row.quad === 2 ? { sign: "◆", word: "deed", kind: "warm deed" } : { sign: "◇", word: "talk", kind: "warm" };
  }
  return row.quad === 2 || row.quad === 4 ? { sign: "◆", word: "deed", kind: row.quad === 4 ? "cold deed" : "warm deed" } : { sign: "◇", word: "talk", kind: row.quad === 3 ? "cold" : "warm" };
}

export function Mark({ row }: { row: Row }) {
  const s = sign(row);
  return <span class={`mark ${s.kind}`} title={s.word}><span aria-hidden="true">{s.sign}</span><span class="quiet-text">{s.word}</span></span>;
}

/** While nothing is there yet, what went wrong, or the page. */
export function Shown<T>({ answer, children }: { answer: Answer<T>; children: (data: T) => ComponentChildren }) {
  if (answer.error) return <div class="problem" role="alert"><p><strong>{answer.error.error}</strong></p>{answer.error.hint && <p>{answer.error.hint}</p>}</div>;
  if (!answer.data) return <p class="loading" role="status">Looking …</p>;
  return <div aria-busy={answer.stale}>{children(answer.data)}</div>;
}

/** What is not there yet; the page asks again by itself. */
export function Working({ children }: { children: ComponentChildren }) {
  return <p class="loading" role="status" data-working>{children} This takes a moment.</p>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div class="empty"><p><strong>{title}</strong></p>{children}</div>;
}

export function Title({ children, about }: { children: ComponentChildren; about?: ComponentChildren }) {
  const text = typeof children === "string" ? children : undefined;
  useEffect(() => { if (text) document.title = `${text} · détente`; }, [text]);
  return <header class="title"><div><h1>{children}</h1>{about && <p>{about}</p>}</div>
    <p class="exports"><a href={data("json")} download="">JSON</a> <a href={data("csv")} download="">CSV</a></p></header>;
}

export type Column = { name: string; head: string; cell: (row: Row) => ComponentChildren; number?: boolean; wide?: boolean; narrow?: boolean };

/** A table whose rows j and k go through; the first link of a row opens it, w its record. */
export function Table({ rows, columns, caption, why }: { rows: Row[]; columns: Column[]; caption: string; why?: (row: Row) => string | null }) {
  return <div class="scroll" tabindex={0} role="region" aria-label={caption}>
    <table>
      <caption class="quiet-text">{caption}</caption>
      <thead><tr>{columns.map((c) => <th scope="col" class={cls(c)} key={c.name}>{c.head}</th>)}</tr></thead>
      <tbody>{rows.map((row, i) => <tr key={row.id ?? row.start ?? i} data-row data-why={why?.(row) ?? undefined}>
        {columns.map((c) => <td class={cls(c)} key={c.name}>{c.cell(row)}</td>)}</tr>)}</tbody>
    </table></div>;
}
const cls = (c: Column) => [c.number && "number", c.wide && "wide", c.narrow && "narrow"].filter(Boolean).join(" ") || undefined;

export type Field = { name: string; label: string; kind?: "date" | "text"; options?: [string, string][]; list?: string; wide?: boolean };

/** Filters in the address: a choice at once, words when they are left or with enter. */
export function Filters({ fields, children }: { fields: Field[]; children?: ComponentChildren }) {
  const q = here.value.query;
  const used = fields.some((f) => q.get(f.name));
  const change = (name: string) => (event: { currentTarget: EventTarget | null }) => {
    const value = (event.currentTarget as HTMLInputElement).value.trim();
    if (value !== (q.get(name) ?? "")) go(withFilters({ [name]: value }));
  };
  return <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
    {fields.map((f) => <label key={f.name} class={f.wide ? "wide" : undefined}><span>{f.label}</span>
      {f.options
        ? <select name={f.name} value={q.get(f.name) ?? ""} onChange={change(f.name)}>{f.options.map(([v, t]) => <option key={v} value={v} selected={v === (q.get(f.name) ?? "")}>{t}</option>)}</select>
        : <Words field={f} value={q.get(f.name) ?? ""} change={change(f.name)} />}
    </label>)}
    {children}
    {used && <a class="button quiet" href={withFilters(Object.fromEntries(fields.map((f) => [f.name, null])))}>Clear</a>}
  </form>;
}

/** A field that keeps what is being typed while answers come in, and follows the address when that changes. */
function Words({ field, value, change }: { field: Field; value: string; change: (event: { currentTarget: EventTarget | null }) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => { input.current!.value = value; }, [value]);
  return <input ref={input} name={field.name} {...(field.kind === "date" ? { type: "date" as const } : { type: "text" as const })} onChange={change} autocomplete="off" spellcheck={false} />;
}

export const QUADS: [string, string][] = [["", "any"], ["1", "◇ verbal cooperation"], ["2", "◆ material cooperation"], ["3", "◇ verbal conflict"], ["4", "◆ material conflict"], ["3,4", "all conflict"], ["1,2", "all cooperation"]];
export const MODES: [string, string][] = [["", "any"], ["happened,claimed", "happened or claimed"], ["happened", "happened"], ["claimed", "claimed"], ["future", "to come"], ["hypothetical", "hypothetical"], ["negated", "did not happen"], ["historical", "long past"]];
export const STEPS: [string, string][] = [["day", "days"], ["", "weeks"], ["month", "months"], ["year", "years"]];

/** Back and forth in a long list. */
export function Pager({ offset, shown, total, more, limit }: { offset: number; shown: number; total: number; more: boolean; limit: number }) {
  if (!more && offset === 0) return null;
  return <nav class="pager" aria-label="Pages of the list">
    {offset > 0 ? <a class="button" href={withFilters({ offset: offset - limit > 0 ? String(offset - limit) : null })}>Later</a> : <span class="button off">Later</span>}
    <span>{number(offset + 1)} to {number(offset + shown)} of {number(total)}</span>
    {more ? <a class="button" href={withFilters({ offset: String(offset + limit) })}>Earlier</a> : <span class="button off">Earlier</span>}
  </nav>;
}

/** The coder, where there are several. */
export function Coder({ coders, now }: { coders: Row[]; now: string | null }) {
  if (coders.length < 2) return null;
  return <label class="coder"><span>Coder</span><select value={now ?? ""} onChange={(e) => go(withFilters({ coder: e.currentTarget.value }))}>
    {coders.map((c) => <option key={c.coder} value={c.coder} selected={c.coder === now}>{c.coder} · {many(c.events, "event")}</option>)}</select></label>;
}

/** A drawing that is made anew for the width it has. */
export function Drawing({ draw, label, height }: { draw: (width: number, box: HTMLElement) => Element; label: string; height?: number }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, set] = useState(0);
  useEffect(() => {
    const el = box.current!;
    const watch = new ResizeObserver(() => set(Math.floor(el.clientWidth)));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (!width) return;
    const el = box.current!;
    const made = draw(width, el);
    // The stylesheet says what Plot would put in a style element, which the policy of the desk does not allow.
    made.querySelectorAll("style").forEach((s) => s.remove());
    made.querySelectorAll("g[aria-label], g[aria-description]").forEach((g) => { g.removeAttribute("aria-label"); g.removeAttribute("aria-description"); });
    el.replaceChildren(made);
  }, [draw, width]);
  return <div class="drawing" ref={box} role="group" aria-label={label} style={height ? { minHeight: `${height}px` } : undefined} />;
}

export const evidence = (row: Row) => row.evidence ?? row.content ?? "";
export const recordLink = (row: Row) => to("/record", { id: row.id });

export function EventRows({ rows, names, caption = "Events" }: { rows: Row[]; names: Row; caption?: string }) {
  return <Table caption={caption} rows={rows} why={recordLink} columns={[
    { name: "day", head: "Day", narrow: true, cell: (r) => r.date_first && r.date_first === r.date_last ? r.date_first : <span title={r.date_first ? `${r.date_first} to ${r.date_last}` : "the text gives no day: day of publication"}>{r.published ?? "undated"}<span class="quiet"> {r.date_first ? "≈" : "?"}</span></span> },
    { name: "source", head: "Source", cell: (r) => side(r.source, names, r.source_name) },
    { name: "what", head: "What", wide: true, cell: (r) => <><Mark row={r} /> <a href={recordLink(r)}>{r.cameo ? `${r.cameo} ${r.cameo_name ?? ""}` : r.plover ?? "uncoded"}</a>{r.mode !== "happened" && <span class="tag">{r.mode}</span>}</> },
    { name: "target", head: "Target", cell: (r) => side(r.target, names, r.target_name) },
    { name: "place", head: "Place", cell: (r) => r.place_name ?? "" },
    { name: "goldstein", head: "Goldstein", number: true, cell: (r) => r.goldstein === null ? "" : number(r.goldstein) },
    { name: "outlet", head: "Outlet", cell: (r) => r.article_id ? <a href={to("/article", { id: r.article_id }) + `#${r.id}`}>{brief(r.outlet ?? "article")}</a> : brief(r.outlet ?? r.coder_version ?? "") },
  ]} />;
}
