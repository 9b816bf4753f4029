// The address is the state: what is shown follows from it alone.
import { signal } from "@preact/signals";

export type Here = { path: string; query: URLSearchParams };

const read = (): Here => ({ path: decodeURI(location.pathname), query: new URLSearchParams(location.search) });
export const here = signal<Here>(read());

addEventListener("popstate", () => { here.value = read(); });

/** Goes to an address of the desk. */
export function go(href: string, replace = false): void {
  if (href !== location.pathname + location.search) {
    if (replace) history.replaceState(null, "", href);
    else history.pushState(null, "", href);
  }
  here.value = read();
}

/** An address with its query; what is empty is left out. */
export function to(path: string, query: Record<string, string | number | null | undefined> = {}): string {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") q.set(name, String(value));
  const text = q.toString();
  return text ? `${path}?${text}` : path;
}

/** The present address with some filters changed. Changing a filter goes back to the first rows. */
export function withFilters(changes: Record<string, string | null>): string {
  const q = new URLSearchParams(here.value.query);
  if (!("offset" in changes)) q.delete("offset");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") q.delete(name);
    else q.set(name, value);
  }
  const text = q.toString();
  return here.value.path + (text ? `?${text}` : "");
}

/** The address of the data behind the present page. */
export function data(ending: "json" | "csv"): string {
  const { path } = here.value;
  return `${path === "/" ? "/today" : path}.${ending}${location.search}`;
}

// Links of the desk are followed without loading the page anew; everything else is the browser's.
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.("a");
  if (!link) return;
  const href = link.getAttribute("href") ?? link.getAttributeNS("http://www.w3.org/1999/xlink", "href");
  if (!href || !href.startsWith("/") || href.startsWith("//") || link.hasAttribute("download") || /\.(json|csv)(\?|$)/.test(href)) return;
  event.preventDefault();
  const same = new URL(href, location.href).pathname === location.pathname;
  go(href);
  if (!same) { scrollTo(0, 0); document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true }); }
});
