use super::calendar::next_rotation;
use super::trouble::Trouble;
use super::{Clock, Note, Rotation};
use crate::init::config::{Level, Rotate};
use crate::sys::{process, stream};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A log file that is rotated: `f` becomes `f.1`, that `f.2`, and so on. No error ends it: what finds no room is lost and counted.
#[derive(Debug)]
pub(super) struct RotatingFile {
    path: Box<Path>,
    file: File,
    rotation: Rotation,
    /// The file is full at this size; beyond `maxbytes` where it could not be rotated.
    full_at: u64,
    /// When it is rotated next, in seconds since 1970.
    next: Option<i64>,
    /// It was told that it cannot be rotated.
    stuck: bool,
    trouble: Trouble,
}

/// The start-up cleaning knows numbers of four digits (see `auto`), so that none has more.
const BACKUPS_MOST: u32 = 9999;

impl RotatingFile {
    pub(super) fn new(path: &Path, file: File, rotation: Rotation, clock: &Clock) -> RotatingFile {
        let mut new = RotatingFile {
            path: path.into(),
            file,
            rotation,
            full_at: rotation.maxbytes,
            next: None,
            stuck: false,
            trouble: Trouble::default(),
        };
        new.schedule(clock);
        new
    }

    /// Reckons from what was last written, so that midnight counts also while nobody wrote, or while the daemon was not there.
    fn schedule(&mut self, clock: &Clock) {
        let next = |rotate: Rotate| {
            let read = self.file.metadata().ok()?;
            let now = clock.seconds();
            // What was written in the future was written before the clock was put back.
            let since = if read.len() > 0 { read.mtime().min(now) } else { now };
            next_rotation(rotate, since, |moment| clock.local(moment))
        };
        self.next = self.rotation.rotate.and_then(next);
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn lost(&self) -> u64 {
        self.trouble.lost()
    }

    pub(super) fn next_rotation(&self) -> Option<i64> {
        self.next
    }

    pub(super) fn write(&mut self, bytes: &[u8], clock: &Clock, notes: &mut Vec<Note>) {
        self.rotate_if_due(clock, notes);
        match write_all(&self.file, bytes) {
            Ok(()) => {
                if let Some(lost) = self.trouble.succeed(|| clock.seconds()) {
                    let path = self.path.display();
                    notes.push((Level::Warn, format!("writing to {path} works again; {lost} bytes were lost")));
                }
            }
            Err((lost, error)) => {
                if self.trouble.lose(lost, clock.seconds()) {
                    let (path, why) = (self.path.display(), process::reason(&error));
                    let what = format!("could not write to {path}: {why}; output is lost until it works again");
                    notes.push((Level::Error, what));
                }
            }
        }
        if self.full_at > 0 && (&self.file).stream_position().is_ok_and(|position| position >= self.full_at) {
            self.rotate(clock, notes);
        }
    }

    /// The same for a file that nobody writes to, now and then: where the clock was put back, its time comes sooner than was reckoned.
    pub(super) fn look_at_clock(&mut self, clock: &Clock, notes: &mut Vec<Note>) {
        let Some(next) = self.next else { return };
        let rotate = self.rotation.rotate;
        let reckoned = rotate.and_then(|rotate| next_rotation(rotate, clock.seconds(), |moment| clock.local(moment)));
        self.next = Some(reckoned.map_or(next, |reckoned| reckoned.min(next)));
        self.rotate_if_due(clock, notes);
    }

    /// Rotates where its time has come. An empty file stays: there is nothing to keep.
    pub(super) fn rotate_if_due(&mut self, clock: &Clock, notes: &mut Vec<Note>) {
        if self.next.is_none_or(|next| next > clock.seconds()) {
            return;
        }
        if self.file.metadata().is_ok_and(|read| read.len() > 0) {
            self.rotate(clock, notes);
        }
        // Reckoned from now, whether it was rotated or could not be.
        let rotate = self.rotation.rotate;
        self.next = rotate.and_then(|rotate| next_rotation(rotate, clock.seconds(), |moment| clock.local(moment)));
    }

    /// Rotates now, and says whether it could. Where that fails the file is written on, and tried again when it has grown by as much again.
    pub(super) fn rotate(&mut self, clock: &Clock, notes: &mut Vec<Note>) -> bool {
        let rotated = if self.rotation.backups > 0 { self.shift() } else { self.truncated() };
        match rotated {
            Ok(file) => {
                self.file = file;
                self.full_at = self.rotation.maxbytes;
                self.stuck = false;
                self.schedule(clock);
            }
            Err(error) => {
                self.full_at = self.full_at.saturating_add(self.rotation.maxbytes);
                if !std::mem::replace(&mut self.stuck, true) {
                    let reason = process::reason(&error);
                    notes.push((Level::Error, format!("could not rotate {}: {reason}", self.path.display())));
                }
            }
        }
        !self.stuck
    }

    /// Gives each file the next number and makes a new one, which nobody can have put there in the meantime.
    fn shift(&self) -> io::Result<File> {
        let numbered = |number: u32| -> PathBuf {
            let mut name = OsString::from(self.path.as_os_str());
            name.push(format!(".{number}"));
            name.into()
        };
        let rename = |from: &Path, to: &Path| match fs::rename(from, to) {
            // Removed by somebody else: one less.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        };
        for number in (1..self.rotation.backups.min(BACKUPS_MOST)).rev() {
            rename(&numbered(number), &numbered(number + 1))?;
        }
        rename(&self.path, &numbered(1))?;
        OpenOptions::new().append(true).create_new(true).mode(self.rights()).open(&self.path)
    }

    fn truncated(&self) -> io::Result<File> {
        let file = self.opened()?;
        file.set_len(0)?;
        Ok(file)
    }

    /// Opens the path anew, as after a rotation by somebody else.
    pub(super) fn reopen(&mut self) -> io::Result<()> {
        self.file = self.opened()?;
        self.full_at = self.rotation.maxbytes;
        Ok(())
    }

    /// Removes the file and begins a new one.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => self.reopen(),
        }
    }

