// Drives every page of the desk with the real program and a real browser.
//
// DETENTE names the program, CHROMIUM the browser, PICTURES a folder for screenshots. With FRESH=1 the pages come
// from web/dist instead of from the program, so that they can be tried without building it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.DETENTE ?? join(here, "../../target/release/detente");
const browserPath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const pictures = process.env.PICTURES;
const axe = readFileSync(join(here, "../node_modules/axe-core/axe.min.js"), "utf8");
const types = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml", json: "application/json" };

let browser, folder, desk, address;
const opened = [];

function run(...args) {
  const done = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
  assert.equal(done.status, 0, `${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Opens a desk; gives its address. */
function open(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["serve", "--port", "0", ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    opened.push(child);
    let said = "";
    child.stderr.on("data", (d) => { said += d; });
    child.stdout.once("data", (line) => resolve([child, String(line).trim()]));
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
}

before(async () => {
  assert.ok(browserPath, "no Chromium: apt-get install chromium, or set CHROMIUM");
  folder = mkdtempSync(join(tmpdir(), "desk-"));
  run("init", "--sample", "--store", "sample.db");
  [desk, address] = await open("--review", "--author", "tester", "--store", "sample.db");
  browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  if (pictures) mkdirSync(pictures, { recursive: true });
});

after(async () => {
  await browser?.close();
  // Those of a test that failed too: node would wait for them.
  opened.forEach((child) => child.kill());
  rmSync(folder, { recursive: true, force: true });
});

/** A page that fails the test on errors of the console and on requests that would leave the machine. */
async function tab(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const wrong = [];
  // The browser tells of the page that is none; that page is asked for.
  const asked = (m) => m.location().url.endsWith("/nowhere");
  page.on("console", (m) => { if (["error", "warning"].includes(m.type()) && !page.quiet && !asked(m)) wrong.push(`console: ${m.text()}`); });
  page.on("pageerror", (e) => wrong.push(`page: ${e.message}`));
  page.on("request", (r) => { if (!/^(http:\/\/(127\.0\.0\.1|localhost):|data:|blob:)/.test(r.url())) wrong.push(`left the machine: ${r.url()}`); });
  if (process.env.FRESH) {
    const dist = join(here, "../dist");
    await page.route((url) => url.pathname.startsWith("/assets/") || (!/\.(json|csv)$/.test(url.pathname) && url.pathname !== "/live"), (route) => {
      if (route.request().method() !== "GET") return route.continue();
      const { pathname } = new URL(route.request().url());
      const name = pathname.startsWith("/assets/") ? pathname.slice(8) : "index.html";
      return route.fulfill({ body: readFileSync(join(dist, name)), contentType: types[name.split(".").pop()] });
    });
  }
  page.done = async () => { await context.close(); assert.deepEqual(wrong, []); };
  page.at = async (path) => { await page.goto(address.replace(/\/$/, "") + path); await settled(page); };
  return page;
}

/** Waits until nothing is being asked for. */
async function settled(page) {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".loading") && !document.querySelector('[aria-busy="true"]'), undefined, { timeout: 60000 });
  await page.waitForFunction(() => [...document.querySelectorAll(".drawing")].every((d) => d.firstElementChild && d.firstElementChild.tagName !== "P"));
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations);
  const serious = found.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")} (${v.nodes.length}) ${v.nodes[0].failureSummary ?? ""}`);
  return serious.map((s) => `${name}: ${s}`);
}

const first = async (list) => (await (await fetch(`${address}${list}`)).json()).rows[0];

async function everyPage() {
  const event = await first("events.json?coder=detente&limit=1"), statement = await first("statements.json?limit=1");
  return [
    ["today", "/"], ["dyad", "/dyad/IRN-ISR"], ["dyad-days", "/dyad/IRN-ISR?step=day&from=2023-08-01"], ["alerts", "/alerts"], ["events", "/events"], ["statements", "/statements"],
    ["article", `/article?id=${encodeURIComponent(statement.article_id)}`], ["event", `/record?id=${event.id}`], ["statement", `/record?id=${statement.id}`], ["network", "/network"], ["map", "/map"],
    ["openings", "/openings?dyad=IRN-ISR"], ["openings-none", "/openings"], ["redlines", "/redlines"], ["mediators", "/mediators?dyad=IRN-ISR"], ["mediators-none", "/mediators"], ["forecast", "/forecast"],
    ["review", "/review"], ["sources", "/sources"], ["method", "/method"], ["search", "/search?q=strikes"], ["none", "/events?source=ZZZ"], ["lost", "/nowhere"],
  ];
}

