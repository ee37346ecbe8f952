// Peer search engines on the handbook's own records and queries, for comparison with ours.
//
//   node search.mjs corpus.json --engine minisearch|flexsearch|pagefind|mdbook [--half odd|even] [--hits hits.json]
//
// corpus.json: {"records": [{"id", "title", "law", "article", "url", "text"}], "queries": [{"id", "kind", "query",
// "answers"}]}. Packages come from `npm i minisearch flexsearch pagefind playwright-core elasticlunr` in the working
// folder or one named by NODE_PATH; a missing one ends the run with status 2. One line of JSON comes out: the scores
// (score.mjs), `build_s`, `index_gz_over_text_gz` (what a reader downloads to search, without the engine's code, over the
// text of all records, both gzip -9), and `p50_ms`, `p99_ms` of one query in a second pass, after a first that warms up.
// The settings of minisearch and flexsearch are the best of those tried on the odd lines of tests/search/queries.jsonl.
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { LIMIT, half, score } from "./score.mjs";

const require = createRequire(path.join(process.cwd(), "peers.js"));
const gzip = data => zlib.gzipSync(data, { level: 9 }).length;

function fail(message, status = 1) {
  console.error(message);
  process.exit(status);
}

// The folder of an installed package: from the working folder upwards, then NODE_PATH.
function folder(name) {
  const found = require.resolve.paths(name).map(place => path.join(place, name)).find(place => fs.existsSync(path.join(place, "package.json")));
  return found ?? fail(`${name} is not installed: npm i ${name}, here or in a folder named by NODE_PATH (its node_modules)`, 2);
}

const load = name => folder(name) && require(name);
const version = name => JSON.parse(fs.readFileSync(path.join(folder(name), "package.json"), "utf8")).version;

// Law and article are part of the name of a record, if its title does not say them already.
const name = record => [record.title, record.law, record.article].filter((part, at, all) => part && (at === 0 || !all[0].includes(part))).join(" ");

// Two neighbouring Chinese characters at a time, anything else a word at a time; with `single`, also each character. A
// character that stands alone is a term of its own.
function grams(text, single) {
  const terms = [];
  for (const run of text.normalize("NFKC").toLowerCase().match(/\p{Script=Han}+|[^\P{L}\p{Script=Han}]+|\p{N}+/gu) ?? []) {
    if (!/\p{Script=Han}/u.test(run)) {
      terms.push(run);
      continue;
    }
    const characters = [...run];
    if (single || characters.length === 1) terms.push(...characters);
    for (let at = 0; at + 1 < characters.length; at++) terms.push(characters[at] + characters[at + 1]);
  }
  return terms;
}

// BM25+ over title and text; records with all terms of the query first, then those with any.
function minisearch(records) {
  const MiniSearch = load("minisearch");
  const index = new MiniSearch({ fields: ["name", "text"], tokenize: text => grams(text, true), processTerm: term => term });
  index.addAll(records.map(record => ({ id: record.id, name: name(record), text: record.text })));
  const options = { tokenize: text => grams(text, false), boost: { name: 4 } };
  const ids = (query, combineWith) => index.search(query, { ...options, combineWith }).slice(0, LIMIT).map(hit => hit.id);
  return {
    version: version("minisearch"),
    bytes: gzip(JSON.stringify(index)),
    search(query) {
      const all = ids(query, "AND");
      return all.length === LIMIT ? all : [...new Set([...all, ...ids(query, "OR")])].slice(0, LIMIT);
    },
  };
}

// One index of title and text; `suggest` keeps records that have only some of the terms.
function flexsearch(records) {
  const { Index } = load("flexsearch");
  const index = new Index({ tokenize: "strict", encode: text => grams(text, false) });
  for (const record of records) index.add(record.id, `${name(record)}\n${record.text}`);
  const parts = [];
  index.export((key, data) => void parts.push(key, data ?? ""));
  return {
    version: version("flexsearch"),
    bytes: gzip(parts.join("\n")),
    search: query => index.search(query, { limit: LIMIT, suggest: true }),
  };
}

const escape = text => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

