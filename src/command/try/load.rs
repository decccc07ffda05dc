//! The load: memory that is really touched, and loops that want a CPU each.

use super::container;
use super::trouble::Trouble;
use crate::sys::process;
use crate::sys::signal::Signals;
use crate::unit::Bytes;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

/// The load ends by itself, should nobody be left to end it.
const LONGEST: Duration = Duration::from_secs(60);

/// Processes that are a load. They end with this value.
#[derive(Debug)]
pub(super) struct Load<'a> {
    pids: Vec<u32>,
    signals: &'a Signals,
}

/// Makes a child that runs a part of this program, inside or outside.
pub(super) type Fork<'a> = &'a dyn Fn(Box<dyn FnOnce() -> u8>) -> io::Result<u32>;

impl<'a> Load<'a> {
    /// Starts one; it holds the memory when this returns.
    pub(super) fn start(memory: Bytes, loops: u32, fork: Fork<'_>, signals: &'a Signals) -> Result<Load<'a>, Trouble> {
        let failed = |error: io::Error| Trouble::io("cannot start the load", &error);
        let mut load = Load { pids: Vec::new(), signals };
        let (mut told, mut tell) = process::pipe().map_err(failed)?;
        let hold = move || {
            let _ = process::set_name("vat-hold");
            let held = vec![1u8; usize::try_from(memory.0).unwrap_or(0)];
            let _ = tell.write_all(b"!");
            std::thread::sleep(LONGEST);
            u8::from(std::hint::black_box(held).is_empty())
        };
        load.pids.push(fork(Box::new(hold)).map_err(failed)?);
        for _ in 0..loops {
            let spin = || {
                let _ = process::set_name("vat-loop");
                let until = Instant::now() + LONGEST;
                while Instant::now() < until {
                    std::hint::spin_loop();
                }
                0
            };
            load.pids.push(fork(Box::new(spin)).map_err(failed)?);
        }
        match told.read_exact(&mut [0]) {
            Ok(()) => Ok(load),
            Err(_) => Err(Trouble::Said("the load could not get its memory".to_owned())),
        }
    }

    /// Ends it.
    pub(super) fn stop(mut self) -> Result<(), Trouble> {
        self.pids.iter().for_each(|pid| drop(process::end(*pid)));
        while let Some(pid) = self.pids.pop() {
            container::wait(self.signals, pid, false, Some(Duration::from_secs(5)))?;
        }
        Ok(())
    }
}

impl Drop for Load<'_> {
    fn drop(&mut self) {
        // Whoever waits for all children, as a container's end does, waits for these.
        self.pids.iter().for_each(|pid| drop(process::end(*pid)));
    }
}