for (const [width, scheme] of [[1440, "light"], [360, "light"], [1440, "dark"], [360, "dark"]]) {
  test(`every page loads at ${width} in ${scheme}, and axe finds nothing serious`, async () => {
    const page = await tab({ viewport: { width, height: width === 360 ? 740 : 900 }, colorScheme: scheme });
    const found = [];
    for (const [name, path] of await everyPage()) {
      await page.at(path);
      if (await page.locator("[role=alert]").count() > 0) found.push(`${name}: ${await page.locator("main").innerText()}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) found.push(`${name} is ${wide} px wider than ${width}`);
      await picture(page, `${name}-${width}-${scheme}`);
      found.push(...await accessible(page, name));
    }
    assert.deepEqual(found, []);
    await page.done();
  });
}

test("every page has its data as JSON and CSV with the same filters", async () => {
  const page = await tab();
  for (const [name, path] of (await everyPage()).filter(([n]) => n !== "lost")) {
    await page.at(path);
    for (const kind of ["JSON", "CSV"]) {
      const href = await page.locator(".exports").getByText(kind).getAttribute("href");
      const reply = await fetch(new URL(href, address));
      assert.equal(reply.status, 200, `${name} ${href}`);
      assert.match(reply.headers.get("content-type"), kind === "CSV" ? /text\/csv/ : /application\/json/);
    }
  }
  await page.done();
});

test("no page is missing here", async () => {
  const document = await (await fetch(`${address}openapi.json`)).json();
  const tried = (await everyPage()).map(([, path]) => path.split("?")[0].replace(/^\/dyad\/.*/, "/dyad/{pair}").replace(/^\/$/, "/today"));
  for (const path of Object.keys(document.paths).filter((p) => p.endsWith(".json"))) {
    assert.ok(tried.includes(path.slice(0, -5)), `${path} has no page in everyPage()`);
    assert.ok(document.paths[path.replace(/json$/, "csv")], `${path} without CSV`);
  }
});

test("the address restores every page, and its filters are those of its data", async () => {
  const page = await tab(), again = await tab();
  for (const [name, path, change] of [
    ["openings", "/openings?dyad=IRN-ISR", ["from", "2023-01-01"]], ["mediators", "/mediators?dyad=IRN-ISR", ["to", "2023-06-01"]], ["redlines", "/redlines", ["source", "EGY"]],
    ["forecast", "/forecast", ["actor", "IRN"]], ["network", "/network", ["actor", "IRN"]], ["map", "/map", ["from", "2023-10-01"]], ["alerts", "/alerts", ["actor", "IRN"]],
    ["statements", "/statements", ["source", "CHN"]], ["events", "/events", ["actor", null]], ["dyad", "/dyad/IRN-ISR", ["from", "2023-06-01"]], ["search", "/search?q=strikes", ["to", "2023-06-01"]], ["review", "/review", ["from", "2021-01-01"]],
  ]) {
    await page.at(path);
    const [field, value] = change;
    if (value !== null) {
      const input = page.locator(`.filters [name=${field}]`);
      await input.fill(value);
      await input.dispatchEvent("change");
      await page.waitForURL((u) => u.searchParams.get(field) === value);
      await settled(page);
    }
    await again.goto(page.url());
    await settled(again);
    // Parts of a page come by themselves: both are waited for.
    let seen, back;
    for (let i = 0; i < 50; i++) {
      [seen, back] = [await page.locator("main").innerText(), await again.locator("main").innerText()];
      if (seen === back) break;
      await page.waitForTimeout(200);
    }
    assert.equal(back, seen, name);
    for (const kind of ["JSON", "CSV"]) {
      const href = await again.locator(".exports").getByText(kind).getAttribute("href");
      if (value !== null) assert.ok(new URL(href, address).searchParams.get(field) === value, `${name} ${href}`);
      assert.equal((await fetch(new URL(href, address))).status, 200, `${name} ${href}`);
    }
  }
  await again.done();
  await page.done();
});

test("the newest pages by keyboard alone", async () => {
  const page = await tab();
  const here = () => page.evaluate(() => document.activeElement.closest("[data-row]") !== null);
  for (const [path, to] of [["/openings?dyad=IRN-ISR", /\/record\?/], ["/openings", /\/openings\?dyad=/], ["/mediators?dyad=IRN-ISR", /\/events\?/], ["/mediators", /\/mediators\?dyad=/], ["/forecast", /\/dyad\//], ["/redlines", /\/(record|statements|dyad)/], ["/network", null], ["/map", null]]) {
    await page.at(path);
    // The first stop of the page is a way past the menu.
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip", path);
    if (!to) {
      // A drawing without rows is gone through with Tab; every stop has a name.
      for (let i = 0; i < 40; i++) await page.keyboard.press("Tab");
      const name = await page.evaluate(() => { const a = document.activeElement; return a.getAttribute("aria-label") || a.textContent.trim() || a.labels?.[0]?.textContent; });
      assert.ok(name, `${path}: a stop without a name`);
      continue;
    }
    await page.keyboard.press("j");
    assert.ok(await here(), `${path}: j goes to the first row`);
    // To the last and back: nothing on the way holds the key up.
    const rows = await page.locator("main [data-row]:visible").count();
    for (let i = 1; i < rows; i++) await page.keyboard.press("j");
    assert.equal(await page.evaluate(() => [...document.querySelectorAll("main [data-row]")].filter((r) => r.checkVisibility()).at(-1).contains(document.activeElement)), true, `${path}: j comes to the last row`);
    for (let i = 1; i < rows; i++) await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForURL((u) => to.test(u.pathname + u.search) && u.pathname + u.search !== path);
    await settled(page);
  }
  await page.done();
});

test("a number opens to its sentence, and the way back is the way there", async () => {
  const page = await tab();
  await page.at("/");
  await page.locator(".counts a", { hasText: /^\d/ }).nth(2).click();
  await settled(page);
  assert.match(page.url(), /\/statements$/);
  await page.getByLabel("Speaker", { exact: true }).fill("CHN");
  await page.getByLabel("Speaker", { exact: true }).press("Enter");
  await page.waitForURL(/source=CHN/);
  await settled(page);
  const words = await page.locator(".ledger blockquote a").first().innerText();
  await page.locator(".ledger blockquote a").first().click();
  await page.locator(".sentence").waitFor();
  assert.ok((await page.locator(".sentence mark").count()) > 0, "the words are marked");
  await page.locator("section a", { hasText: /./ }).first().click();
  await page.locator(".text a.span.here").waitFor();
  await page.goBack(); await page.goBack();
  await settled(page);
  assert.equal(await page.getByLabel("Speaker", { exact: true }).inputValue(), "CHN");
  assert.equal(await page.locator(".ledger blockquote a").first().innerText(), words);
  await page.done();
});

test("filters are in the address and the address restores the view", async () => {
  const page = await tab();
  await page.at("/events");
  await page.locator("select[name=quad]").selectOption("4");
  await page.waitForURL(/quad=4/);
  await page.getByLabel("Pair", { exact: true }).fill("IRN-ISR");
  await page.getByLabel("Pair", { exact: true }).press("Enter");
  await page.waitForURL(/dyad=IRN-ISR/);
  await settled(page);
  const seen = await page.locator("tbody tr").allInnerTexts();
  assert.ok(seen.length > 0);
  const again = await tab();
  await again.goto(page.url());
  await settled(again);
  assert.deepEqual(await again.locator("tbody tr").allInnerTexts(), seen);
  await again.getByText("Earlier").click();
  await again.waitForURL(/offset=50/);
  await again.done();
  await page.done();
});

test("brushing the line looks closer, and the table shows the same days", async () => {
  const page = await tab();
  await page.at("/dyad/IRN-ISR");
  const before = await page.locator("details.rows tbody tr").count();
  const box = await page.locator(".drawing svg").first().boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 4 });
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/from=\d{4}-\d\d-\d\d&to=/);
  await settled(page);
  const rows = await page.locator("details.rows tbody tr").count();
  assert.ok(rows < before, `${rows} of ${before}`);
  await page.getByRole("link", { name: "All days" }).click();
  await page.waitForURL((u) => !u.search.includes("from"));
  const mark = page.locator(".drawing svg a").first();
  assert.ok(await mark.getAttribute("aria-label"));
  // A mark opens as many events as it says, whichever it is.
  for (const sign of ["◆", "◇", "▲"]) {
    const [says, href] = await page.locator(".drawing svg a", { hasText: sign }).last().evaluate((a) => [a.getAttribute("aria-label"), a.getAttribute("href") ?? a.getAttributeNS("http://www.w3.org/1999/xlink", "href")]);
    const found = await (await fetch(new URL(href.replace(/^\/(events|openings)/, "/$1.json"), address))).json();
    const n = sign === "▲" ? found.rows.reduce((sum, r) => sum + r.events.length, 0) : found.total;
    assert.equal(n, Number(/(\d+) events?$/.exec(says)[1]), `${says} ${href}`);
  }
  await mark.click();
  await page.waitForURL(/\/(record|events|openings)\?/);
  await page.done();
});

test("an alarm is snoozed by key and taken back", async () => {
  const page = await tab();
  await page.at("/alerts");
  const alarms = await page.locator("[data-alarm]").count();
  assert.ok(alarms > 0);
  const id = await page.locator("[data-alarm]").first().getAttribute("data-alarm");
  await page.keyboard.press("j");
  await page.keyboard.press("z");
  await page.locator(".notice", { hasText: "snoozed until" }).waitFor();
  await page.waitForFunction((gone) => !document.querySelector(`[data-alarm="${gone}"]`), id);
  await page.keyboard.press("u");
  await page.locator(`[data-alarm="${id}"]`).waitFor();
  await page.locator(`[data-alarm="${id}"]`).getByText("False alarm").click();
  await page.getByRole("link", { name: /^False alarm/ }).click();
  await page.locator(`[data-alarm="${id}"]`).getByText("Take back").click();
  await page.locator(".notice", { hasText: "no longer" }).waitFor();
  await page.done();
});

test("review: by keyboard alone right, wrong, changed, and taken back", async () => {
  const page = await tab();
  await page.at("/review");
  const heading = () => page.locator(".review-card h2").innerText();
  const one = await heading();
  await page.keyboard.press("y");
  await page.locator(".corrections li", { hasText: "right" }).waitFor();
  await settled(page);
  const two = await heading();
  const sentence = await page.locator(".review-card .sentence").innerText();
  await page.keyboard.press("n");
  await page.locator(".corrections li", { hasText: "wrong" }).waitFor();
  await settled(page);
  assert.ok(sentence !== await page.locator(".review-card .sentence").innerText() || two !== await heading() || one !== two);
  const listed = JSON.parse(`[${run("correct", "--list", "--json", "--store", "sample.db").trim().split("\n").join(",")}]`);
  assert.deepEqual(listed.map((c) => [c.kind, c.author]), [["right", "tester"], ["wrong", "tester"]]);
  await page.keyboard.press("u");
  await page.waitForFunction(() => ![...document.querySelectorAll(".corrections li")].some((l) => l.textContent.includes("wrong")));
  await settled(page);
  await page.keyboard.press("c");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("190");
  await page.keyboard.press("Enter");
  await page.locator(".corrections li", { hasText: "cameo" }).waitFor();
  await page.getByRole("button", { name: /^Take back correction/ }).first().click();
  await page.waitForFunction(() => document.querySelectorAll(".corrections li").length === 1);
  await page.keyboard.press("c");
  page.quiet = true; // The browser says of itself that the server refused.
  await page.keyboard.press("Control+A");
  await page.keyboard.type("no code");
  await page.keyboard.press("Enter");
  await page.locator(".notice .wrong", { hasText: "no CAMEO code" }).waitFor();
  await page.done();
});

test("keys and the search box", async () => {
  const page = await tab();
  await page.at("/");
  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("rus-ukr");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/dyad\/RUS-UKR/);
  await settled(page);
  await page.at("/events?coder=detente");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("w");
  await page.waitForURL(/\/record\?/);
  await page.keyboard.press("/");
  await page.keyboard.type("strikes");
  await page.keyboard.press("Enter");
  await page.locator(".found mark").first().waitFor();
  await page.locator(".skip").focus();
  await page.keyboard.press("Enter");
  await page.done();
});

test("every cell of a mediator opens the events it counts", async () => {
  const page = await tab();
  await page.at("/mediators");
  await page.getByRole("link", { name: "Iran and Israel" }).click();
  await page.waitForURL(/dyad=IRN-ISR/);
  await settled(page);
  const cells = await page.locator("tbody td.number a").evaluateAll((all) => all.slice(0, 12).map((a) => [a.getAttribute("href"), Number(a.textContent.replace(",", ""))]));
  assert.ok(cells.length > 5);
  for (const [href, n] of cells) {
    const found = await (await fetch(new URL(href.replace("/events", "/events.json"), address))).json();
    assert.equal(found.total, n, href);
  }
  await page.keyboard.press("j");
  await page.keyboard.press("w");
  await page.waitForURL(/\/events\?actor=/);
  await page.done();
});

test("a record shows what became of its sentence in the copies of its text", async () => {
  const rest = "\n\nThe two ministers spoke for an hour about the border, water and trade, their offices said. Officials of both sides will meet again within the month to settle what is left.";
  const story = (id, outlet, day, words) => JSON.stringify({ id, outlet, published: `2018-07-${day}`, text: words + rest });
  const said = "Iran's foreign minister condemned the air strikes of Israel on Damascus on Monday and called for talks.";
  writeFileSync(join(folder, "copies.jsonl"), [story("one", "Example Post", "17", said), story("two", "Other Daily", "17", said), story("three", "Third Gazette", "18", said.replace("condemned", "denounced"))].join("\n") + "\n");
  run("init", "--store", "copies.db");
  run("import", "copies.jsonl", "--store", "copies.db");
  run("code", "--all", "--store", "copies.db");
  const [, at] = await open("--store", "copies.db");
  const event = (await (await fetch(`${at}events.json?article=one&limit=1`)).json()).rows[0];
  const page = await tab({ viewport: { width: 360, height: 800 } });
  await page.goto(`${at}record?id=${event.id}`);
  await settled(page);
  const told = page.locator("section[aria-labelledby=copies]");
  assert.match(await told.innerText(), /3 articles of 3 outlets: the sentence stands word for word in 2, was changed in 1, left out in 0/);
  assert.equal((await told.locator("del").innerText()).trim(), "condemned");
  assert.equal((await told.locator("ins").innerText()).trim(), "denounced");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  assert.deepEqual(await accessible(page, "copies"), []);
  await picture(page, "copies");
  await told.getByRole("link", { name: "Third Gazette" }).click();
  await page.waitForURL(/\/article\?id=three/);
  await page.done();
});

test("a forecast stands beside its base rate and its record, and the fan on the line of its pair", async () => {
  run("forecast", "IRN-ISR", "--coder", "made-up", "--on", "2020-10-01", "--record", "--store", "sample.db");
  const page = await tab();
  await page.at("/forecast?kind=onset");
  assert.match(await page.locator("main").innerText(), /past forecasts of this kind/);
  const said = await page.locator("section[aria-labelledby=ledger]").innerText();
  assert.match(said, /1 forecast recorded/);
  assert.match(said, /came true|did not come/);
  await page.locator("select[name=within]").selectOption("30");
  await page.waitForURL(/within=30/);
  await settled(page);
  await page.locator("tbody a").first().click();
  await page.waitForURL(/\/dyad\//);
  await settled(page);
  assert.ok((await page.locator(".drawing .fan").count()) > 0, "the fan is drawn");
  assert.match(await page.locator("main").innerText(), /What may come: quantiles/);
  await page.locator("section[aria-labelledby=risk] a.figure").click();
  await page.waitForURL(/\/forecast\?/);
  await page.done();
});

test("a red line opens to its statements, and a crossing is judged and taken back", async () => {
  writeFileSync(join(folder, "line.jsonl"), JSON.stringify({ id: "line", title: "Israel warns Iran", outlet: "Example Post", published: "2023-06-01", text: "Israel will not tolerate Iranian bases in Syria, Benjamin Netanyahu said on Thursday. Iranian bases in Syria are a red line for Israel, he told Iran." }));
  run("import", "line.jsonl", "--store", "sample.db"); run("code", "--new", "--store", "sample.db");
  const page = await tab();
  await page.at("/redlines");
  const line = page.locator(".lines > li", { has: page.locator("details") }).first();
  await line.locator("summary").click();
  await line.getByRole("button", { name: /^Crossed by/ }).first().click();
  await page.locator(".notice", { hasText: "crosses the line" }).waitFor();
  await line.getByText("1 crossing confirmed").waitFor();
  await settled(page);
  if (!(await line.locator("details").evaluate((d) => d.open))) await line.locator("summary").click();
  await line.getByRole("button", { name: "Take back" }).click();
  await page.locator(".notice", { hasText: "Taken back" }).waitFor();
  await page.locator(".lines a[href^='/record']").first().click();
  await page.locator(".sentence").waitFor();
  await page.done();
});

test("what another process writes comes by itself where nobody is at work, and is offered where somebody is", async () => {
  run("init", "--sample", "--store", "live.db");
  const [own, at] = await open("--review", "--author", "tester", "--store", "live.db");
  const bring = (id) => {
    writeFileSync(join(folder, `${id}.jsonl`), JSON.stringify({ id, title: `Iran, ${id}`, outlet: "Example Post", published: "2035-01-01", text: "Iran condemned Israel on Monday." }));
    run("import", `${id}.jsonl`, "--store", "live.db"); run("code", "--new", "--store", "live.db");
  };
  const page = await tab();
  const count = () => page.locator(".summary").first().innerText();
  await page.goto(`${at}events?coder=detente`);
  await settled(page);
  const one = await count();
  bring("first");
  await page.waitForFunction((old) => document.querySelector(".summary").textContent !== old, one, { timeout: 30000 });
  await page.locator(".came p", { hasText: /^New: 1 (article|event)/ }).waitFor();
  assert.equal(await page.locator(".came button").count(), 0);
  // Somebody goes through the rows: nothing moves until it is asked for.
  await settled(page);
  await page.keyboard.press("j");
  const two = await count();
  const focus = () => page.evaluate(() => document.activeElement.getAttribute("href"));
  const row = await focus();
  bring("second");
  await page.locator(".came button", { hasText: /^New: 1 article/ }).waitFor({ timeout: 30000 });
  await picture(page, "live-1440-light");
  assert.deepEqual([await count(), await focus()], [two, row]);
  await page.keyboard.press("r");
  await page.waitForFunction((old) => document.querySelector(".summary").textContent !== old, two);
  await page.waitForFunction(() => !document.querySelector(".came button"));
  // What is being written is not lost, and one's own correction is no news.
  await page.goto(`${at}review`);
  await settled(page);
  await page.keyboard.press("c");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("042");
  bring("third");
  await page.locator(".came button").waitFor({ timeout: 30000 });
  assert.equal(await page.locator("input[name=value]").inputValue(), "042");
  await page.keyboard.press("Enter");
  await page.locator(".corrections li", { hasText: "042" }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".came button"));
  await page.waitForTimeout(2500);
  assert.equal(await page.locator(".came button").count(), 0);
  await page.done();
  own.kill();
});

// GUIDE.md tells this walk; with GUIDE_PICTURES=../docs/pictures its pictures are taken anew.
test("the tour of the guide", async () => {
  const page = await tab({ viewport: { width: 1000, height: 640 } });
  const shot = async (name) => {
    if (!process.env.GUIDE_PICTURES) return;
    mkdirSync(process.env.GUIDE_PICTURES, { recursive: true });
    await page.evaluate(() => document.activeElement?.blur());
    await page.screenshot({ path: join(process.env.GUIDE_PICTURES, `${name}.png`) });
  };
  await page.at("/");
  await shot("today");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/dyad\//);
  await settled(page);
  await page.at("/dyad/IRN-ISR");
  await page.locator(".openings a").first().waitFor();
  await page.evaluate(() => scrollTo(0, 150));
  await shot("pair");
  await page.locator(".summary a").first().click();
  await page.waitForURL(/\/events\?/);
  await settled(page);
  await page.at("/statements?source=SDN&act=concern");
  await page.locator(".ledger blockquote a").first().click();
  await page.locator(".sentence mark").first().waitFor();
  assert.ok((await page.locator(".chain li").count()) >= 3, "its words went through several outlets");
  await settled(page);
  await shot("words");
  await page.locator("a[href^='/article']").first().click();
  await page.locator(".text a.span.here").waitFor();
  await settled(page);
  await page.at("/map");
  await shot("map");
  await page.at("/review");
  await shot("review");
  await page.keyboard.press("y");
  await page.locator(".corrections li", { hasText: "right" }).waitFor();
  await page.keyboard.press("u");
  await page.locator(".notice", { hasText: "Taken back" }).waitFor();
  await page.done();
});

test("hostile articles stay words", async () => {
  const store = join(folder, "hostile.db");
  const attack = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"> </title><svg onload=window.hacked=3>`;
  const rtl = "\u202Egnihton dias eH\u202C \u2066Iran\u2069";
  const lines = [
    { id: `x" onmouseover="hacked=4`, title: attack, outlet: attack, url: "javascript:window.hacked=5", published: "2023-05-01", text: `${attack}\n\nIran condemned Israel on Monday. ${attack}\n\nRussia met Iran in ${attack} Syria.` },
    { id: "rtl", title: rtl, outlet: rtl, published: "2023-05-02", text: `Israel carried out strikes against Iranian targets in Syria, ${rtl} said.\n\n${"Zalgo Z̸̡̢͓̳̜̪̟̳̠̻̖͐̂̍̅̔̂͋͂͐ ".repeat(50)}` },
    { id: "giant", title: "W".repeat(20000), outlet: "O".repeat(5000), published: "2023-05-03", text: `Iran threatened Israel. ${"A".repeat(100000)}` },
    { id: "../../etc/passwd", title: "../../etc/passwd", published: "2023-05-04", url: "data:text/html,<script>hacked=6</script>", text: "Iran met Russia in Moscow." },
  ];
  writeFileSync(join(folder, "hostile.jsonl"), lines.map((l) => JSON.stringify(l)).join("\n"));
  run("init", "--store", store); run("import", "hostile.jsonl", "--store", store); run("code", "--all", "--store", store);
  const [own, at] = await open("--store", store);
  const page = await tab({ viewport: { width: 360, height: 740 } });
  for (const path of ["", "events", "statements", "sources", "search?q=Iran", "review", ...lines.map((l) => `article?id=${encodeURIComponent(l.id)}`)]) {
    await page.goto(at + path);
    await settled(page);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined, path);
    assert.equal(await page.locator("main script, main img, main [onload], main [onerror], main a[href^=javascript], main a[href^=data]").count(), 0, path);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${path} is too wide`);
  }
  await page.done();
  own.kill();
});

test("an empty store says what to do next", async () => {
  run("init", "--store", "empty.db");
  const [own, at] = await open("--store", "empty.db");
  const page = await tab();
  for (const path of ["", "events", "statements", "network", "map", "alerts", "review", "sources", "dyad/IRN-ISR", "redlines", "openings", "openings?dyad=IRN-ISR", "mediators", "mediators?dyad=IRN-ISR", "forecast"]) {
    await page.goto(at + path);
    await settled(page);
    assert.ok((await page.locator(".empty").count()) > 0, `${path}: ${await page.locator("main").innerText()}`);
    assert.equal(await page.locator("[role=alert]").count(), 0, path);
  }
  await page.done();
  own.kill();
});
