use crate::initctl::command::Result;
use crate::initctl::wait::Signals;
use crate::sys::terminal;
use std::io;
use std::os::fd::AsFd;

/// So much is read at once.
const PIECE: usize = 4096;

/// Standard input: what came and was not yet taken.
#[derive(Debug, Default)]
pub(in crate::initctl) struct Input {
    pub(super) came: Vec<u8>,
}

impl Input {
    /// The next line, without its end; `None` at the end of all.
    pub(in crate::initctl) fn line(&mut self, signals: &Signals) -> Result<Option<String>> {
        while !self.has_line() {
            if !self.receive(signals)? {
                // The last line may lack its end.
                let rest = std::mem::take(&mut self.came);
                return Ok((!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned()));
            }
        }
        let end = self.came.iter().position(|byte| *byte == b'\n').unwrap_or_default();
        let line: Vec<u8> = self.came.drain(..=end.min(self.came.len().saturating_sub(1))).collect();
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        Ok(Some(String::from_utf8_lossy(line).into_owned()))
    }

    /// Whether a whole line is there.
    pub(in crate::initctl) fn has_line(&self) -> bool {
        self.came.contains(&b'\n')
    }

    /// A line that a terminal does not show.
    pub(in crate::initctl) fn secret(&mut self, signals: &Signals) -> Result<Option<String>> {
        if !terminal::is_input() {
            return self.line(signals);
        }
        terminal::take_keys()?;
        let line = self.line(signals);
        terminal::give_back(b"");
        // Nothing edits it here but the key that takes a character back.
        Ok(line?.map(|typed| {
            let mut secret = String::new();
            for c in typed.chars() {
                match c {
                    '\u{7f}' | '\u{8}' => _ = secret.pop(),
                    c => secret.push(c),
                }
            }
            secret
        }))
    }

    /// Waits for more; false at the end.
    pub(super) fn receive(&mut self, signals: &Signals) -> Result<bool> {
        signals.wait(io::stdin().as_fd(), None)??;
        let mut piece = [0; PIECE];
        let count = match terminal::read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            result => result?,
        };
        self.came.extend(piece.iter().take(count));
        Ok(count > 0)
    }
}
