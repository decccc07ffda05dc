use super::destination::Destination;
use super::json::json_line;
use super::reading::{ReadFault, read_file};
use super::streams::StreamHandle;
use super::{Rotation, Sinks, Stamp};
use crate::init::config::{Daemon, Level, LogFile, LogFormat};
use crate::sys::stream::Standard;
use std::io;
use std::path::Path;

/// What the daemon itself has to say.
#[derive(Debug)]
pub struct MainLog {
    level: Level,
    format: LogFormat,
    file: Option<Destination>,
    syslog: bool,
    /// In the foreground and not `silent`.
    standard_output: Option<StreamHandle>,
}

impl MainLog {
    /// Opens what `[supervisord]` says.
    ///
    /// # Errors
    /// What open(2) says of the log file.
    pub fn open(daemon: &Daemon, sinks: &mut Sinks) -> io::Result<MainLog> {
        let rotation = Rotation {
            maxbytes: daemon.logfile_maxbytes,
            backups: daemon.logfile_backups,
            rotate: None,
            follow_links: true,
        };
        let file = match &daemon.logfile {
            LogFile::Path(path) if !daemon.syslog => Some(Destination::open(path, rotation, sinks)?),
            _ => None,
        };
        let shown = daemon.nodaemon && !daemon.silent;
        let standard_output = sinks.streams.standard(Standard::Output).filter(|_| shown);
        Ok(MainLog { level: daemon.loglevel, format: daemon.log_format, file, syslog: daemon.syslog, standard_output })
    }

    /// Whether a message of this level is written: what costs to make need not be made otherwise.
    #[must_use]
    pub fn hears(&self, level: Level) -> bool {
        level >= self.level
    }

    /// Writes a message.
    pub fn log(&mut self, level: Level, message: &str, sinks: &mut Sinks) {
        if !self.hears(level) {
            return;
        }
        let stamp = sinks.clock.stamp();
        let line = line(self.format, level, message, &stamp);
        if let Some(handle) = &self.standard_output {
            sinks.streams.write(handle, line.as_bytes(), sinks.clock.seconds(), &mut sinks.notes);
        }
        if let Some(file) = &mut self.file {
            file.write(line.as_bytes(), sinks);
        }
        if self.syslog {
            for part in message.trim_end_matches('\n').split('\n') {
                let line = self::line(self.format, level, part, &stamp);
                sinks.syslog.send(&[line.trim_end_matches('\n').as_bytes()], &mut sinks.clock, &mut sinks.notes);
            }
        }
    }

    /// Writes what the logs themselves had to say. What comes of that in turn is written the next time.
    pub fn log_notes(&mut self, sinks: &mut Sinks) {
        for (level, message) in std::mem::take(&mut sinks.notes) {
            self.log(level, &message, sinks);
        }
    }

    /// The log file, for reading it.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(Destination::path)
    }

    /// Reads the log file: see [`read_file`].
    ///
    /// # Errors
    /// `NoFile` where there is none.
    pub fn read(&self, offset: i64, length: i64) -> Result<Vec<u8>, ReadFault> {
        read_file(self.path().ok_or(ReadFault::NoFile)?, offset, length)
    }

    /// Opens the log file anew (USR2).
    pub fn reopen(&mut self, sinks: &mut Sinks) {
        self.log(Level::Info, "supervisord logreopen", sinks);
        if let Some(file) = &mut self.file {
            file.reopen(sinks);
        }
    }

    /// Removes the log file and begins a new one.
    ///
    /// # Errors
    /// `NoFile` where there is none, `Failed` where it cannot be removed or is no regular file.
    pub fn clear(&mut self, sinks: &mut Sinks) -> Result<(), ReadFault> {
        let path = self.path().ok_or(ReadFault::NoFile)?;
        let read = std::fs::metadata(path).map_err(|_| ReadFault::NoFile)?;
        if !read.is_file() {
            return Err(ReadFault::Failed);
        }
        // Once for each place, as supervisord says it.
        let places = if self.standard_output.is_some() { 2 } else { 1 };
        for _ in 0..places {
            self.log(Level::Info, "reopening log file", sinks);
        }
        self.file.as_mut().map_or(Ok(()), Destination::clear).map_err(|_| ReadFault::Failed)
    }

    /// Rotates the log file now.
    pub fn rotate(&mut self, sinks: &mut Sinks) {
        if let Some(file) = &mut self.file {
            file.rotate(sinks);
        }
    }
}

