/*
 * The form on a letter's page: asks for the fields, checks them, writes and
 * reads the request file that `gongkai letter fill` takes.
 *
 * The first part is pure (no page, no browser) and is what the tests run; its
 * checks are those of src/letter/request.rs as far as they need no law. The
 * second part is the page. ES2018, no network, no eval, text only as text.
 */
(function () {
    'use strict';

    // ---- characters, dates, numbers -----------------------------------------

    // As src/text/character.rs: what is invisible or shows differently elsewhere. Its number, or ''.
    const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\uffff\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/u;

    function forbidden(text) {
        const bad = Array.from(text).find((c) => FORBIDDEN.test(c) || (c.codePointAt(0) & 0xfffe) === 0xfffe);
        return bad === undefined ? '' : bad.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    }

    // A day that exists, as 2026-09-18; '' for anything else. Years as the program takes them.
    function day(text) {
        const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
        if (!match || Number(match[1]) < 1949) {
            return '';
        }
        const [year, month, date] = match.slice(1).map(Number);
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        const fits = month >= 1 && month <= 12 && date >= 1 && date <= last;
        return fits ? match[1] + '-' + String(month).padStart(2, '0') + '-' + String(date).padStart(2, '0') : '';
    }

    // What officers write for a day: 2026年9月18日, 2026/9/18, 20260918. Left alone where it is none.
    function tidyDay(text) {
        const plain = text.trim().replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
        const parts = /^(\d{4})\s*[-年/.．－]\s*(\d{1,2})\s*[-月/.．－]\s*(\d{1,2})\s*日?$/.exec(plain)
            || /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
        return (parts && day(parts.slice(1).join('-'))) || text.trim();
    }

    // Resident identity numbers with a valid checksum (GB 11643).
    function hasIdentityNumber(text) {
        const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return (text.match(/[0-9A-Za-z]+/g) || []).some((run) => {
            if (!/^\d{17}[\dXx]$/.test(run)) {
                return false;
            }
            const sum = weights.reduce((all, weight, i) => all + weight * Number(run[i]), 0);
            return '10X98765432'[sum % 11] === run[17].toUpperCase();
        });
    }

    const hasMobileNumber = (text) => (text.match(/[0-9A-Za-z]+/g) || []).some((run) => /^1[3-9]\d{9}$/.test(run));

    // ---- values ----------------------------------------------------------------
    //
    // A text, a list of texts, or a list of rows { column: text }; a number is a
    // text of digits.

    const isMany = (field) => field.kind === 'list' || field.kind === 'rows';

    // Trimmed, without what is empty: what the program would see.
    function tidy(fields, values) {
        const out = {};
        fields.forEach((field) => {
            const value = values[field.name];
            if (field.kind === 'list') {
                out[field.name] = (value || []).map((line) => line.trim()).filter(Boolean);
            } else if (field.kind === 'rows') {
                out[field.name] = (value || []).map((row) => {
                    const cells = {};
                    field.columns.forEach((column) => {
                        const cell = (row[column.name] || '').trim();
                        if (cell) {
                            cells[column.name] = cell;
                        }
                    });
                    return cells;
                }).filter((row) => Object.keys(row).length > 0);
            } else {
                const text = String(value === undefined || value === null ? '' : value).trim();
                out[field.name] = field.kind === 'date' ? tidyDay(text) : text;
            }
        });
        return out;
    }

    function example(fields) {
        const out = {};
        fields.forEach((field) => {
            out[field.name] = field.example;
        });
        return tidy(fields, out);
    }

    const isEmpty = (values) => Object.keys(values).every((name) => values[name].length === 0);

    // ---- checks -----------------------------------------------------------------

    /*
     * What is wrong with the values: [{ field, row, column, message, warning }],
     * in the order of the form. `row` counts from 0.
     */
    function check(data, given) {
        const values = tidy(data.fields, given);
        const found = [];
        data.fields.forEach((field) => {
            const say = (message, more) => found.push(Object.assign({ field: field.name, message: message }, more));
            const value = values[field.name];
            if (value.length === 0) {
                if (field.required && !field.settled) {
                    say('没有填“' + field.label + '”');
                }
            } else if (field.kind === 'list') {
                value.forEach((line, row) => checkText(field, '第 ' + (row + 1) + ' 条', line, (m, more) => say(m, Object.assign({ row: row }, more))));
            } else if (field.kind === 'rows') {
                value.forEach((cells, row) => field.columns.forEach((column) => {
                    const where = '第 ' + (row + 1) + ' 行“' + column.label + '”';
                    const cell = (m, more) => say(m, Object.assign({ row: row, column: column.name }, more));
                    if (cells[column.name]) {
                        checkText(field, where, cells[column.name], cell);
                    } else if (column.required) {
                        cell(where + '没有填');
                    }
                }));
            } else {
                checkText(field, '“' + field.label + '”', value, say);
                checkOne(data, values, field, say);
            }
        });
        return found;
    }

    // What holds of any text.
    function checkText(field, where, text, say) {
        const bad = forbidden(text);
        if (bad) {
            say(where + '里有不能写进文书的字符 U+' + bad + '，多半是从网页或 PDF 里复制来的，删去后重新输入');
        }
        if (field.kind !== 'text' && /[\n\r]/.test(text)) {
            say(where + '只能写一行，删去换行');
        }
        if (hasIdentityNumber(text)) {
            say(where + '里像是有居民身份证号码，文书里不写', { warning: true });
        }
        if (field.quoted && hasMobileNumber(text)) {
            say(where + '里像是有手机号码，照抄申请内容时不抄', { warning: true });
        }
        if (field.bare && /[。，、；：？！,;:?!.]$/.test(text)) {
            say(where + '末尾多了标点，文书自己会加', { warning: true });
        }
    }

    // What depends on the kind of the field.
    function checkOne(data, values, field, say) {
        const value = values[field.name];
        const where = '“' + field.label + '”';
        if (field.kind === 'choice' && !field.choices.includes(value)) {
            say(where + '只能选：' + field.choices.join('、'));
        } else if (field.kind === 'count') {
            const least = field.required && !field.settled ? 1 : 0;
            const most = field.max === undefined ? 4294967295 : field.max;
            if (!/^\d{1,15}$/.test(value)) {
                say(where + '要写整数，例如 ' + (field.example === undefined ? '3' : field.example));
            } else if (Number(value) < least || Number(value) > most) {
                say(where + (Number(value) < least ? '最小是 ' + least : '最大是 ' + most));
            }
        } else if (field.kind === 'date') {
            checkDay(data, values, field, say);
        } else if (field.name === 'number' && !/^[^〔〕]+〔\d{4}〕[1-9]\d*号$/.test(value)) {
            say(where + '的写法不对，写成 机关代字〔2026〕12号：年份用六角括号〔〕，序号不加“第”、不补零');
        }
    }

    function checkDay(data, values, field, say) {
        const own = day(values[field.name]);
        const where = '“' + field.label + '”';
        if (!own) {
            say(where + '要写成 2026-09-18 这样，而且是有的日子');
            return;
        }
        if (field.name === 'date' && data.since && own < data.since) {
            say('落款日期早于 ' + data.since + '，那时的条例和现在不同，请找法制机构核对');
        }
        [['not_before', '早于'], ['not_after', '晚于']].forEach((pair) => {
            const other = data.fields.find((one) => one.name === field[pair[0]]);
            const limit = other ? day(values[other.name]) : '';
            if (limit && (pair[1] === '早于' ? own < limit : own > limit)) {
                say(where + ' ' + own + ' ' + pair[1] + '“' + other.label + '” ' + limit + '，多半有一个写错了');
            }
        });
    }

    // ---- the request file ---------------------------------------------------------

    function quoted(text, several) {
        const escaped = text.replace(/["\\]/g, '\\$&').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => (
            several && c === '\n' ? c : '\\u' + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
        ));
        // Half of a pair can stand in no file.
        return escaped.replace(/[\ud800-\udfff]/gu, '\ufffd');
    }

    const string = (text) => (
        /\n/.test(text) ? '"""\n' + quoted(text, true) + '\n"""' : '"' + quoted(text, false) + '"'
    );

    function valueText(field, value) {
        if (field.kind === 'list') {
            return '[\n' + value.map((line) => '  "' + quoted(line, false) + '",\n').join('') + ']';
        }
        if (field.kind === 'rows') {
            const row = (cells) => field.columns.filter((column) => cells[column.name])
                .map((column) => column.name + ' = "' + quoted(cells[column.name], false) + '"').join(', ');
            return '[\n' + value.map((cells) => '  { ' + row(cells) + ' },\n').join('') + ']';
        }
        if (field.kind === 'count' && /^\d{1,15}$/.test(value)) {
            return String(Number(value));
        }
        return string(field.kind === 'text' ? value.replace(/\r\n?/g, '\n') : value);
    }

    // The request file; fields left empty are left out.
    function write(data, given) {
        const values = tidy(data.fields, given);
        const out = ['# ' + data.title, '# 由手册的表单填写。生成文书：gongkai letter fill 这个文件', '', 'letter = "' + data.letter + '"', ''];
        data.fields.forEach((field) => {
            if (values[field.name].length > 0) {
                out.push('# ' + field.label, field.name + ' = ' + valueText(field, values[field.name]), '');
            }
        });
        return out.join('\n');
    }

    // A name that Windows takes, without what a command line would read as its own.
    function fileName(data, given) {
        const plain = (text) => Array.from(text.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '')).slice(0, 40).join('');
        const applicant = plain(tidy(data.fields, given).applicant || '');
        return [plain(data.title) || data.letter, applicant].filter(Boolean).join('-') + '.toml';
    }

    /*
     * The values of a request file: { values }, or { error } where it is more
     * than the form can hold. Only what `write` and `gongkai letter new` write is
     * read: keys of one word; strings, whole numbers, lists of strings, lists of
     * { … }.
     */
    function read(data, text) {
        try {
            const reader = new Reader(text.replace(/^\ufeff/, '').replace(/\r\n/g, '\n'));
            return { values: named(data, reader.all()) };
        } catch (error) {
            if (error instanceof Refused) {
                return { error: error.message };
            }
            throw error;
        }
    }

    class Refused extends Error {}

    class Reader {
        constructor(text) {
            this.text = text;
            this.at = 0;
        }

        refuse(message) {
            const line = this.text.slice(0, this.at).split('\n').length;
            throw new Refused('第 ' + line + ' 行：' + message + '。本页只能读本页保存的和 gongkai letter new 写出的申请件，别的请用记事本改');
        }

        // Moves on over what the pattern finds here, and gives it.
        take(pattern) {
            const sticky = new RegExp(pattern.source, 'yu');
            sticky.lastIndex = this.at;
            const match = sticky.exec(this.text);
            if (match) {
                this.at = sticky.lastIndex;
            }
            return match;
        }

        blank() {
            this.take(/(?:[ \t\n]+|#[^\n]*)*/);
        }

        all() {
            const out = new Map();
            this.blank();
            while (this.at < this.text.length) {
                const key = this.take(/([A-Za-z0-9_-]+)[ \t]*=[ \t]*/);
                if (!key) {
                    this.refuse(this.take(/\[/) ? '有办理记录或者别的分段（[ ] 开头的行）' : '看不懂');
                }
                if (out.has(key[1])) {
                    this.refuse('“' + key[1] + '”写了两次');
                }
                out.set(key[1], this.value());
                if (!this.take(/[ \t]*(?:#[^\n]*)?(?:\n|$)/)) {
                    this.refuse('“' + key[1] + '”后面多了内容');
                }
                this.blank();
            }
            return out;
        }

        value() {
            if (this.take(/\[/)) {
                return this.list();
            }
            const number = this.take(/\d{4}-\d{2}-\d{2}(?![^\s#,\]])|(?:0|[1-9]\d*)(?![^\s#,\]])/);
            return number ? number[0] : this.string();
        }

        list() {
            const out = [];
            this.blank();
            while (!this.take(/\]/)) {
                out.push(this.take(/\{/) ? this.row() : this.string());
                this.blank();
                if (!this.take(/,/)) {
                    this.blank();
                    if (!this.take(/\]/)) {
                        this.refuse('这里要有逗号或者 ]');
                    }
                    break;
                }
                this.blank();
            }
            return out;
        }

        row() {
            const out = new Map();
            this.take(/[ \t]*/);
            while (!this.take(/\}/)) {
                const key = this.take(/([A-Za-z0-9_-]+)[ \t]*=[ \t]*/);
                if (!key || out.has(key[1])) {
                    this.refuse('{ } 里看不懂');
                }
                out.set(key[1], this.string());
                if (!this.take(/[ \t]*(?:,[ \t]*|(?=\}))/)) {
                    this.refuse('{ } 里要用逗号隔开');
                }
            }
            return out;
        }

        string() {
            if (this.take(/"""\n?/)) {
                const body = this.take(/((?:[^"\\]+|\\[^]|"(?!""))*)"""/);
                return body ? this.unescaped(body[1]) : this.refuse('三个双引号没有结束');
            }
            const body = this.take(/"((?:[^"\\\n]+|\\[^\n])*)"/);
            return body ? this.unescaped(body[1]) : this.refuse('要写在英文双引号里');
        }

        unescaped(text) {
            const known = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' };
            return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^]))/gu, (all, four, eight, one) => {
                if (one) {
                    return Object.prototype.hasOwnProperty.call(known, one) ? known[one] : this.refuse('“' + all + '”不是能用的写法');
                }
                const code = parseInt(four || eight, 16);
                return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? this.refuse('“' + all + '”不是字符') : String.fromCodePoint(code);
            });
        }
    }

    // The values by field, each of the type of its field.
    function named(data, found) {
        const letter = found.get('letter');
        if (letter === undefined) {
            throw new Refused('文件里没有写是哪一种文书（letter），不是申请件');
        }
        if (letter !== data.letter && letter !== data.title) {
            throw new Refused('这是另一种文书（' + letter + '）的申请件，请到那种文书的页面去读；本页是《' + data.title + '》');
        }
        const out = {};
        found.forEach((value, name) => {
            if (name === 'letter') {
                return;
            }
            const field = data.fields.find((one) => one.name === name);
            if (!field) {
                throw new Refused('文件里的“' + name + '”不是这种文书的内容。多半是手册更新过，请用记事本核对');
            }
            out[name] = fitted(field, value);
        });
        return tidy(data.fields, out);
    }

    function fitted(field, value) {
        const wrong = new Refused('“' + field.label + '”（' + field.name + '）的写法和表单不合，请用记事本核对');
        if (!isMany(field)) {
            if (typeof value !== 'string') {
                throw wrong;
            }
            // A number left open is written 0 in an empty form.
            return field.kind === 'count' && value === '0' && field.required ? '' : value;
        }
        if (!Array.isArray(value) || value.some((one) => (field.kind === 'list') !== (typeof one === 'string'))) {
            throw wrong;
        }
        if (field.kind === 'list') {
            return value;
        }
        return value.map((row) => {
            const cells = {};
            row.forEach((cell, name) => {
                if (!field.columns.some((column) => column.name === name)) {
                    throw wrong;
                }
                cells[name] = cell;
            });
            return cells;
        });
    }

    if (typeof module !== 'undefined' && module.exports) {
        module.exports = { check, write, read, example, tidy, tidyDay, fileName };
        return;
    }

    // ---- the page -------------------------------------------------------------------

    const box = document.querySelector('.gk-form-box');
    if (!box || /print\.html$/.test(location.pathname)) {
        return;
    }
    const data = JSON.parse(box.querySelector('script').textContent);
    const KEY = 'gongkai-letter-' + data.letter;

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
    const button = (text, action, className) => {
        const node = make('button', 'gk-form-button' + (className ? ' ' + className : ''), text);
        node.type = 'button';
        node.addEventListener('click', action);
        return node;
    };

    // Copies a text and says so on the button. Old browsers and some pages from disk know only the second way.
    function copyButton(text, words) {
        const node = button(words, () => {
            const said = (done) => {
                node.textContent = done ? '已复制' : '复制不了，请选中后按 Ctrl+C';
                setTimeout(() => {
                    node.textContent = words;
                }, 2500);
            };
            const byHand = () => {
                const area = make('textarea', 'gk-form-away');
                area.value = text();
                document.body.append(area);
                area.select();
                const done = document.execCommand('copy');
                area.remove();
                node.focus();
                said(done);
            };
            if (navigator.clipboard && navigator.clipboard.writeText) {
                navigator.clipboard.writeText(text()).then(() => said(true), byHand);
            } else {
                byHand();
            }
        });
        node.setAttribute('aria-live', 'polite');
        return node;
    }

    // ---- the sample as plain text -------------------------------------------------

    const sample = document.querySelector('.gk-letter-sample');
    const lines = (node) => Array.from(node.childNodes).map((part) => (part.nodeName === 'BR' ? '\n' : part.textContent)).join('').trim();
    function sampleText() {
        return Array.from(sample.querySelectorAll('p, tr')).map((node) => {
            if (node.nodeName === 'TR') {
                return Array.from(node.children).map((cell) => lines(cell).replace(/\n/g, ' ')).join('\t');
            }
            const indented = /gk-l-(p|heading|subheading|note)(\s|$)/.test(node.className);
            return (indented ? '　　' : '') + lines(node);
        }).join('\n') + '\n';
    }
    if (sample) {
        const bar = make('p', 'gk-form-copy');
        bar.append(copyButton(sampleText, '复制全文（纯文字）'));
        sample.parentNode.insertBefore(bar, sample);
    }

    // ---- one control ----------------------------------------------------------------

    // A text of one line, or of several. What may be long gets a box that grows; a line break put into a box of one
    // line goes as it would in a line. `examples` tell how long it may be.
    function lineControl(examples, several) {
        const long = several || examples.some((text) => Array.from(String(text || '')).length > 12);
        const node = make(long ? 'textarea' : 'input', 'gk-form-input');
        if (long) {
            node.rows = several ? 3 : 1;
            node.addEventListener('input', () => {
                if (!several && /[\r\n]/.test(node.value)) {
                    node.value = node.value.replace(/\s*[\r\n]+\s*/g, '');
                }
                grow(node);
            });
        } else {
            node.type = 'text';
        }
        node.autocomplete = 'off';
        return node;
    }

    function grow(node) {
        if (node.nodeName === 'TEXTAREA') {
            node.style.height = 'auto';
            node.style.height = node.scrollHeight + 2 + 'px';
        }
    }

    function setText(node, value) {
        node.value = value;
        if (node.nodeName === 'SELECT') {
            node.dataset.chosen = node.value;
        }
        grow(node);
    }

    // The browser's own calendar beside the text, for those who use a mouse; the text alone does for everybody.
    function withCalendar(input) {
        const both = make('span', 'gk-form-date');
        const around = make('span', 'gk-form-pick');
        const picker = make('input');
        picker.type = 'date';
        picker.tabIndex = -1;
        picker.title = '选日期';
        around.setAttribute('aria-hidden', 'true');
        if (picker.type !== 'date') {
            return input;
        }
        picker.addEventListener('pointerdown', () => {
            picker.value = day(input.value);
        });
        picker.addEventListener('input', () => {
            if (picker.value) {
                input.value = picker.value;
            }
        });
        around.append(picker);
        both.append(input, around);
        return both;
    }

    function simple(field, parts) {
        let control;
        let shown;
        if (field.kind === 'choice') {
            control = make('select', 'gk-form-input');
            control.append(new Option('（请选）', ''));
            field.choices.forEach((choice) => control.append(new Option(choice, choice)));
            // On paper an empty one shows what there is to choose from.
            control.dataset.chosen = '';
            control.addEventListener('change', () => {
                control.dataset.chosen = control.value;
            });
        } else {
            control = lineControl(field.kind === 'line' ? [field.example] : [], field.kind === 'text');
            const example = Array.from(String(field.example === undefined ? '' : field.example));
            control.placeholder = field.settled || (example.length ? '例：' + example.slice(0, 60).join('') + (example.length > 60 ? '……' : '') : '');
        }
        if (field.kind === 'count') {
            control.type = 'number';
            control.min = field.required ? '1' : '0';
            control.step = '1';
            if (field.max !== undefined) {
                control.max = String(field.max);
            }
        }
        shown = control;
        if (field.kind === 'date') {
            control.inputMode = 'numeric';
            control.addEventListener('change', () => {
                control.value = tidyDay(control.value);
            });
            shown = withCalendar(control);
        }
        control.id = parts.id;
        control.setAttribute('aria-describedby', parts.help.id + ' ' + parts.error.id);
        if (field.required && !field.settled) {
            control.setAttribute('aria-required', 'true');
        }
        const label = make('label', 'gk-form-label', field.label);
        label.htmlFor = parts.id;
        label.append(parts.mark);
        parts.node.append(label, parts.help, shown);
        if (field.kind === 'choice') {
            const boxes = make('span', 'gk-form-choices', field.choices.map((choice) => '□ ' + choice).join('　'));
            boxes.setAttribute('aria-hidden', 'true');
            parts.node.append(boxes);
        }
        parts.node.append(parts.error);
        return {
            // What a number field cannot read it gives as nothing, and that would look like a field left empty.
            get: () => (control.validity && control.validity.badInput ? '？' : control.value),
            set: (value) => setText(control, value),
            at: () => control,
            all: () => [control],
        };
    }

    // Lines, or rows of columns: as many as there are, and one to begin with.
    function many(field, parts) {
        const group = make('fieldset', 'gk-form-many');
        const legend = make('legend', 'gk-form-label', field.label);
        legend.append(parts.mark);
        group.setAttribute('aria-describedby', parts.help.id + ' ' + parts.error.id);
        const rows = make('div', 'gk-form-rows');
        const word = field.kind === 'list' ? '条' : '行';
        const columns = field.kind === 'list' ? [{ name: '', label: field.label, example: (field.example || [])[0] }] : field.columns;
        let all = [];

        function add(cells) {
            const node = make('div', 'gk-form-row');
            const row = { node: node, controls: {} };
            node.setAttribute('role', 'group');
            columns.forEach((column) => {
                const examples = (field.example || []).map((one) => (field.kind === 'list' ? one : one[column.name]));
                const control = lineControl(examples.concat(column.example));
                control.id = parts.id + '-' + (add.next += 1);
                if (field.kind === 'rows') {
                    const label = make('label', 'gk-form-column', column.label);
                    label.htmlFor = control.id;
                    label.append(make('span', 'gk-form-mark', column.required ? '必填' : '可不填'));
                    const help = helpOf(field.name, column.name);
                    help.id = control.id + '-help';
                    control.setAttribute('aria-describedby', help.id + ' ' + parts.error.id);
                    node.append(label, help);
                } else {
                    control.setAttribute('aria-describedby', parts.help.id + ' ' + parts.error.id);
                }
                control.placeholder = column.example ? '例：' + column.example : '';
                row.controls[column.name] = control;
                node.append(control);
            });
            row.remove = button('删去', () => {
                const at = all.indexOf(row);
                all.splice(at, 1);
                node.remove();
                if (all.length === 0) {
                    add({});
                }
                number();
                first(all[Math.min(at, all.length - 1)]).focus();
                changed();
            }, 'gk-form-button--small');
            node.append(row.remove);
            rows.append(node);
            all.push(row);
            number();
            columns.forEach((column) => setText(row.controls[column.name], cells[column.name] || ''));
            return row;
        }
        add.next = 0;
        const first = (row) => row.controls[columns[0].name];
        function number() {
            all.forEach((row, at) => {
                const name = '第 ' + (at + 1) + ' ' + word;
                row.node.setAttribute('aria-label', name);
                row.node.dataset.name = name;
                row.remove.textContent = '删去' + name;
                if (field.kind === 'list') {
                    row.controls[''].setAttribute('aria-label', field.label + '，' + name);
                }
            });
        }
        // The checks count only rows that hold something.
        const filled = () => all.filter((row) => columns.some((column) => row.controls[column.name].value.trim()));

        group.append(legend, parts.help, rows, button('加一' + word, () => {
            first(add({})).focus();
            changed();
        }, 'gk-form-button--small'), parts.error);
        parts.node.append(group);
        return {
            get: () => all.map((row) => {
                const cells = {};
                columns.forEach((column) => {
                    cells[column.name] = row.controls[column.name].value;
                });
                return field.kind === 'list' ? cells[''] : cells;
            }),
            set: (value) => {
                rows.textContent = '';
                all = [];
                (value.length ? value : [field.kind === 'list' ? '' : {}]).forEach((one) => add(field.kind === 'list' ? { '': one } : one));
            },
            at: (found) => {
                const row = found && found.row !== undefined ? filled()[found.row] : all[0];
                return (row && found && row.controls[found.column || '']) || first(row || all[0]);
            },
            all: () => [].concat(...all.map((row) => Object.keys(row.controls).map((name) => row.controls[name]))),
        };
    }

    function markOf(field) {
        if (field.settled) {
            return '不填就用机关设置里的“' + field.settled + '”';
        }
        return field.required ? '必填' : '可不填';
    }

    // The help of a field, or of one of its columns, as the table has it.
    function helpOf(name, column) {
        const part = column ? '[data-column="' + column + '"]' : '.gk-field-help';
        const row = document.querySelector('tr[data-field="' + name + '"] ' + part);
        const help = make('span', 'gk-form-help');
        if (row) {
            help.append(...Array.from(row.childNodes).map((node) => node.cloneNode(true)));
        }
        // Following a reference must not lose what was filled in.
        Array.from(help.querySelectorAll('a')).forEach((link) => {
            link.target = '_blank';
            link.rel = 'noopener';
        });
        return help;
    }

    const controls = data.fields.map((field) => {
        const id = 'gk-form-' + field.name;
        const parts = {
            id: id,
            node: make('div', 'gk-form-field gk-form-field--' + field.kind),
            mark: make('span', 'gk-form-mark' + (field.required && !field.settled ? ' gk-form-mark--must' : ''), markOf(field)),
            help: helpOf(field.name),
            error: make('span', 'gk-form-error'),
        };
        parts.help.id = id + '-help';
        parts.error.id = id + '-error';
        parts.error.hidden = true;
        return Object.assign({ field: field, node: parts.node, error: parts.error }, (isMany(field) ? many : simple)(field, parts));
    });

    const values = () => {
        const out = {};
        controls.forEach((control) => {
            out[control.field.name] = control.get();
        });
        return out;
    };
    const put = (all) => controls.forEach((control) => control.set(all[control.field.name] || (isMany(control.field) ? [] : '')));

    // ---- saying what is wrong ---------------------------------------------------------

    const summary = make('div', 'gk-form-summary');
    summary.tabIndex = -1;
    summary.hidden = true;
    const status = make('p', 'gk-form-status');
    status.setAttribute('role', 'status');
    const next = make('div', 'gk-form-next');
    next.hidden = true;
    let checked = false;
    let dirty = false;

    // Says at each field what was found there.
    function show(found) {
        controls.forEach((control) => {
            const own = found.filter((one) => one.field === control.field.name);
            const wrong = own.filter((one) => !one.warning);
            control.error.textContent = own.map((one) => (one.warning ? '再看一眼：' : '') + one.message).join('；');
            control.error.hidden = own.length === 0;
            control.error.classList.toggle('gk-form-error--warning', wrong.length === 0);
            control.node.classList.toggle('gk-form-field--wrong', wrong.length > 0);
            control.all().forEach((node) => node.removeAttribute('aria-invalid'));
            wrong.forEach((one) => control.at(one).setAttribute('aria-invalid', 'true'));
        });
    }

    function mark() {
        const found = check(data, values());
        show(found);
        return found;
    }

    function summarise(found, saving) {
        const wrong = found.filter((one) => !one.warning);
        const warnings = found.filter((one) => one.warning);
        summary.textContent = '';
        summary.hidden = found.length === 0;
        summary.classList.toggle('gk-form-summary--warning', wrong.length === 0);
        [[wrong, '有 ' + wrong.length + ' 处要改'], [warnings, '请再看一眼（不妨碍保存）']].forEach((part) => {
            if (part[0].length === 0) {
                return;
            }
            const list = make('ul');
            part[0].forEach((one) => {
                const control = controls.find((c) => c.field.name === one.field);
                const link = make('a', '', one.message);
                link.href = '#' + control.at(one).id;
                link.addEventListener('click', (event) => {
                    event.preventDefault();
                    control.at(one).focus({ preventScroll: true });
                    control.node.scrollIntoView({ block: 'center' });
                });
                const item = make('li');
                item.append(link);
                list.append(item);
            });
            summary.append(make('strong', '', part[1]), list);
        });
        if (saving && wrong.length) {
            summary.append(button('先存下没填完的申请件', download, 'gk-form-button--small'));
        }
        status.textContent = found.length ? '' : '检查过了，表单里没有发现问题。条文、期限和用词在生成文书时还会再查一遍。';
        if (found.length) {
            summary.focus({ preventScroll: true });
            summary.scrollIntoView({ block: 'start' });
        }
        return wrong.length === 0;
    }

    function checkNow(saving) {
        checked = true;
        next.hidden = true;
        return summarise(mark(), saving);
    }

    // ---- buttons ----------------------------------------------------------------------------

    function download() {
        const name = fileName(data, values());
        const blob = new Blob([write(data, values())], { type: 'text/plain;charset=utf-8' });
        const link = make('a');
        link.href = URL.createObjectURL(blob);
        link.download = name;
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
        dirty = false;
        const command = 'gongkai letter fill ' + name;
        const line = make('p', 'gk-form-command');
        line.append(make('code', '', command), copyButton(() => command, '复制命令'));
        next.textContent = '';
        next.append(
            make('strong', '', '申请件已交给浏览器保存，文件名是 ' + name),
            make('p', '', '下一步：把它从浏览器的下载文件夹移到手册所在的文件夹（有 book.toml 的那一个），在那里打开命令行窗口，运行：'),
            line,
            make('p', 'gk-form-hint', '浏览器给文件改了名的（例如加了“(1)”），命令里也用改过的名字，并加上英文双引号。得到的 Word 文书打印前再核对一遍。')
        );
        next.hidden = false;
        next.focus({ preventScroll: true });
        next.scrollIntoView({ block: 'nearest' });
    }
    next.tabIndex = -1;

    const sure = (words) => isEmpty(tidy(data.fields, values())) || window.confirm(words);

    // New content for the whole form: what was said of the old no longer holds.
    function replace(all, words) {
        put(all);
        summary.hidden = true;
        next.hidden = true;
        checked = false;
        show([]);
        status.textContent = words;
        keep();
    }

    const file = make('input', 'gk-form-away');
    file.type = 'file';
    file.accept = '.toml,text/plain';
    file.tabIndex = -1;
    file.setAttribute('aria-hidden', 'true');
    file.addEventListener('change', () => {
        const chosen = file.files[0];
        file.value = '';
        if (!chosen) {
            return;
        }
        const refused = (message) => {
            summary.textContent = '';
            summary.append(make('strong', '', '没有读入 ' + chosen.name), make('p', '', message));
            summary.classList.remove('gk-form-summary--warning');
            summary.hidden = false;
            status.textContent = '';
            summary.focus();
        };
        if (chosen.size > 2 * 1024 * 1024) {
            refused('文件太大，不像是申请件。');
            return;
        }
        const reader = new FileReader();
        reader.onload = () => {
            const text = new TextDecoder('utf-8').decode(reader.result);
            if (text.includes('\ufffd')) {
                refused('文件不是 UTF-8 编码，用记事本另存为 UTF-8 再读。');
                return;
            }
            const found = read(data, text);
            if (found.error) {
                refused(found.error);
            } else {
                replace(found.values, '已读入 ' + chosen.name);
                dirty = false;
            }
        };
        reader.onerror = () => refused('浏览器打不开这个文件。');
        reader.readAsArrayBuffer(chosen);
    });

    // ---- the draft ------------------------------------------------------------------------------

    const draft = make('input');
    draft.type = 'checkbox';
    draft.id = 'gk-form-draft';
    const draftNote = make('span', 'gk-form-hint');

    function keep() {
        try {
            if (draft.checked) {
                localStorage.setItem(KEY, JSON.stringify(values()));
                draftNote.textContent = '草稿存在这台电脑的这个浏览器里，不会传出去；办完请删去。';
            } else {
                localStorage.removeItem(KEY);
                draftNote.textContent = '';
            }
        } catch (error) {
            draft.checked = false;
            draftNote.textContent = '这个浏览器不让网页保存草稿，请用“保存申请件”。';
        }
    }

    function changed() {
        dirty = true;
        status.textContent = '';
        if (draft.checked) {
            keep();
        }
        if (checked) {
            mark();
        }
    }

    // ---- all together ----------------------------------------------------------------------------

    const bar = (className, ...nodes) => {
        const node = make('div', 'gk-form-bar' + (className ? ' ' + className : ''));
        node.append(...nodes);
        return node;
    };
    const draftLabel = make('label', 'gk-form-draft');
    draftLabel.append(draft, ' 在这台电脑上保留草稿（公用电脑不要选）');
    draft.addEventListener('change', keep);
    const form = make('form', 'gk-form-fields');
    form.noValidate = true;
    form.autocomplete = 'off';
    form.setAttribute('aria-label', '填写' + data.title);
    form.append(...controls.map((control) => control.node));
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', changed);
    form.addEventListener('input', () => {
        dirty = true;
    });
    // mdBook turns pages with the arrow keys, and searches with s.
    box.addEventListener('keydown', (event) => event.stopPropagation());
    window.addEventListener('beforeunload', (event) => {
        if (dirty && !draft.checked && !isEmpty(tidy(data.fields, values()))) {
            event.preventDefault();
            event.returnValue = '';
        }
    });

    box.append(
        make('p', 'gk-form-intro', '在这里填好，检查，再保存成申请件。填的内容只在这台电脑上，不会传出去。'),
        bar('',
            button('填入示例', () => {
                if (sure('示例会换掉已经填的内容，确定吗？')) {
                    replace(example(data.fields), '填入了虚构的示例，每一项都要换成真实的。');
                    dirty = false;
                }
            }),
            button('读取申请件', () => {
                if (sure('读取会换掉已经填的内容，确定吗？')) {
                    file.click();
                }
            }),
            button('清空', () => {
                if (sure('清空全部内容和草稿，确定吗？')) {
                    draft.checked = false;
                    replace({}, '已清空。');
                    dirty = false;
                }
            }),
            file),
        summary,
        form,
        bar('gk-form-bar--main',
            button('检查', () => checkNow(false)),
            button('保存申请件', () => {
                if (checkNow(true)) {
                    download();
                }
            }, 'gk-form-button--main')),
        status,
        next,
        bar('gk-form-bar--draft', draftLabel, button('删去草稿', () => {
            draft.checked = false;
            keep();
            draftNote.textContent = draftNote.textContent || '这台电脑上没有草稿了。';
        }, 'gk-form-button--small'), draftNote)
    );
    put({});
    try {
        const kept = localStorage.getItem(KEY);
        if (kept) {
            put(tidy(data.fields, JSON.parse(kept)));
            draft.checked = true;
            keep();
            status.textContent = '恢复了上次留在这台电脑上的草稿。';
        }
    } catch (error) {
        // Nothing is kept, or what is kept is of an older form: begin empty.
        put({});
    }
    box.hidden = false;
    controls.forEach((control) => control.all().forEach(grow));

    // The table says the same again; it stays at hand, folded.
    const row = document.querySelector('.gk-fields');
    const table = row && (row.closest('.table-wrapper') || row);
    if (table) {
        const folded = make('details', 'gk-form-table');
        folded.append(make('summary', '', '全部要填的内容（一览表）'));
        table.parentNode.insertBefore(folded, table);
        folded.append(table);
    }
})();
