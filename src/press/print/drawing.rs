//! A drawing on a page as an SVG file of its own, in black on white, as the printed page needs it.

use crate::press::{Element, Node};

/// Shapes by class, as `@media print` of the handbook's stylesheet draws them.
const SHAPES: [(&str, &str); 6] = [
    ("gk-flow-box", "fill:#fff;stroke:#333"),
    ("gk-flow-end", "fill:#eee;stroke:#000"),
    ("gk-flow-decide", "fill:#fff;stroke:#000"),
    ("gk-flow-line", "fill:none;stroke:#333"),
    ("gk-flow-head", "fill:#333;stroke:none"),
    ("gk-flow-note", "fill:#333"),
];

/// The size of a drawing in its own units, from its `viewBox` or `width` and `height`.
pub(super) fn size(svg: &Element) -> Option<(f64, f64)> {
    let by_name = |name: &str| {
        svg.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    };
    let boxed = by_name("viewBox").and_then(|all| {
        let numbers: Vec<f64> = all.split([' ', ',']).filter_map(|number| number.parse().ok()).collect();
        (numbers.len() == 4).then(|| (numbers[2], numbers[3]))
    });
    let sized = || Some((by_name("width")?.parse().ok()?, by_name("height")?.parse().ok()?));
    boxed.or_else(sized).filter(|(width, height)| *width > 0.0 && *height > 0.0)
}

/// The file; its texts are set in `families`.
pub(super) fn file(svg: &Element, families: &str) -> String {
    let mut out = String::new();
    write(svg, Some(families), &mut out);
    out
}

fn write(element: &Element, root: Option<&str>, out: &mut String) {
    out.push('<');
    out.push_str(&element.tag);
    for (name, value) in &element.attributes {
        let name = if name.eq_ignore_ascii_case("viewBox") { "viewBox" } else { name };
        if matches!(name, "class" | "style" | "xmlns") || name.starts_with("aria-") {
            continue;
        }
        attribute(name, &value.replace("currentColor", "#000"), out);
    }
    if let Some(families) = root {
        attribute("xmlns", "http://www.w3.org/2000/svg", out);
        attribute("font-family", families, out);
    }
    let mut style: Vec<&str> =
        SHAPES.iter().filter(|(class, _)| element.has_class(class)).map(|(_, style)| *style).collect();
    let own = element.get("style").map(|own| own.replace("currentColor", "#000"));
    style.extend(own.as_deref());
    if !style.is_empty() {
        attribute("style", &style.join(";"), out);
    }
    out.push('>');
    for child in &element.children {
        match child {
            Node::Text(text) => escape(text, out),
            Node::Element(inner) if matches!(inner.tag.as_str(), "title" | "desc" | "style" | "script") => {}
            Node::Element(inner) => write(inner, None, out),
        }
    }
    out.push_str("</");
    out.push_str(&element.tag);
    out.push('>');
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, out);
    out.push('"');
}

fn escape(text: &str, out: &mut String) {
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            ch => out.push(ch),
        }
    }
}
