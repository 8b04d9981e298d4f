// SPDX-License-Identifier: Apache-2.0
//! The bench set: process events of 17 columns, made from a seed. Each process starts and ends; 400
//! programs by Zipf's law and now and then one of 10,000 rare ones; a command line of 1 event in 10
//! is there for the first and only time (with its end), the others repeat. The same processes also write
//! files and connect: sets whose texts hardly ever repeat.

use evtables_schema::HostBoot;
use evtables_schema::ids::process_guid;
use std::collections::VecDeque;

/// Time of the first event, nanoseconds.
pub const START: i64 = 1_795_500_000_000_000_000;
/// The host.
pub const HOST: HostBoot = HostBoot(0x0123_4567_89ab_cdef);
/// Mean distance of two events, nanoseconds: 1,000 events per second.
const STEP: i64 = 1_000_000;
const PROGRAMS: usize = 400;
const RARE: usize = 10_000;
const LINES_PER_PROGRAM: u64 = 20;
const PARENTS: usize = 64;

/// Which set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Starts and ends of processes.
    Process,
    /// Files written: `cmdline` is the file's path, 3 in 4 for the first time, half of them with a hash
    /// of their own.
    File,
    /// Connections: `cmdline` is address and port at both ends, no hash.
    Socket,
}

impl Kind {
    pub fn of(word: &str) -> Option<Self> {
        [Self::Process, Self::File, Self::Socket].into_iter().find(|kind| kind.word() == word)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::File => "file",
            Self::Socket => "socket",
        }
    }

    /// What command lines worth asking for contain, and how much must follow.
    pub fn marker(self) -> (&'static str, usize) {
        match self {
            Self::Process | Self::File => ("/tmp/build/", 20),
            Self::Socket => ("10.", 8),
        }
    }
}

/// One event, without what the store fills (`eid`, `seq`).
#[derive(Clone, Default)]
pub struct Event {
    pub action: &'static str,
    pub pid: i64,
    pub process_guid: u128,
    pub path: String,
    pub cmdline: String,
    pub parent_pid: i64,
    pub parent_process_guid: u128,
    pub parent_path: String,
    pub owner_uid: &'static str,
    pub time: i64,
    pub uid: i64,
    pub cwd: &'static str,
    pub sha256: String,
    pub exit_code: Option<i32>,
    pub cgroup_path: String,
}

/// Makes events one after the other, always the same ones.
pub struct Events {
    kind: Kind,
    random: u64,
    made: u64,
    time: i64,
    next_pid: u32,
    living: VecDeque<Event>,
    parents: Vec<(u32, u128, String)>,
}

impl Events {
    pub fn new(kind: Kind) -> Self {
        let mut events = Self {
            kind,
            random: 0x9e37_79b9_7f4a_7c15,
            made: 0,
            time: START,
            next_pid: 2_000,
            living: VecDeque::new(),
            parents: Vec::new(),
        };
        for _ in 0..PARENTS {
            let parent = events.parent();
            events.parents.push(parent);
        }
        events
    }

    /// xorshift64*
    fn random(&mut self, below: u64) -> u64 {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % below
    }

    fn pid(&mut self) -> u32 {
        self.next_pid = if self.next_pid >= 4_194_000 { 300 } else { self.next_pid + 1 };
        self.next_pid
    }

    fn guid(&self, pid: u32) -> u128 {
        process_guid(HOST, u64::try_from(self.time - START).unwrap_or(0) + 77_000_000_000, pid)
    }

    fn parent(&mut self) -> (u32, u128, String) {
        let pid = self.pid();
        let program = self.zipf();
        (pid, self.guid(pid), program_path(program))
    }

    fn zipf(&mut self) -> usize {
        // 1/rank by inversion of the logarithm, close enough.
        let share = self.random(1 << 24) as f64 / f64::from(1 << 24);
        let rank = (PROGRAMS as f64).powf(share);
        (rank as usize - 1).min(PROGRAMS - 1)
    }

    /// The next event.
    pub fn next(&mut self) -> Event {
        let mut event = self.next_of_process();
        match self.kind {
            Kind::Process => {}
            Kind::File => self.as_file(&mut event),
            Kind::Socket => self.as_socket(&mut event),
        }
        event
    }

