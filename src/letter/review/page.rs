//! The page, against GB/T 9704-2012: paper, margins, size of the letters, distance of the lines.

use super::Review;
use super::read::Section;

/// A4 in twips.
const PAPER: (u32, u32) = (11906, 16838);

/// Twips in a millimetre.
const MILLIMETRE: f64 = 56.693;

impl Review<'_> {
    pub(super) fn page(&mut self) {
        self.asked_day();
        // Records and envelopes have pages of their own.
        if !self.anatomy.goes_out && self.anatomy.signature.date.is_none() {
            return;
        }
        let mut wrong: Vec<String> = self.reviewed.sections.first().map(paper).unwrap_or_default();
        wrong.extend(self.letters());
        if !wrong.is_empty() {
            self.file("layout", ("版面", ""), format!("版面和公文格式相差较大：{}", wrong.join("；")));
        }
    }

    /// Size and lines of the letter's own paragraphs, by the most text.
    fn letters(&self) -> Vec<String> {
        let paragraphs = || {
            self.anatomy.own.iter().filter_map(|at| self.reviewed.paragraphs.get(*at)).filter(|p| p.size > 0)
        };
        let all: usize = paragraphs().map(|p| p.text.len()).sum();
        let share = |fits: &dyn Fn(&super::read::Paragraph) -> bool| {
            let part: usize = paragraphs().filter(|p| fits(p)).map(|p| p.text.len()).sum();
            all > 0 && part * 2 > all
        };
        let mut wrong = vec![];
        if share(&|p| !(30..=34).contains(&p.size)) {
            wrong.push("正文不是三号字（16磅）".to_owned());
        }
        // Exact distances can be compared; others depend on the font.
        if share(&|p| matches!(p.line, Some((line, true)) if !(520..=640).contains(&line))) {
            wrong.push("行距离28.95磅较远，一页排不成22行".to_owned());
        }
        wrong
    }
}

fn paper(page: &Section) -> Vec<String> {
    let mut wrong = vec![];
    let far = |is: u32, should: u32, most: f64| f64::from(is.abs_diff(should)) > most * MILLIMETRE;
    if far(page.width, PAPER.0, 2.0) || far(page.height, PAPER.1, 2.0) {
        wrong.push("纸张不是 A4".to_owned());
        return wrong;
    }
    let width = page.width.saturating_sub(page.left + page.right);
    let millimetres = |twips: u32| (f64::from(twips) / MILLIMETRE).round();
    if far(width, 8844, 7.0) {
        wrong.push(format!("版心宽{}毫米，应当是156毫米", millimetres(width)));
    } else if far(page.left, 1587, 5.0) {
        wrong.push(format!("左白边{}毫米，应当是28毫米", millimetres(page.left)));
    }
    if page.top < 1440 + 100 || page.top > 2098 + 1200 {
        wrong.push(format!("上白边{}毫米，应当是37毫米", millimetres(page.top)));
    }
    wrong
}
