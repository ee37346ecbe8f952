/*
 * Quizzes: marks the answers that were chosen, and counts them.
 *
 * Plain ES2019 for browsers as old as Chromium 80 and Firefox 78; no network,
 * no eval, nothing stored. Without it the questions, the choices and the folded
 * answers are all there.
 */
(function () {
    'use strict';

    const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

    const boxes = all('fieldset.gk-quiz');
    if (boxes.length === 0) {
        return;
    }

    const chosen = (box) => all('input:checked', box).map((input) => input.value).join(' ');

    function add(tag, name, parent, before) {
        const element = document.createElement(tag);
        element.className = name;
        parent.insertBefore(element, before || null);
        return element;
    }

    const hint = document.querySelector('.gk-quiz-hint');
    const score = hint ? add('p', 'gk-quiz-score', hint.parentNode, hint.nextSibling) : null;
    if (score) {
        score.setAttribute('role', 'status');
    }

    function count() {
        const said = boxes.filter((box) => box.classList.contains('gk-quiz--right') || box.classList.contains('gk-quiz--wrong'));
        const right = said.filter((box) => box.classList.contains('gk-quiz--right'));
        if (score) {
            score.textContent = said.length === 0 ? '' : '已答 ' + said.length + ' 题，答对 ' + right.length + ' 题。';
        }
    }

    function forget(box) {
        box.classList.remove('gk-quiz--right', 'gk-quiz--wrong');
        const verdict = box.querySelector('.gk-quiz-verdict');
        if (verdict) {
            verdict.textContent = '';
        }
    }

    function judge(box) {
        const verdict = box.querySelector('.gk-quiz-verdict');
        forget(box);
        if (chosen(box) === '') {
            verdict.textContent = '还没有选。';
            return;
        }
        const right = chosen(box) === box.getAttribute('data-right');
        box.classList.add(right ? 'gk-quiz--right' : 'gk-quiz--wrong');
        verdict.textContent = right ? '对。' : '不对，看一下解析。';
        const key = box.querySelector('details');
        if (key && !right) {
            key.open = true;
        }
        count();
    }

    for (const box of boxes) {
        const row = add('p', 'gk-quiz-row', box, box.querySelector('details'));
        const button = add('button', 'gk-quiz-check', row);
        button.type = 'button';
        button.textContent = '核对';
        const verdict = add('span', 'gk-quiz-verdict', row);
        verdict.setAttribute('role', 'status');
        button.addEventListener('click', () => judge(box));
        box.addEventListener('change', () => {
            forget(box);
            count();
        });
        // Enter on a choice checks it, as in a paper form that is handed in.
        box.addEventListener('keydown', (event) => {
            if (event.key === 'Enter' && event.target.nodeName === 'INPUT') {
                event.preventDefault();
                judge(box);
            }
        });
    }

    if (hint) {
        const again = add('button', 'gk-quiz-again', hint.parentNode, score.nextSibling);
        again.type = 'button';
        again.textContent = '全部重做';
        again.addEventListener('click', () => {
            for (const box of boxes) {
                for (const input of all('input', box)) {
                    input.checked = false;
                }
                box.querySelector('details').open = false;
                forget(box);
            }
            count();
            boxes[0].querySelector('input').focus();
        });
    }
})();
