// Asking the server, and telling it.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

export type Row = Record<string, any>;
export type Answer<T> = { data?: T; error?: { error: string; hint?: string | null }; stale: boolean };

const held = new Map<string, any>();
/** Goes up with every write, so that what is shown is asked for anew. */
export const written = signal(0);
/** The state of the store that each part of the page is of. */
export const shown = signal<ReadonlyMap<object, string>>(new Map());
/** How long the slowest answer took since the page was last asked for, in milliseconds. */
let slowest = 0;
export const cost = () => slowest;

function note(part: object, state: string | null): void {
  const all = new Map(shown.peek());
  if (state === null) all.delete(part);
  else all.set(part, state);
  shown.value = all;
}

/** Asks for everything shown anew. */
export function refresh(): void {
  slowest = 0;
  held.clear();
  written.value++;
}

async function ask(url: string): Promise<{ data: any; state: string | null }> {
  const began = performance.now();
  const reply = await fetch(url, { headers: { accept: "application/json" } }).catch(() => null);
  if (!reply) throw { error: "The desk does not answer.", hint: "Is detente serve still running?" };
  const body = await reply.json().catch(() => null);
  slowest = Math.max(slowest, performance.now() - began);
  if (!reply.ok) throw body?.error ? body : { error: `The desk answered ${reply.status}.`, hint: null };
  return { data: body, state: reply.headers.get("x-detente-state") };
}

/** What an address gives; the last answer stays while the next is on its way. */
export function useData<T = Row>(url: string | null): Answer<T> {
  const [answer, set] = useState<Answer<T> & { url?: string | null }>({ stale: true });
  const turn = written.value;
  const part = useState({})[0];
  useEffect(() => () => note(part, null), []);
  useEffect(() => {
    if (!url) return;
    let gone = false;
    const known = held.get(url);
    if (known) set({ data: known, stale: false, url });
    else set((last) => ({ ...last, error: undefined, stale: true }));
    ask(url).then(
      ({ data, state }) => {
        if (held.size > 60) held.clear();
        held.set(url, data);
        if (gone) return;
        set({ data, stale: false, url });
        if (state) note(part, state);
      },
      (error) => { if (!gone) set({ error, stale: false, url }); },
    );
    return () => { gone = true; };
  }, [url, turn]);
  return answer;
}

/** Asks again in a moment while the desk is working something out. */
export function useWorking(data: Row | undefined): void {
  useEffect(() => {
    if (!data?.working) return;
    const timer = setTimeout(refresh, 1500);
    return () => clearTimeout(timer);
  }, [data]);
}

/** Writes; throws what the server says is wrong. */
export async function tell(path: string, body: Row): Promise<any> {
  const reply = await fetch(path, { method: "POST", headers: { "content-type": "application/json", "x-detente": "1" }, body: JSON.stringify(body) });
  const answer = await reply.json().catch(() => null);
  if (!reply.ok) throw answer?.error ? answer : { error: `The desk answered ${reply.status}.`, hint: null };
  refresh();
  return answer;
}

/** A word at the foot of the page. */
export const notice = signal<{ text: string; wrong?: boolean } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;
export function say(text: string, wrong = false): void {
  notice.value = { text, wrong };
  clearTimeout(timer);
  timer = setTimeout(() => { notice.value = null; }, wrong ? 12000 : 6000);
}

/** Takes back a correction, the last one unless another is named. */
export async function undo(n?: number): Promise<void> {
  try {
    const done = await tell("/undo", n === undefined ? {} : { n });
    say(`Taken back: what was said of ${done.record}.`);
  } catch (wrong: any) {
    say([wrong.error, wrong.hint].filter(Boolean).join(" · "), true);
  }
}
