//! A [`Plan`] as an .xlsx: the same plan, the same bytes.
//!
//! Only this file knows `rust_xlsxwriter`.

use super::plan::{Column, Entry, Page, Plan};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use std::fmt;

/// Why a workbook was not written.
#[derive(Debug)]
pub struct WriteError(XlsxError);

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "写不成表格：{}", self.0)
    }
}

impl std::error::Error for WriteError {}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        Self(error)
    }
}

/// Rows that are prepared for filling in; more may be added below.
const PREPARED: u32 = 10_000;
/// Rows above the first to fill in: names, labels, help.
const ABOVE: u32 = 3;
/// Excel takes at most so many characters in a list of words, and in the words beside a cell.
const MOST_IN_LIST: usize = 250;

/// The workbook's bytes.
///
/// # Errors
///
/// When the plan asks for what a workbook cannot hold, such as two sheets of one name.
pub fn write(plan: &Plan) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?.and_hms(0, 0, 0)?;
    book.set_properties(&DocProperties::new().set_title(&plan.title).set_creation_datetime(&created));
    let mut lists = Lists { words: vec![] };
    for page in &plan.pages {
        let sheet = book.add_worksheet();
        sheet.set_name(&page.name)?;
        write_page(sheet, page, &mut lists)?;
    }
    about(book.add_worksheet(), &plan.about)?;
    if !lists.words.is_empty() {
        let sheet = book.add_worksheet();
        sheet.set_name(LISTS)?.set_hidden(true);
        for (column, words) in (0..).zip(&lists.words) {
            for (row, word) in (0..).zip(words) {
                sheet.write_string(row, column, word)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

/// The hidden sheet with words to choose from that are too long for a cell's own list.
const LISTS: &str = "选项";

struct Lists {
    words: Vec<Vec<String>>,
}

fn base() -> Format {
    Format::new().set_font_name("宋体").set_font_size(11)
}

fn write_page(sheet: &mut Worksheet, page: &Page, lists: &mut Lists) -> Result<(), XlsxError> {
    let head = |required: bool| {
        let (fill, ink) = if required { (0x00FC_E4D6, 0x009C_1C00) } else { (0x00E7_E6E6, 0x0033_3333) };
        base()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(fill))
            .set_font_color(Color::RGB(ink))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00A6_A6A6))
    };
    let help = base()
        .set_font_size(10)
        .set_font_color(Color::RGB(0x0040_4040))
        .set_text_wrap()
        .set_align(FormatAlign::Left)
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0x00FA_FAFA))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0x00A6_A6A6));
    let mut tallest = 1;
    for (at, column) in (0u16..).zip(&page.columns) {
        sheet.write_string(0, at, if at == 0 { &page.marker } else { &column.name })?;
        let label = if column.must.is_empty() {
            column.label.clone()
        } else {
            format!("{}\n{}", column.label, column.must)
        };
        sheet.write_string_with_format(1, at, &label, &head(column.required))?;
        let words = explained(column);
        tallest = tallest.max(lines(&words, usize::from(column.width)));
        sheet.write_string_with_format(2, at, if at == 0 { "说明" } else { &words }, &help)?;
        sheet.set_column_width(at, column.width)?.set_column_format(at, &cell(&column.entry))?;
        sheet.add_data_validation(ABOVE, at, ABOVE + PREPARED - 1, at, &validation(column, lists)?)?;
    }
    for (row, entries) in (ABOVE..).zip(&page.rows) {
        let high = |(entry, column): (&Entry, &Column)| match entry {
            Entry::Text(text) => lines(text, usize::from(column.width)),
            _ => 1,
        };
        let high = entries.iter().zip(&page.columns).map(high).max().unwrap_or(1);
        // Rows that are still empty grow by themselves.
        if high > 1 {
            sheet.set_row_height(row, (high * 15 + 3).min(400))?;
        }
        for (at, entry) in (0u16..).zip(entries) {
            let format = cell(entry);
            match entry {
                Entry::Empty => {}
                Entry::Text(text) => {
                    sheet.write_string_with_format(row, at, text, &format)?;
                }
                Entry::Number(n) => {
                    sheet.write_number_with_format(row, at, *n, &format)?;
                }
                Entry::Date(date) => {
                    let serial = f64::from(date.number() + 25_569);
                    sheet.write_number_with_format(row, at, serial, &format)?;
                }
            }
        }
    }
    let last = u16::try_from(page.columns.len()).unwrap_or(1).max(1) - 1;
    sheet.set_row_hidden(0)?.set_row_height(1, 48)?.set_row_height(2, (tallest * 13 + 6).clamp(30, 400))?;
    sheet.set_freeze_panes(2, 1)?;
    sheet.set_landscape().set_paper_size(9).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_repeat_rows(1, 1)?.set_repeat_columns(0, 0)?.set_footer("&C&A　第 &P 页，共 &N 页");
    sheet.set_print_gridlines(true).set_print_fit_to_pages(1 + last / 9, 0);
    Ok(())
}

