// The search box in a headless Chromium: node search_box.mjs <chromium> <handbook>. tests/browser.rs runs it.
//
// The handbook is the project's own, as `gongkai build` leaves it. Each fact is printed; what does not hold ends it.

import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Chromium, serve } from './chromium.mjs';

const [program, given] = process.argv.slice(2);
const folder = resolve(given);
const PAGE = 'laws/foi-2019.html';
const browser = await Chromium.start(program);

// ---- what a person sees and does ----------------------------------------------------

const box = {
    isOpen: (page) => page.eval(() => {
        const panel = document.querySelector('.gk-search');
        return panel !== null && !panel.hidden && document.activeElement === document.getElementById('gk-search-input');
    }),

    opened: (page) => page.until('the box opens', () => {
        const panel = document.querySelector('.gk-search');
        return panel !== null && !panel.hidden && document.activeElement === document.getElementById('gk-search-input');
    }),

    closed: (page) => page.until('the box closes', () => {
        const panel = document.querySelector('.gk-search');
        return panel === null || panel.hidden;
    }),

    // The answer to what stands in the input is on the screen: its first title, or '' where nothing was found.
    answer: (page, query) => page.until('an answer to ' + query.slice(0, 40), (asked) => {
        const input = document.getElementById('gk-search-input');
        const status = document.querySelector('.gk-search-status').textContent;
        const hit = document.querySelector('.gk-search-hit');
        const none = document.querySelector('.gk-search-none');
        const link = document.querySelector('.gk-search-link');
        const busy = document.querySelector('.gk-search [aria-busy]') !== null;
        const same = asked === '' || input.value === asked;
        return same && !busy && !link.hidden && (hit || none)
            ? { first: hit ? hit.textContent : '', status: status }
            : null;
    }, query),

    async ask(page, query) {
        await page.eval(() => {
            const input = document.getElementById('gk-search-input');
            input.focus();
            input.select();
        });
        await page.insert(query);
        return box.answer(page, query);
    },

    hits: (page) => page.eval(() => Array.from(document.querySelectorAll('.gk-search-hit'), (hit) => ({
        href: hit.href,
        title: hit.querySelector('.gk-search-hit-title').textContent,
        kind: hit.querySelector('.gk-search-kind').textContent,
        selected: hit.getAttribute('aria-selected') === 'true',
        marks: hit.querySelectorAll('mark').length,
    }))),
};

// Requests for anything but the handbook's own files, and errors that are not expected.
function clean(page, root, allowed = []) {
    const outside = page.requests.filter((url) => !url.startsWith(root) && !/^(blob|data|about):/.test(url));
    assert.deepEqual(outside, []);
    const errors = page.errors.filter((error) => !allowed.some((pattern) => pattern.test(error)));
    assert.deepEqual(errors, []);
}

async function fact(words, check) {
    try {
        await check();
    } catch (error) {
        console.log('not ok ' + words);
        throw error;
    }
    console.log('ok ' + words);
}

async function fresh(root, path = PAGE, theme = 'light') {
    const page = await browser.page();
    await page.size(1280, 800);
    await page.goto(root + path);
    await page.eval((name) => {
        localStorage.clear();
        localStorage.setItem('mdbook-theme', name);
    }, theme);
    await page.goto(root + path);
    return page;
}

// ---- the facts ----------------------------------------------------------------------

