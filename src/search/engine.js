// The search of the handbook: what the Rust files beside this one do, for the browser. Both take the same steps in the
// same order, so that both give the same answers; tests/search.rs holds them to it. Change one, change the other.
//
// Everything stands inside one function: its source is handed to a worker. `data.rs` writes it with its words.
"use strict";

function gongkaiSearchEngine() {
  // Everyday words: on each line what is said, >, and what it may mean.
  var WORDS = "/* everyday.txt */";
  // How many questions are asked for practice.
  var PRACTICE = 100;

  // ---------------------------------------------------------------- folding (fold.rs)

  function folding(pairs) {
    var table = new Uint16Array(65536), u;
    for (u = 0; u < 65536; u++) table[u] = u;
    for (u = 0; u + 1 < pairs.length; u += 2) table[pairs.charCodeAt(u)] = pairs.charCodeAt(u + 1);
    for (u = 0x41; u <= 0x5a; u++) table[u] = u + 0x20;
    for (u = 0xff01; u <= 0xff5e; u++) table[u] = u - 0xfee0;
    for (u = 0xff21; u <= 0xff3a; u++) table[u] = u - 0xff21 + 0x61;
    table[0x3000] = 0x20;
    table[0x3007] = table[0x25cb] = 0x96f6;
    return table;
  }

  function isWord(u) {
    return (u >= 0x4e00 && u <= 0x9fff) || (u >= 0x30 && u <= 0x39) || (u >= 0x61 && u <= 0x7a) ||
      u === 0x3005 || u === 0x3006 || (u >= 0x3400 && u <= 0x4dbf) || (u >= 0xd800 && u <= 0xdfff) ||
      (u >= 0xf900 && u <= 0xfaff);
  }

  // ---------------------------------------------------------------- numerals (text/numeral.rs)

  var DIGITS = "零一二三四五六七八九";

  function chinese(n) {
    var units = [[1000, "千"], [100, "百"], [10, "十"], [1, ""]], out = "", gap = false;
    if (n === 0 || n > 9999) return String(n);
    units.forEach(function (unit) {
      var digit = Math.floor(n / unit[0]) % 10;
      if (digit === 0) { gap = out !== ""; return; }
      if (gap) { out += "零"; gap = false; }
      if (!(unit[0] === 10 && digit === 1 && out === "")) out += DIGITS[digit];
      out += unit[1];
    });
    return out;
  }

  function digitOf(c) {
    if (c >= "0" && c <= "9") return c.charCodeAt(0) - 48;
    return c === "两" ? 2 : DIGITS.indexOf(c);
  }

  function unitOf(c) { return c === "十" ? 10 : c === "百" ? 100 : c === "千" ? 1000 : 0; }

  function isNumeral(c) { return digitOf(c) >= 0 || unitOf(c) > 0; }

  // 1 to 9999, or 0.
  function number(text) {
    var i, sum = 0, pending = -1, last = 10000, digits = text !== "";
    for (i = 0; i < text.length; i++) digits = digits && digitOf(text[i]) >= 0;
    if (digits) {
      if (text.length > 4) return 0;
      for (i = 0; i < text.length; i++) sum = sum * 10 + digitOf(text[i]);
      return sum;
    }
    for (i = 0; i < text.length; i++) {
      var digit = digitOf(text[i]), unit = unitOf(text[i]);
      if (digit >= 0) {
        if (pending > 0) return 0;
        pending = digit;
      } else {
        if (unit === 0 || unit >= last || (pending < 1 && unit !== 10)) return 0;
        sum += (pending > 0 ? pending : 1) * unit;
        pending = -1;
        last = unit;
      }
    }
    sum += pending > 0 ? pending : 0;
    return sum <= 9999 ? sum : 0;
  }

  function label(article) {
    var two = article.split("_");
    return "第" + chinese(Number(two[0])) + "条" + (two[1] ? "之" + chinese(Number(two[1])) : "");
  }

  // ---------------------------------------------------------------- names of laws (names.rs)

  var STATE = "中华人民共和国";

  function bare(name) {
    return name.length > STATE.length && name.indexOf(STATE) === 0 ? name.slice(STATE.length) : name;
  }

  function isSubsequence(part, whole) {
    var i = 0;
    for (var j = 0; i < part.length && j < whole.length; j++) if (part[i] === whole[j]) i++;
    return i === part.length;
  }

  // How well a name fits a law that is called `known`: 100 the same, 0 not at all.
  function fits(name, known) {
    if (name === known) return 100;
    if (name.length < 2 || known.length < 2) return 0;
    if (known.indexOf(name) >= 0) return 80 + 10 * name.length / known.length;
    if (name[name.length - 1] === known[known.length - 1] && isSubsequence(name, known)) {
      return 60 + 15 * name.length / known.length + (name[0] === known[0] ? 5 : 0);
    }
    return 0;
  }

  // ---------------------------------------------------------------- references in a query (reference.rs)

  function blanks(text, at) { while (text[at] === " ") at++; return at; }

  function numerals(text, at) { while (at < text.length && isNumeral(text[at])) at++; return at; }

  // What a law calls itself.
  var OWN = ["本法", "本条例", "本办法", "本规定", "本解释", "本细则"];

  // What stands between articles of one law.
  var JOINTS = "、,和与及至到";

  // Whether other articles follow a number, the last with 条: 36、37条.
  function isListed(text, at) {
    for (; at < text.length && JOINTS.indexOf(text[at]) >= 0;) {
      at = blanks(text, at + 1);
      if (text[at] === "第") at = blanks(text, at + 1);
      var to = numerals(text, at);
      if (to === at) return false;
      at = blanks(text, to);
      if (text[at] === "条") return true;
    }
    return false;
  }

  // 第36条第1款第5项, 36条, 36(5) in a folded text, or null. Without 条 it is `sure` of nothing and must end the text.
  function reference(text) {
    for (var i = 0; i < text.length;) {
      var from = text[i] === "第" ? blanks(text, i + 1) : i, to = numerals(text, from);
      if (to === from) { i++; continue; }
      var article = to - from < 9 ? number(text.slice(from, to)) : 0, after = blanks(text, to);
      var found = { start: i, end: to, article: article, sub: 0, paragraph: 0, item: 0, sure: text[after] === "条" };
      if (article && !found.sure && isListed(text, after)) { found.sure = true; return found; }
      if (article && found.sure) {
        found.end = after + 1;
        if (text[found.end] === "之") {
          var end = numerals(text, found.end + 1);
          found.sub = number(text.slice(found.end + 1, end));
          if (found.sub) found.end = end;
        }
        parts(text, found);
        return found;
      }
      if (article) {
        parts(text, found);
        if (blanks(text, found.end) === text.length) return found;
      }
      i = to;
    }
    return null;
  }

  // 第1款第5项, 5项, (5) behind an article.
  function parts(text, found) {
    for (;;) {
      var at = blanks(text, found.end);
      if (text[at] === "的") at = blanks(text, at + 1);
      if (text[at] === "第") at = blanks(text, at + 1);
      var bracket = text[at] === "(";
      if (bracket) at = blanks(text, at + 1);
      var to = numerals(text, at), value = number(text.slice(at, to));
      if (!value) return;
      at = blanks(text, to);
      if (bracket) {
        if (text[at] !== ")") return;
        to = at + 1;
        at = blanks(text, to);
      }
      if (text[at] === "款" && !found.paragraph && !found.item) { found.paragraph = value; found.end = at + 1; }
      else if (text[at] === "项" && !found.item) { found.item = value; found.end = at + 1; }
      else if (bracket && !found.item) { found.item = value; found.end = to; }
      else return;
    }
  }

  // ---------------------------------------------------------------- the index of a small handbook (index.rs)

  // The natural logarithm from additions and multiplications only: the same bits on every machine.
  function ln(x) {
    var exponent = 0;
    while (x >= 2) { x /= 2; exponent++; }
    var y = (x - 1) / (x + 1), square = y * y, term = y, sum = 0;
    for (var k = 1; k < 40; k += 2) { sum += term / k; term *= square; }
    return 2 * sum + exponent * 0.6931471805599453;
  }

  function pair(a, b) { return (a << 16 | b) >>> 0; }

  // Where a key stands, or its empty place; there are 2^n places.
  function slot(keys, key) {
    var last = keys.length - 1, h = Math.imul(key ^ key >>> 15, 0x9e3779b1) >>> 0 & last;
    while (keys[h] && keys[h] !== key) h = h + 1 & last;
    return h;
  }

  // Numbers for tokens: a character is its own key, two in a row are one number of 32 bits.
  function Vocabulary() {
    var size = 1 << 18, used = 0, keys = new Uint32Array(size), ids = new Int32Array(size);
    var singles = new Int32Array(65536), count = 0;
    function grow() {
      var old = keys, of = ids;
      size *= 2;
      keys = new Uint32Array(size);
      ids = new Int32Array(size);
      for (var i = 0; i < old.length; i++) if (old[i]) { var h = slot(keys, old[i]); keys[h] = old[i]; ids[h] = of[i]; }
    }
    this.count = function () { return count; };
    this.tables = function () { return { keys: keys, ids: ids, singles: singles }; };
    this.number = function (key) {
      if (key < 65536) return singles[key] || (singles[key] = ++count);
      var h = slot(keys, key);
      if (keys[h]) return ids[h];
      if (++used * 2 > size) { grow(); h = slot(keys, key); }
      keys[h] = key;
      return ids[h] = ++count;
    };
  }

  // `docs`: [{ title, keywords, lines: [[anchor, text]] }]. Numbers only, so that a worker can hand them over.
  function index(table, docs, numbers) {
    var words = new Vocabulary(), n = docs.length, at = 0, total = 0, d, k;
    var stream = new Int32Array(1 << 20), starts = new Int32Array(n + 1), lengths = new Int32Array(n);
    function read(text, sign) {
      if (at + 2 * text.length > stream.length) {
        var wider = new Int32Array(2 * stream.length + 2 * text.length);
        wider.set(stream);
        stream = wider;
      }
      var before = 0, count = 0;
      for (var i = 0; i < text.length; i++) {
        var u = table[text.charCodeAt(i)];
        if (!isWord(u)) { before = 0; continue; }
        stream[at++] = sign * words.number(u);
        if (before) stream[at++] = sign * words.number(pair(before, u));
        before = u;
        count++;
      }
      return count;
    }
    for (d = 0; d < n; d++) {
      starts[d] = at;
      read(docs[d].title, -1);
      docs[d].keywords.forEach(function (word) { read(word, -1); });
      for (k = 0; k < docs[d].lines.length; k++) lengths[d] += read(docs[d].lines[k][1], 1);
      total += lengths[d];
    }
    starts[n] = at;
    var count = words.count(), seen = new Int32Array(count + 1).fill(-1), offsets = new Int32Array(count + 2), id;
    for (d = 0; d < n; d++) for (k = starts[d]; k < starts[d + 1]; k++) {
      id = Math.abs(stream[k]);
      if (seen[id] !== d) { seen[id] = d; offsets[id + 1]++; }
    }
    for (id = 1; id <= count + 1; id++) offsets[id] += offsets[id - 1];
    var documents = new Int32Array(offsets[count + 1]), weights = new Uint8Array(offsets[count + 1]);
    var next = offsets.slice(), body = new Int32Array(count + 1), title = new Int32Array(count + 1), touched = [];
    var average = Math.max(total, 1) / Math.max(n, 1);
    for (d = 0; d < n; d++) {
      touched.length = 0;
      for (k = starts[d]; k < starts[d + 1]; k++) {
        id = Math.abs(stream[k]);
        if (body[id] === 0 && title[id] === 0) touched.push(id);
        if (stream[k] < 0) title[id]++; else body[id]++;
      }
      var norm = 1 - numbers.b + numbers.b * lengths[d] / average;
      for (k = 0; k < touched.length; k++) {
        id = touched[k];
        var often = body[id] / norm + numbers.title * title[id];
        documents[next[id]] = d;
        weights[next[id]++] = Math.max(1, Math.floor(255 * often / (numbers.k1 + often) + 0.5));
        body[id] = title[id] = 0;
      }
    }
    var made = words.tables();
    made.offsets = offsets;
    made.documents = documents;
    made.weights = weights;
    return made;
  }

  // Answers, for a token, in how many documents it stands, and those that are most about it with 1 to 255 for how much.
  function reading(made, most) {
    return function (key) {
      var id = key < 65536 ? made.singles[key] : made.ids[slot(made.keys, key)];
      if (!id) return null;
      var from = made.offsets[id], to = made.offsets[id + 1];
      return cut(made.documents.subarray(from, to), made.weights.subarray(from, to), most);
    };
  }

  // No list is longer than `most`: the documents that are most about the token stay, the earlier of equals.
  function cut(documents, weights, most) {
    var df = documents.length;
    if (df <= most) return { df: df, documents: documents, weights: weights };
    var counts = new Int32Array(257), i, least = 255, kept = 0;
    for (i = 0; i < df; i++) counts[weights[i]]++;
    while (kept + counts[least] <= most) kept += counts[least--];
    var spare = most - kept, d = new Int32Array(most), w = new Uint8Array(most), at = 0;
    for (i = 0; i < df; i++) if (weights[i] > least || (weights[i] === least && spare-- > 0)) {
      d[at] = documents[i];
      w[at++] = weights[i];
    }
    return { df: df, documents: d, weights: w };
  }

  // ---------------------------------------------------------------- the engine

  // `store` is what a large handbook is read from, piece by piece; a small one comes whole in `shelf`. In a browser two
  // engines share the work: one, in a worker, makes only the "index" and hands it over, the other makes the "rest".
  function Engine(shelf, store, part) {
    var plainly = store ? spelling(shelf.alphabet) : null, classes = store ? shelf.classes.split("\n") : null;
    var pages = (store ? plainly(shelf.pages) : shelf.pages).split("\n").map(store ? headed : paged);
    var numbers = shelf.numbers, table = folding(shelf.traditional), laws = [], docs = [];
    var n = 0, postings = null, named = new Map(), says = new Map(), quiets = new Map();

    function fold(text) {
      var out = "";
      for (var i = 0; i < text.length; i++) out += String.fromCharCode(table[text.charCodeAt(i)]);
      return out;
    }
    // What a unit becomes in a run of words, or 0; and room for such a run.
    var kept = new Uint16Array(65536), units = new Uint16Array(8192);
    for (var unit = 0; unit < 65536; unit++) kept[unit] = isWord(table[unit]) ? table[unit] : 0;
    function dense(text) {
      var out = "", length = 0;
      for (var i = 0; i < text.length; i++) {
        if (length === units.length) { out += String.fromCharCode.apply(null, units); length = 0; }
        var u = kept[text.charCodeAt(i)];
        if (u) units[length++] = u;
      }
      return out + String.fromCharCode.apply(null, units.subarray(0, length));
    }

    var text = store ? null : shelf.text.split("\n"), at = 0, places = (store ? shelf.articles : shelf.places).split("\n");
    // Articles of which the handbook says nothing.
    var untitled = [];
    // Of a large handbook the places are those of several pages.
    pages.forEach(function (page, p) {
      var next = 1;
      page.first = n;
      page.articles = new Map();
      page.keys = [];
      function record(article, isUntitled) {
        if (isUntitled) untitled.push(n);
        if (article === "-") article = ""; else { next = Number(article.split("_")[0]) + 1; page.articles.set(article, n); }
        page.keys.push(article);
        n++;
      }
      places[store ? page.places : p].split(" ").forEach(function (word, nth) {
        if (store) {
          var mark = word[0] === "!", ends = word.slice(mark ? 1 : 0).split("~"), number = Number(ends[0]);
          if (ends.length === 1) record(ends[0], mark); else for (; number <= Number(ends[1]); number++) record(String(number), mark);
          return;
        }
        var two = word.split(":"), title = text[at++];
        var lines = anchors(two[two.length - 1]).map(function (anchor) { return [anchor, text[at++]]; });
        docs.push({ title: title, lines: lines, folded: null, keywords: nth === 0 ? (page.n || []).concat(page.w || []) : [] });
        var article = two.length > 1 ? two[0] : String(next);
        record(article, title === "" && article !== "-");
      });
      page.end = n;
      page.gone = page.s === shelf.old || page.s === shelf.repealed;
      page.said = page.w.map(dense);
      if (page.k === "law") {
        laws.push({ page: p, names: [page.t].concat(page.n || []).map(function (name) { return bare(dense(name)); }) });
      }
    });
    if (part === "index") { this.index = index(table, docs, numbers); return; }
    var pageOf = new Int32Array(n);
    pages.forEach(function (page, p) { pageOf.fill(p, page.first, page.end); });
    // Texts that are not in force are meant only where they are named with their year.
    laws.forEach(function (law) { if (pages[law.page].s === shelf.old) law.names.shift(); });
    laws.forEach(function (law) {
      law.names.forEach(function (name) {
        for (var i = 0; i + 1 < name.length; i++) {
          var key = pair(name.charCodeAt(i), name.charCodeAt(i + 1)), list = named.get(key) || [];
          if (list[list.length - 1] !== law.page) list.push(law.page);
          named.set(key, list);
        }
      });
    });
    var own = [];
    WORDS.split("\n").forEach(function (line) {
      var two = line.split(">"), means = (two[1] || "").split(" ");
      two[0].split(" ").forEach(function (say) {
        if (says.size < shelf.synonyms) own.push([say].concat(means));
        says.set(say, means);
      });
    });
    // Laws by each of their names.
    var exact = new Map();
    laws.forEach(function (law) {
      law.names.forEach(function (name) {
        var list = exact.get(name) || [];
        if (list[list.length - 1] !== law.page) list.push(law.page);
        exact.set(name, list);
      });
    });
    // Words that only ask, and whether only people do so: laws use some of them.
    shelf.quiet.forEach(function (word) { quiets.set(word, shelf.neutral.indexOf(word) < 0); });
    var longest = longestOf(says), quietest = longestOf(quiets), sayings = [], heard = new Map(), nth = 0;
    says.forEach(function (means, say) {
      // Less is made of words of no field.
      var share = nth++ < shelf.general ? 1 : numbers.general;
      if (say.length < numbers.said) return;
      for (var i = 0; i + 1 < say.length; i++) {
        var key = pair(say.charCodeAt(i), say.charCodeAt(i + 1)), known = heard.get(key);
        if (!known) heard.set(key, known = { sayings: [], tells: 0 });
        if (known.sayings[known.sayings.length - 1] !== sayings.length) known.sayings.push(sayings.length);
      }
      sayings.push({ say: say, means: means, line: means.join(" "), worth: 0, share: share });
    });
    var tells = [];
    heard.forEach(function (known) {
      var often = known.sayings.length;
      known.tells = tells[often] || (tells[often] = ln(1 + sayings.length / often));
    });
    var likeness = new Float64Array(sayings.length);
    this.index = store || part === "rest" ? null : index(table, docs, numbers);
    this.take = function (made) { postings = reading(made, numbers.postings); };
    if (store) postings = store.postings; else if (this.index) this.take(this.index);

    function list(text) { return text ? text.split("|") : []; }

    // Numbers to the base of 36, each as how much it is more than the one before.
    function rising(text) {
      var last = 0;
      return text ? text.split(" ").map(function (more) { return last += parseInt(more, 36); }) : [];
    }

    // A page as `data.rs` writes it.
    function paged(line) {
      var all = line.split("\t"), title = (all[3] || "").replace(/^~/, STATE);
      return {
        k: all[0], a: all[1], u: all[2] || "laws/" + all[1] + ".html", t: title,
        n: list(all[4]).map(function (name) { return name === "~" ? bare(title) : name; }),
        w: list(all[5]), s: all[6] || null, y: all[7] || null, o: list(all[8]), b: list(all[9]), cites: rising(all[10]),
      };
    }

    // A page as `parts.rs` writes it: what is only shown stands with its text.
    function headed(line) {
      var all = line.split("\t"), of = classes[parseInt(all[0], 36)].split("\t");
      var page = paged([of[0], "", "", all[2] || "", all[3] || "", "", of[1] || "", of[2] || "", of[3] || "", "", all[4] || ""].join("\t"));
      page.places = parseInt(all[1], 36);
      return page;
    }

    // A block of text: what is shown of the pages in it, then `count` records from `first` on.
    this.open = function (first, count, block) {
      var text = plainly(block).split("\n"), at = 0, d;
      for (d = first; d < first + count; d = pages[pageOf[d]].end) {
        var page = pages[pageOf[d]], all = text[at++].split("\t");
        page.a = all[0];
        page.u = all[1] || "laws/" + all[0] + ".html";
        page.said = list(all[2]).map(dense);
        page.b = list(all[3]);
      }
      for (d = first; d < first + count; d++) {
        var title = text[at++];
        docs[d] = { title: title, folded: null, lines: anchors(text[at++]).map(function (anchor) { return [anchor, text[at++]]; }) };
      }
    };

    // The words that may be offered.
    this.offer = function (content) {
      if (waiting) return;
      plainly(content[0]).split("\n").forEach(function (line, p) {
        var all = line.split("\t");
        if (pages[p].k !== "law") pages[p].t = all[0].replace(/^~/, STATE);
        pages[p].w = list(all[1]);
      });
      shelf.pinyin = content[1];
    };

    // What `data.rs` writes for the lines of a record.
    function anchors(steps) {
      var out = [], last = "";
      for (var i = 0; i < steps.length; i++) {
        var two = last.split("=");
        if (steps[i] === "+") last = two[0] + "=" + (Number(two[1] || 0) + 1);
        else if (steps[i] === "*") last = "-" + (Number(two[0].slice(1)) + 1);
        else if (steps[i] === "(") { var end = steps.indexOf(")", i); last = steps.slice(i + 1, end); i = end; }
        out.push(last);
      }
      return out;
    }

    // The laws that a name may mean: the best only.
    function lawsNamed(name) {
      var best = 0, found = [];
      name = bare(name);
      if (name.length >= 2) laws.forEach(function (law) {
        var score = 0;
        law.names.forEach(function (known) { score = Math.max(score, fits(name, known)); });
        if (score > best + 1) { best = score; found = []; }
        if (score > 0 && score >= best - 1) { best = Math.max(best, score); found.push(law.page); }
      });
      return { score: best, laws: found };
    }

    // ---------------------------------------------------------------- reading a query (query.rs)

    // Runs of words with their place: [start, text].
    function runs(text) {
      var out = [], start = -1;
      for (var i = 0; i <= text.length; i++) {
        var word = i < text.length && isWord(text.charCodeAt(i));
        if (word && start < 0) start = i;
        if (!word && start >= 0) { out.push([start, text.slice(start, i)]); start = -1; }
      }
      return out;
    }

    // For each pair of units how long the longest phrase is that begins with it.
    function longestOf(known) {
      var most = new Map();
      known.forEach(function (_, phrase) {
        if (phrase.length < 2) return;
        var key = pair(phrase.charCodeAt(0), phrase.charCodeAt(1));
        most.set(key, Math.max(most.get(key) || 0, phrase.length));
      });
      return most;
    }

    // The longest phrase at each place, from left to right.
    function phrases(text, known, most, visit) {
      for (var i = 0; i < text.length;) {
        var more = i + 1 < text.length ? most.get(pair(text.charCodeAt(i), text.charCodeAt(i + 1))) : 0;
        var length = Math.min(more || 1, text.length - i);
        while (length > 0 && !known.has(text.slice(i, i + length))) length--;
        if (length > 0) visit(i, i + length);
        i += Math.max(length, 1);
      }
    }

    // The tokens of a run that begins at `at` of the query: every `step`th pair, and single characters if wanted.
    function tokensOf(text, at, quiet, single, step) {
      var out = [], alone = single;
      for (var i = 0; i < text.length; i++) {
        single = text.length === 1 ? 1 : quiet[at + i] ? 0 : alone;
        if (single > 0) out.push({ key: text.charCodeAt(i), weight: single, start: at + i, end: at + i + 1, focus: false });
        if (i + 1 < text.length && i % step === 0) {
          var hushed = quiet[at + i] + quiet[at + i + 1];
          out.push({
            key: pair(text.charCodeAt(i), text.charCodeAt(i + 1)), start: at + i, end: at + i + 2, focus: false,
            weight: hushed === 2 ? numbers.quiet : hushed === 1 ? numbers.half : 1,
          });
        }
      }
      return out;
    }

    // What a pair of characters tells of a saying: less within words that only ask.
    function telling(key, hushed) {
      var known = heard.get(key);
      return known ? (hushed === 2 ? numbers.quiet_said : 1) * known.tells : 0;
    }

    function worthOfSaying(saying) {
      if (saying.worth) return saying.worth;
      var quiet = new Uint8Array(saying.say.length);
      phrases(saying.say, quiets, quietest, function (a, b) { quiet.fill(1, a, b); });
      for (var i = 0; i + 1 < saying.say.length; i++) {
        saying.worth += telling(pair(saying.say.charCodeAt(i), saying.say.charCodeAt(i + 1)), quiet[i] + quiet[i + 1]);
      }
      return saying.worth;
    }

    // The sayings that a run of words nearly holds, the likeliest first: { like, means }.
    function nearly(words, at, quiet) {
      var met = [], seen = new Set(), found = [];
      // Characters that stand together in a saying may stand a little apart: 贴了封条 for 贴封条.
      for (var step = 1; step <= numbers.gaps + 1; step++) for (var i = 0; i + step < words.length; i++) {
        var key = pair(words.charCodeAt(i), words.charCodeAt(i + step)), known = heard.get(key);
        if (!known || seen.has(key)) continue;
        seen.add(key);
        var tells = telling(key, quiet[at + i] + quiet[at + i + step]) * (step > 1 ? numbers.gap : 1), list = known.sayings;
        for (var k = 0; k < list.length; k++) {
          if (likeness[list[k]] === 0) met.push(list[k]);
          likeness[list[k]] += tells;
        }
      }
      met.forEach(function (nth) {
        var saying = sayings[nth], like = saying.share * likeness[nth] / worthOfSaying(saying);
        likeness[nth] = 0;
        if (like >= numbers.likeness) found.push({ nth: nth, like: Math.min(like, 1), order: like * saying.say.length, saying: saying });
      });
      return found.sort(function (a, b) { return b.order - a.order || a.nth - b.nth; });
    }

    // Asks for an article of some laws: of each if they are named, else of three.
    function refer(found, among, named, refs) {
      var article = found.article + (found.sub ? "_" + found.sub : ""), most = refs.length + 3;
      among.forEach(function (p) {
        var doc = pages[p].articles.get(article), usual = named || (refs.length < most && !pages[p].gone);
        if (doc !== undefined && usual && refs.indexOf(doc) < 0) refs.push(doc);
      });
    }

    function plan(query) {
      query = query.slice(0, numbers.units);
      var text = fold(query), found = reference(text), refs = [], focus = [], place = null, placed = 0;
      if (found) {
        var name = dense(text.slice(0, found.start)), match = lawsNamed(name), length = name.length;
        if (match.score === 0 && name[name.length - 1] === "的") match = lawsNamed(name.slice(0, -1));
        if (match.score === 0) {
          var before = runs(text.slice(0, found.start)), last = before.length ? before[before.length - 1][1] : "";
          match = lawsNamed(last);
          length = match.score > 0 ? last.length : 0;
        }
        var other = dense(text.slice(found.end)).length + name.length - length;
        var few = other <= (match.score > 0 ? numbers.beside : numbers.without);
        // 本法第九十一条 is a piece of a law's own text.
        var own = match.score === 0 && OWN.some(function (word) { return name.slice(-word.length) === word; });
        if (few && !own && (found.sure || match.score > 0 || other === 0)) {
          var among = match.score > 0 ? match.laws : laws.map(function (law) { return law.page; });
          refer(found, among, match.score > 0, refs);
          if (match.score > 0) focus = match.laws;
          place = { paragraph: found.paragraph, item: found.item };
          placed = refs.length;
          var read = text.slice(0, found.start) + " 第" + chinese(found.article) + "条 ", rest = text.slice(found.end), next;
          // Other articles behind it, of the same law unless they name another.
          while ((next = reference(rest)) && next.sure) {
            var between = dense(rest.slice(0, next.start)).replace(/^[和与及至到]/, ""), another = lawsNamed(between);
            if (between && another.score < 60) break;
            if (between) among = another.laws;
            refer(next, among, match.score > 0 || between !== "", refs);
            read += rest.slice(0, next.start) + " 第" + chinese(next.article) + "条 ";
            rest = rest.slice(next.end);
          }
          text = read + rest;
        }
      }
      var asked = runs(text), groups = [], plain = [], quiet = new Uint8Array(text.length), loud = 0, length = 0, meant = [], near = new Map(), spoken = false;
      asked.forEach(function (run) { length += run[1].length; });
      // A long query needs no single characters, and not every pair.
      var single = length <= numbers.short ? numbers.single : 0, step = Math.ceil(length / numbers.pairs) || 1;
      // A query that is nothing but the name of a law means the law.
      var whole = dense(text);
      if (!refs.length && endsAsLaw(whole)) {
        var named = lawsNamed(whole);
        if (named.score >= 60) refs = named.laws.map(function (p) { return pages[p].first; });
      }
      asked.forEach(function (run) {
        phrases(run[1], quiets, quietest, function (a, b) {
          quiet.fill(1, run[0] + a, run[0] + b);
          if (quiets.get(run[1].slice(a, b))) spoken = true;
        });
        for (var i = 0; i < run[1].length; i++) loud += 1 - quiet[run[0] + i];
      });
      // What is asked as people speak is looked for by what is nearly said, too.
      var asks = spoken && length <= numbers.asks, spare = numbers.sayings;
      if (loud === 0) quiet.fill(0);
      asked.forEach(function (run) {
        var at = run[0], words = run[1], spans = [], law = 0;
        // The run, or how it begins, names a law.
        var match = endsAsLaw(words) ? lawsNamed(words) : { score: 0, laws: [] };
        if (match.score >= 60) { focus = focus.concat(match.laws); law = words.length; }
        else for (var end = words.length - 1; end >= 2 && law === 0; end--) {
          var head = exact.get(bare(words.slice(0, end)));
          if (head) { focus = focus.concat(head); law = end; }
        }
        phrases(words, says, longest, function (a, b) { if (a >= law) spans.push([a, b, says.get(words.slice(a, b)), numbers.synonym]); });
        for (var i = 0; i < words.length;) {
          var j = numerals(words, i), value = j > i ? number(words.slice(i, j)) : 0;
          var apart = spans.every(function (span) { return span[1] < i || j < span[0]; });
          if (value && apart && words[i - 1] !== "第") {
            var after = Math.min(j + 1, words.length);
            var spelt = words[i] >= "0" && words[i] <= "9" ? chinese(value) : String(value);
            spans.push([i, after, [spelt + words.slice(j, after)], 1]);
          }
          i = Math.max(j, i + 1);
        }
        // Sayings are compared before `quiet` changes.
        if (asks && spare) {
          var known = meant.concat(spans.map(function (span) { return span[2].join(" "); }));
          nearly(words, at, quiet).some(function (found) {
            var saying = found.saying;
            if (known.indexOf(saying.line) >= 0) return false;
            known.push(saying.line);
            meant.push(saying.line);
            saying.means.slice(0, numbers.meanings).forEach(function (other) {
              for (var i = 0; i + 1 < other.length; i++) {
                var key = pair(other.charCodeAt(i), other.charCodeAt(i + 1)), token = near.get(key);
                if (!token && near.size < numbers.heard) near.set(key, token = { key: key, weight: 0, start: 0, end: 0, focus: false });
                if (token) token.weight += numbers.nearly * found.like;
              }
            });
            return --spare === 0;
          });
        }
        spans.forEach(function (span) { quiet.fill(0, at + span[0], at + span[1]); });
        tokensOf(words, at, quiet, single, step).forEach(function (token) {
          var inside = false, across = false;
          token.focus = token.end - at <= law;
          spans.forEach(function (span) {
            if (at + span[0] <= token.start && token.end <= at + span[1]) inside = true;
            else if (token.start < at + span[1] && at + span[0] < token.end) across = true;
          });
          if (across) token.weight *= numbers.across;
          if (!inside) plain.push(token);
        });
        spans.forEach(function (span) {
          var own = tokensOf(words.slice(span[0], span[1]), at + span[0], quiet, single, 1);
          var others = span[2].map(function (other) { return tokensOf(other, 0, new Uint8Array(other.length), 0, 1); });
          groups.push({ readings: [own].concat(others), scale: span[3] });
        });
      });
      return { typed: query.replace(/^[ \t\r\n\u3000]+|[ \t\r\n\u3000]+$/g, ""), asked: asked, plain: plain, near: Array.from(near.values()), groups: groups, focus: focus, refs: refs, place: place, placed: placed };
    }

    function endsAsLaw(name) {
      return shelf.endings.some(function (ending) { return name.length > ending.length && name.slice(-ending.length) === ending; });
    }

    function each(p, visit) {
      p.plain.forEach(visit);
      p.near.forEach(visit);
      p.groups.forEach(function (group) { group.readings.forEach(function (tokens) { tokens.forEach(visit); }); });
    }

    function keysOf(p) {
      var keys = new Set();
      each(p, function (token) { keys.add(token.key); });
      return Array.from(keys);
    }

    // ---------------------------------------------------------------- ranking (rank.rs)

    var score = new Float64Array(n), met = new Float64Array(n), stamp = new Int32Array(n), stamps = 0;
    var groupScore = new Float64Array(n), groupMet = new Float64Array(n);
    var partScore = new Float64Array(n), partMet = new Float64Array(n), isAsked = new Uint8Array(n);
    // Records that gained anything: all, those of a group, those of a reading.
    var touched = { docs: new Int32Array(n), length: 0 }, mine = { docs: new Int32Array(n), length: 0 }, part = { docs: new Int32Array(n), length: 0 };
    var scores = new Float64Array(n), covers = new Float64Array(n), left = new Int32Array(n);
    // Where a record stands among those that were touched.
    var where = new Int32Array(n), lents = new Float64Array(n);
    // What the page of a record makes of its score; 1: on the first page, 2: not in force, 4: the head of a law.
    var kindWeights = new Float64Array(n), standing = new Uint8Array(n);
    pages.forEach(function (page, p) {
      kindWeights.fill(numbers.kinds[page.k], page.first, page.end);
      standing.fill((p === 0 ? 1 : 0) | (page.gone ? 2 : 0), page.first, page.end);
      if (page.k === "law" && page.first < page.end) standing[page.first] |= 4;
    });
    untitled.forEach(function (d) { kindWeights[d] *= numbers.untitled; });

    var rarities = new Float64Array(n + 1);
    function idf(df) { return rarities[df] || (rarities[df] = ln(1 + (n - df + 0.5) / (df + 0.5))); }

    // Adds what tokens give to documents; answers the most that one document could get. Without `focus` the names of laws
    // give nothing.
    function add(tokens, scale, focus, score, met, touched) {
      var most = 0, none = [];
      for (var t = 0; t < tokens.length; t++) {
        var token = tokens[t], list = postings(token.key), among = focus ? named.get(token.key) || none : none, d, i;
        if (token.focus && focus.length) among = focus;
        if (!list && !among.length) continue;
        var gain = token.weight * scale * idf(list ? list.df : 0), mine = ++stamps;
        most += gain;
        if (list) {
          var documents = list.documents, weights = list.weights;
          for (i = 0; i < documents.length; i++) {
            d = documents[i];
            if (met[d] === 0) touched.docs[touched.length++] = d;
            score[d] += gain * weights[i] / 255;
            met[d] += gain;
            if (among.length) stamp[d] = mine;
          }
        }
        for (i = 0; i < among.length; i++) for (d = pages[among[i]].first; d < pages[among[i]].end; d++) {
          if (stamp[d] === mine) continue;
          if (met[d] === 0) touched.docs[touched.length++] = d;
          score[d] += gain * numbers.law / 255;
          met[d] += gain;
          stamp[d] = mine;
        }
      }
      return most;
    }

    // The most that tokens could give.
    function worth(tokens) {
      var sum = 0;
      for (var t = 0; t < tokens.length; t++) {
        var list = postings(tokens[t].key);
        if (list) sum += tokens[t].weight * idf(list.df);
      }
      return sum;
    }

    function valuesOf(page, facet) {
      return facet === "kind" ? [page.k] : facet === "outcome" ? page.o : facet === "year" ? (page.y ? [page.y] : []) : page.s ? [page.s] : [];
    }

    // The smallest of the `most` largest of these scores.
    function largest(found, most) {
      var top = new Float64Array(most), i, k;
      if (most > 64) {
        top = new Float64Array(found);
        for (i = 0; i < found; i++) top[i] = scores[left[i]];
        return top.sort()[found - most];
      }
      // The first is the smallest.
      top.fill(-Infinity);
      for (i = 0; i < found; i++) {
        var score = scores[left[i]];
        if (score <= top[0]) continue;
        for (k = 1; k < most && top[k] < score; k++) top[k - 1] = top[k];
        top[k - 1] = score;
      }
      return top[0];
    }

    // Pages cite articles, and letters belong to outcomes and rest on articles: what the best hits lead to gains.
    var lent = new Float64Array(n), belonging = new Map(), citing = new Map(), cited = new Int32Array(n);
    pages.forEach(function (page) {
      page.cites.forEach(function (d) { cited[d]++; });
      if (page.k !== "letter") return;
      page.o.forEach(function (outcome) { belonging.set(outcome, (belonging.get(outcome) || []).concat(page.first)); });
      page.cites.forEach(function (d) { citing.set(d, (citing.get(d) || []).concat(page.first)); });
    });

    // From how much lent on a record is counted.
    var led = Infinity;
    function link(count) {
      var docs = touched.docs, best = [], i, d, none = [], gained = [];
      var least = count > numbers.sources ? largest(count, numbers.sources) : 0;
      for (i = 0; i < count; i++) if (scores[i] > 0 && scores[i] >= least) best.push(docs[i]);
      best.sort(function (a, b) { return scores[where[b]] - scores[where[a]] || a - b; });
      best = best.slice(0, numbers.sources);
      function lend(d, worth) { if (lent[d] === 0) gained.push(d); lent[d] += worth; }
      best.forEach(function (source, nth) {
        var page = pages[pageOf[source]], worth = scores[where[source]];
        if (page.k === "law") {
          var letters = nth < numbers.grounds ? citing.get(source) || none : none;
          letters.forEach(function (d) { lend(d, numbers.ground * worth / letters.length); });
          return;
        }
        if (page.k !== "question") worth *= numbers.beyond;
        page.cites.forEach(function (d) {
          lend(d, numbers.cited * worth / Math.sqrt(page.cites.length) / Math.sqrt(Math.sqrt(cited[d])));
        });
        if (page.k !== "letter") page.o.forEach(function (outcome) {
          var letters = belonging.get(outcome) || none;
          letters.forEach(function (d) { lend(d, numbers.outcome * worth / page.o.length / Math.sqrt(letters.length)); });
        });
      });
      var most = best.length ? scores[where[best[0]]] : 0;
      led = most > 0 ? most * numbers.led : Infinity;
      gained.forEach(function (d) {
        if (where[d] >= count || docs[where[d]] !== d) {
          where[d] = count;
          docs[count] = d;
          scores[count] = covers[count] = 0;
          count++;
        }
        i = where[d];
        lents[i] = Math.min(lent[d], most * (pages[pageOf[d]].k === "law" ? numbers.most_cited : numbers.most_letter));
        scores[i] += lents[i];
        lent[d] = 0;
      });
      return count;
    }

    function rank(p, options) {
      touched.length = 0;
      var total = add(p.plain, 1, p.focus, score, met, touched) + add(p.near, 1, null, score, met, touched), i, d;
      p.groups.forEach(function (group) {
        // An everyday word says no more where it stands itself than what it means.
        var most = 0, own = worth(group.readings[0]), meant = 0;
        for (var r = 1; r < group.readings.length; r++) meant = Math.max(meant, worth(group.readings[r]));
        var first = meant > 0 && meant < own ? meant / own : 1;
        mine.length = 0;
        group.readings.forEach(function (tokens, nth) {
          part.length = 0;
          most = Math.max(most, add(tokens, nth ? group.scale : first, [], partScore, partMet, part));
          for (var k = 0; k < part.length; k++) {
            var d = part.docs[k];
            if (groupMet[d] === 0) mine.docs[mine.length++] = d;
            if (partScore[d] > groupScore[d]) { groupScore[d] = partScore[d]; groupMet[d] = partMet[d]; }
            partScore[d] = partMet[d] = 0;
          }
        });
        for (var k = 0; k < mine.length; k++) {
          var d = mine.docs[k];
          if (met[d] === 0) touched.docs[touched.length++] = d;
          score[d] += groupScore[d];
          met[d] += groupMet[d];
          groupScore[d] = groupMet[d] = 0;
        }
        total += most;
      });
      var real = touched.length, asked = p.refs;
      asked.forEach(function (d) { isAsked[d] = 1; if (met[d] === 0) { touched.docs[touched.length++] = d; met[d] = total || 1; } });
      var best = 0, all = touched.docs, count = touched.length;
      for (i = 0; i < count; i++) {
        d = all[i];
        var cover = total > 0 ? met[d] / total : 1, value = score[d] * cover * Math.sqrt(cover) * kindWeights[d], stands = standing[d];
        if (stands) {
          if (stands & 1) value *= numbers.home;
          if (stands & 2) value *= numbers.old;
          if (stands & 4) value *= numbers.head;
        }
        covers[i] = cover;
        scores[i] = value;
        lents[i] = 0;
        where[d] = left[i] = i;
        if (i < real && cover > best) best = cover;
        score[d] = met[d] = 0;
      }
      count = link(count);
      // What hardly touches the question, and to which nothing leads, is shown where there is nothing better, and never
      // counted. All that a filter looks at belongs to the page.
      var bound = numbers.counted * Math.min(best, 1), on = new Int32Array(pages.length);
      var names = ["kind", "outcome", "year", "state"], counted = 0, found = 0, whole = 0;
      var filters = names.filter(function (facet) { return options[facet]; });
      function failed(page) {
        return filters.filter(function (facet) { return valuesOf(page, facet).indexOf(options[facet]) < 0; });
      }
      var open = filters.length ? Uint8Array.from(pages, function (page) { return failed(page).length === 0 ? 1 : 0; }) : null;
      for (i = 0; i < count; i++) {
        var page = pageOf[all[i]], counts = covers[i] >= bound || lents[i] >= led || isAsked[all[i]];
        if (counts) on[page]++;
        if (open && !open[page]) continue;
        if (counts) counted++;
        left[found++] = i;
        if (covers[i] >= best * 0.999) whole++;
      }
      // The rows of filters are drawn after the hits.
      function facets() {
        var found = { kind: new Map(), outcome: new Map(), year: new Map(), state: new Map() };
        pages.forEach(function (page, nth) {
          if (!on[nth]) return;
          var without = failed(page);
          if (without.length < 2) names.forEach(function (facet) {
            if (without.length === 0 || without[0] === facet) valuesOf(page, facet).forEach(function (value) {
              found[facet].set(value, (found[facet].get(value) || 0) + on[nth]);
            });
          });
        });
        names.forEach(function (facet) {
          found[facet] = Array.from(found[facet]);
          found[facet].sort(function (a, b) { return b[1] - a[1] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0); });
        });
        return found;
      }
      // What meets the query most is looked at closely too, unless everything does.
      var few = whole <= numbers.whole;
      // Only the first are put in order.
      var most = Math.max(numbers.checked, options.limit || 10), least = -1;
      if (found > 2 * most) least = largest(found, most);
      var hits = [];
      for (i = 0; i < found; i++) {
        d = all[left[i]];
        if (scores[left[i]] >= least || isAsked[d] || (few && covers[left[i]] >= best * 0.999)) hits.push({ doc: d, score: scores[left[i]], cover: covers[left[i]], lent: lents[left[i]] });
      }
      asked.forEach(function (d) { isAsked[d] = 0; });
      hits.sort(function (a, b) { return b.score - a.score || a.doc - b.doc; });
      var closely = Math.min(numbers.checked, hits.length);
      if (few) {
        var also = hits.slice(numbers.checked).filter(function (hit) { return hit.cover >= best * 0.999; }).slice(0, numbers.also);
        hits = hits.slice(0, numbers.checked).concat(also, hits.slice(numbers.checked).filter(function (hit) { return also.indexOf(hit) < 0; }));
        closely += also.length;
      }
      return { hits: hits, closely: closely, found: found, total: counted, facets: facets };
    }

    // ---------------------------------------------------------------- the best, looked at closely (finish.rs)

    // Marks of the pairs of a text, by which most of what does not stand in it is known.
    function pairsOf(text) {
      var marks = new Int32Array(128);
      for (var i = 0; i + 1 < text.length; i++) {
        var h = text.charCodeAt(i) * 31 + text.charCodeAt(i + 1);
        marks[h >> 5 & 127] |= 1 << (h & 31);
      }
      return marks;
    }
    // Whether the pair at `i` of a word may stand in a text with these marks.
    function isMarked(marks, word, i) {
      var h = word.charCodeAt(i) * 31 + word.charCodeAt(i + 1);
      return (marks[h >> 5 & 127] & 1 << (h & 31)) !== 0;
    }

    // A record with its text as it is compared: made once.
    function folded(doc) {
      if (!doc.folded) {
        doc.head = dense(doc.title);
        doc.folded = doc.head + " " + dense(doc.lines.map(function (line) { return line[1]; }).join(""));
        doc.marks = pairsOf(doc.folded);
      }
      return doc;
    }

    // Length of the longest piece of `part` that stands in a text.
    function common(part, text, marks) {
      var best = 0, length = part.length, runs = new Uint16Array(length + 1), i;
      // How many pairs from here on may stand in the text.
      for (i = length - 2; i >= 0; i--) if (isMarked(marks, part, i)) runs[i] = runs[i + 1] + 1;
      for (i = 0; i + best < length; i++) {
        if (runs[i] < best) continue;
        var at = text.indexOf(part.slice(i, i + best + 1));
        while (at >= 0) {
          best++;
          while (i + best < length && part[i + best] === text[at + best]) best++;
          at = i + best < length && runs[i] >= best ? text.indexOf(part.slice(i, i + best + 1), at + 1) : -1;
        }
      }
      return best;
    }

    // Which share of the pairs of a word stands in a text; of a single character whether it does.
    function share(word, text, marks) {
      var all = Math.max(word.length, 2) - 1, there = 0;
      for (var i = 0; i < all; i++) if ((word.length < 2 || isMarked(marks, word, i)) && text.indexOf(word.slice(i, i + 2)) >= 0) there++;
      return there / all;
    }

    // By how much a hit gains when its text is read: the more of the query stands in it as it was typed.
    function closely(p, hit) {
      var doc = folded(docs[hit.doc]), page = pages[pageOf[hit.doc]];
      // With its punctuation, too.
      function isVerbatim() { return doc.lines.some(function (line) { return line[1].indexOf(p.typed) >= 0; }); }
      function factor(words) {
        var joined = words.join(""), pieces = 0;
        words.forEach(function (word) { pieces += common(word, doc.folded, doc.marks); });
        var together = words.length > 1 ? common(joined, doc.folded, doc.marks) : pieces;
        var found = words.length > 1 ? Math.max(numbers.apart * pieces, together) : pieces;
        var whole = joined ? found / joined.length : 0, gain = 1 + numbers.piece * whole * whole;
        if (joined && together === joined.length) { gain += numbers.exact; if (isVerbatim()) gain += numbers.verbatim; }
        else if (joined && pieces === joined.length) gain += numbers.every;
        else if (whole >= numbers.apart) gain += numbers.exact * numbers.loose;
        if (words.length > 1 && pieces < joined.length && words.every(function (word) { return word.length <= numbers.term; })) {
          gain += numbers.balance * words.reduce(function (least, word) { return Math.min(least, share(word, doc.folded, doc.marks)); }, 1);
        }
        var same = doc.head === joined || bare(doc.head) === joined;
        if (page.k !== "law") same = same || page.said.indexOf(joined) >= 0;
        return joined && same ? gain + numbers.same : gain;
      }
      var words = p.asked.map(function (run) { return run[1]; }), other = words.map(respelt);
      // What was lent is not what stands in the text.
      hit.score = hit.lent + (hit.score - hit.lent) * Math.max(factor(words), other.join(" ") === words.join(" ") ? 0 : factor(other));
    }

    // The same with its numbers in the other spelling: 20个 as 二十个.
    function respelt(words) {
      var out = "";
      for (var i = 0; i < words.length;) {
        var j = numerals(words, i), value = j > i ? number(words.slice(i, j)) : 0, next = Math.max(j, i + 1);
        out += !value || words[i - 1] === "第" ? words.slice(i, next) : words[i] >= "0" && words[i] <= "9" ? chinese(value) : String(value);
        i = next;
      }
      return out;
    }

    // The hits that were asked for by name or number.
    function askedFor(p, hits) {
      var first = [];
      p.refs.forEach(function (d) { hits.forEach(function (hit) { if (hit.doc === d) first.push(hit); }); });
      return first;
    }

    function wanted(ranked, options) { return Math.min(options.limit || 10, Math.max(ranked.total, 10)); }

    // The records whose text is read.
    function needed(p, ranked, options) {
      var most = wanted(ranked, options), first = askedFor(p, ranked.hits).slice(0, most);
      var top = first.length < most ? ranked.hits.slice(0, Math.max(ranked.closely, most)) : [];
      return top.concat(first).map(function (hit) { return hit.doc; });
    }

    function finish(p, ranked, options) {
      var hits = ranked.hits, top = hits.slice(0, ranked.closely), most = wanted(ranked, options), first = askedFor(p, hits);
      // What is asked for by name or number goes before everything else, and may leave no room for it.
      if (first.length < most) top.forEach(function (hit) { closely(p, hit); });
      top.sort(function (a, b) { return b.score - a.score || a.doc - b.doc; });
      hits = top.concat(hits.slice(ranked.closely));
      first.forEach(function (hit) { hit.score = numbers.reference - p.refs.indexOf(hit.doc); });
      hits = first.concat(hits.filter(function (hit) { return first.indexOf(hit) < 0; }));
      if (!first.length) inPlainWords(hits);
      return hits.slice(0, most);
    }

    // Among the first three is a page that speaks as people speak, if there is one worth it.
    function inPlainWords(hits) {
      function isPlain(hit) { var kind = pages[pageOf[hit.doc]].k; return kind === "question" || kind === "guide"; }
      var nth = 0;
      while (nth < hits.length && nth < 10 && !isPlain(hits[nth])) nth++;
      if (nth < 3 || nth === 10 || nth === hits.length || hits[nth].score < numbers.plain * hits[2].score) return;
      var raised = hits.splice(nth, 1)[0];
      raised.score = hits[2].score;
      hits.splice(2, 0, raised);
    }

    function nthOf(list, value) { var nth = list.indexOf(value); return nth < 0 ? list.length : nth; }

    function shown(p, hit, nth) {
      var doc = docs[hit.doc], page = pages[pageOf[hit.doc]], article = page.keys[hit.doc - page.first];
      var cut = snippet(p, doc, nthOf(p.refs, hit.doc) < p.placed ? p.place : null);
      var base = page.a + (article ? "-art-" + article : "");
      var anchor = cut.anchor[0] === "#" ? cut.anchor.slice(1) : base + cut.anchor.replace("=", "-");
      return {
        rank: nth + 1, score: hit.score, kind: page.k, law: page.k === "law" ? page.t : null,
        title: article ? label(article) + (doc.title ? "　" + doc.title : "") : doc.title,
        article: article ? label(article) : null, url: page.u + "#" + anchor,
        snippet: cut.text, marks: cut.marks, badges: page.b || [], state: page.s || null, year: page.y || null,
      };
    }

    // What the tokens of a query are worth in a snippet, and which characters they begin with.
    var begins = new Uint8Array(65536), begun = null;
    function gainsOf(p) {
      if (begun === p) return;
      if (begun) begun.gains.forEach(function (_, key) { begins[beginning(key)] = 0; });
      begun = p;
      p.gains = new Map();
      each(p, function (token) {
        if (token.key < 65536 && token.weight !== 1) return;
        var list = postings(token.key), gain = token.weight * idf(list ? list.df : 0), before = p.gains.get(token.key);
        if (!before) p.gains.set(token.key, { gain: gain, length: token.key < 65536 ? 1 : 2, line: 0 });
        else if (gain > before.gain) before.gain = gain;
        begins[beginning(token.key)] = 1;
      });
    }

    // The first character of a token.
    function beginning(key) { return key < 65536 ? key : key >>> 16; }

    var line = 0;
    // What the different tokens of a text are worth together; their places too, if wanted.
    function worthOf(p, text, places) {
      var gains = p.gains, starts = begins, sum = 0;
      line++;
      for (var i = 0; i < text.length; i++) {
        var a = table[text.charCodeAt(i)];
        if (starts[a] === 0) continue;
        var b = i + 1 < text.length ? table[text.charCodeAt(i + 1)] : 0;
        var found = (isWord(a) && isWord(b) && gains.get(pair(a, b))) || gains.get(a);
        if (!found) continue;
        if (found.line !== line) { found.line = line; sum += found.gain; }
        if (places) places.push([i, i + found.length, found.gain]);
      }
      return sum;
    }

    // The line that says most of what was asked, cut around it.
    function snippet(p, doc, place) {
      gainsOf(p);
      var best = null, most = -1, places = [];
      doc.lines.forEach(function (line) {
        var sum = place && isAt(line[0], place) ? 1e9 : worthOf(p, line[1], null);
        if (sum > most) { most = sum; best = line; }
      });
      if (!best) return { anchor: "", text: "", marks: [] };
      worthOf(p, best[1], places);
      return around(best, places);
    }

    // Whether a line's anchor (-2 for 第二款, =3 for 第三项, -2=3) is the 款 or 项 that was asked for.
    function isAt(anchor, place) {
      var two = anchor.split("="), item = two[1] || "";
      if (place.item) return item === String(place.item) && (!place.paragraph || two[0] === "-" + place.paragraph || (two[0] === "" && place.paragraph === 1));
      return place.paragraph > 0 && two[0] === "-" + place.paragraph;
    }

    function around(line, places) {
      var text = line[1], width = numbers.snippet, from = 0;
      if (text.length > width) {
        var most = -1;
        places.forEach(function (start, nth) {
          var sum = 0;
          for (var k = nth; k < places.length && places[k][1] <= start[0] + width; k++) sum += places[k][2];
          if (sum > most) { most = sum; from = start[0]; }
        });
        from = Math.max(0, Math.min(from - numbers.lead, text.length - width));
        if (from > 0 && isHalf(text.charCodeAt(from))) from--;
      }
      var to = Math.min(text.length, from + width);
      if (to < text.length && isHalf(text.charCodeAt(to))) to--;
      var before = from > 0 ? "…" : "", marks = [];
      places.forEach(function (found) {
        if (found[0] < from || found[1] > to) return;
        var last = marks[marks.length - 1], start = found[0] - from + before.length, end = found[1] - from + before.length;
        if (last && start <= last[1]) last[1] = Math.max(last[1], end); else marks.push([start, end]);
      });
      return { anchor: line[0], text: before + text.slice(from, to) + (to < text.length ? "…" : ""), marks: marks };
    }

    // The second half of a rare character.
    function isHalf(u) { return u >= 0xdc00 && u <= 0xdfff; }

    // ---------------------------------------------------------------- pinyin and suggestions (words.rs)

    // Every name, keyword and synonym, and for each pair of characters those that hold it, once for each time.
    var waiting = null, known = [], holders = new Map();
    // Takes up `most` more of them.
    function vocabulary(most) {
      if (!waiting) {
        var all = new Set();
        pages.forEach(function (page) {
          (page.n || []).concat(page.w || [], page.o || [], page.k === "law" ? [] : [page.t]).forEach(function (word) { all.add(word); });
        });
        // The agency's own words come first.
        own.forEach(function (group) { group.forEach(function (word) { all.add(word); }); });
        waiting = Array.from(all).reverse();
      }
      for (; most > 0 && waiting.length > 0; most--) {
        var word = waiting.pop(), text = dense(word);
        for (var i = 0; i + 1 < text.length; i++) {
          var key = pair(text.charCodeAt(i), text.charCodeAt(i + 1)), list = holders.get(key);
          if (list) list.push(known.length); else holders.set(key, [known.length]);
        }
        if (text.length > 1) known.push({ word: word, text: text, sounds: null });
      }
      return known;
    }

    var syllables = null;
    // How the characters of a word may sound.
    function soundsOf(entry) {
      if (!syllables) {
        syllables = new Map();
        shelf.pinyin.split(" ").forEach(function (line) {
          var letters = line.match(/^[a-z]*/)[0];
          for (var i = letters.length; i < line.length; i++) syllables.set(line[i], (syllables.get(line[i]) || []).concat(letters));
        });
      }
      return entry.sounds || (entry.sounds = entry.text.split("").map(function (c) { return syllables.get(c) || [c]; }));
    }

    // Whether letters are the initials of a word, or of its beginning.
    function initials(sounds, letters) {
      if (letters.length > sounds.length) return false;
      for (var i = 0; i < letters.length; i++) {
        if (!sounds[i].some(function (sound) { return sound[0] === letters[i]; })) return false;
      }
      return true;
    }

    // How many characters letters spell, each by its initial or in full: reached[i] are the letters used after i of them.
    function spells(sounds, letters) {
      var reached = [0], i;
      for (i = 0; i < sounds.length && reached.length; i++) {
        if (reached.indexOf(letters.length) >= 0) return i;
        var next = [];
        sounds[i].forEach(function (sound) {
          reached.forEach(function (at) {
            if (letters.substr(at, sound.length) === sound && next.indexOf(at + sound.length) < 0) next.push(at + sound.length);
            if (letters[at] === sound[0] && next.indexOf(at + 1) < 0) next.push(at + 1);
          });
        });
        reached = next;
      }
      return reached.indexOf(letters.length) >= 0 ? i : 0;
    }

    function lettersOf(query) { return fold(query).replace(/[ ']/g, ""); }

    function isPinyin(query) { return /^[a-z]{2,40}$/.test(lettersOf(query)); }

    // What letters may stand for, the likeliest first.
    function spelt(query) {
      if (!isPinyin(query)) return [];
      var letters = lettersOf(query), found = [];
      vocabulary(Infinity).forEach(function (entry, nth) {
        var begins = initials(soundsOf(entry), letters), length = begins ? letters.length : spells(soundsOf(entry), letters);
        var whole = length === entry.text.length;
        var rank = length === 0 || (!whole && letters.length < 3) ? 9 : whole ? (begins ? 0 : 1) : (begins ? 2 : 3);
        if (rank < 9) found.push([rank, entry.text.length, nth, entry.word]);
      });
      found.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]; });
      return found.map(function (entry) { return entry[3]; });
    }

    // Other words worth trying: those that share most pairs of characters with the query.
    function near(query) {
      var text = dense(query.slice(0, numbers.units)), pairs = new Set(), found = [], words = vocabulary(Infinity), shared = new Int32Array(words.length);
      for (var i = 0; i + 1 < text.length; i++) pairs.add(pair(text.charCodeAt(i), text.charCodeAt(i + 1)));
      pairs.forEach(function (key) { (holders.get(key) || []).forEach(function (nth) { shared[nth]++; }); });
      words.forEach(function (entry, nth) {
        if (shared[nth] > 0 && entry.text !== text) found.push([shared[nth] / (entry.text.length - 1), nth, entry.word]);
      });
      found.sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; });
      return found.slice(0, 6).map(function (entry) { return entry[2]; });
    }

    // ---------------------------------------------------------------- the whole way

    // What a query asks for: letters are read as pinyin first.
    function asking(query) {
      var words = spelt(query), reading = words.length ? words[0] : null;
      return { query: query, others: words.slice(1, 7), reading: reading, plan: plan(reading === null ? query : reading) };
    }

    function isPoor(ranked) { return ranked.found < 3 || ranked.hits[0].cover < 0.5; }

    function answer(q, ranked, options) {
      var p = q.plan, all = finish(p, ranked, options), now = Math.min(options.now || all.length, all.length), facets = null, suggestions = null;
      function some(from, to) { return all.slice(from, to).map(function (hit, nth) { return shown(p, hit, from + nth); }); }
      return {
        hits: some(0, now), count: all.length, rest: function () { return some(now, all.length); },
        total: ranked.total, reading: q.reading,
        get facets() { return facets || (facets = ranked.facets()); },
        get suggestions() { return suggestions || (suggestions = q.reading !== null ? q.others : isPoor(ranked) ? near(q.query) : []); },
      };
    }

    // options: limit, and values of kind, outcome, year, state that a hit must have; `now` many of the `count` hits are read
    // for what to show, the others by rest(). A promise where there is a store.
    this.search = function (query, options) {
      options = options || {};
      if (!store) {
        var q = asking(query);
        return answer(q, rank(q.plan, options), options);
      }
      var self = this, ranked = null;
      return (isPinyin(query) ? store.read(null, self) : Promise.resolve()).then(function () {
        q = asking(query);
        return store.load(keysOf(q.plan));
      }).then(function () {
        ranked = rank(q.plan, options);
        var offers = q.reading === null && isPoor(ranked) ? store.read(null, self) : null;
        return Promise.all([store.read(needed(q.plan, ranked, options), self), offers]);
      }).then(function () { return answer(q, ranked, options); });
    };
    this.size = n;

    // Of a small handbook: does `most` more of what the first questions would wait for; last it asks questions that are cut
    // out of the handbook's own text, one at a time, because a browser runs code faster that it has run before. Answers
    // whether there is more.
    var prepared = 0, practised = 0, self = this;
    function prepareNext() {
      if (prepared < n) return folded(docs[prepared]);
      if (prepared < n + sayings.length) return worthOfSaying(sayings[prepared - n]);
      vocabulary(1).slice(-1).forEach(soundsOf);
    }
    function practise() {
      var doc = docs[Math.floor(n * practised / PRACTICE)], line = doc.lines.length > 0 ? doc.lines[0][1] : doc.title;
      self.search([doc.title, line.slice(0, 12), line.slice(4, 8)][practised++ % 3], { limit: 20 });
    }
    if (!store) this.prepare = function (most) {
      var isReady = prepared >= n + sayings.length && waiting !== null && waiting.length === 0;
      if (isReady && practised < PRACTICE && n > 0) practise();
      for (; most > 0 && !isReady; most--, prepared++) prepareNext();
      return !isReady || (practised < PRACTICE && n > 0);
    };
  }

  // ---------------------------------------------------------------- a large handbook, read piece by piece (parts.rs)

  // The number of a character of ASCII: all but quotes and backslashes count.
  function digit(code) { return code - 0x20 - (code > 0x22 ? 1 : 0) - (code > 0x5c ? 1 : 0); }

  // Numbers as bits, thirteen in two characters.
  function Bits(text) {
    var at = 0, held = 0, count = 0;
    function take(bits) {
      if (bits > 16) return take(16) + take(bits - 16) * 65536;
      while (count < bits) {
        held |= digit(text.charCodeAt(at)) + 93 * digit(text.charCodeAt(at + 1)) << count;
        at += 2;
        count += 13;
      }
      var value = held & (1 << bits) - 1;
      held >>>= bits;
      count -= bits;
      return value;
    }
    // A number written in the exponential Golomb code.
    function number(k) {
      var more = 0;
      while (take(1)) more++;
      var high = take(more) + (1 << more) - 1;
      return high * (1 << k) + take(k);
    }
    this.take = take;
    this.number = number;
    // Rising numbers of 32 bits, in halves.
    this.keys = function () {
      var keys = [], high = 0, low = 0;
      for (var left = number(8); left > 0; left--) {
        var more = number(2);
        low = number(9) + (more ? 0 : low);
        high += more;
        keys.push(pair(high, low));
      }
      return keys;
    };
    // The postings of a token.
    this.list = function (width, most) {
      var df = number(0) + 1, length = Math.min(df, most), documents = new Int32Array(length), weights = new Uint8Array(length);
      var few = length < 4, gaps = few ? 0 : take(4), over = few ? 0 : take(3), least = few ? 0 : take(8), last = -1;
      for (var i = 0; i < length; i++) {
        documents[i] = last += 1 + (few ? take(width) : number(gaps));
        weights[i] = least + (few ? take(8) : number(over));
      }
      return { df: df, documents: documents, weights: weights };
    };
  }

  // Gives texts the spelling that `parts.rs` took from them: common characters are short there.
  function spelling(alphabet) {
    var table = [], next = 0;
    function codes(from, to) {
      for (var code = from; code <= to; code++) if (code !== 0x22 && code !== 0x5c && code !== 0xad && next < alphabet.length) table[code] = alphabet[next++];
    }
    codes(0x20, 0x7e);
    codes(0xa1, 0x2ff);
    codes(0x370, 0x58f);
    return function (text) {
      var out = "";
      for (var i = 0; i < text.length; i++) out += table[text.charCodeAt(i)] || text[i];
      return out;
    };
  }

  // `load` takes the path of a script below the handbook and gives a promise of what the script hands over.
  function Store(shelf, load) {
    var counts = new Bits(shelf.blocks), blocks = [0], lists = new Map(), pending = new Map(), opened = new Set(), long = new Map();
    for (var left = counts.number(12); left > 0; left--) blocks.push(blocks[blocks.length - 1] + counts.number(3));
    var width = 32 - Math.clz32(blocks[blocks.length - 1]);
    new Bits(shelf.long).keys().forEach(function (key, nth) { long.set(key, nth); });

    // The block of a record.
    function place(doc) {
      var low = 0, high = blocks.length;
      while (low < high) { var mid = low + high >> 1; if (blocks[mid] <= doc) low = mid + 1; else high = mid; }
      return low - 1;
    }
    // Loads a part, and hands it to `open` when it comes for the first time.
    function once(kind, number, open) {
      var path = "search/" + kind + "/" + ("0000" + number).slice(-5) + ".js";
      if (!pending.has(path)) {
        pending.set(path, load(path).catch(function (error) { pending.delete(path); throw error; }));
      }
      return pending.get(path).then(function (content) {
        if (opened.has(path)) return;
        opened.add(path);
        open(content);
      });
    }
    function all(numbers, visit) { return Promise.all(Array.from(numbers).map(visit)); }

    this.postings = function (key) { return lists.get(key) || null; };
    this.load = function (keys) {
      var rests = new Set();
      keys.forEach(function (key) { if (!long.has(key)) rests.add(key % shelf.parts); });
      var short = all(rests, function (rest) {
        return once("p", rest, function (text) {
          var bits = new Bits(text), left = bits.number(6), k = bits.take(4), quotient = 0;
          for (; left > 0; left--) {
            quotient += bits.number(k);
            lists.set(quotient * shelf.parts + rest, bits.list(width, shelf.numbers.postings));
          }
        });
      });
      return Promise.all([short, all(keys.filter(function (key) { return long.has(key); }), function (key) {
        return once("l", long.get(key), function (text) { lists.set(key, new Bits(text).list(width, shelf.numbers.postings)); });
      })]);
    };
    // The texts of records, or without any the words that may be offered.
    this.read = function (docs, engine) {
      if (!docs) return once("w", 0, function (content) { engine.offer(content); });
      return all(new Set(docs.map(place)), function (number) {
        return once("t", number, function (text) { engine.open(blocks[number], blocks[number + 1] - blocks[number], text); });
      });
    };
  }

  return { Engine: Engine, Store: Store };
}
if (typeof module !== "undefined") module.exports = gongkaiSearchEngine;
