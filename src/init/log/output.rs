use super::destination::Destination;
use super::json::{Json, json_line};
use super::lines::Lines;
use super::{Rotation, Sinks, Stamp};
use crate::init::config::{Channel, LineFormat, LogFile};
use std::io;
use std::path::Path;

/// Where one channel of a running process goes. Opened when the process is started.
#[derive(Debug)]
pub struct Output {
    destination: Option<Destination>,
    by_line: Option<Box<ByLine>>,
}

/// Whose words they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The group.
    pub group: String,
    /// The process.
    pub process: String,
    /// `stdout` or `stderr`.
    pub channel: &'static str,
}

/// What a channel needs whose lines are looked at one by one.
#[derive(Debug)]
struct ByLine {
    source: Source,
    format: LineFormat,
    syslog: bool,
    lines: Lines,
}

/// Formatted lines are written together up to so many bytes.
const TOGETHER: usize = 32 * 1024;

impl Output {
    /// Opens what a channel says. `auto` is the file that was made where that is `AUTO` ([`super::create`]).
    ///
    /// # Errors
    /// What open(2) says: the process cannot be started, as with supervisord.
    pub fn open(channel: &Channel, auto: Option<&Path>, source: Source, sinks: &mut Sinks) -> io::Result<Output> {
        let path = match &channel.logfile {
            LogFile::Auto => auto,
            LogFile::None => None,
            LogFile::Path(path) => Some(path.as_path()),
        };
        let rotation = Rotation {
            maxbytes: channel.maxbytes,
            backups: channel.backups,
            rotate: channel.rotate,
            // AUTO files are mostly in /tmp.
            follow_links: channel.logfile != LogFile::Auto,
        };
        let destination = path.map(|path| Destination::open(path, rotation, sinks)).transpose()?;
        let formatted = channel.format != LineFormat::Raw && destination.is_some();
        let by_line = (formatted || channel.syslog).then(|| {
            let (format, syslog) = (channel.format.clone(), channel.syslog);
            Box::new(ByLine { source, format, syslog, lines: Lines::default() })
        });
        Ok(Output { destination, by_line })
    }

    /// Writes what the process wrote.
    pub fn write(&mut self, bytes: &[u8], sinks: &mut Sinks) {
        let raw = self.by_line.as_ref().is_none_or(|by_line| by_line.format == LineFormat::Raw);
        if let Some(destination) = self.destination.as_mut().filter(|_| raw && !bytes.is_empty()) {
            destination.write(bytes, sinks);
        }
        if let Some(by_line) = &mut self.by_line {
            by_line.write(Some(bytes), &mut self.destination, sinks);
        }
    }

    /// The process writes no more: the beginning of a line is written as it is.
    pub fn finish(&mut self, sinks: &mut Sinks) {
        if let Some(by_line) = &mut self.by_line {
            by_line.write(None, &mut self.destination, sinks);
        }
    }

    /// The log file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.destination.as_ref().map(Destination::path)
    }

    /// How many bytes were lost since it was opened; of a stream, with those of all others that write there.
    #[must_use]
    pub fn lost(&self, sinks: &Sinks) -> u64 {
        self.destination.as_ref().map_or(0, |destination| destination.lost(sinks))
    }

    /// Opens the log file anew (USR2).
    pub fn reopen(&mut self, sinks: &mut Sinks) {
        if let Some(destination) = &mut self.destination {
            destination.reopen(sinks);
        }
    }

    /// Removes the log file and begins a new one. Nothing where it is no regular file.
    ///
    /// # Errors
    /// What unlink(2) and open(2) say.
    pub fn clear(&mut self) -> io::Result<()> {
        self.destination.as_mut().map_or(Ok(()), Destination::clear)
    }

    /// Rotates the log file now. Whether it could be; `None` where it is no regular file.
    pub fn rotate(&mut self, sinks: &mut Sinks) -> Option<bool> {
        self.destination.as_mut().and_then(|destination| destination.rotate(sinks))
    }

    /// Rotates the log file where its time has come, though nobody writes; each write does that as well.
    pub fn rotate_if_due(&mut self, sinks: &mut Sinks) {
        if let Some(destination) = &mut self.destination {
            destination.rotate_if_due(sinks);
        }
    }

    /// When the log file is rotated next, in seconds since 1970.
    #[must_use]
    pub fn next_rotation(&self) -> Option<i64> {
        self.destination.as_ref().and_then(Destination::next_rotation)
    }
}

impl ByLine {
    /// Writes the lines that are complete now; without more bytes, what is held over.
    fn write(&mut self, bytes: Option<&[u8]>, destination: &mut Option<Destination>, sinks: &mut Sinks) {
        let ByLine { source, format, syslog, lines } = self;
        let mut destination = destination.as_mut().filter(|_| *format != LineFormat::Raw);
        let stamp = sinks.clock.stamp();
        let mut text = Vec::new();
        let mut each = |line: &[u8]| {
            if *syslog {
                sinks.syslog.send(&[source.process.as_bytes(), b" ", line], &mut sinks.clock, &mut sinks.notes);
            }
            if let Some(destination) = &mut destination {
                append(&mut text, line, format, source, &stamp);
                if text.len() >= TOGETHER {
                    destination.write(&text, sinks);
                    text.clear();
                }
            }
        };
        match bytes {
            Some(bytes) => lines.split(bytes, &mut each),
            None => lines.finish(&mut each),
        }
        if let Some(destination) = destination.filter(|_| !text.is_empty()) {
            destination.write(&text, sinks);
        }
    }
}

