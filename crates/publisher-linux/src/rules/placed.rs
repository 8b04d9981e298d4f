// SPDX-License-Identifier: Apache-2.0
//! What programs do with files in certain places: each program is judged once per folder and end of the name that
//! rules tell apart. Only for files whose whole path the kernel walks: those created and written. Rules by the other
//! columns: [`super`].

use super::{SLOTS, Secret, Slot, Verdict, number_of};
use crate::decode::write_path;
use crate::record::{Components, File};
use evtables_sdk::rules::{Foresight, Foretold, Known, NAME_END_BYTES_MAX, Place, Reach, Rules};

/// `RULE_NAME_ENDS_MAX` and `RULE_PLACED_MAX` of wire.h.
pub(super) const NAME_ENDS_MAX: usize = 8_192;
pub(super) const PLACED_MAX: usize = 16_384;
/// Ends of one set of rules: two sets have to fit at once.
const ENDS_MAX: usize = NAME_ENDS_MAX / 2 - 64;
/// Longer names are not judged: COMPONENT_MAX of wire.h without the NUL.
const NAME_BYTES_MAX: usize = 255;
/// Bits of a key of ends before the value.
const HEAD_BITS: usize = 32;

/// The rules of a table through the places of files.
pub(super) struct Placed {
    foresight: Foresight,
    reach: Vec<Reach>,
    /// Ends of names that they ask for.
    ends: Vec<String>,
}

impl Placed {
    /// `None` when no rule is decided so, or when they ask for too many ends. `before`: the columns that are known
    /// of any event.
    pub(super) fn new(rules: &Rules, before: Vec<usize>, place: Option<usize>) -> Option<Self> {
        let place = place?;
        let foresight = Foresight::with_place(rules, before, place);
        let reach = foresight.reach(rules);
        let ends = rules.name_ends(place);
        (ends.len() <= ENDS_MAX).then_some(Self { foresight, reach, ends })
    }

    /// Whether places decide the rule for some events.
    pub(super) fn reaches(&self, rule: usize) -> bool {
        self.reach.get(rule).is_some_and(|reach| *reach != Reach::None)
    }

    pub(super) fn ends(&self) -> &[String] {
        &self.ends
    }

    /// Adds which of the slots a rule leaves out.
    pub(super) fn judge<'a>(
        &self,
        rules: &Rules,
        program: impl Iterator<Item = Known<'a>>,
        slots: &[Slot],
        place: Place<'a>,
        verdict: &mut Verdict,
    ) {
        // Each table has its own ends: the longest of all may be longer than the longest of these.
        let end = place.end.and_then(|end| {
            let mine = self.ends.iter().filter(|one| end.ends_with(one.as_str()));
            mine.max_by_key(|one| one.len()).map(String::as_str)
        });
        let place = Place { end, ..place };
        let program: Vec<Known<'_>> = program.collect();
        // Of the others no place is known: some have another path.
        for slot in slots.iter().filter(|slot| slot.placed) {
            let values = program.iter().copied().chain([slot.action.into(), Known::Place(place)]);
            let foretold: Foretold = self.foresight.foretell(rules, &values.collect::<Vec<_>>());
            if let Some(out) = verdict.0.get_mut(slot.slot).filter(|_| slot.slot < SLOTS) {
                *out = number_of(foretold).unwrap_or(0);
            }
        }
    }
}

/// Ends of names of all tables, in order: the class of one is its position + 1.
#[derive(Debug, Default)]
pub(super) struct NameEnds(Vec<String>);

impl NameEnds {
    /// `None` when there are too many.
    pub(super) fn new<'a>(ends: impl Iterator<Item = &'a String>) -> Option<Self> {
        let mut all: Vec<String> = ends.cloned().collect();
        all.sort_unstable();
        all.dedup();
        (all.len() <= ENDS_MAX).then_some(Self(all))
    }

    /// Keys and values of the kernel's map.
    pub(super) fn classes(&self, version: u32) -> Vec<(Vec<u8>, u32)> {
        let class = |(class, end): (u32, &String)| {
            let bits = u32::try_from(HEAD_BITS + 8 * end.len()).unwrap_or(0);
            let mut key = bits.to_ne_bytes().to_vec();
            key.extend_from_slice(&version.to_ne_bytes());
            key.extend(end.bytes().rev());
            key.resize(8 + NAME_END_BYTES_MAX, 0);
            (key, class)
        };
        (1..).zip(&self.0).map(class).collect()
    }

    /// The class of a name, and its text. `None` for one whose end is not ASCII: the kernel does not judge it.
    pub(super) fn of(&self, name: &[u8]) -> Option<(u32, Option<&str>)> {
        let path: Vec<u8> = [b"/", name].concat();
        let from = path.len().saturating_sub(NAME_END_BYTES_MAX);
        let end = std::str::from_utf8(path.get(from..)?).ok().filter(|end| end.is_ascii())?;
        let end = end.to_ascii_lowercase();
        let found = (1..).zip(&self.0).filter(|(_, one)| end.ends_with(one.as_str()));
        let longest = found.max_by_key(|(_, one)| one.len());
        Some(longest.map_or((0, None), |(class, one)| (class, Some(one.as_str()))))
    }
}

/// Where a file is, as the kernel knows it.
pub(super) struct Spot {
    folder_hash: u64,
    /// Class of the end of its name.
    end: u32,
    folder: String,
}

impl Spot {
    /// `None` where the kernel does not judge.
    pub(super) fn new(secret: Secret, ends: &NameEnds, file: &File<'_>) -> Option<Self> {
        if file.path_cut() || file.detached() {
            return None;
        }
        let at = file.path.0.iter().position(|byte| *byte == 0)?;
        let (name, rest) = file.path.0.split_at_checked(at).filter(|_| at < NAME_BYTES_MAX)?;
        let components = Components(rest.get(1..)?);
        let folder_hash = secret.hash(components)?;
        let (end, _) = ends.of(name)?;
        let (mut folder, mut bytes) = (String::new(), Vec::new());
        write_path(&mut folder, &mut bytes, components, false);
        Some(Self { folder_hash, end, folder })
    }

    pub(super) fn place<'a>(&'a self, ends: &'a NameEnds) -> Place<'a> {
        let at = usize::try_from(self.end).ok().and_then(|end| end.checked_sub(1));
        Place { folder: &self.folder, end: at.and_then(|at| ends.0.get(at)).map(String::as_str) }
    }

    /// `struct wire_placed`.
    pub(super) fn key(&self, path: u64, cgroup: u64, version: u32, user: u32) -> Vec<u8> {
        let mut key = path.to_ne_bytes().to_vec();
        key.extend_from_slice(&cgroup.to_ne_bytes());
        key.extend_from_slice(&self.folder_hash.to_ne_bytes());
        for word in [version, user, self.end, 0] {
            key.extend_from_slice(&word.to_ne_bytes());
        }
        key
    }
}

#[cfg(test)]
mod tests;