fn line(format: LogFormat, level: Level, message: &str, stamp: &Stamp) -> String {
    match format {
        LogFormat::Text => {
            let level = match level {
                Level::Blather => "BLAT",
                Level::Trace => "TRAC",
                Level::Debug => "DEBG",
                Level::Info => "INFO",
                Level::Warn => "WARN",
                Level::Error => "ERRO",
                Level::Critical => "CRIT",
            };
            format!("{stamp} {level} {message}\n")
        }
        LogFormat::Json => {
            let level = match level {
                Level::Blather => "blather",
                Level::Trace => "trace",
                Level::Debug => "debug",
                Level::Info => "info",
                Level::Warn => "warn",
                Level::Error => "error",
                Level::Critical => "critical",
            };
            json_line(&[
                ("time", stamp.rfc3339().as_str().into()),
                ("level", level.into()),
                ("message", message.into()),
            ])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::log::stage::{Place, sinks};
    use std::fs;
    use std::path::PathBuf;

    fn daemon(path: PathBuf, format: LogFormat) -> Daemon {
        Daemon {
            logfile: LogFile::Path(path),
            syslog: false,
            logfile_maxbytes: 0,
            logfile_backups: 0,
            loglevel: Level::Info,
            pidfile: PathBuf::new(),
            umask: 0o22,
            directory: None,
            nodaemon: false,
            silent: false,
            minfds: 1024,
            minprocs: 200,
            nocleanup: false,
            childlogdir: PathBuf::new(),
            user: None,
            identifier: "supervisor".to_owned(),
            environment: Vec::new(),
            strip_ansi: false,
            shutdown_timeout: None,
            exit_code_from: None,
            log_format: format,
            journal: None,
            state_file: None,
            loadavg: true,
            pids_high: 85,
            second_signal_kills: false,
        }
    }

    #[test]
    fn a_message_is_a_line_with_its_time_and_level() {
        let place = Place::new("main");
        let (path, mut sinks) = (place.path("log"), sinks());
        let mut log = MainLog::open(&daemon(path.clone(), LogFormat::Text), &mut sinks).unwrap();
        log.log(Level::Debug, "not heard", &mut sinks);
        log.log(Level::Critical, "heard", &mut sinks);
        sinks.notes.push((Level::Warn, "noted".to_owned()));
        log.log_notes(&mut sinks);
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().map(|line| &line["2026-11-23 05:18:27,123".len()..]).collect();
        assert_eq!(lines, [" CRIT heard", " WARN noted"]);
        assert_eq!(log.read(-7, 0).unwrap(), b" noted\n");

        log.reopen(&mut sinks);
        assert!(fs::read_to_string(&path).unwrap().ends_with(" INFO supervisord logreopen\n"));
        log.clear(&mut sinks).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
        fs::remove_file(&path).unwrap();
        assert_eq!(log.clear(&mut sinks), Err(ReadFault::NoFile));
        assert_eq!(log.read(0, 0), Err(ReadFault::NoFile));
    }

    #[test]
    fn a_message_may_be_an_object() {
        let place = Place::new("main-json");
        let (path, mut sinks) = (place.path("log"), sinks());
        let mut log = MainLog::open(&daemon(path.clone(), LogFormat::Json), &mut sinks).unwrap();
        log.log(Level::Error, "two\nlines", &mut sinks);
        let read: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!((&read["level"], &read["message"]), (&"error".into(), &"two\nlines".into()));
        assert_eq!(read["time"].as_str().unwrap().len(), "2026-11-23T05:18:27.123+01:00".len());
    }

    #[test]
    fn a_log_that_cannot_be_written_is_told_once_and_ends_nothing() {
        let mut sinks = sinks();
        let mut log = MainLog::open(&daemon("/dev/full".into(), LogFormat::Text), &mut sinks).unwrap();
        for _ in 0..3 {
            log.log(Level::Info, "lost", &mut sinks);
        }
        assert_eq!(sinks.notes.len(), 1);
        log.log_notes(&mut sinks);
        assert_eq!(sinks.notes, []);
        assert_eq!(log.clear(&mut sinks), Err(ReadFault::Failed));
        assert!(MainLog::open(&daemon("/nowhere/log".into(), LogFormat::Text), &mut sinks).is_err());
    }
}
