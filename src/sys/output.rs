use std::fs::File;
use std::io::Write;
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd;

/// Standard output as it is. The standard library's takes what is written to a closed one for written.
#[must_use]
pub fn standard_output() -> impl Write {
    // SAFETY: the descriptor is the process's own from its start, and is never closed here.
    let file = unsafe { File::from_raw_fd(libc::STDOUT_FILENO) };
    Output(ManuallyDrop::new(file))
}

struct Output(ManuallyDrop<File>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
