// SPDX-License-Identifier: Apache-2.0
//! What reading a trace costs, in CPU time: its bytes alone, its events, and their rows.
//! `etl_speed FILE…` prints a JSON object a line; `./dev bench etl` runs it beside its peers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

use evtables_publisher_windows::etl::EtlReader;
use evtables_publisher_windows::{
    DecodeSettings, Decoder, Fetched, RawEvent, RawEventSink, RawEventSource,
};
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Runs of each case; the median counts.
const RUNS: usize = 15;

fn cpu_seconds() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Bytes of the file, read in the reader's pieces and added up, so that none is left out.
fn bytes(path: &Path) -> u64 {
    let mut file = File::open(path).unwrap();
    let mut buffer = vec![0; 64 * 1024];
    let mut sum = 0_u64;
    loop {
        let read = file.read(&mut buffer).unwrap();
        if read == 0 {
            return sum;
        }
        let (words, _) = buffer[..read].as_chunks::<8>();
        sum = words.iter().fold(sum, |sum, word| sum.wrapping_add(u64::from_le_bytes(*word)));
    }
}

fn events(path: &Path, mut each: impl FnMut(&RawEvent<'_>)) -> u64 {
    let mut reader = EtlReader::open(File::open(path).unwrap()).unwrap();
    while reader.fetch(4_096, &mut each).unwrap() != Fetched::End {}
    reader.seen()
}

fn rows(path: &Path) -> u64 {
    let mut decoder = Decoder::new(&DecodeSettings::default());
    let (mut batches, mut rows) = (Vec::new(), 0);
    events(path, |event| {
        decoder.event(event);
        decoder.take_full(&mut batches);
        rows += batches.drain(..).map(|batch| batch.rows as u64).sum::<u64>();
    });
    decoder.finish(&mut batches);
    rows + batches.iter().map(|batch| batch.rows as u64).sum::<u64>()
}

fn median(mut run: impl FnMut() -> u64) -> f64 {
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = cpu_seconds();
            std::hint::black_box(run());
            cpu_seconds() - begun
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[RUNS / 2]
}

fn main() {
    for path in std::env::args_os().skip(1) {
        let path = Path::new(&path);
        let mut payload = 0;
        let seen = events(path, |event| payload += event.payload.len() as u64);
        let name = path.file_name().unwrap().to_string_lossy();
        let print = |subject: &str, value: f64, unit: &str| {
            println!(
                "{{\"case\":\"{name}\",\"subject\":\"{subject}\",\"value\":{value:.4},\"unit\":\"{unit}\"}}"
            );
        };
        let (bytes, reader, rows) =
            (median(|| bytes(path)), median(|| events(path, |_| {})), median(|| rows(path)));
        print("bytes alone", bytes * 1e3, "ms CPU");
        print("reader", reader * 1e3, "ms CPU");
        print("reader", seen as f64 / reader / 1e6, "million events/s");
        print("reader", payload as f64 / reader / 1e6, "MB payload/s");
        print("reader + rows", rows * 1e3, "ms CPU");
        print("reader + rows", seen as f64 / rows / 1e6, "million events/s");
    }
}