async function facts(name, root, allowed) {
    const page = await fresh(root);
    const done = (words, check) => fact(name + ': ' + words, check);

    await done('/ and s open it, Esc and a click beside it close it', async () => {
        for (const key of ['/', 's']) {
            await page.key(key);
            await box.opened(page);
            assert.equal(await page.eval(() => document.getElementById('gk-search-input').value), '');
            await page.key('Escape');
            await box.closed(page);
        }
        await page.click('.gk-search-open');
        await box.opened(page);
        await page.send('Input.dispatchMouseEvent', { type: 'mousePressed', x: 5, y: 400, button: 'left', clickCount: 1 });
        await page.send('Input.dispatchMouseEvent', { type: 'mouseReleased', x: 5, y: 400, button: 'left', clickCount: 1 });
        await box.closed(page);
    });

    await done('the empty box suggests, and a suggestion searches', async () => {
        await page.key('/');
        await box.opened(page);
        const examples = await page.eval(() => Array.from(document.querySelectorAll('.gk-search-go'), (node) => node.textContent));
        assert.ok(examples.includes('重复申请'), examples);
        await page.click('.gk-search-go');
        await box.answer(page, examples[0]);
        assert.ok((await box.hits(page)).length > 0);
    });

    await done('letters typed one by one give hits, marked', async () => {
        await page.click('.gk-search-clear');
        for (const letter of '信息不存在') {
            await page.insert(letter);
        }
        const { first, status } = await box.answer(page, '信息不存在');
        assert.match(first, /不存在/);
        assert.match(status, /^找到 \d+ 条/);
        const found = await box.hits(page);
        assert.ok(found[0].selected && found.filter((hit) => hit.selected).length === 1);
        assert.ok(found.some((hit) => hit.marks > 0));
        assert.ok(found.length <= 20);
    });

    await done('a screen reader is told what it needs', async () => {
        const told = await page.eval(() => {
            const input = document.getElementById('gk-search-input');
            const list = document.getElementById(input.getAttribute('aria-controls'));
            return {
                role: input.getAttribute('role'),
                label: input.getAttribute('aria-label'),
                expanded: input.getAttribute('aria-expanded'),
                list: list.getAttribute('role'),
                options: Array.from(list.children).every((node) => node.getAttribute('role') === 'option' && node.id),
                dialog: list.closest('[role=dialog]').getAttribute('aria-modal'),
            };
        });
        assert.deepEqual(told, {
            role: 'combobox', label: '搜索法规、问答、案例、文书、政策', expanded: 'true', list: 'listbox', options: true, dialog: 'true',
        });
        await page.until('the number is said', () => /^找到 \d+ 条/.test(document.querySelector('.gk-search-live').textContent));
    });

    await done('the focus stays inside', async () => {
        for (const back of [0, 8]) {
            for (let i = 0; i < 15; i++) {
                await page.key('Tab', back);
                assert.ok(await page.eval(() => document.activeElement.closest('.gk-search-panel') !== null));
            }
        }
        await page.eval(() => document.getElementById('gk-search-input').focus());
    });

    await done('a kind filters, its count is right, and it can be taken off', async () => {
        await box.ask(page, '公开');
        const before = await page.eval(() => Array.from(document.querySelectorAll('.gk-search-chip[data-kind]'), (chip) => [
            chip.dataset.kind, Number((chip.querySelector('.gk-search-count') || {}).textContent || 0),
        ]));
        const count = new Map(before).get('case');
        assert.ok(count > 0, JSON.stringify(before));
        await page.click('.gk-search-chip[data-kind=case]');
        await page.until('only cases', (wanted) => document.querySelector('.gk-search-status').textContent
            .startsWith('找到 ' + wanted + ' 条（只看：案例）'), count);
        assert.ok((await box.hits(page)).every((hit) => hit.kind === '案例'));
        assert.equal(await page.eval(() => document.querySelector('.gk-search-chip[data-kind=case]').getAttribute('aria-pressed')), 'true');
        await page.until('the address says so', () => new URLSearchParams(location.search).get('kind') === 'case');
        await page.click('.gk-search-chip[data-kind=case]');
        await page.until('all again', () => /^找到 \d+ 条$/.test(document.querySelector('.gk-search-status').textContent));
    });

    await done('more filters: a state of the law', async () => {
        await page.click('.gk-search-more');
        const value = await page.eval(() => {
            const select = document.querySelector('.gk-search-select[name=state]');
            select.value = select.options[1].value;
            select.dispatchEvent(new Event('change', { bubbles: true }));
            return select.value;
        });
        await page.until('filtered', (wanted) => document.querySelector('.gk-search-status').textContent.includes('只看：' + wanted), value);
        await page.click('.gk-search-chip[data-kind=""]');
        await page.eval(() => {
            const select = document.querySelector('.gk-search-select[name=state]');
            select.value = '';
            select.dispatchEvent(new Event('change', { bubbles: true }));
        });
        await page.until('all again', () => /^找到 \d+ 条$/.test(document.querySelector('.gk-search-status').textContent));
    });

    await done('more hits on request', async () => {
        await page.click('.gk-search-rest');
        await page.until('more than 20', () => document.querySelectorAll('.gk-search-hit').length === 40);
    });

    await done('nothing found is no dead end', async () => {
        await box.ask(page, '龘龘龘');
        assert.equal((await box.hits(page)).length, 0);
        const queries = await page.eval(() => document.querySelectorAll('.gk-search-go').length);
        assert.ok(queries > 0);
        await page.key('ArrowDown');
        await page.key('Enter');
        await page.until('a suggestion searches', () => document.querySelectorAll('.gk-search-hit').length > 0);
    });

    await done('an input method is left alone until it is done', async () => {
        await box.ask(page, '答复');
        await page.eval(() => {
            document.getElementById('gk-search-input').select();
        });
        await page.send('Input.imeSetComposition', { text: 'qixian', selectionStart: 6, selectionEnd: 6 });
        await page.key('Enter');
        assert.ok(await box.isOpen(page));
        assert.match(await page.eval(() => document.querySelector('.gk-search-hit').textContent), /答复/);
        await page.insert('期限');
        const { first } = await box.answer(page, '期限');
        assert.match(first, /期|限/);
    });

    await done('strange questions do no harm', async () => {
        const strange = [
            '公开'.repeat(5000),
            '，。？！……——（）',
            '😀🏛️👩‍👩‍👧',
            '<script>document.title = "bad"</script><img src=x onerror="document.title = 1">',
            '.*+?^${}()|[]\\/ (a+)+$',
            '%E0%A4%A &q=1#x',
            '条例第99999999999999999999条',
            '\u0000\u200b\u202e\ufeff',
            'constructor __proto__ toString',
        ];
        for (const query of strange) {
            await page.eval((text) => {
                const input = document.getElementById('gk-search-input');
                input.value = text;
                input.dispatchEvent(new Event('input'));
            }, query);
            await box.answer(page, '');
        }
        // Half a character cannot be sent from here.
        for (const query of ["'\\ud83d'", "'申请\\udc00\\udc00公开'", "'\\ud800'.repeat(300)"]) {
            await page.eval(`{
                const input = document.getElementById('gk-search-input');
                input.value = ${query};
                input.dispatchEvent(new Event('input'));
            }`);
            await box.answer(page, '');
        }
        assert.doesNotMatch(await page.eval(() => document.title), /^(bad|1)$/);
        assert.equal(await page.eval(() => document.querySelectorAll('.gk-search img, .gk-search script').length), 0);
        const { first } = await box.ask(page, '重复申请');
        assert.match(first, /重复申请/);
    });

    await done('arrow and Enter lead to the hit, with its words marked there', async () => {
        await page.key('ArrowDown');
        const found = await box.hits(page);
        assert.ok(found[1].selected);
        assert.equal(await page.eval(() => document.getElementById('gk-search-input').getAttribute('aria-activedescendant')), 'gk-search-hit-1');
        await page.key('ArrowUp');
        const target = (await box.hits(page)).find((hit) => hit.selected).href;
        assert.ok(target.startsWith(root), target);
        const loads = page.loads;
        await page.key('Enter');
        await page.loaded(loads);
        assert.equal(decodeURI(await page.eval(() => location.href)), decodeURI(target));
        const there = await page.eval(() => ({
            marks: Array.from(document.querySelectorAll('main mark.gk-hit'), (mark) => mark.textContent),
            bar: document.querySelector('.gk-hits').textContent,
            scripts: document.querySelectorAll('script mark, style mark').length,
        }));
        assert.ok(there.marks.includes('重复申请'), JSON.stringify(there));
        assert.match(there.bar, /重复申请.*下一处.*取消标记/s);
        assert.equal(there.scripts, 0);
    });

    await done('marks are walked through, are not printed and go away', async () => {
        const text = await page.eval(() => document.querySelector('main').textContent);
        await page.eval(() => document.querySelectorAll('.gk-hits-button')[1].click());
        assert.equal(await page.eval(() => document.querySelectorAll('.gk-hit--at').length), 1);
        await page.send('Emulation.setEmulatedMedia', { media: 'print' });
        const paper = await page.eval(() => ({
            mark: getComputedStyle(document.querySelector('.gk-hit')).backgroundColor,
            bar: getComputedStyle(document.querySelector('.gk-hits')).display,
            button: getComputedStyle(document.querySelector('.gk-search-open')).display,
        }));
        await page.send('Emulation.setEmulatedMedia', { media: '' });
        assert.deepEqual(paper, { mark: 'rgba(0, 0, 0, 0)', bar: 'none', button: 'none' });
        await page.key('Escape');
        assert.equal(await page.eval(() => document.querySelectorAll('.gk-hit, .gk-hits').length), 0);
        assert.equal(await page.eval(() => document.querySelector('main').textContent), text);
        assert.doesNotMatch(await page.eval(() => location.search), /hl=/);
    });

    await done('going back finds the box as it was', async () => {
        const loads = page.loads;
        await page.eval(() => history.back());
        await page.until('the box again', () => {
            const input = document.getElementById('gk-search-input');
            return input && input.value === '重复申请' && document.querySelectorAll('.gk-search-hit').length > 0;
        });
        assert.ok(page.loads >= loads);
    });

    await done('the last searches are offered, and can be forgotten', async () => {
        await page.goto(root + PAGE);
        await page.key('/');
        await box.opened(page);
        assert.equal(await page.eval(() => document.querySelector('.gk-search-go--recent').textContent), '重复申请');
        await page.click('.gk-search-forget');
        assert.equal(await page.eval(() => document.querySelectorAll('.gk-search-go--recent').length), 0);
        assert.equal(await page.eval(() => localStorage.getItem('gongkai-search-recent')), null);
    });

    await done('?q= opens the box with the question and its filter', async () => {
        await page.goto(root + 'index.html?q=' + encodeURIComponent('不予公开') + '&kind=letter');
        await box.opened(page);
        await box.answer(page, '不予公开');
        const found = await box.hits(page);
        assert.ok(found.length > 0 && found.every((hit) => hit.kind === '文书'));
        await page.key('Escape');
        await box.closed(page);
        assert.equal(await page.eval(() => location.search), '');
    });

    await done('an anchor is still reached, marks or not', async () => {
        await page.goto(root + PAGE + '?hl=' + encodeURIComponent('行政机关') + '+%E0%A4%A+.*#foi-2019-art-36');
        const place = await page.eval(() => document.getElementById('foi-2019-art-36').getBoundingClientRect().top);
        assert.ok(place > -5 && place < 400, place);
    });

    await done('a letter that is typed elsewhere stays there', async () => {
        await page.eval(() => {
            const input = document.createElement('input');
            input.id = 'elsewhere';
            document.querySelector('main').prepend(input);
            input.focus();
        });
        await page.key('s');
        await page.key('/');
        assert.equal(await page.eval(() => document.getElementById('elsewhere').value), 's/');
        assert.ok(!(await box.isOpen(page)));
    });

    await done('a telephone: the whole screen, nothing beside it, large enough to touch', async () => {
        await page.size(360, 740, true);
        await page.goto(root + PAGE + '?q=' + encodeURIComponent('公开'));
        await box.answer(page, '公开');
        await page.eval(() => document.querySelector('.gk-search-more').click());
        const shape = await page.eval(() => {
            const panel = document.querySelector('.gk-search-panel').getBoundingClientRect();
            const seen = Array.from(document.querySelectorAll('.gk-search button, .gk-search select, .gk-search-hit'))
                .filter((node) => node.offsetParent !== null);
            return {
                wide: document.documentElement.scrollWidth,
                body: document.querySelector('.gk-search-body').scrollWidth,
                panel: [panel.left, panel.top, panel.width, panel.height],
                small: seen.filter((node) => node.getBoundingClientRect().height < 43.5).map((node) => node.className),
            };
        });
        assert.equal(shape.wide, 360);
        assert.ok(shape.body <= 360);
        assert.deepEqual(shape.panel, [0, 0, 360, 740]);
        assert.deepEqual(shape.small, []);
    });
    clean(page, root, allowed);
    await page.close();

    await done('dark: what is read stands out from what is behind it', async () => {
        for (const theme of ['navy', 'coal', 'ayu', 'light', 'rust']) {
            const other = await fresh(root, PAGE, theme);
            await other.key('/');
            await box.opened(other);
            await box.ask(other, '重复申请');
            const low = await other.eval(() => {
                const colour = (text) => text.match(/[\d.]+/g).map(Number);
                const light = ([r, g, b]) => {
                    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
                    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
                };
                const behind = (node) => {
                    for (let at = node; at; at = at.parentElement) {
                        const found = colour(getComputedStyle(at).backgroundColor);
                        if (found.length === 3 || found[3] > 0.9) {
                            return found;
                        }
                    }
                    return [255, 255, 255];
                };
                const out = [];
                for (const selector of ['.gk-search-input', '.gk-search-hit-title', '.gk-search-snippet', '.gk-search-snippet mark',
                    '.gk-search-hit-title mark', '.gk-search-kind', '.gk-search-badge', '.gk-search-law', '.gk-search-chip',
                    '.gk-search-chip[aria-pressed=true]', '.gk-search-status', '.gk-search-keys', '.gk-search-link']) {
                    for (const node of document.querySelectorAll(selector)) {
                        const [a, b] = [light(colour(getComputedStyle(node).color)), light(behind(node))];
                        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                        if (contrast < 4.5) {
                            out.push([selector, contrast.toFixed(2)]);
                        }
                    }
                }
                return out;
            });
            assert.deepEqual(low, [], theme);
            clean(other, root, allowed);
            await other.close();
        }
    });
}

