// SPDX-License-Identifier: Apache-2.0
//! For tests: a disk in memory that knows what would be left after power loss (what was not synced is
//! gone, names in folders included), that stops before and inside every change, and that fails when
//! it is told to.

use crate::disk::{Disk, DiskFile, DiskReader, LockError};
use bytes::Bytes;
use std::any::Any;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    File(u64),
    Dir(u64),
}

type Names = BTreeMap<String, Entry>;

#[derive(Debug, Clone, Default)]
struct Dir {
    now: Names,
    durable: Names,
}

#[derive(Debug, Clone, Default)]
struct Inode {
    now: Arc<Vec<u8>>,
    durable: Arc<Vec<u8>>,
    /// Bytes from here to there were written and lost by a sync that failed: later syncs do not
    /// bring them back.
    lost: Vec<std::ops::Range<usize>>,
}

/// Everything on a disk, and what of it is durable.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    dirs: BTreeMap<u64, Dir>,
    files: BTreeMap<u64, Inode>,
    next: u64,
}

/// What a crash leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crash {
    /// The process was killed: all that was written is there.
    Kill,
    /// What was not synced is gone.
    PowerLoss,
    /// Of what was not synced, any part may be there.
    Partly(u64),
}

fn random(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize % below.max(1)
}

impl Image {
    fn new() -> Self {
        Self { dirs: BTreeMap::from([(0, Dir::default())]), files: BTreeMap::new(), next: 1 }
    }

    pub(crate) fn crash(mut self, crash: Crash) -> Self {
        let mut seed = match crash {
            Crash::Kill => 0,
            Crash::PowerLoss => 1,
            Crash::Partly(seed) => seed * 2 + 2,
        };
        for dir in self.dirs.values_mut() {
            let keep = match crash {
                Crash::Kill => true,
                Crash::PowerLoss => false,
                Crash::Partly(_) => random(&mut seed, 2) == 0,
            };
            if !keep {
                dir.now = dir.durable.clone();
            }
            dir.durable = dir.now.clone();
        }
        for file in self.files.values_mut() {
            match crash {
                Crash::Kill => {}
                Crash::PowerLoss => file.now = file.durable.clone(),
                Crash::Partly(_) if file.now.starts_with(&file.durable) => {
                    let more = random(&mut seed, file.now.len() - file.durable.len() + 1);
                    file.now = Arc::new(file.now[..file.durable.len() + more].to_vec());
                }
                Crash::Partly(_) => {
                    if random(&mut seed, 2) == 0 {
                        file.now = file.durable.clone();
                    }
                }
            }
            file.durable = file.now.clone();
            file.lost.clear();
        }
        self
    }

    fn find(&self, path: &Path) -> io::Result<Entry> {
        let mut at = Entry::Dir(0);
        for part in path.components() {
            let Component::Normal(name) = part else { continue };
            let Entry::Dir(dir) = at else { return Err(ErrorKind::NotADirectory.into()) };
            let entry = self.dirs[&dir].now.get(name.to_str().unwrap());
            at = *entry.ok_or_else(|| io::Error::from(ErrorKind::NotFound))?;
        }
        Ok(at)
    }

    fn dir(&self, path: &Path) -> io::Result<u64> {
        match self.find(path)? {
            Entry::Dir(dir) => Ok(dir),
            Entry::File(_) => Err(ErrorKind::NotADirectory.into()),
        }
    }

    fn file(&self, path: &Path) -> io::Result<u64> {
        match self.find(path)? {
            Entry::File(file) => Ok(file),
            Entry::Dir(_) => Err(ErrorKind::IsADirectory.into()),
        }
    }

    fn parent(&mut self, path: &Path) -> io::Result<(&mut Dir, String)> {
        let dir = self.dir(path.parent().unwrap())?;
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        Ok((self.dirs.get_mut(&dir).unwrap(), name))
    }

    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

/// Which changes fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure {
    /// Number of the first change that fails.
    pub(crate) from: usize,
    /// How many fail.
    pub(crate) count: usize,
    pub(crate) kind: ErrorKind,
}

type Hook = Box<dyn FnMut(usize, &Image) + Send>;

#[derive(Default)]
struct Control {
    changes: usize,
    failure: Option<Failure>,
    hook: Option<Hook>,
    free: Option<u64>,
}

/// The disk.
#[derive(Clone)]
pub(crate) struct FakeDisk {
    image: Arc<Mutex<Image>>,
    control: Arc<Mutex<Control>>,
}

impl std::fmt::Debug for FakeDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeDisk")
    }
}

impl FakeDisk {
    pub(crate) fn new() -> Self {
        Self::of(Image::new())
    }

    pub(crate) fn of(image: Image) -> Self {
        Self { image: Arc::new(Mutex::new(image)), control: Arc::default() }
    }

    pub(crate) fn image(&self) -> Image {
        self.image.lock().unwrap().clone()
    }

    /// Changes so far.
    pub(crate) fn changes(&self) -> usize {
        self.control.lock().unwrap().changes
    }

    pub(crate) fn fail(&self, failure: Option<Failure>) {
        self.control.lock().unwrap().failure = failure;
    }

    pub(crate) fn set_free(&self, free: Option<u64>) {
        self.control.lock().unwrap().free = free;
    }

    /// Calls `hook` before each change, and in the middle of each write, with the number of the change.
    pub(crate) fn on_change(&self, hook: impl FnMut(usize, &Image) + Send + 'static) {
        self.control.lock().unwrap().hook = Some(Box::new(hook));
    }

