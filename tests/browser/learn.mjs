// Quizzes and the hover of terms in a headless Chromium: node learn.mjs <chromium> <handbook>. tests/browser.rs runs it.

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Chromium } from './chromium.mjs';

const [program, given] = process.argv.slice(2);
const root = pathToFileURL(resolve(given)).href + '/';
const browser = await Chromium.start(program);
let failed = null;

async function fact(name, check) {
    await check();
    console.log('ok ' + name);
}

async function open(path) {
    const page = await browser.page();
    await page.goto(root + path);
    return page;
}

function clean(page) {
    assert.deepEqual(page.requests.filter((url) => !url.startsWith(root) && !/^(blob|data|about):/.test(url)), []);
    assert.deepEqual(page.errors, []);
}

const first = (page) => page.eval(() => {
    const box = document.querySelector('fieldset.gk-quiz');
    return {
        right: box.classList.contains('gk-quiz--right'),
        wrong: box.classList.contains('gk-quiz--wrong'),
        open: box.querySelector('details').open,
        said: box.querySelector('.gk-quiz-verdict').textContent,
        score: document.querySelector('.gk-quiz-score').textContent,
    };
});

// Chooses what the page says is right in the first question, or something else.
const choose = (page, right) => page.eval((wanted) => {
    const box = document.querySelector('fieldset.gk-quiz');
    const answers = box.getAttribute('data-right').split(' ');
    for (const input of box.querySelectorAll('input')) {
        input.checked = answers.includes(input.value) === wanted;
    }
    box.querySelector('input:checked').focus();
}, right);

try {
    await fact('a right answer is told and counted, by keyboard alone', async () => {
        const page = await open('quiz/receive.html');
        await choose(page, true);
        await page.key('Enter');
        const { right, open: opened, said, score } = await first(page);
        assert.deepEqual([right, opened, said], [true, false, '对。']);
        assert.equal(score, '已答 1 题，答对 1 题。');
        clean(page);
        await page.close();
    });

    await fact('a wrong answer opens the explanation, and all can be done again', async () => {
        const page = await open('quiz/receive.html');
        await choose(page, false);
        await page.click('.gk-quiz-check');
        const { wrong, open: opened, score } = await first(page);
        assert.deepEqual([wrong, opened, score], [true, true, '已答 1 题，答对 0 题。']);
        await page.eval(() => { document.querySelector('.gk-quiz-again').click(); });
        const again = await first(page);
        assert.deepEqual([again.wrong, again.open, again.score], [false, false, '']);
        await page.close();
    });

    await fact('nothing chosen is said, not judged', async () => {
        const page = await open('quiz/receive.html');
        await page.click('.gk-quiz-check');
        const { right, wrong, said } = await first(page);
        assert.deepEqual([right, wrong, said], [false, false, '还没有选。']);
        await page.close();
    });

    await fact('on paper the questions come first and the key last, without explanations', async () => {
        const page = await open('quiz/receive.html');
        await page.send('Emulation.setEmulatedMedia', { media: 'print' });
        const shown = await page.eval(() => {
            const visible = (selector) => getComputedStyle(document.querySelector(selector)).display !== 'none';
            return [visible('.gk-quiz-answers'), visible('.gk-quiz-key'), visible('.gk-quiz-row')];
        });
        assert.deepEqual(shown, [true, false, false]);
        const answers = await page.eval(() => [
            document.querySelectorAll('.gk-quiz-answers li').length, document.querySelectorAll('fieldset.gk-quiz').length,
        ]);
        assert.ok(answers[0] === answers[1] && answers[0] > 5, String(answers));
        await page.close();
    });

    await fact('a telephone shows a quiz and a drill without scrolling sideways', async () => {
        for (const path of ['quiz/receive.html', 'drills/angry-letter.html', 'glossary.html', 'keywords.html']) {
            const page = await open(path);
            await page.size(360, 740, true);
            const wide = await page.eval(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.ok(wide <= 0, path + ' is wider than the screen by ' + wide);
            clean(page);
            await page.close();
        }
    });

    await fact('a term says what it means when the keyboard reaches it', async () => {
        const page = await open('guide/process.html');
        await page.key('Tab');
        const meaning = await page.eval(() => {
            const term = document.querySelector('a.gk-term');
            term.focus();
            return term.getAttribute('data-preview');
        });
        await page.until('the meaning is shown', (wanted) => {
            const box = document.querySelector('.gk-pop');
            return box !== null && !box.hidden && box.textContent.includes(wanted);
        }, meaning);
        clean(page);
        await page.close();
    });

    await fact('the key of a drill is folded until it is asked for', async () => {
        const page = await open('drills/angry-letter.html');
        assert.equal(await page.eval(() => document.querySelector('.gk-drill-key').open), false);
        await page.click('.gk-drill-key > summary');
        assert.equal(await page.eval(() => document.querySelector('.gk-drill-key').open), true);
        await page.close();
    });
} catch (error) {
    failed = error;
}
await browser.stop();
if (failed) {
    console.error(failed);
    process.exit(1);
}
