use super::escapes::Escapes;
use std::borrow::Cow;

/// Sorts what comes from one channel of a process: what is for its log, and what it says to event listeners between
/// `<!--XSUPERVISOR:BEGIN-->` and `<!--XSUPERVISOR:END-->`, if it may. Supervisor's POutputDispatcher.
#[derive(Debug)]
pub struct Dispatcher {
    /// What is not sorted yet: it may be the beginning of a token.
    buffer: Vec<u8>,
    capture: Option<Box<Capture>>,
    escapes: Option<Escapes>,
}

/// What the process says to event listeners.
#[derive(Debug)]
struct Capture {
    maxbytes: usize,
    /// Whether it says something just now.
    on: bool,
    data: Vec<u8>,
}

/// A piece of what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// For the log, and for PROCESS_LOG where that is enabled; also where nothing is left of it without escape sequences.
    Log(Cow<'a, [u8]>),
    /// Not for the log, since it is captured, but for PROCESS_LOG where that is enabled.
    Capturing(Cow<'a, [u8]>),
    /// All that was captured, for PROCESS_COMMUNICATION.
    Captured(Vec<u8>),
}

const BEGIN: &[u8] = b"<!--XSUPERVISOR:BEGIN-->";
const END: &[u8] = b"<!--XSUPERVISOR:END-->";

impl Dispatcher {
    /// Nothing is captured where `capture_maxbytes` is 0.
    #[must_use]
    pub fn new(capture_maxbytes: u64, strip_ansi: bool) -> Dispatcher {
        let maxbytes = usize::try_from(capture_maxbytes).unwrap_or(usize::MAX);
        let capture = (maxbytes > 0).then(|| Box::new(Capture { maxbytes, on: false, data: Vec::new() }));
        Dispatcher { buffer: Vec::new(), capture, escapes: strip_ansi.then(Escapes::default) }
    }

    /// Sorts what was read.
    pub fn record<'a>(&mut self, read: &'a [u8]) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        if self.capture.is_none() {
            self.log(Cow::Borrowed(read), &mut pieces);
            return pieces;
        }
        self.buffer.extend(read);
        let all = std::mem::take(&mut self.buffer);
        let mut rest = all.as_slice();
        // As many bytes as a token has are not enough to decide: so it is with the original, and so listeners see it.
        while let Some(token) = self.token().filter(|token| rest.len() > token.len()) {
            if let Some((before, after)) = split(rest, token) {
                self.log(Cow::Owned(before.to_vec()), &mut pieces);
                self.toggle(&mut pieces);
                rest = after;
            } else {
                let (sure, begun) = split_begun(rest, token);
                self.log(Cow::Owned(sure.to_vec()), &mut pieces);
                rest = begun;
                break;
            }
        }
        self.buffer = rest.to_vec();
        pieces
    }

    /// The process writes no more. What was held back is for the log, unless it is the beginning of something captured.
    pub fn finish(&mut self) -> Vec<Piece<'static>> {
        let mut pieces = Vec::new();
        let rest = std::mem::take(&mut self.buffer);
        if !self.is_capturing() {
            self.log(Cow::Owned(rest), &mut pieces);
            self.end_text(&mut pieces);
        }
        pieces
    }

    fn is_capturing(&self) -> bool {
        self.capture.as_ref().is_some_and(|capture| capture.on)
    }

    /// The token that is waited for.
    fn token(&self) -> Option<&'static [u8]> {
        self.capture.as_ref().map(|capture| if capture.on { END } else { BEGIN })
    }

    fn log<'a>(&mut self, data: Cow<'a, [u8]>, pieces: &mut Vec<Piece<'a>>) {
        if data.is_empty() {
            return;
        }
        let data = match &mut self.escapes {
            Some(escapes) => Cow::Owned(escapes.strip(&data)),
            None => data,
        };
        self.put(data, pieces);
    }

    fn put<'a>(&mut self, data: Cow<'a, [u8]>, pieces: &mut Vec<Piece<'a>>) {
        match self.capture.as_mut().filter(|capture| capture.on) {
            Some(capture) => {
                capture.keep(&data);
                pieces.push(Piece::Capturing(data));
            }
            None => pieces.push(Piece::Log(data)),
        }
    }

    /// A token came: what was logged is captured from now on, or the other way round.
    fn toggle(&mut self, pieces: &mut Vec<Piece<'_>>) {
        self.end_text(pieces);
        if let Some(capture) = &mut self.capture {
            capture.on = !capture.on;
            if !capture.on {
                pieces.push(Piece::Captured(std::mem::take(&mut capture.data)));
            }
        }
    }

    fn end_text(&mut self, pieces: &mut Vec<Piece<'_>>) {
        let left = self.escapes.as_mut().map_or(&[][..], Escapes::finish);
        if !left.is_empty() {
            self.put(Cow::Borrowed(left), pieces);
        }
    }
}

impl Capture {
    /// Where there is too much, as many of the oldest bytes are dropped as come now.
    fn keep(&mut self, data: &[u8]) {
        if self.data.len().saturating_add(data.len()) > self.maxbytes {
            self.data.drain(..data.len().min(self.data.len()));
        }
        self.data.extend(data);
    }
}

/// What is before and after the first token.
fn split<'a>(data: &'a [u8], token: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let starts = |at: &usize| data.get(*at..).is_some_and(|rest| rest.starts_with(token));
    let first = data.iter().enumerate().filter(|(_, byte)| token.first() == Some(*byte));
    let at = first.map(|(at, _)| at).find(starts)?;
    Some((data.get(..at)?, data.get(at + token.len()..)?))
}

/// What is no token for sure, and the end that may be the beginning of one.
fn split_begun<'a>(data: &'a [u8], token: &[u8]) -> (&'a [u8], &'a [u8]) {
    let begun = (1..token.len()).rev().find(|length| token.get(..*length).is_some_and(|begin| data.ends_with(begin)));
    data.split_at_checked(data.len() - begun.unwrap_or(0)).unwrap_or((data, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(text: &[u8]) -> Piece<'_> {
        Piece::Log(text.into())
    }

    #[test]
    fn what_is_captured_is_not_logged() {
        let mut plain = Dispatcher::new(0, false);
        let text = b"a<!--XSUPERVISOR:BEGIN-->b<!--XSUPERVISOR:END-->and a longer rest of the line\n";
        assert_eq!(plain.record(text), [log(text)]);
        let mut dispatcher = Dispatcher::new(100, false);
        let rest = log(b"and a longer rest of the line\n");
        let captured = [Piece::Capturing(b"b"[..].into()), Piece::Captured(b"b".to_vec())];
        assert_eq!(dispatcher.record(text), [&[log(b"a")], &captured[..], &[rest]].concat());
        // Too little to decide; at the end it is logged.
        assert_eq!(dispatcher.record(b"short"), []);
        assert_eq!(dispatcher.finish(), [log(b"short")]);
    }

    #[test]
    fn many_tokens_at_once_are_no_recursion_and_capture_is_bounded() {
        let mut dispatcher = Dispatcher::new(10, false);
        let text = [BEGIN, b"x", END].concat().repeat(100_000);
        assert_eq!(dispatcher.record(&text).len(), 200_000);
        dispatcher.record(&[BEGIN, &[b'x'; 100]].concat());
        for _ in 0..1000 {
            dispatcher.record(&[b'y'; 100]);
        }
        assert!(dispatcher.capture.unwrap().data.len() <= 200);
    }
}