    /// Before each change; `half` is the change half done.
    fn change(&self, half: Option<(u64, &[u8])>) -> io::Result<()> {
        let (number, hook) = {
            let mut control = self.control.lock().unwrap();
            control.changes += 1;
            (control.changes, control.hook.take())
        };
        if let Some(mut hook) = hook {
            let mut image = self.image();
            hook(number, &image);
            if let Some((file, bytes)) = half.filter(|(_, bytes)| bytes.len() > 1) {
                let file = image.files.get_mut(&file).unwrap();
                Arc::make_mut(&mut file.now).extend_from_slice(&bytes[..bytes.len() / 2]);
                hook(number, &image);
            }
            self.control.lock().unwrap().hook = Some(hook);
        }
        match self.control.lock().unwrap().failure {
            Some(f) if (f.from..f.from + f.count).contains(&number) => Err(f.kind.into()),
            _ => Ok(()),
        }
    }
}

#[derive(Debug)]
struct FakeFile {
    disk: FakeDisk,
    file: u64,
}

impl FakeFile {
    fn with<T>(&self, change: impl FnOnce(&mut Inode) -> T) -> T {
        change(self.disk.image.lock().unwrap().files.get_mut(&self.file).unwrap())
    }
}

impl DiskFile for FakeFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let done = self.disk.change(Some((self.file, bytes)));
        let written = if done.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        self.with(|file| Arc::make_mut(&mut file.now).extend_from_slice(written));
        done
    }

    fn sync(&mut self) -> io::Result<()> {
        let done = self.disk.change(None);
        self.with(|file| {
            if done.is_err() {
                // As Linux does it: the error is told once, the pages count as clean afterwards.
                let from = file.durable.len().min(file.now.len());
                file.lost.push(from..file.now.len());
                return;
            }
            let mut durable = file.now.to_vec();
            for lost in &file.lost {
                let end = lost.end.min(durable.len());
                durable[lost.start.min(end)..end].fill(0);
            }
            file.durable = Arc::new(durable);
        });
        done
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.disk.change(None)?;
        let length = usize::try_from(length).unwrap();
        self.with(|file| {
            Arc::make_mut(&mut file.now).truncate(length);
            file.lost.iter_mut().for_each(|lost| lost.end = lost.end.min(length));
            file.lost.retain(|lost| lost.start < lost.end);
        });
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.with(|file| file.now.len() as u64))
    }
}

impl Disk for FakeDisk {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.change(None)?;
        let mut image = self.image.lock().unwrap();
        let ancestors: Vec<&Path> = path.ancestors().collect();
        for path in ancestors.into_iter().rev().skip(1) {
            if image.find(path).is_err() {
                let id = image.id();
                image.dirs.insert(id, Dir::default());
                let (parent, name) = image.parent(path)?;
                parent.now.insert(name, Entry::Dir(id));
            }
        }
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let image = self.image.lock().unwrap();
        let dir = image.dir(path)?;
        Ok(image.dirs[&dir].now.keys().cloned().collect())
    }

    fn exists(&self, path: &Path) -> bool {
        self.image.lock().unwrap().find(path).is_ok()
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.change(None)?;
        let mut image = self.image.lock().unwrap();
        let file = match image.find(path) {
            Ok(Entry::File(file)) => {
                let inode = image.files.get_mut(&file).unwrap();
                inode.now = Arc::default();
                inode.lost.clear();
                file
            }
            Ok(Entry::Dir(_)) => return Err(ErrorKind::IsADirectory.into()),
            Err(_) => {
                let file = image.id();
                image.files.insert(file, Inode::default());
                let (parent, name) = image.parent(path)?;
                parent.now.insert(name, Entry::File(file));
                file
            }
        };
        Ok(Box::new(FakeFile { disk: self.clone(), file }))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = self.image.lock().unwrap().file(path)?;
        Ok(Box::new(FakeFile { disk: self.clone(), file }))
    }

    fn open(&self, path: &Path) -> io::Result<DiskReader> {
        let image = self.image.lock().unwrap();
        let file = image.file(path)?;
        Ok(DiskReader::Memory(Bytes::copy_from_slice(&image.files[&file].now)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(None)?;
        let mut image = self.image.lock().unwrap();
        let file = image.file(from)?;
        let (parent, name) = image.parent(from)?;
        parent.now.remove(&name);
        let (parent, name) = image.parent(to)?;
        parent.now.insert(name, Entry::File(file));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(None)?;
        let mut image = self.image.lock().unwrap();
        image.file(path)?;
        let (parent, name) = image.parent(path)?;
        parent.now.remove(&name);
        Ok(())
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.change(None)?;
        let mut image = self.image.lock().unwrap();
        let dir = image.dir(path)?;
        if !image.dirs[&dir].now.is_empty() {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        let (parent, name) = image.parent(path)?;
        parent.now.remove(&name);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.change(None)?;
        let mut image = self.image.lock().unwrap();
        let dir = image.dir(path)?;
        let dir = image.dirs.get_mut(&dir).unwrap();
        dir.durable = dir.now.clone();
        Ok(())
    }

    fn free(&self, _path: &Path) -> Option<u64> {
        self.control.lock().unwrap().free
    }

    fn lock(&self, _path: &Path) -> Result<Box<dyn Any + Send>, LockError> {
        Ok(Box::new(()))
    }
}
