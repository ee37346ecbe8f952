// Drives a headless Chromium over its debugging pipe: no package, no port, no network.

import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize, sep } from 'node:path';

const FLAGS = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--allow-pre-commit-input', // keys that come before the first picture would be dropped
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-sync',
    '--lang=zh-CN',
    '--remote-debugging-pipe',
];

// What hangs is given up after this time; nothing is measured by it.
const HANGS = 60000;

const sleep = (time) => new Promise((done) => setTimeout(done, time));

export class Chromium {
    static async start(program) {
        const browser = new Chromium();
        browser.folder = mkdtempSync(join(tmpdir(), 'gongkai-chromium-'));
        browser.number = 0;
        browser.waiting = new Map();
        browser.pages = new Map();
        browser.process = spawn(program, [...FLAGS, '--user-data-dir=' + browser.folder, 'about:blank'], {
            stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
        });
        let said = '';
        browser.process.stderr.on('data', (data) => {
            said = (said + data).slice(-4000);
        });
        browser.ended = new Promise((done) => {
            browser.process.on('error', (error) => done(String(error)));
            browser.process.on('exit', (code) => done('Chromium ended with ' + code + '\n' + said));
        });
        browser.process.stdio[3].on('error', () => {});
        let rest = Buffer.alloc(0);
        browser.process.stdio[4].on('data', (data) => {
            rest = Buffer.concat([rest, data]);
            for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
                browser.heard(JSON.parse(rest.subarray(0, end).toString('utf8')));
                rest = rest.subarray(end + 1);
            }
        });
        await browser.send('Browser.getVersion');
        return browser;
    }

    heard(message) {
        const waiting = this.waiting.get(message.id);
        if (waiting) {
            this.waiting.delete(message.id);
            if (message.error) {
                waiting.failed(new Error(waiting.method + ': ' + message.error.message));
            } else {
                waiting.done(message.result);
            }
        } else if (message.method && this.pages.has(message.sessionId)) {
            this.pages.get(message.sessionId).heard(message.method, message.params);
        }
    }

    send(method, params = {}, sessionId = undefined) {
        const id = ++this.number;
        this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
        const answer = new Promise((done, failed) => this.waiting.set(id, { method, done, failed }));
        const died = this.ended.then((why) => {
            throw new Error(method + ': ' + why);
        });
        return Promise.race([answer, died]);
    }

    async page() {
        const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
        const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
        const page = new Page(this, sessionId, targetId);
        this.pages.set(sessionId, page);
        for (const domain of ['Page', 'Runtime', 'Log', 'Network']) {
            await page.send(domain + '.enable');
        }
        await page.send('Page.setLifecycleEventsEnabled', { enabled: true });
        // Keys go nowhere in a tab that another one has pushed back.
        await page.send('Page.bringToFront');
        await page.send('Emulation.setFocusEmulationEnabled', { enabled: true });
        return page;
    }

    async targets() {
        const { targetInfos } = await this.send('Target.getTargets');
        return targetInfos.filter((target) => target.type === 'page');
    }

    async stop() {
        this.process.kill('SIGKILL');
        await this.ended;
        for (let tries = 0; tries < 20; tries++) {
            try {
                rmSync(this.folder, { recursive: true, force: true });
                return;
            } catch (_) {
                await sleep(100); // its children are still writing
            }
        }
    }
}

const KEYS = {
    ArrowDown: 40, ArrowUp: 38, ArrowLeft: 37, ArrowRight: 39, Enter: 13, Escape: 27, Tab: 9, Backspace: 8,
};

export class Page {
    constructor(browser, session, target) {
        Object.assign(this, { browser, session, target, errors: [], requests: [], loads: 0, loaders: new Set() });
    }

    send(method, params) {
        return this.browser.send(method, params, this.session);
    }

    heard(method, params) {
        if (method === 'Runtime.exceptionThrown') {
            const { text, exception, url, lineNumber } = params.exceptionDetails;
            this.errors.push([text, exception && exception.description, url, lineNumber].join(' '));
        } else if (method === 'Runtime.consoleAPICalled' && params.type === 'error') {
            this.errors.push(params.args.map((arg) => arg.value || arg.description).join(' '));
        } else if (method === 'Log.entryAdded' && params.entry.level === 'error') {
            this.errors.push(params.entry.text + ' ' + (params.entry.url || ''));
        } else if (method === 'Network.requestWillBeSent') {
            this.requests.push(params.request.url);
        } else if (method === 'Page.lifecycleEvent' && params.name === 'load') {
            this.loads++;
            this.loaders.add(params.loaderId);
        }
    }

