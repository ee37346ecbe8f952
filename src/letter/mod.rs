//! Letters: clauses and a request become a [`Letter`]; writers turn it into docx, pdf, txt, Markdown, HTML.

mod block;
mod check;
pub mod docx;
mod facts;
mod fill;
mod html;
pub mod labels;
mod layout;
pub mod origin;
pub mod pack;
#[cfg(feature = "pdf")]
pub mod pdf;
mod plain;
mod replies;
mod request;
pub mod review;
mod rules;
pub mod sheet;
mod template;

pub use block::{Block, FormCell, FormRow, Letter};
pub use check::{check, partials};
pub use facts::{Dossier, channel_word};
pub use fill::{Filler, fill};
pub use html::{html, page};
pub use origin::{Change, Origin, Snapshot};
pub use plain::{markdown, text};
pub use replies::{AnnualRow, annual_row};
pub use request::{
    Answer, Answers, COMMAND_LINE, Input, Reply, Request, fields, item_fields, items, read_answers,
    request_schema, skeleton,
};
pub use template::remedies;