// ---- where --------------------------------------------------------------------------

const stops = [];
let failed = null;
try {
    const http = await serve(folder);
    stops.push(http.stop);
    await facts('http', http.root, []);

    await facts('file', pathToFileURL(join(folder, '/')).href, []);

    // mdBook's own inline scripts are refused here, and with them the name of the root and the class "js".
    const strict = await serve(folder, { headers: { 'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'" } });
    stops.push(strict.stop);
    await fact('strict policy: no worker and no inline script, and the box works', async () => {
        const page = await browser.page();
        await page.goto(strict.root + PAGE);
        assert.equal(await page.eval("typeof path_to_root"), 'undefined');
        await page.key('/');
        await box.opened(page);
        const { first } = await box.ask(page, '重复申请');
        assert.match(first, /重复申请/);
        const target = (await box.hits(page))[0].href;
        const loads = page.loads;
        await page.key('Enter');
        await page.loaded(loads);
        assert.equal(decodeURI(await page.eval(() => location.href)), decodeURI(target));
        assert.ok(await page.eval(() => document.querySelectorAll('main mark.gk-hit').length) > 0);
        assert.ok(await page.eval(() => document.querySelector('.gk-search-open').offsetParent !== null));
        clean(page, strict.root, [/Content Security Policy/, /(default_theme|default_light_theme|default_dark_theme|path_to_root|sidebar|theme)\b.* is not defined/]);
        await page.close();
    });

    for (const name of ['/search/data.js', '/search/engine.js']) await fact('no ' + name + ': the box says so, and how to get it', async () => {
        const bare = await serve(folder, { hidden: [name] });
        stops.push(bare.stop);
        const page = await browser.page();
        await page.goto(bare.root + PAGE);
        await page.key('/');
        await box.opened(page);
        await page.until('said', () => document.querySelector('.gk-search-aside').textContent.includes('gongkai build'));
        await page.insert('公开');
        await page.key('Enter');
        assert.ok(await box.isOpen(page));
        clean(page, bare.root, [/404/]);
        await page.close();
    });

    await fact('where the worker dies the page makes the index', async () => {
        const page = await browser.page();
        await page.send('Page.addScriptToEvaluateOnNewDocument', {
            source: `{
                const Real = window.Worker;
                window.Worker = function (url) {
                    const worker = new Real(url);
                    window.workers = (window.workers || 0) + 1;
                    setTimeout(() => {
                        worker.terminate();
                        worker.onerror({ preventDefault() {} });
                    }, 0);
                    return worker;
                };
            }`,
        });
        await page.goto(http.root + PAGE);
        await page.key('/');
        await box.opened(page);
        const { first } = await box.ask(page, '信息不存在');
        assert.match(first, /不存在/);
        assert.equal(await page.eval(() => window.workers), 1);
        clean(page, http.root);
        await page.close();
    });

    await fact('paper and the page of the whole book have no box', async () => {
        const page = await browser.page();
        await page.send('Page.addScriptToEvaluateOnNewDocument', { source: 'window.print = () => {};' });
        await page.goto(http.root + 'print.html?hl=' + encodeURIComponent('公开'));
        assert.equal(await page.eval(() => document.querySelectorAll('.gk-search, .gk-search-open, .gk-hit').length), 0);
        await page.close();
    });

    await fact('nothing is left of the search of mdBook', async () => {
        const page = await fresh(http.root);
        const left = await page.eval(() => [
            document.querySelectorAll('#mdbook-search-toggle, #mdbook-searchbar, #mdbook-search-wrapper').length,
            Array.from(document.scripts).filter((script) => /searcher|elasticlunr|searchindex|mark-[0-9a-f]+\.min/.test(script.src)).length,
            typeof window.search,
        ]);
        assert.deepEqual(left, [0, 0, 'undefined']);
        await page.close();
    });
} catch (error) {
    failed = error;
}
stops.forEach((stop) => stop());
await browser.stop();
if (failed) {
    console.error(failed);
    process.exit(1);
}