    // Loaded when its own scripts have run.
    async goto(url) {
        const { loaderId } = await this.send('Page.navigate', { url });
        if (loaderId) {
            await this.wait(() => this.loaders.has(loaderId));
        } else {
            // It was there already, at another anchor perhaps.
            const loads = this.loads;
            await this.send('Page.reload');
            await this.loaded(loads);
        }
    }

    // One more page than `loads` has been loaded.
    loaded(loads) {
        return this.wait(() => this.loads > loads);
    }

    async wait(done) {
        for (let waited = 0; !done(); waited += 20) {
            if (waited > HANGS) {
                throw new Error('the page does not load');
            }
            await sleep(20);
        }
        // Once it has been painted.
        await this.eval('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))');
    }

    // What an expression gives, or a function with arguments that can be written as JSON.
    async eval(code, ...args) {
        const expression = typeof code === 'function' ? `(${code})(${args.map((a) => JSON.stringify(a)).join(',')})` : code;
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
            expression, returnByValue: true, awaitPromise: true, userGesture: true,
        });
        if (exceptionDetails) {
            throw new Error(expression + ': ' + (exceptionDetails.exception || {}).description);
        }
        return result.value;
    }

    async until(what, code, ...args) {
        const start = Date.now();
        for (;;) {
            let value;
            try {
                value = await this.eval(code, ...args);
            } catch (error) {
                if (!/context|navigat/i.test(error.message)) {
                    throw error;
                }
            }
            if (value) {
                return value;
            }
            if (Date.now() - start > HANGS) {
                const state = await this.eval(() => [location.href, document.hasFocus(), document.activeElement.outerHTML.slice(0, 200)]);
                throw new Error(['never: ' + what, ...state, ...this.errors].join('\n'));
            }
            await sleep(25);
        }
    }

    // modifiers: 1 Alt, 2 Ctrl, 4 Meta, 8 Shift.
    async key(key, modifiers = 0) {
        const code = KEYS[key] || key.toUpperCase().charCodeAt(0);
        const text = key === 'Enter' ? '\r' : KEYS[key] || modifiers & 7 ? undefined : key;
        const event = { key, modifiers, windowsVirtualKeyCode: code, nativeVirtualKeyCode: code };
        await this.send('Input.dispatchKeyEvent', { ...event, type: text ? 'keyDown' : 'rawKeyDown', text });
        await this.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
    }

    // As if pasted, or typed by an input method.
    async insert(text) {
        await this.send('Input.insertText', { text });
    }

    async click(selector) {
        const where = () => this.eval((wanted) => {
            const node = document.querySelector(wanted);
            if (!node) {
                return null;
            }
            node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
            const box = node.getBoundingClientRect();
            return { x: box.left + box.width / 2, y: box.top + Math.min(box.height / 2, 20) };
        }, selector);
        // The sidebar slides when a page has been loaded.
        let place = await where();
        for (let last = null; place && (!last || last.x !== place.x || last.y !== place.y);) {
            last = place;
            await sleep(50);
            place = await where();
        }
        if (!place) {
            throw new Error('nothing to click: ' + selector);
        }
        const mouse = { ...place, button: 'left', clickCount: 1 };
        await this.send('Input.dispatchMouseEvent', { ...mouse, type: 'mousePressed' });
        await this.send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased' });
    }

    async size(width, height, mobile = false) {
        await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile });
        await this.send('Emulation.setTouchEmulationEnabled', { enabled: mobile });
    }

    async screenshot() {
        const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
        return Buffer.from(data, 'base64');
    }

    async close() {
        this.browser.pages.delete(this.session);
        await this.browser.send('Target.closeTarget', { targetId: this.target });
    }
}

const TYPES = {
    '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2',
};

// A folder over http://; `headers` go with every answer, paths that are `hidden` are not there.
export async function serve(folder, { headers = {}, hidden = [] } = {}) {
    const server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
        const file = join(folder, normalize(path).replace(/^([/\\])+/, ''));
        const inside = (file + sep).startsWith(join(folder, sep)) && !hidden.includes(path);
        const stat = inside && statSync(file, { throwIfNoEntry: false });
        const found = stat && stat.isDirectory() ? join(file, 'index.html') : file;
        if (!stat || !statSync(found, { throwIfNoEntry: false })) {
            response.writeHead(404, headers).end();
            return;
        }
        response.writeHead(200, { 'content-type': TYPES[extname(found)] || 'application/octet-stream', ...headers });
        createReadStream(found).pipe(response);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    return {
        root: 'http://127.0.0.1:' + server.address().port + '/',
        stop: () => {
            server.closeAllConnections();
            server.close();
        },
    };
}