    fn opened(&self) -> io::Result<File> {
        match stream::open(&self.path, self.rights(), self.rotation.follow_links)? {
            stream::Opened::File(file) => Ok(file),
            stream::Opened::Stream(_) => Err(io::Error::other("it is no regular file any more")),
        }
    }

    /// A new file is readable for those who could read the one before.
    fn rights(&self) -> u32 {
        self.file.metadata().map_or(0o600, |read| read.mode() & 0o777)
    }
}

/// All of it, or how much is lost and why.
fn write_all(mut file: &File, mut bytes: &[u8]) -> Result<(), (usize, io::Error)> {
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err((bytes.len(), io::ErrorKind::WriteZero.into())),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err((bytes.len(), error)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::log::stage::Place;
    use crate::sys::{Live, mount, namespace};

    fn clock() -> Clock {
        Clock::new(Box::new(Live::new()))
    }

    fn open(path: &Path, maxbytes: u64, backups: u32, rotate: Option<Rotate>) -> RotatingFile {
        let rotation = Rotation { maxbytes, backups, rotate, follow_links: true };
        let stream::Opened::File(file) = stream::open(path, 0o640, true).unwrap() else { panic!("no file") };
        RotatingFile::new(path, file, rotation, &clock())
    }

    fn files(place: &Place) -> String {
        place.files().iter().map(|(name, text)| format!("{name}={text} ")).collect()
    }

    fn write(log: &mut RotatingFile, text: &str) -> Vec<Note> {
        let mut notes = Vec::new();
        log.write(text.as_bytes(), &clock(), &mut notes);
        notes
    }

    #[test]
    fn a_file_is_rotated_after_the_write_that_fills_it() {
        let place = Place::new("rotating");
        let mut log = open(&place.path("f"), 4, 2, None);
        write(&mut log, "abc");
        assert_eq!(files(&place), "f=abc ");
        write(&mut log, "de");
        assert_eq!(files(&place), "f= f.1=abcde ");
        write(&mut log, "fghi");
        write(&mut log, "1234");
        write(&mut log, "x");
        assert_eq!(files(&place), "f=x f.1=1234 f.2=fghi ");
        // Somebody removes one, and the file itself.
        fs::remove_file(place.path("f.1")).unwrap();
        fs::remove_file(place.path("f")).unwrap();
        assert_eq!(write(&mut log, "lost"), []);
        assert_eq!(files(&place), "f= f.2=fghi ");
        let mode = |name: &str| fs::metadata(place.path(name)).unwrap().mode() & 0o777;
        write(&mut log, "kept");
        assert_eq!(mode("f"), mode("f.1"));
        let mut log = open(&place.path("f"), 4, 0, None);
        write(&mut log, "abcdefg");
        assert_eq!(files(&place), "f= f.1=kept f.2=fghi ");
    }

    #[test]
    fn what_cannot_be_rotated_is_written_on_and_told_once() {
        let place = Place::new("stuck");
        let mut log = open(&place.path("f"), 4, 1, None);
        fs::create_dir(place.path("f.1")).unwrap();
        let notes = write(&mut log, "abcd");
        let reason = "Is a directory";
        assert_eq!(notes, [(Level::Error, format!("could not rotate {}: {reason}", place.path("f").display()))]);
        assert_eq!(write(&mut log, "efgh"), []);
        fs::remove_dir(place.path("f.1")).unwrap();
        assert_eq!(write(&mut log, "i"), []);
        assert_eq!(files(&place), "f=abcdefghi ");
        assert_eq!(write(&mut log, "jkl"), []);
        assert_eq!(files(&place), "f= f.1=abcdefghijkl ");
    }

    #[test]
    fn a_file_is_rotated_when_its_time_has_come() {
        let place = Place::new("timed");
        let path = place.path("f");
        fs::write(&path, "yesterday\n").unwrap();
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 24 * 3600);
        File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        let mut log = open(&path, 0, 3, Some(Rotate::Daily));
        assert!(log.next_rotation().unwrap() <= clock().seconds());
        write(&mut log, "today\n");
        write(&mut log, "now\n");
        assert_eq!(files(&place), "f=today\nnow\n f.1=yesterday\n ");
        assert!(log.next_rotation().unwrap() > clock().seconds());
        // The clock was put back after the time was reckoned.
        let (right, far) = (log.next_rotation(), clock().seconds() + 400 * 24 * 3600);
        log.next = Some(far);
        log.look_at_clock(&clock(), &mut Vec::new());
        assert_eq!(log.next_rotation(), right);
        assert_eq!(files(&place), "f=today\nnow\n f.1=yesterday\n ");
        // An empty file is not.
        log.clear().unwrap();
        log.next = Some(0);
        log.rotate_if_due(&clock(), &mut Vec::new());
        assert_eq!(files(&place), "f= f.1=yesterday\n ");
        assert!(log.next_rotation().unwrap() > clock().seconds());
    }

    #[test]
    fn a_full_disk_loses_what_comes_until_there_is_room() {
        if !process::is_root() {
            return;
        }
        let place = Place::new("full");
        let directory = place.path("disk");
        fs::create_dir(&directory).unwrap();
        // A thread of its own, since only it is to see the disk.
        std::thread::spawn(move || {
            namespace::leave(&[namespace::Kind::Mount]).unwrap();
            mount::make_private().unwrap();
            mount::filesystem("tmpfs", &directory, mount::Access::DataOnly, "size=64k").unwrap();
            let ballast = directory.join("ballast");
            fs::write(&ballast, [0; 60_000]).unwrap();
            let mut log = open(&directory.join("f"), 1_000_000, 3, None);
            let text = "x".repeat(10_000);
            let path = log.path().display().to_string();
            let told =
                format!("could not write to {path}: No space left on device; output is lost until it works again");
            assert_eq!(write(&mut log, &text), [(Level::Error, told)]);
            assert_eq!((0..100).flat_map(|_| write(&mut log, &text)).next(), None);
            let kept = fs::metadata(log.path()).unwrap().len();
            assert_eq!(log.lost() + kept, 101 * 10_000);
            fs::remove_file(ballast).unwrap();
            write(&mut log, "there is room");
            assert_eq!(fs::metadata(log.path()).unwrap().len(), kept + 13);
        })
        .join()
        .unwrap();
    }
}
