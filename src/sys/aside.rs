use super::directory::{Below, Directory};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Reads files that may never answer.
///
/// What of a process lies in its memory (cmdline, environ, smaps_rollup) the kernel reads under its mmap lock, and a process whose
/// page fault hangs, on a dead network filesystem say, holds that for ever. So a thread of its own reads them; one that does not
/// come back is left behind, and the next gets a new thread.
#[derive(Debug)]
pub struct Aside {
    base: Directory,
    limit: usize,
    worker: Option<Worker>,
    /// Threads that did not come back.
    lost: usize,
}

#[derive(Debug)]
struct Worker {
    work: Sender<Vec<(usize, Below)>>,
    answers: Receiver<(usize, io::Result<Vec<u8>>)>,
}

impl Aside {
    /// How long one file may take. A healthy one takes 20 microseconds.
    const PATIENCE: Duration = Duration::from_millis(100);
    /// At most so many threads are left behind; then nothing is read any more.
    const MOST_LOST: usize = 16;

    /// Reads below `base`, at most `limit` bytes of a file.
    #[must_use]
    pub fn new(base: Directory, limit: usize) -> Aside {
        Aside { base, limit, worker: None, lost: 0 }
    }

    /// Reads the files at these paths, and calls `each` with the number and the bytes of each that answered, in their order; then
    /// says which one did not: those behind it were not read.
    pub fn read(&mut self, paths: &[Below], mut each: impl FnMut(usize, io::Result<Vec<u8>>)) -> Option<usize> {
        if paths.is_empty() || self.lost >= Aside::MOST_LOST {
            return None;
        }
        let worker = match self.worker.take().or_else(|| self.start()) {
            Some(worker) if worker.work.send(paths.iter().copied().enumerate().collect()).is_ok() => worker,
            _ => return None,
        };
        let mut patience = Instant::now() + Aside::PATIENCE;
        for expected in 0..paths.len() {
            let left = patience.saturating_duration_since(Instant::now());
            match worker.answers.recv_timeout(left) {
                Ok((at, answer)) => each(at, answer),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    self.lost += 1;
                    return Some(expected);
                }
            }
            patience = Instant::now() + Aside::PATIENCE;
        }
        self.worker = Some(worker);
        None
    }

    fn start(&self) -> Option<Worker> {
        let (work, tasks) = channel::<Vec<(usize, Below)>>();
        let (answer, answers) = channel();
        let base = self.base.again().ok()?;
        let limit = self.limit;
        let run = move || {
            let mut buffer = vec![0; limit];
            for (at, path) in tasks.iter().flatten() {
                let read = base.read(path, &mut buffer).map(<[u8]>::to_vec);
                if answer.send((at, read)).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().stack_size(64 << 10).spawn(run).ok()?;
        Some(Worker { work, answers })
    }
}
