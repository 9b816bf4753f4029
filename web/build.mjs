// Builds the desk's pages into dist/, which is kept in git so that a plain `cargo build` needs no Node.
// The same sources give the same bytes; `node build.mjs --check` says whether dist/ is what they give.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, mkdirSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);

// Countries at 1:50,000,000: at 1:110,000,000 Bahrain, Singapore, Malta and other small states are not there at all.
// The map page alone asks for them. What the map does not show is left out: names, and corners finer than it can draw.
function world() {
  const topology = JSON.parse(readFileSync(join(here, "node_modules/world-atlas/countries-50m.json"), "utf8"));
  const codes = new Map(JSON.parse(readFileSync(join(here, "node_modules/i18n-iso-countries/codes.json"), "utf8")).map(([, alpha3, numeric]) => [numeric, alpha3]));
  const countries = topology.objects.countries.geometries.map(({ type, id, arcs, properties }) => ({ type, arcs, id: codes.get(id) ?? (properties.name === "Kosovo" ? "XKX" : undefined) }));
  return JSON.stringify({ type: "Topology", transform: topology.transform, bbox: topology.bbox, objects: { countries: { type: "GeometryCollection", geometries: countries } }, arcs: topology.arcs });
}

async function files() {
  const out = new Map();
  const atlas = world();
  const atlasName = `world-${hash(atlas)}.json`;
  out.set(atlasName, Buffer.from(atlas));
  const result = await build({
    entryPoints: { app: join(here, "src/app.tsx"), style: join(here, "src/style.css") },
    bundle: true, minify: true, write: false, format: "esm", target: "es2022", charset: "utf8", legalComments: "none",
    jsx: "automatic", jsxImportSource: "preact", outdir: dist, entryNames: "[name]", absWorkingDir: here,
    define: { WORLD: JSON.stringify(`/assets/${atlasName}`) }, logLevel: "warning",
  });
  const named = {};
  for (const { path, contents } of result.outputFiles) {
    const [stem, ending] = path.split("/").pop().split(/\.(?=[^.]+$)/);
    named[`${stem}.${ending}`] = `${stem}-${hash(contents)}.${ending}`;
    out.set(named[`${stem}.${ending}`], Buffer.from(contents));
  }
  const icon = readFileSync(join(here, "src/icon.svg"));
  const iconName = `icon-${hash(icon)}.svg`;
  out.set(iconName, icon);
  const html = readFileSync(join(here, "src/index.html"), "utf8");
  out.set("index.html", Buffer.from(html.replace("APP", named["app.js"]).replace("STYLE", named["style.css"]).replace("ICON", iconName)));
  return out;
}

const made = await files();
const held = existsSync(dist) ? readdirSync(dist) : [];
if (process.argv.includes("--check")) {
  const stale = [...made].filter(([name, bytes]) => !held.includes(name) || !readFileSync(join(dist, name)).equals(bytes)).map(([name]) => name);
  stale.push(...held.filter((name) => !made.has(name)));
  if (stale.length > 0) {
    console.error(`web/dist is not what web/src gives (${stale.join(", ")}): run npm run build in web/ and commit it`);
    process.exit(1);
  }
  console.log("web/dist is current");
} else {
  mkdirSync(dist, { recursive: true });
  held.filter((name) => !made.has(name)).forEach((name) => rmSync(join(dist, name)));
  for (const [name, bytes] of made) writeFileSync(join(dist, name), bytes);
  console.log([...made].map(([name, bytes]) => `${name} ${bytes.length}`).join("\n"));
}