/// What stands under a label.
fn explained(column: &Column) -> String {
    let mut out = column.help.clone();
    if !column.choices.is_empty() {
        out.push_str("点格子右边的箭头选。");
    }
    if !column.example.is_empty() {
        out.push_str(&format!("\n例：{}", column.example));
    }
    out
}

/// How many lines some words fill, with so many Latin letters to a line.
fn lines(words: &str, in_line: usize) -> u32 {
    // Chinese is twice as wide, and leaves up to one sign of a line empty.
    let wide = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let all: usize = words.lines().map(|line| wide(line).div_ceil(in_line.max(6) - 2).max(1)).sum();
    u32::try_from(all).unwrap_or(30)
}

fn cell(entry: &Entry) -> Format {
    let format = base().set_align(FormatAlign::VerticalCenter);
    match entry {
        Entry::Date(_) => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
        Entry::Number(_) => format.set_num_format("0").set_align(FormatAlign::Center),
        Entry::Text(_) | Entry::Empty => format.set_num_format("@").set_text_wrap(),
    }
}

/// What a cell lets be typed, and the words beside it.
fn validation(column: &Column, lists: &mut Lists) -> Result<DataValidation, XlsxError> {
    let rule = DataValidation::new();
    let (rule, wrong) = match &column.entry {
        _ if !column.choices.is_empty() => {
            (choices(rule, &column.choices, lists)?, "点格子右边的箭头，从里面选一个。")
        }
        Entry::Date(_) => {
            let rule = rule.allow_date(DataValidationRule::Between(
                ExcelDateTime::from_ymd(1949, 10, 1)?,
                ExcelDateTime::from_ymd(2199, 12, 31)?,
            ));
            (rule, "写成 2026-11-03 的样子：先年后月再日，并且确有这一天。")
        }
        Entry::Number(_) => {
            let most = i32::try_from(column.most).unwrap_or(i32::MAX);
            (rule.allow_whole_number(DataValidationRule::Between(0, most)), "写一个整数。")
        }
        Entry::Text(_) | Entry::Empty => (rule.allow_any_value(), ""),
    };
    let mut rule = rule.ignore_blank(true).set_input_title(cut(&column.label, 30))?;
    rule = rule.set_input_message(cut(&explained(column), MOST_IN_LIST))?;
    if !wrong.is_empty() {
        rule = rule.set_error_title("不能这样填")?.set_error_message(wrong)?;
    }
    Ok(rule)
}

fn choices(rule: DataValidation, words: &[String], lists: &mut Lists) -> Result<DataValidation, XlsxError> {
    let length: usize = words.iter().map(|w| w.chars().count() + 1).sum();
    if length <= MOST_IN_LIST && words.iter().all(|w| !w.contains([',', '"'])) {
        return rule.allow_list_strings(words);
    }
    let column = super::letters(u32::try_from(lists.words.len()).unwrap_or(0) + 1);
    lists.words.push(words.to_vec());
    let range = format!("={LISTS}!${column}$1:${column}${}", words.len());
    Ok(rule.allow_list_formula(Formula::new(range)))
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn about(sheet: &mut Worksheet, lines: &[String]) -> Result<(), XlsxError> {
    let title = base().set_bold().set_font_size(16);
    let text = base().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("说明")?.set_column_width(0, 72)?;
    for (row, line) in (0..).zip(lines) {
        sheet.write_string_with_format(row, 0, line, if row == 0 { &title } else { &text })?;
        let needed = self::lines(line, 72);
        sheet.set_row_height(row, if row == 0 { 30 } else { 16 * needed + 4 })?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_screen_gridlines(false);
    Ok(())
}
