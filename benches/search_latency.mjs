// How long the search box takes on a slow computer, from a letter typed to the hits on the page:
//
//     node benches/search_latency.mjs target/handbook queries.json [slower=6] [chromium]
//
// The file holds a list of questions: strings, or tables with "query". Every question is typed letter by letter, in one
// page, with the page's processor slowed down. "page" ends when the hits are in the page, "frame" when they could be
// painted.

import { readFileSync } from 'node:fs';
import { Chromium, serve } from '../tests/browser/chromium.mjs';

const [folder, file, slower = '6', program = process.env.CHROMIUM || 'chromium'] = process.argv.slice(2);
const queries = JSON.parse(readFileSync(file, 'utf8')).map((entry) => (typeof entry === 'string' ? entry : entry.query)).filter(Boolean);
const browser = await Chromium.start(program);
const server = await serve(folder);

// In the page: types one question, gives [page, frame] in milliseconds for each letter.
async function typed(query) {
    const input = document.getElementById('gk-search-input');
    const list = document.getElementById('gk-search-list');
    const rest = () => new Promise((done) => setTimeout(done, 60));
    const times = [];
    const letters = Array.from(query);
    for (let i = 1; i <= letters.length; i++) {
        const text = letters.slice(0, i).join('');
        if (text.trim() === '') {
            continue;
        }
        const start = performance.now();
        const shown = new Promise((done) => {
            const observer = new MutationObserver(() => {
                if (!list.hasAttribute('aria-busy')) {
                    observer.disconnect();
                    const page = performance.now() - start;
                    requestAnimationFrame(() => setTimeout(() => done([page, performance.now() - start]), 0));
                }
            });
            observer.observe(list.parentNode, { attributes: true, childList: true, subtree: true });
        });
        input.value = text;
        input.dispatchEvent(new Event('input'));
        times.push(await shown);
        await rest();
    }
    input.value = '';
    input.dispatchEvent(new Event('input'));
    await rest();
    return times;
}

function line(name, times) {
    const sorted = times.slice().sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1).padStart(7);
    console.log(`${name.padEnd(26)} n ${sorted.length}  p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  max ${at(1)} ms`);
}

const page = await browser.page();
await page.size(1280, 800);
await page.goto(server.root + 'index.html');
await page.send('Emulation.setCPUThrottlingRate', { rate: Number(slower) });
const start = Date.now();
await page.key('/');
await page.until('open', () => document.getElementById('gk-search-input') !== null);
await page.insert('公开');
await page.until('ready', () => document.querySelectorAll('.gk-search-hit').length > 0);
console.log(`first hits after ${Date.now() - start} ms`);
const times = [];
for (const query of queries) {
    times.push(...await page.eval(typed, query));
}
line('page', times.map((pair) => pair[0]));
line('frame', times.map((pair) => pair[1]));
server.stop();
await browser.stop();
