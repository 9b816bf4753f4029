import { useData } from "../data";
import { Empty, Shown, Table, Title, many, number } from "../parts";
import { data, to } from "../url";
import type { Row } from "../data";

export function Sources() {
  const answer = useData<Row>(data("json"));
  return <>
    <Title about="Where everything came from, and what failed.">Sources</Title>
    <Shown answer={answer}>{(d) => <>
      <section aria-labelledby="outlets"><h2 id="outlets">Outlets</h2>
        {d.outlets.length === 0 ? <Empty title="There are no articles yet."><p><code>detente import news/</code> reads text, HTML, JSON lines, CSV and web archives.</p></Empty> : <>
          <p class="summary">{many(d.status.articles, "article")} of {many(d.outlets.length, "outlet")}, {d.status.first ?? "undated"} to {d.status.last ?? "undated"}.{d.status.undated > 0 && ` ${many(d.status.undated, "article")} without a day: nothing relative in them is resolved.`}</p>
          <Table caption="Outlets" rows={d.outlets} columns={[
            { name: "outlet", head: "Outlet", cell: (r) => r.outlet ? <a href={to("/events", { outlet: r.outlet })}>{r.outlet}</a> : "not named" }, { name: "articles", head: "articles", number: true, cell: (r) => number(r.articles) },
            { name: "first", head: "first", narrow: true, cell: (r) => r.first ?? "" }, { name: "last", head: "last", narrow: true, cell: (r) => r.last ?? "" }]} /></>}</section>
      <section aria-labelledby="imports"><h2 id="imports">Imports</h2>
        {d.imports.length === 0 ? <p class="quiet">No file was read in yet.</p> : <Table caption="Imports" rows={d.imports} columns={[
          { name: "file", head: "File", cell: (r) => r.file }, { name: "format", head: "Format", cell: (r) => r.format }, { name: "taken", head: "taken", number: true, cell: (r) => number(r.taken) },
          { name: "known", head: "known", number: true, cell: (r) => number(r.known) }, { name: "rejected", head: "rejected", number: true, cell: (r) => number(r.rejected) },
          { name: "finished", head: "finished", narrow: true, cell: (r) => r.finished ?? <strong>cut short: run the import again</strong> }]} />}</section>
      {d.feeds.length > 0 && <section aria-labelledby="feeds"><h2 id="feeds">Feeds</h2><Table caption="Feeds" rows={d.feeds} columns={[
        { name: "url", head: "Feed", cell: (r) => r.url }, { name: "checked", head: "last asked", narrow: true, cell: (r) => r.checked ?? "never" }, { name: "failure", head: "failure", cell: (r) => r.failure ?? "none" }]} /></section>}
      <section aria-labelledby="failed"><h2 id="failed">What failed</h2>
        {d.failures.length + d.uncodable.length === 0 ? <p>Nothing failed.</p> : <>
          {d.uncodable.length > 0 && <Table caption="Articles that could not be coded" rows={d.uncodable} columns={[{ name: "article", head: "Article", cell: (r) => <a href={to("/article", { id: r.article })}>{r.article}</a> }, { name: "reason", head: "Reason", cell: (r) => r.reason }]} />}
          {d.failures.length > 0 && <Table caption="Pages that could not be fetched" rows={d.failures} columns={[{ name: "url", head: "Page", cell: (r) => r.url }, { name: "at", head: "When", cell: (r) => r.at }, { name: "failure", head: "Reason", cell: (r) => r.failure }]} />}</>}</section>
    </>}</Shown>
  </>;
}
