//! What a key asks for outside of top.

use super::{Over, Top, Wanted, inspect, save};
use crate::sys::process::{self, reason};
use crate::tools::top::key::{Effect, Key};
use crate::tools::top::rc;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

impl Top<'_, '_> {
    /// Takes a key, and does what it asks for.
    pub(super) fn key(&mut self, key: Key, now: Duration) -> Result<(), Over> {
        let effect = self.interaction.key(key, &mut self.frame, self.screen.size(), now);
        let done = match effect {
            Effect::None => return Ok(()),
            Effect::Draw => {
                self.want(Wanted::Page);
                return Ok(());
            }
            Effect::Refresh => Ok(None),
            Effect::Quit => return Err(Over::Ended),
            Effect::Suspend => return self.stop(),
            Effect::Kill { pid, signal } => process::send(self.or_self(pid), signal)
                .map(|()| None)
                .map_err(|error| format!("Failed signal pid '{pid}' with '{signal}': {}", reason(&error))),
            Effect::Renice { pid, nice } => process::set_nice(self.or_self(pid), nice)
                .map(|()| None)
                .map_err(|error| format!("Failed renice of PID {pid} to {nice}: {}", reason(&error))),
            Effect::ReniceAutogroup { pid, nice } => self.renice_autogroup(pid, nice).map(|()| None),
            Effect::WriteConfig => self.write_config().map(Some),
            Effect::Inspect { pipe, command, name } => {
                // What it shows meanwhile.
                self.draw()?;
                let bytes = match pipe {
                    true => inspect::command(&command, &mut self.lease),
                    false => inspect::file(Path::new(&command), &mut self.lease),
                };
                self.interaction.show_inspected(&name, bytes);
                self.want(Wanted::Page);
                return Ok(());
            }
        };
        match done {
            Ok(None) => self.want(Wanted::Frame),
            Ok(Some(message)) => self.interaction.succeeded(message, now),
            Err(message) => self.interaction.failed(message, now),
        }
        self.want(Wanted::Page);
        Ok(())
    }

    /// 0 is this process, as the man page of the original says; to kill(2) it would be all of our process group.
    fn or_self(&self, pid: u32) -> u32 {
        if pid == 0 { self.machine.pid() } else { pid }
    }

    fn renice_autogroup(&self, pid: u32, nice: i32) -> Result<(), String> {
        let path = format!("proc/{}/autogroup", self.or_self(pid));
        let file = self.machine.root().open_to_write(Path::new(&path));
        let mut file = file.map_err(|error| format!("autogroup open failed, {}", reason(&error)))?;
        let written = file.write_all(nice.to_string().as_bytes());
        written.map_err(|error| format!("autogroup write failed, {}", reason(&error)))
    }

    fn write_config(&self) -> Result<String, String> {
        let session = &self.interaction.session;
        let places = self.start.places;
        // The one that was read; where there is none, the last.
        let file = places.files.iter().find(|file| file.exists()).or(places.files.last());
        // The original says so of a null pointer.
        let file = file.ok_or_else(|| "Failed '' open: No such file or directory".to_owned())?;
        let bytes = rc::write(&session.config, OsStr::new(&session.program), session.version);
        let shown = file.display();
        match save::save(file, &places.make, &bytes) {
            Ok(()) => Ok(format!("Wrote configuration to '{shown}'")),
            Err(error) => Err(format!("Failed '{shown}' open: {}", reason(&error))),
        }
    }
}
