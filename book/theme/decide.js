/*
 * 一步一步定答复: one question of the page at a time, back without losing later
 * answers, and at the end the request file and the page for the leader.
 *
 * Twin of src/decide.rs: the next question is the one an answer names, else the
 * first later one that is asked after the answers so far. Everything it needs
 * stands in the page. ES2019, no network, no eval, text only as text.
 */
(function () {
    'use strict';

    const root = document.getElementById('gk-steps');
    if (!root || /print\.html$/.test(location.pathname)) {
        return;
    }
    const all = (selector, from) => Array.from((from || root).querySelectorAll(selector));
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
    const button = (className, text, action) => {
        const node = make('button', className, text);
        node.type = 'button';
        node.addEventListener('click', action);
        return node;
    };

    const questions = all('.gk-ask').map((section) => ({
        id: section.dataset.question,
        step: section.dataset.step,
        title: section.querySelector('.gk-ask-title').textContent,
        showIf: (section.dataset.showIf || '').split(' ').filter(Boolean),
        section: section,
        answers: all('.gk-answer', section).map((item) => {
            const part = (name) => {
                const node = item.querySelector('.gk-answer-' + name);
                return node ? node.textContent.replace(/^(接着|风险)：/, '') : '';
            };
            return {
                id: item.dataset.answer,
                next: item.dataset.next,
                outcome: item.dataset.outcome,
                label: part('label'),
                note: part('note'),
                then: part('then'),
                risk: part('risk'),
                item: item,
            };
        }),
    }));
    const index = new Map(questions.map((question, i) => [question.id, i]));
    const outcomes = new Map(all('.gk-outcome').map((section) => [section.dataset.outcome, section]));

    // ---- the way, as in src/decide.rs ---------------------------------------

    function nextFrom(from, seen) {
        for (let i = from; i < questions.length; i += 1) {
            const wanted = questions[i].showIf;
            if (wanted.length === 0 || wanted.some((condition) => seen.has(condition))) {
                return i;
            }
        }
        return -1;
    }

    function walk(chosen) {
        const answered = [];
        const seen = new Set();
        let at = nextFrom(0, seen);
        while (at >= 0) {
            const question = questions[at];
            const answer = question.answers.find((one) => one.id === chosen[question.id]);
            if (!answer) {
                return { answered: answered, open: question };
            }
            answered.push({ question: question, answer: answer });
            seen.add(question.id + '=' + answer.id);
            if (answer.outcome) {
                break;
            }
            if (answer.next) {
                const to = index.get(answer.next);
                at = to > at ? to : -1;
            } else {
                at = nextFrom(at + 1, seen);
            }
        }
        return { answered: answered, open: null };
    }

    // ---- what is remembered --------------------------------------------------

    const KEY = 'gongkai-decide';
    let chosen = {};
    let reopened = '';
    try {
        chosen = JSON.parse(sessionStorage.getItem(KEY) || '{}') || {};
    } catch (error) {
        chosen = {};
    }
    function remember() {
        try {
            sessionStorage.setItem(KEY, JSON.stringify(chosen));
        } catch (error) {
            // A browser that keeps nothing still walks.
        }
    }
    function known() {
        const copy = Object.assign({}, chosen);
        delete copy[reopened];
        return copy;
    }

    // ---- the page ------------------------------------------------------------

    const bar = make('div', 'gk-steps-bar');
    const status = make('p', 'gk-steps-status');
    status.setAttribute('role', 'status');
    const back = button('gk-steps-button', '退回上一题', () => goBack());
    const again = button('gk-steps-button', '从头再来', () => {
        chosen = {};
        reopened = '';
        remember();
        show(true);
    });
    bar.append(back, again, status);
    const said = make('p', 'gk-steps-said');
    const end = make('section', 'gk-steps-end');
    const trail = make('ol', 'gk-steps-trail');
    const trailBox = make('details', 'gk-steps-trail-box');
    trailBox.append(make('summary', '', '已经答过的题（点一下可以回去改）'), trail);
    root.classList.add('gk-steps--live');
    root.prepend(bar, said);
    root.append(end, trailBox);

    questions.forEach((question) => {
        question.answers.forEach((answer) => {
            const label = answer.item.querySelector('.gk-answer-label');
            const choose = button('gk-answer-button', answer.label, () => pick(question, answer));
            label.replaceWith(choose);
            answer.button = choose;
        });
    });

    function pick(question, answer) {
        chosen[question.id] = answer.id;
        reopened = '';
        remember();
        said.textContent = answer.note;
        show(true);
    }

    function goBack() {
        const way = walk(known());
        const last = way.answered[way.answered.length - 1];
        if (last) {
            reopened = last.question.id;
            said.textContent = '';
            show(true);
        }
    }

    function show(moveFocus) {
        const way = walk(known());
        const last = way.answered[way.answered.length - 1];
        const outcome = !way.open && last ? outcomes.get(last.answer.outcome) : null;
        all('.gk-ask, .gk-outcome').forEach((section) => {
            section.hidden = section !== (way.open ? way.open.section : outcome);
        });
        said.hidden = !said.textContent || !way.open;
        back.disabled = way.answered.length === 0;
        trail.textContent = '';
        way.answered.forEach((row) => {
            const line = make('li');
            line.append(button('gk-steps-link', row.question.title + '　' + row.answer.label, () => {
                reopened = row.question.id;
                said.textContent = '';
                show(true);
            }));
            trail.append(line);
        });
        trailBox.hidden = way.answered.length === 0;
        end.textContent = '';
        let target = null;
        if (way.open) {
            status.textContent = '【' + way.open.step + '】第 ' + (way.answered.length + 1) + ' 题';
            way.open.answers.forEach((answer) => {
                const before = chosen[way.open.id] === answer.id;
                answer.button.setAttribute('aria-pressed', before ? 'true' : 'false');
                answer.item.classList.toggle('gk-answer--before', before);
            });
            target = way.open.section.querySelector('.gk-ask-title');
        } else if (outcome) {
            status.textContent = '有结论了';
            finish(way, last.answer, outcome);
            target = outcome.querySelector('.gk-ask-title');
        } else {
            status.textContent = '没有得出结论，请退回上一题';
        }
        if (moveFocus && target) {
            target.focus();
            const top = bar.getBoundingClientRect().top;
            if (top < 0 || top > window.innerHeight) {
                bar.scrollIntoView();
            }
        }
    }

    // ---- the end -------------------------------------------------------------

    const FIELDS = [
        ['request_number', '申请编号', 'text'],
        ['applicant', '申请人', 'text'],
        ['received_date', '收到日', 'date'],
        ['request_text', '申请内容（照抄原文）', 'area'],
    ];
    const filled = {};

    function finish(way, answer, outcome) {
        [['接着', answer.then], ['风险', answer.risk]].forEach((row) => {
            if (row[1]) {
                const line = make('p', 'gk-steps-' + (row[0] === '风险' ? 'risk' : 'then'));
                line.append(make('strong', '', row[0] + '：'), row[1]);
                end.append(line);
            }
        });
        const box = make('div', 'gk-steps-form');
        FIELDS.forEach((field) => {
            const label = make('label', '', field[1]);
            const input = make(field[2] === 'area' ? 'textarea' : 'input');
            if (field[2] !== 'area') {
                input.type = field[2];
            }
            input.value = filled[field[0]] || '';
            input.addEventListener('input', () => {
                filled[field[0]] = input.value;
            });
            label.append(input);
            box.append(label);
        });
        end.append(make('h3', '', '写进申请件和呈批说明'), box);
        const form = outcome.querySelector('.gk-form');
        const row = make('p', 'gk-steps-buttons');
        if (form) {
            row.append(button('gk-steps-button gk-steps-button--main', '保存申请件', () => save(form)));
        }
        row.append(button('gk-steps-button', '打印呈批说明', () => printBrief(way, answer, outcome)));
        end.append(row);
        if (form) {
            end.append(make('p', 'gk-steps-hint', '申请件保存以后用记事本补上其余的内容，再运行 gongkai letter fill 生成文书。'));
        }
    }

    // The lines of the form that the officer filled in here; JSON strings are TOML strings.
    function save(form) {
        const lines = form.dataset.form.split('\n').map((line) => {
            const match = /^(?:# )?([a-z_]+) = /.exec(line);
            const value = match && filled[match[1]];
            return value ? match[1] + ' = ' + JSON.stringify(value) : line;
        });
        // A field of several lines ends with a line of its own, which goes with the value put in.
        const out = [];
        let skip = false;
        lines.forEach((line) => {
            if (skip) {
                skip = line !== '"""';
                return;
            }
            out.push(line);
            const match = /^([a-z_]+) = /.exec(line);
            const area = match && filled[match[1]] && form.dataset.form.includes('\n' + match[1] + ' = """\n');
            skip = Boolean(area);
        });
        const blob = new Blob([out.join('\n')], { type: 'text/plain;charset=utf-8' });
        const link = make('a');
        link.href = URL.createObjectURL(blob);
        link.download = form.dataset.letter + '.toml';
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    function printBrief(way, answer, outcome) {
        const old = document.getElementById('gk-brief');
        if (old) {
            old.remove();
        }
        const brief = make('div', '');
        brief.id = 'gk-brief';
        const table = (head, rows) => {
            const node = make('table');
            const top = make('tr');
            head.forEach((text) => top.append(make('th', '', text)));
            node.append(top);
            rows.forEach((row) => {
                const line = make('tr');
                row.forEach((text) => line.append(make('td', '', text)));
                node.append(line);
            });
            return node;
        };
        const cut = (text, most) => {
            const chars = Array.from(text);
            return chars.length > most ? chars.slice(0, most).join('') + '……' : text;
        };
        const fact = (name) => {
            const found = all('dt', outcome).find((node) => node.textContent === name);
            return found ? found.nextElementSibling.textContent : '';
        };
        const points = way.answered.slice(-3).map((row) => row.question.title.replace(/？$/, '') + '——' + row.answer.label);
        brief.append(make('h1', '', '政府信息公开申请呈批说明'));
        brief.append(table(['事项', '内容'], [
            ['申请', (filled.request_number || '　　　　') + '　申请人：' + (filled.applicant || '　　　　')],
            ['要什么', cut(filled.request_text || '', 110)],
            ['期限', '收到日：' + (filled.received_date || '　　　　') + '　答复期限：（用 gongkai deadline 推算）'],
            ['争议点', cut(points.join('；'), 150)],
            ['拟办意见', (answer.then ? '先发文书：' : '拟答复：') + outcome.querySelector('.gk-ask-title').textContent],
            ['依据', cut(fact('依据'), 120)],
            ['救济', cut(fact('救济'), 110)],
        ]));
        const last = way.answered[way.answered.length - 1].question;
        const others = last.answers.filter((one) => one !== answer && one.risk);
        brief.append(table(['可选的办法', '风险'], [answer].concat(others).slice(0, 3).map((one) => [
            cut(one.label, 34) + (one === answer ? '（拟采用）' : ''),
            cut(one.risk || '手册没有列出风险', 70),
        ])));
        brief.append(table(['审批', '意见', '签名和日期'], ['拟办', '法制', '保密', '签发'].map((who) => [who, '', ''])));
        brief.append(make('p', '', '内部文书，不对外。依据和风险以核对原文为准。'));
        document.body.append(brief);
        document.documentElement.classList.add('gk-brief-print');
        const done = () => {
            document.documentElement.classList.remove('gk-brief-print');
            window.removeEventListener('afterprint', done);
        };
        window.addEventListener('afterprint', done);
        window.print();
    }

    // ---- keys ----------------------------------------------------------------

    document.addEventListener('keydown', (event) => {
        const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
        if (typing || event.ctrlKey || event.altKey || event.metaKey) {
            return;
        }
        const way = walk(known());
        const number = Number(event.key);
        if (way.open && number >= 1 && number <= way.open.answers.length) {
            event.preventDefault();
            pick(way.open, way.open.answers[number - 1]);
        } else if (event.key === 'Backspace') {
            event.preventDefault();
            goBack();
        }
    });

    show(false);
})();
