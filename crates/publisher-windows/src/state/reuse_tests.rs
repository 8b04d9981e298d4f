// SPDX-License-Identifier: Apache-2.0
//! The same story for every machine that remembers what a number means: numbers are used again, beginnings and ends
//! are lost, and records arrive out of order. What must hold is stated once; each machine says how it is told.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::SECOND;
use super::dns::{Asked, Queries, Query};
use super::files::Files;
use super::flows::{Flow, Flows};
use super::images::Images;
use super::keys::{Keys, Opened};
use super::paths::{Paths, short_key};
use super::processes::{Facts, LATE_NS, Processes};
use super::recent::Teller;
use evtables_schema::ids::HostBoot;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

const MS: i64 = 1_000_000;
/// Records of different processors arrive so much out of order.
const JITTER_MS: i64 = 20;

/// What a number meant for a while.
#[derive(Debug, Clone)]
struct Life {
    number: u64,
    begin: i64,
    end: i64,
    begin_lost: bool,
    end_lost: bool,
}

/// A record, or a question that a record makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Begin(usize),
    Asked(usize, i64),
    End(usize),
}

#[derive(Debug, Clone)]
struct Story {
    lives: Vec<Life>,
    /// By arrival.
    told: Vec<Told>,
}

/// Lives of four numbers, each `gap` or more after the one before under its number.
fn stories(gap: i64) -> impl Strategy<Value = Story> {
    let life = (0u64..4, 0i64..2_000, 60i64..2_000, 0u8..8, any::<[u8; 4]>());
    prop::collection::vec(life, 1..40).prop_map(move |made| {
        let mut free = [1_000 * MS; 4];
        let (mut lives, mut told) = (Vec::new(), Vec::new());
        for (i, (number, more, length, lost, late)) in made.into_iter().enumerate() {
            let begin = free[number as usize] + gap + more * MS + 100 * MS;
            let end = begin + length * MS;
            free[number as usize] = end;
            let (begin_lost, end_lost) = (lost & 1 != 0, lost & 2 != 0);
            let late = late.map(|late| i64::from(late) % JITTER_MS * MS);
            if !begin_lost {
                told.push((begin + late[0], Told::Begin(i)));
            }
            // In the middle, and at the very end: the record of it may arrive after that of the end.
            for (time, late) in [(begin + (end - begin) / 2, late[1]), (end, late[2])] {
                told.push((time + late, Told::Asked(i, time)));
            }
            if !end_lost {
                told.push((end + late[3], Told::End(i)));
            }
            lives.push(Life { number, begin, end, begin_lost, end_lost });
        }
        told.sort_unstable();
        Story { lives, told: told.into_iter().map(|(_, told)| told).collect() }
    })
}

/// A machine, as the story tells it.
trait Machine {
    fn begin(&mut self, number: u64, time: i64, name: &Arc<str>);
    fn end(&mut self, number: u64, time: i64);
    fn ask(&mut self, number: u64, time: i64) -> Option<String>;
    /// Whether a record that arrives after the end still finds its name.
    fn stands_late_records(&self) -> bool;
}

/// What holds of all of them:
/// - a name that is told was given to that number, by the life that was asked for, or by the one before it when the end of
///   that one and this one's beginning were both lost;
/// - whoever was told to begin, and not to end, is found.
fn holds(story: &Story, machine: &mut dyn Machine) -> Result<(), TestCaseError> {
    let (mut begun, mut ended) = (vec![false; 64], vec![false; 64]);
    for told in &story.told {
        match *told {
            Told::Begin(i) => {
                begun[i] = true;
                machine.begin(story.lives[i].number, story.lives[i].begin, &i.to_string().into());
            }
            Told::End(i) => {
                ended[i] = true;
                machine.end(story.lives[i].number, story.lives[i].end);
            }
            Told::Asked(i, time) => {
                let life = &story.lives[i];
                let found = machine.ask(life.number, time).map(|name| name.parse::<usize>());
                if let Some(found) = &found {
                    let found = found.clone().unwrap();
                    let before = &story.lives[found];
                    prop_assert_eq!(before.number, life.number, "a name of another number");
                    let all_lost = life.begin_lost || !begun[i];
                    let between = story.lives[found + 1..=i].iter();
                    let stale = all_lost
                        && before.end_lost
                        && between
                            .filter(|one| one.number == life.number)
                            .all(|one| one.begin_lost);
                    // An end whose beginning was lost ends whatever was known.
                    prop_assert!(found == i || stale, "asked for {i}, told {found}: {:?}", story);
                }
                if begun[i] && (!ended[i] || machine.stands_late_records()) {
                    prop_assert_eq!(found, Some(Ok(i)), "{:?}", story);
                }
            }
        }
    }
    Ok(())
}

