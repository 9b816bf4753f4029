// The desk: layout, routes, keys.
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { go, here, to } from "./url";
import { notice, undo } from "./data";
import { came, live, show } from "./live";
import { Alerts } from "./pages/alerts";
import { Article } from "./pages/article";
import { Dyad } from "./pages/dyad";
import { Events, Search, Statements } from "./pages/lists";
import { Forecast } from "./pages/forecast";
import { MapPage } from "./pages/map";
import { Mediators } from "./pages/mediators";
import { Method } from "./pages/method";
import { Network } from "./pages/network";
import { Record } from "./pages/record";
import { Redlines } from "./pages/redlines";
import { Review } from "./pages/review";
import { Sources } from "./pages/sources";
import { Today } from "./pages/today";
import { Empty, Title } from "./parts";

const NAVIGATION: [string, string][] = [
  ["/", "Today"], ["/alerts", "Alerts"], ["/events", "Events"], ["/statements", "Statements"], ["/redlines", "Red lines"], ["/mediators", "Mediators"], ["/forecast", "Forecast"], ["/network", "Network"], ["/map", "Map"], ["/review", "Review"], ["/sources", "Sources"], ["/method", "Method"],
];

function Page() {
  const { path } = here.value;
  if (path.startsWith("/dyad/")) return <Dyad key={path} pair={path.slice(6)} />;
  switch (path) {
    case "/": case "/today": return <Today />;
    case "/alerts": return <Alerts />;
    case "/events": return <Events />;
    case "/statements": return <Statements />;
    case "/search": return <Search />;
    case "/article": return <Article />;
    case "/record": return <Record />;
    case "/network": return <Network />;
    case "/map": return <MapPage />;
    case "/redlines": return <Redlines />;
    case "/mediators": return <Mediators />;
    case "/forecast": return <Forecast />;
    case "/review": return <Review />;
    case "/sources": return <Sources />;
    case "/method": return <Method />;
    default: return <><Title>No such page</Title><Empty title={`There is nothing at ${path}.`}><p><a href="/">Go to Today</a></p></Empty></>;
  }
}

function Find() {
  const q = here.value.path === "/search" ? here.value.query.get("q") ?? "" : "";
  return <form role="search" class="find" onSubmit={(event) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    const pair = /^([A-Za-z]{3,9})\s*[-,–:]\s*([A-Za-z]{3,9})$/.exec(words);
    if (pair) go(`/dyad/${pair[1]!.toUpperCase()}-${pair[2]!.toUpperCase()}`);
    else if (/^[esi]:[0-9a-f-]+$/.test(words)) go(to("/record", { id: words }));
    else if (words) go(to("/search", { q: words }));
  }}>
    <label class="quiet-text" for="find">Search articles, or open a pair as IRN-ISR</label>
    <input id="find" key={q} name="q" type="search" defaultValue={q} placeholder="Words, or a pair: IRN-ISR" autocomplete="off" spellcheck={false} />
  </form>;
}

const KEYS: [string, string][] = [
  ["?", "these keys"], ["/", "search, or open a pair: IRN-ISR"], ["j  k", "next and previous row"], ["enter", "open the row"], ["w", "why: the words and rules behind the row"],
  ["e  z  c  f", "on an alarm: seen, snooze, confirm, false alarm"], ["r", "show what is new in the store"], ["u", "take back what was said last"], ["y  n  s", "in Review: right, no such event, skip"],
];

function Help() {
  return <dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
    <dl class="keys">{KEYS.map(([key, what]) => <div key={key}><dt>{key.split("  ").map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{what}</dd></div>)}</dl>
    <form method="dialog"><button class="button">Close</button></form></dialog>;
}

function Desk() {
  const { path } = here.value;
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => { if (menu.current && matchMedia("(max-width: 899px)").matches) menu.current.open = false; }, [path]);
  const current = (to: string) => (to === "/" ? path === "/" || path.startsWith("/dyad/") : path === to) ? "page" as const : undefined;
  const links = <ul>{NAVIGATION.map(([to, name]) => <li key={to}><a href={to} aria-current={current(to)}>{name}</a></li>)}</ul>;
  return <>
    <a class="skip" href="#main">Skip to the page</a>
    <header class="top">
      <a class="brand" href="/">détente</a>
      <nav class="wide-menu" aria-label="Pages">{links}</nav>
      <details class="narrow-menu" ref={menu}><summary>Menu</summary><nav aria-label="Pages">{links}</nav></details>
      <Find />
      <button class="button quiet help" type="button" onClick={help} aria-label="Keys" title="Keys">?</button>
    </header>
    <main id="main" tabindex={-1}><Page /></main>
    <Help />
    <div class="foot">
      <div class="came" role="status">{came.value && (came.value.open ? <button class="button" type="button" onClick={show}>{came.value.text} · show <kbd>r</kbd></button> : <p>{came.value.text}</p>)}</div>
      <div class="notice" role="status">{notice.value && <p class={notice.value.wrong ? "wrong" : undefined}>{notice.value.text}</p>}</div>
    </div>
  </>;
}

const help = () => (document.getElementById("help") as HTMLDialogElement).showModal();

/** Moves among the rows of the page. */
function row(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  if (rows.length === 0) return;
  const at = rows.findIndex((r) => r.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))]!;
  (next.matches("a, button") ? next : next.querySelector<HTMLElement>("a, button"))?.focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const at = event.target as HTMLElement;
  if (event.key === "Escape" && at.matches("input")) at.blur();
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || at.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  const why = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.why;
  switch (event.key) {
    case "?": help(); break;
    case "/": document.getElementById("find")?.focus(); break;
    case "j": row(1); break;
    case "k": row(-1); break;
    case "w": if (why) go(why); break;
    case "r": if (came.value?.open) show(); break;
    case "u": void undo(); break;
    default: return;
  }
  event.preventDefault();
});

live();
render(<Desk />, document.getElementById("desk")!);