// A page a record through the Node API (the npm package ships the extended build, which splits Chinese into words), read
// by pagefind.js in headless Chromium over HTTP; pagefind.js splits the query with Intl.Segmenter. A query is timed with
// its first ten results loaded, since their addresses are in fragments of their own. `index_gz_over_text_gz` counts all its
// data files; a reader downloads those that a query needs. Every word of a query must be on a page: there is no other way.
async function pagefind(records) {
  const { chromium } = load("playwright-core");
  const home = folder("pagefind");
  const chrome = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!fs.existsSync(chrome)) fail(`no Chromium at ${chrome}: name one in CHROMIUM`, 2);
  const { createIndex, close } = await import(pathToFileURL(path.join(home, "lib/index.js")));
  const started = performance.now();
  const { index } = await createIndex({ forceLanguage: "zh" });
  for (const record of records) {
    const paragraphs = record.text.split("\n").map(line => `<p>${escape(line)}</p>`).join("");
    const content = `<!doctype html><html lang="zh"><head><title>${escape(name(record))}</title></head><body><main><h1>${escape(name(record))}</h1>${paragraphs}</main></body></html>`;
    const { errors } = await index.addHTMLFile({ url: `/r/${record.id}.html`, content });
    if (errors.length) fail(`pagefind: ${errors.join("; ")}`);
  }
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "pagefind-"));
  await index.writeFiles({ outputPath: path.join(root, "pagefind") });
  await close();
  const build_s = (performance.now() - started) / 1000;
  const files = fs.readdirSync(root, { recursive: true }).map(file => path.join(root, file));
  // The data files are gzipped already.
  const bytes = files.filter(file => /\.pf_(index|meta|fragment|filter)$/.test(file)).reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const types = { ".js": "text/javascript", ".json": "application/json", ".html": "text/html" };
  const server = http.createServer((request, response) => {
    const file = path.join(root, path.normalize(new URL(request.url, "http://localhost").pathname));
    if (request.url === "/") return void response.setHeader("content-type", "text/html").end("<!doctype html><html lang=zh><title>peer</title>");
    fs.readFile(file, (error, data) => (error ? response.writeHead(404).end() : response.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream", "cache-control": "max-age=3600" }).end(data)));
  });
  await new Promise(ready => server.listen(0, "127.0.0.1", ready));
  const browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(async () => {
    window.pagefind = await import("/pagefind/pagefind.js");
    await window.pagefind.init();
  });
  return {
    version: version("pagefind"),
    bytes,
    build_s,
    timed: query =>
      page.evaluate(
        async ([query, limit]) => {
          const start = performance.now();
          const { results } = await window.pagefind.search(query);
          const pages = await Promise.all(results.slice(0, limit).map(result => result.data()));
          const ms = performance.now() - start;
          return { ms, hits: pages.map(found => Number(found.url.match(/(\d+)\.html/)[1])) };
        },
        [query, LIMIT],
      ),
    async close() {
      await browser.close();
      server.close();
      fs.rmSync(root, { recursive: true });
    },
  };
}

// What mdBook 0.5.4 does: title, body and breadcrumbs split at white space and "-", terms over 80 bytes dropped, the
// English pipeline (trimmer, stop words, stemmer) of elasticlunr; the texts are stored in the index; the page searches it
// with `expand`, any term, boosts 2, 1, 1. The trimmer takes every character that is not an ASCII letter, digit or "_"
// off both ends, in the index as in the query, so that Chinese words vanish. elasticlunr.min.js: the file named by
// MDBOOK_ELASTICLUNR (front-end/searcher in the crate mdbook-html), or the npm package. A book of the same records built
// by mdBook 0.5.4 itself answers the same few of the queries and is silent to all others.
function mdbook(records) {
  const own = process.env.MDBOOK_ELASTICLUNR;
  if (own && !fs.existsSync(own)) fail(`MDBOOK_ELASTICLUNR: no such file: ${own}`, 2);
  const elasticlunr = own ? require(path.resolve(own)) : load("elasticlunr");
  const browsers = elasticlunr.tokenizer;
  elasticlunr.tokenizer = text => text.split(/[\s-]/u).filter(term => term).map(term => term.toLowerCase()).filter(term => Buffer.byteLength(term) <= 80);
  const built = elasticlunr(function () {
    this.setRef("id");
    for (const field of ["title", "body", "breadcrumbs"]) this.addField(field);
  });
  for (const record of records) built.addDoc({ id: String(record.id), title: name(record), body: record.text, breadcrumbs: [record.law, name(record)].filter(part => part).join(" » ") });
  elasticlunr.tokenizer = browsers;
  const written = JSON.stringify(built);
  const index = elasticlunr.Index.load(JSON.parse(written));
  const options = { bool: "OR", expand: true, fields: { title: { boost: 2 }, body: { boost: 1 }, breadcrumbs: { boost: 1 } } };
  return {
    version: `elasticlunr ${elasticlunr.version}`,
    bytes: gzip(written),
    search: query => index.search(query, options).slice(0, LIMIT).map(hit => Number(hit.ref)),
  };
}

const engines = { minisearch, flexsearch, pagefind, mdbook };
const [file, ...rest] = process.argv.slice(2);
const option = flag => (rest.includes(flag) ? rest[rest.indexOf(flag) + 1] : undefined);
const engine = option("--engine");
if (!file || !Object.hasOwn(engines, engine ?? "")) fail(`node search.mjs corpus.json --engine ${Object.keys(engines).join("|")} [--half odd|even] [--hits hits.json]`);
const { records, queries: every } = JSON.parse(fs.readFileSync(file, "utf8"));
const queries = half(every, option("--half"));

const started = performance.now();
const built = await engines[engine](records);
const build_s = built.build_s ?? (performance.now() - started) / 1000;
const timed = built.timed ?? (query => {
  const start = performance.now();
  const hits = built.search(query);
  return { ms: performance.now() - start, hits };
});
for (const { query } of queries) await timed(query);
const runs = [];
for (const { query } of queries) runs.push(await timed(query));
await built.close?.();

const hits = runs.map(run => run.hits);
const times = runs.map(run => run.ms).sort((a, b) => a - b);
const percentile = share => Number(times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(3));
if (option("--hits")) fs.writeFileSync(option("--hits"), JSON.stringify(Object.fromEntries(queries.map((query, number) => [query.id, hits[number]]))));
const text = gzip(records.map(record => `${name(record)}\n${record.text}`).join("\n"));
console.log(
  JSON.stringify({
    engine,
    version: built.version,
    records: records.length,
    ...score(records, hits, queries),
    build_s: Number(build_s.toFixed(2)),
    index_gz_over_text_gz: Number((built.bytes / text).toFixed(3)),
    p50_ms: percentile(0.5),
    p99_ms: percentile(0.99),
  }),
);
