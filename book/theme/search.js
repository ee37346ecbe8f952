/*
 * The search box: opens with / or s, results while typing, and the words found
 * marked on the page that is reached.
 *
 * What is found and in which order is search/engine.js, the texts stand in
 * search/data.js; `gongkai build` writes both, and they are fetched when the box
 * is first opened. The engine runs in a worker made from its own source; where
 * no worker can be made (a strict content security policy, an old browser), it
 * runs here. At most one question is under way, and the newest one is next:
 * typing never waits.
 *
 * Plain ES2019 for browsers as old as Chromium 80 and Firefox 78, http:// and
 * file:// alike. No fetch, no eval, no inline handler; text only as text.
 * Nothing leaves the computer; the last searches are kept in this browser only.
 */
(function () {
    'use strict';

    const menu = document.getElementById('mdbook-menu-bar');
    // The whole book on one page is for the printer.
    if (!menu || /\/print\.html$/.test(location.pathname)) {
        return;
    }

    const KINDS = [
        ['law', '法规'],
        ['question', '问答'],
        ['case', '案例'],
        ['letter', '文书'],
        ['policy', '政策'],
        ['guide', '指南'],
        ['tool', '工具'],
        ['practice', '练习'],
    ];
    const FACETS = [
        ['outcome', '处理结果'],
        ['year', '年份'],
        ['state', '效力'],
    ];
    const FILTERS = ['kind', 'outcome', 'year', 'state'];
    const EXAMPLES = ['重复申请', '信息不存在', '答复期限', '商业秘密 征求意见', '条例第36条', '复议机关'];
    const SECTIONS = [
        ['laws/index.html', '法规'],
        ['questions/index.html', '问答'],
        ['cases/index.html', '案例'],
        ['letters/index.html', '文书'],
        ['policies/index.html', '政策'],
    ];
    const STEP = 20; // hits at a time
    const SEEN = 2; // of them at once, the others as soon as nobody types
    const LONGEST = 200; // of a question that is sent to the engine, kept or put into an address
    const MOST_RECENT = 8;
    const RECENT = 'gongkai-search-recent';

    const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
    const make = (name, className, text) => {
        const node = document.createElement(name);
        if (className) {
            node.className = className;
        }
        if (text) {
            node.textContent = text;
        }
        return node;
    };
    // Over the text that stands there: a node that stays costs less than a new one.
    const write = (node, text) => {
        const only = node.firstChild;
        if (only !== null && only === node.lastChild && only.nodeType === Node.TEXT_NODE) {
            if (only.data !== text) {
                only.data = text;
            }
        } else if (only !== null || text !== '') {
            node.textContent = text;
        }
    };
    const button = (className, text, action) => {
        const node = make('button', className, text);
        node.type = 'button';
        node.addEventListener('click', action);
        return node;
    };
    const kindName = (kind) => (KINDS.find((pair) => pair[0] === kind) || ['', '其他'])[1];

    // Half a character would make encodeURIComponent throw.
    const whole = (text) => (/[\ud800-\udfff]/.test(text) ? text.replace(/\p{Cs}/gu, '') : text);
    const short = (text) => whole(text.slice(0, LONGEST)).replace(/\s+/g, ' ').trim();

    // The folder of index.html. A strict policy refuses mdBook's inline script that would name it.
    const ROOT = (function () {
        const own = document.currentScript ? document.currentScript.src : '';
        const path = typeof path_to_root === 'string' ? path_to_root : null;
        if (path === null && /book\/theme\/[^/]*$/.test(own)) {
            return own.replace(/book\/theme\/[^/]*$/, '');
        }
        return new URL(path || '.', document.baseURI).href.replace(/[?#].*$/, '');
    })();

    // ---- the engine -----------------------------------------------------------------

    // cold: not asked for; loading: on its way; ready; missing: no data in this handbook; broken.
    let state = 'cold';
    let engine = null;
    let index = null; // what the worker made, until the engine has it
    let shelf = null; // until the engine is ready
    let wanted = null; // the newest question: { query, filters, limit }
    let asked = null; // the one under way
    let shown = null; // the one whose answer is on the screen

    // Runs in the worker, where nothing of this file is known.
    function inWorker() {
        self.onmessage = (event) => {
            const made = new (gongkaiSearchEngine().Engine)(event.data, null, 'index').index;
            self.postMessage(made, Object.keys(made).map((name) => made[name].buffer));
        };
    }

    function load() {
        if (state !== 'cold' && state !== 'missing') {
            return;
        }
        become('loading');
        window.gongkaiSearchData = (data) => {
            shelf = data;
        };
        let missing = false;
        let waiting = 2;
        for (const name of ['engine.js', 'data.js']) {
            const script = document.createElement('script');
            const ended = (event) => {
                script.remove();
                missing = missing || event.type === 'error';
                waiting--;
                if (waiting > 0) {
                    return;
                }
                if (missing || shelf === null) {
                    become('missing');
                } else if (typeof gongkaiSearchEngine !== 'function') {
                    become('broken');
                } else if (shelf.parts) {
                    // A very large handbook comes piece by piece; a worker could not load the pieces from a folder.
                    startHere(false);
                } else {
                    startWorker();
                }
            };
            script.addEventListener('load', ended);
            script.addEventListener('error', ended);
            script.src = ROOT + 'search/' + name;
            document.head.appendChild(script);
        }
    }

    // The index is the larger part of the work: a worker makes it while the engine is made here.
    function startWorker() {
        let worker = null;
        let over = false;
        const end = (withIndex) => {
            if (over) {
                return;
            }
            over = true;
            if (worker) {
                worker.terminate();
            }
            index = withIndex;
            if (index === null) {
                startHere(false);
            } else {
                together();
            }
        };
        try {
            const source = '"use strict";\n' + gongkaiSearchEngine.toString() + '\n(' + inWorker.toString() + ')();';
            const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
            worker = new Worker(address);
            worker.onmessage = (event) => {
                URL.revokeObjectURL(address);
                end(event.data);
            };
            worker.onerror = (event) => {
                event.preventDefault();
                end(null);
            };
            worker.onmessageerror = () => end(null);
            worker.postMessage(shelf);
        } catch (_) {
            end(null);
            return;
        }
        startHere(true);
    }

    let attempt = 0;

    function startHere(later) {
        const mine = ++attempt;
        engine = null;
        // After what is on the screen has been painted.
        setTimeout(() => {
            if (mine !== attempt) {
                return;
            }
            try {
                const made = gongkaiSearchEngine();
                engine = new made.Engine(shelf, shelf.parts ? new made.Store(shelf, loadPart) : null, later ? 'rest' : '');
                if (later) {
                    together();
                } else {
                    shelf = null;
                    become('ready');
                }
            } catch (error) {
                console.error('search.js', error);
                become('broken');
            }
        }, 30);
    }

    function together() {
        if (engine && index) {
            engine.take(index);
            index = null;
            shelf = null;
            become('ready');
        }
    }

    // A piece of a very large handbook: a promise of what its script hands over.
    const handed = new Map();
    function loadPart(path) {
        window.gongkaiSearchPart = (kind, number, content) => {
            handed.set(kind + number, content);
        };
        return new Promise((resolve, reject) => {
            const script = document.createElement('script');
            const name = /([a-z])\/0*(\d+)\.js$/.exec(path);
            const ended = (event) => {
                script.remove();
                const content = handed.get(name[1] + name[2]);
                handed.delete(name[1] + name[2]);
                if (event.type === 'load' && content !== undefined) {
                    resolve(content);
                } else {
                    reject(new Error(path));
                }
            };
            script.addEventListener('load', ended);
            script.addEventListener('error', ended);
            script.src = ROOT + path;
            document.head.appendChild(script);
        });
    }

    function become(next) {
        state = next;
        if (state === 'ready') {
            ask();
            prepare();
        } else if (ui) {
            showState();
        }
    }

    const idle = typeof requestIdleCallback === 'function'
        ? { ask: (action) => requestIdleCallback(action, { timeout: 150 }), cancel: (id) => cancelIdleCallback(id) }
        : { ask: (action) => setTimeout(action, 30), cancel: (id) => clearTimeout(id) };

    // What the first questions would wait for is done while nobody types.
    function prepare() {
        const step = (deadline) => {
            let more = true;
            do {
                more = engine.prepare(20);
            } while (more && deadline && deadline.timeRemaining() > 2);
            if (more) {
                idle.ask(step);
            }
        };
        if (engine.prepare) {
            idle.ask(step);
        }
    }

    // At once, in the task of the letter that was typed: waiting for another would mean waiting for the browser to paint.
    function ask() {
        if (state !== 'ready' || asked || !wanted || wanted === shown) {
            return;
        }
        const question = wanted;
        asked = question;
        const reply = (found) => {
            if (asked === question) {
                answered(found);
            }
        };
        const failed = (error) => {
            console.error('search.js', error);
            reply(null);
        };
        try {
            const found = engine.search(question.query, Object.assign({ limit: question.limit, now: SEEN }, question.filters));
            if (typeof found.then === 'function') {
                ui.list.setAttribute('aria-busy', 'true');
                found.then(reply).catch(failed);
            } else {
                reply(found);
            }
        } catch (error) {
            failed(error);
        }
    }

    function answered(found) {
        const question = asked;
        asked = null;
        if (question !== wanted) {
            ask();
            return;
        }
        const earlier = shown;
        shown = question;
        ui.list.removeAttribute('aria-busy');
        showFound(question, found, earlier);
        if (opening) {
            const how = opening;
            opening = null;
            follow(how);
        }
    }

    // ---- the last searches ----------------------------------------------------------

    function recent() {
        try {
            const kept = JSON.parse(localStorage.getItem(RECENT));
            return Array.isArray(kept) ? kept.filter((text) => typeof text === 'string' && text !== '').slice(0, MOST_RECENT) : [];
        } catch (_) {
            return []; // no storage, or something else's
        }
    }

    function keepRecent(list) {
        try {
            if (list.length > 0) {
                localStorage.setItem(RECENT, JSON.stringify(list));
            } else {
                localStorage.removeItem(RECENT);
            }
        } catch (_) {
            // None are kept then.
        }
    }

    function remember(query) {
        if (query !== '' && query.length <= 60) {
            keepRecent([query].concat(recent().filter((text) => text !== query)).slice(0, MOST_RECENT));
        }
    }

    // ---- addresses ------------------------------------------------------------------

    const ADDRESS = ['q'].concat(FILTERS);

    function addressOf(base, query, filters) {
        const address = new URL(base);
        for (const name of ADDRESS) {
            address.searchParams.delete(name);
        }
        if (query !== '') {
            address.searchParams.set('q', query);
            for (const name of FILTERS) {
                if (filters[name]) {
                    address.searchParams.set(name, filters[name]);
                }
            }
        }
        return address.href;
    }

    function rewrite(address) {
        if (address !== location.href) {
            try {
                history.replaceState(history.state, '', address);
            } catch (_) {
                // Some browsers forbid it on file://.
            }
        }
    }

    let addressTimer = 0;

    // So that a reload, or coming back from a page that was found, finds the box as it was.
    function keepAddress(now) {
        clearTimeout(addressTimer);
        const write = () => rewrite(addressOf(location.href, ui && !ui.box.hidden ? short(ui.input.value) : '', filters));
        if (now) {
            write();
        } else {
            addressTimer = setTimeout(write, 400);
        }
    }

    // Where a hit leads, with the words to mark there.
    function targetOf(hit, words) {
        const parts = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(hit.url) || ['', hit.url];
        const query = (parts[2] ? [parts[2]] : []).concat(words.length ? ['hl=' + words.map(encodeURIComponent).join('+')] : []);
        return ROOT + parts[1] + (query.length ? '?' + query.join('&') : '') + (parts[3] || '');
    }

    const pieces = (query) => whole(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

    // What stands in the text itself first: a synonym that was found, not the word that was typed.
    function wordsOf(hit, marks, typed) {
        const words = new Set();
        for (const mark of marks) {
            const word = whole(hit.snippet.slice(mark[0], mark[1])).trim();
            if (word.length >= 2 && word.length <= 24) {
                words.add(word);
            }
        }
        for (const word of typed) {
            if ((word.length >= 2 || typed.length === 1) && word.length <= 24) {
                words.add(word);
            }
        }
        return Array.from(words).slice(0, 8);
    }

    // In order, inside the text, one never in another. Where a whole word is marked its parts say nothing.
    function marksOf(hit) {
        const out = [];
        const marks = (hit.marks || []).slice().sort((a, b) => a[0] - b[0]);
        for (const mark of marks) {
            const last = out[out.length - 1];
            const start = Math.max(0, mark[0]);
            const end = Math.min(hit.snippet.length, mark[1]);
            if (last && start <= last[1]) {
                last[1] = Math.max(last[1], end);
            } else if (start < end) {
                out.push([start, end]);
            }
        }
        const texts = out.map((mark) => hit.snippet.slice(mark[0], mark[1]));
        return out.filter((_, i) => !texts.some((text) => text.length > texts[i].length && text.indexOf(texts[i]) >= 0));
    }

    // ---- the box --------------------------------------------------------------------

    let ui = null;
    let filters = {}; // kind, outcome, year, state
    let active = -1; // the hit that Enter opens
    let pointed = false; // chosen with the arrow keys, so worth telling a screen reader
    let composing = false; // an input method is at work
    let opening = null; // Enter was pressed before the answer came: how to open it
    let focused = null; // what had the focus before the box
    let unfolded = false; // 更多筛选
    let tellTimer = 0;
    let scrolled = false; // the list is not at its top: asking the browser would cost a layout
    let restTimer = 0;
    let drawRest = null; // what a person does not see at once, drawn a moment later
    const touch = window.matchMedia('(pointer: coarse)');
    const narrow = window.matchMedia('(max-width: 620px)');
    let lead = 36; // characters of a snippet before the first mark: two lines could end before it otherwise
    const fit = () => {
        lead = narrow.matches ? 14 : 36; // asking each time would cost a layout
    };

    function icon(className, path) {
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        svg.setAttribute('viewBox', '0 0 20 20');
        svg.setAttribute('class', className);
        svg.setAttribute('aria-hidden', 'true');
        svg.setAttribute('focusable', 'false');
        const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
        line.setAttribute('d', path);
        line.setAttribute('fill', 'none');
        line.setAttribute('stroke', 'currentColor');
        line.setAttribute('stroke-width', '2');
        line.setAttribute('stroke-linecap', 'round');
        svg.appendChild(line);
        return svg;
    }
    const GLASS = 'M13.2 13.2 18 18 M8.5 15a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z';
    const CROSS = 'M4 4 16 16 M16 4 4 16';

    function build() {
        const box = make('div', 'gk-search');
        box.hidden = true;
        const panel = make('div', 'gk-search-panel');
        panel.setAttribute('role', 'dialog');
        panel.setAttribute('aria-modal', 'true');
        panel.setAttribute('aria-label', '搜索本手册');

        const head = make('div', 'gk-search-head');
        const input = make('input', 'gk-search-input');
        input.type = 'text';
        input.id = 'gk-search-input';
        input.placeholder = '想找什么？例如：重复申请';
        for (const [name, value] of [
            ['role', 'combobox'],
            ['aria-label', '搜索法规、问答、案例、文书、政策'],
            ['aria-autocomplete', 'list'],
            ['aria-controls', 'gk-search-list'],
            ['aria-expanded', 'false'],
            ['autocomplete', 'off'],
            ['autocorrect', 'off'],
            ['autocapitalize', 'off'],
            ['spellcheck', 'false'],
            ['enterkeyhint', 'search'],
        ]) {
            input.setAttribute(name, value);
        }
        const clear = button('gk-search-clear', '清空', () => {
            set('');
            input.focus();
        });
        clear.hidden = true;
        const close = button('gk-search-close', '', () => shut());
        close.setAttribute('aria-label', '关闭搜索');
        close.title = '关闭（按 Esc 键）';
        close.appendChild(icon('gk-search-icon', CROSS));
        head.append(icon('gk-search-icon gk-search-glass', GLASS), input, clear, close);

        const bar = make('div', 'gk-search-bar');
        bar.hidden = true;
        const chips = make('div', 'gk-search-chips');
        chips.setAttribute('role', 'group');
        chips.setAttribute('aria-label', '只看一种内容');
        const more = button('gk-search-chip gk-search-more', '更多筛选', () => {
            unfolded = !unfolded;
            showFacets(last.facets);
        });
        more.setAttribute('aria-controls', 'gk-search-facets');
        const facets = make('div', 'gk-search-facets');
        facets.id = 'gk-search-facets';
        bar.append(chips, facets);

        const body = make('div', 'gk-search-body');
        const status = make('p', 'gk-search-status');
        const list = make('div', 'gk-search-list');
        list.id = 'gk-search-list';
        list.setAttribute('role', 'listbox');
        list.setAttribute('aria-label', '搜索结果');
        const rest = button('gk-search-rest', '', () => {
            wanted = { query: wanted.query, filters: wanted.filters, limit: wanted.limit + STEP };
            ask();
        });
        rest.hidden = true;
        const aside = make('div', 'gk-search-aside');
        body.append(status, list, rest, aside);

        const foot = make('div', 'gk-search-foot');
        const keys = make('span', 'gk-search-keys');
        for (const [key, text] of [['↑ ↓', '选择'], ['回车', '打开'], ['Ctrl+回车', '在新标签页打开'], ['Esc', '关闭']]) {
            keys.append(make('kbd', '', key), document.createTextNode(text));
        }
        const link = button('gk-search-link', '复制链接', () => copyLink());
        link.title = '把这次搜索的网址复制下来，可以发给别人';
        link.hidden = true;
        foot.append(keys, link);

        const live = make('div', 'gk-search-live');
        live.setAttribute('role', 'status');
        live.setAttribute('aria-live', 'polite');

        panel.append(head, bar, body, foot, live);
        box.append(panel);
        document.body.appendChild(box);
        ui = { box, panel, input, clear, bar, chips, more, facets, body, status, list, rest, aside, link, live };

        input.addEventListener('compositionstart', () => {
            composing = true;
        });
        input.addEventListener('compositionend', () => {
            composing = false;
            changed();
        });
        input.addEventListener('input', (event) => {
            if (!composing && !event.isComposing) {
                changed();
            }
        });
        box.addEventListener('mousedown', (event) => {
            if (event.target === box) {
                event.preventDefault();
                shut();
            }
        });
        box.addEventListener('keydown', onKey);
        window.addEventListener('resize', fit);
        body.addEventListener('scroll', () => {
            scrolled = true;
        }, { passive: true });
        list.addEventListener('click', (event) => {
            if (event.target.closest('.gk-search-hit')) {
                remember(short(wanted.query));
                keepAddress(true);
            }
        });
        // The pointer chooses too, but only when it moves: hits also move under a pointer that rests.
        list.addEventListener('mousemove', (event) => {
            const hit = event.target.closest('.gk-search-hit');
            const index = hit ? hits().indexOf(hit) : -1;
            if (index >= 0 && index !== active) {
                choose(index, false);
            }
        });
    }

    const hits = () => Array.from(ui.list.children);

    // ---- open and close -------------------------------------------------------------

    function open(query) {
        if (!ui) {
            build();
        }
        fit();
        if (ui.box.hidden) {
            focused = document.activeElement;
            ui.box.hidden = false;
            document.documentElement.classList.add('gk-searching');
        }
        if (typeof query === 'string') {
            ui.input.value = query;
        }
        ui.input.focus();
        ui.input.select();
        load();
        changed();
    }

    function shut() {
        if (!ui || ui.box.hidden) {
            return;
        }
        opening = null;
        composing = false;
        // What is hidden would keep the focus until the next picture, and the next key with it.
        if (ui.box.contains(document.activeElement)) {
            document.activeElement.blur();
        }
        ui.box.hidden = true;
        document.documentElement.classList.remove('gk-searching');
        keepAddress(true);
        if (focused && focused.isConnected && focused.focus) {
            focused.focus({ preventScroll: true });
        }
        focused = null;
    }

    // ---- what is asked --------------------------------------------------------------

    function set(query) {
        ui.input.value = query;
        changed();
    }

    function changed() {
        const query = ui.input.value.slice(0, LONGEST);
        opening = null;
        ui.clear.hidden = query === '';
        if (query.trim() === '') {
            wanted = null;
            shown = null;
            filters = {};
            unfolded = false;
            ui.list.removeAttribute('aria-busy');
            showState();
        } else if (!wanted || query !== wanted.query || !sameFilters(wanted.filters, filters)) {
            wanted = { query: query, filters: Object.assign({}, filters), limit: STEP };
            if (state === 'ready') {
                ask();
            } else {
                ui.list.setAttribute('aria-busy', 'true');
                showState();
            }
        } else if (wanted !== shown) {
            showState();
        }
        keepAddress(false);
    }

    const sameFilters = (one, other) => FILTERS.every((name) => (one[name] || '') === (other[name] || ''));

    function filter(name, value) {
        filters = Object.assign({}, filters);
        if (value) {
            filters[name] = value;
        } else {
            delete filters[name];
        }
        changed();
    }

    function noFilter() {
        filters = {};
        changed();
        ui.input.focus();
    }

    // ---- what is shown --------------------------------------------------------------

    let last = { hits: [], total: 0, facets: {}, reading: null, suggestions: [] };

    // Said once, when the typing rests.
    function tell(text) {
        clearTimeout(tellTimer);
        tellTimer = setTimeout(() => {
            ui.live.textContent = text;
        }, 600);
    }

    function empty() {
        drawRest = null;
        ui.chips.removeAttribute('aria-busy');
        ui.list.textContent = '';
        ui.list.classList.remove('gk-search-list--partly');
        ui.aside.textContent = '';
        ui.status.textContent = '';
        ui.rest.hidden = true;
        ui.bar.hidden = true;
        ui.link.hidden = true;
        ui.list.hidden = true;
        choose(-1, false);
    }

    // Everything but an answer.
    function showState() {
        const asking = wanted !== null;
        if (state === 'missing' || state === 'broken') {
            empty();
            const paragraphs = state === 'missing'
                ? ['这本手册里没有搜索用的资料，所以现在搜不了。', '用 gongkai build 生成的手册才带有搜索资料；直接用 mdbook build 生成的没有。请告诉给您这本手册的人。']
                : ['搜索没有启动成功。请刷新网页再试；还是不行的，换一个新一点的浏览器。'];
            for (const text of paragraphs) {
                ui.aside.append(make('p', '', text));
            }
            sections('可以先从目录里找：');
            ui.aside.append(make('p', '', '只找本页里的字：按 Ctrl+F。'));
            tell(paragraphs[0]);
        } else if (!asking) {
            empty();
            start();
            tell('');
        } else if (shown === null) {
            empty();
            ui.status.textContent = '正在准备，马上就好……';
        }
    }

    function group(title, queries, className) {
        const part = make('section', 'gk-search-group');
        const id = 'gk-search-group-' + className;
        const heading = make('h2', 'gk-search-title', title);
        heading.id = id;
        part.setAttribute('aria-labelledby', id);
        const row = make('div', 'gk-search-queries');
        for (const query of queries) {
            const go = button('gk-search-go gk-search-go--' + className, query, () => {
                set(query);
                ui.input.focus();
            });
            row.append(go);
        }
        part.append(heading, row);
        ui.aside.append(part);
        return heading;
    }

    // Before anything is typed.
    function start() {
        const kept = recent();
        if (kept.length > 0) {
            group('最近搜过', kept, 'recent').append(button('gk-search-forget', '清除记录', () => {
                keepRecent([]);
                ui.aside.textContent = '';
                start();
                ui.input.focus();
            }));
        }
        group('可以这样搜', EXAMPLES.filter((query) => kept.indexOf(query) < 0), 'example');
        const tips = make('ul', 'gk-search-tips');
        for (const text of [
            '找法条：写“条例36条”，或者“36条5项”。',
            '不知道法条怎么写：照平常的话问，例如“不归我们管怎么答”。',
            '不想打全：写拼音首字母，例如“重复申请”写 cfsq。',
            '一次找两样：中间空一格，例如“商业秘密 征求意见”。',
            '最近搜过的词只存在这台电脑的浏览器里，不会传出去。',
        ]) {
            tips.append(make('li', '', text));
        }
        ui.aside.append(tips);
    }

    // Links to the sections that this handbook has.
    function sections(title) {
        const have = new Set(all('#mdbook-sidebar a[href]').map((link) => link.href));
        const found = SECTIONS.filter((section) => have.has(ROOT + section[0]));
        if (found.length > 0) {
            const line = make('p', 'gk-search-sections', title);
            for (const section of found) {
                const link = make('a', '', section[1]);
                link.href = ROOT + section[0];
                line.append(link);
            }
            ui.aside.append(line);
        }
    }

    function showFound(question, found, earlier) {
        if (found === null) {
            empty();
            ui.status.textContent = '这次没有搜成。请换个词再试一次。';
            tell(ui.status.textContent);
            return;
        }
        // 再显示 20 条 adds to the list.
        const longer = earlier !== null && question.limit > earlier.limit && question.query === earlier.query
            && sameFilters(question.filters, earlier.filters);
        if (longer) {
            finish();
        }
        last = found;
        if (scrolled && !longer) {
            ui.body.scrollTop = 0;
            scrolled = false;
        }
        const from = longer ? ui.list.children.length : 0;
        const seen = longer ? found.count : Math.min(SEEN, found.count);
        const typed = pieces(found.reading ? question.query + ' ' + found.reading : question.query);
        const hitAt = (i) => {
            if (i >= found.hits.length) {
                found.hits.push(...found.rest());
            }
            return found.hits[i];
        };
        // Nodes that are there are written over: taking them out and putting others in costs more.
        const draw = (start, end) => {
            const nodes = ui.list.children;
            const fresh = document.createDocumentFragment();
            for (let i = start; i < end; i++) {
                const node = nodes[i] || fresh.appendChild(newHit(i));
                fill(node, hitAt(i), typed);
            }
            ui.list.appendChild(fresh);
            // What stands behind them is of the last question: out of sight until it is written over.
            const complete = end === found.count;
            ui.list.classList.toggle('gk-search-list--partly', !complete);
            while (complete && nodes.length > end) {
                nodes[nodes.length - 1].remove();
            }
        };
        draw(from, seen);
        ui.list.hidden = found.count === 0;
        write(ui.aside, '');
        const left = found.total - found.count;
        ui.rest.hidden = left <= 0 || found.count < question.limit;
        write(ui.rest, '再显示 ' + Math.min(STEP, left) + ' 条');
        ui.link.hidden = false;
        const only = FILTERS.map((name) => (name === 'kind' && question.filters.kind ? kindName(question.filters.kind) : question.filters[name]))
            .filter(Boolean).join('、');
        // The engine gives a few more that have only a part of what was asked.
        const loose = found.count - found.total;
        const count = (found.total > 0 ? '找到 ' + found.total + ' 条' : '没有正好对上的')
            + (only ? '（只看：' + only + '）' : '')
            + (found.reading ? '，是按“' + found.reading + '”找的' : '')
            + (loose > 0 ? '；' + (found.total > 0 ? '后面 ' : '下面 ') + loose + ' 条只沾一点边' : '');
        write(ui.status, found.count > 0 ? count : '');
        if (found.count === 0) {
            nothing(question, found, only);
        } else if (found.total < 3 && (found.suggestions || []).length > 0) {
            group('也可以搜', found.suggestions.slice(0, 6), 'more');
        }
        choose(longer ? from : found.count > 0 ? 0 : -1, longer);
        tell(found.count > 0 ? count : '没有找到');
        drawRest = () => {
            draw(seen, found.count);
            showFacets(found.facets || {});
        };
        if (earlier && !sameFilters(question.filters, earlier.filters)) {
            finish(); // the row of filters changes under the pointer
        } else {
            if (ui.bar.hidden) {
                ui.chips.textContent = '';
                ui.facets.hidden = true;
                ui.bar.hidden = false; // its place, so that the hits do not move
            }
            ui.chips.setAttribute('aria-busy', 'true');
            idle.cancel(restTimer);
            restTimer = idle.ask(finish);
        }
    }

    function finish() {
        idle.cancel(restTimer);
        const draw = drawRest;
        drawRest = null;
        ui.chips.removeAttribute('aria-busy');
        if (draw) {
            draw();
        }
    }

    function nothing(question, found, only) {
        const said = question.query.length > 30 ? question.query.slice(0, 30) + '……' : question.query;
        ui.aside.append(make('p', 'gk-search-none', '没有找到“' + whole(said.trim()) + '”' + (only ? '（只看：' + only + '）' : '') + '。'));
        if (only) {
            ui.aside.append(button('gk-search-go gk-search-go--main', '去掉筛选，在全部内容里找', noFilter));
        }
        const words = pieces(question.query);
        const wider = (found.suggestions || []).concat(words.length > 1 ? words.filter((word) => word.length > 1) : []);
        const queries = Array.from(new Set(wider)).filter((query) => query !== question.query.trim()).slice(0, 6);
        if (queries.length > 0) {
            group('改搜这些', queries, 'more');
        }
        const tips = make('ul', 'gk-search-tips');
        for (const text of [
            '写短一点：只留最要紧的一两个词，例如“补正”。',
            '换成法规里的说法：例如“不给”写成“不予公开”。',
            '知道是哪一条的，直接写“条例36条”。',
        ]) {
            tips.append(make('li', '', text));
        }
        ui.aside.append(tips);
        if (queries.length === 0) {
            group('大家常找的', EXAMPLES, 'example');
        }
        sections('也可以从目录里找：');
    }

    // Writes a text with its marks over what stood in the node: text and marks in turn, so that their nodes can stay.
    function withMarks(node, text, marks) {
        let next = node.firstChild;
        const put = (part, marked) => {
            if (next === null) {
                node.appendChild(marked ? make('mark', '', part) : document.createTextNode(part));
                return;
            }
            const piece = marked ? next.firstChild : next;
            if (piece.data !== part) {
                piece.data = part;
            }
            next = next.nextSibling;
        };
        let at = 0;
        for (const [start, end] of marks) {
            put(text.slice(at, start), false);
            put(text.slice(start, end), true);
            at = end;
        }
        put(text.slice(at), false);
        while (next !== null) {
            const rest = next;
            next = next.nextSibling;
            rest.remove();
        }
    }

    // Where the words stand in a title.
    function marksIn(text, words) {
        const marks = [];
        const low = text.toLowerCase();
        for (const word of words) {
            const at = low.length === text.length ? low.indexOf(word.toLowerCase()) : text.indexOf(word);
            if (at >= 0) {
                marks.push([at, at + word.length]);
            }
        }
        return marksOf({ snippet: text, marks: marks });
    }

    const TONES = { 现行有效: 'ok', 已废止: 'bad' };

    // What every hit is made from: one copy costs less than its parts.
    let pattern = null;

    function newHit(index) {
        if (pattern === null) {
            pattern = make('a', 'gk-search-hit');
            pattern.tabIndex = -1;
            pattern.setAttribute('role', 'option');
            pattern.setAttribute('aria-selected', 'false');
            const head = make('span', 'gk-search-hit-head');
            head.append(make('span', 'gk-search-kind'), make('span', 'gk-search-hit-title'));
            pattern.append(head, make('span', 'gk-search-about'), make('span', 'gk-search-snippet'));
        }
        const node = pattern.cloneNode(true);
        node.id = 'gk-search-hit-' + index;
        return node;
    }

    // What stands below the title of a hit: often the same as before.
    const below = new WeakMap();

    // Writes a hit into its node, over what stood there.
    function fill(node, hit, typed) {
        let marks = marksOf(hit);
        const words = wordsOf(hit, marks, typed);
        node.href = targetOf(hit, words);
        const [head, about, line] = node.children;
        const [kind, heading] = head.children;
        const className = 'gk-search-kind gk-search-kind--' + hit.kind;
        if (kind.className !== className) {
            kind.className = className;
            kind.textContent = kindName(hit.kind);
        }
        const title = hit.title || hit.law || '';
        withMarks(heading, title, marksIn(title, words));

        const facts = [
            ['gk-search-law', hit.law && hit.law !== title ? '《' + hit.law.replace(/^《|》$/g, '') + '》' : ''],
            ['gk-search-badge gk-search-badge--' + (TONES[hit.state] || 'plain'), hit.state || ''],
            ['gk-search-badge gk-search-badge--plain', hit.kind === 'case' && hit.year ? hit.year + '年' : ''],
        ].concat((hit.badges || []).map((badge) => ['gk-search-badge gk-search-badge--warn', badge])).filter((fact) => fact[1]);
        const told = String(facts);
        if (told !== below.get(about)) {
            below.set(about, told);
            about.textContent = '';
            about.append(...facts.map((fact) => make('span', fact[0], fact[1])));
        }

        let snippet = hit.snippet || '';
        if (marks.length > 0 && marks[0][0] > lead) {
            const cut = marks[0][0] - lead;
            snippet = '…' + whole(snippet.slice(cut));
            const moved = hit.snippet.length - snippet.length;
            marks = marks.map((mark) => [mark[0] - moved, mark[1] - moved]);
        }
        withMarks(line, snippet, marks);
    }

    // ---- filters --------------------------------------------------------------------

    function showFacets(facets) {
        const kinds = new Map(facets.kind || []);
        const chips = document.createDocumentFragment();
        const chip = (kind, text, count) => {
            const node = button('gk-search-chip', text, () => {
                filter('kind', filters.kind === kind ? '' : kind);
            });
            node.dataset.kind = kind;
            node.setAttribute('aria-pressed', String((filters.kind || '') === kind));
            if (count !== undefined) {
                node.append(make('span', 'gk-search-count', String(count)));
                node.setAttribute('aria-label', text + '，' + count + ' 条');
            }
            chips.appendChild(node);
        };
        chip('', '全部');
        for (const [kind, name] of KINDS) {
            if (kinds.has(kind) || filters.kind === kind) {
                chip(kind, name, kinds.get(kind) || 0);
            }
        }
        const others = FACETS.filter(([name]) => (facets[name] || []).length > 0 || filters[name]);
        const inUse = FACETS.filter(([name]) => filters[name]).length;
        ui.more.hidden = others.length === 0;
        ui.more.textContent = '更多筛选' + (inUse ? '（' + inUse + '）' : '');
        ui.more.setAttribute('aria-expanded', String(unfolded));
        chips.appendChild(ui.more);

        // Without taking the focus from the chip that was clicked.
        const held = ui.chips.contains(document.activeElement) ? document.activeElement : null;
        ui.chips.textContent = '';
        ui.chips.appendChild(chips);
        if (held) {
            const same = held === ui.more ? ui.more
                : all('.gk-search-chip', ui.chips).find((other) => other.dataset.kind === held.dataset.kind);
            (same || ui.input).focus();
        }
        ui.bar.hidden = kinds.size === 0 && Object.keys(filters).length === 0;
        ui.facets.hidden = !unfolded || others.length === 0;
        if (ui.facets.hidden) {
            ui.facets.textContent = '';
            return;
        }
        const chosen = ui.facets.contains(document.activeElement) ? document.activeElement.name : '';
        ui.facets.textContent = '';
        for (const [name, title] of others) {
            const label = make('label', 'gk-search-facet', title);
            const select = make('select', 'gk-search-select');
            select.name = name;
            const option = (value, text) => {
                const node = make('option', '', text);
                node.value = value;
                node.selected = (filters[name] || '') === value;
                select.append(node);
            };
            option('', '不限');
            const values = facets[name] || [];
            for (const [value, count] of values) {
                option(value, value + '（' + count + '）');
            }
            if (filters[name] && !values.some(([value]) => value === filters[name])) {
                option(filters[name], filters[name] + '（0）');
            }
            select.addEventListener('change', () => filter(name, select.value));
            label.append(select);
            ui.facets.append(label);
            if (name === chosen) {
                select.focus();
            }
        }
    }

    // ---- keys -----------------------------------------------------------------------

    // Setting an attribute costs even if it had the value.
    function say(node, attribute, value) {
        if (node.getAttribute(attribute) !== value) {
            node.setAttribute(attribute, value);
        }
    }

    function choose(index, byKey) {
        const nodes = ui.list.children;
        if (active !== index && active >= 0 && nodes[active]) {
            nodes[active].setAttribute('aria-selected', 'false');
        }
        active = index;
        pointed = byKey;
        const node = nodes[active];
        say(ui.input, 'aria-expanded', String(nodes.length > 0));
        if (node) {
            say(node, 'aria-selected', 'true');
        }
        if (node && pointed) {
            ui.input.setAttribute('aria-activedescendant', node.id);
            node.scrollIntoView({ block: 'nearest' });
        } else {
            ui.input.removeAttribute('aria-activedescendant');
        }
    }

    // 'here' or 'tab'.
    function follow(how) {
        const node = ui.list.children[active];
        if (!node) {
            return;
        }
        if (how === 'tab') {
            remember(short(wanted.query));
            window.open(node.href, '_blank', 'noopener');
        } else {
            node.click();
        }
    }

    function onKey(event) {
        const target = event.target;
        const typing = target === ui.input;
        // Outside, mdBook turns pages with the arrow keys.
        event.stopPropagation();
        if (event.isComposing || composing || event.keyCode === 229 || event.altKey) {
            return;
        }
        if (event.key === 'Escape') {
            event.preventDefault();
            shut();
        } else if (event.key === 'Tab') {
            keepFocus(event);
        } else if (target.nodeName === 'SELECT') {
            // Its own arrow keys.
        } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            arrow(event.key === 'ArrowDown' ? 1 : -1, target);
        } else if (event.key === 'Enter' && (typing || target.closest('.gk-search-hit'))) {
            event.preventDefault();
            const how = event.ctrlKey || event.metaKey ? 'tab' : 'here';
            if (wanted && wanted !== shown) {
                opening = how;
            } else {
                follow(how);
            }
        }
    }

    function arrow(step, target) {
        finish();
        const count = ui.list.children.length;
        if (count > 0) {
            const first = pointed || active > 0 ? active + step : step > 0 ? Math.min(1, count - 1) : count - 1;
            choose((first + count) % count, true);
            if (target !== ui.input && !touch.matches) {
                ui.input.focus();
            }
            return;
        }
        // No hits: the suggestions.
        const buttons = all('.gk-search-go', ui.aside);
        const next = buttons.indexOf(target) + step;
        if (next < 0) {
            ui.input.focus();
        } else if (next < buttons.length) {
            buttons[next].focus();
        }
    }

    function keepFocus(event) {
        const places = all('input, button, select, a[href]', ui.panel)
            .filter((node) => node.tabIndex >= 0 && node.offsetParent !== null);
        const first = places[0];
        const end = places[places.length - 1];
        const at = document.activeElement;
        if (event.shiftKey && (at === first || places.indexOf(at) < 0)) {
            event.preventDefault();
            end.focus();
        } else if (!event.shiftKey && (at === end || places.indexOf(at) < 0)) {
            event.preventDefault();
            first.focus();
        }
    }

    function isWriting(node) {
        return node instanceof Element
            && (/^(INPUT|TEXTAREA|SELECT)$/.test(node.nodeName) || node.isContentEditable);
    }

    // ---- copying the address --------------------------------------------------------

    function copyLink() {
        const address = addressOf(ROOT + 'index.html', short(ui.input.value), filters);
        const said = (done) => {
            ui.link.textContent = done
                ? location.protocol === 'file:' ? '已复制（只在这台电脑上能打开）' : '已复制'
                : '复制不了，请从地址栏复制';
            ui.live.textContent = ui.link.textContent;
            setTimeout(() => {
                ui.link.textContent = '复制链接';
            }, 3000);
        };
        const byHand = () => {
            const area = make('textarea', 'gk-form-away');
            area.value = address;
            ui.panel.append(area);
            area.select();
            let done = false;
            try {
                done = document.execCommand('copy');
            } catch (_) {
                // said below
            }
            area.remove();
            ui.link.focus();
            said(done);
        };
        if (navigator.clipboard && navigator.clipboard.writeText) {
            navigator.clipboard.writeText(address).then(() => said(true), byHand);
        } else {
            byHand();
        }
    }

    // ---- marks on the page that was reached -----------------------------------------

    const MOST_MARKS = 500;
    const UNMARKED = 'script, style, noscript, template, textarea, select, option, svg, math, .gk-pop, .gk-hit';
    let marked = null; // { bar, marks, count, at }

    function wordsAsked() {
        const asked = /[?&]hl=([^&]*)/.exec(location.search);
        if (!asked) {
            return [];
        }
        const words = asked[1].slice(0, 4000).split('+').map((word) => {
            try {
                return decodeURIComponent(word).trim();
            } catch (_) {
                return ''; // a % that is no escape
            }
        });
        return Array.from(new Set(words)).filter((word) => word !== '' && word.length <= 40).slice(0, 8);
    }

    function markPage(asked) {
        const main = document.querySelector('main');
        if (!main || asked.length === 0) {
            return;
        }
        // Where the whole word stands its parts say nothing: 重复申请, and not every 申请.
        const text = main.textContent.toLowerCase();
        const there = asked.filter((word) => text.indexOf(word.toLowerCase()) >= 0).sort((a, b) => b.length - a.length);
        const words = there.filter((word, i) => !there.slice(0, i).some((longer) => longer.indexOf(word) >= 0));
        if (words.length === 0) {
            return;
        }
        const literal = words
            .map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|');
        const pattern = new RegExp(literal, 'gi');
        const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
        const texts = [];
        while (walker.nextNode()) {
            const node = walker.currentNode;
            pattern.lastIndex = 0;
            if (pattern.test(node.data) && !node.parentElement.closest(UNMARKED)) {
                texts.push(node);
            }
        }
        const marks = [];
        for (const node of texts) {
            const text = node.data;
            const fragment = document.createDocumentFragment();
            let at = 0;
            pattern.lastIndex = 0;
            for (let match = pattern.exec(text); match && marks.length < MOST_MARKS; match = pattern.exec(text)) {
                fragment.append(text.slice(at, match.index));
                const mark = make('mark', 'gk-hit', match[0]);
                fragment.append(mark);
                marks.push(mark);
                at = match.index + match[0].length;
            }
            if (at > 0) {
                fragment.append(text.slice(at));
                node.parentNode.replaceChild(fragment, node);
            }
        }
        if (marks.length > 0) {
            marked = { marks: marks, at: -1, bar: null };
            markBar(words);
            if (location.hash.length < 2) {
                step(1);
            }
        }
    }

    function markBar(words) {
        const bar = make('div', 'gk-hits');
        bar.setAttribute('role', 'region');
        bar.setAttribute('aria-label', '搜索标记');
        const text = words.slice(0, 2).map((word) => '“' + word + '”').join('') + (words.length > 2 ? '等' : '');
        const label = make('span', 'gk-hits-text', '本页标出' + text);
        const count = make('span', 'gk-hits-count', marked.marks.length + ' 处');
        count.setAttribute('aria-live', 'polite');
        marked.count = count;
        bar.append(
            label,
            count,
            button('gk-hits-button', '上一处', () => step(-1)),
            button('gk-hits-button', '下一处', () => step(1)),
            button('gk-hits-button gk-hits-clear', '取消标记', unmark)
        );
        document.body.appendChild(bar);
        document.documentElement.classList.add('gk-marked');
        marked.bar = bar;
    }

    function step(by) {
        const count = marked.marks.length;
        if (marked.marks[marked.at]) {
            marked.marks[marked.at].classList.remove('gk-hit--at');
        }
        marked.at = marked.at < 0 ? nearest(by) : (marked.at + by + count) % count;
        const mark = marked.marks[marked.at];
        for (let box = mark.parentElement; box; box = box.parentElement) {
            if (box.tagName === 'DETAILS') {
                box.open = true;
            }
        }
        mark.classList.add('gk-hit--at');
        mark.scrollIntoView({ block: 'center' });
        marked.count.textContent = '第 ' + (marked.at + 1) + ' 处，共 ' + count + ' 处';
    }

    // The first one below the top of the window, from where the anchor led.
    function nearest(by) {
        if (location.hash.length < 2) {
            return by > 0 ? 0 : marked.marks.length - 1;
        }
        const index = marked.marks.findIndex((mark) => mark.getBoundingClientRect().top > 60);
        return index < 0 ? 0 : index;
    }

    function unmark() {
        const parents = new Set();
        for (const mark of marked.marks) {
            if (mark.parentNode) {
                parents.add(mark.parentNode);
                mark.parentNode.replaceChild(document.createTextNode(mark.textContent), mark);
            }
        }
        parents.forEach((parent) => parent.normalize());
        marked.bar.remove();
        marked = null;
        document.documentElement.classList.remove('gk-marked');
        const address = new URL(location.href);
        address.searchParams.delete('hl');
        rewrite(address.href);
    }

    // Text that is copied out, into a letter for instance, takes no marks along.
    function copyWithoutMarks(event) {
        const selection = document.getSelection();
        if (!marked || !event.clipboardData || !selection || selection.rangeCount !== 1 || isWriting(event.target)) {
            return;
        }
        const copy = make('div');
        copy.append(selection.getRangeAt(0).cloneContents());
        const marks = all('mark.gk-hit', copy);
        if (marks.length > 0) {
            for (const mark of marks) {
                mark.replaceWith(mark.textContent);
            }
            event.clipboardData.setData('text/plain', selection.toString());
            event.clipboardData.setData('text/html', copy.innerHTML);
            event.preventDefault();
        }
    }

    // ---- start ----------------------------------------------------------------------

    function addButton() {
        const place = menu.querySelector('.left-buttons') || menu;
        const node = button('icon-button gk-search-open', '', () => open());
        node.title = '搜索本手册（按 / 键）';
        node.setAttribute('aria-label', '搜索本手册');
        node.setAttribute('aria-haspopup', 'dialog');
        node.setAttribute('aria-keyshortcuts', '/ s');
        node.append(icon('gk-search-icon', GLASS), make('span', 'gk-search-word', '搜索'));
        place.appendChild(node);
        // By the time the box is open the data is on its way.
        node.addEventListener('pointerenter', load);
    }

    function addHelp() {
        const line = document.querySelector('#mdbook-help-popup p');
        if (line) {
            const help = make('p');
            help.append('按 ', make('kbd', '', '/'), ' 或 ', make('kbd', '', 'S'), ' 在手册中搜索');
            line.parentNode.insertBefore(help, line);
        }
    }

    function setUpKeys() {
        document.addEventListener('keydown', (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing || event.defaultPrevented) {
                return;
            }
            if ((event.key === '/' || event.key === 's' || event.key === 'S') && !isWriting(event.target)) {
                event.preventDefault();
                open();
            } else if (event.key === 'Escape' && marked && !isWriting(event.target)) {
                unmark();
            }
        });
        window.addEventListener('hashchange', shut);
        document.addEventListener('copy', copyWithoutMarks);
    }

    function openAsAsked() {
        const asked = new URLSearchParams(location.search);
        const query = asked.get('q');
        if (query) {
            for (const name of FILTERS) {
                const value = asked.get(name);
                if (value) {
                    filters[name] = value.slice(0, LONGEST);
                    unfolded = unfolded || name !== 'kind';
                }
            }
            open(query.slice(0, LONGEST));
        }
    }

    addButton();
    addHelp();
    setUpKeys();
    markPage(wordsAsked());
    openAsAsked();
})();
