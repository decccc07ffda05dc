//! `state_file`: who was stopped by hand stays so when the daemon begins again.
//!
//! The file has a line `group:name` for each such process. It is replaced by rename when that changes, and nothing in it is
//! trusted: a line that names nobody is forgotten.

use super::{Daemon, Id};
use crate::init::config::Level;
use crate::sys::{open_now, process};
use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// No state file is read beyond this: names of thousands of processes.
const MOST: u64 = 1 << 20;

/// What is known of the file.
#[derive(Debug, Default)]
pub(super) struct Stopped {
    /// It has to be written.
    changed: bool,
    /// It was said that it cannot be.
    broken: bool,
}

impl Daemon<'_> {
    /// Reads who was stopped by hand.
    pub(super) fn recall_stopped(&mut self) {
        let Some(path) = self.config.daemon.state_file.clone() else { return };
        let text = match read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let words = format!("could not read {}: {}", path.display(), process::reason(&error));
                return self.say(Level::Warn, words);
            }
        };
        let names: HashSet<&str> = text.lines().collect();
        for process in self.processes.values_mut() {
            process.by_hand = names.contains(line(&process.group, process.name()).as_str());
        }
        self.stopped.changed = text != self.stopped_text();
    }

    /// A client has stopped or started a process.
    pub(super) fn by_hand(&mut self, id: Id, stopped: bool) {
        if let Some(process) = self.processes.get_mut(&id)
            && std::mem::replace(&mut process.by_hand, stopped) != stopped
        {
            self.stopped.changed = true;
        }
    }

    /// A process is gone.
    pub(super) fn forget_stopped(&mut self, by_hand: bool) {
        self.stopped.changed |= by_hand;
    }

    /// Writes the file where it is not what it should be.
    pub(super) fn keep_stopped(&mut self) {
        let Some(path) = self.config.daemon.state_file.as_ref().filter(|_| self.stopped.changed) else { return };
        self.stopped.changed = false;
        let written = write(path, &self.stopped_text());
        let was_broken = std::mem::replace(&mut self.stopped.broken, written.is_err());
        if let Err(error) = written
            && !was_broken
        {
            let words = format!("could not write {}: {}", path.display(), process::reason(&error));
            self.say(Level::Error, words);
        }
    }

    fn stopped_text(&self) -> String {
        let by_hand = self.processes.values().filter(|process| process.by_hand);
        let mut lines: Vec<String> = by_hand.map(|process| line(&process.group, process.name())).collect();
        lines.sort();
        // A name of two lines would be two names.
        lines.iter().filter(|line| line.lines().count() == 1).map(|line| format!("{line}\n")).collect()
    }
}

fn line(group: &str, name: &str) -> String {
    format!("{group}:{name}")
}

fn read(path: &Path) -> io::Result<String> {
    let file = open_now(path, false)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whoever reads it meanwhile sees the old one or the new one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = Path::new(&name);
    match fs::remove_file(new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => (),
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(new)?;
    file.write_all(text.as_bytes()).and_then(|()| fs::rename(new, path)).inspect_err(|_| {
        // What is left of it is of no use to anybody.
        let _ = fs::remove_file(new);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_replaced_and_nothing_else() {
        let place = std::env::temp_dir().join(format!("vat-stopped-{}", std::process::id()));
        fs::create_dir(&place).unwrap();
        let path = place.join("state");
        write(&path, "a:a\n").unwrap();
        // Somebody planted a link where the new one is made.
        fs::write(place.join("theirs"), "mine").unwrap();
        std::os::unix::fs::symlink(place.join("theirs"), place.join("state.new")).unwrap();
        write(&path, "b:b\n").unwrap();
        assert_eq!(read(&path).unwrap(), "b:b\n");
        assert_eq!(fs::read_to_string(place.join("theirs")).unwrap(), "mine");
        assert_eq!(fs::read_dir(&place).unwrap().count(), 2);
        // What is no file is neither read nor waited for.
        assert!(read(&place).is_err() && read(Path::new("/dev/zero")).is_err());
        let fifo = place.join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        assert!(read(&fifo).is_err());
        fs::write(&path, b"a:a\n\xff\0\n".repeat(1 << 20)).unwrap();
        assert!(read(&path).unwrap().len() <= 3 << 20);
        // A directory in its place is left.
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(write(&path, "x").is_err());
        assert!(!place.join("state.new").exists());
        fs::remove_dir_all(&place).unwrap();
    }
}
