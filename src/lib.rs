//! gongkai (公开): from a folder of plain text to a handbook for disclosure staff and to the letters officers send.
//!
//! The rooms of the house and who may know whom: `ARCHITECTURE.md`. Everything but [`disk`] and [`cli`] is a
//! function of its arguments: no files, no clock, no globals.

pub mod bundle;
pub mod calendar;
pub mod citation;
pub mod cli;
pub mod clock;
pub mod corpus;
pub mod decide;
pub mod disk;
pub mod export;
pub mod fee;
pub mod handbook;
pub mod letter;
pub mod links;
pub mod press;
pub mod remedy;
pub mod search;
pub mod statute;
pub mod table;
pub mod text;
#[cfg(feature = "pdf")]
pub mod typeset;
pub mod update;
