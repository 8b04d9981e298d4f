// SPDX-License-Identifier: Apache-2.0
//! Tests of `version`: numbers as builds write them, and what is missing where.

use proptest::prelude::*;

use super::*;
use crate::double::{DoubleOptions, ManagerDouble};
use crate::manager::ManagerOptions;
use crate::transport::socket_for_test;

fn missing(text: &str) -> Vec<&'static str> {
    degraded(CoreVersion::parse(text).unwrap()).map(|found| found.feature).collect()
}

#[test]
fn versions_are_read_as_builds_write_them() {
    let read = |text| CoreVersion::parse(text).map(|version| version.to_string());
    assert_eq!(read("5.23.0").as_deref(), Some("5.23.0"));
    assert_eq!(read("5.23.0-38-gabcdef").as_deref(), Some("5.23.0"));
    assert_eq!(read(" 4.9 \n").as_deref(), Some("4.9.0"));
    assert_eq!(read("5.10.2.1").as_deref(), Some("5.10.2"));
    for bad in ["", "5", "v5.1.0", "5.x", ".5.1", "99999999999.1.1", "-1.2.3"] {
        assert_eq!(read(bad), None, "{bad}");
    }
    assert!(CoreVersion::parse("5.9.0") < CoreVersion::parse("5.10.0"), "numbers, not text");
}

#[test]
fn an_older_core_lacks_more() {
    assert_eq!(missing("5.23.0-38-gabc"), [""; 0]);
    assert_eq!(missing("5.14.0"), [""; 0]);
    assert_eq!(missing("5.13.1"), ["in_list"]);
    assert_eq!(missing("5.11.0"), ["query_performance", "in_list"]);
    assert_eq!(missing("4.0.2").len(), FEATURES.len() - 1);
    assert_eq!(missing("3.4.0").len(), FEATURES.len());
    assert!(FEATURES.is_sorted_by_key(|feature| feature.since));
    assert!(FEATURES.iter().all(|feature| feature.since <= CoreVersion::TESTED));
    let text = FEATURES.last().unwrap().to_string();
    assert!(text.starts_with("in_list (osquery 5.14.0): osquery sends one call"), "{text}");
}

#[test]
fn core_tells_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let double =
        ManagerDouble::start(&socket_for_test(&folder, "em"), DoubleOptions::QUICK).unwrap();
    let mut manager = Manager::new(double.socket(), ManagerOptions::CORE);
    assert_eq!(manager.core_version().unwrap(), Some(CoreVersion::TESTED));
    double.set_version("4.9.0");
    assert_eq!(manager.core_version().unwrap(), Some(CoreVersion::new(4, 9, 0)));
    double.set_version("mine");
    assert_eq!(manager.core_version().unwrap(), None);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[0-9.a-z-]{0,12}", any in ".{0,20}") {
        for text in [text, any] {
            if let Some(version) = CoreVersion::parse(&text) {
                prop_assert_eq!(CoreVersion::parse(&version.to_string()), Some(version));
            }
        }
    }
}
