import { useEffect, useRef, useState } from "preact/hooks";
import { say, tell, undo, useData, written } from "../data";
import { Empty, Filters, Mark, Shown, Title, many, recordLink, side } from "../parts";
import { data, to } from "../url";
import { Sentence } from "./record";
import type { Row } from "../data";

const wrong = (w: any) => say([w.error, w.hint].filter(Boolean).join(" · "), true);

function Card({ row, d, next }: { row: Row; d: Row; next: () => void }) {
  const [field, setField] = useState<string>("cameo");
  const opened = useData<Row>(recordLink(row).replace("/record", "/record.json"));
  const [busy, setBusy] = useState(false);
  const value = useRef<HTMLInputElement>(null);
  const keep = async (body: Row) => {
    setBusy(true);
    try { const done = await tell("/correct", { record: row.id, ...body }); say(`Kept as correction ${done.n}. u takes it back.`); next(); }
    catch (w) { wrong(w); }
    setBusy(false);
  };
  useEffect(() => {
    const on = (event: KeyboardEvent) => {
      if (busy || event.metaKey || event.ctrlKey || event.altKey || (event.target as Element).matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
      if (event.key === "y" && d.writable) void keep({ kind: "right" });
      else if (event.key === "n" && d.writable) void keep({ kind: "wrong" });
      else if (event.key === "c" && d.writable) value.current?.focus();
      else if (event.key === "s") next();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", on);
    return () => removeEventListener("keydown", on);
  });
  const old = (f: string) => ({ date: row.date_first ?? "", place: row.place_name ?? "" } as Row)[f] ?? row[f] ?? "";
  return <article class="review-card" data-row data-why={recordLink(row)} aria-labelledby="card">
    <Sentence text={opened.data?.record?.id === row.id && opened.data?.sentence || row.evidence || ""} words={[row.evidence ?? ""]} />
    <h2 id="card"><Mark row={row} /> {side(row.source, d.names, row.source_name)} → {side(row.target, d.names, row.target_name)}: {row.cameo} {row.cameo_name}</h2>
    <p class="quiet">{[row.mode, row.date_first ? `${row.date_first} to ${row.date_last}` : "no day", row.place_name, row.confidence !== null && `confidence ${row.confidence}`].filter(Boolean).join(" · ")} · <a href={to("/article", { id: row.article_id }) + `#${row.id}`}>{row.outlet ?? "the article"}, {row.published ?? "undated"}</a> · <a href={recordLink(row)}>why <kbd>w</kbd></a></p>
    {d.writable ? <>
      <p class="buttons"><button class="button main" type="button" disabled={busy} onClick={() => void keep({ kind: "right" })}>Right <kbd>y</kbd></button>
        <button class="button" type="button" disabled={busy} onClick={() => void keep({ kind: "wrong" })}>No such event <kbd>n</kbd></button> <button class="button quiet" type="button" onClick={next}>Skip <kbd>s</kbd></button></p>
      <form class="filters" onSubmit={(e) => { e.preventDefault(); void keep({ kind: "change", field, value: value.current!.value }); }}>
        <label><span>Change</span><select name="field" value={field} onChange={(e) => setField(e.currentTarget.value)}>{d.fields.map((f: string) => <option key={f} value={f} selected={f === field}>{f}</option>)}</select></label>
        <label class="wide"><span>to <kbd>c</kbd></span><input ref={value} name="value" key={`${row.id} ${field}`} defaultValue={old(field)} list={field === "cameo" ? "codes" : undefined} autocomplete="off" spellcheck={false} /></label>
        <button class="button" disabled={busy}>Change it</button></form>
      <datalist id="codes">{d.codes.map(([code, name]: [string, string]) => <option key={code} value={code}>{name}</option>)}</datalist></>
      : <p class="buttons"><button class="button quiet" type="button" onClick={next}>Next <kbd>s</kbd></button></p>}
  </article>;
}

export function Review() {
  const answer = useData<Row>(data("json"));
  const [skipped, skip] = useState<Set<string>>(new Set());
  const turn = written.value;
  return <>
    <Title about="The least certain events first. What you say is kept for good and survives a new reading.">Review</Title>
    <Filters fields={[{ name: "dyad", label: "Pair" }, { name: "actor", label: "With" }, { name: "code", label: "Code" }, { name: "from", label: "From", kind: "date" }, { name: "to", label: "To", kind: "date" }]} />
    <Shown answer={answer}>{(d) => {
      const left: Row[] = d.rows.filter((r: Row) => !skipped.has(r.id));
      const card = left[0];
      return <>
        {!d.writable && <p class="task">This desk only reads. Start it with <code>detente serve --review</code> to correct records.</p>}
        {card ? <Card key={`${card.id} ${turn}`} row={card} d={d} next={() => skip(new Set([...skipped, card.id]))} />
          : <Empty title={d.rows.length ? "You have seen all that were asked for." : "No event is left to be judged."}><p>{d.rows.length ? <button class="button" type="button" onClick={() => skip(new Set())}>From the beginning</button> : "Events read from articles come here; imported ones stay as their coder has them."}</p></Empty>}
        <section aria-labelledby="last"><h2 id="last">Last corrections</h2>
          {d.last.length === 0 ? <p class="quiet">There are none yet.</p> : <><p class="quiet">{many(d.judged, "correction")} in all; <kbd>u</kbd> takes the last one back.</p>
            <ul class="corrections">{d.last.map((c: Row) => <li key={c.n}><span><a href={to("/article", { id: c.article })}>{c.record}</a> {c.kind === "change" ? <>{c.field}: {c.before ?? "nothing"} → <strong>{c.after ?? "nothing"}</strong></> : <strong>{c.kind}</strong>} <span class="quiet">{c.author}, {c.at}</span></span>
              {d.writable && <button class="button quiet" type="button" onClick={() => void undo(c.n)} aria-label={`Take back correction ${c.n}`}>Take back</button>}</li>)}</ul></>}
        </section></>;
    }}</Shown>
  </>;
}
