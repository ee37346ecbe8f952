//! QR codes: an address as a square of modules, for the cover and for chapters.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use qrcode::{Color, EcLevel, QrCode, Version};

use super::{Element, Node};

/// Modules left white around a code; readers want four (ISO/IEC 18004).
pub const QUIET: usize = 4;
/// The largest code that a telephone reads from a print 3 cm wide: 77 modules.
const LARGEST: i16 = 15;
/// Bytes that such a code holds at level Q.
const MOST: usize = 292;
/// What an address writes as `%20`.
const ENCODED: AsciiSet = CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'%');

/// An address as a QR code, error correction level Q: a quarter of it may be dirty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Modules in a row, without the white around.
    pub width: usize,
    /// Row by row, whether a module is dark.
    pub dark: Vec<bool>,
}

impl Code {
    /// Draws the code of a web address.
    ///
    /// # Errors
    /// A sentence in Chinese: no web address, or one too long to be read from a book.
    pub fn new(address: &str) -> Result<Self, String> {
        if !["http://", "https://"].iter().any(|scheme| address.starts_with(scheme)) {
            return Err(format!("网址「{address}」不是以 http:// 或 https:// 开头"));
        }
        if let Some(c) = address.chars().find(|c| !c.is_ascii_graphic()) {
            let what = if c == ' ' || c.is_control() {
                "空格或者控制符".to_owned()
            } else {
                format!("「{c}」")
            };
            return Err(format!(
                "网址「{address}」里有{what}，手机不一定认得；请从浏览器的地址栏复制（汉字会变成 %E5 这样的写法）"
            ));
        }
        let too_long =
            || format!("网址有{}个字符，做成二维码太密，扫不出来；最多{MOST}个字符", address.len());
        let code = QrCode::with_error_correction_level(address, EcLevel::Q).map_err(|_| too_long())?;
        match code.version() {
            Version::Normal(version) if version <= LARGEST => {
                let width = code.width();
                Ok(Self {
                    width,
                    dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect(),
                })
            }
            _ => Err(too_long()),
        }
    }

    /// The code with the white around it, as a drawing whose unit is a module.
    #[must_use]
    pub fn drawing(&self, label: &str) -> Node {
        let side = self.width + 2 * QUIET;
        let paper = shape("rect", &[("width", side.to_string()), ("height", side.to_string())], "#fff");
        let dark = shape("path", &[("d", self.path())], "#000");
        let attributes = [
            ("viewBox", format!("0 0 {side} {side}")),
            ("class", "qr".to_owned()),
            ("role", "img".to_owned()),
            ("aria-label", label.to_owned()),
            ("shape-rendering", "crispEdges".to_owned()),
        ];
        Node::Element(Element {
            tag: "svg".to_owned(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value)).into(),
            children: vec![paper, dark],
        })
    }

    /// The dark modules as runs: `M4 4h7v1h-7z…`.
    fn path(&self) -> String {
        let mut path = String::new();
        for (y, row) in self.dark.chunks(self.width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    path += &format!("M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
                }
                x += run.len();
            }
        }
        path
    }
}

fn shape(tag: &str, attributes: &[(&str, String)], fill: &str) -> Node {
    let mut all: BTreeMap<String, String> =
        attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    all.insert("fill".to_owned(), fill.to_owned());
    Node::Element(Element { tag: tag.to_owned(), attributes: all, children: vec![] })
}

/// Where a page can be read online, below the address of its edition.
///
/// ```
/// # use gongkai::press::qr::page_address;
/// let page = "laws/foi-2019.html";
/// assert_eq!(page_address("https://example.com/book", page), "https://example.com/book/laws/foi-2019.html");
/// assert_eq!(page_address("https://example.com/book/index.html", page), "https://example.com/book/laws/foi-2019.html");
/// ```
#[must_use]
pub fn page_address(edition: &str, page: &str) -> String {
    let edition = edition.split(['?', '#']).next().unwrap_or_default();
    let start = edition.find("://").map_or(0, |at| at + 3);
    let folder = match edition[start..].rsplit_once('/') {
        Some((before, last)) if last.contains('.') => &edition[..start + before.len()],
        _ => edition.trim_end_matches('/'),
    };
    format!("{folder}/{}", utf8_percent_encode(page, &ENCODED))
}
