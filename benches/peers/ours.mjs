// Our own search on the same records and queries as the peers (search.mjs), in Node:
//
//   node ours.mjs corpus.json FOLDER [--half odd|even]
//
// FOLDER holds search/engine.js and search/data.js as `gongkai build` writes them. One line of JSON comes out, as for the
// peers. For a handbook in parts `cold_kb` is what one query loads beside the pages: p50 and most, engine.js left out.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import zlib from "node:zlib";
import { LIMIT, half, score } from "./score.mjs";

const [file, folder, ...rest] = process.argv.slice(2);
const { records, queries: all } = JSON.parse(fs.readFileSync(file, "utf8"));
const queries = half(all, rest[0] === "--half" ? rest[1] : undefined);
const read = name => fs.readFileSync(path.join(folder, name), "utf8");

let shelf, part;
let loaded = 0;
const room = vm.createContext({ atob, gongkaiSearchData: data => (shelf = data), gongkaiSearchPart: (kind, number, content) => (part = content) });
const run = name => {
  const script = read(name);
  loaded += Buffer.byteLength(script);
  vm.runInContext(script, room);
};
const load = async name => {
  run(name);
  return part;
};
run("search/engine.js");
const { Engine, Store } = vm.runInContext("gongkaiSearchEngine", room)();
const begun = performance.now();
run("search/data.js");
// A store of its own for every query: nothing is loaded before it.
let store = shelf.parts ? new Store(shelf, load) : null;
const fresh = { postings: key => store.postings(key), load: keys => store.load(keys), read: (docs, engine) => store.read(docs, engine) };
const engine = store ? new Engine(shelf, fresh) : new Engine(shelf);
const built = performance.now() - begun;

const ids = new Map(records.map(record => [record.url, record.id]));
// A hit may lead to a part of an article: its record is the one whose address the hit's begins with.
const idOf = url => {
  for (let at = url; at.includes("#"); at = at.slice(0, at.lastIndexOf("-"))) {
    if (ids.has(at)) return ids.get(at);
    if (at.lastIndexOf("-") < at.indexOf("#")) break;
  }
  return ids.get(url.split("#")[0]);
};
const sizes = [];
const hits = [];
const asked = async query => {
  const start = performance.now();
  const answer = await engine.search(query, { limit: LIMIT });
  return [answer.hits, performance.now() - start];
};
for (const { query } of queries) {
  if (shelf.parts) {
    store = new Store(shelf, load);
    loaded = Buffer.byteLength(read("search/data.js"));
  }
  hits.push((await asked(query))[0].map(hit => idOf(hit.url)));
  sizes.push(loaded / 1000);
}
const times = [];
for (const { query } of queries) times.push((await asked(query))[1]);
const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(share * list.length))];
const gzip = text => zlib.gzipSync(text, { level: 9 }).length;
const line = {
  engine: "gongkai",
  ...score(records, hits, queries),
  build_s: Math.round(built) / 1000,
  p50_ms: Math.round(at(times, 0.5) * 100) / 100,
  p99_ms: Math.round(at(times, 0.99) * 100) / 100,
};
if (shelf.parts) line.cold_kb = { p50: Math.round(at(sizes, 0.5)), most: Math.round(at(sizes, 1)) };
else line.index_gz_over_text_gz = Math.round((gzip(read("search/data.js")) / gzip(records.map(r => `${r.title}\n${r.text}`).join("\n"))) * 1000) / 1000;
console.log(JSON.stringify(line));