struct Objects(Files);
impl Machine for Objects {
    fn begin(&mut self, number: u64, _time: i64, name: &Arc<str>) {
        self.0.opened(number + 1, name);
    }
    fn end(&mut self, number: u64, time: i64) {
        self.0.closed(number + 1, time);
    }
    fn ask(&mut self, number: u64, time: i64) -> Option<String> {
        self.0.path(number + 1, 0, time).map(|path| path.to_string())
    }
    fn stands_late_records(&self) -> bool {
        true
    }
}

struct FileKeys(Files);
impl Machine for FileKeys {
    fn begin(&mut self, number: u64, _time: i64, name: &Arc<str>) {
        self.0.named(number + 1, name);
    }
    fn end(&mut self, number: u64, _time: i64) {
        self.0.unnamed(number + 1);
    }
    fn ask(&mut self, number: u64, time: i64) -> Option<String> {
        self.0.path(0, number + 1, time).map(|path| path.to_string())
    }
    fn stands_late_records(&self) -> bool {
        false
    }
}

struct KeyObjects(Keys);
impl Machine for KeyObjects {
    fn begin(&mut self, number: u64, _time: i64, name: &Arc<str>) {
        self.0.named(number + 1, name);
    }
    fn end(&mut self, number: u64, time: i64) {
        self.0.closed(number + 1, time);
    }
    fn ask(&mut self, number: u64, time: i64) -> Option<String> {
        self.0.path(number + 1, time).map(|path| path.to_string())
    }
    fn stands_late_records(&self) -> bool {
        true
    }
}

/// Numbers are the bases of images.
struct Ranges(Images);
impl Machine for Ranges {
    fn begin(&mut self, number: u64, _time: i64, name: &Arc<str>) {
        self.0.mapped(7, number * 0x10_000, 0x1_000, name);
    }
    fn end(&mut self, number: u64, _time: i64) {
        self.0.unmapped(7, number * 0x10_000);
    }
    fn ask(&mut self, number: u64, _time: i64) -> Option<String> {
        self.0.holding(7, number * 0x10_000 + 0xfff).map(|(path, _)| path.to_string())
    }
    fn stands_late_records(&self) -> bool {
        false
    }
}

struct Pids(Processes);
impl Machine for Pids {
    fn begin(&mut self, number: u64, time: i64, name: &Arc<str>) {
        let facts = Facts { path: Some(Arc::clone(name)), ..Facts::default() };
        self.0.started(number as u32, time, Teller::Kernel, facts);
    }
    fn end(&mut self, number: u64, time: i64) {
        self.0.ended(number as u32, time);
    }
    fn ask(&mut self, number: u64, time: i64) -> Option<String> {
        let found = self.0.at(number as u32, time)?;
        found.facts.path.as_ref().map(ToString::to_string)
    }
    fn stands_late_records(&self) -> bool {
        true
    }
}

