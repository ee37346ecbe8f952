//! Letters: clauses and a request become a [`Letter`]; writers turn it into docx, txt, Markdown, HTML.

mod block;
mod check;
pub mod docx;
mod facts;
mod fill;
mod html;
mod layout;
mod plain;
mod request;
mod rules;
mod template;

pub use block::{Block, FormCell, FormRow, Letter};
pub use check::check;
pub use facts::{Dossier, channel_word};
pub use fill::fill;
pub use html::html;
pub use plain::{markdown, text};
pub use request::{Answer, Answers, COMMAND_LINE, Input, Request, fields, request_schema, skeleton};
pub use template::remedies;
