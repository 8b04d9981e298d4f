// SPDX-License-Identifier: Apache-2.0
//! A configuration's text becomes a configuration or problems, each with words; what is accepted is accepted
//! again as JSON writes it, and means the same.
#![no_main]
#![allow(dead_code)] // the crate of the parser is a program: its files are compiled in here

#[path = "../../crates/evtables/src/config/mod.rs"]
mod config;
#[path = "../../crates/evtables/src/push_items.rs"]
mod push_items;

use config::{Config, Texts};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let texts = Texts::read(&[text]);
    match Config::of_texts(&texts) {
        Ok(config) => {
            let [Ok(value)] = texts.values.as_slice() else { panic!("accepted what is no JSON") };
            let written = value.to_string();
            let again = Config::of_texts(&Texts::read(&[&written])).expect("accepted before");
            assert_eq!(Config { hash: again.hash.clone(), ..config }, again);
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
        }
    }
});
