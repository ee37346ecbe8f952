//! The command line program.

use std::process::ExitCode;

fn main() -> ExitCode {
    gongkai::cli::main(std::env::args_os())
}
