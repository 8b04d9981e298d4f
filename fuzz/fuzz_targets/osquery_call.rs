// SPDX-License-Identifier: Apache-2.0
//! Calls of tables and plug-ins whose parts are any texts.
#![no_main]

use evtables_osquery::fuzzing::call;

libfuzzer_sys::fuzz_target!(|parts: (u8, &str, Vec<(u8, String)>)| {
    // Words of the interface, so that most calls get somewhere; a text of its own otherwise.
    let (registry, item) = match parts.0 {
        0..100 => ("table", "echo"),
        100..200 => ("logger", "echo"),
        _ => ("table", parts.1),
    };
    let word = |(key, value): (u8, String)| {
        let (key, value) = match key {
            0..40 => ("action", "generate".to_owned()),
            40..60 => ("action", "insert".to_owned()),
            60..80 => ("action", "delete".to_owned()),
            80..100 => ("action", value),
            100..140 => ("context", value),
            140..170 => ("json_value_array", value),
            170..180 => ("json_value_array", "[\"a\", 1, 0.5]".to_owned()),
            180..200 => ("id", value),
            200..210 => ("auto_rowid", value),
            210..220 => ("log", value),
            220..230 => ("string", value),
            230..240 => ("status", value),
            240..250 => ("event", value),
            _ => ("init", value),
        };
        (key.to_owned(), value)
    };
    call(registry, item, parts.2.into_iter().map(word).collect());
});