fn append(text: &mut Vec<u8>, line: &[u8], format: &LineFormat, source: &Source, stamp: &Stamp) {
    match format {
        LineFormat::Raw => text.extend([line, b"\n"].concat()),
        LineFormat::Prefix(prefix) => {
            text.extend(prefix.replace("{time}", &stamp.to_string()).as_bytes());
            text.extend(line);
            text.push(b'\n');
        }
        LineFormat::Json => {
            let object = json_line(&[
                ("time", stamp.rfc3339().as_str().into()),
                ("group", source.group.as_str().into()),
                ("process", source.process.as_str().into()),
                ("channel", source.channel.into()),
                ("message", Json::Text(line)),
            ]);
            text.extend(object.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::log::stage::{Place, sinks};
    use std::fs;

    fn channel(path: &Path) -> Channel {
        Channel {
            logfile: LogFile::Path(path.to_owned()),
            maxbytes: 0,
            backups: 0,
            capture_maxbytes: 0,
            events_enabled: false,
            syslog: false,
            rotate: None,
            format: LineFormat::Raw,
        }
    }

    fn source() -> Source {
        Source { group: "web".to_owned(), process: "web_0".to_owned(), channel: "stdout" }
    }

    fn written(format: LineFormat, name: &str) -> String {
        let place = Place::new(name);
        let (path, mut sinks) = (place.path("f"), sinks());
        let mut output = Output::open(&Channel { format, ..channel(&path) }, None, source(), &mut sinks).unwrap();
        for part in [&b"one\ntw"[..], b"o\n\xff", b""] {
            output.write(part, &mut sinks);
        }
        output.finish(&mut sinks);
        assert_eq!(output.lost(&sinks), 0);
        assert_eq!(sinks.notes, []);
        String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
    }

    #[test]
    fn bytes_are_written_as_they_came_or_by_line() {
        assert_eq!(written(LineFormat::Raw, "raw"), "one\ntwo\n\u{fffd}");
        let text = written(LineFormat::Prefix("web_0 | ".to_owned()), "prefix");
        assert_eq!(text, "web_0 | one\nweb_0 | two\nweb_0 | \u{fffd}\n");
        let text = written(LineFormat::Prefix("{time} ".to_owned()), "time");
        assert!(
            text.lines().all(|line| line.len() >= "2026-11-23 05:18:27,123 ".len()) && text.ends_with(" \u{fffd}\n")
        );
        let text = written(LineFormat::Json, "json");
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |name: &str| lines.iter().map(|line| line[name].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(of("message"), ["one", "two", "\u{fffd}"]);
        assert_eq!((of("group")[0], of("process")[1], of("channel")[2]), ("web", "web_0", "stdout"));
    }

    #[test]
    fn places_that_are_no_files_are_not_rotated_cleared_or_waited_for() {
        let mut sinks = sinks();
        for path in ["/dev/null", "/dev/stderr", "/dev/full"] {
            let channel = Channel { maxbytes: 1, backups: 1, ..channel(Path::new(path)) };
            let mut output = Output::open(&channel, None, source(), &mut sinks).unwrap();
            output.write(b"", &mut sinks);
            output.rotate(&mut sinks);
            output.reopen(&mut sinks);
            output.clear().unwrap();
            assert_eq!((output.path(), output.next_rotation()), (Some(Path::new(path)), None));
            assert!(Path::new(path).exists() && !Path::new(path).with_extension("1").exists());
        }
        assert_eq!(sinks.notes, []);
        for path in ["/", "/nowhere/f"] {
            assert!(Output::open(&channel(Path::new(path)), None, source(), &mut sinks).is_err());
        }
    }

    #[test]
    fn a_file_is_opened_anew_or_begun_again() {
        let place = Place::new("reopen");
        let (path, mut sinks) = (place.path("f"), sinks());
        let mut output = Output::open(&channel(&path), None, source(), &mut sinks).unwrap();
        output.write(b"1", &mut sinks);
        fs::rename(&path, place.path("old")).unwrap();
        output.write(b"2", &mut sinks);
        output.reopen(&mut sinks);
        output.write(b"3", &mut sinks);
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(place.files(), [file("f", "3"), file("old", "12")]);
        output.clear().unwrap();
        output.write(b"4", &mut sinks);
        assert_eq!(place.files(), [file("f", "4"), file("old", "12")]);
        // What cannot be opened anew is written on.
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        output.reopen(&mut sinks);
        output.write(b"5", &mut sinks);
        assert_eq!(sinks.notes.len(), 1);
        fs::remove_dir(&path).unwrap();
    }

    #[test]
    fn an_auto_log_follows_no_link() {
        let place = Place::new("auto-link");
        let (path, mut sinks) = (place.path("f"), sinks());
        std::os::unix::fs::symlink(place.path("planted"), &path).unwrap();
        let channel = Channel { logfile: LogFile::Auto, ..channel(&path) };
        assert!(Output::open(&channel, Some(&path), source(), &mut sinks).is_err());
        assert!(!place.path("planted").exists());
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn thousands_of_outputs_are_small() {
        assert!(size_of::<Output>() <= 48);
        assert!(size_of::<super::super::rotating::RotatingFile>() <= 160);
        assert!(size_of::<super::super::Dispatcher>() <= 48);
    }
}
