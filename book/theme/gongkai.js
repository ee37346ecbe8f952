/*
 * What the handbook adds in the browser: mdBook's buttons in Chinese, previews
 * of cited provisions, paper that shows everything.
 *
 * Loaded after mdBook's book.js on every page, print.html and 404.html too.
 * Plain ES2019 for browsers as old as Chromium 80 and Firefox 78. It makes no
 * network request, works on file://, needs no eval and no inline handler, and
 * writes text only as text, never as HTML. Without it every page still reads.
 */
(function () {
    'use strict';

    // ---- mdBook's interface in Chinese --------------------------------------

    const WORDS = {
        'Table of contents': '目录',
        'Toggle Table of Contents': '显示或隐藏目录',
        'Change theme': '更换配色',
        'Themes': '配色',
        'Print this book': '打印整本手册（页数很多）',
        'Git repository': '源文件仓库',
        'Suggest an edit': '建议修改本页',
        'Page navigation': '翻页',
        'Previous chapter': '上一页',
        'Next chapter': '下一页',
        'Copy to clipboard': '复制',
        'Show hidden lines': '显示隐藏的行',
        'Hide lines': '隐藏部分行',
        'Run this code': '运行这段代码',
        'Undo changes': '撤销修改',
        'Copied!': '已复制',
        'Clipboard error!': '复制失败，请选中后按 Ctrl+C',
        'Note': '说明',
        'Tip': '提示',
        'Important': '重要',
        'Warning': '注意',
        'Caution': '警告',
    };

    const THEMES = {
        default_theme: '自动（随系统）',
        light: '浅色',
        rust: '米黄',
        coal: '深灰',
        navy: '藏青',
        ayu: '墨蓝',
    };

    // Keyed by the keys that the line of the help window names.
    const HELP = {
        '←→': ['按 ', ' 或 ', ' 翻到上一页、下一页'],
        '?': ['按 ', ' 显示本帮助'],
        'Esc': ['按 ', ' 关闭本帮助'],
    };

    const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

    const known = (text) => Object.prototype.hasOwnProperty.call(WORDS, text);

    function translate_attributes() {
        for (const name of ['title', 'aria-label', 'placeholder']) {
            for (const element of all('[' + name + ']')) {
                const text = element.getAttribute(name);
                if (known(text)) {
                    element.setAttribute(name, WORDS[text]);
                }
            }
        }
    }

    function translate_help() {
        const title = document.querySelector('.mdbook-help-title');
        if (title) {
            title.textContent = '键盘快捷键';
        }
        for (const line of all('#mdbook-help-popup p')) {
            const keys = all('kbd', line);
            const words = HELP[keys.map((key) => key.textContent).join('')];
            if (words) {
                line.textContent = words[0];
                keys.forEach((key, i) => {
                    line.appendChild(key);
                    line.appendChild(document.createTextNode(words[i + 1]));
                });
            }
        }
    }

    function translate_themes() {
        for (const id of Object.keys(THEMES)) {
            const button = document.getElementById('mdbook-theme-' + id);
            if (button) {
                button.textContent = THEMES[id];
            }
        }
    }

    function translate_admonitions() {
        for (const title of all('.blockquote-tag-title')) {
            for (const node of Array.from(title.childNodes)) {
                const text = node.nodeType === Node.TEXT_NODE ? node.data.trim() : '';
                if (known(text)) {
                    node.data = WORDS[text];
                }
            }
        }
    }

    // What book.js writes after the page has loaded, on a click.
    function translate_code_buttons() {
        for (const tip of all('pre > .buttons .tooltiptext')) {
            new MutationObserver(() => {
                if (known(tip.textContent)) {
                    tip.textContent = WORDS[tip.textContent];
                }
            }).observe(tip, { childList: true });
        }
        for (const button of all('pre > .buttons button[title$=" lines"]')) {
            let english = '';
            const translate = () => {
                english = button.title;
                button.title = WORDS[english] || english;
                button.setAttribute('aria-label', button.title);
            };
            translate();
            // book.js looks at the English title to know which way to switch.
            button.parentNode.addEventListener('click', () => {
                button.title = english;
            }, true);
            button.addEventListener('click', translate);
        }
    }

    // 「下一页：办理流程」, with the page's name as the sidebar has it.
    function name_page_links() {
        const links = all('.nav-chapters, .mobile-nav-chapters');
        if (links.length === 0) {
            return;
        }
        const names = new Map();
        for (const entry of all('#mdbook-sidebar .chapter a[href]')) {
            const name = Array.from(entry.childNodes)
                .filter((node) => node.nodeName !== 'STRONG')
                .map((node) => node.textContent)
                .join('')
                .trim();
            if (!names.has(entry.href)) {
                names.set(entry.href, name);
            }
        }
        for (const link of links) {
            const name = names.get(link.href);
            if (name) {
                const text = (link.classList.contains('next') ? '下一页：' : '上一页：') + name;
                link.title = text;
                link.setAttribute('aria-label', text);
                if (link.classList.contains('mobile-nav-chapters')) {
                    const words = document.createElement('span');
                    words.className = 'gk-nav-name';
                    words.textContent = text;
                    link.insertBefore(words, link.classList.contains('next') ? link.firstChild : null);
                    link.classList.add('gk-nav');
                }
            }
        }
    }

    function translate_not_found() {
        const english = 'Page not found';
        if (document.title.slice(0, english.length) === english) {
            document.title = '找不到这个网页' + document.title.slice(english.length);
        }
    }

    // ---- keyboard -----------------------------------------------------------

    // mdBook's switch is a label without a focusable box.
    function reach_sidebar_by_keyboard() {
        const label = document.getElementById('mdbook-sidebar-toggle');
        if (label) {
            label.tabIndex = 0;
            label.setAttribute('role', 'button');
            label.addEventListener('keydown', (event) => {
                if (event.key === 'Enter' || event.key === ' ') {
                    event.preventDefault();
                    label.click();
                }
            });
        }
    }

    // Otherwise Tab walks through the whole sidebar before it reaches the page.
    function add_skip_link() {
        if (document.getElementById('mdbook-content')) {
            const link = document.createElement('a');
            link.className = 'gk-skip';
            link.href = '#mdbook-content';
            link.textContent = '跳到正文';
            document.body.insertBefore(link, document.body.firstChild);
        }
    }

    // ---- wide tables and charts ---------------------------------------------

    const SCROLLERS = 'main .table-wrapper, main .gk-scroll';

    function wrap_tables() {
        for (const table of all('main table')) {
            if (!table.closest('.table-wrapper, .gk-scroll, .gk-letter-sample')) {
                const wrapper = document.createElement('div');
                wrapper.className = 'table-wrapper';
                table.parentNode.insertBefore(wrapper, table);
                wrapper.appendChild(table);
            }
        }
    }

    // On a phone each row of such a table becomes a block; its cells then need their headings.
    function label_rows() {
        for (const table of all('main table')) {
            const heads = all('thead th', table).map((head) => head.textContent.trim());
            const rows = all('tbody tr', table);
            const even = rows.every((row) => row.cells.length === heads.length);
            const numbers = rows.every((row) => /^[\d.,%]*$/.test(row.cells[row.cells.length - 1].textContent.trim()));
            if (heads.length > 3 && even && !numbers && !table.closest('.gk-letter-sample')) {
                for (const row of rows) {
                    heads.forEach((head, i) => {
                        const cell = row.cells[i];
                        cell.setAttribute('data-label', head);
                        cell.classList.toggle('gk-none', /^—?$/.test(cell.textContent.trim()));
                    });
                }
                table.classList.add('gk-rows');
            }
        }
    }

    // A short table is moved to the next sheet rather than torn in two.
    function mark_short_tables() {
        for (const table of all('main table')) {
            table.classList.toggle('gk-short', table.rows.length <= 8);
        }
    }

    function mark_scrollers() {
        for (const box of all(SCROLLERS)) {
            const wide = box.scrollWidth > box.clientWidth + 1;
            if (wide !== box.classList.contains('gk-scrollable')) {
                box.classList.toggle('gk-scrollable', wide);
                if (wide) {
                    box.tabIndex = 0;
                    box.setAttribute('role', 'region');
                    box.setAttribute('aria-label', '可以左右滚动的内容');
                } else {
                    for (const name of ['tabindex', 'role', 'aria-label']) {
                        box.removeAttribute(name);
                    }
                }
            }
        }
    }

    function set_up_scrollers() {
        wrap_tables();
        label_rows();
        mark_short_tables();
        mark_scrollers();
        let timer = 0;
        window.addEventListener('resize', () => {
            clearTimeout(timer);
            timer = setTimeout(mark_scrollers, 150);
        });
        window.addEventListener('load', mark_scrollers);
        for (const box of all(SCROLLERS)) {
            // Here the arrow keys scroll; book.js would turn the page.
            box.addEventListener('keydown', (event) => {
                if (event.target === box && /^Arrow(Left|Right)$/.test(event.key)) {
                    event.stopPropagation();
                }
            });
        }
    }

    // ---- jump targets inside something folded --------------------------------

    function target_of(hash) {
        try {
            return document.getElementById(decodeURIComponent(hash.slice(1)));
        } catch (_) {
            return null; // a % in the address that is no escape
        }
    }

    function open_target() {
        const target = location.hash.length > 1 ? target_of(location.hash) : null;
        let opened = false;
        for (let box = target; box; box = box.parentElement) {
            if (box.tagName === 'DETAILS' && !box.open) {
                box.open = true;
                opened = true;
            }
        }
        if (opened) {
            target.scrollIntoView();
        }
    }

    function set_up_targets() {
        open_target();
        window.addEventListener('hashchange', open_target);
        // A second click on the same link changes no hash.
        document.addEventListener('click', (event) => {
            const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
            if (link && link.hash && link.hash === location.hash) {
                setTimeout(open_target, 0);
            }
        });
    }

    // ---- paper --------------------------------------------------------------

    function today() {
        const now = new Date();
        return now.getFullYear() + '年' + (now.getMonth() + 1) + '月' + now.getDate() + '日';
    }

    // CSS strings: everything but letters and digits as an escape.
    function css_string(text) {
        const escaped = Array.from(text, (c) => /[0-9A-Za-z\u3400-\u9fff]/.test(c)
            ? c
            : '\\' + c.codePointAt(0).toString(16) + ' ');
        return '"' + escaped.join('') + '"';
    }

    // Title and date at the foot of each sheet; false where the browser has no page margin boxes.
    let margins = null;
    function print_margins() {
        if (typeof CSSMarginRule !== 'function' || !('adoptedStyleSheets' in document)) {
            return false;
        }
        try {
            if (!margins) {
                margins = new CSSStyleSheet();
                document.adoptedStyleSheets = Array.from(document.adoptedStyleSheets).concat(margins);
            }
            margins.replaceSync('@page { @bottom-left { content: '
                + css_string(document.title + '　' + today() + '打印')
                + '; color: #333; font-size: 9pt; } }');
            return true;
        } catch (_) {
            return false;
        }
    }

    // The end of the printed text says what the margins cannot.
    function print_foot(in_margins) {
        const main = document.querySelector('main');
        if (!main) {
            return;
        }
        let foot = document.querySelector('.gk-print-foot');
        if (!foot) {
            foot = document.createElement('p');
            foot.className = 'gk-print-foot';
            main.appendChild(foot);
        }
        const parts = in_margins ? [] : ['打印自：' + document.title, '打印日期：' + today()];
        // The address of a page on somebody's own disk would show his user name.
        if (/^https?:$/.test(location.protocol)) {
            parts.push('网址：' + location.href);
        }
        foot.textContent = parts.join('　');
    }

    // mdBook's printer prints the whole book, which is seldom what is wanted.
    function add_print_button() {
        const buttons = document.querySelector('#mdbook-menu-bar .right-buttons');
        if (buttons && !/\/print\.html$/.test(location.pathname)) {
            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'gk-print';
            button.textContent = '打印本页';
            button.addEventListener('click', () => window.print());
            buttons.insertBefore(button, buttons.firstChild);
        }
    }

    function set_up_print() {
        let opened = [];
        window.addEventListener('beforeprint', () => {
            hide_preview();
            opened = opened.concat(all('details:not([open])'));
            for (const box of opened) {
                box.open = true;
            }
            print_foot(print_margins());
        });
        window.addEventListener('afterprint', () => {
            for (const box of opened) {
                box.open = false;
            }
            opened = [];
        });
    }

    // ---- previews of citations ----------------------------------------------
    //
    // Mouse: shows after a short rest, stays while the pointer is on the link or
    // on the preview. Keyboard: shows while the link has the focus. Touch: the
    // first tap shows it with a button 打开, the second tap follows the link.
    // Esc closes it.

    const SHOW_AFTER = 120;
    const HIDE_AFTER = 250;
    const GAP = 6;
    const EDGE = 8;

    let preview = null; // { box, title, text, open }
    let cited = null; // the link whose preview is shown
    let timer = 0;
    let pointer = { type: '', x: 0, y: 0 }; // type is '' after a key press

    function make(tag, name, parent) {
        const element = document.createElement(tag);
        element.className = name;
        parent.appendChild(element);
        return element;
    }

    function preview_box() {
        if (!preview) {
            const box = make('div', 'gk-pop', document.body);
            box.hidden = true;
            box.setAttribute('role', 'note');
            box.setAttribute('aria-label', '条文要点');
            const body = make('div', 'gk-pop-body', box);
            body.id = 'gk-pop-body';
            const title = make('div', 'gk-pop-title', body);
            const text = make('div', 'gk-pop-text', body);
            const foot = make('div', 'gk-pop-foot', box);
            make('span', '', foot).textContent = '要点，不是法规原文';
            const open = make('a', 'gk-pop-open', foot);
            open.textContent = '打开';
            preview = { box, title, text, open };
            box.addEventListener('pointerenter', () => clearTimeout(timer));
            box.addEventListener('pointerleave', (event) => {
                if (event.pointerType === 'mouse') {
                    later(HIDE_AFTER, hide_preview);
                }
            });
            open.addEventListener('click', hide_preview);
        }
        return preview;
    }

    function later(delay, action) {
        clearTimeout(timer);
        timer = setTimeout(action, delay);
    }

    function cite_of(node) {
        const link = node instanceof Element ? node.closest('a.gk-cite, a.gk-term') : null;
        return link && link.getAttribute('data-preview') ? link : null;
    }

    // A link broken over two lines has two boxes: stay clear of both, but keep
    // to the left edge of the one under the pointer.
    function anchor_rect(link) {
        const { top, bottom } = link.getBoundingClientRect();
        const boxes = Array.from(link.getClientRects());
        const under = boxes.find((box) => pointer.type !== '' && pointer.y >= box.top - 2
            && pointer.y <= box.bottom + 2 && pointer.x >= box.left - 2 && pointer.x <= box.right + 2);
        const { left } = under || boxes[0] || link.getBoundingClientRect();
        return { top, bottom, left };
    }

    function place_preview() {
        const box = preview.box;
        const rect = anchor_rect(cited);
        const width = document.documentElement.clientWidth;
        const height = window.innerHeight;
        if (rect.bottom < 0 || rect.top > height) {
            hide_preview();
            return;
        }
        box.style.maxHeight = '';
        const below = height - rect.bottom - GAP - EDGE;
        const above = rect.top - GAP - EDGE;
        const under = box.offsetHeight <= below || below >= above;
        box.style.maxHeight = Math.max(80, under ? below : above) + 'px';
        const left = Math.min(rect.left, width - EDGE - box.offsetWidth);
        const top = under ? rect.bottom + GAP : rect.top - GAP - box.offsetHeight;
        box.style.left = Math.max(EDGE, left) + 'px';
        box.style.top = Math.max(EDGE, top) + 'px';
    }

    function fill_preview(link) {
        const { title, text, open } = preview_box();
        const law = link.getAttribute('data-law') || '';
        const label = link.getAttribute('data-label') || '';
        const bare = law.replace(/^《(.*)》$/, '$1');
        title.textContent = (bare ? '《' + bare + '》' : '') + label;
        text.textContent = link.getAttribute('data-preview');
        open.href = link.href;
    }

    function described_by(link) {
        return (link.getAttribute('aria-describedby') || '').split(/\s+/)
            .filter((id) => id && id !== 'gk-pop-body');
    }

    function show_preview(link, touch) {
        clearTimeout(timer);
        if (cited && cited !== link) {
            hide_preview();
        }
        cited = link;
        fill_preview(link);
        link.setAttribute('aria-describedby', described_by(link).concat('gk-pop-body').join(' '));
        preview.open.hidden = !touch;
        preview.box.hidden = false;
        place_preview();
    }

    function hide_preview() {
        clearTimeout(timer);
        if (!cited) {
            return;
        }
        const rest = described_by(cited);
        if (rest.length > 0) {
            cited.setAttribute('aria-describedby', rest.join(' '));
        } else {
            cited.removeAttribute('aria-describedby');
        }
        cited = null;
        preview.box.hidden = true;
    }

    function on_preview(node) {
        return preview !== null && node instanceof Node && preview.box.contains(node);
    }

    function set_up_mouse() {
        document.addEventListener('pointerover', (event) => {
            const link = cite_of(event.target);
            if (event.pointerType !== 'mouse' || !link) {
                return;
            }
            pointer = { type: 'mouse', x: event.clientX, y: event.clientY };
            if (link === cited) {
                clearTimeout(timer);
            } else {
                later(SHOW_AFTER, () => show_preview(link, false));
            }
        });
        document.addEventListener('pointerout', (event) => {
            const link = cite_of(event.target);
            if (event.pointerType !== 'mouse' || !link || link.contains(event.relatedTarget)) {
                return;
            }
            // Also cancels a preview that has not come up yet.
            later(HIDE_AFTER, hide_preview);
        });
    }

    function set_up_touch() {
        document.addEventListener('pointerdown', (event) => {
            pointer = { type: event.pointerType, x: event.clientX, y: event.clientY };
            if (cited && !on_preview(event.target) && cite_of(event.target) !== cited) {
                hide_preview();
            }
        }, true);
        document.addEventListener('click', (event) => {
            const link = cite_of(event.target);
            if (!link) {
                return;
            }
            const tapped = pointer.type === 'touch' || pointer.type === 'pen';
            if (tapped && link !== cited) {
                event.preventDefault();
                show_preview(link, true);
            } else {
                hide_preview();
            }
        });
    }

    function set_up_keyboard() {
        document.addEventListener('keydown', (event) => {
            pointer.type = '';
            if (event.key === 'Escape' && cited) {
                event.stopPropagation();
                hide_preview();
            }
        }, true);
        document.addEventListener('focusin', (event) => {
            const link = cite_of(event.target);
            if (link && pointer.type === '' && link !== cited) {
                later(SHOW_AFTER, () => show_preview(link, false));
            }
        });
        document.addEventListener('focusout', (event) => {
            if (cite_of(event.target) && !on_preview(event.relatedTarget) && pointer.type === '') {
                hide_preview();
            }
        });
    }

    function set_up_previews() {
        set_up_mouse();
        set_up_touch();
        set_up_keyboard();
        let frame = 0;
        const follow = () => {
            cancelAnimationFrame(frame);
            frame = requestAnimationFrame(() => {
                if (cited) {
                    place_preview();
                }
            });
        };
        window.addEventListener('scroll', follow, { passive: true });
        window.addEventListener('resize', follow);
    }

    // ---- start --------------------------------------------------------------

    // One step that fails on an unforeseen page must not take the others with it.
    for (const step of [
        translate_code_buttons,
        translate_attributes,
        translate_help,
        translate_themes,
        translate_admonitions,
        name_page_links,
        translate_not_found,
        reach_sidebar_by_keyboard,
        add_skip_link,
        set_up_scrollers,
        set_up_targets,
        add_print_button,
        set_up_print,
        set_up_previews,
    ]) {
        try {
            step();
        } catch (error) {
            console.error('gongkai.js', error);
        }
    }
})();