    fn as_file(&mut self, event: &mut Event) {
        event.action = ["FILE_CREATE", "FILE_WRITE", "FILE_DELETE"][self.random(3) as usize];
        event.exit_code = None;
        let number = if self.random(4) == 0 { self.random(1_000) } else { self.made };
        event.cmdline = match number % 3 {
            0 => format!("/tmp/build/{:08x}/module-{number:x}.o", number / 50),
            1 => format!("/var/lib/app/cache/{:02x}/{number:016x}", number % 256),
            _ => format!("/home/user/src/project/target/debug/deps/unit-{number:x}.rmeta"),
        };
        let hashed = number.is_multiple_of(2);
        event.sha256 = if hashed { hash(number as usize) } else { String::new() };
    }

    fn as_socket(&mut self, event: &mut Event) {
        event.action = ["SOCKET_CONNECT", "SOCKET_CLOSE"][self.random(2) as usize];
        event.exit_code = None;
        let host = (self.zipf() * 7 + self.random(40) as usize) as u64;
        let port = [443, 443, 443, 80, 5432, 8080][self.random(6) as usize];
        let own = 32_768 + self.random(28_000);
        event.cmdline =
            format!("192.0.2.10:{own} 10.{}.{}.{}:{port}", host >> 8, host & 255, self.random(8));
        event.sha256 = String::new();
    }

    fn next_of_process(&mut self) -> Event {
        self.time += STEP / 2 + i64::try_from(self.random(STEP as u64)).unwrap_or(0);
        self.made += 1;
        let ends = self.living.len() > 200 || (self.living.len() > 20 && self.random(2) == 0);
        if ends {
            let at = self.random(self.living.len() as u64) as usize;
            if let Some(mut event) = self.living.remove(at) {
                event.action = "PROC_TERMINATE";
                event.time = self.time;
                event.exit_code = Some(if self.random(20) == 0 { 1 } else { 0 });
                return event;
            }
        }
        let event = self.start();
        self.living.push_back(event.clone());
        event
    }

    fn start(&mut self) -> Event {
        if self.random(500) == 0 {
            let slot = self.random(PARENTS as u64) as usize;
            self.parents[slot] = self.parent();
        }
        let pid = self.pid();
        let slot = self.random(PARENTS as u64) as usize;
        let rare = self.random(10_000) == 0;
        let (path, sha256) = if rare {
            let number = self.random(RARE as u64) as usize;
            (format!("/home/user/.cache/build-{number:05}/a.out"), hash(1_000_000 + number))
        } else {
            let program = self.zipf();
            (program_path(program), hash(program))
        };
        let name = path.rsplit('/').next().unwrap_or("");
        // Of process starts, so that of all events (start and end) 1 in 10 line is new.
        let unique = self.random(5) == 0;
        let line = if unique {
            self.random(u64::MAX >> 33) << 20 | self.made
        } else {
            self.random(LINES_PER_PROGRAM)
        };
        let cmdline = match line % 4 {
            0 => format!(
                "{name} -c --input=/home/user/src/module{line:x}.c -o /tmp/build/{line:x}.o"
            ),
            1 => format!("{name} --config /etc/app/{line:x}.conf --verbose"),
            2 => format!("{name} -e 's/{line:x}/x/g' /var/log/app-{line:x}.log"),
            _ => format!("/bin/sh {name} run {line:x}"),
        };
        let (parent_pid, parent_guid, parent_path) = self.parents[slot].clone();
        let user = slot % 5;
        Event {
            action: "PROC_CREATE",
            pid: pid.into(),
            process_guid: self.guid(pid),
            path,
            cmdline,
            parent_pid: parent_pid.into(),
            parent_process_guid: parent_guid,
            parent_path,
            owner_uid: ["root", "user", "www-data", "postgres", "ci"][user],
            time: self.time,
            uid: [0, 1000, 33, 105, 1001][user],
            cwd: ["/", "/home/user/src", "/var/www", "/var/lib/postgresql", "/home/ci/work"][user],
            sha256,
            exit_code: None,
            cgroup_path: format!("/system.slice/app-{user}.service"),
        }
    }
}

/// Path of one of the common programs.
pub fn program_path(number: usize) -> String {
    let folder = ["/usr/bin", "/usr/sbin", "/usr/lib/git-core", "/usr/local/bin"][number % 4];
    format!("{folder}/program-{number:03}")
}

fn hash(number: usize) -> String {
    let mut state = number as u64 + 1;
    (0..4).fold(String::new(), |text, _| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("{text}{:016x}", state ^ (state >> 29))
    })
}
