//! The terminal.

use std::io;
use std::mem::MaybeUninit;

/// How many columns the terminal at standard output has; `None` where that is no terminal, or does not say.
#[must_use]
pub fn columns() -> Option<usize> {
    let mut size = MaybeUninit::<libc::winsize>::zeroed();
    // SAFETY: the kernel writes a winsize; all zeroes is a valid one.
    let (answer, size) = unsafe {
        let answer = libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, size.as_mut_ptr());
        (answer, size.assume_init())
    };
    (answer == 0 && size.ws_col > 0).then(|| usize::from(size.ws_col))
}

/// Takes the terminal back from a program that had it in the foreground and has ended. Does nothing where there is none.
pub fn take_back() {
    // Without a terminal, or when the foreground is ours already, there is nothing to take.
    let _ = nix::unistd::tcsetpgrp(io::stdin(), nix::unistd::getpgrp());
}
