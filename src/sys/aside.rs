use super::directory::{Below, Directory};
use std::io;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Duration;

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
    /// Where the threads would answer that have not come back yet.
    lost: Vec<Receiver<(usize, io::Result<Vec<u8>>)>>,
}

/// Which files answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// All of them, be it with an error.
    All,
    /// Those before this one, which did not in time; those behind it were not read.
    Until(usize),
    /// None: there is no thread to be had.
    None,
    /// None: so many threads are out already that no more is risked.
    Refused,
}

#[derive(Debug)]
struct Worker {
    work: Sender<Vec<(usize, Below)>>,
    answers: Receiver<(usize, io::Result<Vec<u8>>)>,
}

impl Aside {
    /// So many threads may be out at a time; then nothing is read any more until one comes back.
    const MOST_LOST: usize = 16;

    /// Reads below `base`, at most `limit` bytes of a file.
    #[must_use]
    pub fn new(base: Directory, limit: usize) -> Aside {
        Aside { base, limit, worker: None, lost: Vec::new() }
    }

    /// Reads the files at these paths, each in that time, and calls `each` with the number and the bytes of those that can be read,
    /// in their order.
    pub fn read(&mut self, paths: &[Below], patience: Duration, each: &mut dyn FnMut(usize, &[u8])) -> Answered {
        if paths.is_empty() {
            return Answered::All;
        }
        // One that came back has read on, for nobody, and ended.
        self.lost.retain(|answers| {
            while answers.try_recv().is_ok() {}
            !matches!(answers.try_recv(), Err(TryRecvError::Disconnected))
        });
        if self.lost.len() >= Aside::MOST_LOST {
            return Answered::Refused;
        }
        let worker = match self.worker.take().or_else(|| self.start()) {
            Some(worker) if worker.work.send(paths.iter().copied().enumerate().collect()).is_ok() => worker,
            _ => return Answered::None,
        };
        for expected in 0..paths.len() {
            match worker.answers.recv_timeout(patience) {
                Ok((at, Ok(bytes))) => each(at, &bytes),
                Ok((_, Err(_))) => (),
                Err(_) => {
                    self.lost.push(worker.answers);
                    return Answered::Until(expected);
                }
            }
        }
        self.worker = Some(worker);
        Answered::All
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
