//! What the user's own entries of the rc file show of a process: what a command prints, or what is in a file.

use super::lease::Lease;
use crate::sys;
use crate::sys::process::{self, reason};
use crate::sys::watch::{Asked, For, Woken};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// No more is kept of it.
const MOST: usize = 1 << 20;
/// No command runs longer. Ctrl-C ends it earlier.
const LONGEST: Duration = Duration::from_secs(60);

/// What a shell command prints, or why it cannot be run.
pub(super) fn command(command: &str, lease: &mut Lease) -> Vec<u8> {
    let mut bytes = Vec::new();
    match print(command, lease, &mut bytes) {
        Ok(()) => bytes,
        Err(error) => reason(&error).into_bytes(),
    }
}

fn print(command: &str, lease: &mut Lease, bytes: &mut Vec<u8>) -> io::Result<()> {
    let (read, write) = process::pipe()?;
    // A group of its own: so that all it starts ends with it, and Ctrl-C is for top to judge.
    let mut child = Command::new("/bin/sh")
        .arg("-c")
        .arg(command)
        .stdin(Stdio::null())
        .stdout(write.try_clone()?)
        .stderr(write)
        .process_group(0)
        .spawn()?;
    let collected = collect(&read, lease, bytes);
    process::end_group(child.id());
    child.wait()?;
    collected
}

fn collect(mut read: &File, lease: &mut Lease, bytes: &mut Vec<u8>) -> io::Result<()> {
    let end = Instant::now() + LONGEST;
    let mut part = [0; 16 * 1024];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match lease.watch().wait(Some((read.as_fd(), For::Input)), Some(left))? {
            Woken::Ready { .. } => {
                let len = read.read(&mut part)?;
                bytes.extend(part.iter().take(len.min(MOST - bytes.len())));
                if len == 0 || bytes.len() == MOST {
                    return Ok(());
                }
            }
            Woken::Signal(Asked::Interrupt) => return Ok(()),
            Woken::Signal(asked) => {
                lease.postpone(asked);
                if asked == Asked::End {
                    return Ok(());
                }
            }
            Woken::Nothing if left.is_zero() => return Ok(()),
            Woken::Nothing => (),
        }
    }
}

/// What is in a file, or why it cannot be read. One that would have to be waited for has nothing in it.
pub(super) fn file(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let opened = sys::open_now(path, false);
    let read = opened.and_then(|file| file.take(MOST as u64).read_to_end(&mut bytes));
    match read {
        Err(error) if bytes.is_empty() && error.kind() != io::ErrorKind::WouldBlock => reason(&error).into_bytes(),
        _ => bytes,
    }
}
