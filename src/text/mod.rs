//! Text as staff wrote it: source files, places in them, what is wrong there, and Chinese numerals.

mod character;
mod diagnostic;
mod numeral;
mod suggest;

pub use character::forbidden;
pub use diagnostic::{CellPlace, Diagnostic, Level, Place, Report, Sources};
pub(crate) use numeral::is_numeral;
pub use numeral::{chinese, number};
pub use suggest::nearest;
