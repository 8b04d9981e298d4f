// SPDX-License-Identifier: Apache-2.0
//! Tests of the text forms.

use super::*;
use proptest::prelude::*;

fn cmdline(argv: &[u8]) -> String {
    let mut out = String::new();
    push_cmdline(&mut out, argv);
    out
}

fn json(argv: &[u8]) -> (String, bool) {
    let mut out = String::new();
    let escaped = push_json(&mut out, argv);
    (out, escaped)
}

fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    push_base64(&mut out, bytes);
    out
}

fn absolute(cwd: &str, path: &str) -> String {
    let mut out = Vec::new();
    push_absolute(&mut out, cwd.as_bytes(), path.as_bytes());
    String::from_utf8(out).unwrap()
}

#[test]
fn cmdline_is_quoted_where_a_shell_needs_it() {
    assert_eq!(cmdline(b"ls\0-l\0/tmp\0"), "ls -l /tmp");
    assert_eq!(cmdline(b"sh\0-c\0echo 'a b'\0"), r"sh -c 'echo '\''a b'\'''");
    assert_eq!(cmdline(b"a\0\0b\0"), "a '' b");
    assert_eq!(cmdline(b"\0"), "''");
    assert_eq!(cmdline(b""), "");
    assert_eq!(cmdline(b"x\0\xffy\0"), r"x '\xffy'");
    assert_eq!(cmdline(b"cut\0in the mid"), "cut 'in the mid'");
    assert_eq!(cmdline("grün\0".as_bytes()), "'grün'");
}

#[test]
fn argv_is_exact() {
    assert_eq!(json(b""), ("[]".to_owned(), false));
    assert_eq!(json(b"\0"), (r#"[""]"#.to_owned(), false));
    assert_eq!(json(b"a\0b\"\\\n\x01\0"), (r#"["a","b\"\\\n\u0001"]"#.to_owned(), false));
    assert_eq!(json(b"a\0\xfe\xff\0"), (r#"["a","\\xfe\\xff"]"#.to_owned(), true));
    assert_eq!(json(b"a\0\0\0"), (r#"["a","",""]"#.to_owned(), false));
}

#[test]
fn base64_of_all_lengths() {
    assert_eq!(base64(b""), "");
    assert_eq!(base64(b"f"), "Zg==");
    assert_eq!(base64(b"fo"), "Zm8=");
    assert_eq!(base64(b"foo"), "Zm9v");
    assert_eq!(base64(b"foob\xff\0"), "Zm9vYv8A");
}

#[test]
fn paths_become_absolute() {
    assert_eq!(absolute("/home/u", "run.sh"), "/home/u/run.sh");
    assert_eq!(absolute("/home/u", "./../x//y/"), "/home/x/y");
    assert_eq!(absolute("/home/u", "/a/./b/../c"), "/a/c");
    assert_eq!(absolute("/", "../.."), "/");
}

proptest! {
    #[test]
    fn argv_survives_json(arguments in prop::collection::vec("[^\0]{0,20}", 1..8)) {
        let argv = arguments.iter().flat_map(|a| a.bytes().chain([0])).collect::<Vec<u8>>();
        let (text, escaped) = json(&argv);
        prop_assert!(!escaped);
        let back: Vec<String> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, arguments);
    }

    #[test]
    fn any_bytes_are_valid_json(argv in prop::collection::vec(any::<u8>(), 0..200)) {
        let (text, escaped) = json(&argv);
        let back: Vec<String> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back.len(), super::arguments(&argv).count());
        prop_assert_eq!(escaped, std::str::from_utf8(&argv).is_err());
        cmdline(&argv);
    }
}
