//! Lines on standard output and error by one who must not wait for their reader.

use std::os::fd::RawFd;

/// Where a line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

impl Stream {
    fn descriptor(self) -> RawFd {
        match self {
            Stream::Output => libc::STDOUT_FILENO,
            Stream::Error => libc::STDERR_FILENO,
        }
    }
}

/// Writes a line where there is room for it at once, and drops it where there is not: a pipe that nobody reads, a terminal held by
/// Ctrl-S. So much fits always into a pipe with room: PIPE_BUF, 4096 bytes.
pub fn line(stream: Stream, text: &str) {
    let mut output = libc::pollfd { fd: stream.descriptor(), events: libc::POLLOUT, revents: 0 };
    let bytes = text.as_bytes();
    let bytes = bytes.get(..libc::PIPE_BUF).unwrap_or(bytes);
    // SAFETY: one descriptor, and as many bytes as there are; all outlive the calls.
    unsafe {
        if libc::poll(&mut output, 1, 0) > 0 && output.revents & libc::POLLOUT != 0 {
            libc::write(output.fd, bytes.as_ptr().cast(), bytes.len());
        }
    }
}
