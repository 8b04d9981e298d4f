// SPDX-License-Identifier: Apache-2.0
//! Events of any source kept as they came, to be replayed on another machine. A recording is a trace
//! file that other tools read too, and begins with what events never say: the computer's name, its
//! boot, and its drive letters.

use crate::etl::writer::{EtlWriter, Written};
use crate::fields::classes;
use crate::guid::Guid;
use crate::raw::{EventClass, Extended, PointerSize, RawEvent, RawEventSink};
use std::io::{self, Write};

/// What a recording says of its machine.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Name of the computer.
    pub host_name: String,
    /// When it was booted, nanoseconds since the unix epoch.
    pub boot_ns: i64,
    /// Width of its pointers.
    pub pointer_size: PointerSize,
    /// Folder of Windows, with its drive letter and last backslash.
    pub windows_directory: String,
    /// Volumes of the kernel and their drive letters: `\Device\HarddiskVolume4\`, `C:\`.
    pub volumes: Vec<(String, String)>,
}

/// What became of the events that were recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordingCounts {
    /// Events in the recording, without those that describe the machine.
    pub recorded: u64,
    /// Events that are larger than a record may be.
    pub too_large: u64,
    /// Events that came after writing had failed.
    pub after_failure: u64,
}

/// A recording that is being made.
#[derive(Debug)]
pub struct Recording<W: Write> {
    writer: EtlWriter<W>,
    counts: RecordingCounts,
    failure: Option<io::Error>,
}

impl<W: Write> Recording<W> {
    /// Begins a recording at `start_ns`.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn new(out: W, start_ns: i64, machine: &Machine) -> io::Result<Self> {
        let mut writer = EtlWriter::new(out, start_ns, machine.pointer_size)?;
        describe(machine, start_ns, &mut |event| writer.push(event).map(|_| ()))?;
        Ok(Self { writer, counts: RecordingCounts::default(), failure: None })
    }

    /// What became of the events so far.
    #[must_use]
    pub fn counts(&self) -> RecordingCounts {
        self.counts
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When `out` refused, now or before: what was written by then can be replayed.
    pub fn finish(self) -> io::Result<W> {
        match self.failure {
            Some(error) => Err(error),
            None => self.writer.finish(),
        }
    }
}

impl<W: Write> RawEventSink for Recording<W> {
    fn event(&mut self, event: &RawEvent<'_>) {
        if self.failure.is_some() {
            self.counts.after_failure += 1;
            return;
        }
        match self.writer.push(event) {
            Ok(Written::Whole) => self.counts.recorded += 1,
            Ok(Written::TooLarge) => self.counts.too_large += 1,
            Err(error) => {
                self.counts.after_failure += 1;
                self.failure = Some(error);
            }
        }
    }
}

/// The machine as the events that a recording begins with, and that a live decoder learns first.
///
/// # Errors
/// What `push` returns.
pub(crate) fn describe<E>(
    machine: &Machine,
    start_ns: i64,
    push: &mut dyn FnMut(&RawEvent<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut push = |class, provider, id, payload: &[u8]| {
        push(&described(class, provider, id, start_ns, machine.pointer_size, payload))
    };
    let mut host = wide(&machine.host_name);
    host.extend_from_slice(&filetime(machine.boot_ns).to_le_bytes());
    push(EventClass::Manifest, classes::RECORDING, 1, &host)?;
    let windows = &machine.windows_directory;
    let paths = [wide(&format!("{windows}system32")), wide(windows)].concat();
    push(EventClass::Classic, classes::SYSTEM_PATHS, 33, &paths)?;
    for (kernel, dos) in &machine.volumes {
        let volume = [wide(kernel), wide(dos)].concat();
        push(EventClass::Classic, classes::SYSTEM_PATHS, 35, &volume)?;
    }
    Ok(())
}

/// An event that no provider wrote: it says what is there.
pub(crate) fn described(
    class: EventClass,
    provider: Guid,
    id: u16,
    time_ns: i64,
    pointer_size: PointerSize,
    payload: &[u8],
) -> RawEvent<'_> {
    RawEvent {
        class,
        provider,
        id,
        version: 0,
        opcode: u8::try_from(id).unwrap_or(0),
        task: 0,
        level: 0,
        keyword: 0,
        pid: None,
        tid: None,
        time_ns,
        processor: 0,
        pointer_size,
        activity: None,
        extended: Extended::default(),
        payload,
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn filetime(unix_ns: i64) -> i64 {
    (unix_ns.div_euclid(100)).saturating_add(116_444_736_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{DecodeSettings, Decoder};
    use crate::etl::EtlReader;
    use crate::raw::{Fetched, RawEventSource as _};

    fn machine() -> Machine {
        Machine {
            host_name: "HÖST".to_owned(),
            boot_ns: 1_700_000_000_000_000_000,
            pointer_size: PointerSize::Eight,
            windows_directory: "C:\\Windows\\".to_owned(),
            volumes: vec![("\\Device\\HarddiskVolume4\\".to_owned(), "C:\\".to_owned())],
        }
    }

    /// Fails after so many bytes.
    #[derive(Debug)]
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn image(payload: &[u8]) -> RawEvent<'_> {
        let time_ns = 1_700_000_100_000_000_000;
        let class = EventClass::Manifest;
        described(class, classes::KERNEL_PROCESS, 5, time_ns, PointerSize::Eight, payload)
    }

    #[test]
    fn a_recording_knows_its_machine() {
        let mut recording =
            Recording::new(Vec::new(), 1_700_000_100_000_000_000, &machine()).unwrap();
        let path = wide("\\Device\\HarddiskVolume4\\Windows\\a.dll");
        let numbers = [0x1000u64, 0x1000].map(u64::to_le_bytes).concat();
        let payload = [&numbers[..], &44u32.to_le_bytes(), &[0; 16], &path].concat();
        recording.event(&image(&payload));
        recording.event(&image(&vec![0; 70_000]));
        let counts = RecordingCounts { recorded: 1, too_large: 1, after_failure: 0 };
        assert_eq!(recording.counts(), counts);
        let bytes = recording.finish().unwrap();
        let mut reader = EtlReader::open(io::Cursor::new(&bytes)).unwrap();
        let mut decoder = Decoder::new(&DecodeSettings::default());
        while reader.fetch(10, &mut decoder).unwrap() != Fetched::End {}
        let mut batches = Vec::new();
        decoder.finish(&mut batches);
        let batch = batches.iter().find(|b| b.table.name == "win_image_load_events").unwrap();
        let shown = format!("{batch:?}");
        assert!(shown.contains("C:\\\\Windows\\\\a.dll"), "{shown}");
        assert!(shown.contains("HÖST"), "{shown}");
    }

    #[test]
    fn a_full_disk_is_told_at_the_end_and_counted() {
        let mut recording = Recording::new(Full(70_000), 0, &machine()).unwrap();
        for _ in 0..300 {
            recording.event(&image(&[7; 1_000]));
        }
        let counts = recording.counts();
        assert_eq!(counts.recorded + counts.after_failure, 300);
        assert!(counts.after_failure > 200, "{counts:?}");
        assert_eq!(recording.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
