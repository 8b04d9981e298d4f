// SPDX-License-Identifier: Apache-2.0
//! What a trace says of its machine.

use super::Decoder;
use super::counts::Outcome;
use crate::fields::events::system::{OpenKey, RecordedMachine, SystemPaths, VolumeMapping};
use crate::raw::RawEvent;
use crate::state::processes::Processes;
use evtables_schema::ids::HostBoot;

impl Decoder {
    /// What recordings of ours, and live collections, say themselves.
    pub(super) fn recorded(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            1 => self.recorded_machine(event),
            2 => {
                let key = OpenKey::decode(event);
                match (key.object, Self::text(key.path)) {
                    (Some(object), Some(path)) => self.keys.seeded(object, &path),
                    _ => return Outcome::LeftOut("cut_payload"),
                }
                Outcome::Learnt
            }
            _ => Outcome::Unmapped,
        }
    }

    /// A recording begins with its machine; later nothing is changed by it.
    fn recorded_machine(&mut self, event: &RawEvent<'_>) -> Outcome {
        let machine = RecordedMachine::decode(event);
        let Some(boot_ns) = machine.boot_time else { return Outcome::LeftOut("cut_payload") };
        if self.processes.is_empty() {
            self.host_name = Self::text(machine.host_name);
            let host = self.host_name.as_deref().unwrap_or("");
            let host_boot = HostBoot::new(host, &boot_ns.to_string());
            self.processes = Processes::new(host_boot, boot_ns);
        }
        Outcome::Learnt
    }

    pub(super) fn system_paths(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            33 => {
                let paths = SystemPaths::decode(event);
                if let Some(windows) = Self::text(paths.windows_directory) {
                    self.paths.learn("\\SystemRoot\\", &windows);
                    // Some records leave out the volume.
                    if let Some((_, below)) = windows.split_once(':') {
                        self.paths.learn(below, &windows);
                    }
                }
                Outcome::Learnt
            }
            35 => {
                let volume = VolumeMapping::decode(event);
                if let Some(kernel) = Self::text(volume.nt_path) {
                    let dos = Self::text(volume.dos_path);
                    self.paths.learn(&kernel, dos.as_deref().unwrap_or(""));
                }
                Outcome::Learnt
            }
            32 | 34 => Outcome::Learnt,
            _ => Outcome::Unmapped,
        }
    }
}
