//! What the user's own entries of the rc file show of a process: what a command prints, or what is in a file.

use super::lease::Lease;
use crate::sys;
use crate::sys::process::{self, reason};
use crate::sys::watch::{Asked, For, Woken};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// No more is kept of it.
const MOST: usize = 1 << 20;
/// No command runs, and no file is waited for, longer. Ctrl-C ends it earlier.
const LONGEST: Duration = Duration::from_secs(60);
/// What is killed is waited for so long.
const REAP: Duration = Duration::from_millis(500);
/// So much is read at once.
const PART: usize = 16 << 10;

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
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command).stdin(Stdio::null()).stdout(write.try_clone()?).stderr(write).process_group(0);
    let child = process::with_own_open_files(&mut shell).spawn()?.id();
    // It has copies of the pipe, and while anybody has one, the output has no end.
    drop(shell);
    let collected = collect(&read, lease, bytes);
    process::end_group(child);
    reap(child);
    collected
}

/// Takes note of a child's end, which is near. Where what it waits for never comes it stays a zombie: better than a top that hangs.
fn reap(child: u32) {
    let end = Instant::now() + REAP;
    while matches!(process::ended_child(Some(child)), Ok(None)) && Instant::now() < end {
        thread::sleep(Duration::from_millis(1));
    }
}

fn collect(mut read: &File, lease: &mut Lease, bytes: &mut Vec<u8>) -> io::Result<()> {
    let end = Instant::now() + LONGEST;
    let mut part = [0; PART];
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
pub(super) fn file(path: &Path, lease: &mut Lease) -> Vec<u8> {
    let mut bytes = Vec::new();
    match read_aside(path, lease, &mut bytes) {
        Err(error) if bytes.is_empty() && error.kind() != io::ErrorKind::WouldBlock => reason(&error).into_bytes(),
        _ => bytes,
    }
}

/// Has a thread read the file: some of a stuck process's never answer. A thread that does not come back is left behind.
fn read_aside(path: &Path, lease: &mut Lease, bytes: &mut Vec<u8>) -> io::Result<()> {
    let (read, write) = process::pipe()?;
    let (failed, failure) = channel();
    let path = path.to_path_buf();
    let run = move || {
        // Before the pipe is closed; nobody may be left who wants to know.
        let _ = failed.send(pour(&path, &write));
    };
    thread::Builder::new().stack_size(64 << 10).spawn(run)?;
    collect(&read, lease, bytes)?;
    failure.try_recv().unwrap_or(Ok(()))
}

fn pour(path: &Path, mut to: &File) -> io::Result<()> {
    let mut file = sys::open_now(path, false)?;
    let mut part = vec![0; PART];
    loop {
        match file.read(&mut part) {
            Ok(0) => return Ok(()),
            Ok(len) => to.write_all(part.get(..len).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
}
