// How well a search engine answers labelled queries (tests/search/README.md). Used for the peers and for our own engine.
export const LIMIT = 10;

const page = url => url.split("#")[0];
const round = value => Math.round(value * 1e4) / 1e4;

// Each answer of a query as the set of records that are it: the records of an article, or of a page whatever its #part.
function answersAsRecords(records, queries) {
  const articles = new Map();
  const pages = new Map();
  const add = (map, key, id) => (map.get(key) ?? map.set(key, new Set()).get(key)).add(id);
  for (const { id, law, article, url } of records) {
    if (law && article) add(articles, `${law}\n${article}`, id);
    if (url) add(pages, page(url), id);
  }
  const found = answer => (answer.url ? pages.get(page(answer.url)) : articles.get(`${answer.law}\n${answer.article}`));
  const known = answers => (answers ?? []).map(found).filter(ids => ids);
  return queries.map(({ answers, also }) => ({ answers: known(answers), also: known(also) }));
}

// records: [{id, law, article, url}]; hitsPerQuery: for each query the record ids found, best first; queries:
// [{kind, answers: [{law, article} | {url}], also: the same}]. An answer of which the corpus has no record is dropped; a query that has
// no other answer is left out of everything but `left_out`. `no_hit`: queries without a right answer in the first ten;
// `empty`: queries to which the engine returned nothing.
export function score(records, hitsPerQuery, queries) {
  if (hitsPerQuery.length !== queries.length) throw new Error(`${queries.length} queries but ${hitsPerQuery.length} lists of hits`);
  const answers = answersAsRecords(records, queries);
  const zero = () => ({ queries: 0, mrr: 0, recall: 0, no_hit: 0, empty: 0 });
  const all = zero();
  const kinds = new Map();
  let left_out = 0;
  queries.forEach((query, number) => {
    const { answers: right, also } = answers[number];
    if (right.length === 0) return void left_out++;
    const hits = hitsPerQuery[number].slice(0, LIMIT);
    const first = hits.findIndex(id => [...right, ...also].some(ids => ids.has(id)));
    const seen = right.filter(ids => hits.some(id => ids.has(id))).length;
    if (!kinds.has(query.kind)) kinds.set(query.kind, zero());
    for (const sum of [all, kinds.get(query.kind)]) {
      sum.queries++;
      sum.mrr += first < 0 ? 0 : 1 / (first + 1);
      sum.recall += Math.min(seen, LIMIT) / Math.min(right.length, LIMIT);
      sum.no_hit += first < 0;
      sum.empty += hits.length === 0;
    }
  });
  const mean = sum => ({ ...sum, mrr: round(sum.mrr / sum.queries || 0), recall: round(sum.recall / sum.queries || 0) });
  const by_kind = Object.fromEntries([...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, sum]) => [kind, mean(sum)]));
  return { ...mean(all), left_out, by_kind };
}

// The queries of the odd lines (to tune on), of the even lines (held out), or all.
export function half(queries, which) {
  if (which === undefined || which === "all") return queries;
  if (which !== "odd" && which !== "even") throw new Error(`--half is odd, even or all, not ${which}`);
  return queries.filter((_, number) => (number % 2 === 0) === (which === "odd"));
}
