// SPDX-License-Identifier: Apache-2.0
//! CPU time, memory and bytes of this process, and the report of one engine.

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Instant;

/// CPU time of all threads of this process, and wall time.
pub struct Clock(f64, Instant);

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

impl Clock {
    pub fn start() -> Self {
        Self(cpu_seconds(), Instant::now())
    }

    pub fn cpu(&self) -> f64 {
        cpu_seconds() - self.0
    }

    pub fn wall(&self) -> f64 {
        self.1.elapsed().as_secs_f64()
    }
}

/// Largest resident size so far.
pub fn peak_mib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

/// Size of all files below a folder.
pub fn bytes_of(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_of(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

/// What every engine is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    Last10,
    Hash,
    Guid,
    Like,
    Group,
    Full,
    Expire,
}

impl Question {
    pub const ALL: [Self; 7] =
        [Self::Last10, Self::Hash, Self::Guid, Self::Like, Self::Group, Self::Full, Self::Expire];

    pub fn word(self) -> &'static str {
        match self {
            Self::Last10 => "last 10 s, all columns",
            Self::Hash => "hash equality, 4 columns",
            Self::Guid => "guid equality, all columns",
            Self::Like => "command line LIKE '%x%'",
            Self::Group => "group by path",
            Self::Full => "all rows, all columns",
            Self::Expire => "expire half",
        }
    }
}

/// Values to ask for; they occur in the set.
pub struct Wanted {
    pub rows: u64,
    /// Time of the last event, nanoseconds.
    pub last: i64,
    pub sha256: String,
    pub guid: u128,
    pub like: String,
}

/// What one engine took.
#[derive(Serialize, Deserialize)]
pub struct Report {
    pub engine: String,
    pub rows: usize,
    pub cpu_us_per_event: f64,
    pub bytes_per_event: f64,
    pub peak_mib: f64,
    /// Question, CPU ms, wall ms, rows of the answer.
    pub answers: Vec<(String, f64, f64, u64)>,
    pub notes: Vec<String>,
}

impl Report {
    pub fn new(engine: &str) -> Self {
        Self {
            engine: engine.to_owned(),
            rows: 0,
            cpu_us_per_event: 0.0,
            bytes_per_event: 0.0,
            peak_mib: 0.0,
            answers: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub fn written(&mut self, rows: usize, cpu: f64, dir: &Path) {
        self.rows = rows;
        self.cpu_us_per_event = cpu * 1e6 / rows as f64;
        self.bytes_per_event = bytes_of(dir) as f64 / rows as f64;
        self.peak_mib = peak_mib();
    }

    pub fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Asks three times (what changes the data: once); the first warms up, the best counts.
    pub fn ask(&mut self, question: Question, mut answer: impl FnMut() -> u64) {
        let times = if question == Question::Expire { 1 } else { 3 };
        let mut best = (f64::MAX, f64::MAX, 0);
        for _ in 0..times {
            let clock = Clock::start();
            let rows = answer();
            let (cpu, wall) = (clock.cpu() * 1e3, clock.wall() * 1e3);
            best = (best.0.min(cpu), best.1.min(wall), rows);
        }
        self.answers.push((question.word().to_owned(), best.0, best.1, best.2));
    }
}
