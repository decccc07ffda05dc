use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// So many lines are kept.
const MOST: usize = 1000;

/// The lines of before, the oldest first.
#[derive(Debug, Default)]
pub(super) struct History {
    file: Option<PathBuf>,
    lines: Vec<String>,
}

impl History {
    /// Those of a file, where there is one.
    pub(super) fn read(file: Option<&Path>) -> History {
        let text = file.and_then(|file| fs::read(file).ok()).unwrap_or_default();
        let lines = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        History { file: file.map(Path::to_path_buf), lines }
    }

    /// Adds a line that was obeyed, but none twice in a row.
    pub(super) fn add(&mut self, line: &str) {
        if !line.trim().is_empty() && self.lines.last().is_none_or(|last| last != line) {
            self.lines.push(line.to_owned());
        }
    }

    /// The line so many lines ago; 1 is the last.
    pub(super) fn ago(&self, count: usize) -> Option<&str> {
        self.lines.len().checked_sub(count).and_then(|at| self.lines.get(at)).map(String::as_str)
    }

    /// Writes the file, where there is one. As for readline, a failure is no matter.
    pub(super) fn write(&self) {
        let Some(file) = &self.file else { return };
        let skipped = self.lines.len().saturating_sub(MOST);
        let text: String = self.lines.iter().skip(skipped).map(|line| format!("{line}\n")).collect();
        // A line may have a secret in it.
        let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
        let _ = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    }
}
