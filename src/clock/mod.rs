//! The events of one request in, its terms out: when each ends, on what law, and why.
//!
//! How long terms are and what events do comes from `book/rules/terms.toml`; working days come from the holiday
//! notices. A date that needs a notice that is not there is refused, or marked 暂定 where that was asked for.

mod check;
mod consultation;
mod explain;
mod history;
mod parties;
mod quick;
mod receipt;
mod reply;
mod run;
mod span;
mod status;

pub use explain::{Row, explain};
pub use history::{
    Channel, Document, Event, EventKeys, History, HistoryKeys, Item, Kind, Method, Procedure, View, Whom,
    keys_schema,
};
pub use quick::{Quick, QuickAnswer};
pub use run::Clock;
pub use span::{Due, NoDate, Span};
pub use status::{AfterReply, Reading, Receipt, State, Status, Term};
