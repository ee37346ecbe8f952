//! The first page of an edition that does not hold the staff's own.

use super::Site;
use super::markup::{attribute, html, inline};
use super::page::Page;

impl Site<'_> {
    /// Title, who issued it and when, and the contents: headings, and chapters with their pages.
    pub(super) fn front(&self, entries: &[(String, Option<String>)]) -> Page {
        let edition = self.edition;
        let title = edition.title.as_deref().unwrap_or("目录");
        let mut page = Page::new("index.md", title, "front");
        for line in &edition.cover {
            page.block(inline(line));
        }
        page.facts(&[
            ("编印单位", html(&edition.office)),
            ("版次", html(&edition.version)),
            ("日期", html(&edition.date)),
        ]);
        let mut list = String::new();
        let (mut heading, mut number) = (None, 0);
        for (title, path) in entries {
            let Some(path) = path else {
                heading = Some(title);
                continue;
            };
            if let Some(heading) = heading.take() {
                self.contents(&mut page, &mut list);
                number += 1;
                page.heading(2, heading, &format!("front-{number}"));
            }
            let href = page.href(path);
            list.push_str(&format!("<li><a href=\"{}\">{}</a></li>\n", attribute(&href), html(title)));
        }
        self.contents(&mut page, &mut list);
        page.block("内容是对法规、政策的说明，不是官方文本；以公布的原文为准。标着“待核”的还没有核对原文。");
        page
    }

    fn contents(&self, page: &mut Page, list: &mut String) {
        if !list.is_empty() {
            page.block(format!("<ul class=\"gk-related\">\n{}</ul>", std::mem::take(list)));
        }
    }
}
