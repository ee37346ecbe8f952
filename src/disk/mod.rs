//! Files in and out: sources read in path order, writing that is whole or not at all.
//!
//! Only this room touches the file system by itself.

mod change;
mod sources;
mod write;

pub use change::{Change, FileChange, OWN};
pub use sources::{
    LARGEST, decode_table, decode_text, find_root, modified, read_bytes, read_sources, read_text, today,
};
pub use write::{Batch, Growing, Written, alone, beside, explain, swap, write_atomic};
