// SPDX-License-Identifier: Apache-2.0
//! Tests of `rules`: the seed's semantics case by case, and a property against a naive evaluator.

use super::*;
use evtables_schema::generated::process_events::linux as process;
use process::{Builder, Row, TABLE};

/// path, cmdline, pid of one event.
type Event<'a> = (Option<&'a str>, Option<&'a str>, i64);

fn batch(events: &[Event<'_>]) -> EventBatch {
    let mut builder = Builder::default();
    for (path, cmdline, pid) in events {
        builder.push(&Row {
            action: "PROC_CREATE",
            path: *path,
            cmdline: *cmdline,
            pid: *pid,
            process_guid: u128::try_from(*pid).unwrap_or(0),
            ..Row::default()
        });
    }
    builder.finish()
}

fn is(column: usize, operator: Operator) -> When {
    When::Is(column, operator)
}

fn glob(column: usize, text: &str) -> When {
    is(column, Operator::Glob(text.into()))
}

fn rule(action: Action, when: When) -> Rule {
    Rule { name: "r".into(), action, when }
}

fn exclude(when: When) -> Rule {
    rule(Action::Exclude, when)
}

fn include(when: When) -> Rule {
    rule(Action::Include, when)
}

fn kept(rules: Vec<Rule>, events: &[Event<'_>]) -> Vec<usize> {
    let verdict = Rules::new(&TABLE, rules).unwrap().judge(&batch(events));
    (0..events.len()).filter(|row| verdict.keep.value(*row)).collect()
}

fn matches(when: When, path: &str) -> bool {
    kept(vec![include(when)], &[(Some(path), None, 1)]) == [0]
}

#[test]
fn globs_follow_the_seed() {
    // Pattern, texts that match, texts that do not.
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("*", &["", "a", "C:\\x y"], &[]),
        ("?", &["a", "ü", "?"], &["", "ab"]),
        ("abc", &["abc", "ABC", "aBc"], &["", "ab", "abcd", "xabc"]),
        ("abc*", &["abc", "abcd", "ABC\\x"], &["ab", "xabc"]),
        ("*abc", &["abc", "xabc", "abcabc"], &["abcx", "ab"]),
        ("*abc*", &["abc", "xabcx", "ABC"], &["ab", "a b c"]),
        ("a*c", &["ac", "abc", "abbbc", "acc"], &["a", "c", "acb"]),
        ("a**c", &["ac", "abc"], &["ab"]),
        ("a?c", &["abc", "aüc", "a?c", "a*c"], &["ac", "abbc"]),
        ("??", &["ab"], &["a", "abc", ""]),
        ("*?", &["a", "ab"], &[""]),
        ("?*", &["a", "ab"], &[""]),
        ("C:\\Build\\*", &["c:\\build\\x.exe", "C:\\Build\\"], &["C:\\Build", "D:\\Build\\x"]),
        ("*\\idle?.exe", &["C:\\idle1.exe", "\\IDLEx.EXE"], &["C:\\idle.exe", "C:\\idle12.exe"]),
        ("\\??\\C:\\x", &["\\??\\c:\\X", "\\ab\\C:\\x"], &["\\?\\C:\\x"]),
        ("[a-z]", &["[a-z]", "[A-Z]"], &["a"]),
        ("a.c", &["a.c"], &["abc"]),
        ("a+(b)", &["a+(b)"], &["aab"]),
        ("{1}", &["{1}"], &["1"]),
        ("^a$", &["^A$"], &["a"]),
        ("a\\*", &["a\\", "a\\b"], &["a*"]),
        ("100%", &["100%"], &["100"]),
        ("a_b", &["a_b"], &["axb"]),
        (" a ", &[" a ", " A "], &["a"]),
        ("ÄRGER*", &["ärger", "Ärgernis"], &["arger"]),
        ("*ß", &["Fuß"], &["FUSS"]),
        ("ПРИВЕТ", &["привет"], &["приве"]),
        ("*aab", &["aaab", "aab", "aabaab"], &["aaba"]),
        ("*ab*ab*", &["abab", "xabyabz"], &["ab", "aab"]),
        ("a*b*c*d", &["abcd", "a1b2c3d"], &["abdc", "abc"]),
        ("*.lnk", &["x.LNK", ".lnk"], &["x.lnk2", "lnk"]),
        ("*backup.exe --nightly*", &["C:\\backup.exe --nightly x"], &["backup.exe  --nightly"]),
    ];
    let mut count = 0;
    for (pattern, yes, no) in cases {
        for text in *yes {
            assert!(matches(glob(process::PATH, pattern), text), "{pattern} on {text}");
        }
        for text in *no {
            assert!(!matches(glob(process::PATH, pattern), text), "{pattern} on {text}");
        }
        count += yes.len() + no.len();
    }
    // Nothing is cut: the seed dropped what was behind 259 characters.
    let long = "x".repeat(5_000);
    assert!(matches(glob(process::PATH, &format!("*{long}y")), &format!("{long}Y")));
    assert!(!matches(glob(process::PATH, &format!("*{long}y")), &format!("{long}z")));
    assert!(count + 2 >= 110, "{count}");
}

#[test]
fn excludes_win_and_includes_are_alternatives() {
    let (a, b, both, none) = (
        (Some("/a"), Some("x"), 1),
        (Some("/x"), Some("b"), 2),
        (Some("/a"), Some("b"), 3),
        (Some("/x"), Some("x"), 4),
    );
    let nothing = (None, None, 5);
    let all = [a, b, both, none, nothing];
    let path = || glob(process::PATH, "/a");
    let cmdline = || glob(process::CMDLINE, "b");
    let cases = [
        (vec![], vec![0, 1, 2, 3, 4]),
        (vec![exclude(path())], vec![1, 3, 4]),
        (vec![exclude(path()), exclude(cmdline())], vec![3, 4]),
        (vec![include(path())], vec![0, 2]),
        (vec![include(path()), include(cmdline())], vec![0, 1, 2]),
        (vec![include(path()), exclude(cmdline())], vec![0]),
        (vec![exclude(path()), include(path())], vec![]),
        (vec![exclude(glob(process::PATH, "*"))], vec![4]),
        (vec![include(glob(process::PATH, "*"))], vec![0, 1, 2, 3]),
        (vec![include(path()), exclude(glob(process::PATH, "*"))], vec![]),
        (vec![exclude(When::All(vec![path(), cmdline()]))], vec![0, 1, 3, 4]),
        (vec![exclude(When::Any(vec![path(), cmdline()]))], vec![3, 4]),
        (vec![exclude(When::Not(Box::new(path())))], vec![0, 2]),
        (vec![include(When::Not(Box::new(When::Any(vec![path(), cmdline()]))))], vec![3, 4]),
        (vec![exclude(When::All(vec![]))], vec![]),
        (vec![exclude(When::Any(vec![]))], vec![0, 1, 2, 3, 4]),
    ];
    for (rules, wanted) in cases {
        assert_eq!(kept(rules.clone(), &all), wanted, "{rules:?}");
    }
}

#[test]
fn operators_by_type() {
    let path = |operator| matches(is(process::PATH, operator), "/Usr/Bin/Env");
    assert!(
        path(Operator::Equals("/usr/bin/env".into())) && !path(Operator::Equals("/usr".into()))
    );
    assert!(path(Operator::Prefix("/USR/".into())) && !path(Operator::Prefix("usr".into())));
    assert!(path(Operator::Suffix("/env".into())) && !path(Operator::Suffix("env/".into())));
    assert!(path(Operator::Contains("BIN".into())) && !path(Operator::Contains("sbin".into())));
    // A star is a star where it is no glob.
    assert!(!path(Operator::Contains("*".into())) && !path(Operator::Prefix("/?sr".into())));
    assert!(path(Operator::Contains(String::new())));
    assert!(path(Operator::Regex("^/usr/.*env$".into())) && !path(Operator::Regex("^env".into())));
    let list =
        |texts: &[&str]| Operator::In(Arc::new(texts.iter().map(|t| (*t).to_owned()).collect()));
    assert!(path(list(&["x", "/usr/bin/ENV"])) && !path(list(&[])));
    let pid =
        |operator| kept(vec![include(is(process::PID, operator))], &[(None, None, 8080)]) == [0];
    assert!(pid(Operator::Equals("8080".into())) && pid(Operator::Equals(" 08080".into())));
    assert!(pid(Operator::Glob("80*".into())) && !pid(Operator::Glob("81*".into())));
    assert!(pid(Operator::Glob("8080".into())) && pid(Operator::Glob("*".into())));
    assert!(pid(Operator::Range(Some(8_000), None)) && !pid(Operator::Range(None, Some(8_079))));
    assert!(pid(list(&["1", "8080"])) && !pid(list(&["1"])));
    let guid = |text: &str| {
        kept(
            vec![include(is(process::PROCESS_GUID, Operator::Equals(text.into())))],
            &[(None, None, 10)],
        ) == [0]
    };
    assert!(
        guid("00000000-0000-0000-0000-00000000000a")
            && !guid("00000000-0000-0000-0000-00000000000B")
    );
    let address = |net: &str, bits, text: &str| {
        matches(is(process::PATH, Operator::Cidr(net.parse().unwrap(), bits)), text)
    };
    assert!(address("10.0.0.0", 8, "10.255.0.1") && !address("10.0.0.0", 8, "11.0.0.1"));
    assert!(address("0.0.0.0", 0, "1.2.3.4") && !address("0.0.0.0", 0, "::1"));
    assert!(address("fe80::", 10, "FE80::1") && !address("fe80::", 10, "::1"));
    assert!(address("10.0.0.0", 8, "::ffff:10.1.2.3") && !address("10.0.0.0", 8, "no address"));
    assert!(
        address("192.168.1.7", 32, "192.168.1.7") && !address("192.168.1.7", 32, "192.168.1.8")
    );
}

#[test]
fn what_cannot_be_is_told() {
    let fail = |when: When| Rules::new(&TABLE, vec![exclude(when)]).unwrap_err().reason;
    assert!(
        fail(is(process::PID, Operator::Equals("many".into())))
            .contains("pid: `many` is no number")
    );
    assert!(fail(glob(process::PID, "80x")).contains("no number"));
    assert!(
        fail(is(process::PATH, Operator::Range(Some(1), None))).contains("needs a number column")
    );
    assert!(fail(is(process::PID, Operator::Range(Some(2), Some(1)))).contains("empty"));
    assert!(fail(is(process::PATH, Operator::Regex("(".into()))).contains("regex: "));
    assert!(fail(is(process::PATH, Operator::Regex("(x{1000}){1000}".into()))).contains("regex: "));
    assert!(
        fail(is(process::UTC_TIME, Operator::Equals("x".into()))).contains("cannot be filtered")
    );
    assert!(fail(is(process::PROCESS_GUID, Operator::Equals("x".into()))).contains("no id"));
    assert!(fail(is(9_999, Operator::Equals("x".into()))).contains("no such column"));
    let mut deep = glob(process::PATH, "x");
    for _ in 0..100 {
        deep = When::Not(Box::new(deep));
    }
    assert!(fail(deep).contains("nested deeper"));
}

#[test]
fn hits_are_counted_with_the_rule_that_decided() {
    let rules = vec![
        include(glob(process::PATH, "/a*")),
        exclude(glob(process::PATH, "*z")),
        exclude(glob(process::CMDLINE, "b")),
    ];
    let rules = Rules::new(&TABLE, rules).unwrap();
    let events = [
        (Some("/a"), None, 1),
        (Some("/az"), Some("b"), 2),
        (Some("/a1"), Some("b"), 3),
        (Some("/b"), None, 4),
        (None, None, 5),
    ];
    let verdict = rules.judge(&batch(&events));
    assert_eq!(verdict.hits, [(0, 1), (1, 1), (2, 1)]);
    assert_eq!((verdict.unwanted, verdict.keep.true_count()), (2, 1));
    let why = rules.explain(&batch(&events), 1);
    assert_eq!((why.keep, why.matching.as_slice(), why.unwanted), (false, &[0, 1, 2][..], false));
    let why = rules.explain(&batch(&events), 4);
    assert_eq!((why.keep, why.matching.len(), why.unwanted), (false, 0, true));
    assert!(rules.explain(&batch(&events), 0).keep);
}

/// What the rules mean, read off their text.
fn naive(when: &When, event: &Event<'_>) -> bool {
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    fn glob(pattern: &[char], text: &[char]) -> bool {
        match (pattern.first(), text.first()) {
            (None, None) => true,
            (Some('*'), _) => {
                glob(&pattern[1..], text) || (!text.is_empty() && glob(pattern, &text[1..]))
            }
            (Some('?'), Some(_)) => glob(&pattern[1..], &text[1..]),
            (Some(p), Some(t)) if p == t => glob(&pattern[1..], &text[1..]),
            _ => false,
        }
    }
    match when {
        When::All(all) => all.iter().all(|when| naive(when, event)),
        When::Any(any) => any.iter().any(|when| naive(when, event)),
        When::Not(not) => !naive(not, event),
        When::Is(column, operator) => {
            let number = event.2.to_string();
            let text = match *column {
                process::PATH => event.0,
                process::CMDLINE => event.1,
                _ => Some(number.as_str()),
            };
            let Some(text) = text.map(lower) else { return false };
            match operator {
                Operator::Equals(want) => text == lower(want),
                Operator::Prefix(want) => text.starts_with(&lower(want)),
                Operator::Suffix(want) => text.ends_with(&lower(want)),
                Operator::Contains(want) => text.contains(&lower(want)),
                Operator::Glob(want) => {
                    let chars = |text: &str| text.chars().collect::<Vec<_>>();
                    glob(&chars(&lower(want)), &chars(&text))
                }
                Operator::In(list) => list.iter().any(|want| lower(want) == text),
                Operator::Range(low, high) => {
                    low.is_none_or(|low| event.2 >= low) && high.is_none_or(|high| event.2 <= high)
                }
                Operator::Regex(_) | Operator::Cidr(..) => false,
            }
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn text(&mut self, letters: &[char]) -> String {
        (0..self.below(7)).map(|_| letters[self.below(letters.len())]).collect()
    }

    fn when(&mut self, depth: usize) -> When {
        const LETTERS: [char; 7] = ['a', 'B', 'b', '*', '?', 'Ü', 'ü'];
        let many =
            |random: &mut Self| (0..random.below(4)).map(|_| random.when(depth + 1)).collect();
        match self.below(if depth > 2 { 6 } else { 9 }) {
            6 => When::All(many(self)),
            7 => When::Any(many(self)),
            8 => When::Not(Box::new(self.when(depth + 1))),
            kind => {
                let column = [process::PATH, process::CMDLINE][self.below(2)];
                let text = self.text(&LETTERS);
                is(
                    column,
                    match kind {
                        0 => Operator::Equals(text),
                        1 => Operator::Prefix(text),
                        2 => Operator::Suffix(text),
                        3 => Operator::Contains(text),
                        4 => Operator::In(Arc::new(vec![text, self.text(&LETTERS)])),
                        _ => Operator::Glob(text),
                    },
                )
            }
        }
    }
}

#[test]
fn compiled_rules_are_the_naive_ones() {
    let mut random = Random(11);
    let (mut dropped, mut total) = (0, 0);
    for _ in 0..3_000 {
        let rules: Vec<Rule> = (0..1 + random.below(6))
            .map(|_| {
                let action = [Action::Exclude, Action::Include][random.below(2)];
                rule(action, random.when(0))
            })
            .collect();
        let texts: Vec<(String, String)> = (0..20)
            .map(|_| {
                let letters = ['a', 'A', 'b', 'B', 'ü', 'Ü'];
                (random.text(&letters), random.text(&letters))
            })
            .collect();
        let events: Vec<Event<'_>> = texts
            .iter()
            .enumerate()
            .map(|(at, (path, cmdline))| {
                ((at % 7 != 0).then_some(&**path), (at % 5 != 0).then_some(&**cmdline), 1)
            })
            .collect();
        let matching = |action, event: &Event<'_>| {
            rules.iter().any(|rule| rule.action == action && naive(&rule.when, event))
        };
        let has_include = rules.iter().any(|rule| rule.action == Action::Include);
        let wanted: Vec<usize> = (0..events.len())
            .filter(|at| {
                let event = &events[*at];
                !matching(Action::Exclude, event)
                    && (!has_include || matching(Action::Include, event))
            })
            .collect();
        (dropped, total) = (dropped + events.len() - wanted.len(), total + events.len());
        let compiled = Rules::new(&TABLE, rules.clone()).unwrap();
        let batch = batch(&events);
        let verdict = compiled.judge(&batch);
        let got: Vec<usize> = (0..events.len()).filter(|at| verdict.keep.value(*at)).collect();
        assert_eq!(got, wanted, "{rules:?} on {events:?}");
        let decided: u64 = verdict.hits.iter().map(|(_, count)| count).sum();
        let quiet =
            events.iter().filter(|event| !rules.iter().any(|rule| naive(&rule.when, event)));
        assert_eq!(decided, events.len() as u64 - quiet.count() as u64);
        for row in 0..events.len() {
            assert_eq!(compiled.explain(&batch, row).keep, verdict.keep.value(row));
        }
    }
    assert!(dropped > total / 10 && dropped < total * 9 / 10, "{dropped} of {total}");
}

#[test]
fn what_some_columns_foretell_is_what_all_of_them_say() {
    let mut random = Random(23);
    let mut counts = [0_usize; 3];
    for round in 0..1_500 {
        let rules: Vec<Rule> = (0..1 + random.below(5))
            .map(|_| {
                let action = [Action::Exclude, Action::Include][usize::from(random.below(4) == 0)];
                rule(action, random.when(0))
            })
            .collect();
        let columns = match round % 3 {
            0 => vec![process::PATH],
            1 => vec![process::CMDLINE],
            _ => vec![process::CMDLINE, process::PATH],
        };
        let compiled = Rules::new(&TABLE, rules.clone()).unwrap();
        let foresight = Foresight::new(&compiled, columns.clone());
        let reach = foresight.reach(&compiled);
        for _ in 0..20 {
            let letters = ['a', 'A', 'b', 'B', 'ü', 'Ü'];
            let (path, cmdline) = (random.text(&letters), random.text(&letters));
            let path = (random.below(7) != 0).then_some(&*path);
            let cmdline = (random.below(5) != 0).then_some(&*cmdline);
            let known = columns.iter().map(|at| if *at == process::PATH { path } else { cmdline });
            let foretold =
                foresight.foretell(&compiled, &known.map(Known::from).collect::<Vec<_>>());
            let event = batch(&[(path, cmdline, 1)]);
            let said = compiled.explain(&event, 0);
            match foretold {
                Foretold::Excluded(at) => {
                    assert!(
                        !said.keep && said.matching.contains(&at),
                        "{rules:?} on {path:?}, {cmdline:?}"
                    );
                    assert_ne!(reach[at], Reach::None, "{rules:?}");
                    counts[0] += 1;
                }
                Foretold::Unwanted => {
                    // An exclude rule on another column may be the one that is counted.
                    assert!(!said.keep, "{rules:?} on {path:?}, {cmdline:?}");
                    counts[1] += 1;
                }
                // With every column known nothing is open.
                Foretold::Open => {
                    assert!(columns.len() < 2 || said.keep, "{rules:?} on {path:?}, {cmdline:?}");
                    counts[2] += 1;
                }
            }
            // A rule within reach that drops an event drops it here already.
            let whole = said
                .matching
                .iter()
                .any(|at| reach[*at] == Reach::Whole && rules[*at].action == Action::Exclude);
            assert!(
                !whole || matches!(foretold, Foretold::Excluded(_)),
                "{rules:?} on {path:?}, {cmdline:?}"
            );
        }
    }
    assert!(counts.iter().all(|count| *count > 1_000), "{counts:?}");
}

#[test]
fn rules_within_reach() {
    let path = || glob(process::PATH, "/a*");
    let cmdline = || glob(process::CMDLINE, "b");
    let reach = |rules: Vec<Rule>| {
        let rules = Rules::new(&TABLE, rules).unwrap();
        Foresight::new(&rules, vec![process::PATH]).reach(&rules)
    };
    assert_eq!(
        reach(vec![
            exclude(path()),
            exclude(cmdline()),
            exclude(When::All(vec![path(), cmdline()])),
            exclude(When::Any(vec![path(), cmdline()])),
            exclude(When::Not(Box::new(path()))),
        ]),
        [Reach::Whole, Reach::None, Reach::None, Reach::Part, Reach::Whole]
    );
    assert_eq!(reach(vec![include(path()), include(path())]), [Reach::Whole; 2]);
    assert_eq!(reach(vec![include(path()), include(cmdline())]), [Reach::None; 2]);
    let both = || When::All(vec![path(), cmdline()]);
    assert_eq!(reach(vec![include(path()), include(both())]), [Reach::Part; 2]);
}

#[test]
fn what_a_place_foretells_is_what_the_path_says() {
    let mut random = Random(41);
    let names = [
        "a",
        "b.TMP",
        "x.tmp",
        "Cache",
        "c.log",
        "ü.tmp",
        "long-name-of-more-than-thirty-two-bytes.tmp",
    ];
    let folders = ["", "/a", "/a/Cache", "/var/cache/a", "/ü"];
    let texts = [
        "/a/",
        "/a",
        "/A/CACHE/",
        "/var/ca",
        ".tmp",
        ".TMP",
        "/x.tmp",
        "a/x.tmp",
        "/a/x.tmp",
        "cache",
        "c.log",
        "/var/cache/a/c.log",
        "",
        "/a/ü.tmp",
        "/ü",
        "p",
    ];
    let mut decided = [0_usize; 3];
    for _ in 0..4_000 {
        let rules: Vec<Rule> = (0..1 + random.below(4))
            .map(|_| {
                let term = |random: &mut Random| {
                    let text = texts[random.below(texts.len())].to_owned();
                    let operator = match random.below(7) {
                        0 => Operator::Equals(text),
                        1 | 2 => Operator::Prefix(text),
                        3 => Operator::Suffix(text),
                        4 => Operator::Contains(text),
                        5 => Operator::Glob(format!("{text}*")),
                        _ => Operator::Regex("[.]tmp$".to_owned()),
                    };
                    let is = When::Is(process::PATH, operator);
                    if random.below(4) == 0 { When::Not(Box::new(is)) } else { is }
                };
                let when = match random.below(4) {
                    0 => When::All(vec![term(&mut random), term(&mut random)]),
                    1 => When::Any(vec![term(&mut random), term(&mut random)]),
                    _ => term(&mut random),
                };
                let action = [Action::Exclude, Action::Include][usize::from(random.below(3) == 0)];
                rule(action, when)
            })
            .collect();
        let compiled = Rules::new(&TABLE, rules.clone()).unwrap();
        let foresight = Foresight::with_place(&compiled, vec![process::CMDLINE], process::PATH);
        let reach = foresight.reach(&compiled);
        for _ in 0..8 {
            let path = format!("{}/{}", folders[random.below(5)], names[random.below(7)]);
            let Some(place) = compiled.place(process::PATH, &path) else {
                assert!(!path.is_ascii());
                continue;
            };
            let values = [Known::Text("c"), Known::Place(place)];
            let event = batch(&[(Some(&*path), Some("c"), 1)]);
            let said = compiled.explain(&event, 0);
            match foresight.foretell(&compiled, &values) {
                Foretold::Excluded(at) => {
                    assert!(said.matching.contains(&at), "{rules:?} on {path}");
                    assert_ne!(reach[at], Reach::None, "{rules:?} on {path}");
                    decided[0] += 1;
                }
                Foretold::Unwanted => {
                    assert!(!said.keep, "{rules:?} on {path}");
                    decided[1] += 1;
                }
                Foretold::Open => decided[2] += usize::from(!said.keep),
            }
        }
    }
    // Most of what goes is known ahead.
    let [excluded, unwanted, late] = decided;
    assert!(excluded > 3_000 && unwanted > 1_000 && late < excluded, "{decided:?}");
}
