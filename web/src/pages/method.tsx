import { useData } from "../data";
import { Shown, Table, Title, many } from "../parts";
import { data } from "../url";
import type { Row } from "../data";

export function Method() {
  const answer = useData<Row>(data("json"));
  return <>
    <Title about="Every number of the desk with its formula, and how well the reading was measured.">Method</Title>
    <Shown answer={answer}>{(d) => <>
      <section aria-labelledby="formulas"><h2 id="formulas">What is counted how</h2>
        <dl class="formulas">{d.formulas.map((f: Row) => <div key={f.name}><dt>{f.name}</dt><dd><p>{f.formula}</p>{f.why && <p class="quiet">{f.why}</p>}</dd></div>)}</dl></section>
      <section aria-labelledby="coders"><h2 id="coders">Coders in this store</h2>
        <ul>{d.coders.map((c: Row) => <li key={c.coder}>{c.coder}, {c.ontology}: {many(c.events, "event")}</li>)}</ul><p class="quiet">This program is {d.coder} with {d.ontology}.</p></section>
      <section aria-labelledby="accuracy"><h2 id="accuracy">How well it reads</h2><p>Measured with the commands beside each figure; fractions are 0 to 1.</p>
        <Table caption="Accuracy" rows={d.accuracy} columns={["task", "data set", "figure", "value", "peers", "command"].map((c) => ({ name: c, head: c, number: c === "value", cell: (r: Row) => c === "command" ? <code>{r[c]}</code> : r[c] ?? "" }))} /></section>
    </>}</Shown>
  </>;
}
