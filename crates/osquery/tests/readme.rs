// SPDX-License-Identifier: Apache-2.0
//! The README shows what is built: its example is `examples/hello.rs` to the letter, its tables say what the code says.

use evtables_osquery::{FEATURES, Limits, LogQueueLimits, ServerLimits};

const README: &str = include_str!("../README.md");

#[test]
fn its_example_is_the_one_that_is_built() {
    let example = include_str!("../examples/hello.rs");
    assert!(README.contains(&format!("```rust\n{example}```\n")), "copy examples/hello.rs into it");
    assert!(example.lines().count() <= 40, "a 40-line example");
}

#[test]
fn it_tells_what_older_versions_lack() {
    for feature in FEATURES {
        let row = format!("| {} | {} | {} |\n", feature.feature, feature.since, feature.meaning);
        assert!(README.contains(&row), "{row}");
    }
}

#[test]
fn its_bounds_are_those_of_the_code() {
    let (server, queue) = (ServerLimits::CORE, LogQueueLimits::CORE);
    for row in [
        format!("| connections, each with a thread | {} |", server.connections_max),
        format!("| calls in progress; more get an error at once | {} |", server.calls_max),
        format!("| reply | {} MiB,", server.reply_bytes_max >> 20),
        format!(
            "| {} s, {} s, {} s, {} s |",
            server.idle_timeout.as_secs(),
            server.request_timeout.as_secs(),
            server.write_timeout.as_secs(),
            server.reply_timeout.as_secs()
        ),
        format!(
            "| request | {} MiB, 1,048,576 items, {} levels |",
            Limits::REQUEST.message_bytes_max >> 20,
            Limits::REQUEST.depth_max
        ),
        format!(
            "| {} MiB, strings of {} MiB |",
            Limits::REPLY.message_bytes_max >> 20,
            Limits::REPLY.string_bytes_max >> 20
        ),
        format!("| log queue | 16,384 entries, {} MiB |", queue.bytes_max >> 20),
    ] {
        assert!(README.contains(&row), "{row}");
    }
    assert_eq!((Limits::REQUEST.items_max, queue.entries_max), (1_048_576, 16_384));
}