fn seeded(keys: &mut Keys, files: &mut Files, number: u64, name: &str) {
    keys.seeded(number, &name.into());
    files.seeded(number, &name.into());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_file_object_used_again_never_has_the_path_of_its_predecessor(story in stories(SECOND)) {
        holds(&story, &mut Objects(Files::new()))?;
    }

    #[test]
    fn a_file_key_used_again_never_has_the_path_of_its_predecessor(story in stories(0)) {
        holds(&story, &mut FileKeys(Files::new()))?;
    }

    #[test]
    fn a_key_handle_used_again_never_has_the_path_of_its_predecessor(story in stories(SECOND)) {
        holds(&story, &mut KeyObjects(Keys::new()))?;
    }

    #[test]
    fn an_image_base_used_again_never_has_the_image_of_its_predecessor(story in stories(0)) {
        holds(&story, &mut Ranges(Images::new()))?;
    }

    #[test]
    fn a_pid_used_again_never_is_the_process_before(story in stories(LATE_NS)) {
        holds(&story, &mut Pids(Processes::new(HostBoot(1 << 40), 0)))?;
    }

    /// What was there at the start is known until a record says otherwise, and never overrides one.
    #[test]
    fn what_was_there_at_the_start_is_known_and_never_overrides_a_record(
        seeds in prop::collection::vec((1u64..8, "[a-z]{1,4}"), 0..10),
        steps in prop::collection::vec((0u8..3, 1u64..8, 0i64..400), 0..60),
    ) {
        let (mut keys, mut files) = (Keys::new(), Files::new());
        let (mut time, mut means) = (0, HashMap::new());
        for (number, name) in &seeds {
            seeded(&mut keys, &mut files, *number, name);
            means.entry(*number).or_insert_with(|| Some(name.clone()));
        }
        for (i, (what, number, step)) in steps.into_iter().enumerate() {
            time += step * MS;
            match what {
                0 => {
                    let name: Arc<str> = format!("live {i}").into();
                    keys.named(number, &name);
                    files.named(number, &name);
                    means.insert(number, Some(name.to_string()));
                }
                1 => {
                    keys.closed(number, time);
                    files.unnamed(number);
                    time += 2 * SECOND;
                    means.insert(number, None);
                }
                // The list is taken again after a session was lost: it tells nothing new of what is known.
                _ if means.get(&number).is_some_and(Option::is_some) => {
                    seeded(&mut keys, &mut files, number, "later");
                }
                _ => {}
            }
            for (number, name) in &means {
                let (key, file) = (keys.path(*number, time), files.path(0, *number, time));
                prop_assert_eq!(key.as_deref(), name.as_deref());
                prop_assert_eq!(file.as_deref(), name.as_deref());
            }
        }
    }

    /// A key opened below another has that one's path before its own name, whatever was opened, closed or lost before;
    /// nothing is put together below a base that is not known.
    #[test]
    fn a_relative_key_begins_with_the_path_of_its_base(
        steps in prop::collection::vec((1u64..6, 1u64..6, any::<bool>(), any::<bool>()), 0..80),
    ) {
        let mut keys = Keys::new();
        let mut paths: HashMap<u64, String> = HashMap::new();
        keys.named(1, &"\\REGISTRY\\MACHINE".into());
        paths.insert(1, "\\REGISTRY\\MACHINE".to_owned());
        for (i, (base, object, lost, closed)) in steps.into_iter().enumerate() {
            let relative = format!("k{i}");
            let opened = Opened { base, base_name: "", relative: &relative };
            let found = keys.resolve(opened, 0);
            let want = paths.get(&base).map(|base| format!("{base}\\{relative}"));
            prop_assert_eq!(found.as_deref(), want.as_deref());
            if let Some(path) = found.filter(|_| !lost) {
                keys.named(object, &path);
                paths.insert(object, path.to_string());
                // Both forms of it say the same.
                let short = short_key(&path).into_owned();
                prop_assert_eq!(short.replacen("HKLM", "\\REGISTRY\\MACHINE", 1), path.to_string());
            }
            if closed {
                keys.closed(object, -2 * SECOND);
                paths.remove(&object);
            }
        }
    }

    /// A process under a number that was used before holds none of the images of that one.
    #[test]
    fn a_new_process_holds_no_image_of_the_one_before(
        maps in prop::collection::vec((1u32..4, 0u64..8, any::<bool>()), 0..60),
    ) {
        let mut images = Images::new();
        let mut holds: HashMap<(u32, u64), String> = HashMap::new();
        for (i, (pid, page, starts)) in maps.into_iter().enumerate() {
            if starts {
                images.process_started(pid);
                holds.retain(|(of, _), _| *of != pid);
            } else {
                images.mapped(pid, page * 0x1_000, 0x1_000, &i.to_string().into());
                holds.insert((pid, page), i.to_string());
            }
            for pid in 1..4 {
                for page in 0..8 {
                    let found = images.holding(pid, page * 0x1_000 + 1).map(|(path, _)| path.to_string());
                    prop_assert_eq!(found.as_ref(), holds.get(&(pid, page)));
                }
            }
        }
    }

    /// The last letter that a volume was told to have is the one that paths get; paths of other volumes stay as they are,
    /// and a longer name is never taken for its beginning.
    #[test]
    fn a_volume_has_the_letter_that_was_told_last(
        told in prop::collection::vec((1u8..13, 0u8..26), 0..40),
    ) {
        let mut paths = Paths::new();
        let mut letters: HashMap<u8, char> = HashMap::new();
        for (volume, letter) in told {
            let letter = char::from(b'A' + letter);
            paths.learn(&format!("\\Device\\HarddiskVolume{volume}"), &format!("{letter}:"));
            letters.insert(volume, letter);
            for volume in 1u8..13 {
                let kernel = format!("\\device\\HARDDISKVOLUME{volume}\\a\\b c.exe");
                let want = letters.get(&volume).map(|letter| format!("{letter}:\\a\\b c.exe"));
                prop_assert_eq!(paths.dos(&kernel), want.unwrap_or_else(|| kernel.clone()));
            }
        }
    }

    /// A port used again, by another process or to another end, begins a flow of its own; in whatever order packets arrive,
    /// a flow that talks begins once.
    #[test]
    fn a_port_used_again_begins_a_flow_of_its_own(
        packets in prop::collection::vec((1u32..5, 0u16..4, 0u16..3, 0i64..SECOND), 0..300),
    ) {
        let mut flows = Flows::new();
        let mut seen = std::collections::HashSet::new();
        for (pid, local, remote, time) in packets {
            let at = |last, port| (std::net::IpAddr::from([10, 0, 0, last]), port);
            let flow = Flow { protocol: 17, pid, local: at(1, local), remote: at(2, remote) };
            prop_assert_eq!(flows.begins(flow, time), seen.insert(flow));
        }
    }

    /// A query has the server of its own name or none, though queries, servers and answers are lost and late.
    #[test]
    fn a_query_never_has_the_server_of_another_name(
        steps in prop::collection::vec((0u8..4, 0usize..4, 0u32..3, -200i64..2_000), 0..200),
    ) {
        let names = ["a.example", "b.example", "A.EXAMPLE.", "c.example"];
        let server_of = |name: &str| format!("server of {}", name.to_lowercase().trim_end_matches('.'));
        let mut queries = Queries::new();
        let (mut time, mut waiting) = (0i64, 0usize);
        let mut out = Vec::new();
        for (what, name, pid, step) in steps {
            time += step * MS;
            let (name, question) = (names[name], Queries::question(names[name], 1));
            match what {
                0 => {
                    let server = queries.server(&question, time).cloned();
                    let query = Query { question, name: name.into(), pid: Some(pid), time_ns: time, server };
                    waiting += usize::from(queries.asked(query) == Asked::Waits);
                }
                1 => queries.sent(&question, &server_of(name).into(), Some(9), time),
                2 => out.extend(queries.answered(&question, Some(pid))),
                _ => out.extend(std::iter::from_fn(|| queries.due(time))),
            }
        }
        out.extend(queries.all());
        prop_assert_eq!(out.len(), waiting);
        for query in out {
            if let Some(server) = query.server {
                prop_assert_eq!(server.as_ref(), server_of(&query.name));
            }
        }
    }
}

#[test]
fn every_machine_forgets_the_oldest_and_counts_it() {
    let name: Arc<str> = "x".into();
    let (mut keys, mut files, mut flows, mut images) =
        (Keys::new(), Files::new(), Flows::new(), Images::new());
    let most = 65_536;
    for number in 1..=most + 5 {
        keys.named(number, &name);
        files.opened(number, &name);
        files.named(number, &name);
    }
    assert_eq!((keys.forgotten(), files.forgotten()), (5, 10));
    assert_eq!((keys.path(5, 0), keys.path(6, 0)), (None, Some(Arc::clone(&name))));
    for port in 0..=16_384u32 {
        let at = |port: u32| (std::net::IpAddr::from(port.to_be_bytes()), 1);
        flows.begins(Flow { protocol: 17, pid: 1, local: at(1), remote: at(port) }, 0);
    }
    assert_eq!(flows.forgotten(), 1);
    for pid in 0..=8_192 {
        images.mapped(pid, 0, 1, &name);
    }
    for base in 1..=2_048 {
        images.mapped(8_192, base, 1, &name);
    }
    assert_eq!(images.forgotten(), 1 + 1, "a process, and an image beyond the bound of one");
}
