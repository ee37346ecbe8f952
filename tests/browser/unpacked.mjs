// A pack that was unpacked into a folder with a Chinese name, opened by double click: node unpacked.mjs <chromium> <folder>.
// tests/pack.rs runs it.

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Chromium } from './chromium.mjs';

const [program, given] = process.argv.slice(2);
const root = pathToFileURL(resolve(given)).href + '/handbook/';
const browser = await Chromium.start(program);
let failed = null;

async function fact(name, check) {
    await check();
    console.log('ok ' + name);
}

// Nothing but its own files was asked for, each of them came, and no script failed.
function clean(page) {
    assert.deepEqual(page.requests.filter((url) => !url.startsWith(root) && !/^(blob|data|about):/.test(url)), []);
    assert.deepEqual(page.errors, []);
    assert.deepEqual(page.failures, []);
}

async function open(path) {
    const page = await browser.page();
    page.failures = [];
    const heard = page.heard.bind(page);
    page.heard = (method, params) => {
        if (method === 'Network.loadingFailed' && !params.canceled) {
            page.failures.push(params.errorText);
        }
        heard(method, params);
    };
    await page.goto(root + path);
    return page;
}

try {
    for (const path of ['index.html', 'laws/foi-2019.html', 'letters/refuse-trade-secret.html', 'questions/index.html']) {
        await fact(path + ' opens from a folder', async () => {
            const page = await open(path);
            assert.ok(page.requests.length > 3, page.requests.join('\n'));
            assert.ok((await page.eval(() => document.querySelector('main').textContent.trim().length)) > 20);
            clean(page);
            await page.close();
        });
    }
    await fact('the links of the first page lead to pages that are there', async () => {
        const page = await open('index.html');
        const links = await page.eval(() => Array.from(document.querySelectorAll('main a[href], nav a[href]'), (a) => a.href));
        const own = [...new Set(links.map((url) => url.split('#')[0]))].filter((url) => url.startsWith(root)).slice(0, 12);
        assert.ok(own.length > 5, links.join('\n'));
        for (const url of own) {
            await page.goto(url);
            assert.ok(await page.eval(() => document.querySelector('main') !== null), url);
        }
        clean(page);
        await page.close();
    });
    await fact('the search works from a folder', async () => {
        const page = await open('index.html');
        await page.key('/');
        await page.until('the box opens', () => document.activeElement === document.getElementById('gk-search-input'));
        await page.insert('商业秘密');
        await page.until('an answer', () => document.querySelector('.gk-search-hit') !== null);
        clean(page);
        await page.close();
    });
} catch (error) {
    failed = error;
}
await browser.stop();
if (failed) {
    console.log(failed.stack);
    process.exitCode = 1;
}
