// SPDX-License-Identifier: Apache-2.0
//! What a trace says of its machine.

use super::Decoder;
use super::counts::Outcome;
use crate::fields::events::system::{SystemPaths, VolumeMapping};
use crate::raw::RawEvent;

impl Decoder {
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
