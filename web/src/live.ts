// What is new in the store while a page is open. A page on which nobody is at work is asked for anew by itself;
// otherwise a button says what came.
import { effect, signal } from "@preact/signals";
import { cost, refresh, shown } from "./data";
import { here } from "./url";

export type News = { state: string; articles: number; events: number; statements: number };

/** What was told last, and what was told when the page was last of now. */
const told = signal<News | null>(null);
const since = signal<News | null>(null);
/** What came: with `open` it is still to be shown. */
export const came = signal<{ text: string; open: boolean } | null>(null);

/** Pages on which somebody reads or judges: they change only when asked to. */
const STILL = /^\/(article|record|review|method)/;
/** After so long without a key or a move nobody is at work. */
const QUIET = 3000;
let touched = 0;
for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });

function calm(): boolean {
  const at = document.activeElement;
  return !STILL.test(here.value.path) && !here.value.query.has("offset") && Date.now() - touched > QUIET && scrollY < 200
    && (!at || at === document.body || at.id === "main") && !String(getSelection() ?? "")
    && !document.querySelector("dialog[open], main details[open]");
}

/** Whether something shown is of an earlier state than the one that was told. Later ones of a run have greater numbers. */
function behind(now: News): boolean {
  const [run, n] = now.state.split("-");
  return [...shown.value.values()].some((state) => { const [r, m] = state.split("-"); return r !== run || Number(m) < Number(n); });
}

function words(now: News, then: News | null): string {
  const more = (["articles", "events", "statements"] as const).map((what) => [now[what] - (then?.[what] ?? now[what]), what] as const).filter(([n]) => n > 0);
  return more.length === 0 ? "The store has changed" : `New: ${more.map(([n, what]) => `${n.toLocaleString("en")} ${n === 1 ? what.slice(0, -1) : what}`).join(", ")}`;
}

/** Shows what is new. */
export function show(): void { refresh(); }

let next = 0, timer: ReturnType<typeof setTimeout> | undefined, gone: ReturnType<typeof setTimeout> | undefined;

function look(): void {
  clearTimeout(timer);
  const now = told.value;
  if (!now) return;
  if (!behind(now)) {
    // What came by itself, or was asked for, is said for a while.
    if (came.value?.open) {
      came.value = { text: came.value.text, open: false };
      clearTimeout(gone);
      gone = setTimeout(() => { if (!came.value?.open) came.value = null; }, 8000);
    }
    since.value = now;
    return;
  }
  const text = words(now, since.value);
  if (calm() && Date.now() >= next) {
    // A dear page is not asked for again and again while somebody writes.
    next = Date.now() + Math.max(5000, 20 * cost());
    came.value = { text, open: true };
    refresh();
  } else if (came.value?.text !== text || !came.value.open) came.value = { text, open: true };
  timer = setTimeout(look, 1000);
}

// An answer to one's own write is on its way when the write is told: a moment later nothing is behind.
effect(() => { void told.value; void shown.value; clearTimeout(timer); timer = setTimeout(look, 300); });

let stream: EventSource | null = null, again: ReturnType<typeof setTimeout> | undefined;

/** Listens while the page can be seen: a browser holds few connections, and hidden pages would take them all. */
function listen(): void {
  clearTimeout(again);
  if (document.visibilityState !== "visible") { stream?.close(); stream = null; return; }
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource("/live");
  stream.onmessage = (event) => { told.value = JSON.parse(event.data) as News; };
  // A lost stream opens by itself; one that was refused is tried again later.
  stream.onerror = () => { if (stream?.readyState === EventSource.CLOSED) again = setTimeout(listen, 60000); };
}

export function live(): void {
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { stream?.close(); stream = null; });
  addEventListener("pageshow", listen);
  listen();
}
