// SPDX-License-Identifier: Apache-2.0
//! Names for the start addresses of threads in other processes: the decoder says how far inside its module an address is
//! (`+0x1A2B`), and this says which exported function of the module's file that is (`LoadLibraryA`, or `LoadLibraryA+0x10`).
//! A thread of its own reads the files; rows wait for it a moment and go as they are otherwise. Only live rows pass here.

use super::detour::Detour;
use super::fill::Texts;
use super::looks::{OpenFile, Version, is_local};
use crate::exports::Exports;
use crate::state::bounded::Bounded;
use evtables_schema::columns::DictBuilder;
use evtables_schema::{EventBatch, TableSpec, generated as g};
use evtables_sdk::Emitter;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Modules that are remembered, and bytes of their names.
const MODULES_MAX: usize = 256;
const NAMES_BYTES_MAX: usize = 8 << 20;
/// How long a batch waits.
const BATCH_WAIT: Duration = Duration::from_millis(500);

/// Whether rows of the table have a start address.
pub(crate) fn is_of_threads(table: &TableSpec) -> bool {
    table.name == g::remote_thread_events::windows::TABLE.name
}

/// The near side; dropping it sends on what waits.
pub(crate) struct Functions(Detour);

impl Functions {
    /// Starts the thread; it sends to `emitter`.
    pub(crate) fn start(open: Arc<OpenFile>, emitter: Emitter) -> io::Result<Self> {
        let mut modules = Modules::new(open);
        let work = move |batch: &mut EventBatch, came| name(batch, &mut modules, came + BATCH_WAIT);
        Detour::start("functions", emitter, work).map(Self)
    }

    /// Sends a batch on, by way of the thread; at once when too many wait.
    pub(crate) fn send(&self, batch: EventBatch) {
        self.0.send(batch, |_| {});
    }
}

/// Puts names in the place of offsets.
fn name(batch: &mut EventBatch, modules: &mut Modules, until: Instant) {
    let Some(at) = batch.table.column("function_name") else { return };
    let (Some(offsets), Some(paths)) =
        (Texts::of(batch, "function_name"), Texts::of(batch, "module_name"))
    else {
        return;
    };
    let mut named = DictBuilder::default();
    for row in 0..batch.rows {
        let offset = offsets.at(row);
        let address = offset
            .and_then(|text| text.strip_prefix("+0x"))
            .map(|digits| u32::from_str_radix(digits, 16).ok().zip(paths.at(row)));
        let function = address.flatten().and_then(|(address, path)| {
            let exports = modules.exports(path, until)?;
            let (name, below) = exports.nearest(address)?;
            Some(if below == 0 { name.to_owned() } else { format!("{name}+0x{below:X}") })
        });
        named.push(function.as_deref().or(offset));
    }
    batch.set_column(at, named.finish());
}

/// Modules whose exports were read.
struct Modules {
    open: Arc<OpenFile>,
    /// What each exports; nothing when it is no image.
    known: Bounded<String, (Version, Option<Arc<Exports>>)>,
    bytes: usize,
}

impl Modules {
    fn new(open: Arc<OpenFile>) -> Self {
        Self { open, known: Bounded::new(MODULES_MAX), bytes: 0 }
    }

