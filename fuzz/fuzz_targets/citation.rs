//! Any text is searched without a panic, and every citation lies where it says.
#![no_main]

use gongkai::citation::{self, Context, Law, Names, Position};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = Names::default();
        for name in ["中华人民共和国政府信息公开条例", "《条例》", "行政复议法", "行诉法", "合同法"] {
            names.add(name, name);
        }
        names
    })
}

fuzz_target!(|text: &str| {
    for context in [
        Context::default(),
        Context { own: Some(Law::Known("x".into())), at: "36.2".parse::<Position>().ok(), loose: true },
    ] {
        let mut last = 0;
        for found in citation::find(text, names(), &context) {
            assert!(text.get(found.range.clone()).is_some_and(|t| !t.is_empty()));
            assert!(found.range.start >= last, "citations do not overlap");
            last = found.range.end;
            for target in &found.targets {
                assert!(text.get(target.range.clone()).is_some());
                assert!(target.to.is_none_or(|to| to > target.from));
            }
        }
    }
});
