//! All tests of the default features as one program: it is linked once, and the handbook is read once for all of them.
//! `cargo test --test all letters::` runs those of one file. `linkcheck2`, `pdf` and `book` need a feature and stand apart.

mod common;

mod batch;
mod broken;
mod browser;
mod citations;
mod clock;
mod config;
mod content;
mod decide;
mod editions;
mod epub;
mod export;
mod faults;
mod forms;
mod handbook;
mod init;
mod items;
mod layers;
mod layout;
mod letters;
mod mdbook;
mod numbers;
mod pack;
mod papers;
mod readme;
mod remedies;
mod rendered;
mod review;
mod search;
mod statutes;