    fn exports(&mut self, path: &str, until: Instant) -> Option<Arc<Exports>> {
        if !is_local(path) || Instant::now() >= until {
            return None;
        }
        let mut file = (self.open)(path).ok()?;
        let version = Version::of(&file.metadata().ok()?)?;
        if let Some((known, exports)) = self.known.get(path)
            && *known == version
        {
            return exports.clone();
        }
        let exports = Exports::read(&mut file).map(Arc::new);
        let cost = exports.as_ref().map_or(0, |exports| exports.cost());
        if self.bytes.saturating_add(cost) > NAMES_BYTES_MAX {
            self.known = Bounded::new(MODULES_MAX);
            self.bytes = 0;
        }
        // Those that go for others stay counted, until all go.
        self.bytes = self.bytes.saturating_add(cost);
        self.known.insert(path.to_owned(), (version, exports.clone()));
        exports
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exports::tests::image;
    use crate::live::tests::shown;
    use evtables_schema::generated::remote_thread_events::windows::{Builder, Row};
    use evtables_sdk::emitter;
    use std::fs::File;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn start_addresses_are_named_by_the_exports_of_their_module() {
        let dir = tempfile::tempdir().unwrap();
        let exports = image(&[("LoadLibraryA", 0x1200), ("CreateThread", 0x1100)], None, true);
        std::fs::write(dir.path().join("kernel32.dll"), &exports).unwrap();
        std::fs::write(dir.path().join("x.txt"), "no image").unwrap();
        let (folder, opened) = (dir.path().to_owned(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&opened);
        let open = move |path: &str| {
            count.fetch_add(1, Ordering::Relaxed);
            File::open(folder.join(path.rsplit('\\').next().unwrap()))
        };
        let (module, gone) = ("C:\\Windows\\System32\\kernel32.dll", "C:\\gone.dll");
        let (text, far) = ("C:\\x.txt", "\\\\host\\share\\kernel32.dll");
        let rows = [
            (Some(module), Some("+0x1200"), Some("LoadLibraryA")),
            (Some(module), Some("+0x11A0"), Some("CreateThread+0xA0")),
            (Some(module), Some("+0x10"), Some("+0x10")),
            (Some(gone), Some("+0x1200"), Some("+0x1200")),
            (Some(text), Some("+0x1200"), Some("+0x1200")),
            (Some(far), Some("+0x1200"), Some("+0x1200")),
            (Some(module), Some("LoadLibraryW"), Some("LoadLibraryW")),
            (None, None, None),
        ];
        let mut builder = Builder::default();
        for (module_name, function_name, _) in rows {
            let action = "REMOTE_THREAD_CREATE";
            builder.push(&Row { action, module_name, function_name, ..Row::default() });
        }
        let (emitter, bus) = emitter(10);
        let functions = Functions::start(Arc::new(open), emitter).unwrap();
        functions.send(builder.finish());
        drop(functions);
        let found = shown(&bus.try_iter().collect::<Vec<_>>());
        let found = &found["win_remote_thread_events"];
        assert_eq!(found.len(), rows.len());
        for (row, (_, before, wanted)) in found.iter().zip(rows) {
            let cell = wanted.map_or("Null".to_owned(), |wanted| format!("Text({wanted:?})"));
            assert!(row.contains(&format!(" function_name={cell} ")), "{before:?}: {row}");
        }
        assert_eq!(opened.load(Ordering::Relaxed), 5, "a file of another machine is not opened");
    }

    #[test]
    fn modules_are_read_once_and_anew_when_they_change_and_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dll");
        std::fs::write(&path, image(&[("one", 0x1000)], None, true)).unwrap();
        let at = path.clone();
        let mut modules = Modules::new(Arc::new(move |_: &str| File::open(&at)));
        let later = Instant::now() + Duration::from_secs(60);
        let mut first = |name: &str, path: &str| {
            let exports = modules.exports(path, later).unwrap();
            assert_eq!(exports.nearest(0x1000), Some((name, 0)));
            (exports, modules.known.len(), modules.bytes)
        };
        let (before, ..) = first("one", "C:\\x.dll");
        assert!(Arc::ptr_eq(&before, &first("one", "C:\\x.dll").0), "read once");
        std::fs::write(&path, image(&[("longer", 0x1000), ("b", 0x1100)], None, true)).unwrap();
        first("longer", "C:\\x.dll");
        let mut most = 0;
        for number in 0..MODULES_MAX * 2 {
            let (_, known, bytes) = first("longer", &format!("C:\\{number}.dll"));
            most = most.max(known);
            assert!(bytes <= NAMES_BYTES_MAX);
        }
        assert_eq!(most, MODULES_MAX);
        assert!(modules.exports("C:\\new.dll", Instant::now()).is_none(), "too late");
    }
}
