//! The terminal.

use std::io;
use std::mem::MaybeUninit;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many columns the terminal at standard output has; `None` where that is no terminal, or does not say.
#[must_use]
pub fn columns() -> Option<usize> {
    size_at(libc::STDOUT_FILENO).map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// How many columns and lines the terminal has; 0 is one that does not say.
#[must_use]
pub fn size() -> Option<(usize, usize)> {
    let size = size_at(libc::STDOUT_FILENO).or_else(|| size_at(libc::STDIN_FILENO))?;
    Some((usize::from(size.ws_col), usize::from(size.ws_row)))
}

fn size_at(descriptor: libc::c_int) -> Option<libc::winsize> {
    let mut size = MaybeUninit::<libc::winsize>::zeroed();
    // SAFETY: the kernel writes a winsize; all zeroes is a valid one.
    let (answer, size) = unsafe {
        let answer = libc::ioctl(descriptor, libc::TIOCGWINSZ, size.as_mut_ptr());
        (answer, size.assume_init())
    };
    (answer == 0).then_some(size)
}

/// Puts this process's group into the terminal's foreground, be it that a program had it there that has ended. Does nothing where
/// there is no terminal, and needs TTOU to be blocked where it is another's.
pub fn take_foreground() {
    // Without a terminal, or when the foreground is ours already, there is nothing to take.
    let _ = nix::unistd::tcsetpgrp(io::stdin(), nix::unistd::getpgrp());
}

/// Whether standard input is a terminal.
#[must_use]
pub fn is_input() -> bool {
    modes().is_ok()
}

/// How the terminal was when it was first taken.
static BEFORE: OnceLock<libc::termios> = OnceLock::new();
/// Whether it is taken.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Takes each key as it is typed and shows none of them; Ctrl-C and its like stay signals. In the background the kernel stops the
/// process here until it has the foreground.
///
/// # Errors
/// What tcgetattr(3) and tcsetattr(3) say.
pub fn take_keys() -> io::Result<()> {
    let now = modes()?;
    let mut modes = *BEFORE.get_or_init(|| now);
    modes.c_lflag &= !(libc::ICANON | libc::ECHO | libc::ECHOE | libc::ECHOCTL);
    // Reading never waits: whoever waits, waits for signals as well.
    for at in [libc::VMIN, libc::VTIME] {
        if let Some(least) = modes.c_cc.get_mut(at) {
            *least = 0;
        }
    }
    set_modes(&modes)?;
    TAKEN.store(true, Ordering::Relaxed);
    Ok(())
}

/// Says `last` to the terminal and makes it as it was before [`take_keys`]. Does nothing where it is not taken, or another program
/// has it by now.
pub fn give_back(last: &[u8]) {
    let is_others = nix::unistd::tcgetpgrp(io::stdin()).is_ok_and(|group| group != nix::unistd::getpgrp());
    if let (true, false, Some(before)) = (TAKEN.swap(false, Ordering::Relaxed), is_others, BEFORE.get()) {
        // Where the terminal is lost there is nothing to give back.
        if has_room() {
            let _ = write(last);
        }
        let _ = set_modes(before);
    }
}

/// Whether the terminal takes more, at once or soon. One that Ctrl-S holds is let go.
fn has_room() -> bool {
    const SOON: libc::c_int = 200;
    let room = |within: libc::c_int| {
        let mut output = libc::pollfd { fd: libc::STDOUT_FILENO, events: libc::POLLOUT, revents: 0 };
        // SAFETY: one descriptor, which outlives the call.
        unsafe { libc::poll(&mut output, 1, within) > 0 }
    };
    if room(0) {
        return true;
    }
    if let Ok(mut modes) = modes() {
        // Nothing is held where Ctrl-S is a key like others.
        modes.c_iflag &= !libc::IXON;
        let _ = set_modes(&modes);
    }
    room(SOON)
}

/// The keys typed so far; 0 bytes where there are none, and where the terminal is lost.
///
/// # Errors
/// What read(2) says.
pub fn read(buffer: &mut [u8]) -> io::Result<usize> {
    Ok(nix::unistd::read(io::stdin(), buffer)?)
}

/// Writes as much as there is room for, with no buffer between.
///
/// # Errors
/// What write(2) says.
pub fn write(bytes: &[u8]) -> io::Result<usize> {
    Ok(nix::unistd::write(io::stdout(), bytes)?)
}

fn modes() -> io::Result<libc::termios> {
    let mut modes = MaybeUninit::<libc::termios>::zeroed();
    // SAFETY: tcgetattr writes a termios; all zeroes is a valid one.
    let (answer, modes) = unsafe {
        let answer = libc::tcgetattr(libc::STDIN_FILENO, modes.as_mut_ptr());
        (answer, modes.assume_init())
    };
    if answer == 0 { Ok(modes) } else { Err(io::Error::last_os_error()) }
}

fn set_modes(modes: &libc::termios) -> io::Result<()> {
    loop {
        // SAFETY: reads the modes, which outlive the call.
        if unsafe { libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, modes) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        // Stopped and continued meanwhile.
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
